/* listing.h - the half of a channel's contract that lists products; part of channel.h
 *
 * What a leaf demands, what a shop has, and the calls that make, change and look up
 * listings. Bodies come from listing/body.h as they are sent; answers come back in
 * channel-neutral words. All functions follow channel.h: text in the arena, meta and err
 * as there, nothing stored. A channel without listings has none of this.
 */
#ifndef CHANNELS_LISTING_H
#define CHANNELS_LISTING_H

#include "listing/listing.h"
#include "listing/requirement.h"

struct channel_meta;
struct channel_session;

struct channel_leaf {
    struct str category_id, version, locale; /* "" not sent */
};

struct channel_brand_query {
    struct str category_id, version; /* "" not sent */
    struct str name;                 /* a prefix; "" all */
    bool authorized_only;
    struct str page_token; /* "" the first page */
    size_t page_size;      /* 1 to 100 */
};

struct channel_brand_page {
    const struct shop_brand *rows;
    size_t count;
    int64_t total;
    struct str next_token; /* "" the last page */
};

struct channel_file {
    struct str name; /* with its extension */
    struct str mime, bytes;
};

struct channel_pushed_file {
    struct str id, url, name, format;
};

struct channel_prerequisite {
    struct str item, reasons; /* their word; reasons joined */
    bool failed;
};

/* What came of a create or an edit. */
struct channel_listed_sku {
    struct str id, seller_sku;
    struct str values; /* its options' values, a line each; "" not told */
};
/* A global product in one market. */
struct channel_market {
    struct str region;
    struct str product_id;                 /* of the product there; "" it is not there */
    struct str shop_id;                    /* the marketplace's; "" not told */
    const struct channel_listed_sku *skus; /* with their ids there */
    size_t sku_count;
    bool failed;       /* it was not published, or not changed, there */
    struct str reason; /* why */
    bool for_now;      /* which passes: the day's limit, an outage */
};

struct channel_listed {
    struct str product_id;
    const struct channel_listed_sku *skus;
    size_t sku_count;
    const struct str *warnings;
    size_t warning_count;
    struct str audit;                     /* "" not told */
    const struct channel_market *markets; /* of an edit of a global one: every market's */
    size_t market_count;
};

struct channel_verdict_line {
    struct str code, message;
};

/* What Check Product Listing says. */
struct channel_listing_check {
    bool passed;
    const struct channel_verdict_line *reasons;
    size_t reason_count;
    struct str warning; /* "" none */
};

/* A listing as the marketplace tells of it. */
struct channel_product {
    struct str id, title;
    struct str status; /* their word */
    enum listing_state state;
    struct str audit, reason; /* reason: why it failed or is off; "" none */
    struct str category_id;   /* "" not told (a search does not) */
    struct str external_id;
    const struct channel_listed_sku *skus;
    size_t sku_count;
    int64_t created_at, updated_at;       /* UTC seconds */
    const struct channel_market *markets; /* of a global one: where it is */
    size_t market_count;
};

enum { CHANNEL_MAX_SKUS_ASKED = 10, CHANNEL_MAX_CHANGED = 20 };

struct channel_product_query {
    const struct str *seller_skus; /* at most CHANNEL_MAX_SKUS_ASKED; none: all */
    size_t seller_sku_count;
    enum listing_state state; /* LISTING_ABSENT all */
    struct str version;       /* of the tree; "" not sent */
    struct str page_token;    /* "" the first page */
    size_t page_size;         /* 1 to 100 */
};

struct channel_product_page {
    const struct channel_product *rows;
    size_t count;
    int64_t total;
    struct str next_token;
};

enum channel_change { CHANGE_ACTIVATE, CHANGE_DEACTIVATE, CHANGE_DELETE, CHANGE_RECOVER };

/* One that was not changed; those not named were. */
struct channel_unchanged {
    struct str product_id, code, message;
};

