#include "listing/judge.h"

static const struct shop_warehouse *find_warehouse(const struct judge *j, struct str id)
{
    for (size_t i = 0; i < j->shop->warehouse_count; i++)
        if (str_eq(j->shop->warehouses[i].id, id))
            return &j->shop->warehouses[i];
    return NULL;
}

static void judge_known(struct judge *j, const struct place *at,
                        const struct shop_warehouse *w)
{
    struct said said = {.found = str_empty(w->name) ? w->id : w->name,
                        .fix = STR_LIT("name one of the shop's sales warehouses")};

    if (!str_empty(w->type) && !str_is(w->type, "SALES_WAREHOUSE")) {
        said.what = STR_LIT("nothing is sold from this warehouse");
        judge_error(j, at, "warehouse-kind", "12052532", said);
    } else if (str_is(w->status, "DISABLED")) {
        said.what = STR_LIT("this warehouse is disabled");
        judge_error(j, at, "warehouse-disabled", "12052531", said);
    } else if (str_is(w->status, "RESTRICTED")) {
        said.what = STR_LIT("this warehouse is restricted and fulfils nothing here");
        judge_error(j, at, "warehouse-restricted", "12052403", said);
    }
}

static void judge_warehouse(struct judge *j, const struct place *at, struct str id)
{
    const struct shop_warehouse *w;

    if (!id.n && j->shop && j->shop->warehouses_later)
        return;
    if (!id.n) {
        judge_error(j, at, "warehouse-missing", j->edit ? "12052037" : "12052096",
                    SAID(.what = STR_LIT("stock without a warehouse"),
                         .fix = STR_LIT("say which warehouse it lies in")));
        return;
    }
    if (!is_remote_id(id)) {
        judge_error(j, at, "warehouse-format", "12052097",
                    SAID(.what = STR_LIT("warehouse id cannot be one"),
                         .found = judge_quote(j, id)));
        return;
    }
    if (!j->shop || !j->shop->warehouses_known || j->global)
        return;
    w = find_warehouse(j, id);
    if (w)
        judge_known(j, at, w);
    else
        judge_error(j, at, "warehouse-of-another", "12052530",
                    SAID(.what = STR_LIT("this warehouse is none of the shop's"),
                         .found = id,
                         .fix = STR_LIT("name one of the shop's sales warehouses")));
}

/* Which variant keeps the others from being listed: "0 of KP-01-M". */
static struct str found_of(struct judge *j, const struct listing_sku *sku, int64_t n)
{
    if (j->draft->sku_count < 2 || !sku->seller_sku.n)
        return judge_number(j, n);
    return findings_fmt(j->out, "%lld of %.*s", (long long)n, STR_ARG(sku->seller_sku));
}

static struct str advice_on_none(const struct judge *j)
{
    return j->draft->sku_count < 2
               ? STR_LIT("take it off sale while there is none")
               : STR_LIT(
                     "leave this variant out while there is none, or take the product "
                     "off sale");
}

static void judge_quantity(struct judge *j, const struct place *at,
                           const struct listing_sku *sku, const struct listing_stock *s)
{
    const struct listing_limits *l = j->limits;

    if (s->unread.n)
        judge_error(j, FIELD(at, "quantity"), "stock-format", "12052055",
                    SAID(.what = STR_LIT("quantity is no whole number"),
                         .found = judge_quote(j, s->unread),
                         .fix = STR_LIT("write digits alone: 1000")));
    else if (!s->quantity.said)
        judge_error(j, FIELD(at, "quantity"), "stock-missing", "12052486",
                    SAID(.what = STR_LIT("how many there are is missing")));
    else if (s->quantity.n < l->stock_min || s->quantity.n > l->stock_max)
        judge_error(j, FIELD(at, "quantity"), "stock-range", "12052055",
                    SAID(.what = STR_LIT("quantity is out of range"),
                         .found = found_of(j, sku, s->quantity.n),
                         .allowed = judge_range(j, l->stock_min, l->stock_max),
                         .fix = s->quantity.n < l->stock_min ? advice_on_none(j)
                                                             : (struct str){0}));
    if (s->handling_time.said && s->handling_time.n <= 0)
        judge_error(j, FIELD(at, "handling_time"), "handling-time", "12052490",
                    SAID(.what = STR_LIT("handling time is no number of days"),
                         .found = judge_number(j, s->handling_time.n),
                         .allowed = STR_LIT("1 or more")));
}

static bool stands_before(const struct listing_sku *sku, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (sku->stock[i].warehouse_id.n &&
            str_eq(sku->stock[k].warehouse_id, sku->stock[i].warehouse_id))
            return true;
    return false;
}

void judge_stock(struct judge *j, const struct place *sku_at,
                 const struct listing_sku *sku)
{
    const struct place *at = FIELD(sku_at, "inventory");

    if (j->global && sku->global_quantity.said)
        return;
    if (sku->stock_count == 0) {
        if (!(j->edit && sku->id.n && !sku->stock)) /* an edit keeps what is there */
            judge_error(j, at, "stock-missing", "12052486",
                        SAID(.what = STR_LIT("inventory is missing"),
                             .fix = STR_LIT("say a warehouse and how many there are")));
        return;
    }
    for (size_t i = 0; i < sku->stock_count; i++) {
        judge_warehouse(j, FIELD(ITEM(at, i), "warehouse_id"),
                        sku->stock[i].warehouse_id);
        judge_quantity(j, ITEM(at, i), sku, &sku->stock[i]);
        if (stands_before(sku, i))
            judge_error(j, FIELD(ITEM(at, i), "warehouse_id"), "warehouse-twice",
                        "12052555",
                        SAID(.what = STR_LIT("a warehouse is there twice"),
                             .found = sku->stock[i].warehouse_id,
                             .fix = STR_LIT("one entry a warehouse")));
    }
}
