/* webp.c - the RIFF container of WEBP (RFC 9649): size, whether all of it is there, and
 * which way up it is */
#include "image/kinds.h"

enum { RIFF_HEAD = 12, CHUNK_HEAD = 8 };

bool image_is_webp(struct str bytes)
{
    return is_at(bytes, 0, "RIFF", 4) && is_at(bytes, 8, "WEBP", 4);
}

/* The first chunk says how the picture is coded, and each way keeps its size elsewhere.
 */
static void read_size(struct str bytes, struct image_facts *facts)
{
    size_t data = RIFF_HEAD + CHUNK_HEAD;

    if (is_at(bytes, RIFF_HEAD, "VP8X", 4) && has(bytes, data, 10)) {
        facts->width = le24(bytes, data + 4) + 1;
        facts->height = le24(bytes, data + 7) + 1;
    } else if (is_at(bytes, RIFF_HEAD, "VP8L", 4) && is_at(bytes, data, "\x2F", 1) &&
               has(bytes, data, 5)) {
        uint32_t packed = le32(bytes, data + 1);

        facts->width = (packed & 0x3FFF) + 1;
        facts->height = (packed >> 14 & 0x3FFF) + 1;
    } else if (is_at(bytes, RIFF_HEAD, "VP8 ", 4) &&
               is_at(bytes, data + 3, "\x9D\x01\x2A", 3) && has(bytes, data, 10)) {
        facts->width = le16(bytes, data + 6) & 0x3FFF; /* two bits above scale */
        facts->height = le16(bytes, data + 8) & 0x3FFF;
    }
}

/* Some writers put before the tags what stands before them in a JPEG. */
static bool is_turned(struct str exif)
{
    static const char sign[] = "Exif\0"; /* and one more NUL */

    if (is_at(exif, 0, sign, sizeof sign))
        exif = str_skip(exif, sizeof sign);
    return image_tiff_turned(exif);
}

/* Chunks that fill the container to its end, a picture among them. */
static bool walk(struct str bytes, struct image_facts *facts)
{
    size_t end = (size_t)8 + le32(bytes, 4), at = RIFF_HEAD;
    bool picture = false;

    if (end > bytes.n)
        return false;
    while (end - at >= CHUNK_HEAD) {
        size_t length = le32(bytes, at + 4);

        if (length > end - at - CHUNK_HEAD)
            return false;
        picture |= is_at(bytes, at, "VP8 ", 4) || is_at(bytes, at, "VP8L", 4) ||
                   is_at(bytes, at, "ANMF", 4);
        facts->turned |= is_at(bytes, at, "EXIF", 4) &&
                         is_turned(str_n(bytes.p + at + CHUNK_HEAD, length));
        at += CHUNK_HEAD + length;
        at += at < end && length % 2; /* padded to an even length */
    }
    return picture;
}

void image_read_webp(struct str bytes, struct image_facts *facts)
{
    read_size(bytes, facts);
    facts->whole = le32(bytes, 4) >= RIFF_HEAD - 8 && walk(bytes, facts);
}
