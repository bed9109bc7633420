/* jpeg.c - markers of ITU-T T.81: the frame's size, and whether the end of image is there
 *
 * Segments are skipped by their length, so that a thumbnail inside one is not taken for
 * the picture. What comes after the end of image is of no interest.
 */
#include "image/kinds.h"

enum {
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    TEM = 0x01,
    RST0 = 0xD0,
    RST7 = 0xD7,
    SOF0 = 0xC0,
    SOF15 = 0xCF,
    DHT = 0xC4,
    JPG = 0xC8,
    DAC = 0xCC,
    APP1 = 0xE1,
};

bool image_is_jpeg(struct str bytes)
{
    return is_at(bytes, 0, "\xFF\xD8\xFF", 3);
}

static bool stands_alone(uint32_t marker)
{
    return marker == SOI || marker == TEM || (marker >= RST0 && marker <= RST7);
}

static bool is_frame(uint32_t marker)
{
    return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG &&
           marker != DAC;
}

static void read_frame(struct str bytes, size_t at, struct image_facts *facts)
{
    facts->height = be16(bytes, at + 3);
    facts->width = be16(bytes, at + 5);
    facts->cmyk = has(bytes, at, 8) && byte_at(bytes, at + 7) == 4;
}

/* Exif, in a segment of `length` bytes from `at` on. */
static bool is_turned(struct str bytes, size_t at, size_t length)
{
    static const char sign[] = "Exif\0"; /* and one more NUL */
    size_t head = 2 + sizeof sign;

    return length > head && is_at(bytes, at + 2, sign, sizeof sign) &&
           has(bytes, at, length) &&
           image_tiff_turned(str_n(bytes.p + at + head, length - head));
}

/* The next marker from `at` on, which then stands behind it; 0 when there is none. Bytes
 * that are no marker are passed over: picture data after a scan's header, where an FF
 * that belongs to it is followed by 00. */
static uint32_t next_marker(struct str bytes, size_t *at)
{
    for (;;) {
        const char *ff =
            has(bytes, *at, 2) ? memchr(bytes.p + *at, 0xFF, bytes.n - *at - 1) : NULL;
        uint32_t marker;

        if (!ff)
            return 0;
        *at = (size_t)(ff - bytes.p) + 1;
        marker = byte_at(bytes, *at);
        if (marker != 0 && marker != 0xFF) { /* FF FF is padding */
            *at += 1;
            return marker;
        }
    }
}

void image_read_jpeg(struct str bytes, struct image_facts *facts)
{
    bool scan = false;
    size_t at = 2;
    uint32_t marker;

    while ((marker = next_marker(bytes, &at)) != 0 && marker != EOI) {
        size_t length;

        if (stands_alone(marker))
            continue;
        if (!has(bytes, at, 2))
            return;
        length = be16(bytes, at); /* counts itself */
        if (is_frame(marker) && facts->width == 0 && has(bytes, at, 7))
            read_frame(bytes, at, facts);
        facts->turned |= marker == APP1 && is_turned(bytes, at, length);
        scan |= marker == SOS;
        if (!has(bytes, at, length))
            return;
        at += length;
    }
    facts->whole = marker == EOI && scan && facts->width != 0;
}
