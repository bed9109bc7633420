/* Sets of labelled products: read whole or not at all, learnt by the next training, and
 * forgotten by one after they went. */
#include "place.h"

#include "base/mem.h"
#include "flows/adviser.h"
#include "flows/labels.h"

#include <stdio.h>
#include <string.h>

static void assert_ok(enum aisle_status status, const struct aisle_err *err)
{
    if (status != AISLE_OK)
        fail_msg("%s", err->text);
}

struct told {
    char text[1000];
    size_t n;
};

static void note(void *ctx, size_t line, bool left_out, const char *what)
{
    struct told *told = ctx;

    told->n += (size_t)snprintf(told->text + told->n, sizeof told->text - told->n,
                                "%zu %s%s\n", line, what, left_out ? " (out)" : "");
}

static enum aisle_status import(struct world *w, const char *name, const char *text,
                                bool replace, struct label_imported *out,
                                struct told *told, struct aisle_err *err)
{
    struct str rest = str_of(text);
    struct label_import request = {
        .target = STR_LIT(WORLD_TARGET), .name = str_of(name), .replace = replace};

    return flow_label_import(&w->app, &request, feed_source_text(&rest), note, told,
                             &w->arena, out, err);
}

static struct label_imported imported(struct world *w, const char *name, const char *text,
                                      bool replace)
{
    struct label_imported r = {0};
    struct told told = {0};
    struct aisle_err err = {0};

    assert_ok(import(w, name, text, replace, &r, &told, &err), &err);
    return r;
}

static enum aisle_status see_row(void *ctx, const struct set_row *row,
                                 struct aisle_err *err)
{
    (void)err;
    buf_addf(ctx, "%.*s=%.*s ", STR_ARG(row->title), STR_ARG(row->category));
    return AISLE_OK;
}

static const char *rows_of(struct world *w, const char *name)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct aisle_err err = {0};
    const char *kept;

    assert_ok(w->app.store->ops->labels->each_row(w->app.store, STR_LIT("acme"),
                                                  STR_LIT(WORLD_TARGET), str_of(name),
                                                  see_row, &text, &err),
              &err);
    kept = arena_fmt(&w->arena, "%.*s", STR_ARG(buf_str(&text))).p;
    buf_clear(&text);
    return kept;
}

/* So many rows "TITLE n" in a leaf. */
static const char *many(struct world *w, const char *title, const char *leaf, int count)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    const char *kept;

    buf_addz(&text, "title,category\n");
    for (int i = 0; i < count; i++)
        buf_addf(&text, "%s %d,%s\n", title, i, leaf);
    kept = arena_fmt(&w->arena, "%.*s", STR_ARG(buf_str(&text))).p;
    buf_clear(&text);
    return kept;
}

static struct label_look look(struct world *w, const char *name)
{
    struct label_look out = {0};
    struct aisle_err err = {0};

    assert_ok(flow_label_look(&w->app, STR_LIT(WORLD_TARGET), str_of(name), &w->arena,
                              &out, &err),
              &err);
    return out;
}

static void drop_set(struct world *w, const char *name)
{
    struct label_set set;
    struct aisle_err err = {0};

    assert_ok(flow_label_remove(&w->app, STR_LIT(WORLD_TARGET), str_of(name), false,
                                &w->arena, &set, &err),
              &err);
}

static bool is_due(struct world *w)
{
    bool due = false;
    struct aisle_err err = {0};

    assert_ok(flow_train_due(&w->app, STR_LIT("acme"), STR_LIT(WORLD_TARGET), &due, &err),
              &err);
    return due;
}

/* The leaf a model of the store proposes, NULL without one. */
static const char *best(struct world *w, const char *title)
{
    struct taxonomy *tree = arena_zalloc(&w->arena, 1, sizeof *tree);
    struct adviser_request from = {.target_id = STR_LIT(WORLD_TARGET), .tree = tree};
    struct match_query query = {.title = str_of(title)};
    struct seller_advice *advice;
    struct match_scratch *scratch;
    struct adviser *a;
    struct suggestion s = {0};
    size_t count = 0;
    bool has;
    struct aisle_err err = {0};

    assert_ok(w->app.store->ops->trees->load(w->app.store, from.target_id, 0, &w->arena,
                                             NULL, tree, &err),
              &err);
    assert_ok(adviser_open(&w->app, &from, &a, &err), &err);
    assert_ok(adviser_of(a, STR_LIT("acme"), &advice, &err), &err);
    assert_ok(match_scratch_new(&scratch, &err), &err);
    assert_ok(
        match_rank(advice->matcher, scratch, &query, &w->arena, &s, 1, &count, &err),
        &err);
    has = advice->taught.model != NULL;
    match_scratch_free(scratch);
    adviser_close(a);
    return has && count ? arena_fmt(&w->arena, "%.*s", STR_ARG(s.category_id)).p : NULL;
}

