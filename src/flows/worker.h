/* worker.h - a process that takes tasks and does them, some at once
 *
 * Takes what is due, renews its leases while it is at it, says now and then how it is,
 * and ends each taking: done, tried again later, or given up with a reason. While all its
 * slots are in use it looks for what goes before the rest (a person waits, or a worker
 * was lost) and nobody takes; the task it is at longest gives way to that, and is given
 * back. Failures of the store do not end it: it waits and goes on. Whatever it loses (its
 * lease ran out, the task was dropped) stops at its next step, and what that still writes
 * is refused.
 */
#ifndef FLOWS_WORKER_H
#define FLOWS_WORKER_H

#include "flows/app.h"

enum {
    WORKER_SLOTS = 2,
    WORKER_MAX_SLOTS = 64,
    WORKER_LEASE_S = 30,
    WORKER_GONE_S = 120, /* one not seen for so long is no longer shown */
    WORKER_LONGEST_LEASE_S = 24 * 3600,
};

struct worker_settings {
    unsigned slots;   /* tasks at once; 0: WORKER_SLOTS */
    unsigned jobs;    /* threads a task; 0: its kind's own number */
    int64_t lease_s;  /* 0: WORKER_LEASE_S */
    int64_t poll_ms;  /* between looks when nothing was due; 0: 1 s */
    bool until_empty; /* end when nothing is open any more that could become due */
};

struct worker_result {
    int64_t done, failed, lost, given_back;
};

/* Until app->stop is set (what is under way is given back then) or nothing is left.
 * AISLE_OK in both cases. AISLE_CONFIG: a newer program has moved the store's schema on;
 * what was under way is given back. AISLE_INVALID: too many slots, or too long a lease.
 */
enum aisle_status flow_worker(const struct app *app,
                              const struct worker_settings *settings,
                              struct worker_result *out, struct aisle_err *err);

/* What becomes of a task whose attempt ended so, at e->at: the state, when it is tried
 * again, and whether it was an attempt at all. It was none when it was stopped, the store
 * was out, or another has the lease of what it is about. `why` is of a failure. */
void worker_judge(enum aisle_status status, const struct aisle_err *why, int64_t attempts,
                  int64_t most_attempts, struct task_end *e);

#endif
