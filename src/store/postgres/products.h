/* products.h - many products at once, for pool.c */
#ifndef STORE_POSTGRES_PRODUCTS_H
#define STORE_POSTGRES_PRODUCTS_H

#include "store/postgres/driver.h"
#include "store/sql/products.h"

/* put_many_fn of sql/products.h */
enum aisle_status pg_put_products(struct conn *c, const struct incoming *list,
                                  size_t count, int64_t at, struct put_counts *counts,
                                  struct aisle_err *err);

#endif
