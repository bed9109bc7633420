#include "flows/worker.h"

#include "base/mem.h"
#include "flows/lease.h"
#include "flows/tasks.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

enum {
    POLL_MS = 1000,
    TICK_MS = 100,
    REPORT_MS = 5000,
    IDLE_MS = 1000,   /* of a shop nobody calls any more: its counts are told */
    REST_MS = 2000,   /* after a failure of the store */
    AGREE_MS = 60000, /* between looks at what time it is */
    FIRST_AGAIN_S = 5,
    LONGEST_AGAIN_S = 600,
    HELD_AGAIN_S = 15, /* whoever has it may be done any moment */
    /* Nothing waits longer, nor is taken for longer: as net/reply.c lets a marketplace
     * ask for, and as leases may be. */
    FURTHEST_S = WORKER_LONGEST_LEASE_S + LEASE_CLOCKS_APART_S,
    TEXT_MAX = 2000,
    PASSED_OVER_S = 1,         /* by workers with a slot free, before others make room */
    GIVES_WAY_AFTER_MS = 2000, /* so that whoever gives way has got on */
};

enum slot_is { SLOT_FREE, SLOT_READY, SLOT_AT_IT, SLOT_OVER };

/* One thread and what it is at. */
struct slot {
    struct crew *crew;
    pthread_t thread;
    enum slot_is is;  /* guarded by the crew's lock, as the next three */
    struct task task; /* text in the arena */
    struct arena arena;
    bool lost;
    bool presses;     /* another gave way to it */
    bool gives_way;   /* to it: told to stop */
    atomic_bool stop; /* of what it is at, at its next step */
    atomic_bool cut;  /* and of the call it is waiting for */
    int64_t begun_ms, renewed_ms;
};

/* There are twice as many slots as tasks at once: one that gives way ends its step while
 * the other is at it already. */
struct crew {
    const struct app *app;
    struct worker_settings set;
    struct slot *slots;
    size_t started;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* by CLOCK_MONOTONIC */
    bool ended;
    struct worker_result result;
    char last_error[256];
    atomic_bool outgrown; /* the store's schema is a newer program's */
    int64_t started_at, reported_ms, look_at_ms, agreed_ms, known_ms;
    bool news; /* something for the report */
};

static bool asked_to_stop(const struct crew *c)
{
    return c->app->stop && atomic_load(c->app->stop);
}

/* A newer program has moved the store on: what fails from then on says nothing of the
 * task, which is left to workers that know the store. */
static bool is_outgrown(struct crew *c, struct aisle_err *err)
{
    const struct store_ops *ops = c->app->store->ops;

    if (ops->check_schema && ops->check_schema(c->app->store, err) == AISLE_CONFIG)
        atomic_store(&c->outgrown, true);
    return atomic_load(&c->outgrown);
}

/* ---- how a taking ends ---- */

static bool may_mend(enum aisle_status status)
{
    return status == AISLE_BUSY || status == AISLE_IO || status == AISLE_GARBLED ||
           status == AISLE_LIMIT || status == AISLE_CONFLICT || status == AISLE_NOMEM;
}

/* Another is at the same, or was lost at it: its lease ends by itself. */
static bool is_held(enum aisle_status status, const struct aisle_err *why)
{
    return status == AISLE_CONFLICT && why->retry_after_s > 0;
}

void worker_judge(enum aisle_status status, const struct aisle_err *why, int64_t attempts,
                  int64_t most_attempts, struct task_end *e)
{
    int64_t wait = FIRST_AGAIN_S;

    e->state = TASK_WAITING;
    e->due_at = e->at;
    e->unused = status == AISLE_STOPPED || (status != AISLE_OK && why->outage) ||
                is_held(status, why);
    if (status == AISLE_OK) {
        e->state = TASK_DONE;
    } else if (is_held(status, why)) {
        e->due_at +=
            why->retry_after_s < HELD_AGAIN_S ? why->retry_after_s : HELD_AGAIN_S;
    } else if (e->unused) {
        e->due_at += status == AISLE_STOPPED ? 0 : wait;
    } else if (!may_mend(status) || attempts >= most_attempts) {
        e->state = TASK_DEAD;
    } else {
        for (int64_t i = 1; i < attempts && wait < LONGEST_AGAIN_S; i++)
            wait *= 3;
        wait = wait < LONGEST_AGAIN_S ? wait : LONGEST_AGAIN_S;
        e->due_at += wait > why->retry_after_s ? wait : why->retry_after_s;
    }
}

