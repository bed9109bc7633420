/* What comes round by the clock, and is left to the workers. */
#include "world.h"

#include "flows/due.h"

#include <stdio.h>
#include <stdlib.h>

static void assert_ok(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        fail_msg("%s", err->text);
}

enum { SHOPS = 2100 }; /* more than are looked at in one go */

static void add_shops(struct world *w)
{
    const struct store_shops *ops = w->app.store->ops->shops;
    struct aisle_err err = {0};

    for (int i = 0; i < SHOPS; i++) {
        char shop[16];

        snprintf(shop, sizeof shop, "s%04d", i);
        assert_ok(ops->put_shop(w->app.store,
                                &(struct shop){.id = str_of(shop),
                                               .seller_id = STR_LIT("acme"),
                                               .channel = STR_LIT("market")},
                                &err),
                  &err);
        assert_ok(
            ops->put_target(w->app.store,
                            &(struct target){.id = str_of(shop), .shop_id = str_of(shop)},
                            &err),
            &err);
    }
}

static enum aisle_status count_sync(void *ctx, const struct task *t,
                                    struct aisle_err *err)
{
    (void)err;
    assert_int_equal(t->kind, TASK_SYNC);
    ++*(size_t *)ctx;
    return AISLE_OK;
}

static size_t left(struct world *w)
{
    struct task_filter all = {.limit = 0};
    struct aisle_err err = {0};
    size_t count = 0;

    assert_ok(
        w->app.store->ops->tasks->each(w->app.store, &all, count_sync, &count, &err),
        &err);
    return count;
}

static void look(struct world *w, bool whole)
{
    struct rounds rounds = {.sync_every_s = 3600, .leave = true, .whole = whole};
    struct rounds_state *state = calloc(1, sizeof *state);
    struct aisle_err err = {0};
    size_t done = 0;

    assert_non_null(state);
    assert_ok(flow_rounds(&w->app, &rounds, state, &done, &err), &err);
    free(state);
}

static void a_look_that_nobody_follows_up_sees_every_target(void **state)
{
    struct world *w = *state;

    add_shops(w);
    look(w, false);
    assert_in_range(left(w), 1, SHOPS - 1);
    look(w, true);
    assert_int_equal(left(w), SHOPS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_look_that_nobody_follows_up_sees_every_target,
                                        world_setup, world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
