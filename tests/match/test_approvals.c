/* Decisions at work from the very next question: what is learnt, and unlearnt. */
#include "tree.h"

enum { ALL = 16, ROWS_MOST = 64 };

struct world {
    struct arena arena;
    struct taxonomy tree;
    struct matcher *matcher;
    struct match_scratch *scratch;
    struct approvals *approvals;
    struct labelled rows[ROWS_MOST];
    size_t count;
    struct suggestion list[ALL];
    size_t found;
};

static void use_approvals(struct world *w)
{
    match_use(w->matcher, &(struct match_sources){.approvals = w->approvals});
}

static struct world *world_new(void)
{
    struct world *w = test_calloc(1, sizeof *w);
    struct buf file = match_file("preferences.tsv");
    struct str rest, f[3];

    w->arena = (struct arena)ARENA_INIT(64 << 20);
    w->tree = small_tree(&w->arena, LOCALES_BOTH);
    rest = arena_str(&w->arena, buf_str(&file));
    while (w->count < ROWS_MOST && table_row(&rest, f, 3))
        w->rows[w->count++] =
            (struct labelled){.text = {.title = f[0]}, .category_id = f[1]};
    buf_clear(&file);
    assert_ok(match_new(&w->tree, &w->matcher, NULL), NULL);
    assert_ok(match_scratch_new(&w->scratch, NULL), NULL);
    assert_ok(approvals_new(&w->approvals, NULL), NULL);
    use_approvals(w);
    return w;
}

static void world_free(struct world *w)
{
    match_free(w->matcher);
    match_scratch_free(w->scratch);
    approvals_free(w->approvals);
    arena_clear(&w->arena);
    test_free(w);
}

static void approve(struct world *w, const char *key, struct str title, struct str seller,
                    const char *leaf)
{
    struct labelled row = {.text = {.title = title, .seller_category = seller},
                           .category_id = str_of(leaf)};
    struct aisle_err err = {0};

    assert_ok(approvals_add(w->approvals, str_of(key), &row, &err), &err);
}

static void ask(struct world *w, struct str title, struct str seller)
{
    struct match_query query = {.title = title, .seller_category = seller};
    struct aisle_err err = {0};

    assert_ok(match_rank(w->matcher, w->scratch, &query, &w->arena, w->list, ALL,
                         &w->found, &err),
              &err);
}

static double confidence_of(const struct world *w, struct str leaf)
{
    for (size_t i = 0; i < w->found; i++)
        if (str_eq(w->list[i].category_id, leaf))
            return w->list[i].confidence;
    return 0;
}

static const struct str none = {0};

static void one_approval_counts_in_the_very_next_question(void **state)
{
    struct world *w = world_new();
    (void)state;

    ask(w, STR_LIT("Zarvina seri 12 biru"), none);
    assert_int_equal(w->found, 0);
    approve(w, "p1", STR_LIT("Zarvina seri 12 merah"), none, "612");
    ask(w, STR_LIT("Zarvina seri 12 biru"), none);
    assert_true(w->found > 0);
    assert_str(w->list[0].category_id, "612");
    assert_true(str_find(w->list[0].reasons, STR_LIT("as \"Zarvina seri 12 merah\"")) <
                w->list[0].reasons.n);
    ask(w, STR_LIT("Zarvina seri 12 merah"), none);
    assert_true(w->list[0].confidence > 0.6);
    world_free(w);
}

static void what_is_taken_back_leaves_no_trace(void **state)
{
    struct world *w = world_new();
    struct str title = STR_LIT("Kaos polos pria lengan panjang");
    struct suggestion before[ALL];
    size_t count;
    (void)state;

    for (size_t i = 0; i < w->count; i += 2) {
        char key[32];

        snprintf(key, sizeof key, "r%zu", i);
        approve(w, key, w->rows[i].text.title, STR_LIT("Etalase"), "111");
    }
    ask(w, title, STR_LIT("Etalase"));
    count = w->found;
    memcpy(before, w->list, sizeof before);
    approve(w, "new", title, STR_LIT("Etalase"), "641");
    ask(w, title, STR_LIT("Etalase"));
    assert_true(count != w->found || before[0].confidence != w->list[0].confidence);
    assert_true(approvals_remove(w->approvals, STR_LIT("new")));
    assert_false(approvals_remove(w->approvals, STR_LIT("new")));
    ask(w, title, STR_LIT("Etalase"));
    assert_int_equal(w->found, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_eq(before[i].category_id, w->list[i].category_id));
        assert_true(before[i].confidence == w->list[i].confidence);
        assert_true(str_eq(before[i].reasons, w->list[i].reasons));
    }
    world_free(w);
}

static void the_last_word_on_a_key_replaces_the_one_before(void **state)
{
    struct world *w = world_new();
    (void)state;

    approve(w, "p", STR_LIT("Zarvina biru"), none, "612");
    approve(w, "p", STR_LIT("Zarvina biru"), none, "641");
    assert_int_equal(approvals_count(w->approvals), 1);
    ask(w, STR_LIT("Zarvina biru"), none);
    assert_str(w->list[0].category_id, "641");
    assert_true(confidence_of(w, STR_LIT("612")) == 0);
    world_free(w);
}

