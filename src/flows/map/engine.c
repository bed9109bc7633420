#include "flows/map/engine.h"

#include "base/mem.h"
#include "flows/map/once.h"
#include "flows/map/source.h"

#include <signal.h>

enum {
    LEASE_S = 60,
    RENEW_S = 20,
    TELL_MS = 250,
    MOST_BUSY_IN_A_ROW = 8, /* and at least one a thread: then nobody is there */
};

struct errand {
    struct group *g;
    size_t i;
};

/* ---- ending ---- */

/* Lock held. The first failure stays; everyone is woken. */
static void end_with(struct map *m, enum aisle_status status, const struct aisle_err *err)
{
    if (m->status == AISLE_OK) {
        m->status = status;
        if (err)
            m->err = *err;
    }
    m->end = true;
    atomic_store(&m->over, true);
    budget_close(&m->budget);
    pthread_cond_broadcast(&m->changed);
}

static void end_locked(struct map *m, enum aisle_status status,
                       const struct aisle_err *err)
{
    pthread_mutex_lock(&m->lock);
    end_with(m, status, err);
    pthread_mutex_unlock(&m->lock);
}

/* ---- telling ---- */

/* Lock held. */
static void tell_progress(struct map *m)
{
    int64_t now = clock_mono_ms(m->app->clock), ran = now - m->began_at;
    struct progress p = {.doing = "mapping",
                         .counts = &m->run.counts,
                         .budget = m->request->budget,
                         .seconds_left = -1};
    int64_t done = m->run.counts.done - m->done_at_start;

    if (!m->app->progress || now - m->told_at < TELL_MS)
        return;
    m->told_at = now;
    if (p.budget >= 0) /* the counts are those of all of the run */
        p.budget += m->calls_at_start;
    if (ran > 0 && done > 0)
        p.per_second = (double)done * 1000 / (double)ran;
    if (p.per_second > 0 && m->run.counts.total >= m->run.counts.done)
        p.seconds_left =
            (int64_t)((double)(m->run.counts.total - m->run.counts.done) / p.per_second);
    m->app->progress(m->app->progress_ctx, &p);
}

/* ---- keeping ---- */

enum aisle_status engine_keep(struct map *m, struct run_step *step,
                              void (*count)(struct run_counts *c, const void *ctx),
                              const void *ctx, struct aisle_err *err)
{
    struct run_counts before;
    enum aisle_status status;
    struct run run;

    pthread_mutex_lock(&m->lock);
    before = m->run.counts;
    if (count)
        count(&m->run.counts, ctx);
    run = m->run;
    m->run.counts = before;
    pthread_mutex_unlock(&m->lock);

    step->run = &run;
    status = m->app->store->ops->work->put_step(m->app->store, step, err);
    if (status == AISLE_OK) { /* counted once it is true */
        pthread_mutex_lock(&m->lock);
        if (count)
            count(&m->run.counts, ctx);
        tell_progress(m);
        pthread_mutex_unlock(&m->lock);
    }
    return status;
}

/* What a step adds to the run's counts; either may be NULL. */
struct adds {
    const struct run_step *step;
    const struct unkept *unkept;
};

static void count_step(struct run_counts *c, const void *ctx)
{
    const struct adds *a = ctx;

    for (size_t i = 0; a->step && i < a->step->item_count; i++)
        run_counts_add(c, &a->step->items[i].item);
    for (size_t i = 0; a->step && i < a->step->decision_count; i++)
        c->conflicts += a->step->decisions[i].d.conflict;
    if (a->unkept) {
        c->calls += a->unkept->cost.calls;
        c->recommends += a->unkept->cost.recommends;
    }
}

/* Equal questions may be asked of the store now. */
static void end_unkept(struct worker *w)
{
    if (w->unkept.is)
        once_leave(w->map->once, w->unkept.once);
    w->unkept.is = false;
}

static enum aisle_status keep_alone(struct worker *w, struct aisle_err *err)
{
    const struct adds adds = {.unkept = &w->unkept};
    struct run_step step = {.answer = &w->unkept.answer};
    enum aisle_status status = engine_keep(w->map, &step, count_step, &adds, err);

    end_unkept(w);
    return status;
}

