/* pace_rule.h - how fast a key may be asked, found out from what its answers say
 *
 * The rule behind pace.h, pure: state, counts and the time go in, turns come out. Whoever
 * keeps the state where several processes find it has them share one limit. Times are
 * milliseconds of any clock, as long as it is the same one.
 */
#ifndef NET_PACE_RULE_H
#define NET_PACE_RULE_H

#include <stdbool.h>
#include <stdint.h>

struct pace_rule {
    double rate;      /* turns a second; 0 no limit */
    double most;      /* the rate may grow to; 0 no limit */
    int64_t next_ms;  /* the next turn is not before; also a 429's hold */
    int64_t grown_ms; /* the rate has grown until then */

    int64_t window_ms; /* since when answers are counted; in the future while settling */
    int64_t turns, answers, refused;
    double best; /* got through a second, lately */

    bool asking;        /* slowed down, and counting whether it helps */
    double asked_from;  /* the rate before */
    double asked_share; /* of 429s before */
    double put_up_with; /* share of 429s that slowing down did not change, */
    int64_t put_up_until_ms;
};

/* No marketplace lets more through; beyond it there might as well be no limit. */
static const double pace_most_per_second = 1e6;

void pace_rule_init(struct pace_rule *r, double per_second, int64_t now);
/* The next n turns: the first is at what comes back (not before now), the others follow
 * at 1000 / rate ms; all at once where there is no limit. */
int64_t pace_rule_take(struct pace_rule *r, int n, int64_t now);
/* Turns that were used and answers that came since the last time. */
void pace_rule_count(struct pace_rule *r, int turns, int answers, int refused,
                     int64_t now);
/* A 429 asked for it; not kept while 429s are put up with. */
void pace_rule_hold(struct pace_rule *r, int64_t until, int64_t now);
/* The marketplace named its limit. */
void pace_rule_told(struct pace_rule *r, double per_second);

#endif
