#include "check.h"

#include "net/pace.h"

#include <pthread.h>

struct world {
    struct clock_still clock;
    struct rng_seeded rng;
    atomic_bool stop;
    struct pace *pace;
    struct aisle_err err;
};

static void world_begin(struct world *w, double per_second)
{
    struct pace_settings settings = {per_second, &w->clock.clock, &w->rng.rng, &w->stop};

    memset(w, 0, sizeof *w);
    clock_still_init(&w->clock, 1700000000000);
    rng_seeded_init(&w->rng, 7);
    settings.per_second = per_second;
    assert_ok(pace_new(&settings, &w->pace, &w->err), &w->err);
}

static void world_end(struct world *w)
{
    pace_free(w->pace);
}

/* Milliseconds that pass while n turns of a key come. */
static int64_t turns(struct world *w, const char *key, int n)
{
    int64_t from = w->clock.ms;

    for (int i = 0; i < n; i++)
        assert_ok(pace_wait(w->pace, str_of(key), &w->err), &w->err);
    return w->clock.ms - from;
}

static bool near(double a, double b)
{
    return a > b - 0.001 && a < b + 0.001;
}

static void without_a_limit_nobody_waits(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, 0);
    assert_int_equal(turns(&w, "a", 1000), 0);
    assert_true(pace_rate(w.pace, STR_LIT("a")) <= 0);
    world_end(&w);
}

static void a_limit_spreads_the_turns(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, 4);
    assert_int_equal(turns(&w, "a", 5), 1000);
    assert_int_equal(turns(&w, "b", 1), 0); /* its own budget */
    assert_int_equal(turns(&w, "a", 1), 250);
    world_end(&w);
}

static void a_429_halves_the_rate_and_holds_it(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 8);
    turns(&w, "a", 1);
    pace_answered(w.pace, key, true, 3);
    assert_true(near(pace_rate(w.pace, key), 4));
    assert_int_equal(turns(&w, "a", 1), 3000);
    assert_int_equal(turns(&w, "a", 1), 250);
    pace_answered(w.pace, key, true, 0);
    pace_answered(w.pace, key, true, 0); /* of the same burst: counts once */
    assert_true(near(pace_rate(w.pace, key), 2));
    assert_true(near(pace_rate(w.pace, STR_LIT("b")), 8));
    world_end(&w);
}

static void without_a_limit_a_429_makes_one(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 0);
    turns(&w, "a", 40); /* within this second */
    pace_answered(w.pace, key, true, 0);
    assert_true(near(pace_rate(w.pace, key), 20));
    world_end(&w);
}

static void it_recovers_up_to_where_it_began(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 1);
    turns(&w, "a", 1);
    pace_answered(w.pace, key, true, 0);
    assert_true(near(pace_rate(w.pace, key), 0.5));
    for (int i = 0; i < 5; i++)
        pace_answered(w.pace, key, false, 0);
    assert_true(near(pace_rate(w.pace, key), 0.75));
    for (int i = 0; i < 100; i++)
        pace_answered(w.pace, key, false, 0);
    assert_true(near(pace_rate(w.pace, key), 1));
    world_end(&w);
}

static void it_never_stands_still_for_good(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 1);
    turns(&w, "a", 1);
    for (int i = 0; i < 50; i++) {
        pace_answered(w.pace, key, true, 0);
        clock_sleep_ms(&w.clock.clock, 2000);
    }
    assert_true(near(pace_rate(w.pace, key), 0.1));
    world_end(&w);
}

static void a_limit_that_was_told_is_kept(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 0);
    turns(&w, "a", 1);
    pace_told(w.pace, key, 5);
    assert_true(near(pace_rate(w.pace, key), 5));
    pace_answered(w.pace, key, false, 0);
    assert_true(near(pace_rate(w.pace, key), 5));
    pace_told(w.pace, key, 0); /* says nothing */
    pace_told(w.pace, key, 50);
    assert_true(near(pace_rate(w.pace, key), 5));
    world_end(&w);
}

static void backoff_doubles_up_to_a_minute(void **state)
{
    static const struct {
        int attempt, retry_after_s;
        int64_t least;
    } cases[] = {{1, 0, 1000},  {2, 0, 2000},        {3, 0, 4000},   {6, 0, 32000},
                 {7, 0, 60000}, {50, 0, 60000},      {1, 20, 20000}, {6, 20, 32000},
                 {0, 0, 1000},  {1, 86400, 86400000}};
    struct rng_seeded rng;
    bool varies = false;

    (void)state;
    rng_seeded_init(&rng, 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (int n = 0; n < 100; n++) {
            int64_t ms =
                pace_backoff_ms(&rng.rng, cases[i].attempt, cases[i].retry_after_s);

            assert_true(ms >= cases[i].least && ms <= cases[i].least + 500);
            varies = varies || ms > cases[i].least + 250;
        }
    }
    assert_true(varies);
}

static void a_stop_is_heard_while_waiting(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, 1);
    turns(&w, "a", 1);
    atomic_store(&w.stop, true);
    assert_status(pace_wait(w.pace, STR_LIT("a"), &w.err), AISLE_STOPPED, &w.err);
    assert_int_equal(pace_sleep(w.pace, 60000, NULL), AISLE_STOPPED);
    assert_true(w.clock.ms - 1700000000000 < 1000);
    world_end(&w);
}

static void *wait_often(void *ctx)
{
    struct world *w = ctx;

    for (int i = 0; i < 50; i++) {
        pace_wait(w->pace, STR_LIT("a"), NULL);
        pace_answered(w->pace, STR_LIT("a"), i % 10 == 0, 0);
    }
    return NULL;
}

static void threads_share_a_budget(void **state)
{
    pthread_t threads[4];
    struct world w;

    (void)state;
    world_begin(&w, 100);
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_often, &w), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    /* 200 turns at no more than 100 a second */
    assert_true(w.clock.ms - 1700000000000 >= 1990);
    world_end(&w);
}

static enum aisle_status wait_once(void *ctx, struct aisle_err *err)
{
    struct world *w = ctx;
    struct pace_settings settings = {1, &w->clock.clock, &w->rng.rng, NULL};
    struct pace *pace = NULL;
    enum aisle_status status = pace_new(&settings, &pace, err);

    for (int i = 0; status == AISLE_OK && i < 9; i++) {
        const char key[] = {(char)('a' + i)};

        status = pace_wait(pace, str_n(key, 1), err);
    }
    pace_free(pace);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    struct world w;

    (void)state;
    world_begin(&w, 1);
    assert_true(each_allocation_failing(wait_once, &w) >= 11);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_limit_nobody_waits),
        cmocka_unit_test(a_limit_spreads_the_turns),
        cmocka_unit_test(a_429_halves_the_rate_and_holds_it),
        cmocka_unit_test(without_a_limit_a_429_makes_one),
        cmocka_unit_test(it_recovers_up_to_where_it_began),
        cmocka_unit_test(it_never_stands_still_for_good),
        cmocka_unit_test(a_limit_that_was_told_is_kept),
        cmocka_unit_test(backoff_doubles_up_to_a_minute),
        cmocka_unit_test(a_stop_is_heard_while_waiting),
        cmocka_unit_test(threads_share_a_budget),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("net: pace", tests, NULL, NULL);
}
