/* price.h - what a cell says a thing costs: "Rp 12.000", "1.234.567,89", "89.0 EUR"
 *
 * Careful: a price that could be read in two ways is not read at all.
 */
#ifndef CATALOG_PRICE_H
#define CATALOG_PRICE_H

#include "base/str.h"

enum price_reading {
    PRICE_NONE, /* nothing there */
    PRICE_READ,
    PRICE_UNCLEAR,
};

struct price {
    int64_t minor;    /* ISO 4217 minor units; two decimals where no currency is known */
    char currency[4]; /* "" unknown */
};

/* `currency` is that of cells that name none, may be "". With `point` a "." is known to
 * come before decimals (a JSON number, a Shopify export): otherwise "12.000" is twelve
 * thousand in a currency nobody counts in cents (IDR, VND, …), and unclear in any other.
 * *out is written when PRICE_READ. */
enum price_reading price_parse(struct str text, struct str currency, bool point,
                               struct price *out);

#endif
