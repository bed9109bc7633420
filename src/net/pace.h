/* pace.h - our manners: how often to ask, and how long to wait before asking again
 *
 * One budget a key (app and shop), shared by all threads of the process: slows down when
 * the marketplace says 429, recovers while it does not.
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include "base/clock.h"

#include <stdatomic.h>

struct pace;

struct pace_settings {
    double per_second; /* requests a second to begin with, and the most; 0: no limit until
                          a 429 */
    const struct clock *clock;
    const struct rng *rng;
    const atomic_bool *stop; /* or NULL */
};

enum aisle_status pace_new(const struct pace_settings *settings, struct pace **out,
                           struct aisle_err *err);
void pace_free(struct pace *p); /* NULL is fine */

/* Wait for the turn of this key. AISLE_STOPPED when stop is set while waiting. */
enum aisle_status pace_wait(struct pace *p, struct str key, struct aisle_err *err);
/* After an answer: what came of it. A 429 halves the key's rate and holds it for
 * retry_after_s. */
void pace_answered(struct pace *p, struct str key, bool throttled, int retry_after_s);
/* The marketplace named its limit: from now on no more than that for this key. */
void pace_told(struct pace *p, struct str key, double per_second);
/* Requests a second allowed to a key just now; 0 no limit. */
double pace_rate(struct pace *p, struct str key);

/* Milliseconds before attempt n (1 is the first repeat): 1 s × 2^(n-1), at most 60 s,
 * plus up to 500 ms of jitter; never less than retry_after_s. (Rate limits page,
 * 2026-05-21.) */
int64_t pace_backoff_ms(const struct rng *rng, int attempt, int retry_after_s);
/* Sleep, in slices, so that stop is heard: AISLE_STOPPED. */
enum aisle_status pace_sleep(struct pace *p, int64_t ms, struct aisle_err *err);

#endif
