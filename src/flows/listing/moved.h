/* moved.h - the marketplace put a listed product into another leaf: what follows here
 *
 * The product's mappings go along in the targets of the tree it now lies in: the one it
 * lay in, or, after the marketplace took what is live to its newer tree, that one.
 * Nothing is sent.
 */
#ifndef FLOWS_LISTING_MOVED_H
#define FLOWS_LISTING_MOVED_H

#include "flows/app.h"
#include "listing/listing.h"

struct listing_move {
    struct str shop_id, seller_id;
    struct str to;       /* the leaf */
    struct str batch_id; /* of the decisions; those of one batch are made once */
};

/* Decides, and says in *listing which tree and leaf it is in now; keeping the listing is
 * the caller's. *decisions counts what was decided. */
enum aisle_status listing_moved(const struct app *app, const struct listing_move *move,
                                struct arena *arena, struct listing *listing,
                                size_t *decisions, struct aisle_err *err);

#endif
