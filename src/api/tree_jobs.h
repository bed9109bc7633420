/* tree_jobs.h - what jobs do about a whole tree beyond syncing it: what its leaves in use
 * demand, fetched; the mappings of one target proposed for another
 */
#ifndef API_TREE_JOBS_H
#define API_TREE_JOBS_H

#include "flows/app.h"

struct tree_job {
    bool carry; /* else requirements */
    struct str target, from;
    bool dry_run;
};

/* {"leaves", "fetched", "first", "changed", "same", "failed"}, or {"batch", "same_id",
 * "same_path", "same_name", "by_matcher", "without", "already"}. text gets a word. */
enum aisle_status tree_job_run(const struct app *app, const struct tree_job *job,
                               struct buf *result, const char **text,
                               struct aisle_err *err);

#endif
