/* sql.h - one connection to a database that speaks SQL: statements, values, transactions
 *
 * The nouns of the store are written once, on this; each driver brings a struct conn_ops.
 * Their SQL is what SQLite and PostgreSQL both read: values are ?s, numbers are 64-bit or
 * double, whatever a table counts or flags is an integer, text sorts by bytes.
 *
 * A connection is used by one thread at a time. Knows no table of ours.
 */
#ifndef STORE_SQL_SQL_H
#define STORE_SQL_SQL_H

#include "base/status.h"
#include "base/str.h"

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

/* Rows for one table, which are not there yet. */
struct new_rows {
    const char *table, *columns; /* "place, id": known when we compile */
    size_t column_count;
    size_t count;
    /* The values of row i, in the order of the columns; always of the same kinds. */
    void (*fill)(const void *ctx, size_t i, struct value *values);
    const void *ctx;
};
enum { NEW_ROWS_MAX_COLUMNS = 64 };

enum sql_again {
    SQL_GIVE_UP, /* it failed as it did */
    SQL_LOST,    /* so it did, and whatever is tried next will too */
    SQL_AGAIN,   /* run it once more */
    SQL_KEPT,    /* it was committed after all */
};

struct conn;

/* A statement under way; drivers have it as their first member. */
struct stmt {
    struct conn *conn;
};

/* What a database brings. The functions below say what each promises. */
struct conn_ops {
    enum aisle_status (*prepare)(struct conn *c, const char *sql, struct values values,
                                 struct stmt **out, struct aisle_err *err);
    enum aisle_status (*step)(struct stmt *st, bool *row, struct aisle_err *err);
    void (*finish)(struct stmt *st);
    struct str (*column)(struct stmt *st, int i);
    int64_t (*column_int)(struct stmt *st, int i);
    double (*column_real)(struct stmt *st, int i);
    enum aisle_status (*run)(struct conn *c, const char *sql, struct values values,
                             struct aisle_err *err);
    enum aisle_status (*change)(struct conn *c, const char *sql, struct values values,
                                int64_t *rows, struct aisle_err *err);
    enum aisle_status (*script)(struct conn *c, const char *text, struct aisle_err *err);
    enum aisle_status (*add)(struct conn *c, const struct new_rows *rows,
                             struct aisle_err *err);
    enum aisle_status (*begin_write)(struct conn *c, struct aisle_err *err);
    enum aisle_status (*begin_read)(struct conn *c, struct aisle_err *err);
    enum aisle_status (*commit)(struct conn *c, struct aisle_err *err);
    void (*rollback)(struct conn *c);
    bool (*is_open)(struct conn *c);

    /* Where one writer keeps all others out and its statements are done when they return,
     * these are NULL. */
    enum aisle_status (*hold)(struct conn *c, const char *table, const char *key,
                              struct str value, struct aisle_err *err);
    enum aisle_status (*settle)(struct conn *c, struct aisle_err *err);
    enum aisle_status (*change_later)(struct conn *c, const char *sql,
                                      struct values values, int64_t *rows,
                                      struct aisle_err *err);
    enum sql_again (*again)(struct conn *c, unsigned tries, struct aisle_err *err);
    bool (*again_piece)(struct conn *c, unsigned tries);
    enum aisle_status (*with_rows)(struct conn *c, const char *sql,
                                   const struct new_rows *rows, struct aisle_err *err);
    enum aisle_status (*let_go_early)(struct conn *c, struct aisle_err *err);
};

/* Drivers have it as their first member. */
struct conn {
    const struct conn_ops *ops;
    const char *place; /* the file or host, for messages; outlives the connection */
    const char *where; /* the line that opened the transaction under way; else NULL */
    bool hopes;        /* what is written may be sent as if all will go well */
    bool hoped;        /* some of it was, and what went wrong was not told in our words */
};

/* ---- statements ---- */

/* A statement with its values bound; sql_finish when done, also after failure. */
static inline enum aisle_status sql_prepare(struct conn *c, const char *sql,
                                            struct values values, struct stmt **out,
                                            struct aisle_err *err)
{
    return c->ops->prepare(c, sql, values, out, err);
}

/* *row: whether there is one more. */
static inline enum aisle_status sql_step(struct stmt *st, bool *row,
                                         struct aisle_err *err)
{
    return st->conn->ops->step(st, row, err);
}

static inline void sql_finish(struct stmt *st) /* NULL is fine. Its rows are gone. */
{
    if (st)
        st->conn->ops->finish(st);
}

/* A column of the current row; text is borrowed until the next step. NULL comes as empty
 * and 0. */
static inline struct str sql_column(struct stmt *st, int i)
{
    return st->conn->ops->column(st, i);
}

static inline int64_t sql_column_int(struct stmt *st, int i)
{
    return st->conn->ops->column_int(st, i);
}

