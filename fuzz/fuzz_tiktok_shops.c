/* An answer of Get Authorized Shops. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static enum aisle_status read_shops(const json_t *envelope, struct arena *arena,
                                    struct aisle_err *err)
{
    const struct channel_shop *shops;
    size_t count;
    enum aisle_status status = tiktok_shops_read(envelope, arena, &shops, &count, err);

    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        fuzz_look(shops[i].id);
        fuzz_look(shops[i].name);
        fuzz_look(shops[i].cipher);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_shops);
    return 0;
}