static void say_end(const struct slot *s, const struct task_end *e)
{
    const struct log *log = s->crew->app->log;
    const char *word = e->unused ? "given back" : task_state_name(e->state);

    log_line(log, e->state == TASK_DEAD ? LOG_WARN : LOG_INFO, "task %.*s: %s%s%.*s",
             STR_ARG(s->task.id),
             e->state == TASK_WAITING && !e->unused ? "again later" : word,
             e->text.n ? ": " : "", STR_ARG(e->text));
}

/* Lock held. */
static void count_end(struct crew *c, const struct task_end *e, enum aisle_status kept,
                      const struct aisle_err *why)
{
    c->news = true;
    if (kept == AISLE_CONFLICT)
        c->result.lost++;
    else if (e->unused)
        c->result.given_back++;
    else if (e->state == TASK_DONE)
        c->result.done++;
    else
        c->result.failed++;
    if (why->status != AISLE_OK && !e->unused)
        snprintf(c->last_error, sizeof c->last_error, "%s", why->text);
}

/* For as long as the store is out: its lease is renewed beside. */
static enum aisle_status keep_end(struct slot *s, struct task_end *e,
                                  struct aisle_err *why)
{
    const struct app *app = s->crew->app;
    enum aisle_status status = app->store->ops->tasks->end(app->store, e, why);

    while (status != AISLE_OK && why->outage && !asked_to_stop(s->crew)) {
        log_error(app->log, why, "ending a task");
        clock_sleep_ms(app->clock, REST_MS);
        *why = (struct aisle_err){0};
        status = app->store->ops->tasks->end(app->store, e, why);
    }
    return status;
}

static void end_task(struct slot *s, enum aisle_status status, struct str said,
                     const struct aisle_err *why)
{
    struct crew *c = s->crew;
    const struct task *t = &s->task;
    struct aisle_err not_kept = {0};
    struct task_end e = {.hold = {t->seller_id, t->shop_id, t->id, t->fence},
                         .at = clock_now_s(c->app->clock),
                         .text = status == AISLE_OK ? said : str_of(why->text)};
    enum aisle_status kept;

    if (status != AISLE_OK && (asked_to_stop(c) || is_outgrown(c, NULL)))
        status = AISLE_STOPPED;
    worker_judge(status, why, t->attempts, t->most_attempts, &e);
    e.text = str_head(e.text, TEXT_MAX);
    kept = keep_end(s, &e, &not_kept);
    if (kept == AISLE_OK)
        say_end(s, &e);
    else
        log_error(c->app->log, &not_kept, "ending a task");
    pthread_mutex_lock(&c->lock);
    count_end(c, &e, kept, kept == AISLE_OK ? why : &not_kept);
    pthread_mutex_unlock(&c->lock);
}

/* ---- a slot ---- */

static void do_task(struct slot *s)
{
    struct crew *c = s->crew;
    struct app app = *c->app;
    struct buf said = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err why = {0};
    enum aisle_status status;

    app.stop = &s->stop;
    app.net.stop = &s->cut;
    app.progress = NULL;
    app.owner = s->task.owner;
    status = flow_task_run(&app, &s->task, c->set.jobs, &said, &why);
    end_task(s, status, buf_str(&said), &why);
    buf_clear(&said);
}

static void *work(void *ctx)
{
    struct slot *s = ctx;
    struct crew *c = s->crew;

    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (s->is != SLOT_READY && !c->ended)
            pthread_cond_wait(&c->changed, &c->lock);
        if (s->is != SLOT_READY)
            break;
        s->is = SLOT_AT_IT;
        pthread_mutex_unlock(&c->lock);
        do_task(s);
        pthread_mutex_lock(&c->lock);
        s->is = SLOT_OVER;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* ---- taking ---- */

static bool is_busy(const struct slot *s)
{
    return s->is == SLOT_READY || s->is == SLOT_AT_IT;
}

/* Lock held. */
static struct slot *free_slot(struct crew *c)
{
    for (size_t i = 0; i < c->started; i++) {
        struct slot *s = &c->slots[i];

        if (s->is == SLOT_OVER) {
            arena_clear(&s->arena);
            s->is = SLOT_FREE;
        }
        if (s->is == SLOT_FREE)
            return s;
    }
    return NULL;
}

/* Lock held. Those that give way count no more. */
static size_t in_use(const struct crew *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->started; i++)
        n += is_busy(&c->slots[i]) && !c->slots[i].gives_way;
    return n;
}

