/* connect.c - from a location to a connection, and back to one when it was lost
 *
 * libpq reads the location, the PG* environment, ~/.pgpass and services; with several
 * hosts it takes the one that can be written to. What it says of a location it cannot
 * read may hold a password and is not repeated.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/postgres/conn.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>

/* ---- the address ---- */

static const char *option_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, keyword) == 0)
            return options->val;
    return NULL;
}

/* "postgresql://user@a:5432,b:5433/shop": what was asked for, without secrets. */
static void format_place(const PQconninfoOption *options, struct buf *out)
{
    const char *user = option_of(options, "user"), *name = option_of(options, "dbname");
    const char *host = option_of(options, "host"), *addr = option_of(options, "hostaddr");
    const char *port = option_of(options, "port");
    struct str hosts = str_of(host ? host : addr), ports = str_of(port);
    bool first = true;

    buf_addz(out, "postgresql://");
    if (user)
        buf_addf(out, "%s@", user);
    while (first || !str_empty(hosts)) {
        struct str one = str_cut(&hosts, ','), number = ports;

        if (str_find_char(ports, ',') < ports.n) /* one port may be all hosts' */
            number = str_cut(&ports, ',');
        buf_addf(out, "%s%.*s", first ? "" : ",", STR_ARG(one));
        if (!str_empty(number))
            buf_addf(out, ":%.*s", STR_ARG(number));
        first = false;
    }
    buf_addf(out, "/%s", name ? name : "");
}

static char *uri_of(struct str location)
{
    struct buf uri = BUF_INIT(BUF_MAX_LINE);

    buf_addz(&uri, "postgresql://");
    buf_add(&uri, location);
    return buf_take(&uri);
}

enum aisle_status pg_address_init(struct pg_address *a, struct str location, int busy_ms,
                                  struct aisle_err *err)
{
    struct buf place = BUF_INIT(BUF_MAX_LINE);
    PQconninfoOption *options;
    enum aisle_status status;

    if (str_find_char(location, '\0') != location.n)
        return aisle_fail(err, AISLE_INVALID, "a store's location has a NUL in it");
    *a = (struct pg_address){.busy_ms = busy_ms};
    a->uri = uri_of(location);
    if (!a->uri)
        return aisle_nomem(err);
    options = PQconninfoParse(a->uri, NULL);
    if (!options) {
        pg_address_clear(a);
        return aisle_fail(err, AISLE_CONFIG,
                          "the store's location is not one PostgreSQL can read: try "
                          "postgresql://user@host/database");
    }
    format_place(options, &place);
    PQconninfoFree(options);
    status = buf_check(&place, "location", err);
    if (status == AISLE_OK) {
        a->place = buf_take(&place);
        status = a->place ? AISLE_OK : aisle_nomem(err);
    }
    if (status != AISLE_OK)
        pg_address_clear(a);
    buf_clear(&place);
    return status;
}

void pg_address_clear(struct pg_address *a)
{
    mem_free(a->uri); /* the settings hold the same text as long as we live */
    mem_free(a->place);
    *a = (struct pg_address){0};
}

/* ---- connecting ---- */

/* Before the location, which may say otherwise: a host that does not answer is given up,
 * and so is one that went silent. */
static PGconn *connect_once(const char *uri)
{
    static const char *const keywords[] = {
        "application_name",     "connect_timeout",
        "keepalives_idle",      "keepalives_interval",
        "keepalives_count",     "tcp_user_timeout",
        "target_session_attrs", "dbname",
        "client_encoding",      NULL,
    };
    const char *const values[] = {
        "aisle", "5", "10", "5", "3", "15000", "read-write", uri, "UTF8", NULL,
    };

    return PQconnectdbParams(keywords, values, 1);
}

/* What a session must know. A writer that is cut off or put to sleep lets go of what it
 * holds before others wait for long: between two statements of ours there are moments,
 * and what is rolled back is done again. A reader holds nobody up, and may carry what it
 * read elsewhere before it asks on. One that waits for another gives up when we would.
 */
static enum aisle_status configure(struct pg_conn *c, struct aisle_err *err)
{
    char sql[400];
    PGresult *result;
    enum aisle_status status = AISLE_OK;

