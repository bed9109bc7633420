/* cells.h - what a cell means: the addresses it lists, the digits a spreadsheet took;
 * inside the room only */
#ifndef FEEDS_CELLS_H
#define FEEDS_CELLS_H

#include "base/str.h"

/* Takes the first address that says something off a list; empty when none is left. They
 * are parted by a bar or the end of a line; by a comma or semicolon before a blank; and
 * by those, or a blank, between two that are surely two: before http:// or https://, and
 * between names that end as those of images do. */
struct str feed_cut_address(struct str *rest);
/* The first address that a cell names; empty for none. */
struct str feed_first_image(struct str cell);

/* "8.99E+12", which a spreadsheet wrote for a long number: its other digits are gone. */
bool feed_is_spoiled(struct str value);
/* Whether a column of that key (text_key) holds such numbers: SKUs, barcodes, ids. */
bool feed_is_code(struct str key);

#endif
