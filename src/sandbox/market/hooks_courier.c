/* Who brings webhooks. A courier calls one address at a time, and whatever else is due
 * there waits behind it in its bag: in order, and in nobody else's way. Only as many
 * receivers that hang as there are couriers hold up the others. */
#include "sandbox/market/hooks_own.h"

#include "base/hash.h"
#include "base/mem.h"
#include "net/net.h"

#include <stdio.h>
#include <time.h>

enum { TICK_MS = 20, TIMEOUT_MS = 5000 };

void delivery_free(struct delivery *d)
{
    mem_free(d->body);
    mem_free(d->address);
    mem_free(d);
}

/* ---- who goes where; all with the lock ---- */

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

static void put_in_bag(struct courier *k, struct delivery *d)
{
    d->next = NULL;
    if (k->bag)
        k->last->next = d;
    else
        k->bag = d;
    k->last = d;
}

static struct courier *who_calls(struct hooks *h, const char *address)
{
    for (size_t i = 0; i < h->courier_count; i++)
        if (h->couriers[i].bag && strcmp(h->couriers[i].bag->address, address) == 0)
            return &h->couriers[i];
    return NULL;
}

/* Hands out what is due, until one falls to this courier. False: none does. */
static bool has_to_go(struct hooks *h, struct courier *k, int64_t now_ms)
{
    while (!k->bag && h->waiting && h->waiting->due_ms <= now_ms) {
        struct delivery *d = h->waiting;
        struct courier *other = who_calls(h, d->address);

        h->waiting = d->next;
        put_in_bag(other ? other : k, d);
    }
    return k->bag != NULL;
}

/* ---- one delivery ---- */

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
    int timeout_ms = e->set.market.webhook_timeout_ms;
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
        .timeout_ms = timeout_ms ? timeout_ms : TIMEOUT_MS,
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

void delivery_note(const struct engine *e, const struct delivery *d, int status,
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

/* The first of its bag is done with: what is not taken with 2xx comes again later. With
 * the lock. */
static void put_away(struct hooks *h, struct courier *k, int status)
{
    const struct engine *e = h->market->engine;
    struct delivery *d = k->bag;
    bool taken = status >= 200 && status < 300;
    int64_t wait = taken ? 0 : wait_before(e, ++d->tries);

    k->bag = d->next;
    h->delivered += taken;
    h->given_up += !taken && !wait;
    if (wait) {
        d->due_ms = clock_now_ms(e->clock) + wait;
        put_in_line(h, d);
    } else {
        delivery_free(d);
    }
}

/* Out and back; called, and comes back, with the lock. */
static void deliver(struct hooks *h, struct courier *k, struct net *net)
{
    const struct engine *e = h->market->engine;
    const struct delivery *d = k->bag;
    int status;

    h->waiting_count--;
    pthread_mutex_unlock(&h->lock);
    status = send(e, net, d);
    delivery_note(e, d, status, str_of(d->fault));
    pthread_mutex_lock(&h->lock);
    put_away(h, k, status);
}

/* ---- the threads ---- */

static void *run_courier(void *ctx)
{
    struct courier *k = ctx;
    struct hooks *h = k->hooks;
    struct net_settings settings = {
        .connect_timeout_ms = 2000, .clock = clock_system(), .stop = &h->stop};
    struct net *net = NULL;

    if (net_new(&settings, &net, NULL))
        return NULL;
    pthread_mutex_lock(&h->lock);
    while (!atomic_load(&h->stop))
        if (has_to_go(h, k, clock_now_ms(h->market->engine->clock)))
            deliver(h, k, net);
        else
            pthread_cond_wait(&h->woken, &h->lock);
    pthread_mutex_unlock(&h->lock);
    net_free(net);
    return NULL;
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

static void wake_for_what_is_due(struct hooks *h, int64_t now_ms)
{
    pthread_mutex_lock(&h->lock);
    if (h->waiting && h->waiting->due_ms <= now_ms)
        pthread_cond_broadcast(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

/* Watches the clock for everybody: it may be one that jumps. Ends audits as well, so that
 * they are told of though nobody calls. */
static void *run_watch(void *ctx)
{
    struct hooks *h = ctx;
    const struct clock *clock = h->market->engine->clock;

    while (!atomic_load(&h->stop)) {
        pthread_mutex_lock(&h->market->lock);
        products_settle(h->market, clock_now_ms(clock));
        pthread_mutex_unlock(&h->market->lock);
        wake_for_what_is_due(h, clock_now_ms(clock));
        rest(h);
    }
    return NULL;
}

static void start(struct hooks *h)
{
    if (!h->watching)
        h->watching = pthread_create(&h->watch, NULL, run_watch, h) == 0;
    while (h->courier_count < COURIERS) {
        struct courier *k = &h->couriers[h->courier_count];

        k->hooks = h;
        if (pthread_create(&k->thread, NULL, run_courier, k))
            return;
        h->courier_count++;
    }
}

/* ---- for the others ---- */

void couriers_take(struct hooks *h, struct delivery *d)
{
    put_in_line(h, d);
    start(h);
    pthread_cond_broadcast(&h->woken);
}

static void drop(struct delivery *d)
{
    while (d) {
        struct delivery *next = d->next;

        delivery_free(d);
        d = next;
    }
}

void couriers_drop(struct hooks *h)
{
    drop(h->waiting);
    h->waiting = NULL;
    h->waiting_count = 0;
    for (size_t i = 0; i < h->courier_count; i++) {
        struct courier *k = &h->couriers[i];

        if (!k->bag)
            continue;
        drop(k->bag->next);
        k->bag->next = NULL;
        k->last = k->bag;
    }
}

void couriers_stop(struct hooks *h)
{
    pthread_mutex_lock(&h->lock);
    atomic_store(&h->stop, true);
    pthread_cond_broadcast(&h->woken);
    pthread_mutex_unlock(&h->lock);
    if (h->watching)
        pthread_join(h->watch, NULL);
    for (size_t i = 0; i < h->courier_count; i++)
        pthread_join(h->couriers[i].thread, NULL);
    for (size_t i = 0; i < h->courier_count; i++)
        drop(h->couriers[i].bag);
    drop(h->waiting);
}
