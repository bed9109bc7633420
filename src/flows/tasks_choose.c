/* tasks_choose.c - tasks by their names: tried again, or taken off the list */
#include "base/mem.h"
#include "flows/tasks.h"

struct choosing {
    const struct tasks_choice *choice;
    struct arena *arena;
    struct task *list;
    size_t count, room;
};

static bool is_chosen(const struct tasks_choice *choice, struct str id)
{
    for (size_t i = 0; i < choice->count; i++)
        if (str_eq(choice->ids[i], id))
            return true;
    return choice->count == 0;
}

static enum aisle_status note(void *ctx, const struct task *t, struct aisle_err *err)
{
    struct choosing *c = ctx;
    struct task *kept;

    if (!is_chosen(c->choice, t->id))
        return AISLE_OK;
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 64;
        struct task *wider = arena_zalloc(c->arena, room, sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        if (c->count)
            memcpy(wider, c->list, c->count * sizeof *wider);
        c->list = wider;
        c->room = room;
    }
    kept = &c->list[c->count++];
    *kept = (struct task){.seller_id = arena_str(c->arena, t->seller_id),
                          .shop_id = arena_str(c->arena, t->shop_id),
                          .id = arena_str(c->arena, t->id)};
    return kept->seller_id.p && kept->shop_id.p && kept->id.p ? AISLE_OK
                                                              : aisle_nomem(err);
}

enum aisle_status flow_tasks_choose(const struct app *app,
                                    const struct tasks_choice *choice,
                                    struct arena *arena, const struct task **out,
                                    size_t *count, struct aisle_err *err)
{
    const struct task_filter filter = {.seller_id = choice->seller_id,
                                       .shop_id = choice->shop_id,
                                       .states = choice->states};
    struct choosing c = {.choice = choice, .arena = arena};
    enum aisle_status status =
        app->store->ops->tasks->each(app->store, &filter, note, &c, err);

    if (status == AISLE_OK && choice->count && !c.count)
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no such task");
    if (status != AISLE_OK)
        return status;
    *out = c.list;
    *count = c.count;
    return AISLE_OK;
}

/* What is no longer as it was when it was chosen is none of our failures. */
static enum aisle_status pass_over(enum aisle_status status, const struct aisle_err *why,
                                   size_t *done, struct aisle_err *err)
{
    if (status == AISLE_OK)
        (*done)++;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, why);
    return status;
}

enum aisle_status flow_tasks_retry(const struct app *app, const struct task *list,
                                   size_t count, size_t *done, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    *done = 0;
    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        struct aisle_err why = {0};

        status =
            app->store->ops->tasks->revive(app->store, list[i].seller_id, list[i].shop_id,
                                           list[i].id, clock_now_s(app->clock), &why);
        status = pass_over(status, &why, done, err);
    }
    return status;
}

enum aisle_status flow_tasks_drop(const struct app *app, const struct task *list,
                                  size_t count, size_t *done, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    *done = 0;
    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        struct aisle_err why = {0};

        status = app->store->ops->tasks->drop(app->store, list[i].seller_id,
                                              list[i].shop_id, list[i].id, &why);
        status = pass_over(status, &why, done, err);
    }
    return status;
}
