#include "channels/tokopedia/errors.h"
#include "channels/tokopedia/tokopedia.h"
#include "channels/tokopedia/wire.h"

#include <math.h>

/* ---- envelope ---- */

/* error_code is a number, a text or absent; absent, 0 and 200 are success, and so is the
 * 200 of "200 Ok". All of them become 0 here. */
static void even_out_success(struct channel_meta *meta)
{
    if (meta->code[0] == '\0' || strcmp(meta->code, "200") == 0)
        memcpy(meta->code, "0", 2);
}

/* Form A. `messages` is one text, for all its name; once it was seen as a list. */
static bool read_header(const json_t *header, struct channel_meta *meta)
{
    const json_t *messages = json_at_nocase(header, "messages");

    if (json_is_array(messages))
        messages = json_array_get(messages, 0);
    channel_meta_put_code(meta, json_at(header, "error_code"));
    even_out_success(meta);
    meta->process_time_s = json_num(header, "process_time", 0);
    return channel_meta_put(meta->message, sizeof meta->message,
                            json_value_str(messages)) &&
           channel_meta_put(meta->reason, sizeof meta->reason,
                            json_str(header, "reason"));
}

/* Form B: "status" is "200 Ok" or "400 Bad Request". */
static bool read_status(const json_t *document, struct channel_meta *meta)
{
    struct str text = json_str(document, "status"), number = str_cut(&text, ' ');
    const json_t *why = json_array_get(json_list(document, "error_message"), 0);

    if (!channel_meta_put(meta->code, sizeof meta->code, number))
        return false;
    even_out_success(meta);
    return channel_meta_put(meta->message, sizeof meta->message,
                            why ? json_value_str(why) : text);
}

/* Neither form: meta stays without a code. */
static bool fill_meta(const json_t *document, struct channel_meta *meta)
{
    if (json_is_object(json_at(document, "header")))
        return read_header(json_at(document, "header"), meta);
    if (json_is_string(json_at(document, "status")))
        return read_status(document, meta);
    return true;
}

enum aisle_status tokopedia_envelope_read(struct str body, int http_status,
                                          struct channel_meta *meta,
                                          struct channel_verdict *verdict, json_t **out,
                                          struct aisle_err *err)
{
    bool ok = http_status >= 200 && http_status < 300;
    struct aisle_err why = {0};
    json_t *document = NULL;
    enum aisle_status status =
        json_read(body, BUF_MAX_REPLY, "the answer", &document, &why);

    if (status == AISLE_OK && !fill_meta(document, meta))
        status = AISLE_NOMEM;
    if (status == AISLE_NOMEM) {
        json_decref(document);
        return aisle_nomem(err);
    }
    if (meta->code[0] == '\0')
        channel_judge_unreadable(body, http_status, &why, meta, verdict);
    else if (ok && strcmp(meta->code, "0") == 0)
        verdict->status = AISLE_OK;
    else
        tokopedia_judge_error(str_of(meta->code), http_status, verdict);

    if (verdict->status == AISLE_OK)
        *out = document;
    else
        json_decref(document);
    return AISLE_OK;
}

/* ---- limits ---- */

/* What the pages show is whole requests a second, 5 of them. Less than one is no such
 * limit, and would stop a shop for minutes a call, for good: a lower limit that was told
 * stays. Over a thousand is none to whoever asks for one shop, and a slip of theirs. */
static const double least_per_second = 1, most_per_second = 1000;
/* Of a limit a second all is there again within seconds. What says more than an hour is
 * no time to wait; the usual one is taken. */
static const double longest_reset_s = 3600;

/* "5 req/s (burst 5)"; 0 when it is none, or out of those bounds. */
static double leading_number(struct str text, double least, double most)
{
    struct str first = str_cut(&text, ' ');
    double n;

    return parse_double(first, least, most, &n) ? n : 0;
}

/* Reset-After is how long until one more request, and shown as -0 while any remain; Full-
 * Reset-After how long until all of them. The wait after a 429 is Full-Reset-After and a
 * second, as the client did that counted on it. */
