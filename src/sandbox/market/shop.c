/* What a shop has besides products: warehouses and their delivery options, prerequisites,
 * size charts, permissions (Get Warehouse List 202309, Get Warehouse Delivery Options
 * 202309, Check Listing Prerequisites 202309 and 202312, Search Size Charts 202407, Get
 * Seller Permissions 202309). Manufacturers and responsible persons are known by id only:
 * what their own endpoints look like is in none of the pages we have. */
#include "sandbox/lexicon.h"
#include "sandbox/market/market.h"
#include "sandbox/market/schema.h"

#include <stdio.h>

/* ---- warehouses ---- */

static const struct {
    const char *name, *abroad, *type, *effect; /* abroad: its name outside Indonesia */
} warehouses[WAREHOUSE_KINDS] = {
    [WAREHOUSE_MAIN] = {"Gudang Utama", "Main Warehouse", "SALES_WAREHOUSE", "ENABLED"},
    [WAREHOUSE_SECOND] = {"Gudang Timur", "East Warehouse", "SALES_WAREHOUSE", "ENABLED"},
    [WAREHOUSE_RETURN] = {"Gudang Retur", "Returns", "RETURN_WAREHOUSE", "ENABLED"},
    [WAREHOUSE_OFF] = {"Gudang Lama", "Old Warehouse", "SALES_WAREHOUSE", "DISABLED"},
    [WAREHOUSE_RESTRICTED] = {"Gudang Titipan", "Consignment", "SALES_WAREHOUSE",
                              "RESTRICTED"},
};

static void make_warehouse(const struct market *m, const struct sandbox_shop *shop,
                           enum warehouse_kind kind, struct warehouse *out)
{
    uint64_t of_shop = chance_of(m->engine->set.seed, shop->id) % 10000000000;

    out->kind = kind;
    snprintf(out->id, sizeof out->id, "70685172%010llu%d", (unsigned long long)of_shop,
             (int)kind + 1);
}

bool warehouse_find(const struct market *m, const struct sandbox_shop *shop,
                    struct str id, struct warehouse *out)
{
    for (int kind = 0; kind < WAREHOUSE_KINDS; kind++) {
        make_warehouse(m, shop, (enum warehouse_kind)kind, out);
        if (str_is(id, out->id))
            return true;
    }
    return false;
}

void warehouse_main(const struct market *m, const struct sandbox_shop *shop,
                    struct warehouse *out)
{
    make_warehouse(m, shop, WAREHOUSE_MAIN, out);
}

static void put_warehouse(struct json_out *json, const struct market *m,
                          const struct sandbox_shop *shop, enum warehouse_kind kind)
{
    bool home = str_is(shop->region, "ID");
    struct warehouse w;

    make_warehouse(m, shop, kind, &w);
    json_open(json);
    json_key(json, "address");
    address_put(json, shop->region);
    json_add_str(json, "effect_status", str_of(warehouses[kind].effect));
    json_add_str(json, "entity_id", str_of(w.id));
    json_add_str(json, "id", str_of(w.id));
    json_add_bool(json, "is_default", kind == WAREHOUSE_MAIN);
    json_add_str(json, "name",
                 str_of(home ? warehouses[kind].name : warehouses[kind].abroad));
    json_add_str(json, "sub_type", STR_LIT("DOMESTIC_WAREHOUSE"));
    json_add_str(json, "type", str_of(warehouses[kind].type));
    json_close(json);
}

/* What a shop must have; what it lacks is said in these words, whatever their case. */
static const char *const check_items[] = {
    "SHOP_STATUS",
    "SHOP_TAX",
    "PICKUP_WAREHOUSE",
    "RETURN_WAREHOUSE",
    "DELIVERY_OPTION",
    "SHIPPING_TEMPLATE",
    "PRODUCT_QUANTITY_LIMIT",
    "EXTENDED_PRODUCER_RESPONSIBILITY",
    "BANk_ACCOUNT", /* so spelt on the wire */
    "CONTACT_INFO",
};

enum { CHECK_ITEMS = sizeof check_items / sizeof *check_items };

static bool is_check_item(struct str word)
{
    for (size_t i = 0; i < CHECK_ITEMS; i++)
        if (str_eq_nocase(word, str_of(check_items[i])))
            return true;
    return false;
}

