#include "store/sql/gather.h"

#include <time.h>

enum { MOST_US = 2000 }; /* to wait for company */

/* A write and the thread that waits for it. */
struct waiting {
    const struct gather_piece *piece;
    enum aisle_status status;
    struct aisle_err err;
    bool done;
    bool kept; /* committed: whatever happens to the others */
    struct waiting *next;
};

enum aisle_status gather_init(struct gather *g, struct conn *conn, pthread_mutex_t *turn,
                              struct aisle_err *err)
{
    pthread_condattr_t monotonic;
    int failed = pthread_condattr_init(&monotonic);

    *g = (struct gather){.conn = conn, .turn = turn, .together = 1};
    g->last = &g->first;
    if (failed)
        return aisle_nomem(err);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    failed = pthread_cond_init(&g->came, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (failed)
        return aisle_nomem(err);
    if (pthread_mutex_init(&g->lock, NULL) == 0) {
        if (pthread_cond_init(&g->changed, NULL) == 0)
            return AISLE_OK;
        pthread_mutex_destroy(&g->lock);
    }
    pthread_cond_destroy(&g->came);
    return aisle_nomem(err);
}

void gather_clear(struct gather *g)
{
    pthread_cond_destroy(&g->came);
    pthread_cond_destroy(&g->changed);
    pthread_mutex_destroy(&g->lock);
}

/* Take back what a failed write did, and nothing else. Some failures (disk full, out of
 * memory, a lost connection) end the whole transaction; then there is nothing to go back
 * to. */
static enum aisle_status take_back(struct conn *c, struct waiting *w,
                                   struct aisle_err *err)
{
    if (sql_is_open(c))
        return sql_script(c, "ROLLBACK TO piece; RELEASE piece", err);
    *err = w->err;
    return w->status;
}

static enum aisle_status run_one(struct conn *c, struct waiting *w)
{
    const struct gather_piece *p = w->piece;

    w->err = (struct aisle_err){0};
    w->status = p->write(c, p->work, &w->err);
    if (w->status == AISLE_OK)
        w->status = sql_settle(c, &w->err);
    if (w->status == AISLE_OK && p->look)
        w->status = p->look(c, p->work, &w->err);
    return w->status;
}

static enum aisle_status run_beside_others(struct conn *c, struct waiting *w,
                                           struct aisle_err *err)
{
    enum aisle_status status;
    unsigned tries = 0;

    do {
        status = sql_run(c, "SAVEPOINT piece", SQL_NO_VALUES, err);
        if (status != AISLE_OK)
            return status;
        if (run_one(c, w) == AISLE_OK)
            return sql_run(c, "RELEASE piece", SQL_NO_VALUES, err);
        status = take_back(c, w, err);
    } while (status == AISLE_OK && sql_again_piece(c, ++tries));
    return status;
}

/* The first that fails ends it, whoever's fault it was. */
static enum aisle_status run_together(struct conn *c, struct waiting *all,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (struct waiting *w = all; w && status == AISLE_OK; w = w->next) {
        if (w->kept)
            continue;
        w->err = (struct aisle_err){0};
        status = w->status = w->piece->write(c, w->piece->work, err);
    }
    return status;
}

static enum aisle_status run_one_by_one(struct conn *c, struct waiting *all,
                                        struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!all->next) {
        status = run_one(c, all);
        *err = all->err;
        return status;
    }
    for (struct waiting *w = all; w && status == AISLE_OK; w = w->next)
        if (!w->kept)
            status = run_beside_others(c, w, err);
    return status;
}

static enum aisle_status run_once(struct conn *c, struct waiting *all, bool one_by_one,
                                  struct aisle_err *err)
{
    enum aisle_status status = sql_begin_write(c, all->piece->where, err);

    if (status != AISLE_OK)
        return status;
    c->hopes = !one_by_one;
    c->hoped = false;
    status = one_by_one ? run_one_by_one(c, all, err) : run_together(c, all, err);
    if (status == AISLE_OK)
        return sql_commit(c, err);
    sql_rollback(c);
    return status;
}

