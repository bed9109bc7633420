/* spot.h - a place in a draft by its path, made writable; internal to the room */
#ifndef LISTING_SPOT_H
#define LISTING_SPOT_H

#include "listing/fixing.h"
#include "listing/members.h"

struct spot {
    void *row; /* the struct the member lies in */
    const struct member *member;
};

/* "skus[0].price.sale_price" in f's draft; lists on the way are copied, so that what is
 * written there is not written into the original. False when there is no such place. */
bool spot_find(struct fixing *f, struct str path, struct spot *out);
/* Leaves a member or an item of a list out. An id or the values of an item are its heart:
 * without them it goes whole. False when it was not there. */
bool spot_drop(struct fixing *f, struct str path);

#endif
