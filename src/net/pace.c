#include "net/pace.h"

#include "base/mem.h"

#include <pthread.h>

enum {
    SLICE_MS = 100,   /* how long a sleeper may be deaf to stop */
    WINDOW_MS = 1000, /* over which turns are counted, and one halving is enough */
    MAX_BACKOFF_MS = 60000,
    JITTER_MS = 500,
};

/* What an answer that was no 429 gives back, and the slowest we become: in turns a
 * second. */
static const double step_up = 0.05, slowest = 0.1;

struct entry {
    char *key;
    size_t key_n;
    double rate;     /* 0 no limit */
    double most;     /* the rate may grow to; 0 no limit */
    int64_t next_ms; /* monotonic: the next turn is not before; also a 429's hold */
    int64_t halved_ms;
    int64_t window_ms;       /* since when turns are counted */
    int turns, turns_before; /* in this window and the one before */
};

struct pace {
    struct pace_settings settings;
    pthread_mutex_t lock;
    struct entry *entries; /* one an app and shop: a handful */
    size_t count, cap;
};

enum aisle_status pace_new(const struct pace_settings *settings, struct pace **out,
                           struct aisle_err *err)
{
    struct pace *p = mem_zalloc(1, sizeof *p);

    if (!p)
        return aisle_nomem(err);
    p->settings = *settings;
    pthread_mutex_init(&p->lock, NULL);
    *out = p;
    return AISLE_OK;
}

void pace_free(struct pace *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->count; i++)
        mem_free(p->entries[i].key);
    mem_free(p->entries);
    pthread_mutex_destroy(&p->lock);
    mem_free(p);
}

/* ---- under the lock ---- */

static struct entry *find(struct pace *p, struct str key)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(str_n(p->entries[i].key, p->entries[i].key_n), key))
            return &p->entries[i];
    return NULL;
}

static struct entry *add(struct pace *p, struct str key)
{
    char *copy = mem_dup(key.p, key.n);

    if (copy && p->count == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 8;
        struct entry *grown = mem_realloc(p->entries, cap * sizeof *grown);

        if (!grown) {
            mem_free(copy);
            return NULL;
        }
        p->entries = grown;
        p->cap = cap;
    }
    if (!copy)
        return NULL;
    p->entries[p->count] = (struct entry){
        .key = copy,
        .key_n = key.n,
        .rate = p->settings.per_second,
        .most = p->settings.per_second,
        .halved_ms = INT64_MIN,
    };
    return &p->entries[p->count++];
}

static void count_turn(struct entry *e, int64_t now)
{
    if (now - e->window_ms >= WINDOW_MS) {
        e->turns_before = now - e->window_ms < 2 * WINDOW_MS ? e->turns : 0;
        e->turns = 0;
        e->window_ms = now;
    }
    e->turns++;
}

/* Takes the turn if it has come, else says how long until then. */
static int64_t take_turn(struct entry *e, int64_t now)
{
    if (now < e->next_ms)
        return e->next_ms - now;
    if (e->rate > 0)
        e->next_ms = now + (int64_t)(1000 / e->rate);
    count_turn(e, now);
    return 0;
}

/* Without a limit so far, half of what was asked in the last second or two. */
static void slow_down(struct entry *e, int64_t now)
{
    int seen = e->turns > e->turns_before ? e->turns : e->turns_before;
    double rate = e->rate > 0 ? e->rate : seen;

    if (e->halved_ms != INT64_MIN && now - e->halved_ms < WINDOW_MS)
        return; /* of the same burst */
    e->rate = rate / 2 > slowest ? rate / 2 : slowest;
    e->halved_ms = now;
}

static void recover(struct entry *e)
{
    if (e->rate <= 0)
        return;
    e->rate += step_up;
    if (e->most > 0 && e->rate > e->most)
        e->rate = e->most;
}

/* ---- calls ---- */

enum aisle_status pace_wait(struct pace *p, struct str key, struct aisle_err *err)
{
    for (;;) {
        int64_t left = 0;
        enum aisle_status status;
        struct entry *e;

        pthread_mutex_lock(&p->lock);
        e = find(p, key);
        if (!e)
            e = add(p, key);
        if (e)
            left = take_turn(e, clock_mono_ms(p->settings.clock));
        pthread_mutex_unlock(&p->lock);
        if (!e)
            return aisle_nomem(err);
        status = pace_sleep(p, left, err);
        if (left == 0 || status != AISLE_OK)
            return status;
    }
}

void pace_answered(struct pace *p, struct str key, bool throttled, int retry_after_s)
{
    int64_t now = clock_mono_ms(p->settings.clock);
    int64_t held_until = now + (int64_t)retry_after_s * 1000;
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    if (e && throttled) {
        slow_down(e, now);
        if (held_until > e->next_ms)
            e->next_ms = held_until;
    } else if (e) {
        recover(e);
    }
    pthread_mutex_unlock(&p->lock);
}

void pace_told(struct pace *p, struct str key, double per_second)
{
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    if (e && per_second > 0 && (e->most <= 0 || per_second < e->most)) {
        e->most = per_second;
        if (e->rate <= 0 || e->rate > per_second)
            e->rate = per_second;
    }
    pthread_mutex_unlock(&p->lock);
}

double pace_rate(struct pace *p, struct str key)
{
    struct entry *e;
    double rate;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    rate = e ? e->rate : p->settings.per_second;
    pthread_mutex_unlock(&p->lock);
    return rate;
}

int64_t pace_backoff_ms(const struct rng *rng, int attempt, int retry_after_s)
{
    int doublings = attempt < 1 ? 0 : attempt > 7 ? 6 : attempt - 1;
    int64_t ms = (int64_t)1000 << doublings, asked = (int64_t)retry_after_s * 1000;

    if (ms > MAX_BACKOFF_MS)
        ms = MAX_BACKOFF_MS;
    if (ms < asked)
        ms = asked;
    return ms + (int64_t)rng_below(rng, JITTER_MS + 1);
}

static bool is_stopped(const struct pace *p)
{
    return p->settings.stop && atomic_load(p->settings.stop);
}

enum aisle_status pace_sleep(struct pace *p, int64_t ms, struct aisle_err *err)
{
    for (;;) {
        int64_t slice = ms < SLICE_MS ? ms : SLICE_MS;

        if (is_stopped(p))
            return aisle_fail(err, AISLE_STOPPED, "stopped while waiting for its turn");
        if (slice <= 0)
            return AISLE_OK;
        clock_sleep_ms(p->settings.clock, slice);
        ms -= slice;
    }
}
