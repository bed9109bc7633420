/* tasks.h - work for whichever worker is free: how it is added, and how one piece is done
 *
 * A map of a shop is cut into shares of some hundred products, whole seller categories
 * each, so that several workers can be at one shop and a lost one costs little. A seller
 * category of more is one task first, which takes the sample and decides on it; what is
 * left of it is cut by product ids when that is done (flows/tasks_cut.h). The other
 * kinds are one task a target or shop. What a task does is the flow of the same name;
 * everything in it may be begun again at any point.
 */
#ifndef FLOWS_TASKS_H
#define FLOWS_TASKS_H

#include "flows/app.h"

enum { TASK_ATTEMPTS = 5, SHARE_PRODUCTS = 500, SAMPLE_LEAST = 100 };

/* What of a request is a setting or a default, and nobody's word on what is open. */
enum {
    UNSAID_POLICY = 1 << 0,
    UNSAID_MODEL = 1 << 1,
    UNSAID_IMAGE_ROOT = 1 << 2,
    UNSAID_ALLOW_PRIVATE = 1 << 3,
};

struct tasks_request {
    enum task_kind kind;
    struct str target;   /* as flow_target reads it */
    bool urgent;         /* a person waits */
    int64_t share;       /* of a map: products a task, about; 0: SHARE_PRODUCTS */
    struct str policy;   /* of a map; "" thrifty */
    double accept_at;    /* of a map, as in map.h */
    struct str model;    /* of a map, as in map.h: a file on the worker's machine */
    struct str also;     /* of a map, as in map.h */
    bool draft;          /* of publish: as drafts */
    bool fix;            /* of publish: mend what can be mended without asking */
    struct str defaults; /* of publish, as in listing.h */
    struct str image_root;
    bool allow_private;
    int64_t due_after_s; /* of sync and requirements: not what was looked at since */
    unsigned unsaid;     /* bits UNSAID_… */
};

struct tasks_result {
    size_t added;     /* also those that only became urgent */
    size_t open;      /* that were there already; then nothing new was added of a map */
    int64_t products; /* of a map */
};

/* AISLE_CONFLICT: a map or publish of the target is open, and to be done in another way.
 */
enum aisle_status flow_tasks_add(const struct app *app,
                                 const struct tasks_request *request,
                                 struct tasks_result *out, struct aisle_err *err);

/* Every target there is of a seller's shops (""; of all): what work of this kind can be
 * about. Of a sync also shops of which nothing was synced yet, by their names. */
enum aisle_status flow_tasks_targets(const struct app *app, enum task_kind kind,
                                     struct str seller_id, struct arena *arena,
                                     const struct str **out, size_t *count,
                                     struct aisle_err *err);

/* ---- by name ---- */

struct tasks_choice {
    struct str seller_id, shop_id; /* "" any */
    unsigned states;               /* bits 1 << enum task_state; 0: any */
    const struct str *ids;         /* of that name, in whichever shops; none: all */
    size_t count;
};

/* *out by (seller, shop, name), with these three alone, in the arena. AISLE_NOT_FOUND
 * when some were named and none of them is there. */
enum aisle_status flow_tasks_choose(const struct app *app,
                                    const struct tasks_choice *choice,
                                    struct arena *arena, const struct task **out,
                                    size_t *count, struct aisle_err *err);
/* Those given up are tried again from now on; any others are passed over. */
enum aisle_status flow_tasks_retry(const struct app *app, const struct task *list,
                                   size_t count, size_t *done, struct aisle_err *err);
/* Whoever is at one stops at its next step. Those that are gone are passed over. */
enum aisle_status flow_tasks_drop(const struct app *app, const struct task *list,
                                  size_t count, size_t *done, struct aisle_err *err);

/* ---- doing ---- */

/* Whether one that is stopped goes on where it was when it is done again: it may then be
 * stopped for something that cannot wait. */
bool flow_task_gives_way(enum task_kind kind);

/* Do one. app->owner is of this taking only, and app->stop is set when it is lost. `said`
 * gets a word on what was done. jobs: threads, as far as the kind has them; 0 its own
 * number. */
enum aisle_status flow_task_run(const struct app *app, const struct task *task,
                                unsigned jobs, struct buf *said, struct aisle_err *err);

#endif
