/* access.c - the way to the rows: walks, one row, numbers */
#include "store/sql/rows.h"

/* ---- walks ---- */

static struct walk begin(struct store *s, enum sql_use use, const struct noun *noun,
                         const struct query *q, struct aisle_err *err)
{
    struct walk w = {.store = s, .noun = noun, .use = use, .err = err};

    w.status = sql_driver_of(s)->take(s, use, &w.conn, err);
    if (w.status == AISLE_OK)
        w.status = sql_prepare(w.conn, q->text, query_values(q), &w.st, err);
    return w;
}

struct walk walk_begin(struct store *s, const struct noun *noun, const struct query *q,
                       struct aisle_err *err)
{
    return begin(s, SQL_WALK, noun, q, err);
}

bool walk_next(struct walk *w, void *row)
{
    bool more = false;

    if (w->status == AISLE_OK)
        w->status = sql_step(w->st, &more, w->err);
    if (w->status == AISLE_OK && more)
        w->status = noun_read(w->noun, w->st, row, w->err);
    return w->status == AISLE_OK && more;
}

enum aisle_status walk_end(struct walk *w)
{
    sql_finish(w->st);
    sql_driver_of(w->store)->give(w->store, w->use, w->conn);
    return w->status;
}

/* ---- one row ---- */

enum aisle_status sql_peek(struct conn *c, const struct noun *noun, const struct query *q,
                           struct stmt **st, void *out, bool *found,
                           struct aisle_err *err)
{
    enum aisle_status status = sql_prepare(c, q->text, query_values(q), st, err);

    if (status == AISLE_OK)
        status = sql_step(*st, found, err);
    if (status == AISLE_OK && *found)
        status = noun_read(noun, *st, out, err);
    return status;
}

/* Read into the side first: *out is written on success only. */
enum aisle_status sql_get(struct store *s, const struct noun *noun, const struct query *q,
                          struct arena *arena, void *out, bool *found,
                          struct aisle_err *err)
{
    void *row = arena_alloc(arena, noun->size);
    struct walk w;

    if (!row)
        return aisle_nomem(err);
    w = begin(s, SQL_LOOK, noun, q, err);
    *found = walk_next(&w, row);
    if (*found)
        w.status = noun_keep(noun, row, arena, err);
    if (*found && w.status == AISLE_OK)
        memcpy(out, row, noun->size);
    return walk_end(&w);
}

enum aisle_status sql_look(struct store *s, const struct query *q, int64_t *answer,
                           struct aisle_err *err)
{
    const struct sql_driver *driver = sql_driver_of(s);
    struct conn *c = NULL;
    enum aisle_status status = driver->take(s, SQL_LOOK, &c, err);

    if (status == AISLE_OK)
        status = sql_ask(c, q->text, query_values(q), 0, answer, err);
    driver->give(s, SQL_LOOK, c);
    return status;
}

#define TAKE_NUMBERS                                                                     \
    "INSERT INTO counter (name, last) VALUES (?, ?) ON CONFLICT (name) DO "              \
    "UPDATE SET last = counter.last + excluded.last"

enum aisle_status sql_skip_numbers(struct conn *c, const char *counter, size_t count,
                                   struct aisle_err *err)
{
    return sql_run(c, TAKE_NUMBERS,
                   SQL_VALUES(sql_text(str_of(counter)), sql_int((int64_t)count)), err);
}

enum aisle_status sql_take_numbers(struct conn *c, const char *counter, size_t count,
                                   int64_t *first, struct aisle_err *err)
{
    int64_t last = 0;
    enum aisle_status status = sql_ask(
        c, TAKE_NUMBERS " RETURNING last",
        SQL_VALUES(sql_text(str_of(counter)), sql_int((int64_t)count)), 0, &last, err);

    if (status == AISLE_OK)
        *first = last - (int64_t)count + 1;
    return status;
}
