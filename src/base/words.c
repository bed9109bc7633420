/* The part of text.h that finds words. */
#include "base/text.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

static enum aisle_status refused(UErrorCode code, struct aisle_err *err)
{
    if (code == U_MEMORY_ALLOCATION_ERROR)
        return aisle_nomem(err);
    return aisle_fail(err, AISLE_IO, "ICU cannot find words: %s", u_errorName(code));
}

enum aisle_status text_words_init(struct text_words *w, struct aisle_err *err)
{
    UErrorCode code = U_ZERO_ERROR;

    *w = (struct text_words){0};
    w->iter = ubrk_open(UBRK_WORD, "", NULL, 0, &code); /* "" is the root locale */
    if (U_SUCCESS(code))
        w->text = utext_openUTF8(NULL, "", 0, &code);
    if (U_SUCCESS(code))
        return AISLE_OK;
    text_words_clear(w);
    return refused(code, err);
}

void text_words_clear(struct text_words *w)
{
    if (w->iter)
        ubrk_close(w->iter);
    if (w->text)
        utext_close(w->text);
    *w = (struct text_words){0};
}

/* How a character takes part in an ASCII word: Unicode's word boundary rules (UAX 29 as
 * CLDR tailors them) leave these few, and a test holds them against ICU. */
enum kind { OTHER, LETTER, DIGIT, JOINER, MID_BOTH, MID_NUMBER };

static enum kind kind_of(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return LETTER;
    if (c >= '0' && c <= '9')
        return DIGIT;
    switch (c) {
    case '_':
        return JOINER;
    case '.':
    case '\'':
        return MID_BOTH;
    case ',':
    case ';':
        return MID_NUMBER;
    default:
        return OTHER;
    }
}

static bool is_core(enum kind k)
{
    return k == LETTER || k == DIGIT || k == JOINER;
}

/* Does the sign at `at` hold two letters or two digits together, as in don't and 1,5? */
static bool is_bridge(struct str s, size_t at)
{
    enum kind sign = kind_of(s.p[at]), before = kind_of(s.p[at - 1]);

    if (at + 1 == s.n || kind_of(s.p[at + 1]) != before)
        return false;
    return (before == LETTER && sign == MID_BOTH) ||
           (before == DIGIT && (sign == MID_BOTH || sign == MID_NUMBER));
}

/* The word of ASCII text that begins at `at`. */
static size_t ascii_word_end(struct str s, size_t at)
{
    while (at < s.n && (is_core(kind_of(s.p[at])) || is_bridge(s, at)))
        at++;
    return at;
}

/* ICU also calls a row of joiners a word. */
static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_')
            return true;
    return false;
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static void each_ascii(struct str s, text_word_fn *fn, void *ctx)
{
    for (size_t at = 0; at < s.n;) {
        size_t start = at;
        struct str word;

        if (!is_core(kind_of(s.p[at]))) {
            at++;
            continue;
        }
        at = ascii_word_end(s, at);
        word = str_n(s.p + start, at - start);
        if (is_word(word))
            fn(ctx, word);
    }
}

/* A word as ICU sees it. Some releases take an @ for a letter (CLDR 42), others do not.
 */
static void each_of_icu(struct str word, text_word_fn *fn, void *ctx)
{
    while (word.n) {
        struct str piece = str_cut(&word, '@');

        if (is_ascii(piece))
            each_ascii(piece, fn, ctx);
        else
            fn(ctx, piece);
    }
}

enum aisle_status text_words_each(struct text_words *w, struct str s, text_word_fn *fn,
                                  void *ctx, struct aisle_err *err)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t start, end;

    if (is_ascii(s)) {
        each_ascii(s, fn, ctx);
        return AISLE_OK;
    }
    if (s.n > TEXT_MAX)
        return aisle_fail(err, AISLE_LIMIT, "a text of %zu bytes is too long for words",
                          s.n);

    utext_openUTF8(w->text, s.p, (int64_t)s.n, &code);
    ubrk_setUText(w->iter, w->text, &code);
    if (U_FAILURE(code))
        return refused(code, err);

    start = ubrk_first(w->iter);
    while ((end = ubrk_next(w->iter)) != UBRK_DONE) {
        if (ubrk_getRuleStatus(w->iter) >= UBRK_WORD_NONE_LIMIT)
            each_of_icu(str_n(s.p + start, (size_t)(end - start)), fn, ctx);
        start = end;
    }
    return AISLE_OK;
}
