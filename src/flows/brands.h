/* brands.h - brands of a seller's own, made at the marketplace once */
#ifndef FLOWS_BRANDS_H
#define FLOWS_BRANDS_H

#include "flows/app.h"

struct brand_added {
    struct str name, id; /* id in the arena */
    bool created;        /* else it was there */
};

/* Looks for a brand of exactly that name before it makes one, and again when the answer
 * was lost. AISLE_REFUSED, AISLE_INVALID: the marketplace does not take the name;
 * AISLE_LIMIT: no more today. */
enum aisle_status flow_brand_add(const struct app *app, struct str target,
                                 struct str name, struct arena *arena,
                                 struct brand_added *out, struct aisle_err *err);

/* Ask the marketplace to move all live products of a shop to the newer tree (Category
 * Upgrade Task). It takes its time; what moved is told by notification and by
 * flow_listing_follow. */
enum aisle_status flow_listing_upgrade(const struct app *app, struct str target,
                                       struct aisle_err *err);

#endif
