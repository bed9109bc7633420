/* What comes round by the clock, and is left to the workers. */
#include "world.h"

#include "flows/due.h"
#include "flows/worker.h"

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

enum { EVERY_S = 3600, YEAR_S = 365 * 86400 };

static size_t look_at(struct world *w, struct rounds rounds)
{
    struct rounds_state *state = calloc(1, sizeof *state);
    struct aisle_err err = {0};
    size_t done = 0;

    assert_non_null(state);
    assert_ok(flow_rounds(&w->app, &rounds, state, &done, &err), &err);
    free(state);
    return done;
}

static void look(struct world *w, bool whole)
{
    look_at(w, (struct rounds){.sync_every_s = EVERY_S, .leave = true, .whole = whole});
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

/* Everything at once: what was done and claimed, as it stands when the clock is right. */
static void with_a_clock_ahead(struct world *w, void (*fn)(struct world *w))
{
    w->clock.ms += YEAR_S * INT64_C(1000);
    fn(w);
    w->clock.ms -= YEAR_S * INT64_C(1000);
}

static void claim_round(struct world *w)
{
    look(w, false);
}

static void drop_tasks(struct world *w)
{
    const struct store_tasks *ops = w->app.store->ops->tasks;

    assert_ok(ops->drop(w->app.store, STR_LIT("acme"), STR_LIT("toko"),
                        STR_LIT("sync/" WORLD_TARGET), NULL),
              &(struct aisle_err){0});
}

static void a_round_claimed_by_a_clock_that_was_ahead_comes_all_the_same(void **state)
{
    struct world *w = *state;

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    clock_sleep_ms(w->app.clock, 3 * 86400 * 1000);
    with_a_clock_ahead(w, claim_round);
    assert_int_equal(left(w), 1);
    drop_tasks(w);
    look(w, false);
    assert_int_equal(left(w), 1);
    drop_tasks(w);
    look(w, false);
    assert_int_equal(left(w), 0); /* its own claim stands */
}

static void sync_now(struct world *w)
{
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
}

static void a_tree_checked_by_a_clock_that_was_ahead_is_due(void **state)
{
    struct world *w = *state;

    with_a_clock_ahead(w, sync_now);
    look(w, false);
    assert_int_equal(left(w), 1);
}

static size_t prune(struct world *w)
{
    return look_at(w, (struct rounds){.prune_every_s = EVERY_S, .keep = {.runs_s = 60}});
}

static void prune_now(struct world *w)
{
    assert_int_equal(prune(w), 1);
}

static void what_a_clock_that_was_ahead_dropped_is_dropped_again_once(void **state)
{
    struct world *w = *state;

    with_a_clock_ahead(w, prune_now);
    assert_int_equal(prune(w), 1);
    assert_int_equal(prune(w), 0);
}

static void put_hook(struct world *w)
{
    const struct hook hook = {.seller_id = STR_LIT("acme"),
                              .shop_id = STR_LIT("toko"),
                              .id = STR_LIT("n1"),
                              .body = STR_LIT("{}"),
                              .state = HOOK_WAITING,
                              .text = STR_LIT(""),
                              .received_at = clock_now_s(w->app.clock)};
    bool added = false;
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->hooks->put(w->app.store, &hook, &added, &err), &err);
}

/* Of one that is not there: done. */
static enum task_state state_of_hook_task(struct world *w)
{
    struct task task;

    if (w->app.store->ops->tasks->get(w->app.store, STR_LIT("acme"), STR_LIT("toko"),
                                      STR_LIT("webhooks/toko"), &w->arena, &task,
                                      NULL) == AISLE_OK)
        return task.state;
    return TASK_DONE;
}

static void say_there_is_a_worker(struct world *w)
{
    const struct worker_report report = {.id = STR_LIT("elsewhere/1/1"),
                                         .seen_at = clock_now_s(w->app.clock)};

    assert_int_equal(w->app.store->ops->tasks->put_worker(w->app.store, &report, 0, NULL),
                     AISLE_OK);
}

static enum aisle_status read_nothing(struct str body, struct arena *arena,
                                      struct channel_event *out, struct aisle_err *err)
{
    (void)body;
    (void)arena;
    (void)err;
    *out = (struct channel_event){.kind = EVENT_OTHER};
    return AISLE_OK;
}

static void a_worker_seen_by_a_clock_that_was_ahead_is_not_left_the_work(void **state)
{
    struct world *w = *state;

    w->market.ops.read_event = read_nothing;
    put_hook(w);
    with_a_clock_ahead(w, say_there_is_a_worker);
    look_at(w, (struct rounds){.leave = false});
    assert_int_equal(state_of_hook_task(w), TASK_DONE);
}

static void give_up_hooks(struct world *w)
{
    const struct store_tasks *ops = w->app.store->ops->tasks;
    int64_t now = clock_now_s(w->app.clock);
    struct task_wish wish = {
        .owner = STR_LIT("w"), .now = now, .turn_ms = now, .until = now + 30, .most = 1};
    struct task_end e = {.state = TASK_DEAD, .text = STR_LIT("given up"), .at = now};
    struct task task;
    size_t count = 0;

    look_at(w, (struct rounds){.leave = true});
    assert_int_equal(ops->take(w->app.store, &wish, &w->arena, &task, &count, NULL),
                     AISLE_OK);
    assert_int_equal(count, 1);
    e.hold = (struct task_hold){task.seller_id, task.shop_id, task.id, task.fence};
    assert_int_equal(ops->end(w->app.store, &e, NULL), AISLE_OK);
}

static void what_a_clock_that_was_ahead_gave_up_is_begun_anew(void **state)
{
    struct world *w = *state;

    put_hook(w);
    with_a_clock_ahead(w, give_up_hooks);
    assert_int_equal(state_of_hook_task(w), TASK_DEAD);
    look_at(w, (struct rounds){.leave = true});
    assert_int_equal(state_of_hook_task(w), TASK_WAITING);
}

static void a_worker_does_what_a_clock_that_was_ahead_put_off(void **state)
{
    struct world *w = *state;
    const struct task put_off = {.seller_id = STR_LIT("acme"),
                                 .shop_id = STR_LIT("toko"),
                                 .id = STR_LIT("sync/" WORLD_TARGET),
                                 .kind = TASK_SYNC,
                                 .target_id = STR_LIT(WORLD_TARGET),
                                 .parameters = STR_LIT("{}"),
                                 .most_attempts = 5,
                                 .due_at = clock_now_s(w->app.clock) + YEAR_S};
    struct worker_settings set = {.slots = 1, .until_empty = true};
    struct worker_result result = {0};
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->tasks->put(w->app.store, &put_off, 1, NULL, &err), &err);
    assert_ok(flow_worker(&w->app, &set, &result, &err), &err);
    assert_int_equal(result.done, 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_look_that_nobody_follows_up_sees_every_target,
                                        world_setup, world_teardown),
        T(a_round_claimed_by_a_clock_that_was_ahead_comes_all_the_same),
        T(a_tree_checked_by_a_clock_that_was_ahead_is_due),
        T(what_a_clock_that_was_ahead_dropped_is_dropped_again_once),
        T(a_worker_seen_by_a_clock_that_was_ahead_is_not_left_the_work),
        T(what_a_clock_that_was_ahead_gave_up_is_begun_anew),
        T(a_worker_does_what_a_clock_that_was_ahead_put_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
