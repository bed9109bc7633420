/* hooks.h - webhooks: made when something happens to a product, signed, sent, sent again
 *
 * The signature stands in Authorization: lower-case hex of HMAC-SHA256 under the app's
 * secret over the app's key and the body's bytes (Webhooks overview). Types 5, 15, 16, 18
 * and 37. They go to the address set at the start, or to the one a shop subscribed; only
 * loopback is called. Each attempt is an entry in the journal.
 */
#ifndef SANDBOX_MARKET_HOOKS_H
#define SANDBOX_MARKET_HOOKS_H

#include "sandbox/market/products.h"

struct hooks;

enum aisle_status hooks_new(struct market *m, struct hooks **out, struct aisle_err *err);
/* Lets go of what was not sent. NULL is fine. */
void hooks_free(struct hooks *h);
void hooks_forget(struct hooks *h); /* what waits, and subscriptions */

/* All inside of market_enter. Without memory, or without anybody to tell, nothing. */
void hooks_status(struct market *m, const struct product *p, const char *status,
                  int64_t now_ms);
void hooks_changed(struct market *m, const struct product *p, const json_t *fields,
                   int64_t now_ms);
void hooks_created(struct market *m, const struct product *p, int64_t now_ms);
void hooks_category(struct market *m, const struct product *p, struct str before,
                    int64_t now_ms);
void hooks_audit(struct market *m, const struct product *p, int64_t now_ms);
/* How many were made, delivered, given up, and wait. */
void hooks_put_counts(struct hooks *h, struct json_out *json);

/* Whether anybody is there to be told of that type. Inside of market_enter. */
bool hooks_have_address(const struct market *m, const struct sandbox_shop *shop,
                        int type);

/* Update, Get and Delete Shop Webhooks 202309. Any address can be subscribed, and any
 * event; what is not sent for that is noted once in the journal. */
void hooks_subscribe(struct call *c);
void hooks_list(struct call *c);
void hooks_unsubscribe(struct call *c);

#endif
