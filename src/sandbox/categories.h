/* categories.h - Get Categories: its parameters, and trees as they are sent */
#ifndef SANDBOX_CATEGORIES_H
#define SANDBOX_CATEGORIES_H

#include "sandbox/call.h"

/* The tree a version and a platform stand for, as the query or the body names them; both
 * may be empty. False: refused. The parameters' documents are Get Categories 202309. */
bool categories_choose(struct call *c, struct str version, struct str platform,
                       enum refusal bad_platform, enum forest_slot *slot);
/* A locale of the list on that page; an empty one is the shop's own. False: none of them.
 */
bool categories_locale(const struct call *c, struct str given, struct str *locale);
/* ["AVAILABLE"] */
void categories_put_permissions(struct json_out *json, const struct node *n);

#endif
