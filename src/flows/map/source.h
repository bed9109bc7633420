/* source.h - where a run's groups come from: the catalogue, category by category
 *
 * Seller categories that were settled before the run began are passed over whole.
 * Products that were, or that this run finished before it was taken up again, come as
 * settled slots.
 */
#ifndef FLOWS_MAP_SOURCE_H
#define FLOWS_MAP_SOURCE_H

#include "flows/map/engine.h"

/* List the seller categories there are to do. */
enum aisle_status source_open(struct map *m, struct aisle_err *err);
void source_close(struct map *m);
/* The next piece, yours (source_free); NULL when there is none just now (the map is
 * starved until a group is done, which may be before this returns), and *over when there
 * will be none any more. Called by one thread at a time, without the lock. */
enum aisle_status source_next(struct map *m, struct group **out, bool *over,
                              struct aisle_err *err);
void source_free(struct group *g);
/* Lock held: the group is done, the next piece of its category may come. */
void source_group_done(struct map *m, const struct group *g);

/* The products a run finished, by the items it left; its limit counts them. */
enum aisle_status done_load(struct map *m, struct aisle_err *err);

#endif
