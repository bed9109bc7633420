/* traits.c - what kind of character a code point is; over ICU */
#include "base/text.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

/* Shown as a picture on its own, or what makes a picture of what stands before it. */
static bool is_emoji(uint32_t c)
{
    enum { SELECTOR = 0xFE0F, KEYCAP = 0x20E3 };

    return c == SELECTOR || c == KEYCAP ||
           u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI_PRESENTATION) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_REGIONAL_INDICATOR) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_EMOJI_MODIFIER) ||
           (c >= 0x1F000 && u_hasBinaryProperty((UChar32)c, UCHAR_EXTENDED_PICTOGRAPHIC));
}

static bool is_han(uint32_t c)
{
    UErrorCode code = U_ZERO_ERROR;

    return uscript_getScript((UChar32)c, &code) == USCRIPT_HAN && U_SUCCESS(code);
}

unsigned text_traits(uint32_t c)
{
    unsigned traits = 0;

    if (c < 0x80) {
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

        if (letter || (c >= '0' && c <= '9'))
            return TRAIT_WORD;
        return c < 0x20 || c == 0x7F ? TRAIT_CONTROL : 0;
    }
    switch (u_charType((UChar32)c)) {
    case U_CONTROL_CHAR:
        return TRAIT_CONTROL;
    case U_UNASSIGNED:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
        return TRAIT_UNASSIGNED;
    default:
        break;
    }
    if (u_isalnum((UChar32)c))
        traits |= TRAIT_WORD;
    if (c >= 0x2E80 && is_han(c))
        traits |= TRAIT_HAN;
    if (c >= 0x2000 && is_emoji(c))
        traits |= TRAIT_EMOJI;
    return traits;
}
