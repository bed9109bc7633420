/* Rules put to the catalogue: who goes before whom, and what an undo takes back. */
#include "world.h"

#include "flows/rules.h"

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

/* Puts or removes a rule on words and applies all; status of the putting. */
static enum aisle_status rule(struct world *w, const char *words, const char *leaf,
                              bool remove, char batch[BATCH_ID_LEN],
                              struct rules_applied *done)
{
    struct rule what = {.words = str_of(words), .category_id = str_of(leaf)};
    struct decider d;
    struct aisle_err err = {0};
    enum aisle_status status;

    batch[0] = '\0';
    assert_int_equal(decider_open(&w->app, STR_LIT(WORLD_TARGET), &d, &err), AISLE_OK);
    status = flow_rule_put(&d, STR_LIT("acme"), &what, remove, false, batch, NULL, &err);
    if (status == AISLE_OK)
        assert_int_equal(flow_rules_apply(&w->app, STR_LIT("acme"), d.target.id,
                                          d.snapshot.id, str_of(batch), done, &err),
                         AISLE_OK);
    decider_close(&d);
    return status;
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
    struct map_request request = {.target = STR_LIT(WORLD_TARGET), .budget = -1};
    struct map_result result;
    struct aisle_err err = {0};
    char batch[BATCH_ID_LEN] = "";

    ready(w);
    assert_int_equal(rule(w, "kaos", "10", false, batch, &done), AISLE_OK);
    world_product(w, "d", "Kaos merah", "", NULL);
    w->market.answers = "=refuse";
    if (flow_map(&w->app, &request, NULL, NULL, &result, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    assert_int_equal(world_asked(w, "Kaos merah"), 0);
    assert_non_null(strstr(world_mappings(w), "d=10"));
}

#define IN_A_WORLD(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(an_own_decision_goes_before_the_rule_and_the_rule_before_the_category),
        IN_A_WORLD(a_rule_that_goes_leaves_its_products_open_and_undo_brings_both_back),
        IN_A_WORLD(a_rule_puts_no_product_where_a_person_said_it_does_not_belong),
        IN_A_WORLD(a_rule_needs_an_open_leaf),
        IN_A_WORLD(a_map_run_begins_with_the_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
