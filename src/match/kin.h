/* kin.h - leaves whose names share a word
 *
 * "Men's Shoes" and "Shoe Care" stand far apart in the tree, or there is no tree above
 * them at all; yet what speaks for one shoe speaks a little for the other. Each word that
 * a few leaves' names share is a node over them, beside their ancestors. Knows nothing of
 * products.
 */
#ifndef MATCH_KIN_H
#define MATCH_KIN_H

#include "match/linear.h"
#include "match/words.h"
#include "taxonomy/taxonomy.h"

/* The links of the leaves, rows[leaf] of the tree each, to nodes numbered from *nodes on,
 * which is moved behind the last; sorted by leaf. In the arena. AISLE_NOMEM, AISLE_IO (no
 * ICU). */
enum aisle_status kin_find(const struct taxonomy *tree, const uint32_t *rows,
                           uint32_t leaves, struct word_splitter *splitter,
                           struct arena *arena, const struct linear_link **links,
                           uint32_t *count, uint32_t *nodes, struct aisle_err *err);

#endif
