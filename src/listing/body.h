/* body.h - a Create Product body to a draft, and a draft to a body
 *
 * Reading is tolerant of what it can name: a member of the wrong type is a finding
 * ("param skus[0].price.amount type invalid", 36009004), and is still read where it is
 * clear what was meant ("12" for 12, 12 for "12"), else it counts as absent. Members we
 * do not know are warnings. null is absent. Only a text that is no JSON object fails.
 */
#ifndef LISTING_BODY_H
#define LISTING_BODY_H

#include "listing/check.h"

enum {
    LISTING_BODY_MAX = 4 * 1024 * 1024, /* bytes */
    LISTING_LIST_MAX = 2000,            /* entries of any one list */
    LISTING_BODY_TEXT_MAX = LISTING_BODY_MAX,
};

/* The draft borrows from arena alone; so do the findings' paths. Both spellings are read
 * where documents differ (delivery_options_ids, primary_combined_duct_id).
 * AISLE_GARBLED, AISLE_LIMIT, AISLE_NOMEM. */
enum aisle_status listing_read_body(struct str text, struct arena *arena,
                                    struct listing_draft *out, struct findings *findings,
                                    struct aisle_err *err);

enum listing_body_kind {
    BODY_CREATE,
    BODY_EDIT,         /* with ids of SKUs, without what Edit Product does not take */
    BODY_PARTIAL_EDIT, /* the same members; what is absent is left out */
    BODY_CHECK,        /* Check Product Listing: without save_mode and its like */
    BODY_GLOBAL,       /* Create Global Product */
    BODY_GLOBAL_EDIT,  /* and Edit Global Product, with ids of SKUs */
};

/* Appends one JSON object. Members that are absent are left out, empty lists and texts
 * that are there are written. Images without a uri are left out. */
void listing_write_body(const struct listing_draft *draft, enum listing_body_kind kind,
                        struct buf *out);

#endif