static enum aisle_status refuse_missing(struct str word, struct aisle_err *err)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    for (size_t i = 0; i < CHECK_ITEMS; i++)
        buf_addf(&names, "%s%s", i ? ", " : "", check_items[i]);
    status = names.failed ? aisle_nomem(err)
                          : aisle_fail(err, AISLE_INVALID,
                                       "%.*s is no prerequisite of a shop; there are %s",
                                       STR_ARG(str_head(word, 64)), names.p);
    buf_clear(&names);
    return status;
}

enum aisle_status sandbox_missing_check(struct str missing, struct aisle_err *err)
{
    while (missing.n) {
        struct str word = str_trim(str_cut(&missing, ','));

        if (!str_empty(word) && !is_check_item(word))
            return refuse_missing(word, err);
    }
    return AISLE_OK;
}

bool shop_lacks(const struct market *m, const char *prerequisite)
{
    struct str missing = m->engine->set.market.missing;

    while (missing.n)
        if (str_eq_nocase(str_trim(str_cut(&missing, ',')), str_of(prerequisite)))
            return true;
    return false;
}

void shop_warehouses(struct call *c)
{
    const struct market *m = c->engine->market;
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "warehouses");
    json_open_list(&json);
    for (int kind = 0; kind < WAREHOUSE_KINDS; kind++)
        if ((kind == WAREHOUSE_RETURN && !shop_lacks(m, "RETURN_WAREHOUSE")) ||
            (kind != WAREHOUSE_RETURN && !shop_lacks(m, "PICKUP_WAREHOUSE")))
            put_warehouse(&json, m, c->shop, (enum warehouse_kind)kind);
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

static const struct {
    const char *id, *name, *type;
} delivery_options[] = {
    {"6955005333819123123", "Reguler", "STANDARD"},
    {"6955005333819123124", "Kargo", "STANDARD"},
};

bool delivery_option_find(struct str id)
{
    for (size_t i = 0; i < sizeof delivery_options / sizeof *delivery_options; i++)
        if (str_is(id, delivery_options[i].id))
            return true;
    return false;
}

static void put_limits(struct json_out *json)
{
    json_key(json, "dimension_limit");
    json_open(json);
    json_add_int(json, "max_height", 100);
    json_add_int(json, "max_length", 100);
    json_add_int(json, "max_width", 100);
    json_add_str(json, "unit", STR_LIT("CM"));
    json_close(json);
    json_key(json, "weight_limit");
    json_open(json);
    json_add_int(json, "max_weight", 30000);
    json_add_int(json, "min_weight", 1);
    json_add_str(json, "unit", STR_LIT("GRAM"));
    json_close(json);
}

