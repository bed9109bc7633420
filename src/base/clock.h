/* clock.h - time and chance, handed in so that tests can pin them */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/status.h"
#include "base/str.h"

struct clock {
    void *ctx;
    int64_t (*now_ms)(void *ctx);  /* UTC milliseconds since 1970 */
    int64_t (*mono_ms)(void *ctx); /* never goes back; for waiting and measuring */
    void (*sleep_ms)(void *ctx, int64_t ms);
};

struct rng {
    void *ctx;
    /* Does not fail; ours aborts without entropy. */
    void (*fill)(void *ctx, void *out, size_t n);
};

const struct clock *clock_system(void);
const struct rng *rng_system(void); /* getrandom */

static inline int64_t clock_now_s(const struct clock *c)
{
    return c->now_ms(c->ctx) / 1000;
}

static inline int64_t clock_now_ms(const struct clock *c)
{
    return c->now_ms(c->ctx);
}

static inline int64_t clock_mono_ms(const struct clock *c)
{
    return c->mono_ms(c->ctx);
}

static inline void clock_sleep_ms(const struct clock *c, int64_t ms)
{
    c->sleep_ms(c->ctx, ms);
}

/* A clock that stands still until someone sleeps or sets it; for tests. Thread-safe. */
struct clock_still {
    struct clock clock; /* hand out &still.clock */
    _Atomic int64_t ms;
};
void clock_still_init(struct clock_still *c, int64_t now_ms);

/* The same numbers for the same seed (splitmix64); for tests and the sandbox.
 * Thread-safe. */
struct rng_seeded {
    struct rng rng;
    _Atomic uint64_t state;
};
void rng_seeded_init(struct rng_seeded *r, uint64_t seed);

uint64_t rng_u64(const struct rng *r);
uint64_t rng_below(const struct rng *r, uint64_t n); /* 0 … n-1, without bias; n > 0 */
double rng_unit(const struct rng *r);                /* [0, 1) */

enum { UUID_LEN = 36 };
void uuid_v4(const struct rng *r, char out[UUID_LEN + 1]); /* lower case */

/* "2026-11-21T20:58:56Z" and back (also with fraction, also with +07:00). */
enum { TIME_LEN = 20 };
void time_format(int64_t s, char out[TIME_LEN + 1]);
bool time_parse(struct str text, int64_t *s);

#endif
