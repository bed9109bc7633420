/* Writes of many threads in few commits, and what a full disk does to them. */
#include "store_test.h"

#include "store/sqlite/driver.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WRITERS = 8 };

static int begin(void **state)
{
    *state = store_test_new(&store_sqlite_ops);
    return 0;
}

struct writer {
    struct store_test *t;
    struct decision_write decisions[2];
    size_t count;
    char key[16];
    enum aisle_status status;
    struct aisle_err err;
};

static void *write_one(void *ctx)
{
    struct writer *w = ctx;

    w->status =
        w->t->s->ops->decisions->append(w->t->s, w->decisions, w->count, NULL, &w->err);
    return NULL;
}

/* How many writes wait for a leader. */
static size_t waiting(struct gather *g)
{
    size_t n;

    pthread_mutex_lock(&g->lock);
    n = g->waiting;
    pthread_mutex_unlock(&g->lock);
    return n;
}

static bool is_led(struct gather *g)
{
    bool led;

    pthread_mutex_lock(&g->lock);
    led = g->led;
    pthread_mutex_unlock(&g->lock);
    return led;
}

static int count_commit(void *ctx)
{
    ++*(int *)ctx;
    return 0;
}

/* Eight writes while another process holds the store: the first leads alone and waits for
 * it, the others come together behind. One of them conflicts. */
static void writes_that_wait_together_are_kept_in_one_commit(void **state)
{
    struct store_test *t = *state;
    struct sqlite_store *s = sqlite_store_of(t->s);
    static struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    int commits = 0;
    sqlite3 *other;

    assert_int_equal(sqlite3_open(s->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_commit_hook(sqlite_conn_of(s->writer)->db, count_commit, &commits);
    for (size_t i = 0; i < WRITERS; i++) {
        struct writer *w = &writers[i];

        *w = (struct writer){.t = t, .count = 1};
        snprintf(w->key, sizeof w->key, "K-%zu", i);
        w->decisions[0] = a_decision(w->key, DECISION_ACCEPTED, "30");
        if (i == 4) { /* refused, with the one before it */
            w->decisions[1] = a_decision("K-9", DECISION_ACCEPTED, "30");
            w->decisions[1].expected = 77;
            w->count = 2;
        }
        assert_int_equal(pthread_create(&threads[i], NULL, write_one, w), 0);
        while (i == 0 ? !is_led(&s->gather) : waiting(&s->gather) != i)
            usleep(1000);
    }
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_status(writers[i].status, i == 4 ? AISLE_CONFLICT : AISLE_OK,
                      &writers[i].err);
    }
    assert_int_equal(commits, 2);
    assert_ok(t->s->ops->decisions->each_mapping(
                  t->s, &(struct mapping_filter){.category_id = STR_LIT("30")},
                  see_decision, t, &t->err),
              &t->err);
    for (size_t i = 0; i < WRITERS; i++)
        assert_int_equal(str_find(buf_str(&t->seen), str_of(writers[i].key)) < t->seen.n,
                         i != 4);
    assert_string_equal(writers[4].err.text, "product K-9 was not decided before");
    sqlite3_close(other);
}

/* ---- a full disk ---- */

static enum aisle_status put_some(struct store_test *t, int batch)
{
    static char text[2000];
    struct product list[20];
    char ids[20][32];

    memset(text, 'x', sizeof text - 1);
    for (size_t i = 0; i < COUNT(list); i++) {
        snprintf(ids[i], sizeof ids[i], "K-%d-%zu", batch, i);
        list[i] = a_product("acme", ids[i]);
        list[i].description = str_of(text);
    }
    return t->s->ops->catalogue->put_products(t->s, list, COUNT(list), 1, NULL, &t->err);
}

static size_t count_products(struct store_test *t)
{
    size_t n = 0;

    assert_ok(
        t->s->ops->catalogue->count_products(t->s, &(struct product_filter){0}, &n, NULL),
        NULL);
    return n;
}

static void limit_pages(struct store_test *t, int64_t more)
{
    struct conn *c = sqlite_store_of(t->s)->writer;
    int64_t pages = 0;
    char sql[64];

    assert_ok(sql_ask(c, "PRAGMA page_count", SQL_NO_VALUES, 0, &pages, &t->err),
              &t->err);
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %lld",
             (long long)(more ? pages + more : 1 << 30));
    assert_ok(sql_script(c, sql, &t->err), &t->err);
}

