#include "flows/runs.h"

#include <stdio.h>

void run_id_new(const struct app *app, char out[RUN_ID_LEN])
{
    char t[TIME_LEN + 1];

    time_format(clock_now_s(app->clock), t);
    snprintf(out, RUN_ID_LEN, "r-%.4s%.2s%.2s-%.2s%.2s%.2s-%06x", t, t + 5, t + 8, t + 11,
             t + 14, t + 17, (unsigned)(rng_u64(app->rng) & 0xffffffu));
}

void run_note_request(struct run_request_ids *ids, const struct channel_meta *meta)
{
    size_t have = strlen(ids->text), more = strlen(meta->request_id);

    if (more == 0 || have + more + 2 > sizeof(ids->text))
        return;
    snprintf(ids->text + have, sizeof(ids->text) - have, "%s%s", have ? "," : "",
             meta->request_id);
}

static const char undone[] = "undone";

bool run_is_undone(const struct run *run)
{
    return run->state == RUN_FAILED && str_is(run->text, undone);
}

void run_set_undone(struct run *run)
{
    run->state = RUN_FAILED;
    run->text = str_of(undone);
}

bool run_is_left(const struct run *run)
{
    return str_is(run->kind, "map") && run_can_resume(run->state) &&
           !run_is_undone(run) &&
           (run->state != RUN_UNDER_WAY || owner_seems_gone(run->owner));
}

/* ---- those whose process was lost ---- */

enum { CUT_AT_ONCE = 64 }; /* more are left to the next one */

struct ids {
    struct arena *arena;
    struct str list[CUT_AT_ONCE];
    size_t count;
};

static enum aisle_status note_id(void *ctx, const struct run *run, struct aisle_err *err)
{
    struct ids *ids = ctx;

    ids->list[ids->count] = arena_str(ids->arena, run->id);
    return ids->list[ids->count++].p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status cut_off(const struct app *app, struct str id,
                                 struct arena *arena, struct aisle_err *err)
{
    struct run run;
    enum aisle_status status =
        app->store->ops->work->get_run(app->store, id, arena, &run, err);

    if (status != AISLE_OK)
        return status;
    run.state = RUN_STOPPED;
    run.text = STR_LIT("cut off: its process was lost");
    run.owner = (struct str){"", 0};
    run.finished_at = clock_now_s(app->clock);
    return app->store->ops->work->put_run(app->store, &run, err);
}

enum aisle_status runs_cut_off(const struct app *app, struct str kind,
                               struct str target_id, struct arena *arena,
                               struct aisle_err *err)
{
    const struct run_filter filter = {.kind = kind,
                                      .target_id = target_id,
                                      .states = 1u << RUN_UNDER_WAY,
                                      .limit = CUT_AT_ONCE};
    struct ids ids = {.arena = arena};
    enum aisle_status status =
        app->store->ops->work->page_runs(app->store, &filter, note_id, &ids, err);

    for (size_t i = 0; status == AISLE_OK && i < ids.count; i++)
        status = cut_off(app, ids.list[i], arena, err);
    return status;
}

void run_note_answer(struct run *run, const struct channel_meta *meta)
{
    run->answer = (struct run_answer){str_of(meta->code), str_of(meta->message),
                                      str_of(meta->reason), meta->process_time_s};
}
