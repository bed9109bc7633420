#include "flows/tasks.h"

#include "base/json.h"
#include "flows/due.h"
#include "flows/hooks.h"
#include "flows/listing.h"
#include "flows/map.h"
#include "flows/models.h"
#include "flows/requirements.h"
#include "flows/sync.h"
#include "flows/tasks_cut.h"

struct doing {
    const struct app *app;
    const struct task *task;
    const json_t *parameters;
    unsigned jobs;
    struct arena arena;
    struct buf *said;
};

static enum aisle_status do_map(struct doing *d, struct aisle_err *err)
{
    const json_t *p = d->parameters;
    struct task_hold hold = {d->task->seller_id, d->task->shop_id, d->task->id,
                             d->task->fence};
    struct map_share share = {.hold = &hold,
                              .run_id = json_str(p, "run"),
                              .from = json_str(p, "from"),
                              .to = json_str(p, "to"),
                              .open_end = json_flag(p, "open_end", false),
                              .products = json_int(p, "products", -1),
                              .rest = json_int(p, "rest", 0) > 0,
                              .of = json_str(p, "of"),
                              .after_id = json_str(p, "after"),
                              .until_id = json_str(p, "until")};
    struct map_request request = {.target = d->task->target_id,
                                  .budget = -1,
                                  .jobs = d->jobs,
                                  .accept_at = json_num(p, "accept_at", 0),
                                  .model = json_str(p, "model"),
                                  .also = json_str(p, "also"),
                                  .allow_private = json_flag(p, "allow_private", false),
                                  .image_root = json_str(p, "image_root"),
                                  .share = &share};
    struct map_result result = {0};
    enum aisle_status status;

    if (!map_policy_parse(json_str(p, "policy"), &request.policy) ||
        str_empty(share.run_id))
        return aisle_fail(err, AISLE_INVALID, "task %.*s does not say what to map",
                          STR_ARG(d->task->id));
    status = flow_map(d->app, &request, NULL, NULL, &result, err);
    buf_addf(d->said, "%lld of %lld products mapped, %lld calls",
             (long long)result.counts.mapped, (long long)result.counts.done,
             (long long)result.counts.calls);
    if (status == AISLE_OK && share.rest)
        status = tasks_cut_rest(d->app, d->task, p, err);
    return status;
}

/* What the clock left is left out where somebody looked since; a person who waits wants
 * it looked at now. */
static int64_t due_after(const struct doing *d)
{
    return d->task->urgent ? 0 : json_int(d->parameters, "due_after_s", 0);
}

static enum aisle_status do_sync(struct doing *d, struct aisle_err *err)
{
    struct sync_request request = {.target = d->task->target_id,
                                   .begun_at = d->task->begun_at,
                                   .due_after_s = due_after(d)};
    struct sync_result result = {0};
    enum aisle_status status = flow_sync(d->app, &request, NULL, &d->arena, &result, err);

    if (status == AISLE_OK && result.outcome == SYNC_HELD)
        buf_addf(d->said, "held: %.*s", STR_ARG(result.held));
    else if (status == AISLE_OK)
        buf_addf(d->said, "%s, %zu categories", sync_outcome_name(result.outcome),
                 result.categories);
    return status;
}

static enum aisle_status do_requirements(struct doing *d, struct aisle_err *err)
{
    struct requirements_request request = {.target = d->task->target_id,
                                           .begun_at = d->task->begun_at,
                                           .due_after_s = due_after(d)};
    struct requirements_listener nobody = {0};
    struct requirements_result result = {0};
    enum aisle_status status =
        flow_requirements(d->app, &request, &nobody, &d->arena, &result, err);

    buf_addf(d->said, "%zu leaves, %zu changed, %zu failed", result.leaves,
             result.changed, result.failed);
    return status;
}

static enum aisle_status do_publish(struct doing *d, struct aisle_err *err)
{
    const json_t *p = d->parameters;
    struct publish_request request = {.target = d->task->target_id,
                                      .seller_id = d->task->seller_id,
                                      .draft = json_flag(p, "draft", false),
                                      .fix = json_flag(p, "fix", false),
                                      .jobs = d->jobs,
                                      .image_root = json_str(p, "image_root"),
                                      .allow_private =
                                          json_flag(p, "allow_private", false),
                                      .defaults = json_str(p, "defaults"),
                                      .search_lag_s = -1};
    struct publish_result result = {0};
    enum aisle_status status =
        flow_publish(d->app, &request, NULL, NULL, &d->arena, &result, err);
    const char *parted = "";

    for (size_t i = 0; i < PUBLISH_OUTCOMES; i++)
        if (result.counts[i]) {
            buf_addf(d->said, "%s%zu %s", parted, result.counts[i],
                     publish_outcome_name((enum publish_outcome)i));
            parted = ", ";
        }
    if (status == AISLE_OK && (result.capped || result.counts[PUBLISH_LATER]))
        return aisle_fail(err, AISLE_BUSY, "%zu products are for later: %s",
                          result.counts[PUBLISH_LATER],
                          result.capped ? "the marketplace takes no more today"
                                        : "the marketplace had no answer just now");
    return status;
}

