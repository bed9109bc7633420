/* brand_jobs.h - what jobs do about brands: those a shop may name, looked up at the
 * marketplace; one of the seller's own, made there
 */
#ifndef API_BRAND_JOBS_H
#define API_BRAND_JOBS_H

#include "flows/brands.h"

struct brand_job {
    bool add; /* the name, else they are looked up */
    struct brands_request request;
};

/* Its text into the arena; false: no memory. */
bool brand_job_keep(struct brand_job *job, struct arena *arena);

/* {"brands": [{"id", "name", "authorized", "available", "t1"}], "next"}, or of one added
 * {"id", "name", "created"}. text gets a word. */
enum aisle_status brand_job_run(const struct app *app, const struct brand_job *job,
                                struct buf *result, const char **text,
                                struct aisle_err *err);

#endif
