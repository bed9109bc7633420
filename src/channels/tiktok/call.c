#include "channels/tiktok/call.h"

#include "base/mem.h"
#include "channels/tiktok/errors.h"
#include "channels/tiktok/tiktok.h"

#include <assert.h>

enum { MAX_TIME_TEXT = 24 };

void tiktok_param_add(struct tiktok_request *r, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    assert(r->param_count < sizeof r->params / sizeof *r->params);
    r->params[r->param_count++] = (struct tiktok_param){str_of(name), value};
}

/* Sent with a GET too: their pages name it as a required header of every call. */
struct str tiktok_content_type(const struct tiktok_request *r)
{
    return r->part_count ? STR_LIT("multipart/form-data") : STR_LIT("application/json");
}

/* ---- address ---- */

static enum aisle_status check_keys(const struct tiktok_request *r,
                                    const struct tiktok_asker *a, struct aisle_err *err)
{
    if (a->app_key.n == 0)
        return aisle_fail(err, AISLE_CONFIG, "the app key is missing");
    if (a->keys->app_secret.n == 0)
        return aisle_fail(err, AISLE_CONFIG, "the app secret is missing");
    if (r->with_cipher && a->keys->cipher.n == 0)
        return aisle_fail(
            err, AISLE_CONFIG,
            "the shop cipher is missing: list the shops the app may act for");
    return AISLE_OK;
}

/* The parameters of the request and the common ones. */
static size_t all_params(const struct tiktok_request *r, const struct tiktok_asker *a,
                         struct str timestamp, struct tiktok_param *all)
{
    size_t n = r->param_count;

    memcpy(all, r->params, n * sizeof *all);
    all[n++] = (struct tiktok_param){STR_LIT("app_key"), a->app_key};
    all[n++] = (struct tiktok_param){STR_LIT("timestamp"), timestamp};
    if (r->with_cipher)
        all[n++] = (struct tiktok_param){STR_LIT("shop_cipher"), a->keys->cipher};
    return n;
}

static void put_params(struct buf *out, const struct tiktok_param *params, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_addc(out, i ? '&' : '?');
        buf_url(out, params[i].name);
        buf_addc(out, '=');
        buf_url(out, params[i].value);
    }
}

enum aisle_status tiktok_url(const struct tiktok_request *r, const struct tiktok_asker *a,
                             struct buf *out, struct aisle_err *err)
{
    struct tiktok_param all[TIKTOK_MAX_PARAMS];
    char time[MAX_TIME_TEXT], sign[SHA256_HEX_LEN + 1];
    struct tiktok_signed what = {.path = str_of(r->path),
                                 .params = all,
                                 .body = r->body,
                                 .content_type = tiktok_content_type(r)};
    enum aisle_status status = check_keys(r, a, err);

    if (status != AISLE_OK)
        return status;
    snprintf(time, sizeof time, "%lld", (long long)a->now_s);
    what.param_count = all_params(r, a, str_of(time), all);
    status = tiktok_sign(a->keys->app_secret, &what, sign, err);
    if (status != AISLE_OK)
        return status;

    buf_add(out, a->base);
    buf_addz(out, r->path);
    put_params(out, all, what.param_count);
    buf_addf(out, "&sign=%s", sign);
    return buf_check(out, "the address of a request", err);
}

/* ---- envelope ---- */

/* What an answer that could be read, or not, is to us. Success takes both: code 0 with a
 * status that says no leaves open whether what was asked for was done. */
static void judge_answer(struct str body, int http_status, const struct aisle_err *why,
                         struct channel_meta *meta, struct channel_verdict *verdict)
{
    bool zero = str_is(str_of(meta->code), "0");

    if (zero && http_status >= 200 && http_status < 300)
        verdict->status = AISLE_OK;
    else if (zero || meta->code[0] == '\0')
        channel_judge_unreadable(body, http_status, why, meta, verdict);
    else
        tiktok_judge_error(str_of(meta->code), str_of(meta->message), http_status,
                           verdict);
}

static bool fill_meta(const json_t *envelope, struct channel_meta *meta)
{
    channel_meta_put_code(meta, json_at(envelope, "code"));
    return channel_meta_put(meta->message, sizeof meta->message,
                            json_str(envelope, "message")) &&
           channel_meta_put(meta->request_id, sizeof meta->request_id,
                            json_str(envelope, "request_id"));
}

enum aisle_status tiktok_envelope_read(struct str body, int http_status,
                                       struct channel_meta *meta,
                                       struct channel_verdict *verdict, json_t **out,
                                       struct aisle_err *err)
{
    struct aisle_err why = {0};
    json_t *envelope = NULL;
    enum aisle_status status =
        json_read(body, BUF_MAX_REPLY, "the answer", &envelope, &why);

    if (status == AISLE_OK && !fill_meta(envelope, meta))
        status = AISLE_NOMEM;
    if (status == AISLE_NOMEM) {
        json_decref(envelope);
        return aisle_nomem(err);
    }
    judge_answer(body, http_status, &why, meta, verdict);
    if (verdict->status == AISLE_OK)
        *out = envelope;
    else
        json_decref(envelope);
    return AISLE_OK;
}

