/* fields.c - a product's further columns, its variants and images, from the JSON object
 * the import keeps them in (catalog/product.h) */
#include "base/json.h"
#include "listing/assemble.h"
#include "listing/words.h"

enum { OPTIONS = 3 };

struct reader {
    struct arena *arena;
    struct listing_field names[OPTIONS]; /* of options, from the first variant on */
    bool no_memory;
};

static struct str keep(struct reader *r, struct str s)
{
    struct str kept = arena_str(r->arena, s);

    if (!kept.p)
        r->no_memory = true;
    return kept.p ? kept : STR_LIT("");
}

/* A value as text: numbers and flags as they are written. */
static struct str value_text(struct reader *r, const json_t *object, const char *key)
{
    const json_t *v = json_at(object, key);
    struct str text;

    if (json_is_boolean(v))
        return json_is_true(v) ? STR_LIT("true") : STR_LIT("false");
    if (json_is_real(v)) {
        text = arena_fmt(r->arena, "%.15g", json_real_value(v));
    } else {
        text = json_text(object, key, r->arena);
        if (text.p)
            text = keep(r, text);
    }
    if (!text.p)
        r->no_memory = true;
    return text.p ? text : STR_LIT("");
}

/* ---- variants ---- */

struct options {
    struct listing_field rows[OPTIONS];
    struct listing_field *stocks; /* room for all cells */
    size_t stock_count;
};

static void read_cell(struct reader *r, struct listing_variant *v,
                      struct options *options, const json_t *object, const char *name)
{
    struct str key = words_key(str_of(name), r->arena);
    struct str value = value_text(r, object, name);
    struct listing_price price = {str_trim(value), json_is_number(json_at(object, name))};
    unsigned n;

    if (!key.p) {
        r->no_memory = true;
        return;
    }
    switch (column_role_of(key, &n)) {
    case COLUMN_SKU:
        v->seller_sku = value;
        break;
    case COLUMN_PRICE:
        v->price = price;
        break;
    case COLUMN_LIST_PRICE:
        v->list_price = price;
        break;
    case COLUMN_QUANTITY:
        v->quantity = str_trim(value);
        break;
    case COLUMN_BARCODE:
        v->identifier_code = value;
        break;
    case COLUMN_COMBINED:
        v->combined = value;
        break;
    case COLUMN_IMAGE:
        v->image.location = value;
        break;
    case COLUMN_OPTION_NAME:
        r->names[n - 1].name = value;
        break;
    case COLUMN_OPTION_VALUE:
        options->rows[n - 1].value = value;
        break;
    default:
        if (words_warehouse(key).n)
            options->stocks[options->stock_count++] =
                (struct listing_field){keep(r, str_of(name)), value};
        break;
    }
}

/* Shopify writes "Title" "Default Title" where there is nothing to choose. */
static bool is_no_option(const struct listing_field *f)
{
    return str_empty(f->name) || str_empty(f->value) || str_is(f->value, "Default Title");
}

static void take_options(struct reader *r, struct listing_variant *v,
                         struct options *options)
{
    struct listing_field *kept = arena_zalloc(r->arena, OPTIONS, sizeof *kept);

    if (!kept) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < OPTIONS; i++) {
        options->rows[i].name = r->names[i].name;
        if (!is_no_option(&options->rows[i]))
            kept[v->option_count++] = options->rows[i];
    }
    v->options = kept;
}

static void read_variant(struct reader *r, const json_t *object,
                         struct listing_variant *v)
{
    struct options options = {0};
    const char *name;
    json_t *value;

    *v = (struct listing_variant){0};
    options.stocks =
        arena_zalloc(r->arena, json_object_size(object) + 1, sizeof *options.stocks);
    if (!options.stocks) {
        r->no_memory = true;
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
        read_cell(r, v, &options, object, name);
    v->stocks = options.stocks;
    v->stock_count = options.stock_count;
    take_options(r, v, &options);
}

static void read_variants(struct reader *r, const json_t *list,
                          struct assemble_request *out)
{
    size_t count = json_array_size(list);
    struct listing_variant *rows =
        count ? arena_zalloc(r->arena, count, sizeof *rows) : NULL;

    if (count && !rows) {
        r->no_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        read_variant(r, json_array_get(list, i), &rows[i]);
    out->variants = rows;
    out->variant_count = count;
}

/* ---- images, fields ---- */

static bool is_there(const struct listing_image *rows, size_t count, struct str location)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].location, location))
            return true;
    return false;
}

/* The main one, and those of the list that are others. */
static void read_images(struct reader *r, const struct product *product,
                        const json_t *list, struct assemble_request *out)
{
    bool main = product->image_location.n > 0;
    size_t more = json_array_size(list), count = 0;
    struct listing_image *rows;

    if (more + main == 0)
        return;
    rows = arena_zalloc(r->arena, more + main, sizeof *rows);
    if (!rows) {
        r->no_memory = true;
        return;
    }
    if (main)
        rows[count++].location = product->image_location;
    for (size_t i = 0; i < more; i++) {
        struct str location = json_value_str(json_array_get(list, i));

        if (location.n && !is_there(rows, count, location))
            rows[count++].location = keep(r, location);
    }
    out->images = rows;
    out->image_count = count;
}

static void read_fields(struct reader *r, const json_t *root,
                        struct assemble_request *out)
{
    size_t count = 0;
    struct listing_field *rows =
        arena_zalloc(r->arena, json_object_size(root) + 1, sizeof *rows);
    const char *name;
    json_t *value;

    if (!rows) {
        r->no_memory = true;
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)root, name, value)
    {
        if (json_is_array(value) || json_is_object(value) || json_is_null(value))
            continue;
        rows[count].name = keep(r, str_of(name));
        rows[count++].value = value_text(r, root, name);
    }
    out->fields = rows;
    out->field_count = count;
}

enum aisle_status listing_fields(const struct product *product, struct arena *arena,
                                 struct assemble_request *out, struct aisle_err *err)
{
    struct reader r = {.arena = arena};
    json_t *root = NULL;
    enum aisle_status status;

    if (str_empty(product->attributes)) {
        read_images(&r, product, NULL, out);
        return r.no_memory ? aisle_nomem(err) : AISLE_OK;
    }
    status = json_read(product->attributes, PRODUCT_MAX_ATTRIBUTES,
                       "attributes of a product", &root, err);
    if (status != AISLE_OK)
        return status;
    if (json_is_object(root)) {
        read_fields(&r, root, out);
        read_variants(&r, json_list(root, "variants"), out);
    }
    read_images(&r, product, json_list(root, "images"), out);
    json_decref(root);
    return r.no_memory ? aisle_nomem(err) : AISLE_OK;
}
