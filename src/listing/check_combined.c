/* check_combined.c - products made of others: what each SKU is put together from
 *
 * What is known of the parts comes from the shop's own products; what is not known is not
 * judged.
 */
#include "listing/judge.h"

static const struct shop_product *find_product(const struct judge *j, struct str id)
{
    for (size_t i = 0; j->shop && i < j->shop->product_count; i++)
        if (str_eq(j->shop->products[i].id, id))
            return &j->shop->products[i];
    return NULL;
}

static const struct shop_product_sku *find_sku(const struct shop_product *p,
                                               struct str id)
{
    for (size_t i = 0; i < p->sku_count; i++)
        if (str_eq(p->skus[i].id, id))
            return &p->skus[i];
    return NULL;
}

/* ---- one part ---- */

static void judge_part_sku(struct judge *j, const struct place *at,
                           const struct listing_combined_sku *c,
                           const struct shop_product *p)
{
    const struct shop_product_sku *sku = find_sku(p, c->sku_id);

    if (p->sku_count && !sku)
        judge_error(j, FIELD(at, "sku_id"), "combined-sku", "12052844",
                    SAID(.what = STR_LIT("this SKU is none of that product's"),
                         .found = c->sku_id, .allowed = p->id));
    if (sku && sku->deactivated)
        judge_error(
            j, FIELD(at, "sku_id"), "combined-deactivated", "12052864",
            SAID(.what = STR_LIT("a part is a deactivated SKU"), .found = c->sku_id));
}

static void judge_part(struct judge *j, const struct place *at,
                       const struct listing_sku *sku, size_t k)
{
    const struct listing_combined_sku *c = &sku->combined[k];
    const struct shop_product *p = find_product(j, c->product_id);
    int64_t least = sku->combined_count == 1 ? 2 : 1;

    for (size_t i = 0; i < k; i++)
        if (c->sku_id.n && str_eq(sku->combined[i].sku_id, c->sku_id)) {
            judge_error(j, FIELD(at, "sku_id"), "combined-twice", "12052840",
                        SAID(.what = STR_LIT("a part is there twice"), .found = c->sku_id,
                             .fix = STR_LIT("say its number in sku_count")));
            break;
        }
    if (!c->sku_count.said || c->sku_count.n < 1)
        judge_error(j, FIELD(at, "sku_count"), "combined-count", "12052832",
                    SAID(.what = STR_LIT("how many of a part is missing or none"),
                         .found = judge_number(j, c->sku_count.n),
                         .allowed = STR_LIT("1 or more")));
    else if (c->sku_count.n < least)
        judge_error(j, FIELD(at, "sku_count"), "combined-single", "12052859",
                    SAID(.what = STR_LIT("made of one part alone, it needs two of it"),
                         .found = judge_number(j, c->sku_count.n),
                         .allowed = STR_LIT("2 or more")));
    if (!j->shop || !j->shop->products_known)
        return;
    if (!p) {
        judge_error(j, FIELD(at, "product_id"), "combined-product", "12052835",
                    SAID(.what = STR_LIT("a part is none of the shop's products"),
                         .found = c->product_id));
        return;
    }
    if (!str_empty(p->status) && !str_is(p->status, "ACTIVATE"))
        judge_error(j, FIELD(at, "product_id"), "combined-not-live", "12052845",
                    SAID(.what = STR_LIT("a part is not live"), .found = p->status,
                         .allowed = STR_LIT("ACTIVATE")));
    judge_part_sku(j, at, c, p);
}

/* ---- one SKU ---- */

/* The most a combined SKU may cost: its parts together. */
static void judge_sum(struct judge *j, const struct place *at,
                      const struct listing_sku *sku)
{
    int64_t sum = 0, part;

    for (size_t k = 0; k < sku->combined_count; k++) {
        const struct listing_combined_sku *c = &sku->combined[k];
        const struct shop_product *p = find_product(j, c->product_id);
        const struct shop_product_sku *one = p ? find_sku(p, c->sku_id) : NULL;

        if (!one || one->price_minor < 0 ||
            __builtin_mul_overflow(one->price_minor, c->sku_count.n, &part) ||
            __builtin_add_overflow(sum, part, &sum))
            return;
    }
    if (sku->price.minor > sum && sku->price.said)
        judge_error(j, FIELD(FIELD(at, "price"), "amount"), "combined-price", "12052861",
                    SAID(.what = STR_LIT("it costs more than its parts together"),
                         .found = judge_quote(j, sku->price.written)));
}

static bool is_same_mix(const struct listing_sku *a, const struct listing_sku *b)
{
    if (a->combined_count != b->combined_count)
        return false;
    for (size_t i = 0; i < a->combined_count; i++) {
        bool found = false;

        for (size_t k = 0; k < b->combined_count; k++)
            found = found || (str_eq(a->combined[i].sku_id, b->combined[k].sku_id) &&
                              a->combined[i].sku_count.n == b->combined[k].sku_count.n);
        if (!found)
            return false;
    }
    return true;
}

