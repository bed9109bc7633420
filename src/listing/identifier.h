/* identifier.h - codes on packages: what they are by their digits */
#ifndef LISTING_IDENTIFIER_H
#define LISTING_IDENTIFIER_H

#include "base/arena.h"

/* Whether the last digit is the one the others ask for: GS1's of 8, 12, 13 and 14
 * digits, ISBN-10's with its X. */
bool identifier_digit_right(struct str code);
/* "EAN" for 4006381333931, "ISBN" for 978…; NULL when the check digit is wrong or no type
 * has so many digits. Static. */
const char *identifier_type_of(struct str code);
/* What a cell says of a code: without blanks and hyphens, ".0" of a number, with an
 * upper-case X; "" where it has no digit but zeroes, which is no code. In the arena; .p
 * NULL without memory. */
struct str identifier_clean(struct str cell, struct arena *arena);

#endif
