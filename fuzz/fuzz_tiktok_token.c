/* An answer of token get or token refresh. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static enum aisle_status read_token(const json_t *envelope, struct arena *arena,
                                    struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status = tiktok_token_read(envelope, arena, &keys, err);

    if (status == AISLE_OK) {
        fuzz_look(keys.access_token);
        fuzz_look(keys.refresh_token);
        fuzz_look(keys.scopes);
        must(keys.access_token.n > 0 && keys.refresh_token.n > 0);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_token);
    return 0;
}
