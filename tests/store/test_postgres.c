/* PostgreSQL's own affairs: what its tables must not lean on, connections that are lost,
 * and what is said of a server. Left out where there is none.
 */
#include "store_test.h"

#include "base/clock.h"
#include "store/postgres/driver.h"
#include "store/private_postgres.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int begin(void **state)
{
    *state = store_test_new(&store_postgres_ops);
    return 0;
}

/* The rows of an SQL text asked in the store's schema, one a line. */
static void ask(struct store_test *t, const char *sql)
{
    PGconn *pg = PQconnectdb(t->location);
    PGresult *rows = PQexec(pg, sql);

    if (PQresultStatus(rows) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(pg));
    for (int i = 0; i < PQntuples(rows); i++) {
        for (int k = 0; k < PQnfields(rows); k++)
            buf_addf(&t->seen, "%s%s", k ? "|" : "", PQgetvalue(rows, i, k));
        buf_addc(&t->seen, '\n');
    }
    PQclear(rows);
    PQfinish(pg);
}

#define HERE "(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"

/* ---- habits, so that the tables can stand in PostgreSQL's distributed relatives ---- */

static void tables_keep_the_habits_that_let_them_be_spread(void **state)
{
    static const struct {
        const char *says, *sql, *want;
    } table[] = {
        {"no sequence, view that is kept, or foreign table",
         "SELECT relname FROM pg_class WHERE relkind IN ('S', 'm', 'f') AND relnamespace "
         "= " HERE,
         ""},
        {"no trigger of ours",
         "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT "
         "tgisinternal AND relnamespace = " HERE,
         ""},
        {"no function", "SELECT proname FROM pg_proc WHERE pronamespace = " HERE, ""},
        {"nothing deferred, nothing excluded",
         "SELECT conname FROM pg_constraint WHERE (condeferrable OR contype = 'x') AND "
         "connamespace = " HERE,
         ""},
        {"every table has a primary key",
         "SELECT relname FROM pg_class c WHERE relkind = 'r' AND relnamespace = " HERE
         " AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND "
         "k.contype = 'p')",
         ""},
        {"unique indexes are on plain columns, of all rows",
         "SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = "
         "i.indexrelid WHERE indisunique AND (indexprs IS NOT NULL OR indpred IS NOT "
         "NULL) AND relnamespace = " HERE,
         ""},
        {"columns are text, numbers of 64 bits, or bytes",
         "SELECT DISTINCT format_type(atttypid, NULL) FROM pg_attribute a JOIN pg_class "
         "c ON c.oid = attrelid WHERE attnum > 0 AND NOT attisdropped AND relkind = 'r' "
         "AND relnamespace = " HERE " AND atttypid NOT IN (20, 25, 701, 17)",
         ""},
        {"text sorts by its bytes",
         "SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = "
         "attrelid WHERE attnum > 0 AND relkind = 'r' AND atttypid = 25 AND relnamespace "
         "= " HERE " AND attcollation <> 'pg_catalog.\"C\"'::regcollation",
         ""},
        /* A shop is found by its id alone, and so is a target: a few rows each,
         * everywhere the same (a reference table). A run may be about all sellers. Who
         * signs in is known by name before it is known for whom. */
        {"what is a seller's is keyed by the seller first",
         "SELECT relname FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid AND "
         "attname = 'seller_id' JOIN pg_index i ON indrelid = c.oid AND indisprimary "
         "WHERE relkind = 'r' AND relnamespace = " HERE
         " AND indkey[0] <> attnum AND relname NOT IN ('shop', 'run', 'run_item', "
         "'users', "
         "'audit') ORDER "
         "BY 1",
         ""},
    };
    struct store_test *t = *state;

    for (size_t i = 0; i < COUNT(table); i++) {
        ask(t, table[i].sql);
        assert_text(table[i].says, buf_str(&t->seen), table[i].want);
        buf_reset(&t->seen);
    }
}

/* ---- connections that are lost ---- */

/* Every session of the store's but the one that asks, which is of no application. */
static void kill_sessions(void)
{
    private_postgres_run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                         "application_name = 'aisle'");
}

/* Again and again, until nobody is at work: sooner and later, by fixed pretended chance.
 * As long as they get nowhere they are given more time, however slow the machine is. */
