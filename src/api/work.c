/* work.c - tasks for workers over HTTP: left, seen, tried again, taken off the list */
#include "api/call.h"
#include "flows/tasks.h"

#include "base/mem.h"

enum { NAMED_MOST = 200, SHARE_MOST = 1000 * 1000 };

static const char known_kinds[] =
    "kind is map, sync, requirements, publish, status, webhooks, token or train";

/* ---- seeing ---- */

struct task_listing {
    struct api_call *c;
    struct api_page page;
    struct str last;
};

static enum aisle_status put_task(void *ctx, const struct task *t, struct aisle_err *err)
{
    struct task_listing *l = ctx;
    struct api_call *c = l->c;
    struct json_out *o = &c->json;

    if (!api_page_takes(&l->page))
        return AISLE_OK;
    json_open(o);
    json_add_str(o, "task", t->id);
    json_add_str(o, "seller", t->seller_id);
    json_add_str(o, "shop", t->shop_id);
    json_add_str(o, "kind", str_of(task_kind_name(t->kind)));
    json_add_str(o, "state", str_of(task_state_name(t->state)));
    api_add_or_null(c, "target", t->target_id);
    json_add_bool(o, "urgent", t->urgent);
    json_add_int(o, "attempts", t->attempts);
    api_add_or_null(c, "owner", t->owner);
    api_add_or_null(c, "text", t->text);
    api_time(c, "due_at", t->due_at == TASK_NEVER ? 0 : t->due_at);
    api_time(c, "created_at", t->created_at);
    api_time(c, "started_at", t->started_at);
    api_time(c, "finished_at", t->finished_at);
    json_close(o);
    if (l->page.left)
        return AISLE_OK;
    l->last = api_cursor(c, t->seller_id, api_cursor(c, t->shop_id, t->id));
    return l->last.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status said_filter(struct api_call *c, struct task_filter *f,
                                     struct aisle_err *err)
{
    struct str rest;
    enum task_state state;
    enum task_kind kind;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f->seller_id, err);

    if (status == AISLE_OK && api_given(c, "state")) {
        if (!task_state_parse(api_text(c, "state"), &state))
            return api_fail(c, 400, "state", err,
                            "state is waiting, taken, done or dead");
        f->states = 1u << state;
    }
    if (status == AISLE_OK && api_given(c, "kind")) {
        if (!task_kind_parse(api_text(c, "kind"), &kind))
            return api_fail(c, 400, "kind", err, "%s", known_kinds);
        f->kinds = 1u << kind;
    }
    if (status == AISLE_OK)
        status = api_cursor_read(c, &f->after_seller, &rest, err);
    return status == AISLE_OK ? api_cursor_cut(c, rest, &f->after_shop, &f->after_id, err)
                              : status;
}

static enum aisle_status list_tasks(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct task_filter f = {.shop_id = api_text(c, "shop"), .limit = api_limit(c) + 1};
    struct task_listing l = {.c = c, .page = api_page(c)};
    enum aisle_status status = said_filter(c, &f, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->tasks->each(store, &f, put_task, &l, err);
    api_close_items(c, l.page.more ? l.last : (struct str){0});
    return status;
}

/* ---- leaving ---- */

/* Those named, each there and of a shop that may be seen, or every one that may. */
static enum aisle_status said_targets(struct api_call *c, enum task_kind kind,
                                      const struct str **out, size_t *count,
                                      struct aisle_err *err)
{
    const json_t *named = json_list(c->body, "targets");
    size_t n = named ? json_array_size(named) : 0;
    struct str *list = arena_zalloc(c->request->arena, n + 1, sizeof *list);
    enum aisle_status status = list ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK &&
        (json_flag(c->body, "all_shops", false) == (n > 0) || n > NAMED_MOST))
        status = api_fail(c, 400, "targets", err,
                          "name 1 to %d targets, or say all_shops", NAMED_MOST);
    if (status == AISLE_OK && !n)
        return flow_tasks_targets(&c->app, kind, c->who.seller_id, c->request->arena, out,
                                  count, err);
    for (size_t i = 0; i < n && status == AISLE_OK; i++) {
        struct str asked = json_value_str(json_array_get(named, i));
        struct target target = {0};
        struct shop shop;

        status = str_empty(asked)
                     ? api_fail(c, 400, "targets", err,
                                "a target is named so: \"toko-a:v2:TIKTOK_SHOP\"")
                     : api_target(c, asked, &target, &shop, err);
        list[i] = target.id;
    }
    if (status != AISLE_OK)
        return status;
    *out = list;
    *count = n;
    return AISLE_OK;
}

