/* variants.c - a table in which one product has a row for each of its variants
 *
 * They follow each other, and share what names the product: a column of parents ("SKU
 * Induk", "item_group_id"), the product's code beside a variant's own ("Kode Produk" of a
 * Shopee export), or the id itself. What tells them apart is a column of options
 * ("Varian", or "Warna" and "Ukuran"); rows that none tells apart are no variants, and
 * stay products of their own where they have an id of their own. What the rows share is
 * the product's, of its title and the like the first; the rest is each variant's, under
 * the names Shopify has for it or its column's.
 */
#include "base/text.h"
#include "feeds/import.h"

#include <stdio.h>

enum {
    VARIANTS_MAX = 44 * 1024, /* of 64 KiB attributes */
    ROWS_MAX = 1000,
    HELD_MAX = 256 * 1024 * 1024,
    CODES_MAX = 24,
    CHOICES_MAX = 32,
    OPTIONS_MAX = 3, /* as many as a marketplace takes */
};

/* ---- columns ---- */

/* What variants are told apart by: a value, and what it is one of. */
struct choice {
    size_t value;
    size_t name;     /* a column; else: */
    struct str word; /* its heading, or what that means */
    bool plain;      /* other tables have such a column too: "Warna" */
};

struct layout {
    size_t groups[CODES_MAX], group_count; /* what the rows of a product share */
    size_t codes[CODES_MAX], code_count;   /* a variant's own, the best first */
    size_t number;                         /* what another system counts it by */
    struct choice choices[CHOICES_MAX];
    size_t choice_count;
    bool has_options; /* in columns that only variants have */
};

static size_t column_called(const struct feed_columns *c, const char *key)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_is(c->keys[i], key))
            return i;
    return FEED_NO_COLUMN;
}

static bool is_among(const size_t *columns, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

static void add_column(size_t column, size_t columns[CODES_MAX], size_t *count)
{
    if (column != FEED_NO_COLUMN && *count < CODES_MAX &&
        !is_among(columns, *count, column))
        columns[(*count)++] = column;
}

static void add_columns(const struct feed_columns *c, const char *const *keys,
                        size_t columns[CODES_MAX], size_t *count)
{
    for (; *keys; keys++)
        add_column(column_called(c, *keys), columns, count);
}

static void add_choice(struct layout *l, struct choice choice)
{
    if (choice.value == FEED_NO_COLUMN || l->choice_count == CHOICES_MAX)
        return;
    l->choices[l->choice_count++] = choice;
    l->has_options = l->has_options || !choice.plain;
}

/* "Nama Varian 1", "Warna", beside "Pilihan Varian 1", "Merah". */
static void find_pairs(const struct feed_columns *c, struct layout *l)
{
    static const struct {
        const char *name[2], *value[2]; /* what stands around the number */
    } pairs[] = {
        {{"nama varian ", ""}, {"pilihan varian ", ""}},
        {{"nama varian ", ""}, {"nilai varian ", ""}},
        {{"tipe varian ", ""}, {"pilihan varian ", ""}},
        {{"nama variasi ", ""}, {"pilihan variasi ", ""}},
        {{"nama variasi ", ""}, {"nilai variasi ", ""}},
        {{"nama variasi ", ""}, {"varian untuk variasi ", ""}},
        {{"tipe variasi ", ""}, {"pilihan variasi ", ""}},
        {{"nama opsi ", ""}, {"nilai opsi ", ""}},
        {{"variation name", ""}, {"option for variation ", ""}},
        {{"variation name ", ""}, {"option for variation ", ""}},
        {{"option", " name"}, {"option", " value"}},
        {{"option ", " name"}, {"option ", " value"}},
    };

    for (unsigned n = 1; n <= OPTIONS_MAX; n++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            char name[48], value[48];
            size_t at;

            snprintf(name, sizeof name, "%s%u%s", pairs[i].name[0], n, pairs[i].name[1]);
            snprintf(value, sizeof value, "%s%u%s", pairs[i].value[0], n,
                     pairs[i].value[1]);
            at = column_called(c, name);
            if (at != FEED_NO_COLUMN)
                add_choice(l,
                           (struct choice){.name = at, .value = column_called(c, value)});
        }
}

/* Without a word the heading is it. */
static const struct {
    const char *key, *word;
    bool plain;
} choices[] = {
    {"varian", NULL, false},
    {"variasi", NULL, false},
    {"variant", NULL, false},
    {"variation", NULL, false},
    {"nama varian", "Varian", false},
    {"nilai varian", "Varian", false},
    {"pilihan varian", "Varian", false},
    {"nama variasi", "Variasi", false},
    {"nilai variasi", "Variasi", false},
    {"pilihan variasi", "Variasi", false},
    {"variant name", "Variant", false},
    {"variation name", "Variation", false},
    {"variation value", "Variation", false},
    {"variation option", "Variation", false},
    {"warna", NULL, true},
    {"color", NULL, true},
    {"colour", NULL, true},
    {"ukuran", NULL, true},
    {"size", NULL, true},
    {"motif", NULL, true},
    {"pattern", NULL, true},
    {"rasa", NULL, true},
    {"flavor", NULL, true},
    {"flavour", NULL, true},
    {"aroma", NULL, true},
    {"kapasitas", NULL, true},
    {"capacity", NULL, true},
    {"bahan", NULL, true},
    {"material", NULL, true},
    {"model", NULL, true},
    {"age group", NULL, true},
    {"gender", NULL, true},
};

static void find_choices(const struct feed_columns *c, struct layout *l)
{
    find_pairs(c, l);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        size_t at = column_called(c, choices[i].key);

        if (at != FEED_NO_COLUMN)
            add_choice(l,
                       (struct choice){.value = at,
                                       .name = FEED_NO_COLUMN,
                                       .word = choices[i].word ? str_of(choices[i].word)
                                                               : c->names[at],
                                       .plain = choices[i].plain});
    }
}

