#include "listing/abroad.h"

#include "base/json.h"

#include <math.h>

/* ---- prices ---- */

static double units_of(const struct listing_rates *rates, struct str currency)
{
    for (size_t i = 0; i < rates->count; i++)
        if (str_eq(rates->rows[i].currency, currency))
            return rates->rows[i].units;
    return 0;
}

bool listing_convert(const struct listing_rates *rates, const struct listing_money *from,
                     struct str currency, struct listing_money *out)
{
    double own = units_of(rates, from->currency), other = units_of(rates, currency);
    int steps = (int)money_decimals(currency) - (int)money_decimals(from->currency);
    double minor;

    if (!from->said || from->minor < 0)
        return false;
    if (str_eq(from->currency, currency)) {
        *out = *from;
        return true;
    }
    if (own <= 0 || other <= 0)
        return false;
    minor = round((double)from->minor * other / own * pow(10, steps));
    if (!(minor >= 1 && minor < 9007199254740992.0)) /* as exact as a double counts */
        return false;
    *out = (struct listing_money){
        .said = true, .minor = (int64_t)minor, .currency = currency};
    return true;
}

/* ---- limits ---- */

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static void narrow(struct listing_limits *l, const struct listing_limits *there)
{
    l->title_min = there->title_min > l->title_min ? there->title_min : l->title_min;
    l->title_max = least(l->title_max, there->title_max);
    l->sku_max = least(l->sku_max, there->sku_max);
    l->han_allowed = l->han_allowed && there->han_allowed;
    l->eu = l->eu || there->eu;
    l->v2_only = l->v2_only || there->v2_only;
    if (there->weight_max_g &&
        (!l->weight_max_g || there->weight_max_g < l->weight_max_g))
        l->weight_max_g = there->weight_max_g;
}

struct listing_limits listing_limits_abroad(const struct str *markets, size_t count,
                                            enum listing_profile profile)
{
    struct listing_limits l =
        *listing_limits_get(count ? markets[0] : (struct str){0}, profile);

    for (size_t i = 1; i < count; i++)
        narrow(&l, listing_limits_get(markets[i], profile));
    l.market = l.locale = "";
    l.name = "abroad";
    l.currency = "USD"; /* or EUR, within the EU */
    l.weight_units = UNIT_KILOGRAM;
    l.dimension_units = UNIT_CENTIMETER;
    l.price_min_minor = l.price_max_minor = 0; /* judged in the markets */
    l.cod = l.cod_cross_border = l.delivery_options = l.tokopedia = false;
    l.pfand = l.list_price = l.supplementary_images = false;
    l.min_order_max = 0;
    return l;
}

/* ---- what became of it ---- */

static struct str take(struct arena *arena, const json_t *object, const char *key,
                       bool *kept)
{
    struct str s = arena_str(arena, json_str(object, key));

    *kept = *kept && s.p;
    return s;
}

static bool take_skus(struct arena *arena, const json_t *one, struct str *out)
{
    const json_t *list = json_list(one, "skus"), *sku;
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &text};
    size_t i;

    *out = STR_LIT("");
    if (!list)
        return true;
    json_open_list(&o);
    json_array_foreach(list, i, sku)
    {
        json_open(&o);
        json_add_str(&o, "seller_sku", json_str(sku, "seller_sku"));
        json_add_str(&o, "id", json_str(sku, "id"));
        json_close(&o);
    }
    json_close_list(&o);
    *out = buf_check(&text, "the SKUs", NULL) == AISLE_OK
               ? arena_str(arena, buf_str(&text))
               : (struct str){0};
    buf_clear(&text);
    return out->p != NULL;
}

static enum aisle_status take_row(struct arena *arena, const json_t *one,
                                  struct listing_abroad *out, struct aisle_err *err)
{
    bool kept = true;
    struct listing_abroad row = {
        .region = take(arena, one, "region", &kept),
        .id = take(arena, one, "id", &kept),
        .shop_id = take(arena, one, "shop_id", &kept),
        .reason = take(arena, one, "reason", &kept),
        .refused_hash = take(arena, one, "refused_hash", &kept),
    };