/* A shop repeats a title for every size. */
static void copies_are_one_voice(void **state)
{
    struct world *w = world_new();
    double once;
    (void)state;

    approve(w, "p", STR_LIT("Zarvina seri biru"), none, "612");
    approve(w, "q", STR_LIT("Zarvina quansi merah"), none, "641");
    ask(w, STR_LIT("Zarvina teplo"), none);
    once = confidence_of(w, STR_LIT("612"));
    for (int i = 0; i < 60; i++) {
        char key[32];

        snprintf(key, sizeof key, "size%d", i);
        approve(w, key, STR_LIT("Zarvina seri biru"), none, "612");
    }
    assert_int_equal(approvals_count(w->approvals), 62);
    assert_int_equal(approvals_voices(w->approvals), 2);
    ask(w, STR_LIT("Zarvina teplo"), none);
    assert_true(confidence_of(w, STR_LIT("612")) == once);
    for (int i = 0; i < 60; i++) {
        char key[32];
        int n = snprintf(key, sizeof key, "size%d", i);

        assert_true(approvals_remove(w->approvals, str_n(key, (size_t)n)));
        assert_int_equal(approvals_voices(w->approvals), 2);
    }
    /* the same words in another leaf are another voice */
    approve(w, "r", STR_LIT("Zarvina seri biru"), none, "111");
    assert_int_equal(approvals_voices(w->approvals), 3);
    world_free(w);
}

static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void shuffle(size_t *order, size_t n, uint32_t *seed)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t i = n; i > 1; i--) {
        size_t k = roll(seed) % i, other = order[k];

        order[k] = order[i - 1];
        order[i - 1] = other;
    }
}

/* Approvals in any order, some taken back and given again on the way, are the same. */
static void the_order_of_arrival_does_not_matter(void **state)
{
    struct world *w = world_new();
    struct suggestion first[ROWS_MOST][ALL];
    size_t counts[ROWS_MOST] = {0}, order[ROWS_MOST] = {0};
    uint32_t seed = 11;

    (void)state;
    memset(first, 0, sizeof first);
    for (int round = 0; round < 12; round++) {
        approvals_free(w->approvals);
        assert_ok(approvals_new(&w->approvals, NULL), NULL);
        use_approvals(w);
        shuffle(order, w->count, &seed);
        for (size_t i = 0; i < w->count; i++) {
            char key[32];

            snprintf(key, sizeof key, "r%zu", order[i]);
            if (round && roll(&seed) % 3 == 0)
                approve(w, key, STR_LIT("Something else"), none, "53");
            approve(w, key, w->rows[order[i]].text.title, STR_LIT("Etalase 1"),
                    order[i] % 2 ? "111" : "112");
        }
        for (size_t i = 0; i < w->count; i++) {
            ask(w, w->rows[i].text.title, STR_LIT("Etalase 1"));
            if (round == 0) {
                counts[i] = w->found;
                memcpy(first[i], w->list, sizeof first[i]);
            }
            assert_int_equal(counts[i], w->found);
            for (size_t k = 0; k < w->found; k++) {
                assert_true(str_eq(first[i][k].category_id, w->list[k].category_id));
                assert_true(first[i][k].confidence == w->list[k].confidence);
                assert_true(str_eq(first[i][k].reasons, w->list[k].reasons));
            }
        }
    }
    world_free(w);
}

/* Thousands come and go: what was taken back is forgotten in bulk, and nothing else is.
 */
static void thousands_come_and_go_and_the_others_stay(void **state)
{
    struct world *w = world_new();
    (void)state;

    approve(w, "stays", STR_LIT("Zarvina seri biru"), STR_LIT("Etalase 7"), "612");
    for (int i = 0; i < 3000; i++) {
        char key[32], title[64];
        int n;

        snprintf(key, sizeof key, "p%d", i);
        n = snprintf(title, sizeof title, "Barang nomor %d", i);
        approve(w, key, str_n(title, (size_t)n), STR_LIT("Etalase 7"), "111");
    }
    for (int i = 0; i < 3000; i++) {
        char key[32];
        int n = snprintf(key, sizeof key, "p%d", i);

        assert_true(approvals_remove(w->approvals, str_n(key, (size_t)n)));
        if (i % 5 == 0)
            approve(w, "again", STR_LIT("Sesuatu"), none, "53");
    }
    assert_true(approvals_remove(w->approvals, STR_LIT("again")));
    assert_int_equal(approvals_count(w->approvals), 1);
    ask(w, STR_LIT("Zarvina seri biru"), STR_LIT("Etalase 7"));
    assert_str(w->list[0].category_id, "612");
    assert_true(confidence_of(w, STR_LIT("111")) == 0);
    assert_true(approvals_remove(w->approvals, STR_LIT("stays")));
    ask(w, STR_LIT("Zarvina seri biru"), STR_LIT("Etalase 7"));
    assert_int_equal(w->found, 0);
    world_free(w);
}

