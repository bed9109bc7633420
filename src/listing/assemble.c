#include "listing/assemble.h"

#include "base/text.h"
#include "listing/cells.h"
#include "listing/identifier.h"
#include "listing/judge.h"
#include "listing/making.h"
#include "listing/members.h"
#include "listing/seller_sku.h"
#include "listing/words.h"

/* The first of the product's columns with a role; empty for none. */
static struct str column_value(struct making *m, enum column_role role)
{
    for (size_t i = 0; i < m->q->field_count; i++) {
        struct str key = words_key(m->q->fields[i].name, m->arena);
        struct str value = str_trim(m->q->fields[i].value);
        unsigned n;

        if (!key.p)
            m->no_memory = true;
        else if (value.n && column_role_of(key, &n) == role)
            return value;
    }
    return STR_LIT("");
}

/* ---- texts ---- */

static void take_texts(struct making *m)
{
    const struct product *p = m->q->product;

    if (!str_empty(p->title))
        m->draft.title = p->title;
    if (!str_empty(p->description))
        m->draft.description = making_description(m, p->description);
    m->draft.category_id = m->q->category_id;
    if (m->q->category_version.n)
        m->draft.category_version = m->q->category_version;
    m->draft.external_product_id = p->id;
    if (m->q->save_mode.n)
        m->draft.save_mode = m->q->save_mode;
    if (m->q->idempotency_key.n)
        m->draft.idempotency_key = m->q->idempotency_key;
}

static void take_brand(struct making *m)
{
    struct str name = words_key(m->q->product->brand, m->arena);

    m->draft.brand_name = m->q->product->brand;
    if (!name.p) {
        m->no_memory = true;
        return;
    }
    for (size_t i = 0; m->q->shop && name.n && i < m->q->shop->brand_count; i++) {
        struct str known = words_key(m->q->shop->brands[i].name, m->arena);

        if (known.n && str_eq(known, name)) {
            m->draft.brand_id = m->q->shop->brands[i].id;
            return;
        }
    }
}

static void take_images(struct making *m)
{
    size_t most = m->q->limits->main_images_max;

    if (m->q->image_count)
        m->draft.main_images = (struct listing_images){
            m->q->images, m->q->image_count < most ? m->q->image_count : most};
}

/* ---- parcel ---- */

static struct str number_text(struct making *m, const struct measure *number)
{
    char text[MEASURE_TEXT];
    struct str made = arena_str(m->arena, str_n(text, measure_format(number, text)));

    if (!made.p)
        m->no_memory = true;
    return made;
}

/* What could not be read stays for the check to refuse: in a form it takes for no number
 * either. */
static struct str unread_text(struct making *m, struct str cell, struct str unit)
{
    struct measure number;
    struct str made;

    if (!measure_parse(cell, &number))
        return cell;
    made = arena_fmt(m->arena, "%.*s %.*s", STR_ARG(cell), STR_ARG(unit));
    if (!made.p)
        m->no_memory = true;
    return made;
}

/* The product's weight: a column that names its unit goes first. */
struct weighed {
    struct str cell;
    unsigned unit;
    struct str word; /* of the unit */
    bool known;      /* what that is; else the cell may say it */
};

static struct weighed find_weight(struct making *m)
{
    struct str grams = column_value(m, COLUMN_GRAMS);
    struct str kilograms = column_value(m, COLUMN_KILOGRAMS);
    struct weighed w = {.unit = UNIT_KILOGRAM, .word = STR_LIT("kg"), .known = true};

    if (grams.n)
        return (struct weighed){grams, UNIT_GRAM, STR_LIT("g"), true};
    w.cell = kilograms.n ? kilograms : column_value(m, COLUMN_WEIGHT);
    if (kilograms.n)
        return w;
    w.word = column_value(m, COLUMN_WEIGHT_UNIT);
    w.known = w.word.n ? cell_unit(w.word, &w.unit) : !cell_lacks_unit(w.cell);
    if (!w.word.n)
        w.word = w.known ? STR_LIT("kg") : STR_LIT("g or kg");
    return w;
}

static void take_weight(struct making *m)
{
    struct weighed w = find_weight(m);
    struct str text;
    struct measure number;

    if (str_empty(w.cell))
        return;
    if (w.known && cell_measure(w.cell, &w.unit, &number)) {
        if (!number.digits)
            return;
        number = measure_convert(&number, w.unit, UNIT_KILOGRAM, 3);
        text = number_text(m, &number);
    } else {
        text = unread_text(m, w.cell, w.word);
    }
    m->draft.weight = (struct listing_weight){
        .said = true, .value = {text}, .unit = STR_LIT("KILOGRAM")};
}

enum side_cell { SIDE_NONE, SIDE_READ, SIDE_UNREAD };

/* A side as the body has it; one of nothing is none. */
static enum side_cell read_side(struct making *m, struct str *side)
{
    unsigned unit = UNIT_CENTIMETER, decimals = m->q->limits->dimension_decimals ? 2 : 0;
    struct str cell = *side;
    struct measure number;

