/* tiff.c - the first directory of a TIFF 6.0: size, whether its picture data is there,
 * and which way up it is; Exif in a JPEG is written the same way
 *
 * Only the classic form: files of over 4 GiB are another.
 */
#include "image/kinds.h"

enum {
    TAG_WIDTH = 0x100,
    TAG_HEIGHT = 0x101,
    TAG_STRIP_AT = 0x111,
    TAG_TURN = 0x112,
    TAG_STRIP_BYTES = 0x117,
    TAG_TILE_AT = 0x144,
    TAG_TILE_BYTES = 0x145,
    TYPE_SHORT = 3,
    TYPE_LONG = 4,
    HEAD = 8,
    ENTRY = 12,
    ENTRIES_MAX = 1000,
    PIECES_MAX = 1000000,
};

struct tags {
    struct str bytes;
    bool big; /* end first */
};

struct tag { /* a row of numbers; count 0: not there */
    uint32_t type, count;
    size_t at; /* where the first one stands */
};

static uint32_t read16(const struct tags *t, size_t at)
{
    return t->big ? be16(t->bytes, at) : le16(t->bytes, at);
}

static uint32_t read32(const struct tags *t, size_t at)
{
    return t->big ? be32(t->bytes, at) : le32(t->bytes, at);
}

static bool open_tags(struct str bytes, struct tags *out)
{
    *out = (struct tags){bytes, is_at(bytes, 0, "MM\0*", 4)};
    return has(bytes, 0, HEAD) && (out->big || is_at(bytes, 0, "II*\0", 4));
}

static size_t size_of_type(uint32_t type)
{
    return type == TYPE_SHORT ? 2 : type == TYPE_LONG ? 4 : 0;
}

static struct tag find_tag(const struct tags *t, uint32_t name)
{
    size_t at = read32(t, 4), count;

    if (!has(t->bytes, at, 2))
        return (struct tag){0};
    count = read16(t, at);
    at += 2;
    for (size_t i = 0; i < count && i < ENTRIES_MAX; i++, at += ENTRY) {
        struct tag tag;
        uint64_t size;

        if (!has(t->bytes, at, ENTRY))
            break;
        if (read16(t, at) != name)
            continue;
        tag = (struct tag){read16(t, at + 2), read32(t, at + 4), at + 8};
        size = (uint64_t)size_of_type(tag.type) * tag.count;
        if (size > 4) /* elsewhere */
            tag.at = read32(t, at + 8);
        if (size == 0 || size > t->bytes.n || !has(t->bytes, tag.at, (size_t)size))
            break;
        return tag;
    }
    return (struct tag){0};
}

static uint32_t number_of(const struct tags *t, const struct tag *tag, size_t i)
{
    size_t at = tag->at + i * size_of_type(tag->type);

    if (i >= tag->count)
        return 0;
    return tag->type == TYPE_SHORT ? read16(t, at) : read32(t, at);
}

static uint32_t first_number(const struct tags *t, uint32_t name)
{
    struct tag tag = find_tag(t, name);

    return number_of(t, &tag, 0);
}

/* Whether each strip, or each tile, lies within the file. */
static bool has_pieces(const struct tags *t, uint32_t at_name, uint32_t bytes_name)
{
    struct tag places = find_tag(t, at_name), sizes = find_tag(t, bytes_name);

    if (places.count == 0 || places.count != sizes.count || places.count > PIECES_MAX)
        return false;
    for (size_t i = 0; i < places.count; i++)
        if (!has(t->bytes, number_of(t, &places, i), number_of(t, &sizes, i)))
            return false;
    return true;
}

bool image_is_tiff(struct str bytes)
{
    return is_at(bytes, 0, "MM\0*", 4) || is_at(bytes, 0, "II*\0", 4);
}

bool image_tiff_turned(struct str bytes)
{
    struct tags t;
    uint32_t turn = open_tags(bytes, &t) ? first_number(&t, TAG_TURN) : 0;

    return turn >= 2 && turn <= 8; /* 1 is upright */
}

void image_read_tiff(struct str bytes, struct image_facts *facts)
{
    struct tags t;

    if (!open_tags(bytes, &t))
        return;
    facts->width = first_number(&t, TAG_WIDTH);
    facts->height = first_number(&t, TAG_HEIGHT);
    facts->turned = image_tiff_turned(bytes);
    facts->whole = has_pieces(&t, TAG_STRIP_AT, TAG_STRIP_BYTES) ||
                   has_pieces(&t, TAG_TILE_AT, TAG_TILE_BYTES);
}
