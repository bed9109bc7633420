/* abroad.h - what a global product is in its markets, kept with its listing */
#ifndef FLOWS_LISTING_ABROAD_H
#define FLOWS_LISTING_ABROAD_H

#include "flows/session.h"
#include "listing/abroad.h"

/* What the marketplace says of markets into the listing: where it is, and its state as a
 * whole. Text in the arena. */
enum aisle_status abroad_take(struct listing *l, const struct channel_market *rows,
                              size_t count, struct arena *arena, struct aisle_err *err);
/* Ask what it is in each of its markets, through the seller's shops there; `local` is
 * that side of the channel. */
enum aisle_status abroad_follow(struct session *s, const struct channel_ops *local,
                                struct listing *l, struct arena *arena,
                                struct aisle_err *err);

#endif
