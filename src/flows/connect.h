/* connect.h - connecting a shop in a browser whose return we receive ourselves
 *
 * flows/shops.h signs in where the person who began it also brings the address back. Here
 * the marketplace sends a browser to us, and anybody may send one: so the state is kept,
 * is good for a while and once, and only for who began it, as long as they are signed in
 * and may; begun in a browser, it ends in that browser.
 */
#ifndef FLOWS_CONNECT_H
#define FLOWS_CONNECT_H

#include "flows/shops.h"

enum { CONNECT_S = 600 };

struct connect_request {
    struct str shop_id, user;
    struct sha256 proof;   /* of the session or token it is begun with */
    struct str browser;    /* secret in a cookie of the browser; "" for a program */
    struct str service_id; /* for the consent page, or "" */
};

/* The link the seller opens, and until when. AISLE_NOT_FOUND: no such shop. */
enum aisle_status flow_connect_begin(const struct app *app,
                                     const struct connect_request *request,
                                     struct login *out, int64_t *expires_at,
                                     struct aisle_err *err);

/* Whether a return with this state, from a browser with that secret ("" none), may end
 * what was begun. AISLE_AUTH says why not, in words for whoever sits there. Changes
 * nothing. */
enum aisle_status flow_connect_check(const struct app *app, struct str state,
                                     struct str browser, struct arena *arena,
                                     struct shop_login *out, struct aisle_err *err);

/* The state is taken, so that it is good no more, the code exchanged, the tokens kept.
 * query is all of the return address behind its "?". AISLE_AUTH: taken already, or
 * consent was denied; AISLE_NOT_FOUND: consent is for another shop than this one. */
enum aisle_status flow_connect_finish(const struct app *app,
                                      const struct shop_login *login, struct str state,
                                      struct str query, struct aisle_err *err);

#endif