static size_t find_first(const struct feed_columns *c, const char *const *keys)
{
    size_t at = FEED_NO_COLUMN;

    for (; *keys && at == FEED_NO_COLUMN; keys++)
        at = column_called(c, *keys);
    return at;
}

static void find_codes(const struct feed_columns *c, struct layout *l)
{
    static const char *const variants[] = {
        "sku varian",  "sku variasi", "variant sku", "variation sku", "sku", "seller sku",
        "sku penjual", "kode sku",    "nomor sku",   "item sku",      NULL};
    static const char *const numbers[] = {
        "kode varian", "kode variasi", "variant id", "variation id",
        "sku id",      "id sku",       NULL};

    add_columns(c, variants, l->codes, &l->code_count);
    l->number = find_first(c, numbers);
    if (l->code_count == 0) {
        add_column(l->number, l->codes, &l->code_count);
        l->number = FEED_NO_COLUMN;
    }
    for (size_t i = 0; i < c->from_count[FEED_ID]; i++)
        add_column(c->from[FEED_ID][i], l->codes, &l->code_count);
}

/* A code of the product alone says little where there are no variants: most tables have
 * it beside a SKU. Who maps the id has said what names a product. */
static void find_groups(const struct feed_import *im, struct layout *l)
{
    static const char *const parents[] = {"sku induk",
                                          "parent sku",
                                          "item group id",
                                          "parent id",
                                          "parent product id",
                                          "id induk",
                                          "kode induk",
                                          "group id",
                                          "induk sku",
                                          "variant group",
                                          "sku parent",
                                          "product group id",
                                          NULL};
    static const char *const products[] = {"kode produk", "id produk",   "product id",
                                           "productid",   "kode barang", "item id",
                                           NULL};

    if (!str_empty(im->map.name[FEED_ID]))
        return;
    add_columns(&im->columns, parents, l->groups, &l->group_count);
    if (l->has_options)
        add_columns(&im->columns, products, l->groups, &l->group_count);
}

static void read_layout(const struct feed_import *im, struct layout *l)
{
    *l = (struct layout){0};
    find_choices(&im->columns, l);
    find_groups(im, l);
    find_codes(&im->columns, l);
}

bool feed_may_have_variants(const struct feed_import *im)
{
    struct layout l;

    if (im->columns.form != FEED_TABLE)
        return false;
    read_layout(im, &l);
    return l.choice_count > 0;
}

