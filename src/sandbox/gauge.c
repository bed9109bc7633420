#include "sandbox/gauge.h"

#include "base/mem.h"

#include <pthread.h>

enum { BUCKETS = 4096 };

struct bucket {
    double level;
    int64_t at_ms; /* 0: never used, full */
};

struct gauge {
    pthread_mutex_t lock;
    double per_second, burst;
    struct bucket buckets[BUCKETS];
};

enum aisle_status gauge_new(double per_second, double burst, struct gauge **out,
                            struct aisle_err *err)
{
    struct gauge *g = mem_zalloc(1, sizeof *g);

    if (!g)
        return aisle_nomem(err);
    g->per_second = per_second;
    g->burst = burst < 1 ? 1 : burst;
    pthread_mutex_init(&g->lock, NULL);
    *out = g;
    return AISLE_OK;
}

void gauge_free(struct gauge *g)
{
    if (!g)
        return;
    pthread_mutex_destroy(&g->lock);
    mem_free(g);
}

static void refill(const struct gauge *g, struct bucket *b, int64_t now_ms)
{
    double gained = (double)(now_ms - b->at_ms) / 1000 * g->per_second;

    if (b->at_ms == 0)
        b->level = g->burst;
    else if (gained > 0)
        b->level += gained;
    if (b->level > g->burst)
        b->level = g->burst;
    if (b->at_ms == 0 || gained > 0)
        b->at_ms = now_ms;
}

struct gauge_reading gauge_take(struct gauge *g, struct str key, int64_t now_ms)
{
    struct gauge_reading r = {.per_second = g->per_second, .burst = g->burst};
    struct bucket *b = &g->buckets[str_hash(key) % BUCKETS];

    if (g->per_second <= 0)
        return r;
    pthread_mutex_lock(&g->lock);
    refill(g, b, now_ms);
    r.limited = true;
    r.over = b->level < 1;
    if (!r.over)
        b->level -= 1;
    r.left = b->level;
    r.next_s = b->level >= 1 ? 0 : (1 - b->level) / g->per_second;
    r.full_s = (g->burst - b->level) / g->per_second;
    pthread_mutex_unlock(&g->lock);
    return r;
}
