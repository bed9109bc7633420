/* catalogue.h - a seller's products in and out of the store */
#ifndef FLOWS_CATALOGUE_H
#define FLOWS_CATALOGUE_H

#include "feeds/products.h"
#include "flows/app.h"

struct import_request {
    struct str seller_id; /* rows of another are left out; "" is "default", and each row
                             that names its seller (feeds/products.h) that one's */
    struct str map; /* "title=Judul,category=Kategori"; "" columns are known by name */
    struct str currency;   /* of prices that name none; "" unknown */
    struct str image_root; /* relative image paths are taken as under this folder; "" as
                              they are */
    bool links_only;       /* from elsewhere: files by their whole path are not taken */
    bool replace;          /* what the file has no column for is emptied, not kept */
    bool dry_run;
};

struct import_result {
    enum feed_form form;
    size_t rows, products, left_out, problems;
    size_t dropped;           /* of the problems: values that were not taken */
    struct put_counts counts; /* in a dry run what they would be */
    unsigned kept; /* 1u << enum feed_field: of some product, for want of a column */
};

/* A problem of one row or cell. Lines count from 1; column is "" where it is the row's.
 */
typedef void import_problem_fn(void *ctx, size_t line, struct str column, bool left_out,
                               const char *what);

/* Read a file as CSV or JSON Lines and keep its products, in pieces of a few thousand.
 * Bad rows are told and left out, good ones kept; of a product that is there already
 * stays what the file has no column for (feed_keep). A second import of the same file
 * changes nothing. AISLE_INVALID: not a kind we read (says what to do). *out is filled
 * after a failure too: pieces kept before it stay. */
enum aisle_status flow_import(const struct app *app, const struct import_request *request,
                              struct feed_source source, import_problem_fn *fn, void *ctx,
                              struct import_result *out, struct aisle_err *err);

#endif