static const struct product *product_of(const struct group *g, struct str id)
{
    for (size_t i = 0; i < g->count; i++)
        if (str_eq(g->slots[i].product.id, id))
            return &g->slots[i].product;
    return NULL;
}

enum aisle_status engine_keep_items(struct worker *w, struct group *g,
                                    struct run_step *step, const struct unkept *unkept,
                                    struct aisle_err *err)
{
    const struct adds adds = {step, unkept};
    struct map *m = w->map;
    enum aisle_status status;

    step->answer = unkept ? &unkept->answer : NULL;
    status = engine_keep(m, step, count_step, &adds, err);

    if (status != AISLE_OK || !m->fn)
        return status;
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < step->item_count; i++)
        m->fn(m->fn_ctx, product_of(g, step->items[i].item.product_id),
              &step->items[i].item);
    pthread_mutex_unlock(&m->lock);
    return AISLE_OK;
}

/* ---- groups and tasks (lock held) ---- */

void engine_queue(struct map *m, struct group *g, size_t i)
{
    struct errand *at = &m->queue[(m->queue_head + m->queue_count) % m->queue_cap];

    assert(m->queue_count < m->queue_cap && g->slots[i].state != SLOT_QUEUED);
    *at = (struct errand){g, i};
    m->queue_count++;
    g->slots[i].state = SLOT_QUEUED;
    g->outstanding++;
    pthread_cond_signal(&m->changed);
}

static struct errand unqueue(struct map *m)
{
    struct errand t = m->queue[m->queue_head];

    m->queue_head = (m->queue_head + 1) % m->queue_cap;
    m->queue_count--;
    return t;
}

static void add_group(struct map *m, struct group *g)
{
    *m->last = g;
    m->last = &g->next;
    m->active++;
}

static void remove_group(struct map *m, struct group *g)
{
    struct group **at = &m->first;

    while (*at != g)
        at = &(*at)->next;
    *at = g->next;
    if (m->last == &g->next)
        m->last = at;
    m->active--;
    m->starved = false;
    source_group_done(m, g);
    source_free(g);
    pthread_cond_broadcast(&m->changed);
}

/* ---- decisions, in order ---- */

static void swap_arenas(struct worker *w)
{
    struct arena other = w->sinking;

    w->sinking = w->arena;
    w->arena = other;
}

/* With an arena of its own: an answer that is kept on the way lies in the worker's. */
static enum aisle_status sink_aside(struct worker *w, struct group *g, size_t to,
                                    struct aisle_err *err)
{
    enum aisle_status status;

    swap_arenas(w);
    status = w->map->policy->sink(w, g, to, err);
    arena_clear(&w->arena);
    swap_arenas(w);
    for (size_t i = g->sunk; i < to; i++)
        g->slots[i].unkept = NULL;
    end_unkept(w);
    return status;
}

/* Lock held, and let go while decisions are taken. Ends with the group gone when it is
 * done. */
static void sink_ripe(struct worker *w, struct group *g)
{
    struct map *m = w->map;
    struct aisle_err err = {0};
    enum aisle_status status = AISLE_OK;

    if (g->sinking)
        return; /* that thread will see what we brought */
    for (;;) {
        size_t to;

        if (!m->end)
            m->policy->plan(m, g);
        to = m->end ? g->sunk : m->policy->ripe(m, g);
        if (to == g->sunk)
            break;
        g->sinking = true;
        pthread_mutex_unlock(&m->lock);
        status = sink_aside(w, g, to, &err);
        pthread_mutex_lock(&m->lock);
        g->sinking = false;
        if (status != AISLE_OK) {
            end_with(m, status, &err);
            break;
        }
        g->sunk = to;
    }
    if (g->outstanding == 0 && (m->end || g->stuck || g->sunk == g->count))
        remove_group(m, g);
}

/* ---- one answer ---- */

static bool keep_text(struct arena *a, struct str *s)
{
    *s = arena_str(a, *s);
    return s->p != NULL;
}

/* An answer's text moves from the worker's arena to the group's. */
static bool keep_answer(struct arena *a, struct asked *x)
{
    bool ok = keep_text(a, &x->category_id) && keep_text(a, &x->parent_id) &&
              keep_text(a, &x->name) && keep_text(a, &x->code) && keep_text(a, &x->text);

    for (size_t i = 0; ok && i < x->local_count; i++)
        ok = keep_text(a, &x->local[i].category_id) && keep_text(a, &x->local[i].reasons);
    return ok;
}