static void kill_while_running(const _Atomic int *running, const _Atomic int *got,
                               unsigned most_us)
{
    unsigned patience = 1;
    int before = 0;

    for (unsigned i = 0; *running > 0; i++) {
        kill_sessions();
        patience = *got == before ? patience + 1 : 1;
        before = *got;
        usleep(i * 7 % 12 * (most_us / 12) * patience);
    }
}

static int64_t append(struct store_test *t, const char *key)
{
    struct decision_write w = a_decision(key, DECISION_ACCEPTED, "30");
    int64_t seq = 0;

    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, &seq, &t->err), &t->err);
    return seq;
}

static void a_lost_connection_is_opened_again_for_reads_and_writes(void **state)
{
    struct store_test *t = *state;
    struct product p = a_product("acme", "A"), got;
    size_t count = 0;

    assert_ok(t->s->ops->catalogue->put_products(t->s, &p, 1, 1, NULL, &t->err), &t->err);
    for (int i = 0; i < 3; i++) {
        char key[16];

        snprintf(key, sizeof key, "K-%d", i);
        kill_sessions();
        assert_int_equal(append(t, key), i + 1);
        kill_sessions();
        assert_ok(t->s->ops->catalogue->get_product(t->s, STR_LIT("acme"), STR_LIT("A"),
                                                    &t->arena, &got, &t->err),
                  &t->err);
        kill_sessions();
        assert_ok(t->s->ops->catalogue->count_products(t->s, &(struct product_filter){0},
                                                       &count, &t->err),
                  &t->err);
        assert_int_equal(count, 1);
    }
}

/* Nobody looks at a session between the last commit and the end. */
static void a_store_whose_session_was_killed_leaves_no_row_behind(void **state)
{
    struct store_test *t = *state;
    struct store *s = NULL;

    assert_ok(store_open(str_of(t->location), &store_test_patient, &s, &t->err), &t->err);
    ask(t, "SELECT count(*) FROM writer");
    assert_seen(t, "2\n");
    kill_sessions();
    store_close(s);
    ask(t, "SELECT count(*) FROM writer");
    assert_seen(t, "1\n");
}

struct writer {
    struct store_test *t;
    int number;
    _Atomic int *running, *got;
    struct aisle_err err;
};

enum { WRITERS = 4, WRITES = 60 };

static void *write_many(void *ctx)
{
    struct writer *w = ctx;

    for (int i = 0; i < WRITES && w->err.status == AISLE_OK; i++) {
        char key[32];
        struct decision_write d;

        snprintf(key, sizeof key, "w%d-%d", w->number, i);
        d = a_decision(key, DECISION_ACCEPTED, "30");
        d.expected = 0; /* a second time would be a conflict */
        w->t->s->ops->decisions->append(w->t->s, &d, 1, NULL, &w->err);
        if (w->got)
            ++*w->got;
    }
    --*w->running;
    return NULL;
}

/* Some of them between COMMIT and its answer. */
static void sessions_killed_while_many_write_lose_nothing_and_repeat_nothing(void **state)
{
    struct store_test *t = *state;
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    _Atomic int running = WRITERS, got = 0;

    for (int i = 0; i < WRITERS; i++) {
        writers[i] =
            (struct writer){.t = t, .number = i, .running = &running, .got = &got};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    kill_while_running(&running, &got, 6000);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_ok(writers[i].err.status, &writers[i].err);
    }
    ask(t, "SELECT count(*), count(DISTINCT key), max(seq) FROM decision");
    assert_seen(t, "240|240|240\n");
    ask(t, "SELECT count(*) FROM mapping m JOIN decision d USING (seller_id, seq)");
    assert_seen(t, "240\n");
}

/* Each key and each lease is wanted by all. */
struct rival {
    struct store_test *t;
    int number;
    int keys_won, leases_won, others; /* others: neither won nor lost */
};

enum { RIVALS = 8, PRIZES = 40 };

static void count_outcome(enum aisle_status status, int *won, int *others)
{
    *won += status == AISLE_OK;
    *others += status != AISLE_OK && status != AISLE_CONFLICT;
}

