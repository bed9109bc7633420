/* hands.h - the service's own worker: a thread beside the one that answers */
#ifndef CLI_HANDS_H
#define CLI_HANDS_H

#include "flows/worker.h"

struct hands;

/* app outlives it. slots 0: none, and *out is NULL. */
enum aisle_status hands_start(const struct app *app, unsigned slots, struct hands **out,
                              struct aisle_err *err);
/* Gives back what is under way, and waits for that. NULL is fine. */
void hands_stop(struct hands *h);

#endif
