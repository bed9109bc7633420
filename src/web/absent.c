/* absent.c - stands in for page.c in a program built where there was no node to bundle
 * the page with: the interface works, and who opens the page is told what to do */
#include "web/web.h"

static void tell(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    (void)call;
    http_reply_text(reply, 404, "text/plain; charset=utf-8",
                    STR_LIT("this aisle was built without its page: script/bootstrap "
                            "fetches what that needs, then build again\n"
                            "the interface is under /api/v1, described at "
                            "/api/v1/openapi.yaml\n"));
}

static const struct http_route routes[] = {
    {.method = "GET", .path = "/", .run = tell},
    {.method = "GET", .path = "/welcome", .run = tell},
};

const struct http_route *web_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