static void put_delivery_options(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "delivery_options");
    json_open_list(&json);
    for (size_t i = 0; i < sizeof delivery_options / sizeof *delivery_options; i++) {
        json_open(&json);
        json_add_str(&json, "description", STR_LIT(""));
        json_add_str(&json, "id", str_of(delivery_options[i].id));
        json_add_str(&json, "name", str_of(delivery_options[i].name));
        json_key(&json, "platform");
        json_open_list(&json);
        json_put_str(&json, STR_LIT("TIKTOK_SHOP"));
        json_close_list(&json);
        json_add_str(&json, "type", str_of(delivery_options[i].type));
        put_limits(&json);
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

void shop_delivery_options(struct call *c)
{
    struct warehouse w;

    if (warehouse_find(c->engine->market, c->shop, call_segment(c, 1), &w))
        put_delivery_options(c);
    else
        call_fail(c, 12052097, NULL, 0);
}

/* ---- prerequisites ---- */

static void put_check_list(struct json_out *json, const struct market *m)
{
    json_key(json, "check_results");
    json_open_list(json);
    for (size_t i = 0; i < CHECK_ITEMS; i++) {
        bool failed = shop_lacks(m, check_items[i]);

        json_open(json);
        json_add_str(json, "check_item", str_of(check_items[i]));
        json_add_bool(json, "is_failed", failed);
        json_key(json, "fail_reasons");
        json_open_list(json);
        if (failed)
            json_put_str(json, STR_LIT("It has not been set up in Seller Center."));
        json_close_list(json);
        json_close(json);
    }
    json_close_list(json);
}

/* The values of the older form are a guess: what a check result is called in it, its page
 * does not say. */
static void put_state(struct json_out *json, const struct market *m, const char *key,
                      const char *item)
{
    json_add_str(json, key, str_of(shop_lacks(m, item) ? "FAILED" : "PASS"));
}

static void put_check_object(struct json_out *json, const struct market *m)
{
    json_key(json, "shop");
    json_open(json);
    put_state(json, m, "status", "SHOP_STATUS");
    put_state(json, m, "tax_info", "SHOP_TAX");
    put_state(json, m, "bank_account", "BANk_ACCOUNT");
    put_state(json, m, "contact_info", "CONTACT_INFO");
    json_key(json, "gne");
    json_open(json);
    put_state(json, m, "epr", "EXTENDED_PRODUCER_RESPONSIBILITY");
    put_state(json, m, "product_quantity_limit", "PRODUCT_QUANTITY_LIMIT");
    json_close(json);
    json_key(json, "logistics");
    json_open(json);
    put_state(json, m, "pickup_warehouse", "PICKUP_WAREHOUSE");
    put_state(json, m, "return_warehouse", "RETURN_WAREHOUSE");
    put_state(json, m, "delivery_option", "DELIVERY_OPTION");
    put_state(json, m, "shipping_template", "SHIPPING_TEMPLATE");
    json_close(json);
    json_close(json);
}

void shop_prerequisites(struct call *c)
{
    const struct market *m = c->engine->market;
    struct json_out json = call_data(c);

    json_open(&json);
    if (str_is(call_segment(c, 0), "202309"))
        put_check_object(&json, m);
    else
        put_check_list(&json, m);
    json_close(&json);
    call_done(c, "Success");
}

/* ---- size charts, permissions, persons ---- */

static const struct {
    const char *id, *name;
} size_charts[] = {
    {"7267563252536723205", "Atasan S-XXL"},
    {"7267563252536723206", "Celana 28-38"},
    {"7267563252536723207", "Sepatu 36-44"},
};

bool size_chart_find(struct str id)
{
    for (size_t i = 0; i < sizeof size_charts / sizeof *size_charts; i++)
        if (str_is(id, size_charts[i].id))
            return true;
    return false;
}

static void put_size_chart(struct json_out *json, size_t which)
{
    json_open(json);
    json_key(json, "images");
    json_open_list(json);
    json_close_list(json);
    json_add_str(json, "template_id", str_of(size_charts[which].id));
    json_add_str(json, "template_name", str_of(size_charts[which].name));
    json_close(json);
}

static bool is_wanted(const json_t *body, size_t which)
{
    const json_t *ids = json_list(body, "ids");
    struct str name = str_of(size_charts[which].name),
               keyword = json_str(body, "keyword");

    if (json_array_size(ids) && !texts_like(ids, str_of(size_charts[which].id)))
        return false;
    return str_empty(keyword) || str_find(name, keyword) < name.n;
}

void shop_size_charts(struct call *c)
{
    json_t *body = call_body(c);
    struct json_out json;
    struct page page;
    size_t total = 0;

    if (body && schema_pass(c, schema_size_charts, body) && page_read(c, &page)) {
        json = call_data(c);
        json_open(&json);
        json_key(&json, "size_chart");
        json_open_list(&json);
        for (size_t i = 0; i < sizeof size_charts / sizeof *size_charts; i++) {
            if (!is_wanted(body, i))
                continue;
            if (total >= page.from && total - page.from < page.size)
                put_size_chart(&json, i);
            total++;
        }
        json_close_list(&json);
        page_put_end(&json, &page, total);
        json_close(&json);
        call_done(c, "Success");
    }
    json_decref(body);
}

void shop_permissions(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "permissions");
    json_open_list(&json);
    if (c->shop->cross_border)
        json_put_str(&json, STR_LIT("MANAGE_GLOBAL_PRODUCT"));
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

bool manufacturer_find(struct str id)
{
    return str_is(id, "7020000000000000001") || str_is(id, "7020000000000000002");
}

bool responsible_person_find(struct str id)
{
    return str_is(id, "7030000000000000001") || str_is(id, "7030000000000000002");
}
