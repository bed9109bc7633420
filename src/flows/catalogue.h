/* catalogue.h - a seller's products in and out of the store */
#ifndef FLOWS_CATALOGUE_H
#define FLOWS_CATALOGUE_H

#include "flows/app.h"

struct import_request {
    struct str seller_id; /* "" is "default" */
    struct str file_name; /* for messages, and for the kind where the bytes do not tell */
    struct str map; /* "title=Judul,category=Kategori"; "" columns are known by name */
    struct str image_root; /* relative image paths are taken as under this folder; "" as
                              they are */
    bool dry_run;
};

struct import_result {
    size_t rows, products, problems;
    struct put_counts counts; /* none of them in a dry run */
};

/* A problem of one row or cell. Lines count from 1; column is "" where it is the row's.
 */
typedef void import_problem_fn(void *ctx, size_t line, struct str column, bool left_out,
                               const char *what);

/* Read bytes as CSV or JSON Lines and keep the products, in pieces of a few hundred. Bad
 * rows are told and left out, good ones kept. AISLE_INVALID: not a kind we read (says
 * what to do). */
enum aisle_status flow_import(const struct app *app, const struct import_request *request,
                              struct str bytes, import_problem_fn *fn, void *ctx,
                              struct import_result *out, struct aisle_err *err);

#endif
