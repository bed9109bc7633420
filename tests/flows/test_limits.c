/* Processes that share a store share what shops let through. A process is a pace of its
 * own; their clock stands still but for those who wait. */
#include "check.h"

#include "flows/limits.h"

#include <stdio.h>

enum { PROCESSES = 4, CALL_MS = 5 };

struct market {
    double per_second,
        saved; /* calls it would let through just now, at most a second's */
    int64_t at_ms;
    int let_through, refused;
};

struct test_world {
    struct store *store;
    struct clock_still clock;
    struct rng_seeded rng;
    struct limits limits[PROCESSES];
    struct pace *pace[PROCESSES];
    struct aisle_err err;
};

static void start(struct test_world *w, double per_second)
{
    memset(w, 0, sizeof *w);
    clock_still_init(&w->clock, 1700000000000);
    rng_seeded_init(&w->rng, 7);
    assert_ok(store_open(STR_LIT("memory:"), NULL, &w->store, &w->err), &w->err);
    for (size_t i = 0; i < PROCESSES; i++) {
        limits_init(&w->limits[i], &w->clock.clock, per_second);
        w->limits[i].store = w->store;
        assert_ok(pace_new(&(struct pace_settings){.per_second = per_second,
                                                   .clock = &w->clock.clock,
                                                   .rng = &w->rng.rng,
                                                   .share = &w->limits[i].share},
                           &w->pace[i], &w->err),
                  &w->err);
    }
}

static void finish(struct test_world *w)
{
    for (size_t i = 0; i < PROCESSES; i++)
        pace_free(w->pace[i]);
    store_close(w->store);
}

static bool refuses(struct test_world *w, struct market *m)
{
    m->saved += m->per_second * (double)(w->clock.ms - m->at_ms) / 1000;
    m->saved = m->saved < m->per_second ? m->saved : m->per_second;
    m->at_ms = w->clock.ms;
    if (m->saved < 1)
        return true;
    m->saved -= 1;
    return false;
}

static void ask_for_s(struct test_world *w, struct market *m, int seconds)
{
    int64_t until = w->clock.ms + (int64_t)seconds * 1000;

    m->let_through = m->refused = 0;
    for (size_t i = 0; w->clock.ms < until; i++) {
        struct pace *pace = w->pace[i % PROCESSES];
        bool refused;

        assert_ok(pace_wait(pace, STR_LIT("app/toko"), NULL, &w->err), &w->err);
        clock_sleep_ms(&w->clock.clock, CALL_MS);
        refused = refuses(w, m);
        pace_answered(pace, STR_LIT("app/toko"), refused, 0);
        m->let_through += !refused;
        m->refused += refused;
    }
}

static void a_known_limit_is_kept_by_all_together(void **state)
{
    struct market m = {.per_second = 1000};
    struct test_world w;

    (void)state;
    start(&w, 20);
    ask_for_s(&w, &m, 60);
    if (m.let_through > 60 * 20 + 2 || m.let_through < 60 * 20 * 0.6)
        fail_msg("%d calls", m.let_through);
    finish(&w);
}

static void a_limit_nobody_knew_is_found_by_all_together(void **state)
{
    struct market m = {.per_second = 20};
    struct test_world w;

    (void)state;
    start(&w, 0);
    ask_for_s(&w, &m, 60);
    ask_for_s(&w, &m, 300);
    if (m.refused > 0.08 * (m.refused + m.let_through) || m.let_through < 300 * 20 * 0.6)
        fail_msg("%d refused, %d let through", m.refused, m.let_through);
    finish(&w);
}

static int64_t calls_told(struct test_world *w, int64_t *version)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct call_limit row = {0};

    assert_ok(w->store->ops->tasks->get_limit(w->store, STR_LIT("app/toko"), &arena, &row,
                                              &w->err),
              &w->err);
    *version = row.version;
    arena_clear(&arena);
    return row.calls;
}

