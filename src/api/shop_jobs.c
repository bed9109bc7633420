#include "api/shop_jobs.h"

#include "base/json.h"
#include "flows/hooks.h"
#include "flows/people.h"

static bool keep_text(struct arena *arena, struct str *s)
{
    *s = arena_str(arena, *s);
    return s->p != NULL;
}

bool shop_job_keep(struct shop_job *job, struct arena *arena)
{
    return keep_text(arena, &job->shop_id) && keep_text(arena, &job->seller_id) &&
           keep_text(arena, &job->login.shop_id) && keep_text(arena, &job->login.user) &&
           keep_text(arena, &job->state) && keep_text(arena, &job->query);
}

static void wipe(struct str s)
{
    if (!str_empty(s))
        secret_wipe((char *)(uintptr_t)s.p, s.n); /* in the job's own arena */
}

static enum aisle_status run_connect(const struct app *app, const struct shop_job *job,
                                     struct aisle_err *err)
{
    struct audit_entry entry = {.who = job->login.user,
                                .by = STR_LIT("consent"),
                                .what = STR_LIT("shop.connect"),
                                .seller_id = job->seller_id,
                                .about = job->login.shop_id};
    struct aisle_err late = {0};
    enum aisle_status status =
        flow_connect_finish(app, &job->login, job->state, job->query, err);

    wipe(job->query);
    wipe(job->state);
    entry.outcome = status == AISLE_OK ? 200 : 502;
    entry.detail = status == AISLE_OK || !err ? (struct str){0} : str_of(err->text);
    if (flow_audit(app, &entry, &late) != AISLE_OK)
        log_error(app->log, &late, "keeping the audit trail");
    return status;
}

static void put_shop(struct json_out *o, const struct channel_shop *s)
{
    json_open(o);
    json_add_str(o, "id", s->id);
    json_add_str(o, "name", s->name);
    json_add_str(o, "region", s->region);
    json_add_str(o, "seller_type", s->seller_type);
    json_add_str(o, "code", s->code);
    json_close(o);
}

static enum aisle_status run_test(const struct app *app, const struct shop_job *job,
                                  struct json_out *o, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct channel_meta meta = {0};
    const struct channel_shop *list = NULL;
    size_t count = 0;
    enum aisle_status status =
        flow_shop_test(app, job->shop_id, &arena, &list, &count, &meta, err);

    json_key(o, "shops");
    json_open_list(o);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        put_shop(o, &list[i]);
    json_close_list(o);
    arena_clear(&arena);
    return status;
}

static enum aisle_status run_hooks(const struct app *app, const struct shop_job *job,
                                   struct json_out *o, struct aisle_err *err)
{
    struct hooks_result r = {0};
    enum aisle_status status =
        flow_hooks_apply(app, job->shop_id, job->again, NULL, NULL, &r, err);

    json_add_int(o, "applied", (int64_t)r.applied);
    json_add_int(o, "passed", (int64_t)r.passed);
    json_add_int(o, "failed", (int64_t)r.failed);
    json_add_int(o, "waiting", (int64_t)r.waiting);
    return status;
}

enum aisle_status shop_job_run(const struct app *app, const struct shop_job *job,
                               struct buf *result, const char **text,
                               struct aisle_err *err)
{
    static const char *const words[] = {
        [SHOP_TEST] = "open", [SHOP_CONNECT] = "connected", [SHOP_HOOKS] = "applied"};
    struct json_out o = {.buf = result};
    enum aisle_status status;

    json_open(&o);
    json_add_str(&o, "shop", job->shop_id);
    status = job->act == SHOP_CONNECT ? run_connect(app, job, err)
             : job->act == SHOP_HOOKS ? run_hooks(app, job, &o, err)
                                      : run_test(app, job, &o, err);
    json_close(&o);
    if (status == AISLE_OK)
        status = buf_check(result, "what came of a shop", err);
    if (status == AISLE_OK)
        *text = words[job->act];
    return status;
}
