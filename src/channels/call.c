#include "channels/call.h"

#include "base/scrub.h"
#include "base/text.h"
#include "channels/quoted.h"

#include <stdio.h>

/* At most size - 1 bytes, not ending in the middle of a character, as one line. */
static void put_cut(char *field, size_t size, struct str text)
{
    size_t n = text.n < size ? text.n : size - 1;

    while (n && n < text.n && ((unsigned char)text.p[n] & 0xC0) == 0x80)
        n--;
    for (size_t i = 0; i < n; i++)
        field[i] = (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i];
    field[n] = '\0';
}

bool channel_meta_put(char *field, size_t size, struct str text)
{
    struct buf clean = BUF_INIT(BUF_MAX_LINE);
    bool good;

    scrub_text(str_head(text, BUF_MAX_LINE / 4), &clean);
    good = clean.failed == AISLE_OK;
    put_cut(field, size, good ? buf_str(&clean) : STR_LIT(""));
    buf_clear(&clean);
    return good;
}

void channel_meta_put_code_text(struct channel_meta *meta, struct str code)
{
    put_cut(meta->code, sizeof meta->code, code);
}

void channel_meta_put_code(struct channel_meta *meta, const json_t *code)
{
    if (json_is_integer(code))
        snprintf(meta->code, sizeof meta->code, "%" JSON_INTEGER_FORMAT,
                 json_integer_value(code));
    else
        channel_meta_put_code_text(meta, json_value_str(code));
}

static void set_verdict(struct channel_verdict *v, enum aisle_status status, bool again)
{
    v->status = status;
    v->again = again;
}

/* What came in place of an answer, for a person. */
static const char *kind_of(struct str body, const struct aisle_err *why,
                           const struct channel_meta *meta)
{
    struct str begin = str_head(str_trim(body), 1);

    if (meta->code[0])
        return "an answer that says success";
    if (begin.n == 0)
        return "an empty answer";
    if (!str_is(begin, "{"))
        return "a page that is no JSON";
    return why->status == AISLE_OK ? "JSON that is no answer of theirs"
                                   : "an answer cut short or garbled";
}

void channel_judge_unreadable(struct str body, int http_status,
                              const struct aisle_err *why, struct channel_meta *meta,
                              struct channel_verdict *out)
{
    char said[sizeof why->text + 80];
    struct str text = str_trim(body);
    bool ok = http_status >= 200 && http_status < 300;
    bool page = text.n && text.p[0] != '{';
    bool cut = !page && why->status != AISLE_OK;

    if (why->status == AISLE_LIMIT)
        set_verdict(out, AISLE_LIMIT, false);
    else if (http_status == 401)
        set_verdict(out, AISLE_AUTH, false);
    else if (http_status == 403)
        set_verdict(out, AISLE_REFUSED, false);
    else if (http_status == 429 || http_status >= 500 || (ok && cut))
        set_verdict(out, AISLE_BUSY, true);
    else
        set_verdict(out, AISLE_GARBLED, ok && page);
    out->throttled = http_status == 429;
    if (page || !text.n || !why->text[0])
        snprintf(said, sizeof said, "HTTP %d with %s", http_status,
                 kind_of(body, why, meta));
    else
        snprintf(said, sizeof said, "HTTP %d with %s: %s", http_status,
                 kind_of(body, why, meta), why->text);
    put_cut(meta->message, sizeof meta->message, str_of(said)); /* no words of theirs */
}

enum aisle_status channel_named(enum aisle_status status, const struct channel_meta *meta,
                                struct aisle_err *err)
{
    if (status == AISLE_OK || !err || err->remote_code[0])
        return status;
    memcpy(err->remote_code, meta->code, sizeof err->remote_code);
    memcpy(err->request_id, meta->request_id, sizeof err->request_id);
    err->http_status = meta->http_status;
    return status;
}

enum net_reach channel_reach(struct str base_url)
{
    return net_url_is_loopback(base_url) ? NET_LOOPBACK : NET_ANYWHERE;
}