/* How an edit treats what the body leaves out. */
enum channel_edit { EDIT_WHOLE, EDIT_PARTIAL };

struct channel_listing_ops {
    /* Rules and attributes of a leaf, as one. */
    enum aisle_status (*fetch_requirement)(struct channel_session *s,
                                           const struct channel_leaf *leaf,
                                           struct arena *arena, struct requirement *out,
                                           struct channel_meta *meta,
                                           struct aisle_err *err);
    enum aisle_status (*fetch_brands)(struct channel_session *s,
                                      const struct channel_brand_query *query,
                                      struct arena *arena, struct channel_brand_page *out,
                                      struct channel_meta *meta, struct aisle_err *err);
    /* Sent once, as a create. */
    enum aisle_status (*create_brand)(struct channel_session *s, struct str name,
                                      struct arena *arena, struct str *id,
                                      struct channel_meta *meta, struct aisle_err *err);
    enum aisle_status (*fetch_warehouses)(struct channel_session *s, struct arena *arena,
                                          const struct shop_warehouse **out,
                                          size_t *count, struct channel_meta *meta,
                                          struct aisle_err *err);
    enum aisle_status (*fetch_prerequisites)(struct channel_session *s,
                                             struct arena *arena,
                                             const struct channel_prerequisite **out,
                                             size_t *count, struct channel_meta *meta,
                                             struct aisle_err *err);
    enum aisle_status (*push_file)(struct channel_session *s,
                                   const struct channel_file *file, struct arena *arena,
                                   struct channel_pushed_file *out,
                                   struct channel_meta *meta, struct aisle_err *err);

    /* `body` as listing_write_body wrote it. A create is sent once: only what surely was
     * not taken is repeated inside. */
    enum aisle_status (*check)(struct channel_session *s, struct str body,
                               struct arena *arena, struct channel_listing_check *out,
                               struct channel_meta *meta, struct aisle_err *err);
    enum aisle_status (*create)(struct channel_session *s, struct str body,
                                struct arena *arena, struct channel_listed *out,
                                struct channel_meta *meta, struct aisle_err *err);
    enum aisle_status (*edit)(struct channel_session *s, struct str product_id,
                              enum channel_edit how, struct str body, struct arena *arena,
                              struct channel_listed *out, struct channel_meta *meta,
                              struct aisle_err *err);
    /* AISLE_NOT_FOUND when there is no such product. */
    enum aisle_status (*get)(struct channel_session *s, struct str product_id,
                             struct arena *arena, struct channel_product *out,
                             struct channel_meta *meta, struct aisle_err *err);
    enum aisle_status (*search)(struct channel_session *s,
                                const struct channel_product_query *query,
                                struct arena *arena, struct channel_product_page *out,
                                struct channel_meta *meta, struct aisle_err *err);
    /* At most CHANNEL_MAX_CHANGED at once. AISLE_OK also when some were not changed: the
     * list says which and why. */
    enum aisle_status (*change)(struct channel_session *s, enum channel_change change,
                                const struct str *product_ids, size_t count,
                                struct arena *arena, const struct channel_unchanged **out,
                                size_t *unchanged_count, struct channel_meta *meta,
                                struct aisle_err *err);
    /* Of global products, else NULL: put one into markets, `body` as
     * listing_write_publication wrote it. AISLE_OK also when some were not; the list says
     * which and why. Sent once, as a create. */
    enum aisle_status (*publish)(struct channel_session *s, struct str product_id,
                                 struct str body, struct arena *arena,
                                 const struct channel_market **out, size_t *count,
                                 struct channel_meta *meta, struct aisle_err *err);
    /* Ask that all live products be moved to the newer tree. */
    enum aisle_status (*upgrade_categories)(struct channel_session *s,
                                            struct channel_meta *meta,
                                            struct aisle_err *err);
    /* How long a search may not yet show what was created, seconds. */
    int search_lag_s;
};

#endif
