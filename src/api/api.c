/* api.c - from a request to its answer: route, guard, body, handler, problem, trail */
#include "api/call.h"
#include "api/jobs.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>

/* ---- problems ---- */

static int usual_status(enum aisle_status status, const struct aisle_err *err)
{
    switch (status) {
    case AISLE_NOT_FOUND:
        return 404;
    case AISLE_INVALID:
        return 422;
    case AISLE_CONFLICT:
        return 409;
    case AISLE_LIMIT:
        return 413;
    case AISLE_BUSY:
    case AISLE_STOPPED:
        return 503;
    case AISLE_AUTH:
    case AISLE_REFUSED:
        return 502;
    case AISLE_GARBLED: /* an answer of theirs, else something of the store's */
        return err->http_status ? 502 : 500;
    default:
        return err->outage ? 503 : 500;
    }
}

/* What failed inside is for the log; the request id leads there. */
static struct str detail_of(const struct api_call *c, int status,
                            const struct aisle_err *err)
{
    return status == 500 ? STR_LIT("something went wrong here; the log has it under the "
                                   "request id")
           : err->outage ? STR_LIT("the store does not answer")
                         : api_told(c, err);
}

static bool is_for_the_log(const struct api_call *c, const struct aisle_err *err)
{
    struct aisle_err shown = *err;

    return c->reply->status == 500 || err->outage ||
           store_hide_place(c->app.store, &shown);
}

static const char *title_of(int status)
{
    static const struct {
        int status;
        const char *title;
    } titles[] = {
        {400, "Not understood"},       {401, "Not signed in"},
        {403, "Not allowed"},          {404, "Not found"},
        {405, "Not with this method"}, {409, "Conflict"},
        {412, "Changed meanwhile"},    {413, "Too large"},
        {415, "Another kind of body"}, {422, "Not valid"},
        {429, "Too many tries"},       {431, "Header too large"},
        {502, "The marketplace said"}, {503, "Not now"},
    };

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (titles[i].status == status)
            return titles[i].title;
    return status < 500 ? "Not possible" : "Our fault";
}

/* A 403 is ours: neither what was sent is wrong, nor a marketplace's token. */
static const char *code_of(int status, const struct aisle_err *err)
{
    return status == 403 ? "forbidden" : aisle_status_name(err->status);
}

static void problem(struct api_call *c, int status, const struct aisle_err *err)
{
    struct http_reply *r = c->reply;
    struct json_out json = {.buf = &r->body};

    buf_reset(&r->body);
    r->status = status;
    http_reply_header(r, "Content-Type", STR_LIT("application/problem+json"));
    http_reply_header(r, "Cache-Control", STR_LIT("no-store"));
    if (err->retry_after_s > 0)
        http_reply_header(r, "Retry-After",
                          arena_fmt(c->request->arena, "%d", err->retry_after_s));
    if (status == 401)
        http_reply_header(r, "WWW-Authenticate", STR_LIT("Bearer realm=\"aisle\""));
    json_open(&json);
    json_add_str(&json, "type", STR_LIT("about:blank"));
    json_add_str(&json, "title", str_of(title_of(status)));
    json_add_int(&json, "status", status);
    json_add_str(&json, "code", str_of(code_of(status, err)));
    json_add_str(&json, "detail", detail_of(c, status, err));
    if (!str_empty(c->field))
        json_add_str(&json, "field", c->field);
    if (*err->remote_code)
        json_add_str(&json, "remote_code", str_of(err->remote_code));
    if (*err->request_id)
        json_add_str(&json, "remote_request_id", str_of(err->request_id));
    if (!str_empty(c->current)) {
        json_key(&json, "current");
        json_put_raw(&json, c->current);
    }
    json_add_str(&json, "request_id", str_of(c->request_id));
    json_close(&json);
}

/* ---- the way to the handler ---- */

static enum aisle_status find_route(struct api_call *c, struct http_call *http,
                                    struct aisle_err *err)
{
    const struct api *api = c->api;
    enum aisle_status status =
        http_route_find(api->routes, api->route_count, c->request, http, err);

