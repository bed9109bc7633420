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
    struct pace_settings settings = {per_second, &w->clock.clock, &w->rng.rng, &w->stop,
                                     NULL};

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
        assert_ok(pace_wait(w->pace, str_of(key), NULL, &w->err), &w->err);
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

/* ---- a marketplace that refuses ---- */

/* What it lets through a second (0: all), saved up for at most so many seconds, and what
 * share of the rest it refuses by chance. */
struct market {
    double per_second, saved_s, chance;
    bool says_when; /* Retry-After: 1 */
    double tokens;
    int64_t filled_ms;
    int let_through, refused;
};

enum { CALL_MS = 5 }; /* of all threads together: never more than 200 calls a second */

static bool refuses(struct world *w, struct market *m)
{
    double most = m->per_second * m->saved_s;

    m->tokens += m->per_second * (double)(w->clock.ms - m->filled_ms) / 1000;
    m->tokens = m->tokens > most ? most : m->tokens;
    m->filled_ms = w->clock.ms;
    if (m->per_second > 0 && m->tokens < 1)
        return true;
    m->tokens -= 1;
    return m->chance > 0 && rng_unit(&w->rng.rng) < m->chance;
}

static void ask_once(struct world *w, struct market *m)
{
    bool refused;

    turns(w, "a", 1);
    clock_sleep_ms(&w->clock.clock, CALL_MS);
    refused = refuses(w, m);
    pace_answered(w->pace, STR_LIT("a"), refused, refused && m->says_when);
    m->let_through += !refused;
    m->refused += refused;
}

static void ask_for_s(struct world *w, struct market *m, int seconds)
{
    int64_t until = w->clock.ms + (int64_t)seconds * 1000;

    m->let_through = m->refused = 0;
    while (w->clock.ms < until)
        ask_once(w, m);
}

static double share_refused(const struct market *m)
{
    return (double)m->refused / (m->refused + m->let_through);
}

static void a_limit_is_found_and_kept_to(void **state)
{
    static const struct {
        double ceiling;
        struct market market;
        double most; /* refused, of the five minutes after the first */
    } cases[] = {
        {0, {.per_second = 10, .saved_s = 1}, 0.06},
        {0, {.per_second = 10, .saved_s = 1, .says_when = true}, 0.12},
        {0, {.per_second = 10, .saved_s = 10}, 0.06},
        {0, {.per_second = 50, .saved_s = 1}, 0.06},
        {0, {.per_second = 1, .saved_s = 2}, 0.2}, /* two of ten is the least it sees */
        {20, {.per_second = 10, .saved_s = 1}, 0.06},
        {100, {.per_second = 2, .saved_s = 1, .says_when = true}, 0.12},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct market m = cases[i].market;
        struct world w;

        world_begin(&w, cases[i].ceiling);
        ask_for_s(&w, &m, 60);
        ask_for_s(&w, &m, 300);
        if (share_refused(&m) > cases[i].most ||
            m.let_through < 300 * 0.75 * m.per_second)
            fail_msg("case %zu: %.3f refused, %d let through", i, share_refused(&m),
                     m.let_through);
        world_end(&w);
    }
}

static void refusals_that_are_not_of_our_making_do_not_slow_us_down(void **state)
{
    static const struct {
        double ceiling;
        struct market market;
        int least; /* let through in three minutes */
    } cases[] = {
        {0, {.chance = 0.2}, 180 * 120},
        {0, {.chance = 0.2, .says_when = true}, 180 * 50},
        {20, {.chance = 0.2, .says_when = true}, 180 * 8},
        {20, {.chance = 0.05, .says_when = true}, 180 * 14},
        {20, {.chance = 0.01, .says_when = true}, 180 * 15},
        {20, {.chance = 0.4}, 180 * 8},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct market m = cases[i].market;
        struct world w;

        world_begin(&w, cases[i].ceiling);
        ask_for_s(&w, &m, 180);
        if (m.let_through < cases[i].least)
            fail_msg("case %zu: %d let through", i, m.let_through);
        world_end(&w);
    }
}

static void one_429_is_not_congestion(void **state)
{
    const struct str key = STR_LIT("a");
    struct market m = {0};
    struct world w;

    (void)state;
    world_begin(&w, 8);
    ask_for_s(&w, &m, 3);
    pace_answered(w.pace, key, true, 3);
    assert_int_equal(turns(&w, "a", 1), 3000); /* held as asked, */
    ask_for_s(&w, &m, 5);
    assert_true(near(pace_rate(w.pace, key), 8)); /* and as fast as before */
    world_end(&w);
}

static void a_burst_of_429s_is_one_event(void **state)
{
    double rates[2];

    (void)state;
    for (int i = 0; i < 2; i++) { /* ten threads' 429s, or ten one by one */
        struct market m = {0};
        struct world w;

        world_begin(&w, 20);
        ask_for_s(&w, &m, 1);
        for (int n = 0; n < 10; n++) {
            turns(&w, "a", 1);
            if (i)
                pace_answered(w.pace, STR_LIT("a"), true, 0);
        }
        for (int n = 0; !i && n < 10; n++)
            pace_answered(w.pace, STR_LIT("a"), true, 0);
        ask_for_s(&w, &m, 1);
        rates[i] = pace_rate(w.pace, STR_LIT("a"));
        assert_true(rates[i] > 7 && rates[i] < 15);
        world_end(&w);
    }
    assert_true(rates[0] > rates[1] / 1.3 && rates[0] < rates[1] * 1.3);
}

