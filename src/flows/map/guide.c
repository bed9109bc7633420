/* guide.c - the partner guide's twelve steps ("Map product categories", automated), to
 * the letter
 *
 * Every product is asked about, with its title and its image. The first answer sets its
 * seller category's mapping when that has none; an answer that differs from the mapping
 * becomes the product's own and is marked as a conflict, never a silent overwrite. A leaf
 * this shop may not list in is proposed, not taken: a person should know first.
 */
#include "flows/map/ask.h"
#include "flows/map/take.h"

static void plan(struct map *m, struct group *g)
{
    for (size_t i = g->phase; i < g->count; i++)
        if (g->slots[i].state == SLOT_IDLE)
            engine_queue(m, g, i);
    g->phase = (unsigned)g->count;
}

/* Steps 1 to 11; the product itself was read with its group. */
static enum aisle_status ask(struct worker *w, const struct group *g,
                             const struct slot *slot, struct asked *out,
                             struct aisle_err *err)
{
    const struct product *p = &slot->product;

    (void)g;
    if (w->map->channel->push_image)
        return ask_with_image(w, p, out, err);
    return ask_recommend(w, p, (struct str){0}, out, err);
}

static size_t ripe(const struct map *m, const struct group *g)
{
    size_t to = g->sunk;

    (void)m;
    while (to < g->count &&
           (g->slots[to].state == SLOT_ANSWERED || g->slots[to].state == SLOT_SETTLED))
        to++;
    return to;
}

static bool mapping_is_settled(const struct group *g)
{
    return g->has_mapping && decision_is_settled(g->mapping.state);
}

/* A person said no to this very leaf for the category. */
static bool mapping_was_rejected(const struct group *g, struct str category_id)
{
    return g->has_mapping && g->mapping.state == DECISION_REJECTED &&
           str_eq(g->mapping.category_id, category_id);
}

/* Step 12. */
static void take_leaf(struct taking *t, const struct slot *slot)
{
    struct group *g = t->g;
    struct str leaf = slot->asked.category_id;
    bool open = leaf_standing(t->w->map, leaf) != LEAF_CLOSED;

    take_provisional(t, &slot->asked);
    if (!open || mapping_was_rejected(g, leaf)) {
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_PROPOSED, leaf,
                      ADVISOR_MARKETPLACE, 0, EXPECT_ANY)
            ->reasons =
            open ? STR_LIT("refused for its seller category")
                 : STR_LIT("this shop may not list there (yet): ask the marketplace "
                           "for access, or choose another");
        take_item(t, slot, ITEM_NEEDS_PERSON, leaf, ITEM_BY_MARKETPLACE);
        return;
    }
    if (str_empty(g->category_id)) {
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_ACCEPTED, leaf,
                      ADVISOR_MARKETPLACE, 0, EXPECT_ANY);
    } else if (!mapping_is_settled(g)) {
        take_decision(t, SCOPE_SELLER_CATEGORY, g->category_id, DECISION_ACCEPTED, leaf,
                      ADVISOR_MARKETPLACE, 0, g->has_mapping ? g->mapping.seq : 0);
    } else if (!str_eq(g->mapping.category_id, leaf)) {
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_ACCEPTED, leaf,
                      ADVISOR_MARKETPLACE, 0, EXPECT_ANY)
            ->conflict = true;
    }
    take_item(t, slot, ITEM_MAPPED, leaf, ITEM_BY_MARKETPLACE);
}

static void take_outcome(struct taking *t, const struct slot *slot)
{
    if (slot->asked.kind == ASKED_LEAF &&
        take_refused(t, slot, slot->asked.category_id, ITEM_BY_MARKETPLACE))
        return;
    if (slot->asked.kind == ASKED_LEAF)
        take_leaf(t, slot);
    else
        take_item(t, slot, item_state_of(slot->asked.kind), (struct str){0},
                  ITEM_BY_NONE);
}

static enum aisle_status take_one(struct worker *w, struct group *g,
                                  const struct slot *slot, struct aisle_err *err)
{
    struct taking t;
    enum aisle_status status = taking_init(&t, w, g, 1, err);

    if (status != AISLE_OK)
        return status;
    take_outcome(&t, slot);
    return taking_keep(&t, err);
}

static enum aisle_status sink(struct worker *w, struct group *g, size_t to,
                              struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = g->sunk; status == AISLE_OK && i < to; i++) {
        struct aisle_err why = {0};

        if (g->slots[i].state == SLOT_SETTLED)
            continue;
        status = take_one(w, g, &g->slots[i], &why);
        if (status ==
            AISLE_CONFLICT) { /* a person set the category meanwhile: theirs counts */
            why = (struct aisle_err){0};
            status = group_reload(w, g, &why);
            if (status == AISLE_OK)
                status = take_one(w, g, &g->slots[i], &why);
        }
        if (status != AISLE_OK)
            aisle_pass(err, &why);
    }
    return status;
}

const struct map_policy_ops map_guide = {
    .name = "guide",
    .wants_matcher = false,
    .plan = plan,
    .ask = ask,
    .ripe = ripe,
    .sink = sink,
};
