/* listing.h - mapped products to listings: checked here, sent, followed, changed
 *
 * A product is assembled into a draft from what the seller has and what its leaf demands,
 * held against every rule that can be known, and only then sent. What is about to be sent
 * is written down first: after a crash or a lost answer the product is looked up before
 * it is created again, so that it is never there twice.
 */
#ifndef FLOWS_LISTING_H
#define FLOWS_LISTING_H

#include "flows/app.h"
#include "listing/assemble.h"
#include "listing/finding.h"
#include "listing/fix.h"

enum publish_outcome {
    PUBLISH_CREATED,
    PUBLISH_EDITED,
    PUBLISH_FOUND,    /* it was there: of a create whose answer was lost, or by hand */
    PUBLISH_SAME,     /* nothing changed since it was last sent */
    PUBLISH_READY,    /* checked and right, not sent: only a check was asked for */
    PUBLISH_UNMAPPED, /* no accepted leaf */
    PUBLISH_WRONG,    /* the check found errors: not sent */
    PUBLISH_REFUSED,  /* the marketplace said no */
    PUBLISH_LATER,    /* not now: a cap, a marketplace that is down, a lost answer */
};
enum { PUBLISH_OUTCOMES = PUBLISH_LATER + 1 };

const char *publish_outcome_name(enum publish_outcome outcome); /* "created" */

/* What a product was when somebody looked at it. */
struct publish_seen {
    int64_t version;        /* 0: any */
    struct str category_id; /* its leaf; "" any */
};

struct publish_request {
    struct str target;             /* as flow_target reads it */
    struct str seller_id;          /* "" the shop's own */
    const struct str *product_ids; /* none: all; AISLE_NOT_FOUND, and nothing sent, when
                                      one is not there */
    size_t product_count;
    struct str seller_category; /* with has_seller_category: only its products */
    bool has_seller_category;

    /* Of each id; NULL: any. AISLE_CONFLICT when one is another by now: it is not sent,
     * and none after it. */
    const struct publish_seen *seen;

    size_t limit;     /* 0: all */
    bool draft;       /* save as draft, else list */
    bool only_listed; /* leave out what was never sent; AISLE_NOT_FOUND for one of the ids
                       */
    bool check_only;  /* send nothing: no image, no product */
    bool offline;     /* with check_only: call nobody, judge by what is kept */
    bool remote;      /* with check_only: have the marketplace check as well; its images
                         are pushed */
    bool fix;         /* mend what can be mended without asking */
    bool again;       /* also what was refused or found wrong before in the same form */
    unsigned jobs;    /* threads; 0: 4 */
    struct str image_root;
    bool allow_private;
    enum listing_profile profile;
    struct str defaults; /* JSON: {"shop": BODY, "categories": {"Fashion > Kaos": BODY},
                            "rates": {"USD": 1, "THB": 36.5}}; nothing else */
    struct str defaults_name;  /* of the file, for messages; "" the defaults */
    const struct str *markets; /* of a global target: "MY", "TH"; none: the shop's own */
    size_t market_count;
    int search_lag_s; /* how long a search may not show what was created; <0: the
                         channel's */
};

/* Borrowed until the callback returns. */
struct publish_item {
    struct str seller_id, product_id, title;
    enum publish_outcome outcome;
    struct str category_id;
    const struct listing *listing; /* as it is kept now; NULL when there is none */
    const struct findings *findings;
    const struct findings *as_draft; /* with check_only: judged as a draft; else NULL */
    bool remote_asked, remote_passed;
    size_t remote_alone; /* reasons of the marketplace that are none of our findings */
    const struct listing_repairs *repairs;
    const struct requirement *requirement; /* of the leaf; NULL where it is not known */
    const struct listing_field *fields;    /* its columns, once it was assembled */
    size_t field_count;
    const struct unfilled_attribute *unfilled;
    size_t unfilled_count;
    const struct shop_warehouse *warehouses; /* the shop's, where it was asked */
    size_t warehouse_count;
    struct str code, text; /* of a refusal or failure */
};
/* From one thread at a time. */
typedef void publish_item_fn(void *ctx, const struct publish_item *item);

struct publish_result {
    struct str target_id; /* in the arena */
    size_t total, counts[PUBLISH_OUTCOMES];
    bool capped;                 /* the marketplace takes no more today */
    const struct str *strangers; /* categories of the defaults that no product has; in the
                                    arena */
    size_t stranger_count;
};

/* AISLE_OK when all were gone through, whatever became of each. *out is filled after a
 * failure too. */
enum aisle_status flow_publish(const struct app *app,
                               const struct publish_request *request, publish_item_fn *fn,
                               void *ctx, struct arena *arena, struct publish_result *out,
                               struct aisle_err *err);

/* ---- what is listed ---- */

struct follow_request {
    struct str target, seller_id;
    const struct str *product_ids; /* none: those under way (pending, draft, scheduled) */
    size_t product_count;
    bool all;         /* every listing */
    int64_t begun_at; /* those heard of since then are seen already; 0: none */
};
typedef void
follow_fn(void *ctx, const struct listing *listing, enum listing_state was,
          const struct aisle_err *why); /* why: NULL, or it was not to be had */
struct follow_result {
    size_t seen, changed, failed;
};
/* Ask the marketplace what they are now. */
enum aisle_status flow_listing_follow(const struct app *app,
                                      const struct follow_request *request, follow_fn *fn,
                                      void *ctx, struct follow_result *out,
                                      struct aisle_err *err);

/* Activate, deactivate, delete or recover listings of these products (ours). Those the
 * marketplace did not change are told with its reason. Where its answer was lost they are
 * looked up, and what cannot be known is told so. */
enum aisle_status flow_listing_change(const struct app *app, struct str target,
                                      struct str seller_id, enum channel_change change,
                                      const struct str *product_ids, size_t product_count,
                                      follow_fn *fn, void *ctx, struct follow_result *out,
                                      struct aisle_err *err);

/* Take in what the shop lists already: joined to our products by seller SKU (a product's
 * id, or that of one of its variants), their leaves become accepted mappings. */
struct pull_result {
    size_t seen, joined, mapped, unknown;
    char batch_id[40]; /* of the mappings */
};
typedef void pull_fn(void *ctx, const struct channel_product *p, struct str product_id,
                     bool mapped); /* product_id "": none of ours */
enum aisle_status flow_listing_pull(const struct app *app, struct str target,
                                    struct str seller_id, bool dry_run, pull_fn *fn,
                                    void *ctx, struct pull_result *out,
                                    struct aisle_err *err);

#endif
