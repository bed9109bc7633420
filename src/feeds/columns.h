/* columns.h - which column of a seller's file is which of our fields; inside the room
 *
 * Names are compared by text_key: "Name*", "name" and " NAME " are one.
 */
#ifndef FEEDS_COLUMNS_H
#define FEEDS_COLUMNS_H

#include "base/arena.h"
#include "feeds/products.h"

/* text_key of a name, in the arena; .p NULL without memory. */
struct str feed_key(struct str name, struct arena *arena);

/* A name we know, and how good it is: the lower the better. */
struct feed_name {
    enum feed_field field; /* FEED_FIELDS: not known */
    unsigned rank;
    bool several; /* the cell lists several, by commas: "Categories", "Images" */
    bool promo;   /* of a price: one that holds for a time, beside the price */
};
/* key is a text_key. */
struct feed_name feed_name_of(struct str key);
/* "gambar 2", "image3 url": which of a product's pictures a column has; 0 for none. */
enum { FEED_MOST_PICTURES = 40 };
unsigned feed_picture_number(struct str key);
/* The names known, one after the other; NULL behind the last. */
const char *feed_known_name(size_t i);

/* The caller's map, taken apart. */
struct feed_map {
    struct str name[FEED_FIELDS]; /* of the file; "" where the map says nothing */
    struct str key[FEED_FIELDS];
};
/* AISLE_INVALID names the pair that makes no sense. */
enum aisle_status feed_map_parse(struct str text, struct arena *arena,
                                 struct feed_map *out, struct aisle_err *err);
/* The field a name of the file has by the map, else by what is usual. */
struct feed_name feed_map_name(const struct feed_map *map, struct str name,
                               struct str key);

enum { FEED_MOST_SOURCES = 8 };
#define FEED_NO_COLUMN SIZE_MAX

/* In one line: control characters and line ends become blanks, those at the ends go. In
 * the arena; .p NULL without memory. */
struct str feed_clean(struct str text, struct arena *arena);

/* The header of a table. */
struct feed_columns {
    struct str *names; /* as spelled, but never twice the same: "Meta (2)" */
    struct str *keys;
    size_t count;
    enum feed_form form;
    /* the columns a field may come from, the best first */
    size_t from[FEED_FIELDS][FEED_MOST_SOURCES];
    size_t from_count[FEED_FIELDS];
    bool *several;      /* by column: the cell lists several */
    unsigned *pictures; /* by column: which picture it has; 0 none */
    unsigned most_pictures;
    size_t promo;        /* a promotional price beside another, which it is not */
    bool price_is_promo; /* there is no other */
    /* of the two exports */
    size_t kind;   /* WooCommerce: simple, variable, variation, … */
    size_t parent; /* WooCommerce: of a variation */
    size_t row_id; /* WooCommerce: its own number, beside the SKU */
    size_t sku;    /* WooCommerce */
    size_t status; /* Shopify: active, draft, archived */
    size_t published;
};

/* Everything in the arena. Never says that a column is missing: see from_count. Fails
 * with AISLE_NOMEM, and AISLE_INVALID for a map that names a column the file lacks. */
enum aisle_status feed_columns_read(const struct str *cells, size_t count,
                                    const struct feed_map *map, struct arena *arena,
                                    struct feed_columns *out, struct aisle_err *err);

#endif
