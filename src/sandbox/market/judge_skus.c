/* Each SKU by itself: name, price, stock, codes. */
#include "base/text.h"
#include "sandbox/market/judge.h"

#include <math.h>

enum {
    MAX_SELLER_SKU = 50,
    MAX_EXTERNAL = 999,
    MAX_STOCK = 99999,
    MAX_EXTRA_CODES = 10,
    MAX_URL = 500,
    MAX_URL_OLD = 200
};

/* ---- how many, and their names ---- */

static size_t most_skus(const struct judge *j)
{
    bool old = j->market->engine->set.switches.old_sku_limits;
    bool few =
        str_is(str_of(j->region->code), "US") || str_is(str_of(j->region->code), "GB");

    if (old)
        return few ? 100 : 300;
    return j->region->skus;
}

static bool check_name(struct judge *j, struct str name)
{
    if (utf8_length(name) > MAX_SELLER_SKU)
        return judge_fail(j, 12052054);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == ' ' || name.p[i] == '\t' || name.p[i] == '\n')
            return judge_fail(j, 12019059);
    return judge_is_chinese(j, name) ? judge_fail(j, 12052554) : true;
}

static bool check_twice(struct judge *j, const json_t *skus, size_t at)
{
    struct str id = json_str(json_array_get(skus, at), "id");

    for (size_t i = 0; i < at && !str_empty(id); i++)
        if (str_eq(json_str(json_array_get(skus, i), "id"), id))
            return judge_fail(j, 12052553);
    return true;
}

bool step_skus(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    if (json_array_size(skus) > most_skus(j))
        return judge_fail(j, j->part ? 12052558 : 12052050);
    for (size_t i = 0; i < json_array_size(skus); i++)
        if (!check_name(j, json_str(json_array_get(skus, i), "seller_sku")) ||
            !check_twice(j, skus, i))
            return false;
    return true;
}

/* ---- prices ---- */

/* What is paid instead of the price: of global sellers only. What a local one says is
 * looked at and then left aside (a guess; the page does not say that it is refused). */
static bool check_sale_price(struct judge *j, const json_t *price)
{
    struct str amount = json_str(price, "sale_price");
    double value = 0;

    if (!json_at(price, "sale_price"))
        return true;
    if (str_empty(amount))
        return judge_fail(j, 12052424);
    return text_is_amount(amount, 2, &value) && value > 0
               ? true
               : judge_fail(j, j->part ? 12052572 : 12052092);
}

static bool check_price(struct judge *j, const json_t *price)
{
    struct str amount = json_str(price, "amount"), currency = json_str(price, "currency");
    const char *wanted = j->global ? "USD" : j->region->currency;
    double value = 0;

    if (!json_at(price, "amount"))
        return judge_fail(j, 12052571);
    if (!str_is(currency, wanted) && !(j->global && str_is(currency, "EUR")))
        return judge_fail(j, 12052084);
    if (!text_is_amount(amount, 2, &value) || value <= 0)
        return judge_fail(j, 12052073);
    if (j->global)
        return value <= 99999999.99 ? true : judge_fail(j, 12052570);
    if (value < j->region->price_min)
        return judge_fail(j, 12052073);
    if (j->region->price_max > 0 && value > j->region->price_max)
        return judge_fail(j, 12052570);
    return check_sale_price(j, price);
}

/* The price before a discount: in the US, from 0.01 to 7600, and not below the price,
 * else it is dropped without a word. */
static bool check_list_price(struct judge *j, const json_t *price)
{
    double value = 0;

    if (!price)
        return true;
    if (!str_is(str_of(j->region->code), "US"))
        return judge_fail(j, 12052376);
    if (!text_is_amount(json_str(price, "amount"), 2, &value) || value < 0.01)
        return judge_fail(j, 12052375);
    return value <= 7600 ? true : judge_fail(j, 12052383);
}

/* What another shop system says it costs. */
static bool check_external_prices(struct judge *j, const json_t *list)
{
    double value = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        if (!str_is(json_str(one, "source"), "SHOPIFY_COMPARE_AT_PRICE"))
            return judge_fail(j, 12052910);
        if (!text_is_amount(json_str(one, "amount"), 2, &value) || value <= 0)
            return judge_fail(j, 12052375);
    }
    return true;
}

