/* Rules put to the catalogue: who goes before whom, and what an undo takes back. */
#include "world.h"

#include "flows/rules.h"
#include "flows/tasks.h"

#include <stdio.h>

static void decide(struct world *w, enum decision_scope scope, const char *key,
                   enum decision_state state, const char *leaf)
{
    struct decide_request r = {.target = STR_LIT(WORLD_TARGET),
                               .scope = scope,
                               .key = str_of(key),
                               .state = state,
                               .category = str_of(leaf),
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    if (flow_decide(&w->app, &r, NULL, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void take(struct world *w, enum decision_scope scope, const char *key,
                 const char *leaf)
{
    decide(w, scope, key, DECISION_ACCEPTED, leaf);
}

static void refuse(struct world *w, const char *product, const char *leaf)
{
    decide(w, SCOPE_PRODUCT, product, DECISION_REJECTED, leaf);
}

static void ready(struct world *w)
{
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "Baju", NULL);
    world_product(w, "b", "Kaos putih", "Baju", NULL);
    world_product(w, "c", "Gelas", "Baju", NULL);
}

static enum aisle_status put_rule(struct world *w, const char *words, const char *leaf,
                                  bool remove, char batch[BATCH_ID_LEN])
{
    struct rule what = {.words = str_of(words), .category_id = str_of(leaf)};
    struct rule_request request = {
        .seller_id = STR_LIT("acme"), .rule = &what, .remove = remove};
    struct decider d;
    enum aisle_status status;

    batch[0] = '\0';
    assert_int_equal(decider_open(&w->app, STR_LIT(WORLD_TARGET), &d, NULL), AISLE_OK);
    status = flow_rule_put(&d, &request, batch, NULL, NULL);
    decider_close(&d);
    return status;
}

static enum aisle_status apply(struct world *w, const char *batch,
                               struct rules_applied *done, struct aisle_err *err)
{
    struct decider d;
    enum aisle_status status = decider_open(&w->app, STR_LIT(WORLD_TARGET), &d, err);

    if (status == AISLE_OK)
        status = flow_rules_apply(&w->app,
                                  &(struct rules_request){.seller_id = STR_LIT("acme"),
                                                          .target_id = d.target.id,
                                                          .batch_id = str_of(batch),
                                                          .snapshot_id = d.snapshot.id,
                                                          .tree = &d.tree},
                                  done, err);
    decider_close(&d);
    return status;
}

/* Puts or removes a rule on words and applies all; status of the putting. */
static enum aisle_status rule(struct world *w, const char *words, const char *leaf,
                              bool remove, char batch[BATCH_ID_LEN],
                              struct rules_applied *done)
{
    enum aisle_status status = put_rule(w, words, leaf, remove, batch);

    if (status == AISLE_OK)
        assert_int_equal(apply(w, batch, done, NULL), AISLE_OK);
    return status;
}

static void run(struct world *w, struct map_result *out)
{
    struct map_request request = {.target = STR_LIT(WORLD_TARGET), .budget = -1};
    struct aisle_err err = {0};

    if (flow_map(&w->app, &request, NULL, NULL, out, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void
an_own_decision_goes_before_the_rule_and_the_rule_before_the_category(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    take(w, SCOPE_SELLER_CATEGORY, "Baju", "11");
    take(w, SCOPE_PRODUCT, "b", "11");
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    assert_int_equal(done.looked_at, 3);
    assert_int_equal(done.mapped, 1);
    assert_string_equal(world_mappings(w), "a=10 b=11 c=11");
}

static void what_somebody_decides_meanwhile_stays_and_the_rest_is_mapped(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct aisle_err err = {0};
    char batch[BATCH_ID_LEN], id[16];

    ready(w);
    for (int i = 0; i < 250; i++) {
        snprintf(id, sizeof id, "p%03d", i);
        world_product(w, id, "Topi", "Topi", NULL);
    }
    assert_int_equal(put_rule(w, "topi", "10", false, batch), AISLE_OK);
    world_race(w, "p150", DECISION_ACCEPTED, "11", 1);
    assert_int_equal(apply(w, batch, &done, NULL), AISLE_OK);
    assert_int_equal(done.looked_at, 253);
    assert_int_equal(done.mapped, 249);
    assert_non_null(strstr(world_mappings(w), "p149=10 p150=11 p151=10"));

    assert_int_equal(put_rule(w, "kaos", "10", false, batch), AISLE_OK);
    world_race(w, "a", DECISION_PROPOSED, "11", 1); /* nobody's last word */
    assert_int_equal(apply(w, batch, &done, NULL), AISLE_OK);
    assert_int_equal(done.mapped, 2);

    assert_int_equal(put_rule(w, "gelas", "10", false, batch), AISLE_OK);
    world_race(w, "c", DECISION_PROPOSED, "11", -1);
    assert_int_equal(apply(w, batch, &done, &err), AISLE_CONFLICT);
    assert_non_null(strstr(err.text, "product c was decided meanwhile by bob"));
}

static void
a_rule_that_goes_leaves_its_products_open_and_undo_brings_both_back(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct undo_result undone;
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10 b=10 c=-");
    assert_int_equal(rule(w, "kaos", "11", false, batch, &done), AISLE_OK);
    assert_int_equal(done.changed, 2);
    assert_string_equal(world_mappings(w), "a=11 b=11 c=-");
    assert_int_equal(rule(w, "kaos", "", true, batch, &done), AISLE_OK);
    assert_int_equal(done.opened, 2);
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_string_equal(world_mappings(w), "a=11 b=11 c=-");
    assert_int_equal(rule(w, "topi", "", true, batch, &done), AISLE_NOT_FOUND);
}

static void a_key_decided_twice_in_a_long_batch_goes_back_to_before_both(void **state)
{
    struct world *w = *state;
    struct decider d;
    struct undo_result undone;
    struct rule *left;
    size_t count;
    char batch[BATCH_ID_LEN] = "", word[16];

    ready(w);
    assert_int_equal(decider_open(&w->app, STR_LIT(WORLD_TARGET), &d, NULL), AISLE_OK);
    for (int i = 0; i <= 100; i++) {
        struct rule what = {.category_id = i ? STR_LIT("11") : STR_LIT("10")};

        snprintf(word, sizeof word, "w%d", i % 100);
        what.words = str_of(word);
        assert_int_equal(
            flow_rule_put(
                &d, &(struct rule_request){.seller_id = STR_LIT("acme"), .rule = &what},
                batch, NULL, NULL),
            AISLE_OK);
    }
    decider_close(&d);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.reversed, 100);
    assert_int_equal(undone.left_alone, 0);
    assert_int_equal(flow_rules(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET),
                                &w->arena, &left, &count, NULL),
                     AISLE_OK);
    assert_int_equal(count, 0);
}

/* Whether it was refused before there was a rule or what the rule had done. */
static void a_rule_puts_no_product_where_a_person_said_it_does_not_belong(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    refuse(w, "a", "10");
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    assert_int_equal(done.mapped, 1);
    assert_string_equal(world_mappings(w), "a=10~ b=10 c=-");
    refuse(w, "b", "10");
    assert_int_equal(rule(w, "gelas", "10", false, batch, &done), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10~ b=10~ c=10");
    assert_int_equal(rule(w, "kaos", "11", false, batch, &done), AISLE_OK);
    assert_int_equal(done.mapped, 2);
    assert_string_equal(world_mappings(w), "a=11 b=11 c=10");
}

/* And however much was said since. */
static void a_rule_knows_all_that_was_refused(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    refuse(w, "a", "10");
    refuse(w, "a", "11");
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    assert_int_equal(done.mapped, 1);
    assert_string_equal(world_mappings(w), "a=11~ b=10 c=-");
}

static void a_rule_needs_an_open_leaf(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos", "12", false, batch, &done), AISLE_INVALID);
    assert_int_equal(rule(w, "kaos", "77", false, batch, &done), AISLE_INVALID);
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
}

static void a_map_run_begins_with_the_rules(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    world_product(w, "d", "Kaos merah", "", NULL);
    w->market.answers = "=refuse";
    run(w, &result);
    assert_int_equal(world_asked(w, "Kaos merah"), 0);
    assert_non_null(strstr(world_mappings(w), "d=10"));
}

static void what_rules_settle_as_a_run_begins_counts_as_mapped_by_it(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "", NULL);
    world_product(w, "b", "Gelas", "", NULL);
    w->market.answers = "=refuse";
    run(w, &result);
    assert_int_equal(result.counts.by_rule, 1);
    assert_int_equal(result.counts.total, 2);
    assert_int_equal(result.counts.done, 2);
}

/* A run that is stopped begins with no items of what its rules did. */
static void a_run_taken_up_again_still_knows_what_its_rules_settled(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_request request = {.target = STR_LIT(WORLD_TARGET), .budget = 0};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "", NULL);
    world_product(w, "b", "Zzz", "", NULL);
    assert_int_equal(flow_map(&w->app, &request, NULL, NULL, &result, NULL), AISLE_LIMIT);
    w->market.answers = "=refuse";
    run(w, &result);
    assert_true(result.resumed);
    assert_int_equal(result.counts.by_rule, 1);
    assert_int_equal(result.counts.total, 2);
    assert_int_equal(result.counts.done, 2);
}

/* What rules settle takes no place of its limit. */
static void a_limited_run_with_rules_ends_where_it_would_have(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_request request = {
        .target = STR_LIT(WORLD_TARGET), .policy = MAP_THRIFTY, .limit = 3};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "", id[2] = "a";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    w->market.answers = "gelas=20\n";
    for (; *id < 'e'; ++*id)
        world_product(w, id, "Kaos hitam", "", NULL);
    for (; *id < 'k'; ++*id)
        world_product(w, id, "gelas kaca", "", NULL);
    assert_int_equal(flow_map(&w->app, &request, NULL, NULL, &result, NULL), AISLE_LIMIT);
    assert_int_equal(result.counts.by_rule, 4);
    request.budget = -1;
    assert_int_equal(flow_map(&w->app, &request, NULL, NULL, &result, NULL), AISLE_OK);
    assert_true(result.resumed);
    assert_int_equal(result.counts.done, 7);
    assert_non_null(strstr(world_mappings(w), "e=20 f=20 g=20 h=-"));
}

/* ---- rules that are gone ---- */

static void what_a_rule_mapped_since_is_open_again_once_it_is_undone(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct undo_result undone, redone;
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "", NULL);
    run(w, &result);
    assert_string_equal(world_mappings(w), "a=10");
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.opened, 1);
    assert_string_equal(world_mappings(w), "a=-");
    assert_int_equal(
        flow_undo(&w->app, str_of(undone.batch_id), NULL, NULL, &redone, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=10");
}

static void an_undo_leaves_a_product_to_the_rule_that_fits_it_then(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct undo_result undone;
    struct map_result result;
    char wide[BATCH_ID_LEN] = "", narrow[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, wide, &done), AISLE_OK);
    assert_int_equal(rule(w, "kaos hitam", "11", false, narrow, &done), AISLE_OK);
    world_product(w, "a", "Kaos hitam", "", NULL);
    run(w, &result);
    assert_string_equal(world_mappings(w), "a=11");
    assert_int_equal(flow_undo(&w->app, str_of(narrow), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.changed, 1);
    assert_string_equal(world_mappings(w), "a=10");
}

/* The last rule of all goes, and nothing is put to the products. */
static void lose_the_rule(struct world *w)
{
    struct decision_write gone = {.d = {.seller_id = STR_LIT("acme"),
                                        .target_id = STR_LIT(WORLD_TARGET),
                                        .scope = SCOPE_RULE,
                                        .key = STR_LIT("words=kaos"),
                                        .state = DECISION_CLEARED,
                                        .who = STR_LIT("ann"),
                                        .batch_id = STR_LIT("b")},
                                  .expected = EXPECT_ANY};

    assert_int_equal(
        w->app.store->ops->decisions->append(w->app.store, &gone, 1, NULL, NULL),
        AISLE_OK);
}

static void a_run_opens_what_was_mapped_by_a_rule_that_is_gone(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    w->market.answers = "=refuse";
    assert_int_equal(rule(w, "kaos", "20", false, batch, &done), AISLE_OK);
    lose_the_rule(w);
    assert_string_equal(world_mappings(w), "a=20 b=20 c=-");
    run(w, &result);
    assert_null(strstr(world_mappings(w), "a=20"));
    assert_null(strstr(world_mappings(w), "b=20"));
}

static void work_left_to_workers_opens_it_too(void **state)
{
    struct world *w = *state;
    struct tasks_request request = {.target = STR_LIT(WORLD_TARGET), .kind = TASK_MAP};
    struct tasks_result added;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos", "20", false, batch, &done), AISLE_OK);
    lose_the_rule(w);
    assert_int_equal(flow_tasks_add(&w->app, &request, &added, NULL), AISLE_OK);
    assert_string_equal(world_mappings(w), "a=- b=- c=-");
}

/* ---- how many ---- */

static void fill_up(struct world *w)
{
    static struct decision_write list[RULES_MAX];

    for (size_t i = 0; i < RULES_MAX; i++)
        list[i] =
            (struct decision_write){.d = {.seller_id = STR_LIT("acme"),
                                          .target_id = STR_LIT(WORLD_TARGET),
                                          .scope = SCOPE_RULE,
                                          .key = arena_fmt(&w->arena, "words=w%zu", i),
                                          .state = DECISION_ACCEPTED,
                                          .category_id = STR_LIT("10"),
                                          .advisor = ADVISOR_PERSON,
                                          .who = STR_LIT("ann"),
                                          .batch_id = STR_LIT("full")},
                                    .expected = EXPECT_ANY};
    assert_int_equal(
        w->app.store->ops->decisions->append(w->app.store, list, RULES_MAX, NULL, NULL),
        AISLE_OK);
}

static void
one_more_than_there_may_be_is_refused_and_those_there_are_stay_good(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    fill_up(w);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_LIMIT);
    assert_int_equal(rule(w, "w7", "11", false, batch, &done), AISLE_OK);
    world_product(w, "a", "w7", "", NULL);
    run(w, &result);
    assert_string_equal(world_mappings(w), "a=11");
    assert_int_equal(rule(w, "w8", "", true, batch, &done), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
}

static void
a_run_that_failed_before_it_was_kept_has_no_name_to_take_it_up_by(void **state)
{
    struct world *w = *state;
    struct map_request request = {.target = STR_LIT(WORLD_TARGET), .budget = -1};
    struct map_result result;
    struct decision_write garbled = {.d = {.seller_id = STR_LIT("acme"),
                                           .target_id = STR_LIT(WORLD_TARGET),
                                           .scope = SCOPE_RULE,
                                           .key = STR_LIT("no rule"),
                                           .state = DECISION_ACCEPTED,
                                           .category_id = STR_LIT("10"),
                                           .who = STR_LIT("ann"),
                                           .batch_id = STR_LIT("b")},
                                     .expected = EXPECT_ANY};

    ready(w);
    assert_int_equal(
        w->app.store->ops->decisions->append(w->app.store, &garbled, 1, NULL, NULL),
        AISLE_OK);
    assert_int_equal(flow_map(&w->app, &request, NULL, NULL, &result, NULL),
                     AISLE_GARBLED);
    assert_string_equal(result.run_id, "");
}

/* ---- leaves that take no products any more ---- */

static void sync_smaller(struct world *w)
{
    struct str locale = str_of(w->market.locale[0]);
    struct sync_request request = {.target = STR_LIT(WORLD_TARGET),
                                   .locales = &locale,
                                   .locale_count = 1,
                                   .accept_shrink = true};
    struct sync_result result;

    assert_int_equal(flow_sync(&w->app, &request, NULL, &w->arena, &result, NULL),
                     AISLE_OK);
}

struct heard {
    size_t warnings;
    char last[1024];
};

static void hear(void *ctx, enum log_level level, struct str line)
{
    struct heard *h = ctx;

    h->warnings += level == LOG_WARN;
    if (level == LOG_WARN)
        snprintf(h->last, sizeof h->last, "%.*s", STR_ARG(line));
}

static void
rules_whose_leaves_are_gone_closed_or_none_take_no_more_and_are_named(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct heard heard = {0};
    const struct log log = {
        .level = LOG_WARN, .clock = w->app.clock, .sink = hear, .ctx = &heard};
    struct map_result result;
    char batch[BATCH_ID_LEN] = "";

    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    assert_int_equal(rule(w, "xaxa", "10", false, batch, &done), AISLE_OK);
    assert_int_equal(rule(w, "xbxb", "11", false, batch, &done), AISLE_OK);
    assert_int_equal(rule(w, "xcxc", "20", false, batch, &done), AISLE_OK);
    assert_int_equal(done.passed_over, 0);
    world_product(w, "a", "Xcxc", "", NULL);
    run(w, &result);
    assert_string_equal(world_mappings(w), "a=20");

    w->market.tree[0] = "1< Fashion\n10<1 Kaos\n13<10 Polo*\n12<1 Emas*!\n2< "
                        "Rumah\n20<2 Gelas*!\n21<2 Piring*\n";
    sync_smaller(w);
    world_product(w, "b", "Xaxa", "", NULL);
    world_product(w, "c", "Xbxb", "", NULL);
    world_product(w, "d", "Xcxc dua", "", NULL);
    w->market.answers = "=refuse";
    w->app.log = &log;
    run(w, &result);
    w->app.log = NULL;
    assert_int_equal(result.counts.by_rule, 0);
    assert_string_equal(world_mappings(w), "a=20 b=- c=- d=-");
    assert_int_equal(heard.warnings, 1);
    assert_non_null(strstr(heard.last, "\"words=xaxa\" to 10"));
    assert_non_null(strstr(heard.last, "\"words=xbxb\" to 11"));
    assert_non_null(strstr(heard.last, "\"words=xcxc\" to 20"));
}

/* The narrower rule said that such products do not belong where the wider one puts them.
 */
static void a_rule_that_is_passed_over_leaves_nothing_to_a_wider_one(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos putih", "20", false, batch, &done), AISLE_OK);
    w->market.tree[0] = "1< Fashion\n10<1 Kaos*\n2< Rumah\n21<2 Piring*\n";
    sync_smaller(w);
    world_product(w, "d", "Kaos putih polos", "", NULL);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    assert_int_equal(done.passed_over, 1);
    assert_string_equal(world_mappings(w), "a=10 b=20 c=- d=-");
}

static void a_rule_may_lead_to_a_leaf_that_is_newer_than_the_tree(void **state)
{
    struct world *w = *state;
    struct rules_applied done = {0};
    struct provisional_category newer = {
        .target_id = STR_LIT(WORLD_TARGET), .id = STR_LIT("99"), .name = STR_LIT("Baru")};
    struct decision d;
    struct product a = {.seller_id = STR_LIT("acme"), .id = STR_LIT("a")};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(
        w->app.store->ops->trees->put_provisional(w->app.store, &newer, NULL), AISLE_OK);
    assert_int_equal(rule(w, "kaos", "99", false, batch, &done), AISLE_OK);
    assert_int_equal(done.mapped, 2);
    assert_int_equal(flow_mapping_of(&w->app, &a, newer.target_id, &w->arena, &d, NULL),
                     AISLE_OK);
    assert_true(d.provisional);
}

#define IN_A_WORLD(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(an_own_decision_goes_before_the_rule_and_the_rule_before_the_category),
        IN_A_WORLD(what_somebody_decides_meanwhile_stays_and_the_rest_is_mapped),
        IN_A_WORLD(a_rule_that_goes_leaves_its_products_open_and_undo_brings_both_back),
        IN_A_WORLD(a_key_decided_twice_in_a_long_batch_goes_back_to_before_both),
        IN_A_WORLD(a_rule_puts_no_product_where_a_person_said_it_does_not_belong),
        IN_A_WORLD(a_rule_knows_all_that_was_refused),
        IN_A_WORLD(a_rule_needs_an_open_leaf),
        IN_A_WORLD(a_map_run_begins_with_the_rules),
        IN_A_WORLD(what_rules_settle_as_a_run_begins_counts_as_mapped_by_it),
        IN_A_WORLD(a_run_taken_up_again_still_knows_what_its_rules_settled),
        IN_A_WORLD(a_limited_run_with_rules_ends_where_it_would_have),
        IN_A_WORLD(what_a_rule_mapped_since_is_open_again_once_it_is_undone),
        IN_A_WORLD(an_undo_leaves_a_product_to_the_rule_that_fits_it_then),
        IN_A_WORLD(a_run_opens_what_was_mapped_by_a_rule_that_is_gone),
        IN_A_WORLD(work_left_to_workers_opens_it_too),
        IN_A_WORLD(one_more_than_there_may_be_is_refused_and_those_there_are_stay_good),
        IN_A_WORLD(a_run_that_failed_before_it_was_kept_has_no_name_to_take_it_up_by),
        IN_A_WORLD(rules_whose_leaves_are_gone_closed_or_none_take_no_more_and_are_named),
        IN_A_WORLD(a_rule_that_is_passed_over_leaves_nothing_to_a_wider_one),
        IN_A_WORLD(a_rule_may_lead_to_a_leaf_that_is_newer_than_the_tree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