static bool is_for_now(enum aisle_status status)
{
    return status == AISLE_BUSY || status == AISLE_GARBLED;
}

/* Lock held. */
static void note_failure(struct map *m, struct errand t, enum aisle_status status,
                         const struct aisle_err *err)
{
    size_t most = m->jobs > MOST_BUSY_IN_A_ROW ? m->jobs : MOST_BUSY_IN_A_ROW;

    if (!is_for_now(status)) {
        end_with(m, status, err);
        return;
    }
    t.g->slots[t.i].state = SLOT_STUCK;
    t.g->stuck = true;
    m->stuck++;
    log_line(m->app->log, LOG_WARN, "product %.*s is left for another time: %s",
             STR_ARG(t.g->slots[t.i].product.id), err->text);
    if (++m->busy_in_a_row >= most)
        end_with(m, AISLE_BUSY, err);
}

/* Lock held. Whether, were this slot answered, its decision would be the next taken, and
 * by this thread. */
static bool would_sink(const struct map *m, struct errand t)
{
    struct slot *slot = &t.g->slots[t.i];
    enum slot_state before = slot->state;
    bool next;

    if (m->end || t.g->sinking)
        return false;
    slot->state = SLOT_ANSWERED;
    next = m->policy->ripe(m, t.g) > t.i;
    slot->state = before;
    return next;
}

/* Lock held, and let go while an answer is kept. The first failure counts. */
static enum aisle_status keep_unless_next(struct worker *w, struct errand t,
                                          enum aisle_status asked, struct aisle_err *err)
{
    struct aisle_err now = {0};
    enum aisle_status status;

    if (!w->unkept.is)
        return asked;
    if (asked == AISLE_OK && would_sink(w->map, t)) {
        t.g->slots[t.i].unkept = &w->unkept;
        return AISLE_OK;
    }
    pthread_mutex_unlock(&w->map->lock);
    status = keep_alone(w, &now);
    pthread_mutex_lock(&w->map->lock);
    if (asked != AISLE_OK)
        return asked;
    aisle_pass(err, &now);
    return status;
}

static void take_answer(struct worker *w, struct errand t, enum aisle_status status,
                        struct asked *asked, struct aisle_err *err)
{
    struct map *m = w->map;
    struct slot *slot = &t.g->slots[t.i];

    pthread_mutex_lock(&m->lock);
    status = keep_unless_next(w, t, status, err);
    t.g->outstanding--;
    if (status != AISLE_OK) {
        note_failure(m, t, status, err);
    } else if (!keep_answer(&t.g->arena, asked)) {
        slot->unkept = NULL;
        end_unkept(w);
        end_with(m, AISLE_NOMEM,
                 &(struct aisle_err){.status = AISLE_NOMEM, .text = "out of memory"});
    } else {
        slot->asked = *asked;
        slot->state = SLOT_ANSWERED;
        m->busy_in_a_row = 0;
    }
    sink_ripe(w, t.g);
    assert(!w->unkept.is);
    pthread_mutex_unlock(&m->lock);
}

/* ---- workers ---- */

/* Lock held, let go meanwhile: bring in the next group. */
static void load_group(struct worker *w)
{
    struct map *m = w->map;
    struct aisle_err err = {0};
    struct group *g = NULL;
    enum aisle_status status;
    bool over = false;

    m->loading = true;
    pthread_mutex_unlock(&m->lock);
    status = source_next(m, &g, &over, &err);
    pthread_mutex_lock(&m->lock);
    m->loading = false;
    if (status != AISLE_OK) {
        end_with(m, status, &err);
        return;
    }
    m->no_more = over;
    if (g) {
        add_group(m, g);
        sink_ripe(w, g);
    }
    pthread_cond_broadcast(&m->changed);
}

/* Lock held. Enough groups to keep every thread busy, and not more than memory likes. */
static bool wants_group(const struct map *m)
{
    return !m->loading && !m->no_more && !m->starved && m->active < 2 * (size_t)m->jobs &&
           m->queue_count < 2 * (size_t)m->jobs;
}

