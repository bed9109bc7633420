/* replies.h - what is read from an answer, as words: one function a call */
#ifndef TESTS_CHANNELS_REPLIES_H
#define TESTS_CHANNELS_REPLIES_H

#include "base/arena.h"
#include "base/json.h"

typedef enum aisle_status read_fn(const json_t *envelope, struct arena *arena,
                                  struct buf *out, struct aisle_err *err);

/* replies_listing.c */
read_fn say_rules, say_attributes, say_brands, say_warehouses, say_prerequisites,
    say_file, say_check, say_listed, say_product, say_products, say_unchanged,
    say_global_warehouses, say_global_listed, say_global_product, say_published;

#endif
