/* tasks_add.c - which tasks there are to be, and what each has to know */
#include "base/json.h"
#include "flows/adviser.h"
#include "flows/map.h"
#include "flows/map/engine.h"
#include "flows/map/turn.h"
#include "flows/rules.h"
#include "flows/runs.h"
#include "flows/sync.h"
#include "flows/tasks.h"
#include "flows/tasks_same.h"

#include <stdio.h>

enum { PUT_AT_ONCE = 100 };

struct adding {
    const struct app *app;
    const struct tasks_request *request;
    struct target target, also;
    struct shop shop;
    struct arena arena;
    char run_id[RUN_ID_LEN]; /* runs of the shares are named after it */
    struct task list[PUT_AT_ONCE];
    size_t count, shares;
    struct str from, to; /* of the share that is being filled */
    struct str until;    /* of a sample: the last product in it; "" it is none */
    int64_t filled;
    bool begun;
    size_t open; /* shares that were there */
    struct tasks_result *out;
};

/* ---- keeping ---- */

static enum aisle_status flush(struct adding *a, struct aisle_err *err)
{
    size_t added = 0;
    enum aisle_status status = AISLE_OK;

    if (a->count)
        status =
            a->app->store->ops->tasks->put(a->app->store, a->list, a->count, &added, err);
    a->out->added += added;
    a->out->open += a->count - added;
    a->count = 0;
    return status;
}

static enum aisle_status add(struct adding *a, struct str id, struct str parameters,
                             struct aisle_err *err)
{
    int64_t now = clock_now_s(a->app->clock);

    if (!id.p || !parameters.p)
        return aisle_nomem(err);
    a->list[a->count++] = (struct task){
        .seller_id = a->shop.seller_id,
        .shop_id = a->shop.id,
        .id = id,
        .kind = a->request->kind,
        .target_id = a->target.id,
        .parameters = parameters,
        .urgent = a->request->urgent,
        .most_attempts = TASK_ATTEMPTS,
        .due_at = now,
        .created_at = now,
    };
    return a->count == PUT_AT_ONCE ? flush(a, err) : AISLE_OK;
}

/* ---- shares of a map ---- */

static void add_where(const struct adding *a, struct json_out *json)
{
    json_add_str(json, "image_root", a->request->image_root);
    json_add_bool(json, "allow_private", a->request->allow_private);
}

static int64_t share_size(const struct adding *a)
{
    return a->request->share > 0 ? a->request->share : SHARE_PRODUCTS;
}

static struct str share_parameters(struct adding *a, bool last)
{
    const struct tasks_request *r = a->request;
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct json_out json = {.buf = &text};
    char run[RUN_ID_LEN + 24];
    struct str kept = {0};

    snprintf(run, sizeof run, "%s-%zu", a->run_id, a->shares);
    json_open(&json);
    json_add_str(&json, "run", str_of(run));
    json_add_str(&json, "policy", str_empty(r->policy) ? STR_LIT("thrifty") : r->policy);
    json_add_str(&json, "from", a->from);
    json_add_str(&json, "to", a->to);
    json_add_bool(&json, "open_end", last);
    json_add_int(&json, "products", a->filled);
    if (!str_empty(a->until)) {
        json_add_str(&json, "until", a->until);
        json_add_int(&json, "rest", share_size(a));
    }
    if (r->accept_at > 0)
        json_add_num(&json, "accept_at", r->accept_at);
    if (!str_empty(r->model))
        json_add_str(&json, "model", r->model);
    if (!str_empty(a->also.id))
        json_add_str(&json, "also", a->also.id);
    add_where(a, &json);
    json_close(&json);
    if (buf_check(&text, "parameters", NULL) == AISLE_OK)
        kept = arena_str(&a->arena, buf_str(&text));
    buf_clear(&text);
    return kept;
}

static enum aisle_status close_share(struct adding *a, bool last, struct aisle_err *err)
{
    struct str id = arena_fmt(&a->arena, "map/%.*s/%s-%04zu", STR_ARG(a->target.id),
                              a->run_id, a->shares);
    enum aisle_status status;

