/* label_leaf.h - the leaf that a label means, in a target's tree as it is now
 *
 * A label is a category's id or its path. An id that is a leaf no more is followed to its
 * successor, where the marketplace or its name names one.
 */
#ifndef FLOWS_LABEL_LEAF_H
#define FLOWS_LABEL_LEAF_H

#include "flows/successor.h"
#include "match/numbered.h"

struct label_leaf {
    struct str id; /* borrowed from the tree; empty: no leaf there */
    bool open;     /* the shop may list there */
};

/* Fill the first line; clear when done. */
struct label_leaves {
    struct successors successors; /* app, target_id, now, told_only */
    struct numbered known;        /* a label's hash to its place in the list */
    struct label_leaf *list;
    uint32_t count, cap;
};

/* Each label is looked up once. *out is borrowed until the next. */
enum aisle_status label_leaf_find(struct label_leaves *l, struct str label,
                                  const struct label_leaf **out, struct aisle_err *err);
/* How many leaves all that was looked up meant. AISLE_NOMEM. */
enum aisle_status label_leaf_count(const struct label_leaves *l, size_t *out,
                                   struct aisle_err *err);
void label_leaves_clear(struct label_leaves *l); /* twice is fine */

/* A target, and its tree where it was synced. */
struct label_place {
    struct target target;
    struct shop shop;
    struct taxonomy tree;
    bool has_tree;
    struct label_leaves leaves; /* of the tree */
};

/* *out stays where it is; text in the arena. label_place_clear in any case, {0} before.
 */
enum aisle_status label_place_open(const struct app *app, struct str asked,
                                   struct arena *arena, struct label_place *out,
                                   struct aisle_err *err);
void label_place_clear(struct label_place *p); /* twice is fine */

#endif
