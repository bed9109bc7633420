/* runs.c - runs as they are recorded, and what became of each product in them */
#include "api/runs.h"

#include "flows/runs.h"

/* ---- recorded ---- */

void api_put_counts(struct json_out *o, const struct run_counts *n)
{
    const struct {
        const char *name;
        int64_t n;
    } rows[] = {{"done", n->done},
                {"mapped", n->mapped},
                {"refused", n->refused},
                {"without_image", n->without_image},
                {"failed", n->failed},
                {"conflicts", n->conflicts},
                {"need_person", n->need_person},
                {"skipped", n->skipped},
                {"by_local", n->by_local},
                {"by_marketplace", n->by_marketplace},
                {"by_seller_category", n->by_seller_category},
                {"by_rule", n->by_rule},
                {"calls", n->calls},
                {"uploads", n->uploads},
                {"recommends", n->recommends},
                {"saved", n->saved}};

    json_open(o);
    json_key(o, "total");
    if (n->total >= 0)
        json_put_int(o, n->total);
    else
        json_put_null(o);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_add_int(o, rows[i].name, rows[i].n);
    json_close(o);
}

static void put_run(struct api_call *c, const struct run *r)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "id", r->id);
    json_add_str(o, "kind", r->kind);
    api_add_or_null(c, "seller", r->seller_id);
    api_add_or_null(c, "target", r->target_id);
    api_add_or_null(c, "policy", r->policy);
    json_add_str(o, "state", str_of(run_state_name(r->state)));
    json_add_bool(o, "can_resume", run_is_left(r));
    api_add_or_null(c, "text", r->text);
    api_add_or_null(c, "request_ids", r->request_ids);
    json_key(o, "counts");
    api_put_counts(o, &r->counts);
    api_time(c, "started_at", r->started_at);
    api_time(c, "finished_at", r->finished_at);
    json_close(o);
}

/* A run about every seller is for those who may see every seller. */
static bool may_see_run(const struct api_call *c, const struct run *r)
{
    return str_empty(c->who.seller_id) || str_eq(c->who.seller_id, r->seller_id);
}

struct run_listing {
    struct api_call *c;
    struct api_page page;
    int64_t last_at;
    struct str last_id;
};

static enum aisle_status put_row(void *ctx, const struct run *r, struct aisle_err *err)
{
    struct run_listing *l = ctx;

    if (!api_page_takes(&l->page))
        return AISLE_OK;
    put_run(l->c, r);
    if (l->page.left)
        return AISLE_OK;
    l->last_at = r->started_at;
    l->last_id = arena_str(l->c->request->arena, r->id);
    return l->last_id.p ? AISLE_OK : aisle_nomem(err);
}

/* After the last of a former page: when it began, and its id. */
static enum aisle_status said_runs(struct api_call *c, struct run_filter *f,
                                   struct aisle_err *err)
{
    struct str at;
    enum aisle_status status = api_cursor_read(c, &at, &f->before_id, err);

    f->kind = api_text(c, "kind");
    f->seller_id = c->who.seller_id;
    f->limit = api_limit(c) + 1;
    if (status == AISLE_OK && !str_empty(f->before_id) &&
        !parse_i64(at, 0, INT64_MAX, &f->before_at))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    return status == AISLE_OK ? api_filter_target(c, "target", &f->target_id, err)
                              : status;
}

static enum aisle_status list_runs(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct run_listing l = {.c = c, .page = api_page(c)};
    struct run_filter filter = {.limit = 0};
    enum aisle_status status = said_runs(c, &filter, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->work->page_runs(store, &filter, put_row, &l, err);
    api_close_items(
        c, l.page.more
               ? api_cursor(c, arena_fmt(c->request->arena, "%lld", (long long)l.last_at),
                            l.last_id)
               : (struct str){0});
    return status;
}

enum aisle_status api_find_run(struct api_call *c, struct run *out, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str id = api_text(c, "id");
    enum aisle_status status =
        store->ops->work->get_run(store, id, c->request->arena, out, err);

    if (status == AISLE_OK && !may_see_run(c, out))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no run %.*s", STR_ARG(id));
    return status;
}

static enum aisle_status get_run(struct api_call *c, struct aisle_err *err)
{
    struct run run;
    enum aisle_status status = api_find_run(c, &run, err);

    if (status == AISLE_OK)
        put_run(c, &run);
    return status;
}

struct item_listing {
    struct api_call *c;
    struct api_page page;
    struct str last_seller, last_id;
};

static enum aisle_status put_item(void *ctx, const struct run_item *i,
                                  struct aisle_err *err)
{
    struct item_listing *l = ctx;
    struct json_out *o = &l->c->json;
    struct arena *arena = l->c->request->arena;

    if (!api_page_takes(&l->page))
        return AISLE_OK;
    json_open(o);
    json_add_str(o, "seller", i->seller_id);
    json_add_str(o, "product", i->product_id);
    json_add_str(o, "state", str_of(item_state_name(i->state)));
    api_add_or_null(l->c, "category", i->category_id);
    json_add_str(o, "by", str_of(advisor_of_item_name(i->by)));
    api_add_or_null(l->c, "code", i->code);
    api_add_or_null(l->c, "text", i->text);
    api_time(l->c, "at", i->at);
    json_close(o);
    if (l->page.left)
        return AISLE_OK;
    l->last_seller = arena_str(arena, i->seller_id);
    l->last_id = arena_str(arena, i->product_id);
    return l->last_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status list_items(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct item_listing l = {.c = c, .page = api_page(c)};
    struct item_filter filter = {.limit = api_limit(c) + 1};
    struct str state = api_text(c, "state");
    struct run run;
    enum aisle_status status = api_find_run(c, &run, err);

    if (status == AISLE_OK)
        status = api_cursor_read(c, &filter.after_seller, &filter.after_product, err);
    if (status != AISLE_OK)
        return status;
    filter.run_id = run.id;
    filter.has_state = item_state_parse(state, &filter.state);
    if (!str_empty(state) && !filter.has_state)
        return api_fail(c, 400, "state", err, "there is no such state of an item");
    api_open_items(c);
    status = store->ops->work->each_item(store, &filter, put_item, &l, err);
    api_close_items(c, l.page.more ? api_cursor(c, l.last_seller, l.last_id)
                                   : (struct str){0});
    return status;
}

#define PARAM_ID                                                                         \
    {                                                                                    \
        .name = "id", .max = 64                                                          \
    }

const struct api_route api_run_routes[] = {
    {.at = {"GET",
            "/api/v1/runs",
            {{.name = "kind", .max = 20},
             PARAM_TARGET,
             {.name = "after", .max = 5000},
             PARAM_LIMIT}},
     .run = list_runs,
     .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/runs/{id}", {PARAM_ID}}, .run = get_run, .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/runs/{id}/items",
            {PARAM_ID,
             {.name = "state", .max = 20},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_items,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