static void *vie(void *ctx)
{
    struct rival *r = ctx;
    const struct store_ops *o = r->t->s->ops;

    for (int i = 0; i < PRIZES; i++) {
        char key[32], owner[16];
        struct lease_claim claim;
        struct decision_write d;

        snprintf(key, sizeof key, "prize-%d", i);
        snprintf(owner, sizeof owner, "rival-%d", r->number);
        claim = (struct lease_claim){
            .name = str_of(key), .owner = str_of(owner), .now = 10, .until = 100};
        d = a_decision(key, DECISION_ACCEPTED, "30");
        d.expected = 0;
        count_outcome(o->decisions->append(r->t->s, &d, 1, NULL, NULL), &r->keys_won,
                      &r->others);
        count_outcome(o->leases->claim(r->t->s, &claim, NULL, NULL, NULL), &r->leases_won,
                      &r->others);
    }
    return NULL;
}

/* Gathered, a conflict takes the others' writes back with it, and they are made again. */
static void of_writes_that_wait_together_each_has_its_own_outcome(void **state)
{
    struct store_test *t = *state;
    struct rival rivals[RIVALS];
    pthread_t threads[RIVALS];
    int keys = 0, leases = 0;

    for (int i = 0; i < RIVALS; i++) {
        rivals[i] = (struct rival){.t = t, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, vie, &rivals[i]), 0);
    }
    for (int i = 0; i < RIVALS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(rivals[i].others, 0);
        keys += rivals[i].keys_won;
        leases += rivals[i].leases_won;
    }
    assert_int_equal(keys, PRIZES);
    assert_int_equal(leases, PRIZES);
    ask(t, "SELECT count(*), count(DISTINCT key) FROM decision");
    assert_seen(t, "40|40\n");
    ask(t, "SELECT count(*) FROM lease");
    assert_seen(t, "40\n");
}

struct importer {
    struct store_test *t;
    _Atomic int *running, got;
    struct put_counts counts;
    struct aisle_err err;
};

enum { PIECES = 12, PIECE = 600, SMALL_PIECE = 50 }; /* by COPY, and by unnest */

static void *import_pieces(void *ctx)
{
    struct importer *in = ctx;
    static char ids[PIECE][16], places[PIECE][32];
    static struct product list[PIECE];

    for (size_t piece = 0; piece < PIECES && in->err.status == AISLE_OK; piece++) {
        size_t n = piece % 2 ? PIECE : SMALL_PIECE;

        for (size_t i = 0; i < n; i++) {
            snprintf(ids[i], sizeof ids[i], "P-%zu-%zu", piece, i);
            snprintf(places[i], sizeof places[i], "a/%zu.jpg", i % 100);
            list[i] = a_product("acme", ids[i]);
            list[i].image_location = str_of(places[i]);
        }
        in->t->s->ops->catalogue->put_products(in->t->s, list, n, 1, &in->counts,
                                               &in->err);
        in->got++;
    }
    --*in->running;
    return NULL;
}

static void an_import_whose_sessions_are_killed_goes_in_once(void **state)
{
    struct store_test *t = *state;
    _Atomic int running = 1;
    struct importer in = {.t = t, .running = &running};
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, import_pieces, &in), 0);
    kill_while_running(&running, &in.got, 300000);
    pthread_join(thread, NULL);
    assert_ok(in.err.status, &in.err);
    assert_int_equal(in.counts.added, PIECES / 2 * (PIECE + SMALL_PIECE));
    assert_int_equal(in.counts.changed + in.counts.same, 0);
    ask(t, "SELECT count(*), sum(version) FROM product");
    assert_seen(t, "3900|3900\n");
    ask(t, "SELECT count(*), sum(products) FROM product_image");
    assert_seen(t, "100|3900\n");
}

static void *import_some(void *ctx)
{
    struct importer *in = ctx;
    static char ids[20][16]; /* enough to go by COPY */
    static struct product list[20];

    for (size_t i = 0; i < 20; i++) {
        snprintf(ids[i], sizeof ids[i], "P-%zu", i);
        list[i] = a_product("acme", ids[i]);
    }
    in->t->s->ops->catalogue->put_products(in->t->s, list, 20, 1, &in->counts, &in->err);
    --*in->running;
    return NULL;
}

