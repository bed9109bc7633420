/* The log of decisions, and what stands. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>

static const struct store_decisions *decisions(const struct store_test *t)
{
    return t->s->ops->decisions;
}

static int64_t append(struct store_test *t, const struct decision_write *list,
                      size_t count)
{
    int64_t seq = 0;

    assert_ok(decisions(t)->append(t->s, list, count, &seq, &t->err), &t->err);
    return seq;
}

static int64_t append_one(struct store_test *t, const char *key,
                          enum decision_state state, const char *category_id)
{
    struct decision_write w = a_decision(key, state, category_id);

    return append(t, &w, 1);
}

static struct decision get(struct store_test *t, const char *key)
{
    struct decision d;

    assert_ok(decisions(t)->get(t->s, STR_LIT("acme"), STR_LIT(TARGET), SCOPE_PRODUCT,
                                str_of(key), &t->arena, &d, &t->err),
              &t->err);
    return d;
}

static void see_log(struct store_test *t)
{
    assert_ok(decisions(t)->each(t->s, &(struct log_filter){0}, see_decision, t, &t->err),
              &t->err);
}

static void a_decision_comes_back_whole(void **state)
{
    struct store_test *t = *state;
    struct decision_write w = {
        .d = {.seq = 99, /* the store gives it */
              .seller_id = STR_LIT("acme"),
              .target_id = STR_LIT(TARGET),
              .scope = SCOPE_SELLER_CATEGORY,
              .key = STR_LIT("Fashion > Kaos"),
              .state = DECISION_ACCEPTED,
              .category_id = STR_LIT("600001"),
              .advisor = ADVISOR_MARKETPLACE,
              .confidence = 0.125,
              .who = STR_LIT("aisle"),
              .reasons = STR_LIT("kaos, pria"),
              .batch_id = STR_LIT("b-9"),
              .run_id = STR_LIT("r-9"),
              .snapshot_id = 4,
              .conflict = true,
              .provisional = true,
              .undoes = 3,
              .at = 12345},
    };
    struct decision d;

    assert_int_equal(append(t, &w, 1), 1);
    assert_ok(decisions(t)->get(t->s, w.d.seller_id, w.d.target_id, w.d.scope, w.d.key,
                                &t->arena, &d, &t->err),
              &t->err);
    assert_int_equal(d.seq, 1);
    assert_str(d.seller_id, "acme");
    assert_str(d.target_id, TARGET);
    assert_int_equal(d.scope, SCOPE_SELLER_CATEGORY);
    assert_str(d.key, "Fashion > Kaos");
    assert_int_equal(d.state, DECISION_ACCEPTED);
    assert_str(d.category_id, "600001");
    assert_int_equal(d.advisor, ADVISOR_MARKETPLACE);
    assert_true(d.confidence == 0.125);
    assert_str(d.who, "aisle");
    assert_str(d.reasons, "kaos, pria");
    assert_str(d.batch_id, "b-9");
    assert_str(d.run_id, "r-9");
    assert_int_equal(d.snapshot_id, 4);
    assert_true(d.conflict);
    assert_true(d.provisional);
    assert_int_equal(d.undoes, 3);
    assert_int_equal(d.at, 12345);
}

static void the_newest_decision_of_a_key_stands_and_the_log_keeps_all(void **state)
{
    struct store_test *t = *state;

    append_one(t, "A", DECISION_PROPOSED, "30");
    append_one(t, "B", DECISION_NONE, "");
    assert_int_equal(append_one(t, "A", DECISION_ACCEPTED, "40"), 3);
    assert_int_equal(get(t, "A").seq, 3);
    append_one(t, "A", DECISION_CLEARED, "");
    assert_int_equal(get(t, "A").state, DECISION_CLEARED);
    see_log(t);
    assert_seen(t, "1 product A proposed 30\n2 product B none -\n"
                   "3 product A accepted 40\n4 product A cleared -\n");
    decisions(t)->get(t->s, STR_LIT("acme"), STR_LIT(TARGET), SCOPE_RULE, STR_LIT("A"),
                      &t->arena, &(struct decision){0}, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "rule A has no decision for " TARGET);
}

static void keys_of_other_sellers_targets_and_scopes_are_others(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[4];

    for (size_t i = 0; i < 4; i++)
        list[i] = a_decision("A", DECISION_ACCEPTED, "30");
    list[1].d.seller_id = STR_LIT("zeta");
    list[2].d.target_id = STR_LIT("toko-b");
    list[3].d.scope = SCOPE_SELLER_CATEGORY;
    for (size_t i = 0; i < 4; i++)
        list[i].expected = 0; /* each the first of its key */
    assert_int_equal(append(t, list, 4), 4);
    assert_int_equal(get(t, "A").seq, 1);
}

