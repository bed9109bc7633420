/* From a request to its answer: whose it is, what the dial has in store for it, what it
 * is answered, and the entry in the journal. */
#include "http/multipart.h"
#include "sandbox/engine.h"
#include "sandbox/gate.h"
#include "sandbox/lexicon.h"
#include "sandbox/pages.h"

#include <stdio.h>
#include <time.h>

enum {
    MAX_UPLOAD = 24 * 1024 * 1024,
    MAX_FILE = 104 * 1024 * 1024,
    MAX_BODY = 1024 * 1024
};

/* 34 characters, the first 14 the time: "202203070749000101890810281E8C70B7". */
static void make_request_id(struct call *c)
{
    uint64_t nth = atomic_fetch_add(&c->engine->calls, 1) + 1;
    uint64_t a = chance_of(c->engine->set.seed + nth, STR_LIT("request"));
    uint64_t b = chance_of(a, STR_LIT("id"));
    time_t now_s = (time_t)(c->now_ms / 1000);
    char stamp[16] = "19700101000000";
    struct tm utc;

    if (gmtime_r(&now_s, &utc))
        strftime(stamp, sizeof stamp, "%Y%m%d%H%M%S", &utc);
    snprintf(c->request_id, sizeof c->request_id, "%.14s%016llX%04X", stamp,
             (unsigned long long)a, (unsigned)(b & 0xffff));
}

static struct call begin(struct engine *e, const struct http_request *r,
                         struct http_reply *reply)
{
    struct call c = {.engine = e, .request = r, .reply = reply};

    c.now_ms = clock_now_ms(e->clock);
    c.forest = engine_forest(e);
    make_request_id(&c);
    c.note.request_id = call_keep(&c, str_of(c.request_id));
    return c;
}

static void end(struct call *c)
{
    c->note.status = c->reply->status;
    journal_add(c->engine->journal, c->now_ms, c->request, &c->note);
    forest_drop(c->forest);
}

static void read_parts(struct call *c)
{
    struct str type = http_header(c->request, "Content-Type");

    if (str_eq_nocase(http_media_type(type), STR_LIT("multipart/form-data")))
        c->parts_status = http_multipart_read(type, c->request->body, c->request->arena,
                                              &c->parts, &c->part_count, NULL);
}

static bool varies(struct str name)
{
    return str_is(name, "sign") || str_is(name, "timestamp") ||
           str_is(name, "access_token");
}

/* What is asked, whenever and in however many pieces: the same number for the same
 * question. A multipart body counts without its boundary. */
static uint64_t question_of(const struct call *c)
{
    const struct http_request *r = c->request;
    uint64_t q = chance_of(1, r->method);

    for (size_t i = 0; i < r->arg_count; i++)
        if (!varies(r->args[i].name))
            q = chance_of(chance_of(q, r->args[i].name), r->args[i].value);
    if (!c->part_count)
        return chance_of(q, r->body);
    for (size_t i = 0; i < c->part_count; i++)
        q = chance_of(chance_of(q, c->parts[i].name), c->parts[i].data);
    return q;
}

static void dispatch(struct call *c)
{
    struct str path = c->request->path;

    if (images_cdn_is_for(path))
        images_cdn_handle(c);
    else if (consent_is_for(path))
        consent_handle(c);
    else if (token_is_for(path))
        token_handle(c);
    else if (tokopedia_is_for(path))
        tokopedia_handle(c);
    else
        gate_pass(c);
}

/* The dial turns only what a client of the two marketplaces calls. */
static bool has_faults(struct str path)
{
    return gate_is_api(path) || token_is_for(path) || tokopedia_is_for(path);
}

static void too_many(struct call *c, const struct sandbox_fault *f)
{
    if (tokopedia_is_for(c->request->path))
        tokopedia_too_many(c);
    else
        call_refuse(c, REFUSE_TOO_MANY);
    if (f->retry_after_s >= 0)
        http_reply_header(
            c->reply, "Retry-After",
            arena_fmt(c->request->arena, "%d", f->retry_after_s ? f->retry_after_s : 1));
}

static void server_error(struct call *c, const struct mood *mood)
{
    static const int turns[] = {500, 502, 503};
    const struct sandbox_fault *f = &mood->fault[FAULT_SERVER_ERROR];
    int status = f->status ? f->status : turns[mood->chance % 3];

    if (f->html)
        page_nginx(c, status);
    else if (tokopedia_is_for(c->request->path))
        tokopedia_broken(c, status);
    else
        call_broken(c);
    c->reply->status = status;
}

