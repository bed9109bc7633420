/* tree_diff.c - what lies between two snapshots that are kept, and whom it hurts */
#include "flows/impact.h"
#include "flows/sync.h"

struct newest_two {
    int64_t id[2];
    size_t count;
};

static enum aisle_status note_snapshot(void *ctx, const struct snapshot *snap,
                                       struct aisle_err *err)
{
    struct newest_two *two = ctx;

    (void)err;
    if (two->count < 2)
        two->id[two->count++] = snap->id;
    return AISLE_OK;
}

/* 0 to the newest, and to the one before the newest. */
static enum aisle_status choose_snapshots(const struct app *app, struct str target_id,
                                          int64_t *from, int64_t *to,
                                          struct aisle_err *err)
{
    struct newest_two two = {0};
    enum aisle_status status;

    if (*from != 0 && *to != 0)
        return AISLE_OK;
    status = app->store->ops->trees->each_snapshot(app->store, target_id, note_snapshot,
                                                   &two, err);
    if (status != AISLE_OK)
        return status;
    if (two.count == 0 || (*from == 0 && two.count < 2))
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "%.*s has %s snapshot: nothing to compare", STR_ARG(target_id),
                          two.count ? "only one" : "no");
    if (*to == 0)
        *to = two.id[0];
    if (*from == 0)
        *from = two.id[1];
    return AISLE_OK;
}

struct comparing {
    const struct sync_listener *listener;
    struct taxonomy then, now;
};

static enum aisle_status tell_difference(void *ctx, const struct category_diff *diff,
                                         struct aisle_err *err)
{
    struct comparing *c = ctx;

    (void)err;
    c->listener->differs(c->listener->ctx, &c->then, &c->now, diff);
    return AISLE_OK;
}

enum aisle_status flow_tree_diff(const struct app *app, struct str target_id,
                                 int64_t from, int64_t to,
                                 const struct sync_listener *listener,
                                 struct taxonomy_diff_counts *out, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct comparing c = {.listener = listener};
    const struct store_trees *trees = app->store->ops->trees;
    enum aisle_status status = choose_snapshots(app, target_id, &from, &to, err);

    if (status == AISLE_OK)
        status = trees->load(app->store, target_id, from, &arena, NULL, &c.then, err);
    if (status == AISLE_OK)
        status = trees->load(app->store, target_id, to, &arena, NULL, &c.now, err);
    if (status == AISLE_OK)
        *out = taxonomy_diff_count(&c.then, &c.now);
    if (status == AISLE_OK && listener && listener->differs)
        status = taxonomy_diff(&c.then, &c.now, tell_difference, &c, err);
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_tree_impact(const struct app *app, struct str target_id,
                                   const struct sync_listener *listener, size_t *count,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct newest_two two = {0};
    struct taxonomy then = {0}, now;
    const struct store_trees *trees = app->store->ops->trees;
    enum aisle_status status;

    status = trees->each_snapshot(app->store, target_id, note_snapshot, &two, err);
    if (status == AISLE_OK)
        status = trees->load(app->store, target_id, 0, &arena, NULL, &now, err);
    if (status == AISLE_OK && two.count == 2)
        status = trees->load(app->store, target_id, two.id[1], &arena, NULL, &then, err);
    if (status == AISLE_OK)
        status = impact_each(app, target_id, two.count == 2 ? &then : NULL, &now,
                             two.id[0], listener, count, err);
    arena_clear(&arena);
    return status;
}