enum aisle_status channel_base_url(const struct channel_ops *ops, struct str own,
                                   const char *host, struct buf *out,
                                   struct aisle_err *err)
{
    struct str authority, path;
    enum aisle_status status;
    bool https;

    if (own.n == 0) {
        buf_addf(out, "https://%s", host);
        return buf_check(out, "an address", err);
    }
    status = channel_check_url(ops, own, err);
    if (status != AISLE_OK)
        return status;
    net_url_split(own, &https, &authority, &path);
    if (path.n && !str_is(path, "/"))
        return aisle_fail(err, AISLE_CONFIG,
                          "the address of channel %s may have no path: %.*s", ops->name,
                          STR_ARG(path));
    buf_addf(out, "%s%.*s", https ? "https://" : "http://", STR_ARG(authority));
    return buf_check(out, "an address", err);
}

void channel_pace_key(const struct shop *shop, struct buf *out)
{
    buf_add(out, shop->app_key);
    buf_addc(out, '/');
    buf_add(out, shop->remote_id.n ? shop->remote_id : shop->id);
}

/* ---- an answer that leads elsewhere ---- */

static bool is_redirect(int http_status)
{
    return (http_status >= 301 && http_status <= 303) || http_status == 307 ||
           http_status == 308;
}

/* Scheme and host of where it leads, and no more: a path or query may hold secrets. */
static struct str origin_of(struct str location)
{
    struct str host, path;
    bool https;

    if (!net_url_split(location, &https, &host, &path) || !utf8_valid(host))
        return STR_LIT("");
    return str_n(location.p, (size_t)(host.p + host.n - location.p));
}

/* None of their pages has a redirect, so it is none of theirs, whatever is in it. It is
 * not followed: the token would go along, and of a POST nobody knows what to repeat. */
static void judge_redirect(const struct net_reply *reply, struct channel_meta *meta,
                           struct channel_verdict *out)
{
    struct str origin = origin_of(net_reply_header(reply, "location"));
    char said[sizeof meta->message];

    set_verdict(out, AISLE_GARBLED, false);
    snprintf(
        said, sizeof said,
        "HTTP %d, a redirect to %.*s, which was not followed: a proxy or a login page "
        "answers in between, or the shop's address (its api_url) is not the "
        "marketplace's",
        reply->status, STR_ARG(origin.n ? origin : STR_LIT("another page")));
    put_cut(meta->message, sizeof meta->message, str_of(said));
}

/* Ready for the next answer; what is added up stays. */
static void meta_begin(struct channel_meta *meta)
{
    *meta = (struct channel_meta){.calls = meta->calls, .lost = meta->lost};
}

/* An answer came: the driver judges it, and our manners learn from it. */
static enum aisle_status judge(struct channel_session *s, const struct channel_call *call,
                               const struct net_request *request,
                               const struct net_reply *reply, struct channel_meta *meta,
                               struct channel_verdict *v, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    meta->calls++;
    meta->http_status = reply->status;
    v->wait_s = net_reply_retry_after_s(reply, s->clock);
    if (is_redirect(reply->status))
        judge_redirect(reply, meta, v);
    else
        status = call->judge(call->ctx, reply, meta, v, err);
    channel_hide_quoted(s, request, meta);
    meta->token = v->token;
    meta->image_gone = v->image_gone;
    meta->throttled = v->status == AISLE_BUSY && v->throttled;
    meta->lost |=
        !v->throttled && (v->status == AISLE_BUSY || v->status == AISLE_GARBLED);
    pace_answered(s->pace, call->pace_key, v->throttled,
                  v->wait_s < CHANNEL_MAX_WAIT_S ? v->wait_s : CHANNEL_MAX_WAIT_S);
    return status;
}

/* One attempt. The request is made when its turn has come, so that its time is right. A
 * failure of the net is a verdict like theirs: what was cut, timed out or never connected
 * may be repeated, as long as anybody is answered. */
