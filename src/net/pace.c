#include "net/pace.h"

#include "base/mem.h"
#include "net/pace_rule.h"

#include <pthread.h>

enum {
    SLICE_MS = 100, /* how long a sleeper may be deaf to stop */
    MAX_BACKOFF_MS = 60000,
    JITTER_MS = 500,
    OPEN_MS = 500,    /* without a limit: how long until those we share with are asked */
    LATE_MS = 100,    /* a turn not used by then is let go: they must not pile up */
    EXCHANGE_MS = 5,  /* how long to wait for a thread that is asking */
    RECENT_MS = 1000, /* what was used in it says what will be */
};

/* Turns that were given to us by those we share with. */
struct granted {
    int turns;
    double next_ms, gap_ms; /* of the first; monotonic */
    int64_t open_until_ms;  /* no limit until then */
};

struct entry {
    char *key;
    size_t key_n;
    struct pace_rule
        rule;          /* shared, it is somewhere else, and here is what was told of it */
    int64_t silent_ms; /* since when no answer has come; -1 the last request had one */

    /* Shared: */
    struct granted granted;
    struct pace_report report; /* since the last exchange */
    int waiting, used;         /* threads; turns since the last exchange */
    int64_t asked_ms, held_ms;
    bool exchanging, puts_up;
};

struct pace {
    struct pace_settings settings;
    pthread_mutex_t lock;
    struct entry *entries; /* one an app and shop: a handful */
    size_t count, cap;
    atomic_bool silence_told;
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
        .silent_ms = -1,
    };
    pace_rule_init(&p->entries[p->count].rule, p->settings.per_second, now);
    return &p->entries[p->count++];
}

/* Takes the turn if it has come, else says how long until then. */
static int64_t take_turn(struct entry *e, int64_t now)
{
    if (now < e->rule.next_ms)
        return e->rule.next_ms - now;
    pace_rule_take(&e->rule, 1, now);
    pace_rule_count(&e->rule, 1, 0, 0, now);
    return 0;
}

static struct entry *find_or_add(struct pace *p, struct str key, int64_t now)
{
    struct entry *e = find(p, key);

    return e ? e : add(p, key, now);
}

/* ---- turns that are shared (under the lock) ---- */

/* Ours when *left comes back, in milliseconds from now; false: none are left. */
static bool take_granted(struct entry *e, int64_t now, int64_t *left)
{
    struct granted *g = &e->granted;
    double late = g->gap_ms > LATE_MS ? g->gap_ms : LATE_MS;

    for (; g->turns > 0 && g->next_ms < (double)now - late; g->turns--)
        g->next_ms += g->gap_ms;
    if (g->turns > 0) {
        *left = g->next_ms > (double)now ? (int64_t)(g->next_ms - (double)now) : 0;
        g->next_ms += g->gap_ms;
        g->turns--;
    } else if (now < g->open_until_ms) {
        *left = 0;
    } else {
        return false;
    }
    e->report.turns++;
    e->used++;
    return true;
}

static void take_grant(struct entry *e, const struct pace_grant *grant, int64_t now)
{
    e->granted = (struct granted){.turns = grant->turns,
                                  .next_ms = (double)(now + grant->wait_ms),
                                  .gap_ms = grant->gap_ms};
    if (grant->turns == 0 && !grant->later)
        e->granted.open_until_ms = now + OPEN_MS;
    if (grant->turns == 0 && now + grant->wait_ms > e->held_ms)
        e->held_ms = now + grant->wait_ms;
    e->rule.rate = grant->per_second;
    e->puts_up = grant->puts_up;
}

/* Those we share with are not to be asked just now: alone, then, at the pace last told.
 */
static void go_alone(struct entry *e, int64_t now)
{
    double rate =
        e->rule.rate < pace_most_per_second ? e->rule.rate : pace_most_per_second;

    e->granted = (struct granted){.next_ms = (double)now};
    if (rate > 0) {
        e->granted.turns = rate > 2 ? (int)(rate / 2) : 1;
        e->granted.gap_ms = 1000 / rate;
    } else {
        e->granted.open_until_ms = now + OPEN_MS;
    }
}

/* Lock held, and let go while they are told and asked. */
static enum aisle_status report(struct pace *p, struct str key, int want,
                                struct pace_grant *grant)
{
    const struct pace_share *share = p->settings.share;
    struct entry *e = find(p, key);
    int64_t now = clock_mono_ms(p->settings.clock);
    struct pace_report report = e->report;
    enum aisle_status status;

    report.want = want;
    report.hold_ms = e->held_ms > now ? e->held_ms - now : 0;
    e->exchanging = true;
    e->asked_ms = now;
    e->used = 0;
    e->report = (struct pace_report){.told = report.told};
    pthread_mutex_unlock(&p->lock);
    status = share->exchange(share->ctx, key, &report, grant);
    pthread_mutex_lock(&p->lock);
    e = find(p, key); /* others may have been added */
    e->exchanging = false;
    if (status != AISLE_OK) {
        e->report.turns += report.turns;
        e->report.answers += report.answers;
        e->report.refused += report.refused;
    }
    return status;
}

