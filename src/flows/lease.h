/* lease.h - one at a time: a named lease in the store, given up when its process is gone
 *
 * Whoever was killed leaves a lease behind; on the same machine we can tell that its
 * process is gone and need not wait for the lease to end. A lease that ends later than
 * whoever wants it could be given it was taken by a clock that was ahead, and is over; so
 * everyone takes a name for the same time.
 */
#ifndef FLOWS_LEASE_H
#define FLOWS_LEASE_H

#include "flows/app.h"

enum {
    LEASE_OWNER_LEN = 320,
    LEASE_CLOCKS_APART_S = 60, /* of those who share a store, at most */
};

struct lease {
    char name[320];
    char owner[LEASE_OWNER_LEN]; /* app's owner and a word of its own: threads differ too
                                  */
    bool held;
    bool was_left; /* by whoever had it before: what that one was at it did not end */
};

/* Take `kind/what` for so many seconds. AISLE_CONFLICT says which work is under way, by
 * whose process, and when its lease is over unless it is renewed. */
enum aisle_status lease_take(const struct app *app, struct lease *lease, const char *kind,
                             struct str what, int64_t seconds, struct aisle_err *err);
/* Hold it for so many seconds from now. AISLE_CONFLICT: it was lost meanwhile. */
enum aisle_status lease_renew(const struct app *app, struct lease *lease, int64_t seconds,
                              struct aisle_err *err);
void lease_give_back(const struct app *app, struct lease *lease); /* not held: nothing */

#endif