    kept = kept && take_skus(arena, one, &row.skus);
    if (!kept)
        return aisle_nomem(err);
    if (!row.region.n || !listing_state_parse(json_str(one, "state"), &row.state))
        return aisle_fail(err, AISLE_GARBLED, "what is kept of a market is none");
    *out = row;
    return AISLE_OK;
}

enum aisle_status listing_abroad_parse(struct str text, struct arena *arena,
                                       struct listing_abroad rows[ABROAD_MAX],
                                       size_t *count, struct aisle_err *err)
{
    json_t *root = NULL;
    size_t n = 0;
    enum aisle_status status;

    *count = 0;
    if (str_empty(text))
        return AISLE_OK;
    status = json_read(text, BUF_MAX_REQUEST, "the markets kept", &root, err);
    if (status == AISLE_OK && json_array_size(root) > ABROAD_MAX)
        status =
            aisle_fail(err, AISLE_GARBLED, "more than %d markets are kept", ABROAD_MAX);
    for (; status == AISLE_OK && n < json_array_size(root); n++)
        status = take_row(arena, json_array_get(root, n), &rows[n], err);
    json_decref(root);
    if (status == AISLE_OK)
        *count = n;
    return status;
}

static void add_text(struct json_out *o, const char *key, struct str s)
{
    if (s.n)
        json_add_str(o, key, s);
}

void listing_abroad_format(const struct listing_abroad *rows, size_t count,
                           struct buf *out)
{
    struct json_out o = {.buf = out};

    json_open_list(&o);
    for (size_t i = 0; i < count; i++) {
        json_open(&o);
        json_add_str(&o, "region", rows[i].region);
        json_add_str(&o, "state", str_of(listing_state_name(rows[i].state)));
        add_text(&o, "id", rows[i].id);
        add_text(&o, "shop_id", rows[i].shop_id);
        add_text(&o, "reason", rows[i].reason);
        add_text(&o, "refused_hash", rows[i].refused_hash);
        if (rows[i].skus.n) {
            json_key(&o, "skus");
            json_put_raw(&o, rows[i].skus);
        }
        json_close(&o);
    }
    json_close_list(&o);
}

enum listing_state listing_abroad_state(const struct listing_abroad *rows, size_t count)
{
    static const enum listing_state order[] = {
        LISTING_FAILED,  LISTING_FROZEN,    LISTING_PLATFORM_OFF,
        LISTING_PENDING, LISTING_SCHEDULED, LISTING_DRAFT,
        LISTING_LIVE,    LISTING_OFF,       LISTING_DELETED,
    };

    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < count; i++)
            if (rows[i].id.n && rows[i].state == order[k])
                return order[k];
    return LISTING_DRAFT;
}

/* ---- Publish Global Product ---- */

static void put_market(struct json_out *o, const struct listing_publication *p)
{
    char text[MONEY_TEXT];

    json_open(o);
    json_add_str(o, "region", p->region);
    json_key(o, "skus");
    json_open_list(o);
    for (size_t i = 0; i < p->sku_count; i++) {
        const struct listing_money *price = &p->prices[i];

        json_open(o);
        json_add_str(o, "related_global_sku_id", p->sku_ids[i]);
        json_key(o, "price");
        json_open(o);
        json_add_str(o, "amount",
                     str_n(text, money_format(price->minor, price->currency, text)));
        json_add_str(o, "currency", price->currency);
        json_close(o);
        json_close(o);
    }
    json_close_list(o);
    json_close(o);
}

void listing_write_publication(const struct listing_publication *rows, size_t count,
                               struct buf *out)
{
    struct json_out o = {.buf = out};

    json_open(&o);
    json_key(&o, "publish_target");
    json_open_list(&o);
    for (size_t i = 0; i < count; i++)
        put_market(&o, &rows[i]);
    json_close_list(&o);
    json_close(&o);
}