static void *decide_one(void *ctx)
{
    struct importer *in = ctx;
    const struct decision_write w = {.d = {.seller_id = STR_LIT("acme"),
                                           .target_id = STR_LIT("toko"),
                                           .key = STR_LIT("P-7"),
                                           .state = DECISION_ACCEPTED,
                                           .category_id = STR_LIT("600001"),
                                           .who = STR_LIT("aisle"),
                                           .batch_id = STR_LIT("b-1")},
                                     .expected = EXPECT_ANY};

    in->t->s->ops->decisions->append(in->t->s, &w, 1, NULL, &in->err);
    --*in->running;
    return NULL;
}

/* Until so many sessions wait for another, or so few are left that could. Inside a
 * transaction the list of sessions is otherwise the one first seen. */
static void wait_for_waiting(PGconn *pg, int count, const _Atomic int *running)
{
    static const char sql[] = "SELECT pg_stat_clear_snapshot(); "
                              "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = "
                              "'Lock' AND application_name = 'aisle' AND datname = "
                              "current_database()";
    int waiting = 0;

    while (waiting < count && *running >= count) {
        PGresult *result = PQexec(pg, sql);

        waiting = PQntuples(result);
        PQclear(result);
        usleep(1000);
    }
}

/* The import is kept from its commit, by its row in `writer`, while somebody decides. */
static void a_product_decided_on_while_it_comes_in_is_counted(void **state)
{
    struct store_test *t = *state;
    struct store_test other = {.ops = t->ops};
    PGconn *pg = PQconnectdb(t->location);
    _Atomic int running = 1;
    struct importer in = {.t = t, .running = &running};
    struct importer decider = {.t = &other, .running = &running};
    pthread_t threads[2];

    PQclear(PQexec(pg, "BEGIN"));
    PQclear(PQexec(pg, "SELECT 1 FROM writer FOR UPDATE"));
    assert_ok(store_open(str_of(t->location), &store_test_patient, &other.s, &t->err),
              &t->err);
    assert_int_equal(pthread_create(&threads[0], NULL, import_some, &in), 0);
    wait_for_waiting(pg, 1, &running);
    assert_int_equal(running++, 1);
    assert_int_equal(pthread_create(&threads[1], NULL, decide_one, &decider), 0);
    wait_for_waiting(pg, 2, &running);
    PQfinish(pg);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    assert_ok(in.err.status, &in.err);
    assert_ok(decider.err.status, &decider.err);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
    ask(t, "SELECT sum(products) FROM progress WHERE target_id = 'toko'");
    assert_seen(t, "1\n");
    store_close(other.s);
}

/* Two processes, each with its own gathering. */
static void two_who_write_the_same_take_turns(void **state)
{
    struct store_test *t = *state;
    struct store_test other = {.ops = t->ops};
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    _Atomic int running = WRITERS;

    assert_ok(store_open(str_of(t->location), &store_test_patient, &other.s, &t->err),
              &t->err);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] =
            (struct writer){.t = i % 2 ? t : &other, .number = i, .running = &running};
        assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_ok(writers[i].err.status, &writers[i].err);
    }
    ask(t, "SELECT count(*), min(seq), max(seq) FROM decision");
    assert_seen(t, "240|1|240\n");
    store_close(other.s);
    ask(t, "SELECT count(*) FROM writer");
    assert_seen(t, "1\n");
}

/* Another program holds the row that numbers come from. */
static void waiting_for_another_has_an_end(void **state)
{
    struct store_test *t = *state;
    const struct store_options soon = {.busy_timeout_ms = 200};
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    PGconn *pg = PQconnectdb(t->location);
    struct store *s = NULL;

    PQclear(PQexec(pg, "BEGIN; UPDATE counter SET last = last WHERE name = 'decision'"));
    assert_ok(store_open(str_of(t->location), &soon, &s, &t->err), &t->err);
    assert_status(s->ops->decisions->append(s, &w, 1, NULL, &t->err), AISLE_BUSY,
                  &t->err);
    assert_true(str_starts(str_of(t->err.text), "another process holds postgresql://"));
    last_failure(t);
    PQclear(PQexec(pg, "ROLLBACK")); /* a session that ends may hold it a while longer */
    PQfinish(pg);
    assert_ok(s->ops->decisions->append(s, &w, 1, NULL, &t->err), &t->err);
    store_close(s);
}

/* ---- the connections to read with ---- */

struct reader {
    struct store *s;
    enum sql_use use;
    struct conn *c;
    struct aisle_err err;
    _Atomic int *served;
};