void feed_variant_names(const struct feed_import *im, struct buf *names)
{
    const struct feed_columns *c = &im->columns;
    struct layout l;
    char name[64];

    read_layout(im, &l);
    feed_row_name(names, STR_LIT("Variant ID"));
    feed_row_name(names, STR_LIT("Variant SKU"));
    if (c->from_count[FEED_PRICE])
        feed_row_name(names, STR_LIT("Variant Price"));
    if (c->from_count[FEED_IMAGE])
        feed_row_name(names, STR_LIT("Variant Image"));
    for (size_t i = 1; i <= OPTIONS_MAX; i++) {
        snprintf(name, sizeof name, "Option%zu Name", i);
        feed_row_name(names, str_of(name));
        snprintf(name, sizeof name, "Option%zu Value", i);
        feed_row_name(names, str_of(name));
    }
    if (l.has_options) /* else a product without them says nothing of variants */
        feed_row_name(names, FEED_VARIANTS);
}

/* ---- the rows of one product ---- */

struct held {
    size_t line;
    struct str *cells;
};

struct family {
    struct layout layout;
    struct arena arena;
    struct arena_mark mark;
    struct held *rows; /* in the file's arena */
    size_t count;
    struct str key, column; /* what they share, and where it stands */
    size_t at;              /* that column */
    bool grouped;           /* it is no id of each */
    struct feed_row row;
    struct buf json;
    struct json_out list;
};

/* By what a row belongs to others; FEED_NO_COLUMN for nothing. */
static size_t find_key(const struct feed_import *im, const struct family *f,
                       bool *grouped)
{
    *grouped = true;
    for (size_t i = 0; i < f->layout.group_count; i++)
        if (!str_empty(im->cells[f->layout.groups[i]]))
            return f->layout.groups[i];
    *grouped = false;
    return feed_find_cell(im, FEED_ID);
}

static void begin(struct feed_import *im, struct family *f, size_t at, bool grouped)
{
    arena_rewind(&f->arena, f->mark);
    f->count = 0;
    f->at = at;
    f->grouped = grouped;
    f->key = f->column = str_of(NULL);
    if (at == FEED_NO_COLUMN)
        return;
    f->column = im->columns.names[at];
}

static enum aisle_status hold(struct feed_import *im, struct family *f, size_t line,
                              struct aisle_err *err)
{
    size_t count = im->columns.count;
    struct held *row = &f->rows[f->count];

    if (f->count == ROWS_MAX) {
        feed_tell(im, line, f->column, FEED_LEFT_OUT,
                  "make several products of it, each with an id of its own",
                  "rows of %.*s are over %d: this one is left out",
                  STR_ARG(utf8_head(f->key, 60)), ROWS_MAX);
        return AISLE_OK;
    }
    *row = (struct held){line, arena_zalloc(&f->arena, count, sizeof *row->cells)};
    for (size_t i = 0; row->cells && i < count; i++) {
        row->cells[i] = arena_str(&f->arena, im->cells[i]);
        if (!row->cells[i].p)
            return aisle_nomem(err);
    }
    if (!row->cells)
        return aisle_nomem(err);
    f->count++;
    if (f->count == 1 && f->at != FEED_NO_COLUMN)
        f->key = row->cells[f->at];
    return AISLE_OK;
}

/* ---- options ---- */

struct options {
    const struct choice *of[OPTIONS_MAX];
    size_t count;
};

/* Blank cells are as those above: a table with merged cells has them. */
static bool differs(const struct family *f, size_t column)
{
    struct str first = {0};

    for (size_t i = 0; i < f->count; i++) {
        struct str cell = f->rows[i].cells[column];

        if (!str_empty(first) && !str_empty(cell) && !str_eq(first, cell))
            return true;
        first = str_empty(first) ? cell : first;
    }
    return false;
}

static bool is_filled(const struct family *f, size_t column)
{
    for (size_t i = 0; i < f->count; i++)
        if (!str_empty(f->rows[i].cells[column]))
            return true;
    return false;
}

