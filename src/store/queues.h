/* queues.h - how much of what waits for people; part of store.h
 *
 * Products are counted by their own word, as the store keeps count when a decision or a
 * product moves: what these read grows with the seller's categories and not with
 * products.
 */
#ifndef STORE_QUEUES_H
#define STORE_QUEUES_H

#include "base/status.h"
#include "catalog/product.h"
#include "match/mapping.h"

struct store;

/* Whose queues: of one target, and of one seller or (empty) of all. */
struct queue_filter {
    struct str seller_id, target_id;
    struct str from_category; /* with seller_id: begin at this seller category */
};

/* How many products' own words are alike. */
struct word_count {
    enum standing stands;
    enum advisor advisor;
    int64_t tenth; /* of its confidence: 9 are 0.9 and above */
    bool provisional;
    size_t products;
};

/* A seller category that has products; id "" are the products without one. */
struct category_progress {
    struct seller_category category;
    size_t stands[STANDINGS]; /* of its products, by a word of their own */
    size_t settled;           /* of its products, by a word of their own */
    bool is_settled;          /* the category itself */
};

struct store_queues {
    /* In no order. */
    enum aisle_status (*each_word)(struct store *s, const struct queue_filter *filter,
                                   enum aisle_status (*fn)(void *ctx,
                                                           const struct word_count *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err);
    /* By (seller_id, id). */
    enum aisle_status (*each_category)(
        struct store *s, const struct queue_filter *filter,
        enum aisle_status (*fn)(void *ctx, const struct category_progress *,
                                struct aisle_err *),
        void *ctx, struct aisle_err *err);
    /* How many products were refused the very leaf their seller category is mapped to:
     * they wait, although the category is settled. */
    enum aisle_status (*count_refused)(struct store *s, const struct queue_filter *filter,
                                       size_t *count, struct aisle_err *err);
    /* Every leaf that something of a target points to, once, in order. */
    enum aisle_status (*each_leaf)(struct store *s, struct str target_id,
                                   enum aisle_status (*fn)(void *ctx, struct str id,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err);
};

#endif
