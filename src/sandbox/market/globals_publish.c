/* Publish Global Product 202309: to each market once, as a product of the shop the seller
 * has there. What cannot be published says why beside the others, under code 0; the words
 * are the errors' of Create Product. */
#include "base/mem.h"
#include "sandbox/market/codes.h"
#include "sandbox/market/globals.h"
#include "sandbox/market/hooks.h"
#include "sandbox/market/schema.h"

static const struct sandbox_shop *shop_in(const struct seller *seller, struct str region)
{
    for (size_t i = 0; i < seller->shop_count; i++)
        if (str_eq(seller->shops[i].region, region))
            return &seller->shops[i];
    return NULL;
}

static const json_t *target_sku(const json_t *target, struct str id)
{
    const json_t *skus = json_list(target, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++)
        if (str_eq(json_str(json_array_get(skus, i), "related_global_sku_id"), id))
            return json_array_get(skus, i);
    return NULL;
}

/* 0, or what is wrong with what the market is told of one SKU. */
static int64_t judge_sku(const struct market *m, const struct sandbox_shop *shop,
                         const json_t *sku)
{
    const json_t *price = json_at(sku, "price"), *stock = json_at(sku, "inventory");
    const struct region *region = region_of(shop->region);
    int64_t quantity = json_int(stock, "quantity", 0);
    double amount = 0;
    struct warehouse w;

    if (!price)
        return 12052571;
    if (!str_is(json_str(price, "currency"), region->currency))
        return 12052084;
    if (!text_is_amount(json_str(price, "amount"), 2, &amount) || amount <= 0)
        return 12052073;
    if (stock && !warehouse_find(m, shop, json_str(stock, "warehouse_id"), &w))
        return 12052097;
    return stock && (quantity < 1 || quantity > 99999) ? 12052055 : 0;
}

static int64_t judge_target(const struct market *m, const struct global_product *g,
                            const struct sandbox_shop *shop, const json_t *target)
{
    const json_t *skus = json_list(target, "skus"), *ours = json_list(g->doc, "skus");

    if (!shop)
        return 12052704;
    for (size_t i = 0; i < g->local_count; i++)
        if (g->local[i]->shop == shop)
            return 12052910;
    if (json_array_size(skus) == 0 || g->local_count == GLOBALS_MARKETS)
        return 12052902;
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);
        struct str id = json_str(sku, "related_global_sku_id");
        bool known = false;
        int64_t code = judge_sku(m, shop, sku);

        for (size_t k = 0; k < json_array_size(ours); k++)
            known |= str_eq(json_str(json_array_get(ours, k), "id"), id);
        if (!known)
            return 12052557;
        if (code)
            return code;
    }
    return 0;
}

/* The SKUs told of, with what the market has of its own. */
static bool localize_skus(struct market *m, json_t *doc, const json_t *target)
{
    json_t *skus = json_object_get(doc, "skus");

    for (size_t i = json_array_size(skus); i-- > 0;) {
        json_t *sku = json_array_get(skus, i);
        const json_t *told = target_sku(target, json_str(sku, "id"));
        json_t *stock = json_array(), *related = json_object_get(sku, "id");

        if (!told) {
            json_decref(stock);
            json_array_remove(skus, i);
            continue;
        }
        json_object_set(sku, "related_global_sku_id", related);
        json_object_del(sku, "id");
        json_object_del(sku, "global_quantity");
        json_object_set_new(sku, "price", json_deep_copy(json_at(told, "price")));
        if (json_at(told, "inventory"))
            json_array_append_new(stock, json_deep_copy(json_at(told, "inventory")));
        json_object_set_new(sku, "inventory", stock);
    }
    return product_give_ids(m, doc, NULL);
}

static struct product *publish_to(struct market *m, struct global_product *g,
                                  const struct sandbox_shop *shop, const json_t *target,
                                  int64_t now_ms)
{
    json_t *doc = json_deep_copy(g->doc);
    struct product *p;

    if (!doc || !localize_skus(m, doc, target)) {
        json_decref(doc);
        return NULL;
    }
    p = products_add(m, shop, g->seller, doc, now_ms);
    if (!p)
        return NULL;
    g->local[g->local_count++] = p;
    p->listed_ms = now_ms;
    hooks_created(m, p, now_ms);
    product_submit(m, p, now_ms);
    return p;
}

struct outcome {
    struct str region;
    int64_t code; /* 0: published */
    const struct product *product;
};

static void put_product(struct json_out *json, const struct product *p)
{
    const json_t *skus = json_list(p->doc, "skus");

    json_open(json);
    json_add_str(json, "id", str_of(p->id));
    json_add_str(json, "region", p->shop->region);
    json_add_str(json, "shop_id", p->shop->id);
    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);

        json_open(json);
        put_member(json, sku, "id");
        put_member(json, sku, "related_global_sku_id");
        put_sales_ids(json, "sale_attributes", sku); /* so called here */
        put_member(json, sku, "seller_sku");
        json_close(json);
    }
    json_close_list(json);
    json_close(json);
}

static void answer(struct call *c, const struct outcome *outcomes, size_t count)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "products");
    json_open_list(&json);
    for (size_t i = 0; i < count; i++)
        if (outcomes[i].product)
            put_product(&json, outcomes[i].product);
    json_close_list(&json);
    json_key(&json, "publish_result");
    json_open_list(&json);
    for (size_t i = 0; i < count; i++) {
        json_open(&json);
        json_key(&json, "fail_reasons");
        json_open_list(&json);
        if (outcomes[i].code) {
            json_open(&json);
            json_add_str(&json, "message", code_text(outcomes[i].code));
            json_close(&json);
        }
        json_close_list(&json);
        json_add_str(&json, "region", outcomes[i].region);
        json_add_str(&json, "status", str_of(outcomes[i].code ? "FAILED" : "SUCCESS"));
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

static void publish(struct call *c, struct market *m, struct global_product *g,
                    const json_t *targets)
{
    struct outcome outcomes[GLOBALS_MARKETS];
    size_t count = json_array_size(targets);

    if (count == 0 || count > GLOBALS_MARKETS) {
        call_refuse_value(c, "publish_target", "wrong number", "1 to 16 markets");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const json_t *target = json_array_get(targets, i);
        struct str region = json_str(target, "region");
        const struct sandbox_shop *shop = shop_in(c->seller, region);

        outcomes[i] = (struct outcome){region, judge_target(m, g, shop, target), NULL};
        if (!outcomes[i].code && products_over_cap(m, shop, false, c->now_ms))
            outcomes[i].code = 12052093;
        if (outcomes[i].code)
            continue;
        outcomes[i].product = publish_to(m, g, shop, target, c->now_ms);
        if (!outcomes[i].product)
            outcomes[i].code = 12001000;
    }
    answer(c, outcomes, count);
}

void globals_publish(struct call *c)
{
    json_t *body = call_body(c);
    struct global_product *g;
    struct market *m;
    struct str wrong;

    if (!body)
        return;
    m = market_enter(c);
    wrong = schema_check(c, schema_publish, body, true);
    if (!str_empty(wrong)) {
        call_refuse_text(c, true, 36009004, wrong);
    } else if (globals_may(c)) {
        g = globals_find(m, c->seller, call_segment(c, 1));
        if (g)
            publish(c, m, g, json_list(body, "publish_target"));
        else
            call_fail(c, 12052260, NULL, 0);
    }
    market_leave(m);
    json_decref(body);
}
