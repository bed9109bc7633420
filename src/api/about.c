/* about.c - how the service is, and the description of this interface */
#include "api/call.h"
#include "api/jobs.h"
#include "flows/limits.h"

/* openapi.yaml, embedded when we are built. */
extern const char api_openapi[];
extern const size_t api_openapi_len;

static enum aisle_status healthz(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    http_reply_text(c->reply, 200, "text/plain; charset=utf-8", STR_LIT("ok\n"));
    return AISLE_OK;
}

static enum aisle_status stop_at_first(void *ctx, const struct seller *s,
                                       struct aisle_err *err)
{
    (void)ctx;
    (void)s;
    (void)err;
    return AISLE_STOPPED;
}

/* Whether the store answers; why it does not is for the log. */
static enum aisle_status readyz(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct aisle_err mine = {0};
    enum aisle_status status =
        store->ops->answers
            ? store->ops->answers(store, &mine)
            : store->ops->shops->each_seller(store, stop_at_first, NULL, &mine);

    if (status != AISLE_OK && status != AISLE_STOPPED) {
        log_error(c->app.log, &mine, "asking the store");
        return aisle_fail(err, AISLE_BUSY, "the store does not answer");
    }
    return healthz(c, err);
}

/* ---- what waits and who is at it, as aisle top shows it ---- */

static void add_label(struct buf *out, const char *name, struct str value)
{
    buf_addf(out, "%s=\"", name);
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '\n') {
            buf_addz(out, "\\n");
            continue;
        }
        if (value.p[i] == '"' || value.p[i] == '\\')
            buf_addc(out, '\\');
        buf_addc(out, value.p[i]);
    }
    buf_addc(out, '"');
}

static enum aisle_status add_lane(void *ctx, const struct lane *l, struct aisle_err *err)
{
    const struct {
        const char *state;
        int64_t n;
    } counts[] = {{"waiting", l->waiting},
                  {"taken", l->taken},
                  {"done", l->done},
                  {"dead", l->dead}};
    struct buf *out = ctx;

    (void)err;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        buf_addz(out, "aisle_tasks{");
        add_label(out, "seller", l->seller_id);
        buf_addc(out, ',');
        add_label(out, "shop", l->shop_id);
        buf_addf(out, ",state=\"%s\"} %lld\n", counts[i].state, (long long)counts[i].n);
    }
    return AISLE_OK;
}

static void add_of_shop(struct buf *out, const char *metric, const struct call_limit *l)
{
    buf_addf(out, "%s{", metric);
    add_label(out, "shop", l->key);
    buf_addz(out, "} ");
}

static enum aisle_status add_calls(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    (void)err;
    add_of_shop(ctx, "aisle_calls_total", l);
    buf_addf(ctx, "%lld\n", (long long)l->calls);
    return AISLE_OK;
}

static enum aisle_status add_throttled(void *ctx, const struct call_limit *l,
                                       struct aisle_err *err)
{
    (void)err;
    add_of_shop(ctx, "aisle_calls_throttled_total", l);
    buf_addf(ctx, "%lld\n", (long long)l->throttled);
    return AISLE_OK;
}

static enum aisle_status add_limit(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    (void)err;
    if (l->per_second <= 0)
        return AISLE_OK; /* none is known */
    add_of_shop(ctx, "aisle_calls_per_second_limit", l);
    buf_addf(ctx, "%g\n", l->per_second);
    return AISLE_OK;
}

/* A worker's name says when it began: what it counts begins with it, at 0. */
static enum aisle_status add_worker(void *ctx, const struct worker_report *w,
                                    struct aisle_err *err)
{
    const struct {
        const char *end;
        int64_t n;
    } counts[] = {{"done", w->done}, {"failed", w->failed}, {"lost", w->lost}};
    struct buf *out = ctx;

    (void)err;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        buf_addz(out, "aisle_worker_tasks_total{");
        add_label(out, "worker", w->id);
        buf_addf(out, ",end=\"%s\"} %lld\n", counts[i].end, (long long)counts[i].n);
    }
    return AISLE_OK;
}

struct worker_sum {
    int64_t count, slots, busy;
};

static enum aisle_status sum_worker(void *ctx, const struct worker_report *w,
                                    struct aisle_err *err)
{
    struct worker_sum *sum = ctx;

    (void)err;
    sum->count++;
    sum->slots += w->slots;
    sum->busy += w->busy;
    return AISLE_OK;
}

