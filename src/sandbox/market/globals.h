/* globals.h - global products: made once by a cross-border seller, published to markets
 *
 * None of their endpoints takes a shop's cipher: they are the seller's whose token asks.
 * A published one is a product of the shop the seller has in that market.
 */
#ifndef SANDBOX_MARKET_GLOBALS_H
#define SANDBOX_MARKET_GLOBALS_H

#include "sandbox/market/products.h"

enum { GLOBALS_MARKETS = 16 };

struct global_product {
    char id[MARKET_ID];
    const struct seller *seller;
    json_t *doc; /* the body, with ids given */
    bool deleted;
    int64_t created_ms, updated_ms;
    struct product *local[GLOBALS_MARKETS]; /* published, one a market */
    size_t local_count;
};

void globals_free(struct market *m);
/* The global product a local one came from; NULL: none. */
const struct global_product *globals_of(const struct market *m, const struct product *p);
/* Get Product's global_product_association, where there is one. */
void globals_put_association(struct json_out *json, const struct market *m,
                             const struct product *p);

void globals_categories(struct call *c);
void globals_attributes(struct call *c);
void globals_rules(struct call *c);
void globals_warehouses(struct call *c);
void globals_create(struct call *c);
void globals_edit(struct call *c);
void globals_get(struct call *c);
void globals_search(struct call *c);
void globals_delete(struct call *c);
void globals_inventory(struct call *c);
void globals_publish(struct call *c);

/* For the files of globals. */
bool globals_may(struct call *c); /* false: refused, no cross-border seller */
struct global_product *globals_find(const struct market *m, const struct seller *seller,
                                    struct str id);

#endif
