/* The matcher that was taught nothing: titles against the names of the tree. */
#include "tree.h"

#include "match/cold.h"

struct world {
    struct arena arena;
    struct taxonomy tree;
    struct matcher *matcher;
    struct match_scratch *scratch;
};

static struct world world_new(unsigned locales)
{
    struct world w = {.arena = ARENA_INIT(64 << 20)};
    struct aisle_err err = {0};

    w.tree = small_tree(&w.arena, locales);
    assert_ok(match_scratch_new(&w.scratch, &err), &err);
    return w;
}

static void world_match(struct world *w)
{
    struct aisle_err err = {0};

    match_free(w->matcher);
    w->matcher = NULL;
    assert_ok(match_new(&w->tree, &w->matcher, &err), &err);
}

static void world_free(struct world *w)
{
    match_free(w->matcher);
    match_scratch_free(w->scratch);
    arena_clear(&w->arena);
}

enum { ALL = 128 };

static size_t rank(struct world *w, struct str title, struct suggestion out[ALL])
{
    struct match_query query = {.title = title};
    struct aisle_err err = {0};
    size_t count;

    assert_ok(
        match_rank(w->matcher, w->scratch, &query, &w->arena, out, ALL, &count, &err),
        &err);
    return count;
}

static size_t place_of(const struct suggestion *list, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].category_id, id))
            return i;
    return SIZE_MAX;
}

static size_t preferences_broken(unsigned locales)
{
    struct world w = world_new(locales);
    struct buf file = match_file("preferences.tsv");
    struct str rest = buf_str(&file), f[3];
    struct suggestion list[ALL];
    size_t broken = 0;

    world_match(&w);
    while (table_row(&rest, f, 3)) {
        size_t count = rank(&w, f[0], list);

        if (place_of(list, count, f[1]) < place_of(list, count, f[2]))
            continue;
        print_error("%.*s: not %.*s before %.*s\n", STR_ARG(f[0]), STR_ARG(f[1]),
                    STR_ARG(f[2]));
        broken++;
    }
    buf_clear(&file);
    world_free(&w);
    return broken;
}

static void titles_prefer_the_better_leaf_with_both_locales_synced(void **state)
{
    (void)state;
    assert_int_equal(preferences_broken(LOCALES_BOTH), 0);
}

static void titles_prefer_the_better_leaf_on_the_indonesian_tree(void **state)
{
    (void)state;
    assert_int_equal(preferences_broken(LOCALE_ID), 0);
}

static void titles_prefer_the_better_leaf_on_the_english_tree(void **state)
{
    (void)state;
    assert_int_equal(preferences_broken(LOCALE_EN), 0);
}

/* A small generator, so that a failure can be repeated. */
static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void only_open_leaves_are_offered_whatever_the_permissions(void **state)
{
    static const unsigned words[] = {
        0,
        PERMISSION_AVAILABLE,
        PERMISSION_INVITE_ONLY,
        PERMISSION_PROHIBITED,
        PERMISSION_UNKNOWN,
        PERMISSION_AVAILABLE | PERMISSION_NON_MAIN_CATEGORY,
    };
    struct world w = world_new(LOCALES_BOTH);
    struct category *rows = (struct category *)w.tree.rows; /* ours, built above */
    struct suggestion list[ALL];
    uint32_t seed = 7;
    (void)state;

    for (int round = 0; round < 50; round++) {
        for (size_t i = 0; i < w.tree.count; i++)
            rows[i].permissions = words[roll(&seed) % COUNT(words)];
        world_match(&w);
        for (size_t i = 0; i < w.tree.count; i++) {
            size_t count = rank(&w, rows[i].names[roll(&seed) % 2], list);

            for (size_t k = 0; k < count; k++)
                assert_true(
                    category_takes_products(taxonomy_get(&w.tree, list[k].category_id)));
        }
    }
    world_free(&w);
}

