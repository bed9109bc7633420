#include "catalog/price.h"

#include "base/text.h"
#include "catalog/currency.h"

/* Marks and what they can mean; one that can mean several means the expected one, or
 * none. The longer before what it begins with. */
static const struct {
    const char *mark, *codes;
} marks[] = {
    {"Rp.", "IDR"},
    {"Rp", "IDR"},
    {"US$", "USD"},
    {"S$", "SGD"},
    {"R$", "BRL"},
    {"RM", "MYR"},
    {"\u20ac", "EUR"},
    {"\u00a3", "GBP"},
    {"\u20ab", "VND"},
    {"\u0e3f", "THB"},
    {"\u20b1", "PHP"},
    {"\u20b9", "INR"},
    {"\u20bd", "RUB"},
    {"\u0440\u0443\u0431.", "RUB"},
    {"\u0440\u0443\u0431", "RUB"},
    {"\u20ba", "TRY"},
    {"z\u0142", "PLN"},
    {"\u20a9", "KRW"},
    {"$", "USD SGD AUD CAD HKD NZD TWD BND MXN"},
    {"\u00a5", "JPY CNY"},
};

/* Whether prices in it are written without decimals, whatever ISO 4217 says. */
static bool is_counted_whole(const char *code)
{
    return currency_decimals(code) == 0 || strcmp(code, "IDR") == 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void set_code(char code[4], const char *from)
{
    memcpy(code, from, 3);
    code[3] = '\0';
}

/* Takes a code off an end, unless it belongs to a longer word. */
static bool take_code(struct str *s, char code[4])
{
    struct str back = str_skip(*s, s->n < 3 ? s->n : s->n - 3);

    if (currency_is_known(str_head(*s, 3)) && (s->n == 3 || !is_letter(s->p[3]))) {
        set_code(code, s->p);
        *s = str_skip(*s, 3);
        return true;
    }
    if (currency_is_known(back) && !is_letter(s->p[s->n - 4])) {
        set_code(code, back.p);
        *s = str_head(*s, s->n - 3);
        return true;
    }
    return false;
}

static bool take_mark(struct str *s, struct str mark)
{
    struct str back = str_skip(*s, s->n < mark.n ? s->n : s->n - mark.n);

    if (str_eq_nocase(str_head(*s, mark.n), mark))
        *s = str_skip(*s, mark.n);
    else if (str_eq_nocase(back, mark))
        *s = str_head(*s, s->n - mark.n);
    else
        return false;
    return true;
}

/* Takes a code or mark off either end; code is left alone when there is none. */
static void take_currency(struct str *s, char code[4])
{
    if (take_code(s, code)) {
        *s = text_trim(*s);
        return;
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *codes = marks[i].codes;

        if (!take_mark(s, str_of(marks[i].mark)))
            continue;
        *s = text_trim(*s);
        if (strlen(codes) == 3)
            set_code(code, codes);
        else if (!strstr(codes, code))
            code[0] = '\0';
        return;
    }
}

/* A number taken apart: digits, and the separators between them. */
struct figures {
    char digits[24];
    size_t count;
    size_t after_last; /* digits behind the last separator */
    char last;         /* which one that was, '\0' for none */
    size_t lasts;      /* how many like the last one */
    size_t others;     /* and of another kind */
    bool grouped;      /* threes between all separators but perhaps behind the last */
};

static bool take_figures(struct str s, struct figures *f)
{
    size_t run = 0;

    *f = (struct figures){.grouped = true};
    for (size_t at = 0; at < s.n;) {
        uint32_t c = utf8_next(s, &at);

        if (c < 0x80 && is_digit((char)c)) {
            if (f->count == sizeof f->digits)
                return false;
            f->digits[f->count++] = (char)c;
            run++;
            continue;
        }
        if (c == 0xA0 || c == 0x202F || c == 0x2019)
            c = ' '; /* and an apostrophe: between thousands only */
        if (c != '.' && c != ',' && c != ' ' && c != '\'')
            return false;
        f->grouped = f->grouped && (f->last ? run == 3 : run >= 1 && run <= 3);
        if (f->last == (char)c)
            f->lasts++;
        else {
            f->others += f->lasts;
            f->lasts = 1;
        }
        f->last = (char)c;
        run = 0;
    }
    f->after_last = run;
    return f->count > 0 && (!f->last || run > 0);
}

/* Is the last separator before decimals (1), between thousands (0), or who knows (-1)? */
static int has_decimals(const struct figures *f, const char *code, bool point)
{
    bool threes = f->grouped && f->after_last == 3;

    if (!f->last)
        return 0;
    if (point && f->last == '.')
        return f->lasts == 1 ? 1 : -1;
    if (point || f->last == ' ' || f->last == '\'' || f->lasts > 1)
        return threes && f->others == 0 ? 0 : -1;
    if (f->others > 0) /* 1.234,50 */
        return f->grouped ? 1 : -1;
    /* none of these could be thousands: 12.50, 1234.500, 0.500 */
    if (!threes || f->digits[0] == '0')
        return 1;
    if (f->last == '.' && currency_decimals(code) == 3)
        return 1; /* 1.500 KWD */
    return is_counted_whole(code) ? 0 : -1;
}

/* Digits to minor units; decimals that do not fit must be zeros. */
static bool to_minor(const struct figures *f, size_t decimals, int wanted, int64_t *out)
{
    struct str digits = str_n(f->digits, f->count);
    int64_t n = 0;

    for (; decimals > (size_t)wanted; decimals--) {
        if (digits.p[digits.n - 1] != '0')
            return false;
        digits.n--;
    }
    if (digits.n && !parse_i64(digits, 0, INT64_MAX / 1000, &n))
        return false;
    for (; decimals < (size_t)wanted; decimals++)
        n *= 10;
    *out = n;
    return true;
}

enum price_reading price_parse(struct str text, struct str currency, bool point,
                               struct price *out)
{
    struct price price = {0};
    struct figures f;
    int decimals;

    text = text_trim(text);
    if (str_empty(text))
        return PRICE_NONE;
    if (currency.n == 3)
        memcpy(price.currency, currency.p, 3);
    take_currency(&text, price.currency);
    if (!str_empty(text) && (str_ends(text, ",-") || str_ends(text, ".-")))
        text.n -= 2;                                    /* "Rp 12.000,-" */
    if (str_starts(text, ".") || str_starts(text, ",")) /* ".5" */
        return PRICE_UNCLEAR;
    if (!take_figures(text, &f))
        return PRICE_UNCLEAR;
    decimals = has_decimals(&f, price.currency, point);
    if (decimals < 0 || !to_minor(&f, decimals ? f.after_last : 0,
                                  currency_decimals(price.currency), &price.minor))
        return PRICE_UNCLEAR;
    *out = price;
    return PRICE_READ;
}