static void it_is_back_within_a_minute_of_a_limit_that_is_gone(void **state)
{
    struct market tight = {.per_second = 2, .saved_s = 1}, open = {0};
    struct world w;

    (void)state;
    world_begin(&w, 20);
    ask_for_s(&w, &tight, 120);
    assert_true(pace_rate(w.pace, STR_LIT("a")) < 4);
    ask_for_s(&w, &open, 60);
    assert_true(near(pace_rate(w.pace, STR_LIT("a")), 20));
    world_end(&w);
}

/* Milliseconds until so many got through; ten minutes are no end. */
static int64_t let_through_ms(struct world *w, struct market *m, int count)
{
    int64_t from = w->clock.ms;

    m->let_through = m->refused = 0;
    while (m->let_through < count && w->clock.ms - from < 600000)
        ask_once(w, m);
    return w->clock.ms - from;
}

static void who_waits_behind_others_at_the_end_of_a_storm_waits_for_seconds(void **state)
{
    static const struct {
        double per_second; /* before and after */
        int storm_s;
        bool says_when;
    } cases[] = {
        {10, 60, false}, {10, 60, true},  {20, 60, false}, {20, 60, true},
        {20, 12, false}, {20, 300, true}, {50, 60, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct market m = {.per_second = cases[i].per_second, .saved_s = 1};
        struct market shut = {.chance = 1, .says_when = cases[i].says_when};
        struct world w;
        int64_t took;

        world_begin(&w, 0);
        ask_for_s(&w, &m, 60);
        ask_for_s(&w, &shut, cases[i].storm_s);
        took = let_through_ms(&w, &m, 17);
        if (took > 12000)
            fail_msg("case %zu: %lld ms", i, (long long)took);
        ask_for_s(&w, &m, 60);
        if (share_refused(&m) > 0.06)
            fail_msg("case %zu: %.3f refused afterwards", i, share_refused(&m));
        world_end(&w);
    }
}

static void it_never_stands_still_for_good(void **state)
{
    struct market shut = {.chance = 1}, open = {0};
    struct world w;

    (void)state;
    world_begin(&w, 20);
    ask_for_s(&w, &shut, 600);
    assert_true(shut.refused >= 60 && shut.refused < 1200);
    ask_for_s(&w, &open, 180);
    assert_true(near(pace_rate(w.pace, STR_LIT("a")), 20));
    world_end(&w);
}

static void it_is_told_how_long_nobody_was_answered(void **state)
{
    const struct str key = STR_LIT("a");
    struct world w;

    (void)state;
    world_begin(&w, 0);
    turns(&w, "a", 1);
    assert_int_equal(pace_unanswered(w.pace, key), 0);
    assert_true(pace_tell_silence(w.pace));
    assert_false(pace_tell_silence(w.pace));
    clock_sleep_ms(&w.clock.clock, 4000);
    assert_int_equal(pace_unanswered(w.pace, key), 4000);
    pace_answered(w.pace, key, true, 0); /* any answer is a sign of life */
    assert_int_equal(pace_unanswered(w.pace, key), 0);
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
    assert_status(pace_wait(w.pace, STR_LIT("a"), NULL, &w.err), AISLE_STOPPED, &w.err);
    assert_int_equal(pace_sleep(w.pace, 60000, NULL, NULL), AISLE_STOPPED);
    assert_true(w.clock.ms - 1700000000000 < 1000);
    world_end(&w);
}

static void an_end_of_the_callers_own_is_heard_too(void **state)
{
    atomic_bool over = true;
    struct world w;

    (void)state;
    world_begin(&w, 1);
    turns(&w, "a", 1);
    assert_status(pace_wait(w.pace, STR_LIT("a"), &over, &w.err), AISLE_STOPPED, &w.err);
    assert_int_equal(pace_sleep(w.pace, 60000, &over, NULL), AISLE_STOPPED);
    atomic_store(&over, false);
    assert_int_equal(pace_sleep(w.pace, 100, &over, NULL), AISLE_OK);
    world_end(&w);
}

static void *wait_often(void *ctx)
{
    struct world *w = ctx;

    for (int i = 0; i < 50; i++) {
        pace_wait(w->pace, STR_LIT("a"), NULL, NULL);
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
    struct pace_settings settings = {1, &w->clock.clock, &w->rng.rng, NULL, NULL};
    struct pace *pace = NULL;
    enum aisle_status status = pace_new(&settings, &pace, err);

    for (int i = 0; status == AISLE_OK && i < 9; i++) {
        const char key[] = {(char)('a' + i)};

        status = pace_wait(pace, str_n(key, 1), NULL, err);
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
        cmocka_unit_test(a_limit_is_found_and_kept_to),
        cmocka_unit_test(refusals_that_are_not_of_our_making_do_not_slow_us_down),
        cmocka_unit_test(one_429_is_not_congestion),
        cmocka_unit_test(a_burst_of_429s_is_one_event),
        cmocka_unit_test(it_is_back_within_a_minute_of_a_limit_that_is_gone),
        cmocka_unit_test(who_waits_behind_others_at_the_end_of_a_storm_waits_for_seconds),
        cmocka_unit_test(it_never_stands_still_for_good),
        cmocka_unit_test(it_is_told_how_long_nobody_was_answered),
        cmocka_unit_test(a_limit_that_was_told_is_kept),
        cmocka_unit_test(backoff_doubles_up_to_a_minute),
        cmocka_unit_test(a_stop_is_heard_while_waiting),
        cmocka_unit_test(an_end_of_the_callers_own_is_heard_too),
        cmocka_unit_test(threads_share_a_budget),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("net: pace", tests, NULL, NULL);
}
