/* currency.h - the currencies there are, and how many decimals each has
 *
 * Knows neither rates nor how an amount is written (price.h).
 */
#ifndef CATALOG_CURRENCY_H
#define CATALOG_CURRENCY_H

#include "base/str.h"

/* "idr" to "IDR". False for what is none of them ("RUPIAH", "US"), code is left alone. */
bool currency_parse(struct str text, char code[4]);
/* Whether it is one, as ISO 4217 writes it. */
bool currency_is_known(struct str code);
/* Decimals of its minor unit; of one we do not know two. */
int currency_decimals(const char *code);

#endif
