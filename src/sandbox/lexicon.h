/* lexicon.h - the words of a tree's leaves, and which leaves a title's words speak for
 *
 * The sandbox's own idea of Recommend Category, made apart from our matcher: words of the
 * title that stand in a leaf's name or path, in any locale, count for as much as they are
 * rare among the leaves; a name all of whose words are in the title goes ahead of one
 * that is only touched. Nobody outside knows how the real one decides.
 */
#ifndef SANDBOX_LEXICON_H
#define SANDBOX_LEXICON_H

#include "sandbox/forest.h"

struct lexicon;

/* The tree's, made when first asked for; NULL: no memory. */
const struct lexicon *tree_lexicon(struct tree *t);
void lexicon_free(struct lexicon *l); /* NULL is fine */

struct candidate {
    uint32_t node;
    double score;
};

struct inquiry {
    struct str title;
    uint32_t within; /* only what hangs under this node; TREE_NONE everywhere */
    uint64_t chance; /* settles ties */
};

/* The best leaves for a title, best first, at most `most`; none when no word of it is in
 * any leaf's own name. */
enum aisle_status lexicon_ask(const struct lexicon *l, const struct inquiry *q,
                              struct arena *arena, struct candidate *out, size_t most,
                              size_t *count, struct aisle_err *err);

/* A number between seed and text, the same on every machine; for chance that repeats. */
uint64_t chance_of(uint64_t seed, struct str text);
/* That number as one of [0, 1). */
double chance_unit(uint64_t chance);

#endif
