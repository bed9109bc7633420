#include "store/sqlite/sql.h"

#include "base/mem.h"

#include <assert.h>

/* ---- failures ---- */

static enum aisle_status fail_io(const struct conn *c, const char *doing,
                                 struct aisle_err *err)
{
    int code = sqlite3_system_errno(c->db);

    return aisle_fail(err, AISLE_IO, "cannot %s %s: %s", doing, c->place,
                      code ? strerror(code) : sqlite3_errmsg(c->db));
}

enum aisle_status sql_fail(const struct conn *c, int code, struct aisle_err *err)
{
    if (code == SQLITE_IOERR_NOMEM)
        return aisle_nomem(err);

    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return aisle_nomem(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return aisle_fail(err, AISLE_BUSY, "another process holds %s", c->place);
    case SQLITE_FULL:
        return aisle_fail(err, AISLE_IO, "disk is full: %s", c->place);
    case SQLITE_CORRUPT:
        return aisle_fail(err, AISLE_GARBLED, "%s is damaged: %s", c->place,
                          sqlite3_errmsg(c->db));
    case SQLITE_NOTADB:
        return aisle_fail(err, AISLE_GARBLED, "%s is not a database", c->place);
    case SQLITE_TOOBIG:
        return aisle_fail(err, AISLE_LIMIT, "text is too large for %s", c->place);
    case SQLITE_CONSTRAINT:
        return aisle_fail(err, AISLE_INVALID, "%s: %s", c->place, sqlite3_errmsg(c->db));
    case SQLITE_CANTOPEN:
        return fail_io(c, "open", err);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return fail_io(c, "write to", err);
    case SQLITE_IOERR:
        return fail_io(c, "read or write", err);
    default:
        return aisle_fail(err, AISLE_IO, "%s: %s%s%s", c->place, sqlite3_errmsg(c->db),
                          c->where ? ", begun at " : "", c->where ? c->where : "");
    }
}

/* ---- the connection ---- */

/* Settings of every connection. FULL: a commit is on the disk when it returns. A schema
 * from elsewhere may not run functions. */
static enum aisle_status configure(struct conn *c, int busy_ms, struct aisle_err *err)
{
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, busy_ms);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return sql_script(c, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", err);
}

enum aisle_status sql_open(const char *place, int flags, int busy_ms, struct conn **out,
                           struct aisle_err *err)
{
    struct conn *c = mem_zalloc(1, sizeof *c);
    enum aisle_status status;
    int code;

    if (!c)
        return aisle_nomem(err);
    c->place = place;
    code = sqlite3_open_v2(place, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    status = code == SQLITE_OK ? configure(c, busy_ms, err) : sql_fail(c, code, err);
    if (status == AISLE_OK)
        *out = c;
    else
        sql_close(c);
    return status;
}

void sql_close(struct conn *c)
{
    if (!c)
        return;
    assert(!c->where);
    sqlite3_finalize(c->rollback);
    for (size_t i = 0; i < c->idle_count; i++)
        sqlite3_finalize(c->idle[i]);
    sqlite3_close(c->db);
    mem_free(c);
}

/* ---- statements ---- */

static sqlite3_stmt *take_idle(struct conn *c, const char *sql)
{
    for (size_t i = c->idle_count; i-- > 0;) {
        sqlite3_stmt *st = c->idle[i];

        if (strcmp(sqlite3_sql(st), sql) != 0)
            continue;
        c->idle_count--;
        memmove(&c->idle[i], &c->idle[i + 1],
                (c->idle_count - i) * sizeof(sqlite3_stmt *));
        return st;
    }
    return NULL;
}

void sql_finish(struct conn *c, sqlite3_stmt *st)
{
    if (!st)
        return;
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    if (c->idle_count == CONN_MAX_IDLE) {
        sqlite3_finalize(c->idle[0]);
        c->idle_count--;
        memmove(&c->idle[0], &c->idle[1], c->idle_count * sizeof(sqlite3_stmt *));
    }
    c->idle[c->idle_count++] = st;
}

static int bind_text(sqlite3_stmt *st, int i, struct str s)
{
    return sqlite3_bind_text64(st, i, s.p ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_value(sqlite3_stmt *st, int i, const struct value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
        return bind_text(st, i, v->text);
    case VALUE_TEXT_OR_NULL:
        return str_empty(v->text) ? sqlite3_bind_null(st, i) : bind_text(st, i, v->text);
    case VALUE_INT:
        return sqlite3_bind_int64(st, i, v->number);
    case VALUE_REAL:
        return sqlite3_bind_double(st, i, v->real);
    }
    return SQLITE_MISUSE;
}

enum aisle_status sql_bind(struct conn *c, sqlite3_stmt *st, struct values values,
                           struct aisle_err *err)
{
    assert((size_t)sqlite3_bind_parameter_count(st) == values.count);
    sqlite3_reset(st);
    for (size_t i = 0; i < values.count; i++) {
        int code = bind_value(st, (int)i + 1, &values.list[i]);

        if (code != SQLITE_OK)
            return sql_fail(c, code, err);
    }
    return AISLE_OK;
}

enum aisle_status sql_prepare(struct conn *c, const char *sql, struct values values,
                              sqlite3_stmt **out, struct aisle_err *err)
{
    sqlite3_stmt *st = take_idle(c, sql);
    enum aisle_status status;

    if (!st) {
        int code =
            sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);

        if (code != SQLITE_OK)
            return sql_fail(c, code, err);
    }
    status = sql_bind(c, st, values, err);
    if (status == AISLE_OK)
        *out = st;
    else
        sql_finish(c, st);
    return status;
}

enum aisle_status sql_step(struct conn *c, sqlite3_stmt *st, bool *row,
                           struct aisle_err *err)
{
    int code = sqlite3_step(st);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_fail(c, code, err);
    *row = code == SQLITE_ROW;
    return AISLE_OK;
}

/* As bytes: unlike sqlite3_column_text that needs no memory for a NUL behind them. */
struct str sql_column(sqlite3_stmt *st, int i)
{
    const void *p = sqlite3_column_blob(st, i);
    int n = sqlite3_column_bytes(st, i);

