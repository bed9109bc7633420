/* import.h - one product on its way in, whatever kind of file it comes from; inside the
 * room only
 *
 * A front end (table.c, shopify.c, woocommerce.c, json_lines.c) begins a row, puts into
 * it what it finds, and finishes it; here it is judged, told about, and handed on.
 */
#ifndef FEEDS_IMPORT_H
#define FEEDS_IMPORT_H

#include "base/json.h"
#include "feeds/cells.h"
#include "feeds/columns.h"
#include "feeds/csv.h"
#include "feeds/seen.h"

/* Why a product of an export is not on sale there. */
enum feed_withheld {
    FEED_ON_SALE,
    FEED_ARCHIVED,
    FEED_DRAFT,
    FEED_HIDDEN,      /* Shopify's Published is false */
    FEED_UNPUBLISHED, /* WooCommerce's is no 1 */
    FEED_GROUPED,     /* a bundle of others */
    FEED_EXTERNAL,    /* sold by somebody else */
};

struct feed_row {
    size_t line;
    struct str value[FEED_FIELDS];  /* in the import's row arena */
    struct str column[FEED_FIELDS]; /* where it was found; for messages */
    bool several[FEED_FIELDS];
    unsigned has;        /* 1u << field: there is a column for it, whatever is in it */
    struct buf columns;  /* of JSON: as feed_gaps has them */
    bool point;          /* prices are known to have a decimal point */
    bool unclear;        /* there is a price that could not be read */
    bool names_currency; /* the row or the import, beside what the price itself does */
    struct buf attributes;
    struct json_out json; /* into attributes; an object is open */
    struct buf images;    /* beside the main one, as a list */
    struct json_out image_list;
    size_t image_count;
    enum feed_withheld withheld; /* the front end's: the row is left out, and told */
    size_t withheld_by;          /* the column that says so */
    bool is_full;                /* an attribute found no room any more */
    bool keeps_variants;         /* the file may have some, and none of this product */
};

/* Promotional prices, told of once the file has ended. */
struct feed_promos {
    size_t count, line;
    struct str column; /* of the first, where it was found; in the import's file arena */
};

struct feed_import {
    const struct feed_options *options;
    const struct feed_visitor *visitor;
    struct feed_counts counts;
    struct feed_map map;
    char currency[4];            /* of prices that name none; "" unknown */
    struct feed_columns columns; /* of a table */
    struct str *cells;           /* of its row at hand, as many as the header has */
    struct str names;            /* what its columns are called, as feed_gaps has them */
    struct feed_promos unused;   /* beside a price */
    struct feed_promos alone;    /* taken for the price, for want of another */
    struct arena file;           /* as long as the reading */
    struct arena row;            /* as long as one product */
    struct arena_mark row_mark;
    struct seen seen;
};

