#include "store/sqlite/conn.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <stdio.h>

enum { PLACE_LOOK_MS = 1000 };

struct sqlite_stmt {
    struct stmt base;
    sqlite3_stmt *st;
};

static struct sqlite_stmt *sqlite_stmt_of(struct stmt *st)
{
    return (struct sqlite_stmt *)st;
}

/* ---- failures ---- */

static enum aisle_status fail_io(const struct sqlite_conn *c, const char *doing,
                                 struct aisle_err *err)
{
    int code = sqlite3_system_errno(c->db);

    return aisle_fail(err, AISLE_IO, "cannot %s %s: %s", doing, c->base.place,
                      code ? strerror(code) : sqlite3_errmsg(c->db));
}

/* Opened so, as it may not be written to. */
static bool is_read_only(const struct sqlite_conn *c)
{
    return sqlite3_db_readonly(c->db, "main") == 1;
}

/* What SQLite's result code means to us, with the file named. */
static enum aisle_status fail_as(const struct sqlite_conn *c, int code,
                                 struct aisle_err *err)
{
    const char *place = c->base.place, *where = c->base.where;

    if (code == SQLITE_IOERR_NOMEM)
        return aisle_nomem(err);

    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        return aisle_nomem(err);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return aisle_fail(err, AISLE_BUSY, "another process holds %s", place);
    case SQLITE_FULL:
        return aisle_fail(err, AISLE_IO, "disk is full: %s", place);
    case SQLITE_CORRUPT:
        return aisle_fail(err, AISLE_GARBLED, "%s is damaged: %s", place,
                          sqlite3_errmsg(c->db));
    case SQLITE_NOTADB:
        return aisle_fail(err, AISLE_GARBLED, "%s is not a database", place);
    case SQLITE_TOOBIG:
        return aisle_fail(err, AISLE_LIMIT, "text is too large for %s", place);
    case SQLITE_CONSTRAINT:
        return aisle_fail(err, AISLE_INVALID, "%s: %s", place, sqlite3_errmsg(c->db));
    case SQLITE_CANTOPEN:
        return fail_io(c, "open", err);
    case SQLITE_READONLY:
        if (is_read_only(c))
            return aisle_fail(err, AISLE_IO,
                              "%s can only be read: copy it to where it can be written",
                              place);
        return fail_io(c, "write to", err);
    case SQLITE_PERM:
        return fail_io(c, "write to", err);
    case SQLITE_IOERR:
        return fail_io(c, "read or write", err);
    default:
        return aisle_fail(err, AISLE_IO, "%s: %s%s%s", place, sqlite3_errmsg(c->db),
                          where ? ", begun at " : "", where ? where : "");
    }
}

static enum aisle_status fail(const struct sqlite_conn *c, int code,
                              struct aisle_err *err)
{
    bool first = err && err->status == AISLE_OK;
    int kind = code & 0xFF;
    enum aisle_status status = fail_as(c, code, err);

    if (first && status == AISLE_IO)
        err->outage = kind == SQLITE_FULL || kind == SQLITE_IOERR ||
                      kind == SQLITE_CANTOPEN ||
                      (kind == SQLITE_READONLY && !is_read_only(c));
    return status;
}

/* ---- statements ---- */

static struct sqlite_stmt *take_idle(struct sqlite_conn *c, const char *sql)
{
    for (size_t i = c->idle_count; i-- > 0;) {
        struct sqlite_stmt *st = c->idle[i];

        if (strcmp(sqlite3_sql(st->st), sql) != 0)
            continue;
        c->idle_count--;
        memmove(&c->idle[i], &c->idle[i + 1], (c->idle_count - i) * sizeof *c->idle);
        return st;
    }
    return NULL;
}

static void free_stmt(struct sqlite_stmt *st)
{
    sqlite3_finalize(st->st);
    mem_free(st);
}

/* Back to those kept ready. */
static void finish(struct stmt *stmt)
{
    struct sqlite_conn *c = sqlite_conn_of(stmt->conn);
    struct sqlite_stmt *st = sqlite_stmt_of(stmt);

    sqlite3_reset(st->st);
    sqlite3_clear_bindings(st->st);
    if (c->idle_count == CONN_MAX_IDLE) {
        free_stmt(c->idle[0]);
        c->idle_count--;
        memmove(&c->idle[0], &c->idle[1], c->idle_count * sizeof *c->idle);
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

static enum aisle_status bind(struct sqlite_conn *c, struct sqlite_stmt *st,
                              struct values values, struct aisle_err *err)
{
    assert((size_t)sqlite3_bind_parameter_count(st->st) == values.count);
    sqlite3_reset(st->st);
    for (size_t i = 0; i < values.count; i++) {
        int code = bind_value(st->st, (int)i + 1, &values.list[i]);

        if (code != SQLITE_OK)
            return fail(c, code, err);
    }
    return AISLE_OK;
}

static enum aisle_status make_stmt(struct sqlite_conn *c, const char *sql,
                                   struct sqlite_stmt **out, struct aisle_err *err)
{
    struct sqlite_stmt *st = mem_zalloc(1, sizeof *st);
    int code;

    if (!st)
        return aisle_nomem(err);
    st->base.conn = &c->base;
    code = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st->st, NULL);
    if (code != SQLITE_OK) {
        free_stmt(st);
        return fail(c, code, err);
    }
    *out = st;
    return AISLE_OK;
}

static enum aisle_status prepare(struct conn *conn, const char *sql, struct values values,
                                 struct stmt **out, struct aisle_err *err)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);
    struct sqlite_stmt *st = take_idle(c, sql);
    enum aisle_status status = st ? AISLE_OK : make_stmt(c, sql, &st, err);

    if (status != AISLE_OK)
        return status;
    assert(st);
    status = bind(c, st, values, err);
    if (status == AISLE_OK)
        *out = &st->base;
    else
        finish(&st->base);
    return status;
}