static void token_expired(struct call *c)
{
    if (tokopedia_is_for(c->request->path))
        tokopedia_unauthorized(c);
    else
        call_refuse(c, REFUSE_TOKEN_EXPIRED);
}

static void name_fault(struct call *c, enum sandbox_fault_kind kind)
{
    struct str before = c->note.fault;

    c->note.fault = arena_fmt(c->request->arena, "%.*s%s%s", STR_ARG(before),
                              str_empty(before) ? "" : "+", sandbox_fault_name(kind));
    if (!c->note.fault.p)
        c->note.fault = str_of(sandbox_fault_name(kind));
}

/* A fault that comes instead of an answer; the call is then never looked at. */
static bool is_stopped(struct call *c, const struct mood *mood)
{
    static const enum sandbox_fault_kind stopping[] = {FAULT_TOO_MANY, FAULT_SERVER_ERROR,
                                                       FAULT_HTML, FAULT_TOKEN_EXPIRED};
    bool has_token =
        !token_is_for(c->request->path) && !str_is(c->request->path, "/token");

    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) {
        enum sandbox_fault_kind kind = stopping[i];

        if (!mood->has[kind] || (kind == FAULT_TOKEN_EXPIRED && !has_token))
            continue;
        name_fault(c, kind);
        if (kind == FAULT_TOO_MANY)
            too_many(c, &mood->fault[kind]);
        else if (kind == FAULT_SERVER_ERROR)
            server_error(c, mood);
        else if (kind == FAULT_HTML)
            page_in_the_way(c);
        else
            token_expired(c);
        return true;
    }
    return false;
}

static void repeat_or_keep(struct call *c, const struct mood *mood)
{
    struct temper *t = c->engine->temper;
    struct str path = c->request->path;

    if (mood->has[FAULT_DUPLICATE] &&
        temper_repeat(t, path, c->reply, c->request->arena, &c->note))
        name_fault(c, FAULT_DUPLICATE);
    else
        temper_keep(t, path, c->reply, &c->note);
}

static void spoil(struct call *c, const struct mood *mood)
{
    static const enum sandbox_fault_kind spoiling[] = {FAULT_CUT, FAULT_RESET,
                                                       FAULT_SLOW};
    bool any = false;

    for (size_t i = 0; i < sizeof spoiling / sizeof *spoiling; i++) {
        if (!mood->has[spoiling[i]])
            continue;
        name_fault(c, spoiling[i]);
        any = true;
    }
    if (any)
        temper_spoil(mood, c->reply);
}

static void delay(struct call *c, const struct mood *mood)
{
    int ms = mood->fault[FAULT_DELAY].ms;

    if (!mood->has[FAULT_DELAY])
        return;
    c->reply->delay_ms = c->note.delay_ms = ms ? ms : 50;
    name_fault(c, FAULT_DELAY);
}

void engine_handle(void *ctx, const struct http_request *r, struct http_reply *reply)
{
    struct engine *e = ctx;
    struct mood mood = {0};
    struct call c;

    pthread_mutex_lock(&e->lock); /* from here on our address is known */
    pthread_mutex_unlock(&e->lock);
    if (panel_is_for(r->path)) {
        panel_handle(e, r, reply);
        return;
    }
    c = begin(e, r, reply);
    read_parts(&c);
    if (has_faults(r->path))
        temper_judge(e->temper, r->path, question_of(&c), &mood);
    if (!is_stopped(&c, &mood)) {
        dispatch(&c);
        repeat_or_keep(&c, &mood);
    }
    delay(&c, &mood);
    spoil(&c, &mood);
    end(&c);
}

size_t engine_max_body(void *ctx, const struct http_request *r)
{
    (void)ctx;
    if (panel_is_for(r->path))
        return BUF_MAX_REPLY;
    if (str_ends(r->path, "/files/upload"))
        return MAX_FILE;
    return str_ends(r->path, "/upload") ? MAX_UPLOAD : MAX_BODY;
}

/* What the server itself declines. A body too large has a text of the gateway's. */
void engine_refuse(void *ctx, const struct http_request *r, int status, const char *why,
                   struct http_reply *reply)
{
    struct call c = begin(ctx, r, reply);

    if (status == 413)
        call_refuse(&c, REFUSE_BODY_SIZE);
    else
        http_reply_text(reply, status, "text/plain; charset=utf-8", str_of(why));
    c.note.group = STR_LIT("(not read)");
    end(&c);
}
