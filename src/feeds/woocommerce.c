/* woocommerce.c - WooCommerce's product export: a row is a product, or a variation of one
 *
 * A variation names its parent by SKU, or as "id:45" (WooCommerce docs, "Product CSV
 * Importer and Exporter"), and may stand before it or far behind. It is a variant of that
 * product, and what it says is kept under the names Shopify has for it. So products with
 * variations are held until the file has ended; all others go on at once. One whose
 * parent is not published is not either. What is a mere group of others, or sold
 * elsewhere, is no product of ours.
 */
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "feeds/import.h"

#include <stdio.h>

enum {
    VARIANTS_MAX = 44 * 1024, /* of 64 KiB attributes */
    HELD_MAX = 256 * 1024 * 1024,
    ATTRIBUTES_MAX = 30,
    OPTIONS_NAMED = 9,
};

/* ---- columns ---- */

struct attribute {
    size_t number, name,
        value; /* "Attribute 2 name": 2, and where it and its value are */
};

struct layout {
    struct attribute attributes[ATTRIBUTES_MAX];
    size_t attribute_count;
    size_t stock, barcode;
};

static bool has_word(struct str key, const char *const *words)
{
    for (; *words; words++)
        if (str_find(key, str_of(*words)) < key.n)
            return true;
    return false;
}

static size_t column_called(const struct feed_columns *c, const char *const *words)
{
    for (; *words; words++)
        for (size_t i = 0; i < c->count; i++)
            if (str_is(c->keys[i], *words))
                return i;
    return FEED_NO_COLUMN;
}

/* The first in it; 0 for none, or one too long. */
static size_t number_in(struct str key)
{
    size_t at = 0, n = 0, digits = 0;

    while (at < key.n && (key.p[at] < '0' || key.p[at] > '9'))
        at++;
    for (; at < key.n && key.p[at] >= '0' && key.p[at] <= '9' && digits < 6; digits++)
        n = 10 * n + (size_t)(key.p[at++] - '0');
    return digits < 6 ? n : 0;
}

static struct attribute *attribute_numbered(struct layout *l, size_t number)
{
    for (size_t i = 0; i < l->attribute_count; i++)
        if (l->attributes[i].number == number)
            return &l->attributes[i];
    return NULL;
}

/* Of the columns of one number the first is the name and the second the value, in every
 * language; whether it is seen and where else it is used come behind. */
static void find_attributes(const struct feed_columns *c, struct layout *l)
{
    static const char *const words[] = {
        "attribut", "atribut",    "atrybut",     "attribuut",  "атрибут",
        "nitelik",  "eigenschap", "eigenschaft", "thuoc tinh", NULL};
    size_t whole = 0;

    for (size_t i = 0; i < c->count; i++) {
        size_t number = number_in(c->keys[i]);
        struct attribute *a = attribute_numbered(l, number);

        if (number == 0 || !has_word(c->keys[i], words))
            continue;
        if (a && a->value == FEED_NO_COLUMN)
            a->value = i;
        else if (!a && l->attribute_count < ATTRIBUTES_MAX)
            l->attributes[l->attribute_count++] =
                (struct attribute){number, i, FEED_NO_COLUMN};
    }
    for (size_t i = 0; i < l->attribute_count; i++)
        if (l->attributes[i].value != FEED_NO_COLUMN)
            l->attributes[whole++] = l->attributes[i];
    l->attribute_count = whole;
}

static void read_layout(const struct feed_columns *c, struct layout *l)
{
    static const char *const stocks[] = {
        "stock",    "stok",    "запасы",        "inventario", "existencias", "estoque",
        "voorraad", "bestand", "stan magazynu", "magazzino",  "kho hang",    NULL};
    static const char *const barcodes[] = {
        "gtin upc ean or isbn", "gtin", "ean", "upc", "isbn", "barcode", NULL};

    *l = (struct layout){0};
    find_attributes(c, l);
    l->stock = column_called(c, stocks);
    l->barcode = column_called(c, barcodes);
}

static bool is_weight(struct str key)
{
    static const char *const words[] = {"weight", "berat", "gewicht", "peso",
                                        "poids",  "вес",   "waga",    NULL};

    for (size_t i = 0; words[i]; i++)
        if (str_starts(key, words[i]))
            return true;
    return false;
}