/* One member of an envelope; false without memory. */
static bool walk_member(struct json_walk *w, struct str key,
                        const struct tiktok_reader *reader, struct channel_meta *meta)
{
    if (str_is(key, "message"))
        return channel_meta_put(meta->message, sizeof meta->message, json_walk_str(w));
    if (str_is(key, "request_id"))
        return channel_meta_put(meta->request_id, sizeof meta->request_id,
                                json_walk_str(w));
    if (str_is(key, "code"))
        channel_meta_put_code_text(meta, json_walk_word(w));
    else if (str_is(key, "data"))
        reader->data(reader->ctx, w);
    else
        json_walk_skip(w);
    return true;
}

/* Nothing of an answer that cannot be read to its end counts. */
static void forget(struct channel_meta *meta)
{
    meta->code[0] = meta->message[0] = meta->request_id[0] = '\0';
}

static enum aisle_status walk_envelope(struct str body,
                                       const struct tiktok_reader *reader,
                                       struct channel_meta *meta, struct aisle_err *err)
{
    struct json_walk w;
    struct str key;
    bool kept = true;
    enum aisle_status status;

    json_walk_begin(&w, body, BUF_MAX_REPLY, "the answer");
    if (json_walk_kind(&w) == JSON_WALK_LIST) {
        json_walk_skip(&w);
        return json_walk_end(&w, err);
    }
    json_walk_open(&w);
    while (kept && json_walk_member(&w, &key))
        kept = walk_member(&w, key, reader, meta);
    if (!kept) {
        json_walk_end(&w, NULL);
        return aisle_nomem(err);
    }
    status = json_walk_end(&w, err);
    if (status != AISLE_OK)
        forget(meta);
    return status;
}

enum aisle_status tiktok_envelope_walk(struct str body, int http_status,
                                       const struct tiktok_reader *reader,
                                       struct channel_meta *meta,
                                       struct channel_verdict *verdict,
                                       struct aisle_err *err)
{
    struct aisle_err why = {0};

    reader->begin(reader->ctx);
    if (walk_envelope(body, reader, meta, &why) == AISLE_NOMEM)
        return aisle_nomem(err);
    judge_answer(body, http_status, &why, meta, verdict);
    return AISLE_OK;
}

enum aisle_status tiktok_data(const json_t *envelope, const char *what,
                              const json_t **out, struct aisle_err *err)
{
    const json_t *data = json_at(envelope, "data");

    if (!json_is_object(data))
        return aisle_fail(err, AISLE_GARBLED, "%s: the answer has no data", what);
    *out = data;
    return AISLE_OK;
}

/* ---- sending ---- */

/* A request on its way: built anew before each attempt. */
struct on_its_way {
    struct channel_session *s;
    const struct tiktok_request *signed_request; /* or */
    bool once;
    struct str token_path;
    struct buf base, url;
    struct net_header header;
    const struct tiktok_reader *reader; /* of the answer as it goes by, or */
    json_t *envelope;                   /* once there is one */
};

static enum aisle_status prepare(void *ctx, struct net_request *out,
                                 struct aisle_err *err)
{
    struct on_its_way *w = ctx;
    const struct tiktok_request *r = w->signed_request;
    struct tiktok_asker asker = {buf_str(&w->base), w->s->shop->app_key, &w->s->keys,
                                 clock_now_s(w->s->clock)};
    enum aisle_status status;

    buf_reset(&w->url);
    status = tiktok_url(r, &asker, &w->url, err);
    if (status != AISLE_OK)
        return status;
    w->header =
        (struct net_header){STR_LIT("x-tts-access-token"), w->s->keys.access_token};
    *out = (struct net_request){
        .method = r->method,
        .url = buf_str(&w->url),
        .headers = &w->header,
        .header_count = 1,
        .body = r->body,
        .content_type = r->part_count ? STR_LIT("") : tiktok_content_type(r),
        .parts = r->parts,
        .part_count = r->part_count,
        .reach = channel_reach(buf_str(&w->base)),
        .max_reply = BUF_MAX_REPLY,
    };
    return AISLE_OK;
}

static enum aisle_status prepare_for_token_host(void *ctx, struct net_request *out,
                                                struct aisle_err *err)
{
    struct on_its_way *w = ctx;

    buf_reset(&w->url);
    buf_add(&w->url, buf_str(&w->base));
    buf_add(&w->url, w->token_path);
    *out = (struct net_request){
        .method = "GET",
        .url = buf_str(&w->url),
        .content_type = STR_LIT("application/json"),
        .reach = channel_reach(buf_str(&w->base)),
        .max_reply = BUF_MAX_LINE,
    };
    return buf_check(&w->url, "the address of a request", err);
}

static enum aisle_status judge(void *ctx, const struct net_reply *reply,
                               struct channel_meta *meta, struct channel_verdict *verdict,
                               struct aisle_err *err)
{
    struct on_its_way *w = ctx;

