/* pool.c - connections to read with, and who writes */
#include "store/sqlite/driver.h"

static struct conn *take_idle(struct sqlite_store *s)
{
    struct conn *c = NULL;

    pthread_mutex_lock(&s->pool_lock);
    if (s->idle_count > 0)
        c = s->idle[--s->idle_count];
    pthread_mutex_unlock(&s->pool_lock);
    return c;
}

static void give(struct store *store, enum sql_use use, struct conn *c)
{
    struct sqlite_store *s = sqlite_store_of(store);

    (void)use;
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
    sqlite_conn_close(c);
}

static enum aisle_status take(struct store *store, enum sql_use use, struct conn **out,
                              struct aisle_err *err)
{
    struct sqlite_store *s = sqlite_store_of(store);
    struct conn *c;

    (void)use; /* there may be any number */
    if (s->in_memory) {
        pthread_mutex_lock(&s->turn);
        *out = s->writer;
        return AISLE_OK;
    }
    c = take_idle(s);
    if (c) {
        enum aisle_status status = sqlite_conn_check(c, err);

        if (status == AISLE_OK)
            *out = c;
        else
            give(store, use, c);
        return status;
    }
    return sqlite_conn_open(s->path, s->name, sqlite_open_flags(s), s->busy_ms, out, err);
}

static enum aisle_status read(struct store *s, read_fn *fn, void *work, const char *where,
                              struct aisle_err *err)
{
    struct conn *c = NULL;
    enum aisle_status status = take(s, SQL_LOOK, &c, err);

    if (status == AISLE_OK)
        status = sql_begin_read(c, where, err);
    if (status == AISLE_OK) {
        status = fn(c, work, err);
        sql_rollback(c);
    }
    give(s, SQL_LOOK, c);
    return status;
}

static enum aisle_status write(struct store *s, const struct gather_piece *piece,
                               struct aisle_err *err)
{
    return gather_write(&sqlite_store_of(s)->gather, piece, err);
}

const struct sql_driver sqlite_driver = {
    .take = take,
    .give = give,
    .read = read,
    .write = write,
    .takes_hints = true,
    .tables =
        "SELECT t.name, c.name, c.type, c.\"notnull\" OR c.pk > 0, c.pk FROM "
        "sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND "
        "t.name NOT LIKE 'sqlite_%' ORDER BY t.rowid, c.cid",
};
