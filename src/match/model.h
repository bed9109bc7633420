/* model.h - what was learnt from labelled products, in a file that is mapped, not loaded
 *
 * A model is a cache: the decision log and the label sets in the store are the truth, and
 * deleting the file loses nothing. It carries the seq of the last decision that is in it
 * (the stamp); newer ones are laid over it (approvals.h). It names categories by id, so
 * it serves any tree, a newer one too. Read by any number of threads.
 */
#ifndef MATCH_MODEL_H
#define MATCH_MODEL_H

#include "match/calibrate.h"
#include "match/linear.h"

enum {
    MODEL_MAX_BYTES = 1 << 30,
    MODEL_CHECKED_MOST = 16 << 20, /* bytes that are read through at opening */
};

/* Writes the bytes to path, whole or not at all. AISLE_IO. */
enum aisle_status model_save(struct str bytes, const char *path, struct aisle_err *err);
/* Whether that could be done, before a long training is done for nothing. AISLE_IO;
 * AISLE_CONFLICT where something else than a model lies there and would be lost. */
enum aisle_status model_may_save(const char *path, struct aisle_err *err);

struct model;

/* Maps the file. AISLE_NOT_FOUND; AISLE_GARBLED for what is no model, is damaged or cut
 * short, or comes from another machine or a newer version (the text says which): carry on
 * without. Of a file of more than MODEL_CHECKED_MOST bytes the header alone is looked at.
 */
enum aisle_status model_open(const char *path, struct model **out, struct aisle_err *err);
/* The same, and any file is read through: some milliseconds for the largest, of which no
 * more is in memory afterwards. */
enum aisle_status model_open_whole(const char *path, struct model **out,
                                   struct aisle_err *err);
/* The header alone, over bytes that outlive the model, aligned to 8. */
enum aisle_status model_open_bytes(struct str bytes, struct model **out,
                                   struct aisle_err *err);
void model_close(struct model *m); /* NULL is fine */

/* Borrowed until it is closed. */
const struct model_header *model_header(const struct model *m);
struct str model_node_id(const struct model *m, uint32_t node);
const struct model_row *model_row(const struct model *m,
                                  uint32_t row); /* NULL: no such */
struct str model_row_text(const struct model *m, const struct model_row *row);

/* What one thread needs to score; grows with the largest model it served. */
struct model_scratch {
    float *nodes;    /* of each node: its score */
    float *activity; /* of each row: what it has in common with the product */
    uint32_t *active;
    uint32_t active_count;
    size_t node_cap, row_cap;
    struct linear_value values[FEATURES_MAX]; /* feature: its place in the table */
    uint8_t blocks[FEATURES_MAX];
    uint16_t words[FEATURES_MAX];
    uint32_t value_count;
    struct calibration_hints hints; /* but for trust, which hangs on the leaf */
};

void model_scratch_clear(struct model_scratch *s); /* twice is fine */

/* Scores every leaf for the features of a product: s->nodes[0 .. leaves - 1]; what it has
 * in common with rows is in s->activity until the next scoring. AISLE_NOMEM. */
enum aisle_status model_score(const struct model *m, struct model_scratch *s,
                              const struct feature_list *features, struct aisle_err *err);

struct model_hit {
    uint32_t leaf;     /* a node: model_node_id says which category */
    float score;       /* comparable within one scoring */
    double confidence; /* the probability that the leaf is right */
};

/* Of the scoring just made: the best leaves, at most cap and CALIBRATE_TOP, best first;
 * equal ones in the order of their nodes. How many. */
size_t model_rank(const struct model *m, const struct model_scratch *s,
                  struct model_hit *out, size_t cap);

/* Of the scoring just made: what each word of the title did for a leaf, added to
 * credit[word]. */
void model_explain(const struct model *m, const struct model_scratch *s, uint32_t leaf,
                   float credit[WORDS_MAX]);
/* The row of that leaf most like the product, UINT32_MAX when none is alike. */
uint32_t model_lookalike(const struct model *m, const struct model_scratch *s,
                         uint32_t leaf);

#endif
