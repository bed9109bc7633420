/* heic.c - boxes of HEIF (ISO/IEC 23008-12) as far as the picture's size
 *
 * The largest spatial extent stands for the picture: tiles and thumbnails have smaller
 * ones. Rotation is not looked at, so a picture taken upright may be said to lie.
 */
#include "image/boxes.h"
#include "image/kinds.h"

/* Brands of HEIC; "mif1" is any HEIF, unless it says that it is AVIF. */
bool image_is_heic(struct str bytes)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};
    bool any = false;
    struct box box;

    if (!is_at(bytes, 4, "ftyp", 4) || !box_next(&bytes, &box))
        return false;
    for (size_t at = 0; has(box.data, at, 4); at += at == 0 ? 8 : 4) {
        struct str brand = str_n(box.data.p + at, 4);

        if (str_is(brand, "avif") || str_is(brand, "avis"))
            return false;
        any |= str_is(brand, "mif1");
        for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
            any |= str_is(brand, brands[i]);
    }
    return any;
}

static void read_extents(struct str properties, struct image_facts *facts)
{
    struct box box;

    while (box_next(&properties, &box)) {
        uint32_t width, height;

        if (!str_is(box.type, "ispe") || !has(box.data, 0, 12))
            continue;
        width = be32(box.data, 4);
        height = be32(box.data, 8);
        if ((uint64_t)width * height > (uint64_t)facts->width * facts->height) {
            facts->width = width;
            facts->height = height;
        }
    }
}

static bool is_whole(struct str boxes)
{
    bool pixels = false;
    struct box box;

    while (box_next(&boxes, &box)) {
        if (!box.whole)
            return false;
        pixels |= str_is(box.type, "mdat");
    }
    return pixels && str_empty(boxes);
}

void image_read_heic(struct str bytes, struct image_facts *facts)
{
    struct str meta = str_skip(box_find(bytes, "meta"), 4); /* version and flags */

    read_extents(box_find(box_find(meta, "iprp"), "ipco"), facts);
    facts->whole = is_whole(bytes);
}
