#include "store/postgres/conn.h"

#include "base/clock.h"
#include "base/mem.h"

#include <assert.h>
#include <endian.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_TEXT = 8192 };

/* A question's rows: all of them, or the one that just came. */
struct pg_stmt {
    struct stmt base;
    PGresult *result;
    int row;          /* of result, the current one; -1 before the first */
    PGresult **ahead; /* the first rows of a stream, one each */
    size_t ahead_count, ahead_at;
    bool streaming;
};

enum { AHEAD_ROWS = 1000, AHEAD_BYTES = 4 << 20 };

static struct pg_stmt *pg_stmt_of(struct stmt *st)
{
    return (struct pg_stmt *)st;
}

/* ---- values ---- */

static void set_number(struct pg_params *p, int i, Oid type, uint64_t bits)
{
    p->numbers[i] = htobe64(bits);
    p->types[i] = type;
    p->values[i] = (const char *)&p->numbers[i];
    p->lengths[i] = sizeof p->numbers[i];
}

static void set_text(struct pg_params *p, int i, struct str s, bool null)
{
    p->types[i] = OID_TEXT;
    p->values[i] = null ? NULL : s.p ? s.p : "";
    p->lengths[i] = (int)s.n;
}

static enum aisle_status set_values(struct pg_params *p, struct values values,
                                    struct pg_conn *c, struct aisle_err *err)
{
    assert(values.count <= PG_MAX_VALUES);
    p->count = (int)values.count;
    for (int i = 0; i < p->count; i++) {
        const struct value *v = &values.list[i];
        uint64_t bits = (uint64_t)v->number;

        if (v->text.n > INT32_MAX / 2)
            return aisle_fail(err, AISLE_LIMIT, "text is too large for %s",
                              c->base.place);
        p->formats[i] = 1;
        if (v->kind == VALUE_REAL)
            memcpy(&bits, &v->real, sizeof bits);
        if (v->kind == VALUE_INT || v->kind == VALUE_REAL)
            set_number(p, i, v->kind == VALUE_INT ? OID_INT8 : OID_FLOAT8, bits);
        else
            set_text(p, i, v->text, v->kind == VALUE_TEXT_OR_NULL && str_empty(v->text));
    }
    return AISLE_OK;
}

/* ---- the pipeline ---- */

/* Remember the first failure of several. */
static void keep_failure(struct pg_conn *c, const PGresult *result,
                         enum aisle_status *status, struct aisle_err *err)
{
    ExecStatusType kind = PQresultStatus(result);

    if (*status != AISLE_OK || kind == PGRES_PIPELINE_ABORTED)
        return;
    if (kind == PGRES_FATAL_ERROR || kind == PGRES_BAD_RESPONSE || !result)
        *status = pg_fail(c, result, err);
}

/* The answer to one statement; what is behind it in the pipeline stays. */
static PGresult *next_answer(struct pg_conn *c)
{
    PGresult *result = PQgetResult(c->pg);

    if (result)
        PQclear(PQgetResult(c->pg)); /* NULL: the end of this statement's */
    return result;
}

/* The first `count` pending statements' answers. */
static enum aisle_status take_answers(struct pg_conn *c, size_t count,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < count; i++) {
        PGresult *result = next_answer(c);
        struct pg_pending *p = &c->pending[i];

        keep_failure(c, result, &status, err);
        if (p->made)
            p->made->ready = PQresultStatus(result) == PGRES_COMMAND_OK;
        if (p->rows)
            *p->rows = strtoll(PQcmdTuples(result), NULL, 10);
        if (p->done)
            *p->done = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (c->lost)
            break;
    }
    c->pending_count = 0;
    return status;
}

/* The end of what was sent since the last one. */
static enum aisle_status take_sync(struct pg_conn *c, enum aisle_status status,
                                   struct aisle_err *err)
{
    PGresult *result;

    while (!c->lost && (result = PQgetResult(c->pg)) != NULL) {
        bool end = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

        keep_failure(c, result, &status, err);
        PQclear(result);
        if (end)
            return status;
    }
    c->lost = true;
    return status == AISLE_OK ? pg_fail(c, NULL, err) : status;
}

