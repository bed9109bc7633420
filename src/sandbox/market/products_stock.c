/* Update Price, Update Inventory and Inventory Search 202309. Both updates are all or
 * none a SKU; what is wrong with the stock of one stands in data.errors under code 0. */
#include "base/text.h"
#include "sandbox/market/codes.h"
#include "sandbox/market/products.h"
#include "sandbox/market/schema.h"

enum { MAX_STOCK = 99999, MOST_PRODUCTS = 100, MOST_SKUS = 600 };

/* The product of the path and the body's SKUs; NULL: refused. */
static struct product *begin(struct call *c, struct market *m, const json_t *body,
                             const char *schema)
{
    struct product *p = products_find(m, c->shop, call_segment(c, 1));
    struct str wrong = schema_check(c, schema, body, true);

    products_settle(m, c->now_ms);
    if (!str_empty(wrong))
        call_refuse_text(c, true, 36009004, wrong);
    else if (!p || p->status == PRODUCT_DELETED)
        call_fail(c, 12052031, NULL, 0);
    else if (json_array_size(json_list(body, "skus")) == 0)
        call_fail(c, 12052902, NULL, 0);
    else
        return p;
    return NULL;
}

/* ---- prices ---- */

static int64_t judge_price(const struct call *c, const struct product *p,
                           const json_t *skus, size_t at)
{
    const json_t *sku = json_array_get(skus, at), *price = json_at(sku, "price");
    const struct region *region = region_of(c->shop->region);
    double amount = 0;

    if (!product_sku(p, json_str(sku, "id")))
        return 12052557;
    for (size_t i = 0; i < at; i++)
        if (str_eq(json_str(json_array_get(skus, i), "id"), json_str(sku, "id")))
            return 12052553;
    if (!price)
        return 12052571;
    if (!str_is(json_str(price, "currency"), region->currency))
        return 12052084;
    if (!text_is_amount(json_str(price, "amount"), 2, &amount) || amount <= 0 ||
        amount < region->price_min)
        return 12052012;
    return region->price_max > 0 && amount > region->price_max ? 12052570 : 0;
}

static void update_prices(struct call *c, struct product *p, const json_t *skus)
{
    struct json_out json;

    for (size_t i = 0; i < json_array_size(skus); i++) {
        int64_t code = judge_price(c, p, skus, i);

        if (code) {
            call_fail(c, code, NULL, 0);
            return;
        }
    }
    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);

        if (!product_set_sku(p, json_str(sku, "id"), "price", json_at(sku, "price"))) {
            call_broken(c);
            return;
        }
    }
    p->updated_ms = c->now_ms;
    json = call_data(c);
    json_open(&json);
    json_close(&json);
    call_done(c, "Success");
}

void products_prices(struct call *c)
{
    json_t *body = call_body(c);
    struct market *m;
    struct product *p;

    if (!body)
        return;
    m = market_enter(c);
    p = begin(c, m, body, schema_prices);
    if (p && p->status != PRODUCT_ACTIVATE)
        call_fail(c, 12019113, NULL, 0);
    else if (p)
        update_prices(c, p, json_list(body, "skus"));
    market_leave(m);
    json_decref(body);
}

/* ---- stock ---- */

static int64_t judge_stock(const struct call *c, const struct market *m,
                           const json_t *list, size_t at)
{
    const json_t *stock = json_array_get(list, at);
    struct str id = json_str(stock, "warehouse_id");
    int64_t quantity = json_int(stock, "quantity", 0);
    struct warehouse w;

    if (!str_empty(id) && !warehouse_find(m, c->shop, id, &w))
        return 12052097;
    if (str_empty(id) && json_array_size(list) > 1)
        return 12019028;
    return quantity < 1 || quantity > MAX_STOCK ? 12019024 : 0;
}

/* All warehouses of the SKU are there, and no others. */
static bool has_same_warehouses(const json_t *old, const json_t *list)
{
    size_t found = 0;

    if (json_array_size(list) == 1 && json_array_size(old) == 1 &&
        str_empty(json_str(json_array_get(list, 0), "warehouse_id")))
        return true;
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = 0; k < json_array_size(old); k++)
            found += str_eq(json_str(json_array_get(list, i), "warehouse_id"),
                            json_str(json_array_get(old, k), "warehouse_id"));
    return found == json_array_size(old) && found == json_array_size(list);
}

struct stock_error {
    int64_t code;
    struct str sku, warehouse;
};

static int64_t set_stock(struct call *c, const struct market *m, struct product *p,
                         const json_t *given, struct stock_error *error)
{
    const json_t *sku = product_sku(p, json_str(given, "id"));
    const json_t *list = json_list(given, "inventory"),
                 *old = json_list(sku, "inventory");
    json_t *next;
    int64_t code = 0;
    bool fine;

    error->sku = json_str(given, "id");
    if (str_empty(error->sku))
        return 12052036;
    if (!sku)
        return 12052557;
    if (json_array_size(list) == 0)
        return 12052486;
    for (size_t i = 0; i < json_array_size(list) && !code; i++) {
        error->warehouse = json_str(json_array_get(list, i), "warehouse_id");
        code = judge_stock(c, m, list, i);
    }
    if (code)
        return code;
    error->warehouse = (struct str){0};
    if (!has_same_warehouses(old, list))
        return 12052037;
    next = json_deep_copy(list);
    if (next && str_empty(json_str(json_array_get(next, 0), "warehouse_id")))
        json_object_set(json_array_get(next, 0), "warehouse_id",
                        json_object_get(json_array_get(old, 0), "warehouse_id"));
    fine = next && product_set_sku(p, error->sku, "inventory", next);
    json_decref(next);
    return fine ? 0 : 12052990;
}

