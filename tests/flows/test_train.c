/* A model trained from what was decided: what it learns, where it is kept, who uses it,
 * and what is left of it when something goes wrong. */
#include "place.h"

#include "flows/adviser.h"
#include "flows/products.h"

#include <stdio.h>
#include <string.h>

static const char *const leaves[] = {"10", "11", "20"};
static const char *const words[] = {"kaos", "kemeja", "gelas"};

static void assert_ok(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        fail_msg("%s", err->text);
}

/* Products n from `first` on, of three kinds, in a seller category each; decided by
 * `by`, unless it is -1. */
static void decide(struct world *w, int first, int count, int by)
{
    struct decision_write d = {.expected = EXPECT_ANY};
    struct aisle_err err = {0};

    for (int i = first; i < first + count; i++) {
        char id[16], title[64];

        snprintf(id, sizeof id, "p%04d", i);
        snprintf(title, sizeof title, "%s model %d", words[i % 3], i);
        world_product(w, id, title, words[i % 3], NULL);
        d.d = (struct decision){.seller_id = STR_LIT("acme"),
                                .target_id = STR_LIT(WORLD_TARGET),
                                .scope = SCOPE_PRODUCT,
                                .key = str_of(id),
                                .state = DECISION_ACCEPTED,
                                .category_id = str_of(leaves[i % 3]),
                                .advisor = (enum advisor)by,
                                .who = STR_LIT("ann"),
                                .batch_id = STR_LIT("b")};
        if (by >= 0)
            assert_ok(
                w->app.store->ops->decisions->append(w->app.store, &d, 1, NULL, &err),
                &err);
    }
}

static void decide_category(struct world *w, const char *category, const char *leaf)
{
    struct decision_write d = {.d = {.seller_id = STR_LIT("acme"),
                                     .target_id = STR_LIT(WORLD_TARGET),
                                     .scope = SCOPE_SELLER_CATEGORY,
                                     .key = str_of(category),
                                     .state = DECISION_ACCEPTED,
                                     .category_id = str_of(leaf),
                                     .advisor = ADVISOR_MARKETPLACE,
                                     .who = STR_LIT("aisle"),
                                     .batch_id = STR_LIT("b")},
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->decisions->append(w->app.store, &d, 1, NULL, &err),
              &err);
}

static void *use(struct world *w, const char *model, bool measured, bool *has)
{
    struct taxonomy *tree = arena_zalloc(&w->arena, 1, sizeof *tree);
    struct adviser_request from = {.target_id = STR_LIT(WORLD_TARGET),
                                   .tree = tree,
                                   .model = str_of(model),
                                   .measured = measured};
    struct seller_advice *advice;
    struct adviser *a;
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->trees->load(w->app.store, from.target_id, 0, &w->arena,
                                             NULL, tree, &err),
              &err);
    assert_ok(adviser_open(&w->app, &from, &a, &err), &err);
    assert_ok(adviser_of(a, STR_LIT("acme"), &advice, &err), &err);
    *has = advice->taught.model != NULL;
    return a;
}

static bool is_used(struct world *w, const char *model, bool measured)
{
    bool has;

    adviser_close(use(w, model, measured, &has));
    return has;
}

static void what_was_decided_becomes_a_model_that_the_matcher_uses_by_itself(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;

    place_open(w, &p);
    decide(w, 0, 90, ADVISOR_PERSON);
    assert_false(is_used(w, "", false));
    r = place_train(w, TRAIN_DONE);
    assert_int_equal(r.model.rows, 90);
    assert_true(r.model.stamp > 0 && r.model.bytes > 0 && r.model.right > 0);
    assert_int_equal(place_kept(&p), 1);
    assert_true(is_used(w, "", false));
    assert_false(is_used(w, "none", false));
    assert_false(is_used(w, "", true)); /* it would be asked what it was told */
    place_train(w, TRAIN_NOTHING_NEW);
    place_close(w, &p);
}

