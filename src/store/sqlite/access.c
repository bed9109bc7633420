/* access.c - the way to the rows: a connection to read with, walks, one row */
#include "store/sqlite/driver.h"

/* ---- the pool ---- */

static struct conn *take_idle(struct sqlite_store *s)
{
    struct conn *c = NULL;

    pthread_mutex_lock(&s->pool_lock);
    if (s->idle_count > 0)
        c = s->idle[--s->idle_count];
    pthread_mutex_unlock(&s->pool_lock);
    return c;
}

enum aisle_status sqlite_take_reader(struct store *store, struct conn **out,
                                     struct aisle_err *err)
{
    struct sqlite_store *s = sqlite_store_of(store);
    struct conn *c;

    if (s->in_memory) {
        pthread_mutex_lock(&s->turn);
        *out = s->writer;
        return AISLE_OK;
    }
    c = take_idle(s);
    if (c) {
        *out = c;
        return AISLE_OK;
    }
    return sql_open(s->path, SQLITE_OPEN_READWRITE, s->busy_ms, out, err);
}

void sqlite_give_reader(struct store *store, struct conn *c)
{
    struct sqlite_store *s = sqlite_store_of(store);

    if (!c)
        return;
    if (s->in_memory) {
        pthread_mutex_unlock(&s->turn);
        return;
    }
    pthread_mutex_lock(&s->pool_lock);
    if (s->idle_count < POOL_MAX_IDLE) {
        s->idle[s->idle_count++] = c;
        c = NULL;
    }
    pthread_mutex_unlock(&s->pool_lock);
    sql_close(c);
}

/* ---- walks ---- */

struct walk walk_begin(struct store *s, const struct noun *noun, const struct query *q,
                       struct aisle_err *err)
{
    struct walk w = {.store = s, .noun = noun, .err = err};

    w.status = sqlite_take_reader(s, &w.conn, err);
    if (w.status == AISLE_OK)
        w.status = sql_prepare(w.conn, q->text, query_values(q), &w.st, err);
    return w;
}

bool walk_next(struct walk *w, void *row)
{
    bool more = false;

    if (w->status == AISLE_OK)
        w->status = sql_step(w->conn, w->st, &more, w->err);
    if (w->status == AISLE_OK && more)
        w->status = noun_read(w->noun, w->st, row, w->err);
    return w->status == AISLE_OK && more;
}

enum aisle_status walk_end(struct walk *w)
{
    if (w->conn)
        sql_finish(w->conn, w->st);
    sqlite_give_reader(w->store, w->conn);
    return w->status;
}

/* ---- one row ---- */

enum aisle_status sqlite_peek(struct conn *c, const struct noun *noun,
                              const struct query *q, sqlite3_stmt **st, void *out,
                              bool *found, struct aisle_err *err)
{
    enum aisle_status status = sql_prepare(c, q->text, query_values(q), st, err);

    if (status == AISLE_OK)
        status = sql_step(c, *st, found, err);
    if (status == AISLE_OK && *found)
        status = noun_read(noun, *st, out, err);
    return status;
}

/* Read into the side first: *out is written on success only. */
enum aisle_status sqlite_get(struct store *s, const struct noun *noun,
                             const struct query *q, struct arena *arena, void *out,
                             bool *found, struct aisle_err *err)
{
    void *row = arena_alloc(arena, noun->size);
    struct walk w;

    if (!row)
        return aisle_nomem(err);
    w = walk_begin(s, noun, q, err);
    *found = walk_next(&w, row);
    if (*found)
        w.status = noun_keep(noun, row, arena, err);
    if (*found && w.status == AISLE_OK)
        memcpy(out, row, noun->size);
    return walk_end(&w);
}

enum aisle_status sqlite_take_numbers(struct conn *c, const char *counter, size_t count,
                                      int64_t *first, struct aisle_err *err)
{
    int64_t last = 0;
    struct str name = str_of(counter);
    enum aisle_status status = sql_ask(c, "SELECT last FROM counter WHERE name = ?",
                                       SQL_VALUES(sql_text(name)), 0, &last, err);

    if (status != AISLE_OK)
        return status;
    *first = last + 1;
    return sql_run(c,
                   "INSERT INTO counter (name, last) VALUES (?, ?) "
                   "ON CONFLICT (name) DO UPDATE SET last = excluded.last",
                   SQL_VALUES(sql_text(name), sql_int(last + (int64_t)count)), err);
}
