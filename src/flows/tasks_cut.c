#include "flows/tasks_cut.h"

#include "flows/tasks.h"

#include <stdio.h>

/* Products of one task: behind the one, up to the other. */
struct range {
    struct str after, until;
    int64_t products;
    struct range *next;
};

struct cutting {
    const struct app *app;
    const struct task *sample;
    const json_t *parameters;
    struct arena arena;
    int64_t share;
    struct range *first, **last, *filling;
    size_t count;
};

/* ---- ranges ---- */

static enum aisle_status begin_range(struct cutting *c, struct str after,
                                     struct aisle_err *err)
{
    struct range *r = arena_zalloc(&c->arena, 1, sizeof *r);

    if (!r)
        return aisle_nomem(err);
    r->after = after;
    r->until = STR_LIT("");
    c->filling = r;
    *c->last = r;
    c->last = &r->next;
    c->count++;
    return AISLE_OK;
}

/* The last range has no end: what was imported meanwhile belongs to it. */
static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct cutting *c = ctx;
    enum aisle_status status = app_check_stop(c->app, err);

    if (status == AISLE_OK && c->filling->products == c->share)
        status = begin_range(c, c->filling->until, err);
    if (status != AISLE_OK)
        return status;
    if (++c->filling->products < c->share)
        return AISLE_OK;
    c->filling->until = arena_str(&c->arena, p->id);
    return c->filling->until.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status find_ranges(struct cutting *c, struct aisle_err *err)
{
    struct str until = json_str(c->parameters, "until");
    struct product_filter filter = {.seller_id = c->sample->seller_id,
                                    .seller_category_id = json_str(c->parameters, "to"),
                                    .has_seller_category = true,
                                    .after_seller = c->sample->seller_id,
                                    .after_id = until};
    enum aisle_status status;

    c->last = &c->first;
    status = begin_range(c, until, err);
    if (status == AISLE_OK)
        status = c->app->store->ops->catalogue->each_product(c->app->store, &filter,
                                                             note_product, c, err);
    if (status == AISLE_OK)
        c->filling->until = STR_LIT("");
    return status;
}

/* ---- tasks ---- */

static void copy_text(const struct cutting *c, struct json_out *json, const char *name)
{
    struct str text = json_str(c->parameters, name);

    if (!str_empty(text))
        json_add_str(json, name, text);
}

static struct str parameters_of(struct cutting *c, const struct range *r, size_t number)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct json_out json = {.buf = &text};
    struct str of = json_str(c->parameters, "run"), kept = {0};
    struct str run = arena_fmt(&c->arena, "%.*s.%zu", STR_ARG(of), number);
    double accept_at = json_num(c->parameters, "accept_at", 0);

    if (!run.p)
        return kept;
    json_open(&json);
    json_add_str(&json, "run", run);
    json_add_str(&json, "of", of);
    json_add_str(&json, "from", json_str(c->parameters, "from"));
    json_add_str(&json, "to", json_str(c->parameters, "to"));
    json_add_str(&json, "after", r->after);
    json_add_str(&json, "until", r->until);
    json_add_int(&json, "products", r->products);
    copy_text(c, &json, "policy");
    copy_text(c, &json, "model");
    copy_text(c, &json, "also");
    copy_text(c, &json, "image_root");
    json_add_bool(&json, "allow_private",
                  json_flag(c->parameters, "allow_private", false));
    if (accept_at > 0)
        json_add_num(&json, "accept_at", accept_at);
    json_close(&json);
    if (buf_check(&text, "parameters", NULL) == AISLE_OK)
        kept = arena_str(&c->arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

static struct str id_of(struct cutting *c, size_t number)
{
    return arena_fmt(&c->arena, "%.*s.%04zu", STR_ARG(c->sample->id), number);
}

static enum aisle_status put_ranges(struct cutting *c, struct aisle_err *err)
{
    struct task *list = arena_zalloc(&c->arena, c->count, sizeof *list);
    int64_t now = clock_now_s(c->app->clock);
    size_t n = 0;

    if (!list)
        return aisle_nomem(err);
    for (const struct range *r = c->first; r; r = r->next, n++) {
        list[n] = (struct task){.seller_id = c->sample->seller_id,
                                .shop_id = c->sample->shop_id,
                                .id = id_of(c, n + 1),
                                .kind = TASK_MAP,
                                .target_id = c->sample->target_id,
                                .parameters = parameters_of(c, r, n + 1),
                                .urgent = c->sample->urgent,
                                .most_attempts = c->sample->most_attempts,
                                .due_at = now,
                                .created_at = now};
        if (!list[n].id.p || !list[n].parameters.p)
            return aisle_nomem(err);
    }
    return c->app->store->ops->tasks->put(c->app->store, list, n, NULL, err);
}

/* ---- the whole ---- */

static enum aisle_status look(struct cutting *c, bool *there, struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct str first = id_of(c, 1);
    struct task task;
    enum aisle_status status;

    if (!first.p)
        return aisle_nomem(err);
    status = c->app->store->ops->tasks->get(c->app->store, c->sample->seller_id,
                                            c->sample->shop_id, first, &c->arena, &task,
                                            &none);
    *there = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

enum aisle_status tasks_cut_rest(const struct app *app, const struct task *sample,
                                 const json_t *parameters, struct aisle_err *err)
{
    struct cutting c = {.app = app,
                        .sample = sample,
                        .parameters = parameters,
                        .arena = ARENA_INIT(ARENA_MAX_WORK),
                        .share = json_int(parameters, "rest", SHARE_PRODUCTS)};
    bool there = false;
    enum aisle_status status = look(&c, &there, err);

    if (status == AISLE_OK && !there)
        status = find_ranges(&c, err);
    if (status == AISLE_OK && !there)
        status = put_ranges(&c, err);
    arena_clear(&c.arena);
    return status;
}
