#include "flows/prune.h"

#include "flows/due.h"
#include "flows/lease.h"
#include "flows/products.h"
#include "flows/runs.h"

#include <stdio.h>

enum { PRUNE_LEASE_S = 900 };

enum aisle_status flow_prune(const struct app *app, const struct keeping *keep, bool dry,
                             struct pruned *out, struct aisle_err *err)
{
    const struct store_retention *retention = app->store->ops->retention;
    int64_t now = clock_now_s(app->clock);
    struct pruned n = {0};
    enum aisle_status status = AISLE_OK;

    if (keep->runs_s > 0)
        status = retention->drop_runs(app->store, now - keep->runs_s, dry, &n.runs, err);
    if (status == AISLE_OK && keep->snapshots_s > 0)
        status = retention->drop_snapshots(app->store, now - keep->snapshots_s, dry,
                                           &n.snapshots, err);
    if (status == AISLE_OK && keep->images_s > 0)
        status = flow_images_prune(app, now - keep->images_s, dry, &n.images, err);
    if (status == AISLE_OK)
        *out = n;
    return status;
}

/* ---- by the clock ---- */

struct begun {
    int64_t now, at;
};

/* The newest, but for those a clock that was ahead has put before it. */
static enum aisle_status note_begun(void *ctx, const struct run *run,
                                    struct aisle_err *err)
{
    struct begun *b = ctx;

    (void)err;
    if (run->started_at > b->now)
        return AISLE_OK;
    b->at = run->started_at;
    return AISLE_STOPPED;
}

static enum aisle_status look(const struct app *app, int64_t every_s, bool *due,
                              struct aisle_err *err)
{
    struct due d = {.name = STR_LIT("prune"), .interval_s = every_s};
    struct begun begun = {.now = clock_now_s(app->clock)};
    enum aisle_status status =
        app->store->ops->work->each_run(app->store, d.name, 0, note_begun, &begun, err);

    d.last_at = begun.at;
    *due = due_in_s(&d, begun.now) == 0;
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

static enum aisle_status
prune_and_record(const struct app *app, const struct keeping *keep, struct aisle_err *err)
{
    struct pruned n = {0};
    struct aisle_err why = {0};
    char text[160], id[RUN_ID_LEN];
    struct run run = {.kind = STR_LIT("prune"),
                      .counts = {.total = -1},
                      .started_at = clock_now_s(app->clock)};
    enum aisle_status status = flow_prune(app, keep, false, &n, &why), kept;

    run_id_new(app, id);
    snprintf(text, sizeof text, "%zu runs, %zu snapshots and %zu images dropped", n.runs,
             n.snapshots, n.images);
    run.id = str_of(id);
    run.state = status == AISLE_OK ? RUN_DONE : RUN_FAILED;
    run.text = str_of(status == AISLE_OK ? text : why.text);
    run.finished_at = clock_now_s(app->clock);
    run.counts.done = (int64_t)(n.runs + n.snapshots + n.images);
    kept = app->store->ops->work->put_run(app->store, &run, err);
    log_line(app->log, status == AISLE_OK ? LOG_INFO : LOG_WARN, "pruned: %.*s",
             STR_ARG(run.text));
    if (status == AISLE_OK)
        return kept;
    aisle_pass(err, &why);
    return status;
}

enum aisle_status flow_prune_due(const struct app *app, const struct keeping *keep,
                                 int64_t every_s, bool *done, struct aisle_err *err)
{
    struct lease lease = {0};
    struct aisle_err mine = {0};
    bool due = false;
    enum aisle_status status;

    *done = false;
    if (keep->runs_s <= 0 && keep->snapshots_s <= 0 && keep->images_s <= 0)
        return AISLE_OK;
    status = look(app, every_s, &due, err);
    if (status != AISLE_OK || !due)
        return status;
    status = lease_take(app, &lease, "prune", STR_LIT("store"), PRUNE_LEASE_S, &mine);
    if (status == AISLE_CONFLICT)
        return AISLE_OK;
    aisle_pass(err, &mine);
    if (status == AISLE_OK)
        status = look(app, every_s, &due, err); /* another may just have */
    if (status == AISLE_OK && due) {
        status = prune_and_record(app, keep, err);
        *done = status == AISLE_OK;
    }
    lease_give_back(app, &lease);
    return status;
}