static void a_decision_on_what_has_changed_is_refused_with_all_beside_it(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[2] = {a_decision("B", DECISION_ACCEPTED, "30"),
                                     a_decision("A", DECISION_ACCEPTED, "40")};
    int64_t seq = 77;

    append_one(t, "A", DECISION_PROPOSED, "30");
    append_one(t, "A", DECISION_ACCEPTED, "30");
    list[0].expected = 0;
    list[1].expected = 1;
    decisions(t)->append(t->s, list, 2, &seq, &t->err);
    assert_failure(t, AISLE_CONFLICT, "product A was decided meanwhile by budi (2)");
    assert_int_equal(seq, 77);
    list[1].expected = 0;
    assert_status(decisions(t)->append(t->s, list, 2, NULL, &t->err), AISLE_CONFLICT,
                  &t->err);
    last_failure(t);
    list[0].expected = 5;
    decisions(t)->append(t->s, list, 2, &seq, &t->err);
    assert_failure(t, AISLE_CONFLICT, "product B was not decided before");
    see_log(t);
    assert_seen(t, "1 product A proposed 30\n2 product A accepted 30\n");

    list[0].expected = 0;
    list[1].expected = 2;
    seq = append(t, list, 2);
    assert_int_equal(get(t, "A").seq, seq);
    assert_int_equal(get(t, "B").seq, seq - 1);
}

static void what_is_settled_by_then_may_be_left_out(void **state)
{
    static const struct {
        enum decision_state before;
        bool left_out;
    } table[] = {
        {DECISION_PROPOSED, false}, {DECISION_ACCEPTED, true}, {DECISION_REJECTED, false},
        {DECISION_NONE, true},      {DECISION_CLEARED, false},
    };
    struct store_test *t = *state;

    for (size_t i = 0; i < COUNT(table); i++) {
        struct decision_write w = a_decision("A", DECISION_ACCEPTED, "50");
        int64_t before = append_one(t, "A", table[i].before, "30"), after;

        w.skip_if_settled = true;
        w.expected = table[i].left_out ? 9999 : before; /* not looked at then */
        after = append(t, &w, 1);
        assert_int_equal(after > before, !table[i].left_out);
        assert_int_equal(after == 0, table[i].left_out);
        assert_int_equal(get(t, "A").seq, table[i].left_out ? before : after);
    }
}

static void what_is_changed_by_then_may_be_left_out(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[3] = {a_decision("A", DECISION_ACCEPTED, "50"),
                                     a_decision("B", DECISION_ACCEPTED, "50"),
                                     a_decision("C", DECISION_ACCEPTED, "50")};
    int64_t a = append_one(t, "A", DECISION_PROPOSED, "30"), b, last;

    append_one(t, "B", DECISION_PROPOSED, "30");
    b = append_one(t, "B", DECISION_PROPOSED, "40");
    for (size_t i = 0; i < 3; i++)
        list[i].skip_if_changed = true;
    list[0].expected = a;
    list[1].expected = b - 1;
    list[2].expected = 0;
    last = append(t, list, 3);
    assert_str(get(t, "A").category_id, "50");
    assert_int_equal(get(t, "B").seq, b);
    assert_int_equal(get(t, "C").seq, last);
    assert_int_equal(append(t, &list[1], 1), 0);
}

static void one_piece_may_decide_a_key_twice(void **state)
{
    struct store_test *t = *state;
    struct decision_write list[2] = {a_decision("A", DECISION_PROPOSED, "30"),
                                     a_decision("A", DECISION_ACCEPTED, "40")};
    int64_t seq;

    seq = append(t, list, 2);
    assert_int_equal(get(t, "A").seq, seq);
    list[0].d.state = DECISION_ACCEPTED;
    list[1].skip_if_settled = true;
    seq = append(t, list, 2);
    assert_int_equal(get(t, "A").seq, seq);
    assert_str(get(t, "A").category_id, "30");
}

static void nothing_to_append_is_no_failure(void **state)
{
    struct store_test *t = *state;

    assert_int_equal(append(t, NULL, 0), 0);
    see_log(t);
    assert_seen(t, "");
}

/* 1 A accepted 30; 2 B proposed 30; 3 Kaos accepted 40 (category); 4 A rejected 30;
 * 5 A accepted 40 at toko-b; 6 A none, of zeta. */