    return p ? str_n(p, (size_t)n) : STR_LIT("");
}

enum aisle_status sql_run(struct conn *c, const char *sql, struct values values,
                          struct aisle_err *err)
{
    sqlite3_stmt *st = NULL;
    bool row;
    enum aisle_status status = sql_prepare(c, sql, values, &st, err);

    if (status == AISLE_OK)
        status = sql_step(c, st, &row, err);
    sql_finish(c, st);
    return status;
}

enum aisle_status sql_ask(struct conn *c, const char *sql, struct values values,
                          int64_t absent, int64_t *answer, struct aisle_err *err)
{
    sqlite3_stmt *st = NULL;
    bool row = false;
    enum aisle_status status = sql_prepare(c, sql, values, &st, err);

    if (status == AISLE_OK)
        status = sql_step(c, st, &row, err);
    if (status == AISLE_OK)
        *answer = row ? sqlite3_column_int64(st, 0) : absent;
    sql_finish(c, st);
    return status;
}

int64_t sql_changed(const struct conn *c)
{
    return sqlite3_changes64(c->db);
}

enum aisle_status sql_script(struct conn *c, const char *text, struct aisle_err *err)
{
    int code = sqlite3_exec(c->db, text, NULL, NULL, NULL);

    return code == SQLITE_OK ? AISLE_OK : sql_fail(c, code, err);
}

/* ---- transactions ---- */

/* The way back is made before the way in: by the time it is needed there may be no memory
 * to make it. Made each time, since SQLite makes a statement anew after a change of
 * schema. */
static enum aisle_status prepare_rollback(struct conn *c, struct aisle_err *err)
{
    int code;

    sqlite3_finalize(c->rollback);
    c->rollback = NULL;
    code = sqlite3_prepare_v2(c->db, "ROLLBACK", -1, &c->rollback, NULL);
    return code == SQLITE_OK ? AISLE_OK : sql_fail(c, code, err);
}

static enum aisle_status begin(struct conn *c, const char *sql, const char *where,
                               struct aisle_err *err)
{
    enum aisle_status status;

    assert(!c->where);
    status = prepare_rollback(c, err);
    if (status == AISLE_OK)
        status = sql_run(c, sql, SQL_NO_VALUES, err);
    if (status == AISLE_OK)
        c->where = where;
    else
        sql_rollback(c); /* it may have begun and failed after that */
    return status;
}

enum aisle_status sql_begin_write(struct conn *c, const char *where,
                                  struct aisle_err *err)
{
    return begin(c, "BEGIN IMMEDIATE", where, err);
}

enum aisle_status sql_begin_read(struct conn *c, const char *where, struct aisle_err *err)
{
    return begin(c, "BEGIN", where, err);
}

enum aisle_status sql_commit(struct conn *c, struct aisle_err *err)
{
    enum aisle_status status = sql_run(c, "COMMIT", SQL_NO_VALUES, err);

    if (status != AISLE_OK)
        sql_rollback(c);
    c->where = NULL;
    return status;
}

void sql_rollback(struct conn *c)
{
    if (c->rollback && !sqlite3_get_autocommit(c->db)) {
        sqlite3_step(c->rollback);
        sqlite3_reset(c->rollback);
    }
    c->where = NULL;
}
