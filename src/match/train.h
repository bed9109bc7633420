/* train.h - from labelled products to a model
 *
 * Every leaf of the tree takes part, with its names as if they were titles of products,
 * so that a leaf nobody has used yet can be found too.
 */
#ifndef MATCH_TRAIN_H
#define MATCH_TRAIN_H

#include "match/model.h"
#include "taxonomy/taxonomy.h"

/* One product and where it belongs. Borrowed. */
struct labelled {
    struct product_text text;
    struct str category_id;
};

struct model_options {
    int64_t stamp;           /* seq of the last decision among the rows */
    bool paths;              /* the tree was made of paths: an id is one */
    bool one_thread;         /* else the measuring run has a thread of its own */
    const atomic_bool *stop; /* AISLE_STOPPED once it is set; or NULL */
};

/* Learns from the rows and writes the model's bytes to out (a buf with a ceiling of
 * MODEL_MAX_BYTES). The same rows give the same bytes, in whatever order they come, on
 * one kind of machine. Rows whose category the tree lacks are left out and counted in the
 * header. AISLE_LIMIT, AISLE_NOMEM, AISLE_IO (no ICU). */
enum aisle_status model_train(const struct taxonomy *tree, const struct labelled *rows,
                              size_t count, const struct model_options *options,
                              struct buf *out, struct aisle_err *err);

#endif
