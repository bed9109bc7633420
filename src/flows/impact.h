/* impact.h - whom a changed tree hurts: mappings to a leaf that is gone or closed, and
 * where they could go */
#ifndef FLOWS_IMPACT_H
#define FLOWS_IMPACT_H

#include "flows/sync.h"

/* Tell listener->impact of every accepted mapping of the target whose category takes no
 * products in `now`, or hangs elsewhere or has another name than in `then` (may be NULL:
 * then only the first). The latter need no look by whoever decided it in `now`, whose
 * snapshot is now_id (0: not kept yet). Changes nothing. */
enum aisle_status impact_each(const struct app *app, struct str target_id,
                              const struct taxonomy *then, const struct taxonomy *now,
                              int64_t now_id, const struct sync_listener *listener,
                              size_t *count, struct aisle_err *err);

#endif
