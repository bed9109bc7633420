/* Activate, Deactivate, Delete and Recover Product 202309: up to twenty at once, and what
 * went wrong with one stands in data.errors under code 0. */
#include "sandbox/market/codes.h"
#include "sandbox/market/hooks.h"
#include "sandbox/market/products.h"
#include "sandbox/market/schema.h"

enum { MOST = 20 };

/* One product, on these platforms (0: on all it is on); 0 or the code that says why not.
 */
typedef int64_t batch_fn(struct call *c, struct market *m, struct product *p,
                         unsigned platforms);

static void put_error(struct json_out *json, struct str id, int64_t code)
{
    json_open(json);
    json_add_int(json, "code", code);
    json_key(json, "detail");
    json_open(json);
    json_add_str(json, "product_id", id);
    json_close(json);
    json_add_str(json, "message", code_text(code));
    json_close(json);
}

static void run_batch(struct call *c, struct market *m, const json_t *ids,
                      unsigned platforms, batch_fn *one)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "errors");
    json_open_list(&json);
    for (size_t i = 0; i < json_array_size(ids); i++) {
        struct str id = json_value_str(json_array_get(ids, i));
        struct product *p = products_find(m, c->shop, id);
        int64_t code = p ? one(c, m, p, platforms) : 12052032;

        if (code)
            put_error(&json, id, code);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

static void batch(struct call *c, batch_fn *one)
{
    json_t *body = call_body(c);
    const json_t *ids = json_list(body, "product_ids");
    struct market *m;
    struct str wrong;
    unsigned platforms = 0;

    if (!body)
        return;
    m = market_enter(c);
    products_settle(m, c->now_ms);
    wrong = schema_check(c, schema_batch, body, true);
    if (!str_empty(wrong))
        call_refuse_text(c, true, 36009004, wrong);
    else if (json_array_size(ids) == 0)
        call_fail(c, 12052030, NULL, 0);
    else if (json_array_size(ids) > MOST)
        call_fail(c, 12019120, NULL, 0);
    else if (!platforms_read(json_list(body, "listing_platforms"), &platforms))
        call_refuse_value(c, "listing_platforms", "unknown value",
                          "TIKTOK_SHOP, TOKOPEDIA");
    else
        run_batch(c, m, ids, platforms, one);
    market_leave(m);
    json_decref(body);
}

/* What is sold on one platform was approved for the other as well. */
static void set_off(struct market *m, struct product *p, unsigned off, int64_t now_ms)
{
    if (p->off == off)
        return;
    p->off = off;
    p->updated_ms = now_ms;
    hooks_status(m, p, "PRODUCT_STATUS_CHANGED", now_ms);
}

/* What is on sale already is fine. */
static int64_t activate(struct call *c, struct market *m, struct product *p,
                        unsigned platforms)
{
    unsigned on = product_platforms(p), asked = platforms ? platforms : on;

    if (asked & ~on)
        return 12052330;
    if (p->status == PRODUCT_ACTIVATE) {
        set_off(m, p, p->off & ~asked, c->now_ms);
        return 0;
    }
    if (p->status != PRODUCT_SELLER_DEACTIVATED &&
        p->status != PRODUCT_PLATFORM_DEACTIVATED)
        return 12052901;
    if (products_over_cap(m, c->shop, true, c->now_ms))
        return 12052093;
    p->off = on & ~asked;
    p->listed_ms = c->now_ms;
    product_take_review(m, p, c->now_ms);
    product_submit(m, p, c->now_ms);
    return 0;
}

static int64_t deactivate(struct call *c, struct market *m, struct product *p,
                          unsigned platforms)
{
    unsigned on = product_platforms(p), asked = platforms ? platforms : on;

    if (asked & ~on)
        return 12052330;
    if (p->status == PRODUCT_SELLER_DEACTIVATED)
        return 0;
    if (p->status != PRODUCT_ACTIVATE)
        return 12052901;
    if (on & ~(p->off | asked))
        set_off(m, p, p->off | asked, c->now_ms);
    else
        product_set_status(m, p, PRODUCT_SELLER_DEACTIVATED, c->now_ms);
    return 0;
}

static int64_t delete (struct call *c, struct market *m, struct product *p,
                       unsigned platforms)
{
    (void)platforms;
    if (p->status == PRODUCT_FREEZE)
        return 12052901;
    product_drop_audit(p);
    product_set_status(m, p, PRODUCT_DELETED, c->now_ms);
    return 0;
}

static int64_t recover(struct call *c, struct market *m, struct product *p,
                       unsigned platforms)
{
    (void)platforms;
    if (p->status != PRODUCT_DELETED)
        return 12052901;
    product_set_status(m, p, PRODUCT_SELLER_DEACTIVATED, c->now_ms);
    return 0;
}

void products_activate(struct call *c)
{
    batch(c, activate);
}

void products_deactivate(struct call *c)
{
    batch(c, deactivate);
}

void products_delete(struct call *c)
{
    batch(c, delete);
}

void products_recover(struct call *c)
{
    batch(c, recover);
}