enum { DRAIN_ROWS = 1000 };

/* Read on to the end of a statement, over at most so many rows: *ended says whether. */
static void drain(struct pg_conn *c, size_t rows, bool *ended)
{
    *ended = false;
    for (size_t i = 0; i < rows && !*ended; i++) {
        PGresult *result = PQgetResult(c->pg);

        *ended = !result;
        PQclear(result);
        c->lost = c->lost || PQstatus(c->pg) == CONNECTION_BAD;
    }
}

/* A visitor has enough of rows that are still on their way. A few are read over; of many
 * the server is told. */
static void stop_streaming(struct pg_conn *c)
{
    char words[256];
    bool ended;

    c->streaming->streaming = false;
    c->streaming = NULL;
    drain(c, DRAIN_ROWS, &ended);
    if (!ended && !c->lost) {
        PGcancel *cancel = PQgetCancel(c->pg);

        if (cancel)
            PQcancel(cancel, words, sizeof words);
        PQfreeCancel(cancel);
        drain(c, SIZE_MAX, &ended);
    }
    take_sync(c, AISLE_OK, NULL);
    c->sqlstate[0] = '\0'; /* the cancelling we asked for */
}

static enum aisle_status sync_all(struct pg_conn *c, size_t but, struct aisle_err *err)
{
    if (!PQpipelineSync(c->pg)) {
        c->pending_count = 0;
        c->lost = true; /* answers and questions would no longer match */
        return pg_fail(c, NULL, err);
    }
    return take_answers(c, c->pending_count - but, err);
}

enum aisle_status pg_settle(struct pg_conn *c, struct aisle_err *err)
{
    enum aisle_status status;

    if (c->lost) {
        if (err && err->status == AISLE_OK)
            err->outage = 1;
        return aisle_fail(err, AISLE_IO, "the connection to %s was lost", c->base.place);
    }
    assert(!c->streaming);
    if (c->pending_count == 0)
        return AISLE_OK;
    status = sync_all(c, 0, err);
    return take_sync(c, status, err);
}

enum aisle_status pg_conn_ping(struct pg_conn *c, int ms, struct aisle_err *err)
{
    struct pollfd p = {.fd = PQsocket(c->pg), .events = POLLIN};
    bool asked = pg_conn_is_alive(c) && c->pending_count == 0 && PQpipelineSync(c->pg);

    if (asked && poll(&p, 1, ms) == 1)
        return take_sync(c, AISLE_OK, err);
    c->lost = true;
    return aisle_fail(err, AISLE_IO, "%s does not answer", c->base.place);
}

static enum aisle_status settle(struct conn *c, struct aisle_err *err)
{
    return pg_settle(pg_conn_of(c), err);
}

enum aisle_status pg_send(struct pg_conn *c, const char *sql, struct values kinds,
                          const struct pg_params *p, int64_t *rows, struct aisle_err *err)
{
    struct pg_prepared *known = pg_prepared_find(c, sql, kinds);
    char text[MAX_TEXT], name[16] = "";
    int sent;

    if (!known || !known->ready) {
        bool fits = pg_prepared_text(sql, text, sizeof text);

        assert(fits);
        (void)fits;
    }
    if (known)
        snprintf(name, sizeof name, "s%u", known->number);
    if (known && !known->ready) {
        if (!PQsendPrepare(c->pg, name, text, p->count, p->types))
            return pg_fail(c, NULL, err);
        c->pending[c->pending_count++] = (struct pg_pending){.made = known};
        known->ready = true; /* for whoever sends it behind us */
    }
    sent = known ? PQsendQueryPrepared(c->pg, name, p->count, p->values, p->lengths,
                                       p->formats, 1)
                 : PQsendQueryParams(c->pg, text, p->count, p->types, p->values,
                                     p->lengths, p->formats, 1);
    if (!sent)
        return pg_fail(c, NULL, err);
    c->pending[c->pending_count++] = (struct pg_pending){.rows = rows};
    return AISLE_OK;
}

