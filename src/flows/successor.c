#include "flows/successor.h"

#include "taxonomy/diff.h"

/* ---- what it was ---- */

static enum aisle_status note_snapshot(void *ctx, const struct snapshot *snapshot,
                                       struct aisle_err *err)
{
    struct successors *s = ctx;

    (void)err;
    if (s->former_count == SUCCESSOR_MAX_TREES)
        return AISLE_STOPPED;
    s->former[s->former_count++].snapshot_id = snapshot->id;
    return AISLE_OK;
}

static enum aisle_status list_snapshots(struct successors *s, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!s->listed)
        status = s->app->store->ops->trees->each_snapshot(s->app->store, s->target_id,
                                                          note_snapshot, s, err);
    if (status == AISLE_STOPPED)
        status = AISLE_OK;
    s->listed = status == AISLE_OK;
    return status;
}

static enum aisle_status load_former(struct successors *s, size_t i,
                                     struct aisle_err *err)
{
    struct former_tree *former = &s->former[i];
    enum aisle_status status = AISLE_OK;

    if (!former->loaded)
        status = s->app->store->ops->trees->load(s->app->store, s->target_id,
                                                 former->snapshot_id, &s->arena, NULL,
                                                 &former->tree, err);
    former->loaded = status == AISLE_OK;
    return status;
}

static const struct category *leaf_in(const struct taxonomy *tree, struct str id)
{
    const struct category *c = tree ? taxonomy_get(tree, id) : NULL;

    return c && c->leaf && !c->child_count && !c->provisional ? c : NULL;
}

/* *was is NULL when no snapshot we look at has it as a leaf. */
static enum aisle_status find_former(struct successors *s, struct str id,
                                     const struct taxonomy **tree,
                                     const struct category **was, struct aisle_err *err)
{
    enum aisle_status status;

    *tree = s->then;
    *was = leaf_in(s->then, id);
    if (*was)
        return AISLE_OK;
    status = list_snapshots(s, err);
    for (size_t i = 0; status == AISLE_OK && !*was && i < s->former_count; i++) {
        status = load_former(s, i, err);
        *tree = &s->former[i].tree;
        if (status == AISLE_OK)
            *was = leaf_in(*tree, id);
    }
    return status;
}

/* ---- where to ---- */

static const double MATCHER_LEAST = 0.1; /* less sure, and it is a neighbour at most */

/* Whose tree it is: what the marketplace says of a leaf, it says to a whole market. */
static enum aisle_status learn_market(struct successors *s, struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    enum aisle_status status = target_parse(s->target_id, &target, err);

    if (status == AISLE_OK)
        status = s->app->store->ops->shops->get_shop(s->app->store, target.shop_id,
                                                     &s->arena, &shop, err);
    if (status == AISLE_OK) {
        s->channel = shop.channel;
        s->region = shop.region;
    }
    return status;
}

/* The marketplace told where it moved what lay there. */
static enum aisle_status by_move(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err)
{
    struct category_move move;
    struct aisle_err none = {0};
    const struct category *to;
    enum aisle_status status = s->channel.p ? AISLE_OK : learn_market(s, err);

    if (status != AISLE_OK)
        return status;
    status = s->app->store->ops->listings->get_move(s->app->store, s->channel, s->region,
                                                    leaf_id, &s->arena, &move, &none);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    to = taxonomy_get(s->now, move.to_id);
    if (to && category_takes_products(to)) {
        out->id = to->id;
        out->by = "marketplace";
        out->confidence = 1;
    }
    return AISLE_OK;
}

/* The best leaf by words for what used to be at that path. */
static enum aisle_status by_matcher(struct successors *s, struct str name,
                                    struct successor *out, struct aisle_err *err)
{
    struct suggestion best;
    enum aisle_status status = AISLE_OK;
    size_t n = 0;

    if (!s->matcher)
        status = match_new(s->now, &s->matcher, err);
    if (status == AISLE_OK && !s->scratch)
        status = match_scratch_new(&s->scratch, err);
    if (status == AISLE_OK)
        status = match_rank(
            s->matcher, s->scratch,
            &(struct match_query){.title = name, .seller_category = out->was_path},
            &s->arena, &best, 1, &n, err);
    if (status != AISLE_OK || !n || best.confidence < MATCHER_LEAST)
        return status;
    out->id = best.category_id;
    out->by = "matcher";
    out->confidence = best.confidence;
    return AISLE_OK;
}

enum aisle_status successor_find(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct successor found = {.by = ""};
    const struct taxonomy *then;
    const struct category *was, *to;
    enum aisle_status status;

    if (!s->arena.max)
        s->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    status = find_former(s, leaf_id, &then, &was, err);
    if (status == AISLE_OK && was) {
        category_path(then, was, taxonomy_locale(then, s->locale), &path);
        found.was_path = arena_str(&s->arena, buf_str(&path));
        buf_clear(&path);
        if (!found.was_path.p)
            return aisle_nomem(err);
        status = by_move(s, leaf_id, &found, err);
        if (status != AISLE_OK || found.id.n) {
            /* told, or not to be had */
        } else if (taxonomy_successors(then, s->now, was, &to, 1)) {
            found.id = to->id;
            found.by = str_eq(to->parent_id, was->id) ? "new child" : "same name";
            found.confidence = 1;
        } else if (!s->told_only) {
            status = by_matcher(s, category_name(then, was, TAXONOMY_NONE), &found, err);
        }
    }
    if (status == AISLE_OK)
        *out = found;
    return status;
}

void successors_clear(struct successors *s)
{
    match_scratch_free(s->scratch);
    match_free(s->matcher);
    s->scratch = NULL;
    s->matcher = NULL;
    arena_clear(&s->arena);
    s->channel = s->region = (struct str){0};
    s->former_count = 0;
    s->listed = false;
}
