/* Edit Product (202309, 202509) and Partial Edit Product (202309, 202509): the product as
 * it would be is judged like a new one. Edit blanks what it leaves out, drops SKUs it
 * leaves out, and keeps price and stock where a SKU leaves them out; Partial Edit keeps
 * what it leaves out. A version of a live product waits for its audit while the old one
 * is on sale, in the place of one that waits already; price and stock are changed at
 * once. */
#include "sandbox/market/hooks.h"
#include "sandbox/market/products.h"

/* An edit under way. */
struct editing {
    struct call *call;
    struct market *market;
    struct product *product; /* NULL: there is none */
    json_t *known;           /* product_known's */
    json_t *body;
    bool part;
};

static const json_t *sku_of(const json_t *doc, struct str id)
{
    const json_t *skus = json_list(doc, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++)
        if (!str_empty(id) && str_eq(json_str(json_array_get(skus, i), "id"), id))
            return json_array_get(skus, i);
    return NULL;
}

static bool keep(json_t *to, const json_t *from, const char *key)
{
    const json_t *value = json_at(from, key);

    return json_at(to, key) || !value ||
           json_object_set_new(to, key, json_deep_copy(value)) == 0;
}

/* What an edited SKU keeps of the one before: with `all` everything it leaves out. */
static bool merge_skus(json_t *next, const json_t *before, bool all)
{
    json_t *skus = json_object_get(next, "skus");
    const char *key;
    json_t *value;

    for (size_t i = 0; i < json_array_size(skus); i++) {
        json_t *sku = json_array_get(skus, i);
        const json_t *old = sku_of(before, json_str(sku, "id"));

        if (!keep(sku, old, "price") || !keep(sku, old, "inventory") ||
            !keep(sku, old, "related_global_sku_id") || !keep(sku, old, "deactivated"))
            return false;
        if (all && old)
            json_object_foreach((json_t *)old, key,
                                value) if (!keep(sku, old, key)) return false;
    }
    return true;
}

/* The product as it would be; NULL: no memory. */
static json_t *merge(const struct editing *e)
{
    json_t *next = e->part ? json_deep_copy(product_latest(e->product)) : json_object();
    json_t *given = json_deep_copy(e->body);
    bool fine = next && given && json_object_update(next, given) == 0 &&
                merge_skus(next, e->known, e->part);

    json_decref(given);
    if (fine)
        return next;
    json_decref(next);
    return NULL;
}

/* The parts webhook 15 names. */
static const struct {
    const char *key, *said;
} fields[] = {
    {"title", "title"},
    {"description", "description"},
    {"main_images", "main_images"},
    {"product_attributes", "product_attributes"},
    {"size_chart", "size_chart_image"},
};

static bool is_equal(const json_t *a, const json_t *b, const char *key)
{
    const json_t *one = json_at(a, key), *other = json_at(b, key);

    return one && other ? json_equal(one, other) : one == other;
}

static json_t *changed_fields(const json_t *before, const json_t *next)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!is_equal(before, next, fields[i].key))
            json_array_append_new(list, json_string(fields[i].said));
    if (json_array_size(list) == 0)
        json_array_append_new(list, json_string("others"));
    return list;
}

/* The same but for price and stock? */
static bool is_same_offer(const json_t *before, const json_t *next)
{
    json_t *a = json_deep_copy(before), *b = json_deep_copy(next);
    bool same;

    for (int which = 0; which < 2; which++) {
        json_t *skus = json_object_get(which ? b : a, "skus");

        for (size_t i = 0; i < json_array_size(skus); i++) {
            json_object_del(json_array_get(skus, i), "price");
            json_object_del(json_array_get(skus, i), "inventory");
        }
    }
    same = a && b && json_equal(a, b);
    json_decref(a);
    json_decref(b);
    return same;
}

static void tell(struct market *m, const struct product *p, const json_t *before,
                 const json_t *next, int64_t now_ms)
{
    json_t *changed = changed_fields(before, next);

    hooks_changed(m, p, changed, now_ms);
    json_decref(changed);
}

/* Price and stock of an edit wait for no audit. */
static bool put_offers(struct product *p, const json_t *next)
{
    const json_t *skus = json_list(next, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);
        struct str id = json_str(sku, "id");

        if (!product_set_sku(p, id, "price", json_at(sku, "price")) ||
            !product_set_sku(p, id, "inventory", json_at(sku, "inventory")))
            return false;
    }
    return true;
}

