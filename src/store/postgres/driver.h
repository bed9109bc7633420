/* driver.h - what the files of the PostgreSQL driver share
 *
 * One connection writes, and gathers the writes of many threads as SQLite's does
 * (sql/gather.h); reads take one from a pool with a bound. Other processes write beside
 * us: what is read and then written by what was read is held (sql_hold), numbers come
 * from a row of `counter` that is kept until the commit, and a transaction that another
 * one crossed, or whose connection was lost, is run again.
 */
#ifndef STORE_POSTGRES_DRIVER_H
#define STORE_POSTGRES_DRIVER_H

#include "store/postgres/conn.h"
#include "store/sql/rows.h"

#include <pthread.h>

enum {
    PG_POOL_MAX = 32,   /* connections to read with */
    PG_POOL_WALKS = 24, /* of them for visitors, so that a visitor who reads finds one */
    PG_BUSY_MS = 30 * 1000,
    /* Of one who asks whether it answers: for a place in the pool, and for the answer. */
    PG_PLACE_MS = 1000,
    PG_PING_MS = 3000,
};

struct pg_store {
    struct sql_store base;
    struct pg_address address;
    struct conn *writer;
    struct gather gather;
    pthread_mutex_t lock;
    pthread_cond_t given;           /* a connection came back */
    struct conn *idle[PG_POOL_MAX]; /* nobody uses them */
    size_t idle_count, open, walks; /* idle ones; all; those given out to walk */
};

static inline struct pg_store *pg_store_of(struct store *s)
{
    return (struct pg_store *)s;
}

extern const struct store_ops store_postgres_ops;
extern const struct sql_driver pg_driver; /* pool.c */

enum aisle_status pg_answers(struct store *s, struct aisle_err *err); /* pool.c */

/* ---- migrate.c ---- */

int64_t pg_schema_wanted(void);
/* Which schema the database has; 0 for an empty one. AISLE_CONFIG: another program's. */
enum aisle_status pg_schema_version(struct conn *c, int64_t *version,
                                    struct aisle_err *err);
/* AISLE_CONFIG: a newer one than we know. */
enum aisle_status pg_schema_known(struct conn *c, struct aisle_err *err);
enum aisle_status pg_migrate(struct conn *c, const struct store_options *options,
                             struct aisle_err *err);

/* ---- care.c ---- */

enum aisle_status pg_facts(struct store *s, struct arena *arena, struct store_facts *out,
                           struct aisle_err *err);
enum aisle_status pg_check_schema(struct store *s, struct aisle_err *err);
enum aisle_status pg_now(struct store *s, int64_t *ms, struct aisle_err *err);
enum aisle_status pg_check(struct store *s, struct aisle_err *err);

#endif