static void a_full_disk_loses_nothing_and_is_said(void **state)
{
    struct store_test *t = *state;
    struct decision_write w = a_decision("A", DECISION_ACCEPTED, "30");
    struct str words = arena_fmt(&t->arena, "disk is full: %s/aisle.db", t->dir);
    size_t kept = 0;
    int batch = 0;

    limit_pages(t, 60);
    while (put_some(t, batch) == AISLE_OK) {
        kept += 20;
        batch++;
        assert_true(batch < 100);
    }
    assert_failure(t, AISLE_IO, words.p);
    assert_true(kept > 0);
    assert_int_equal(count_products(t), kept);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);

    limit_pages(t, 0);
    assert_ok(put_some(t, batch), &t->err);
    assert_ok(t->s->ops->decisions->append(t->s, &w, 1, NULL, &t->err), &t->err);
    assert_int_equal(count_products(t), kept + 20);
}

static void *write_many(void *ctx)
{
    struct writer *w = ctx;
    static struct decision_write list[2000];
    static char keys[2000][16];

    for (size_t i = 0; i < COUNT(list); i++) {
        snprintf(keys[i], sizeof keys[i], "m-%zu", i);
        list[i] = a_decision(keys[i], DECISION_ACCEPTED, "30");
    }
    w->status =
        w->t->s->ops->decisions->append(w->t->s, list, COUNT(list), NULL, &w->err);
    return NULL;
}

/* A write that fails beside another takes that one along only where SQLite gave up the
 * whole transaction, and then both are told. */
static void what_a_full_disk_took_is_what_was_said_to_have_failed(void **state)
{
    struct store_test *t = *state;
    struct sqlite_store *s = sqlite_store_of(t->s);
    struct writer small[2], large = {.t = t};
    pthread_t threads[3];
    sqlite3 *other;

    assert_int_equal(sqlite3_open(s->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    limit_pages(t, 10);
    for (size_t i = 0; i < 2; i++) {
        small[i] = (struct writer){.t = t, .count = 1};
        small[i].decisions[0] =
            a_decision(i ? "beside" : "alone", DECISION_ACCEPTED, "30");
        assert_int_equal(pthread_create(&threads[i], NULL, write_one, &small[i]), 0);
        while (i == 0 ? !is_led(&s->gather) : waiting(&s->gather) != i)
            usleep(1000);
    }
    assert_int_equal(pthread_create(&threads[2], NULL, write_many, &large), 0);
    while (waiting(&s->gather) != 2)
        usleep(1000);
    assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_status(large.status, AISLE_IO, &large.err);
    assert_ok(small[0].status, &small[0].err);
    assert_true(small[1].status == AISLE_OK || small[1].status == AISLE_IO);
    assert_ok(t->s->ops->decisions->each(t->s, &(struct log_filter){0}, see_decision, t,
                                         &t->err),
              &t->err);
    assert_seen(t, small[1].status == AISLE_OK
                       ? "1 product alone accepted 30\n2 product beside accepted 30\n"
                       : "1 product alone accepted 30\n");
    sqlite3_close(other);
}

/* The kernel says no in the middle of a write, whatever it was for. */
static void a_write_the_kernel_refuses_is_said(void **state)
{
    struct store_test *t = *state;
    size_t kept = 0;
    int status;
    pid_t child;

    store_close(t->s);
    t->s = NULL;
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const struct rlimit limit = {600 * 1024, 600 * 1024};
        int batch = 0;

        signal(SIGXFSZ, SIG_IGN);
        if (store_open(str_of(t->location), &store_test_patient, &t->s, NULL) !=
                AISLE_OK ||
            setrlimit(RLIMIT_FSIZE, &limit) != 0)
            _exit(255);
        while (batch < 100 && put_some(t, batch) == AISLE_OK)
            batch++;
        _exit(t->err.status == AISLE_IO && strstr(t->err.text, t->dir) ? batch : 254);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_true(WEXITSTATUS(status) > 0 && WEXITSTATUS(status) < 100);
    kept = 20 * (size_t)WEXITSTATUS(status);
    assert_ok(store_open(str_of(t->location), &store_test_patient, &t->s, &t->err),
              &t->err);
    assert_int_equal(count_products(t), kept);
    assert_ok(t->s->ops->check(t->s, &t->err), &t->err);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, store_test_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_that_wait_together_are_kept_in_one_commit),
        TEST(a_full_disk_loses_nothing_and_is_said),
        TEST(what_a_full_disk_took_is_what_was_said_to_have_failed),
        TEST(a_write_the_kernel_refuses_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
