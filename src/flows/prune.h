/* prune.h - what was kept long enough is dropped: runs, snapshots, uploaded images
 *
 * Never a decision, a product, or the newest snapshot of a tree.
 */
#ifndef FLOWS_PRUNE_H
#define FLOWS_PRUNE_H

#include "flows/app.h"

/* How long each is kept; 0: for ever. */
struct keeping {
    int64_t runs_s, snapshots_s, images_s;
};

struct pruned {
    size_t runs, snapshots, images;
};

/* Drop what is older, or with `dry` count it. */
enum aisle_status flow_prune(const struct app *app, const struct keeping *keep, bool dry,
                             struct pruned *out, struct aisle_err *err);

/* The same where none of those that share the store did it within every_s (a share of
 * that by chance apart), recorded as a run of kind "prune". *done false: it is not due,
 * nothing is to be dropped, or another is at it. */
enum aisle_status flow_prune_due(const struct app *app, const struct keeping *keep,
                                 int64_t every_s, bool *done, struct aisle_err *err);

#endif