void feed_woocommerce_names(const struct feed_columns *c, struct buf *names)
{
    struct layout l;
    char name[64];

    if (c->parent == FEED_NO_COLUMN)
        return;
    read_layout(c, &l);
    feed_row_name(names, STR_LIT("Variant ID"));
    feed_row_name(names, STR_LIT("Variant SKU"));
    if (c->from_count[FEED_PRICE])
        feed_row_name(names, STR_LIT("Variant Price"));
    if (c->from_count[FEED_IMAGE])
        feed_row_name(names, STR_LIT("Variant Image"));
    if (l.stock != FEED_NO_COLUMN)
        feed_row_name(names, STR_LIT("Variant Inventory Qty"));
    if (l.barcode != FEED_NO_COLUMN)
        feed_row_name(names, STR_LIT("Variant Barcode"));
    for (size_t i = 1; l.attribute_count && i <= OPTIONS_NAMED; i++) {
        snprintf(name, sizeof name, "Option%zu Name", i);
        feed_row_name(names, str_of(name));
        snprintf(name, sizeof name, "Option%zu Value", i);
        feed_row_name(names, str_of(name));
    }
    feed_row_name(names, FEED_VARIANTS); /* the last: find_gaps leaves it out */
}

/* ---- what is held ---- */

struct variation {
    struct variation *next, *next_of_family;
    size_t line;
    struct str parent, name; /* as the file calls them */
    struct str json;         /* an object, but for its end */
    struct str price, image;
    bool shares_stock; /* its parent keeps it */
};

struct family {
    struct family *next;
    size_t line;
    struct str *cells; /* of the parent's row */
    struct str sku, number;
    struct variation *first, **end;
};

struct holding {
    struct layout layout;
    struct arena arena;
    struct family *families, **families_end;
    struct variation *variations, **variations_end;
    size_t family_count;
    struct family **places; /* of both names of each, at the end */
    size_t room;            /* a power of two */
    struct buf json;
    struct json_out out; /* into json */
};

static enum aisle_status check_room(const struct holding *h, size_t line,
                                    struct aisle_err *err)
{
    if (h->arena.used < HELD_MAX)
        return AISLE_OK;
    return aisle_fail(err, AISLE_LIMIT,
                      "line %zu: products with variations are over %d MiB by now: export "
                      "them in several files, each with all variations of its products",
                      line, HELD_MAX / (1024 * 1024));
}

static struct str own_sku(const struct feed_import *im)
{
    return im->cells[im->columns.sku];
}

/* "id:45" */
static struct str own_number(const struct feed_import *im, struct arena *arena)
{
    struct str number = feed_clean(im->cells[im->columns.row_id], arena);

    return number.p ? arena_fmt(arena, "id:%.*s", STR_ARG(number)) : number;
}

static enum aisle_status hold_family(struct feed_import *im, struct holding *h,
                                     size_t line, struct aisle_err *err)
{
    struct family *f = arena_zalloc(&h->arena, 1, sizeof *f);
    size_t count = im->columns.count;

    if (!f)
        return aisle_nomem(err);
    f->line = line;
    f->end = &f->first;
    f->sku = feed_clean(own_sku(im), &h->arena);
    f->number = own_number(im, &h->arena);
    f->cells = arena_zalloc(&h->arena, count, sizeof *f->cells);
    if (!f->cells || !f->sku.p || !f->number.p)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        f->cells[i] = arena_str(&h->arena, im->cells[i]);
        if (!f->cells[i].p)
            return aisle_nomem(err);
    }
    *h->families_end = f;
    h->families_end = &f->next;
    h->family_count++;
    return AISLE_OK;
}

/* ---- a variation ---- */

static void add_cell(struct holding *h, const char *name, struct str value)
{
    if (!str_empty(value))
        json_add_str(&h->out, name, utf8_head(value, 1000));
}

/* A comma that belongs to a value stands behind a backslash there. */
static enum aisle_status add_option(struct feed_import *im, struct holding *h, size_t n,
                                    const struct attribute *a, struct aisle_err *err)
{
    struct str value = im->cells[a->value];
    struct buf plain = BUF_INIT(CSV_MAX_CELL);
    char name[64];
    enum aisle_status status;

    for (size_t i = 0; i < value.n; i++)
        if (!(value.p[i] == '\\' && i + 1 < value.n && value.p[i + 1] == ','))
            buf_addc(&plain, value.p[i]);
    status = buf_check(&plain, "a value", err);
    if (status == AISLE_OK) {
        snprintf(name, sizeof name, "Option%zu Name", n);
        add_cell(h, name, im->cells[a->name]);
        snprintf(name, sizeof name, "Option%zu Value", n);
        add_cell(h, name, buf_str(&plain));
    }
    buf_clear(&plain);
    return status;
}

