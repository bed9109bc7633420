/* connect.c - shops added, signed in to and tried over HTTP
 *
 * No secret is taken in or given out: an app is named by its key, and its secret is the
 * one this service was started with, or that of a shop which is connected through the app
 * already. Where the marketplace is, nobody outside says either, or an app's secret could
 * be asked for at an address of their choice.
 */
#include "api/connect.h"

#include "api/call.h"
#include "api/jobs.h"
#include "flows/keys.h"

/* ---- apps ---- */

static enum aisle_status list_apps(struct api_call *c, struct aisle_err *err)
{
    const struct api_settings *set = &c->api->set;
    enum aisle_status status = AISLE_OK;

    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < set->app_count; i++) {
        bool consent = false;

        status = flow_channel_has_consent(&c->app, set->apps[i].channel, &consent, err);
        json_open(&c->json);
        json_add_str(&c->json, "channel", set->apps[i].channel);
        json_add_str(&c->json, "app_key", set->apps[i].app_key);
        json_add_bool(&c->json, "consent", consent);
        json_add_bool(&c->json, "stand_in", !str_empty(set->apps[i].api_url));
        json_close(&c->json);
    }
    api_close_items(c, (struct str){0});
    return status;
}

static const struct api_app *own_app(const struct api_call *c, struct str channel,
                                     struct str app_key)
{
    const struct api_settings *set = &c->api->set;

    for (size_t i = 0; i < set->app_count; i++)
        if (str_eq(set->apps[i].channel, channel) &&
            (str_empty(app_key) || str_eq(set->apps[i].app_key, app_key)))
            return &set->apps[i];
    return NULL;
}

/* A shop that is connected through the app, of those the person looks after. */
struct app_search {
    struct api_call *c;
    struct str channel, app_key;
    struct str shop_id; /* found; in the request's arena */
};

static enum aisle_status look_at_shop(void *ctx, const struct shop *shop,
                                      struct aisle_err *err)
{
    struct app_search *s = ctx;

    if (!str_empty(s->shop_id) || shop->keys_version <= 0 ||
        !str_eq(shop->channel, s->channel) || !str_eq(shop->app_key, s->app_key) ||
        !api_may_see(s->c, shop->seller_id))
        return AISLE_OK;
    s->shop_id = arena_str(s->c->request->arena, shop->id);
    return s->shop_id.p ? AISLE_OK : aisle_nomem(err);
}

/* The app's secret and addresses into the request. */
static enum aisle_status take_app(struct api_call *c, struct shop_request *r,
                                  struct aisle_err *err)
{
    const struct api_app *app = own_app(c, r->shop.channel, r->shop.app_key);
    struct app_search search = {
        .c = c, .channel = r->shop.channel, .app_key = r->shop.app_key};
    struct shop_request like = {0};
    struct store *store = c->app.store;
    enum aisle_status status = AISLE_OK;

    if (app) {
        r->shop.app_key = app->app_key;
        r->shop.api_url = app->api_url;
        r->shop.auth_url = app->auth_url;
        r->keys.app_secret = arena_str(c->request->arena, app->app_secret);
        return r->keys.app_secret.p ? AISLE_OK : aisle_nomem(err);
    }
    if (!str_empty(search.app_key))
        status = store->ops->shops->each_shop(store, look_at_shop, &search, err);
    if (status == AISLE_OK && str_empty(search.shop_id))
        return api_fail(c, 422, "app_key", err,
                        "this service knows no such app: start it with the app's key and "
                        "secret");
    if (status == AISLE_OK)
        status = flow_shop_known(&c->app, search.shop_id, c->request->arena, &like, err);
    if (status != AISLE_OK)
        return status;
    r->shop.api_url = like.shop.api_url;
    r->shop.auth_url = like.shop.auth_url;
    r->keys.app_secret = like.keys.app_secret;
    return AISLE_OK;
}

/* ---- adding ---- */

static enum aisle_status said_shop(struct api_call *c, struct shop *s,
                                   struct aisle_err *err)
{
    enum aisle_status status = api_need(c, "id", &s->id, err);

    if (status == AISLE_OK)
        status = api_seller(c, json_str(c->body, "seller"), &s->seller_id, err);
    if (status != AISLE_OK)
        return status;
    if (!short_word_valid(s->id))
        return api_fail(c, 422, "id", err, "id is 1 to 40 of a-z 0-9 - _");
    s->channel = json_str(c->body, "channel");
    s->app_key = json_str(c->body, "app_key");
    s->remote_id = json_str(c->body, "remote_id");
    s->region = json_str(c->body, "region");
    if (str_empty(s->channel))
        s->channel = STR_LIT("tiktok");
    if (s->remote_id.n > 64 || s->region.n > 8 || s->app_key.n > 200)
        return api_fail(c, 422, "", err, "remote_id, region or app_key is too long");
    return AISLE_OK;
}

/* An app whose secret alone opens every shop it is installed in speaks for all of them:
 * whoever looks after one seller only may not choose which. */
static enum aisle_status check_reach(struct api_call *c, const struct shop *s,
                                     struct aisle_err *err)
{
    bool consent = false;
    enum aisle_status status =
        flow_channel_has_consent(&c->app, s->channel, &consent, err);

