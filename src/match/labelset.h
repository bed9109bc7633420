/* labelset.h - a set of products with the category each belongs in, as a seller imported
 * it: what a training learns from beside what was decided
 *
 * A category is kept as the file had it, an id or a path, and looked up in the target's
 * tree when it is learnt from; so a set outlives changes of the tree.
 */
#ifndef MATCH_LABELSET_H
#define MATCH_LABELSET_H

#include "base/hash.h"
#include "base/str.h"

/* One a seller, target and name. */
struct label_set {
    struct str seller_id, target_id, name;
    int64_t seq; /* grows with every change of any set; given by the store */
    int64_t rows;
    struct sha256 hash; /* of what the rows say, in their order */
    struct str who;
    int64_t at;
};

/* A row of it. "" where the file had none; title and category there always are. */
struct set_row {
    struct str id, title, category, description, brand, seller_category;
};

#endif