/* One that is left open fits any value: no buyer could say which. */
static enum aisle_status tell_any(struct feed_import *im, size_t line,
                                  const struct attribute *a, struct aisle_err *err)
{
    struct str name = feed_clean(im->cells[a->name], &im->row);

    if (!name.p)
        return aisle_nomem(err);
    feed_tell(im, line, im->columns.names[a->value], FEED_TAKEN,
              "make a variation of each to have buyers choose",
              "any %.*s fits this variation: it is no option of it",
              STR_ARG(utf8_head(name, 60)));
    return AISLE_OK;
}

static enum aisle_status add_options(struct feed_import *im, struct holding *h,
                                     size_t line, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    size_t n = 0;

    for (size_t i = 0; status == AISLE_OK && i < h->layout.attribute_count; i++) {
        const struct attribute *a = &h->layout.attributes[i];

        if (str_empty(im->cells[a->name]))
            continue;
        status = str_empty(im->cells[a->value]) ? tell_any(im, line, a, err)
                                                : add_option(im, h, ++n, a, err);
    }
    return status;
}

static void add_weights(struct feed_import *im, struct holding *h)
{
    const struct feed_columns *c = &im->columns;
    char name[256];

    for (size_t i = 0; i < c->count; i++) {
        if (!is_weight(c->keys[i]))
            continue;
        snprintf(name, sizeof name, "%.*s", STR_ARG(utf8_head(c->names[i], 60)));
        add_cell(h, name, im->cells[i]);
    }
}

/* All that it says, under the names Shopify has for it. */
static enum aisle_status write_variant(struct feed_import *im, struct holding *h,
                                       struct variation *v, struct aisle_err *err)
{
    struct str stock = feed_cell(im, h->layout.stock);
    enum aisle_status status;

    v->price = feed_cell(im, feed_find_cell(im, FEED_PRICE));
    v->image = feed_first_image(feed_cell(im, feed_find_cell(im, FEED_IMAGE)));
    v->shares_stock = str_is(stock, "parent");
    buf_reset(&h->json);
    h->out = (struct json_out){.buf = &h->json};
    json_open(&h->out);
    status = add_options(im, h, v->line, err);
    add_cell(h, "Variant ID", im->cells[im->columns.row_id]);
    add_cell(h, "Variant SKU", own_sku(im));
    add_cell(h, "Variant Price", v->price);
    if (!v->shares_stock)
        add_cell(h, "Variant Inventory Qty", stock);
    add_cell(h, "Variant Barcode", feed_cell(im, h->layout.barcode));
    add_cell(h, "Variant Image", v->image);
    add_weights(im, h);
    return status == AISLE_OK ? buf_check(&h->json, "a variation", err) : status;
}

static enum aisle_status hold_variation(struct feed_import *im, struct holding *h,
                                        size_t line, struct aisle_err *err)
{
    struct variation *v = arena_zalloc(&h->arena, 1, sizeof *v);
    enum aisle_status status;

    if (!v)
        return aisle_nomem(err);
    v->line = line;
    status = write_variant(im, h, v, err);
    if (status != AISLE_OK)
        return status;
    v->json = arena_str(&h->arena, buf_str(&h->json));
    v->price = arena_str(&h->arena, v->price);
    v->image = arena_str(&h->arena, v->image);
    v->parent = feed_clean(feed_cell(im, im->columns.parent), &h->arena);
    v->name = str_empty(own_sku(im)) ? own_number(im, &h->arena)
                                     : feed_clean(own_sku(im), &h->arena);
    if (!v->json.p || !v->price.p || !v->image.p || !v->parent.p || !v->name.p)
        return aisle_nomem(err);
    *h->variations_end = v;
    h->variations_end = &v->next;
    return AISLE_OK;
}

/* ---- who belongs to whom ---- */

static bool is_called(const struct family *f, struct str name)
{
    return str_eq(f->sku, name) || str_eq(f->number, name);
}