static enum aisle_status step(struct stmt *st, bool *row, struct aisle_err *err)
{
    int code = sqlite3_step(sqlite_stmt_of(st)->st);

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return fail(sqlite_conn_of(st->conn), code, err);
    *row = code == SQLITE_ROW;
    return AISLE_OK;
}

/* As bytes: unlike sqlite3_column_text that needs no memory for a NUL behind them. */
static struct str column(struct stmt *stmt, int i)
{
    sqlite3_stmt *st = sqlite_stmt_of(stmt)->st;
    const void *p = sqlite3_column_blob(st, i);
    int n = sqlite3_column_bytes(st, i);

    return p ? str_n(p, (size_t)n) : STR_LIT("");
}

static int64_t column_int(struct stmt *st, int i)
{
    return sqlite3_column_int64(sqlite_stmt_of(st)->st, i);
}

static double column_real(struct stmt *st, int i)
{
    return sqlite3_column_double(sqlite_stmt_of(st)->st, i);
}

static enum aisle_status run(struct conn *c, const char *sql, struct values values,
                             struct aisle_err *err)
{
    struct stmt *st = NULL;
    bool row;
    enum aisle_status status = prepare(c, sql, values, &st, err);

    if (status == AISLE_OK)
        status = step(st, &row, err);
    sql_finish(st);
    return status;
}

static enum aisle_status change(struct conn *c, const char *sql, struct values values,
                                int64_t *rows, struct aisle_err *err)
{
    enum aisle_status status = run(c, sql, values, err);

    if (status == AISLE_OK)
        *rows = sqlite3_changes64(sqlite_conn_of(c)->db);
    return status;
}

static enum aisle_status script(struct conn *conn, const char *text,
                                struct aisle_err *err)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);
    int code = sqlite3_exec(c->db, text, NULL, NULL, NULL);

    return code == SQLITE_OK ? AISLE_OK : fail(c, code, err);
}

/* ---- many rows ---- */

enum { ADD_MAX_TEXT = 4096 };

static void insert_text(const struct new_rows *rows, char out[ADD_MAX_TEXT])
{
    int n = snprintf(out, ADD_MAX_TEXT, "INSERT INTO %s (%s) VALUES (", rows->table,
                     rows->columns);

    for (size_t i = 0; i < rows->column_count; i++) {
        assert(n > 0 && n + 4 < ADD_MAX_TEXT);
        n += snprintf(out + n, ADD_MAX_TEXT - (size_t)n, i ? ", ?" : "?");
    }
    snprintf(out + n, ADD_MAX_TEXT - (size_t)n, ")");
}

static enum aisle_status add(struct conn *conn, const struct new_rows *rows,
                             struct aisle_err *err)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);
    struct value list[NEW_ROWS_MAX_COLUMNS];
    char sql[ADD_MAX_TEXT];
    struct stmt *st = NULL;
    enum aisle_status status = AISLE_OK;
    bool row;

    insert_text(rows, sql);
    for (size_t i = 0; i < rows->count && status == AISLE_OK; i++) {
        const struct values values = {list, rows->column_count};

        rows->fill(rows->ctx, i, list);
        status = st ? bind(c, sqlite_stmt_of(st), values, err)
                    : prepare(conn, sql, values, &st, err);
        if (status == AISLE_OK)
            status = step(st, &row, err);
    }
    sql_finish(st);
    return status;
}

/* ---- transactions ---- */

/* The way back is made before the way in: by the time it is needed there may be no memory
 * to make it. Made each time, since SQLite makes a statement anew after a change of
 * schema. */
static enum aisle_status prepare_rollback(struct sqlite_conn *c, struct aisle_err *err)
{
    int code;

    sqlite3_finalize(c->rollback);
    c->rollback = NULL;
    code = sqlite3_prepare_v2(c->db, "ROLLBACK", -1, &c->rollback, NULL);
    return code == SQLITE_OK ? AISLE_OK : fail(c, code, err);
}