void tokopedia_rate_read(const struct net_reply *reply, struct tokopedia_rate *out)
{
    double full = leading_number(net_reply_header(reply, "x-ratelimit-full-reset-after"),
                                 0, longest_reset_s);

    out->per_second = leading_number(net_reply_header(reply, "x-ratelimit-limit"),
                                     least_per_second, most_per_second);
    out->wait_s = full > 0 ? (int)ceil(full) + 1 : 0;
}

/* ---- sending ---- */

struct on_its_way {
    struct channel_session *s;
    struct str path, pace_key;
    struct buf base, url, bearer;
    struct net_header header;
    json_t *document; /* once there is one */
};

static enum aisle_status prepare(void *ctx, struct net_request *out,
                                 struct aisle_err *err)
{
    struct on_its_way *w = ctx;

    buf_reset(&w->url);
    buf_add(&w->url, buf_str(&w->base));
    buf_add(&w->url, w->path);
    buf_reset(&w->bearer);
    buf_addz(&w->bearer, "Bearer ");
    buf_add(&w->bearer, w->s->keys.access_token);
    w->header = (struct net_header){STR_LIT("Authorization"), buf_str(&w->bearer)};
    *out = (struct net_request){
        .method = "GET",
        .url = buf_str(&w->url),
        .headers = &w->header,
        .header_count = 1,
        .reach = channel_reach(buf_str(&w->base)),
        .max_reply = BUF_MAX_REPLY,
    };
    if (buf_check(&w->bearer, "an access token", err) != AISLE_OK)
        return w->bearer.failed;
    return buf_check(&w->url, "the address of a request", err);
}

static enum aisle_status judge(void *ctx, const struct net_reply *reply,
                               struct channel_meta *meta, struct channel_verdict *verdict,
                               struct aisle_err *err)
{
    struct on_its_way *w = ctx;
    struct tokopedia_rate rate;
    enum aisle_status status;

    status = tokopedia_envelope_read(buf_str(&reply->body), reply->status, meta, verdict,
                                     &w->document, err);
    tokopedia_rate_read(reply, &rate);
    pace_told(w->s->pace, w->pace_key, rate.per_second);
    if (verdict->throttled && rate.wait_s > verdict->wait_s)
        verdict->wait_s = rate.wait_s;
    return status;
}

enum aisle_status tokopedia_send(struct channel_session *s, const char *what,
                                 struct str path, json_t **out, struct channel_meta *meta,
                                 struct aisle_err *err)
{
    struct on_its_way w = {.s = s,
                           .path = path,
                           .base = BUF_INIT(BUF_MAX_LINE),
                           .url = BUF_INIT(BUF_MAX_LINE),
                           .bearer = BUF_INIT(BUF_MAX_LINE)};
    struct buf key = BUF_INIT(BUF_MAX_LINE);
    struct channel_call call = {
        .what = what, .prepare = prepare, .judge = judge, .ctx = &w};
    struct net_reply reply;
    enum aisle_status status;

    if (s->keys.access_token.n == 0)
        return aisle_fail(err, AISLE_AUTH, "%s: no access token, sign in first", what);
    net_reply_init(&reply);
    channel_pace_key(s->shop, &key);
    call.pace_key = w.pace_key = buf_str(&key);
    status = buf_check(&key, "a client id", err);
    if (status == AISLE_OK)
        status = channel_base_url(&tokopedia_ops, s->shop->api_url, TOKOPEDIA_API_HOST,
                                  &w.base, err);
    if (status == AISLE_OK)
        status = channel_call(s, &call, &reply, meta, err);
    if (status == AISLE_OK)
        *out = w.document;

    if (w.bearer.p)
        secret_wipe(w.bearer.p, w.bearer.cap);
    buf_clear(&w.bearer);
    buf_clear(&w.url);
    buf_clear(&w.base);
    buf_clear(&key);
    net_reply_clear(&reply);
    return status;
}