static void products_that_a_seller_category_speaks_for_are_learnt_too(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;

    place_open(w, &p);
    decide(w, 0, 120, -1);
    decide_category(w, "kaos", "10");
    decide_category(w, "kemeja", "11");
    decide(w, 3, 1, ADVISOR_PERSON); /* one of its own: counted once */
    r = place_train(w, TRAIN_DONE);
    assert_int_equal(r.model.rows, 80);
    place_close(w, &p);
}

static void the_matchers_own_word_teaches_nothing(void **state)
{
    struct world *w = *state;
    struct place p;

    place_open(w, &p);
    decide(w, 0, 90, ADVISOR_LOCAL);
    assert_int_equal(place_train(w, TRAIN_TOO_FEW).rows, 0);
    decide(w, 90, TRAIN_LEAST - 1, ADVISOR_PERSON);
    assert_int_equal(place_train(w, TRAIN_TOO_FEW).rows, TRAIN_LEAST - 1);
    assert_int_equal(place_kept(&p), 0);
    place_close(w, &p);
}

static void the_newest_and_the_one_before_it_are_kept(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;
    struct adviser *a;
    bool has;

    place_open(w, &p);
    decide(w, 0, 60, ADVISOR_PERSON);
    place_train(w, TRAIN_DONE);
    a = use(w, "", false, &has);
    assert_true(has && !adviser_is_old(a));
    decide(w, 60, 3, ADVISOR_PERSON);
    place_train(w, TRAIN_DONE);
    assert_true(adviser_is_old(a));
    adviser_close(a);
    decide(w, 63, 3, ADVISOR_PERSON);
    r = place_train(w, TRAIN_DONE);
    assert_int_equal(r.model.rows, 66);
    assert_int_equal(place_kept(&p), 2);
    assert_true(is_used(w, "", false));
    place_close(w, &p);
}

static const char *best(struct world *w, struct adviser *a, const char *title)
{
    struct match_query query = {.title = str_of(title)};
    struct seller_advice *advice;
    struct match_scratch *scratch;
    struct suggestion s = {0};
    size_t count = 0;
    struct aisle_err err = {0};

    assert_ok(adviser_of(a, STR_LIT("acme"), &advice, &err), &err);
    assert_ok(seller_advice_look(advice, true, &err), &err);
    assert_ok(match_scratch_new(&scratch, &err), &err);
    assert_ok(
        match_rank(advice->matcher, scratch, &query, &w->arena, &s, 1, &count, &err),
        &err);
    match_scratch_free(scratch);
    return count ? arena_fmt(&w->arena, "%.*s", STR_ARG(s.category_id)).p : "-";
}

static void decide_one(struct world *w, const char *id, const char *leaf)
{
    struct decision_write d = {.d = {.seller_id = STR_LIT("acme"),
                                     .target_id = STR_LIT(WORLD_TARGET),
                                     .scope = SCOPE_PRODUCT,
                                     .key = str_of(id),
                                     .state = DECISION_ACCEPTED,
                                     .category_id = str_of(leaf),
                                     .advisor = ADVISOR_PERSON,
                                     .who = STR_LIT("ann"),
                                     .batch_id = STR_LIT("b")},
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->decisions->append(w->app.store, &d, 1, NULL, &err),
              &err);
}

static void only_what_was_decided_since_is_laid_over_it_and_at_once(void **state)
{
    struct world *w = *state;
    struct place p;
    struct seller_advice *advice;
    struct adviser *a;
    struct aisle_err err = {0};
    bool has;

    place_open(w, &p);
    decide(w, 0, 90, ADVISOR_PERSON);
    place_train(w, TRAIN_DONE);
    world_product(w, "new", "zarvina quansi", "baru", NULL);
    decide_one(w, "new", "11");
    a = use(w, "", false, &has);
    assert_true(has);
    assert_ok(adviser_of(a, STR_LIT("acme"), &advice, &err), &err);
    assert_int_equal(approvals_count(advice->learnt.approvals), 1);
    assert_string_equal(best(w, a, "zarvina quansi"), "11");
    assert_string_equal(best(w, a, "kaos model 3"), "10");
    decide_one(w, "p0003", "20"); /* the model was told otherwise */
    assert_string_equal(best(w, a, "kaos model 3"), "20");
    assert_string_equal(best(w, a, "kaos model 77"), "10");
    adviser_close(a);
    place_close(w, &p);
}

