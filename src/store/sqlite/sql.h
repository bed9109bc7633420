/* sql.h - one connection to SQLite: statements kept ready, values bound, failures in our
 * words
 *
 * A connection is used by one thread at a time. Knows no table of ours.
 */
#ifndef STORE_SQLITE_SQL_H
#define STORE_SQLITE_SQL_H

#include "base/status.h"
#include "base/str.h"

#include <sqlite3.h>

enum { CONN_MAX_IDLE = 64 };

struct conn {
    sqlite3 *db;
    const char *place; /* the file, for messages; outlives the connection */
    const char *where; /* the line that opened the transaction under way; else NULL */
    sqlite3_stmt *rollback; /* made beforehand: taking back must not need memory */
    sqlite3_stmt *idle[CONN_MAX_IDLE]; /* ready to be used again, the latest last */
    size_t idle_count;
};

enum value_kind { VALUE_TEXT, VALUE_TEXT_OR_NULL, VALUE_INT, VALUE_REAL };

struct value {
    enum value_kind kind;
    struct str text; /* borrowed until the statement is finished */
    int64_t number;
    double real;
};

static inline struct value sql_text(struct str s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s};
}

static inline struct value sql_text_or_null(struct str s) /* empty: NULL */
{
    return (struct value){.kind = VALUE_TEXT_OR_NULL, .text = s};
}

static inline struct value sql_int(int64_t n)
{
    return (struct value){.kind = VALUE_INT, .number = n};
}

static inline struct value sql_real(double d)
{
    return (struct value){.kind = VALUE_REAL, .real = d};
}

struct values {
    const struct value *list;
    size_t count;
};

/* SQL_VALUES(sql_text(id), sql_int(at)): for the ?s of a statement, in their order. */
#define SQL_VALUES(...)                                                                  \
    ((struct values){(const struct value[]){__VA_ARGS__},                                \
                     sizeof((const struct value[]){__VA_ARGS__}) /                       \
                         sizeof(struct value)})
#define SQL_NO_VALUES ((struct values){NULL, 0})

#define SQL_LINE_TEXT(line) #line
#define SQL_LINE(line) SQL_LINE_TEXT(line)
/* The line it stands on: "…/trees.c:88". */
#define SQL_HERE (__FILE__ ":" SQL_LINE(__LINE__))

/* flags: SQLITE_OPEN_…. The file is there already. `place` is borrowed. */
enum aisle_status sql_open(const char *place, int flags, int busy_ms, struct conn **out,
                           struct aisle_err *err);
void sql_close(struct conn *c); /* NULL is fine */

/* What SQLite's result code means to us, with the file named. */
enum aisle_status sql_fail(const struct conn *c, int code, struct aisle_err *err);

/* A statement with its values bound; sql_finish when done, also after failure. */
enum aisle_status sql_prepare(struct conn *c, const char *sql, struct values values,
                              sqlite3_stmt **out, struct aisle_err *err);
/* The same statement once more with other values. */
enum aisle_status sql_bind(struct conn *c, sqlite3_stmt *st, struct values values,
                           struct aisle_err *err);
/* *row: whether there is one more. */
enum aisle_status sql_step(struct conn *c, sqlite3_stmt *st, bool *row,
                           struct aisle_err *err);
/* Back to those kept ready; NULL is fine. Its rows are gone. */
void sql_finish(struct conn *c, sqlite3_stmt *st);

/* A column of the current row, borrowed until the next step; NULL comes as empty. */
struct str sql_column(sqlite3_stmt *st, int i);

/* A whole statement whose rows, if any, do not matter. */
enum aisle_status sql_run(struct conn *c, const char *sql, struct values values,
                          struct aisle_err *err);
/* The first column of the first row, or `absent` where there is none. */
enum aisle_status sql_ask(struct conn *c, const char *sql, struct values values,
                          int64_t absent, int64_t *answer, struct aisle_err *err);
/* Rows the last statement of sql_run changed. */
int64_t sql_changed(const struct conn *c);

/* Several statements, as a migration is written. */
enum aisle_status sql_script(struct conn *c, const char *text, struct aisle_err *err);

/* A transaction that writes from the start, so that it need not fail half way. `where`:
 * SQL_HERE of whoever asked for it. */
enum aisle_status sql_begin_write(struct conn *c, const char *where,
                                  struct aisle_err *err);
/* One that sees the same state in every statement. */
enum aisle_status sql_begin_read(struct conn *c, const char *where,
                                 struct aisle_err *err);
/* When it fails, nothing of the transaction is left. */
enum aisle_status sql_commit(struct conn *c, struct aisle_err *err);
void sql_rollback(struct conn *c); /* without a transaction too */

#endif
