/* take.h - decisions of a run, as both policies take them: one product after another */
#ifndef FLOWS_MAP_TAKE_H
#define FLOWS_MAP_TAKE_H

#include "flows/map/engine.h"

/* A step being put together: decisions, items and their suggestions, in the worker's
 * arena. */
struct taking {
    struct worker *w;
    struct group *g;
    struct decision_write *decisions;
    struct step_item *items;
    size_t decision_count, item_count, room;
    struct provisional_category *provisional; /* leaves the stored tree lacks */
    size_t provisional_count;
    const struct decision *category; /* the one on the group's category; or NULL */
    const struct unkept *unkept;     /* an answer that comes along; or NULL */
};

/* Room for `products` products, and a decision for the category. */
enum aisle_status taking_init(struct taking *t, struct worker *w, struct group *g,
                              size_t products, struct aisle_err *err);

/* What kind of leaf an answer names, by the stored tree. */
enum leaf_standing {
    LEAF_OPEN,
    LEAF_CLOSED,  /* this shop may not list there, or not in both trees it is for, or it
                   * is no leaf */
    LEAF_MISSING, /* the stored tree lacks it: kept as provisional */
};
enum leaf_standing leaf_standing(const struct map *m, struct str category_id);

/* What a product that got no leaf counts as. */
enum item_state item_state_of(enum asked_kind kind);

/* A decision for the key, to be appended when the step is kept. `expected` as in store.h.
 */
struct decision *take_decision(struct taking *t, enum decision_scope scope,
                               struct str key, enum decision_state state,
                               struct str category_id, enum advisor advisor,
                               double confidence, int64_t expected);
/* A person said no to this very leaf for this very product: it waits for another word. */
bool take_refused(struct taking *t, const struct slot *slot, struct str leaf,
                  enum advisor_of_item by);
/* A leaf for a person to judge. What is proposed already, in the same words, stands as it
 * is: a sheet or a card it is on stays good. */
void take_proposal(struct taking *t, const struct slot *slot, struct str leaf,
                   enum advisor advisor, double confidence, struct str reasons);
/* Where this shop may not list, or what was refused for the whole category, a person
 * should know first: proposed, with the reason. False when nothing is in the way. */
bool take_barred(struct taking *t, const struct slot *slot, struct str leaf,
                 enum advisor advisor, enum advisor_of_item by);
/* What became of a product. */
struct run_item *take_item(struct taking *t, const struct slot *slot,
                           enum item_state state, struct str category_id,
                           enum advisor_of_item by);
/* A leaf the stored tree lacks. */
void take_provisional(struct taking *t, const struct asked *asked);

/* Keep it all. AISLE_CONFLICT: a person decided meanwhile. Then the group's mapping is
 * the decision on its category, if there is one, but for its number. */
enum aisle_status taking_keep(struct taking *t, struct aisle_err *err);
/* What stands for the group's category, and what was refused for it; a second time after
 * AISLE_CONFLICT. Text in the arena. */
enum aisle_status group_load_mapping(const struct map *m, struct group *g,
                                     struct arena *arena, struct aisle_err *err);
enum aisle_status group_reload(struct worker *w, struct group *g, struct aisle_err *err);

#endif