static enum aisle_status do_status(struct doing *d, struct aisle_err *err)
{
    struct follow_request request = {.target = d->task->target_id,
                                     .begun_at = d->task->begun_at,
                                     .seller_id = d->task->seller_id};
    struct follow_result result = {0};
    enum aisle_status status =
        flow_listing_follow(d->app, &request, NULL, NULL, &result, err);

    buf_addf(d->said, "%zu listings looked at, %zu changed, %zu failed", result.seen,
             result.changed, result.failed);
    return status;
}

/* Why the last of those that wait does. */
static void note_waiting(void *ctx, const struct hook *hook)
{
    struct buf *why = ctx;

    if (hook->state != HOOK_WAITING)
        return;
    buf_reset(why);
    buf_addf(why, "%.*s: %.*s", STR_ARG(hook->id), STR_ARG(hook->text));
}

/* Those that could not be applied for now are tried again with the task. */
static enum aisle_status do_webhooks(struct doing *d, struct aisle_err *err)
{
    struct buf why = BUF_INIT(BUF_MAX_LINE);
    struct hooks_result result = {0};
    enum aisle_status status = flow_hooks_apply(d->app, d->task->shop_id, false,
                                                note_waiting, &why, &result, err);

    buf_addf(d->said, "%zu notifications, %zu applied, %zu failed", result.seen,
             result.applied, result.failed);
    if (status == AISLE_OK && result.waiting)
        status =
            aisle_fail(err, AISLE_BUSY, "%zu of %zu could not be applied for now; %.*s",
                       result.waiting, result.seen, STR_ARG(buf_str(&why)));
    buf_clear(&why);
    return status;
}

static enum aisle_status do_token(struct doing *d, struct aisle_err *err)
{
    enum aisle_status status = flow_shop_freshen(d->app, d->task->shop_id, err);

    if (status == AISLE_OK)
        buf_addz(d->said, "good for a while");
    return status;
}

static enum aisle_status do_train(struct doing *d, struct aisle_err *err)
{
    struct task_hold hold = {d->task->seller_id, d->task->shop_id, d->task->id,
                             d->task->fence};
    struct train_request request = {.target = d->task->target_id, .hold = &hold};
    struct train_result r = {0};
    enum aisle_status status = flow_train(d->app, &request, &d->arena, &r, err);

    if (status != AISLE_OK)
        return status;
    if (r.outcome == TRAIN_DONE)
        buf_addf(
            d->said,
            "%lld products learnt, %lld of them labelled, %lld of %lld held out were "
            "right",
            (long long)r.model.rows, (long long)r.model.labelled,
            (long long)r.model.right, (long long)r.model.held_out);
    else if (r.outcome == TRAIN_TOO_FEW || r.outcome == TRAIN_GONE)
        buf_addf(d->said, "%zu products are too few to learn from: %d at least%s", r.rows,
                 TRAIN_LEAST,
                 r.outcome == TRAIN_GONE ? "; the model there was is gone" : "");
    else
        buf_addz(d->said, r.outcome == TRAIN_OUTDONE ? "a later model is there already"
                                                     : "the model has all there is");
    return AISLE_OK;
}

static const struct {
    enum aisle_status (*run)(struct doing *d, struct aisle_err *err);
    bool gives_way;
} kinds[] = {
    [TASK_MAP] = {do_map, true},
    [TASK_SYNC] = {do_sync, true},
    [TASK_REQUIREMENTS] = {do_requirements, true},
    [TASK_PUBLISH] = {do_publish, true},
    [TASK_STATUS] = {do_status, true},
    [TASK_WEBHOOKS] = {do_webhooks, true},
    [TASK_TOKEN] = {do_token, false},
    [TASK_TRAIN] = {do_train, false},
};

bool flow_task_gives_way(enum task_kind kind)
{
    return kinds[kind].gives_way;
}

enum aisle_status flow_task_run(const struct app *app, const struct task *task,
                                unsigned jobs, struct buf *said, struct aisle_err *err)
{
    struct doing d = {.app = app,
                      .task = task,
                      .jobs = jobs,
                      .arena = ARENA_INIT(ARENA_MAX_WORK),
                      .said = said};
    json_t *parameters = NULL;
    enum aisle_status status = json_read(task->parameters, BUF_MAX_REQUEST,
                                         "parameters of the task", &parameters, err);

    d.parameters = parameters;
    if (status == AISLE_OK)
        status = kinds[task->kind].run(&d, err);
    if (status == AISLE_AUTH && !str_empty(task->shop_id))
        aisle_note(err, "so sign in again: aisle shop login %.*s",
                   STR_ARG(task->shop_id));
    json_decref(parameters);
    arena_clear(&d.arena);
    return status;
}