static void images_that_nobody_names_are_dropped_and_no_model_with_them(void **state)
{
    struct world *w = *state;
    struct place p;
    struct aisle_err err = {0};
    size_t count = 0;

    place_open(w, &p);
    decide(w, 0, 60, ADVISOR_PERSON);
    place_train(w, TRAIN_DONE);
    assert_ok(flow_images_prune(&w->app, INT64_MAX, false, &count, &err), &err);
    assert_int_equal(count, 0);
    assert_int_equal(place_kept(&p), 1);
    place_close(w, &p);
}

static void without_its_bytes_nothing_is_lost_and_it_is_made_anew(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;
    struct aisle_err err = {0};

    place_open(w, &p);
    decide(w, 0, 60, ADVISOR_PERSON);
    r = place_train(w, TRAIN_DONE);
    assert_ok(objects_put(p.objects, r.model.key, STR_LIT("no model"), STR_LIT(""), &err),
              &err);
    assert_false(is_used(w, "", false));
    place_train(w, TRAIN_DONE);
    assert_true(is_used(w, "", false));
    assert_ok(objects_drop(p.objects, r.model.key, &err), &err);
    assert_false(is_used(w, "", false));
    place_train(w, TRAIN_DONE);
    assert_true(is_used(w, "", false));
    place_train(w, TRAIN_NOTHING_NEW);
    w->app.objects = NULL;
    assert_false(is_used(w, "", false));
    place_close(w, &p);
}

static void a_training_that_is_stopped_or_was_taken_over_keeps_nothing(void **state)
{
    struct world *w = *state;
    const struct store_tasks *tasks = w->app.store->ops->tasks;
    struct task task = {.seller_id = STR_LIT("acme"),
                        .shop_id = STR_LIT("toko"),
                        .id = STR_LIT("train/toko"),
                        .kind = TASK_TRAIN,
                        .target_id = STR_LIT(WORLD_TARGET),
                        .parameters = STR_LIT("{}"),
                        .most_attempts = 5,
                        .due_at = 1};
    struct task_hold hold = {task.seller_id, task.shop_id, task.id, 0};
    struct train_request request = {.target = STR_LIT(WORLD_TARGET), .hold = &hold};
    struct train_result r;
    struct task_wish wish = {
        .owner = STR_LIT("a"), .now = 1795000000, .until = 1795000030, .most = 1};
    struct task taken;
    size_t count = 0;
    struct aisle_err err = {0};
    struct place p;

    place_open(w, &p);
    decide(w, 0, 60, ADVISOR_PERSON);
    assert_ok(tasks->put(w->app.store, &task, 1, NULL, &err), &err);
    assert_ok(tasks->take(w->app.store, &wish, &w->arena, &taken, &count, &err), &err);
    assert_int_equal(count, 1);
    hold.fence = taken.fence - 1;
    assert_int_equal(flow_train(&w->app, &request, &w->arena, &r, &err), AISLE_CONFLICT);
    assert_int_equal(place_kept(&p), 0);
    hold.fence = taken.fence;
    atomic_store(&w->stop, true);
    err = (struct aisle_err){0};
    assert_int_equal(flow_train(&w->app, &request, &w->arena, &r, &err), AISLE_STOPPED);
    assert_int_equal(place_kept(&p), 0);
    atomic_store(&w->stop, false);
    err = (struct aisle_err){0};
    assert_ok(flow_train(&w->app, &request, &w->arena, &r, &err), &err);
    assert_int_equal(r.outcome, TRAIN_DONE);
    place_close(w, &p);
}

