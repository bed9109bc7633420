/* share.h - sellers that let their approvals inform each other
 *
 * Off unless both said so, each for itself, and over when one takes it back: then what
 * was learnt of the other is forgotten within seconds. What goes over is which title was
 * approved for which leaf, so that the other's matcher finds it; the titles themselves
 * are not shown to it.
 */
#ifndef FLOWS_SHARE_H
#define FLOWS_SHARE_H

#include "flows/app.h"

/* Give the seller's consent, or take it back. AISLE_NOT_FOUND: no such seller;
 * AISLE_INVALID: with itself. */
enum aisle_status flow_share(const struct app *app, struct str seller_id,
                             struct str with_id, bool on, struct aisle_err *err);

/* How a seller stands with another. */
struct sharing {
    struct str with_id;
    bool given;   /* this one's consent */
    bool granted; /* the other's; shared is where both are */
};
/* All there is a consent with, by with_id; in the arena. */
enum aisle_status flow_sharing(const struct app *app, struct str seller_id,
                               struct arena *arena, struct sharing **out, size_t *count,
                               struct aisle_err *err);

/* Whose decisions on which target inform a seller on a target: those of sellers it shares
 * with, on the same target and on those of their own shops whose category ids mean the
 * same (channel, region, version and platform alike). In the arena. */
struct shared_source {
    struct str seller_id, target_id;
};
enum aisle_status flow_shared_sources(const struct app *app, struct str seller_id,
                                      struct str target_id, struct arena *arena,
                                      struct shared_source **out, size_t *count,
                                      struct aisle_err *err);

#endif
