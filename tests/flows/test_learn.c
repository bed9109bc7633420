/* What was decided helps with what is decided next; what was taken back does not. */
#include "world.h"

#include "flows/learn.h"

#include <stdio.h>
#include <string.h>

struct learning {
    struct taxonomy tree;
    struct learnt learnt;
    struct matcher *matcher;
    struct match_scratch *scratch;
};

static void take(struct world *w, enum decision_scope scope, const char *key,
                 enum decision_state state, const char *leaf, char batch[BATCH_ID_LEN])
{
    struct decide_request r = {.target = STR_LIT(WORLD_TARGET),
                               .scope = scope,
                               .key = str_of(key),
                               .state = state,
                               .category = str_of(leaf),
                               .expected = EXPECT_ANY};
    struct aisle_err err = {0};

    if (flow_decide(&w->app, &r, batch, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

static void ready(struct world *w)
{
    assert_int_equal(world_sync(w, NULL, NULL), AISLE_OK);
    world_product(w, "a", "Zarvina seri biru", "Baju", NULL);
    world_product(w, "b", "Zarvina seri merah", "Baju", NULL);
    world_product(w, "c", "Quansi teplo", "", NULL);
}

static void open_learning(struct world *w, struct learning *l)
{
    struct learn_request from = {.seller_id = STR_LIT("acme"), .tree = &l->tree};
    struct target target;
    struct aisle_err err = {0};

    *l = (struct learning){0};
    assert_int_equal(
        flow_target(&w->app, STR_LIT(WORLD_TARGET), &w->arena, &target, NULL, &err),
        AISLE_OK);
    from.target_id = target.id;
    assert_int_equal(w->app.store->ops->trees->load(w->app.store, target.id, 0, &w->arena,
                                                    NULL, &l->tree, &err),
                     AISLE_OK);
    assert_int_equal(match_new(&l->tree, &l->matcher, &err), AISLE_OK);
    assert_int_equal(match_scratch_new(&l->scratch, &err), AISLE_OK);
    if (learnt_open(&w->app, &from, &l->learnt, &err) != AISLE_OK)
        fail_msg("%s", err.text);
    match_use(l->matcher, &(struct match_sources){.approvals = l->learnt.approvals});
}

static void close_learning(struct learning *l)
{
    match_scratch_free(l->scratch);
    match_free(l->matcher);
    learnt_close(&l->learnt);
}

/* The best leaf for a title, or "-". */
static const char *best(struct world *w, struct learning *l, const char *title,
                        const char *category)
{
    struct match_query query = {.title = str_of(title),
                                .seller_category = str_of(category)};
    struct suggestion s;
    size_t count;

    assert_int_equal(
        match_rank(l->matcher, l->scratch, &query, &w->arena, &s, 1, &count, NULL),
        AISLE_OK);
    return count ? arena_fmt(&w->arena, "%.*s", STR_ARG(s.category_id)).p : "-";
}

static void decisions_are_learnt_at_opening_and_as_they_come(void **state)
{
    struct world *w = *state;
    struct learning l;

    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    open_learning(w, &l);
    assert_int_equal(approvals_count(l.learnt.approvals), 1);
    assert_string_equal(best(w, &l, "Zarvina seri hijau", ""), "11");
    assert_string_equal(best(w, &l, "Teplo quansi", ""), "-");
    take(w, SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "10", NULL);
    assert_int_equal(learnt_catch_up(&l.learnt, NULL), AISLE_OK);
    assert_string_equal(best(w, &l, "Teplo quansi", ""), "10");
    close_learning(&l);
    learnt_close(&l.learnt); /* twice is fine */
}

static void what_is_undone_or_refused_is_unlearnt(void **state)
{
    struct world *w = *state;
    struct undo_result undone;
    struct learning l;
    char batch[BATCH_ID_LEN];

    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", batch);
    take(w, SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "10", NULL);
    open_learning(w, &l);
    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    take(w, SCOPE_PRODUCT, "c", DECISION_REJECTED, "10", NULL);
    assert_int_equal(learnt_catch_up(&l.learnt, NULL), AISLE_OK);
    assert_int_equal(approvals_count(l.learnt.approvals), 0);
    assert_string_equal(best(w, &l, "Zarvina seri biru", ""), "-");
    close_learning(&l);
    open_learning(w, &l);
    assert_int_equal(approvals_count(l.learnt.approvals), 0);
    close_learning(&l);
}

/* Everything the matcher says of a few titles, to the last bit of the confidence. */
static const char *all_answers(struct world *w, struct learning *l)
{
    static const char *const titles[] = {"Zarvina seri biru", "Zarvina merah", "Quansi",
                                         "Kaos zarvina", "Gelas teplo"};
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    const char *kept;

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        struct match_query query = {.title = str_of(titles[i]),
                                    .seller_category = STR_LIT("Baju")};
        struct suggestion s[8];
        size_t count;

        assert_int_equal(
            match_rank(l->matcher, l->scratch, &query, &w->arena, s, 8, &count, NULL),
            AISLE_OK);
        for (size_t k = 0; k < count; k++)
            buf_addf(&text, "%.*s %a %.*s\n", STR_ARG(s[k].category_id), s[k].confidence,
                     STR_ARG(s[k].reasons));
        buf_addc(&text, '\n');
    }
    kept = arena_str(&w->arena, buf_str(&text)).p;
    buf_clear(&text);
    assert_non_null(kept);
    return kept;
}

static void undo(struct world *w, char batch[BATCH_ID_LEN])
{
    struct undo_result undone;

    assert_int_equal(flow_undo(&w->app, str_of(batch), NULL, NULL, &undone, NULL),
                     AISLE_OK);
    assert_int_equal(undone.reversed, 1);
    memcpy(batch, undone.batch_id, BATCH_ID_LEN); /* undoing that is redo */
}

static void an_undo_brings_back_the_earlier_answers_exactly(void **state)
{
    struct world *w = *state;
    struct learning l;
    char category[BATCH_ID_LEN], product[BATCH_ID_LEN];
    const char *before, *with;

    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    open_learning(w, &l);
    before = all_answers(w, &l);
    take(w, SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "10", category);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "10", product);
    assert_int_equal(learnt_catch_up(&l.learnt, NULL), AISLE_OK);
    with = all_answers(w, &l);
    assert_string_not_equal(before, with);
    for (int round = 0; round < 4; round++) {
        undo(w, category);
        undo(w, product);
        assert_int_equal(learnt_catch_up(&l.learnt, NULL), AISLE_OK);
        assert_string_equal(round % 2 ? with : before, all_answers(w, &l));
    }
    close_learning(&l);
}

/* The log is the one truth: what was built up as it came can be thrown away. */
static void what_is_learnt_anew_from_the_log_answers_alike(void **state)
{
    static const struct {
        const char *key;
        enum decision_scope scope;
        enum decision_state state;
        const char *leaf;
    } log[] = {
        {"a", SCOPE_PRODUCT, DECISION_ACCEPTED, "11"},
        {"Baju", SCOPE_SELLER_CATEGORY, DECISION_ACCEPTED, "10"},
        {"c", SCOPE_PRODUCT, DECISION_ACCEPTED, "20"},
        {"a", SCOPE_PRODUCT, DECISION_REJECTED, "11"},
        {"b", SCOPE_PRODUCT, DECISION_ACCEPTED, "11"},
        {"a", SCOPE_PRODUCT, DECISION_ACCEPTED, "20"},
        {"c", SCOPE_PRODUCT, DECISION_NONE, ""},
    };
    struct world *w = *state;
    struct learning came, anew;
    const char *as_it_came;

    ready(w);
    open_learning(w, &came);
    for (size_t i = 0; i < sizeof log / sizeof *log; i++) {
        take(w, log[i].scope, log[i].key, log[i].state, log[i].leaf, NULL);
        assert_int_equal(learnt_catch_up(&came.learnt, NULL), AISLE_OK);
        open_learning(w, &anew);
        as_it_came = all_answers(w, &came);
        assert_string_equal(as_it_came, all_answers(w, &anew));
        close_learning(&anew);
    }
    close_learning(&came);
}

static void resync(struct world *w, const char *tree)
{
    struct sync_request again = {.target = STR_LIT(WORLD_TARGET), .accept_shrink = true};
    struct sync_result r;

    w->market.tree[0] = tree;
    assert_int_equal(flow_sync(&w->app, &again, NULL, &w->arena, &r, NULL), AISLE_OK);
}

static void what_was_learnt_moves_along_with_its_leaf(void **state)
{
    struct world *w = *state;
    struct learning l;

    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    resync(w, "1< Fashion\n10<1 Kaos*\n12<1 Emas*!\n2< Rumah\n20<2 Gelas*\n"
              "3< Baju\n31<3 Kemeja*\n");
    open_learning(w, &l);
    assert_string_equal(best(w, &l, "Zarvina seri hijau", ""), "31");
    close_learning(&l);
}

/* Nobody says where what was a shirt belongs now: our own guess is no approval. */
static void what_is_only_guessed_to_follow_a_leaf_is_not_learnt(void **state)
{
    struct world *w = *state;
    struct learning l;

    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    resync(w, "1< Fashion\n10<1 Kaos*\n12<1 Kemeja Batik*\n2< Rumah\n20<2 Gelas*\n");
    open_learning(w, &l);
    assert_int_equal(approvals_count(l.learnt.approvals), 0);
    assert_string_equal(best(w, &l, "Zarvina seri hijau", ""), "-");
    close_learning(&l);
}

/* A leaf of its name that was there all along took nothing over, and of two that stand in
 * its place it is a guess which. */
static void neither_a_namesake_nor_one_of_several_is_taught_what_a_leaf_had(void **state)
{
    struct world *w = *state;
    struct learning l;

    w->market.tree[0] =
        "1< Fashion\n10<1 Topi*\n11<1 Lainnya*\n2< Kabel\n20<2 Lainnya*\n";
    ready(w);
    take(w, SCOPE_PRODUCT, "a", DECISION_ACCEPTED, "11", NULL);
    take(w, SCOPE_PRODUCT, "c", DECISION_ACCEPTED, "10", NULL);
    resync(w, "1< Fashion\n10<1 Topi\n12<10 Topi Pria*\n13<10 Topi Wanita*\n"
              "2< Kabel\n20<2 Lainnya*\n");
    open_learning(w, &l);
    assert_int_equal(approvals_count(l.learnt.approvals), 0);
    close_learning(&l);
    resync(w, "1< Fashion\n10<1 Topi\n12<10 Topi Pria*\n2< Kabel\n20<2 Lainnya*\n");
    open_learning(w, &l);
    assert_int_equal(approvals_count(l.learnt.approvals), 1); /* the hat's */
    assert_string_equal(best(w, &l, "Teplo quansi", ""), "12");
    close_learning(&l);
}

static void a_seller_category_s_leaf_speaks_for_its_products(void **state)
{
    struct world *w = *state;
    struct learning l;

    ready(w);
    take(w, SCOPE_SELLER_CATEGORY, "Baju", DECISION_ACCEPTED, "11", NULL);
    open_learning(w, &l);
    assert_string_equal(best(w, &l, "Quansi teplo", "Baju"), "11");
    assert_string_equal(best(w, &l, "Quansi teplo", "Lain"), "-");
    close_learning(&l);
}

/* Twenty-five products of which the answer shows in their titles, and five that lie. */
static void how_far_to_trust_is_measured_on_what_was_decided(void **state)
{
    struct world *w = *state;
    struct learning l;
    struct accept_cuts cuts, careful;
    double cut;

    ready(w);
    for (int i = 0; i < 30; i++) {
        char id[16], title[64];

        snprintf(id, sizeof id, "p%02d", i);
        snprintf(title, sizeof title, i < 25 ? "Zarvina seri %d" : "Zarvina lain %d", i);
        world_product(w, id, title, "", NULL);
        take(w, SCOPE_PRODUCT, id, DECISION_ACCEPTED, i < 25 || i % 2 ? "11" : "10",
             NULL);
    }
    open_learning(w, &l);
    assert_int_equal(learnt_accept_cuts(&l.learnt, l.matcher, 0.5, &cuts, NULL),
                     AISLE_OK);
    assert_int_equal(learnt_accept_cuts(&l.learnt, l.matcher, 1, &careful, NULL),
                     AISLE_OK);
    cut = learnt_accept_cut(&l.learnt, &cuts, STR_LIT(""));
    assert_true(cut > 0 && cut < 1);
    /* they say nothing of products that have a category */
    assert_true(cuts.of[ACCEPT_BESIDE] > 1);
    assert_true(learnt_accept_cut(&l.learnt, &cuts, STR_LIT("Baju")) > 1);
    assert_true(careful.of[ACCEPT_ALONE] > 1); /* nothing is that certain */
    assert_int_equal(approvals_count(l.learnt.approvals), 30);
    close_learning(&l);
}

static void nothing_decided_is_nothing_to_trust(void **state)
{
    struct world *w = *state;
    struct learning l;
    struct accept_cuts cuts;

    ready(w);
    open_learning(w, &l);
    assert_int_equal(learnt_accept_cuts(&l.learnt, l.matcher, 0.5, &cuts, NULL),
                     AISLE_OK);
    assert_true(cuts.of[ACCEPT_ALONE] > 1 && cuts.of[ACCEPT_BESIDE] > 1);
    close_learning(&l);
}

#define IN_A_WORLD(test)                                                                 \
    cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(decisions_are_learnt_at_opening_and_as_they_come),
        IN_A_WORLD(what_is_undone_or_refused_is_unlearnt),
        IN_A_WORLD(an_undo_brings_back_the_earlier_answers_exactly),
        IN_A_WORLD(what_is_learnt_anew_from_the_log_answers_alike),
        IN_A_WORLD(what_was_learnt_moves_along_with_its_leaf),
        IN_A_WORLD(what_is_only_guessed_to_follow_a_leaf_is_not_learnt),
        IN_A_WORLD(neither_a_namesake_nor_one_of_several_is_taught_what_a_leaf_had),
        IN_A_WORLD(a_seller_category_s_leaf_speaks_for_its_products),
        IN_A_WORLD(how_far_to_trust_is_measured_on_what_was_decided),
        IN_A_WORLD(nothing_decided_is_nothing_to_trust),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
