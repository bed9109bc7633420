/* gif.c - blocks of GIF 87a and 89a: size, and whether the trailer is there */
#include "image/kinds.h"

enum {
    SCREEN_END = 13, /* signature and logical screen descriptor */
    EXTENSION = 0x21,
    PICTURE = 0x2C,
    TRAILER = 0x3B,
    PICTURE_HEAD = 10, /* with its introducer */
    HAS_TABLE = 0x80,
};

bool image_is_gif(struct str bytes)
{
    return is_at(bytes, 0, "GIF87a", 6) || is_at(bytes, 0, "GIF89a", 6);
}

/* Bytes a colour table takes, by the packed field that announces it. */
static size_t table_size(uint32_t packed)
{
    return packed & HAS_TABLE ? (size_t)3 << ((packed & 7) + 1) : 0;
}

/* Past sub-blocks, each led by its length, to behind the empty one; false when they run
 * out. */
static bool skip_blocks(struct str bytes, size_t *at)
{
    while (has(bytes, *at, 1)) {
        size_t n = byte_at(bytes, *at);

        *at += 1 + n;
        if (n == 0)
            return true;
    }
    return false;
}

static bool is_whole(struct str bytes)
{
    size_t at = SCREEN_END + table_size(byte_at(bytes, 10));
    bool picture = false;

    while (has(bytes, at, 1)) {
        switch (byte_at(bytes, at)) {
        case TRAILER:
            return picture;
        case EXTENSION: /* introducer, label */
            at += 2;
            break;
        case PICTURE: /* descriptor, colours, then one byte for the code size */
            if (!has(bytes, at, PICTURE_HEAD))
                return false;
            at += PICTURE_HEAD + table_size(byte_at(bytes, at + 9)) + 1;
            picture = true;
            break;
        default:
            return false;
        }
        if (!skip_blocks(bytes, &at))
            return false;
    }
    return false;
}

void image_read_gif(struct str bytes, struct image_facts *facts)
{
    if (!has(bytes, 0, SCREEN_END))
        return;
    facts->width = le16(bytes, 6);
    facts->height = le16(bytes, 8);
    facts->whole = is_whole(bytes);
}
