/* table.h - rows as an aligned table: measured, fitted to the terminal, then written
 *
 * The first OUT_ROWS_MEASURED rows are kept and measured; from then on rows are written
 * as they come, in the widths found. Where even that is too wide the last columns are
 * left out, and the heading ends in "…". Used by out.c alone.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/out.h"

enum aisle_status table_row(struct out *o, struct aisle_err *err); /* takes o->cells */
enum aisle_status table_one(struct out *o,
                            struct aisle_err *err); /* "name  value" lines */
void table_end(struct out *o);

/* Take columns off the shrinkable ones until all and the gaps between fit into width; no
 * column falls under its least. What still is too wide then loses its last columns:
 * returns how many are left, one at least. */
size_t table_fit(size_t *widths, const bool *shrinks, size_t count, size_t width);

#endif
