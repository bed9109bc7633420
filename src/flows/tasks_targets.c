/* tasks_targets.c - every target that work can be left for */
#include "flows/tasks.h"

struct names {
    struct arena *arena;
    struct str *list;
    size_t count, room;
};

static enum aisle_status add_name(struct names *n, struct str name, struct aisle_err *err)
{
    if (n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 64;
        struct str *wider = arena_zalloc(n->arena, room, sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        if (n->count)
            memcpy(wider, n->list, n->count * sizeof *wider);
        n->list = wider;
        n->room = room;
    }
    n->list[n->count] = arena_str(n->arena, name);
    return n->list[n->count++].p ? AISLE_OK : aisle_nomem(err);
}

struct shops {
    struct names names;
    struct str seller_id;
};

static enum aisle_status note_shop(void *ctx, const struct shop *s, struct aisle_err *err)
{
    struct shops *shops = ctx;

    if (!str_empty(shops->seller_id) && !str_eq(shops->seller_id, s->seller_id))
        return AISLE_OK;
    return add_name(&shops->names, s->id, err);
}

static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    return add_name(ctx, t->id, err);
}

enum aisle_status flow_tasks_targets(const struct app *app, enum task_kind kind,
                                     struct str seller_id, struct arena *arena,
                                     const struct str **out, size_t *count,
                                     struct aisle_err *err)
{
    const struct store_shops *ops = app->store->ops->shops;
    struct shops shops = {.names = {.arena = arena}, .seller_id = seller_id};
    struct names targets = {.arena = arena};
    enum aisle_status status = ops->each_shop(app->store, note_shop, &shops, err);

    for (size_t i = 0; status == AISLE_OK && i < shops.names.count; i++) {
        size_t before = targets.count;
        struct str shop = shops.names.list[i];

        status = ops->each_target(app->store, shop, note_target, &targets, err);
        if (status == AISLE_OK && kind == TASK_SYNC && targets.count == before)
            status = add_name(&targets, shop, err); /* its usual one goes by its name */
    }
    if (status != AISLE_OK)
        return status;
    *out = targets.list;
    *count = targets.count;
    return AISLE_OK;
}
