#include "net/pace.h"

#include "base/mem.h"

#include <pthread.h>

enum {
    SLICE_MS = 100,        /* how long a sleeper may be deaf to stop */
    WINDOW_MS = 1000,      /* answers are counted for so long at least, */
    WINDOW_MAX_MS = 10000, /* and at most, where they are */
    WINDOW_ANSWERS = 10,   /* fewer than these */
    SETTLE_MS = 1000,      /* answers to what was asked before a change of pace */
    PUT_UP_MS = 60000,     /* until the question is asked anew */
    MAX_BACKOFF_MS = 60000,
    JITTER_MS = 500,
};

static const double few = 0.05;     /* share of 429s that is nobody's fault, */
static const int one = 1;           /* and so is a single one of a window */
static const double below = 0.9;    /* of what got through: where we stand back to, */
static const double at_once = 0.1;  /* but not to less than this of what was asked */
static const double bearable = 0.5; /* a larger share of 429s is never put up with */
static const double always = 0.75;  /* and this large it is a limit, whatever was known */
static const double step = 0.05;    /* of the most that got through lately, a second */
static const double slowest = 0.1;  /* turns a second */
static const double fading = 0.95;  /* of "lately", a window */

struct entry {
    char *key;
    size_t key_n;
    double rate;      /* 0 no limit */
    double most;      /* the rate may grow to; 0 no limit */
    int64_t next_ms;  /* monotonic: the next turn is not before; also a 429's hold */
    int64_t grown_ms; /* the rate has grown until then */

    int64_t window_ms; /* since when answers are counted; in the future while settling */
    int turns, answers, refused;
    double best; /* got through a second, lately */

    bool asking;        /* slowed down, and counting whether it helps */
    double asked_from;  /* the rate before */
    double asked_share; /* of 429s before */
    double put_up_with; /* share of 429s that slowing down did not change, */
    int64_t put_up_until_ms;

    int64_t silent_ms; /* since when no answer has come; -1 the last request had one */
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

static struct entry *add(struct pace *p, struct str key, int64_t now)
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
        .grown_ms = now,
        .window_ms = now,
        .silent_ms = -1,
    };
    return &p->entries[p->count++];
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* Not while a question is open: its answer would be blurred. */
static void grow(struct entry *e, int64_t now)
{
    double seconds = (double)(now - e->grown_ms) / 1000;

    e->grown_ms = now;
    if (e->rate <= 0 || e->asking)
        return;
    e->rate += seconds * step * larger(e->best, 1);
    if (e->most > 0)
        e->rate = smaller(e->rate, e->most);
}

/* Takes the turn if it has come, else says how long until then. */
static int64_t take_turn(struct entry *e, int64_t now)
{
    if (now < e->next_ms)
        return e->next_ms - now;
    grow(e, now);
    if (e->rate > 0)
        e->next_ms = now + (int64_t)(1000 / e->rate);
    e->turns += now >= e->window_ms;
    return 0;
}

static void begin_window(struct entry *e, int64_t from)
{
    e->window_ms = from;
    e->turns = e->answers = e->refused = 0;
}

static bool puts_up(const struct entry *e, int64_t now)
{
    return now < e->put_up_until_ms;
}

static bool is_congested(const struct entry *e, double share, int64_t now)
{
    if (e->refused <= one)
        return false;
    return share > (puts_up(e, now) ? smaller(2 * e->put_up_with + few, always) : few);
}

/* To just under what got through, which of a limit that is there is the limit. */
static void slow_down(struct entry *e, double share, double per_second, int64_t now)
{
    double asked = e->rate > 0 ? smaller(e->rate, per_second) : per_second;

    e->asking = true;
    e->asked_from = e->rate;
    e->asked_share = share;
    e->put_up_until_ms = now;
    e->rate = larger(asked * larger((1 - share) * below, at_once), slowest);
}

/* The slower pace was kept for a window. */
static void hear_answer(struct entry *e, double share, int64_t now)
{
    e->asking = false;
    e->grown_ms = now;
    if (share < e->asked_share / 2 || larger(share, e->asked_share) > bearable)
        return; /* it helped, or it is beyond asking */
    e->rate = e->asked_from;
    if (e->most > 0 && (e->rate <= 0 || e->rate > e->most))
        e->rate = e->most; /* told meanwhile */
    e->put_up_with = larger(share, e->asked_share);
    e->put_up_until_ms = now + PUT_UP_MS;
}

/* At the end of a window: what it says. All 429s of one are one event. */
static void judge_window(struct entry *e, int64_t now)
{
    int64_t lasted = now - e->window_ms;
    double seconds = (double)lasted / 1000, share;

    if (lasted < WINDOW_MS || (e->answers < WINDOW_ANSWERS && lasted < WINDOW_MAX_MS))
        return;
    share = (double)e->refused / e->answers;
    e->best = larger((e->answers - e->refused) / seconds, e->best * fading);
    if (e->asking)
        hear_answer(e, share, now);
    if (lasted < 2 * WINDOW_MAX_MS && is_congested(e, share, now)) {
        slow_down(e, share, larger(e->turns, e->answers) / seconds, now);
        begin_window(e, now + SETTLE_MS);
    } else {
        begin_window(e, now);
    }
}

static void count_answer(struct entry *e, bool throttled, int64_t now)
{
    e->silent_ms = -1;
    if (now < e->window_ms)
        return;
    e->answers++;
    e->refused += throttled;
    judge_window(e, now);
}

/* ---- calls ---- */

static bool is_set(const atomic_bool *flag)
{
    return flag && atomic_load(flag);
}

enum aisle_status pace_wait(struct pace *p, struct str key, const atomic_bool *over,
                            struct aisle_err *err)
{
    for (;;) {
        int64_t left = 0, now = clock_mono_ms(p->settings.clock);
        enum aisle_status status;
        struct entry *e;

        pthread_mutex_lock(&p->lock);
        e = find(p, key);
        if (!e)
            e = add(p, key, now);
        if (e)
            left = take_turn(e, now);
        pthread_mutex_unlock(&p->lock);
        if (!e)
            return aisle_nomem(err);
        status = pace_sleep(p, left, over, err);
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
    if (e) {
        count_answer(e, throttled, now);
        if (throttled && !puts_up(e, now) && held_until > e->next_ms)
            e->next_ms = held_until;
    }
    pthread_mutex_unlock(&p->lock);
}

int64_t pace_unanswered(struct pace *p, struct str key)
{
    int64_t now = clock_mono_ms(p->settings.clock), since = now;
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    if (e && e->silent_ms < 0)
        e->silent_ms = now;
    if (e)
        since = e->silent_ms;
    pthread_mutex_unlock(&p->lock);
    return now - since;
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

enum aisle_status pace_sleep(struct pace *p, int64_t ms, const atomic_bool *over,
                             struct aisle_err *err)
{
    for (;;) {
        int64_t slice = ms < SLICE_MS ? ms : SLICE_MS;

        if (is_set(p->settings.stop) || is_set(over))
            return aisle_fail(err, AISLE_STOPPED, "stopped while waiting for its turn");
        if (slice <= 0)
            return AISLE_OK;
        clock_sleep_ms(p->settings.clock, slice);
        ms -= slice;
    }
}
