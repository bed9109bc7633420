/* labels.h - sets of labelled products: into the store, looked at, and out of it
 *
 * A set belongs to a seller and a target. It changes no answer by itself: the next
 * training (flows/models.h) learns from every set there is by then, and one after a set
 * was removed knows nothing of it.
 */
#ifndef FLOWS_LABELS_H
#define FLOWS_LABELS_H

#include "feeds/labels.h"
#include "flows/app.h"

enum {
    LABELS_MOST = 200000,                /* rows of a set: a training reads no more */
    LABELS_MAX_BYTES = 256 * 1024 * 1024 /* of text in them */
};

struct label_import {
    struct str target;            /* as flow_target reads it */
    struct str name;              /* 1 to 40 of a-z 0-9 - _ */
    struct label_options columns; /* of the file */
    bool titles_only; /* without description, brand and the seller's own category */
    bool replace;     /* the set of that name, if there is one */
    bool dry_run;
};

struct label_imported {
    struct label_set set; /* text in the arena; seq 0: not written */
    bool same;            /* the set was there with these rows: nothing was to do */
    bool replaced;
    size_t left_out;        /* rows that could not be used */
    bool has_tree;          /* else its categories could not be looked up yet */
    size_t unknown, closed; /* rows kept whose category is no leaf now, or is closed */
};

/* A row that was left out, or was kept and teaches nothing for now. Lines count from 1.
 */
typedef void label_problem_fn(void *ctx, size_t line, bool left_out, const char *what);

/* Read a file of labelled products and keep it as a set: all of it, or after a failure
 * nothing. AISLE_CONFLICT: a set of that name has other rows, and replace was not said;
 * or another changed it meanwhile. AISLE_INVALID: no name, no file we read, no row to
 * learn from. AISLE_LIMIT, AISLE_STOPPED. fn may be NULL. */
enum aisle_status flow_label_import(const struct app *app,
                                    const struct label_import *request,
                                    struct feed_source source, label_problem_fn *fn,
                                    void *ctx, struct arena *arena,
                                    struct label_imported *out, struct aisle_err *err);

struct label_look {
    struct label_set set;         /* text in the arena */
    bool learnt;                  /* the newest model was taught it as it is */
    bool has_tree;                /* the next four are known */
    size_t leaves;                /* its rows are in */
    size_t open, closed, unknown; /* rows, by what their category is now */
};

/* A set beside the tree. AISLE_NOT_FOUND. */
enum aisle_status flow_label_look(const struct app *app, struct str target,
                                  struct str name, struct arena *arena,
                                  struct label_look *out, struct aisle_err *err);
/* AISLE_NOT_FOUND. Not when dry. */
enum aisle_status flow_label_remove(const struct app *app, struct str target,
                                    struct str name, bool dry, struct arena *arena,
                                    struct label_set *out, struct aisle_err *err);

#endif
