/* The token host's two calls, on the same port: /api/v2/token/get and /refresh. Neither
 * is signed; times are absolute. Its errors' HTTP status is not known: they are treated
 * as business errors. */
#include "base/hash.h"
#include "sandbox/engine.h"

bool token_is_for(struct str path)
{
    return str_starts(path, "/api/v2/token/");
}

/* False: refused. That a wrong secret is told so is a guess. */
static bool check_app(struct call *c)
{
    const struct sandbox_identity *id = &c->engine->identity;

    if (!str_eq(http_arg_str(c->request, "app_key"), id->app_key)) {
        call_refuse(c, REFUSE_APP_KEY);
        return false;
    }
    if (!secret_eq(http_arg_str(c->request, "app_secret"), id->app_secret)) {
        call_refuse(c, REFUSE_SECRET);
        return false;
    }
    return true;
}

static void put_scopes(struct json_out *json, struct str list)
{
    json_key(json, "granted_scopes");
    json_open_list(json);
    while (list.n)
        json_put_str(json, str_trim(str_cut(&list, ',')));
    json_close_list(json);
}

static void answer(struct call *c, const struct grant *grant)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_add_str(&json, "access_token", grant->access);
    json_add_int(&json, "access_token_expire_in", grant->access_until_s);
    json_add_str(&json, "refresh_token", grant->refresh);
    json_add_int(&json, "refresh_token_expire_in", grant->refresh_until_s);
    json_add_str(&json, "open_id", grant->seller->open_id);
    json_add_str(&json, "seller_name", grant->seller->name);
    json_add_str(&json, "seller_base_region", grant->seller->shops->region);
    json_add_int(&json, "user_type", 0);
    put_scopes(&json, grant->seller->scopes);
    json_close(&json);
    call_done(c, "success");
}

static void redeem(struct call *c, enum key_kind kind, struct str text, bool keep)
{
    struct grant grant;

    switch (keys_redeem(c->engine->keys, kind, text, keep, c->now_ms / 1000,
                        c->request->arena, &grant)) {
    case KEY_GOOD:
        if (!grant.seller) {
            call_broken(c);
            return;
        }
        c->note.shop = grant.seller->shops->id;
        answer(c, &grant);
        return;
    case KEY_EXPIRED:
        call_refuse(c, kind == KEY_CODE ? REFUSE_CODE : REFUSE_REFRESH_EXPIRED);
        return;
    case KEY_UNKNOWN:
        call_refuse(c, kind == KEY_CODE ? REFUSE_CODE : REFUSE_REFRESH);
        return;
    }
}

static void get_token(struct call *c)
{
    if (!str_is(http_arg_str(c->request, "grant_type"), "authorized_code"))
        call_refuse(c, REFUSE_PARAM_ERROR);
    else
        redeem(c, KEY_CODE, http_arg_str(c->request, "auth_code"), false);
}

static void refresh_token(struct call *c)
{
    const struct sandbox_switches *switches = &c->engine->set.switches;
    struct str grant = http_arg_str(c->request, "grant_type");

    if (!str_is(grant, "refresh_token") &&
        !(switches->any_grant && str_is(grant, "authorized_code")))
        call_refuse(c, REFUSE_PARAM_ERROR);
    else
        redeem(c, KEY_REFRESH, http_arg_str(c->request, "refresh_token"),
               switches->old_refresh);
}

void token_handle(struct call *c)
{
    struct str which = str_skip(c->request->path, strlen("/api/v2/token/"));
    bool get = str_is(which, "get");

    if (!get && !str_is(which, "refresh"))
        call_refuse(c, REFUSE_PATH);
    else if (!str_is(c->request->method, "GET"))
        call_refuse(c, REFUSE_METHOD);
    else if (check_app(c))
        get ? get_token(c) : refresh_token(c);
}
