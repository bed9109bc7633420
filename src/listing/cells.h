/* cells.h - numbers in a seller's cells; inside the room only
 *
 * Careful: what could mean two things is not read, and kept as it stands for the check to
 * name it. An empty cell says nothing; one that cannot be read is another matter.
 */
#ifndef LISTING_CELLS_H
#define LISTING_CELLS_H

#include "listing/assemble.h"
#include "listing/measure.h"

/* A price in a cell, in `currency` where it names none itself. Without an amount .said is
 * false; one that is unclear has .minor -1 and is .written. Its currency is in the arena:
 * .p NULL without memory. */
struct listing_money cell_money(const struct listing_price *cell, struct str currency,
                                struct arena *arena);
/* A product's price in hundredths, which named no currency, in this one. What has no
 * such minor units has .minor -1; .written in the arena, .p NULL without memory. */
struct listing_money cell_hundredths(int64_t hundredths, struct str currency,
                                     struct arena *arena);
/* How many there are, none for a number below zero; or .unread. */
void cell_quantity(struct str text, struct listing_stock *out);
/* "Gram", "kg": the unit a column of its own names; nothing said leaves *unit. False for
 * one that is none of its kind. */
bool cell_unit(struct str word, unsigned *unit);
/* A weight that names no unit, and could be grams as well as kilograms: "250", not "0.5".
 */
bool cell_lacks_unit(struct str text);
/* "0.5", "0,5", "500 g", "2 kg", "20 cm". *unit is the column's, and becomes the cell's
 * where it names one of the same kind. False when it is no number or could be two:
 * "1,250"; "1.250" in grams. */
bool cell_measure(struct str text, unsigned *unit, struct measure *out);

#endif
