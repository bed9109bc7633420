/* labels.h - sets of labelled products that sellers imported; part of store.h
 *
 * A set is there with all its rows or not at all. Every change of a seller's sets on a
 * target, a removal too, has a number, so that a model can say which it has seen.
 */
#ifndef STORE_LABELS_H
#define STORE_LABELS_H

#include "base/arena.h"
#include "base/status.h"
#include "match/labelset.h"

struct store;

struct store_labels {
    /* Keep a set, in place of the one of its name. AISLE_CONFLICT when that one is not at
     * `expected` (its seq; 0: there is none). set->seq is not looked at; *seq, which may
     * be NULL, is the one it was given. */
    enum aisle_status (*put)(struct store *s, const struct label_set *set,
                             const struct set_row *rows, int64_t expected, int64_t *seq,
                             struct aisle_err *err);
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str target_id,
                             struct str name, struct arena *arena, struct label_set *out,
                             struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Of a seller and of a target (empty: of all), by (seller_id, target_id, name). */
    enum aisle_status (*each)(struct store *s, struct str seller_id, struct str target_id,
                              enum aisle_status (*fn)(void *ctx, const struct label_set *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
    /* The rows of one, in the order they were put in; none where there is no such set. */
    enum aisle_status (*each_row)(
        struct store *s, struct str seller_id, struct str target_id, struct str name,
        enum aisle_status (*fn)(void *ctx, const struct set_row *, struct aisle_err *),
        void *ctx, struct aisle_err *err);
    /* AISLE_NOT_FOUND. */
    enum aisle_status (*drop)(struct store *s, struct str seller_id, struct str target_id,
                              struct str name, struct aisle_err *err);
    /* The number of the last change to the sets of a seller and target; 0 where there
     * never was one. */
    enum aisle_status (*changed)(struct store *s, struct str seller_id,
                                 struct str target_id, int64_t *seq,
                                 struct aisle_err *err);
};

#endif
