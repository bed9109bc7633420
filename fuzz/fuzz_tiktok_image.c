/* An answer of Upload Product Image. */
#include "replies.h"

#include "channels/tiktok/wire.h"

static enum aisle_status read_image(const json_t *envelope, struct arena *arena,
                                    struct aisle_err *err)
{
    struct pushed_image image;
    enum aisle_status status = tiktok_image_read(envelope, arena, &image, err);

    if (status == AISLE_OK) {
        fuzz_look(image.uri);
        fuzz_look(image.url);
        fuzz_look(image.use_case);
        must(image.uri.n > 0);
    }
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_reply(data, size, tiktok_envelope_read, read_image);
    return 0;
}
