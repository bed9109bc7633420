/* desk.h - what the threads of one publishing share, and what each has for itself
 *
 * The desk knows the target, its tree, the shop's warehouses, and of each leaf in turn
 * what it demands and whether the shop may list there now. Each is asked for once.
 */
#ifndef FLOWS_LISTING_DESK_H
#define FLOWS_LISTING_DESK_H

#include "flows/listing.h"
#include "flows/map/once.h"
#include "flows/session.h"
#include "listing/abroad.h"
#include "listing/assemble.h"
#include "listing/image_use.h"

#include <pthread.h>

struct leaf { /* of the tree, once asked about; never changes afterwards */
    struct str id;
    struct requirement requirement;
    bool has_requirement;
    struct shop_category category;
    enum aisle_status status; /* of asking */
    struct aisle_err why;
    struct leaf *next;
};

struct brand_search { /* brands whose name begins so, in one leaf */
    struct str leaf_id, name;
    const struct shop_brand *rows;
    size_t count;
    struct brand_search *next;
};

struct category_default {
    struct str path;
    struct listing_draft draft;
    bool is_used; /* some product has it */
};

struct sellers_lessons { /* what one seller taught about this market */
    struct str seller_id;
    struct attribute_lesson *rows;
    size_t count, room;
};

struct desk {
    const struct app *app;
    const struct publish_request *request;
    struct target target;
    struct shop shop;
    const struct channel_ops *channel;
    const struct listing_limits *limits;
    bool global; /* global products are made, and published to these markets */
    struct str markets[ABROAD_MAX];
    size_t market_count;
    struct listing_limits abroad; /* limits point here then */
    struct listing_rates rates;
    struct taxonomy tree;
    struct snapshot snapshot;
    struct arena arena; /* filled by desk_open, then guarded by asking */
    struct once *once;  /* equal images are uploaded one at a time */
    struct listing_draft shop_defaults;
    bool has_shop_defaults;
    struct category_default *category_defaults;
    size_t category_default_count;
    const char *defaults_name;
    const struct shop_warehouse *warehouses;
    size_t warehouse_count;
    bool warehouses_known;
    struct sellers_lessons *lessons; /* by seller */
    size_t lesson_seller_count;

    pthread_mutex_t asking; /* guards the lists below, also while somebody asks */
    struct leaf *leaves;
    struct brand_search *brands;

    pthread_mutex_t papers_lock; /* guards these two */
    struct noted_paper *papers;  /* what videos, size charts, certificates are */
    struct arena papers_arena;

    pthread_mutex_t lock; /* guards all below */
    const struct product_key *products;
    size_t product_count, next;
    struct publish_result result;
    publish_item_fn *fn;
    void *fn_ctx;
    bool end;
    size_t busy_in_a_row;
    enum aisle_status status; /* the first failure that ends it all */
    struct aisle_err err;
};

struct product_key {
    struct str seller_id, id;
    struct publish_seen seen;
};

/* One thread's. */
struct clerk {
    struct desk *desk;
    struct session session;
    bool online;
    struct arena arena; /* of one product */
};

enum aisle_status desk_open(const struct app *app, const struct publish_request *request,
                            struct desk *out, struct aisle_err *err);
void desk_close(struct desk *d); /* after a failed open too */

enum aisle_status clerk_open(struct desk *d, struct clerk *out, struct aisle_err *err);
void clerk_close(struct clerk *c);

/* What there is to know of a leaf. The leaf stays as long as the desk; its status is that
 * of asking about it. */
enum aisle_status desk_leaf(struct clerk *c, struct str category_id,
                            const struct leaf **out, struct aisle_err *err);
/* Brands of that name in that leaf; none while offline. Failing to find out is none. */
enum aisle_status desk_brands(struct clerk *c, struct str category_id, struct str name,
                              const struct shop_brand **out, size_t *count,
                              struct aisle_err *err);
/* Defaults of a seller category, or NULL. */
const struct listing_draft *desk_category_defaults(const struct desk *d, struct str path);

/* Categories of the defaults that no product of the seller has, in the arena. */
enum aisle_status desk_strangers(struct desk *d, struct arena *arena,
                                 const struct str **out, size_t *count,
                                 struct aisle_err *err);

/* What that seller taught; NULL for nothing. */
const struct sellers_lessons *desk_lessons(const struct desk *d, struct str seller_id);

/* images.c: one product's images: their bytes looked at, and pushed where they are not
 * yet. */
struct gallery {
    struct listing_image *rows; /* the product's, main first; then those of variants */
    struct buf *bytes;          /* of each */
    enum image_use *uses;
    size_t count;
    struct listing_repair *repairs; /* of those that were mended; room for all */
    size_t repair_count;
};
/* Fetch and look, and with `fix` mend. A location whose bytes cannot be had, and an image
 * that cannot be mended, give a finding. */
extern const char gallery_rule[]; /* of the first finding */
enum aisle_status gallery_look(struct clerk *c, struct str seller_id, struct gallery *g,
                               struct findings *findings, struct aisle_err *err);
/* Give each a uri: one that was pushed before, else a new one. `gone`: those they have
 * are known there no more. */
