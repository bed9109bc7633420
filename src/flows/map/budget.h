/* budget.h - how many calls a run may still make, shared by its threads
 *
 * A thread takes as many attempts as one call may need before it makes it, and gives back
 * what it did not use: so the cap holds to the call, however many repeats there are.
 */
#ifndef FLOWS_MAP_BUDGET_H
#define FLOWS_MAP_BUDGET_H

#include "base/status.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct budget {
    pthread_mutex_t lock;
    pthread_cond_t returned;
    bool unlimited; /* set once, before threads begin */
    int64_t left;
    int64_t out; /* taken, not yet given back or used */
    bool closed;
};

void budget_init(struct budget *b, int64_t calls); /* -1: no limit */
void budget_clear(struct budget *b);
void budget_close(struct budget *b); /* wakes who waits: AISLE_STOPPED */

/* At least 1 and at most `most` attempts in *got. AISLE_LIMIT when there are none left
 * and none will come back. */
enum aisle_status budget_take(struct budget *b, int most, int *got,
                              struct aisle_err *err);
void budget_return(struct budget *b, int got, int used);

#endif
