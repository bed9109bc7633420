#include "api/brand_jobs.h"

#include "base/json.h"

bool brand_job_keep(struct brand_job *job, struct arena *arena)
{
    struct brands_request *r = &job->request;
    struct str *texts[] = {&r->target, &r->name, &r->category, &r->page};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

static enum aisle_status put_brand(void *ctx, const struct shop_brand *brand,
                                   struct aisle_err *err)
{
    struct json_out *o = ctx;

    (void)err;
    json_open(o);
    json_add_str(o, "id", brand->id);
    json_add_str(o, "name", brand->name);
    json_add_bool(o, "authorized", brand->authorized);
    json_add_bool(o, "available", brand->available);
    json_add_bool(o, "t1", brand->t1);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status look(const struct app *app, const struct brand_job *job,
                              struct arena *arena, struct json_out *o,
                              struct aisle_err *err)
{
    struct str next = {0};
    enum aisle_status status;

    json_key(o, "brands");
    json_open_list(o);
    status = flow_each_brand(app, &job->request, arena, put_brand, o, &next, err);
    json_close_list(o);
    if (next.n)
        json_add_str(o, "next", next);
    return status;
}

static enum aisle_status add(const struct app *app, const struct brand_job *job,
                             struct arena *arena, struct json_out *o, const char **text,
                             struct aisle_err *err)
{
    struct brand_added brand;
    enum aisle_status status =
        flow_brand_add(app, job->request.target, job->request.name, arena, &brand, err);

    if (status != AISLE_OK)
        return status;
    json_add_str(o, "id", brand.id);
    json_add_str(o, "name", brand.name);
    json_add_bool(o, "created", brand.created);
    *text = brand.created ? "added" : "was there";
    return AISLE_OK;
}

enum aisle_status brand_job_run(const struct app *app, const struct brand_job *job,
                                struct buf *result, const char **text,
                                struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct json_out o = {.buf = result};
    enum aisle_status status;

    *text = "found";
    json_open(&o);
    status =
        job->add ? add(app, job, &arena, &o, text, err) : look(app, job, &arena, &o, err);
    json_close(&o);
    if (status == AISLE_OK)
        status = buf_check(result, "what came of brands", err);
    arena_clear(&arena);
    return status;
}