/* The next product to ask about; false when the run is over. */
static bool next_task(struct worker *w, struct errand *t)
{
    struct map *m = w->map;
    bool found = false;

    pthread_mutex_lock(&m->lock);
    while (!found && !m->end) {
        struct aisle_err err = {0};

        if (app_check_stop(m->app, &err) != AISLE_OK) {
            end_with(m, AISLE_STOPPED, &err);
        } else if (wants_group(m)) {
            load_group(w);
        } else if (m->queue_count) {
            *t = unqueue(m);
            found = true;
        } else if (m->no_more && m->active == 0 && !m->loading) {
            m->end = true;
            pthread_cond_broadcast(&m->changed);
        } else {
            pthread_cond_wait(&m->changed, &m->lock);
        }
    }
    pthread_mutex_unlock(&m->lock);
    return found;
}

/* A run is one process's as long as its lease is renewed. */
static void renew_lease(struct map *m)
{
    int64_t now = clock_mono_ms(m->app->clock);
    struct aisle_err err = {0};
    enum aisle_status status;
    bool mine;

    pthread_mutex_lock(&m->lock);
    mine = m->lease.held && now >= m->renew_at;
    if (mine)
        m->renew_at = now + RENEW_S * 1000;
    pthread_mutex_unlock(&m->lock);
    if (!mine)
        return;
    status = lease_renew(m->app, &m->lease, LEASE_S, &err);
    if (status == AISLE_CONFLICT)
        end_locked(m, status, &err);
}

static void *work(void *ctx)
{
    struct worker *w = ctx;
    struct errand t;

    while (next_task(w, &t)) {
        struct asked asked = {0};
        struct aisle_err err = {0};
        enum aisle_status status;

        renew_lease(w->map);
        status = w->map->policy->ask(w, t.g, &t.g->slots[t.i], &asked, &err);
        take_answer(w, t, status, &asked, &err);
        arena_clear(&w->arena);
    }
    return NULL;
}

static enum aisle_status worker_open(struct worker *w, struct map *m,
                                     struct aisle_err *err)
{
    enum aisle_status status;

    *w = (struct worker){.map = m,
                         .arena = ARENA_INIT(ARENA_MAX_WORK),
                         .sinking = ARENA_INIT(ARENA_MAX_WORK)};
    status = session_open_for(m->app, &m->target, &w->session, err);
    w->session.to.over = &m->over;
    if (status == AISLE_OK && m->policy->wants_matcher)
        status = match_scratch_new(&w->scratch, err);
    return status;
}

static void worker_close(struct worker *w)
{
    session_close(&w->session);
    match_scratch_free(w->scratch);
    arena_clear(&w->arena);
    arena_clear(&w->sinking);
}

static void forget_groups(struct map *m)
{
    while (m->first) {
        struct group *g = m->first;

        m->first = g->next;
        source_free(g);
    }
}

/* As many as can be had; one is enough. Signals are for the program's own threads: only
 * what a thread does to itself is not kept from ours. */
static size_t start_threads(struct worker *workers, pthread_t *threads, size_t count)
{
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t kept_away, before;
    size_t started = 0;

    sigfillset(&kept_away);
    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
        sigdelset(&kept_away, own[i]);
    pthread_sigmask(SIG_SETMASK, &kept_away, &before);
    while (started < count &&
           pthread_create(&threads[started], NULL, work, &workers[started]) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void engine_run(struct map *m)
{
    struct worker *workers = mem_zalloc(m->jobs, sizeof(*workers));
    pthread_t *threads = mem_zalloc(m->jobs, sizeof(*threads));
    size_t opened = 0, started = 0;

    m->last = &m->first;
    m->queue_cap = 2 * (size_t)m->jobs * GROUP_MAX + GROUP_MAX;
    m->queue = mem_zalloc(m->queue_cap, sizeof(*m->queue));
    if (!workers || !threads || !m->queue)
        m->status = aisle_nomem(&m->err);
    while (m->status == AISLE_OK && opened < m->jobs)
        m->status = worker_open(&workers[opened++], m, &m->err);
    if (m->status == AISLE_OK) {
        started = start_threads(workers, threads, m->jobs);
        if (started == 0)
            m->status = aisle_fail(&m->err, AISLE_IO, "cannot start a thread");
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < opened; i++)
        worker_close(&workers[i]);
    forget_groups(m);
    mem_free(m->queue);
    mem_free(threads);
    mem_free(workers);
}
