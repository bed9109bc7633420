/* copy.c - many rows at once, by binary COPY ("COPY", section Binary Format, in
 * PostgreSQL's manual) */
#include "base/buf.h"
#include "store/postgres/conn.h"

#include <assert.h>
#include <endian.h>
#include <stdio.h>

enum {
    FEW_ROWS = 16,            /* are sent along one by one */
    FLUSH_BYTES = 128 * 1024, /* handed to libpq at a time */
    MAX_BYTES = 64 * 1024 * 1024,
    MAX_SQL = 4096,
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

/* COPY is not for a pipeline: what is pending is done first. */
enum aisle_status pg_add(struct conn *conn, const struct new_rows *rows,
                         struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status;

    assert(rows->column_count <= NEW_ROWS_MAX_COLUMNS && c->in_transaction);
    if (rows->count <= FEW_ROWS)
        return insert_rows(conn, rows, err);
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