static void rollback(struct conn *conn)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);

    if (c->rollback && !sqlite3_get_autocommit(c->db)) {
        sqlite3_step(c->rollback);
        sqlite3_reset(c->rollback);
    }
}

/* What is written to a file that was renamed, removed or replaced while it was open would
 * be kept where nobody looks: SQLite goes on with it, since to it nothing has happened.
 */
static enum aisle_status check_place(struct sqlite_conn *c, struct aisle_err *err)
{
    int moved = 0;
    int code = sqlite3_file_control(c->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    bool first = err && err->status == AISLE_OK;

    if (code != SQLITE_OK || !moved) /* one in memory cannot be */
        return AISLE_OK;
    c->looked_ms = 0;
    aisle_fail(err, AISLE_IO, "%s is not the file it was: start anew", c->base.place);
    if (first)
        err->outage = 1;
    return AISLE_IO;
}

enum aisle_status sqlite_conn_check(struct conn *conn, struct aisle_err *err)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);
    int64_t now = clock_mono_ms(clock_system());

    if (c->looked_ms && now - c->looked_ms < PLACE_LOOK_MS)
        return AISLE_OK;
    c->looked_ms = now;
    return check_place(c, err);
}

static enum aisle_status begin(struct conn *c, const char *sql, struct aisle_err *err)
{
    enum aisle_status status = prepare_rollback(sqlite_conn_of(c), err);

    if (status == AISLE_OK)
        status = run(c, sql, SQL_NO_VALUES, err);
    if (status != AISLE_OK)
        rollback(c); /* it may have begun and failed after that */
    return status;
}

static enum aisle_status begin_write(struct conn *c, struct aisle_err *err)
{
    enum aisle_status status = begin(c, "BEGIN IMMEDIATE", err);

    if (status == AISLE_OK)
        status = check_place(sqlite_conn_of(c), err);
    if (status != AISLE_OK)
        rollback(c);
    return status;
}

static enum aisle_status begin_read(struct conn *c, struct aisle_err *err)
{
    return begin(c, "BEGIN", err);
}

/* Wait until the disk has what was committed. Other processes may write meanwhile; when
 * SQLite waits by itself (synchronous = FULL) it keeps them out for as long. A log that a
 * checkpoint emptied before we came was on the disk before that. */
static enum aisle_status wait_for_disk(struct sqlite_conn *c, struct aisle_err *err)
{
    sqlite3_file *log = NULL;
    int code = sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);

    if (code == SQLITE_OK && log && log->pMethods)
        code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    return code == SQLITE_OK ? AISLE_OK : fail(c, code, err);
}

static enum aisle_status commit(struct conn *conn, struct aisle_err *err)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);
    enum aisle_status status = run(conn, "COMMIT", SQL_NO_VALUES, err);

    if (status != AISLE_OK) {
        rollback(conn);
        return status;
    }
    return wait_for_disk(c, err);
}

static bool is_open(struct conn *c)
{
    return !sqlite3_get_autocommit(sqlite_conn_of(c)->db);
}

static const struct conn_ops ops = {
    .prepare = prepare,
    .step = step,
    .finish = finish,
    .column = column,
    .column_int = column_int,
    .column_real = column_real,
    .run = run,
    .change = change,
    .script = script,
    .add = add,
    .begin_write = begin_write,
    .begin_read = begin_read,
    .commit = commit,
    .rollback = rollback,
    .is_open = is_open,
};

/* ---- the connection ---- */

/* Settings of every connection. NORMAL: the file is sound whatever happens; that a commit
 * is on the disk we see to ourselves. A schema from elsewhere may not run functions. */
static enum aisle_status configure(struct sqlite_conn *c, int busy_ms,
                                   struct aisle_err *err)
{
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_timeout(c->db, busy_ms);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return script(&c->base, "PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", err);
}

enum aisle_status sqlite_conn_open(const char *place, const char *name, int flags,
                                   int busy_ms, struct conn **out, struct aisle_err *err)
{
    struct sqlite_conn *c = mem_zalloc(1, sizeof *c);
    enum aisle_status status;
    int code;

    if (!c)
        return aisle_nomem(err);
    c->base.ops = &ops;
    c->base.place = place;
    code = sqlite3_open_v2(name, &c->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    status = code == SQLITE_OK ? configure(c, busy_ms, err) : fail(c, code, err);
    if (status == AISLE_OK)
        *out = &c->base;
    else
        sqlite_conn_close(&c->base);
    return status;
}

void sqlite_conn_forget(struct conn *conn)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);

    while (c->idle_count > 0)
        free_stmt(c->idle[--c->idle_count]);
}

void sqlite_conn_close(struct conn *conn)
{
    struct sqlite_conn *c = sqlite_conn_of(conn);

    if (!c)
        return;
    assert(!c->base.where);
    sqlite3_finalize(c->rollback);
    sqlite_conn_forget(conn);
    sqlite3_close(c->db);
    mem_free(c);
}