static enum aisle_status send(struct pg_conn *c, const char *sql, struct values values,
                              int64_t *rows, struct aisle_err *err)
{
    struct pg_params p;
    enum aisle_status status = set_values(&p, values, c, err);

    return status == AISLE_OK ? pg_send(c, sql, values, &p, rows, err) : status;
}

/* ---- questions ---- */

static bool has_rows(const PGresult *result)
{
    ExecStatusType kind = PQresultStatus(result);

    return kind == PGRES_TUPLES_OK || kind == PGRES_SINGLE_TUPLE ||
           kind == PGRES_COMMAND_OK;
}

/* `last` is what came instead of a row. */
static enum aisle_status end_stream(struct pg_conn *c, struct pg_stmt *st, PGresult *last,
                                    struct aisle_err *err)
{
    enum aisle_status status = has_rows(last) ? AISLE_OK : pg_fail(c, last, err);

    PQclear(last);
    st->streaming = false;
    c->streaming = NULL;
    while (!c->lost && PQgetResult(c->pg)) /* NULL ends the statement's */
        continue;
    return take_sync(c, status, err);
}

/* The first rows, while nobody has seen any: where these are all, a connection that is
 * lost in their midst costs the visitor nothing. */
static enum aisle_status look_ahead(struct pg_conn *c, struct pg_stmt *st,
                                    struct aisle_err *err)
{
    size_t bytes = 0;

    st->ahead = mem_zalloc(AHEAD_ROWS, sizeof *st->ahead);
    if (!st->ahead)
        return aisle_nomem(err);
    while (st->ahead_count < AHEAD_ROWS && bytes < AHEAD_BYTES) {
        PGresult *row = PQgetResult(c->pg);

        if (PQresultStatus(row) != PGRES_SINGLE_TUPLE)
            return end_stream(c, st, row, err);
        bytes += PQresultMemorySize(row);
        st->ahead[st->ahead_count++] = row;
    }
    return AISLE_OK;
}

static enum aisle_status ask_rows(struct pg_conn *c, struct pg_stmt *st,
                                  struct aisle_err *err)
{
    enum aisle_status status = sync_all(c, 1, err);

    st->streaming = c->streams && !c->in_transaction && status == AISLE_OK && !c->lost &&
                    PQsetSingleRowMode(c->pg);
    if (st->streaming) {
        c->streaming = st;
        return look_ahead(c, st, err);
    }
    if (!c->lost)
        st->result = next_answer(c);
    if (status == AISLE_OK && !has_rows(st->result))
        status = pg_fail(c, st->result, err);
    return take_sync(c, status, err);
}

static void finish(struct stmt *stmt)
{
    struct pg_stmt *st = pg_stmt_of(stmt);
    struct pg_conn *c = pg_conn_of(stmt->conn);

    if (c->streaming == st)
        stop_streaming(c);
    PQclear(st->result);
    while (st->ahead_at < st->ahead_count)
        PQclear(st->ahead[st->ahead_at++]);
    mem_free(st->ahead);
    mem_free(st);
}

static enum aisle_status ask_once(struct pg_conn *c, const char *sql,
                                  struct values values, struct stmt **out,
                                  struct aisle_err *err)
{
    struct pg_stmt *st = mem_zalloc(1, sizeof *st);
    enum aisle_status status = AISLE_OK;

    if (!st)
        return aisle_nomem(err);
    st->base.conn = &c->base;
    st->row = -1;
    if (c->lost || c->pending_count >= PG_MAX_PENDING)
        status = pg_settle(c, err);
    if (status == AISLE_OK)
        status = send(c, sql, values, NULL, err);
    if (status == AISLE_OK)
        status = ask_rows(c, st, err);
    if (status != AISLE_OK) {
        finish(&st->base);
        return status;
    }
    *out = &st->base;
    return AISLE_OK;
}

/* Outside a transaction nobody has seen a row yet: a lost connection is opened again and
 * asked again. */
