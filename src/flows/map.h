/* map.h - a catalogue mapped onto a target's tree, run by run
 *
 * Two policies lead to the same end. `guide` is the partner guide's twelve steps for each
 * product: read it, read its image row, read where the image is, fetch it, upload it,
 * take uri and url, make a UUID, keep them under it, link it, ask with title and uri,
 * take the leaf, set the mapping. `thrifty` asks as little as it can: what is decided
 * already, then the local matcher, the marketplace with the title only where needed, the
 * image only where that is not enough.
 *
 * A run can be stopped at any moment, also by kill -9, and taken up again: what was
 * answered is kept as it comes, decisions are taken in the catalogue's order, so the end
 * is the same as that of an undisturbed run, and at most one call a worker is made twice.
 */
#ifndef FLOWS_MAP_H
#define FLOWS_MAP_H

#include "flows/app.h"

enum map_policy { MAP_THRIFTY, MAP_GUIDE };
const char *map_policy_name(enum map_policy policy);
bool map_policy_parse(struct str name, enum map_policy *out);

/* A map that is a worker's task (flows/tasks.h): one run of that id, begun or taken up;
 * no lease but the task's; only some of the seller's categories, in the order of their
 * ids. */
struct map_share {
    const struct task_hold *hold; /* its owner is app->owner, of this taking only */
    struct str run_id;
    struct str from, to; /* the first and the last; "" is products without one */
    bool open_end;       /* to the last there is; `to` does not count */
    int64_t products;    /* about so many */
    /* A large seller category (from and to) in parts. The first decides on the category
     * by its sample, and knows that there is a rest; the others go by what that run
     * decided and take no sample. */
    bool rest;
    struct str of;                 /* the first part's run; "" there is none before it */
    struct str after_id, until_id; /* products behind the one, up to the other; "" all */
};

struct map_request {
    struct str target;    /* as flow_target reads it */
    struct str seller_id; /* whose catalogue; "" the target's shop's seller */
    bool all_sellers;     /* every seller's, through this target's shop */
    enum map_policy policy;
    int64_t budget;     /* marketplace calls, this time, to MAP_MAX_BUDGET; -1 no limit */
    size_t limit;       /* products of the run, however often it is taken up; 0 all */
    unsigned jobs;      /* at once; 0: 8; at most MAP_MAX_JOBS */
    bool fresh;         /* begin a new run even when one can be taken up again */
    struct str resume;  /* run id; "" the newest unfinished one of the same question */
    bool allow_private; /* images from private addresses */
    double accept_at; /* thrifty: take the matcher's word unseen where this share of it is
                       * right, by what was decided before; 0 never */
    struct str model; /* thrifty: file of what was taught; "" none. One that cannot be
                       * used is warned of and done without */
    struct str also;  /* a target whose tree leaves must be open in too, to be listed in
                       * both at once; "" none */
    bool dry_run;     /* tell what would be asked; no call, nothing kept */
    struct str
        image_root; /* folder that relative image paths are under; "" the working one */
    const struct map_share *share; /* or NULL: all of it, alone */
};
enum { MAP_MAX_JOBS = 256, MAP_MAX_BUDGET = 1000000000 };

/* What a map run was about: target, seller or all of them, policy, limit, accept_at,
 * model and also; the rest is zero and `resume` its id. Text in the arena. AISLE_INVALID:
 * it is no map run. */
enum aisle_status map_request_of(const struct run *run, struct arena *arena,
                                 struct map_request *out, struct aisle_err *err);

/* Told of each product as its outcome is kept, in the catalogue's order. */
typedef void map_item_fn(void *ctx, const struct product *product,
                         const struct run_item *item);

struct map_result {
    char run_id[40];
    struct run_counts counts;
    enum run_state state;
    bool resumed;
    int64_t calls_before; /* of counts.calls, before it was taken up */
    int64_t elapsed_ms;
};

/* AISLE_OK when every product had its turn (refusals and products without image
 * included), AISLE_LIMIT when the budget ended it, AISLE_STOPPED when it was asked to
 * stop, AISLE_BUSY when the marketplace is not to be reached: these three can be taken up
 * again. *out is filled in these cases too. AISLE_CONFLICT: another process is at it. */
enum aisle_status flow_map(const struct app *app, const struct map_request *request,
                           map_item_fn *fn, void *ctx, struct map_result *out,
                           struct aisle_err *err);

#endif
