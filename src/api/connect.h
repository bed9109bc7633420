/* connect.h - shops connected over HTTP: what begins it and what ends it share */
#ifndef API_CONNECT_H
#define API_CONNECT_H

#include "api/call.h"

/* Of the cookie that says in which browser a sign-in was begun. */
const char *connect_cookie_name(const struct api *api);

/* GET /consent: the marketplace sends the seller's browser here. Answers with a page;
 * nobody needs be signed in. */
enum aisle_status consent_return(struct api_call *c, struct aisle_err *err);

#endif
