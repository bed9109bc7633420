/* abroad.h - a global product in its markets: what it costs there, and what became of it
 *
 * A cross-border seller's product is made once and published to markets, with a price in
 * the currency of each. Prices come by rates the seller gives. Pure: where and how often
 * it is published is for flows/.
 */
#ifndef LISTING_ABROAD_H
#define LISTING_ABROAD_H

#include "listing/draft.h"
#include "listing/limits.h"
#include "listing/listing.h"

#include "base/arena.h"
#include "base/buf.h"

enum { ABROAD_MAX = 16 }; /* markets of one product */

/* So many units of the currency are worth as much as those of the others. */
struct listing_rate {
    struct str currency;
    double units; /* above zero */
};
struct listing_rates {
    const struct listing_rate *rows;
    size_t count;
};

/* An amount in another currency, rounded to its minor unit. False without a rate for
 * both, or when it does not fit. */
bool listing_convert(const struct listing_rates *rates, const struct listing_money *from,
                     struct str currency, struct listing_money *out);

/* What a global product may be that is to go to these markets: the narrowest of all. */
struct listing_limits listing_limits_abroad(const struct str *markets, size_t count,
                                            enum listing_profile profile);

/* A global product in one market, as struct listing's `markets` keeps it. */
struct listing_abroad {
    struct str region;
    struct str id, shop_id;   /* of the product there; "" it is not there */
    enum listing_state state; /* there */
    struct str reason;        /* why it is not there, or failed there */
    struct str refused_hash;  /* digest of what was refused there; "" nothing */
    struct str skus;          /* JSON list of {"seller_sku", "id"}; "" not told */
};

/* Text "" is none. At most ABROAD_MAX; AISLE_GARBLED when it is no such text. */
enum aisle_status listing_abroad_parse(struct str text, struct arena *arena,
                                       struct listing_abroad rows[ABROAD_MAX],
                                       size_t *count, struct aisle_err *err);
void listing_abroad_format(const struct listing_abroad *rows, size_t count,
                           struct buf *out);
/* What a global product is as a whole, of what it is in its markets: the one that needs a
 * person first, else the one that is least far. A draft when it is nowhere. */
enum listing_state listing_abroad_state(const struct listing_abroad *rows, size_t count);

/* Publish Global Product's entry for one market; appends. `prices` one a SKU, ids those
 * of the global SKUs. */
struct listing_publication {
    struct str region;
    const struct str *sku_ids;
    const struct listing_money *prices;
    size_t sku_count;
};
void listing_write_publication(const struct listing_publication *rows, size_t count,
                               struct buf *out);

#endif
