/* jobs.h - what runs in the background of the service: syncs and map runs, a thread each,
 * through the flows as the commands do
 *
 * A job is this process's; what it does is recorded as a run, which outlives it.
 * Thread-safe.
 */
#ifndef API_JOBS_H
#define API_JOBS_H

#include "api/brand_jobs.h"
#include "api/held.h"
#include "api/listing_jobs.h"
#include "api/shop_jobs.h"
#include "api/tree_jobs.h"
#include "flows/ask_one.h"
#include "flows/map.h"
#include "flows/sync.h"
#include "http/reply.h"

/* One seller's fill no more than a quarter. */
enum { JOBS_OF_SELLER = 8, JOBS_AT_ONCE = 32, JOBS_KEPT = 64, JOB_ID_LEN = 24 };

enum job_kind {
    JOB_SYNC,
    JOB_MAP,
    JOB_ASK,
    JOB_LEAF,
    JOB_LIST,
    JOB_SHOP,
    JOB_TREE,
    JOB_BRAND
};
const char *job_kind_name(enum job_kind kind); /* "sync", "map", "ask", "leaf", … */

struct job_request {
    enum job_kind kind;
    struct str who, seller_id; /* of the target's shop: who may see it */
    struct sync_request sync;
    struct map_request map;
    struct ask_request ask;
    struct leaf_request leaf;
    struct list_request list;
    struct shop_job shop;
    struct tree_job tree;
    struct brand_job brand;
};

/* The target it is about, or the shop. */
static inline struct str job_subject(const struct job_request *r)
{
    return r->kind == JOB_SHOP ? r->shop.shop_id : r->sync.target;
}

/* As it was when it was asked for; text lives in the arena. */
struct job_view {
    char id[JOB_ID_LEN];
    enum job_kind kind;
    struct str who, seller_id, target, run_id, doing, text;
    struct str result; /* JSON of what came of it; "" none */
    struct run_counts counts;
    double per_second;
    int64_t seconds_left, began_at, ended_at; /* ended_at 0: under way */
    enum aisle_status status;
    int64_t version; /* grows with each change */
};

struct jobs;
/* The trees held are told when a job may have brought something they lack. */
enum aisle_status jobs_new(const struct app *app, struct held_set *held,
                           struct jobs **out, struct aisle_err *err);
/* Asks all to stop, and waits until they have. NULL is fine. */
void jobs_free(struct jobs *jobs);

/* AISLE_BUSY: as many as may be are under way, of the seller or in all, or the service is
 * ending. */
enum aisle_status jobs_start(struct jobs *jobs, const struct job_request *request,
                             char id[JOB_ID_LEN], struct aisle_err *err);
/* AISLE_NOT_FOUND. One that has ended stays so. */
enum aisle_status jobs_stop(struct jobs *jobs, struct str id, struct aisle_err *err);
enum aisle_status jobs_get(struct jobs *jobs, struct str id, struct arena *arena,
                           struct job_view *out, struct aisle_err *err);
/* Newest first. */
enum aisle_status jobs_each(struct jobs *jobs, struct arena *arena,
                            enum aisle_status (*fn)(void *ctx, const struct job_view *,
                                                    struct aisle_err *),
                            void *ctx, struct aisle_err *err);
size_t jobs_under_way(struct jobs *jobs);

#endif