/* Lock held. The one that is at it longest. */
static struct slot *who_gives_way(struct crew *c)
{
    int64_t before = clock_mono_ms(c->app->clock) - GIVES_WAY_AFTER_MS;
    struct slot *found = NULL;

    for (size_t i = 0; i < c->started; i++) {
        struct slot *s = &c->slots[i];

        if (s->is == SLOT_AT_IT && !s->gives_way && !s->presses && !s->task.urgent &&
            !s->lost && s->begun_ms <= before && flow_task_gives_way(s->task.kind) &&
            (!found || s->begun_ms < found->begun_ms))
            found = s;
    }
    return found;
}

/* A slot for one more, or NULL. *pressing: all are in use, so only for what another would
 * give way to. */
static struct slot *room_for_one(struct crew *c, bool *pressing)
{
    struct slot *s = NULL;

    pthread_mutex_lock(&c->lock);
    *pressing = in_use(c) >= c->set.slots;
    if (!*pressing || who_gives_way(c))
        s = free_slot(c);
    pthread_mutex_unlock(&c->lock);
    return s;
}

/* Lock held. Nobody has to where one ended meanwhile. */
static void make_room(struct crew *c, const struct slot *for_it)
{
    struct slot *s = in_use(c) > c->set.slots ? who_gives_way(c) : NULL;

    if (!s)
        return;
    log_line(c->app->log, LOG_INFO, "task %.*s gives way to %.*s", STR_ARG(s->task.id),
             STR_ARG(for_it->task.id));
    s->gives_way = true;
    atomic_store(&s->stop, true);
}

