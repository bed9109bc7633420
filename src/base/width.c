/* The part of text.h that knows how wide text is on a terminal. */
#include "base/text.h"

#include <unicode/uchar.h>

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

static size_t width_of(uint32_t c)
{
    if (c < 0x300)
        return 1; /* Latin; a control character is shown as a space */
    if (c >= 0x1160 && c <= 0x11FF)
        return 0; /* Hangul vowels and finals join the syllable before them */
    if (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK))
        return 0;
    switch (u_getIntPropertyValue((UChar32)c, UCHAR_EAST_ASIAN_WIDTH)) {
    case U_EA_WIDE:
    case U_EA_FULLWIDTH:
        return 2;
    default:
        return 1;
    }
}

size_t text_columns(struct str s)
{
    size_t columns = 0;

    for (size_t at = 0; at < s.n;)
        columns += width_of(utf8_next(s, &at));
    return columns;
}

/* As much of s as takes at most `columns`, with the marks on its last character. */
static struct str head_columns(struct str s, size_t columns)
{
    size_t at = 0, used = 0;

    while (at < s.n) {
        size_t next = at, width = width_of(utf8_next(s, &next));

        if (width > columns - used)
            break;
        used += width;
        at = next;
    }
    return str_head(s, at);
}

/* A title must not move the cursor or colour the screen. */
static void add_shown(struct buf *b, struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);

        buf_utf8(b, is_control(c) ? ' ' : c);
    }
}

void buf_fit(struct buf *b, struct str s, size_t columns)
{
    if (head_columns(s, columns).n == s.n) {
        add_shown(b, s);
    } else if (columns) {
        add_shown(b, head_columns(s, columns - 1));
        buf_addz(b, "…");
    }
}