    *side = (struct str){0};
    if (str_empty(cell))
        return SIDE_NONE;
    if (!cell_measure(cell, &unit, &number)) {
        *side = unread_text(m, cell, STR_LIT("cm"));
        return SIDE_UNREAD;
    }
    if (!number.digits)
        return SIDE_NONE;
    number = measure_convert(&number, unit, UNIT_CENTIMETER, decimals);
    *side = number_text(m, &number);
    return SIDE_READ;
}

/* All three, or one that has to be mended: else they are the defaults'. */
static void take_sides(struct making *m)
{
    struct str sides[] = {column_value(m, COLUMN_LENGTH), column_value(m, COLUMN_WIDTH),
                          column_value(m, COLUMN_HEIGHT)};
    bool missing = false, unread = false;

    for (size_t i = 0; i < 3; i++) {
        enum side_cell cell = read_side(m, &sides[i]);

        missing = missing || cell == SIDE_NONE;
        unread = unread || cell == SIDE_UNREAD;
    }
    if (missing && !unread)
        return;
    m->draft.dimensions = (struct listing_dimensions){.said = true,
                                                      .length = {sides[0]},
                                                      .width = {sides[1]},
                                                      .height = {sides[2]},
                                                      .unit = STR_LIT("CENTIMETER")};
}

/* ---- SKUs ---- */

static const struct listing_sku *first_sku(const struct listing_draft *defaults)
{
    return defaults && defaults->sku_count ? &defaults->skus[0] : NULL;
}

/* Of prices that name none. */
static struct str own_currency(const struct making *m)
{
    struct str said = m->q->product->currency;

    return said.n ? said : str_of(m->q->limits->currency);
}

static struct listing_money products_price(struct making *m)
{
    const struct product *p = m->q->product;
    struct listing_money money;

    if (p->price_minor < 0)
        return (struct listing_money){0};
    if (p->currency.n)
        return (struct listing_money){
            .said = true, .minor = p->price_minor, .currency = p->currency};
    money = cell_hundredths(p->price_minor, own_currency(m), m->arena);
    if (!money.written.p)
        m->no_memory = true;
    return money;
}

static struct listing_money money_of(struct making *m, const struct listing_price *cell)
{
    struct listing_money money = cell_money(cell, own_currency(m), m->arena);

    if (money.said && !money.currency.p)
        m->no_memory = true;
    return money;
}

/* The shop's default warehouse, or the only one that sells. */
static struct str own_warehouse(const struct listing_shop *shop)
{
    struct str only = {0};
    size_t open = 0;

    for (size_t i = 0; shop && i < shop->warehouse_count; i++) {
        const struct shop_warehouse *w = &shop->warehouses[i];

        if (!str_is(w->type, "SALES_WAREHOUSE") || !str_is(w->status, "ENABLED"))
            continue;
        if (w->is_default)
            return w->id;
        only = w->id;
        open++;
    }
    return open == 1 ? only : (struct str){0};
}

static bool comes_later(const struct making *m)
{
    return m->q->shop && m->q->shop->warehouses_later;
}

/* Which of the shop's a column means, by its id or name; .p NULL for none of them. As
 * long as nobody knows which it has, an id is one of them, and a name "". */
static struct str warehouse_of(struct making *m, struct str column)
{
    struct str key = words_key(column, m->arena), word;
    const struct listing_shop *shop = m->q->shop;

    if (!key.p) {
        m->no_memory = true;
        return key;
    }
    word = words_warehouse(key);
    for (size_t i = 0; word.n && shop && i < shop->warehouse_count; i++) {
        struct str name = words_key(shop->warehouses[i].name, m->arena);

        if (!name.p)
            m->no_memory = true;
        else if (str_eq(shop->warehouses[i].id, word) || str_eq(name, word))
            return shop->warehouses[i].id;
    }
    if (!word.n || !comes_later(m))
        return (struct str){0};
    return is_remote_id(word) ? word : STR_LIT("");
}

/* One row a warehouse that is named; false where none is. `any`: it may be one whose id
 * nobody knows yet. */
static bool take_stocks(struct making *m, const struct listing_field *columns,
                        size_t count, bool any, struct listing_sku *sku)
{
    struct listing_stock *rows = count ? making_rows(m, count, sizeof *rows) : NULL;
    size_t n = 0;

    for (size_t i = 0; rows && i < count; i++) {
        struct str id = warehouse_of(m, columns[i].name);
        struct str text = str_trim(columns[i].value);

        if (!id.p || !text.n || (!id.n && !any))
            continue;
        rows[n].warehouse_id = id;
        cell_quantity(text, &rows[n++]);
    }
    if (n) {
        sku->stock = rows;
        sku->stock_count = n;
    }
    return n > 0;
}

