#include "sandbox/market/hooks_own.h"

#include "base/hash.h"
#include "base/mem.h"
#include "net/net.h"
#include "sandbox/lexicon.h"

#include <stdio.h>
#include <time.h>

enum { MAX_WAITING = 100000, TICK_MS = 20, LATE_MS = 1500 };

/* One webhook on its way. */
struct delivery {
    struct delivery *next;
    int64_t due_ms;
    int type, tries;
    char *body, *address;
    char fault[24];
};

/* ---- the thread that sends ---- */

static void delivery_free(struct delivery *d)
{
    mem_free(d->body);
    mem_free(d->address);
    mem_free(d);
}

/* In its place: after all that are due before it, or then. */
static void put_in_line(struct hooks *h, struct delivery *d)
{
    struct delivery **at = &h->waiting;

    while (*at && (*at)->due_ms <= d->due_ms)
        at = &(*at)->next;
    d->next = *at;
    *at = d;
    h->waiting_count++;
}

static struct delivery *take_due(struct hooks *h, int64_t now_ms)
{
    struct delivery *d = h->waiting;

    if (!d || d->due_ms > now_ms)
        return NULL;
    h->waiting = d->next;
    h->waiting_count--;
    return d;
}

static bool sign(const struct engine *e, struct str body, char hex[SHA256_HEX_LEN + 1])
{
    struct buf message = BUF_INIT(BUF_MAX_REQUEST);
    struct sha256 digest;
    bool fine;

    buf_add(&message, e->identity.app_key);
    buf_add(&message, body);
    fine = !message.failed && hmac_sha256(e->identity.app_secret, buf_str(&message),
                                          &digest, NULL) == AISLE_OK;
    if (fine)
        sha256_hex(&digest, hex);
    buf_clear(&message);
    return fine;
}

/* The HTTP status, or 0 when nobody answered. */
static int send(const struct engine *e, struct net *net, const struct delivery *d)
{
    char hex[SHA256_HEX_LEN + 1];
    struct net_header header = {STR_LIT("Authorization"), {0}};
    struct net_request request = {
        .method = "POST",
        .url = str_of(d->address),
        .headers = &header,
        .header_count = 1,
        .body = str_of(d->body),
        .content_type = STR_LIT("application/json"),
        .reach = NET_LOOPBACK,
        .max_reply = BUF_MAX_LINE,
        .timeout_ms = 5000,
    };
    struct net_reply reply;
    int status = 0;

    if (!sign(e, str_of(d->body), hex))
        return 0;
    header.value = str_of(hex);
    net_reply_init(&reply);
    if (net_send(net, &request, &reply, NULL) == AISLE_OK)
        status = reply.status;
    net_reply_clear(&reply);
    return status;
}

static void note(const struct engine *e, const struct delivery *d, int status,
                 struct str fault)
{
    char path[32];
    struct http_request r = {.method = STR_LIT("HOOK")};
    struct note n = {.status = status, .fault = fault, .body = str_of(d->body)};

    snprintf(path, sizeof path, "/hook/%d", d->type);
    r.path = str_of(path);
    n.uri = str_of(d->address);
    journal_add(e->journal, clock_now_ms(e->clock), &r, &n);
}

/* 2 minutes, 30 minutes, 3 hours, 12 hours; 0: no more. */
static int64_t wait_before(const struct engine *e, int tries)
{
    static const int64_t waits_s[] = {120, 1800, 3 * 3600, 12 * 3600};
    int set = e->set.market.webhook_retry_ms;

    if (tries > 4)
        return 0;
    return set > 0 ? set : waits_s[tries - 1] * 1000;
}

/* Sends; what is not taken with 2xx comes again later. Takes d. */
static void deliver(struct hooks *h, struct net *net, struct delivery *d)
{
    const struct engine *e = h->market->engine;
    int status = send(e, net, d);
    bool taken = status >= 200 && status < 300;
    int64_t wait = taken ? 0 : wait_before(e, ++d->tries);

    note(e, d, status, str_of(d->fault));
    pthread_mutex_lock(&h->lock);
    h->delivered += taken;
    h->given_up += !taken && !wait;
    if (wait) {
        d->due_ms = clock_now_ms(e->clock) + wait;
        put_in_line(h, d);
    }
    pthread_mutex_unlock(&h->lock);
    if (!wait)
        delivery_free(d);
}

static void rest(struct hooks *h)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&h->lock);
    if (!atomic_load(&h->stop))
        pthread_cond_timedwait(&h->woken, &h->lock, &until);
    pthread_mutex_unlock(&h->lock);
}