enum aisle_status gallery_push(struct clerk *c, struct str seller_id, struct gallery *g,
                               bool gone, struct aisle_err *err);
void gallery_clear(struct gallery *g);

/* papers.c: what goes along with one product beside its pictures. */
struct papers_at_hand {
    struct listing_paper *rows;
    size_t count;
    struct listing_repair *repairs; /* room for all */
    size_t repair_count;
};
/* Fetch and look, as for a gallery. */
enum aisle_status papers_look(struct clerk *c, struct str seller_id,
                              struct papers_at_hand *papers, struct findings *findings,
                              struct aisle_err *err);
/* Give each that was looked at its uri, or id. `gone`: the uris of images are known there
 * no more. */
enum aisle_status papers_push(struct clerk *c, struct str seller_id,
                              struct papers_at_hand *papers, bool gone,
                              struct aisle_err *err);

/* skus.c: which SKU of a draft is which of the marketplace's. */

/* Of each SKU its id there, by a listing's `skus`: by seller SKU, then by the values of
 * its options or other words for them, the only one of a product without options, and
 * where nothing is known of either by its place. "" for one that is not there. No id is
 * given twice. Text in the arena. */
enum aisle_status skus_match(struct str kept, const struct listing_sku *skus,
                             size_t count, struct arena *arena, struct str *ids,
                             struct aisle_err *err);
/* A draft of a product that is there gets its id and those of its SKUs: an edit deletes
 * SKUs whose ids it does not name. Where what is kept cannot tell them apart, or leaves
 * one of them without an id that it may have, the marketplace is asked for their options.
 */
enum aisle_status clerk_name_skus(struct clerk *c, struct listing *l,
                                  struct listing_draft *draft, struct aisle_err *err);

/* What a listing's `skus` says of an answer, which tells no options: they are as they
 * were sent. .p NULL without memory. */
struct str skus_sent(const struct channel_listed *listed,
                     const struct listing_draft *draft, struct arena *arena);
/* What a listing's `skus` says while it is created: SKUs of this attempt, without ids,
 * and of `earlier` ones that may have been taken; "" for none. */
enum aisle_status skus_intend(struct str earlier, const struct listing_draft *draft,
                              struct arena *arena, struct str *out,
                              struct aisle_err *err);
/* By which a lost one is searched for: those, and the draft's where there is room. `out`
 * has room for CHANNEL_MAX_SKUS_ASKED. */
enum aisle_status skus_sought(struct str kept, const struct listing_draft *draft,
                              struct arena *arena, struct str *out, size_t *count,
                              struct aisle_err *err);

/* one.c */
struct outcome {
    struct publish_item item;
    struct listing listing; /* item.listing points here */
    struct findings findings, as_draft;
    struct listing_repairs repairs;
};
enum aisle_status clerk_publish(struct clerk *c, const struct product_key *key,
                                struct outcome *out, struct aisle_err *err);

/* send.c: from a body that was found right to a listing */
struct sending {
    const struct product *product;
    struct listing_draft *draft;        /* with the uris of its images */
    const struct listing_money *prices; /* of a global one: of each SKU, the seller's */
    struct listing *listing;            /* as it is kept; changed */
    bool image_gone; /* refused, as a uri of it is known there no more */
};
/* Keep the listing as it is now. */
enum aisle_status clerk_keep(struct clerk *c, struct listing *l, struct aisle_err *err);
/* AISLE_OK with the outcome in out->item; a failure ends the run. */
enum aisle_status clerk_send(struct clerk *c, struct sending *s, struct outcome *out,
                             struct aisle_err *err);
/* abroad.c: a global product that is there, into the markets asked for where it is not
 * yet. `look`: what is kept of its markets may be behind. Outcomes as clerk_send's. */
enum aisle_status clerk_spread(struct clerk *c, struct sending *s, bool look,
                               struct outcome *out, struct aisle_err *err);
/* What SKUs of these prices cost in each of the desk's markets, by the rates.
 * *region_without is the first market without a price, .p NULL for none. */
enum aisle_status clerk_prices(struct clerk *c, const struct listing_money *own,
                               size_t count, struct listing_publication out[ABROAD_MAX],
                               struct str *region_without, struct aisle_err *err);

/* already.c */

/* After an answer was lost: whether the product is there after all. *found false when it
 * surely is not. AISLE_BUSY: nobody can tell now. */
enum aisle_status clerk_find_lost(struct clerk *c, const struct sending *s,
                                  struct channel_product *out, bool *found,
                                  struct aisle_err *err);

enum already_is {
    ALREADY_NOT,
    ALREADY_OURS,    /* with our id, of a store that was lost */
    ALREADY_BY_HAND, /* all its SKUs are this product's */
    ALREADY_UNLIKE,  /* it has others beside, or there are several: a person has to say */
};
struct already {
    enum already_is is;
    struct channel_product product; /* whole; text in the clerk's arena */
    struct str text;                /* for a person; "" for one of ours */
};
/* Before a product that is not known to be there is created: what the shop has of the
 * first CHANNEL_MAX_SKUS_ASKED of its SKUs. One call, and one more for each found. */
enum aisle_status clerk_find_already(struct clerk *c, const struct sending *s,
                                     struct already *out, struct aisle_err *err);

#endif
