/* guide.c - the partner guide's twelve steps ("Map product categories", automated), to
 * the letter
 *
 * Every product is asked about, with its title and its image. The first answer sets its
 * seller category's mapping when that has none; an answer that differs from the mapping
 * becomes the product's own and is marked as a conflict, never a silent overwrite. A leaf
 * this shop may not list in, or that a person refused for the category, is proposed, not
 * taken: a person should know first.
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

/* What stands for the category, once this step is kept; or NULL. */
static const struct decision *mapping_of(const struct taking *t)
{
    if (t->category)
        return t->category;
    return t->g->has_mapping ? &t->g->mapping : NULL;
}

/* Step 12. */
static void take_leaf(struct taking *t, const struct slot *slot)
{
    struct group *g = t->g;
    const struct decision *mapping = mapping_of(t);
    struct str leaf = slot->asked.category_id;

    take_provisional(t, &slot->asked);
    if (take_barred(t, slot, leaf, ADVISOR_MARKETPLACE, ITEM_BY_MARKETPLACE))
        return;
    if (str_empty(g->category_id)) {
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_ACCEPTED, leaf,
                      ADVISOR_MARKETPLACE, 0, EXPECT_ANY);
    } else if (!mapping || !decision_is_settled(mapping->state)) {
        take_decision(t, SCOPE_SELLER_CATEGORY, g->category_id, DECISION_ACCEPTED, leaf,
                      ADVISOR_MARKETPLACE, 0, mapping ? mapping->seq : 0);
    } else if (!str_eq(mapping->category_id, leaf)) {
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

/* All that is ripe, in one step. */
static enum aisle_status take_all(struct worker *w, struct group *g, size_t to,
                                  struct aisle_err *err)
{
    struct taking t;
    enum aisle_status status = taking_init(&t, w, g, to - g->sunk, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = g->sunk; i < to; i++)
        if (g->slots[i].state != SLOT_SETTLED)
            take_outcome(&t, &g->slots[i]);
    return t.item_count ? taking_keep(&t, err) : AISLE_OK;
}

static enum aisle_status sink(struct worker *w, struct group *g, size_t to,
                              struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = take_all(w, g, to, &why);

    if (status == AISLE_CONFLICT) { /* a person set the category meanwhile: it counts */
        why = (struct aisle_err){0};
        status = group_reload(w, g, &why);
        if (status == AISLE_OK)
            status = take_all(w, g, to, &why);
    }
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    return status;
}

const struct map_policy_ops map_guide = {
    .name = "guide",
    .wants_matcher = false,
    .wants_images = true,
    .plan = plan,
    .ask = ask,
    .ripe = ripe,
    .sink = sink,
};
