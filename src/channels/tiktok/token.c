/* Consent, tokens and the shops they are for ("Authorization overview", 202309).
 *
 * Requests to the token host carry secrets in their query: they are wiped after use, and
 * only a scrubbed form of them can be logged or kept. */
#include "channels/tiktok/wire.h"

/* ---- consent ---- */

enum aisle_status tiktok_consent_url(struct str service_id, struct str region,
                                     struct str state, struct buf *out,
                                     struct aisle_err *err)
{
    bool us = str_eq_nocase(region, STR_LIT("US"));

    if (service_id.n == 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "the app's service id is missing: Partner Center shows it, and "
                          "it is not the app key");
    buf_addf(out, "https://services.%stiktokshop.com/open/authorize?service_id=",
             us ? "us." : "");
    buf_url(out, service_id);
    buf_addz(out, "&state=");
    buf_url(out, state);
    return buf_check(out, "the consent address", err);
}

/* ---- tokens ---- */

static const struct {
    const char *path, *type, *parameter;
} grants[] = {
    [TIKTOK_BY_CODE] = {"/api/v2/token/get", "authorized_code", "auth_code"},
    /* The official SDK sends authorized_code here too; four other clients this. */
    [TIKTOK_BY_REFRESH_TOKEN] = {"/api/v2/token/refresh", "refresh_token",
                                 "refresh_token"},
};

enum aisle_status tiktok_token_build(enum tiktok_grant grant, struct str app_key,
                                     struct str app_secret, struct str code_or_token,
                                     struct buf *out, struct aisle_err *err)
{
    if (app_key.n == 0 || app_secret.n == 0)
        return aisle_fail(err, AISLE_CONFIG, "the app key or the app secret is missing");
    buf_addf(out, "%s?app_key=", grants[grant].path);
    buf_url(out, app_key);
    buf_addz(out, "&app_secret=");
    buf_url(out, app_secret);
    buf_addf(out, "&%s=", grants[grant].parameter);
    buf_url(out, code_or_token);
    buf_addf(out, "&grant_type=%s", grants[grant].type);
    return buf_check(out, "the address of a request", err);
}

