/* heic.c - boxes of HEIF (ISO/IEC 23008-12) as far as the picture's size
 *
 * The largest spatial extent stands for the picture: tiles and thumbnails have smaller
 * ones. Rotation is not looked at, so a picture taken upright may be said to lie.
 */
#include "image/kinds.h"

struct box {
    struct str type, data;
    bool whole; /* all it announces is there */
};

/* Takes the next box off *rest; false at the end, and where a length makes no sense. */
static bool next_box(struct str *rest, struct box *out)
{
    size_t head = 8;
    uint64_t length;

    if (!has(*rest, 0, head))
        return false;
    length = be32(*rest, 0);
    if (length == 1) { /* too long for four bytes: eight more follow */
        if (!has(*rest, head, 8))
            return false;
        length = (uint64_t)be32(*rest, 8) << 32 | be32(*rest, 12);
        head = 16;
    } else if (length == 0) { /* the last one, to the end */
        length = rest->n;
    }
    if (length < head)
        return false;
    out->type = str_n(rest->p + 4, 4);
    out->whole = length <= rest->n;
    if (!out->whole)
        length = rest->n;
    out->data = str_n(rest->p + head, (size_t)length - head);
    *rest = str_skip(*rest, (size_t)length);
    return true;
}

/* What is in the first box of that type; empty when there is none. */
static struct str find_box(struct str boxes, const char *type)
{
    struct box box;

    while (next_box(&boxes, &box))
        if (str_is(box.type, type))
            return box.data;
    return str_of(NULL);
}

/* Brands of HEIC; "mif1" is any HEIF, unless it says that it is AVIF. */
bool image_is_heic(struct str bytes)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "hevc", "hevx"};
    bool any = false;
    struct box box;

    if (!is_at(bytes, 4, "ftyp", 4) || !next_box(&bytes, &box))
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

    while (next_box(&properties, &box)) {
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

    while (next_box(&boxes, &box)) {
        if (!box.whole)
            return false;
        pixels |= str_is(box.type, "mdat");
    }
    return pixels && str_empty(boxes);
}

void image_read_heic(struct str bytes, struct image_facts *facts)
{
    struct str meta = str_skip(find_box(bytes, "meta"), 4); /* version and flags */

    read_extents(find_box(find_box(meta, "iprp"), "ipco"), facts);
    facts->whole = is_whole(bytes);
}