/* A shop's first approvals are one product in several colours: what they all say is not
 * the less telling for it. On the small tree "kaos polos pria" are t-shirts (111); here
 * they are decided to be polo shirts (113). */
static void near_copies_go_where_the_first_ones_went(void **state)
{
    static const char *const colours[] = {"hitam", "putih", "merah",
                                          "biru",  "hijau", "abu-abu"};
    struct world *w = world_new();
    double socks;
    (void)state;

    ask(w, STR_LIT("Kaos kaki pria navy"), (struct str){0});
    assert_str(w->list[0].category_id, "131");
    socks = w->list[0].confidence;
    for (size_t i = 0; i < COUNT(colours); i++) {
        char title[64];
        int n = snprintf(title, sizeof title, "Kaos polos pria %s", colours[i]);

        approve(w, colours[i], str_n(title, (size_t)n), (struct str){0}, "113");
        ask(w, STR_LIT("Kaos polos pria navy"), (struct str){0});
        assert_str(w->list[0].category_id, "113");
    }
    assert_true(w->list[0].confidence > 0.6);
    ask(w, STR_LIT("Kaos kaki pria navy"), (struct str){0});
    assert_str(w->list[0].category_id, "131");
    assert_true(w->list[0].confidence > socks / 2);
    world_free(w);
}

static void products_of_one_seller_category_inform_each_other(void **state)
{
    struct world *w = world_new();
    struct str shelf = STR_LIT("Etalase 7");
    (void)state;

    for (int i = 0; i < 6; i++) {
        char key[32], title[32];
        int n = snprintf(title, sizeof title, "Vrok %d%d%d", i, i, i);

        snprintf(key, sizeof key, "p%d", i);
        approve(w, key, str_n(title, (size_t)n), shelf, "612");
    }
    ask(w, STR_LIT("Quansi teplo"), none);
    assert_true(confidence_of(w, STR_LIT("612")) < 0.2);
    ask(w, STR_LIT("Quansi teplo"), shelf);
    assert_str(w->list[0].category_id, "612");
    assert_true(w->list[0].confidence > 0.3);
    world_free(w);
}

static void a_word_on_a_whole_seller_category_counts_for_its_products(void **state)
{
    struct world *w = world_new();
    (void)state;

    approve(w, "c7", none, STR_LIT("Etalase 7"), "612");
    ask(w, STR_LIT("Quansi teplo"), STR_LIT("Etalase 7"));
    assert_int_equal(w->found, 1);
    assert_str(w->list[0].category_id, "612");
    world_free(w);
}

static void approvals_of_closed_or_vanished_leaves_are_never_offered(void **state)
{
    struct world *w = world_new();
    struct str title = STR_LIT("Zarvina seri biru");
    (void)state;

    approve(w, "p1", title, none, "93"); /* PROHIBITED */
    approve(w, "p2", title, none, "gone");
    approve(w, "p3", title, none, "95"); /* a word we do not know */
    ask(w, title, none);
    for (size_t i = 0; i < w->found; i++)
        assert_true(
            category_takes_products(taxonomy_get(&w->tree, w->list[i].category_id)));
    world_free(w);
}

static void without_memory_nothing_changes_and_nothing_leaks(void **state)
{
    struct world *w = world_new();
    struct labelled row = {.text = {.title = STR_LIT("Zarvina seri biru"),
                                    .seller_category = STR_LIT("Etalase")},
                           .category_id = STR_LIT("612")};
    enum aisle_status status = AISLE_NOMEM;
    (void)state;

    for (long n = 1; status != AISLE_OK; n++) {
        struct aisle_err err = {0};

        mem_fail_at(n);
        status = approvals_add(w->approvals, STR_LIT("p"), &row, &err);
        mem_fail_at(0);
        assert_true(status == AISLE_OK || status == AISLE_NOMEM);
        assert_int_equal(approvals_count(w->approvals), status == AISLE_OK);
        if (status != AISLE_OK) {
            ask(w, row.text.title, row.text.seller_category);
            assert_int_equal(w->found, 0);
        }
    }
    ask(w, row.text.title, row.text.seller_category);
    assert_str(w->list[0].category_id, "612");
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_approval_counts_in_the_very_next_question),
        cmocka_unit_test(what_is_taken_back_leaves_no_trace),
        cmocka_unit_test(the_last_word_on_a_key_replaces_the_one_before),
        cmocka_unit_test(copies_are_one_voice),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(thousands_come_and_go_and_the_others_stay),
        cmocka_unit_test(near_copies_go_where_the_first_ones_went),
        cmocka_unit_test(products_of_one_seller_category_inform_each_other),
        cmocka_unit_test(a_word_on_a_whole_seller_category_counts_for_its_products),
        cmocka_unit_test(approvals_of_closed_or_vanished_leaves_are_never_offered),
        cmocka_unit_test(without_memory_nothing_changes_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