    snprintf(sql, sizeof sql,
             "SET default_transaction_isolation = 'read committed'; "
             "SET standard_conforming_strings = on; SET client_min_messages = warning; "
             "SET idle_in_transaction_session_timeout = '%s'; "
             "SET tcp_user_timeout = '15s'; SET lock_timeout = %d",
             c->reads ? "10min" : "5s", c->address->busy_ms);
    result = PQexec(c->pg, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = pg_fail(c, result, err);
    PQclear(result);
    if (status == AISLE_OK && !PQenterPipelineMode(c->pg))
        status = pg_fail(c, NULL, err);
    return status;
}

/* A server that says no (FATAL) will say so again, unless it merely starts or is full. A
 * wrong password is one we were asked for. A host that was there before and has no name
 * just now is an outage. */
static enum aisle_status fail_to_connect(struct pg_conn *c, struct aisle_err *err)
{
    static const char *const passing[] = {"starting up",       "shutting down",
                                          "not yet accepting", "too many",
                                          "connection slots",  "terminating connection"};
    char words[400];
    bool refused;

    pg_words(PQerrorMessage(c->pg), words, sizeof words);
    refused = strstr(words, "FATAL:") != NULL || PQconnectionNeedsPassword(c->pg) ||
              (!c->failing_since && pg_is_mistaken(PQerrorMessage(c->pg)));
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        refused = refused && !strstr(words, passing[i]);
    if (err && err->status == AISLE_OK)
        err->outage = !refused;
    return aisle_fail(err, refused ? AISLE_CONFIG : AISLE_IO, "cannot open %s: %s",
                      c->base.place, words);
}

/* Notices are for psql; what matters comes as a failure. */
static void pass_over(void *ctx, const char *message)
{
    (void)ctx, (void)message;
}

static enum aisle_status connect_now(struct pg_conn *c, struct aisle_err *err)
{
    c->pg = connect_once(c->address->uri);
    if (!c->pg)
        return aisle_nomem(err);
    PQsetNoticeProcessor(c->pg, pass_over, NULL);
    if (PQstatus(c->pg) != CONNECTION_OK)
        return fail_to_connect(c, err);
    return configure(c, err);
}

static void hang_up(struct pg_conn *c)
{
    PQfinish(c->pg);
    c->pg = NULL;
    pg_prepared_clear(c);
    c->pending_count = 0;
    c->streaming = NULL;
    c->in_transaction = c->committing = c->unbroken = false;
    c->rows_along = 0;
    c->look_anew_at = PG_LOOK_ANEW;
}

static enum aisle_status connect_anew(struct pg_conn *c, struct aisle_err *err)
{
    enum aisle_status status;

    hang_up(c);
    c->lost = false;
    status = connect_now(c, err);
    c->lost = status != AISLE_OK;
    return status;
}

/* Once for all connections that find it so, and once when the first is through again. */
static void say_waiting(struct pg_address *a, int64_t now, const struct aisle_err *why)
{
    int64_t there = 0;

    if (atomic_compare_exchange_strong(&a->away_since, &there, now))
        log_line(a->log, LOG_WARN, "waiting for the store: %s", why->text);
}

static void say_back(struct pg_address *a, int64_t now)
{
    int64_t since = atomic_exchange(&a->away_since, 0);

    if (since)
        log_line(a->log, LOG_INFO, "%s is back after %.1f s", a->place,
                 (double)(now - since) / 1000);
}

enum aisle_status pg_conn_again(struct pg_conn *c, struct aisle_err *err)
{
    const struct clock *clock = clock_system();
    int64_t wait_ms = 20;

    if (!c->failing_since)
        c->failing_since = clock_mono_ms(clock);
    for (;;) {
        struct aisle_err now = {0};
        bool patient = clock_mono_ms(clock) - c->failing_since < c->address->busy_ms;
        enum aisle_status status = connect_anew(c, &now);

        if (status == AISLE_OK) {
            say_back(c->address, clock_mono_ms(clock));
            return AISLE_OK;
        }
        say_waiting(c->address, c->failing_since, &now);
        if (status == AISLE_NOMEM || !patient) {
            c->failing_since = 0;
            aisle_pass(err, &now);
            return status;
        }
        clock_sleep_ms(clock, wait_ms);
        wait_ms = wait_ms < 500 ? wait_ms * 2 : 500;
    }
}

/* There was a server, and it ended the session before it was of any use. */
static bool was_cut_off(const struct pg_conn *c)
{
    return c->lost || strstr(PQerrorMessage(c->pg), "terminating connection") != NULL;
}

static enum aisle_status connect_first(struct pg_conn *c, struct aisle_err *err)
{
    struct aisle_err now = {0};
    enum aisle_status status = connect_now(c, &now);