/* What is meant is closed: that makes nothing else likelier. */
static void closing_a_leaf_makes_no_other_surer(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct category *rows = (struct category *)w.tree.rows; /* ours, built above */
    struct suggestion open[ALL], shut[ALL];
    size_t closed = 0;
    (void)state;

    world_match(&w);
    for (size_t i = 0; i < w.tree.count; i++) {
        unsigned permissions = rows[i].permissions;
        size_t before, after;

        if (!category_takes_products(&rows[i]))
            continue;
        before = rank(&w, rows[i].names[0], open);
        rows[i].permissions = PERMISSION_INVITE_ONLY;
        after = rank(&w, rows[i].names[0], shut);
        rows[i].permissions = permissions;
        assert_int_equal(after, before - 1);
        assert_true(place_of(shut, after, rows[i].id) == SIZE_MAX);
        for (size_t k = 0; k < after; k++) {
            size_t was = place_of(open, before, shut[k].category_id);

            assert_true(shut[k].confidence == open[was].confidence);
        }
        closed++;
    }
    assert_true(closed > 20);
    world_free(&w);
}

static void confidences_fall_along_the_list_and_sum_to_at_most_one(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    (void)state;

    world_match(&w);
    for (size_t i = 0; i < w.tree.count; i++) {
        size_t count = rank(&w, w.tree.rows[i].names[0], list);
        double sum = 0;

        for (size_t k = 0; k < count; k++) {
            assert_true(list[k].confidence >= 0 && list[k].confidence <= 1);
            assert_true(k == 0 || list[k].confidence <= list[k - 1].confidence);
            sum += list[k].confidence;
        }
        assert_true(sum <= 1.0 + 1e-6);
    }
    world_free(&w);
}

static void the_same_question_has_the_same_answer_whatever_was_asked_between(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion before[ALL], between[ALL], after[ALL];
    size_t n, m;
    (void)state;

    world_match(&w);
    n = rank(&w, STR_LIT("Kaos polos pria"), before);
    rank(&w, STR_LIT("Frying pan for kids t-shirt shampoo"), between);
    m = rank(&w, STR_LIT("Kaos polos pria"), after);
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        assert_true(str_eq(before[i].category_id, after[i].category_id));
        assert_true(before[i].confidence == after[i].confidence);
        assert_true(str_eq(before[i].reasons, after[i].reasons));
    }
    world_free(&w);
}

static void a_scratch_serves_matchers_of_different_trees(void **state)
{
    struct world w = world_new(LOCALES_BOTH), other = world_new(LOCALE_EN);
    struct suggestion list[ALL];
    size_t both, alone;
    (void)state;

    world_match(&w);
    world_match(&other);
    both = rank(&w, STR_LIT("Kaos polos pria"), list);
    match_scratch_free(other.scratch);
    other.scratch = w.scratch;
    alone = rank(&other, STR_LIT("engine oil"), list);
    assert_true(alone > 0);
    assert_int_equal(both, rank(&w, STR_LIT("Kaos polos pria"), list));
    other.scratch = NULL;
    world_free(&other);
    world_free(&w);
}

static void what_else_is_known_of_a_product_helps_a_title_that_says_little(void **state)
{
    static const struct match_query queries[] = {
        {.title = STR_INIT("Seri 0815"), .seller_category = STR_INIT("Pria > Kaos")},
        {.title = STR_INIT("Seri 0815"), .description = STR_INIT("Kaos pria katun")},
    };
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    size_t count;
    (void)state;

    world_match(&w);
    assert_int_equal(rank(&w, queries[0].title, list), 0);
    for (size_t i = 0; i < COUNT(queries); i++) {
        assert_ok(match_rank(w.matcher, w.scratch, &queries[i], &w.arena, list, ALL,
                             &count, NULL),
                  NULL);
        assert_int_equal(place_of(list, count, STR_LIT("111")), 0);
    }
    world_free(&w);
}

static void the_title_goes_before_what_else_is_known(void **state)
{
    struct match_query query = {.title = STR_LIT("Panci"),
                                .seller_category = STR_LIT("Pria > Kaos"),
                                .description = STR_LIT("Kaos, kemeja, celana jeans")};
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    size_t count;
    (void)state;

    world_match(&w);
    assert_ok(match_rank(w.matcher, w.scratch, &query, &w.arena, list, ALL, &count, NULL),
              NULL);
    assert_int_equal(place_of(list, count, STR_LIT("612")), 0);
    world_free(&w);
}

