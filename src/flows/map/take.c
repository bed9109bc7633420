#include "flows/map/take.h"

#include "flows/newest.h"

enum leaf_standing leaf_standing(const struct map *m, struct str category_id)
{
    const struct category *c = taxonomy_get(&m->tree, category_id);

    if (!c || c->provisional)
        return LEAF_MISSING;
    if (!category_takes_products(c))
        return LEAF_CLOSED;
    if (!m->also)
        return LEAF_OPEN;
    c = taxonomy_get(m->also, category_id);
    return c && category_takes_products(c) ? LEAF_OPEN : LEAF_CLOSED;
}

enum item_state item_state_of(enum asked_kind kind)
{
    switch (kind) {
    case ASKED_REFUSED:
        return ITEM_REFUSED;
    case ASKED_NO_IMAGE:
        return ITEM_NO_IMAGE;
    case ASKED_FAILED:
        return ITEM_FAILED;
    case ASKED_UNSURE:
        return ITEM_NEEDS_PERSON;
    case ASKED_LEAF:
    case ASKED_LOOKED:
    case ASKED_COVERED:
        break;
    }
    return ITEM_MAPPED;
}

enum aisle_status taking_init(struct taking *t, struct worker *w, struct group *g,
                              size_t products, struct aisle_err *err)
{
    *t = (struct taking){.w = w, .g = g, .room = products};
    t->decisions = arena_alloc(&w->arena, (products + 1) * sizeof(*t->decisions));
    t->items = arena_alloc(&w->arena, products * sizeof(*t->items));
    t->provisional = arena_alloc(&w->arena, products * sizeof(*t->provisional));
    return t->decisions && t->items && t->provisional ? AISLE_OK : aisle_nomem(err);
}

struct decision *take_decision(struct taking *t, enum decision_scope scope,
                               struct str key, enum decision_state state,
                               struct str category_id, enum advisor advisor,
                               double confidence, int64_t expected)
{
    const struct map *m = t->w->map;
    struct decision_write *d = &t->decisions[t->decision_count++];

    assert(t->decision_count <= t->room + 1);
    *d = (struct decision_write){
        .d =
            {
                .seller_id = t->g->seller_id,
                .target_id = m->target.id,
                .scope = scope,
                .key = key,
                .state = state,
                .category_id = category_id,
                .advisor = advisor,
                .confidence = confidence,
                .who = STR_LIT("aisle"),
                .batch_id = m->run.id,
                .run_id = m->run.id,
                .snapshot_id = m->snapshot.id,
                .provisional = leaf_standing(m, category_id) == LEAF_MISSING,
                .at = clock_now_s(m->app->clock),
            },
        .expected = expected,
        .skip_if_settled = scope == SCOPE_PRODUCT, /* by a person, meanwhile */
    };
    if (scope == SCOPE_SELLER_CATEGORY)
        t->category = &d->d;
    return &d->d;
}

struct run_item *take_item(struct taking *t, const struct slot *slot,
                           enum item_state state, struct str category_id,
                           enum advisor_of_item by)
{
    struct step_item *item = &t->items[t->item_count++];

    assert(t->item_count <= t->room);
    t->unkept = slot->unkept ? slot->unkept : t->unkept;
    *item = (struct step_item){
        .item =
            {
                .run_id = t->w->map->run.id,
                .seller_id = slot->product.seller_id,
                .product_id = slot->product.id,
                .state = state,
                .category_id = category_id,
                .by = by,
                .code = slot->asked.code,
                .text = slot->asked.text,
                .at = clock_now_s(t->w->map->app->clock),
            },
        .suggestions = slot->asked.local,
        .suggestion_count = slot->asked.local_count,
    };
    return &item->item;
}

bool take_refused(struct taking *t, const struct slot *slot, struct str leaf,
                  enum advisor_of_item by)
{
    if (!refusals_have(slot->refused, leaf))
        return false;
    take_item(t, slot, ITEM_NEEDS_PERSON, leaf, by)->text =
        STR_LIT("a person refused this leaf for it");
    return true;
}

static bool is_the_same(const struct decision *was, const struct decision *is)
{
    return str_eq(was->category_id, is->category_id) && was->advisor == is->advisor &&
           was->provisional == is->provisional && str_eq(was->reasons, is->reasons) &&
           decision_standing(was) == decision_standing(is);
}

void take_proposal(struct taking *t, const struct slot *slot, struct str leaf,
                   enum advisor advisor, double confidence, struct str reasons)
{
    struct decision *d =
        take_decision(t, SCOPE_PRODUCT, slot->product.id, DECISION_PROPOSED, leaf,
                      advisor, confidence, EXPECT_ANY);

    d->reasons = reasons;
    if (slot->proposed && is_the_same(slot->proposed, d))
        t->decision_count--;
}

bool take_barred(struct taking *t, const struct slot *slot, struct str leaf,
                 enum advisor advisor, enum advisor_of_item by)
{
    bool closed = leaf_standing(t->w->map, leaf) == LEAF_CLOSED;

    if (!closed && !refusals_have(&t->g->refused, leaf))
        return false;
    take_proposal(t, slot, leaf, advisor, 0,
                  closed
                      ? STR_LIT("this shop may not list there (yet): ask the marketplace "
                                "for access, or choose another")
                      : STR_LIT("refused for its seller category"));
    take_item(t, slot, ITEM_NEEDS_PERSON, leaf, by);
    return true;
}

void take_provisional(struct taking *t, const struct asked *asked)
{
    if (leaf_standing(t->w->map, asked->category_id) != LEAF_MISSING)
        return;
    t->provisional[t->provisional_count++] = (struct provisional_category){
        .target_id = t->w->map->target.id,
        .id = asked->category_id,
        .name = asked->name,
        .parent_id = asked->parent_id,
        .at = clock_now_s(t->w->map->app->clock),
    };
}

enum aisle_status group_load_mapping(const struct map *m, struct group *g,
                                     struct arena *arena, struct aisle_err *err)
{
    enum aisle_status status =
        newest_decision(m->app, g->seller_id, m->target.id, SCOPE_SELLER_CATEGORY,
                        g->category_id, arena, &g->mapping, &g->has_mapping, err);

    if (status == AISLE_OK && g->has_mapping)
        status = refusals_of(m->app, g->seller_id, m->target.id, SCOPE_SELLER_CATEGORY,
                             g->category_id, arena, &g->refused, err);
    return status;
}

enum aisle_status group_reload(struct worker *w, struct group *g, struct aisle_err *err)
{
    return group_load_mapping(w->map, g, &g->decisions, err);
}

enum aisle_status taking_keep(struct taking *t, struct aisle_err *err)
{
    struct run_step step = {
        .decisions = t->decisions,
        .decision_count = t->decision_count,
        .items = t->items,
        .item_count = t->item_count,
    };
    const struct app *app = t->w->map->app;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < t->provisional_count; i++)
        status =
            app->store->ops->trees->put_provisional(app->store, &t->provisional[i], err);
    if (status == AISLE_OK)
        status = engine_keep_items(t->w, t->g, &step, t->unkept, err);
    if (status == AISLE_OK && t->category) {
        t->g->mapping = *t->category; /* its text is the run's and the group's */
        t->g->has_mapping = true;
    }
    return status;
}