bool step_prices(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);

        if (!check_price(j, json_at(sku, "price")) ||
            !check_list_price(j, json_at(sku, "list_price")) ||
            !check_external_prices(j, json_list(sku, "external_list_prices")))
            return false;
    }
    return true;
}

/* ---- stock ---- */

static bool check_warehouse(struct judge *j, struct str id, bool combined)
{
    struct warehouse w;

    if (str_empty(id) && combined)
        return judge_fail(j, 12052851);
    if (str_empty(id)) /* may be left out when there is one; here there are two */
        return judge_fail(j, j->edit ? 12052037 : 12052096);
    if (!is_number_id(id))
        return judge_fail(j, 12052097);
    if (!warehouse_find(j->market, j->call->shop, id, &w))
        return judge_fail_with(j, 12052530, &id, 1);
    if (w.kind == WAREHOUSE_RETURN)
        return judge_fail(j, 12052532);
    if (w.kind == WAREHOUSE_RESTRICTED)
        return judge_fail(j, 12052403);
    return w.kind == WAREHOUSE_OFF ? judge_fail(j, 12052531) : true;
}

static bool check_stock(struct judge *j, const json_t *sku, size_t at)
{
    const json_t *list = json_list(sku, "inventory");
    const json_t *stock = json_array_get(list, at);
    struct str id = json_str(stock, "warehouse_id");
    int64_t quantity = json_int(stock, "quantity", 0);

    if (!check_warehouse(j, id, json_array_size(json_list(sku, "combined_skus")) > 0))
        return false;
    for (size_t i = 0; i < at; i++)
        if (str_eq(json_str(json_array_get(list, i), "warehouse_id"), id))
            return judge_fail(j, 12052555);
    if (quantity < 1 || quantity > MAX_STOCK)
        return judge_fail(j, 12052055);
    if (json_int(stock, "backorder_quantity", 0) != 0)
        return judge_fail(j, 12052309);
    return json_int(stock, "handling_time", 1) < 1 ? judge_fail(j, 12052490) : true;
}

bool step_inventory(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i), *list = json_list(sku, "inventory");

        if (json_array_size(list) == 0)
            return judge_fail(j, 12052486);
        for (size_t k = 0; k < json_array_size(list); k++)
            if (!check_stock(j, sku, k))
                return false;
    }
    return true;
}

/* ---- codes ---- */

static const struct {
    const char *type;
    size_t lengths[3];
} code_types[] = {
    {"GTIN", {14, 0, 0}},  {"EAN", {8, 13, 14}}, {"UPC", {12, 0, 0}},
    {"ISBN", {13, 10, 0}}, {"JAN", {8, 13, 0}},
};

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
    return true;
}

/* ISBN of ten: nine digits and an X (or a digit, a guess). Only it ends in an X. */
static bool check_digits(struct judge *j, struct str code, bool isbn)
{
    size_t x = str_find_char(code, 'X');

    if (x < code.n && x + 1 < code.n)
        return judge_fail(j, 12052598);
    if (isbn && code.n == 10 && x + 1 == code.n)
        code.n--;
    return is_digits(code) ? true : judge_fail(j, 12052591);
}

static bool check_code(struct judge *j, struct str code, struct str type)
{
    bool fits = false;

    if (str_empty(type))
        return judge_fail(j, 12052600);
    for (size_t i = 0; i < sizeof code_types / sizeof *code_types; i++) {
        if (!str_is(type, code_types[i].type))
            continue;
        for (int k = 0; k < 3; k++)
            fits |= code_types[i].lengths[k] == code.n && code.n > 0;
        if (!check_digits(j, code, str_is(type, "ISBN")))
            return false;
        return fits ? true : judge_fail(j, 12052591);
    }
    return judge_fail_value(j, STR_LIT("identifier_code.type"), "unknown value",
                            "GTIN, EAN, UPC, ISBN, JAN");
}

static bool check_extra_codes(struct judge *j, const json_t *sku)
{
    const json_t *list = json_list(sku, "extra_identifier_codes");

    if (json_array_size(list) == 0)
        return true;
    if (!j->region->eu)
        return judge_fail(j, 12052291);
    if (!json_at(sku, "identifier_code"))
        return judge_fail(j, 12052293);
    if (json_array_size(list) > MAX_EXTRA_CODES)
        return judge_fail(j, 12052292);
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct str code = json_value_str(json_array_get(list, i));

        if (!is_digits(code) || code.n < 8 || code.n > 14)
            return judge_fail(j, 12052294);
    }
    return true;
}