    c->http = http;
    if (status == AISLE_OK)
        c->route = api->behind[http->route - api->routes];
    else if (status == AISLE_REFUSED) {
        struct buf allow = BUF_INIT(BUF_MAX_LINE);

        http_route_allow(api->routes, api->route_count, c->request->path, &allow);
        http_reply_header(c->reply, "Allow", buf_str(&allow));
        buf_clear(&allow);
        c->status = 405;
    } else if (status == AISLE_INVALID) {
        struct str rest = str_skip(str_of(err->text), strlen("parameter "));

        c->status = 400;
        c->field = str_cut(&rest, ' ');
    }
    return status;
}

static enum aisle_status read_body(struct api_call *c, struct aisle_err *err)
{
    struct str type = http_media_type(http_header(c->request, "Content-Type"));
    enum aisle_status status;

    if (!api_is_write(c) || c->route->raw || str_empty(c->request->body))
        return AISLE_OK;
    if (!str_eq_nocase(type, STR_LIT("application/json")))
        return api_fail(c, 415, "", err, "the body must be application/json");
    status = json_read_strict(c->request->body, API_MAX_JSON, "the body", &c->body, err);
    if (status == AISLE_GARBLED)
        c->status = 400;
    if (status == AISLE_OK && !json_is_object(c->body))
        status = api_fail(c, 400, "", err, "the body must be a JSON object");
    return status == AISLE_OK ? api_check_body(c, err) : status;
}

/* ---- writes sent twice ---- */

/* The body, without passwords: the digest is kept for a day, and would be a quick way to
 * guess them. */
static enum aisle_status body_to_digest(const struct api_call *c, struct str *out,
                                        struct aisle_err *err)
{
    json_t *rest;
    char *text;

    *out = c->request->body;
    if (!c->body || !json_object_get(c->body, "password"))
        return AISLE_OK;
    rest = json_copy(c->body);
    json_object_del(rest, "password");
    json_object_del(rest, "old");
    text = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(rest);
    *out = arena_str(c->request->arena, str_of(text));
    mem_free(text); /* jansson allocates where we do */
    return text && out->p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status question_digest(const struct api_call *c, struct sha256 *out,
                                         struct aisle_err *err)
{
    const struct http_request *r = c->request;
    struct str parts[] = {r->method, r->path, r->query, {0}};
    struct sha256_ctx ctx;
    enum aisle_status status = body_to_digest(c, &parts[3], err);

    if (status == AISLE_OK)
        status = sha256_init(&ctx, err);
    if (status != AISLE_OK)
        return status;

    for (size_t i = 0; status == AISLE_OK && i < sizeof parts / sizeof *parts; i++) {
        status = sha256_add(&ctx, parts[i], err);
        if (status == AISLE_OK)
            status = sha256_add(&ctx, STR_LIT("\n"), err);
    }
    if (status == AISLE_OK)
        return sha256_finish(&ctx, out, err);
    sha256_clear(&ctx);
    return status;
}

static enum aisle_status answer_again(struct api_call *c, const struct kept_answer *mine,
                                      struct aisle_err *err)
{
    struct kept_answer kept;
    struct store *store = c->app.store;
    enum aisle_status status = store->ops->people->get_answer(
        store, mine->who, mine->key, c->request->arena, &kept, err);

    if (status != AISLE_OK)
        return status;
    if (memcmp(&kept.question, &mine->question, sizeof kept.question) != 0)
        return api_fail(c, 422, "Idempotency-Key", err,
                        "this Idempotency-Key was used for another write");
    if (kept.outcome == 0)
        return api_fail(c, 409, "Idempotency-Key", err,
                        "the write with this Idempotency-Key is under way");
    if (c->route->secret && kept.outcome < 400)
        return api_fail(c, 409, "Idempotency-Key", err,
                        "this was done, and what it answered is shown once only");
    http_reply_header(c->reply, "Idempotency-Replayed", STR_LIT("true"));
    http_reply_text(c->reply, (int)kept.outcome, "", kept.body);
    http_reply_header(c->reply, "Content-Type", kept.type);
    c->etag = kept.etag;
    c->location = kept.location;
    return AISLE_OK;
}

static enum aisle_status run(struct api_call *c, struct aisle_err *err)
{
    enum aisle_status status = c->route->run(c, err);

    if (status == AISLE_OK)
        status = buf_check(&c->reply->body, "the answer", err);
    if (status == AISLE_OK && c->status != 200)
        c->reply->status = c->status;
    return status;
}

static void finish(struct api_call *c, enum aisle_status status, struct aisle_err *err);

/* A key said with a write: the second time the first answer comes again. */
static enum aisle_status run_once(struct api_call *c, struct aisle_err *err)
{
    struct kept_answer a = {.who = c->who.name,
                            .key = http_header(c->request, "Idempotency-Key")};
    struct aisle_err mine = {0};
    enum aisle_status status;

