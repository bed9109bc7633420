/* schedule.h - the service's timer: a thread that does what comes round */
#ifndef CLI_SCHEDULE_H
#define CLI_SCHEDULE_H

#include "flows/due.h"

struct schedule;

/* app and its stop flag outlive it. */
enum aisle_status schedule_start(const struct app *app, const struct rounds *rounds,
                                 struct schedule **out, struct aisle_err *err);
/* Waits for the round under way, which ends at its next step once app->stop is set. NULL
 * is fine. */
void schedule_stop(struct schedule *s);

#endif