static enum aisle_status prepare(struct conn *conn, const char *sql, struct values values,
                                 struct stmt **out, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    int64_t until = 0;

    for (;;) {
        struct aisle_err now = {0};
        enum aisle_status status = ask_once(c, sql, values, out, &now);

        if (status == AISLE_OK && !c->in_transaction)
            c->failing_since = 0;
        if (c->lost && !c->in_transaction && pg_conn_is_patient(c, &until) &&
            pg_conn_again(c, &now) == AISLE_OK)
            continue;
        if (status != AISLE_OK)
            aisle_pass(err, &now);
        return status;
    }
}

static enum aisle_status next_streamed(struct pg_conn *c, struct pg_stmt *st, bool *row,
                                       struct aisle_err *err)
{
    PGresult *result = PQgetResult(c->pg);

    *row = PQresultStatus(result) == PGRES_SINGLE_TUPLE;
    if (!*row)
        return end_stream(c, st, result, err);
    PQclear(st->result);
    st->result = result;
    st->row = 0;
    return AISLE_OK;
}

static enum aisle_status step(struct stmt *stmt, bool *row, struct aisle_err *err)
{
    struct pg_stmt *st = pg_stmt_of(stmt);

    if (st->ahead_at < st->ahead_count) {
        PQclear(st->result);
        st->result = st->ahead[st->ahead_at++];
        st->row = 0;
        *row = true;
        return AISLE_OK;
    }
    if (st->streaming)
        return next_streamed(pg_conn_of(stmt->conn), st, row, err);
    *row = st->result && ++st->row < PQntuples(st->result);
    return AISLE_OK;
}

static struct str column(struct stmt *stmt, int i)
{
    const struct pg_stmt *st = pg_stmt_of(stmt);

    return str_n(PQgetvalue(st->result, st->row, i),
                 (size_t)PQgetlength(st->result, st->row, i));
}

/* Whatever width the server chose for it; NULL has length 0. */
static int64_t column_int(struct stmt *stmt, int i)
{
    struct str s = column(stmt, i);
    uint64_t n = 0;

    for (size_t k = 0; k < s.n && k < sizeof n; k++)
        n = n << 8 | (unsigned char)s.p[k];
    if (s.n == 4)
        return (int32_t)(uint32_t)n;
    if (s.n == 2)
        return (int16_t)(uint16_t)n;
    return (int64_t)n;
}

static double column_real(struct stmt *stmt, int i)
{
    uint64_t bits = (uint64_t)column_int(stmt, i);
    double real = 0;

    if (column(stmt, i).n == sizeof real)
        memcpy(&real, &bits, sizeof real);
    return real;
}

/* ---- statements whose rows do not matter ---- */

static enum aisle_status change_later(struct conn *conn, const char *sql,
                                      struct values values, int64_t *rows,
                                      struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status = AISLE_OK;

    if (c->lost || c->pending_count >= PG_MAX_PENDING)
        status = pg_settle(c, err);
    if (status == AISLE_OK)
        status = send(c, sql, values, rows, err);
    if (status == AISLE_OK && !c->in_transaction)
        status = pg_settle(c, err);
    return status;
}

static enum aisle_status run(struct conn *c, const char *sql, struct values values,
                             struct aisle_err *err)
{
    return change_later(c, sql, values, NULL, err);
}

static enum aisle_status change(struct conn *c, const char *sql, struct values values,
                                int64_t *rows, struct aisle_err *err)
{
    struct stmt *st = NULL;
    enum aisle_status status = prepare(c, sql, values, &st, err);

    if (status == AISLE_OK)
        *rows = strtoll(PQcmdTuples(pg_stmt_of(st)->result), NULL, 10);
    sql_finish(st);
    return status;
}

/* Several statements in one text are read by the simple protocol, outside a pipeline. */
static enum aisle_status script(struct conn *conn, const char *text,
                                struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status = AISLE_OK;
    struct aisle_err before = {0};
    PGresult *result;

    pg_settle(c, &before); /* whose failure was told, or is taken back just now */
    if (c->lost || !PQexitPipelineMode(c->pg))
        return pg_fail(c, NULL, err);
    result = PQexec(c->pg, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK &&
        PQresultStatus(result) != PGRES_TUPLES_OK)
        status = pg_fail(c, result, err);
    PQclear(result);
    if (!c->lost)
        PQenterPipelineMode(c->pg);
    return status;
}

