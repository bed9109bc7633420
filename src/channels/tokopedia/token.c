/* A token by client credentials ("Authentication"). There is no refresh token, and a new
 * token only comes once the old one has expired: until then the same is given again. */
#include "channels/tokopedia/errors.h"
#include "channels/tokopedia/tokopedia.h"
#include "channels/tokopedia/wire.h"

static const char *const what = "token";

enum aisle_status tokopedia_token_build(struct str client_id, struct str client_secret,
                                        struct buf *out, struct aisle_err *err)
{
    struct buf pair = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    if (client_id.n == 0 || client_secret.n == 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "the client id or the client secret is missing");
    buf_add(&pair, client_id);
    buf_addc(&pair, ':');
    buf_add(&pair, client_secret);
    buf_addz(out, "Basic ");
    buf_base64(out, pair.p, pair.n);
    status = buf_check(&pair, "a client secret", err);
    if (status == AISLE_OK)
        status = buf_check(out, "a client secret", err);
    if (pair.p)
        secret_wipe(pair.p, pair.cap);
    buf_clear(&pair);
    return status;
}

/* An error in words of OAuth: that there is an "error" was seen, what is in it is not
 * known. */
static bool read_error(const json_t *document, struct channel_meta *meta)
{
    return channel_meta_put(meta->code, sizeof meta->code, json_str(document, "error")) &&
           channel_meta_put(meta->message, sizeof meta->message,
                            json_str(document, "error_description"));
}

/* A 401 here means the id or the secret, so signing in again would not help. */
static bool explain_unaccepted(struct channel_meta *meta, struct channel_verdict *verdict)
{
    if (verdict->status != AISLE_AUTH)
        return true;
    verdict->status = AISLE_CONFIG;
    return channel_meta_put(
        meta->message, sizeof meta->message,
        STR_LIT("the client id or the client secret is not accepted"));
}

enum aisle_status tokopedia_token_envelope_read(struct str body, int http_status,
                                                struct channel_meta *meta,
                                                struct channel_verdict *verdict,
                                                json_t **out, struct aisle_err *err)
{
    struct aisle_err why = {0};
    json_t *document = NULL;
    enum aisle_status status = json_read(body, BUF_MAX_LINE, what, &document, &why);
    bool good = status != AISLE_NOMEM;

    if (json_at(document, "access_token")) {
        memcpy(meta->code, "0", 2);
        verdict->status = AISLE_OK;
    } else if (json_str(document, "error").n) {
        good = read_error(document, meta);
        tokopedia_judge_error(str_of(meta->code), http_status, verdict);
    } else if (good) {
        channel_judge_unreadable(body, http_status, &why, meta, verdict);
    }
    good = good && explain_unaccepted(meta, verdict);
    if (good && verdict->status == AISLE_OK)
        *out = document;
    else
        json_decref(document);
    return good ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status tokopedia_token_read(const json_t *document, int64_t now_s,
                                       struct arena *arena, struct shop_keys *out,
                                       struct aisle_err *err)
{
    struct str token = json_text(document, "access_token", arena);
    int64_t lives_s = json_int(document, "expires_in", 0);

    if (!token.p)
        return aisle_nomem(err);
    if (token.n == 0)
        return aisle_fail(err, AISLE_GARBLED, "token: the answer has no access_token");
    out->access_token = token;
    out->access_expires_at = lives_s > 0 && lives_s < INT32_MAX ? now_s + lives_s : 0;
    return AISLE_OK;
}

/* ---- the call ---- */

struct on_its_way {
    struct str url, basic;
    enum net_reach reach;
    struct net_header header;
    json_t *document;
};

/* Some send grant_type in the body; the page has it in the query, with an empty body. */
static enum aisle_status prepare(void *ctx, struct net_request *out,
                                 struct aisle_err *err)
{
    struct on_its_way *w = ctx;

    (void)err;
    w->header = (struct net_header){STR_LIT("Authorization"), w->basic};
    *out = (struct net_request){
        .method = "POST",
        .url = w->url,
        .headers = &w->header,
        .header_count = 1,
        .reach = w->reach,
        .max_reply = BUF_MAX_LINE,
    };
    return AISLE_OK;
}

static enum aisle_status judge(void *ctx, const struct net_reply *reply,
                               struct channel_meta *meta, struct channel_verdict *verdict,
                               struct aisle_err *err)
{
    struct on_its_way *w = ctx;

    return tokopedia_token_envelope_read(buf_str(&reply->body), reply->status, meta,
                                         verdict, &w->document, err);
}

static enum aisle_status fetch_token(struct channel_session *s, struct str basic,
                                     json_t **out, struct channel_meta *meta,
                                     struct aisle_err *err)
{
    struct buf url = BUF_INIT(BUF_MAX_LINE), key = BUF_INIT(BUF_MAX_LINE);
    struct on_its_way w = {.basic = basic};
    struct channel_call call = {
        .what = what, .prepare = prepare, .judge = judge, .ctx = &w};
    struct net_reply reply;
    enum aisle_status status;

    net_reply_init(&reply);
    channel_pace_key(s->shop, &key);
    call.pace_key = buf_str(&key);
    status = channel_base_url(&tokopedia_ops, s->shop->auth_url, TOKOPEDIA_TOKEN_HOST,
                              &url, err);
    w.reach = channel_reach(buf_str(&url));
    buf_addz(&url, "/token?grant_type=client_credentials");
    w.url = buf_str(&url);
    if (status == AISLE_OK)
        status = buf_check(&url, "the address of a request", err);
    if (status == AISLE_OK)
        status = buf_check(&key, "a client id", err);
    if (status == AISLE_OK)
        status = channel_call(s, &call, &reply, meta, err);
    if (status == AISLE_OK)
        *out = w.document;
    if (reply.body.p)
        secret_wipe(reply.body.p, reply.body.cap);
    net_reply_clear(&reply);
    buf_clear(&url);
    buf_clear(&key);
    return status;
}

enum aisle_status tokopedia_refresh(struct channel_session *s, struct arena *arena,
                                    struct shop_keys *out, struct channel_meta *meta,
                                    struct aisle_err *err)
{
    struct buf basic = BUF_INIT(BUF_MAX_LINE);
    struct channel_meta spare = {0};
    struct shop_keys keys = {0};
    json_t *document = NULL;
    enum aisle_status status;

    meta = meta ? meta : &spare;
    status = tokopedia_token_build(s->shop->app_key, s->keys.app_secret, &basic, err);
    if (status == AISLE_OK)
        status = fetch_token(s, buf_str(&basic), &document, meta, err);
    if (status == AISLE_OK)
        status = channel_named(
            tokopedia_token_read(document, clock_now_s(s->clock), arena, &keys, err),
            meta, err);
    keys.app_secret = arena_str(arena, s->keys.app_secret);
    keys.refresh_token = keys.cipher = keys.scopes = STR_LIT("");
    if (status == AISLE_OK && !keys.app_secret.p)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        *out = keys;
    json_decref(document);
    if (basic.p)
        secret_wipe(basic.p, basic.cap);
    buf_clear(&basic);
    return status;
}