static void
a_title_that_tells_the_whole_name_is_surer_than_one_among_strangers(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    double plain, among;
    (void)state;

    world_match(&w);
    assert_true(rank(&w, STR_LIT("Botol minum"), list) > 0);
    plain = list[0].confidence;
    assert_true(rank(&w, STR_LIT("Xarpo zindel minum vrok teplo quansi brukel"), list) >
                0);
    among = list[0].confidence;
    assert_true(plain > 0.7 && among < 0.4);
    world_free(&w);
}

enum { SHELVES = 100 };

/* Below each of so many parents, in one locale, a leaf "Lainnya". */
static struct taxonomy others_of(struct arena *arena, size_t parents)
{
    static const char *const digits = "0123456789";
    struct category_row rows[2 * SHELVES];
    struct category_rows all = {STR_LIT("id-ID"), rows, 2 * parents};
    struct taxonomy tree;

    for (size_t i = 0; i < parents; i++) {
        char text[] = {'r', 'a', 'k', digits[i / 10], digits[i % 10], 'x'};
        struct str shelf = arena_str(arena, str_n(text, 5));

        rows[2 * i] = (struct category_row){.id = shelf, .name = shelf};
        rows[2 * i + 1] = (struct category_row){.id = arena_str(arena, str_n(text, 6)),
                                                .parent_id = shelf,
                                                .name = STR_LIT("Lainnya"),
                                                .leaf = true};
    }
    assert_ok(taxonomy_build(arena, &all, 1, NULL, NULL, &tree, NULL), NULL);
    return tree;
}

/* Also where there are more of them than a ranking keeps. */
static void leaves_that_nothing_tells_apart_share_what_is_believed(void **state)
{
    static const size_t parents[] = {1, 2, 5, 60, SHELVES};
    struct suggestion list[ALL];
    (void)state;

    for (size_t i = 0; i < COUNT(parents); i++) {
        struct world w = world_new(LOCALES_BOTH);
        size_t count;

        w.tree = others_of(&w.arena, parents[i]);
        world_match(&w);
        count = rank(&w, STR_LIT("Lainnya"), list);
        assert_true(count > 0);
        assert_true(list[0].confidence * (double)parents[i] > 0.5);
        assert_true(list[0].confidence * (double)parents[i] <= 1);
        assert_true(list[count - 1].confidence == list[0].confidence);
        world_free(&w);
    }
}

/* ---- halves of phrases ---- */

struct bare {
    struct arena arena;
    struct taxonomy tree;
    struct word_splitter splitter;
    struct names names;
    struct cold cold;
    struct cold_scratch scratch;
    struct word_list words;
};

static struct bare *bare_new(unsigned locales)
{
    struct bare *b = test_calloc(1, sizeof *b);

    b->arena = (struct arena)ARENA_INIT(64 << 20);
    b->tree = small_tree(&b->arena, locales);
    assert_ok(word_splitter_init(&b->splitter, NULL), NULL);
    assert_ok(names_build(&b->names, &b->tree, &b->splitter, NULL), NULL);
    assert_ok(cold_build(&b->cold, &b->names, NULL), NULL);
    return b;
}

static void bare_free(struct bare *b)
{
    cold_scratch_clear(&b->scratch);
    names_clear(&b->names);
    word_splitter_clear(&b->splitter);
    arena_clear(&b->arena);
    test_free(b);
}

static double score_of(struct bare *b, const char *title, const char *id)
{
    struct cold_text text = {.words = &b->words, .weight = 1};
    struct cold_hit hits[COLD_HITS];
    size_t count;

    assert_ok(words_split(&b->splitter, str_of(title), &b->words, NULL), NULL);
    assert_ok(cold_rank(&b->cold, &b->scratch, &text, 1, hits, &count, NULL), NULL);
    for (size_t i = 0; i < count; i++)
        if (str_is(b->tree.rows[hits[i].row].id, id))
            return (double)hits[i].score;
    return 0;
}

/* "Kaos" is a t-shirt, "kaos kaki" are socks (131). */
static void half_a_phrase_is_no_more_when_it_is_said_twice_or_in_other_words(void **state)
{
    struct bare *b = bare_new(LOCALE_ID);
    double once = score_of(b, "Kaos", "131");
    (void)state;

    assert_true(once > 0);
    assert_true(score_of(b, "Kaos kaos", "131") == once);
    assert_true(score_of(b, "T-shirt kaos", "131") == once);
    assert_true(score_of(b, "Kaos kaki", "131") > 2 * once);
    assert_true(score_of(b, "Kaos kaki kaos kaki", "111") ==
                score_of(b, "Kaos kaki", "111"));
    bare_free(b);
}

