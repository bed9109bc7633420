#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t system_now_ms(void *ctx)
{
    (void)ctx;
    return read_ms(CLOCK_REALTIME);
}

static int64_t system_mono_ms(void *ctx)
{
    (void)ctx;
    return read_ms(CLOCK_MONOTONIC);
}

/* Sleeps the whole time; a signal does not cut it short. */
static void system_sleep_ms(void *ctx, int64_t ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    (void)ctx;
    if (ms <= 0)
        return;
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        continue;
}

const struct clock *clock_system(void)
{
    static const struct clock system_clock = {
        .now_ms = system_now_ms,
        .mono_ms = system_mono_ms,
        .sleep_ms = system_sleep_ms,
    };

    return &system_clock;
}

static void system_fill(void *ctx, void *out, size_t n)
{
    unsigned char *p = out;

    (void)ctx;
    while (n) {
        ssize_t got = getrandom(p, n, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            abort(); /* a guessable secret would be worse than none */
        p += got;
        n -= (size_t)got;
    }
}

const struct rng *rng_system(void)
{
    static const struct rng system_rng = {.fill = system_fill};

    return &system_rng;
}

static int64_t still_ms(void *ctx)
{
    struct clock_still *c = ctx;

    return c->ms;
}

static void still_sleep_ms(void *ctx, int64_t ms)
{
    struct clock_still *c = ctx;

    if (ms > 0)
        c->ms += ms;
}

void clock_still_init(struct clock_still *c, int64_t now_ms)
{
    c->clock = (struct clock){c, still_ms, still_ms, still_sleep_ms};
    c->ms = now_ms;
}

/* splitmix64 (Steele, Lea, Flood 2014): a counter and a mixer, so threads can share it.
 */
static uint64_t seeded_next(struct rng_seeded *r)
{
    const uint64_t step = 0x9e3779b97f4a7c15u;
    uint64_t z = atomic_fetch_add(&r->state, step) + step;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Low byte first, whatever the machine. */
static void seeded_fill(void *ctx, void *out, size_t n)
{
    unsigned char *p = out;

    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = seeded_next(ctx);

        for (size_t k = i; k < n && k < i + 8; k++, word >>= 8)
            p[k] = (unsigned char)word;
    }
}

void rng_seeded_init(struct rng_seeded *r, uint64_t seed)
{
    r->rng = (struct rng){r, seeded_fill};
    r->state = seed;
}

uint64_t rng_u64(const struct rng *r)
{
    unsigned char byte[8];
    uint64_t n = 0;

    r->fill(r->ctx, byte, sizeof byte);
    for (int i = 7; i >= 0; i--)
        n = n << 8 | byte[i];
    return n;
}

uint64_t rng_below(const struct rng *r, uint64_t n)
{
    /* the few lowest values, by which 2^64 is no multiple of n, are drawn again */
    uint64_t few = (0 - n) % n, x;

    do
        x = rng_u64(r);
    while (x < few);
    return x % n;
}

double rng_unit(const struct rng *r)
{
    return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

/* RFC 9562, 5.4: 122 random bits around the version and the variant. */
void uuid_v4(const struct rng *r, char out[UUID_LEN + 1])
{
    static const char hex[] = "0123456789abcdef";
    unsigned char byte[16];
    char *o = out;

    r->fill(r->ctx, byte, sizeof byte);
    byte[6] = (unsigned char)((byte[6] & 0x0F) | 0x40);
    byte[8] = (unsigned char)((byte[8] & 0x3F) | 0x80);
    for (size_t i = 0; i < sizeof byte; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *o++ = '-';
        *o++ = hex[byte[i] >> 4];
        *o++ = hex[byte[i] & 15];
    }
    *o = '\0';
}

static char *put_number(char *to, int n, int digits, char after)
{
    for (int i = digits - 1; i >= 0; i--, n /= 10)
        to[i] = (char)('0' + n % 10);
    to[digits] = after;
    return to + digits + 1;
}

/* The date so many days after 0000-01-01. Counted from a first of March, so that the day
 * a leap year has more comes last; gmtime would take a lock for the same. */
static void date_of(int64_t days, int *year, int *month, int *day)
{
    int64_t from_march = days + 146097 - 60; /* since -0400-03-01 */
    int64_t era = from_march / 146097, in_era = from_march % 146097;
    int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * y + y / 4 - y / 100);
    int64_t m = (5 * in_year + 2) / 153; /* 0 is March */

    *day = (int)(in_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(era * 400 + y - 400 + (m >= 10));
}

void time_format(int64_t s, char out[TIME_LEN + 1])
{
    /* four digits of year: 0000-01-01T00:00:00Z … 9999-12-31T23:59:59Z */
    const int64_t first = -62167219200, last = 253402300799;
    int64_t t = (s < first ? first : s > last ? last : s) - first;
    int year, month, day, rest = (int)(t % 86400);

    date_of(t / 86400, &year, &month, &day);
    out = put_number(out, year, 4, '-');
    out = put_number(out, month, 2, '-');
    out = put_number(out, day, 2, 'T');
    out = put_number(out, rest / 3600, 2, ':');
    out = put_number(out, rest / 60 % 60, 2, ':');
    out = put_number(out, rest % 60, 2, 'Z');
    *out = '\0';
}

/* `n` digits off the front of *s, then the character after them unless it is 0. */
static bool take_number(struct str *s, size_t n, char after, int *out)
{
    int64_t value;

    if (s->n < n + (after != 0) || !parse_i64(str_head(*s, n), 0, 9999, &value) ||
        (after && s->p[n] != after))
        return false;
    *out = (int)value;
    *s = str_skip(*s, n + (after != 0));
    return true;
}

static int days_in_month(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

static bool is_date(const struct tm *t, int year, int month)
{
    return month >= 1 && month <= 12 && t->tm_mday >= 1 &&
           t->tm_mday <= days_in_month(year, month) && t->tm_hour < 24 &&
           t->tm_min < 60 && t->tm_sec < 60;
}

/* "Z" or "+07:00": how far local time is ahead of UTC. */
static bool take_zone(struct str s, int *ahead_s)
{
    int sign, hours, minutes;

    if (str_is(s, "Z")) {
        *ahead_s = 0;
        return true;
    }
    if (s.n == 0 || (s.p[0] != '+' && s.p[0] != '-'))
        return false;
    sign = s.p[0] == '-' ? -1 : 1;
    s = str_skip(s, 1);
    if (!take_number(&s, 2, ':', &hours) || !take_number(&s, 2, 0, &minutes) || s.n ||
        hours > 23 || minutes > 59)
        return false;
    *ahead_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool time_parse(struct str text, int64_t *s)
{
    struct tm t = {0};
    int year, month, ahead_s;

    if (!take_number(&text, 4, '-', &year) || !take_number(&text, 2, '-', &month) ||
        !take_number(&text, 2, 'T', &t.tm_mday) ||
        !take_number(&text, 2, ':', &t.tm_hour) ||
        !take_number(&text, 2, ':', &t.tm_min) || !take_number(&text, 2, 0, &t.tm_sec) ||
        !is_date(&t, year, month))
        return false;

    if (text.n > 1 && text.p[0] == '.') {
        text = str_skip(text, 1);
        if (text.p[0] < '0' || text.p[0] > '9')
            return false;
        while (text.n && text.p[0] >= '0' && text.p[0] <= '9')
            text = str_skip(text, 1);
    }
    if (!take_zone(text, &ahead_s))
        return false;

    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    *s = timegm(&t) - ahead_s;
    return true;
}
