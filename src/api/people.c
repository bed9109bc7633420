/* people.c - signing in and out, who am I, users, the audit trail */
#include "api/call.h"

#include <stdio.h>

/* ---- sessions ---- */

static void set_cookie(struct api_call *c, const char *secret, int64_t lasts_s)
{
    http_reply_header(
        c->reply, "Set-Cookie",
        arena_fmt(c->request->arena,
                  "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                  guard_cookie_name(c->api), secret, (long long)lasts_s,
                  c->api->set.secure ? "; Secure" : ""));
}

void api_put_rights(struct json_out *o, unsigned rights)
{
    char text[SCOPES_TEXT];
    struct str rest;

    scopes_format(rights, text);
    rest = str_of(text);
    json_open_list(o);
    while (rest.n)
        json_put_str(o, str_cut(&rest, ','));
    json_close_list(o);
}

static void put_me(struct api_call *c, struct str name, struct str seller_id,
                   enum role role, unsigned rights, struct str csrf, int64_t expires_at)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "user", name);
    api_add_or_null(c, "seller", seller_id);
    json_add_str(o, "role", str_of(role_name(role)));
    json_key(o, "rights");
    api_put_rights(o, rights);
    api_add_or_null(c, "csrf", csrf);
    api_time(c, "expires_at", expires_at);
    json_close(o);
}

/* One at a time: each check takes 64 MiB. */
static enum aisle_status check(struct api_call *c, const struct sign_in *in,
                               struct user_session *session, char secret[SECRET_LEN + 1],
                               struct aisle_err *err)
{
    enum aisle_status status;

    pthread_mutex_lock(&c->api->sign_in);
    status = flow_sign_in(&c->app, in, c->request->arena, session, secret, err);
    pthread_mutex_unlock(&c->api->sign_in);
    atomic_fetch_add(
        status == AISLE_OK ? &c->api->meter.sign_ins : &c->api->meter.failed_sign_ins, 1);
    if (status == AISLE_BUSY && err && err->retry_after_s)
        c->status = 429;
    if (status == AISLE_AUTH)
        c->status = 401;
    return status;
}

/* A new secret whatever came with the request: one planted before is worth nothing. */
static enum aisle_status sign_in(struct api_call *c, struct aisle_err *err)
{
    struct sign_in in = {.peer = c->peer};
    char secret[SECRET_LEN + 1] = "";
    struct user_session session;
    struct user user;
    struct store *store = c->app.store;
    enum aisle_status status = api_need(c, "user", &in.name, err);

    if (status == AISLE_OK)
        status = api_need(c, "password", &in.password, err);
    if (status == AISLE_OK)
        status = check(c, &in, &session, secret, err);
    if (status == AISLE_OK)
        status =
            store->ops->people->get_user(store, in.name, c->request->arena, &user, err);
    if (status != AISLE_OK)
        return status;
    if (c->who.csrf.n) /* whoever was signed in here is no more */
        flow_sign_out(&c->app, &c->who.digest, NULL);
    c->who.name = user.name;
    c->who.by = STR_LIT("session");
    set_cookie(c, secret, SESSION_MOST_S);
    secret_wipe(secret, sizeof secret);
    put_me(c, user.name, user.seller_id, user.role, role_rights(user.role), session.csrf,
           session.expires_at);
    return AISLE_OK;
}

static enum aisle_status sign_out(struct api_call *c, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (c->who.csrf.n)
        status = flow_sign_out(&c->app, &c->who.digest, err);
    known_forget(c->api->known);
    set_cookie(c, "", 0);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

static enum aisle_status who_am_i(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    put_me(c, c->who.name, c->who.seller_id, c->who.role, c->who.rights, c->who.csrf,
           c->who.expires_at);
    return AISLE_OK;
}

/* The link shown when the service starts without users leads here. */
static enum aisle_status first_admin(struct api_call *c, struct aisle_err *err)
{
    struct str code, name, password;
    enum aisle_status status = api_need(c, "code", &code, err);

    if (status == AISLE_OK)
        status = api_need(c, "user", &name, err);
    if (status == AISLE_OK)
        status = api_need(c, "password", &password, err);
    if (status != AISLE_OK)
        return status;
    if (str_empty(c->api->set.welcome) || !secret_eq(code, c->api->set.welcome))
        return api_fail(c, 403, "code", err, "this is not the code of the link");
    api_note(c, (struct str){0}, name);
    pthread_mutex_lock(&c->api->sign_in);
    status = flow_user_add_first(&c->app, name, password, err);
    pthread_mutex_unlock(&c->api->sign_in);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

/* ---- users ---- */

static void put_one_user(struct api_call *c, const struct user *u)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "user", u->name);
    json_add_str(o, "role", str_of(role_name(u->role)));
    api_add_or_null(c, "seller", u->seller_id);
    json_add_bool(o, "has_password", !str_empty(u->password));
    api_time(c, "created_at", u->created_at);
    json_add_int(o, "version", u->version);
    json_close(o);
}

