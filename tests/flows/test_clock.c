/* A host whose clock is off, beside one whose clock is right. */
#include "check.h"
#include "store/private_postgres.h"

#include "flows/lease.h"

#include <stdlib.h>

#define HOUR_MS ((int64_t)3600 * 1000)

static int64_t real_now_ms(void)
{
    return clock_now_ms(clock_system());
}

static struct app open_at(const char *location, const struct clock *clock)
{
    struct app_settings set = {
        .store = str_of(location), .clock = clock, .who = STR_LIT("me")};
    struct app app = {0};
    struct aisle_err err = {0};

    if (app_open(&set, &app, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    return app;
}

static void a_host_goes_by_the_clock_of_the_store_it_shares(void **state)
{
    char location[300];
    struct clock_still off;
    struct app ahead, right;
    struct lease first, second;

    (void)state;
    if (!private_postgres())
        skip();
    private_postgres_location(location, sizeof location);
    clock_still_init(&off, real_now_ms() + HOUR_MS);
    ahead = open_at(location, &off.clock);
    right = open_at(location, NULL);
    assert_true(llabs(clock_now_ms(ahead.clock) - real_now_ms()) < HOUR_MS / 10);

    /* by its own clock the lease of the other would be over */
    assert_int_equal(lease_take(&right, &first, "job", STR_LIT("x"), 600, NULL),
                     AISLE_OK);
    assert_int_equal(lease_take(&ahead, &second, "job", STR_LIT("x"), 600, NULL),
                     AISLE_CONFLICT);
    lease_give_back(&right, &first);

    /* set right under way, and looked at again */
    atomic_store(&off.ms, real_now_ms());
    app_agree_on_time(&ahead);
    assert_true(llabs(clock_now_ms(ahead.clock) - real_now_ms()) < HOUR_MS / 10);
    app_close(&ahead);
    app_close(&right);
    private_postgres_drop(location);
}

static void a_store_of_this_machine_leaves_the_clock_as_it_is(void **state)
{
    struct clock_still off;
    struct app app;

    (void)state;
    clock_still_init(&off, HOUR_MS);
    app = open_at("memory:", &off.clock);
    app_agree_on_time(&app);
    assert_int_equal(clock_now_ms(app.clock), HOUR_MS);
    app_close(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_goes_by_the_clock_of_the_store_it_shares),
        cmocka_unit_test(a_store_of_this_machine_leaves_the_clock_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
