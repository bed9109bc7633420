#include "api/call.h"
#include "flows/sync.h"
#include "http/multipart.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- what was said ---- */

int64_t api_number(const struct api_call *c, const char *name, int64_t absent)
{
    const struct http_value *value = http_value(c->http, name);

    return value->given ? value->number : absent;
}

size_t api_limit(const struct api_call *c)
{
    return (size_t)api_number(c, "limit", API_PAGE);
}

enum aisle_status api_fail(struct api_call *c, int status, const char *field,
                           struct aisle_err *err, const char *fmt, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->status = status;
    if (*field)
        c->field = str_of(field);
    return aisle_fail(err,
                      status == 404                    ? AISLE_NOT_FOUND
                      : status == 401                  ? AISLE_AUTH
                      : status == 409 || status == 412 ? AISLE_CONFLICT
                                                       : AISLE_INVALID,
                      "%s", text);
}

enum aisle_status api_need(struct api_call *c, const char *key, struct str *out,
                           struct aisle_err *err)
{
    if (!json_at(c->body, key))
        return api_fail(c, 400, key, err, "%s is missing", key);
    *out = json_str(c->body, key);
    return AISLE_OK;
}

enum aisle_status api_file(struct api_call *c, const char *field, struct str *out,
                           struct str *name, struct aisle_err *err)
{
    struct str type = http_header(c->request, "Content-Type");
    const struct http_part *parts, *part;
    size_t count;
    enum aisle_status status;

    *name = (struct str){0};
    *out = c->request->body;
    if (!str_eq_nocase(http_media_type(type), STR_LIT("multipart/form-data")))
        return AISLE_OK;
    status = http_multipart_read(type, c->request->body, c->request->arena, &parts,
                                 &count, err);
    if (status != AISLE_OK) {
        c->status = 400;
        return status;
    }
    part = http_part_named(parts, count, field);
    if (!part)
        return api_fail(c, 400, field, err, "the form has no %s", field);
    *out = part->data;
    *name = part->file_name;
    return AISLE_OK;
}

/* ---- whose it is ---- */

bool api_may_see(const struct api_call *c, struct str seller_id)
{
    return str_empty(c->who.seller_id) || str_eq(c->who.seller_id, seller_id);
}

enum aisle_status api_seller(struct api_call *c, struct str asked, struct str *out,
                             struct aisle_err *err)
{
    if (!str_empty(asked) && !api_may_see(c, asked))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no seller %.*s",
                          STR_ARG(str_head(asked, 60)));
    *out = str_empty(asked) ? c->who.seller_id : asked;
    return AISLE_OK;
}

enum aisle_status api_owner(struct api_call *c, struct str absent, struct str *out,
                            struct aisle_err *err)
{
    struct str asked = api_text(c, "seller");
    enum aisle_status status = api_seller(c, str_empty(asked) ? absent : asked, out, err);

    if (status == AISLE_OK && str_empty(*out))
        *out = STR_LIT("default");
    return status;
}

enum aisle_status api_target(struct api_call *c, struct str asked, struct target *out,
                             struct shop *shop, struct aisle_err *err)
{
    struct target target;
    struct shop of;
    enum aisle_status status =
        flow_target(&c->app, asked, c->request->arena, &target, &of, err);

    if (status == AISLE_OK && !api_may_see(c, of.seller_id))
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                            STR_ARG(str_head(asked, 60)));
    if (status != AISLE_OK)
        return status;
    *out = target;
    *shop = of;
    return AISLE_OK;
}

enum aisle_status api_filter_target(struct api_call *c, const char *name, struct str *out,
                                    struct aisle_err *err)
{
    struct str asked = api_text(c, name);
    struct aisle_err mine = {0};
    struct target target = {.id = asked};
    enum aisle_status status = AISLE_OK;

    if (!str_empty(asked))
        status = flow_target(&c->app, asked, c->request->arena, &target, NULL, &mine);
    if (status == AISLE_NOT_FOUND) {
        target.id = asked;
        status = AISLE_OK;
    }
    if (status == AISLE_INVALID)
        c->field = str_of(name);
    if (status == AISLE_OK)
        *out = target.id;
    else
        aisle_pass(err, &mine);
    return status;
}

enum aisle_status api_also(struct api_call *c, struct str asked, struct str *out,
                           struct aisle_err *err)
{
    struct target target = {.id = STR_LIT("")};
    struct shop shop;
    enum aisle_status status = AISLE_OK;

