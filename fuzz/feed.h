/* feed.h - for the targets that read sellers' files: bytes in pieces, and what a product
 * that came out of them must be like */
#ifndef FUZZ_FEED_H
#define FUZZ_FEED_H

#include "fuzz.h"

#include "base/text.h"
#include "feeds/products.h"

struct pieces {
    struct str rest;
    size_t piece;
};

static inline enum aisle_status read_piece(void *ctx, char *out, size_t cap, size_t *n,
                                           struct aisle_err *err)
{
    struct pieces *p = ctx;
    struct str piece = str_head(p->rest, cap < p->piece ? cap : p->piece);

    (void)err;
    if (piece.n)
        memcpy(out, piece.p, piece.n);
    p->rest = str_skip(p->rest, piece.n);
    *n = piece.n;
    return AISLE_OK;
}

static inline enum aisle_status check_product(void *ctx, const struct feed_item *item,
                                              struct aisle_err *err)
{
    (void)ctx;
    (void)err;
    must(item->line > 0);
    must(product_check(&item->product, NULL) == AISLE_OK);
    must(utf8_valid(item->category_path));
    return AISLE_OK;
}

static inline void check_problem(void *ctx, const struct feed_problem *problem)
{
    (void)ctx;
    must(problem->line > 0);
    must(problem->what.n > 0);
    must(str_find_char(problem->what, '\n') == problem->what.n);
}

static inline void check_products(const uint8_t *data, size_t size)
{
    struct pieces pieces = {str_n((const char *)data, size), SIZE_MAX};
    struct feed_source source = {&pieces, read_piece};
    struct feed_options options = {.seller_id = STR_LIT("acme")};
    struct feed_visitor visitor = {NULL, check_product, check_problem};
    struct feed_counts counts;
    struct aisle_err err = {0};
    enum aisle_status status = feed_products(source, &options, &visitor, &counts, &err);

    must(status == AISLE_OK || (status == AISLE_INVALID && err.text[0]));
    if (status == AISLE_OK)
        must(counts.products <= counts.rows &&
             counts.left_out + counts.dropped <= counts.problems);
}

#endif
