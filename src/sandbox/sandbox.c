#include "sandbox/sandbox.h"

#include "base/mem.h"
#include "net/net.h"
#include "sandbox/data.h"
#include "sandbox/engine.h"
#include "sandbox/files.h"
#include "sandbox/identity.h"
#include "sandbox/market/market.h"

enum { STOP_MS = 1000, WEEK_S = 7 * 24 * 3600, YEAR_S = 365 * 24 * 3600 };

struct sandbox {
    struct engine engine;
};

struct forest *engine_forest(struct engine *e)
{
    struct forest *f;

    pthread_mutex_lock(&e->lock);
    f = forest_ref(e->forest);
    pthread_mutex_unlock(&e->lock);
    return f;
}

void engine_set_forest(struct engine *e, struct forest *f)
{
    struct forest *old;

    pthread_mutex_lock(&e->lock);
    old = e->forest;
    e->forest = f;
    pthread_mutex_unlock(&e->lock);
    forest_drop(old);
}

static bool keep_text(struct engine *e, struct str *text)
{
    *text = arena_str(&e->arena, *text);
    return text->p != NULL;
}

static bool is_loopback(struct str address)
{
    return str_empty(address) || str_is(address, "::1") || str_starts(address, "127.");
}

/* What is read again while running; the rest is read once, at the start. */
static enum aisle_status take_settings(struct engine *e,
                                       const struct sandbox_settings *given,
                                       struct aisle_err *err)
{
    struct sandbox_settings *set = &e->set;

    *set = *given;
    if (!is_loopback(given->address))
        return aisle_fail(err, AISLE_CONFIG,
                          "%.*s is not loopback, and the sandbox "
                          "listens nowhere else",
                          STR_ARG(given->address));
    if (!str_empty(given->market.webhook) && !net_url_is_loopback(given->market.webhook))
        return aisle_fail(err, AISLE_CONFIG,
                          "webhooks go to loopback only, and %.*s is not there",
                          STR_ARG(given->market.webhook));
    if (sandbox_missing_check(given->market.missing, err))
        return AISLE_INVALID;
    set->access_ttl_s = set->access_ttl_s ? set->access_ttl_s : WEEK_S;
    set->refresh_ttl_s = set->refresh_ttl_s ? set->refresh_ttl_s : YEAR_S;
    set->tokopedia_ttl_s = set->tokopedia_ttl_s ? set->tokopedia_ttl_s : 2592000;
    set->tokopedia_qps = set->tokopedia_qps != 0 ? set->tokopedia_qps : 5;
    set->image_memory = set->image_memory ? set->image_memory : (size_t)256 << 20;
    e->clock = given->clock ? given->clock : clock_system();
    if (!keep_text(e, &set->redirect_url) || !keep_text(e, &set->allow_ips) ||
        !keep_text(e, &set->market.missing) || !keep_text(e, &set->market.rules) ||
        !keep_text(e, &set->market.webhook))
        return aisle_nomem(err);
    return AISLE_OK;
}

static enum aisle_status load_truth(struct engine *e, struct str file,
                                    struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status;

    if (str_empty(file))
        return AISLE_OK;
    if (str_is(file, "own"))
        return truth_read(SANDBOX_DATA(truth), &e->truth, err);
    status = file_load(file, &text, err);
    if (status == AISLE_OK)
        status = truth_read(buf_str(&text), &e->truth, err);
    if (status == AISLE_GARBLED)
        aisle_note(err, "in %.*s", STR_ARG(file));
    buf_clear(&text);
    return status;
}

static enum aisle_status make_keys(struct engine *e, struct aisle_err *err)
{
    struct keys_settings settings = {
        .seed = e->set.seed,
        .shops = e->identity.shops,
        .shop_count = e->identity.shop_count,
        .access_ttl_s = e->set.access_ttl_s,
        .refresh_ttl_s = e->set.refresh_ttl_s,
        .now_s = clock_now_s(e->clock),
        .arena = &e->arena,
    };

    return keys_new(&settings, &e->keys, err);
}

static enum aisle_status make_control_token(struct engine *e, struct aisle_err *err)
{
    const struct rng *rng = e->set.rng ? e->set.rng : rng_system();
    struct buf hex = BUF_INIT(64);
    unsigned char bytes[16];

