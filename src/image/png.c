/* png.c - chunks of PNG (ISO/IEC 15948): size, checksums, whether the last is there, and
 * which way up it is
 */
#include "image/kinds.h"

static const char signature[] = "\x89PNG\r\n\x1a\n";
enum { SIGNATURE = 8, CHUNK_HEAD = 8, CHUNK_TAIL = 4 };

bool image_is_png(struct str bytes)
{
    return is_at(bytes, 0, signature, SIGNATURE);
}

/* CRC-32 as PNG's annex D has it, half a byte a step so that the table can be read. */
static uint32_t checksum(const char *p, size_t n)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    uint32_t crc = 0xFFFFFFFF;

    for (size_t i = 0; i < n; i++) {
        crc ^= (unsigned char)p[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

void image_read_png(struct str bytes, struct image_facts *facts)
{
    size_t at = SIGNATURE;
    bool pixels = false;

    if (is_at(bytes, at + 4, "IHDR", 4) && has(bytes, at, CHUNK_HEAD + 8)) {
        facts->width = be32(bytes, at + CHUNK_HEAD);
        facts->height = be32(bytes, at + CHUNK_HEAD + 4);
    }
    while (has(bytes, at, CHUNK_HEAD + CHUNK_TAIL)) {
        size_t length = be32(bytes, at);

        if (!has(bytes, at + CHUNK_HEAD, length) ||
            !has(bytes, at + CHUNK_HEAD + length, CHUNK_TAIL))
            return;
        /* the checksum is over type and data */
        if (checksum(bytes.p + at + 4, 4 + length) !=
            be32(bytes, at + CHUNK_HEAD + length))
            return;
        pixels |= is_at(bytes, at + 4, "IDAT", 4);
        facts->turned |= is_at(bytes, at + 4, "eXIf", 4) &&
                         image_tiff_turned(str_n(bytes.p + at + CHUNK_HEAD, length));
        if (is_at(bytes, at + 4, "IEND", 4)) {
            facts->whole = pixels;
            return;
        }
        at += CHUNK_HEAD + length + CHUNK_TAIL;
    }
}
