/* sharing.h - which sellers let their approvals inform each other; part of store.h */
#ifndef STORE_SHARING_H
#define STORE_SHARING_H

#include "base/status.h"
#include "catalog/shop.h"

struct store;

struct store_sharing {
    /* Keep a consent; once more is fine. */
    enum aisle_status (*put)(struct store *s, const struct consent *consent,
                             struct aisle_err *err);
    /* Take it back; that it was not there is no failure. */
    enum aisle_status (*drop)(struct store *s, struct str seller_id, struct str with_id,
                              struct aisle_err *err);
    /* Those a seller gave and was given, by (seller_id, with_id). */
    enum aisle_status (*each)(struct store *s, struct str seller_id,
                              enum aisle_status (*fn)(void *ctx, const struct consent *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
};

#endif
