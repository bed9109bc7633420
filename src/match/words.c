/* words.c - folding, breaking, and telling words from numbers, amounts and model codes */
#include "match/words.h"

/* Units that sellers glue to a number or write behind it. */
static const char *const units[] = {
    "a",    "ah",   "cc",   "cl",    "cm",   "dpi",   "fps",   "ft",  "g",   "gb",
    "gm",   "gr",   "gram", "gsm",   "hp",   "hz",    "inch",  "kg",  "khz", "km",
    "kva",  "kw",   "l",    "lb",    "lbs",  "liter", "litre", "ltr", "m",   "mah",
    "mb",   "mbps", "mcg",  "meter", "mg",   "ml",    "mm",    "mp",  "mtr", "oz",
    "pack", "pc",   "pcs",  "pk",    "ply",  "ppi",   "psi",   "px",  "rpm", "tb",
    "v",    "va",   "volt", "w",     "watt", "x",     "yd",
};

enum { UNITS = sizeof units / sizeof *units };

enum aisle_status word_splitter_init(struct word_splitter *s, struct aisle_err *err)
{
    s->folded = (struct buf)BUF_INIT(8 * WORDS_MAX_TEXT); /* folding may lengthen */
    return text_words_init(&s->breaks, err);
}

void word_splitter_clear(struct word_splitter *s)
{
    text_words_clear(&s->breaks);
    buf_clear(&s->folded);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_core(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_';
}

/* Bytes of the number a word begins with; "1.5" and "1,000" are one. */
static size_t leading_number(struct str w)
{
    size_t n = 0;

    while (n < w.n && (is_digit(w.p[n]) || (n > 0 && (w.p[n] == '.' || w.p[n] == ','))))
        n++;
    return n;
}

static bool has_digit(struct str w)
{
    for (size_t i = 0; i < w.n; i++)
        if (is_digit(w.p[i]))
            return true;
    return false;
}

static bool is_unit(struct str w)
{
    size_t low = 0, high = UNITS;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(str_of(units[middle]), w);

        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

struct splitting {
    struct word_list *out;
    const char *end; /* of the word before, to see what lies between */
    uint8_t part;
};

/* Does what lies between two words begin a new part of the title? "Tumbler 500ml (biru)",
 * "Kaos polos - hitam", "Buku: seri 1". A dash inside "t-shirt" does not. */
static bool begins_part(const char *end, const char *start)
{
    for (; end < start; end++) {
        if (*end == ',' || *end == '(' || *end == '|' || *end == ':' || *end == '/')
            return true;
        if (*end == '-' && end + 1 < start && end[1] == ' ')
            return true;
    }
    return false;
}

static void classify(struct word *w, const struct word_list *before)
{
    size_t digits = leading_number(w->text);
    struct str rest = str_skip(w->text, digits);

    if (digits == w->text.n) {
        w->kind = WORD_NUMBER;
    } else if (digits > 0 && is_unit(rest)) {
        w->kind = WORD_AMOUNT;
        w->text = rest;
    } else if (has_digit(w->text)) {
        w->kind = WORD_CODE;
    } else if (before->n > 0 && before->at[before->n - 1].kind == WORD_NUMBER &&
               is_unit(w->text)) {
        w->kind = WORD_AMOUNT;
    }
}

/* What counts of a word: whole letters, and no sign at the end that only stood between
 * two. */
static struct str what_counts(struct str word)
{
    size_t n = word.n;

    if (n <= WORDS_MAX_LETTERS)
        return word;
    for (n = WORDS_MAX_LETTERS; ((unsigned char)word.p[n] & 0xC0) == 0x80; n--)
        ;
    while (n > 1 && (unsigned char)word.p[n - 1] < 0x80 && !is_core(word.p[n - 1]))
        n--;
    return str_head(word, n);
}

static void add_word(void *ctx, struct str text)
{
    struct splitting *s = ctx;
    struct word_list *out = s->out;
    struct word w = {.text = text};

    if (out->n == WORDS_MAX)
        return;
    if (s->end && s->part < UINT8_MAX && begins_part(s->end, text.p))
        s->part++;
    w.part = s->part;
    s->end = text.p + text.n;
    w.text = what_counts(w.text);
    classify(&w, out);
    out->at[out->n++] = w;
}

/* NFKC takes Thai's sara am (น้ำ, water) apart, and ICU's dictionary has it whole. */
static void join_sara_am(struct buf *b)
{
    static const char apart[] = "\u0e4d\u0e32", whole[] = "\u0e33";
    size_t n = sizeof apart - 1, out = 0;

    for (size_t i = 0; i < b->n;)
        if (b->n - i >= n && memcmp(b->p + i, apart, n) == 0) {
            memcpy(b->p + out, whole, sizeof whole - 1);
            out += sizeof whole - 1;
            i += n;
        } else {
            b->p[out++] = b->p[i++];
        }
    if (out < b->n)
        b->p[out] = '\0';
    b->n = out;
}

enum aisle_status words_split(struct word_splitter *s, struct str text,
                              struct word_list *out, struct aisle_err *err)
{
    struct splitting splitting = {.out = out};
    enum aisle_status status;

    out->n = 0;
    buf_reset(&s->folded);
    text_fold(str_head(text, WORDS_MAX_TEXT), &s->folded);
    status = buf_check(&s->folded, "folded title", err);
    if (status != AISLE_OK)
        return status;
    join_sara_am(&s->folded);
    return text_words_each(&s->breaks, buf_str(&s->folded), add_word, &splitting, err);
}

/* The base letter of a folded Latin letter with accents, 0 where it has none here: what
 * European and Vietnamese keyboards lack. */
static char bare_latin(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        char bare;
    } ranges[] = {
        {0xE0, 0xE5, 'a'},     {0xE7, 0xE7, 'c'},     {0xE8, 0xEB, 'e'},
        {0xEC, 0xEF, 'i'},     {0xF1, 0xF1, 'n'},     {0xF2, 0xF6, 'o'},
        {0xF8, 0xF8, 'o'},     {0xF9, 0xFC, 'u'},     {0xFD, 0xFD, 'y'},
        {0xFF, 0xFF, 'y'},     {0x101, 0x105, 'a'},   {0x107, 0x10D, 'c'},
        {0x10F, 0x111, 'd'},   {0x113, 0x11B, 'e'},   {0x11D, 0x123, 'g'},
        {0x125, 0x127, 'h'},   {0x129, 0x131, 'i'},   {0x135, 0x135, 'j'},
        {0x137, 0x138, 'k'},   {0x13A, 0x142, 'l'},   {0x144, 0x148, 'n'},
        {0x14D, 0x151, 'o'},   {0x155, 0x159, 'r'},   {0x15B, 0x161, 's'},
        {0x163, 0x167, 't'},   {0x169, 0x173, 'u'},   {0x175, 0x175, 'w'},
        {0x177, 0x177, 'y'},   {0x17A, 0x17E, 'z'},   {0x1A1, 0x1A1, 'o'},
        {0x1B0, 0x1B0, 'u'},   {0x219, 0x219, 's'},   {0x21B, 0x21B, 't'},
        {0x1EA1, 0x1EB7, 'a'}, {0x1EB9, 0x1EC7, 'e'}, {0x1EC9, 0x1ECB, 'i'},
        {0x1ECD, 0x1EE3, 'o'}, {0x1EE5, 0x1EF1, 'u'}, {0x1EF3, 0x1EF9, 'y'},
    };

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return ranges[i].bare;
    return 0;
}

/* Copies word to out with accents taken off; bytes written. */
static size_t copy_bare(struct str word, char out[WORDS_MAX_LETTERS])
{
    size_t n = 0;

    for (size_t at = 0; at < word.n;) {
        size_t from = at;
        uint32_t c = utf8_next(word, &at);
        char bare = c < 0x80 ? (char)c : bare_latin(c);

        if (c == '\'' || c == 0x2019) { /* women's: women */
            if (word.n - at == 1 && word.p[at] == 's')
                break;
            continue;
        }
        if (c >= 0x300 && c <= 0x36F) /* a combining accent */
            continue;
        if (n + (bare ? 1 : at - from) > WORDS_MAX_LETTERS)
            break;
        if (bare) {
            out[n++] = bare;
        } else {
            memcpy(out + n, word.p + from, at - from);
            n += at - from;
        }
    }
    return n;
}

/* Whether -es makes the plural, as in dresses, boxes, brushes, watches, and not -s alone,
 * as in cases and sizes. */
static bool ends_in_es(const char *w, size_t n)
{
    char c = w[n - 3], before = w[n - 4];

    if (w[n - 2] != 'e')
        return false;
    return c == 'x' || (c == 's' && before == 's') ||
           (c == 'h' && (before == 'c' || before == 's'));
}

/* English alone forms its plural by a letter worth taking off. Indonesian "polos" (plain)
 * stands in too many titles to be read as several polo shirts. */
static size_t without_plural(const char *w, size_t n)
{
    if (str_eq(str_n(w, n), STR_LIT("polos")))
        return n;
    if (n < 4 || w[n - 1] != 's' || w[n - 2] == 's' || w[n - 2] == 'u' || w[n - 2] == 'i')
        return n;
    return n > 4 && ends_in_es(w, n) ? n - 2 : n - 1;
}

struct str word_plain(struct str word, char out[WORDS_MAX_LETTERS])
{
    size_t n = without_plural(out, copy_bare(word, out));

    if (n > 4 && out[n - 1] == 'e' && out[n - 2] == 'i') /* babie(s): baby */
        out[--n - 1] = 'y';
    return str_n(out, n);
}

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

struct str word_key(struct str word, char out[WORDS_MAX_LETTERS])
{
    if (is_ascii(word))
        return word_plain(word, out);
    word = str_head(word, WORDS_MAX_LETTERS);
    memcpy(out, word.p, word.n);
    return str_n(out, word.n);
}
