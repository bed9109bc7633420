/* woocommerce.c - WooCommerce's product export: a row is a product, or a variation of one
 *
 * A variation names its parent by SKU, or as "id:45", and has no category of its own
 * (WooCommerce docs, "Product CSV Importer and Exporter"): it gets its parent's, and the
 * parent's image and brand where it has none. One whose parent is not published is not
 * either. The export has parents first; of a parent that comes later, or after
 * PARENTS_MAX others, nothing is inherited.
 */
#include "base/mem.h"
#include "feeds/import.h"

enum { PARENTS_ROOM = 1 << 15, PARENTS_MAX = 20000, PARENTS_BYTES = 16 * 1024 * 1024 };

struct parent {
    struct str key; /* empty: a free place */
    struct str category, image, brand;
    bool category_several, image_several;
    bool withheld;
};

struct parents {
    struct parent *places; /* PARENTS_ROOM of them, once there is a parent */
    size_t count;
    struct arena text;
};

static struct parent *place_of(const struct parents *p, struct str key)
{
    size_t at = (size_t)str_hash(key) & (PARENTS_ROOM - 1);

    while (!str_empty(p->places[at].key) && !str_eq(p->places[at].key, key))
        at = (at + 1) & (PARENTS_ROOM - 1);
    return &p->places[at];
}

/* Under one of its two names. What finds no room is not remembered. */
static void remember(struct parents *p, struct str key, const struct feed_row *row)
{
    struct parent *place;

    if (str_empty(key) || p->count == PARENTS_MAX)
        return;
    place = place_of(p, key);
    if (!str_empty(place->key))
        return;
    *place = (struct parent){
        .category = arena_str(&p->text, row->value[FEED_CATEGORY]),
        .image = arena_str(&p->text, row->value[FEED_IMAGE]),
        .brand = arena_str(&p->text, row->value[FEED_BRAND]),
        .category_several = row->several[FEED_CATEGORY],
        .image_several = row->several[FEED_IMAGE],
        .withheld = row->withheld != FEED_ON_SALE,
    };
    key = arena_str(&p->text, key);
    if (place->category.p && place->image.p && place->brand.p && key.p) {
        place->key = key;
        p->count++;
    }
}

static enum aisle_status remember_parent(struct feed_import *im, struct parents *p,
                                         const struct feed_row *row,
                                         struct aisle_err *err)
{
    struct str number =
        arena_fmt(&im->row, "id:%.*s", STR_ARG(im->cells[im->columns.row_id]));

    if (!p->places)
        p->places = mem_zalloc(PARENTS_ROOM, sizeof *p->places);
    if (!p->places || !number.p)
        return aisle_nomem(err);
    remember(p, row->value[FEED_ID], row);
    if (number.n > 3)
        remember(p, number, row);
    return AISLE_OK;
}

/* What is inherited has no column: none of the variation's own row. */
static enum aisle_status inherit(struct feed_import *im, const struct parents *p,
                                 struct feed_row *row, struct aisle_err *err)
{
    struct str name = im->columns.parent == FEED_NO_COLUMN
                          ? str_of(NULL)
                          : im->cells[im->columns.parent];
    const struct parent *parent;
    enum aisle_status status;

    if (str_empty(name) || !p->places)
        return AISLE_OK;
    parent = place_of(p, name);
    if (parent->withheld && !row->withheld) {
        row->withheld = FEED_OF_UNPUBLISHED;
        row->withheld_by = im->columns.parent;
    }
    status = feed_row_set(im, row, FEED_CATEGORY, str_of(NULL), parent->category_several,
                          parent->category, err);
    if (status == AISLE_OK)
        status = feed_row_set(im, row, FEED_IMAGE, str_of(NULL), parent->image_several,
                              parent->image, err);
    if (status == AISLE_OK)
        status =
            feed_row_set(im, row, FEED_BRAND, str_of(NULL), false, parent->brand, err);
    return status;
}

/* 1 is published, 0 private and -1 a draft. */
static void judge_sale(const struct feed_import *im, struct feed_row *row)
{
    struct str cell = feed_cell(im, im->columns.published);

    row->withheld_by = im->columns.published;
    if (str_is(cell, "0") || str_is(cell, "-1"))
        row->withheld = FEED_UNPUBLISHED;
}

static enum aisle_status add_row(struct feed_import *im, struct parents *p,
                                 struct feed_row *row, size_t line, struct aisle_err *err)
{
    struct str kind = im->cells[im->columns.kind];
    enum aisle_status status;

    feed_row_begin(im, row, line);
    judge_sale(im, row);
    status = feed_take_row(im, row, NULL, err);
    /* "variable, downloadable" and "variation, virtual" come too */
    if (status == AISLE_OK && str_starts(kind, "variable"))
        status = remember_parent(im, p, row, err);
    if (status == AISLE_OK && str_starts(kind, "variation"))
        status = inherit(im, p, row, err);
    if (status == AISLE_OK)
        status = feed_row_finish(im, row, err);
    return status;
}

enum aisle_status feed_read_woocommerce(struct feed_import *im, struct csv *csv,
                                        struct aisle_err *err)
{
    struct parents parents = {.text = ARENA_INIT(PARENTS_BYTES)};
    enum aisle_status status;
    struct feed_row row;
    size_t line;

    feed_row_init(&row);
    do {
        status = feed_next_row(im, csv, &line, err);
        if (status == AISLE_OK && line)
            status = add_row(im, &parents, &row, line, err);
    } while (status == AISLE_OK && line);

    feed_row_clear(&row);
    mem_free(parents.places);
    arena_clear(&parents.text);
    return status;
}