    if (!a->begun)
        return AISLE_OK;
    status = add(a, id, share_parameters(a, last), err);
    a->out->products += a->filled;
    a->shares++;
    a->begun = false;
    a->filled = 0;
    return status;
}

static enum aisle_status fill_share(struct adding *a, struct str category_id,
                                    size_t products, struct aisle_err *err)
{
    if (!a->begun)
        a->from = arena_str(&a->arena, category_id);
    a->begun = true;
    a->to = arena_str(&a->arena, category_id);
    a->filled += (int64_t)products;
    if (!a->from.p || !a->to.p)
        return aisle_nomem(err);
    return a->filled >= share_size(a) ? close_share(a, false, err) : AISLE_OK;
}

/* ---- a large seller category ---- */

/* Its sample is as large as a share, where that is no smaller than a sample should be,
 * and no larger than what is looked at together. */
static size_t sample_size(const struct adding *a)
{
    int64_t size = share_size(a);

    return size < SAMPLE_LEAST ? SAMPLE_LEAST
           : size > GROUP_MAX  ? GROUP_MAX
                               : (size_t)size;
}

static bool is_large(const struct adding *a, size_t products)
{
    return products >= sample_size(a) + (size_t)share_size(a);
}

struct bounding {
    struct arena *arena;
    size_t left;
    struct str id;
};

static enum aisle_status note_bound(void *ctx, const struct product *p,
                                    struct aisle_err *err)
{
    struct bounding *b = ctx;

    if (--b->left)
        return AISLE_OK;
    b->id = arena_str(b->arena, p->id);
    return b->id.p ? AISLE_STOPPED : aisle_nomem(err);
}

/* It is decided on by its first products; what is left of it is cut when they are. */
static enum aisle_status cut_sample(struct adding *a, struct str category_id,
                                    struct aisle_err *err)
{
    struct product_filter filter = {.seller_id = a->shop.seller_id,
                                    .seller_category_id = category_id,
                                    .has_seller_category = true};
    struct bounding bound = {.arena = &a->arena, .left = sample_size(a)};
    enum aisle_status status = close_share(a, false, err);

    filter.limit = bound.left;
    if (status == AISLE_OK)
        status = a->app->store->ops->catalogue->each_product(a->app->store, &filter,
                                                             note_bound, &bound, err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    if (str_empty(bound.id)) /* they became fewer meanwhile */
        return fill_share(a, category_id, sample_size(a), err);
    a->from = a->to = arena_str(&a->arena, category_id);
    a->until = bound.id;
    a->filled = (int64_t)sample_size(a);
    a->begun = true;
    status = a->from.p ? close_share(a, false, err) : aisle_nomem(err);
    a->until = (struct str){"", 0};
    return status;
}

static enum aisle_status cut_category(struct adding *a, struct str id, size_t products,
                                      struct aisle_err *err)
{
    if (!is_large(a, products))
        return fill_share(a, id, products, err);
    a->out->products += (int64_t)(products - sample_size(a));
    return cut_sample(a, id, err);
}

/* Whoever walks the store must not write to it: the categories are listed first. */
struct category_list {
    struct adding *a;
    struct category_seen {
        struct str id;
        size_t products;
        struct category_seen *next;
    } * first, **last;
};

static enum aisle_status see_category(void *ctx, const struct seller_category *c,
                                      struct aisle_err *err)
{
    struct category_list *list = ctx;
    struct category_seen *seen;

    if (c->products == 0)
        return AISLE_OK;
    seen = arena_zalloc(&list->a->arena, 1, sizeof *seen);
    if (!seen || !(seen->id = arena_str(&list->a->arena, c->id)).p)
        return aisle_nomem(err);
    seen->products = c->products;
    *list->last = seen;
    list->last = &seen->next;
    return AISLE_OK;
}

static enum aisle_status cut_shares(struct adding *a, struct aisle_err *err)
{
    struct store *store = a->app->store;
    struct product_filter loose = {.seller_id = a->shop.seller_id,
                                   .has_seller_category = true};
    struct category_list list = {.a = a};
    size_t without = 0;
    enum aisle_status status =
        store->ops->catalogue->count_products(store, &loose, &without, err);

