/* Work that is left to workers where some is open already. */
#include "world.h"

#include "flows/tasks.h"

#include <stdio.h>

static struct tasks_request of_kind(enum task_kind kind)
{
    return (struct tasks_request){.kind = kind, .target = STR_LIT(WORLD_TARGET)};
}

static struct tasks_result add(struct world *w, struct tasks_request r)
{
    struct tasks_result added = {0};
    struct aisle_err err = {0};

    if (flow_tasks_add(&w->app, &r, &added, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    return added;
}

/* What it says holds all the words, which "|" stands between. */
static void refused(struct world *w, struct tasks_request r, const char *words)
{
    struct tasks_result added = {0};
    struct aisle_err err = {0};
    struct str left = str_of(words);

    assert_int_equal(flow_tasks_add(&w->app, &r, &added, &err), AISLE_CONFLICT);
    while (!str_empty(left)) {
        struct str word = arena_str(&w->arena, str_cut(&left, '|'));

        if (!strstr(err.text, word.p))
            fail_msg("no \"%s\" in: %s", word.p, err.text);
    }
}

static struct task the_task(struct world *w, const char *id)
{
    struct task task;
    struct aisle_err err = {0};

    if (w->app.store->ops->tasks->get(w->app.store, STR_LIT("acme"), STR_LIT("toko"),
                                      str_of(id), &w->arena, &task, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    return task;
}

static void ready(struct world *w)
{
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "Baju", NULL);
}

/* ---- listings ---- */

static void drafts_that_wait_do_not_go_live(void **state)
{
    struct world *w = *state;
    struct tasks_request r = of_kind(TASK_PUBLISH);
    struct tasks_result added;
    struct task task;

    ready(w);
    r.draft = true;
    assert_int_equal(add(w, r).added, 1);
    r.draft = false;
    refused(w, r, "publish/toko| is open already as drafts: |aisle work drop publish/");
    r.urgent = true;
    refused(w, r, "as drafts");
    task = the_task(w, "publish/" WORLD_TARGET);
    assert_non_null(strstr(task.parameters.p, "\"draft\":true"));
    assert_false(task.urgent);

    r.draft = true; /* the same, and soon */
    assert_int_equal(add(w, r).added, 1);
    added = add(w, r);
    assert_int_equal(added.added, 0);
    assert_int_equal(added.open, 1);
    task = the_task(w, "publish/" WORLD_TARGET);
    assert_non_null(strstr(task.parameters.p, "\"draft\":true"));
    assert_true(task.urgent);
}

static void nor_is_what_waits_listed_in_another_way(void **state)
{
    struct world *w = *state;
    struct tasks_request r = of_kind(TASK_PUBLISH), other;

    ready(w);
    r.fix = true;
    r.defaults = STR_LIT("{\"brand\":\"x\"}");
    assert_int_equal(add(w, r).added, 1);
    other = r;
    other.draft = true;
    refused(w, other, "to go live");
    other = r;
    other.fix = false;
    refused(w, other, "with fix");
    other = r;
    other.defaults = STR_LIT("{}");
    refused(w, other, "with other defaults");
    other = r;
    other.image_root = STR_LIT("/srv/images");
    refused(w, other, "with no image_root");
    other = r;
    other.allow_private = true;
    refused(w, other, "without allow_private");
    assert_int_equal(add(w, r).open, 1);
}

/* ---- maps ---- */

static void a_map_that_is_open_is_none_of_another_policy(void **state)
{
    struct world *w = *state;
    struct tasks_request r = of_kind(TASK_MAP), other;

    ready(w);
    r.policy = STR_LIT("guide");
    r.accept_at = 0.98;
    assert_int_equal(add(w, r).added, 1);
    other = r;
    other.policy = STR_LIT("thrifty");
    refused(w, other, "a map of toko| is open already with policy guide: |work list");
    other = r;
    other.accept_at = 0.9;
    refused(w, other, "with accept_at 0.98");
    other = r;
    other.model = STR_LIT("/srv/m");
    refused(w, other, "with no model");
    other = of_kind(TASK_MAP); /* nothing is said of how */
    assert_int_equal(add(w, other).open, 1);
    other.policy = STR_LIT("thrifty"); /* as settings have it, and no person */
    other.model = STR_LIT("/srv/m");
    other.image_root = STR_LIT("/srv/images");
    other.allow_private = true;
    other.unsaid =
        UNSAID_POLICY | UNSAID_MODEL | UNSAID_IMAGE_ROOT | UNSAID_ALLOW_PRIVATE;
    assert_int_equal(add(w, other).open, 1);
    other.urgent = true;
    assert_int_equal(add(w, other).added, 1);
    assert_int_equal(add(w, r).open, 1);
}

static enum aisle_status note_lane(void *ctx, const struct lane *lane,
                                   struct aisle_err *err)
{
    (void)err;
    *(struct lane *)ctx = *lane;
    return AISLE_OK;
}

static void all_of_a_large_map_becomes_urgent(void **state)
{
    struct world *w = *state;
    struct tasks_request r = of_kind(TASK_MAP);
    struct lane lane = {0};
    struct tasks_result added;

    ready(w);
    for (int i = 1; i < 250; i++) {
        char id[16];

        snprintf(id, sizeof id, "p%03d", i);
        world_product(w, id, "Kaos", id, NULL);
    }
    r.share = 1;
    assert_int_equal(add(w, r).added, 250);
    added = add(w, r);
    assert_int_equal(added.added, 0);
    assert_int_equal(added.open, 250);
    r.urgent = true;
    added = add(w, r);
    assert_int_equal(added.added, 250);
    assert_int_equal(added.open, 0);
    assert_int_equal(
        w->app.store->ops->tasks->each_lane(w->app.store, note_lane, &lane, NULL),
        AISLE_OK);
    assert_int_equal(lane.waiting, 250);
    assert_int_equal(lane.urgent, 250);
}

/* ---- what the clock left ---- */

static enum aisle_status run(struct world *w, bool urgent)
{
    struct task task = the_task(w, "sync/" WORLD_TARGET);
    struct buf said = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    assert_int_equal(task.urgent, urgent);
    status = flow_task_run(&w->app, &task, 1, &said, NULL);
    buf_clear(&said);
    return status;
}

static void who_waits_for_a_tree_has_it_looked_at_now(void **state)
{
    struct world *w = *state;
    struct tasks_request r = of_kind(TASK_SYNC);

    ready(w);
    w->market.fetch_fails[0] = AISLE_IO;
    r.due_after_s = 3600;
    assert_int_equal(add(w, r).added, 1);
    assert_int_equal(run(w, false), AISLE_OK);
    r.due_after_s = 0;
    r.urgent = true;
    assert_int_equal(add(w, r).added, 1);
    assert_int_equal(run(w, true), AISLE_IO);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(drafts_that_wait_do_not_go_live),
        T(nor_is_what_waits_listed_in_another_way),
        T(a_map_that_is_open_is_none_of_another_policy),
        T(all_of_a_large_map_becomes_urgent),
        T(who_waits_for_a_tree_has_it_looked_at_now),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