/* Ends audits as well, so that they are told of though nobody calls. */
static void *courier(void *ctx)
{
    struct hooks *h = ctx;
    const struct engine *e = h->market->engine;
    struct net_settings settings = {
        .connect_timeout_ms = 2000, .clock = clock_system(), .stop = &h->stop};
    struct net *net = NULL;

    if (net_new(&settings, &net, NULL))
        return NULL;
    while (!atomic_load(&h->stop)) {
        struct delivery *d;

        pthread_mutex_lock(&h->market->lock);
        products_settle(h->market, clock_now_ms(e->clock));
        pthread_mutex_unlock(&h->market->lock);
        pthread_mutex_lock(&h->lock);
        d = take_due(h, clock_now_ms(e->clock));
        pthread_mutex_unlock(&h->lock);
        if (d)
            deliver(h, net, d);
        else
            rest(h);
    }
    net_free(net);
    return NULL;
}

/* ---- life ---- */

enum aisle_status hooks_new(struct market *m, struct hooks **out, struct aisle_err *err)
{
    struct hooks *h = mem_zalloc(1, sizeof *h);

    if (!h)
        return aisle_nomem(err);
    h->market = m;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->woken, NULL);
    *out = h;
    return AISLE_OK;
}

static void drop_waiting(struct hooks *h)
{
    while (h->waiting) {
        struct delivery *d = h->waiting;

        h->waiting = d->next;
        delivery_free(d);
    }
    h->waiting_count = 0;
}

void hooks_forget(struct hooks *h)
{
    pthread_mutex_lock(&h->lock);
    drop_waiting(h);
    h->subscribed_count = 0;
    h->made = h->delivered = h->given_up = h->lost = 0;
    pthread_mutex_unlock(&h->lock);
}

void hooks_free(struct hooks *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    atomic_store(&h->stop, true);
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
    if (h->running)
        pthread_join(h->thread, NULL);
    drop_waiting(h);
    pthread_cond_destroy(&h->woken);
    pthread_mutex_destroy(&h->lock);
    mem_free(h);
}

void hooks_put_counts(struct hooks *h, struct json_out *json)
{
    pthread_mutex_lock(&h->lock);
    json_open(json);
    json_add_int(json, "made", (int64_t)h->made);
    json_add_int(json, "delivered", (int64_t)h->delivered);
    json_add_int(json, "given_up", (int64_t)h->given_up);
    json_add_int(json, "lost", (int64_t)h->lost);
    json_add_int(json, "waiting", (int64_t)h->waiting_count);
    json_close(json);
    pthread_mutex_unlock(&h->lock);
}

/* ---- making one ---- */

/* Called with the lock. */
static void enqueue(struct hooks *h, int type, struct str body, struct str address,
                    int64_t due_ms, const char *fault)
{
    struct delivery *d = h->waiting_count < MAX_WAITING ? mem_zalloc(1, sizeof *d) : NULL;

    if (!d)
        return;
    d->type = type;
    d->due_ms = due_ms;
    d->body = mem_dup(body.p, body.n);
    d->address = mem_dup(address.p, address.n);
    snprintf(d->fault, sizeof d->fault, "%s", fault);
    if (!d->body || !d->address) {
        delivery_free(d);
        return;
    }
    put_in_line(h, d);
    if (!h->running)
        h->running = pthread_create(&h->thread, NULL, courier, h) == 0;
    pthread_cond_signal(&h->woken);
}

/* Loses, delays or doubles it as the dial says. */
static void hand_over(struct hooks *h, int type, struct str body, struct str address,
                      int64_t now_ms)
{
    const struct engine *e = h->market->engine;
    struct mood mood;
    struct delivery lost = {.type = type};
    char path[32];
    int late;

    snprintf(path, sizeof path, "/hook/%d", type);
    temper_judge(e->temper, str_of(path), chance_of(h->made, STR_LIT("hook")), &mood);
    h->made++;
    if (mood.has[FAULT_HOOK_LOST]) {
        h->lost++;
        lost.body = mem_dup(body.p, body.n);
        lost.address = mem_dup(address.p, address.n);
        if (lost.body && lost.address)
            note(e, &lost, 0, STR_LIT("hook-lost"));
        mem_free(lost.body);
        mem_free(lost.address);
        return;
    }
    late = mood.fault[FAULT_HOOK_LATE].ms ? mood.fault[FAULT_HOOK_LATE].ms : LATE_MS;
    enqueue(h, type, body, address, now_ms + (mood.has[FAULT_HOOK_LATE] ? late : 0),
            mood.has[FAULT_HOOK_LATE] ? "hook-late" : "");
    if (mood.has[FAULT_HOOK_TWICE])
        enqueue(h, type, body, address, now_ms, "hook-twice");
}

