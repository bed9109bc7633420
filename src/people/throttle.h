/* throttle.h - how long whoever failed to sign in waits before the next try counts
 *
 * Kept for a name at an address, for an address, and for a name from wherever: one
 * guesser cannot try many passwords of one user, nor one password of many users, and who
 * is slowed is the guesser, not the user elsewhere. Only guesses from many addresses slow
 * a name as a whole; to a try in a few minutes, never for good.
 */
#ifndef PEOPLE_THROTTLE_H
#define PEOPLE_THROTTLE_H

#include "base/str.h"

struct attempts {
    struct str key;   /* "user/dewi@192.0.2.7", "peer/192.0.2.7", "name/dewi" */
    int64_t failures; /* without a success between, or an hour's rest */
    int64_t last_at;
};

/* What is free, and the longest wait. */
enum {
    THROTTLE_FREE_USER = 5,
    THROTTLE_FREE_PEER = 20,
    THROTTLE_FREE_NAME = 100,
    THROTTLE_MOST_S = 300,
    THROTTLE_FORGET_S = 3600
};

/* Seconds to wait from now; 0: go on. Doubles with every failure past `free`. */
int64_t throttle_wait_s(const struct attempts *a, int64_t free, int64_t now);
/* One more failure. */
void throttle_fail(struct attempts *a, int64_t now);

#endif
