/* The control endpoints, under /_sandbox/: for whoever runs the sandbox, with the token
 * it printed. Not written to the journal. Answers are JSON; a refusal is {"error": …}. */
#include "base/hash.h"
#include "http/route.h"
#include "sandbox/engine.h"
#include "sandbox/market/hooks.h"

#include <limits.h>

bool panel_is_for(struct str path)
{
    return str_starts(path, "/_sandbox/");
}

static void refuse(struct http_reply *reply, int status, const char *why)
{
    struct json_out json = {.buf = &reply->body};

    http_reply_text(reply, status, "application/json; charset=utf-8", STR_LIT(""));
    json_open(&json);
    json_add_str(&json, "error", str_of(why));
    json_close(&json);
}

static struct json_out begin(struct http_reply *reply)
{
    http_reply_text(reply, 200, "application/json; charset=utf-8", STR_LIT(""));
    return (struct json_out){.buf = &reply->body};
}

static void put_trees(struct json_out *json, struct forest *f)
{
    static const char *const names[SLOT_COUNT] = {
        "v1 TIKTOK_SHOP", "v1 TOKOPEDIA", "v2 TIKTOK_SHOP", "v2 TOKOPEDIA", "tokopedia"};

    json_key(json, "categories");
    json_open(json);
    for (int slot = 0; slot < SLOT_COUNT; slot++)
        json_add_int(json, names[slot],
                     (int64_t)forest_tree(f, (enum forest_slot)slot)->count);
    json_close(json);
}

static void put_buf(struct json_out *json, const char *key, struct buf *text)
{
    json_key(json, key);
    json_put_raw(json, buf_str(text));
    buf_clear(text);
}

static void show_status(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct forest *f = engine_forest(e);
    struct buf dial = BUF_INIT(BUF_MAX_LINE), counts = BUF_INIT(BUF_MAX_REPLY);
    struct json_out json = begin(reply);

    (void)call;
    temper_show(e->temper, &dial);
    journal_counts(e->journal, &counts);
    json_open(&json);
    json_add_str(&json, "url", e->identity.url);
    json_add_int(&json, "seed", (int64_t)e->set.seed);
    json_add_int(&json, "running_ms", clock_now_ms(e->clock) - e->started_ms);
    json_add_int(&json, "calls", (int64_t)journal_total(e->journal));
    json_add_int(&json, "images", (int64_t)images_count(e->images));
    put_trees(&json, f);
    json_key(&json, "webhooks");
    hooks_put_counts(e->market->hooks, &json);
    put_buf(&json, "faults", &dial);
    put_buf(&json, "paths", &counts);
    json_close(&json);
    forest_drop(f);
}

static void show_log(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    const struct http_value *from = http_value(call, "from");

    reply->body.max = BUF_MAX_FILE;
    http_reply_text(reply, 200, "application/x-ndjson; charset=utf-8", STR_LIT(""));
    journal_read(e->journal, from->given ? (uint64_t)from->number : 0, &reply->body);
}

static void show_faults(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct json_out json = begin(reply);

    (void)call;
    temper_show(e->temper, json.buf);
}

/* A member of a fault is of its kind, and is one of these. */
static enum aisle_status check_member(const char *key, const json_t *value,
                                      struct aisle_err *err)
{
    static const struct {
        const char *key, *is;
        json_type type; /* JSON_REAL: any number */
    } members[] = {
        {"kind", "a word", JSON_STRING},
        {"rate", "a number", JSON_REAL},
        {"path", "text", JSON_STRING},
        {"ms", "a whole number", JSON_INTEGER},
        {"status", "a whole number", JSON_INTEGER},
        {"retry_after_s", "a whole number", JSON_INTEGER},
        {"html", "true or false", JSON_TRUE},
    };

    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        json_type type = json_is_false(value) ? JSON_TRUE : json_typeof(value);

        if (strcmp(key, members[i].key) != 0)
            continue;
        if (type == members[i].type ||
            (members[i].type == JSON_REAL && json_is_number(value)))
            return AISLE_OK;
        return aisle_fail(err, AISLE_INVALID, "%s of a fault is %s", key, members[i].is);
    }
    return aisle_fail(err, AISLE_INVALID,
                      "a fault has no %s; it has kind, rate, path, ms, status, "
                      "retry_after_s and html",
                      key);
}

