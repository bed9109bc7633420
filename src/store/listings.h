/* listings.h - what became of products in shops, and what leaves demand; part of store.h
 */
#ifndef STORE_LISTINGS_H
#define STORE_LISTINGS_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/status.h"
#include "listing/listing.h"

struct store;

struct listing_filter {
    struct str seller_id, shop_id, product_id; /* empty: any */
    unsigned states;                           /* bit 1 << enum listing_state; 0: any */
    bool under_way;                            /* only those with something being done */
    struct str category_id;                    /* only those that lie there; empty: any */
    struct str after_seller, after_shop, after_product; /* begin behind this key */
    size_t limit;                                       /* 0: all */
};

/* What a leaf demands, as it was at one time: one document for all shops of a market. */
struct requirement_snapshot {
    struct str channel, region, version; /* whose tree; version "" has none */
    struct str category_id, locale;
    struct sha256 hash; /* of body */
    struct str body;    /* JSON, as listing/requirement.h writes it */
    int64_t first_at;   /* when it was first seen like this */
    int64_t checked_at; /* when it was last seen to be so */
};

struct requirement_key {
    struct str channel, region, version, category_id, locale;
};

/* The marketplace moved what lay in one leaf to another, and said so. */
struct category_move {
    struct str channel, region;
    struct str from_id, to_id;
    int64_t at;
};

struct store_listings {
    /* Add or change. listing->version_no is what was read, 0 for a new one; *version_no
     * (may be NULL) the new one. AISLE_CONFLICT: somebody changed it meanwhile. */
    enum aisle_status (*put)(struct store *s, const struct listing *listing,
                             int64_t *version_no, struct aisle_err *err);
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str shop_id,
                             struct str product_id, struct arena *arena,
                             struct listing *out,
                             struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* By the marketplace's id. AISLE_NOT_FOUND. */
    enum aisle_status (*find)(struct store *s, struct str seller_id, struct str shop_id,
                              struct str remote_id, struct arena *arena,
                              struct listing *out, struct aisle_err *err);
    /* By (seller_id, shop_id, product_id). */
    enum aisle_status (*each)(struct store *s, const struct listing_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct listing *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);

    /* Keep what a leaf demands. Equal to the newest: only checked_at moves, and *changed
     * (may be NULL) is false. */
    enum aisle_status (*put_requirement)(struct store *s,
                                         const struct requirement_snapshot *r,
                                         bool *changed, struct aisle_err *err);
    /* The newest. AISLE_NOT_FOUND. */
    enum aisle_status (*get_requirement)(struct store *s,
                                         const struct requirement_key *key,
                                         struct arena *arena,
                                         struct requirement_snapshot *out,
                                         struct aisle_err *err);
    /* All of a leaf (category_id empty: of every leaf), newest first within one. Empty
     * members of the key: any. */
    enum aisle_status (*each_requirement)(
        struct store *s, const struct requirement_key *key,
        enum aisle_status (*fn)(void *ctx, const struct requirement_snapshot *,
                                struct aisle_err *),
        void *ctx, struct aisle_err *err);

    /* Twice is fine; the newest word about a leaf counts. */
    enum aisle_status (*put_move)(struct store *s, const struct category_move *move,
                                  struct aisle_err *err);
    enum aisle_status (*get_move)(struct store *s, struct str channel, struct str region,
                                  struct str from_id, struct arena *arena,
                                  struct category_move *out,
                                  struct aisle_err *err); /* AISLE_NOT_FOUND */
};

#endif
