/* web.h - the page: one document, its script, its style and its sign, as they were built
 *
 * They are the same for everybody and need no sign-in; whatever they show they ask of
 * /api/v1. Does not write the Content-Security-Policy: who serves says that for all
 * answers, and nothing here needs script or style within the document.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "http/route.h"

/* What is served; the routes need no context. A program built without the page has one
 * text at "/" that says so. */
const struct http_route *web_routes(size_t *count);

#endif
