/* runs.c - runs as they are recorded, and the jobs of this process that make them: start,
 * watch, stop, take up again */
#include "api/call.h"
#include "api/jobs.h"

#include "base/mem.h"

/* ---- recorded ---- */

static void put_counts(struct json_out *o, const struct run_counts *n)
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
    json_add_bool(o, "can_resume",
                  r->state != RUN_UNDER_WAY && run_can_resume(r->state) &&
                      str_is(r->kind, "map"));
    api_add_or_null(c, "text", r->text);
    api_add_or_null(c, "request_ids", r->request_ids);
    json_key(o, "counts");
    put_counts(o, &r->counts);
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
    size_t left;
    int64_t last_at;
    struct str last_id;
};

static enum aisle_status put_row(void *ctx, const struct run *r, struct aisle_err *err)
{
    struct run_listing *l = ctx;

    put_run(l->c, r);
    if (--l->left)
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
    f->target_id = api_text(c, "target");
    f->seller_id = c->who.seller_id;
    f->limit = api_limit(c);
    if (status == AISLE_OK && !str_empty(f->before_id) &&
        !parse_i64(at, 0, INT64_MAX, &f->before_at))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    return status;
}

static enum aisle_status list_runs(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct run_listing l = {.c = c, .left = api_limit(c)};
    struct run_filter filter = {.limit = 0};
    enum aisle_status status = said_runs(c, &filter, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->work->page_runs(store, &filter, put_row, &l, err);
    api_close_items(
        c, l.last_id.n
               ? api_cursor(c, arena_fmt(c->request->arena, "%lld", (long long)l.last_at),
                            l.last_id)
               : (struct str){0});
    return status;
}

static enum aisle_status find_run(struct api_call *c, struct run *out,
                                  struct aisle_err *err)
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
    enum aisle_status status = find_run(c, &run, err);

    if (status == AISLE_OK)
        put_run(c, &run);
    return status;
}

struct item_listing {
    struct api_call *c;
    struct str after_seller, after_id;
    size_t left;
    struct str last_seller, last_id;
};

static enum aisle_status put_item(void *ctx, const struct run_item *i,
                                  struct aisle_err *err)
{
    struct item_listing *l = ctx;
    struct json_out *o = &l->c->json;
    struct arena *arena = l->c->request->arena;
    struct str state = api_text(l->c, "state");
    int order = str_cmp(i->seller_id, l->after_seller);

    if (order < 0 || (order == 0 && str_cmp(i->product_id, l->after_id) <= 0))
        return AISLE_OK;
    if (!str_empty(state) && !str_is(state, item_state_name(i->state)))
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
    if (--l->left)
        return AISLE_OK;
    l->last_seller = arena_str(arena, i->seller_id);
    l->last_id = arena_str(arena, i->product_id);
    return l->last_id.p ? AISLE_STOPPED : aisle_nomem(err);
}

