/* hooks.c - what marketplaces tell of their own accord, and what became of it */
#include "flows/hooks.h"
#include "api/runs.h"

/* Signed bytes instead of a person: kept, and applied by the next round. A shop that is
 * none of ours and a signature that is none look alike from outside. */
static enum aisle_status receive(struct api_call *c, struct aisle_err *err)
{
    struct aisle_err why = {0};
    bool added = false;
    enum aisle_status status =
        flow_hook_receive(&c->app, api_text(c, "channel"), c->request->body,
                          http_header(c->request, "Authorization"), &added, &why);

    if (status == AISLE_AUTH || status == AISLE_NOT_FOUND || status == AISLE_CONFIG) {
        log_error(c->app.log, &why, "a notification was turned away");
        return api_fail(c, 401, "", err, "not signed by an app of ours");
    }
    if (status == AISLE_GARBLED)
        return api_fail(c, 400, "", err, "%s", why.text);
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    json_open(&c->json);
    json_add_bool(&c->json, "added", added);
    json_close(&c->json);
    return AISLE_OK;
}

struct hook_page {
    struct api_call *c;
    struct api_page page;
    struct str last;
};

static enum aisle_status put_hook(void *ctx, const struct hook *h, struct aisle_err *err)
{
    struct hook_page *page = ctx;
    struct api_call *c = page->c;

    if (!api_page_takes(&page->page))
        return AISLE_OK;
    json_open(&c->json);
    json_add_str(&c->json, "seller", h->seller_id);
    json_add_str(&c->json, "shop", h->shop_id);
    json_add_str(&c->json, "id", h->id);
    json_add_str(&c->json, "state", str_of(hook_state_name(h->state)));
    api_add_or_null(c, "text", h->text);
    api_time(c, "received_at", h->received_at);
    api_time(c, "settled_at", h->settled_at);
    json_close(&c->json);
    if (page->page.left)
        return AISLE_OK;
    page->last =
        api_cursor(c, arena_fmt(c->request->arena, "%lld", (long long)h->received_at),
                   api_cursor(c, h->id, h->shop_id));
    return page->last.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status said_filter(struct api_call *c, struct hook_filter *f,
                                     struct aisle_err *err)
{
    struct str word = api_text(c, "state"), at, rest;
    enum hook_state state;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f->seller_id, err);

    if (status == AISLE_OK && word.n) {
        if (!hook_state_parse(word, &state))
            return api_fail(c, 400, "state", err,
                            "state is waiting, applied, passed or failed");
        f->states = 1u << state;
    }
    if (status == AISLE_OK)
        status = api_cursor_read(c, &at, &rest, err);
    if (status == AISLE_OK && at.n && !parse_i64(at, 0, INT64_MAX, &f->after_at))
        status = api_fail(c, 400, "after", err, "after is the next of a former page");
    return status == AISLE_OK ? api_cursor_cut(c, rest, &f->after_id, &f->after_shop, err)
                              : status;
}

static enum aisle_status list_hooks(struct api_call *c, struct aisle_err *err)
{
    struct hook_filter f = {
        .shop_id = api_text(c, "shop"), .newest_first = true, .limit = api_limit(c) + 1};
    struct hook_page page = {.c = c, .page = api_page(c)};
    enum aisle_status status = said_filter(c, &f, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = c->app.store->ops->hooks->each(c->app.store, &f, put_hook, &page, err);
    api_close_items(c, page.page.more ? page.last : (struct str){0});
    return status;
}

/* By the clock they are applied anyway; a person need not wait, and may have those that
 * failed tried again. */
static enum aisle_status apply_hooks(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_SHOP, .shop = {.act = SHOP_HOOKS}};
    struct shop shop;
    enum aisle_status status = api_find_shop(c, &shop, err);

    if (status != AISLE_OK)
        return status;
    api_note(c, shop.seller_id, shop.id);
    r.seller_id = r.shop.seller_id = shop.seller_id;
    r.shop.shop_id = shop.id;
    r.shop.again = json_flag(c->body, "again", false);
    return api_start(c, &r, err);
}

static enum aisle_status put_listing(void *ctx, const struct listing *l,
                                     struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    json_open(&c->json);
    json_add_str(&c->json, "seller", l->seller_id);
    json_add_str(&c->json, "shop", l->shop_id);
    json_add_str(&c->json, "product", l->product_id);
    json_add_str(&c->json, "state", str_of(listing_state_name(l->state)));
    api_add_or_null(c, "listing", l->remote_id);
    api_add_or_null(c, "category", l->category_id);
    api_add_or_null(c, "audit", l->audit);
    api_add_or_null(c, "reason", l->reason);
    api_add_or_null(c, "code", l->code);
    api_time(c, "status_at", l->status_at);
    api_time(c, "updated_at", l->updated_at);
    json_close(&c->json);
    return AISLE_OK;
}

/* The last of a page, whose key the next begins behind. */
struct listing_page {
    struct api_call *c;
    struct api_page page;
    struct str last;
};

static enum aisle_status put_one(void *ctx, const struct listing *l,
                                 struct aisle_err *err)
{
    struct listing_page *p = ctx;

    if (!api_page_takes(&p->page))
        return AISLE_OK;
    p->last = api_cursor(p->c, l->seller_id, api_cursor(p->c, l->shop_id, l->product_id));
    return p->last.p ? put_listing(p->c, l, err) : aisle_nomem(err);
}

static enum aisle_status said_listings(struct api_call *c, struct listing_filter *f,
                                       struct aisle_err *err)
{
    struct str rest, word = api_text(c, "state");
    enum listing_state state;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f->seller_id, err);

    if (status == AISLE_OK)
        status = api_cursor_read(c, &f->after_seller, &rest, err);
    if (status == AISLE_OK)
        status = api_cursor_cut(c, rest, &f->after_shop, &f->after_product, err);
    if (status != AISLE_OK)
        return status;
    if (word.n && !listing_state_parse(word, &state))
        return api_fail(c, 400, "state", err, "state is a listing's: draft, live, …");
    f->states = word.n ? 1u << state : 0;
    f->shop_id = api_text(c, "shop");
    f->product_id = api_text(c, "product");
    f->limit = api_limit(c) + 1;
    return AISLE_OK;
}

static enum aisle_status list_listings(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct listing_filter filter = {.limit = 0};
    struct listing_page page = {.c = c, .page = api_page(c)};
    enum aisle_status status = said_listings(c, &filter, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->listings->each(store, &filter, put_one, &page, err);
    api_close_items(c, page.page.more ? page.last : (struct str){0});
    return status;
}

const struct api_route api_hook_routes[] = {
    {.at = {"POST", "/hooks/{channel}", {{.name = "channel", .max = 40}}},
     .run = receive,
     .max_body = CHANNEL_EVENT_MAX,
     .raw = true,
     .is_signed = true},
    {.at = {"GET",
            "/api/v1/hooks",
            {PARAM_SELLER,
             {.name = "shop", .max = 40},
             {.name = "state", .max = 20},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_hooks,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/shops/{id}/hooks/apply", {{.name = "id", .max = 40}}},
     .run = apply_hooks,
     .takes = "again",
     .right = RIGHT_EDIT,
     .what = "hook.apply"},
    {.at = {"GET",
            "/api/v1/listings",
            {PARAM_SELLER,
             {.name = "shop", .max = 40},
             {.name = "product", .max = PRODUCT_MAX_ID},
             {.name = "state", .max = 20},
             {.name = "after", .max = 2000},
             PARAM_LIMIT}},
     .run = list_listings,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
