/* shops.h - connecting shops: adding one with a token at hand, signing in, looking,
 * leaving */
#ifndef FLOWS_SHOPS_H
#define FLOWS_SHOPS_H

#include "flows/app.h"

/* A shop to be: ids, channel, app key, addresses; and its keys, of which the cipher may
 * be empty: it is asked for (the first authorised shop, or the one with remote_id). */
struct shop_request {
    struct shop shop; /* id, channel, app_key needed; seller_id "" is "default" */
    struct shop_keys keys;
    struct str
        service_id; /* for the consent page; "" uses the older page with the app key */
    bool offline;   /* store without asking the marketplace */
};

/* Keep a shop whose tokens the caller already has (or, with a channel of client
 * credentials, whose secret). Unless offline asks for the authorised shops and fills
 * name, region, remote id and cipher; AISLE_NOT_FOUND names the shops there are when
 * remote_id is none of them. */
enum aisle_status flow_shop_add(const struct app *app, const struct shop_request *request,
                                struct aisle_err *err);

/* Sign in: first the link to open and the state it carries, then the address the browser
 * was sent back to. AISLE_AUTH when the state is another or consent was denied. */
enum { LOGIN_STATE_LEN = 32 };
struct login {
    char state[LOGIN_STATE_LEN + 1];
    char link[2048];
};
enum aisle_status flow_login_begin(const struct app *app,
                                   const struct shop_request *request, struct login *out,
                                   struct aisle_err *err);
enum aisle_status flow_login_finish(const struct app *app,
                                    const struct shop_request *request,
                                    const struct login *login, struct str return_address,
                                    struct aisle_err *err);

/* What is known of a shop that is there, to sign in again: all of it but its tokens, the
 * app's secret included (in the arena; wipe it). AISLE_NOT_FOUND. */
enum aisle_status flow_shop_known(const struct app *app, struct str shop_id,
                                  struct arena *arena, struct shop_request *out,
                                  struct aisle_err *err);

/* Whether sellers of a channel give consent on a page of its own; else its shops open
 * with the app's secret alone. AISLE_NOT_FOUND. */
enum aisle_status flow_channel_has_consent(const struct app *app, struct str channel,
                                           bool *has, struct aisle_err *err);

/* Ask the marketplace whether the keys still open it; the authorised shops in the arena.
 */
enum aisle_status flow_shop_test(const struct app *app, struct str shop_id,
                                 struct arena *arena, const struct channel_shop **out,
                                 size_t *count, struct channel_meta *meta,
                                 struct aisle_err *err);

/* The shop is forgotten, with its sealed keys, targets, what was pushed for it and what
 * was left for workers to do there; trees, products and decisions stay.
 * AISLE_NOT_FOUND. */
enum aisle_status flow_shop_drop(const struct app *app, struct str shop_id,
                                 struct aisle_err *err);

/* Seal every shop's keys with the vault's first key; *resealed of *total were not. */
enum aisle_status flow_shops_reseal(const struct app *app, size_t *resealed,
                                    size_t *total, struct aisle_err *err);

#endif