static bool change_apart(struct market *m, struct product *p, json_t *next,
                         int64_t now_ms)
{
    const json_t *before = product_latest(p);

    if (!put_offers(p, next)) {
        json_decref(next);
        return false;
    }
    if (is_same_offer(before, next)) {
        json_decref(next);
        return true;
    }
    if (p->status == PRODUCT_ACTIVATE)
        tell(m, p, before, next, now_ms);
    json_decref(p->review);
    p->review = next;
    product_submit(m, p, now_ms);
    return true;
}

bool product_change(struct market *m, struct product *p, json_t *next, bool draft,
                    int64_t now_ms)
{
    p->updated_ms = now_ms;
    if (p->status == PRODUCT_ACTIVATE || p->status == PRODUCT_SCHEDULED || p->review)
        return change_apart(m, p, next, now_ms);
    product_replace(m, p, next, now_ms);
    if (draft)
        return true;
    p->listed_ms = p->listed_ms ? p->listed_ms : now_ms;
    if (p->status == PRODUCT_DRAFT || p->status == PRODUCT_PENDING ||
        p->status == PRODUCT_FAILED)
        product_submit(m, p, now_ms);
    return true;
}

static void answer(struct call *c, const struct product *p, const json_t *warnings)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "audit");
    json_open(&json);
    json_add_str(&json, "status", str_of(audit_status_name(p->audit)));
    json_close(&json);
    product_put_made(&json, p, product_latest(p), warnings);
    json_close(&json);
    call_done(c, "Success");
}

/* False: refused. */
static bool may_edit(const struct editing *e)
{
    const json_t *skus = json_list(e->body, "skus");
    const struct product *p = e->product;
    struct call *c = e->call;

    if (str_is(call_segment(c, 1), "%20")) { /* a blank; nothing at all is another path */
        call_fail(c, 12052030, NULL, 0);
        return false;
    }
    if (e->part && skus && json_array_size(skus) == 0) {
        call_fail(c, 12052902, NULL, 0);
        return false;
    }
    if (!p) {
        call_fail(c, 12052031, NULL, 0);
        return false;
    }
    if (p->status == PRODUCT_FREEZE || p->status == PRODUCT_DELETED) {
        call_fail(c, 12052901, NULL, 0);
        return false;
    }
    for (size_t i = 0; i < json_array_size(skus); i++) {
        struct str id = json_str(json_array_get(skus, i), "id");

        if (!str_empty(id) && !sku_of(e->known, id)) {
            call_fail(c, 12052557, NULL, 0);
            return false;
        }
    }
    if (str_is(json_str(e->body, "save_mode"), "AS_DRAFT") &&
        p->status != PRODUCT_DRAFT) {
        call_fail(c, 12052488, NULL, 0);
        return false;
    }
    return true;
}

/* Takes what was judged. */
static void carry_out(const struct editing *e, const struct judge *j, json_t *next)
{
    struct call *c = e->call;

    json_object_del(next, "save_mode");
    if (j->drop_brand)
        json_object_del(next, "brand_id");
    if (product_give_ids(e->market, next, e->known) &&
        product_change(e->market, e->product, json_incref(next), j->draft, c->now_ms))
        answer(c, e->product, j->warnings);
    else
        call_broken(c);
}

static void judge_and_apply(const struct editing *e, json_t *next)
{
    struct call *c = e->call;
    struct judge j;

    judge_begin(&j, c, e->market, next);
    j.edit = true;
    j.part = e->part;
    j.before = e->known;
    j.listed = e->product->listed_ms != 0;
    if (!judge_pass(&j))
        judge_refuse(&j);
    else if (!j.draft && !e->product->listed_ms &&
             products_over_cap(e->market, c->shop, true, c->now_ms))
        call_fail(c, 12052093, NULL, 0);
    else
        carry_out(e, &j, next);
    judge_end(&j);
}

static void edit_one(const struct editing *e)
{
    json_t *next = merge(e);

    if (next)
        judge_and_apply(e, next);
    else
        call_broken(e->call);
    json_decref(next);
}

static void edit(struct call *c, bool part)
{
    struct editing e = {.call = c, .body = call_body(c), .part = part};

    if (!e.body)
        return;
    e.market = market_enter(c);
    products_settle(e.market, c->now_ms);
    e.product = products_find(e.market, c->shop, call_segment(c, 1));
    e.known = e.product ? product_known(e.product) : NULL;
    c->note.title = call_keep(c, json_str(e.body, "title"));
    if (e.product && !e.known)
        call_broken(c);
    else if (may_edit(&e))
        edit_one(&e);
    json_decref(e.known);
    market_leave(e.market);
    json_decref(e.body);
}

void products_edit(struct call *c)
{
    edit(c, false);
}

void products_edit_part(struct call *c)
{
    edit(c, true);
}