/* A colour that all have is no option, but what that product is. */
static void choose(const struct family *f, bool plain, struct options *out)
{
    for (size_t i = 0; i < f->layout.choice_count && out->count < OPTIONS_MAX; i++) {
        const struct choice *one = &f->layout.choices[i];

        if (one->plain == plain &&
            (plain ? differs(f, one->value) : is_filled(f, one->value)))
            out->of[out->count++] = one;
    }
}

static struct options find_options(const struct family *f)
{
    struct options options = {.count = 0};

    choose(f, false, &options);
    if (options.count == 0)
        choose(f, true, &options);
    return options;
}

static bool has_options(const struct options *o, const struct held *row)
{
    for (size_t i = 0; i < o->count; i++)
        if (!str_empty(row->cells[o->of[i]->value]))
            return true;
    return false;
}

static bool same_options(const struct options *o, const struct held *a,
                         const struct held *b)
{
    for (size_t i = 0; i < o->count; i++)
        if (!str_eq(a->cells[o->of[i]->value], b->cells[o->of[i]->value]))
            return false;
    return true;
}

/* Whether the row is a variant; told when it should be one and is not. The first row may
 * speak of the product alone. */
static bool is_variant(struct feed_import *im, const struct family *f,
                       const struct options *o, size_t at)
{
    const struct held *row = &f->rows[at];

    if (f->count == 1)
        return true;
    if (!has_options(o, row)) {
        if (at > 0)
            feed_tell(im, row->line, f->column, FEED_LEFT_OUT,
                      "say what tells it from the others",
                      "this row of %.*s has none of its options",
                      STR_ARG(utf8_head(f->key, 60)));
        return false;
    }
    for (size_t i = 0; i < at; i++)
        if (same_options(o, row, &f->rows[i])) {
            feed_tell(im, row->line, f->column, FEED_LEFT_OUT,
                      "say what tells it from the others",
                      "this row of %.*s has the options of line %zu",
                      STR_ARG(utf8_head(f->key, 60)), f->rows[i].line);
            return false;
        }
    return true;
}

/* ---- a variant ---- */

static void add_cell(struct family *f, struct str name, struct str value)
{
    char key[256];

    if (str_empty(value))
        return;
    snprintf(key, sizeof key, "%.*s", STR_ARG(utf8_head(name, 60)));
    json_add_str(&f->list, key, utf8_head(value, 1000));
}

/* What stands where there is nothing to choose. */
static bool is_default(const struct family *f, struct str value)
{
    return f->count == 1 &&
           (str_eq_nocase(value, STR_LIT("default")) || str_is(value, "-"));
}

static void add_options(struct family *f, const struct options *o, const struct held *row)
{
    for (size_t i = 0; i < o->count; i++) {
        const struct choice *one = o->of[i];
        char name[64];

        if (str_empty(row->cells[one->value]) || is_default(f, row->cells[one->value]))
            continue;
        snprintf(name, sizeof name, "Option%zu Name", i + 1);
        add_cell(f, str_of(name),
                 one->name == FEED_NO_COLUMN ? one->word : row->cells[one->name]);
        snprintf(name, sizeof name, "Option%zu Value", i + 1);
        add_cell(f, str_of(name), row->cells[one->value]);
    }
}

/* Its own code; FEED_NO_COLUMN for none. */
static size_t find_code(const struct family *f, const struct held *row)
{
    for (size_t i = 0; i < f->layout.code_count; i++) {
        size_t at = f->layout.codes[i];

        if (at != f->at && !is_among(f->layout.groups, f->layout.group_count, at) &&
            !str_empty(row->cells[at]))
            return at;
    }
    return FEED_NO_COLUMN;
}

/* Stock and codes are each variant's, also where they happen to be alike. */
static bool is_always_its_own(struct str key)
{
    static const char *const begins[] = {
        "stok",      "stock",       "quantity", "qty",     "jumlah", "total stok",
        "kuantitas", "inventory",   "barcode",  "gtin",    "ean",    "upc",
        "isbn",      "kode batang", "kode ean", "variant "};
    static const char *const words[] = {"varian", "variasi", "variation"};

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (str_starts(key, begins[i]))
            return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_find(key, str_of(words[i])) < key.n)
            return true;
    return false;
}

