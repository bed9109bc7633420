/* shop_jobs.h - what jobs do towards a shop: its keys tried, a sign-in brought to its
 * end, what the marketplace told of it applied
 */
#ifndef API_SHOP_JOBS_H
#define API_SHOP_JOBS_H

#include "flows/connect.h"

enum shop_act { SHOP_TEST, SHOP_CONNECT, SHOP_HOOKS };

struct shop_job {
    enum shop_act act;
    bool again; /* hooks: also those that failed before */
    struct str shop_id, seller_id;
    struct shop_login login; /* connect: what was begun, */
    struct str state, query; /* and the return, which is secret until it is used */
};

/* Its text into the arena; false: no memory. */
bool shop_job_keep(struct shop_job *job, struct arena *arena);

/* {"shop", "shops": […]}: those the keys are good for; of a sign-in {"shop"} alone; of
 * notifications {"shop", "applied", "passed", "failed", "waiting"}. A sign-in is entered
 * in the audit trail, and its return wiped. text gets a word. */
enum aisle_status shop_job_run(const struct app *app, const struct shop_job *job,
                               struct buf *result, const char **text,
                               struct aisle_err *err);

#endif
