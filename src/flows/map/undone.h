/* undone.h - a map run that did not end, and whose decisions are taken back
 *
 * It would be taken up as if they stood: so it is over with them, and the next run of the
 * same question is a new one. Runs of workers' tasks are left alone: their tasks hold
 * them.
 */
#ifndef FLOWS_MAP_UNDONE_H
#define FLOWS_MAP_UNDONE_H

#include "flows/lease.h"

struct undone {
    struct run was; /* id empty: the batch is none of such a run; else in the arena */
    struct lease turn;
    int64_t renew_at;
};

/* Whether batch_id is such a run's, which nobody can take up until undone_give_back.
 * AISLE_CONFLICT: its target is being mapped, perhaps by it. */
enum aisle_status undone_hold(const struct app *app, struct str batch_id,
                              struct arena *arena, struct undone *out,
                              struct aisle_err *err);
/* The run is over, by its record; and as it was again. Of no run, nothing. */
enum aisle_status undone_end(const struct app *app, const struct undone *u,
                             struct aisle_err *err);
void undone_restore(const struct app *app, const struct undone *u);
/* From time to time, while it takes: AISLE_CONFLICT where the turn was lost. */
enum aisle_status undone_keep(const struct app *app, struct undone *u,
                              struct aisle_err *err);
void undone_give_back(const struct app *app, struct undone *u);

#endif
