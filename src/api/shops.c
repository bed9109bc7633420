/* shops.c - sellers, their shops (never the keys) and where they list */
#include "flows/shops.h"
#include "api/call.h"
#include "flows/keys.h"

static enum aisle_status put_seller(void *ctx, const struct seller *s,
                                    struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (!api_may_see(c, s->id))
        return AISLE_OK;
    json_open(&c->json);
    json_add_str(&c->json, "id", s->id);
    api_add_or_null(c, "name", s->name);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status list_sellers(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status;

    api_open_items(c);
    status = store->ops->shops->each_seller(store, put_seller, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

/* How long its tokens last, and nothing else of them. */
static void add_token(struct api_call *c, const struct shop *s)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct shop_keys keys = {0};
    int64_t now = clock_now_s(c->app.clock);
    enum aisle_status status =
        s->keys_version > 0 ? keys_open(&c->app, s, &arena, &keys, NULL) : AISLE_CONFIG;
    bool over = keys.access_expires_at && keys.access_expires_at <= now;
    bool lost = keys.refresh_expires_at && keys.refresh_expires_at <= now;

    json_add_str(&c->json, "token",
                 s->keys_version <= 0           ? STR_LIT("none")
                 : status != AISLE_OK           ? STR_LIT("sealed")
                 : str_empty(keys.access_token) ? STR_LIT("none")
                 : over && lost                 ? STR_LIT("over")
                 : over                         ? STR_LIT("stale")
                                                : STR_LIT("good"));
    api_time(c, "token_until", keys.access_expires_at);
    api_time(c, "sign_in_until", keys.refresh_expires_at);
    shop_keys_wipe(&keys);
    arena_clear(&arena);
}

/* Neither app key nor sealed keys: what is secret, or half of it, stays here. */
void api_put_shop(struct api_call *c, const struct shop *s)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "id", s->id);
    json_add_str(o, "seller", s->seller_id);
    json_add_str(o, "channel", s->channel);
    api_add_or_null(c, "name", s->name);
    api_add_or_null(c, "remote_id", s->remote_id);
    api_add_or_null(c, "region", s->region);
    json_add_bool(o, "stand_in", !str_empty(s->api_url));
    json_add_bool(o, "has_keys", s->keys_version > 0);
    json_add_int(o, "keys_version", s->keys_version);
    add_token(c, s);
    api_time(c, "created_at", s->created_at);
    json_close(o);
}

static enum aisle_status put_shop(void *ctx, const struct shop *s, struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (api_may_see(c, s->seller_id))
        api_put_shop(c, s);
    return AISLE_OK;
}

static enum aisle_status list_shops(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status;

    api_open_items(c);
    status = store->ops->shops->each_shop(store, put_shop, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

enum aisle_status api_find_shop(struct api_call *c, struct shop *out,
                                struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status = store->ops->shops->get_shop(store, api_text(c, "id"),
                                                           c->request->arena, out, err);

    if (status == AISLE_OK && !api_may_see(c, out->seller_id))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                          STR_ARG(api_text(c, "id")));
    return status;
}

static enum aisle_status get_shop(struct api_call *c, struct aisle_err *err)
{
    struct shop shop;
    enum aisle_status status = api_find_shop(c, &shop, err);

    if (status == AISLE_OK)
        api_put_shop(c, &shop);
    return status;
}

/* Its keys go with it. */
static enum aisle_status drop_shop(struct api_call *c, struct aisle_err *err)
{
    struct shop shop;
    enum aisle_status status = api_find_shop(c, &shop, err);

    if (status == AISLE_OK)
        status = flow_shop_drop(&c->app, shop.id, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, shop.seller_id, shop.id);
    c->status = 204;
    return AISLE_OK;
}

/* Several at a time, so that no store is asked from within its own walk. */
struct targets {
    struct api_call *c;
    struct target *list;
    size_t count, cap;
};

static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    struct targets *all = ctx;
    struct arena *arena = all->c->request->arena;
    struct target *at;

    if (all->count == all->cap) {
        size_t cap = all->cap ? all->cap * 2 : 32;
        struct target *wider = arena_zalloc(arena, cap, sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        if (all->count)
            memcpy(wider, all->list, all->count * sizeof *wider);
        all->list = wider;
        all->cap = cap;
    }
    at = &all->list[all->count++];
    *at = (struct target){.id = arena_str(arena, t->id),
                          .shop_id = arena_str(arena, t->shop_id),
                          .version = arena_str(arena, t->version),
                          .platform = arena_str(arena, t->platform)};
    return at->platform.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status put_target(struct api_call *c, const struct target *t,
                                    struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct json_out *o = &c->json;
    struct shop shop;
    enum aisle_status status =
        store->ops->shops->get_shop(store, t->shop_id, c->request->arena, &shop, err);

    if (status != AISLE_OK || !api_may_see(c, shop.seller_id))
        return status;
    json_open(o);
    json_add_str(o, "id", t->id);
    json_add_str(o, "shop", t->shop_id);
    json_add_str(o, "seller", shop.seller_id);
    json_add_str(o, "channel", shop.channel);
    api_add_or_null(c, "region", shop.region);
    api_add_or_null(c, "version", t->version);
    api_add_or_null(c, "platform", t->platform);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status list_targets(struct api_call *c, struct aisle_err *err)
{
    struct targets all = {.c = c};
    struct store *store = c->app.store;
    enum aisle_status status = store->ops->shops->each_target(store, api_text(c, "shop"),
                                                              note_target, &all, err);

    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < all.count; i++)
        status = put_target(c, &all.list[i], err);
    api_close_items(c, (struct str){0});
    return status;
}

const struct api_route api_shop_routes[] = {
    {.at = {"GET", "/api/v1/sellers", {{0}}}, .run = list_sellers, .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/shops", {{0}}}, .run = list_shops, .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/shops/{id}", {{.name = "id", .max = 40}}},
     .run = get_shop,
     .right = RIGHT_READ},
    {.at = {"DELETE", "/api/v1/shops/{id}", {{.name = "id", .max = 40}}},
     .run = drop_shop,
     .right = RIGHT_ADMIN,
     .what = "shop.remove"},
    {.at = {"GET", "/api/v1/targets", {{.name = "shop", .max = 40}}},
     .run = list_targets,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
