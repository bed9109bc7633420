#include "http/route.h"
#include "base/text.h"

#include <assert.h>

static size_t slashes(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '/';
    return n;
}

bool http_path_fits(const char *pattern, struct str path,
                    struct str taken[HTTP_MAX_PARAMS])
{
    struct str wanted = str_of(pattern);
    size_t n = 0;

    if (slashes(wanted) != slashes(path))
        return false;
    while (wanted.n || path.n) {
        struct str want = str_cut(&wanted, '/'), have = str_cut(&path, '/');
        bool brace = str_starts(want, "{");

        if (brace ? str_empty(have) : !str_eq(want, have))
            return false;
        if (brace && n < HTTP_MAX_PARAMS)
            taken[n++] = have;
    }
    return true;
}

/* "id" is the second brace of "/a/{x}/b/{id}": its place among them, or -1. */
static int place_in_path(const char *pattern, const char *name)
{
    struct str rest = str_of(pattern);
    int place = 0;

    while (rest.n) {
        struct str piece = str_cut(&rest, '/');

        if (!str_starts(piece, "{"))
            continue;
        if (str_is(str_n(piece.p + 1, piece.n - 2), name))
            return place;
        place++;
    }
    return -1;
}

static enum aisle_status read_typed(const struct http_param *param,
                                    struct http_value *value, struct aisle_err *err)
{
    int64_t longest = param->max ? param->max : 1024;

    switch (param->type) {
    case HTTP_TEXT:
        if ((int64_t)value->text.n < param->min || (int64_t)value->text.n > longest)
            return aisle_fail(err, AISLE_INVALID,
                              "parameter %s must have %lld to %lld bytes", param->name,
                              (long long)param->min, (long long)longest);
        if (!utf8_valid(value->text) || str_find_char(value->text, '\0') < value->text.n)
            return aisle_fail(err, AISLE_INVALID,
                              "parameter %s must be UTF-8 text without NUL", param->name);
        return AISLE_OK;
    case HTTP_INT:
        if (!parse_i64(value->text, param->min, param->max, &value->number))
            return aisle_fail(err, AISLE_INVALID,
                              "parameter %s must be a number from %lld to %lld",
                              param->name, (long long)param->min, (long long)param->max);
        return AISLE_OK;
    case HTTP_BOOL:
        if (!parse_bool(value->text, &value->flag))
            return aisle_fail(err, AISLE_INVALID, "parameter %s must be true or false",
                              param->name);
        return AISLE_OK;
    }
    return AISLE_OK;
}

static enum aisle_status read_param(const struct http_route *route,
                                    const struct http_param *param,
                                    const struct str taken[HTTP_MAX_PARAMS],
                                    const struct http_request *request,
                                    struct http_value *value, struct aisle_err *err)
{
    int place = place_in_path(route->path, param->name);

    *value = (struct http_value){0};
    if (place >= 0) {
        value->given = true;
        value->text = http_decode(taken[place], false, request->arena);
        if (!value->text.p)
            return aisle_nomem(err);
    } else {
        value->given = http_arg(request, param->name, &value->text);
        if (http_arg_times(request, param->name) > 1)
            return aisle_fail(err, AISLE_INVALID, "parameter %s is said twice",
                              param->name);
    }
    if (value->given)
        return read_typed(param, value, err);
    if (param->required)
        return aisle_fail(err, AISLE_INVALID, "parameter %s is missing", param->name);
    return AISLE_OK;
}

static bool method_fits(const struct http_route *route, struct str method)
{
    return str_is(method, route->method) ||
           (str_is(method, "HEAD") && strcmp(route->method, "GET") == 0);
}

enum aisle_status http_route_find(const struct http_route *routes, size_t count,
                                  const struct http_request *request,
                                  struct http_call *call, struct aisle_err *err)
{
    struct str taken[HTTP_MAX_PARAMS];
    const struct http_route *found = NULL;
    struct http_call read = {.request = request};
    enum aisle_status status = AISLE_OK;
    bool path_known = false;

    for (size_t i = 0; i < count && !found; i++) {
        if (!http_path_fits(routes[i].path, request->path, taken))
            continue;
        path_known = true;
        if (method_fits(&routes[i], request->method))
            found = &routes[i];
    }
    if (!path_known)
        return aisle_fail(err, AISLE_NOT_FOUND, "nothing is at this path");
    if (!found)
        return aisle_fail(err, AISLE_REFUSED, "this path does not take %.*s",
                          STR_ARG(str_head(request->method, 16)));

    read.route = found;
    for (size_t i = 0; i < HTTP_MAX_PARAMS && found->params[i].name && !status; i++)
        status =
            read_param(found, &found->params[i], taken, request, &read.values[i], err);
    if (status == AISLE_OK)
        *call = read;
    return status;
}

void http_route_allow(const struct http_route *routes, size_t count, struct str path,
                      struct buf *out)
{
    struct str taken[HTTP_MAX_PARAMS];
    const char *comma = "";

    for (size_t i = 0; i < count; i++) {
        if (!http_path_fits(routes[i].path, path, taken))
            continue;
        buf_addf(out, "%s%s", comma, routes[i].method);
        comma = ", ";
        if (strcmp(routes[i].method, "GET") == 0)
            buf_addz(out, ", HEAD");
    }
}

const struct http_value *http_value(const struct http_call *call, const char *name)
{
    for (size_t i = 0; i < HTTP_MAX_PARAMS && call->route->params[i].name; i++)
        if (strcmp(call->route->params[i].name, name) == 0)
            return &call->values[i];
    assert(false && "a parameter the route does not declare");
    return NULL;
}
