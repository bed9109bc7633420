/* seller_sku.h - a seller SKU for a variant that has none
 *
 * The product's id and the option values, "W-1-Merah-XL": made of the variant alone, so
 * that it is the same whatever becomes of the others. What a seller SKU may not have
 * becomes -, and where that, or the length, leaves anything out, eight digits of a digest
 * tell it from its neighbours.
 */
#ifndef LISTING_SELLER_SKU_H
#define LISTING_SELLER_SKU_H

#include "listing/assemble.h"

/* At most `most` bytes, in the arena; .p NULL without memory. */
struct str seller_sku_make(struct str product_id, const struct listing_field *options,
                           size_t option_count, size_t most, struct arena *arena);

#endif
