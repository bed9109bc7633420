/* problem.h - labelled products as the numbers that linear.h learns from
 *
 * Rows whose category the tree does not have as a leaf are left out and counted. The
 * order in which rows come does not matter.
 */
#ifndef MATCH_PROBLEM_H
#define MATCH_PROBLEM_H

#include "match/train.h"

struct problem {
    struct linear_problem linear;
    const uint64_t *keys;                  /* of each feature */
    const float *idf;                      /* rarer features count for more */
    const uint8_t *blocks;                 /* enum feature_block of each feature */
    const uint32_t *rows;                  /* of each node of the tree: its row there */
    const struct labelled *const *sources; /* of each row; NULL where a name made it */
    size_t left_out;
};

/* grown: the tree was made of the rows' own labels. Everything lives in the arena; rows
 * are borrowed as long. AISLE_LIMIT when there are more rows or features than the numbers
 * can count, AISLE_NOMEM, AISLE_IO (no ICU). */
enum aisle_status problem_build(const struct taxonomy *tree, const struct labelled *rows,
                                size_t count, bool grown, struct arena *arena,
                                struct problem *out, struct aisle_err *err);

/* How rare a feature is that so many of the rows have. */
float problem_rarity(uint32_t rows, uint32_t having);

/* Weighs features as problem_build does: rarity times the block's weight, each block of
 * length one. What no row has is not among the values, but belongs to the length in part:
 * `unknown` has the sum of its squared rarities for each block. */
void problem_weigh(struct linear_value *values, const uint8_t *blocks, uint32_t count,
                   const float unknown[BLOCKS]);

#endif
