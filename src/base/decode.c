/* The part of text.h that reads other encodings, as old spreadsheets write them. */
#include "base/text.h"

void buf_from_cp1252(struct buf *b, struct str bytes)
{
    /* 0x80 … 0x9F; the five that Windows leaves open stay control characters, as in the
     * WHATWG Encoding Standard */
    static const uint16_t high[32] = {
        0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
        0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
    };

    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];

        buf_utf8(b, c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c);
    }
}

static uint32_t unit_at(struct str bytes, size_t at, bool big_endian)
{
    unsigned char first = (unsigned char)bytes.p[at];
    unsigned char second = (unsigned char)bytes.p[at + 1];

    return big_endian ? (uint32_t)first << 8 | second : (uint32_t)second << 8 | first;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

bool buf_from_utf16(struct buf *b, struct str bytes, bool big_endian)
{
    if (bytes.n % 2)
        return false;

    if (bytes.n && unit_at(bytes, 0, big_endian) == 0xFFFE) /* the mark, seen backwards */
        big_endian = !big_endian;
    if (bytes.n && unit_at(bytes, 0, big_endian) == 0xFEFF)
        bytes = str_skip(bytes, 2);

    for (size_t at = 0; at < bytes.n; at += 2) {
        uint32_t c = unit_at(bytes, at, big_endian);

        if (is_high(c) && at + 2 < bytes.n &&
            is_low(unit_at(bytes, at + 2, big_endian))) {
            at += 2;
            c = 0x10000 + ((c - 0xD800) << 10) +
                (unit_at(bytes, at, big_endian) - 0xDC00);
        }
        buf_utf8(b, c); /* half a pair becomes U+FFFD there */
    }
    return true;
}