    list.last = &list.first;
    if (status == AISLE_OK)
        status = store->ops->catalogue->each_seller_category(store, a->shop.seller_id,
                                                             see_category, &list, err);
    if (status == AISLE_OK && without)
        status = cut_category(a, STR_LIT(""), without, err);
    for (const struct category_seen *c = list.first; status == AISLE_OK && c; c = c->next)
        status = cut_category(a, c->id, c->products, err);
    return status == AISLE_OK ? close_share(a, true, err) : status;
}

/* Rules go before everything else, once and not in every share. */
static enum aisle_status put_rules(struct adding *a, struct aisle_err *err)
{
    struct store *store = a->app->store;
    struct snapshot snapshot;
    struct taxonomy tree;
    struct rules_request request = {.seller_id = a->shop.seller_id,
                                    .target_id = a->target.id,
                                    .batch_id = str_of(a->run_id),
                                    .tree = &tree};
    struct rules_applied done;
    bool any = false;
    enum aisle_status status;

    if (str_is(a->request->policy, "guide"))
        return AISLE_OK;
    status = flow_rules_any(a->app, a->shop.seller_id, a->target.id, &any, err);
    if (status != AISLE_OK || !any)
        return status;
    status =
        store->ops->trees->load(store, a->target.id, 0, &a->arena, &snapshot, &tree, err);
    request.snapshot_id = snapshot.id;
    return status == AISLE_OK ? flow_rules_apply(a->app, &request, &done, err) : status;
}

/* ---- what is there already ---- */

struct going_through {
    struct adding *a;
    bool keep; /* else they are looked at */
    size_t seen;
    struct str last_id; /* of a whole page */
};

static enum aisle_status keep_open(struct adding *a, const struct task *task,
                                   struct aisle_err *err)
{
    struct task *kept = &a->list[a->count];

    *kept = *task;
    kept->id = arena_str(&a->arena, task->id);
    kept->parameters = arena_str(&a->arena, task->parameters);
    kept->seller_id = a->shop.seller_id;
    kept->shop_id = a->shop.id;
    kept->target_id = a->target.id;
    kept->urgent = a->request->urgent;
    a->count++;
    return kept->id.p && kept->parameters.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status note_open(void *ctx, const struct task *task,
                                   struct aisle_err *err)
{
    struct going_through *g = ctx;
    struct adding *a = g->a;

    if (++g->seen % PUT_AT_ONCE == 0) {
        g->last_id = arena_str(&a->arena, task->id);
        if (!g->last_id.p)
            return aisle_nomem(err);
    }
    if (!str_eq(task->target_id, a->target.id))
        return AISLE_OK;
    if (g->keep)
        return keep_open(a, task, err);
    a->open++;
    return tasks_check_same(task, a->request, a->also.id, err);
}

/* By pages: whoever walks the store must not write to it. */
static enum aisle_status go_through_open(struct adding *a, bool keep,
                                         struct aisle_err *err)
{
    struct task_filter filter = {.seller_id = a->shop.seller_id,
                                 .shop_id = a->shop.id,
                                 .kinds = 1u << TASK_MAP,
                                 .states = 1u << TASK_WAITING | 1u << TASK_TAKEN,
                                 .after_seller = a->shop.seller_id,
                                 .after_shop = a->shop.id,
                                 .limit = PUT_AT_ONCE};
    struct going_through g = {.a = a, .keep = keep};
    enum aisle_status status;
    size_t before;

    do {
        before = g.seen;
        status =
            a->app->store->ops->tasks->each(a->app->store, &filter, note_open, &g, err);
        if (status == AISLE_OK)
            status = flush(a, err);
        filter.after_id = g.last_id;
    } while (status == AISLE_OK && g.seen == before + PUT_AT_ONCE);
    return status;
}

/* Shares of two maps could overlap, so one is open at a time. It can become urgent, the
 * whole of it, where the whole of it is what is asked for. */
static enum aisle_status look_at_open(struct adding *a, struct aisle_err *err)
{
    enum aisle_status status = go_through_open(a, false, err);

