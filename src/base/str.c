#include "base/str.h"

#include "base/c_locale.h"

#include <math.h>
#include <stdlib.h>

bool str_starts(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);

    return s.n >= n && str_eq(str_head(s, n), str_n(prefix, n));
}

bool str_ends(struct str s, const char *suffix)
{
    size_t n = strlen(suffix);

    return s.n >= n && str_eq(str_skip(s, s.n - n), str_n(suffix, n));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

size_t str_find_char(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle)
{
    const char *at;

    if (needle.n == 0)
        return 0;
    at = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n && is_blank(s.p[s.n - 1]))
        s.n--;
    while (s.n && is_blank(s.p[0]))
        s = str_skip(s, 1);
    return s;
}

struct str str_cut(struct str *s, char sep)
{
    size_t at = str_find_char(*s, sep);
    struct str head = str_head(*s, at);

    *s = str_skip(*s, at + 1);
    return head;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return hash;
}

bool parse_u64(struct str s, uint64_t max, uint64_t *out)
{
    uint64_t n = 0;

    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        uint64_t digit;

        if (!is_digit(s.p[i]))
            return false;
        digit = (uint64_t)(s.p[i] - '0');
        if (n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    if (n > max)
        return false;
    *out = n;
    return true;
}

bool parse_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    uint64_t most = (uint64_t)INT64_MAX + minus, size;
    int64_t n;

    if (!parse_u64(str_skip(s, minus), most, &size))
        return false;
    /* -1 - (size - 1) reaches INT64_MIN without passing through its missing positive */
    n = minus && size ? -1 - (int64_t)(size - 1) : (int64_t)size;
    if (n < min || n > max)
        return false;
    *out = n;
    return true;
}

static size_t count_digits(struct str s)
{
    size_t n = 0;

    while (n < s.n && is_digit(s.p[n]))
        n++;
    return n;
}

/* Digits with an optional sign, point and exponent: none of strtod's inf, nan, hex,
 * blanks. */
static bool is_decimal(struct str s)
{
    size_t whole, fraction = 0;

    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_skip(s, 1);
    whole = count_digits(s);
    s = str_skip(s, whole);
    if (s.n && s.p[0] == '.') {
        fraction = count_digits(str_skip(s, 1));
        s = str_skip(s, 1 + fraction);
    }
    if (whole + fraction == 0)
        return false;
    if (s.n == 0)
        return true;
    if (lower(s.p[0]) != 'e')
        return false;
    s = str_skip(s, 1);
    if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
        s = str_skip(s, 1);
    return s.n && count_digits(s) == s.n;
}

bool parse_double(struct str s, double min, double max, double *out)
{
    char z[PARSE_DOUBLE_MAX + 1];
    struct c_locale locale;
    double n;

    if (s.n > PARSE_DOUBLE_MAX || !is_decimal(s))
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    locale = c_locale_enter();
    n = strtod(z, NULL);
    c_locale_leave(locale);
    if (!isfinite(n) || n < min || n > max)
        return false;
    *out = n;
    return true;
}

bool parse_bool(struct str s, bool *out)
{
    static const struct {
        const char *word;
        bool means;
    } words[] = {
        {"true", true},   {"yes", true}, {"on", true},   {"1", true},
        {"false", false}, {"no", false}, {"off", false}, {"0", false},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(s, str_of(words[i].word))) {
            *out = words[i].means;
            return true;
        }
    return false;
}

static int64_t seconds_in(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 60 * 60;
    case 'd':
        return 24 * 60 * 60;
    default:
        return 0;
    }
}

bool parse_duration_s(struct str s, int64_t *out)
{
    int64_t unit = s.n ? seconds_in(s.p[s.n - 1]) : 0, n;

    if (unit)
        s.n--;
    else
        unit = 1;
    if (!parse_i64(s, 0, INT64_MAX / unit, &n))
        return false;
    *out = n * unit;
    return true;
}