    if (str_empty(e->set.control_token)) {
        rng->fill(rng->ctx, bytes, sizeof bytes);
        buf_hex(&hex, bytes, sizeof bytes);
        e->identity.control_token = arena_str(&e->arena, buf_str(&hex));
    } else {
        e->identity.control_token = arena_str(&e->arena, e->set.control_token);
    }
    buf_clear(&hex);
    return e->identity.control_token.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status
make_parts(struct engine *e, const struct sandbox_settings *given, struct aisle_err *err)
{
    double qps = e->set.qps, toko = e->set.tokopedia_qps;
    enum aisle_status status;

    status = identity_make(given, &e->arena, &e->identity, err);
    if (status == AISLE_OK)
        status = make_control_token(e, err);
    if (status == AISLE_OK)
        status = make_keys(e, err);
    if (status == AISLE_OK)
        status = forest_load(given, &e->forest, err);
    if (status == AISLE_OK)
        e->first_forest = forest_ref(e->forest);
    if (status == AISLE_OK)
        status = load_truth(e, given->truth, err);
    if (status == AISLE_OK)
        status =
            temper_new(e->set.seed, given->faults, given->fault_count, &e->temper, err);
    if (status == AISLE_OK)
        status = images_new(e->set.image_memory, &e->images, err);
    if (status == AISLE_OK)
        status = market_new(e, &e->market, err);
    if (status == AISLE_OK)
        status = gauge_new(qps, qps, &e->gauge, err);
    if (status == AISLE_OK)
        status = gauge_new(toko, toko, &e->tokopedia_gauge, err);
    if (status == AISLE_OK)
        status = journal_open(given->log_file, &e->journal, err);
    return status;
}

static enum aisle_status
listen_now(struct engine *e, const struct sandbox_settings *given, struct aisle_err *err)
{
    struct http_settings settings = {
        .address = given->address,
        .port = given->port,
        .threads = given->threads,
        .max_arena = (size_t)256 << 20,
        .handle = engine_handle,
        .max_body_of = engine_max_body,
        .refuse = engine_refuse,
        .ctx = e,
    };
    bool v6 = str_is(given->address, "::1");
    struct str host = str_empty(given->address) ? STR_LIT("127.0.0.1") : given->address;
    enum aisle_status status;

    pthread_mutex_lock(&e->lock); /* whoever asks already waits for our address */
    status = http_start(&settings, &e->http, err);
    if (status == AISLE_OK)
        e->identity.url = arena_fmt(&e->arena, "http://%s%.*s%s:%u", v6 ? "[" : "",
                                    STR_ARG(host), v6 ? "]" : "", http_port(e->http));
    pthread_mutex_unlock(&e->lock);
    if (status == AISLE_OK && !e->identity.url.p)
        status = aisle_nomem(err);
    return status;
}

enum aisle_status sandbox_start(const struct sandbox_settings *settings,
                                struct sandbox **out, struct aisle_err *err)
{
    struct sandbox *s = mem_zalloc(1, sizeof *s);
    struct engine *e;
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    e = &s->engine;
    e->arena.max = ARENA_MAX_WORK;
    pthread_mutex_init(&e->lock, NULL);
    pthread_mutex_init(&e->evolving, NULL);
    status = take_settings(e, settings, err);
    if (status == AISLE_OK)
        e->started_ms = clock_now_ms(e->clock);
    if (status == AISLE_OK)
        status = make_parts(e, settings, err);
    if (status == AISLE_OK)
        status = listen_now(e, settings, err);
    if (status == AISLE_OK)
        *out = s;
    else
        sandbox_stop(s);
    return status;
}

void sandbox_stop(struct sandbox *s)
{
    struct engine *e;

    if (!s)
        return;
    e = &s->engine;
    http_stop(e->http, STOP_MS);
    market_free(e->market);
    journal_close(e->journal);
    gauge_free(e->gauge);
    gauge_free(e->tokopedia_gauge);
    images_free(e->images);
    temper_free(e->temper);
    truth_free(e->truth);
    forest_drop(e->forest);
    forest_drop(e->first_forest);
    keys_free(e->keys);
    pthread_mutex_destroy(&e->evolving);
    pthread_mutex_destroy(&e->lock);
    arena_clear(&e->arena);
    mem_free(s);
}

uint16_t sandbox_port(const struct sandbox *s)
{
    return http_port(s->engine.http);
}

const struct sandbox_identity *sandbox_identity(const struct sandbox *s)
{
    return &s->engine.identity;
}
