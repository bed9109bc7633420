/* retention.h - what is kept for a while and then dropped; part of store.h */
#ifndef STORE_RETENTION_H
#define STORE_RETENTION_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* Each is one whole piece; *count says how many went, or with `dry` would go. */
struct store_retention {
    /* Runs that ended before `before`, with their items. Decisions stay. */
    enum aisle_status (*drop_runs)(struct store *s, int64_t before, bool dry,
                                   size_t *count, struct aisle_err *err);
    /* Snapshots last found so before `before`, but never a target's newest; and the trees
     * that no snapshot has any more. */
    enum aisle_status (*drop_snapshots)(struct store *s, int64_t before, bool dry,
                                        size_t *count, struct aisle_err *err);
};

#endif
