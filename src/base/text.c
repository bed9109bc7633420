#include "base/text.h"

#include "base/mem.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* No-break spaces, and what takes no place at all. The joiners U+200C and U+200D are not
 * among them: Persian, Malayalam and emoji mean something by them. */
static bool is_stray(uint32_t c)
{
    return c == 0xA0 || c == 0x202F || c == 0x180E || c == 0x200B || c == 0x2060 ||
           c == 0xFEFF;
}

static bool is_blank(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    return is_stray(c) || u_isUWhiteSpace((UChar32)c);
}

/* Where the last code point of s begins. */
static size_t last_start(struct str s)
{
    size_t start = s.n - 1, least = s.n > 4 ? s.n - 4 : 0;

    while (start > least && ((unsigned char)s.p[start] & 0xC0) == 0x80)
        start--;
    for (size_t at = start; at < s.n;) { /* stray bytes are one each */
        start = at;
        utf8_next(s, &at);
    }
    return start;
}

struct str text_trim(struct str s)
{
    while (s.n) {
        size_t start = last_start(s), at = start;

        if (!is_blank(utf8_next(s, &at)))
            break;
        s = str_head(s, start);
    }
    while (s.n) {
        size_t at = 0;

        if (!is_blank(utf8_next(s, &at)))
            break;
        s = str_skip(s, at);
    }
    return s;
}

bool text_has_stray_space(struct str s)
{
    bool was_blank = true; /* the end before the text */

    for (size_t at = 0; at < s.n;) {
        unsigned char first = (unsigned char)s.p[at];
        uint32_t c = first < 0x80 ? (at++, first) : utf8_next(s, &at);
        bool blank = is_blank(c);

        if (is_stray(c) || (blank && was_blank))
            return true;
        was_blank = blank;
    }
    return s.n && was_blank;
}

/* UTF-16 for ICU's C interface: names stay on the stack, long texts go to the heap. */
struct wide {
    UChar small[256];
    UChar *p;
    int32_t n, cap;
    enum aisle_status failed;
};

static void wide_init(struct wide *w)
{
    w->p = w->small;
    w->n = 0;
    w->cap = (int32_t)(sizeof w->small / sizeof *w->small);
    w->failed = AISLE_OK;
}

static void wide_clear(struct wide *w)
{
    if (w->p != w->small)
        mem_free(w->p);
    wide_init(w);
}

/* Room for n units; what is there is lost. */
static bool wide_room(struct wide *w, int32_t n)
{
    UChar *p;

    if (n <= w->cap)
        return true;
    p = mem_alloc((size_t)n * sizeof *p);
    if (!p) {
        w->failed = AISLE_NOMEM;
        return false;
    }
    wide_clear(w);
    w->p = p;
    w->cap = n;
    return true;
}

static void wide_from_utf8(struct wide *w, struct str s)
{
    UErrorCode code = U_ZERO_ERROR;

    if (s.n > TEXT_MAX) {
        w->failed = AISLE_LIMIT;
        return;
    }
    if (!wide_room(w, (int32_t)s.n)) /* no character has more units than bytes */
        return;
    u_strFromUTF8WithSub(w->p, w->cap, &w->n, s.p, (int32_t)s.n, 0xFFFD, NULL, &code);
    if (U_FAILURE(code))
        w->failed = AISLE_NOMEM;
}

/* to = from in the form that `form` stands for. */
static void wide_normalize(struct wide *to, const struct wide *from,
                           const UNormalizer2 *(*form)(UErrorCode *))
{
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = form(&code);

    if (from->failed) {
        to->failed = from->failed;
        return;
    }
    to->n = unorm2_normalize(normalizer, from->p, from->n, to->p, to->cap, &code);
    if (code == U_BUFFER_OVERFLOW_ERROR && wide_room(to, to->n)) {
        code = U_ZERO_ERROR;
        to->n = unorm2_normalize(normalizer, from->p, from->n, to->p, to->cap, &code);
    }
    if (U_FAILURE(code))
        to->failed = AISLE_NOMEM;
}

static uint32_t wide_next(const struct wide *w, int32_t *at)
{
    uint32_t c = w->p[(*at)++];

    if (c >= 0xD800 && c <= 0xDBFF && *at < w->n) /* ICU leaves no half pairs */
        c = 0x10000 + ((c - 0xD800) << 10) + (w->p[(*at)++] - 0xDC00u);
    return c;
}

static void wide_add_to(const struct wide *w, struct buf *out)
{
    if (w->failed && out->failed == AISLE_OK)
        out->failed = w->failed;
    if (w->failed)
        return;
    for (int32_t i = 0; i < w->n;)
        buf_utf8(out, wide_next(w, &i));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

void text_fold(struct str s, struct buf *out)
{
    struct wide plain, folded;

    if (is_ascii(s)) {
        if (buf_room(out, s.n))
            for (size_t i = 0; i < s.n; i++)
                buf_addc(out, lower(s.p[i]));
        return;
    }
    wide_init(&plain);
    wide_init(&folded);
    wide_from_utf8(&plain, s);
    wide_normalize(&folded, &plain, unorm2_getNFKCCasefoldInstance);
    wide_add_to(&folded, out);
    wide_clear(&plain);
    wide_clear(&folded);
}

static bool has_accents(UChar32 base)
{
    UErrorCode code = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(base, &code);

    return script == USCRIPT_LATIN || script == USCRIPT_GREEK ||
           script == USCRIPT_CYRILLIC;
}

/* Decomposed text without the marks on Latin, Greek and Cyrillic letters. In Thai,
 * Devanagari, Arabic or kana a mark is a vowel or makes another letter, so there it
 * stays. */
static void wide_drop_accents(struct wide *w)
{
    bool accents = false;
    int32_t to = 0;

    for (int32_t i = 0; i < w->n;) {
        int32_t start = i;
        UChar32 c = (UChar32)wide_next(w, &i);

        if (u_charType(c) == U_NON_SPACING_MARK) {
            if (accents)
                continue;
        } else {
            accents = has_accents(c);
        }
        while (start < i)
            w->p[to++] = w->p[start++];
    }
    w->n = to;
}

static bool is_word_part(uint32_t c)
{
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

/* Words with one space between them. */
static void wide_add_words_to(const struct wide *w, struct buf *out)
{
    bool gap = false, any = false;

    if (w->failed && out->failed == AISLE_OK)
        out->failed = w->failed;
    for (int32_t i = 0; !w->failed && i < w->n;) {
        uint32_t c = wide_next(w, &i);

        if (!is_word_part(c)) {
            gap = any;
            continue;
        }
        if (gap)
            buf_addc(out, ' ');
        buf_utf8(out, c);
        gap = false;
        any = true;
    }
}

static void ascii_key(struct str s, struct buf *out)
{
    bool gap = false, any = false;

    for (size_t i = 0; i < s.n; i++) {
        char c = lower(s.p[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            gap = any;
            continue;
        }
        if (gap)
            buf_addc(out, ' ');
        buf_addc(out, c);
        gap = false;
        any = true;
    }
}

void text_key(struct str s, struct buf *out)
{
    struct wide one, two;

    if (is_ascii(s)) {
        ascii_key(s, out);
        return;
    }
    wide_init(&one);
    wide_init(&two);
    wide_from_utf8(&one, s);
    wide_normalize(&two, &one, unorm2_getNFKCCasefoldInstance);
    wide_normalize(&one, &two, unorm2_getNFDInstance);
    wide_drop_accents(&one);
    wide_normalize(&two, &one, unorm2_getNFCInstance);
    wide_add_words_to(&two, out);
    wide_clear(&one);
    wide_clear(&two);
}
