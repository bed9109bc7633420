/* table.h - rows as an aligned table: measured, fitted to the terminal, then written
 *
 * The first OUT_ROWS_MEASURED rows are kept and measured; from then on rows are written
 * as they come, in the widths found. Words are shortened as long as they can be read;
 * where even that is too wide, columns leave the line and stand below it, by name: those
 * of words first, the last of them before the others. Words at the end of a line are
 * broken rather than shortened. Used by out.c alone.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/out.h"

enum aisle_status table_row(struct out *o, struct aisle_err *err); /* takes o->cells */
enum aisle_status table_one(struct out *o,
                            struct aisle_err *err); /* "name  value" lines */
void table_end(struct out *o);

/* Take columns off the widest until all and the gaps between fit into width, or each has
 * come to its least. */
void table_fit(size_t *widths, const size_t *least, size_t count, size_t width);

#endif
