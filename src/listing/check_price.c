#include "listing/judge.h"

static struct str money_text(struct judge *j, int64_t minor, struct str currency)
{
    char text[MONEY_TEXT];
    size_t n = money_format(minor, currency, text);

    return findings_fmt(j->out, "%.*s %.*s", (int)n, text, STR_ARG(currency));
}

static void judge_currency(struct judge *j, const struct place *at, struct str currency)
{
    const char *taken = j->limits->currency;

    if (!*taken) /* of the market nobody says one */
        return;
    if (j->global) {
        if (!str_is(currency, "USD") && !str_is(currency, "EUR"))
            judge_error(j, at, "currency", "12052084",
                        SAID(.what = STR_LIT("a global product is priced in USD, or EUR "
                                             "within the EU"),
                             .found = currency, .allowed = STR_LIT("USD, EUR")));
        return;
    }
    if (!str_is(currency, taken))
        judge_error(j, at, "currency", "12052084",
                    SAID(.what = STR_LIT("this market sells in another currency"),
                         .found = judge_quote(j, currency), .allowed = str_of(taken)));
}

static void judge_bounds(struct judge *j, const struct place *at,
                         const struct listing_money *price)
{
    const struct listing_limits *l = j->limits;

    if (j->global || !str_is(price->currency, l->currency))
        return;
    if (l->price_max_minor && price->minor > l->price_max_minor)
        judge_error(j, at, "price-high", "12052570",
                    SAID(.what = STR_LIT("price is higher than the market takes"),
                         .found = money_text(j, price->minor, price->currency),
                         .allowed = money_text(j, l->price_max_minor, price->currency)));
    else if (price->minor < l->price_min_minor)
        judge_error(j, at, "price-low", "12052073",
                    SAID(.what = STR_LIT("price is lower than the market takes"),
                         .found = money_text(j, price->minor, price->currency),
                         .allowed = money_text(j, l->price_min_minor, price->currency)));
}

static void judge_amount(struct judge *j, const struct place *at,
                         const struct listing_sku *sku)
{
    const struct place *amount = FIELD(at, "amount");

    if (!sku->price.said) {
        judge_error(j, amount, "price-missing", "12052571",
                    SAID(.what = STR_LIT("price is missing")));
        return;
    }
    judge_currency(j, FIELD(at, "currency"), sku->price.currency);
    if (sku->price.minor <= 0)
        judge_error(
            j, amount, "price", "12052073",
            SAID(.what = STR_LIT("price is no amount above zero in its currency"),
                 .found = judge_quote(j, sku->price.written),
                 .allowed = findings_fmt(j->out, "digits, a point and up to %u decimals",
                                         money_decimals(sku->price.currency)),
                 .fix = STR_LIT("write it without separators and signs")));
    else
        judge_bounds(j, amount, &sku->price);
}

static void judge_sale_price(struct judge *j, const struct place *at,
                             const struct listing_money *sale)
{
    if (!sale->said)
        return;
    if (sale->minor < 0 && str_empty(str_trim(sale->written)))
        judge_error(j, at, "sale-price-missing", "12052424",
                    SAID(.what = STR_LIT("sale price is there and empty"),
                         .fix = STR_LIT("leave it out or say one"), .mend = MEND_DROP));
    else if (sale->minor <= 0)
        judge_error(j, at, "sale-price", j->partial ? "12052572" : "12052092",
                    SAID(.what = STR_LIT("sale price is no amount above zero"),
                         .found = judge_quote(j, sale->written)));
}

static void judge_list_price(struct judge *j, const struct place *at,
                             const struct listing_sku *sku)
{
    const struct listing_money *list = &sku->list_price;

    if (!sku->list_price_said)
        return;
    if (!j->limits->list_price) {
        judge_error(j, at, "list-price-market", "12052376",
                    SAID(.what = STR_LIT("this market takes no list price"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
        return;
    }
    if (!list->said || list->minor <= 0) {
        judge_error(j, FIELD(at, "amount"), "list-price", "12052375",
                    SAID(.what = STR_LIT("list price is no amount above zero"),
                         .found = judge_quote(j, list->written)));
        return;
    }
    judge_currency(j, FIELD(at, "currency"), list->currency);
    if (j->limits->price_max_minor && list->minor > j->limits->price_max_minor)
        judge_error(
            j, FIELD(at, "amount"), "list-price-high", "12052383",
            SAID(.what = STR_LIT("list price is higher than the market takes"),
                 .found = money_text(j, list->minor, list->currency),
                 .allowed = money_text(j, j->limits->price_max_minor, list->currency)));
    else if (sku->price.minor > 0 && list->minor < sku->price.minor)
        judge_warning(j, FIELD(at, "amount"), "list-price-below", "",
                      SAID(.what = STR_LIT("list price is below the price, and dropped"),
                           .found = money_text(j, list->minor, list->currency),
                           .allowed = money_text(j, sku->price.minor, list->currency),
                           .mend = MEND_DROP));
}

static void judge_external(struct judge *j, const struct place *at,
                           const struct listing_sku *sku)
{
    for (size_t i = 0; i < sku->external_list_price_count; i++) {
        const struct listing_external_price *e = &sku->external_list_prices[i];

        if (!str_is(e->source, "SHOPIFY_COMPARE_AT_PRICE"))
            judge_error(j, FIELD(ITEM(at, i), "source"), "external-price-source",
                        "12052910",
                        SAID(.what = STR_LIT("there is no such source of a price"),
                             .found = judge_quote(j, e->source),
                             .allowed = STR_LIT("SHOPIFY_COMPARE_AT_PRICE")));
        if (!e->price.said || e->price.minor <= 0)
            judge_error(j, FIELD(ITEM(at, i), "amount"), "external-price", "12052375",
                        SAID(.what = STR_LIT("list price is no amount above zero"),
                             .found = judge_quote(j, e->price.written)));
    }
}

void judge_price(struct judge *j, const struct place *at, const struct listing_sku *sku)
{
    /* an edit keeps the price of a SKU that is there */
    if (sku->price_said || !(j->edit && sku->id.n))
        judge_amount(j, FIELD(at, "price"), sku);
    judge_sale_price(j, FIELD(FIELD(at, "price"), "sale_price"), &sku->sale_price);
    judge_list_price(j, FIELD(at, "list_price"), sku);
    judge_external(j, FIELD(at, "external_list_prices"), sku);
}
