/* An answer of Tokopedia's token host. */
#include "replies.h"

#include "channels/tokopedia/wire.h"

static enum aisle_status read_token(const json_t *document, struct arena *arena,
                                    struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status =
        tokopedia_token_read(document, 1700000000, arena, &keys, err);

    if (status == AISLE_OK) {
        fuzz_look(keys.access_token);
        must(keys.access_token.n > 0);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tokopedia_token_envelope_read, read_token);
    return 0;
}