static void begin(struct crew *c, struct slot *s, const struct task *task, bool pressing)
{
    pthread_mutex_lock(&c->lock);
    s->task = *task;
    s->lost = false;
    s->gives_way = false;
    s->presses = pressing;
    s->begun_ms = s->renewed_ms = clock_mono_ms(c->app->clock);
    atomic_store(&s->stop, false);
    atomic_store(&s->cut, false);
    s->is = SLOT_READY;
    make_room(c, s);
    c->news = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

/* One task a lane and turn, so that a worker's slots serve as many shops as there are. */
static enum aisle_status take_one(struct crew *c, struct slot *s, bool pressing,
                                  bool *taken, struct aisle_err *err)
{
    const struct app *app = c->app;
    int64_t now = clock_now_s(app->clock);
    struct task_wish wish = {.now = now,
                             .turn_ms = clock_now_ms(app->clock),
                             .until = now + c->set.lease_s,
                             .most = 1,
                             .passed_over_s = pressing ? PASSED_OVER_S : 0};
    struct task task;
    size_t count = 0;
    enum aisle_status status;

    wish.owner = arena_fmt(&s->arena, "%.*s/%08x", STR_ARG(app->owner),
                           (unsigned)(rng_u64(app->rng) & 0xffffffffu));
    if (!wish.owner.p)
        return aisle_nomem(err);
    status =
        app->store->ops->tasks->take(app->store, &wish, &s->arena, &task, &count, err);
    *taken = status == AISLE_OK && count;
    if (*taken)
        begin(c, s, &task, pressing);
    else
        arena_clear(&s->arena);
    return status;
}

static void fill_slots(struct crew *c)
{
    struct aisle_err why = {0};
    bool taken = true;
    enum aisle_status status = AISLE_OK;

    if (clock_mono_ms(c->app->clock) < c->look_at_ms)
        return;
    while (taken && status == AISLE_OK) {
        bool pressing;
        struct slot *s = room_for_one(c, &pressing);

        if (!s)
            break; /* whoever is done first has it looked again at once */
        status = take_one(c, s, pressing, &taken, &why);
    }
    if (status != AISLE_OK)
        log_error(c->app->log, &why, "looking for work");
    /* Workers that were started together do not look together for long. */
    c->look_at_ms = clock_mono_ms(c->app->clock) +
                    (status == AISLE_OK ? c->set.poll_ms : REST_MS) +
                    (int64_t)rng_below(c->app->rng, (uint64_t)c->set.poll_ms / 4 + 1);
}

/* ---- holding ---- */

static void stop_at_once(struct slot *s)
{
    atomic_store(&s->stop, true);
    atomic_store(&s->cut, true);
}

static void lose(struct slot *s)
{
    log_line(s->crew->app->log, LOG_WARN, "task %.*s was lost to another",
             STR_ARG(s->task.id));
    s->lost = true;
    stop_at_once(s);
}

/* A third of the lease has gone by. A store that is not there is waited for within its
 * own patience; whether the task is still ours shows when it is back. */
static void renew(struct crew *c, struct slot *s)
{
    const struct app *app = c->app;
    struct task_hold hold = {s->task.seller_id, s->task.shop_id, s->task.id,
                             s->task.fence};
    struct aisle_err why = {0};
    enum aisle_status status;

    s->renewed_ms = clock_mono_ms(app->clock);
    status = app->store->ops->tasks->renew(
        app->store, &hold, clock_now_s(app->clock) + c->set.lease_s, &why);
    if (status == AISLE_CONFLICT)
        lose(s);
    else if (status != AISLE_OK)
        log_error(app->log, &why, "renewing a lease");
}

/* A slot that is at it stays so, with its task, until this thread frees it. */
static void renew_all(struct crew *c)
{
    for (size_t i = 0; i < c->started; i++) {
        struct slot *s = &c->slots[i];
        int64_t now = clock_mono_ms(c->app->clock);
        bool due;

        pthread_mutex_lock(&c->lock);
        due = s->is == SLOT_AT_IT && !s->lost &&
              now - s->renewed_ms >= c->set.lease_s * 1000 / 3;
        pthread_mutex_unlock(&c->lock);
        if (due)
            renew(c, s);
    }
}

/* ---- telling ---- */

static void describe(struct crew *c, struct worker_report *w, struct buf *doing)
{
    for (size_t i = 0; i < c->started; i++) {
        const struct slot *s = &c->slots[i];

        if (!is_busy(s) || s->gives_way)
            continue;
        w->busy++;
        buf_addf(doing, "%s%s %.*s", doing->n ? ", " : "", task_kind_name(s->task.kind),
                 STR_ARG(s->task.shop_id));
    }
    w->doing = buf_str(doing);
}

static void report(struct crew *c)
{
    const struct app *app = c->app;
    struct buf doing = BUF_INIT(BUF_MAX_LINE);
    struct worker_report w = {.id = app->owner,
                              .started_at = c->started_at,
                              .seen_at = clock_now_s(app->clock),
                              .slots = c->set.slots};
    int64_t now = clock_mono_ms(app->clock);
    char last_error[sizeof c->last_error];
    struct aisle_err why = {0};

    if (c->reported_ms && now - c->reported_ms < (c->news ? 1000 : REPORT_MS))
        return;
    pthread_mutex_lock(&c->lock);
    describe(c, &w, &doing);
    w.done = c->result.done;
    w.failed = c->result.failed;
    w.lost = c->result.lost;
    memcpy(last_error, c->last_error, sizeof last_error);
    c->news = false;
    pthread_mutex_unlock(&c->lock);
    w.last_error = str_of(last_error);
    c->reported_ms = now;
    if (app->store->ops->tasks->put_worker(app->store, &w, w.seen_at - WORKER_GONE_S,
                                           &why) != AISLE_OK)
        log_error(app->log, &why, "saying how it is");
    pace_tell(app->pace, IDLE_MS);
    buf_clear(&doing);
}

/* ---- the crew ---- */

static size_t busy(struct crew *c)
{
    size_t n = 0;

    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->started; i++)
        n += is_busy(&c->slots[i]);
    pthread_mutex_unlock(&c->lock);
    return n;
}

static enum aisle_status note_open(void *ctx, const struct lane *l, struct aisle_err *err)
{
    (void)err;
    *(int64_t *)ctx += l->waiting + l->taken;
    return AISLE_OK;
}

/* What others have taken may come back, so it is waited for. */
static bool nothing_left(struct crew *c)
{
    int64_t open = 0;

    return c->set.until_empty && busy(c) == 0 &&
           c->app->store->ops->tasks->each_lane(c->app->store, note_open, &open, NULL) ==
               AISLE_OK &&
           open == 0;
}

/* Until a slot is free or the next look is due. */
static void wait_a_tick(struct crew *c)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->started; i++)
        if (c->slots[i].is == SLOT_OVER) {
            arena_clear(&c->slots[i].arena);
            c->slots[i].is = SLOT_FREE;
            c->look_at_ms = 0;
        }
    if (c->look_at_ms)
        pthread_cond_timedwait(&c->changed, &c->lock, &until);
    pthread_mutex_unlock(&c->lock);
}

/* What a clock that was ahead put off until its own time would wait for that in silence.
 */