static void *take_one(void *ctx)
{
    struct reader *r = ctx;

    pg_driver.take(r->s, r->use, &r->c, &r->err);
    ++*r->served;
    return NULL;
}

static void give_back(struct reader *r)
{
    assert_ok(r->err.status, &r->err);
    pg_driver.give(r->s, r->use, r->c);
}

static bool comes_to(const _Atomic int *count, int wanted)
{
    for (int ms = 0; *count < wanted && ms < 120 * 1000; ms += 5)
        clock_sleep_ms(clock_system(), 5);
    return *count >= wanted;
}

/* All are in use, and as many walk as may. Whoever wants to walk cannot have the one that
 * comes back; whoever only looks can, wherever they stand in line. */
static void a_connection_not_all_may_have_is_not_lost_on_them(void **state)
{
    enum { WALKERS = 6 };
    struct store_test *t = *state;
    struct reader all[PG_POOL_MAX], walkers[WALKERS], looker;
    pthread_t threads[WALKERS + 1];
    _Atomic int none = 0, walking = 0, looking = 0;
    struct store *s = NULL;
    bool served;

    assert_ok(store_open(str_of(t->location), &store_test_patient, &s, &t->err), &t->err);
    for (int i = 0; i < PG_POOL_MAX; i++) {
        all[i] = (struct reader){
            .s = s, .use = i < PG_POOL_WALKS ? SQL_WALK : SQL_LOOK, .served = &none};
        take_one(&all[i]);
    }
    for (int i = 0; i < WALKERS; i++) {
        walkers[i] = (struct reader){.s = s, .use = SQL_WALK, .served = &walking};
        assert_int_equal(pthread_create(&threads[i], NULL, take_one, &walkers[i]), 0);
    }
    usleep(50 * 1000); /* so that they mostly stand before it; either way it is served */
    looker = (struct reader){.s = s, .use = SQL_LOOK, .served = &looking};
    assert_int_equal(pthread_create(&threads[WALKERS], NULL, take_one, &looker), 0);
    usleep(50 * 1000);

    give_back(&all[PG_POOL_MAX - 1]);
    served = comes_to(&looking, 1);
    for (int i = 0; i < PG_POOL_MAX - 1; i++)
        give_back(&all[i]);
    for (int i = 0; i <= WALKERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < WALKERS; i++)
        give_back(&walkers[i]);
    give_back(&looker);
    assert_true(served);
    store_close(s);
}

/* A visitor who has seen rows cannot be shown them again. */
static enum aisle_status kill_and_go_on(void *ctx, const struct product *row,
                                        struct aisle_err *err)
{
    size_t *rows = ctx;

    (void)row, (void)err;
    if (++*rows == 1)
        kill_sessions();
    return AISLE_OK;
}

static void a_walk_that_loses_its_connection_ends_with_a_failure(void **state)
{
    enum { MANY = 20000 };
    struct store_test *t = *state;
    size_t rows = 0;

    ask(t,
        "WITH s AS (INSERT INTO seller VALUES ('acme', '') RETURNING id) INSERT INTO "
        "product SELECT id, lpad(n::text, 6, '0'), repeat('x', 200), '', '', '', NULL, "
        "'', -1, 'IDR', 1, 1, 1 FROM s, generate_series(1, 20000) n RETURNING 1");
    buf_reset(&t->seen);
    assert_status(t->s->ops->catalogue->each_product(t->s, &(struct product_filter){0},
                                                     kill_and_go_on, &rows, &t->err),
                  AISLE_IO, &t->err);
    last_failure(t);
    assert_true(rows >= 1 && rows < MANY);
    rows = 1; /* and the next is whole */
    assert_ok(t->s->ops->catalogue->each_product(t->s, &(struct product_filter){0},
                                                 kill_and_go_on, &rows, &t->err),
              &t->err);
    assert_int_equal(rows, MANY + 1);
}

/* ---- what is said ---- */

static void text_that_is_not_utf8_is_refused_in_words(void **state)
{
    struct store_test *t = *state;
    static const struct str bad[] = {STR_INIT("a\xff"), STR_INIT("a\0b")};

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct product p = a_product("acme", "A");

        p.title = bad[i];
        assert_status(t->s->ops->catalogue->put_products(t->s, &p, 1, 1, NULL, &t->err),
                      AISLE_INVALID, &t->err);
        assert_true(str_ends(str_of(t->err.text), " takes UTF-8 text only, without NUL"));
        last_failure(t);
    }
}