static void make_notification_id(struct market *m, char out[MARKET_ID])
{
    market_id(m, out);
    memcpy(out, "7327", 4);
}

/* Where it goes, or nowhere: empty. */
static struct str address_of(struct hooks *h, const struct product *p, int type)
{
    const struct subscription *s = hooks_subscription(h, p->shop, type);
    struct str set = h->market->engine->set.market.webhook;

    return str_empty(set) && s ? str_of(s->address) : set;
}

/* What a webhook says is begun here and ended by finish. */
struct writing {
    struct market *market;
    const struct product *product;
    int type;
    int64_t now_ms;
    struct buf body;
    struct json_out json;
};

static bool begin(struct writing *w, struct market *m, const struct product *p, int type,
                  int64_t now_ms)
{
    char id[MARKET_ID];

    *w = (struct writing){m, p, type, now_ms, BUF_INIT(BUF_MAX_LINE), {0}};
    if (!m->hooks || str_empty(address_of(m->hooks, p, type)))
        return false;
    w->json.buf = &w->body;
    make_notification_id(m, id);
    json_open(&w->json);
    json_add_int(&w->json, "type", type);
    json_add_str(&w->json, "tts_notification_id", str_of(id));
    json_add_str(&w->json, "shop_id", p->shop->id);
    json_add_int(&w->json, "timestamp", now_ms / 1000);
    json_key(&w->json, "data");
    json_open(&w->json);
    json_key(&w->json, "product_id");
    if (type == 15 || type == 18) /* text in these, a number in the others */
        json_put_str(&w->json, str_of(p->id));
    else
        json_put_raw(&w->json, str_of(p->id));
    return true;
}

static void finish(struct writing *w)
{
    struct hooks *h = w->market->hooks;

    json_add_int(&w->json, "update_time", w->now_ms / 1000);
    json_close(&w->json);
    json_close(&w->json);
    pthread_mutex_lock(&h->lock);
    if (!w->body.failed)
        hand_over(h, w->type, buf_str(&w->body), address_of(h, w->product, w->type),
                  w->now_ms);
    pthread_mutex_unlock(&h->lock);
    buf_clear(&w->body);
}

void hooks_status(struct market *m, const struct product *p, const char *status,
                  int64_t now_ms)
{
    bool failed = strcmp(status, "PRODUCT_AUDIT_FAILURE") == 0;
    struct writing w;

    if (!begin(&w, m, p, 5, now_ms))
        return;
    json_add_str(&w.json, "status", str_of(status));
    json_add_str(&w.json, "suspended_reason",
                 failed ? STR_LIT("The product was not approved in the review.")
                        : STR_LIT(""));
    finish(&w);
}

void hooks_changed(struct market *m, const struct product *p, const json_t *fields,
                   int64_t now_ms)
{
    struct writing w;

    if (!begin(&w, m, p, 15, now_ms))
        return;
    json_add_str(&w.json, "change_source", STR_LIT("OPEN_API"));
    put_value(&w.json, "changed_fields", fields);
    finish(&w);
}

void hooks_created(struct market *m, const struct product *p, int64_t now_ms)
{
    struct writing w;

    if (!begin(&w, m, p, 16, now_ms))
        return;
    json_key(&w.json, "product_types");
    json_open_list(&w.json);
    if (!str_empty(json_str(p->doc, "primary_combined_product_id")))
        json_put_str(&w.json, STR_LIT("COMBINED_PRODUCT"));
    json_close_list(&w.json);
    finish(&w);
}

void hooks_category(struct market *m, const struct product *p, struct str before,
                    int64_t now_ms)
{
    struct writing w;

    if (!begin(&w, m, p, 18, now_ms))
        return;
    json_add_str(&w.json, "previous_category_id", before);
    json_add_str(&w.json, "current_category_id", json_str(p->doc, "category_id"));
    finish(&w);
}

void hooks_audit(struct market *m, const struct product *p, int64_t now_ms)
{
    struct writing w;

    if (!begin(&w, m, p, 37, now_ms))
        return;
    product_put_audit(&w.json, p);
    product_put_platforms(&w.json, p);
    finish(&w);
}
