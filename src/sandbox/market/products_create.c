/* Create Product 202309 and Check Product Listing 202309. */
#include "base/mem.h"
#include "sandbox/market/codes.h"
#include "sandbox/market/hooks.h"
#include "sandbox/market/products.h"

void product_put_made(struct json_out *json, const struct product *p, const json_t *doc,
                      const json_t *warnings)
{
    const json_t *skus = json_list(doc, "skus");

    json_add_str(json, "product_id", str_of(p->id));
    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);

        json_open(json);
        put_member(json, sku, "external_sku_id");
        put_member(json, sku, "fees");
        put_member(json, sku, "id");
        put_sales_ids(json, "sales_attributes", sku);
        put_member(json, sku, "seller_sku");
        json_close(json);
    }
    json_close_list(json);
    json_key(json, "warnings");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        json_open(json);
        json_add_str(json, "message", json_value_str(json_array_get(warnings, i)));
        json_close(json);
    }
    json_close_list(json);
}

static json_t *make_doc(struct market *m, const struct judge *j)
{
    json_t *doc = json_deep_copy(j->body);

    if (!doc)
        return NULL;
    json_object_del(doc, "save_mode");
    json_object_del(doc, "idempotency_key");
    if (j->drop_brand)
        json_object_del(doc, "brand_id");
    if (product_give_ids(m, doc, NULL))
        return doc;
    json_decref(doc);
    return NULL;
}

/* NULL: no memory. */
static struct product *add(struct market *m, const struct judge *j)
{
    struct str key = json_str(j->body, "idempotency_key");
    json_t *doc = make_doc(m, j);
    struct product *p =
        doc ? products_add(m, j->call->shop, j->call->seller, doc, j->call->now_ms)
            : NULL;

    if (p && key.n)
        p->key = mem_dup(key.p, key.n);
    return p;
}

/* ---- the same key again ---- */

static const struct product *find_key(const struct market *m,
                                      const struct sandbox_shop *shop, struct str key)
{
    for (size_t i = 0; i < m->product_count && !str_empty(key); i++)
        if (m->products[i]->shop == shop && m->products[i]->key &&
            str_is(key, m->products[i]->key))
            return m->products[i];
    return NULL;
}

/* True: answered as the first time, or refused; nothing is made. */
static bool is_replayed(struct call *c, const struct market *m, struct str key)
{
    enum sandbox_replay replay = m->engine->set.market.replay;
    const struct product *p = replay == REPLAY_IGNORED ? NULL : find_key(m, c->shop, key);
    struct json_out json;

    if (!p)
        return false;
    if (replay == REPLAY_ERROR) {
        call_fail(c, 12052910, NULL, 0);
        return true;
    }
    json = call_data(c);
    json_open(&json);
    product_put_made(&json, p, p->answer ? p->answer : p->doc, NULL);
    json_close(&json);
    call_done(c, "Success");
    return true;
}

/* ---- Create Product ---- */

static void answer(struct call *c, const struct product *p, const json_t *warnings)
{
    struct json_out json = call_data(c);

    c->note.leaf = call_keep(c, json_str(p->doc, "category_id"));
    json_open(&json);
    product_put_made(&json, p, p->doc, warnings);
    json_close(&json);
    call_done(c, "Success");
}

static void create(struct judge *j, struct market *m)
{
    struct call *c = j->call;
    struct product *p = add(m, j);

    if (!p) {
        call_broken(c);
        return;
    }
    p->answer = json_deep_copy(p->doc);
    hooks_created(m, p, c->now_ms);
    if (!j->draft) {
        p->listed_ms = c->now_ms;
        product_submit(m, p, c->now_ms);
    }
    answer(c, p, j->warnings);
}

void products_create(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct judge j;

    if (!body)
        return;
    c->note.title = call_keep(c, json_str(body, "title"));
    m = market_enter(c);
    products_settle(m, c->now_ms);
    if (!is_replayed(c, m, json_str(body, "idempotency_key"))) {
        judge_begin(&j, c, m, body);
        if (!judge_pass(&j))
            judge_refuse(&j);
        else if (!j.draft && products_over_cap(m, c->shop, false, c->now_ms))
            call_fail(c, 12052093, NULL, 0);
        else
            create(&j, m);
        judge_end(&j);
    }
    market_leave(m);
    json_decref(body);
}

/* ---- Check Product Listing ---- */

struct checking {
    struct json_out json;
    bool failed;
};

static void put_reason(void *ctx, const struct verdict *v)
{
    struct checking *k = ctx;

    k->failed = true;
    json_open(&k->json);
    json_add_int(&k->json, "code", v->code);
    json_add_str(&k->json, "message", v->text);
    json_close(&k->json);
}

/* Everything wrong at once, under code 0; the warnings are one object here. */
void products_check(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct judge j;
    struct checking k = {.failed = false};
    struct buf said = BUF_INIT(BUF_MAX_LINE);

    if (!body)
        return;
    c->note.title = call_keep(c, json_str(body, "title"));
    m = market_enter(c);
    judge_begin(&j, c, m, body);
    k.json = call_data(c);
    json_open(&k.json);
    json_key(&k.json, "fail_reasons");
    json_open_list(&k.json);
    judge_each(&j, put_reason, &k);
    json_close_list(&k.json);
    json_add_str(&k.json, "check_result", str_of(k.failed ? "FAILED" : "PASS"));
    for (size_t i = 0; i < json_array_size(j.warnings); i++)
        buf_addf(&said, "%s%s", i ? " " : "",
                 json_string_value(json_array_get(j.warnings, i)));
    json_key(&k.json, "warnings");
    json_open(&k.json);
    json_add_str(&k.json, "message", buf_str(&said));
    json_close(&k.json);
    json_close(&k.json);
    call_done(c, "Success");
    buf_clear(&said);
    judge_end(&j);
    market_leave(m);
    json_decref(body);
}
