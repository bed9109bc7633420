/* limits.h - one budget of calls for each app and shop, whichever processes share a store
 *
 * The rule of net/pace is kept in a row: whoever needs turns adds what it has counted,
 * lets the rule judge, and takes turns out of the future, so that no two processes ever
 * hold the same one. A row nobody changed meanwhile is written back; else it is read
 * again.
 */
#ifndef FLOWS_LIMITS_H
#define FLOWS_LIMITS_H

#include "net/pace.h"
#include "store/store.h"

struct limits {
    struct store *store;
    const struct clock *clock;
    double per_second; /* to begin with, and the most; 0: no limit until a 429 */
    struct pace_share share;
};

/* Ready for a pace; the store may be set later, before the first call. */
void limits_init(struct limits *l, const struct clock *clock, double per_second);

/* Every limit, by app and shop, under the name the shop has here; the calls a shop had
 * before the marketplace's id of it was known are counted with those since. */
enum aisle_status flow_limits_each(struct store *store,
                                   enum aisle_status (*fn)(void *ctx,
                                                           const struct call_limit *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err);

#endif