    if (str_empty(a.key) || !api_is_write(c) || str_empty(a.who))
        return run(c, err);
    if (a.key.n > 200 || !utf8_valid(a.key))
        return api_fail(c, 400, "Idempotency-Key", err,
                        "an Idempotency-Key has at most 200 bytes of UTF-8");
    status = question_digest(c, &a.question, err);
    if (status == AISLE_OK)
        status = flow_answer_claim(&c->app, &a, &mine);
    if (status == AISLE_CONFLICT)
        return answer_again(c, &a, err);
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    status = run(c, err);
    if (status != AISLE_OK)
        problem(c, c->status == 200 ? usual_status(status, err) : c->status, err);
    a.outcome = c->reply->status < 500 ? c->reply->status : 0;
    a.type = status == AISLE_OK ? STR_LIT("application/json")
                                : STR_LIT("application/problem+json");
    a.etag = c->etag;
    a.location = c->location;
    if (!c->route->secret || status != AISLE_OK)
        a.body = buf_str(&c->reply->body);
    flow_answer_keep(&c->app, &a, NULL);
    return status;
}

/* ---- the end ---- */

static void keep_trail(struct api_call *c)
{
    struct aisle_err err = {0};

    if (!c->route || !c->route->what || c->reply->status == 401)
        return;
    c->note.who = c->who.name;
    c->note.by = c->who.by;
    c->note.what = str_of(c->route->what);
    c->note.peer = c->peer;
    c->note.request_id = str_of(c->request_id);
    c->note.outcome = c->reply->status;
    if (flow_audit(&c->app, &c->note, &err) != AISLE_OK)
        log_error(c->app.log, &err, "keeping the audit trail");
}

static void note_etag(struct api_call *c)
{
    struct str etag, asked = http_header(c->request, "If-None-Match");

    if (str_empty(c->etag))
        return;
    etag = arena_fmt(c->request->arena, "\"%.*s\"", STR_ARG(c->etag));
    http_reply_header(c->reply, "ETag", etag);
    if (c->reply->status == 200 && !api_is_write(c) && str_eq(asked, etag)) {
        buf_reset(&c->reply->body);
        c->reply->status = 304;
    }
}

static void finish(struct api_call *c, enum aisle_status status, struct aisle_err *err)
{
    int64_t ms = clock_mono_ms(c->app.clock) - c->began_ms;
    enum log_level level = LOG_DEBUG;

    if (status != AISLE_OK)
        problem(c, c->status == 200 ? usual_status(status, err) : c->status, err);
    if (!str_empty(c->location))
        http_reply_header(c->reply, "Location", c->location);
    note_etag(c);
    if (is_for_the_log(c, err))
        log_error(c->app.log, err, c->request_id);
    keep_trail(c);
    meter_add(&c->api->meter, c->reply->status, ms);
    level = c->reply->status >= 500       ? LOG_WARN
            : c->route && api_is_write(c) ? LOG_INFO
                                          : LOG_DEBUG;
    log_line(c->app.log, level, "%.*s %.*s %d %lld ms %.*s %.*s %s",
             STR_ARG(str_head(c->request->method, 16)),
             STR_ARG(str_head(c->request->path, 200)), c->reply->status, (long long)ms,
             STR_ARG(c->peer), STR_ARG(c->who.name), c->request_id);
}

/* An address of either kind, and its port where a proxy adds it. */
static bool looks_like_address(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdefABCDEF.:[]", s.p[i]) || !s.p[i])
            return false;
    return s.n > 0 && s.n <= 64;
}

/* The last address of X-Forwarded-For is the one our proxy saw, in a line of its own or
 * behind others; what stands before it anybody may have written. */
static struct str peer_of(const struct api *api, const struct http_request *request)
{
    struct str list = http_header_last(request, "X-Forwarded-For"), last = {0};

    while (api->set.proxied && list.n)
        last = str_trim(str_cut(&list, ','));
    return looks_like_address(last) ? last : request->peer;
}

static struct api_call begin(struct api *api, const struct http_request *request,
                             struct http_reply *reply)
{
    struct api_call c = {.api = api,
                         .request = request,
                         .reply = reply,
                         .app = *api->set.app,
                         .json = {.buf = &reply->body},
                         .status = 200,
                         .peer = peer_of(api, request),
                         .began_ms = clock_mono_ms(api->set.app->clock)};