/* What does not fit an int is out of every range. */
static int read_int(const json_t *object, const char *key)
{
    int64_t number = json_int(object, key, 0);

    return number > INT_MAX ? INT_MAX : number < INT_MIN ? INT_MIN : (int)number;
}

static enum aisle_status read_kind(const json_t *value, struct sandbox_fault *out,
                                   struct aisle_err *err)
{
    struct buf word = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    buf_add(&word, json_str(value, "kind"));
    buf_addz(&word, "=0");
    status =
        word.failed ? aisle_nomem(err) : sandbox_fault_parse(buf_str(&word), out, err);
    buf_clear(&word);
    return status;
}

/* A word, or an object with the members of one; the dial looks at their ranges. */
static enum aisle_status read_fault(const json_t *value, struct sandbox_fault *out,
                                    struct aisle_err *err)
{
    struct sandbox_fault fault = {0};
    enum aisle_status status = AISLE_OK;
    const json_t *member;
    const char *key;

    if (json_is_string(value))
        return sandbox_fault_parse(json_value_str(value), out, err);
    json_object_foreach((json_t *)value, key, member)
    {
        if (status == AISLE_OK)
            status = check_member(key, member, err);
    }
    if (status == AISLE_OK)
        status = read_kind(value, &fault, err);
    if (status == AISLE_OK && !json_at(value, "rate"))
        status = aisle_fail(err, AISLE_INVALID, "%s needs a rate from 0 to 1",
                            sandbox_fault_name(fault.kind));
    if (status)
        return status;
    fault.rate = json_num(value, "rate", 0);
    fault.path = json_str(value, "path");
    fault.ms = read_int(value, "ms");
    fault.status = read_int(value, "status");
    fault.retry_after_s = read_int(value, "retry_after_s");
    fault.html = json_flag(value, "html", false);
    *out = fault;
    return AISLE_OK;
}

static void set_faults(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct sandbox_fault faults[SANDBOX_MAX_FAULTS];
    struct aisle_err err = {0};
    json_t *list = NULL;
    size_t count = 0;
    enum aisle_status status =
        json_read(call->request->body, BUF_MAX_LINE, "the dial", &list, &err);

    if (status == AISLE_OK && !json_is_array(list))
        status = aisle_fail(&err, AISLE_INVALID, "the dial is no array");
    if (status == AISLE_OK && json_array_size(list) > SANDBOX_MAX_FAULTS)
        status = aisle_fail(&err, AISLE_LIMIT, "more than %d faults", SANDBOX_MAX_FAULTS);
    for (; count < json_array_size(list) && status == AISLE_OK; count++)
        status = read_fault(json_array_get(list, count), &faults[count], &err);
    if (status == AISLE_OK)
        status = temper_set(e->temper, faults, count, &err);
    if (status == AISLE_OK)
        show_faults(ctx, call, reply);
    else
        refuse(reply, 400, err.text);
    json_decref(list);
}

static void evolve(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct forest *now, *next = NULL;
    struct aisle_err err = {0};
    struct json_out json = begin(reply);

    pthread_mutex_lock(&e->evolving);
    now = engine_forest(e);
    if (forest_evolve(now, call->request->body, &next, json.buf, &err) == AISLE_OK &&
        market_evolve(e->market, call->request->body, &err) == AISLE_OK) {
        engine_set_forest(e, next);
    } else {
        forest_drop(next);
        refuse(reply, 400, err.text);
    }
    forest_drop(now);
    pthread_mutex_unlock(&e->evolving);
}

static void say_done(struct http_reply *reply, const char *what, size_t count)
{
    struct json_out json = begin(reply);

    json_open(&json);
    json_add_int(&json, what, (int64_t)count);
    json_close(&json);
}

static void expire_tokopedia(struct engine *e)
{
    pthread_mutex_lock(&e->lock);
    e->tokopedia_until_s = 0;
    pthread_mutex_unlock(&e->lock);
}

/* What happens to products; market/trigger.c. */
static void trigger_market(struct engine *e, const struct http_call *call,
                           struct http_reply *reply)
{
    struct trigger t = {
        .what = http_value(call, "what")->text,
        .product = http_value(call, "product")->text,
        .to = http_value(call, "to")->text,
        .type = http_value(call, "type")->number,
        .forest = engine_forest(e),
    };
    struct aisle_err err = {0};
    size_t done = 0;
    enum aisle_status status = market_trigger(e->market, &t, &done, &err);

