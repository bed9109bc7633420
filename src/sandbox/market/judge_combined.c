/* A combined listing: every SKU made of SKUs of products that are on sale, the first of
 * these products named, and of its category. */
#include "sandbox/market/judge.h"
#include "sandbox/market/products.h"

enum { MAX_PARTS = 20, MAX_COUNT = 99 };

static const json_t *sku_of(const struct product *p, struct str id)
{
    const json_t *skus = json_list(p->doc, "skus");

    for (size_t i = 0; i < json_array_size(skus); i++)
        if (str_eq(json_str(json_array_get(skus, i), "id"), id))
            return json_array_get(skus, i);
    return NULL;
}

static bool check_part(struct judge *j, const json_t *part)
{
    const struct product *p =
        products_find(j->market, j->call->shop, json_str(part, "product_id"));
    int64_t count = json_int(part, "sku_count", 0);
    struct str fill[] = {STR_LIT("99"), STR_LIT("1")};

    if (!p)
        return judge_fail(j, 12052835);
    if (!sku_of(p, json_str(part, "sku_id")))
        return judge_fail(j, 12052844);
    if (p->status != PRODUCT_ACTIVATE)
        return judge_fail(j, 12052845);
    return count >= 1 && count <= MAX_COUNT ? true
                                            : judge_fail_with(j, 12052832, fill, 2);
}

static double price_of(const struct judge *j, const json_t *part)
{
    const struct product *p =
        products_find(j->market, j->call->shop, json_str(part, "product_id"));
    double price = 0;

    text_is_amount(
        json_str(json_at(sku_of(p, json_str(part, "sku_id")), "price"), "amount"), 2,
        &price);
    return price * (double)json_int(part, "sku_count", 1);
}

static bool check_sku(struct judge *j, const json_t *sku, bool *has_main)
{
    const json_t *parts = json_list(sku, "combined_skus");
    struct str main = json_str(j->body, "primary_combined_product_id");
    struct str most = STR_LIT("20");
    double sum = 0, price = 0;

    if (json_array_size(parts) == 0)
        return judge_fail(j, 12052863);
    if (json_array_size(parts) > MAX_PARTS)
        return judge_fail_with(j, 12052831, &most, 1);
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *part = json_array_get(parts, i);

        if (!check_part(j, part))
            return false;
        for (size_t k = 0; k < i; k++)
            if (str_eq(json_str(json_array_get(parts, k), "sku_id"),
                       json_str(part, "sku_id")))
                return judge_fail(j, 12052840);
        *has_main |= str_eq(json_str(part, "product_id"), main);
        sum += price_of(j, part);
    }
    if (json_array_size(parts) == 1 &&
        json_int(json_array_get(parts, 0), "sku_count", 0) < 2)
        return judge_fail(j, 12052859);
    text_is_amount(json_str(json_at(sku, "price"), "amount"), 2, &price);
    return price <= sum ? true : judge_fail(j, 12052861);
}

bool step_combined(struct judge *j)
{
    const json_t *skus = judge_skus(j);
    struct str main = json_str(j->body, "primary_combined_product_id");
    const struct product *p;
    bool any = !str_empty(main), has_main = false;

    for (size_t i = 0; i < json_array_size(skus); i++)
        any |= json_array_size(json_list(json_array_get(skus, i), "combined_skus")) > 0;
    if (!any)
        return true;
    if (json_flag(j->body, "is_not_for_sale", false))
        return judge_fail(j, 12052228);
    if (json_at(j->body, "minimum_order_quantity"))
        return judge_fail(j, 12052848);
    for (size_t i = 0; i < json_array_size(skus); i++)
        if (!check_sku(j, json_array_get(skus, i), &has_main))
            return false;
    p = products_find(j->market, j->call->shop, main);
    if (!has_main || !p)
        return judge_fail(j, 12052842);
    return str_eq(json_str(p->doc, "category_id"), json_str(j->body, "category_id"))
               ? true
               : judge_fail(j, 12052836);
}
