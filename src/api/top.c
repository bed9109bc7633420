/* top.c - workers, shops' lanes, limits and what went wrong, as `aisle top` shows them
 *
 * Whoever is bound to one seller sees its own shops' lanes; workers and limits are all
 * sellers' and are left out.
 */
#include "api/call.h"
#include "flows/limits.h"

static enum aisle_status put_worker(void *ctx, const struct worker_report *w,
                                    struct aisle_err *err)
{
    struct api_call *c = ctx;
    struct json_out *o = &c->json;

    (void)err;
    json_open(o);
    json_add_str(o, "worker", w->id);
    json_add_int(o, "slots", w->slots);
    json_add_int(o, "busy", w->busy);
    json_add_int(o, "done", w->done);
    json_add_int(o, "failed", w->failed);
    json_add_int(o, "lost", w->lost);
    api_time(c, "started_at", w->started_at);
    api_time(c, "seen_at", w->seen_at);
    api_add_or_null(c, "doing", w->doing);
    api_add_or_null(c, "last_error", w->last_error);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status put_lane(void *ctx, const struct lane *l, struct aisle_err *err)
{
    struct api_call *c = ctx;
    struct json_out *o = &c->json;

    (void)err;
    if (!api_may_see(c, l->seller_id))
        return AISLE_OK;
    json_open(o);
    json_add_str(o, "seller", l->seller_id);
    json_add_str(o, "shop", l->shop_id);
    json_add_int(o, "waiting", l->waiting);
    json_add_int(o, "urgent", l->urgent);
    json_add_int(o, "taken", l->taken);
    json_add_int(o, "done", l->done);
    json_add_int(o, "dead", l->dead);
    api_time(c, "oldest_at", l->oldest_at);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status put_limit(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    struct json_out *o = ctx;

    (void)err;
    json_open(o);
    json_add_str(o, "key", l->key);
    json_key(o, "per_second");
    if (l->per_second > 0)
        json_put_num(o, l->per_second);
    else
        json_put_null(o);
    json_add_int(o, "calls", l->calls);
    json_add_int(o, "throttled", l->throttled);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status get_top(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    const struct store_tasks *tasks = store->ops->tasks;
    struct json_out *o = &c->json;
    bool all = str_empty(c->who.seller_id);
    enum aisle_status status = AISLE_OK;

    json_open(o);
    api_time(c, "at", clock_now_s(c->app.clock));
    json_key(o, "workers");
    json_open_list(o);
    if (all)
        status = tasks->each_worker(store, put_worker, c, err);
    json_close_list(o);
    json_key(o, "shops");
    json_open_list(o);
    if (status == AISLE_OK)
        status = tasks->each_lane(store, put_lane, c, err);
    json_close_list(o);
    json_key(o, "limits");
    json_open_list(o);
    if (status == AISLE_OK && all)
        status = flow_limits_each(store, put_limit, o, err);
    json_close_list(o);
    json_close(o);
    return status;
}

const struct api_route api_top_routes[] = {
    {.at = {"GET", "/api/v1/top", {{0}}}, .run = get_top, .right = RIGHT_READ},
    END_OF_ROUTES,
};
