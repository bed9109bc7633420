/* round.h - what comes round is done by one node an interval, or left to the workers by
 * one
 *
 * A claim in the store that is not given back stands until the next round, for every
 * node; so it is the same whether this one does the work or leaves a task for it.
 */
#ifndef FLOWS_ROUND_H
#define FLOWS_ROUND_H

#include "flows/app.h"
#include "work/task.h"

struct round {
    const char *name; /* "status-round": of the claim */
    int64_t every_s;  /* 0: never */
    enum aisle_status (*run)(const struct app *app, const struct round *round,
                             struct str target_id, bool *did, struct aisle_err *err);
    enum task_kind kind; /* of the task round_leave adds */
};

/* A run: leave it to the workers. What is open already is left as it is. */
enum aisle_status round_leave(const struct app *app, const struct round *round,
                              struct str target_id, bool *did, struct aisle_err *err);

/* Run it for this target where it is due. A failure of it is logged; *done counts what
 * did something. Fails when the store does. */
enum aisle_status round_come(const struct app *app, const struct round *round,
                             struct str target_id, size_t *done, struct aisle_err *err);

#endif