static void pull_in(struct crew *c)
{
    const struct app *app = c->app;
    int64_t now = clock_now_s(app->clock);
    struct aisle_err why = {0};
    size_t count = 0;

    if (app->store->ops->tasks->pull_in(app->store, now + FURTHEST_S, now, &count, &why))
        log_error(app->log, &why, "looking for tasks put off too far");
    else if (count)
        log_line(app->log, LOG_WARN, "%zu %s put off by a clock that was ahead: due now",
                 count, count == 1 ? "task was" : "tasks were");
}

static void agree_on_time(struct crew *c)
{
    int64_t now = clock_mono_ms(c->app->clock);

    if (now - c->agreed_ms < AGREE_MS)
        return;
    c->agreed_ms = now;
    app_agree_on_time(c->app);
    pull_in(c);
}

/* Looked at as often as is said how we are. AISLE_CONFIG ends this worker. */
static enum aisle_status keep_to_schema(struct crew *c, struct aisle_err *err)
{
    struct aisle_err why = {0};
    int64_t now = clock_mono_ms(c->app->clock);

    if (now - c->known_ms < REPORT_MS && !atomic_load(&c->outgrown))
        return AISLE_OK;
    c->known_ms = now;
    if (!is_outgrown(c, &why) || why.status != AISLE_CONFIG)
        return AISLE_OK; /* or looked at again, where it could not be now */
    aisle_pass(err, &why);
    return AISLE_CONFIG;
}

static enum aisle_status go_on(struct crew *c, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    c->agreed_ms = c->known_ms = clock_mono_ms(c->app->clock);
    pull_in(c);
    while (status == AISLE_OK && !asked_to_stop(c)) {
        agree_on_time(c);
        fill_slots(c);
        renew_all(c);
        report(c);
        if (c->look_at_ms && nothing_left(c))
            break;
        wait_a_tick(c);
        status = keep_to_schema(c, err);
    }
    return status;
}

static void stop_slots(struct crew *c)
{
    for (size_t i = 0; i < c->started; i++)
        stop_at_once(&c->slots[i]);
    while (busy(c)) {
        renew_all(c);
        wait_a_tick(c);
    }
    pthread_mutex_lock(&c->lock);
    c->ended = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->started; i++)
        pthread_join(c->slots[i].thread, NULL);
}

/* Signals are for the program's own threads; what a thread does to itself it is told. */
static enum aisle_status start_slots(struct crew *c, struct aisle_err *err)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t kept_away, before;

    sigfillset(&kept_away);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        sigdelset(&kept_away, own[i]);
    pthread_sigmask(SIG_SETMASK, &kept_away, &before);
    for (; c->started < 2 * (size_t)c->set.slots; c->started++) {
        struct slot *s = &c->slots[c->started];

        s->crew = c;
        s->arena = (struct arena)ARENA_INIT(BUF_MAX_REQUEST);
        if (pthread_create(&s->thread, NULL, work, s))
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return c->started ? AISLE_OK : aisle_fail(err, AISLE_IO, "cannot start a thread");
}

static void crew_init(struct crew *c)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    c->started_at = clock_now_s(c->app->clock);
}

static void crew_clear(struct crew *c)
{
    for (size_t i = 0; i < c->started; i++)
        arena_clear(&c->slots[i].arena);
    mem_free(c->slots);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
}

enum aisle_status flow_worker(const struct app *app,
                              const struct worker_settings *settings,
                              struct worker_result *out, struct aisle_err *err)
{
    struct crew c = {.app = app, .set = *settings};
    enum aisle_status status = AISLE_OK;

    c.set.slots = c.set.slots ? c.set.slots : WORKER_SLOTS;
    c.set.lease_s = c.set.lease_s ? c.set.lease_s : WORKER_LEASE_S;
    c.set.poll_ms = c.set.poll_ms ? c.set.poll_ms : POLL_MS;
    if (c.set.slots > WORKER_MAX_SLOTS)
        return aisle_fail(err, AISLE_INVALID, "%u slots are too many: at most %d",
                          c.set.slots, WORKER_MAX_SLOTS);
    if (c.set.lease_s > WORKER_LONGEST_LEASE_S)
        return aisle_fail(err, AISLE_INVALID, "a lease is a day at most");
    c.slots = mem_zalloc(2 * (size_t)c.set.slots, sizeof *c.slots);
    if (!c.slots)
        return aisle_nomem(err);
    crew_init(&c);
    status = start_slots(&c, err);
    if (status == AISLE_OK) {
        status = go_on(&c, err);
        stop_slots(&c);
        app->store->ops->tasks->drop_worker(app->store, app->owner, NULL);
        *out = c.result;
    }
    crew_clear(&c);
    return status;
}