static void note_line(void *ctx, enum log_level level, struct str line)
{
    (void)level;
    snprintf(ctx, 512, "%.*s", STR_ARG(line));
}

/* As where another host of the same store was upgraded before. */
static void that_a_model_cannot_be_used_is_warned_of(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;
    char warned[512] = "";
    struct log log = {
        .level = LOG_WARN, .clock = w->app.clock, .sink = note_line, .ctx = warned};

    place_open(w, &p);
    w->app.log = &log;
    decide(w, 0, 90, ADVISOR_PERSON);
    r = place_train(w, TRAIN_DONE);
    assert_true(is_used(w, "", false));
    assert_string_equal(warned, "");
    r.model.version++;
    assert_int_equal(w->app.store->ops->models->put(w->app.store, &r.model, NULL),
                     AISLE_OK);
    assert_false(is_used(w, "", false));
    assert_non_null(strstr(warned, "newer program; going on with names and approvals"));
    r.model.version -= 2;
    assert_int_equal(w->app.store->ops->models->put(w->app.store, &r.model, NULL),
                     AISLE_OK);
    assert_false(is_used(w, "", false));
    assert_non_null(strstr(warned, "older program, and workers or aisle model train"));
    place_close(w, &p);
}

/* As after an upgrade. */
static void a_model_of_an_older_program_is_due_and_made_anew(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;
    struct aisle_err err = {0};
    bool due = true;

    place_open(w, &p);
    decide(w, 0, 90, ADVISOR_PERSON);
    r = place_train(w, TRAIN_DONE);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_false(due);
    r.model.version--;
    assert_ok(w->app.store->ops->models->put(w->app.store, &r.model, &err), &err);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_true(due);
    r = place_train(w, TRAIN_DONE);
    assert_int_equal(r.model.rows, 90);
    assert_true(is_used(w, "", false));
    place_train(w, TRAIN_NOTHING_NEW);
    place_close(w, &p);
}

static void another_is_due_once_enough_was_decided_since(void **state)
{
    struct world *w = *state;
    struct trained_model m = {.seller_id = STR_LIT("acme"),
                              .target_id = STR_LIT(WORLD_TARGET),
                              .key = STR_LIT("k"),
                              .rows = 3000,
                              .version = MODEL_VERSION};
    struct aisle_err err = {0};
    bool due;

    decide(w, 0, TRAIN_FIRST - TRAIN_CATEGORY - 1, ADVISOR_PERSON);
    decide_category(w, "kaos", "10");
    decide(w, 1000, 5, ADVISOR_LOCAL);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_false(due);
    decide(w, 2000, 1, ADVISOR_MARKETPLACE);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_true(due);
    assert_ok(w->app.store->ops->models->put(w->app.store, &m, &err), &err);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_false(due); /* a tenth of three thousand */
    decide(w, 3000, 100, ADVISOR_PERSON);
    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    assert_true(due);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_decided_becomes_a_model_that_the_matcher_uses_by_itself),
        TEST(products_that_a_seller_category_speaks_for_are_learnt_too),
        TEST(the_matchers_own_word_teaches_nothing),
        TEST(the_newest_and_the_one_before_it_are_kept),
        TEST(only_what_was_decided_since_is_laid_over_it_and_at_once),
        TEST(images_that_nobody_names_are_dropped_and_no_model_with_them),
        TEST(without_its_bytes_nothing_is_lost_and_it_is_made_anew),
        TEST(a_training_that_is_stopped_or_was_taken_over_keeps_nothing),
        TEST(that_a_model_cannot_be_used_is_warned_of),
        TEST(a_model_of_an_older_program_is_due_and_made_anew),
        TEST(another_is_due_once_enough_was_decided_since),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
