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
    if (json_flag(sku_of(p, json_str(part, "sku_id")), "deactivated", false))
        return judge_fail(j, 12052864);
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

/* The same parts, as often. */
static bool is_same_mix(const json_t *a, const json_t *b)
{
    bool same = json_array_size(a) == json_array_size(b);

    for (size_t i = 0; i < json_array_size(a) && same; i++) {
        const json_t *part = json_array_get(a, i);
        bool found = false;

        for (size_t k = 0; k < json_array_size(b); k++) {
            const json_t *other = json_array_get(b, k);

            found |= str_eq(json_str(other, "sku_id"), json_str(part, "sku_id")) &&
                     json_int(other, "sku_count", 0) == json_int(part, "sku_count", 0);
        }
        same = found;
    }
    return same;
}

/* The root over a product's category; empty where it is in no tree. */
static struct str top_of(const struct judge *j, const struct product *p)
{
    uint32_t chain[FOREST_MAX_DEPTH];
    struct place place;

    if (place_find(j->call, json_str(p->doc, "category_id"),
                   json_str(p->doc, "category_version"), &place))
        return (struct str){0};
    tree_chain(place.tree, place.at, chain);
    return place.tree->nodes[chain[0]].row->id;
}

/* One top category, and a brand that is one of the parts'. */
static bool check_together(struct judge *j, const json_t *skus)
{
    struct str top = {0}, brand = json_str(j->body, "brand_id");
    bool branded = str_empty(brand);

    for (size_t i = 0; i < json_array_size(skus); i++) {
        const json_t *parts = json_list(json_array_get(skus, i), "combined_skus");

        for (size_t k = 0; k < json_array_size(parts); k++) {
            const struct product *p =
                products_find(j->market, j->call->shop,
                              json_str(json_array_get(parts, k), "product_id"));
            struct str other = top_of(j, p);

            if (!str_empty(top) && !str_eq(top, other))
                return judge_fail(j, 12052838);
            top = other;
            branded |= str_eq(json_str(p->doc, "brand_id"), brand);
        }
    }
    return branded ? true : judge_fail(j, 12052862);
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
    for (size_t i = 0; i < json_array_size(skus); i++)
        for (size_t k = 0; k < i; k++)
            if (is_same_mix(json_list(json_array_get(skus, i), "combined_skus"),
                            json_list(json_array_get(skus, k), "combined_skus")))
                return judge_fail(j, 12052841);
    if (!check_together(j, skus))
        return false;
    if (j->edit) /* which of them is the main one is not said again */
        return true;
    p = products_find(j->market, j->call->shop, main);
    if (!has_main || !p)
        return judge_fail(j, 12052842);
    return str_eq(json_str(p->doc, "category_id"), json_str(j->body, "category_id"))
               ? true
               : judge_fail(j, 12052836);
}