static enum aisle_status attempt(struct channel_session *s,
                                 const struct channel_call *call, struct net_reply *reply,
                                 struct channel_meta *meta, struct channel_verdict *v,
                                 struct aisle_err *err)
{
    struct net_request request = {0};
    enum aisle_status status = pace_wait(s->pace, call->pace_key, s->over, err);

    if (status == AISLE_OK && s->about_to_send)
        status = s->about_to_send(s->about_ctx, err);
    if (status == AISLE_OK)
        status = call->prepare(call->ctx, &request, err);
    if (status != AISLE_OK)
        return status;

    meta_begin(meta);
    status = net_send(s->net, &request, reply, err);
    meta->elapsed_ms = reply->elapsed_ms;
    meta->lost |= status != AISLE_OK && reply->sent;
    if (status == AISLE_OK)
        return judge(s, call, &request, reply, meta, v, err);
    if (status != AISLE_BUSY)
        return status;
    channel_meta_put(meta->message, sizeof meta->message, str_of(err->text));
    set_verdict(v, AISLE_BUSY,
                pace_unanswered(s->pace, call->pace_key) < CHANNEL_MAX_SILENCE_MS);
    return AISLE_OK;
}

static enum aisle_status give_up(const struct channel_call *call,
                                 const struct channel_verdict *v,
                                 const struct channel_meta *meta, struct aisle_err *err)
{
    bool first = err && err->status == AISLE_OK;

    aisle_fail(err, v->status, "%s: %s%s%s", call->what,
               meta->message[0] ? meta->message : "no reason given",
               meta->reason[0] ? ": " : "", meta->reason);
    if (first) {
        channel_named(v->status, meta, err);
        err->retry_after_s = v->status == AISLE_BUSY ? v->wait_s : 0;
    }
    return v->status;
}

/* A failure of ours, or of the net for good, passed on with what it was about. */
static enum aisle_status pass_on(const struct channel_call *call,
                                 enum aisle_status status, const struct aisle_err *why,
                                 struct channel_meta *meta, struct aisle_err *err)
{
    if (meta->message[0] == '\0')
        channel_meta_put(meta->message, sizeof meta->message, str_of(why->text));
    if (err && err->status == AISLE_OK) {
        *err = *why;
        aisle_note(err, "in %s", call->what);
    }
    return status;
}

static bool is_worth_a_repeat(const struct channel_call *call,
                              const struct channel_verdict *v)
{
    return v->again && (!call->once || v->throttled) && v->wait_s <= CHANNEL_MAX_WAIT_S;
}

/* Of the first that nobody answered everyone hears: the wait may be a long one. */
static void tell_repeat(const struct channel_session *s, const struct channel_call *call,
                        const struct channel_meta *meta, int attempt, int most,
                        int64_t ms)
{
    bool silent = meta->http_status == 0 && pace_tell_silence(s->pace);

    log_line(s->log, silent ? LOG_WARN : LOG_INFO,
             "%s: %s (HTTP %d), attempt %d of %d in %lld ms", call->what, meta->message,
             meta->http_status, attempt, most, (long long)ms);
}

enum aisle_status channel_call(struct channel_session *s, const struct channel_call *call,
                               struct net_reply *reply, struct channel_meta *meta,
                               struct aisle_err *err)
{
    int most = s->max_attempts > 0 ? s->max_attempts : CHANNEL_MAX_ATTEMPTS;

    for (int n = 1;; n++) {
        struct channel_verdict v = {0};
        struct aisle_err why = {0};
        enum aisle_status status = attempt(s, call, reply, meta, &v, &why);
        int64_t ms;

        if (status != AISLE_OK)
            return pass_on(call, status, &why, meta, err);
        if (v.status == AISLE_OK)
            return AISLE_OK;
        if (n >= most || !is_worth_a_repeat(call, &v))
            return give_up(call, &v, meta, err);

        ms = pace_backoff_ms(s->rng, n, v.wait_s);
        tell_repeat(s, call, meta, n + 1, most, ms);
        status = pace_sleep(s->pace, ms, s->over, err);
        if (status != AISLE_OK)
            return status;
    }
}
