#include "sandbox/market/hooks_own.h"

#include "base/mem.h"
#include "sandbox/lexicon.h"

#include <stdio.h>

enum { MAX_WAITING = 100000, LATE_MS = 1500 };

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

void hooks_forget(struct hooks *h)
{
    pthread_mutex_lock(&h->lock);
    couriers_drop(h);
    h->subscribed_count = 0;
    h->made = h->delivered = h->given_up = h->lost = 0;
    pthread_mutex_unlock(&h->lock);
}

void hooks_free(struct hooks *h)
{
    if (!h)
        return;
    couriers_stop(h);
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
    couriers_take(h, d);
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
            delivery_note(e, &lost, 0, STR_LIT("hook-lost"));
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