/* By shop and by worker, each metric in one piece as Prometheus wants it. */
static enum aisle_status add_named(struct store *store, struct buf *out,
                                   struct aisle_err *err)
{
    const struct store_tasks *tasks = store->ops->tasks;
    enum aisle_status status;

    buf_addz(out, "# HELP aisle_tasks Tasks by shop and state.\n"
                  "# TYPE aisle_tasks gauge\n");
    status = tasks->each_lane(store, add_lane, out, err);
    buf_addz(out, "# HELP aisle_worker_tasks_total Tasks a worker had, by how it went.\n"
                  "# TYPE aisle_worker_tasks_total counter\n");
    if (status == AISLE_OK)
        status = tasks->each_worker(store, add_worker, out, err);
    buf_addz(out, "# HELP aisle_calls_total Calls of an app and shop.\n"
                  "# TYPE aisle_calls_total counter\n");
    if (status == AISLE_OK)
        status = flow_limits_each(store, add_calls, out, err);
    buf_addz(out, "# HELP aisle_calls_throttled_total Of them those told to slow down.\n"
                  "# TYPE aisle_calls_throttled_total counter\n");
    if (status == AISLE_OK)
        status = flow_limits_each(store, add_throttled, out, err);
    buf_addz(out, "# HELP aisle_calls_per_second_limit What the shop lets through.\n"
                  "# TYPE aisle_calls_per_second_limit gauge\n");
    return status == AISLE_OK ? flow_limits_each(store, add_limit, out, err) : status;
}

/* Whoever is bound to one seller sees no shop by name: they are all sellers'. */
static enum aisle_status add_work(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct worker_sum sum = {0};
    enum aisle_status status =
        store->ops->tasks->each_worker(store, sum_worker, &sum, err);

    buf_addf(&c->reply->body,
             "# HELP aisle_workers Workers that were heard of lately.\n"
             "# TYPE aisle_workers gauge\naisle_workers %lld\n"
             "# HELP aisle_worker_slots Tasks these can do at once.\n"
             "# TYPE aisle_worker_slots gauge\naisle_worker_slots %lld\n"
             "# HELP aisle_worker_slots_busy Tasks they are at.\n"
             "# TYPE aisle_worker_slots_busy gauge\naisle_worker_slots_busy %lld\n",
             (long long)sum.count, (long long)sum.slots, (long long)sum.busy);
    return status == AISLE_OK && str_empty(c->who.seller_id)
               ? add_named(store, &c->reply->body, err)
               : status;
}

static enum aisle_status metrics(struct api_call *c, struct aisle_err *err)
{
    if (!c->api->set.open_metrics && !(c->who.rights & RIGHT_READ))
        return api_fail(c, 401, "", err, "metrics need a token with scope read");
    http_reply_header(c->reply, "Content-Type", STR_LIT("text/plain; version=0.0.4"));
    meter_text(&c->api->meter, &c->reply->body);
    buf_addf(&c->reply->body,
             "# HELP aisle_jobs_under_way Runs this process is at.\n"
             "# TYPE aisle_jobs_under_way gauge\n"
             "aisle_jobs_under_way %zu\n",
             jobs_under_way(c->api->jobs));
    if (c->api->set.log_dropped)
        buf_addf(&c->reply->body,
                 "# HELP aisle_log_dropped_total Lines of the log nobody took.\n"
                 "# TYPE aisle_log_dropped_total counter\n"
                 "aisle_log_dropped_total %zu\n",
                 atomic_load(c->api->set.log_dropped));
    return add_work(c, err);
}

static enum aisle_status openapi(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    http_reply_text(c->reply, 200, "application/yaml",
                    str_n(api_openapi, api_openapi_len));
    return AISLE_OK;
}

static enum aisle_status version(struct api_call *c, struct aisle_err *err)
{
    (void)err;
    json_open(&c->json);
    json_add_str(&c->json, "version", STR_LIT(AISLE_VERSION));
    json_close(&c->json);
    return AISLE_OK;
}

const struct api_route api_about_routes[] = {
    {.at = {"GET", "/healthz", {{0}}}, .run = healthz},
    {.at = {"GET", "/readyz", {{0}}}, .run = readyz, .slow = ""},
    {.at = {"GET", "/metrics", {{0}}}, .run = metrics, .slow = ""},
    {.at = {"GET", "/api/v1/openapi.yaml", {{0}}}, .run = openapi},
    {.at = {"GET", "/api/v1/version", {{0}}}, .run = version, .right = RIGHT_READ},
    END_OF_ROUTES,
};
