/* bmp.c - Windows bitmaps as programs write them: 8 bits with a palette, 24, or 32 whose
 * fourth byte means nothing; not compressed */
#include "image/helper/helper.h"

#include "image/kinds.h"
#include "image/mend.h"

enum { FILE_HEAD = 14, INFO_HEAD = 40, BITFIELDS = 3 };

struct bitmap {
    struct str bytes;
    uint32_t width, height, bits;
    bool from_top;
    size_t pixels, row, palette, colours;
};

/* Masks are let pass where they are the usual ones. */
static bool is_plain(struct str b)
{
    uint32_t compression = le32(b, FILE_HEAD + 16);

    return compression == 0 ||
           (compression == BITFIELDS && le16(b, FILE_HEAD + 14) == 32 &&
            has(b, FILE_HEAD + INFO_HEAD, 12) &&
            le32(b, FILE_HEAD + INFO_HEAD) == 0xFF0000 &&
            le32(b, FILE_HEAD + INFO_HEAD + 4) == 0xFF00 &&
            le32(b, FILE_HEAD + INFO_HEAD + 8) == 0xFF);
}

static bool read_head(struct str b, struct bitmap *m)
{
    uint32_t height, size;

    if (!has(b, 0, FILE_HEAD + INFO_HEAD) || le32(b, FILE_HEAD) < INFO_HEAD)
        return false;
    size = le32(b, FILE_HEAD);
    height = le32(b, FILE_HEAD + 8);
    *m = (struct bitmap){.bytes = b,
                         .width = le32(b, FILE_HEAD + 4),
                         .from_top = height > INT32_MAX,
                         .height = height > INT32_MAX ? 0 - height : height,
                         .bits = le16(b, FILE_HEAD + 14),
                         .pixels = le32(b, 10),
                         .palette = FILE_HEAD + (size_t)size,
                         .colours = le32(b, FILE_HEAD + 32)};
    if ((m->bits != 8 && m->bits != 24 && m->bits != 32) || !is_plain(b))
        return false;
    if (m->colours == 0 || m->colours > 256)
        m->colours = 256;
    if (m->width == 0 || m->height == 0 ||
        (uint64_t)m->width * m->height > IMAGE_PIXELS_MAX)
        return false;
    m->row = ((size_t)m->width * m->bits + 31) / 32 * 4;
    return has(b, m->pixels, m->row * m->height) &&
           (m->bits != 8 || has(b, m->palette, m->colours * 4));
}

static void read_row(const struct bitmap *m, size_t y, unsigned char *to)
{
    size_t at = m->pixels + (m->from_top ? y : m->height - 1 - y) * m->row;

    for (size_t x = 0; x < m->width; x++, to += 3) {
        size_t from = at + x * (m->bits / 8);

        if (m->bits == 8) {
            size_t colour = byte_at(m->bytes, from);

            from = m->palette + 4 * (colour < m->colours ? colour : 0);
        }
        to[0] = (unsigned char)byte_at(m->bytes, from + 2); /* blue comes first */
        to[1] = (unsigned char)byte_at(m->bytes, from + 1);
        to[2] = (unsigned char)byte_at(m->bytes, from);
    }
}

VipsImage *bitmap_load(const unsigned char *bytes, size_t n)
{
    struct bitmap m;
    unsigned char *pixels;

    if (!read_head(str_n((const char *)bytes, n), &m)) {
        vips_error("bmp", "a bitmap of a kind that is not read");
        return NULL;
    }
    pixels = vips_malloc(NULL, (size_t)m.width * m.height * 3);
    if (!pixels)
        return NULL;
    for (size_t y = 0; y < m.height; y++)
        read_row(&m, y, pixels + y * m.width * 3);
    /* pixels stay as long as the process */
    return vips_image_new_from_memory(pixels, (size_t)m.width * m.height * 3,
                                      (int)m.width, (int)m.height, 3, VIPS_FORMAT_UCHAR);
}
