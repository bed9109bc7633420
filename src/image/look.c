#include "image/look.h"

#include "base/status.h"
#include "image/kinds.h"

static const struct {
    enum image_kind kind;
    const char *name, *mime;
    bool (*is)(struct str bytes);
    void (*read)(struct str bytes, struct image_facts *facts);
} kinds[] = {
    {IMAGE_JPEG, "JPEG", "image/jpeg", image_is_jpeg, image_read_jpeg},
    {IMAGE_PNG, "PNG", "image/png", image_is_png, image_read_png},
    {IMAGE_WEBP, "WEBP", "image/webp", image_is_webp, image_read_webp},
    {IMAGE_GIF, "GIF", "image/gif", image_is_gif, image_read_gif},
    {IMAGE_BMP, "BMP", "image/bmp", image_is_bmp, image_read_bmp},
    {IMAGE_HEIC, "HEIC", "image/heic", image_is_heic, image_read_heic},
    {IMAGE_TIFF, "TIFF", "image/tiff", image_is_tiff, image_read_tiff},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *image_kind_name(enum image_kind kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "unknown";
}

const char *image_kind_mime(enum image_kind kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].mime;
    return "application/octet-stream";
}

/* What a server sends instead of a missing picture, often with status 200. */
static bool is_html(struct str bytes)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body",
                                         "<script",        "<meta", "<title"};

    if (str_starts(bytes, "\xEF\xBB\xBF"))
        bytes = str_skip(bytes, 3);
    bytes = str_trim(str_head(bytes, 1024));
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct str start = str_of(starts[i]);

        if (str_eq_nocase(str_head(bytes, start.n), start))
            return true;
    }
    return false;
}

static enum aisle_status not_an_image(struct str bytes, struct aisle_err *err)
{
    if (str_empty(bytes))
        return aisle_fail(err, AISLE_INVALID, "image is empty: 0 bytes");
    if (is_html(bytes))
        return aisle_fail(err, AISLE_INVALID,
                          "an HTML page where an image should be: is the address right?");
    return aisle_fail(err, AISLE_INVALID,
                      "not an image we know: neither JPEG, PNG, WEBP, GIF, BMP, HEIC nor "
                      "TIFF");
}

enum aisle_status image_look(struct str bytes, struct image_facts *out,
                             struct aisle_err *err)
{
    struct image_facts facts = {.bytes = bytes.n};
    size_t k = 0;

    while (k < KINDS && !kinds[k].is(bytes))
        k++;
    if (k == KINDS)
        return not_an_image(bytes, err);
    facts.kind = kinds[k].kind;
    kinds[k].read(bytes, &facts);
    if (facts.width == 0 || facts.height == 0)
        return aisle_fail(err, AISLE_INVALID, "%s header without a size in %zu bytes",
                          kinds[k].name, bytes.n);
    *out = facts;
    return AISLE_OK;
}
