/* copy.c - many rows at once: by binary COPY ("COPY", section Binary Format, in
 * PostgreSQL's manual), some by unnest in one statement, which need not be waited for */
#include "base/buf.h"
#include "store/postgres/conn.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>

enum {
    FEW_ROWS = 8,             /* are sent along one by one */
    SOME_ROWS = 400,          /* are sent along as arrays */
    FLUSH_BYTES = 128 * 1024, /* handed to libpq at a time */
    MAX_BYTES = 64 * 1024 * 1024,
    MAX_SQL = 8192,
};

static void add_u16(struct buf *b, uint16_t n)
{
    n = htobe16(n);
    buf_add(b, str_n((const char *)&n, sizeof n));
}

static void add_u32(struct buf *b, uint32_t n)
{
    n = htobe32(n);
    buf_add(b, str_n((const char *)&n, sizeof n));
}

static void add_u64(struct buf *b, uint64_t n)
{
    n = htobe64(n);
    buf_add(b, str_n((const char *)&n, sizeof n));
}

static void add_value(struct buf *b, const struct value *v)
{
    uint64_t bits = (uint64_t)v->number;

    if (v->kind == VALUE_TEXT_OR_NULL && str_empty(v->text)) {
        add_u32(b, UINT32_MAX); /* -1: NULL */
        return;
    }
    if (v->kind == VALUE_TEXT || v->kind == VALUE_TEXT_OR_NULL) {
        add_u32(b, (uint32_t)v->text.n);
        buf_add(b, v->text);
        return;
    }
    if (v->kind == VALUE_REAL)
        memcpy(&bits, &v->real, sizeof bits);
    add_u32(b, sizeof bits);
    add_u64(b, bits);
}

