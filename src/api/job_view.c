/* job_view.c - jobs of this process: looked at, watched as they go, stopped */
#include "api/runs.h"

#include "base/mem.h"

void api_put_job(struct json_out *o, const struct job_view *v)
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
    api_put_counts(o, &v->counts);
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
        api_put_job(&c->json, v);
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
        api_put_job(&c->json, &v);
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
        api_put_job(&c->json, &v);
        c->status = 202;
    }
    return status;
}

/* ---- watching ---- */

enum { LOOK_MS = 250, BEAT_MS = 15000, GUARD_MS = 1000 };

/* An event stream: told when something changed, and now and then that we are there, as
 * long as whoever asked may look. */
struct watch {
    struct api *api;
    struct jobs *jobs;
    struct sha256 digest; /* of their session or token */
    bool token;
    int64_t asked_ms; /* when they were last found to be in; monotonic */
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
    api_put_job(&json, v);
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

static bool may_watch(struct watch *w, const struct job_view *v)
{
    int64_t now = clock_mono_ms(w->api->set.app->clock);

    if (now - w->asked_ms < GUARD_MS)
        return true;
    w->asked_ms = now;
    return guard_still_in(w->api, &w->digest, w->token, v->seller_id);
}

static enum http_pull watch_pull(void *ctx, char *out, size_t room, size_t *n,
                                 int64_t *wait_ms)
{
    struct watch *w = ctx;
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct job_view v;

    if (w->text.n)
        return send_some(w, out, room, n);
    if (w->ended || jobs_get(w->jobs, str_of(w->id), &arena, &v, NULL) != AISLE_OK ||
        !may_watch(w, &v)) {
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
    w->api = c->api;
    w->jobs = c->api->jobs;
    w->digest = c->who.digest;
    w->token = !str_is(c->who.by, "session");
    w->asked_ms = c->began_ms;
    w->text = (struct buf)BUF_INIT(BUF_MAX_LINE);
    w->version = -1;
    memcpy(w->id, v.id, JOB_ID_LEN);
    c->reply->source = (struct http_source){watch_pull, watch_close, w, -1};
    http_reply_header(c->reply, "Content-Type", STR_LIT("text/event-stream"));
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    http_reply_header(c->reply, "X-Accel-Buffering", STR_LIT("no"));
    return AISLE_OK;
}

#define PARAM_ID                                                                         \
    {                                                                                    \
        .name = "id", .max = 64                                                          \
    }

const struct api_route api_job_routes[] = {
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
