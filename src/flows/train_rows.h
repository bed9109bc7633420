/* train_rows.h - what a training learns from: a seller's decisions on a target that
 * stand, and its label sets
 *
 * Where a title was decided, rows of sets with the same title are passed over: what a
 * person, a rule or the marketplace said of it is the later word.
 */
#ifndef FLOWS_TRAIN_ROWS_H
#define FLOWS_TRAIN_ROWS_H

#include "flows/app.h"
#include "match/train.h"
#include "taxonomy/taxonomy.h"

/* Fill the first lines; clear when done. */
struct train_rows {
    const struct app *app;
    struct str seller_id, target_id;
    const struct taxonomy *tree;
    struct arena arena, item; /* the rows and what they are made of; one row's */
    struct labelled *list;
    size_t decided;  /* rows of decisions; the last TRAIN_MOST of them are in the list */
    size_t labelled; /* rows of sets behind them */
    size_t left_out; /* rows of sets whose category is no leaf */
    int64_t stamp;   /* seq of the last decision */
    int64_t labels;  /* the last change of the sets that is in them for certain */
};

/* AISLE_STOPPED. */
enum aisle_status train_rows_gather(struct train_rows *t, struct aisle_err *err);
/* How many are in the list. */
size_t train_rows_count(const struct train_rows *t);
void train_rows_clear(struct train_rows *t); /* twice is fine */

#endif