static void exchange(struct pace *p, struct str key)
{
    struct entry *e = find(p, key);
    int64_t now = clock_mono_ms(p->settings.clock);
    struct pace_grant grant = {0};
    int want = e->waiting;
    enum aisle_status status;

    if (now - e->asked_ms < RECENT_MS && e->used > want)
        want = e->used;
    status = report(p, key, want, &grant);
    e = find(p, key);
    now = clock_mono_ms(p->settings.clock);
    if (status == AISLE_OK)
        take_grant(e, &grant, now);
    else
        go_alone(e, now);
}

/* Whether there is a turn; how long until it is, or until it is worth asking again. */
static bool share_turn(struct pace *p, struct str key, int64_t now, int64_t *left)
{
    struct entry *e = find(p, key);
    bool ours;

    if (now < e->held_ms) {
        *left = e->held_ms - now;
        return false;
    }
    ours = take_granted(e, now, left);
    if (!ours && e->exchanging) {
        *left = EXCHANGE_MS;
    } else if (!ours) {
        exchange(p, key);
        *left = 0;
    }
    return ours;
}

static bool has_news(const struct entry *e, int64_t asked_before)
{
    return !e->exchanging && !e->waiting && e->asked_ms <= asked_before &&
           (e->report.turns || e->report.answers);
}

void pace_tell(struct pace *p, int64_t idle_ms)
{
    int64_t before = clock_mono_ms(p->settings.clock) - idle_ms;
    enum aisle_status status = AISLE_OK;

    pthread_mutex_lock(&p->lock);
    for (size_t i = 0; p->settings.share && i < p->count && status == AISLE_OK; i++) {
        struct pace_grant unused = {0};

        if (has_news(&p->entries[i], before))
            status =
                report(p, str_n(p->entries[i].key, p->entries[i].key_n), -1, &unused);
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- calls ---- */

static bool is_set(const atomic_bool *flag)
{
    return flag && atomic_load(flag);
}

/* Alone: until the turn has come. */
static enum aisle_status wait_alone(struct pace *p, struct str key,
                                    const atomic_bool *over, struct aisle_err *err)
{
    for (;;) {
        int64_t left = 0, now = clock_mono_ms(p->settings.clock);
        enum aisle_status status;
        struct entry *e;

        pthread_mutex_lock(&p->lock);
        e = find_or_add(p, key, now);
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

static enum aisle_status wait_shared(struct pace *p, struct str key,
                                     const atomic_bool *over, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    bool ours = false;
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find_or_add(p, key, clock_mono_ms(p->settings.clock));
    if (e)
        e->waiting++;
    while (e && !ours && status == AISLE_OK) {
        int64_t left = 0;

        ours = share_turn(p, key, clock_mono_ms(p->settings.clock), &left);
        pthread_mutex_unlock(&p->lock);
        status = pace_sleep(p, left, over, err);
        pthread_mutex_lock(&p->lock);
    }
    e = find(p, key);
    if (e)
        e->waiting--;
    pthread_mutex_unlock(&p->lock);
    return e ? status : aisle_nomem(err);
}

enum aisle_status pace_wait(struct pace *p, struct str key, const atomic_bool *over,
                            struct aisle_err *err)
{
    return p->settings.share ? wait_shared(p, key, over, err)
                             : wait_alone(p, key, over, err);
}

static void answered_shared(struct entry *e, bool throttled, int64_t now,
                            int64_t held_until)
{
    e->report.answers++;
    e->report.refused += throttled;
    if (!throttled)
        return;
    e->granted.open_until_ms = now; /* it is worth asking before the next */
    if (!e->puts_up && held_until > e->held_ms)
        e->held_ms = held_until;
}

void pace_answered(struct pace *p, struct str key, bool throttled, int retry_after_s)
{
    int64_t now = clock_mono_ms(p->settings.clock);
    int64_t held_until = now + (int64_t)retry_after_s * 1000;
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    if (e)
        e->silent_ms = -1;
    if (e && p->settings.share) {
        answered_shared(e, throttled, now, held_until);
    } else if (e) {
        pace_rule_count(&e->rule, 0, 1, throttled, now);
        if (throttled)
            pace_rule_hold(&e->rule, held_until, now);
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

bool pace_tell_silence(struct pace *p)
{
    return !atomic_exchange(&p->silence_told, true);
}

void pace_told(struct pace *p, struct str key, double per_second)
{
    struct entry *e;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    if (e) {
        pace_rule_told(&e->rule, per_second);
        e->report.told = e->rule.most;
    }
    pthread_mutex_unlock(&p->lock);
}

double pace_rate(struct pace *p, struct str key)
{
    struct entry *e;
    double rate;

    pthread_mutex_lock(&p->lock);
    e = find(p, key);
    rate = e ? e->rule.rate : p->settings.per_second;
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
