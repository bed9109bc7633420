/* ahead.c - what is settled of a request ahead of its body: how long that may be, and
 * whether others wait while it is answered */
#include "api/call.h"

enum { BODY_OF_STRANGERS = 16 * 1024 };

/* Only who may do it may bring much: others are told no, and nothing of sizes, before
 * their body is kept. */
static size_t max_body_for(struct api *api, const struct http_request *request,
                           const struct api_route *route)
{
    struct api_call c = {.api = api,
                         .request = request,
                         .route = route,
                         .app = *api->set.app,
                         .status = 200};
    struct aisle_err err = {0};
    size_t max = route->max_body ? route->max_body : API_MAX_JSON;

    if (max <= BODY_OF_STRANGERS || guard_check(&c, &err) == AISLE_OK)
        return max;
    return HTTP_UNREAD;
}

/* HEAD goes where GET does. */
static const struct api_route *route_of(const struct api *api, struct str method,
                                        struct str path,
                                        struct str taken[HTTP_MAX_PARAMS])
{
    if (str_is(method, "HEAD"))
        method = STR_LIT("GET");
    for (size_t i = 0; i < api->route_count; i++)
        if (str_is(method, api->routes[i].method) &&
            http_path_fits(api->routes[i].path, path, taken))
            return api->behind[i];
    return NULL;
}

size_t api_max_body(void *ctx, const struct http_request *request)
{
    struct str taken[HTTP_MAX_PARAMS];
    const struct api_route *route = route_of(ctx, request->method, request->path, taken);

    return route ? max_body_for(ctx, request, route) : HTTP_UNREAD;
}

/* A tree that is held is quick to look at; to load one is not. */
static bool is_slow(struct api *api, const struct http_request *request,
                    const struct api_route *route, struct str target)
{
    if (str_starts(request->path, "/api/v1/trees/") &&
        !held_is_ready(api->held, http_decode(target, false, request->arena)))
        return true;
    return route->slow && (!*route->slow || http_arg_times(request, route->slow));
}

enum http_lane api_lane(void *ctx, const struct http_request *request)
{
    bool reads = str_is(request->method, "GET") || str_is(request->method, "HEAD");
    struct str taken[HTTP_MAX_PARAMS] = {{0}};
    const struct api_route *route = route_of(ctx, request->method, request->path, taken);

    if (!route)
        return HTTP_QUICK;
    return !reads                                   ? HTTP_WRITES
           : is_slow(ctx, request, route, taken[0]) ? HTTP_READS
                                                    : HTTP_QUICK;
}
