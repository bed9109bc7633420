/* brands.h - brands of a seller's own, made at the marketplace once */
#ifndef FLOWS_BRANDS_H
#define FLOWS_BRANDS_H

#include "flows/app.h"

enum { BRANDS_A_PAGE = 100 }; /* Get Brands 202309 */

struct brands_request {
    struct str target, name; /* name: a prefix; "" all */
    struct str category;     /* those for this leaf; "" any */
    bool authorized_only;
    struct str page; /* where a former answer ended; "" the first */
    size_t limit;    /* 0: all */
};
typedef enum aisle_status brand_fn(void *ctx, const struct shop_brand *brand,
                                   struct aisle_err *err);

/* The brands a shop may name in its listings, as the marketplace has them now. *next (in
 * the arena; may be NULL) is where it goes on behind a limit of BRANDS_A_PAGE or less; ""
 * nowhere. */
enum aisle_status flow_each_brand(const struct app *app,
                                  const struct brands_request *request,
                                  struct arena *arena, brand_fn *fn, void *ctx,
                                  struct str *next, struct aisle_err *err);

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
