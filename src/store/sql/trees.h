/* trees.h - what the two files about trees share: keeping (apply.c) and reading (trees.c)
 */
#ifndef STORE_SQL_TREES_H
#define STORE_SQL_TREES_H

#include "store/sql/rows.h"

/* A snapshot with what the table has besides. */
struct snapshot_row {
    struct snapshot snapshot;
    struct str commonest; /* permission of the categories not in `permission` */
};

extern const struct noun sql_snapshot_noun; /* of struct snapshot_row */

/* A snapshot of a target, 0 for the newest; borrowed until sql_finish(c, *st). */
enum aisle_status sql_peek_snapshot(struct conn *c, struct str target_id, int64_t id,
                                    struct stmt **st, struct snapshot_row *out,
                                    bool *found, struct aisle_err *err);

enum aisle_status sql_apply(struct store *s, const struct tree_change *change,
                            int64_t *snapshot_id, struct aisle_err *err);

#endif
