/* pace.h - our manners: how often to ask, and how long to wait before asking again
 *
 * One budget a key (app and shop), shared by all threads of the process, and with others
 * where settings.share says how. How often a
 * marketplace may be asked is not published, so it is found out: answers are counted over
 * windows of a second or more, and where more than a few of a window were 429, the key is
 * slowed to just under what got through. From there it grows again, by a twentieth a
 * second of the most that got through lately, up to its ceiling where one is known; and
 * after a time in which next to nothing got through, it doubles with each answer until
 * one is a 429 again, or half of that most is reached.
 *
 * Slowing down is also a question. A limit is felt less once we are slower; 429s that
 * come as often as before have another cause, and standing back further would help
 * nobody. So where the share stays, the rate is given back, and that share is put up with
 * for a minute; then the question is asked anew.
 */
#ifndef NET_PACE_H
#define NET_PACE_H

#include "base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>

struct pace;

/* Several processes that call the same key share its limit: what each has counted is
 * told, and turns come back, at most half a second's worth, so that most calls ask
 * nobody. Where that fails, each goes on alone at the pace last told. */
struct pace_report {
    int want;                    /* turns; -1 none: it is only told */
    int turns, answers, refused; /* used and come since the last time */
    int64_t hold_ms;             /* a 429 asked for it, from now on; 0 none */
    double told;                 /* the limit the marketplace named; 0 none */
};

struct pace_grant {
    int turns;       /* 0: as many as are wanted, for a while, unless it is `later` */
    int64_t wait_ms; /* until the first; until it is worth asking again */
    bool later;      /* the next turn is too far ahead to be given to anybody */
    double gap_ms;   /* between two */
    double per_second;
    bool puts_up; /* 429s are known not to be of our making just now */
};

struct pace_share {
    void *ctx;
    enum aisle_status (*exchange)(void *ctx, struct str key,
                                  const struct pace_report *report,
                                  struct pace_grant *grant);
};

struct pace_settings {
    double per_second; /* requests a second to begin with, and the most; 0: no limit until
                          a 429 */
    const struct clock *clock;
    const struct rng *rng;
    const atomic_bool *stop;        /* or NULL */
    const struct pace_share *share; /* or NULL: alone. Outlives the pace */
};

enum aisle_status pace_new(const struct pace_settings *settings, struct pace **out,
                           struct aisle_err *err);
void pace_free(struct pace *p); /* NULL is fine */

/* Wait for the turn of this key. AISLE_STOPPED when stop is set while waiting, or `over`
 * is, which may be NULL: the caller's own flag, for an end that is not the program's. */
enum aisle_status pace_wait(struct pace *p, struct str key, const atomic_bool *over,
                            struct aisle_err *err);
/* After an answer: what came of it. A 429 also holds the key for retry_after_s, unless
 * 429s are known not to be of our making just now. */
void pace_answered(struct pace *p, struct str key, bool throttled, int retry_after_s);
/* After a request that no answer came to: for how many milliseconds now nobody has had
 * one; 0 for the first. */
int64_t pace_unanswered(struct pace *p, struct str key);
/* Whether it is time to tell that there is no answer: true once. */
bool pace_tell_silence(struct pace *p);
/* The marketplace named its limit: from now on no more than that for this key. */
void pace_told(struct pace *p, struct str key, double per_second);
/* Those we share with are told what was counted of keys that nobody asked for in the last
 * idle_ms, so that it does not wait for the next call. */
void pace_tell(struct pace *p, int64_t idle_ms);
/* Requests a second allowed to a key just now; 0 no limit. */
double pace_rate(struct pace *p, struct str key);

/* Milliseconds before attempt n (1 is the first repeat): 1 s × 2^(n-1), at most 60 s,
 * plus up to 500 ms of jitter; never less than retry_after_s. (Rate limits page,
 * 2026-05-21.) */
int64_t pace_backoff_ms(const struct rng *rng, int attempt, int retry_after_s);
/* Sleep, in slices, so that stop and `over` are heard: AISLE_STOPPED. */
enum aisle_status pace_sleep(struct pace *p, int64_t ms, const atomic_bool *over,
                             struct aisle_err *err);

#endif