    if (status == AISLE_OK && a->open && a->request->urgent)
        return go_through_open(a, true, err);
    a->out->open += a->open;
    return status;
}

static enum aisle_status add_map(struct adding *a, struct aisle_err *err)
{
    enum map_policy policy;
    enum aisle_status status;

    if (!str_empty(a->request->policy) && !map_policy_parse(a->request->policy, &policy))
        return aisle_fail(err, AISLE_INVALID, "there is no policy %.*s",
                          STR_ARG(a->request->policy));
    status = str_empty(a->request->also) /* better said now than by each worker */
                 ? AISLE_OK
                 : flow_also(a->app, a->request->also, &a->arena, &a->also, NULL, err);
    if (status == AISLE_OK)
        status = look_at_open(a, err);
    if (status != AISLE_OK || a->open)
        return status;
    status = put_rules(a, err);
    if (status == AISLE_OK)
        status = cut_shares(a, err);
    return status == AISLE_OK ? flush(a, err) : status;
}

/* Not while a run is at it. */
static enum aisle_status add_map_alone(struct adding *a, struct aisle_err *err)
{
    struct lease turn = {.held = false};
    enum aisle_status status = map_turn_take(a->app, &turn, a->target.id, err);

    if (status == AISLE_OK)
        status = add_map(a, err);
    else if (status == AISLE_CONFLICT)
        aisle_note(err, "before any of it is left to workers");
    lease_give_back(a->app, &turn);
    return status;
}

/* ---- the others ---- */

/* Done once at most, and so in one way: another one is refused while it is open. */
static enum aisle_status check_open(const struct adding *a, struct str id,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct aisle_err none = {0};
    struct task open;
    enum aisle_status status = a->app->store->ops->tasks->get(
        a->app->store, a->shop.seller_id, a->shop.id, id, &arena, &open, &none);

    if (status == AISLE_NOT_FOUND)
        status = AISLE_OK;
    else if (status != AISLE_OK)
        aisle_pass(err, &none);
    else if (open.state == TASK_WAITING || open.state == TASK_TAKEN)
        status = tasks_check_same(&open, a->request, (struct str){0}, err);
    arena_clear(&arena);
    return status;
}

static enum aisle_status add_other(struct adding *a, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out json = {.buf = &text};
    bool of_shop = a->request->kind == TASK_WEBHOOKS || a->request->kind == TASK_TOKEN;
    struct str id = arena_fmt(&a->arena, "%s/%.*s", task_kind_name(a->request->kind),
                              STR_ARG(of_shop ? a->shop.id : a->target.id));
    enum aisle_status status = id.p ? check_open(a, id, err) : aisle_nomem(err);

    if (status != AISLE_OK)
        return status;
    json_open(&json);
    if (a->request->kind == TASK_PUBLISH) {
        json_add_bool(&json, "draft", a->request->draft);
        json_add_bool(&json, "fix", a->request->fix);
        json_add_str(&json, "defaults", a->request->defaults);
        add_where(a, &json);
    }
    if (a->request->due_after_s > 0)
        json_add_int(&json, "due_after_s", a->request->due_after_s);
    json_close(&json);
    status = buf_check(&text, "parameters", err);
    if (status == AISLE_OK)
        status = add(a, id, arena_str(&a->arena, buf_str(&text)), err);
    buf_clear(&text);
    return status;
}

enum aisle_status flow_tasks_add(const struct app *app,
                                 const struct tasks_request *request,
                                 struct tasks_result *out, struct aisle_err *err)
{
    struct tasks_result result = {0};
    struct adding a = {.app = app,
                       .request = request,
                       .arena = ARENA_INIT(ARENA_MAX_WORK),
                       .out = &result};
    enum aisle_status status =
        flow_target(app, request->target, &a.arena, &a.target, &a.shop, err);

    run_id_new(app, a.run_id);
    if (status == AISLE_OK)
        status = request->kind == TASK_MAP ? add_map_alone(&a, err) : add_other(&a, err);
    if (status == AISLE_OK)
        status = flush(&a, err);
    if (status == AISLE_OK)
        *out = result;
    arena_clear(&a.arena);
    return status;
}