/* A row that does not exist holds nobody up: its key is unique, and says so later. */
static enum aisle_status hold(struct conn *c, const char *table, const char *key,
                              struct str value, struct aisle_err *err)
{
    char sql[200];

    snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE %s = ? FOR NO KEY UPDATE", table,
             key);
    return run(c, sql, SQL_VALUES(sql_text(value)), err);
}

/* ---- transactions ---- */

static enum aisle_status begin(struct pg_conn *c, const char *sql, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (c->lost)
        status = pg_conn_again(c, err);
    if (status == AISLE_OK)
        status = pg_settle(c, err);
    if (status != AISLE_OK)
        return status;
    c->sqlstate[0] = '\0';
    c->committing = c->early = false;
    c->in_transaction = true;
    status = run(&c->base, sql, SQL_NO_VALUES, err);
    if (status != AISLE_OK)
        c->in_transaction = false;
    return status;
}

static enum aisle_status begin_write(struct conn *conn, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);

    c->batch++;
    return begin(c, "BEGIN", err);
}

static enum aisle_status begin_read(struct conn *c, struct aisle_err *err)
{
    return begin(pg_conn_of(c), "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err);
}

static void rollback(struct conn *conn)
{
    struct pg_conn *c = pg_conn_of(conn);

    if (!c->in_transaction || c->lost)
        return;
    pg_settle(c, NULL);
    c->in_transaction = false;
    run(conn, "ROLLBACK", SQL_NO_VALUES, NULL);
}

/* What others wait for is theirs from here on; then a little transaction of our own waits
 * for the disk, which has all that came before by then ("Asynchronous Commit" in
 * PostgreSQL's manual). */
static enum aisle_status send_commit(struct pg_conn *c, bool *done, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (c->early)
        status = run(&c->base, "SET LOCAL synchronous_commit = off", SQL_NO_VALUES, err);
    if (status == AISLE_OK)
        status = run(&c->base, "COMMIT", SQL_NO_VALUES, err);
    if (status == AISLE_OK)
        c->pending[c->pending_count - 1].done = done;
    if (status == AISLE_OK && c->early)
        status = run(&c->base,
                     "INSERT INTO writer (id, batch, at) VALUES (?, ?, ?) ON CONFLICT "
                     "(id) DO UPDATE SET at = excluded.at",
                     SQL_VALUES(sql_text(str_of(c->writer_id)), sql_int(c->batch),
                                sql_int(clock_now_s(clock_system()))),
                     err);
    return status;
}

/* The number of the batch goes along, so that it can be asked for when the answer does
 * not come; nor when it was kept, and we were not told that the disk has it. */
static enum aisle_status commit(struct conn *conn, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status = AISLE_OK;
    bool done = false;

    if (c->writer_id[0])
        status = run(conn, "UPDATE writer SET batch = ?, at = ? WHERE id = ?",
                     SQL_VALUES(sql_int(c->batch), sql_int(clock_now_s(clock_system())),
                                sql_text(str_of(c->writer_id))),
                     err);
    if (status == AISLE_OK)
        status = send_commit(c, &done, err);
    if (status == AISLE_OK) {
        c->committing = true;
        status = pg_settle(c, err);
    }
    if (status == AISLE_OK) {
        c->in_transaction = c->committing = false;
        c->failing_since = 0;
        c->unbroken = c->unbroken || c->early;
        return AISLE_OK;
    }
    c->lost = c->lost || done;
    rollback(conn);
    return status;
}

/* Numbers that were seen and then lost with the server are not given again: its recovery
 * empties `unbroken`, and whoever finds it so leaves out more than can have been lost. A
 * connection that has looked would not have outlived that. */
static enum aisle_status let_go_early(struct conn *conn, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    enum aisle_status status = AISLE_OK;

    if (!c->writer_id[0])
        return AISLE_OK;
    if (!c->unbroken)
        status = run(conn,
                     "INSERT INTO counter (name, last) SELECT 'decision', 1000000 WHERE "
                     "NOT EXISTS (SELECT 1 FROM unbroken) ON CONFLICT (name) DO UPDATE "
                     "SET last = counter.last + excluded.last",
                     SQL_NO_VALUES, err);
    if (status == AISLE_OK && !c->unbroken)
        status = run(conn, "INSERT INTO unbroken VALUES (1) ON CONFLICT (id) DO NOTHING",
                     SQL_NO_VALUES, err);
    c->early = status == AISLE_OK;
    return status;
}

static bool is_open(struct conn *conn)
{
    const struct pg_conn *c = pg_conn_of(conn);

    return c->in_transaction && !c->lost;
}

/* ---- once more? ---- */

/* Another writer's doing: over by the time we look again. A key that came meanwhile, or
 * what a row refers to that went, is seen then and told as what it is. */
static bool is_passing(const struct pg_conn *c, unsigned tries)
{
    if (pg_state_is(c, "40"))
        return tries < 10;
    return tries < 3 && (pg_state_is(c, "23505") || pg_state_is(c, "23503"));
}

static void wait_a_little(unsigned tries)
{
    uint64_t below = 2u << (tries < 8 ? tries : 8);

    clock_sleep_ms(clock_system(), (int64_t)rng_below(rng_system(), below));
}

/* COMMIT was sent and no answer came. Whoever holds our row still is the session we lost:
 * we wait for its end, and then the number says whether it was kept. */
static enum aisle_status ask_committed(struct pg_conn *c, bool *kept,
                                       struct aisle_err *err)
{
    int64_t batch = -1;
    enum aisle_status status =
        sql_ask(&c->base, "SELECT batch FROM writer WHERE id = ? FOR UPDATE",
                SQL_VALUES(sql_text(str_of(c->writer_id))), -1, &batch, err);

