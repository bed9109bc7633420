/* route.h - from method and path to a handler, with its parameters read and checked
 *
 * A route declares what it takes; what is not declared never reaches the handler.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/reply.h"
#include "http/request.h"

enum { HTTP_MAX_PARAMS = 16 };

enum http_type { HTTP_TEXT, HTTP_INT, HTTP_BOOL };

struct http_param {
    const char *name; /* in the path's {braces}, or else in the query */
    enum http_type type;
    bool required;    /* one in the path is there anyway */
    int64_t min, max; /* INT: its range; TEXT: its length in bytes (max 0: 1024),
                         which are UTF-8 without NUL */
};

struct http_value {
    bool given;
    struct str text; /* decoded; also of INT and BOOL */
    int64_t number;
    bool flag;
};

struct http_route;

struct http_call {
    const struct http_route *route;
    const struct http_request *request;
    struct http_value values[HTTP_MAX_PARAMS]; /* in the order declared */
};

typedef void http_route_fn(void *ctx, const struct http_call *call,
                           struct http_reply *reply);

struct http_route {
    const char *method; /* GET's also answers HEAD */
    const char *path;   /* "/api/v1/products/{sku}"; a brace takes one whole segment */
    struct http_param params[HTTP_MAX_PARAMS]; /* up to the first without a name */
    http_route_fn *run;
};

/* Does the path fit? The segments in braces, still encoded, go to `taken` in order, at
 * most HTTP_MAX_PARAMS. */
bool http_path_fits(const char *pattern, struct str path,
                    struct str taken[HTTP_MAX_PARAMS]);

/* The first route that fits, with its values. AISLE_NOT_FOUND: no path like it;
 * AISLE_REFUSED: the path, but not with this method; AISLE_INVALID: a parameter is
 * missing, said twice, of another type or out of its range, by name; AISLE_NOMEM. */
enum aisle_status http_route_find(const struct http_route *routes, size_t count,
                                  const struct http_request *request,
                                  struct http_call *call, struct aisle_err *err);
/* "GET, HEAD, POST": what the path takes, for a 405's Allow. */
void http_route_allow(const struct http_route *routes, size_t count, struct str path,
                      struct buf *out);

/* The value of a declared parameter; asking for another is an assertion. */
const struct http_value *http_value(const struct http_call *call, const char *name);

#endif
