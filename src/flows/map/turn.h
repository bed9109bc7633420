/* turn.h - a target is mapped by one run at a time or by workers, not by both at once:
 * they would decide nothing twice, but ask twice
 *
 * A run holds the target's lease, be it of the shop's seller or of every seller; whoever
 * leaves shares to workers holds it while they are added, and a run looks whether there
 * are any once it has it.
 */
#ifndef FLOWS_MAP_TURN_H
#define FLOWS_MAP_TURN_H

#include "catalog/shop.h"
#include "flows/lease.h"

enum { MAP_LEASE_S = 60 };

/* AISLE_CONFLICT names the run that holds it. */
enum aisle_status map_turn_take(const struct app *app, struct lease *lease,
                                struct str target_id, struct aisle_err *err);
/* AISLE_CONFLICT where tasks of the shop map the target. */
enum aisle_status map_turn_check(const struct app *app, const struct shop *shop,
                                 struct str target_id, struct aisle_err *err);

#endif