static void what_no_waiting_mends_is_told_from_what_it_may(void **state)
{
    static const struct {
        const char *message;
        bool mistaken;
    } rows[] = {
        {"", false},
        {"invalid port number: \"99999\"\n", true},
        {"invalid integer value \"x\" for connection option \"port\"\n", true},
        {"could not match 3 port numbers to 2 hosts\n", true},
        {"could not translate host name \"db\" to address: Name or service not known\n",
         true},
        {"could not translate host name \"db\" to address: Temporary failure in name "
         "resolution\n",
         false},
        {"connection to server at \"db\" (10.0.0.7), port 5432 failed: server does not "
         "support SSL, but SSL was required\n",
         true},
        {"connection to server at \"db\" (10.0.0.7), port 5432 failed: SSL error: "
         "certificate verify failed\n",
         true},
        {"connection to server at \"db\" (10.0.0.7), port 5432 failed: Connection "
         "refused\n"
         "\tIs the server running on that host and accepting TCP/IP connections?\n",
         false},
        {"connection to server at \"a\" (10.0.0.7), port 5432 failed: timeout expired\n"
         "could not translate host name \"b\" to address: Name or service not known\n",
         false}, /* the first may come back */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        if (pg_is_mistaken(rows[i].message) != rows[i].mistaken)
            fail_msg("%s: %d", rows[i].message, rows[i].mistaken);
}

static void a_database_of_another_program_is_left_alone(void **state)
{
    struct store_test *t = *state;
    const char *location = fresh_location(t);
    const char *schema = strstr(location, "%3D") + 3;
    struct store *s = NULL;
    char sql[128];

    snprintf(sql, sizeof sql, "CREATE TABLE %s.milk (litres int)", schema);
    private_postgres_run(sql);
    assert_status(store_open(str_of(location), NULL, &s, &t->err), AISLE_CONFIG, &t->err);
    assert_true(str_ends(str_of(t->err.text), " is a database of another program"));
    last_failure(t);
}

static void a_store_is_made_only_where_it_may_be(void **state)
{
    struct store_test *t = *state;
    struct str location = str_of(fresh_location(t));
    struct store *s = NULL;

    assert_status(
        store_open(location, &(struct store_options){.must_exist = true}, &s, &t->err),
        AISLE_NOT_FOUND, &t->err);
    last_failure(t);
    assert_status(
        store_open(location, &(struct store_options){.no_migrate = true}, &s, &t->err),
        AISLE_CONFIG, &t->err);
    last_failure(t);
    assert_ok(store_open(location, NULL, &s, &t->err), &t->err);
    store_close(s);
    s = NULL;
    assert_ok(store_open(location,
                         &(struct store_options){.must_exist = true, .no_migrate = true},
                         &s, &t->err),
              &t->err);
    store_close(s);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, store_test_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tables_keep_the_habits_that_let_them_be_spread),
        TEST(a_lost_connection_is_opened_again_for_reads_and_writes),
        TEST(a_store_whose_session_was_killed_leaves_no_row_behind),
        TEST(sessions_killed_while_many_write_lose_nothing_and_repeat_nothing),
        TEST(of_writes_that_wait_together_each_has_its_own_outcome),
        TEST(an_import_whose_sessions_are_killed_goes_in_once),
        TEST(a_product_decided_on_while_it_comes_in_is_counted),
        TEST(two_who_write_the_same_take_turns),
        TEST(waiting_for_another_has_an_end),
        TEST(a_connection_not_all_may_have_is_not_lost_on_them),
        TEST(a_walk_that_loses_its_connection_ends_with_a_failure),
        TEST(text_that_is_not_utf8_is_refused_in_words),
        TEST(what_no_waiting_mends_is_told_from_what_it_may),
        TEST(a_database_of_another_program_is_left_alone),
        TEST(a_store_is_made_only_where_it_may_be),
    };

    if (!getenv("AISLE_TEST_POSTGRES") && !private_postgres()) {
        printf("1..0 # SKIP there is no PostgreSQL here\n");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