static bool is_choice(const struct options *o, size_t column)
{
    for (size_t i = 0; i < o->count; i++)
        if (o->of[i]->value == column || o->of[i]->name == column)
            return true;
    return false;
}

/* Of our fields a variant has its price and picture only. */
static bool is_field(const struct feed_columns *c, size_t column)
{
    for (size_t field = 0; field < FEED_FIELDS; field++)
        if (field != FEED_ID && is_among(c->from[field], c->from_count[field], column))
            return true;
    return c->pictures[column] != 0;
}

static bool is_a_code(const struct family *f, size_t column)
{
    return column != f->at &&
           !is_among(f->layout.groups, f->layout.group_count, column) &&
           (column == f->layout.number ||
            is_among(f->layout.codes, f->layout.code_count, column));
}

static bool is_its_own(const struct feed_import *im, const struct family *f,
                       const struct options *o, size_t column)
{
    const struct feed_columns *c = &im->columns;

    return column != f->at && !is_choice(o, column) && !is_field(c, column) &&
           !is_a_code(f, column) &&
           (is_always_its_own(c->keys[column]) || differs(f, column));
}

/* Of their own: one that all share is the product's. */
static bool have_pictures(const struct feed_import *im, const struct family *f)
{
    const struct feed_columns *c = &im->columns;

    for (size_t i = 0; i < c->from_count[FEED_IMAGE]; i++)
        if (differs(f, c->from[FEED_IMAGE][i]))
            return true;
    return false;
}

static void add_variant(struct feed_import *im, struct family *f, const struct options *o,
                        const struct held *row)
{
    size_t code = find_code(f, row);

    if (f->json.n > VARIANTS_MAX) {
        f->row.is_full = true;
        return;
    }
    im->cells = row->cells;
    json_open(&f->list);
    add_options(f, o, row);
    add_cell(f, STR_LIT("Variant SKU"), feed_cell(im, code));
    add_cell(f, STR_LIT("Variant Price"), feed_cell(im, feed_find_cell(im, FEED_PRICE)));
    add_cell(f, STR_LIT("Variant ID"), feed_cell(im, f->layout.number));
    if (have_pictures(im, f))
        add_cell(f, STR_LIT("Variant Image"),
                 feed_first_image(feed_cell(im, feed_find_cell(im, FEED_IMAGE))));
    for (size_t i = 0; i < im->columns.count; i++)
        if (is_its_own(im, f, o, i))
            add_cell(f, im->columns.names[i], row->cells[i]);
    json_close(&f->list);
}

/* ---- a product ---- */

/* What the rows say of the product: the first that says something. */
static struct str *common_cells(struct feed_import *im, struct family *f,
                                const struct options *o)
{
    size_t count = im->columns.count;
    struct str *cells = arena_zalloc(&f->arena, count, sizeof *cells);

    for (size_t i = 0; cells && i < count; i++) {
        bool own = is_its_own(im, f, o, i) || is_choice(o, i) || is_a_code(f, i);

        for (size_t k = 0; !own && k < f->count && str_empty(cells[i]); k++)
            cells[i] = f->rows[k].cells[i];
    }
    return cells;
}

/* The pictures of all rows are the product's too. */
static void add_pictures(struct feed_import *im, struct family *f)
{
    const struct feed_columns *c = &im->columns;

    for (size_t k = 1; k < f->count; k++)
        for (size_t i = 0; i < c->count; i++)
            if ((c->pictures[i] ||
                 is_among(c->from[FEED_IMAGE], c->from_count[FEED_IMAGE], i)) &&
                !str_eq(f->rows[k].cells[i], f->rows[k - 1].cells[i]) &&
                !str_eq(f->rows[k].cells[i], f->rows[0].cells[i]))
                feed_row_images(&f->row, f->rows[k].cells[i]);
}

static enum aisle_status add_variants(struct feed_import *im, struct family *f,
                                      const struct options *o, struct aisle_err *err)
{
    buf_reset(&f->json);
    f->list = (struct json_out){.buf = &f->json};
    json_open_list(&f->list);
    for (size_t i = 0; i < f->count; i++)
        if (is_variant(im, f, o, i))
            add_variant(im, f, o, &f->rows[i]);
    json_close_list(&f->list);
    if (f->json.failed)
        return buf_check(&f->json, "variants", err);
    feed_row_extra_json(&f->row, FEED_VARIANTS, buf_str(&f->json));
    return AISLE_OK;
}

