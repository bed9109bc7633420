#include "sandbox/control.h"

#include "base/json.h"
#include "net/net.h"

struct asking {
    const char *method;
    struct buf url;
    struct str body;
    size_t max_reply;
};

static struct asking asking_of(const struct control *c, const char *method,
                               const char *path)
{
    struct asking a = {method, BUF_INIT(BUF_MAX_LINE), {0}, BUF_MAX_REPLY};

    buf_add(&a.url, c->url);
    buf_addz(&a.url, path);
    return a;
}

/* The sandbox's own words, {"error": …}. */
static enum aisle_status declined(const struct net_reply *reply, struct aisle_err *err)
{
    enum aisle_status status = reply->status == 401   ? AISLE_AUTH
                               : reply->status == 404 ? AISLE_NOT_FOUND
                                                      : AISLE_INVALID;
    json_t *json = NULL;
    struct str why = STR_LIT("no sandbox answers there");

    if (json_read(buf_str(&reply->body), BUF_MAX_LINE, "answer", &json, NULL) ==
            AISLE_OK &&
        !str_empty(json_str(json, "error")))
        why = json_str(json, "error");
    aisle_fail(err, status, "%.*s", STR_ARG(why));
    json_decref(json);
    return status;
}

static enum aisle_status send(const struct control *c, struct asking *a,
                              struct net_reply *reply, struct aisle_err *err)
{
    struct net_settings settings = {.clock = clock_system()};
    struct buf bearer = BUF_INIT(1024);
    struct net_header header = {STR_LIT("Authorization"), {0}};
    struct net_request request = {.method = a->method, .reach = NET_LOOPBACK};
    struct net *net = NULL;
    enum aisle_status status = buf_check(&a->url, "address", err);

    buf_addf(&bearer, "Bearer %.*s", STR_ARG(c->token));
    header.value = buf_str(&bearer);
    request.url = buf_str(&a->url);
    request.headers = &header;
    request.header_count = 1;
    request.body = a->body;
    request.content_type = a->body.n ? STR_LIT("application/json") : (struct str){0};
    request.max_reply = a->max_reply;
    if (status == AISLE_OK)
        status = net_new(&settings, &net, err);
    if (status == AISLE_OK)
        status = net_send(net, &request, reply, err);
    net_free(net);
    buf_clear(&bearer);
    return status;
}

/* Sends, appends the answer to out, and lets go of the asking. */
static enum aisle_status ask(const struct control *c, struct asking *a, struct buf *out,
                             struct aisle_err *err)
{
    struct net_reply reply;
    enum aisle_status status;

    net_reply_init(&reply);
    status = send(c, a, &reply, err);
    if (status == AISLE_OK && reply.status != 200)
        status = declined(&reply, err);
    if (status == AISLE_OK && out) {
        buf_add(out, buf_str(&reply.body));
        status = buf_check(out, "the sandbox's answer", err);
    }
    net_reply_clear(&reply);
    buf_clear(&a->url);
    return status;
}

enum aisle_status control_status(const struct control *c, struct buf *out,
                                 struct aisle_err *err)
{
    struct asking a = asking_of(c, "GET", "/_sandbox/status");

    return ask(c, &a, out, err);
}

static void put_fault(struct json_out *json, const struct sandbox_fault *f)
{
    json_open(json);
    json_add_str(json, "kind", str_of(sandbox_fault_name(f->kind)));
    json_add_num(json, "rate", f->rate);
    json_add_str(json, "path", f->path);
    json_add_int(json, "ms", f->ms);
    json_add_int(json, "status", f->status);
    json_add_int(json, "retry_after_s", f->retry_after_s);
    json_add_bool(json, "html", f->html);
    json_close(json);
}

enum aisle_status control_fault(const struct control *c,
                                const struct sandbox_fault *faults, size_t count,
                                struct aisle_err *err)
{
    struct asking a = asking_of(c, "PUT", "/_sandbox/fault");
    struct buf body = BUF_INIT(BUF_MAX_LINE);
    struct json_out json = {.buf = &body};
    enum aisle_status status;

    json_open_list(&json);
    for (size_t i = 0; i < count; i++)
        put_fault(&json, &faults[i]);
    json_close_list(&json);
    a.body = buf_str(&body);
    status = buf_check(&body, "the dial", err);
    if (status)
        buf_clear(&a.url);
    else
        status = ask(c, &a, NULL, err);
    buf_clear(&body);
    return status;
}

enum aisle_status control_evolve(const struct control *c, struct str edits,
                                 struct buf *out, struct aisle_err *err)
{
    struct asking a = asking_of(c, "POST", "/_sandbox/evolve");

    a.body = edits;
    return ask(c, &a, out, err);
}

enum aisle_status control_log(const struct control *c, uint64_t from, struct buf *out,
                              struct aisle_err *err)
{
    struct asking a = asking_of(c, "GET", "/_sandbox/log");

    buf_addf(&a.url, "?from=%llu", (unsigned long long)from);
    a.max_reply = BUF_MAX_FILE;
    return ask(c, &a, out, err);
}

static enum aisle_status ask_what(const struct control *c, const char *path,
                                  struct str what, struct buf *out, struct aisle_err *err)
{
    struct asking a = asking_of(c, "POST", path);

    buf_addz(&a.url, "?what=");
    buf_url(&a.url, what);
    return ask(c, &a, out, err);
}

enum aisle_status control_trigger(const struct control *c, struct str what,
                                  struct buf *out, struct aisle_err *err)
{
    return ask_what(c, "/_sandbox/trigger", what, out, err);
}

static void add_part(struct buf *url, const char *name, struct str value)
{
    if (str_empty(value))
        return;
    buf_addf(url, "&%s=", name);
    buf_url(url, value);
}

enum aisle_status control_trigger_product(const struct control *c, struct str what,
                                          struct str product, struct str to, int type,
                                          struct buf *out, struct aisle_err *err)
{
    struct asking a = asking_of(c, "POST", "/_sandbox/trigger");

    buf_addz(&a.url, "?what=");
    buf_url(&a.url, what);
    add_part(&a.url, "product", product);
    add_part(&a.url, "to", to);
    if (type)
        buf_addf(&a.url, "&type=%d", type);
    return ask(c, &a, out, err);
}

enum aisle_status control_reset(const struct control *c, struct str what,
                                struct aisle_err *err)
{
    return ask_what(c, "/_sandbox/reset", what, NULL, err);
}
