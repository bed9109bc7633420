/* look.h - what the marketplace has of a product now */
#ifndef FLOWS_LISTING_LOOK_H
#define FLOWS_LISTING_LOOK_H

#include "flows/session.h"
#include "listing/listing.h"

/* Ask for it by its id. AISLE_NOT_FOUND: there is no such product. */
enum aisle_status look_product(struct session *s, struct str remote_id,
                               struct arena *arena, struct channel_product *out,
                               struct aisle_err *err);
/* What it says into a listing: state, audit, reason, leaf, SKUs. Text in the arena. */
enum aisle_status look_into(const struct channel_product *p, int64_t now,
                            struct arena *arena, struct listing *listing,
                            struct aisle_err *err);

/* Whether it is a global product, whose remote_id is none of the shop's. */
bool listing_is_global(const struct listing *listing);

/* Both, and kept; of a global product what it is in its markets, too. One that the
 * marketplace froze or took off and does not tell of is searched for; a product that is
 * gone is a listing that is deleted. AISLE_CONFLICT: somebody changed it meanwhile. */
enum aisle_status listing_refresh(struct session *s, struct listing *listing,
                                  struct arena *arena, struct aisle_err *err);
/* The same with a session of its own. */
enum aisle_status listing_look(const struct app *app, struct listing *listing,
                               struct arena *arena, struct aisle_err *err);

/* [{"seller_sku", "id", "values"}] of what came back; values where they were told. .p
 * NULL without memory. */
struct str skus_format(const struct channel_listed_sku *rows, size_t count,
                       struct arena *arena);
/* The seller SKUs of such a list, CHANNEL_MAX_SKUS_ASKED at most, no one twice. */
enum aisle_status skus_kept(struct str kept, struct arena *arena, struct str *out,
                            size_t *count, struct aisle_err *err);

#endif
