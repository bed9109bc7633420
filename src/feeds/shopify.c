/* shopify.c - Shopify's product export: one product over several rows, by handle
 *
 * The first row carries title and description, the later ones further variants, further
 * images, or both (Shopify Help, "Using CSV files to import and export products"). What
 * the product is comes from its first row; variants and images are kept as attributes.
 */
#include "base/text.h"
#include "feeds/import.h"

#include <stdio.h>

enum { VARIANTS_MAX = 44 * 1024 }; /* of 64 KiB attributes */

struct product_rows {
    struct feed_row row;
    bool open; /* a product has begun */
    struct buf variants;
    struct json_out variant_list;
    size_t variant_count;
};

static void open_list(struct buf *buf, struct json_out *json)
{
    buf_reset(buf);
    *json = (struct json_out){.buf = buf};
    json_open_list(json);
}

static bool has_room(struct feed_row *row, const struct buf *list, size_t max)
{
    if (list->n < max)
        return true;
    row->is_full = true;
    return false;
}

static bool is_variant_column(struct str key)
{
    return str_starts(key, "variant ") || str_starts(key, "option");
}

void feed_shopify_names(const struct feed_columns *c, struct buf *names)
{
    size_t variants = 0;

    for (size_t i = 0; i < c->count; i++)
        variants += is_variant_column(c->keys[i]);
    if (variants)
        feed_row_name(names, STR_LIT("variants"));
    if (c->from_count[FEED_IMAGE] > 0)
        feed_row_name(names, STR_LIT("images"));
}

/* How a shop keeps and ships it says nothing of the product. */
static bool is_shopkeeping(struct str key)
{
    static const char *const keys[] = {
        "variant inventory tracker",
        "variant inventory policy",
        "variant fulfillment service",
        "variant requires shipping",
        "variant taxable",
        "variant tax code",
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_is(key, keys[i]))
            return true;
    return false;
}

/* The cells of this row that tell variants apart, as one object. */
static void add_variant(struct feed_import *im, struct product_rows *p)
{
    const struct feed_columns *c = &im->columns;
    bool any = false;

    if (!has_room(&p->row, &p->variants, VARIANTS_MAX))
        return;
    for (size_t i = 0; i < c->count; i++) {
        char name[256];

        if (!is_variant_column(c->keys[i]) || is_shopkeeping(c->keys[i]) ||
            str_empty(im->cells[i]))
            continue;
        if (!any)
            json_open(&p->variant_list);
        any = true;
        snprintf(name, sizeof name, "%.*s", STR_ARG(utf8_head(c->names[i], 60)));
        json_add_str(&p->variant_list, name, utf8_head(im->cells[i], 1000));
    }
    if (any)
        json_close(&p->variant_list);
    p->variant_count += any;
}

static void add_image(struct feed_import *im, struct product_rows *p)
{
    size_t column = feed_find_cell(im, FEED_IMAGE);

    if (column != FEED_NO_COLUMN)
        feed_row_image(&p->row, im->cells[column]);
}

/* By what its first row says. */
static void judge_sale(const struct feed_import *im, struct feed_row *row)
{
    const struct feed_columns *c = &im->columns;
    struct str status = feed_cell(im, c->status);

    row->withheld_by = c->status;
    if (str_eq_nocase(status, STR_LIT("archived"))) {
        row->withheld = FEED_ARCHIVED;
    } else if (str_eq_nocase(status, STR_LIT("draft"))) {
        row->withheld = FEED_DRAFT;
    } else if (str_eq_nocase(feed_cell(im, c->published), STR_LIT("false"))) {
        row->withheld = FEED_HIDDEN;
        row->withheld_by = c->published;
    }
}

/* A row of the product: the first in full, of the others what was still missing. */
static enum aisle_status take_row(struct feed_import *im, struct product_rows *p,
                                  bool first, struct aisle_err *err)
{
    enum aisle_status status;

    if (first) {
        judge_sale(im, &p->row);
        status = feed_take_row(im, &p->row, is_variant_column, err);
    } else {
        status = feed_take_fields(im, &p->row, NULL, err);
        add_image(im, p);
    }
    add_variant(im, p);
    return status;
}