static void take_stock(struct making *m, const struct listing_variant *v,
                       struct listing_sku *sku)
{
    const struct listing_sku *a = first_sku(m->q->category_defaults);
    const struct listing_sku *b = first_sku(m->q->shop_defaults);
    const struct listing_sku *from = a && a->stock_count ? a : b;
    bool otherwise = v->quantity.n || (from && from->stock_count);
    struct listing_stock *stock;

    if (take_stocks(m, v->stocks, v->stock_count, !otherwise, sku))
        return;
    stock = making_rows(m, 1, sizeof *stock);
    if (!stock)
        return;
    if (from && from->stock_count)
        *stock = from->stock[0];
    if (!stock->warehouse_id.n)
        stock->warehouse_id = own_warehouse(m->q->shop);
    if (v->quantity.n)
        cell_quantity(v->quantity, stock);
    if (!stock->warehouse_id.n && !stock->quantity.said && !stock->unread.n)
        return;
    sku->stock = stock;
    sku->stock_count = 1;
}

/* Every SKU has one: by it we know it again, whatever variants come beside it. */
static struct str seller_sku_of(struct making *m, const struct listing_variant *v)
{
    struct str made;

    if (v->seller_sku.n)
        return v->seller_sku;
    if (m->q->variant_count <= 1 && !v->option_count)
        return m->q->product->id;
    made = seller_sku_make(m->q->product->id, v->options, v->option_count,
                           m->q->limits->seller_sku_max, m->arena);
    if (!made.p)
        m->no_memory = true;
    return made;
}

/* A code that is none is not sent, and the check says so. */
static void take_identifier(struct making *m, struct str cell, struct listing_sku *sku)
{
    struct str code = identifier_clean(cell, m->arena);
    const char *type = code.p ? identifier_type_of(code) : NULL;

    if (!code.p) {
        m->no_memory = true;
    } else if (type) {
        sku->identifier_said = true;
        sku->identifier_code = code;
        sku->identifier_type = str_of(type);
    } else if (code.n) {
        sku->identifier_unread = str_trim(cell);
    }
}

static void take_sku(struct making *m, const struct listing_variant *v,
                     struct listing_sku *sku)
{
    const struct listing_sku *a = first_sku(m->q->category_defaults);
    const struct listing_sku *b = first_sku(m->q->shop_defaults);
    const struct listing_sku *ahead = a && a->pre_sale.said ? a : b;

    sku->seller_sku = seller_sku_of(m, v);
    sku->price = money_of(m, &v->price);
    if (!sku->price.said)
        sku->price = products_price(m);
    sku->price_said = sku->price.said;
    if (m->q->limits->list_price) {
        sku->list_price = money_of(m, &v->list_price);
        sku->list_price_said = sku->list_price.said;
    }
    take_identifier(m, v->identifier_code, sku);
    take_stock(m, v, sku);
    making_options(m, v, sku);
    if (!listing_pre_sale_columns(m->q, m->arena, &sku->pre_sale) ||
        !listing_combined_column(v->combined, m->arena, sku))
        m->no_memory = true;
    if (!sku->pre_sale.said && ahead && ahead->pre_sale.said)
        sku->pre_sale = ahead->pre_sale;
}

static void take_skus(struct making *m)
{
    const struct assemble_request *q = m->q;
    struct listing_variant alone = {.seller_sku = q->product->id};
    size_t count = q->variant_count ? q->variant_count : 1;
    struct listing_sku *skus = making_rows(m, count, sizeof *skus);

    if (!skus)
        return;
    alone.combined = column_value(m, COLUMN_COMBINED);
    alone.stocks = q->fields;
    alone.stock_count = q->field_count;
    alone.identifier_code = column_value(m, COLUMN_BARCODE);
    alone.quantity = column_value(m, COLUMN_QUANTITY);
    for (size_t i = 0; i < count; i++)
        take_sku(m, q->variant_count ? &q->variants[i] : &alone, &skus[i]);
    if (q->variant_count)
        making_pictures(m, skus);
    m->draft.skus = skus;
    m->draft.sku_count = count;
}

enum aisle_status listing_assemble(const struct assemble_request *request,
                                   struct arena *arena, struct assembled *out,
                                   struct aisle_err *err)
{
    struct making m = {.q = request, .arena = arena};
    struct assembled made = {0};
    enum aisle_status status;

    take_texts(&m);
    take_brand(&m);
    take_images(&m);
    take_weight(&m);
    take_sides(&m);
    take_skus(&m);
    if (!listing_file_papers(request, arena, &m.draft) ||
        !listing_fill_columns(request, arena, &m.draft))
        m.no_memory = true;
    if (request->category_defaults)
        listing_fill(&m.draft, request->category_defaults);
    if (request->shop_defaults)
        listing_fill(&m.draft, request->shop_defaults);
    if (m.no_memory)
        return aisle_nomem(err);
    made.draft = m.draft;
    status = listing_assemble_attributes(request, arena, &made, err);
    if (status == AISLE_OK)
        *out = made;
    return status;
}
