/* conn.h - one connection to SQLite: statements kept ready, values bound, failures in our
 * words
 *
 * A connection is used by one thread at a time. Knows no table of ours.
 */
#ifndef STORE_SQLITE_CONN_H
#define STORE_SQLITE_CONN_H

#include "store/sql/sql.h"

#include <sqlite3.h>

enum { CONN_MAX_IDLE = 64 };

struct sqlite_stmt;

struct sqlite_conn {
    struct conn base;
    sqlite3 *db;
    sqlite3_stmt *rollback; /* made beforehand: taking back must not need memory */
    struct sqlite_stmt *idle[CONN_MAX_IDLE]; /* ready to be used again, the latest last */
    size_t idle_count;
    int64_t looked_ms; /* monotonic; when the file was last seen at its place */
};

static inline struct sqlite_conn *sqlite_conn_of(struct conn *c)
{
    return (struct sqlite_conn *)c;
}

/* flags: SQLITE_OPEN_…. The file is there already. `place` is what it is called, and
 * borrowed; `name` is what SQLite is told, the same or a URI of it. */
enum aisle_status sqlite_conn_open(const char *place, const char *name, int flags,
                                   int busy_ms, struct conn **out, struct aisle_err *err);
void sqlite_conn_close(struct conn *c); /* NULL is fine */
/* Whether the file is still at its place; looked at once a second at most, while a write
 * looks each time. AISLE_IO, an outage. */
enum aisle_status sqlite_conn_check(struct conn *c, struct aisle_err *err);
/* Statements kept ready are let go of. */
void sqlite_conn_forget(struct conn *c);

#endif
