/* lib.h - what a struct aisle is, and what the files of this room share */
#ifndef LIB_LIB_H
#define LIB_LIB_H

#include "aisle/aisle.h"
#include "flows/app.h"
#include "lib/text.h"

struct aisle {
    struct app app;
    struct vault vault;
    struct log log;
    aisle_log_fn *log_fn; /* or NULL */
    void *log_ctx;
    atomic_bool stop;
};

/* Whom one call tells its progress; kept by the caller of app_telling. */
struct teller {
    aisle_progress_fn *fn; /* or NULL */
    void *ctx;
};
/* The app as one call sees it: the same, telling its own progress. */
struct app app_telling(const struct aisle *a, struct teller *teller);

struct aisle_counts counts_out(const struct run_counts *counts);

/* All text in the arena; owned stays NULL. */
struct aisle_decision decision_out(const struct decision *d, struct arena *arena,
                                   bool *ok);

#endif