    if (status == AISLE_OK && batch < 0) /* the server we found never had us */
        status = pg_conn_enlist(&c->base, err);
    if (status == AISLE_OK)
        *kept = batch == c->batch;
    return status;
}

static enum sql_again again_lost(struct pg_conn *c, bool committing,
                                 struct aisle_err *err)
{
    struct aisle_err now = {0};
    bool kept = false;
    enum aisle_status status = pg_conn_again(c, &now);

    if (status == AISLE_OK && committing)
        status = ask_committed(c, &kept, &now);
    if (status != AISLE_OK) {
        *err = now;
        if (committing)
            aisle_note(err, "so that it is not known whether the last change was kept");
        return SQL_LOST;
    }
    *err = (struct aisle_err){0};
    if (kept)
        c->failing_since = 0;
    return kept ? SQL_KEPT : SQL_AGAIN;
}

/* However often it is lost, as long as others may keep us waiting. */
static bool is_patient(const struct pg_conn *c)
{
    return !c->failing_since ||
           clock_mono_ms(clock_system()) - c->failing_since < c->address->busy_ms;
}

static enum sql_again again(struct conn *conn, unsigned tries, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);

    if (c->lost && is_patient(c))
        return again_lost(c, c->committing, err);
    c->failing_since = 0;
    if (!is_passing(c, tries))
        return c->lost ? SQL_LOST : SQL_GIVE_UP;
    wait_a_little(tries);
    *err = (struct aisle_err){0};
    return SQL_AGAIN;
}

static bool again_piece(struct conn *conn, unsigned tries)
{
    struct pg_conn *c = pg_conn_of(conn);
    bool again = is_passing(c, tries);

    c->sqlstate[0] = '\0';
    return again;
}

const struct conn_ops pg_conn_ops = {
    .prepare = prepare,
    .step = step,
    .finish = finish,
    .column = column,
    .column_int = column_int,
    .column_real = column_real,
    .run = run,
    .change = change,
    .script = script,
    .add = pg_add,
    .begin_write = begin_write,
    .begin_read = begin_read,
    .commit = commit,
    .rollback = rollback,
    .is_open = is_open,
    .hold = hold,
    .settle = settle,
    .change_later = change_later,
    .again = again,
    .again_piece = again_piece,
    .with_rows = pg_with_rows,
    .let_go_early = let_go_early,
};