static bool is_apart(struct feed_import *im, const struct family *f)
{
    size_t before = seen_line(&im->seen, f->row.value[FEED_ID]);

    if (before)
        feed_tell(im, f->row.line, f->column, FEED_LEFT_OUT,
                  "sort the file by that column",
                  "rows of %.*s do not follow each other: these were left out, those of "
                  "line %zu taken",
                  STR_ARG(utf8_head(f->key, 60)), before);
    return before != 0;
}

static enum aisle_status finish_as_one(struct feed_import *im, struct family *f,
                                       const struct options *o, struct aisle_err *err)
{
    enum aisle_status status;

    im->cells = common_cells(im, f, o);
    if (!im->cells)
        return aisle_nomem(err);
    feed_row_begin(im, &f->row, f->rows[0].line);
    status = feed_row_set(im, &f->row, FEED_ID, f->column, false, f->key, err);
    if (status == AISLE_OK)
        status = feed_take_row(im, &f->row, NULL, err);
    if (status != AISLE_OK || is_apart(im, f))
        return status;
    add_pictures(im, f);
    status = add_variants(im, f, o, err);
    return status == AISLE_OK ? feed_row_finish(im, &f->row, err) : status;
}

/* As in any table. */
static enum aisle_status finish_each(struct feed_import *im, struct family *f,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (f->grouped)
        feed_tell(
            im, f->rows[0].line, f->column, FEED_TAKEN,
            "add a column that tells them apart, such as Varian, Warna or Ukuran",
            "rows of %.*s are told apart by no option: each is a product of its own",
            STR_ARG(utf8_head(f->key, 60)));
    for (size_t i = 0; i < f->count && status == AISLE_OK; i++) {
        im->cells = f->rows[i].cells;
        feed_row_begin(im, &f->row, f->rows[i].line);
        status = feed_take_row(im, &f->row, NULL, err);
        if (status == AISLE_OK)
            status = feed_row_finish(im, &f->row, err);
    }
    return status;
}

static enum aisle_status finish(struct feed_import *im, struct family *f,
                                struct aisle_err *err)
{
    struct str *cells = im->cells;
    struct options options = find_options(f);
    bool as_one = f->count == 1 ? f->grouped : options.count > 0;
    enum aisle_status status = AISLE_OK;

    if (f->count)
        status = as_one ? finish_as_one(im, f, &options, err) : finish_each(im, f, err);
    im->cells = cells;
    return status;
}

/* ---- the table ---- */

static enum aisle_status add_row(struct feed_import *im, struct family *f, size_t line,
                                 struct aisle_err *err)
{
    bool grouped;
    size_t at = find_key(im, f, &grouped);
    bool follows =
        f->count && at != FEED_NO_COLUMN && at == f->at && str_eq(im->cells[at], f->key);

    if (!follows) {
        enum aisle_status status = finish(im, f, err);

        if (status != AISLE_OK)
            return status;
        begin(im, f, at, grouped);
    }
    return hold(im, f, line, err);
}

enum aisle_status feed_read_variants(struct feed_import *im, struct csv *csv,
                                     struct aisle_err *err)
{
    struct family f = {.arena = ARENA_INIT(HELD_MAX), .json = BUF_INIT(CSV_MAX_ROW)};
    enum aisle_status status;
    size_t line;

    read_layout(im, &f.layout);
    feed_row_init(&f.row);
    f.rows = arena_zalloc(&im->file, ROWS_MAX, sizeof *f.rows);
    status = f.rows && arena_alloc(&f.arena, 1) ? AISLE_OK : aisle_nomem(err);
    f.mark = arena_mark(&f.arena);
    for (line = 1; status == AISLE_OK && line;) {
        status = feed_next_row(im, csv, &line, err);
        if (status == AISLE_OK)
            status = line ? add_row(im, &f, line, err) : finish(im, &f, err);
    }
    feed_row_clear(&f.row);
    buf_clear(&f.json);
    arena_clear(&f.arena);
    return status;
}