static void put_six(struct store_test *t)
{
    struct decision_write list[6] = {
        a_decision("A", DECISION_ACCEPTED, "30"),
        a_decision("B", DECISION_PROPOSED, "30"),
        a_decision("Kaos", DECISION_ACCEPTED, "40"),
        a_decision("A", DECISION_REJECTED, "30"),
        a_decision("A", DECISION_ACCEPTED, "40"),
        a_decision("A", DECISION_NONE, ""),
    };

    list[1].d.batch_id = STR_LIT("b-2");
    list[2].d.scope = SCOPE_SELLER_CATEGORY;
    list[3].d.run_id = STR_LIT("r-1");
    list[4].d.target_id = STR_LIT("toko-b");
    list[5].d.seller_id = STR_LIT("zeta");
    append(t, list, 6);
}

static const struct {
    const char *says;
    struct mapping_filter filter;
    const char *want;
} mapping_cases[] = {
    {"all",
     {.limit = 0},
     "2 product B proposed 30\n3 seller-category Kaos accepted 40\n"
     "4 product A rejected 30\n5 product A accepted 40\n6 product A none -\n"},
    {"a seller's", {.seller_id = STR_INIT("zeta")}, "6 product A none -\n"},
    {"a target's", {.target_id = STR_INIT("toko-b")}, "5 product A accepted 40\n"},
    {"of a scope",
     {.has_scope = true, .scope = SCOPE_SELLER_CATEGORY},
     "3 seller-category Kaos accepted 40\n"},
    {"of the first scope",
     {.has_scope = true, .scope = SCOPE_PRODUCT, .limit = 1},
     "2 product B proposed 30\n"},
    {"in one state",
     {.states = 1u << DECISION_ACCEPTED},
     "3 seller-category Kaos accepted 40\n5 product A accepted 40\n"},
    {"in two states",
     {.states = 1u << DECISION_PROPOSED | 1u << DECISION_NONE},
     "2 product B proposed 30\n6 product A none -\n"},
    {"in a state nothing is in", {.states = 1u << DECISION_CLEARED}, ""},
    {"to a category",
     {.category_id = STR_INIT("40"), .target_id = STR_INIT(TARGET)},
     "3 seller-category Kaos accepted 40\n"},
    {"behind one",
     {.after_seq = 3, .limit = 2},
     "4 product A rejected 30\n5 product A accepted 40\n"},
    {"everything at once",
     {.seller_id = STR_INIT("acme"),
      .target_id = STR_INIT(TARGET),
      .has_scope = true,
      .scope = SCOPE_PRODUCT,
      .states = 1u << DECISION_REJECTED,
      .category_id = STR_INIT("30"),
      .after_seq = 2,
      .limit = 5},
     "4 product A rejected 30\n"},
};

static void mappings_are_the_newest_of_each_key_by_seq(void **state)
{
    struct store_test *t = *state;

    put_six(t);
    for (size_t i = 0; i < COUNT(mapping_cases); i++) {
        assert_ok(decisions(t)->each_mapping(t->s, &mapping_cases[i].filter, see_decision,
                                             t, &t->err),
                  &t->err);
        assert_text(mapping_cases[i].says, buf_str(&t->seen), mapping_cases[i].want);
        buf_reset(&t->seen);
    }
}

static const struct {
    const char *says;
    struct log_filter filter;
    const char *want;
} log_cases[] = {
    {"all",
     {.limit = 0},
     "1 product A accepted 30\n2 product B proposed 30\n"
     "3 seller-category Kaos accepted 40\n4 product A rejected 30\n"
     "5 product A accepted 40\n6 product A none -\n"},
    {"a seller's", {.seller_id = STR_INIT("zeta")}, "6 product A none -\n"},
    {"a target's", {.target_id = STR_INIT("toko-b")}, "5 product A accepted 40\n"},
    {"of a key",
     {.seller_id = STR_INIT("acme"), .key = STR_INIT("A"), .target_id = STR_INIT(TARGET)},
     "1 product A accepted 30\n4 product A rejected 30\n"},
    {"of a batch", {.batch_id = STR_INIT("b-2")}, "2 product B proposed 30\n"},
    {"of a run", {.run_id = STR_INIT("r-1")}, "4 product A rejected 30\n"},
    {"of a scope",
     {.has_scope = true, .scope = SCOPE_SELLER_CATEGORY},
     "3 seller-category Kaos accepted 40\n"},
    {"a page",
     {.after_seq = 2, .limit = 2},
     "3 seller-category Kaos accepted 40\n4 product A rejected 30\n"},
    {"newest first",
     {.newest_first = true, .limit = 2},
     "6 product A none -\n5 product A accepted 40\n"},
    {"newest first, the next page",
     {.newest_first = true, .after_seq = 5, .limit = 2},
     "4 product A rejected 30\n3 seller-category Kaos accepted 40\n"},
    {"everything at once",
     {.seller_id = STR_INIT("acme"),
      .target_id = STR_INIT(TARGET),
      .key = STR_INIT("A"),
      .batch_id = STR_INIT("b-1"),
      .run_id = STR_INIT("r-1"),
      .has_scope = true,
      .scope = SCOPE_PRODUCT,
      .after_seq = 1,
      .limit = 9},
     "4 product A rejected 30\n"},
};