    forest_drop(t.forest);
    if (status == AISLE_OK)
        say_done(reply, "done", done);
    else
        refuse(reply, status == AISLE_NOT_FOUND ? 404 : 400, err.text);
}

static void trigger(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct str what = http_value(call, "what")->text;

    if (str_is(what, "expire-access"))
        say_done(reply, "expired", keys_expire(e->keys, KEY_ACCESS));
    else if (str_is(what, "expire-refresh"))
        say_done(reply, "expired", keys_expire(e->keys, KEY_REFRESH));
    else if (str_is(what, "expire-codes"))
        say_done(reply, "expired", keys_expire(e->keys, KEY_CODE));
    else if (str_is(what, "revoke"))
        say_done(reply, "revoked", keys_revoke(e->keys));
    else if (str_is(what, "expire-tokopedia")) {
        expire_tokopedia(e);
        say_done(reply, "expired", 1);
    } else if (market_can_trigger(what))
        trigger_market(e, call, reply);
    else
        refuse(reply, 404,
               "nothing of that name can be triggered; there are audit, suspend, "
               "recategorize, deactivate-sku and webhook, and of keys expire-access, "
               "expire-refresh, expire-codes, expire-tokopedia and revoke");
}

static void reset(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct str what = http_value(call, "what")->text;
    bool all = str_is(what, "all"), known = all;

    if (all || str_is(what, "log")) {
        journal_forget(e->journal);
        known = true;
    }
    if (all || str_is(what, "faults")) {
        temper_set(e->temper, NULL, 0, NULL);
        known = true;
    }
    if (all || str_is(what, "counts")) {
        temper_forget(e->temper);
        known = true;
    }
    if (all || str_is(what, "images")) {
        images_forget(e->images);
        known = true;
    }
    if (all || str_is(what, "tree")) {
        engine_set_forest(e, forest_ref(e->first_forest));
        market_forget_demands(e->market);
        known = true;
    }
    if (all || str_is(what, "products")) {
        market_forget_products(e->market);
        known = true;
    }
    if (known)
        say_done(reply, "reset", 1);
    else
        refuse(reply, 404,
               "nothing of that name can be reset; there are log, faults, counts, "
               "images, tree, products and all");
}

static const struct http_route routes[] = {
    {"GET", "/_sandbox/status", {{0}}, show_status},
    {"GET",
     "/_sandbox/log",
     {{.name = "from", .type = HTTP_INT, .max = INT64_MAX}},
     show_log},
    {"GET", "/_sandbox/fault", {{0}}, show_faults},
    {"PUT", "/_sandbox/fault", {{0}}, set_faults},
    {"POST", "/_sandbox/evolve", {{0}}, evolve},
    {"POST",
     "/_sandbox/trigger",
     {{.name = "what", .required = true},
      {.name = "product"},
      {.name = "to"},
      {.name = "type", .type = HTTP_INT, .max = 1000}},
     trigger},
    {"POST", "/_sandbox/reset", {{.name = "what", .required = true}}, reset},
};

static bool may_enter(const struct engine *e, const struct http_request *r)
{
    struct str header = http_header(r, "Authorization");
    struct str kind = str_cut(&header, ' ');

    return str_eq_nocase(kind, STR_LIT("Bearer")) &&
           secret_eq(str_trim(header), e->identity.control_token);
}

void panel_handle(struct engine *e, const struct http_request *r,
                  struct http_reply *reply)
{
    struct http_call call;
    struct aisle_err err = {0};

    if (!may_enter(e, r)) {
        refuse(reply, 401, "the control token is missing or wrong");
        return;
    }
    switch (http_route_find(routes, sizeof routes / sizeof *routes, r, &call, &err)) {
    case AISLE_OK:
        call.route->run(e, &call, reply);
        return;
    case AISLE_NOT_FOUND:
        refuse(reply, 404, err.text);
        return;
    case AISLE_REFUSED:
        refuse(reply, 405, err.text);
        return;
    default:
        refuse(reply, 400, err.text);
        return;
    }
}