static enum aisle_status said_map(struct api_call *c, struct tasks_request *r,
                                  struct aisle_err *err)
{
    r->policy = json_str(c->body, "policy");
    if (!str_empty(r->policy) && !str_is(r->policy, "thrifty") &&
        !str_is(r->policy, "guide"))
        return api_fail(c, 400, "policy", err, "policy is thrifty or guide");
    r->accept_at = json_num(c->body, "accept_at", 0);
    if (json_at(c->body, "accept_at") && (r->accept_at < 0.5 || r->accept_at > 1))
        return api_fail(c, 400, "accept_at", err,
                        "accept_at is a share from 0.5 to 1, such as 0.98");
    r->share = json_int(c->body, "share", 0);
    if (r->share < 0 || r->share > SHARE_MOST)
        return api_fail(c, 400, "share", err, "share is 1 to %d products a task",
                        SHARE_MOST);
    return api_also(c, json_str(c->body, "also"), &r->also, err);
}

static enum aisle_status said_publish(struct api_call *c, struct tasks_request *r,
                                      struct aisle_err *err)
{
    const json_t *defaults = json_at(c->body, "defaults");
    char *text;

    r->draft = json_flag(c->body, "draft", false);
    r->fix = json_flag(c->body, "fix", false);
    if (!defaults)
        return AISLE_OK;
    text = json_dumps(defaults, JSON_COMPACT);
    r->defaults = text ? arena_str(c->request->arena, str_of(text)) : (struct str){0};
    mem_free(text); /* jansson allocates where we do */
    return r->defaults.p ? AISLE_OK : aisle_nomem(err);
}

static const struct api_kind work_kinds[] = {
    {"map", "policy accept_at share also"},
    {"publish", "draft fix defaults"},
    {NULL, NULL},
};

/* Where files are is the machines' own. */
static enum aisle_status said_work(struct api_call *c, struct tasks_request *r,
                                   struct aisle_err *err)
{
    struct str kind;
    enum aisle_status status = api_need(c, "kind", &kind, err);

    if (status == AISLE_OK && !task_kind_parse(kind, &r->kind))
        status = api_fail(c, 400, "kind", err, "%s", known_kinds);
    if (status == AISLE_OK)
        status = api_check_kind(c, work_kinds, kind, err);
    if (status != AISLE_OK)
        return status;
    r->urgent = json_flag(c->body, "urgent", false);
    r->image_root = c->api->set.image_root;
    r->allow_private = c->api->set.allow_private;
    r->unsaid = UNSAID_IMAGE_ROOT | UNSAID_ALLOW_PRIVATE;
    if (r->kind == TASK_MAP)
        return said_map(c, r, err);
    return r->kind == TASK_PUBLISH ? said_publish(c, r, err) : AISLE_OK;
}

static enum aisle_status add_one(struct api_call *c, const struct tasks_request *r,
                                 struct aisle_err *err)
{
    struct json_out *o = &c->json;
    struct tasks_result done = {0};
    enum aisle_status status = flow_tasks_add(&c->app, r, &done, err);