    if (status != AISLE_OK && c->pg && was_cut_off(c))
        return pg_conn_again(c, err);
    aisle_pass(err, &now);
    return status;
}

bool pg_conn_is_patient(const struct pg_conn *c, int64_t *until)
{
    int64_t now = clock_mono_ms(clock_system());

    if (!*until)
        *until = now + c->address->busy_ms;
    return now < *until;
}

static struct pg_conn *make_conn(struct pg_address *address, bool reads)
{
    struct pg_conn *c = mem_zalloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->base.ops = &pg_conn_ops;
    c->base.place = address->place;
    c->look_anew_at = PG_LOOK_ANEW;
    c->address = address;
    c->reads = reads;
    c->prepared = mem_zalloc((size_t)2 * PG_MAX_PREPARED, sizeof *c->prepared);
    if (c->prepared)
        return c;
    mem_free(c);
    return NULL;
}

static enum aisle_status keep_or_close(struct pg_conn *c, enum aisle_status status,
                                       struct conn **out)
{
    if (status == AISLE_OK)
        *out = &c->base;
    else
        pg_conn_close(&c->base);
    return status;
}

enum aisle_status pg_conn_open(struct pg_address *address, bool reads, struct conn **out,
                               struct aisle_err *err)
{
    struct pg_conn *c = make_conn(address, reads);

    if (!c)
        return aisle_nomem(err);
    return keep_or_close(c, reads ? pg_conn_again(c, err) : connect_first(c, err), out);
}

enum aisle_status pg_conn_try(struct pg_address *address, struct conn **out,
                              struct aisle_err *err)
{
    struct pg_conn *c = make_conn(address, true);
    enum aisle_status status;

    if (!c)
        return aisle_nomem(err);
    status = connect_now(c, err);
    if (status == AISLE_OK)
        say_back(address, clock_mono_ms(clock_system()));
    return keep_or_close(c, status, out);
}

void pg_conn_close(struct conn *conn)
{
    struct pg_conn *c = pg_conn_of(conn);

    if (!c)
        return;
    hang_up(c);
    mem_free(c->prepared);
    mem_free(c);
}

/* A server that ended the session has closed the socket, or said why on it: either way
 * there is something to read where nothing was asked. */
bool pg_conn_is_alive(struct pg_conn *c)
{
    struct pollfd p = {.fd = PQsocket(c->pg), .events = POLLIN};

    return !c->lost && PQstatus(c->pg) == CONNECTION_OK && poll(&p, 1, 0) == 0;
}

/* ---- who writes ---- */

/* Told again when no answer came, it stays one row. */
enum aisle_status pg_conn_enlist(struct conn *conn, struct aisle_err *err)
{
    struct pg_conn *c = pg_conn_of(conn);
    int64_t now = clock_now_s(clock_system());

    if (!c->writer_id[0])
        snprintf(c->writer_id, sizeof c->writer_id, "%016llx%016llx",
                 (unsigned long long)rng_u64(rng_system()),
                 (unsigned long long)rng_u64(rng_system()));
    return sql_run(conn,
                   "INSERT INTO writer (id, batch, at) VALUES (?, 0, ?) ON CONFLICT (id) "
                   "DO NOTHING",
                   SQL_VALUES(sql_text(str_of(c->writer_id)), sql_int(now)), err);
}

/* A session that was ended meanwhile is noticed only now, and opened once more for this.
 * Those who were killed could not; their rows go after a week. */
void pg_conn_resign(struct conn *conn)
{
    struct pg_conn *c = pg_conn_of(conn);
    int64_t past = clock_now_s(clock_system()) - (int64_t)7 * 24 * 60 * 60;

    for (int tries = 0; c && c->writer_id[0] && tries < 3; tries++) {
        if (c->lost && connect_anew(c, NULL) != AISLE_OK)
            return;
        if (sql_run(conn, "DELETE FROM writer WHERE id = ? OR at < ?",
                    SQL_VALUES(sql_text(str_of(c->writer_id)), sql_int(past)),
                    NULL) == AISLE_OK)
            return;
    }
}
