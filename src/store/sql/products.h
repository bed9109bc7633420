/* products.h - products that are put, for catalogue.c, and many at once, for drivers */
#ifndef STORE_SQL_PRODUCTS_H
#define STORE_SQL_PRODUCTS_H

#include "store/sql/rows.h"

extern const struct noun sql_product_noun;

/* What is kept of the row before, which ends when it is written over. */
struct before {
    int64_t created_at, version; /* version 0: there was none */
    char image_id[PRODUCT_MAX_FIELD + 1], category[PRODUCT_MAX_FIELD + 1];
    char derived_id[IMAGE_ID_LEN + 1]; /* what its location gives, "" without one */
    bool same;                         /* as what is to be put */
};

/* p may be NULL. */
enum aisle_status sql_read_before(struct conn *c, struct str seller_id, struct str id,
                                  const struct product *p, struct before *out,
                                  struct aisle_err *err);

enum aisle_status sql_put_products(struct store *s, const struct product *list,
                                   size_t count, int64_t at, struct put_counts *counts,
                                   struct aisle_err *err);
enum aisle_status sql_merge_products(struct store *s, const struct products_merge *w,
                                     struct put_counts *counts, struct aisle_err *err);
enum aisle_status sql_change_product(struct store *s, const struct product *product,
                                     int64_t expected, int64_t at, struct aisle_err *err);

/* There, and ours until the commit: what is read of his products is still so when they
 * are written. */
enum aisle_status sql_hold_seller(struct conn *c, struct str id, struct aisle_err *err);

/* ---- many at once ---- */

/* A product to be put, with the ids that its image's location gives; "" without one. */
struct incoming {
    const struct product *p;
    char image_id[IMAGE_ID_LEN + 1], local_id[IMAGE_ID_LEN + 1];
};

/* Put them as they would be one by one, counts added to. No key is twice among them, they
 * come by (seller_id, id), and the sellers are held. */
typedef enum aisle_status put_many_fn(struct conn *c, const struct incoming *list,
                                      size_t count, int64_t at, struct put_counts *counts,
                                      struct aisle_err *err);

struct products_write {
    const struct product *list;
    size_t count;
    int64_t at;
    struct put_counts *counts;
    put_many_fn *many; /* may be NULL */
};

/* In a transaction under way; counts are added to. */
enum aisle_status sql_put_list(struct conn *c, const struct products_write *w,
                               struct aisle_err *err);
/* Sellers first, then in rounds of which none has a key twice. *done is false, and
 * nothing was done, when they have to be put one by one. */
enum aisle_status sql_put_many(struct conn *c, const struct products_write *w, bool *done,
                               struct aisle_err *err);

#endif