/* Where the family of that name is, or would be. */
static struct family **place_of(const struct holding *h, struct str name)
{
    size_t at = (size_t)str_hash(name) & (h->room - 1);

    while (h->places[at] && !is_called(h->places[at], name))
        at = (at + 1) & (h->room - 1);
    return &h->places[at];
}

/* Of two that are called the same the first is meant: the other is told of as it ends. */
static enum aisle_status place_families(struct holding *h, struct aisle_err *err)
{
    h->room = 16;
    while (h->room < 4 * h->family_count)
        h->room *= 2;
    h->places = mem_zalloc(h->room, sizeof(*h->places));
    if (!h->places)
        return aisle_nomem(err);
    for (struct family *f = h->families; f; f = f->next) {
        struct str names[] = {f->sku, f->number};

        for (size_t i = 0; i < 2; i++) {
            struct family **place = str_empty(names[i]) ? NULL : place_of(h, names[i]);

            if (place && !*place)
                *place = f;
        }
    }
    return AISLE_OK;
}

static void tell_orphan(struct feed_import *im, const struct variation *v)
{
    struct str column = im->columns.parent == FEED_NO_COLUMN
                            ? STR_LIT("")
                            : im->columns.names[im->columns.parent];

    if (str_empty(v->parent))
        feed_tell(im, v->line, column, FEED_LEFT_OUT, "export with the column of parents",
                  "%.*s is a variation, and nothing says of what",
                  STR_ARG(utf8_head(v->name, 60)));
    else
        feed_tell(
            im, v->line, column, FEED_LEFT_OUT,
            "export variable products and their variations into one file",
            "%.*s is a variation of %.*s, which is no variable product of this file",
            STR_ARG(utf8_head(v->name, 60)), STR_ARG(utf8_head(v->parent, 60)));
}

static void join_families(struct feed_import *im, struct holding *h)
{
    for (struct variation *v = h->variations; v; v = v->next) {
        struct family *f = str_empty(v->parent) ? NULL : *place_of(h, v->parent);

        if (!f) {
            tell_orphan(im, v);
            continue;
        }
        *f->end = v;
        f->end = &v->next_of_family;
    }
}

/* ---- a product with its variations ---- */

static enum aisle_status write_variants(struct holding *h, const struct family *f,
                                        struct feed_row *row, struct aisle_err *err)
{
    struct str stock =
        h->layout.stock == FEED_NO_COLUMN ? STR_LIT("") : f->cells[h->layout.stock];

    buf_reset(&h->json);
    buf_addc(&h->json, '[');
    for (const struct variation *v = f->first; v; v = v->next_of_family) {
        if (h->json.n + v->json.n > VARIANTS_MAX) {
            row->is_full = true;
            break;
        }
        if (v != f->first)
            buf_addc(&h->json, ',');
        buf_add(&h->json, v->json);
        if (v->shares_stock && !str_empty(stock)) {
            buf_addz(&h->json, ",\"Variant Inventory Qty\":");
            buf_json(&h->json, stock);
        }
        buf_addc(&h->json, '}');
    }
    buf_addc(&h->json, ']');
    feed_row_extra_json(row, FEED_VARIANTS, buf_str(&h->json));
    return buf_check(&h->json, "variations", err);
}

/* Where the parent has none: the price and image of the first that has one. */
static enum aisle_status lend(struct feed_import *im, const struct family *f,
                              struct feed_row *row, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (const struct variation *v = f->first; v && status == AISLE_OK;
         v = v->next_of_family) {
        status = feed_row_set(im, row, FEED_PRICE, row->column[FEED_PRICE], false,
                              v->price, err);
        if (status == AISLE_OK)
            status = feed_row_set(im, row, FEED_IMAGE, row->column[FEED_IMAGE], false,
                                  v->image, err);
    }
    return status;
}

static void tell_family(struct feed_import *im, const struct family *f)
{
    for (const struct variation *v = f->first; v; v = v->next_of_family)
        feed_tell(im, v->line, im->columns.names[im->columns.parent], FEED_LEFT_OUT,
                  "publish that to have it all the same",
                  "%.*s has a parent that is not published",
                  STR_ARG(utf8_head(v->name, 60)));
}

