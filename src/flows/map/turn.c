#include "flows/map/turn.h"

enum aisle_status map_turn_take(const struct app *app, struct lease *lease,
                                struct str target_id, struct aisle_err *err)
{
    return lease_take(app, lease, "map", target_id, MAP_LEASE_S, err);
}

static enum aisle_status refuse(void *ctx, const struct task *task, struct aisle_err *err)
{
    const struct str *target_id = ctx;

    if (!str_eq(task->target_id, *target_id))
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFLICT,
                      "the map of %.*s was left to workers: let them end it (aisle "
                      "worker), or take it back (aisle work drop)",
                      STR_ARG(*target_id));
}

enum aisle_status map_turn_check(const struct app *app, const struct shop *shop,
                                 struct str target_id, struct aisle_err *err)
{
    const struct task_filter open = {.seller_id = shop->seller_id,
                                     .shop_id = shop->id,
                                     .kinds = 1u << TASK_MAP,
                                     .states = 1u << TASK_WAITING | 1u << TASK_TAKEN};

    return app->store->ops->tasks->each(app->store, &open, refuse, &target_id, err);
}