static void a_file_becomes_a_set_and_what_cannot_be_learnt_is_told(void **state)
{
    struct world *w = *state;
    struct place p;
    struct label_imported r = {0};
    struct label_look seen;
    struct told told = {0};
    struct aisle_err err = {0};

    place_open(w, &p);
    assert_ok(import(w, "old",
                     "title,category\nkaos polos,10\n,11\nkemeja,Fashion > Kemeja\n"
                     "cincin,12\nlampu,99\nrumah,2\n",
                     false, &r, &told, &err),
              &err);
    assert_string_equal(told.text, "3 the row has no title (out)\n"
                                   "6 no leaf '99' in the tree\n"
                                   "7 no leaf '2' in the tree\n");
    assert_true(r.set.rows == 5 && r.left_out == 1 && r.unknown == 2 && r.closed == 1);
    assert_string_equal(rows_of(w, "old"), "kaos polos=10 kemeja=Fashion > Kemeja "
                                           "cincin=12 lampu=99 rumah=2 ");
    seen = look(w, "old");
    assert_true(seen.leaves == 3 && seen.open == 2 && seen.closed == 1 &&
                seen.unknown == 2 && !seen.learnt);
    place_close(w, &p);
}

static void without_a_tree_a_set_is_kept_and_not_judged(void **state)
{
    struct world *w = *state;
    struct label_imported r = imported(w, "old", "title,category\nkaos,10\n", false);

    assert_true(!r.has_tree && r.unknown == 0 && r.set.rows == 1);
    assert_false(look(w, "old").has_tree);
}

static void the_same_file_again_is_nothing_and_another_has_to_be_meant(void **state)
{
    struct world *w = *state;
    static const char first[] = "title,category\nkaos,10\n",
                      second[] = "title,category\nkaos,11\n";
    struct label_imported r = imported(w, "old", first, false);
    struct told told = {0};
    struct aisle_err err = {0};
    int64_t seq = r.set.seq;

    assert_true(seq > 0);
    r = imported(w, "old", first, true);
    assert_true(r.same && r.set.seq == 0 && look(w, "old").set.seq == seq);
    assert_int_equal(import(w, "old", second, false, &r, &told, &err), AISLE_CONFLICT);
    assert_string_equal(rows_of(w, "old"), "kaos=10 ");
    r = imported(w, "old", second, true);
    assert_true(r.replaced && r.set.seq > seq);
    assert_string_equal(rows_of(w, "old"), "kaos=11 ");
}

static void a_file_that_cannot_be_read_to_its_end_leaves_nothing(void **state)
{
    static const struct {
        const char *name, *text;
        enum aisle_status status;
    } bad[] = {
        {"Old Shop", "title,category\nkaos,10\n", AISLE_INVALID},
        {"", "title,category\nkaos,10\n", AISLE_INVALID},
        {"old", "title,category\n,\n", AISLE_INVALID},
        {"old", "", AISLE_INVALID},
        {"old", "what,where\nkaos,10\n", AISLE_INVALID},
    };
    struct world *w = *state;
    struct label_imported r;
    struct label_set set;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct told told = {0};
        struct aisle_err err = {0};

        assert_int_equal(import(w, bad[i].name, bad[i].text, false, &r, &told, &err),
                         bad[i].status);
    }
    atomic_store(&w->stop, true);
    assert_int_equal(
        import(w, "old", "title,category\nkaos,10\n", false, &r, &(struct told){0}, NULL),
        AISLE_STOPPED);
    atomic_store(&w->stop, false);
    assert_int_equal(w->app.store->ops->labels->get(w->app.store, STR_LIT("acme"),
                                                    STR_LIT(WORLD_TARGET), STR_LIT("old"),
                                                    &w->arena, &set, NULL),
                     AISLE_NOT_FOUND);
}

