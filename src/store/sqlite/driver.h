/* driver.h - what the files of the SQLite driver share
 *
 * One connection writes, through gather.h; reads take one from a pool, so that they
 * neither wait for a writer nor see half of what it does. A store in memory has but one
 * connection, and whoever uses it holds its turn.
 */
#ifndef STORE_SQLITE_DRIVER_H
#define STORE_SQLITE_DRIVER_H

#include "store/sql/gather.h"
#include "store/sql/rows.h"
#include "store/sqlite/conn.h"

enum { POOL_MAX_IDLE = 32, STORE_BUSY_MS = 10 * 1000 };

struct sqlite_store {
    struct sql_store base;
    char *path; /* ":memory:" for one in memory */
    char *name; /* what SQLite is told: the path, or a URI of it */
    int busy_ms;
    bool read_only; /* as we may not write to the file */
    bool in_memory;
    struct conn *writer;
    struct gather gather;
    pthread_mutex_t turn; /* of the one connection of a store in memory; recursive, so
                             that a visitor may read */
    pthread_mutex_t pool_lock;
    struct conn *idle[POOL_MAX_IDLE]; /* read connections nobody uses */
    size_t idle_count;
};

static inline struct sqlite_store *sqlite_store_of(struct store *s)
{
    return (struct sqlite_store *)s;
}

static inline int sqlite_open_flags(const struct sqlite_store *s)
{
    return s->read_only ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE;
}

extern const struct store_ops store_sqlite_ops, store_memory_ops;

/* ---- open.c ---- */

/* Open path (":memory:" too) for a driver. What may not be written to is there to be
 * read, with our schema; a write fails then. */
enum aisle_status sqlite_store_open(const struct store_ops *ops, struct str path,
                                    const struct store_options *options,
                                    struct store **out, struct aisle_err *err);
void sqlite_store_close(struct store *s);

/* ---- migrate.c ---- */

int64_t sqlite_schema_wanted(void);
/* Which schema the file has; 0 for an empty one. AISLE_CONFIG: another program's. */
enum aisle_status sqlite_schema_version(struct conn *c, int64_t *version,
                                        struct aisle_err *err);
/* AISLE_CONFIG: a newer one than we know. */
enum aisle_status sqlite_schema_known(struct conn *c, struct aisle_err *err);
/* Bring it to the schema we want, unless it must not be touched. */
enum aisle_status sqlite_migrate(struct conn *c, bool no_migrate, struct aisle_err *err);

/* ---- care.c ---- */

enum aisle_status sqlite_check_schema(struct store *s, struct aisle_err *err);
enum aisle_status sqlite_facts(struct store *s, struct arena *arena,
                               struct store_facts *out, struct aisle_err *err);
enum aisle_status sqlite_check(struct store *s, struct aisle_err *err);
enum aisle_status sqlite_backup(struct store *s, struct str path, struct aisle_err *err);

/* ---- pool.c: a connection to read with ---- */

extern const struct sql_driver sqlite_driver;

#endif
