/* consent.c - where a marketplace sends the seller's browser after consent: the state is
 * looked at here, the code exchanged by a job, and a page without script told of both
 *
 * The page begins at once and ends when the job does. Nothing of the address is shown
 * again but what the marketplace answered, escaped.
 */
#include "api/connect.h"
#include "api/jobs.h"

#include "base/mem.h"

struct words {
    const char *language, *title, *under_way, *done, *failed, *home;
};

static const struct words english = {
    "en",
    "Connecting the shop",
    "One moment: the marketplace is asked for the keys.",
    "The shop is connected. You may close this window.",
    "The shop was not connected.",
    "To Aisle",
};

static const struct words indonesian = {
    "id",
    "Menghubungkan toko",
    "Sebentar: kunci sedang diminta dari marketplace.",
    "Toko sudah terhubung. Jendela ini boleh ditutup.",
    "Toko tidak terhubung.",
    "Ke Aisle",
};

static const struct words *words_for(const struct api_call *c)
{
    struct str wanted = http_header(c->request, "Accept-Language");

    return str_eq_nocase(str_head(wanted, 2), STR_LIT("id")) ? &indonesian : &english;
}

/* ---- the page ---- */

static void put_head(struct buf *out, const struct words *w)
{
    buf_addf(out,
             "<!doctype html>\n<html lang=\"%s\">\n<head><meta charset=\"utf-8\">"
             "<meta name=\"viewport\" content=\"width=device-width\">"
             "<title>%s</title></head>\n<body>\n<h1>%s</h1>\n",
             w->language, w->title, w->title);
}

static void put_end(struct buf *out, const struct words *w, bool done, struct str why)
{
    buf_addf(out, "<p role=\"status\">%s</p>\n", done ? w->done : w->failed);
    if (!done) {
        buf_addz(out, "<p>");
        buf_html(out, why);
        buf_addz(out, "</p>\n");
    }
    buf_addf(out, "<p><a href=\"/\">%s</a></p>\n</body>\n</html>\n", w->home);
}

/* ---- while the job is under way ---- */

enum { LOOK_MS = 150 };

struct waiting {
    struct jobs *jobs;
    char id[JOB_ID_LEN];
    const struct words *words;
    struct buf text; /* not yet sent */
    size_t sent;
    bool ended;
};

static void look(struct waiting *w)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};
    struct job_view v;

    if (jobs_get(w->jobs, str_of(w->id), &arena, &v, &err) != AISLE_OK) {
        put_end(&w->text, w->words, false, str_of(err.text));
        w->ended = true;
    } else if (v.ended_at) {
        put_end(&w->text, w->words, v.status == AISLE_OK, v.text);
        w->ended = true;
    }
    arena_clear(&arena);
}

static enum http_pull pull(void *ctx, char *out, size_t room, size_t *n, int64_t *wait_ms)
{
    struct waiting *w = ctx;
    size_t left;

    if (w->sent == w->text.n && !w->ended)
        look(w);
    if (w->text.failed)
        return HTTP_BREAK;
    left = w->text.n - w->sent;
    if (left == 0 && w->ended)
        return HTTP_END;
    if (left == 0) {
        *wait_ms = LOOK_MS;
        return HTTP_WAIT;
    }
    *n = left < room ? left : room;
    memcpy(out, w->text.p + w->sent, *n);
    w->sent += *n;
    return HTTP_PULLED;
}

static void end(void *ctx)
{
    struct waiting *w = ctx;

    buf_clear(&w->text);
    mem_free(w);
}

static enum aisle_status tell_as_it_goes(struct api_call *c, const struct words *words,
                                         const char id[JOB_ID_LEN], struct aisle_err *err)
{
    struct waiting *w = mem_zalloc(1, sizeof *w);

    if (!w)
        return aisle_nomem(err);
    w->jobs = c->api->jobs;
    w->words = words;
    w->text = (struct buf)BUF_INIT(BUF_MAX_LINE);
    memcpy(w->id, id, JOB_ID_LEN);
    put_head(&w->text, words);
    buf_addf(&w->text, "<p>%s</p>\n", words->under_way);
    c->reply->source = (struct http_source){pull, end, w, -1};
    http_reply_header(c->reply, "X-Accel-Buffering", STR_LIT("no"));
    return AISLE_OK;
}

/* ---- the return ---- */

/* The exchange is a job: the state is taken by it, so that a service too busy to start
 * one leaves the link as good as it was. */
static enum aisle_status start(struct api_call *c, const struct shop_login *login,
                               struct str state, char id[JOB_ID_LEN],
                               struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct shop shop;
    struct job_request r = {.kind = JOB_SHOP,
                            .who = login->user,
                            .shop = {.act = SHOP_CONNECT,
                                     .shop_id = login->shop_id,
                                     .login = *login,
                                     .state = state,
                                     .query = c->request->query}};
    enum aisle_status status =
        store->ops->shops->get_shop(store, login->shop_id, c->request->arena, &shop, err);

    if (status != AISLE_OK)
        return status;
    r.seller_id = r.shop.seller_id = shop.seller_id;
    return jobs_start(c->api->jobs, &r, id, err);
}

static int page_status(enum aisle_status status)
{
    return status == AISLE_AUTH || status == AISLE_NOT_FOUND ? 403
           : status == AISLE_BUSY                            ? 503
                                                             : 500;
}

enum aisle_status consent_return(struct api_call *c, struct aisle_err *err)
{
    const struct words *words = words_for(c);
    struct str state = api_text(c, "state");
    struct shop_login login;
    char id[JOB_ID_LEN];
    enum aisle_status status;

    http_reply_header(c->reply, "Content-Type", STR_LIT("text/html; charset=utf-8"));
    http_reply_header(c->reply, "Cache-Control", STR_LIT("no-store"));
    if (!str_is(c->request->method, "GET"))
        return AISLE_OK; /* whoever only looks uses nothing up */
    status =
        flow_connect_check(&c->app, state, guard_cookie(c, connect_cookie_name(c->api)),
                           c->request->arena, &login, err);
    if (status == AISLE_OK)
        status = start(c, &login, state, id, err);
    if (status == AISLE_OK)
        return tell_as_it_goes(c, words, id, err);
    if (page_status(status) == 500)
        return status;
    c->status = page_status(status);
    put_head(&c->reply->body, words);
    put_end(&c->reply->body, words, false, api_told(c, err));
    return AISLE_OK;
}
