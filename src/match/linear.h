/* linear.h - learning which features speak for which category: a softmax with a margin
 * over the leaves, whose ancestors and kin (kin.h) share in what they learn
 *
 * Plain arrays in, plain arrays out; it knows nothing of text. A feature that many rows
 * have gets weights of its own, one a node; what rarer ones have learnt is kept with the
 * rows instead: a row remembers how it pushed each node (its pulls), and a rare feature's
 * weights are the pulls of the few rows that have it. The same rows are the look-alikes
 * that explain an answer.
 *
 * In a wide tree a feature's weights are kept for the nodes that one of its rows pushed,
 * and for all only when these are many: what a visit costs grows with what its words have
 * to do with, not with the tree. Deterministic: rows are visited in an order that follows
 * from their count.
 */
#ifndef MATCH_LINEAR_H
#define MATCH_LINEAR_H

#include "base/arena.h"
#include "match/twins.h"

#include <stdatomic.h>

enum {
    PULLS_MAX = 16,        /* nodes a row remembers having pushed */
    LINEAR_LANES = 8,      /* weights of a feature are padded to a multiple of this */
    LINEAR_NOTHING = 0xFE, /* held out: learn from all */
    LINEAR_ALWAYS = 0xFF,  /* the fold of a row that is never held out */
};

/* A leaf takes part in what a node learns that is none of its ancestors. */
struct linear_link {
    uint32_t leaf, node;
};

struct linear_value {
    uint32_t feature;
    float x;
};

/* The rows to learn from. Nodes are the leaves 0 … leaves - 1, then their ancestors,
 * parents before children: so far the tree. Behind them stands what links lead to. */
struct linear_problem {
    const struct linear_value
        *values; /* row r: values[firsts[r]] .. values[firsts[r+1]] */
    const uint32_t *firsts;
    const uint32_t *labels; /* the right leaf of each row */
    const uint8_t *folds;   /* of each row: the part it is held out with; LINEAR_ALWAYS */
    uint32_t rows, features;
    const uint32_t *parents; /* of each node; UINT32_MAX at the top */
    uint32_t leaves, tree_nodes, nodes;
    const struct linear_link *links; /* none twice */
    uint32_t link_count;
    struct twins twins;      /* of rows whose title stands under other leaves too */
    const uint32_t *counts;  /* rows that have a feature: never rising */
    const atomic_bool *stop; /* looked at before each row; or NULL */
};

struct linear_pulls {
    uint32_t node[PULLS_MAX];
    float by[PULLS_MAX];
    uint32_t n;
};

struct linear_weight {
    uint32_t node; /* the width where a place is free */
    float by;
};

/* The weights of one feature: a hash table of the nodes that have one (room is a power of
 * two), or one for every node. */
struct linear_own {
    struct linear_weight *some;
    float *all; /* not NULL: these, and not some */
    uint32_t room, count;
};

/* A row that has a rare feature, and its value there. */
struct linear_holder {
    uint32_t row;
    float x;
};

struct linear_weights {
    uint32_t width;     /* nodes, padded to a multiple of LINEAR_LANES */
    bool wide;          /* features keep weights for some nodes only */
    uint32_t own_count; /* features that have weights of their own: the first so many */
    struct linear_own *weights; /* of each of these */
    float *table; /* not NULL: in it lie all of these, one after the other */
    float *bias;  /* width */
    struct linear_pulls *pulls;          /* of each row */
    const struct linear_holder *holders; /* of a rare feature f: the rows that have it, */
    const uint32_t *holder_firsts;       /* holders[holder_firsts[f]] .. [f + 1] */
};

/* What one thread needs to score; all zero between two scorings. */
struct linear_scratch {
    float *nodes;    /* width, and one for free places to add their nothing to */
    float *activity; /* of each row */
    uint32_t *active;
    uint32_t active_count;
    /* Of the values being scored: those of features that have weights of their own, and
     * those of rare ones. */
    struct linear_value *own, *rare;
    uint32_t own_count, rare_count;
    uint32_t *pushed; /* the nodes that the row being learnt pushes */
    uint32_t pushed_count;
};

/* Which features have weights of their own, and who holds the others: the same for every
 * training on the problem. In the arena. */
enum aisle_status linear_prepare(const struct linear_problem *p, struct arena *arena,
                                 struct linear_weights *w, struct aisle_err *err);

/* Learns from all rows but those of the fold held out. w was prepared; its weights, bias
 * and pulls are filled (in the arena). */
enum aisle_status linear_train(const struct linear_problem *p, uint8_t held_out,
                               struct arena *arena, struct linear_weights *w,
                               struct aisle_err *err);

enum aisle_status linear_scratch_make(const struct linear_problem *p,
                                      const struct linear_weights *w, struct arena *arena,
                                      struct linear_scratch *s, struct aisle_err *err);

/* The score of every leaf for the values, in s->nodes[0 .. leaves - 1], until the next
 * call. */
void linear_score(const struct linear_problem *p, const struct linear_weights *w,
                  struct linear_scratch *s, const struct linear_value *values,
                  uint32_t count);

#endif
