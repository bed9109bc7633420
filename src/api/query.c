/* query.c - a query says what its route takes, and nothing else
 *
 * What is unknown is refused before the handler: a mistyped "dryrun" must not go ahead,
 * nor a "catgory" list every product. Addresses others come back to (/consent, /hooks)
 * take what they add: they are outside /api.
 */
#include "api/call.h"
#include "base/nearest.h"

static bool is_in_path(const struct http_route *at, const char *name)
{
    const char *brace = strchr(at->path, '{');
    size_t n = strlen(name);

    for (; brace; brace = strchr(brace + 1, '{'))
        if (strncmp(brace + 1, name, n) == 0 && brace[1 + n] == '}')
            return true;
    return false;
}

static bool is_taken(const struct http_route *at, struct str name)
{
    for (size_t i = 0; i < HTTP_MAX_PARAMS && at->params[i].name; i++)
        if (str_is(name, at->params[i].name))
            return !is_in_path(at, at->params[i].name);
    return false;
}

static enum aisle_status no_such_parameter(struct api_call *c, struct str name,
                                           struct aisle_err *err)
{
    const struct http_route *at = &c->route->at;
    struct nearest near = {.typed = name};

    for (size_t i = 0; i < HTTP_MAX_PARAMS && at->params[i].name; i++)
        if (!is_in_path(at, at->params[i].name))
            nearest_try(&near, str_of(at->params[i].name));
    api_fail(c, 400, "", err, "no parameter %.*s is taken here",
             STR_ARG(str_head(name, 60)));
    c->field = name;
    nearest_note(&near, err);
    return AISLE_INVALID;
}

enum aisle_status api_check_query(struct api_call *c, struct aisle_err *err)
{
    const struct http_request *r = c->request;

    if (!str_starts(r->path, "/api/"))
        return AISLE_OK;
    for (size_t i = 0; i < r->arg_count; i++)
        if (!is_taken(&c->route->at, r->args[i].name))
            return no_such_parameter(c, r->args[i].name, err);
    return AISLE_OK;
}
