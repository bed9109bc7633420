/* hooks.c - what marketplaces tell of their own accord, and what became of it */
#include "flows/hooks.h"
#include "api/call.h"

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

static enum aisle_status put_hook(void *ctx, const struct hook *h, struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    json_open(&c->json);
    json_add_str(&c->json, "seller", h->seller_id);
    json_add_str(&c->json, "shop", h->shop_id);
    json_add_str(&c->json, "id", h->id);
    json_add_str(&c->json, "state", str_of(hook_state_name(h->state)));
    api_add_or_null(c, "text", h->text);
    api_time(c, "received_at", h->received_at);
    api_time(c, "settled_at", h->settled_at);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status list_hooks(struct api_call *c, struct aisle_err *err)
{
    struct hook_filter filter = {.newest_first = true, .limit = api_limit(c)};
    struct str word = api_text(c, "state");
    enum hook_state state;
    enum aisle_status status =
        api_seller(c, api_text(c, "seller"), &filter.seller_id, err);

    if (status != AISLE_OK)
        return status;
    if (word.n && !hook_state_parse(word, &state))
        return api_fail(c, 400, "state", err,
                        "state is waiting, applied, passed or failed");
    filter.states = word.n ? 1u << state : 0;
    api_open_items(c);
    status = c->app.store->ops->hooks->each(c->app.store, &filter, put_hook, c, err);
    api_close_items(c, STR_LIT(""));
    return status;
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
    size_t left;
    struct str shop, product;
    bool more;
};

static enum aisle_status put_one(void *ctx, const struct listing *l,
                                 struct aisle_err *err)
{
    struct listing_page *p = ctx;

    if (p->left == 0) {
        p->more = true;
        return AISLE_OK;
    }
    p->left--;
    p->shop = arena_str(p->c->request->arena, l->shop_id);
    p->product = arena_str(p->c->request->arena, l->product_id);
    if (!p->shop.p || !p->product.p)
        return aisle_nomem(err);
    return put_listing(p->c, l, err);
}

static enum aisle_status list_listings(struct api_call *c, struct aisle_err *err)
{
    struct listing_filter filter = {.shop_id = api_text(c, "shop"),
                                    .limit = api_limit(c) + 1};
    struct listing_page page = {.c = c, .left = api_limit(c)};
    struct str word = api_text(c, "state");
    enum listing_state state;
    enum aisle_status status =
        api_seller(c, api_text(c, "seller"), &filter.seller_id, err);

    if (status == AISLE_OK)
        status = api_cursor_read(c, &filter.after_shop, &filter.after_product, err);
    if (status != AISLE_OK)
        return status;
    if (filter.after_shop.n && filter.seller_id.n == 0)
        return api_fail(c, 400, "after", err, "say seller with after");
    filter.after_seller = filter.after_shop.n ? filter.seller_id : (struct str){0};
    if (word.n && !listing_state_parse(word, &state))
        return api_fail(c, 400, "state", err, "state is a listing's: draft, live, …");
    filter.states = word.n ? 1u << state : 0;
    api_open_items(c);
    status =
        c->app.store->ops->listings->each(c->app.store, &filter, put_one, &page, err);
    api_close_items(c, page.more && filter.seller_id.n
                           ? api_cursor(c, page.shop, page.product)
                           : STR_LIT(""));
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
            {PARAM_SELLER, {.name = "state", .max = 20}, PARAM_LIMIT}},
     .run = list_hooks,
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/listings",
            {PARAM_SELLER,
             {.name = "shop", .max = 40},
             {.name = "state", .max = 20},
             {.name = "after", .max = 2000},
             PARAM_LIMIT}},
     .run = list_listings,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
