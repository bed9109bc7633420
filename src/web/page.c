/* page.c - hands out the embedded files, each with a tag, so that a browser that has one
 * is told so and nothing more */
#include "web/web.h"

/* Made from ui/ by tools/embed, as they are and packed by gzip; the tags are digests of
 * the bytes, made by tools/tag. */
extern const char page_html[], page_js[], page_css[], page_icon[];
extern const size_t page_html_len, page_js_len, page_css_len, page_icon_len;
extern const char page_html_tag[], page_js_tag[], page_css_tag[], page_icon_tag[];
extern const char page_html_gz[], page_js_gz[], page_css_gz[], page_icon_gz[];
extern const size_t page_html_gz_len, page_js_gz_len, page_css_gz_len, page_icon_gz_len;
extern const char page_html_gz_tag[], page_js_gz_tag[], page_css_gz_tag[],
    page_icon_gz_tag[];

struct form {
    struct str bytes;
    const char *tag;
};
struct piece {
    const char *type;
    struct form plain, packed;
};

/* "gzip, br;q=0.5": named, and not with a weight of zero (RFC 9110, 12.5.3). */
static bool takes_gzip(const struct http_request *request)
{
    struct str list = http_header(request, "Accept-Encoding");

    while (list.n) {
        struct str rest = str_cut(&list, ','), coding = str_trim(str_cut(&rest, ';'));
        struct str name = str_trim(str_cut(&rest, '=')), weight = str_trim(rest);

        if (str_eq_nocase(coding, STR_LIT("gzip")))
            return !str_eq_nocase(name, STR_LIT("q")) ||
                   (!str_is(weight, "0") && !str_is(weight, "0.0") &&
                    !str_is(weight, "0.00") && !str_is(weight, "0.000"));
    }
    return false;
}

/* The names do not change with the content: a browser keeps a file, and asks each time
 * whether it is still the one. */
static void give(const struct http_call *call, struct http_reply *reply,
                 const struct piece *piece)
{
    bool packed = takes_gzip(call->request);
    const struct form *form = packed ? &piece->packed : &piece->plain;

    http_reply_header(reply, "ETag", str_of(form->tag));
    http_reply_header(reply, "Cache-Control", STR_LIT("no-cache"));
    http_reply_header(reply, "Vary", STR_LIT("Accept-Encoding"));
    if (str_is(http_header(call->request, "If-None-Match"), form->tag)) {
        reply->status = 304;
        return;
    }
    if (packed)
        http_reply_header(reply, "Content-Encoding", STR_LIT("gzip"));
    http_reply_text(reply, 200, piece->type, form->bytes);
}

static void give_html(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    const struct piece piece = {"text/html; charset=utf-8",
                                {{page_html, page_html_len}, page_html_tag},
                                {{page_html_gz, page_html_gz_len}, page_html_gz_tag}};

    (void)ctx;
    give(call, reply, &piece);
}

static void give_js(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    const struct piece piece = {"text/javascript; charset=utf-8",
                                {{page_js, page_js_len}, page_js_tag},
                                {{page_js_gz, page_js_gz_len}, page_js_gz_tag}};

    (void)ctx;
    give(call, reply, &piece);
}

static void give_css(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    const struct piece piece = {"text/css; charset=utf-8",
                                {{page_css, page_css_len}, page_css_tag},
                                {{page_css_gz, page_css_gz_len}, page_css_gz_tag}};

    (void)ctx;
    give(call, reply, &piece);
}

static void give_icon(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    const struct piece piece = {"image/svg+xml",
                                {{page_icon, page_icon_len}, page_icon_tag},
                                {{page_icon_gz, page_icon_gz_len}, page_icon_gz_tag}};

    (void)ctx;
    give(call, reply, &piece);
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
