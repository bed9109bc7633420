/* The seller's consent page, old and new address. A person follows Approve or Deny and
 * lands on the app's return address, with code, state, app_key, locale and shop_region,
 * or with code=null&error=auth_denied. For programs: &approve=1 or &deny=1, and
 * &seller=NAME where there are several. */
#include "sandbox/engine.h"

bool consent_is_for(struct str path)
{
    return str_is(path, "/open/authorize") || str_is(path, "/oauth/authorize") ||
           str_is(path, "/_consent/returned");
}

static void start_page(struct call *c, int status, const char *title)
{
    http_reply_text(c->reply, status, "text/html; charset=utf-8", STR_LIT(""));
    buf_addf(&c->reply->body,
             "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
             "<title>%s</title></head>\n<body><h1>%s</h1>\n",
             title, title);
}

static void end_page(struct call *c)
{
    buf_addz(&c->reply->body, "</body></html>\n");
    c->note.status = c->reply->status;
}

static void decline(struct call *c, const char *why)
{
    start_page(c, 400, "This link does not work");
    buf_addf(&c->reply->body, "<p>%s</p>\n", why);
    end_page(c);
}

static void put_arg(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%c%s=", str_find_char(buf_str(out), '?') < out->n ? '&' : '?', name);
    buf_url(out, value);
}

static void send_back(struct call *c, struct buf *to)
{
    if (to->failed) {
        call_broken(c);
        return;
    }
    http_reply_text(c->reply, 302, "text/html; charset=utf-8", STR_LIT(""));
    http_reply_header(c->reply, "Location", buf_str(to));
    c->note.status = 302;
}

static void begin_return(struct call *c, struct buf *to)
{
    const struct engine *e = c->engine;

    if (str_empty(e->set.redirect_url))
        buf_addf(to, "%.*s/_consent/returned", STR_ARG(e->identity.url));
    else
        buf_add(to, e->set.redirect_url);
    put_arg(to, "app_key", e->identity.app_key);
}

static void deny(struct call *c)
{
    struct buf to = BUF_INIT(BUF_MAX_LINE);

    begin_return(c, &to);
    put_arg(&to, "code", STR_LIT("null"));
    put_arg(&to, "error", STR_LIT("auth_denied"));
    put_arg(&to, "state", http_arg_str(c->request, "state"));
    send_back(c, &to);
    buf_clear(&to);
}

static void approve(struct call *c, size_t which)
{
    const struct seller *seller = keys_seller(c->engine->keys, which);
    struct buf to = BUF_INIT(BUF_MAX_LINE);
    struct str code;

    if (keys_make_code(c->engine->keys, which, c->now_ms / 1000, c->request->arena, &code,
                       NULL)) {
        call_broken(c);
        return;
    }
    c->note.shop = seller->shops->id;
    begin_return(c, &to);
    put_arg(&to, "code", code);
    put_arg(&to, "locale", STR_LIT("en"));
    put_arg(&to, "shop_region", seller->shops->region);
    put_arg(&to, "state", http_arg_str(c->request, "state"));
    send_back(c, &to);
    buf_clear(&to);
}

static void put_link(struct call *c, const char *name, struct str value, const char *word)
{
    struct buf *out = &c->reply->body;
    struct buf link = BUF_INIT(BUF_MAX_LINE);

    buf_addf(&link, "%.*s?%.*s", STR_ARG(c->request->path), STR_ARG(c->request->query));
    put_arg(&link, name, STR_LIT("1"));
    if (value.n)
        put_arg(&link, "seller", value);
    buf_addz(out, "<p><a href=\"");
    buf_html(out, buf_str(&link));
    buf_addf(out, "\">%s", word);
    if (value.n)
        buf_addz(out, " as ");
    buf_html(out, value);
    buf_addz(out, "</a></p>\n");
    buf_clear(&link);
}

static void show_page(struct call *c)
{
    const struct keys *keys = c->engine->keys;

    start_page(c, 200, "Authorize this app");
    buf_addz(&c->reply->body,
             "<p>The app asks to see the shop and to manage its products.</p>\n");
    for (size_t i = 0; i < keys_seller_count(keys); i++)
        put_link(c, "approve", keys_seller(keys, i)->name, "Approve");
    put_link(c, "deny", (struct str){0}, "Deny");
    end_page(c);
}

/* Where consent returns to while no app has given an address: the address itself, to be
 * copied. */
static void show_returned(struct call *c)
{
    struct buf *out = &c->reply->body;

    start_page(c, 200, "Back at the app");
    buf_addz(out, "<p>No return address is set. Copy this one:</p>\n<p><code>");
    buf_html(out, c->engine->identity.url);
    buf_html(out, c->request->path);
    buf_addc(out, '?');
    buf_html(out, c->request->query);
    buf_addz(out, "</code></p>\n");
    end_page(c);
}

static bool is_our_app(const struct call *c)
{
    const struct sandbox_identity *id = &c->engine->identity;

    if (str_is(c->request->path, "/open/authorize"))
        return str_eq(http_arg_str(c->request, "service_id"), id->service_id);
    return str_eq(http_arg_str(c->request, "app_key"), id->app_key);
}

static size_t which_seller(const struct call *c)
{
    const struct keys *keys = c->engine->keys;
    struct str name = http_arg_str(c->request, "seller");
    size_t i = 0;

    while (!str_empty(name) && i < keys_seller_count(keys) &&
           !str_eq(keys_seller(keys, i)->name, name))
        i++;
    return i;
}

void consent_handle(struct call *c)
{
    bool wants = str_is(http_arg_str(c->request, "approve"), "1") ||
                 c->engine->set.consent_at_once;
    size_t seller = which_seller(c);

    if (str_is(c->request->path, "/_consent/returned"))
        show_returned(c);
    else if (!str_is(c->request->method, "GET"))
        call_refuse(c, REFUSE_METHOD);
    else if (!is_our_app(c))
        decline(c, "No app has this service_id or app_key.");
    else if (seller == keys_seller_count(c->engine->keys))
        decline(c, "There is no such seller.");
    else if (str_is(http_arg_str(c->request, "deny"), "1"))
        deny(c);
    else if (wants)
        approve(c, seller);
    else
        show_page(c);
}
