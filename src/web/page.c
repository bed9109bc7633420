/* page.c - hands out the embedded files, each with a tag, so that a browser that has one
 * is told so and nothing more */
#include "web/web.h"

/* Made from ui/ by tools/embed; the tags are digests of the bytes, made by tools/tag. */
extern const char page_html[], page_js[], page_css[], page_icon[];
extern const size_t page_html_len, page_js_len, page_css_len, page_icon_len;
extern const char page_html_tag[], page_js_tag[], page_css_tag[], page_icon_tag[];

/* The names do not change with the content: a browser keeps a file, and asks each time
 * whether it is still the one. */
static void give(const struct http_call *call, struct http_reply *reply, const char *type,
                 struct str bytes, const char *tag)
{
    http_reply_header(reply, "ETag", str_of(tag));
    http_reply_header(reply, "Cache-Control", STR_LIT("no-cache"));
    if (str_is(http_header(call->request, "If-None-Match"), tag)) {
        reply->status = 304;
        return;
    }
    http_reply_text(reply, 200, type, bytes);
}

static void give_html(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    give(call, reply, "text/html; charset=utf-8", str_n(page_html, page_html_len),
         page_html_tag);
}

static void give_js(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    give(call, reply, "text/javascript; charset=utf-8", str_n(page_js, page_js_len),
         page_js_tag);
}

static void give_css(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    give(call, reply, "text/css; charset=utf-8", str_n(page_css, page_css_len),
         page_css_tag);
}

static void give_icon(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    give(call, reply, "image/svg+xml", str_n(page_icon, page_icon_len), page_icon_tag);
}

static const struct http_route routes[] = {
    {.method = "GET", .path = "/", .run = give_html},
    {.method = "GET", .path = "/welcome", .run = give_html},
    {.method = "GET", .path = "/page.js", .run = give_js},
    {.method = "GET", .path = "/page.css", .run = give_css},
    {.method = "GET", .path = "/icon.svg", .run = give_icon},
};

const struct http_route *web_routes(size_t *count)
{
    *count = sizeof routes / sizeof *routes;
    return routes;
}