    if (status == AISLE_NOT_FOUND)
        return api_fail(c, 422, "channel", err, "there is no such channel");
    if (status == AISLE_OK && !consent && !str_empty(c->who.seller_id))
        return api_fail(c, 403, "channel", err,
                        "its shops open without consent: an admin of all sellers adds "
                        "them");
    return status;
}

static enum aisle_status check_new(struct api_call *c, struct str id,
                                   struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct aisle_err mine = {0};
    struct shop shop;
    enum aisle_status status =
        store->ops->shops->get_shop(store, id, c->request->arena, &shop, &mine);

    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status == AISLE_OK)
        return api_fail(c, 409, "id", err, "a shop of this name is there");
    aisle_pass(err, &mine);
    return status;
}

/* Kept with its app's secret and no tokens: those come by signing in, or of themselves
 * where the secret is enough. */
static enum aisle_status add_shop(struct api_call *c, struct aisle_err *err)
{
    struct shop_request r = {.offline = true};
    struct store *store = c->app.store;
    struct shop shop;
    enum aisle_status status = said_shop(c, &r.shop, err);

    if (status == AISLE_OK)
        status = check_reach(c, &r.shop, err);
    if (status == AISLE_OK)
        status = take_app(c, &r, err);
    if (status == AISLE_OK)
        status = check_new(c, r.shop.id, err);
    if (status == AISLE_OK)
        status = flow_shop_add(&c->app, &r, err);
    shop_keys_wipe(&r.keys);
    if (status == AISLE_OK)
        status =
            store->ops->shops->get_shop(store, r.shop.id, c->request->arena, &shop, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, shop.seller_id, shop.id);
    c->location = arena_fmt(c->request->arena, "/api/v1/shops/%.*s", STR_ARG(shop.id));
    api_put_shop(c, &shop);
    c->status = 201;
    return AISLE_OK;
}

/* ---- signing in ---- */

const char *connect_cookie_name(const struct api *api)
{
    return api->set.secure ? "__Host-aisle-connect" : "aisle_connect";
}

/* The session's own cookie does not come along when another site sends the browser here,
 * so this one does, and says no more than which browser it is. */
static struct str mark_browser(struct api_call *c)
{
    const char *name = connect_cookie_name(c->api);
    struct str secret = guard_cookie(c, name); /* that of another link, still open */
    char fresh[SECRET_LEN + 1];

    if (str_empty(secret)) {
        secret_new(c->app.rng, fresh);
        secret = arena_str(c->request->arena, str_n(fresh, SECRET_LEN));
        secret_wipe(fresh, sizeof fresh);
    }
    http_reply_header(c->reply, "Set-Cookie",
                      arena_fmt(c->request->arena,
                                "%s=%.*s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s",
                                name, STR_ARG(secret), CONNECT_S,
                                c->api->set.secure ? "; Secure" : ""));
    return secret;
}

static enum aisle_status begin_login(struct api_call *c, struct aisle_err *err)
{
    struct connect_request r = {.user = c->who.name, .proof = c->who.digest};
    const struct api_app *app;
    struct login login;
    int64_t until = 0;
    struct shop shop;
    enum aisle_status status = api_find_shop(c, &shop, err);

    if (status != AISLE_OK)
        return status;
    app = own_app(c, shop.channel, shop.app_key);
    r.shop_id = shop.id;
    r.service_id = app ? app->service_id : (struct str){0};
    if (!str_empty(c->who.csrf)) /* a browser's session */
        r.browser = mark_browser(c);
    status = flow_connect_begin(&c->app, &r, &login, &until, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, shop.seller_id, shop.id);
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    json_open(&c->json);
    json_add_str(&c->json, "url", str_of(login.link));
    api_time(c, "expires_at", until);
    json_close(&c->json);
    secret_wipe(&login, sizeof login);
    return AISLE_OK;
}

static enum aisle_status test_shop(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_SHOP};
    struct shop shop;
    enum aisle_status status = api_find_shop(c, &shop, err);

    if (status != AISLE_OK)
        return status;
    r.seller_id = r.shop.seller_id = shop.seller_id;
    r.shop.shop_id = shop.id;
    return api_start(c, &r, err);
}

#define PARAM_SHOP                                                                       \
    {                                                                                    \
        .name = "id", .max = 40                                                          \
    }

const struct api_route api_connect_routes[] = {
    {.at = {"GET", "/api/v1/apps", {{0}}}, .run = list_apps, .right = RIGHT_ADMIN},
    {.at = {"POST", "/api/v1/shops", {{0}}},
     .run = add_shop,
     .takes = "id channel app_key seller remote_id region",
     .right = RIGHT_ADMIN,
     .what = "shop.add"},
    {.at = {"POST", "/api/v1/shops/{id}/login", {PARAM_SHOP}},
     .run = begin_login,
     .right = RIGHT_ADMIN,
     .secret = true,
     .what = "shop.login"},
    {.at = {"POST", "/api/v1/shops/{id}/test", {PARAM_SHOP}},
     .run = test_shop,
     .right = RIGHT_EDIT,
     .what = "shop.test"},
    {.at = {"GET", "/consent", {{.name = "state", .max = 64}}},
     .run = consent_return,
     .slow = ""},
    END_OF_ROUTES,
};