static void add_row(struct buf *b, const struct value *values, size_t count)
{
    add_u16(b, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        add_value(b, &values[i]);
}

static enum aisle_status flush(struct pg_conn *c, struct buf *b, size_t at_least,
                               struct aisle_err *err)
{
    enum aisle_status status = buf_check(b, "row", err);

    if (status != AISLE_OK || b->n < at_least)
        return status;
    if (PQputCopyData(c->pg, b->p, (int)b->n) != 1)
        return pg_fail(c, NULL, err);
    buf_reset(b);
    return AISLE_OK;
}

static enum aisle_status send_rows(struct pg_conn *c, const struct new_rows *rows,
                                   struct aisle_err *err)
{
    static const char signature[] = "PGCOPY\n\377\r\n"; /* and its NUL */
    struct value values[NEW_ROWS_MAX_COLUMNS];
    struct buf b = BUF_INIT(MAX_BYTES);
    enum aisle_status status = AISLE_OK;

    buf_add(&b, str_n(signature, sizeof signature));
    add_u32(&b, 0); /* flags */
    add_u32(&b, 0); /* extension */
    for (size_t i = 0; i < rows->count && status == AISLE_OK; i++) {
        rows->fill(rows->ctx, i, values);
        add_row(&b, values, rows->column_count);
        status = flush(c, &b, FLUSH_BYTES, err);
    }
    add_u16(&b, UINT16_MAX); /* -1: the end */
    if (status == AISLE_OK)
        status = flush(c, &b, 1, err);
    buf_clear(&b);
    return status;
}

/* The answers to COPY and whatever is left to say. */
static enum aisle_status finish_copy(struct pg_conn *c, enum aisle_status status,
                                     struct aisle_err *err)
{
    const char *stop = status == AISLE_OK ? NULL : "not all rows could be made";
    PGresult *result;

    if (!c->lost && PQputCopyEnd(c->pg, stop) != 1 && status == AISLE_OK)
        status = pg_fail(c, NULL, err);
    while (!c->lost && (result = PQgetResult(c->pg)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == AISLE_OK)
            status = pg_fail(c, result, err);
        c->lost = c->lost || PQstatus(c->pg) == CONNECTION_BAD;
        PQclear(result);
    }
    return status;
}

static enum aisle_status copy_rows(struct pg_conn *c, const struct new_rows *rows,
                                   struct aisle_err *err)
{
    char sql[MAX_SQL];
    PGresult *result;
    enum aisle_status status;

    snprintf(sql, sizeof sql, "COPY %s (%s) FROM STDIN (FORMAT binary)", rows->table,
             rows->columns);
    result = PQexec(c->pg, sql);
    status = PQresultStatus(result) == PGRES_COPY_IN ? AISLE_OK : pg_fail(c, result, err);
    PQclear(result);
    if (status != AISLE_OK)
        return status;
    status = send_rows(c, rows, err);
    return finish_copy(c, status, err);
}

static enum aisle_status insert_rows(struct conn *c, const struct new_rows *rows,
                                     struct aisle_err *err)
{
    struct value values[NEW_ROWS_MAX_COLUMNS];
    char sql[MAX_SQL];
    int n = snprintf(sql, sizeof sql, "INSERT INTO %s (%s) VALUES (?", rows->table,
                     rows->columns);
    enum aisle_status status = AISLE_OK;

    for (size_t i = 1; i < rows->column_count && n < MAX_SQL - 8; i++)
        n += snprintf(sql + n, sizeof sql - (size_t)n, ", ?");
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    for (size_t i = 0; i < rows->count && status == AISLE_OK; i++) {
        rows->fill(rows->ctx, i, values);
        status = sql_run(c, sql, (struct values){values, rows->column_count}, err);
    }
    return status;
}

/* ---- as arrays ---- */

/* A column as array_recv reads it (src/backend/utils/adt/arrayfuncs.c): dimensions,
 * whether there are NULLs, what of, how many, from which index on, and the values. */
static void begin_array(struct buf *b, Oid of, size_t count)
{
    add_u32(b, 1);
    add_u32(b, 1);
    add_u32(b, of);
    add_u32(b, (uint32_t)count);
    add_u32(b, 1);
}

static Oid type_of(enum value_kind kind)
{
    return kind == VALUE_INT ? OID_INT8 : kind == VALUE_REAL ? OID_FLOAT8 : OID_TEXT;
}

static Oid array_of(Oid type) /* catalog/pg_type.dat: array_type_oid */
{
    return type == OID_INT8 ? 1016 : type == OID_FLOAT8 ? 1022 : 1009;
}

static void add_columns(const struct new_rows *rows, struct buf *columns,
                        struct value *values)
{
    for (size_t i = 0; i < rows->count; i++) {
        rows->fill(rows->ctx, i, values);
        for (size_t k = 0; k < rows->column_count; k++) {
            if (i == 0)
                begin_array(&columns[k], type_of(values[k].kind), rows->count);
            add_value(&columns[k], &values[k]);
        }
    }
}

static enum aisle_status set_columns(const struct new_rows *rows, struct buf *columns,
                                     const struct value *values, struct pg_params *p,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    p->count = (int)rows->column_count;
    for (size_t k = 0; k < rows->column_count && status == AISLE_OK; k++) {
        p->types[k] = array_of(type_of(values[k].kind));
        p->values[k] = columns[k].p;
        p->lengths[k] = (int)columns[k].n;
        p->formats[k] = 1;
        status = buf_check(&columns[k], "row", err);
    }
    return status;
}

/* "before (columns) between unnest(?, ?) after" */
static void format_unnest(const struct new_rows *rows, const char *const words[3],
                          char sql[MAX_SQL])
{
    int n = snprintf(sql, MAX_SQL, "%s%s%s unnest(?", words[0], rows->columns, words[1]);

    for (size_t i = 1; i < rows->column_count && n < MAX_SQL; i++)
        n += snprintf(sql + n, MAX_SQL - (size_t)n, ", ?");
    if (n < MAX_SQL)
        n += snprintf(sql + n, MAX_SQL - (size_t)n, ")%s", words[2]);
    assert(n < MAX_SQL);
}

static enum aisle_status send_arrays(struct pg_conn *c, const char *sql,
                                     const struct new_rows *rows, struct aisle_err *err)
{
    struct value values[NEW_ROWS_MAX_COLUMNS] = {0};
    struct buf columns[NEW_ROWS_MAX_COLUMNS];
    struct pg_params p;
    enum aisle_status status;

    for (size_t k = 0; k < rows->column_count; k++)
        columns[k] = (struct buf)BUF_INIT(MAX_BYTES);
    add_columns(rows, columns, values);
    status = set_columns(rows, columns, values, &p, err);
    if (status == AISLE_OK && (c->lost || c->pending_count >= PG_MAX_PENDING))
        status = pg_settle(c, err);
    if (status == AISLE_OK)
        status =
            pg_send(c, sql, (struct values){values, rows->column_count}, &p, NULL, err);
    for (size_t k = 0; k < rows->column_count; k++)
        buf_clear(&columns[k]);
    return status;
}

static enum aisle_status add_arrays(struct pg_conn *c, const struct new_rows *rows,
                                    struct aisle_err *err)
{
    char into[200], sql[MAX_SQL];
    const char *const words[] = {into, ") SELECT * FROM", ""};

    snprintf(into, sizeof into, "INSERT INTO %s (", rows->table);
    format_unnest(rows, words, sql);
    return send_arrays(c, sql, rows, err);
}

/* Of tables that were empty a moment ago the planner knows nothing, and may look a key up
 * by an index that has all of a seller's rows. Its own look (autovacuum) is up to a
 * minute away, and by then a map run has come far. */
static enum aisle_status look_anew(struct pg_conn *c, size_t rows, struct aisle_err *err)
{
    c->rows_along += rows;
    if (c->rows_along < c->look_anew_at || !c->in_transaction)
        return AISLE_OK;
    c->look_anew_at = c->rows_along * 8;
    return sql_run(&c->base,
                   "ANALYZE (SKIP_LOCKED) mapping, decision, suggestion, run_item",
                   SQL_NO_VALUES, err);
}

enum aisle_status pg_with_rows(struct conn *conn, const char *sql,
                               const struct new_rows *rows, struct aisle_err *err)
{
    enum aisle_status status = look_anew(pg_conn_of(conn), rows->count, err);
    char text[MAX_SQL];
    char after[MAX_SQL];
    const char *const words[] = {"WITH rows (", ", place) AS (SELECT * FROM", after};

    assert(rows->count > 0 && rows->column_count <= NEW_ROWS_MAX_COLUMNS);
    snprintf(after, sizeof after, " WITH ORDINALITY)%s", sql);
    format_unnest(rows, words, text);
    return status == AISLE_OK ? send_arrays(pg_conn_of(conn), text, rows, err) : status;
}

/* COPY is not for a pipeline: what is pending is done first. */
enum aisle_status pg_add(struct conn *conn, const struct new_rows *rows,
                         struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status;

    assert(rows->column_count <= NEW_ROWS_MAX_COLUMNS && c->in_transaction);
    if (rows->count <= FEW_ROWS)
        return insert_rows(conn, rows, err);
    if (rows->count <= SOME_ROWS)
        return add_arrays(c, rows, err);
    status = pg_settle(c, err);
    if (status != AISLE_OK)
        return status;
    if (!PQexitPipelineMode(c->pg))
        return pg_fail(c, NULL, err);
    status = copy_rows(c, rows, err);
    if (!c->lost)
        PQenterPipelineMode(c->pg);
    return status;
}
