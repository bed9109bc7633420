#include "http/timer.h"

#include "base/clock.h"
#include "base/mem.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 500 };

struct due {
    int64_t at_ms;
    http_timer_fn *fn;
    void *ctx;
};

struct http_timer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake, emptied;
    struct due *heap; /* the soonest first */
    size_t count, cap;
    bool flushed, ended, calls; /* calls: a callback is under way */
    http_timer_fn *tick;
    void *ctx;
};

static int64_t now_ms(void)
{
    return clock_mono_ms(clock_system());
}

static void swap(struct due *a, struct due *b)
{
    struct due kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(struct due *heap, size_t at)
{
    while (at > 0 && heap[at].at_ms < heap[(at - 1) / 2].at_ms) {
        swap(&heap[at], &heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(struct due *heap, size_t count)
{
    size_t at = 0;

    for (;;) {
        size_t least = at, left = 2 * at + 1;

        if (left < count && heap[left].at_ms < heap[least].at_ms)
            least = left;
        if (left + 1 < count && heap[left + 1].at_ms < heap[least].at_ms)
            least = left + 1;
        if (least == at)
            return;
        swap(&heap[at], &heap[least]);
        at = least;
    }
}

static struct due take_first(struct http_timer *t)
{
    struct due first = t->heap[0];

    t->heap[0] = t->heap[--t->count];
    sift_down(t->heap, t->count);
    return first;
}

/* Called with the lock, which is let go while callbacks run. */
static void fire_due(struct http_timer *t)
{
    while (t->count && (t->flushed || t->heap[0].at_ms <= now_ms())) {
        struct due due = take_first(t);

        t->calls = true;
        pthread_mutex_unlock(&t->lock);
        due.fn(due.ctx);
        pthread_mutex_lock(&t->lock);
        t->calls = false;
    }
    if (!t->count)
        pthread_cond_broadcast(&t->emptied);
}

static void wait_until(struct http_timer *t, int64_t at_ms)
{
    struct timespec at = {.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000};

    pthread_cond_timedwait(&t->wake, &t->lock, &at);
}

static void *run(void *ctx)
{
    struct http_timer *t = ctx;
    int64_t next_tick = now_ms() + TICK_MS;

    pthread_mutex_lock(&t->lock);
    while (!t->ended) {
        fire_due(t);
        if (now_ms() >= next_tick) {
            next_tick = now_ms() + TICK_MS;
            pthread_mutex_unlock(&t->lock);
            t->tick(t->ctx);
            pthread_mutex_lock(&t->lock);
        }
        if (!t->ended && !(t->count && t->flushed))
            wait_until(t, t->count && t->heap[0].at_ms < next_tick ? t->heap[0].at_ms
                                                                   : next_tick);
    }
    fire_due(t);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static enum aisle_status init_wake(pthread_cond_t *wake)
{
    pthread_condattr_t monotonic;
    int failed;

    if (pthread_condattr_init(&monotonic))
        return AISLE_NOMEM;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    failed = pthread_cond_init(wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return failed ? AISLE_NOMEM : AISLE_OK;
}

enum aisle_status http_timer_start(http_timer_fn *tick, void *ctx,
                                   struct http_timer **out, struct aisle_err *err)
{
    struct http_timer *t = mem_zalloc(1, sizeof *t);

    if (!t || init_wake(&t->wake)) {
        mem_free(t);
        return aisle_nomem(err);
    }
    t->tick = tick;
    t->ctx = ctx;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->emptied, NULL);
    if (pthread_create(&t->thread, NULL, run, t)) {
        pthread_cond_destroy(&t->emptied);
        pthread_cond_destroy(&t->wake);
        pthread_mutex_destroy(&t->lock);
        mem_free(t);
        return aisle_fail(err, AISLE_CONFIG, "cannot start a thread");
    }
    *out = t;
    return AISLE_OK;
}

static bool grow(struct http_timer *t)
{
    size_t cap = t->cap ? t->cap * 2 : 64;
    struct due *heap;

    if (t->count < t->cap)
        return true;
    heap = mem_realloc(t->heap, cap * sizeof *heap);
    if (!heap)
        return false;
    t->heap = heap;
    t->cap = cap;
    return true;
}

bool http_timer_add(struct http_timer *t, int64_t ms, http_timer_fn *fn, void *ctx)
{
    bool taken;

    pthread_mutex_lock(&t->lock);
    taken = !t->flushed && grow(t);
    if (taken) {
        t->heap[t->count] = (struct due){now_ms() + ms, fn, ctx};
        sift_up(t->heap, t->count++);
        if (t->heap[0].fn == fn && t->heap[0].ctx == ctx)
            pthread_cond_signal(&t->wake);
    }
    pthread_mutex_unlock(&t->lock);
    return taken;
}

void http_timer_flush(struct http_timer *t)
{
    pthread_mutex_lock(&t->lock);
    t->flushed = true;
    pthread_cond_signal(&t->wake);
    while (t->count || t->calls)
        pthread_cond_wait(&t->emptied, &t->lock);
    pthread_mutex_unlock(&t->lock);
}

void http_timer_stop(struct http_timer *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->flushed = true;
    t->ended = true;
    pthread_cond_signal(&t->wake);
    pthread_mutex_unlock(&t->lock);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->emptied);
    pthread_cond_destroy(&t->wake);
    pthread_mutex_destroy(&t->lock);
    mem_free(t->heap);
    mem_free(t);
}
