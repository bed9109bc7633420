/* runs.h - what runs and the jobs that make them share */
#ifndef API_RUNS_H
#define API_RUNS_H

#include "api/call.h"
#include "api/jobs.h"

void api_put_counts(struct json_out *o, const struct run_counts *n); /* runs.c */
/* The run of the path's {id}; another seller's is not there. */
enum aisle_status api_find_run(struct api_call *c, struct run *out,
                               struct aisle_err *err);
void api_put_job(struct json_out *o, const struct job_view *v); /* job_view.c */

#endif
