#include "store/sqlite/gather.h"

/* A write and the thread that waits for it. */
struct waiting {
    write_fn *fn;
    const void *work;
    const char *where;
    enum aisle_status status;
    struct aisle_err err;
    bool done;
    struct waiting *next;
};

enum aisle_status gather_init(struct gather *g, struct conn *conn, pthread_mutex_t *turn,
                              struct aisle_err *err)
{
    *g = (struct gather){.conn = conn, .turn = turn};
    g->last = &g->first;
    if (pthread_mutex_init(&g->lock, NULL) != 0)
        return aisle_nomem(err);
    if (pthread_cond_init(&g->changed, NULL) != 0) {
        pthread_mutex_destroy(&g->lock);
        return aisle_nomem(err);
    }
    return AISLE_OK;
}

void gather_clear(struct gather *g)
{
    pthread_cond_destroy(&g->changed);
    pthread_mutex_destroy(&g->lock);
}

/* Take back what a failed write did, and nothing else. Some failures (disk full, out of
 * memory) make SQLite give up the whole transaction; then there is nothing to go back to.
 */
static enum aisle_status take_back(struct conn *c, struct waiting *w,
                                   struct aisle_err *err)
{
    if (!sqlite3_get_autocommit(c->db))
        return sql_script(c, "ROLLBACK TO piece; RELEASE piece", err);
    *err = w->err;
    return w->status;
}

static enum aisle_status run_beside_others(struct conn *c, struct waiting *w,
                                           struct aisle_err *err)
{
    enum aisle_status status = sql_run(c, "SAVEPOINT piece", SQL_NO_VALUES, err);

    if (status != AISLE_OK)
        return status;
    w->status = w->fn(c, w->work, &w->err);
    if (w->status != AISLE_OK)
        return take_back(c, w, err);
    return sql_run(c, "RELEASE piece", SQL_NO_VALUES, err);
}

/* One transaction for all of them. When the transaction itself fails it fails for all,
 * also for those that had been refused for reasons of their own: what they were refused
 * for may never have been kept. */
static void run_all(struct conn *c, struct waiting *all)
{
    struct aisle_err err = {0};
    enum aisle_status status = sql_begin_write(c, all->where, &err);

    if (status == AISLE_OK && !all->next)
        status = all->fn(c, all->work, &err);
    else
        for (struct waiting *w = all; w && status == AISLE_OK; w = w->next)
            status = run_beside_others(c, w, &err);

    if (status == AISLE_OK)
        status = sql_commit(c, &err);
    else
        sql_rollback(c);
    if (status == AISLE_OK)
        return;
    for (struct waiting *w = all; w; w = w->next) {
        w->status = status;
        w->err = err;
    }
}

/* Called and returns with the lock held; lets go of it while at work. */
static void lead(struct gather *g)
{
    struct waiting *all = g->first, *next;

    g->led = true;
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
    for (; all; all = next) {
        next = all->next; /* once done, it is its thread's again */
        all->done = true;
    }
    pthread_cond_broadcast(&g->changed);
}

enum aisle_status gather_write(struct gather *g, write_fn *fn, const void *work,
                               const char *where, struct aisle_err *err)
{
    struct waiting w = {.fn = fn, .work = work, .where = where};

    pthread_mutex_lock(&g->lock);
    *g->last = &w;
    g->last = &w.next;
    g->waiting++;
    while (!w.done && g->led)
        pthread_cond_wait(&g->changed, &g->lock);
    if (!w.done)
        lead(g);
    pthread_mutex_unlock(&g->lock);

    if (w.status != AISLE_OK && err && err->status == AISLE_OK)
        *err = w.err;
    return w.status;
}