static struct str read_scopes(const json_t *data, struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    const json_t *scope;
    struct str kept;
    size_t i;

    json_array_foreach(json_list(data, "granted_scopes"), i, scope)
    {
        if (text.n)
            buf_addc(&text, ',');
        buf_add(&text, json_value_str(scope));
    }
    kept = text.failed ? str_n(NULL, 0) : arena_str(arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

/* The …_expire_in are points in time, not durations, for all their name. */
enum aisle_status tiktok_token_read(const json_t *envelope, struct arena *arena,
                                    struct shop_keys *out, struct aisle_err *err)
{
    struct str access, refresh, scopes;
    const json_t *data;
    enum aisle_status status = tiktok_data(envelope, "token", &data, err);

    if (status != AISLE_OK)
        return status;
    access = json_text(data, "access_token", arena);
    refresh = json_text(data, "refresh_token", arena);
    scopes = read_scopes(data, arena);
    if (!access.p || !refresh.p || !scopes.p)
        return aisle_nomem(err);
    if (access.n == 0 || refresh.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "token: the answer has no pair of tokens");
    out->access_token = access;
    out->refresh_token = refresh;
    out->scopes = scopes;
    out->access_expires_at = json_int(data, "access_token_expire_in", 0);
    out->refresh_expires_at = json_int(data, "refresh_token_expire_in", 0);
    return AISLE_OK;
}

/* What a token answer does not tell stays as it was, in the caller's arena. */
static enum aisle_status keep_rest(const struct shop_keys *old, struct arena *arena,
                                   struct shop_keys *out, struct aisle_err *err)
{
    out->app_secret = arena_str(arena, old->app_secret);
    out->cipher = arena_str(arena, old->cipher);
    return out->app_secret.p && out->cipher.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status fetch_tokens(struct channel_session *s, enum tiktok_grant grant,
                                      struct str code_or_token, struct arena *arena,
                                      struct shop_keys *out, struct channel_meta *meta,
                                      struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct channel_meta spare = {0};
    struct shop_keys keys = {0};
    json_t *envelope = NULL;
    enum aisle_status status;

    meta = meta ? meta : &spare;
    status = tiktok_token_build(grant, s->shop->app_key, s->keys.app_secret,
                                code_or_token, &path, err);
    if (status == AISLE_OK)
        status = tiktok_send_to_token_host(
            s, grant == TIKTOK_BY_CODE ? "token get" : "token refresh", buf_str(&path),
            &envelope, meta, err);
    if (status == AISLE_OK)
        status = channel_named(tiktok_token_read(envelope, arena, &keys, err), meta, err);
    if (status == AISLE_OK)
        status = keep_rest(&s->keys, arena, &keys, err);
    if (status == AISLE_OK)
        *out = keys;
    json_decref(envelope);
    if (path.p)
        secret_wipe(path.p, path.cap);
    buf_clear(&path);
    return status;
}

enum aisle_status tiktok_refresh(struct channel_session *s, struct arena *arena,
                                 struct shop_keys *out, struct channel_meta *meta,
                                 struct aisle_err *err)
{
    if (s->keys.refresh_token.n == 0)
        return aisle_fail(err, AISLE_AUTH, "no refresh token, sign in again");
    return fetch_tokens(s, TIKTOK_BY_REFRESH_TOKEN, s->keys.refresh_token, arena, out,
                        meta, err);
}

enum aisle_status tiktok_exchange_code(struct channel_session *s, struct str code,
                                       struct arena *arena, struct shop_keys *out,
                                       struct channel_meta *meta, struct aisle_err *err)
{
    if (code.n == 0)
        return aisle_fail(err, AISLE_INVALID,
                          "the code from the return address is empty");
    return fetch_tokens(s, TIKTOK_BY_CODE, code, arena, out, meta, err);
}

/* ---- shops ---- */

void tiktok_shops_build(struct tiktok_request *out)
{
    *out = (struct tiktok_request){.what = "Get Authorized Shops",
                                   .method = "GET",
                                   .path = "/authorization/202309/shops"};
}

static bool read_shop(const json_t *from, struct arena *arena, struct channel_shop *out)
{
    *out = (struct channel_shop){
        .id = json_text(from, "id", arena),
        .name = json_text(from, "name", arena),
        .region = json_text(from, "region", arena),
        .seller_type = json_text(from, "seller_type", arena),
        .cipher = json_text(from, "cipher", arena),
        .code = json_text(from, "code", arena),
    };
    return out->id.p && out->name.p && out->region.p && out->seller_type.p &&
           out->cipher.p && out->code.p;
}

enum aisle_status tiktok_shops_read(const json_t *envelope, struct arena *arena,
                                    const struct channel_shop **out, size_t *count,
                                    struct aisle_err *err)
{
    struct channel_shop *shops;
    const json_t *data, *list;
    size_t n;
    enum aisle_status status = tiktok_data(envelope, "Get Authorized Shops", &data, err);

    if (status != AISLE_OK)
        return status;
    list = json_list(data, "shops");
    n = json_array_size(list);
    shops = arena_zalloc(arena, n, sizeof *shops);
    if (!shops)
        return aisle_nomem(err);
    for (size_t i = 0; i < n; i++)
        if (!read_shop(json_array_get(list, i), arena, &shops[i]))
            return aisle_nomem(err);
    *out = shops;
    *count = n;
    return AISLE_OK;
}

enum aisle_status tiktok_fetch_shops(struct channel_session *s, struct arena *arena,
                                     const struct channel_shop **out, size_t *count,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r;
    struct tiktok_answer answer = {0};
    enum aisle_status status;

    tiktok_shops_build(&r);
    status = tiktok_ask(s, &r, &answer, meta, err);
    if (status == AISLE_OK)
        status = tiktok_shops_read(answer.envelope, arena, out, count, err);
    return tiktok_done(&answer, status, err);
}