/* Only the first row of a product has a title: one without belongs to rows before it, or
 * the export has no titles at all. */
static bool is_apart(struct feed_import *im, const struct feed_row *row)
{
    size_t before = seen_line(&im->seen, row->value[FEED_ID]);

    if (before)
        feed_tell(im, row->line, row->column[FEED_ID], FEED_LEFT_OUT,
                  "sort the file by handle",
                  "rows of %.*s do not follow each other: these were left out, those of "
                  "line %zu taken",
                  STR_ARG(utf8_head(row->value[FEED_ID], 60)), before);
    return before != 0;
}

/* An export of some columns only, for stock or prices. The handle was made from the title
 * once. */
static enum aisle_status title_from_handle(struct feed_import *im, struct feed_row *row,
                                           struct aisle_err *err)
{
    struct str title = arena_str(&im->row, row->value[FEED_ID]);

    if (!title.p)
        return aisle_nomem(err);
    for (size_t i = 0; i < title.n; i++)
        if (title.p[i] == '-')
            ((char *)(uintptr_t)title.p)[i] = ' ';
    row->value[FEED_TITLE] = title;
    row->has &= ~(1u << FEED_TITLE); /* a product that is there knows better */
    feed_tell(im, row->line, row->column[FEED_TITLE], FEED_TAKEN,
              "export the products with all columns",
              "no row of %.*s has a title: that of a new product is made from the handle",
              STR_ARG(utf8_head(row->value[FEED_ID], 60)));
    return AISLE_OK;
}

static enum aisle_status finish(struct feed_import *im, struct product_rows *p,
                                struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!p->open)
        return AISLE_OK;
    p->open = false;
    json_close_list(&p->variant_list);
    if (p->variants.failed)
        return aisle_nomem(err);
    if (p->variant_count > 0)
        feed_row_extra_json(&p->row, STR_LIT("variants"), buf_str(&p->variants));
    if (str_empty(p->row.value[FEED_TITLE])) {
        if (is_apart(im, &p->row))
            return AISLE_OK;
        status = title_from_handle(im, &p->row, err);
    }
    if (status == AISLE_OK)
        status = feed_row_finish(im, &p->row, err);
    return status;
}

static void begin(struct feed_import *im, struct product_rows *p, size_t line)
{
    feed_row_begin(im, &p->row, line);
    p->row.point = true;
    open_list(&p->variants, &p->variant_list);
    p->variant_count = 0;
    p->open = true;
}

static enum aisle_status add_row(struct feed_import *im, struct product_rows *p,
                                 size_t line, struct aisle_err *err)
{
    size_t handle = feed_find_cell(im, FEED_ID);
    bool first;

    if (handle == FEED_NO_COLUMN) {
        feed_tell(im, line, STR_LIT("Handle"), FEED_LEFT_OUT,
                  "every row of a product has its handle", "handle is empty");
        return AISLE_OK;
    }
    first = !p->open || !str_eq(im->cells[handle], p->row.value[FEED_ID]);
    if (first) {
        enum aisle_status status = finish(im, p, err);

        if (status != AISLE_OK)
            return status;
        begin(im, p, line);
    }
    return take_row(im, p, first, err);
}

enum aisle_status feed_read_shopify(struct feed_import *im, struct csv *csv,
                                    struct aisle_err *err)
{
    struct product_rows p = {.variants = BUF_INIT(CSV_MAX_ROW)};
    enum aisle_status status;
    size_t line;

    feed_row_init(&p.row);
    do {
        status = feed_next_row(im, csv, &line, err);
        if (status == AISLE_OK)
            status = line ? add_row(im, &p, line, err) : finish(im, &p, err);
    } while (status == AISLE_OK && line);

    feed_row_clear(&p.row);
    buf_clear(&p.variants);
    return status;
}
