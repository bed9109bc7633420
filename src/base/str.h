/* str.h - a borrowed stretch of text: pointer and length, never freed through here */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p; /* may be NULL when n is 0 */
    size_t n;
};

/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""
#define STR_LIT(z) ((struct str){"" z, sizeof(z) - 1})

static inline struct str str_of(const char *z) /* z may be NULL: then empty */
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline struct str str_n(const char *p, size_t n)
{
    return (struct str){p, n};
}

static inline bool str_empty(struct str s)
{
    return s.n == 0;
}

static inline int str_cmp(struct str a, struct str b) /* plain byte order */
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *z)
{
    return str_eq(a, str_of(z));
}

bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */

/* Index of the first c, or s.n. */
size_t str_find_char(struct str s, char c);
/* Index of the first needle, or s.n; an empty needle is found at 0. */
size_t str_find(struct str s, struct str needle);

/* Without the first n bytes (at most all), and those. */
static inline struct str str_skip(struct str s, size_t n)
{
    n = n < s.n ? n : s.n;
    return n ? str_n(s.p + n, s.n - n) : s;
}

static inline struct str str_head(struct str s, size_t n)
{
    return str_n(s.p, n < s.n ? n : s.n);
}

struct str str_trim(struct str s); /* without ASCII blanks and CR LF at the ends */
/* Takes all up to the first sep off *s and drops sep; without one, all of it. */
struct str str_cut(struct str *s, char sep);
uint64_t str_hash(struct str s); /* FNV-1a, stable across runs and machines */

/* Numbers: whole string, range checked; false leaves *out alone. */
bool parse_i64(struct str s, int64_t min, int64_t max, int64_t *out);
bool parse_u64(struct str s, uint64_t max, uint64_t *out);
/* Decimal, with a point whatever the locale; no inf, nan or hex, and at most so many
 * bytes. */
enum { PARSE_DOUBLE_MAX = 127 };
bool parse_double(struct str s, double min, double max, double *out);
bool parse_bool(struct str s, bool *out); /* true false yes no on off 1 0, any case */
/* "90s" "15m" "12h" "7d", or plain seconds. */
bool parse_duration_s(struct str s, int64_t *out);

#endif