    if (status != AISLE_OK)
        return status;
    json_open(o);
    json_add_str(o, "target", r->target);
    json_add_str(o, "kind", str_of(task_kind_name(r->kind)));
    json_add_int(o, "added", (int64_t)done.added);
    json_add_int(o, "open", (int64_t)done.open);
    json_add_int(o, "products", done.products);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status post_tasks(struct api_call *c, struct aisle_err *err)
{
    struct tasks_request r = {0};
    const struct str *targets = NULL;
    size_t count = 0;
    enum aisle_status status = said_work(c, &r, err);

    if (status == AISLE_OK)
        status = said_targets(c, r.kind, &targets, &count, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, c->who.seller_id,
             arena_fmt(c->request->arena, "%s of %zu targets%s%.*s",
                       task_kind_name(r.kind), count, count ? ": " : "",
                       STR_ARG(count ? targets[0] : (struct str){0})));
    api_open_items(c);
    for (size_t i = 0; i < count && status == AISLE_OK; i++) {
        r.target = targets[i];
        status = add_one(c, &r, err);
    }
    api_close_items(c, (struct str){0});
    return status;
}

/* ---- tried again, taken off ---- */

static enum aisle_status said_choice(struct api_call *c, struct tasks_choice *out,
                                     struct aisle_err *err)
{
    const json_t *list = json_list(c->body, "tasks");
    size_t count = list ? json_array_size(list) : 0;
    struct str *ids = arena_zalloc(c->request->arena, count + 1, sizeof *ids);

    if (!ids)
        return aisle_nomem(err);
    if (json_flag(c->body, "all", false) == (count > 0) || count > NAMED_MOST)
        return api_fail(c, 400, "tasks", err, "name 1 to %d tasks, or say all",
                        NAMED_MOST);
    for (size_t i = 0; i < count; i++) {
        ids[i] = json_value_str(json_array_get(list, i));
        if (str_empty(ids[i]))
            return api_fail(c, 400, "tasks", err, "tasks are named by text");
    }
    out->ids = ids;
    out->count = count;
    out->shop_id = json_str(c->body, "shop");
    return api_seller(c, json_str(c->body, "seller"), &out->seller_id, err);
}

typedef enum aisle_status tasks_fn(const struct app *app, const struct task *list,
                                   size_t count, size_t *done, struct aisle_err *err);

static enum aisle_status change(struct api_call *c, unsigned states, tasks_fn *fn,
                                struct aisle_err *err)
{
    struct tasks_choice choice = {.states = states};
    const struct task *list;
    size_t count, done = 0;
    enum aisle_status status = said_choice(c, &choice, err);

    if (status == AISLE_OK)
        status =
            flow_tasks_choose(&c->app, &choice, c->request->arena, &list, &count, err);
    if (status == AISLE_OK)
        status = fn(&c->app, list, count, &done, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, choice.seller_id,
             choice.count ? arena_fmt(c->request->arena, "%zu tasks, %.*s first", done,
                                      STR_ARG(choice.ids[0]))
                          : arena_fmt(c->request->arena, "all, %zu tasks", done));
    json_open(&c->json);
    json_add_int(&c->json, "tasks", (int64_t)done);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status retry_tasks(struct api_call *c, struct aisle_err *err)
{
    return change(c, 1u << TASK_DEAD, flow_tasks_retry, err);
}

static enum aisle_status drop_tasks(struct api_call *c, struct aisle_err *err)
{
    return change(c, 0, flow_tasks_drop, err);
}

const struct api_route api_work_routes[] = {
    {.at = {"GET",
            "/api/v1/work",
            {PARAM_SELLER,
             {.name = "shop", .max = 40},
             {.name = "state", .max = 20},
             {.name = "kind", .max = 20},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_tasks,
     .right = RIGHT_ADMIN},
    {.at = {"POST", "/api/v1/work", {{0}}},
     .run = post_tasks,
     .takes =
         "kind targets all_shops urgent share policy accept_at also draft fix defaults",
     .right = RIGHT_ADMIN,
     .what = "work.add"},
    {.at = {"POST", "/api/v1/work/retry", {{0}}},
     .run = retry_tasks,
     .takes = "tasks all seller shop",
     .right = RIGHT_ADMIN,
     .what = "work.retry"},
    {.at = {"POST", "/api/v1/work/drop", {{0}}},
     .run = drop_tasks,
     .takes = "tasks all seller shop",
     .right = RIGHT_ADMIN,
     .what = "work.drop"},
    END_OF_ROUTES,
};