/* 1 is published, 0 private and -1 a draft. */
static void judge_sale(const struct feed_import *im, struct feed_row *row)
{
    struct str cell = feed_cell(im, im->columns.published);
    struct str kind = im->cells[im->columns.kind];

    row->withheld_by = im->columns.kind;
    if (str_starts(kind, "grouped"))
        row->withheld = FEED_GROUPED;
    if (str_starts(kind, "external"))
        row->withheld = FEED_EXTERNAL;
    if (str_is(cell, "0") || str_is(cell, "-1")) {
        row->withheld = FEED_UNPUBLISHED;
        row->withheld_by = im->columns.published;
    }
}

/* The cells at hand, of a product on its own or of a parent. */
static enum aisle_status take_product(struct feed_import *im, struct feed_row *row,
                                      size_t line, struct aisle_err *err)
{
    feed_row_begin(im, row, line);
    judge_sale(im, row);
    return feed_take_row(im, row, NULL, err);
}

/* A parent of which no variation came says nothing of them: those that stand stay, and
 * so does the price, which was one of theirs. */
static void leave_variants(struct feed_row *row)
{
    row->keeps_variants = true;
    if (str_empty(row->value[FEED_PRICE]))
        row->has &= ~(1u << FEED_PRICE);
}

static enum aisle_status finish_family(struct feed_import *im, struct holding *h,
                                       const struct family *f, struct feed_row *row,
                                       struct aisle_err *err)
{
    enum aisle_status status;

    im->cells = f->cells;
    status = take_product(im, row, f->line, err);
    if (status == AISLE_OK && !f->first)
        leave_variants(row);
    if (status == AISLE_OK && f->first && !row->withheld)
        status = lend(im, f, row, err);
    if (status == AISLE_OK && f->first && !row->withheld)
        status = write_variants(h, f, row, err);
    if (status == AISLE_OK)
        status = feed_row_finish(im, row, err);
    if (status == AISLE_OK && row->withheld)
        tell_family(im, f);
    return status;
}

static enum aisle_status finish_families(struct feed_import *im, struct holding *h,
                                         struct feed_row *row, struct aisle_err *err)
{
    struct str *cells = im->cells;
    enum aisle_status status = place_families(h, err);

    if (status != AISLE_OK)
        return status;
    join_families(im, h);
    for (struct family *f = h->families; f && status == AISLE_OK; f = f->next)
        status = finish_family(im, h, f, row, err);
    im->cells = cells;
    return status;
}

/* ---- rows ---- */

static enum aisle_status take_variation(struct feed_import *im, struct holding *h,
                                        struct feed_row *row, size_t line,
                                        struct aisle_err *err)
{
    enum aisle_status status;

    feed_row_begin(im, row, line);
    judge_sale(im, row);
    if (!row->withheld)
        return hold_variation(im, h, line, err);
    status = feed_take_fields(im, row, NULL, err);
    if (status == AISLE_OK)
        feed_tell_withheld(im, row);
    return status;
}

/* "variable, downloadable" and "variation, virtual" come too. */
static enum aisle_status add_row(struct feed_import *im, struct holding *h,
                                 struct feed_row *row, size_t line, struct aisle_err *err)
{
    struct str kind = im->cells[im->columns.kind];
    enum aisle_status status = check_room(h, line, err);

    if (status != AISLE_OK)
        return status;
    if (str_starts(kind, "variation"))
        return take_variation(im, h, row, line, err);
    if (str_starts(kind, "variable"))
        return hold_family(im, h, line, err);
    status = take_product(im, row, line, err);
    return status == AISLE_OK ? feed_row_finish(im, row, err) : status;
}

enum aisle_status feed_read_woocommerce(struct feed_import *im, struct csv *csv,
                                        struct aisle_err *err)
{
    struct holding h = {.arena = ARENA_INIT(2 * (size_t)HELD_MAX),
                        .json = BUF_INIT(4 * CSV_MAX_ROW)};
    enum aisle_status status;
    struct feed_row row;
    size_t line;

    h.families_end = &h.families;
    h.variations_end = &h.variations;
    read_layout(&im->columns, &h.layout);
    feed_row_init(&row);
    do {
        status = feed_next_row(im, csv, &line, err);
        if (status == AISLE_OK)
            status = line ? add_row(im, &h, &row, line, err)
                          : finish_families(im, &h, &row, err);
    } while (status == AISLE_OK && line);

    feed_row_clear(&row);
    buf_clear(&h.json);
    mem_free(h.places);
    arena_clear(&h.arena);
    return status;
}
