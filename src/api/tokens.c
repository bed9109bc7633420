/* tokens.c - tokens for programs: one's own, made and revoked */
#include "api/call.h"

static void put_one_token(struct api_call *c, const struct api_token *t,
                          const char *shown)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "id", t->id);
    json_add_str(o, "user", t->user);
    json_add_str(o, "name", t->name);
    json_key(o, "scopes");
    api_put_rights(o, t->scopes);
    api_time(c, "created_at", t->created_at);
    api_time(c, "expires_at", t->expires_at);
    api_time(c, "used_at", t->used_at);
    if (shown)
        json_add_str(o, "token", str_of(shown));
    json_close(o);
}

static enum aisle_status put_token(void *ctx, const struct api_token *t,
                                   struct aisle_err *err)
{
    (void)err;
    put_one_token(ctx, t, NULL);
    return AISLE_OK;
}

/* One's own; an admin of all sellers sees everybody's. */
static struct str token_owner(const struct api_call *c)
{
    return (c->who.rights & RIGHT_ADMIN) && str_empty(c->who.seller_id) ? (struct str){0}
                                                                        : c->who.name;
}

static enum aisle_status list_tokens(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    enum aisle_status status;

    api_open_items(c);
    status = store->ops->people->each_token(store, token_owner(c), put_token, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

static bool is_signed_in(const struct api_call *c)
{
    return str_is(c->who.by, "session");
}

/* A token makes none: one that leaked would leave others behind when it is revoked. */
static enum aisle_status add_token(struct api_call *c, struct aisle_err *err)
{
    struct token_request r = {.user = c->who.name,
                              .lasts_s = json_int(c->body, "lasts_s", 90 * 86400)};
    struct api_token token;
    char shown[TOKEN_LEN];
    struct str scopes;
    enum aisle_status status = AISLE_OK;

    if (!is_signed_in(c))
        return api_fail(c, 403, "", err,
                        "a token makes no tokens: sign in with a password, or ask "
                        "whoever runs the service");
    status = api_need(c, "name", &r.name, err);
    if (status == AISLE_OK)
        status = api_need(c, "scopes", &scopes, err);
    if (status == AISLE_OK)
        status = scopes_parse(scopes, &r.scopes, err);
    if (status != AISLE_OK)
        return status;
    if (r.scopes & ~c->who.rights)
        return api_fail(c, 403, "scopes", err, "your rights are fewer than these");
    if (r.lasts_s < 0 || r.lasts_s > (int64_t)3650 * 86400)
        return api_fail(c, 400, "lasts_s", err, "lasts_s is at most ten years");
    status = flow_token_add(&c->app, &r, c->request->arena, &token, shown, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, c->who.seller_id, token.id);
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    put_one_token(c, &token, shown);
    secret_wipe(shown, sizeof shown);
    c->status = 201;
    return AISLE_OK;
}

/* "token ID" is who asks by a token. */
static bool is_the_asking_one(const struct api_call *c, struct str id)
{
    return str_eq(str_skip(c->who.by, str_find_char(c->who.by, ' ') + 1), id);
}

static enum aisle_status revoke_token(struct api_call *c, struct aisle_err *err)
{
    struct str id = api_text(c, "id");
    enum aisle_status status = AISLE_OK;

    if (!is_signed_in(c) && !(c->who.rights & RIGHT_ADMIN) && !is_the_asking_one(c, id))
        return api_fail(c, 403, "", err, "a token revokes itself alone");
    status = flow_token_revoke(&c->app, id, token_owner(c), err);
    api_note(c, c->who.seller_id, id);
    known_forget(c->api->known);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

const struct api_route api_token_routes[] = {
    {.at = {"GET", "/api/v1/tokens", {{0}}}, .run = list_tokens, .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/tokens", {{0}}},
     .run = add_token,
     .takes = "name scopes lasts_s",
     .right = RIGHT_READ,
     .secret = true,
     .what = "token.add"},
    {.at = {"DELETE", "/api/v1/tokens/{id}", {{.name = "id", .max = 40}}},
     .run = revoke_token,
     .right = RIGHT_READ,
     .what = "token.revoke"},
    END_OF_ROUTES,
};
