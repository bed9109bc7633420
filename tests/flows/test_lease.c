/* A lease that is renewed while its holder waits for something else. */
#include "world.h"

#include "flows/keeper.h"

#include <stdio.h>
#include <string.h>

enum { LEASE_S = 3, PATIENCE = 6000 };

static void take(struct world *w, struct lease *lease, struct keeper *k)
{
    struct aisle_err err = {0};

    assert_int_equal(lease_take(&w->app, lease, "sync", STR_LIT("toko"), LEASE_S, &err),
                     AISLE_OK);
    assert_int_equal(keeper_begin(k, &w->app, lease, LEASE_S, &err), AISLE_OK);
}

/* In how many seconds it is over; 0: it was, and is another's now. */
static int over_in_s(struct world *w)
{
    int64_t now = clock_now_s(w->app.clock);
    const struct lease_claim claim = {.name = STR_LIT("sync/toko"),
                                      .owner = STR_LIT("elsewhere/1/1/0"),
                                      .now = now,
                                      .until = now + LEASE_S};
    struct aisle_err err = {0};

    w->app.store->ops->work->claim(w->app.store, &claim, NULL, NULL, &err);
    return err.retry_after_s;
}

static void a_kept_lease_is_renewed_while_its_holder_waits(void **state)
{
    struct world *w = *state;
    struct lease lease;
    struct keeper k;
    int left = 0;

    take(w, &lease, &k);
    assert_int_equal(over_in_s(w), LEASE_S + 1);
    clock_sleep_ms(w->app.clock, (LEASE_S - 1) * 1000);
    for (int i = 0; i < PATIENCE && left <= LEASE_S; i++) {
        left = over_in_s(w);
        clock_sleep_ms(clock_system(), 10);
    }
    assert_int_equal(left, LEASE_S + 1);
    assert_int_equal(keeper_check(&k, NULL), AISLE_OK);
    keeper_end(&k);
    assert_true(lease.held);
    lease_give_back(&w->app, &lease);
    assert_int_equal(over_in_s(w), 0);
}

static void whoever_lost_a_kept_lease_is_told(void **state)
{
    struct world *w = *state;
    struct lease lease;
    struct keeper k;
    struct aisle_err err = {0};

    take(w, &lease, &k);
    assert_int_equal(w->app.store->ops->work->release(w->app.store, str_of(lease.name),
                                                      str_of(lease.owner), NULL),
                     AISLE_OK);
    assert_int_equal(over_in_s(w), 0); /* another has it */
    for (int i = 0; i < PATIENCE && keeper_check(&k, &err) == AISLE_OK; i++)
        clock_sleep_ms(clock_system(), 10);
    assert_int_equal(err.status, AISLE_CONFLICT);
    assert_string_equal(err.text, "sync/toko was taken over by another");
    keeper_end(&k);
    assert_false(lease.held);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_kept_lease_is_renewed_while_its_holder_waits),
        T(whoever_lost_a_kept_lease_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