    if (!str_empty(asked))
        status = flow_also(&c->app, asked, c->request->arena, &target, &shop, err);
    if (status == AISLE_CONFIG || status == AISLE_INVALID) {
        c->status = 422;
        c->field = STR_LIT("also");
    }
    if (status == AISLE_OK && !str_empty(asked) && !api_may_see(c, shop.seller_id))
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                            STR_ARG(str_head(asked, 60)));
    if (status == AISLE_OK)
        *out = target.id;
    return status;
}

static enum aisle_status take_tree(struct api_call *c, struct str asked, struct str also,
                                   struct held **out, struct aisle_err *err)
{
    struct held *h;
    enum aisle_status status = held_take(c->api->held, asked, also, &h, err);

    if (status != AISLE_OK)
        return status;
    if (!api_may_see(c, h->shop.seller_id)) {
        held_give(h);
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                          STR_ARG(str_head(asked, 60)));
    }
    *out = h;
    return AISLE_OK;
}

enum aisle_status api_tree(struct api_call *c, struct str asked, struct held **out,
                           struct aisle_err *err)
{
    return take_tree(c, asked, STR_LIT(""), out, err);
}

enum aisle_status api_tree_also(struct api_call *c, struct str asked, struct str also,
                                struct held **out, struct aisle_err *err)
{
    struct str both = {0};
    enum aisle_status status = api_also(c, also, &both, err);

    return status == AISLE_OK ? take_tree(c, asked, both, out, err) : status;
}

/* ---- the answer ---- */

enum { LIST_ROOM = 16 * 1024 };

struct str api_told(const struct api_call *c, const struct aisle_err *err)
{
    struct aisle_err shown = *err;

    store_hide_place(c->app.store, &shown);
    return arena_str(c->request->arena, str_of(shown.text));
}

void api_open_items(struct api_call *c)
{
    buf_room(c->json.buf, LIST_ROOM); /* most pages grow no further */
    json_open(&c->json);
    json_key(&c->json, "items");
    json_open_list(&c->json);
}

void api_close_items(struct api_call *c, struct str next)
{
    json_close_list(&c->json);
    if (!str_empty(next))
        json_add_str(&c->json, "next", next);
    json_close(&c->json);
}

void api_time(struct api_call *c, const char *key, int64_t at)
{
    char text[TIME_LEN + 1];

    json_key(&c->json, key);
    if (!at) {
        json_put_null(&c->json);
        return;
    }
    time_format(at, text);
    json_put_str(&c->json, str_of(text));
}

void api_add_or_null(struct api_call *c, const char *key, struct str s)
{
    json_key(&c->json, key);
    if (str_empty(s))
        json_put_null(&c->json);
    else
        json_put_str(&c->json, s);
}

void api_etag_number(struct api_call *c, int64_t n)
{
    c->etag = arena_fmt(c->request->arena, "%lld", (long long)n);
}

void api_note(struct api_call *c, struct str seller_id, struct str about)
{
    c->note.seller_id = arena_str(c->request->arena, seller_id);
    c->note.about = arena_str(c->request->arena, str_head(about, 1024));
}

struct str api_next(struct api_call *c, int64_t last)
{
    return last ? arena_fmt(c->request->arena, "%lld", (long long)last) : (struct str){0};
}

/* "3:abcdef": the length of the first part, and both. */
struct str api_cursor(struct api_call *c, struct str a, struct str b)
{
    return arena_fmt(c->request->arena, "%zu:%.*s%.*s", a.n, STR_ARG(a), STR_ARG(b));
}

enum aisle_status api_cursor_cut(struct api_call *c, struct str joined, struct str *a,
                                 struct str *b, struct aisle_err *err)
{
    struct str rest = joined, head;
    int64_t n;

    *a = *b = (struct str){0};
    if (str_empty(rest))
        return AISLE_OK;
    head = str_cut(&rest, ':');
    if (!parse_i64(head, 0, (int64_t)rest.n, &n))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    *a = str_head(rest, (size_t)n);
    *b = str_skip(rest, (size_t)n);
    return AISLE_OK;
}

enum aisle_status api_cursor_read(struct api_call *c, struct str *a, struct str *b,
                                  struct aisle_err *err)
{
    return api_cursor_cut(c, api_text(c, "after"), a, b, err);
}