    if (w->reader)
        return tiktok_envelope_walk(buf_str(&reply->body), reply->status, w->reader, meta,
                                    verdict, err);
    return tiktok_envelope_read(buf_str(&reply->body), reply->status, meta, verdict,
                                &w->envelope, err);
}

static enum aisle_status send_prepared(struct on_its_way *w, struct channel_call *call,
                                       struct channel_meta *meta, struct aisle_err *err)
{
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct net_reply reply;
    enum aisle_status status;

    net_reply_init(&reply);
    channel_pace_key(w->s->shop, &key);
    call->pace_key = buf_str(&key);
    call->judge = judge;
    call->ctx = w;
    status = buf_check(&key, "an app key", err);
    if (status == AISLE_OK)
        status = channel_call(w->s, call, &reply, meta, err);

    if (w->url.p)
        secret_wipe(w->url.p, w->url.cap);
    buf_clear(&w->url);
    buf_clear(&w->base);
    if (reply.body.p && !w->reader) /* a tree is no secret */
        secret_wipe(reply.body.p, reply.body.cap);
    net_reply_clear(&reply);
    buf_clear(&key);
    return status;
}

static enum aisle_status send_signed(struct on_its_way *w, struct channel_meta *meta,
                                     struct aisle_err *err)
{
    struct channel_call call = {
        .what = w->signed_request->what, .once = w->once, .prepare = prepare};
    enum aisle_status status;

    if (w->s->keys.access_token.n == 0)
        return aisle_fail(err, AISLE_AUTH, "%s: no access token, sign in first",
                          call.what);
    status = channel_base_url(&tiktok_ops, w->s->shop->api_url, TIKTOK_API_HOST, &w->base,
                              err);
    if (status != AISLE_OK) {
        buf_clear(&w->base);
        return status;
    }
    return send_prepared(w, &call, meta, err);
}

static enum aisle_status send_and_keep(struct on_its_way *w, json_t **out,
                                       struct channel_meta *meta, struct aisle_err *err)
{
    enum aisle_status status = send_signed(w, meta, err);

    if (status == AISLE_OK)
        *out = w->envelope;
    return status;
}

enum aisle_status tiktok_send(struct channel_session *s, const struct tiktok_request *r,
                              json_t **out, struct channel_meta *meta,
                              struct aisle_err *err)
{
    struct on_its_way w = {.s = s,
                           .signed_request = r,
                           .base = BUF_INIT(BUF_MAX_LINE),
                           .url = BUF_INIT(BUF_MAX_LINE)};

    return send_and_keep(&w, out, meta, err);
}

enum aisle_status tiktok_ask(struct channel_session *s, const struct tiktok_request *r,
                             struct tiktok_answer *a, struct channel_meta *meta,
                             struct aisle_err *err)
{
    a->meta = meta ? meta : &a->spare;
    return tiktok_send(s, r, &a->envelope, a->meta, err);
}

enum aisle_status tiktok_ask_once(struct channel_session *s,
                                  const struct tiktok_request *r, struct tiktok_answer *a,
                                  struct channel_meta *meta, struct aisle_err *err)
{
    struct on_its_way w = {.s = s,
                           .signed_request = r,
                           .once = true,
                           .base = BUF_INIT(BUF_MAX_LINE),
                           .url = BUF_INIT(BUF_MAX_LINE)};

    a->meta = meta ? meta : &a->spare;
    return send_and_keep(&w, &a->envelope, a->meta, err);
}

enum aisle_status tiktok_done(struct tiktok_answer *a, enum aisle_status status,
                              struct aisle_err *err)
{
    if (a->envelope)
        status = channel_named(status, a->meta, err);
    json_decref(a->envelope);
    a->envelope = NULL;
    return status;
}

enum aisle_status tiktok_send_for(struct channel_session *s,
                                  const struct tiktok_request *r,
                                  const struct tiktok_reader *reader,
                                  struct channel_meta *meta, struct aisle_err *err)
{
    struct on_its_way w = {.s = s,
                           .signed_request = r,
                           .reader = reader,
                           .base = BUF_INIT(BUF_MAX_LINE),
                           .url = BUF_INIT(BUF_MAX_LINE)};

    return send_signed(&w, meta, err);
}

enum aisle_status tiktok_send_to_token_host(struct channel_session *s, const char *what,
                                            struct str path, json_t **out,
                                            struct channel_meta *meta,
                                            struct aisle_err *err)
{
    struct on_its_way w = {.s = s,
                           .token_path = path,
                           .base = BUF_INIT(BUF_MAX_LINE),
                           .url = BUF_INIT(BUF_MAX_LINE)};
    struct channel_call call = {.what = what, .prepare = prepare_for_token_host};
    enum aisle_status status;

    status =
        channel_base_url(&tiktok_ops, s->shop->auth_url, TIKTOK_TOKEN_HOST, &w.base, err);
    if (status != AISLE_OK) {
        buf_clear(&w.base);
        return status;
    }
    status = send_prepared(&w, &call, meta, err);
    if (status == AISLE_OK)
        *out = w.envelope;
    return status;
}
