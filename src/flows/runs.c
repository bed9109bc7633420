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

void run_note_answer(struct run *run, const struct channel_meta *meta)
{
    run->answer = (struct run_answer){str_of(meta->code), str_of(meta->message),
                                      str_of(meta->reason), meta->process_time_s};
}
