#include "api/tree_jobs.h"

#include "base/json.h"
#include "flows/decide.h"
#include "flows/requirements.h"

/* ---- what leaves demand ---- */

static void no_difference(void *ctx, struct str category_id,
                          const struct requirement_diff *d)
{
    (void)ctx, (void)category_id, (void)d;
}

static void no_leaf(void *ctx, const struct requirement_news *news)
{
    (void)ctx, (void)news;
}

static void log_failed(void *ctx, struct str category_id, const struct aisle_err *why)
{
    const struct app *app = ctx;

    log_line(app->log, LOG_WARN, "what %.*s demands: %s", STR_ARG(category_id),
             why->text);
}

static enum aisle_status run_requirements(const struct app *app,
                                          const struct tree_job *job, struct json_out *o,
                                          struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct requirements_request request = {.target = job->target,
                                           .dry_run = job->dry_run};
    const struct requirements_listener listener = {(void *)(uintptr_t)app, no_difference,
                                                   no_leaf, log_failed};
    struct requirements_result r = {0};
    enum aisle_status status =
        flow_requirements(app, &request, &listener, &arena, &r, err);

    json_add_int(o, "leaves", (int64_t)r.leaves);
    json_add_int(o, "fetched", (int64_t)r.fetched);
    json_add_int(o, "first", (int64_t)r.first);
    json_add_int(o, "changed", (int64_t)r.changed);
    json_add_int(o, "same", (int64_t)r.same);
    json_add_int(o, "failed", (int64_t)r.failed);
    arena_clear(&arena);
    return status;
}

/* ---- mappings carried over ---- */

static enum aisle_status no_item(void *ctx, const struct open_item *item,
                                 struct aisle_err *err)
{
    (void)ctx, (void)item, (void)err;
    return AISLE_OK;
}

static enum aisle_status run_carry(const struct app *app, const struct tree_job *job,
                                   struct json_out *o, struct aisle_err *err)
{
    struct carry_result r = {0};
    enum aisle_status status =
        flow_carry(app, job->from, job->target, job->dry_run, no_item, NULL, &r, err);

    json_add_str(o, "batch", str_of(r.batch_id));
    json_add_int(o, "same_id", (int64_t)r.same_id);
    json_add_int(o, "same_path", (int64_t)r.same_path);
    json_add_int(o, "same_name", (int64_t)r.same_name);
    json_add_int(o, "by_matcher", (int64_t)r.by_matcher);
    json_add_int(o, "without", (int64_t)r.without);
    json_add_int(o, "already", (int64_t)r.already);
    return status;
}

enum aisle_status tree_job_run(const struct app *app, const struct tree_job *job,
                               struct buf *result, const char **text,
                               struct aisle_err *err)
{
    struct json_out o = {.buf = result};
    enum aisle_status status;

    json_open(&o);
    status =
        job->carry ? run_carry(app, job, &o, err) : run_requirements(app, job, &o, err);
    json_close(&o);
    if (status == AISLE_OK)
        status = buf_check(result, "what came of a tree", err);
    if (status == AISLE_OK)
        *text = job->carry ? "carried" : "fetched";
    return status;
}