static void what_was_counted_is_told_once_nobody_calls_any_more(void **state)
{
    int64_t version, before;
    struct test_world w;

    (void)state;
    start(&w, 20);
    assert_ok(pace_wait(w.pace[0], STR_LIT("app/toko"), NULL, &w.err), &w.err);
    pace_answered(w.pace[0], STR_LIT("app/toko"), false, 0);
    pace_tell(w.pace[0], 1000); /* it may call again any moment */
    assert_int_equal(calls_told(&w, &before), 0);
    clock_sleep_ms(&w.clock.clock, 1000);
    pace_tell(w.pace[0], 1000);
    assert_int_equal(calls_told(&w, &version), 1);
    assert_int_equal(version, before + 1);
    pace_tell(w.pace[0], 0); /* nothing new */
    assert_int_equal(calls_told(&w, &version), 1);
    assert_int_equal(version, before + 1);
    finish(&w);
}

static void what_one_was_told_holds_for_all(void **state)
{
    struct test_world w;
    int64_t from;

    (void)state;
    start(&w, 0);
    for (size_t i = 0; i < PROCESSES; i++)
        assert_ok(pace_wait(w.pace[i], STR_LIT("a"), NULL, &w.err), &w.err);
    pace_told(w.pace[0], STR_LIT("a"), 2);
    clock_sleep_ms(&w.clock.clock, 1000);
    assert_ok(pace_wait(w.pace[0], STR_LIT("a"), NULL, &w.err), &w.err);
    from = w.clock.ms;
    for (int i = 0; i < 8; i++)
        assert_ok(pace_wait(w.pace[1 + i % 3], STR_LIT("a"), NULL, &w.err), &w.err);
    assert_true(w.clock.ms - from >= 3500);
    finish(&w);
}

static void a_429_holds_everyone_for_as_long_as_it_says(void **state)
{
    struct test_world w;
    int64_t from;

    (void)state;
    start(&w, 10);
    assert_ok(pace_wait(w.pace[0], STR_LIT("a"), NULL, &w.err), &w.err);
    pace_answered(w.pace[0], STR_LIT("a"), true, 7);
    from = w.clock.ms;
    assert_ok(pace_wait(w.pace[0], STR_LIT("a"), NULL, &w.err), &w.err);
    assert_ok(pace_wait(w.pace[1], STR_LIT("a"), NULL, &w.err), &w.err);
    assert_true(w.clock.ms - from >= 7000);
    finish(&w);
}

/* Else who waits would not hear that the pace has grown. */
static void turns_are_not_given_out_of_a_far_future(void **state)
{
    struct pace_report report = {.want = 16};
    struct pace_grant grant = {0};
    struct test_world w;

    (void)state;
    start(&w, 0.1);
    for (int i = 0; i < 20; i++) {
        const struct pace_share *share = &w.limits[i % PROCESSES].share;

        assert_ok(share->exchange(share->ctx, STR_LIT("a"), &report, &grant), &w.err);
        assert_int_equal(grant.turns, i == 0);
        assert_true(grant.later == (i > 0));
        assert_true(grant.wait_ms < 10000);
    }
    clock_sleep_ms(&w.clock.clock, grant.wait_ms);
    assert_ok(w.limits[0].share.exchange(&w.limits[0], STR_LIT("a"), &report, &grant),
              &w.err);
    assert_int_equal(grant.turns, 1);
    assert_false(grant.later);
    finish(&w);
}

static enum aisle_status see_limit(void *ctx, const struct call_limit *l,
                                   struct aisle_err *err)
{
    (void)err;
    buf_addf(ctx, "%.*s %g/s %lld calls, %lld refused\n", STR_ARG(l->key), l->per_second,
             (long long)l->calls, (long long)l->throttled);
    return AISLE_OK;
}

static void put_shop(struct test_world *w, const char *id, const char *remote_id)
{
    struct shop shop = {.id = str_of(id),
                        .seller_id = STR_LIT("acme"),
                        .channel = STR_LIT("tiktok"),
                        .app_key = STR_LIT("app"),
                        .remote_id = str_of(remote_id)};

    assert_ok(w->store->ops->shops->put_shop(w->store, &shop, &w->err), &w->err);
}

