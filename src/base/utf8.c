/* The part of text.h that is arithmetic on bytes and needs no ICU. */
#include "base/text.h"

enum { REPLACEMENT = 0xFFFD };

/* Bytes that follow lead, and the smallest code point they may spell; -1 for no lead
 * byte. */
static int followers(unsigned char lead, uint32_t *least)
{
    if (lead < 0x80)
        return *least = 0, 0;
    if (lead >= 0xC2 && lead <= 0xDF)
        return *least = 0x80, 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return *least = 0x800, 2;
    if (lead >= 0xF0 && lead <= 0xF4)
        return *least = 0x10000, 3;
    return -1;
}

/* Decode at *at and move on; false, and one byte on, where it is invalid: a stray or
 * missing byte, an overlong form, a surrogate, past U+10FFFF. */
static bool decode(struct str s, size_t *at, uint32_t *out)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    uint32_t least = 0, c;
    int more = followers(*p, &least);

    if (more == 0) {
        *out = *p;
        ++*at;
        return true;
    }
    if (more < 0 || s.n - *at <= (size_t)more)
        goto bad;
    c = *p & (0x3Fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80)
            goto bad;
        c = c << 6 | (p[i] & 0x3Fu);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        goto bad;
    *out = c;
    *at += (size_t)more + 1;
    return true;
bad:
    ++*at;
    return false;
}

uint32_t utf8_next(struct str s, size_t *at)
{
    uint32_t c;

    return decode(s, at, &c) ? c : REPLACEMENT;
}

bool utf8_valid(struct str s)
{
    uint32_t c;

    for (size_t at = 0; at < s.n;)
        if (!decode(s, &at, &c))
            return false;
    return true;
}

size_t utf8_length(struct str s)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n; n++)
        utf8_next(s, &at);
    return n;
}

struct str utf8_head(struct str s, size_t n)
{
    size_t at = 0;

    while (n-- && at < s.n)
        utf8_next(s, &at);
    return str_head(s, at);
}

void buf_utf8(struct buf *b, uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = REPLACEMENT;

    if (c < 0x80) {
        buf_addc(b, (char)c);
    } else if (c < 0x800) {
        char two[] = {(char)(0xC0 | c >> 6), (char)(0x80 | (c & 0x3F))};

        buf_add(b, str_n(two, sizeof two));
    } else if (c < 0x10000) {
        char three[] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)),
                        (char)(0x80 | (c & 0x3F))};

        buf_add(b, str_n(three, sizeof three));
    } else {
        char four[] = {(char)(0xF0 | c >> 18), (char)(0x80 | (c >> 12 & 0x3F)),
                       (char)(0x80 | (c >> 6 & 0x3F)), (char)(0x80 | (c & 0x3F))};

        buf_add(b, str_n(four, sizeof four));
    }
}