static void a_title_without_a_known_word_gets_no_answer(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    (void)state;

    world_match(&w);
    assert_int_equal(rank(&w, STR_LIT("xqzv 1234"), list), 0);
    assert_int_equal(rank(&w, STR_LIT(""), list), 0);
    assert_int_equal(rank(&w, STR_LIT("!!! --- \xF0\x9F\x98\x80"), list), 0);
    world_free(&w);
}

static void strange_titles_are_survived(void **state)
{
    static char long_title[65536];
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    (void)state;

    world_match(&w);
    for (size_t i = 0; i < sizeof long_title; i++)
        long_title[i] = "kaos pria "[i % 10];
    assert_true(rank(&w, str_n(long_title, sizeof long_title), list) > 0);
    memset(long_title, 'k', sizeof long_title);
    rank(&w, str_n(long_title, sizeof long_title), list);
    memset(long_title, 0xFF, sizeof long_title);
    rank(&w, str_n(long_title, sizeof long_title), list);
    for (int c = 0; c < 256; c++) {
        char one = (char)c;

        rank(&w, str_n(&one, 1), list);
    }
    assert_true(rank(&w, STR_LIT("\xE0\xB9\x80\xE0\xB8\xAA kaos \xFF\xFE \xE6\x97\xA5"),
                     list) > 0);
    world_free(&w);
}

static void an_empty_tree_answers_nothing(void **state)
{
    struct world w = world_new(LOCALES_BOTH);
    struct suggestion list[ALL];
    (void)state;

    w.tree = (struct taxonomy){0};
    world_match(&w);
    assert_int_equal(rank(&w, STR_LIT("kaos"), list), 0);
    world_free(&w);
}

static enum aisle_status build_and_ask(void *ctx, struct aisle_err *err)
{
    const struct taxonomy *tree = ctx;
    struct match_query query = {.title = STR_LIT("kaos pria")};
    struct arena arena = ARENA_INIT(1 << 20);
    struct matcher *m = NULL;
    struct match_scratch *s = NULL;
    struct suggestion list[3];
    const struct category *found[3];
    size_t count;
    enum aisle_status status = match_new(tree, &m, err);

    if (status == AISLE_OK)
        status = match_scratch_new(&s, err);
    if (status == AISLE_OK)
        status = match_rank(m, s, &query, &arena, list, 3, &count, err);
    if (status == AISLE_OK)
        status = match_search(m, s, STR_LIT("kaos"), found, 3, &count, err);
    match_scratch_free(s);
    match_free(m);
    arena_clear(&arena);
    return status;
}

static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct taxonomy tree = small_tree(&arena, LOCALES_BOTH);
    (void)state;

    assert_true(each_allocation_failing(build_and_ask, &tree) > 10);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles_prefer_the_better_leaf_with_both_locales_synced),
        cmocka_unit_test(titles_prefer_the_better_leaf_on_the_indonesian_tree),
        cmocka_unit_test(titles_prefer_the_better_leaf_on_the_english_tree),
        cmocka_unit_test(only_open_leaves_are_offered_whatever_the_permissions),
        cmocka_unit_test(closing_a_leaf_makes_no_other_surer),
        cmocka_unit_test(confidences_fall_along_the_list_and_sum_to_at_most_one),
        cmocka_unit_test(
            the_same_question_has_the_same_answer_whatever_was_asked_between),
        cmocka_unit_test(a_scratch_serves_matchers_of_different_trees),
        cmocka_unit_test(what_else_is_known_of_a_product_helps_a_title_that_says_little),
        cmocka_unit_test(the_title_goes_before_what_else_is_known),
        cmocka_unit_test(
            a_title_that_tells_the_whole_name_is_surer_than_one_among_strangers),
        cmocka_unit_test(
            half_a_phrase_is_no_more_when_it_is_said_twice_or_in_other_words),
        cmocka_unit_test(leaves_that_nothing_tells_apart_share_what_is_believed),
        cmocka_unit_test(a_title_without_a_known_word_gets_no_answer),
        cmocka_unit_test(strange_titles_are_survived),
        cmocka_unit_test(an_empty_tree_answers_nothing),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
