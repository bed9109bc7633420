/* pool.c - connections to read with, at most so many; whoever finds none waits a while */
#include "base/clock.h"
#include "store/postgres/products.h"

#include <time.h>

static bool has_room(const struct pg_store *s, enum sql_use use)
{
    if (use == SQL_WALK && s->walks >= PG_POOL_WALKS)
        return false;
    return s->idle_count > 0 || s->open < PG_POOL_MAX;
}

static struct timespec deadline_in(int ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

/* A place in the pool is ours: *out is an idle connection, or NULL for one to be opened.
 */
static enum aisle_status wait_for_place(struct pg_store *s, enum sql_use use, int ms,
                                        struct conn **out, struct aisle_err *err)
{
    struct timespec deadline = deadline_in(ms);
    bool room;

    pthread_mutex_lock(&s->lock);
    while (!has_room(s, use))
        if (pthread_cond_timedwait(&s->given, &s->lock, &deadline) != 0)
            break;
    room = has_room(s, use);
    if (room) {
        *out = s->idle_count > 0 ? s->idle[--s->idle_count] : NULL;
        s->open += *out == NULL;
        s->walks += use == SQL_WALK;
    }
    pthread_mutex_unlock(&s->lock);
    return room ? AISLE_OK
                : aisle_fail(err, AISLE_BUSY, "all %d connections to %s are in use",
                             PG_POOL_MAX, s->address.place);
}

static void give_place(struct pg_store *s, enum sql_use use, struct conn *c)
{
    pthread_mutex_lock(&s->lock);
    s->walks -= use == SQL_WALK;
    if (c)
        s->idle[s->idle_count++] = c;
    else
        s->open--;
    pthread_cond_broadcast(&s->given); /* not everyone may have what is left */
    pthread_mutex_unlock(&s->lock);
}

static void give(struct store *store, enum sql_use use, struct conn *c)
{
    if (!c)
        return;
    if (pg_conn_of(c)->lost) {
        pg_conn_close(c);
        c = NULL;
    }
    give_place(pg_store_of(store), use, c);
}

static enum aisle_status open_or_revive(struct pg_store *s, struct conn **c,
                                        struct aisle_err *err)
{
    if (!*c)
        return pg_conn_open(&s->address, true, c, err);
    return pg_conn_is_alive(pg_conn_of(*c)) ? AISLE_OK
                                            : pg_conn_again(pg_conn_of(*c), err);
}

static enum aisle_status take(struct store *store, enum sql_use use, struct conn **out,
                              struct aisle_err *err)
{
    struct pg_store *s = pg_store_of(store);
    struct conn *c = NULL;
    enum aisle_status status = wait_for_place(s, use, s->address.busy_ms, &c, err);

    if (status != AISLE_OK)
        return status;
    status = open_or_revive(s, &c, err);
    if (status != AISLE_OK) {
        pg_conn_close(c);
        give_place(s, use, NULL);
        return status;
    }
    pg_conn_of(c)->streams = use == SQL_WALK;
    *out = c;
    return AISLE_OK;
}

static enum aisle_status read_once(struct conn *c, read_fn *fn, void *work,
                                   const char *where, struct aisle_err *err)
{
    enum aisle_status status = sql_begin_read(c, where, err);

    if (status != AISLE_OK)
        return status;
    status = fn(c, work, err);
    sql_rollback(c);
    return status;
}

/* On a connection that nobody uses, or else on a new one: the first may have died where
 * nobody told us. */
enum aisle_status pg_answers(struct store *store, struct aisle_err *err)
{
    struct pg_store *s = pg_store_of(store);
    struct conn *c = NULL;
    struct aisle_err none = {0};
    enum aisle_status status = wait_for_place(s, SQL_LOOK, PG_PLACE_MS, &c, err);

    if (status != AISLE_OK)
        return status;
    if (c && pg_conn_ping(pg_conn_of(c), PG_PING_MS, &none) != AISLE_OK) {
        pg_conn_close(c);
        c = NULL;
    }
    if (!c)
        status = pg_conn_try(&s->address, &c, err);
    give_place(s, SQL_LOOK, c);
    return status;
}

static enum aisle_status read(struct store *s, read_fn *fn, void *work, const char *where,
                              struct aisle_err *err)
{
    struct conn *c = NULL;
    enum aisle_status status = take(s, SQL_LOOK, &c, err);
    int64_t until = 0;

    while (status == AISLE_OK) {
        struct aisle_err now = {0};

        status = read_once(c, fn, work, where, &now);
        if (status == AISLE_OK || !pg_conn_of(c)->lost ||
            !pg_conn_is_patient(pg_conn_of(c), &until)) {
            aisle_pass(err, &now);
            break;
        }
        status = pg_conn_again(pg_conn_of(c), err);
    }
    give(s, SQL_LOOK, c);
    return status;
}

static enum aisle_status write(struct store *s, const struct gather_piece *piece,
                               struct aisle_err *err)
{
    return gather_write(&pg_store_of(s)->gather, piece, err);
}

const struct sql_driver pg_driver = {
    .take = take,
    .give = give,
    .read = read,
    .write = write,
    .put_products = pg_put_products,
    .tables = "SELECT c.relname::text, a.attname::text, "
              "pg_catalog.format_type(a.atttypid, NULL), a.attnotnull, "
              "coalesce(pg_catalog.array_position(i.indkey::int2[], a.attnum) + 1, 0) "
              "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = "
              "c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN "
              "pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary WHERE "
              "c.relkind = 'r' AND c.relname NOT IN ('aisle_schema', 'writer', "
              "'unbroken') AND "
              "c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident("
              "pg_catalog.current_schema())) ORDER BY c.oid, a.attnum",
};