/* Tell the visitor, and count. The format is `what`. */
void feed_tell(struct feed_import *im, size_t line, struct str column,
               enum feed_loss loss, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* There is one more in that line. AISLE_NOMEM. */
enum aisle_status feed_note_promo(struct feed_import *im, struct feed_promos *promos,
                                  size_t line, struct str column, struct aisle_err *err);
void feed_tell_promos(struct feed_import *im);

void feed_row_init(struct feed_row *row);
void feed_row_clear(struct feed_row *row); /* twice is fine */
/* Empty again; everything in the row arena is gone. */
void feed_row_begin(struct feed_import *im, struct feed_row *row, size_t line);
/* Keep a value; the first that is not blank stays. AISLE_NOMEM. */
enum aisle_status feed_row_set(struct feed_import *im, struct feed_row *row,
                               enum feed_field field, struct str column, bool several,
                               struct str value, struct aisle_err *err);
/* There is a column or key of that name. */
void feed_row_name(struct buf *names, struct str name);
/* What a further column is known by, appended. */
void feed_attribute_key(struct str name, struct buf *out);
/* What we know no other place for. Blank values are passed over; one that finds no room
 * is left out, and told when the row is finished. */
void feed_row_extra(struct feed_row *row, struct str name, struct str value);
void feed_row_extra_json(struct feed_row *row, struct str name, struct str json);
enum aisle_status feed_row_extra_value(struct feed_row *row, struct str name,
                                       const json_t *value, struct aisle_err *err);
/* Where further images are: one, or all that a cell names. Blank ones and the main one,
 * which is set before, are passed over. */
void feed_row_image(struct feed_row *row, struct str location);
void feed_row_images(struct feed_row *row, struct str cell);
/* Whether there are any so far, beside the main one. */
bool feed_row_has_images(const struct feed_row *row);
/* Of a number that feed_is_spoiled. */
#define SPOILED_WHAT                                                                     \
    "%.*s is what a spreadsheet left of a long number: its other digits are gone"
#define SPOILED_REMEDY                                                                   \
    "make the column text in the spreadsheet, fill it anew, and export again"
/* Judge the row and hand it on, or tell why not. Fails as the visitor does, and with
 * AISLE_NOMEM. */
enum aisle_status feed_row_finish(struct feed_import *im, struct feed_row *row,
                                  struct aisle_err *err);

/* The row is withheld: counts it as left out, and says why. */
void feed_tell_withheld(struct feed_import *im, const struct feed_row *row);

/* A word that fills a category's place where there is none: "Uncategorized", and in a
 * column of types, by its key, the kinds of product of other shop systems ("simple"). */
bool feed_is_no_category(struct str value, struct str key);

/* The front ends. Each reads to the end. */
enum aisle_status feed_read_table(struct feed_import *im, struct csv *csv,
                                  struct aisle_err *err);
enum aisle_status feed_read_shopify(struct feed_import *im, struct csv *csv,
                                    struct aisle_err *err);
enum aisle_status feed_read_woocommerce(struct feed_import *im, struct csv *csv,
                                        struct aisle_err *err);
enum aisle_status feed_read_variants(struct feed_import *im, struct csv *csv,
                                     struct aisle_err *err);
enum aisle_status feed_read_json_lines(struct feed_import *im, struct feed_source source,
                                       struct aisle_err *err);

/* Whether a table has a column by which variants of one product could be told apart. */
bool feed_may_have_variants(const struct feed_import *im);

/* The attributes that the columns of an export, or of a table with variants, come to,
 * beside those named alike; of WooCommerce's the last is FEED_VARIANTS, where there may
 * be any. */
void feed_shopify_names(const struct feed_columns *c, struct buf *names);
void feed_woocommerce_names(const struct feed_columns *c, struct buf *names);
void feed_variant_names(const struct feed_import *im, struct buf *names);
#define FEED_VARIANTS STR_LIT("variants")

/* The next row of a table into im->cells, each trimmed, and its line: empty rows, a
 * second header below the first and repetitions of it are passed over, flaws and missing
 * cells told. *line is 0 at the end. */
enum aisle_status feed_next_row(struct feed_import *im, struct csv *csv, size_t *line,
                                struct aisle_err *err);
/* The column a field is taken from in this row: the first of its columns that says
 * something, or FEED_NO_COLUMN. */
size_t feed_find_cell(const struct feed_import *im, enum feed_field field);
/* A cell of the row; empty for FEED_NO_COLUMN. */
struct str feed_cell(const struct feed_import *im, size_t column);
/* The row's values; used, if not NULL, gets the column of each. AISLE_NOMEM. */
enum aisle_status feed_take_fields(struct feed_import *im, struct feed_row *row,
                                   size_t used[FEED_FIELDS], struct aisle_err *err);
/* The row's values and, from all columns not used, its attributes; without the columns
 * whose key `skip` knows, which may be NULL. */
enum aisle_status feed_take_row(struct feed_import *im, struct feed_row *row,
                                bool (*skip)(struct str key), struct aisle_err *err);

#endif