static enum aisle_status put_user(void *ctx, const struct user *u, struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (api_may_see(c, u->seller_id))
        put_one_user(c, u);
    return AISLE_OK;
}

static enum aisle_status list_users(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status;

    api_open_items(c);
    status = store->ops->people->each_user(store, put_user, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

/* A seller's admin makes users of that seller only. */
static enum aisle_status said_user_seller(struct api_call *c, struct str *out,
                                          struct aisle_err *err)
{
    struct str seller = json_str(c->body, "seller");

    if (!str_empty(c->who.seller_id) && !str_empty(seller) && !api_may_see(c, seller))
        return api_fail(c, 403, "seller", err, "you look after seller %.*s only",
                        STR_ARG(c->who.seller_id));
    *out = str_empty(seller) ? c->who.seller_id : seller;
    return AISLE_OK;
}

static enum aisle_status said_role(struct api_call *c, enum role *out,
                                   struct aisle_err *err)
{
    if (!role_parse(json_str(c->body, "role"), out))
        return api_fail(c, 400, "role", err, "role is viewer, mapper or admin");
    return AISLE_OK;
}

static enum aisle_status add_user(struct api_call *c, struct aisle_err *err)
{
    struct user_request r = {.password = json_str(c->body, "password")};
    enum aisle_status status = api_need(c, "user", &r.name, err);

    if (status == AISLE_OK)
        status = said_role(c, &r.role, err);
    if (status == AISLE_OK)
        status = said_user_seller(c, &r.seller_id, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, r.seller_id, r.name);
    pthread_mutex_lock(&c->api->sign_in);
    status = flow_user_add(&c->app, &r, err);
    pthread_mutex_unlock(&c->api->sign_in);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

/* The user of the path; another seller's is not there. */
static enum aisle_status find_user(struct api_call *c, struct user *out,
                                   struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str name = api_text(c, "user");
    enum aisle_status status =
        store->ops->people->get_user(store, name, c->request->arena, out, err);

    if (status == AISLE_OK && !api_may_see(c, out->seller_id))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no user %.*s", STR_ARG(name));
    if (status == AISLE_OK)
        api_note(c, out->seller_id, name);
    return status;
}

static enum aisle_status change_user(struct api_call *c, struct aisle_err *err)
{
    struct user_change change = {0};
    struct user user;
    enum role role;
    struct str seller, password = json_str(c->body, "password");
    enum aisle_status status = find_user(c, &user, err);

    if (status == AISLE_OK && json_at(c->body, "role")) {
        status = said_role(c, &role, err);
        change.role = &role;
    }
    if (status == AISLE_OK && json_object_get(c->body, "seller")) {
        status = said_user_seller(c, &seller, err);
        change.seller_id = &seller;
    }
    if (json_at(c->body, "password"))
        change.password = &password;
    if (status != AISLE_OK)
        return status;
    pthread_mutex_lock(&c->api->sign_in);
    status = flow_user_change(&c->app, user.name, &change, err);
    pthread_mutex_unlock(&c->api->sign_in);
    known_forget(c->api->known);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

static enum aisle_status remove_user(struct api_call *c, struct aisle_err *err)
{
    struct user user;
    enum aisle_status status = find_user(c, &user, err);

    if (status == AISLE_OK)
        status = flow_user_remove(&c->app, user.name, err);
    known_forget(c->api->known);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

/* One's own; the old one is said too, so that an open browser is not enough. */
static enum aisle_status change_password(struct api_call *c, struct aisle_err *err)
{
    struct sign_in in = {.name = c->who.name, .peer = c->peer};
    struct user_change change = {0};
    struct str password;
    struct user_session session;
    char secret[SECRET_LEN + 1];
    enum aisle_status status = api_need(c, "old", &in.password, err);

    if (status == AISLE_OK)
        status = api_need(c, "password", &password, err);
    if (status == AISLE_OK)
        status = check(c, &in, &session, secret, err);
    if (status == AISLE_AUTH) {
        c->status = 403;
        c->field = STR_LIT("old");
    }
    if (status != AISLE_OK)
        return status;
    flow_sign_out(&c->app, &session.digest, NULL);
    api_note(c, c->who.seller_id, c->who.name);
    change.password = &password;
    pthread_mutex_lock(&c->api->sign_in);
    status = flow_user_change(&c->app, c->who.name, &change, err);
    pthread_mutex_unlock(&c->api->sign_in);
    known_forget(c->api->known);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

/* ---- the audit trail ---- */

struct audit_listing {
    struct api_call *c;
    struct api_page page;
    int64_t last;
};

static enum aisle_status put_entry(void *ctx, const struct audit_entry *e,
                                   struct aisle_err *err)
{
    struct audit_listing *l = ctx;
    struct api_call *c = l->c;
    struct json_out *o = &c->json;

    (void)err;
    if (!api_page_takes(&l->page))
        return AISLE_OK;
    json_open(o);
    json_add_int(o, "seq", e->seq);
    api_time(c, "at", e->at);
    json_add_str(o, "who", e->who);
    json_add_str(o, "by", e->by);
    json_add_str(o, "what", e->what);
    api_add_or_null(c, "seller", e->seller_id);
    api_add_or_null(c, "about", e->about);
    api_add_or_null(c, "detail", e->detail);
    api_add_or_null(c, "peer", e->peer);
    api_add_or_null(c, "request_id", e->request_id);
    json_add_int(o, "outcome", e->outcome);
    json_close(o);
    l->last = e->seq;
    return AISLE_OK;
}

static enum aisle_status list_audit(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct audit_filter f = {.who = api_text(c, "who"),
                             .what = api_text(c, "what"),
                             .before_seq = api_number(c, "after", 0),
                             .limit = api_limit(c) + 1};
    struct audit_listing l = {.c = c, .page = api_page(c)};
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f.seller_id, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->people->each_audit(store, &f, put_entry, &l, err);
    api_close_items(c, api_next(c, l.page.more ? l.last : 0));
    return status;
}

#define PARAM_USER                                                                       \
    {                                                                                    \
        .name = "user", .max = USER_MAX_NAME                                             \
    }

const struct api_route api_people_routes[] = {
    {.at = {"GET", "/api/v1/me", {{0}}}, .run = who_am_i, .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/session", {{0}}},
     .run = sign_in,
     .takes = "user password",
     .max_body = 8 * 1024,
     .what = "session.begin"},
    {.at = {"DELETE", "/api/v1/session", {{0}}},
     .run = sign_out,
     .right = RIGHT_READ,
     .what = "session.end"},
    {.at = {"POST", "/api/v1/first-admin", {{0}}},
     .run = first_admin,
     .takes = "code user password",
     .max_body = 8 * 1024,
     .what = "user.add"},
    {.at = {"PUT", "/api/v1/me/password", {{0}}},
     .run = change_password,
     .takes = "old password",
     .right = RIGHT_READ,
     .max_body = 8 * 1024,
     .what = "user.password"},
    {.at = {"GET", "/api/v1/users", {{0}}}, .run = list_users, .right = RIGHT_ADMIN},
    {.at = {"POST", "/api/v1/users", {{0}}},
     .run = add_user,
     .takes = "user role seller password",
     .right = RIGHT_ADMIN,
     .what = "user.add"},
    {.at = {"PATCH", "/api/v1/users/{user}", {PARAM_USER}},
     .run = change_user,
     .takes = "role seller password",
     .right = RIGHT_ADMIN,
     .what = "user.change"},
    {.at = {"DELETE", "/api/v1/users/{user}", {PARAM_USER}},
     .run = remove_user,
     .right = RIGHT_ADMIN,
     .what = "user.remove"},
    {.at = {"GET",
            "/api/v1/audit",
            {PARAM_SELLER,
             {.name = "who", .max = USER_MAX_NAME},
             {.name = "what", .max = 40},
             {.name = "after", .type = HTTP_INT, .max = INT64_MAX},
             PARAM_LIMIT}},
     .run = list_audit,
     .right = RIGHT_ADMIN},
    END_OF_ROUTES,
};
