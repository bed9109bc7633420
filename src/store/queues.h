/* queues.h - how much of what waits for people; part of store.h */
#ifndef STORE_QUEUES_H
#define STORE_QUEUES_H

#include "base/status.h"
#include "catalog/product.h"
#include "match/mapping.h"

struct store;

/* Whose queues: of one target, and of one seller or (empty) of all. */
struct queue_filter {
    struct str seller_id, target_id;
    double sure_at; /* from this confidence on a proposal counts as sure */
};

/* How many keys stand alike. */
struct mapping_count {
    enum decision_scope scope;
    enum decision_state state;
    bool conflict, provisional, sure;
    struct str category_id;
    size_t count;
};

/* A seller category that has products; id "" are the products without one. */
struct category_progress {
    struct seller_category category;
    size_t settled; /* of its products, by a decision of their own */
};

struct store_queues {
    /* Counts of what stands, by scope, state, flags and category; in no order. */
    enum aisle_status (*each_count)(struct store *s, const struct queue_filter *filter,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct mapping_count *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err);
    /* By (seller_id, id). */
    enum aisle_status (*each_category)(
        struct store *s, const struct queue_filter *filter,
        enum aisle_status (*fn)(void *ctx, const struct category_progress *,
                                struct aisle_err *),
        void *ctx, struct aisle_err *err);
};

#endif