static void the_log_is_read_in_part_and_from_either_end(void **state)
{
    struct store_test *t = *state;

    put_six(t);
    for (size_t i = 0; i < COUNT(log_cases); i++) {
        assert_ok(
            decisions(t)->each(t->s, &log_cases[i].filter, see_decision, t, &t->err),
            &t->err);
        assert_text(log_cases[i].says, buf_str(&t->seen), log_cases[i].want);
        buf_reset(&t->seen);
    }
}

static enum aisle_status note_key(void *ctx, const struct decision *d,
                                  struct aisle_err *err)
{
    bool *seen = ctx;

    (void)err;
    seen[strtol(d->key.p + 2, NULL, 10)] ^= d->state == DECISION_REJECTED; /* "K-17" */
    return AISLE_OK;
}

static void what_stands_for_some_keys_is_found_at_once(void **state)
{
    enum { KEYS = 40 };
    struct store_test *t = *state;
    struct decision_write list[KEYS];
    bool seen[2 * KEYS] = {0};
    char text[2 * KEYS][8];
    struct str keys[2 * KEYS];

    for (size_t i = 0; i < 2 * KEYS; i++) { /* the second half is of no decision */
        snprintf(text[i], sizeof text[i], "K-%zu", i);
        keys[i] = str_of(text[i]);
        if (i < KEYS)
            list[i] = a_decision(text[i], DECISION_ACCEPTED, "10");
    }
    append(t, list, KEYS);
    for (size_t i = 0; i < KEYS; i++)
        list[i].d.state = DECISION_REJECTED;
    append(t, list, KEYS - 1); /* the last one still stands as accepted */
    assert_ok(decisions(t)->each_of(t->s, STR_LIT("acme"), STR_LIT(TARGET), SCOPE_PRODUCT,
                                    keys, 2 * KEYS, note_key, seen, &t->err),
              &t->err);
    for (size_t i = 0; i < 2 * KEYS; i++)
        assert_int_equal(seen[i], i < KEYS - 1);
    assert_ok(decisions(t)->each_of(t->s, STR_LIT("zeta"), STR_LIT(TARGET), SCOPE_PRODUCT,
                                    keys, KEYS, note_key, seen, &t->err),
              &t->err);
    assert_true(seen[0]); /* another seller's are others: nothing was turned back */
}

static void decisions_survive_any_sync(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree, empty;
    int64_t id;

    put_six(t);
    tree_read(&tree, "10 0 Fashion\n30 10 Kaos*", NULL);
    tree_read(&empty, "", NULL);
    assert_ok(tree_apply(t, &tree, 0, 1000, &id), &t->err);
    assert_ok(tree_apply(t, &empty, id, 2000, &id), &t->err);
    see_log(t);
    assert_seen(t, log_cases[0].want);
    assert_ok(decisions(t)->each_mapping(t->s, &(struct mapping_filter){0}, see_decision,
                                         t, &t->err),
              &t->err);
    assert_seen(t, mapping_cases[0].want);
}

static const struct contract_case cases[] = {
    CASE(a_decision_comes_back_whole),
    CASE(the_newest_decision_of_a_key_stands_and_the_log_keeps_all),
    CASE(keys_of_other_sellers_targets_and_scopes_are_others),
    CASE(a_decision_on_what_has_changed_is_refused_with_all_beside_it),
    CASE(what_is_settled_by_then_may_be_left_out),
    CASE(what_is_changed_by_then_may_be_left_out),
    CASE(one_piece_may_decide_a_key_twice),
    CASE(nothing_to_append_is_no_failure),
    CASE(mappings_are_the_newest_of_each_key_by_seq),
    CASE(the_log_is_read_in_part_and_from_either_end),
    CASE(what_stands_for_some_keys_is_found_at_once),
    CASE(decisions_survive_any_sync),
};
const struct contract_table contract_decisions = CONTRACT_TABLE(cases);