static void put_limit(struct test_world *w, const char *key, double per_second,
                      int64_t heard_ms, int64_t calls)
{
    struct call_limit limit = {.key = str_of(key),
                               .per_second = per_second,
                               .grown_ms = heard_ms,
                               .calls = calls,
                               .throttled = calls / 10};

    assert_ok(w->store->ops->tasks->put_limit(w->store, &limit, &w->err), &w->err);
}

static void a_shop_is_shown_once_by_the_name_it_has_here(void **state)
{
    struct test_world w;
    struct buf seen = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    start(&w, 0);
    put_shop(&w, "toko-a", "7001");
    put_shop(&w, "toko-b", ""); /* not connected yet */
    put_shop(&w, "toko-c", "7003");
    put_shop(&w, "toko-d", "7003"); /* the same shop once more */
    put_limit(&w, "app/toko-a", 5, 1000, 20);
    put_limit(&w, "app/7001", 8, 2000, 300);
    put_limit(&w, "app/toko-b", 0, 1000, 1);
    put_limit(&w, "app/7003", 2, 1000, 40);
    put_limit(&w, "gone/7009", 3, 1000, 50);
    assert_ok(flow_limits_each(w.store, see_limit, &seen, &w.err), &w.err);
    assert_string_equal(buf_str(&seen).p, "app/toko-a 8/s 320 calls, 32 refused\n"
                                          "app/toko-b 0/s 1 calls, 0 refused\n"
                                          "app/toko-c 2/s 40 calls, 4 refused\n"
                                          "gone/7009 3/s 50 calls, 5 refused\n");
    buf_clear(&seen);
    finish(&w);
}

static void shops_do_not_wait_for_one_another(void **state)
{
    struct test_world w;
    int64_t from;

    (void)state;
    start(&w, 1);
    from = w.clock.ms;
    for (int i = 0; i < 20; i++) {
        char key[8];

        snprintf(key, sizeof key, "s%d", i);
        assert_ok(pace_wait(w.pace[0], str_of(key), NULL, &w.err), &w.err);
    }
    assert_true(w.clock.ms - from < 100);
    finish(&w);
}

static enum aisle_status fails(void *ctx, struct str key,
                               const struct pace_report *report, struct pace_grant *grant)
{
    (void)ctx;
    (void)key;
    (void)report;
    (void)grant;
    return AISLE_IO;
}

static void without_the_store_each_goes_on_at_its_own_limit(void **state)
{
    struct pace_share none = {NULL, fails};
    struct test_world w;
    struct pace *pace;
    int64_t from;

    (void)state;
    start(&w, 10);
    assert_ok(pace_new(&(struct pace_settings){.per_second = 10,
                                               .clock = &w.clock.clock,
                                               .rng = &w.rng.rng,
                                               .share = &none},
                       &pace, &w.err),
              &w.err);
    from = w.clock.ms;
    for (int i = 0; i < 31; i++)
        assert_ok(pace_wait(pace, STR_LIT("a"), NULL, &w.err), &w.err);
    assert_true(w.clock.ms - from >= 2300 && w.clock.ms - from < 4000);
    pace_free(pace);
    finish(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_limit_is_kept_by_all_together),
        cmocka_unit_test(a_limit_nobody_knew_is_found_by_all_together),
        cmocka_unit_test(what_was_counted_is_told_once_nobody_calls_any_more),
        cmocka_unit_test(what_one_was_told_holds_for_all),
        cmocka_unit_test(a_429_holds_everyone_for_as_long_as_it_says),
        cmocka_unit_test(turns_are_not_given_out_of_a_far_future),
        cmocka_unit_test(a_shop_is_shown_once_by_the_name_it_has_here),
        cmocka_unit_test(shops_do_not_wait_for_one_another),
        cmocka_unit_test(without_the_store_each_goes_on_at_its_own_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