static void a_training_learns_sets_and_one_after_they_went_does_not(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;

    place_open(w, &p);
    imported(w, "first", many(w, "zarvina quansi", "11", 40), false);
    assert_false(is_due(w)); /* too few */
    assert_int_equal(place_train(w, TRAIN_TOO_FEW).rows, 40);
    imported(w, "second", many(w, "plimura beton", "20", 40), false);
    assert_true(is_due(w));
    assert_false(look(w, "first").learnt);
    r = place_train(w, TRAIN_DONE);
    assert_true(r.model.rows == 80 && r.model.labelled == 80 && r.model.left_out == 0);
    assert_true(look(w, "first").learnt);
    assert_false(is_due(w));
    place_train(w, TRAIN_NOTHING_NEW);
    assert_string_equal(best(w, "zarvina quansi"), "11");
    assert_string_equal(best(w, "plimura beton"), "20");

    imported(w, "first", many(w, "zarvina quansi", "20", 60), true);
    assert_true(is_due(w) && !look(w, "first").learnt);
    place_train(w, TRAIN_DONE);
    assert_string_equal(best(w, "zarvina quansi"), "20");

    drop_set(w, "first");
    assert_true(is_due(w));
    assert_string_equal(best(w, "plimura beton"), "20");
    assert_int_equal(place_train(w, TRAIN_GONE).rows, 40);
    assert_null(best(w, "zarvina quansi"));
    assert_false(is_due(w));
    assert_true(place_kept(&p) <= 1); /* the one before it goes with the next */
    place_close(w, &p);
}

static void decide_all(struct world *w, const char *title, const char *leaf, int count)
{
    struct decision_write d = {.expected = EXPECT_ANY};
    struct aisle_err err = {0};

    for (int i = 0; i < count; i++) {
        char id[16], whole[64];

        snprintf(id, sizeof id, "p%04d", i);
        snprintf(whole, sizeof whole, "%s %d", title, i);
        world_product(w, id, whole, "", NULL);
        d.d = (struct decision){.seller_id = STR_LIT("acme"),
                                .target_id = STR_LIT(WORLD_TARGET),
                                .scope = SCOPE_PRODUCT,
                                .key = str_of(id),
                                .state = DECISION_ACCEPTED,
                                .category_id = str_of(leaf),
                                .advisor = ADVISOR_PERSON,
                                .who = STR_LIT("ann"),
                                .batch_id = STR_LIT("b")};
        assert_ok(w->app.store->ops->decisions->append(w->app.store, &d, 1, NULL, &err),
                  &err);
    }
}

static void where_a_title_was_decided_the_decision_is_learnt(void **state)
{
    struct world *w = *state;
    struct place p;
    struct train_result r;

    place_open(w, &p);
    decide_all(w, "zarvina quansi", "11", 30);
    imported(w, "old", many(w, "zarvina quansi", "20", 70), false);
    imported(w, "gone", many(w, "plimura beton", "99", 5), false);
    r = place_train(w, TRAIN_DONE);
    assert_true(r.model.rows == 70 && r.model.labelled == 40 && r.model.left_out == 5);
    assert_string_equal(best(w, "zarvina quansi 7"), "11");
    place_close(w, &p);
}

static void without_memory_nothing_is_kept_and_nothing_is_lost(void **state)
{
    struct world *w = *state;
    static const char text[] = "title,category\nkaos,10\nkemeja,Fashion > Kemeja\n";
    enum aisle_status status = AISLE_NOMEM;
    struct label_imported r;
    struct place p;

    place_open(w, &p);
    for (long nth = 1; status != AISLE_OK && nth < 2000; nth++) {
        struct told told = {0};
        struct aisle_err err = {0};

        mem_fail_at(nth);
        status = import(w, "old", text, false, &r, &told, &err);
        mem_fail_at(0);
        if (status != AISLE_OK)
            assert_string_equal(rows_of(w, "old"), "");
    }
    assert_int_equal(status, AISLE_OK);
    assert_string_equal(rows_of(w, "old"), "kaos=10 kemeja=Fashion > Kemeja ");
    place_close(w, &p);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_becomes_a_set_and_what_cannot_be_learnt_is_told),
        TEST(without_a_tree_a_set_is_kept_and_not_judged),
        TEST(the_same_file_again_is_nothing_and_another_has_to_be_meant),
        TEST(a_file_that_cannot_be_read_to_its_end_leaves_nothing),
        TEST(a_training_learns_sets_and_one_after_they_went_does_not),
        TEST(where_a_title_was_decided_the_decision_is_learnt),
        TEST(without_memory_nothing_is_kept_and_nothing_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
