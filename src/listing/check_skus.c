/* check_skus.c - how many SKUs, their own ids, and what must differ between them */
#include "base/text.h"
#include "listing/judge.h"

#include <assert.h>

static void judge_count(struct judge *j, const struct place *at)
{
    size_t count = j->draft->sku_count;
    struct said said;

    if (count <= j->limits->sku_max)
        return;
    said = SAID(.found = judge_number(j, (int64_t)count),
                .allowed = judge_range(j, 1, j->limits->sku_max));
    if (j->limits->sku_max_advised) {
        said.what = STR_LIT("more SKUs than are recommended");
        judge_warning(j, at, "skus-many", "12052050", said);
        return;
    }
    said.what = STR_LIT("there are too many SKUs");
    said.fix = STR_LIT("split the product in two");
    judge_error(j, at, "skus-many", j->partial ? "12052558" : "12052050", said);
}

static void judge_seller_sku(struct judge *j, const struct place *sku, struct str s)
{
    const struct place *at = FIELD(sku, "seller_sku");
    struct text_faults faults;
    bool space = str_find_char(s, ' ') < s.n;

    if (!s.p)
        return;
    faults = text_faults_of(s);
    if (s.n == 0 || space || faults.control)
        judge_error(j, at, "seller-sku", "12019059",
                    SAID(.what = s.n ? STR_LIT("seller SKU has spaces")
                                     : STR_LIT("seller SKU is empty"),
                         .found = judge_quote(j, s),
                         .allowed = STR_LIT("1 to 50 characters without spaces"),
                         .fix = STR_LIT("leave the spaces out"),
                         .mend = s.n ? MEND_SKU_SPACES : MEND_DROP));
    if (faults.han && !j->limits->han_allowed)
        judge_error(j, at, "seller-sku-chinese", "12052554",
                    SAID(.what = STR_LIT("seller SKU has Chinese characters"),
                         .found = judge_quote(j, s)));
    judge_length(j, at, s, j->limits->seller_sku_max, "seller-sku-long", "12052054");
}

/* ---- what no two SKUs may share ---- */

static void judge_unique(struct judge *j, const struct place *skus, size_t i)
{
    const struct listing_sku *a = &j->draft->skus[i];
    bool id = true, external = true, code = true;

    for (size_t k = 0; k < i; k++) {
        const struct listing_sku *b = &j->draft->skus[k];

        id = id && !(a->id.n && str_eq(a->id, b->id));
        external = external && !(a->external_sku_id.n &&
                                 str_eq(a->external_sku_id, b->external_sku_id));
        code = code &&
               !(a->identifier_code.n && str_eq(a->identifier_code, b->identifier_code));
    }
    if (!id)
        judge_error(j, FIELD(ITEM(skus, i), "id"), "sku-id-twice", "12052553",
                    SAID(.what = STR_LIT("two SKUs have one id"), .found = a->id));
    if (!external)
        judge_error(j, FIELD(ITEM(skus, i), "external_sku_id"), "external-id-twice",
                    "12052996",
                    SAID(.what = STR_LIT("two SKUs have one external id"),
                         .found = judge_quote(j, a->external_sku_id)));
    if (!code)
        judge_error(j, FIELD(FIELD(ITEM(skus, i), "identifier_code"), "code"),
                    "identifier-twice", "12052592",
                    SAID(.what = STR_LIT("two SKUs have one identifier code"),
                         .found = judge_quote(j, a->identifier_code),
                         .fix = STR_LIT("each SKU has a code of its own")));
}

static void judge_same_pre_sale(struct judge *j, const struct place *skus)
{
    const struct listing_sku *first = &j->draft->skus[0];

    for (size_t i = 1; i < j->draft->sku_count; i++)
        if (!str_eq(j->draft->skus[i].pre_sale.type, first->pre_sale.type)) {
            judge_error(j, FIELD(FIELD(ITEM(skus, i), "pre_sale"), "type"),
                        "pre-sale-differs", "12019100",
                        SAID(.what = STR_LIT("all SKUs must have the same kind of "
                                             "pre-sale"),
                             .found = j->draft->skus[i].pre_sale.type,
                             .allowed = first->pre_sale.type));
            return;
        }
}

static bool is_of_product(const struct judge *j, struct str sku_id, bool *known)
{
    *known = false;
    for (size_t i = 0; j->shop && i < j->shop->product_count; i++) {
        const struct shop_product *p = &j->shop->products[i];

        if (!str_eq(p->id, j->draft->product_id) || p->sku_count == 0)
            continue;
        *known = true;
        for (size_t k = 0; k < p->sku_count; k++)
            if (str_eq(p->skus[k].id, sku_id))
                return true;
    }
    return false;
}

static void judge_id(struct judge *j, const struct place *sku, struct str id)
{
    bool known;

    if (!j->edit || !id.n)
        return;
    if (!is_of_product(j, id, &known) && known)
        judge_error(
            j, FIELD(sku, "id"), "sku-of-another", "12052557",
            SAID(.what = STR_LIT("this SKU is none of the product's"), .found = id));
}

static void judge_sku(struct judge *j, const struct place *at,
                      const struct listing_sku *sku)
{
    judge_id(j, at, sku->id);
    judge_seller_sku(j, at, sku->seller_sku);
    judge_length(j, FIELD(at, "external_sku_id"), sku->external_sku_id,
                 j->limits->external_id_max, "external-id-long", "12052369");
    judge_price(j, at, sku);
    judge_stock(j, at, sku);
    judge_identifier(j, at, sku);
    judge_urls(j, at, sku);
    judge_pre_sale(j, at, sku);
    judge_fees(j, at, sku);
}

void judge_sku_list(struct judge *j)
{
    const struct place *at = FIELD(NULL, "skus");
    const struct listing_draft *d = j->draft;

    if (!d->skus && j->partial)
        return;
    if (d->sku_count == 0) {
        judge_error(j, at, "skus-missing", j->partial ? "12052902" : "36009004",
                    SAID(.what = STR_LIT("there is no SKU"),
                         .allowed = judge_range(j, 1, j->limits->sku_max)));
        return;
    }
    judge_count(j, at);
    assert(d->skus);
    for (size_t i = 0; i < d->sku_count; i++) {
        judge_sku(j, ITEM(at, i), &d->skus[i]);
        judge_unique(j, at, i);
    }
    judge_same_pre_sale(j, at);
    judge_variants(j, at);
    judge_combined(j, at);
}