static inline double sql_column_real(struct stmt *st, int i)
{
    return st->conn->ops->column_real(st, i);
}

/* A whole statement whose rows, if any, do not matter. In a transaction it may be done
 * later, before the next statement that is looked at; what goes wrong is said then, by
 * the commit at the latest. */
static inline enum aisle_status sql_run(struct conn *c, const char *sql,
                                        struct values values, struct aisle_err *err)
{
    return c->ops->run(c, sql, values, err);
}

/* The same at once, and how many rows it changed. */
static inline enum aisle_status sql_change(struct conn *c, const char *sql,
                                           struct values values, int64_t *rows,
                                           struct aisle_err *err)
{
    return c->ops->change(c, sql, values, rows, err);
}

/* The same, done when sql_run's would be: *rows is written by the next sql_settle and
 * must last until then. */
static inline enum aisle_status sql_change_later(struct conn *c, const char *sql,
                                                 struct values values, int64_t *rows,
                                                 struct aisle_err *err)
{
    return c->ops->change_later ? c->ops->change_later(c, sql, values, rows, err)
                                : c->ops->change(c, sql, values, rows, err);
}

/* Whether many rows may be written by one statement that fails as a whole, without our
 * words for it: then what hoped is taken back and run again, one thing after the other.
 */
static inline bool sql_hopes(const struct conn *c)
{
    return c->hopes && c->ops->with_rows;
}

/* One statement over rows that are sent along, where sql_hopes says so: it finds them in
 * a table `rows`, with their columns and, counted from 1, their `place`. Put off as
 * sql_run's. rows->table is not looked at. */
static inline enum aisle_status sql_with_rows(struct conn *c, const char *sql,
                                              const struct new_rows *rows,
                                              struct aisle_err *err)
{
    c->hoped = true;
    return c->ops->with_rows(c, sql, rows, err);
}

/* Several statements, as a migration is written. */
static inline enum aisle_status sql_script(struct conn *c, const char *text,
                                           struct aisle_err *err)
{
    return c->ops->script(c, text, err);
}

/* Many rows, the quickest way there is. */
static inline enum aisle_status sql_add(struct conn *c, const struct new_rows *rows,
                                        struct aisle_err *err)
{
    return c->ops->add(c, rows, err);
}

/* The first column of the first row, or `absent` where there is none. */
enum aisle_status sql_ask(struct conn *c, const char *sql, struct values values,
                          int64_t absent, int64_t *answer, struct aisle_err *err);

/* ---- transactions ---- */

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

/* AISLE_CONFIG for a store that a newer program has made. */
enum aisle_status sql_check_schema(const struct conn *c, int64_t version, int64_t wanted,
                                   struct aisle_err *err);

/* Whether there is a transaction. Some failures end it. */
static inline bool sql_is_open(struct conn *c)
{
    return c->ops->is_open(c);
}

/* Keep the row of a table whose key is value until the commit: who else wants to hold it
 * waits. For what is read first and then written by what was read. */
static inline enum aisle_status sql_hold(struct conn *c, const char *table,
                                         const char *key, struct str value,
                                         struct aisle_err *err)
{
    return c->ops->hold ? c->ops->hold(c, table, key, value, err) : AISLE_OK;
}

/* Others wait for what this transaction will hold: at its commit they are let on before
 * the disk has it. Said before any of it is taken. It is no less durable when sql_commit
 * comes back; only that others may see it a moment before. For transactions of at most
 * SQL_EARLY_NUMBERS numbers. */
static inline enum aisle_status sql_let_go_early(struct conn *c, struct aisle_err *err)
{
    return c->ops->let_go_early ? c->ops->let_go_early(c, err) : AISLE_OK;
}
enum { SQL_EARLY_NUMBERS = 1000 };

/* Whether statements are put off: then several pieces of work sent one behind the other
 * cost one wait. */
static inline bool sql_puts_off(const struct conn *c)
{
    return c->ops->settle != NULL;
}

/* What was put off is done, or why not. */
static inline enum aisle_status sql_settle(struct conn *c, struct aisle_err *err)
{
    return c->ops->settle ? c->ops->settle(c, err) : AISLE_OK;
}

/* A transaction failed and is no more: what now? Waits before it says SQL_AGAIN, and
 * empties err then. tries: how often it was run. */
static inline enum sql_again sql_again(struct conn *c, unsigned tries,
                                       struct aisle_err *err)
{
    return c->ops->again ? c->ops->again(c, tries, err) : SQL_GIVE_UP;
}

/* The same about a piece that was taken back to its savepoint. */
static inline bool sql_again_piece(struct conn *c, unsigned tries)
{
    return c->ops->again_piece && c->ops->again_piece(c, tries);
}

#endif
