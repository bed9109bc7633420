/* words.h - what sellers call things: columns of a product sheet, attributes and values
 *
 * The key and the columns are everybody's, the rest internal to the room. Compared as
 * text_key leaves them, so that case, accents and signs make no difference. English and
 * Indonesian.
 */
#ifndef LISTING_WORDS_H
#define LISTING_WORDS_H

#include "base/arena.h"

enum column_role {
    COLUMN_NONE,
    COLUMN_SKU,
    COLUMN_PRICE,
    COLUMN_LIST_PRICE,
    COLUMN_QUANTITY,
    COLUMN_BARCODE,
    COLUMN_COMBINED,
    COLUMN_IMAGE,
    COLUMN_GRAMS,
    COLUMN_KILOGRAMS,
    COLUMN_WEIGHT,      /* in kilograms where nothing else is said or likely */
    COLUMN_WEIGHT_UNIT, /* of a weight that names none */
    COLUMN_LENGTH,
    COLUMN_WIDTH,
    COLUMN_HEIGHT,
    COLUMN_OPTION_NAME, /* with its number */
    COLUMN_OPTION_VALUE,
    COLUMN_VIDEO,
    COLUMN_SIZE_CHART,
    COLUMN_SIZE_CHART_TEMPLATE,
    COLUMN_CERTIFICATE, /* with a name behind: listing/papers.h */
    COLUMN_CERTIFICATE_EXPIRES,
};

/* Of a key; *number is 1 to 3 for options. */
enum column_role column_role_of(struct str key, unsigned *number);
/* Columns of one number, below 32, tell a listing the same in other words: of a product
 * that has two of them the first counts. 0 for all others. */
unsigned column_sense(struct str key);
/* A weight of which neither column nor cell says whether it is grams or kilograms, and
 * that may be either; a column beside it may say so still. */
bool column_lacks_unit(struct str key, struct str value);
/* "stock gudang timur" is what lies in the warehouse "gudang timur"; empty for a key that
 * is no such column. What stands behind may be something else ("stock status"): whoever
 * knows the warehouses tells. Borrowed. */
struct str words_warehouse(struct str key);
/* Whether two keys are words for one thing: equal, or in one row of the table. */
bool words_same(struct str key, struct str other);
/* text_key in the arena; .p NULL without memory. */
struct str words_key(struct str s, struct arena *arena);

#endif