/* What was sent with its commit is looked at now. */
static void look_at_all(struct conn *c, struct waiting *all)
{
    for (struct waiting *w = all; w; w = w->next)
        if (!w->kept && w->piece->look)
            w->status = w->piece->look(c, w->piece->work, &w->err);
}

/* It is known that all was committed, but not what there was to be looked at: whether any
 * of it must be run again for that. */
static bool must_look_again(struct waiting *all)
{
    bool any = false;

    for (struct waiting *w = all; w; w = w->next) {
        any = any || w->piece->look;
        w->kept = !w->piece->look;
    }
    return any;
}

/* Whether to try the slower way, which tells whose fault it was. */
static bool is_worth_a_look(const struct conn *c, const struct waiting *all)
{
    return all->next || c->hoped;
}

/* One transaction for all of them. When the transaction itself fails it fails for all,
 * also for those that had been refused for reasons of their own: what they were refused
 * for may never have been kept. */
static void run_all(struct conn *c, struct waiting *all)
{
    struct aisle_err err = {0};
    enum aisle_status status;
    enum sql_again again = SQL_GIVE_UP;
    bool one_by_one = !sql_puts_off(c);
    unsigned tries = 0;

    do {
        status = run_once(c, all, one_by_one, &err);
        if (status != AISLE_OK)
            again = sql_again(c, ++tries, &err);
        if (status != AISLE_OK && again == SQL_KEPT && !one_by_one &&
            must_look_again(all))
            again = SQL_AGAIN;
        if (status != AISLE_OK && again == SQL_GIVE_UP && !one_by_one &&
            is_worth_a_look(c, all)) {
            err = (struct aisle_err){0};
            one_by_one = true;
            again = SQL_AGAIN;
        }
    } while (status != AISLE_OK && again == SQL_AGAIN);

    if (status == AISLE_OK && !one_by_one)
        look_at_all(c, all);
    if (status == AISLE_OK || again == SQL_KEPT)
        return;
    for (struct waiting *w = all; w; w = w->next)
        if (!w->kept) {
            w->status = status;
            w->err = err;
        }
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Else the first to wake would commit alone, and all others behind it. */
static void wait_for_company(struct gather *g)
{
    int64_t tenth = g->took_us / 10;
    int64_t until = now_us() + (tenth < MOST_US ? tenth : MOST_US);
    const struct timespec deadline = {.tv_sec = until / 1000000,
                                      .tv_nsec = until % 1000000 * 1000};

    g->expects = true;
    while (g->waiting < g->together &&
           pthread_cond_timedwait(&g->came, &g->lock, &deadline) == 0)
        continue;
    g->expects = false;
}

/* Called and returns with the lock held; lets go of it while at work. */
static void lead(struct gather *g)
{
    struct waiting *all, *next;
    int64_t began;

    g->led = true;
    if (g->waiting < g->together)
        wait_for_company(g);
    began = now_us();
    all = g->first;
    g->together = g->waiting;
    g->first = NULL;
    g->last = &g->first;
    g->waiting = 0;
    pthread_mutex_unlock(&g->lock);

    if (g->turn)
        pthread_mutex_lock(g->turn);
    run_all(g->conn, all);
    if (g->turn)
        pthread_mutex_unlock(g->turn);

    pthread_mutex_lock(&g->lock);
    g->led = false;
    g->took_us = now_us() - began;
    for (; all; all = next) {
        next = all->next; /* once done, it is its thread's again */
        all->done = true;
    }
    pthread_cond_broadcast(&g->changed);
}

enum aisle_status gather_write(struct gather *g, const struct gather_piece *piece,
                               struct aisle_err *err)
{
    struct waiting w = {.piece = piece};

    pthread_mutex_lock(&g->lock);
    *g->last = &w;
    g->last = &w.next;
    g->waiting++;
    if (g->expects && g->waiting >= g->together)
        pthread_cond_signal(&g->came);
    while (!w.done && g->led)
        pthread_cond_wait(&g->changed, &g->lock);
    if (!w.done)
        lead(g);
    pthread_mutex_unlock(&g->lock);

    if (w.status != AISLE_OK && err && err->status == AISLE_OK)
        *err = w.err;
    return w.status;
}