    c.app.who = STR_LIT("");
    uuid_v4(api->set.app->rng, c.request_id);
    http_reply_header(reply, "X-Request-Id", str_of(c.request_id));
    http_reply_header(reply, "Content-Type", STR_LIT("application/json"));
    http_reply_header(reply, "Cache-Control", STR_LIT("private, no-cache"));
    return c;
}

void api_handle(void *ctx, const struct http_request *request, struct http_reply *reply)
{
    struct api_call c = begin(ctx, request, reply);
    struct http_call http;
    struct aisle_err err = {0};
    enum aisle_status status = find_route(&c, &http, &err);

    if (status == AISLE_OK)
        status = guard_check(&c, &err);
    if (status == AISLE_OK && request->unread)
        status =
            api_fail(&c, 503, "", &err, "your rights changed just now: send it again");
    if (status == AISLE_OK)
        status = api_check_query(&c, &err);
    if (status == AISLE_OK)
        status = read_body(&c, &err);
    if (status == AISLE_OK)
        status = run_once(&c, &err);
    finish(&c, status, &err);
    json_decref(c.body);
}

void api_refuse(void *ctx, const struct http_request *request, int status,
                const char *why, struct http_reply *reply)
{
    struct api_call c = begin(ctx, request, reply);
    struct aisle_err err = {0};

    c.status = status;
    aisle_fail(&err, status < 500 ? AISLE_INVALID : AISLE_BUSY, "%s", why);
    finish(&c, err.status, &err);
}

bool api_is_for(struct str path)
{
    return str_starts(path, "/api/") || str_is(path, "/api") ||
           str_is(path, "/healthz") || str_is(path, "/readyz") ||
           str_is(path, "/metrics") || str_starts(path, "/hooks/") ||
           str_is(path, "/consent");
}

/* ---- birth and end ---- */

static const struct api_route *route_at(size_t i)
{
    for (size_t t = 0; api_tables[t]; t++)
        for (const struct api_route *r = api_tables[t]; r->run; r++)
            if (i-- == 0)
                return r;
    return NULL;
}

const struct http_route *api_route_at(size_t i)
{
    const struct api_route *r = route_at(i);

    return r ? &r->at : NULL;
}

const char *api_route_takes(size_t i)
{
    const char *takes = route_at(i)->takes;

    return takes ? takes : "";
}

static enum aisle_status copy_routes(struct api *api, struct aisle_err *err)
{
    size_t count = 0;

    while (route_at(count))
        count++;
    api->routes = mem_zalloc(count, sizeof *api->routes);
    api->behind = mem_zalloc(count, sizeof *api->behind);
    if (!api->routes || !api->behind)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        api->behind[i] = route_at(i);
        api->routes[i] = api->behind[i]->at;
    }
    api->route_count = count;
    return AISLE_OK;
}

enum aisle_status api_new(const struct api_settings *settings, struct api **out,
                          struct aisle_err *err)
{
    struct api *api = mem_zalloc(1, sizeof *api);
    enum aisle_status status;

    if (!api)
        return aisle_nomem(err);
    api->set = *settings;
    pthread_mutex_init(&api->sign_in, NULL);
    pthread_mutex_init(&api->counting, NULL);
    status = copy_routes(api, err);
    if (status == AISLE_OK)
        status = held_set_new(settings->app, settings->model, &api->held, err);
    if (status == AISLE_OK)
        status = known_new(&api->known, err);
    if (status == AISLE_OK)
        status = renewals_new(settings->app, &api->renewals, err);
    if (status == AISLE_OK)
        status = jobs_new(settings->app, api->held, &api->jobs, err);
    if (status == AISLE_OK)
        *out = api;
    else
        api_free(api);
    return status;
}

void api_free(struct api *api)
{
    if (!api)
        return;
    jobs_free(api->jobs);
    held_set_free(api->held);
    known_free(api->known);
    renewals_free(api->renewals);
    pthread_mutex_destroy(&api->sign_in);
    pthread_mutex_destroy(&api->counting);
    mem_free(api->routes);
    mem_free(api->behind);
    mem_free(api);
}