bool step_codes(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i);
        const json_t *given = json_at(sku, "identifier_code");
        struct str code = json_str(given, "code");

        if (given && !check_code(j, code, json_str(given, "type")))
            return false;
        for (size_t k = 0; k < i && given; k++)
            if (str_eq(
                    json_str(json_at(json_array_get(skus, k), "identifier_code"), "code"),
                    code))
                return judge_fail(j, 12052592);
        if (!check_extra_codes(j, sku))
            return false;
    }
    return true;
}

/* ---- links to other systems ---- */

/* Behind the host: nothing that climbs up, nothing that would have to be escaped. */
static bool is_safe_path(struct str rest)
{
    struct str path = str_skip(rest, str_find_char(rest, '/'));

    for (size_t i = 0; i < path.n; i++)
        if (strchr("\\<>\"", path.p[i]) || (unsigned char)path.p[i] <= ' ')
            return false;
    while (path.n)
        if (str_is(str_cut(&path, '/'), ".."))
            return false;
    return true;
}

static bool check_url(struct judge *j, struct str url)
{
    size_t most = j->market->engine->set.switches.short_urls ? MAX_URL_OLD : MAX_URL;
    size_t at = str_find(url, STR_LIT("://"));

    if (url.n > most)
        return judge_fail(j, 12052238);
    if (at == url.n || at == 0 || at + 3 == url.n ||
        str_find_char(url, ' ') < at + 3 + str_find_char(str_skip(url, at + 3), '/'))
        return judge_fail(j, 12052235);
    if (!str_starts(url, "https://") && !str_starts(url, "http://"))
        return judge_fail(j, 12052236);
    return is_safe_path(str_skip(url, at + 3)) ? true : judge_fail(j, 12052237);
}

static bool check_external_ids(struct judge *j, const json_t *skus, size_t at)
{
    struct str id = json_str(json_array_get(skus, at), "external_sku_id");

    if (utf8_length(id) > MAX_EXTERNAL)
        return judge_fail(j, 12052369);
    for (size_t i = 0; i < at && !str_empty(id); i++)
        if (str_eq(json_str(json_array_get(skus, i), "external_sku_id"), id))
            return judge_fail(j, 12052996);
    return true;
}

static bool check_fees(struct judge *j, const json_t *sku)
{
    const json_t *list = json_list(sku, "fees");
    double amount = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        if (!str_is(json_str(json_array_get(list, i), "type"), "PFAND"))
            return judge_fail(j, 12052910);
    if (json_array_size(list) && !str_is(str_of(j->region->code), "DE"))
        return judge_fail(j, 12052497);
    if (json_array_size(list) && json_array_size(json_list(sku, "combined_skus")))
        return judge_fail(j, 12052543);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *fee = json_array_get(list, i);
        struct str kind = json_str(fee, "additional_attribute");
        struct str text = json_str(fee, "amount");

        if (!kind.p || !list_has(STR_LIT("SINGLE_USE,REUSABLE,NOT_APPLICABLE"), kind.p))
            return judge_fail(j, 12052495);
        if (str_is(kind, "NOT_APPLICABLE") && !str_empty(text))
            return judge_fail(j, 12052498);
        if (!str_empty(text) && (!text_is_amount(text, 2, &amount) || amount > 6300))
            return judge_fail_value(j, STR_LIT("fees.amount"), "out of range",
                                    "0 to 6300");
    }
    return true;
}

static bool check_unit_count(struct judge *j, struct str count)
{
    double value = 0;

    if (str_empty(count) || !j->region->eu)
        return true;
    return text_is_amount(count, 4, &value) && value >= 0.01 && value <= 99999.9999
               ? true
               : judge_fail(j, 12052574);
}

bool step_sku_extras(struct judge *j)
{
    const json_t *skus = judge_skus(j);

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *sku = json_array_get(skus, i),
                     *urls = json_list(sku, "external_urls");

        if (!check_external_ids(j, skus, i) || !check_fees(j, sku) ||
            !check_unit_count(j, json_str(sku, "sku_unit_count")))
            return false;
        for (size_t k = 0; k < json_array_size(urls); k++)
            if (!check_url(j, json_value_str(json_array_get(urls, k))))
                return false;
    }
    return true;
}