static void put_error(struct json_out *json, const struct stock_error *error)
{
    json_open(json);
    json_add_int(json, "code", error->code);
    json_key(json, "detail");
    json_open(json);
    json_key(json, "extra_errors");
    json_open_list(json);
    if (!str_empty(error->warehouse)) {
        json_open(json);
        json_add_int(json, "code", error->code);
        json_add_str(json, "message", code_text(error->code));
        json_add_str(json, "warehouse_id", error->warehouse);
        json_close(json);
    }
    json_close_list(json);
    json_add_str(json, "sku_id", error->sku);
    json_close(json);
    json_add_str(json, "message", code_text(error->code));
    json_close(json);
}

void products_inventory(struct call *c)
{
    json_t *body = call_body(c);
    const json_t *skus = json_list(body, "skus");
    struct market *m;
    struct product *p;
    struct json_out json;

    if (!body)
        return;
    m = market_enter(c);
    p = begin(c, m, body, schema_inventory);
    if (p) {
        json = call_data(c);
        json_open(&json);
        json_key(&json, "errors");
        json_open_list(&json);
        for (size_t i = 0; i < json_array_size(skus); i++) {
            struct stock_error error = {.code = 0};

            error.code = set_stock(c, m, p, json_array_get(skus, i), &error);
            if (error.code)
                put_error(&json, &error);
        }
        json_close_list(&json);
        json_close(&json);
        call_done(c, "Success");
        p->updated_ms = c->now_ms;
    }
    market_leave(m);
    json_decref(body);
}

/* ---- Inventory Search ---- */

static void put_stock(struct json_out *json, const json_t *sku)
{
    const json_t *list = json_list(sku, "inventory");
    int64_t total = 0;

    json_open(json);
    put_member(json, sku, "id");
    put_member(json, sku, "seller_sku");
    json_key(json, "warehouse_inventory");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *stock = json_array_get(list, i);

        total += json_int(stock, "quantity", 0);
        json_open(json);
        json_add_int(json, "available_quantity", json_int(stock, "quantity", 0));
        json_add_int(json, "committed_quantity", 0);
        put_member(json, stock, "warehouse_id");
        json_close(json);
    }
    json_close_list(json);
    json_key(json, "total_available_inventory_distribution");
    json_open(json);
    json_key(json, "in_shop_inventory");
    json_open(json);
    json_add_int(json, "quantity", total);
    json_close(json);
    json_close(json);
    json_add_int(json, "total_available_quantity", total);
    json_add_int(json, "total_committed_quantity", 0);
    json_close(json);
}

static void put_product(struct json_out *json, const struct product *p,
                        const json_t *wanted)
{
    const json_t *skus = json_list(p->doc, "skus");
    bool any = json_array_size(wanted) == 0;

    for (size_t i = 0; i < json_array_size(skus); i++)
        any |= texts_like(wanted, json_str(json_array_get(skus, i), "id")) > 0;
    if (!any)
        return;
    json_open(json);
    json_add_str(json, "product_id", str_of(p->id));
    json_key(json, "skus");
    json_open_list(json);
    for (size_t i = 0; i < json_array_size(skus); i++)
        if (json_array_size(wanted) == 0 ||
            texts_like(wanted, json_str(json_array_get(skus, i), "id")))
            put_stock(json, json_array_get(skus, i));
    json_close_list(json);
    json_close(json);
}

/* SKU ids go before product ids. */
void products_inventory_search(struct call *c)
{
    json_t *body = call_body(c);
    const json_t *ids = json_list(body, "product_ids"),
                 *skus = json_list(body, "sku_ids");
    struct market *m;
    struct json_out json;
    struct str wrong;

    if (!body)
        return;
    m = market_enter(c);
    wrong = schema_check(c, schema_inventory_search, body, true);
    if (!str_empty(wrong)) {
        call_refuse_text(c, true, 36009004, wrong);
    } else if (json_array_size(ids) > MOST_PRODUCTS ||
               (json_array_size(ids) == 0 && json_array_size(skus) == 0)) {
        call_fail(c, 12019008, NULL, 0);
    } else if (json_array_size(skus) > MOST_SKUS) {
        call_fail(c, 12019015, NULL, 0);
    } else {
        json = call_data(c);
        json_open(&json);
        json_key(&json, "inventory");
        json_open_list(&json);
        for (size_t i = 0; i < m->product_count; i++) {
            const struct product *p = m->products[i];

            if (p->shop == c->shop && p->status != PRODUCT_DELETED &&
                (json_array_size(skus) || texts_like(ids, str_of(p->id))))
                put_product(&json, p, skus);
        }
        json_close_list(&json);
        json_close(&json);
        call_done(c, "Success");
    }
    market_leave(m);
    json_decref(body);
}
