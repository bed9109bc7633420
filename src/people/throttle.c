#include "people/throttle.h"

static bool forgotten(const struct attempts *a, int64_t now)
{
    return a->failures == 0 || now - a->last_at >= THROTTLE_FORGET_S;
}

int64_t throttle_wait_s(const struct attempts *a, int64_t free, int64_t now)
{
    int64_t past = a->failures - free, wait = THROTTLE_MOST_S, since = now - a->last_at;

    if (forgotten(a, now) || past < 0)
        return 0;
    if (past < 9 && ((int64_t)1 << past) < wait)
        wait = (int64_t)1 << past;
    if (since < 0) /* the clock was set back */
        since = 0;
    return since >= wait ? 0 : wait - since;
}

void throttle_fail(struct attempts *a, int64_t now)
{
    a->failures = forgotten(a, now) ? 1 : a->failures + 1;
    a->last_at = now;
}
