/* conn.h - one connection to PostgreSQL: statements prepared at the server, writes sent
 * along without waiting for each, failures in our words
 *
 * A connection stays in libpq's pipeline mode. Statements whose rows do not matter
 * (sql_run) are sent inside a transaction and looked at together with the next one that
 * does matter, or at the commit: a step of ten statements is three round trips.
 * Statements that fail mark the connection with their SQLSTATE; a lost connection says
 * so, and opens itself again where nothing was under way on it.
 *
 * A connection is used by one thread at a time. Knows no table of ours but `writer`, and
 * which ones grow quickly.
 */
#ifndef STORE_POSTGRES_CONN_H
#define STORE_POSTGRES_CONN_H

#include "store/sql/sql.h"

#include <libpq-fe.h>

/* Where a store is, and how long to try. */
struct pg_address {
    char *uri;   /* with its password, if it has one: for libpq only */
    char *place; /* without: for messages */
    int busy_ms; /* how long to wait for others, and for a server that went away */
    const struct log *log;      /* told when that begins and ends; or NULL */
    _Atomic int64_t away_since; /* clock_mono_ms; 0: it is there, for all we know */
};

enum {
    PG_MAX_PREPARED = 512, /* statements kept at the server; more are sent each time */
    PG_MAX_PENDING = 128,  /* statements sent and not looked at */
    PG_MAX_VALUES = 64,
    PG_LOOK_ANEW = 1000, /* rows sent along; then eight times as many, and so on */
    PG_SQLSTATE_LEN = 5,
};

struct pg_prepared {
    char *sql; /* NULL: an empty place */
    uint64_t hash;
    unsigned number; /* its name at the server */
    bool ready;      /* the server said so */
};

/* PostgreSQL's binary formats: text as it is, numbers with the high byte first. */
struct pg_params {
    Oid types[PG_MAX_VALUES];
    const char *values[PG_MAX_VALUES];
    int lengths[PG_MAX_VALUES], formats[PG_MAX_VALUES];
    uint64_t numbers[PG_MAX_VALUES];
    int count;
};
enum { OID_INT8 = 20, OID_TEXT = 25, OID_FLOAT8 = 701 }; /* its catalog/pg_type.dat */

/* A statement that was sent. */
struct pg_pending {
    struct pg_prepared *made; /* is being prepared by it; or NULL */
    int64_t *rows;            /* where to write how many it changed; or NULL */
    bool *done;               /* where to write that it was done; or NULL */
};

struct pg_conn {
    struct conn base;
    PGconn *pg;
    struct pg_address *address;
    struct pg_prepared *prepared; /* PG_MAX_PREPARED * 2 places, by hash */
    size_t prepared_count;
    unsigned last_number;
    bool reads;   /* and never writes */
    bool streams; /* rows come one by one: for a visitor */
    bool in_transaction;
    struct pg_pending pending[PG_MAX_PENDING + 2];
    size_t pending_count;
    struct pg_stmt *streaming; /* whose rows are on their way */

    char sqlstate[PG_SQLSTATE_LEN + 1]; /* of the last failure, "" none */
    bool lost;                          /* and the connection with it */

    /* of a connection that writes: sql_again asks by these */
    char writer_id[40];    /* its row in `writer`; "" for none */
    int64_t batch;         /* number of the transaction under way */
    bool committing;       /* COMMIT was sent, no answer yet */
    bool early;            /* the transaction under way lets go before the disk has it */
    bool unbroken;         /* the server has not recovered since we looked */
    size_t rows_along;     /* sent along by pg_with_rows so far */
    size_t look_anew_at;   /* so many: the planner is to look at its tables then */
    int64_t failing_since; /* clock_mono_ms of the first of several failures; 0 */
};

static inline struct pg_conn *pg_conn_of(struct conn *c)
{
    return (struct pg_conn *)c;
}

/* ---- connect.c ---- */

/* location: what follows "postgresql://". AISLE_CONFIG for one libpq cannot read, whose
 * text is not repeated. */
enum aisle_status pg_address_init(struct pg_address *a, struct str location, int busy_ms,
                                  struct aisle_err *err);
void pg_address_clear(struct pg_address *a);

/* Whether what libpq says of hosts it has tried, a line each, is wrong with all of them
 * until somebody mends the location: a port or a host there is none of, encryption that
 * one side demands and the other lacks. */
bool pg_is_mistaken(const char *message);

/* Reads: one of several, where there was a server, which is waited for. The writer's is
 * tried once (unless a server was there and cut us off), since who mistyped a host should
 * learn it at once. */
enum aisle_status pg_conn_open(struct pg_address *address, bool reads, struct conn **out,
                               struct aisle_err *err);
/* One to read with, tried once: a server that is away is not waited for. */
enum aisle_status pg_conn_try(struct pg_address *address, struct conn **out,
                              struct aisle_err *err);
void pg_conn_close(struct conn *c); /* NULL is fine */
/* A lost connection once more, until busy_ms from the first failure is over. */
enum aisle_status pg_conn_again(struct pg_conn *c, struct aisle_err *err);
/* Whether what was lost may be asked once more: until busy_ms from the first time *until,
 * 0 before, was asked with. */
bool pg_conn_is_patient(const struct pg_conn *c, int64_t *until);
/* Whether an idle connection still has its server, as far as can be seen from here. */
bool pg_conn_is_alive(struct pg_conn *c);
/* The row in `writer` by which a lost commit can be asked about. */
enum aisle_status pg_conn_enlist(struct conn *c, struct aisle_err *err);
void pg_conn_resign(struct conn *c);

/* ---- prepared.c ---- */

/* The place of a statement whose values are of these kinds; NULL when there is no more
 * room or memory. A new one has `ready` false and a number of its own. */
struct pg_prepared *pg_prepared_find(struct pg_conn *c, const char *sql,
                                     struct values values);
void pg_prepared_clear(struct pg_conn *c);
/* "$1" for each "?" and for each "?1"; false when it does not fit. */
bool pg_prepared_text(const char *sql, char *out, size_t room);

/* ---- fail.c ---- */

/* Record a failure of the server's, or of the connection (result without SQLSTATE, or
 * NULL). */
enum aisle_status pg_fail(struct pg_conn *c, const PGresult *result,
                          struct aisle_err *err);
/* What libpq said about a connection, in one line. */
void pg_words(const char *message, char *out, size_t room);
bool pg_state_is(const struct pg_conn *c, const char *sqlstate);

/* ---- copy.c ---- */

enum aisle_status pg_add(struct conn *c, const struct new_rows *rows,
                         struct aisle_err *err);

enum aisle_status pg_with_rows(struct conn *c, const char *sql,
                               const struct new_rows *rows, struct aisle_err *err);

/* ---- conn.c ---- */

extern const struct conn_ops pg_conn_ops;

/* Send a statement and do not wait. A text new to the server is prepared on the way; the
 * same text always comes with parameters of the kinds of `kinds`. With room among what is
 * pending. */
enum aisle_status pg_send(struct pg_conn *c, const char *sql, struct values kinds,
                          const struct pg_params *p, int64_t *rows,
                          struct aisle_err *err);
/* Of an idle connection: whether the server answers within so many milliseconds. One that
 * did not is lost. */
enum aisle_status pg_conn_ping(struct pg_conn *c, int ms, struct aisle_err *err);
/* What is pending is done, or the first that was not. */
enum aisle_status pg_settle(struct pg_conn *c, struct aisle_err *err);

#endif
