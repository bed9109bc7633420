#include "flows/map/undone.h"

#include "base/json.h"
#include "flows/map/turn.h"
#include "flows/runs.h"

/* A share of the categories is a task's. */
static bool is_share(const struct run *run)
{
    json_t *parameters = NULL;
    bool is = json_read(run->parameters, BUF_MAX_LINE, "parameters of the run",
                        &parameters, NULL) == AISLE_OK &&
              json_at(parameters, "open_end");

    json_decref(parameters);
    return is;
}

static bool is_open(const struct run *run)
{
    return str_is(run->kind, "map") && run->state != RUN_DONE && !run_is_undone(run) &&
           !is_share(run);
}

static enum aisle_status find(const struct app *app, struct str id, struct arena *arena,
                              struct run *out, struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct run run;
    enum aisle_status status =
        app->store->ops->work->get_run(app->store, id, arena, &run, &none);

    *out = status == AISLE_OK && is_open(&run) ? run : (struct run){0};
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

enum aisle_status undone_hold(const struct app *app, struct str batch_id,
                              struct arena *arena, struct undone *out,
                              struct aisle_err *err)
{
    enum aisle_status status;

    *out = (struct undone){.turn = {.held = false}};
    status = find(app, batch_id, arena, &out->was, err);
    if (status != AISLE_OK || str_empty(out->was.id))
        return status;
    status = map_turn_take(app, &out->turn, out->was.target_id, err);
    if (status == AISLE_CONFLICT)
        aisle_note(err, "so run %.*s is not undone: stop what maps there, or let it end",
                   STR_ARG(batch_id));
    if (status == AISLE_OK) /* it may have ended before the turn was ours */
        status = find(app, batch_id, arena, &out->was, err);
    return status;
}

enum aisle_status undone_end(const struct app *app, const struct undone *u,
                             struct aisle_err *err)
{
    struct run run = u->was;

    if (str_empty(run.id))
        return AISLE_OK;
    run_set_undone(&run);
    run.owner = (struct str){"", 0};
    run.finished_at = clock_now_s(app->clock);
    return app->store->ops->work->put_run(app->store, &run, err);
}

enum aisle_status undone_keep(const struct app *app, struct undone *u,
                              struct aisle_err *err)
{
    int64_t now = clock_mono_ms(app->clock);

    if (!u->turn.held || now < u->renew_at)
        return AISLE_OK;
    u->renew_at = now + MAP_LEASE_S * 1000 / 3;
    return lease_renew(app, &u->turn, MAP_LEASE_S, err);
}

void undone_restore(const struct app *app, const struct undone *u)
{
    if (!str_empty(u->was.id))
        app->store->ops->work->put_run(app->store, &u->was, NULL);
}

void undone_give_back(const struct app *app, struct undone *u)
{
    lease_give_back(app, &u->turn);
}
