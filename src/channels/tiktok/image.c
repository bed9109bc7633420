/* Upload Product Image 202309: multipart, its body is not signed, no shop_cipher. */
#include "channels/tiktok/wire.h"

void tiktok_image_build(const struct channel_image *image,
                        struct net_part parts[TIKTOK_IMAGE_PARTS],
                        struct tiktok_request *out)
{
    size_t count = 0;

    /* the page does not ask for a file name; without one uploads were refused */
    parts[count++] = (struct net_part){
        .name = STR_LIT("data"),
        .file_name = image->file_name.n ? image->file_name : STR_LIT("image"),
        .mime = image->mime,
        .data = image->bytes,
    };
    if (image->use_case.n)
        parts[count++] =
            (struct net_part){.name = STR_LIT("use_case"), .data = image->use_case};
    *out = (struct tiktok_request){.what = "Upload Product Image",
                                   .method = "POST",
                                   .path = "/product/202309/images/upload",
                                   .parts = parts,
                                   .part_count = count};
}

static uint32_t pixels(const json_t *data, const char *key)
{
    int64_t n = json_int(data, key, 0);

    return n > 0 && n <= UINT32_MAX ? (uint32_t)n : 0;
}

enum aisle_status tiktok_image_read(const json_t *envelope, struct arena *arena,
                                    struct pushed_image *out, struct aisle_err *err)
{
    const json_t *data;
    struct pushed_image image = {0};
    enum aisle_status status = tiktok_data(envelope, "Upload Product Image", &data, err);

    if (status != AISLE_OK)
        return status;
    image.uri = json_text(data, "uri", arena);
    image.url = json_text(data, "url", arena);
    image.use_case = json_text(data, "use_case", arena);
    image.request_id = json_text(envelope, "request_id", arena);
    image.width = pixels(data, "width");
    image.height = pixels(data, "height");
    if (!image.uri.p || !image.url.p || !image.use_case.p || !image.request_id.p)
        return aisle_nomem(err);
    if (image.uri.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "Upload Product Image: no uri came back");
    *out = image;
    return AISLE_OK;
}

enum aisle_status tiktok_push_image(struct channel_session *s,
                                    const struct channel_image *image,
                                    struct arena *arena, struct pushed_image *out,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct net_part parts[TIKTOK_IMAGE_PARTS];
    struct tiktok_request r;
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    tiktok_image_build(image, parts, &r);
    status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_image_read(answer.envelope, arena, out, err);
    return tiktok_done(&answer, status, err);
}
