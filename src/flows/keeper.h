/* keeper.h - a lease renewed by a thread of its own, whatever its holder waits for
 *
 * For work of which one step, a long answer or a walk through a big store, may take
 * longer than a lease that shall not be missed for long when its holder is lost.
 */
#ifndef FLOWS_KEEPER_H
#define FLOWS_KEEPER_H

#include "flows/lease.h"

#include <pthread.h>

struct keeper {
    const struct app *app;
    struct lease *lease; /* the thread's alone until keeper_end */
    int64_t seconds;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* by CLOCK_MONOTONIC */
    bool over;              /* guarded by lock */
    atomic_bool lost;
};

/* Renew `lease`, which was taken for so many seconds, from now on until keeper_end, which
 * is called after success only; k and lease stay where they are. AISLE_IO without a
 * thread. */
enum aisle_status keeper_begin(struct keeper *k, const struct app *app,
                               struct lease *lease, int64_t seconds,
                               struct aisle_err *err);
/* AISLE_CONFLICT once it was lost to another. */
enum aisle_status keeper_check(const struct keeper *k, struct aisle_err *err);
void keeper_end(struct keeper *k); /* the lease is held on, unless it was lost */

#endif
