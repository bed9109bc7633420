#include "flows/doubts.h"

#include "base/json_walk.h"
#include "base/text.h"
#include "channels/channel.h"
#include "listing/limits.h"
#include "listing/words.h"

/* The first is kept. */
static enum aisle_status count_one(struct doubts *d, struct doubt *doubt, size_t line,
                                   struct str column, struct str word,
                                   struct aisle_err *err)
{
    if (doubt->count++)
        return AISLE_OK;
    doubt->line = line;
    doubt->column = arena_str(&d->arena, column);
    doubt->word = arena_str(&d->arena, word);
    return doubt->column.p && doubt->word.p ? AISLE_OK : aisle_nomem(err);
}

/* ---- weights ---- */

static bool has_role(struct str columns, enum column_role role)
{
    unsigned number;

    while (!str_empty(columns))
        if (column_role_of(str_cut(&columns, '\0'), &number) == role)
            return true;
    return false;
}

/* What a product's columns say of its weight. */
struct weighing {
    char column[256];
    bool doubtful, settled; /* a column lacks the unit; another column says */
};

static void weigh(struct weighing *w, struct str name, struct str key, struct str value)
{
    unsigned number;

    switch (column_role_of(key, &number)) {
    case COLUMN_GRAMS:
    case COLUMN_KILOGRAMS:
    case COLUMN_WEIGHT_UNIT:
        w->settled = w->settled || !str_empty(value);
        return;
    case COLUMN_WEIGHT:
        if (!w->doubtful && column_lacks_unit(key, value)) {
            w->doubtful = true;
            snprintf(w->column, sizeof w->column, "%.*s", STR_ARG(utf8_head(name, 200)));
        }
        return;
    default:
        return;
    }
}

static enum aisle_status weigh_all(struct str attributes, struct weighing *w,
                                   struct aisle_err *err)
{
    struct buf key = BUF_INIT(PRODUCT_MAX_ATTRIBUTES),
               plain = BUF_INIT(PRODUCT_MAX_ATTRIBUTES);
    struct json_walk walk;
    struct str name;

    json_walk_begin(&walk, attributes, PRODUCT_MAX_ATTRIBUTES, "attributes");
    json_walk_open(&walk);
    while (json_walk_member(&walk, &name)) {
        buf_reset(&key);
        buf_reset(&plain);
        text_key(name, &key);
        buf_add(&plain, name);
        weigh(w, buf_str(&plain), buf_str(&key), json_walk_word(&walk));
    }
    buf_clear(&key);
    buf_clear(&plain);
    return json_walk_end(&walk, err);
}

static enum aisle_status note_weight(struct doubts *d, const struct feed_item *item,
                                     struct aisle_err *err)
{
    const struct feed_gaps *gaps = &item->gaps;
    struct weighing w = {0};
    enum aisle_status status;

    if (!d->looked || !gaps->columns_last)
        d->weighs = has_role(gaps->columns, COLUMN_WEIGHT);
    d->looked = gaps->columns_last;
    if (!d->weighs || str_empty(item->product.attributes))
        return AISLE_OK;
    status = weigh_all(item->product.attributes, &w, err);
    if (status != AISLE_OK || !w.doubtful || w.settled)
        return status;
    return count_one(d, &d->weights, item->line, str_of(w.column), STR_LIT(""), err);
}

/* ---- prices ---- */

struct taking {
    struct str seller_id;
    struct buf taken;
    bool unknown; /* some shop's market */
};

static bool is_listed(struct str list, struct str currency)
{
    return str_find(list, currency) < list.n;
}

static void take(struct taking *t, const char *currency)
{
    if (is_listed(buf_str(&t->taken), str_of(currency)))
        return;
    buf_addf(&t->taken, "%s%s", t->taken.n ? ", " : "", currency);
}

/* What is sold abroad as one product has its price in dollars or euros. */
static enum aisle_status take_shop(void *ctx, const struct shop *shop,
                                   struct aisle_err *err)
{
    struct taking *t = ctx;
    const char *currency = listing_limits_get(shop->region, LISTING_CURRENT)->currency;

    (void)err;
    if (!str_eq(shop->seller_id, t->seller_id))
        return AISLE_OK;
    t->unknown = t->unknown || !currency[0];
    take(t, currency);
    if (str_is(shop->seller_type, CHANNEL_CROSS_BORDER)) {
        take(t, "USD");
        take(t, "EUR");
    }
    return AISLE_OK;
}

static enum aisle_status find_taken(struct doubts *d, struct store *store,
                                    struct str seller_id, struct aisle_err *err)
{
    struct taking t = {.seller_id = seller_id, .taken = BUF_INIT(BUF_MAX_LINE)};
    enum aisle_status status = store->ops->shops->each_shop(store, take_shop, &t, err);

    if (status == AISLE_OK)
        status = buf_check(&t.taken, "currencies", err);
    if (status == AISLE_OK) {
        d->seller_id = arena_str(&d->arena, seller_id);
        d->taken = t.unknown ? STR_LIT("") : arena_str(&d->arena, buf_str(&t.taken));
        status = d->seller_id.p && d->taken.p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&t.taken);
    return status;
}

static enum aisle_status note_price(struct doubts *d, struct store *store,
                                    const struct feed_item *item, struct aisle_err *err)
{
    const struct product *p = &item->product;

    if (str_empty(p->currency))
        return AISLE_OK;
    if (!str_eq(d->seller_id, p->seller_id)) {
        enum aisle_status status = find_taken(d, store, p->seller_id, err);

        if (status != AISLE_OK)
            return status;
    }
    if (str_empty(d->taken) || is_listed(d->taken, p->currency))
        return AISLE_OK;
    return count_one(d, &d->prices, item->line, item->gaps.price_column, p->currency,
                     err);
}

/* ---- both ---- */

enum aisle_status doubts_note(struct doubts *d, struct store *store,
                              const struct feed_item *item, struct aisle_err *err)
{
    enum aisle_status status = note_weight(d, item, err);

    return status == AISLE_OK ? note_price(d, store, item, err) : status;
}

enum aisle_status doubts_list(struct doubts *d, struct feed_problem out[DOUBTS],
                              size_t *count, struct aisle_err *err)
{
    size_t n = 0;

    if (d->weights.count)
        out[n++] = (struct feed_problem){
            .line = d->weights.line,
            .column = d->weights.column,
            .what = arena_fmt(&d->arena,
                              "weight names no unit, and may be grams or kilograms: it "
                              "is not read; products with one: %zu",
                              d->weights.count),
            .remedy = STR_LIT("write the unit into its heading: Berat gram, Berat kg")};
    if (d->prices.count)
        out[n++] = (struct feed_problem){
            .line = d->prices.line,
            .column = d->prices.column,
            .what = arena_fmt(&d->arena,
                              "price is in %.*s, in which no shop of its seller sells: "
                              "it would be refused; products with one: %zu",
                              STR_ARG(d->prices.word), d->prices.count),
            .remedy = STR_LIT("write prices in the currency of the shop")};
    for (size_t i = 0; i < n; i++)
        if (!out[i].what.p)
            return aisle_nomem(err);
    *count = n;
    return AISLE_OK;
}

void doubts_clear(struct doubts *d)
{
    arena_clear(&d->arena);
}
