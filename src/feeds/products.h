/* products.h - sellers' files to products: CSV and JSON Lines
 *
 * Columns are known by name: our own, what English and Indonesian sellers call them, and
 * the usual words of other shop systems. Two kinds of export are known as they are:
 * Shopify's (one product over several rows, by handle) and WooCommerce's (its categories,
 * images and variations, its header in any of the languages we know). For everything else
 * there is a map. Rows are read one at a time; memory does not grow with the file, but
 * for the ids already seen (at most 12 MiB) and WooCommerce's products with variations,
 * which may be anywhere (256 MiB; a file with more is refused by AISLE_LIMIT).
 *
 * Every row is a product, or a problem that names its line. What either export says is
 * not on sale (archived, a draft, not published) is left out, and told so. XML,
 * workbooks, PDF, HTML and other kinds are refused in one sentence. Reads no image and
 * keeps nothing.
 */
#ifndef FEEDS_PRODUCTS_H
#define FEEDS_PRODUCTS_H

#include "catalog/product.h"
#include "feeds/source.h"

/* What a further column tells, by its key (text_key): columns of one number, below 32,
 * tell one thing in several words, "Stok" and "Quantity"; 0 for all others. */
typedef unsigned feed_sense_fn(struct str key);

struct feed_options {
    struct str seller_id;
    bool one_seller; /* rows of another are left out; else each is its own seller's */
    /* "title=Judul,category=Kategori": which column is which of our fields (id title
     * description brand category category_id image price currency). A comma that belongs
     * to a name stands behind a backslash. The fields not named are known by name. */
    struct str map;
    struct str currency;  /* of prices that name none: ISO 4217 in any case, or ""
                             unknown */
    char delimiter;       /* '\0': to be found out */
    feed_sense_fn *sense; /* for feed_gaps; NULL: no two words tell one thing */
};

/* What a column can be. */
enum feed_field {
    FEED_ID,
    FEED_TITLE,
    FEED_DESCRIPTION,
    FEED_BRAND,
    FEED_CATEGORY,
    FEED_CATEGORY_ID,
    FEED_IMAGE,
    FEED_PRICE,
    FEED_CURRENCY,
    FEED_ATTRIBUTES, /* a JSON object of further columns, as we export it */
    FEED_SELLER,     /* whose it is, in what we export of several */
    FEED_FIELDS,     /* how many; also: none of them */
};

/* "category_id"; our own name of the column, and the word of a map. */
const char *feed_field_name(enum feed_field field);

enum feed_form { FEED_TABLE, FEED_SHOPIFY, FEED_WOOCOMMERCE, FEED_JSON_LINES };
const char *feed_form_name(enum feed_form form); /* "Shopify export" */

/* What the file does not say of a product, and what stands is kept of. */
struct feed_gaps {
    unsigned lacks;     /* 1u << enum feed_field: there is no such column or key */
    struct str columns; /* the keys of all there are, each with a NUL behind it */
    bool columns_last;  /* they are the same for every product, until the reading ends */
    feed_sense_fn *sense;
    struct str price;        /* as the file has it, where nothing names its currency */
    bool point;              /* a "." in it is known to come before decimals */
    struct str price_column; /* as the file spells it */
    bool unclear;            /* there is a price, and it could not be read by itself */
};

/* One product. All text is borrowed until the visitor returns. */
struct feed_item {
    size_t line; /* where its first row begins */
    struct product product;
    struct feed_gaps gaps;
    struct str category_path; /* evened out; the product's seller_category_id is this,
                               * unless the file has a column of its own for the id */
};

/* What the file says and is not taken. */
enum feed_loss {
    FEED_TAKEN,    /* nothing: a remark */
    FEED_DROPPED,  /* a value: the row is kept as far as it goes */
    FEED_LEFT_OUT, /* the whole row */
};

struct feed_problem {
    size_t line;
    struct str column; /* as the file spells it; "" when it is the row's */
    enum feed_loss loss;
    struct str what;   /* for a person, one line: "price is unclear: 12.000" */
    struct str remedy; /* what would mend it; may be "" */
};

/* A price that is unclear and names no currency is not told of while reading: what stands
 * may name one. Whoever keeps the product tells by this, *out borrowing from gaps and
 * what; false when there is nothing to tell, after feed_keep read it too. */
enum { FEED_WHAT = 512 };
bool feed_unclear_price(const struct feed_gaps *gaps, unsigned kept, size_t line,
                        char what[FEED_WHAT], struct feed_problem *out);

struct feed_visitor {
    void *ctx;
    /* Anything but AISLE_OK ends the reading and is handed on. */
    enum aisle_status (*product)(void *ctx, const struct feed_item *item,
                                 struct aisle_err *err);
    void (*problem)(void *ctx, const struct feed_problem *problem); /* may be NULL */
};

struct feed_counts {
    enum feed_form form;
    size_t rows;     /* read, without header and blank ones */
    size_t products; /* handed to the visitor */
    size_t left_out; /* rows that are none */
    size_t dropped;  /* told that a value was */
    size_t problems; /* told, of any kind */
};

/* Reads the source to its end. AISLE_INVALID: a kind we do not read, a map that does not
 * fit, a currency that is none, or no column that could be id or title; the text says
 * what to do. Also AISLE_IO, AISLE_NOMEM, and what the visitor returned. */
enum aisle_status feed_products(struct feed_source source,
                                const struct feed_options *options,
                                const struct feed_visitor *visitor,
                                struct feed_counts *out, struct aisle_err *err);

/* What else came of keeping. */
enum {
    /* the further columns of both have none: those that stood stay, alone */
    FEED_NO_ROOM = 1 << FEED_FIELDS,
    /* variants came that are not known among those that stood, and have no options: they
     * are all there is */
    FEED_VARIANTS_LOST = 1 << (FEED_FIELDS + 1),
};

/* Gives `now`, a product as the file has it, what stands in `then` and the file has no
 * column for: an empty cell of a column that is there empties. Each member of
 * `attributes` is a column of its own, unless the file has them in one; a column is known
 * by its key and by what it tells, and those that came stand first. A price without a
 * currency is read in the one that stands; of one that is unclear even so nothing is
 * known, and what stands stays. Text that is taken over is copied into the arena. *kept
 * gets the fields that were, as bits 1u << enum feed_field, and what else came of it.
 *
 * Of a Shopify or WooCommerce export that has no column of options variants are known by
 * their SKU, WooCommerce's also by their number, and those it does not name stay.
 * AISLE_NOMEM. */
enum aisle_status feed_keep(const struct feed_gaps *gaps, const struct product *then,
                            struct product *now, struct arena *arena, unsigned *kept,
                            struct aisle_err *err);

#endif
