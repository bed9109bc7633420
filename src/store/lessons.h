/* lessons.h - what people taught about sellers' columns; part of store.h */
#ifndef STORE_LESSONS_H
#define STORE_LESSONS_H

#include "base/arena.h"
#include "base/status.h"
#include "listing/lesson.h"

struct store;

struct lesson_filter {
    struct str seller_id, channel, region, attribute_id, batch_id; /* empty: any */
    bool standing;     /* the newest of each key, unless it was taken back */
    int64_t after_seq; /* those told behind this one; 0: from the first */
    size_t limit;      /* 0: all */
};

struct store_lessons {
    /* Append to the log, all or none; seq is given by the store. *last_seq (may be NULL)
     * is the last one's. */
    enum aisle_status (*append)(struct store *s, const struct kept_lesson *list,
                                size_t count, int64_t *last_seq, struct aisle_err *err);
    /* By seq, the newest first; those that stand by seller and then by their key. */
    enum aisle_status (*each)(struct store *s, const struct lesson_filter *filter,
                              enum aisle_status (*fn)(void *ctx,
                                                      const struct kept_lesson *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
    /* The newest of a lesson's key, taken back or not, with a seq below `before` (0: the
     * newest of all). AISLE_NOT_FOUND. */
    enum aisle_status (*get)(struct store *s, const struct kept_lesson *key,
                             int64_t before, struct arena *arena, struct kept_lesson *out,
                             struct aisle_err *err);
};

#endif