static void judge_one(struct judge *j, const struct place *skus, size_t i)
{
    const struct listing_sku *sku = &j->draft->skus[i];
    const struct place *at = ITEM(skus, i), *parts = FIELD(at, "combined_skus");
    bool warehouse = false;

    if (!sku->combined_count) {
        judge_error(j, parts, "combined-and-not", "12052863",
                    SAID(.what = STR_LIT("either all SKUs are combined or none is")));
        return;
    }
    for (size_t k = 0; k < sku->combined_count; k++)
        judge_part(j, ITEM(parts, k), sku, k);
    for (size_t k = 0; k < i; k++)
        if (is_same_mix(&j->draft->skus[k], sku)) {
            judge_error(j, parts, "combined-same", "12052841",
                        SAID(.what = STR_LIT("another SKU is made of the same"),
                             .found = findings_fmt(j->out, "skus[%zu]", k)));
            break;
        }
    for (size_t k = 0; k < sku->stock_count; k++)
        warehouse = warehouse || sku->stock[k].warehouse_id.n;
    if (!warehouse && sku->stock_count)
        judge_error(j, FIELD(at, "inventory"), "combined-warehouse", "12052851",
                    SAID(.what = STR_LIT("a combined SKU needs a warehouse")));
    judge_sum(j, at, sku);
}

/* ---- the product ---- */

static void judge_against_primary(struct judge *j, const struct shop_product *primary)
{
    if (primary->category_id.n && j->draft->category_id.n &&
        !str_eq(primary->category_id, j->draft->category_id))
        judge_error(j, FIELD(NULL, "category_id"), "combined-category", "12052836",
                    SAID(.what = STR_LIT("it must lie in its main part's category"),
                         .found = j->draft->category_id,
                         .allowed = primary->category_id));
}

/* All parts in one top category; the brand one of theirs. */
static void judge_together(struct judge *j, const struct place *skus)
{
    struct str top = {0};
    bool one_top = true, brand = !j->draft->brand_id.n, all_known = true;

    for (size_t i = 0; i < j->draft->sku_count; i++)
        for (size_t k = 0; k < j->draft->skus[i].combined_count; k++) {
            const struct shop_product *p =
                find_product(j, j->draft->skus[i].combined[k].product_id);

            all_known = all_known && p;
            if (!p)
                continue;
            brand = brand || str_eq(p->brand_id, j->draft->brand_id);
            if (!p->top_category_id.n)
                continue;
            one_top = one_top && (!top.n || str_eq(top, p->top_category_id));
            top = p->top_category_id;
        }
    if (!one_top)
        judge_error(j, skus, "combined-top-category", "12052838",
                    SAID(.what = STR_LIT("its parts are of different top categories")));
    if (!brand && all_known)
        judge_error(j, FIELD(NULL, "brand_id"), "combined-brand", "12052862",
                    SAID(.what = STR_LIT("its brand is none of its parts'"),
                         .found = j->draft->brand_id));
}

static bool has_part_of(const struct judge *j, struct str product_id)
{
    for (size_t i = 0; i < j->draft->sku_count; i++)
        for (size_t k = 0; k < j->draft->skus[i].combined_count; k++)
            if (str_eq(j->draft->skus[i].combined[k].product_id, product_id))
                return true;
    return false;
}

static void judge_primary(struct judge *j)
{
    const struct place *at = FIELD(NULL, "primary_combined_product_id");
    struct str id = j->draft->primary_combined_product_id;
    const struct shop_product *primary = find_product(j, id);

    if (j->edit) /* is not said again */
        return;
    if (!id.n || !has_part_of(j, id))
        judge_error(j, at, "combined-primary", "12052842",
                    SAID(.what = STR_LIT("a combined product names one of its parts as "
                                         "the main one"),
                         .found = judge_quote(j, id)));
    if (primary)
        judge_against_primary(j, primary);
}

void judge_combined(struct judge *j, const struct place *skus)
{
    bool combined = j->draft->primary_combined_product_id.n > 0;

    for (size_t i = 0; i < j->draft->sku_count; i++)
        combined = combined || j->draft->skus[i].combined_count;
    if (!combined)
        return;
    for (size_t i = 0; i < j->draft->sku_count; i++)
        judge_one(j, skus, i);
    judge_primary(j);
    judge_together(j, skus);
    if (j->draft->minimum_order_quantity.said)
        judge_error(j, FIELD(NULL, "minimum_order_quantity"), "combined-minimum",
                    "12052848",
                    SAID(.what = STR_LIT("a combined product has no least quantity"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    if (j->draft->is_not_for_sale == LISTING_YES)
        judge_error(j, FIELD(NULL, "is_not_for_sale"), "combined-gift", "12052228",
                    SAID(.what = STR_LIT("a combined product cannot be not for sale")));
}