static enum aisle_status list_items(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct item_listing l = {.c = c, .left = api_limit(c)};
    struct run run;
    enum aisle_status status = find_run(c, &run, err);

    if (status == AISLE_OK)
        status = api_cursor_read(c, &l.after_seller, &l.after_id, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->work->each_item(store, run.id, put_item, &l, err);
    api_close_items(c, l.last_id.n ? api_cursor(c, l.last_seller, l.last_id)
                                   : (struct str){0});
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

/* ---- jobs ---- */

static void put_view(struct json_out *o, const struct job_view *v)
{
    char began[TIME_LEN + 1], ended[TIME_LEN + 1] = "";

    time_format(v->began_at, began);
    if (v->ended_at)
        time_format(v->ended_at, ended);
    json_open(o);
    json_add_str(o, "id", str_of(v->id));
    json_add_str(o, "kind", str_of(job_kind_name(v->kind)));
    json_add_str(o, "who", v->who);
    json_add_str(o, "target", v->target);
    json_key(o, "run");
    if (v->run_id.n)
        json_put_str(o, v->run_id);
    else
        json_put_null(o);
    json_add_str(o, "state",
                 str_of(!v->ended_at            ? "under-way"
                        : v->status == AISLE_OK ? "done"
                                                : aisle_status_name(v->status)));
    json_add_str(o, "doing", v->doing);
    json_add_str(o, "text", v->text);
    json_key(o, "result");
    if (v->result.n)
        json_put_raw(o, v->result);
    else
        json_put_null(o);
    json_key(o, "counts");
    put_counts(o, &v->counts);
    json_add_num(o, "per_second", v->per_second);
    json_add_int(o, "seconds_left", v->seconds_left);
    json_add_str(o, "began_at", str_of(began));
    json_key(o, "ended_at");
    if (*ended)
        json_put_str(o, str_of(ended));
    else
        json_put_null(o);
    json_close(o);
}

static enum aisle_status put_job(void *ctx, const struct job_view *v,
                                 struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    if (api_may_see(c, v->seller_id))
        put_view(&c->json, v);
    return AISLE_OK;
}

static enum aisle_status list_jobs(struct api_call *c, struct aisle_err *err)
{
    enum aisle_status status;

    api_open_items(c);
    status = jobs_each(c->api->jobs, c->request->arena, put_job, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

static enum aisle_status find_job(struct api_call *c, struct job_view *out,
                                  struct aisle_err *err)
{
    struct str id = api_text(c, "id");
    enum aisle_status status = jobs_get(c->api->jobs, id, c->request->arena, out, err);

    if (status == AISLE_OK && !api_may_see(c, out->seller_id))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no job %.*s", STR_ARG(id));
    return status;
}

static enum aisle_status get_job(struct api_call *c, struct aisle_err *err)
{
    struct job_view v;
    enum aisle_status status = find_job(c, &v, err);

    if (status == AISLE_OK)
        put_view(&c->json, &v);
    return status;
}

static enum aisle_status stop_job(struct api_call *c, struct aisle_err *err)
{
    struct job_view v;
    enum aisle_status status = find_job(c, &v, err);

    if (status == AISLE_OK)
        status = jobs_stop(c->api->jobs, api_text(c, "id"), err);
    if (status == AISLE_OK) {
        api_note(c, v.seller_id, str_of(v.id));
        put_view(&c->json, &v);
        c->status = 202;
    }
    return status;
}

/* ---- watching ---- */

enum { LOOK_MS = 250, BEAT_MS = 15000 };

/* An event stream: told when something changed, and now and then that we are there. */
struct watch {
    struct jobs *jobs;
    char id[JOB_ID_LEN];
    struct buf text; /* not yet sent */
    size_t sent;
    int64_t version, silent_ms;
    bool ended;
};

static void write_event(struct watch *w, const struct job_view *v)
{
    struct json_out json = {.buf = &w->text};

    buf_addf(&w->text, "id: %lld\nevent: %s\ndata: ", (long long)v->version,
             v->ended_at ? "done" : "progress");
    put_view(&json, v);
    buf_addz(&w->text, "\n\n");
    w->version = v->version;
    w->ended = v->ended_at != 0;
    w->silent_ms = 0;
}

static enum http_pull send_some(struct watch *w, char *out, size_t room, size_t *n)
{
    size_t left = w->text.n - w->sent;

    *n = left < room ? left : room;
    memcpy(out, w->text.p + w->sent, *n);
    w->sent += *n;
    if (w->sent == w->text.n) {
        buf_reset(&w->text);
        w->sent = 0;
    }
    return HTTP_PULLED;
}

static enum http_pull watch_pull(void *ctx, char *out, size_t room, size_t *n,
                                 int64_t *wait_ms)
{
    struct watch *w = ctx;
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct job_view v;

    if (w->text.n)
        return send_some(w, out, room, n);
    if (w->ended || jobs_get(w->jobs, str_of(w->id), &arena, &v, NULL) != AISLE_OK) {
        arena_clear(&arena);
        return HTTP_END;
    }
    if (v.version != w->version)
        write_event(w, &v);
    arena_clear(&arena);
    if (!w->text.n && w->silent_ms >= BEAT_MS) {
        buf_addz(&w->text, ": here\n\n");
        w->silent_ms = 0;
    }
    if (w->text.failed)
        return HTTP_BREAK;
    if (w->text.n)
        return send_some(w, out, room, n);
    w->silent_ms += LOOK_MS;
    *wait_ms = LOOK_MS;
    return HTTP_WAIT;
}

static void watch_close(void *ctx)
{
    struct watch *w = ctx;

    buf_clear(&w->text);
    mem_free(w);
}

static enum aisle_status watch_job(struct api_call *c, struct aisle_err *err)
{
    struct watch *w;
    struct job_view v;
    enum aisle_status status = find_job(c, &v, err);

    if (status != AISLE_OK)
        return status;
    w = mem_zalloc(1, sizeof *w);
    if (!w)
        return aisle_nomem(err);
    w->jobs = c->api->jobs;
    w->text = (struct buf)BUF_INIT(BUF_MAX_LINE);
    w->version = -1;
    memcpy(w->id, v.id, JOB_ID_LEN);
    c->reply->source = (struct http_source){watch_pull, watch_close, w, -1};
    http_reply_header(c->reply, "Content-Type", STR_LIT("text/event-stream"));
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    http_reply_header(c->reply, "X-Accel-Buffering", STR_LIT("no"));
    return AISLE_OK;
}

/* ---- starting ---- */

enum { MOST_LOCALES = TAXONOMY_MAX_LOCALES };

static enum aisle_status said_locales(struct api_call *c, struct sync_request *r,
                                      struct aisle_err *err)
{
    const json_t *list = json_list(c->body, "locales");
    size_t count = list ? json_array_size(list) : 0;
    struct str *locales = arena_zalloc(c->request->arena, count + 1, sizeof *locales);

    if (!locales)
        return aisle_nomem(err);
    if (count > MOST_LOCALES)
        return api_fail(c, 400, "locales", err, "at most %d locales", MOST_LOCALES);
    for (size_t i = 0; i < count; i++)
        locales[i] = json_value_str(json_array_get(list, i));
    r->locales = locales;
    r->locale_count = count;
    return AISLE_OK;
}

/* What nobody may say from afar: where files of this machine are. */
static void fill_ours(const struct api_call *c, struct map_request *r)
{
    r->image_root = c->api->set.image_root;
    r->allow_private = c->api->set.allow_private;
    r->model = r->policy == MAP_THRIFTY ? c->api->set.model : STR_LIT("");
}

static enum aisle_status said_unseen(struct api_call *c, struct map_request *r,
                                     struct aisle_err *err)
{
    const json_t *share = json_object_get(c->body, "accept_at");

    r->accept_at = json_num(c->body, "accept_at", r->accept_at);
    if (share && (!json_is_number(share) || r->accept_at < 0.5 || r->accept_at > 1))
        return api_fail(c, 400, "accept_at", err,
                        "accept_at is a share from 0.5 to 1, such as 0.98");
    return json_object_get(c->body, "also")
               ? api_also(c, json_str(c->body, "also"), &r->also, err)
               : AISLE_OK;
}

/* What is not said stays as it is in *r. */
static enum aisle_status said_map(struct api_call *c, struct map_request *r,
                                  struct aisle_err *err)
{
    struct str policy = json_str(c->body, "policy");
    int64_t jobs = json_int(c->body, "jobs", 0),
            limit = json_int(c->body, "limit", (int64_t)r->limit);

    if (!str_empty(policy) && !map_policy_parse(policy, &r->policy))
        return api_fail(c, 400, "policy", err, "policy is thrifty or guide");
    if (jobs < 0 || jobs > MAP_MAX_JOBS)
        return api_fail(c, 400, "jobs", err, "jobs is 0 to %d", MAP_MAX_JOBS);
    if (limit < 0)
        return api_fail(c, 400, "limit", err, "limit is 0 or more");
    r->jobs = (unsigned)jobs;
    r->limit = (size_t)limit;
    r->budget = json_int(c->body, "budget", -1);
    r->fresh = json_flag(c->body, "fresh", false);
    fill_ours(c, r);
    return said_unseen(c, r, err);
}

/* The target is looked up for its seller; it need not have been synced for a sync. */
static enum aisle_status said_target(struct api_call *c, struct str asked,
                                     struct job_request *r, struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    enum aisle_status status =
        flow_target(&c->app, asked, c->request->arena, &target, &shop, err);

    if (status == AISLE_OK && !api_may_see(c, shop.seller_id))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s",
                          STR_ARG(str_head(asked, 60)));
    if (status != AISLE_OK)
        return status;
    r->seller_id = shop.seller_id;
    r->sync.target = r->map.target = r->ask.target = target.id;
    r->leaf.target = r->list.target = target.id;
    return AISLE_OK;
}

enum aisle_status api_start(struct api_call *c, struct job_request *r,
                            struct aisle_err *err)
{
    char id[JOB_ID_LEN];
    struct job_view v;
    enum aisle_status status;

    r->who = c->who.name;
    api_note(c, r->seller_id,
             arena_fmt(c->request->arena, "%s %.*s", job_kind_name(r->kind),
                       STR_ARG(job_subject(r))));
    status = jobs_start(c->api->jobs, r, id, err);
    if (status == AISLE_OK)
        status = jobs_get(c->api->jobs, str_of(id), c->request->arena, &v, err);
    if (status != AISLE_OK)
        return status;
    put_view(&c->json, &v);
    c->status = 202;
    return AISLE_OK;
}

static enum aisle_status post_run(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {0};
    struct str kind, target;
    enum aisle_status status = api_need(c, "kind", &kind, err);

    if (status == AISLE_OK)
        status = api_need(c, "target", &target, err);
    if (status == AISLE_OK && !str_is(kind, "sync") && !str_is(kind, "map"))
        status = api_fail(c, 400, "kind", err, "kind is sync or map");
    if (status == AISLE_OK)
        status = said_target(c, target, &r, err);
    if (status != AISLE_OK)
        return status;
    r.kind = str_is(kind, "sync") ? JOB_SYNC : JOB_MAP;
    r.sync.accept_shrink = json_flag(c->body, "accept_shrink", false);
    status =
        r.kind == JOB_SYNC ? said_locales(c, &r.sync, err) : said_map(c, &r.map, err);
    if (status == AISLE_OK && r.kind == JOB_MAP)
        status = api_seller(c, json_str(c->body, "seller"), &r.map.seller_id, err);
    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

static enum aisle_status resume_run(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_MAP};
    struct run run;
    enum aisle_status status = find_run(c, &run, err);

    if (status == AISLE_OK && !str_is(run.kind, "map"))
        status = aisle_fail(err, AISLE_INVALID,
                            "only map runs are taken up again; start the sync anew");
    if (status == AISLE_OK)
        status = map_request_of(&run, c->request->arena, &r.map, err);
    if (status == AISLE_OK)
        status = said_map(c, &r.map, err);
    if (status == AISLE_OK)
        status = said_target(c, run.target_id, &r, err);
    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

enum aisle_status api_start_ask(struct api_call *c, struct str target,
                                const struct product *p, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_ASK,
                            .ask = {.seller_id = p->seller_id,
                                    .product_id = p->id,
                                    .image_root = c->api->set.image_root,
                                    .allow_private = c->api->set.allow_private}};
    enum aisle_status status = said_target(c, target, &r, err);

    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

enum aisle_status api_start_leaf(struct api_call *c, struct str target,
                                 struct str category_id, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_LEAF, .leaf = {.category_id = category_id}};
    enum aisle_status status = said_target(c, target, &r, err);

    return status == AISLE_OK ? api_start(c, &r, err) : status;
}

enum aisle_status api_start_list(struct api_call *c, struct str target, struct str act,
                                 const struct product *p, bool fix, struct aisle_err *err)
{
    struct job_request r = {.kind = JOB_LIST,
                            .list = {.seller_id = p->seller_id,
                                     .product_id = p->id,
                                     .fix = fix,
                                     .image_root = c->api->set.image_root,
                                     .allow_private = c->api->set.allow_private}};
    enum aisle_status status = said_target(c, target, &r, err);

    if (status == AISLE_OK && !list_act_parse(act, &r.list.act))
        return api_fail(c, 400, "act", err, "act is check, draft or publish");
    return status == AISLE_OK ? api_start(c, &r, err) : status;
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
    {.at = {"POST", "/api/v1/runs", {{0}}},
     .run = post_run,
     .right = RIGHT_EDIT,
     .what = "run.start"},
    {.at = {"GET", "/api/v1/runs/{id}", {PARAM_ID}}, .run = get_run, .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/runs/{id}/items",
            {PARAM_ID,
             {.name = "state", .max = 20},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_items,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/runs/{id}/resume", {PARAM_ID}},
     .run = resume_run,
     .right = RIGHT_EDIT,
     .what = "run.resume"},
    {.at = {"GET", "/api/v1/jobs", {{0}}}, .run = list_jobs, .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/jobs/{id}", {PARAM_ID}}, .run = get_job, .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/jobs/{id}/events", {PARAM_ID}},
     .run = watch_job,
     .right = RIGHT_READ},
    {.at = {"POST", "/api/v1/jobs/{id}/stop", {PARAM_ID}},
     .run = stop_job,
     .right = RIGHT_EDIT,
     .what = "run.stop"},
    END_OF_ROUTES,
};
