/* Questions to a tree: ids, names, chains, paths, and what takes products. */
#include "rows.h"

#include "taxonomy/suggestion.h"

static struct arena arena = ARENA_INIT(ARENA_MAX_WORK);

static const char english[] = "1< Fashion\n"
                              "2<1 Men\n"
                              "3<2 T-Shirts*\n"
                              "4<2 Tops / Shirts*\n"
                              "5<1 Women\n"
                              "6<5 T-Shirts*\n"
                              "7< Home & Living\n"
                              "8<7  Caf\xc3\xa9\xc2\xa0Tables *\n"
                              "9< Twice\n"
                              "10< Twice\n"
                              "11<9 Below One*\n"
                              "12<10 Below Two*\n";
static const char indonesian[] = "1< Mode\n"
                                 "2<1 Pria\n"
                                 "3<2 Kaos*\n"
                                 "4<2 *\n"
                                 "5<1 Wanita\n"
                                 "6<5 Kaos*\n"
                                 "7< Rumah\n"
                                 "8<7 Meja*\n"
                                 "9< Dua\n"
                                 "10< Dua Lagi\n"
                                 "11<9 Satu*\n"
                                 "12<10 Dua*\n";

static int read_tree(void **state)
{
    static struct taxonomy tree;

    tree = tree_read(&arena, english, indonesian, NULL, NULL);
    *state = &tree;
    return 0;
}

static int drop_tree(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static void every_id_is_found_and_no_other(void **state)
{
    const struct taxonomy *tree = *state;

    for (size_t i = 0; i < tree->count; i++)
        assert_ptr_equal(taxonomy_get(tree, tree->rows[i].id), &tree->rows[i]);
    assert_null(taxonomy_get(tree, str_of("")));
    assert_null(taxonomy_get(tree, str_of("0")));
    assert_null(taxonomy_get(tree, str_of("13")));
    assert_null(taxonomy_get(&(struct taxonomy){0}, str_of("1")));
}

static void a_name_falls_back_to_a_locale_that_has_one(void **state)
{
    const struct taxonomy *tree = *state;
    const struct category *c = taxonomy_get(tree, str_of("4"));

    assert_int_equal(taxonomy_locale(tree, str_of("id-ID")), 1);
    assert_int_equal(taxonomy_locale(tree, str_of("ID-id")), 1);
    assert_int_equal(taxonomy_locale(tree, str_of("fr-FR")), TAXONOMY_NONE);
    assert_str(category_name(tree, c, 1), "Tops / Shirts");
    assert_str(category_name(tree, taxonomy_get(tree, str_of("3")), 1), "Kaos");
    assert_str(category_name(tree, c, TAXONOMY_NONE), "Tops / Shirts");
}

static void a_chain_goes_from_the_top_down(void **state)
{
    const struct taxonomy *tree = *state;
    const struct category *chain[TAXONOMY_MAX_DEPTH];

    assert_int_equal(category_chain(tree, taxonomy_get(tree, str_of("3")), chain), 3);
    assert_str(chain[0]->id, "1");
    assert_str(chain[1]->id, "2");
    assert_str(chain[2]->id, "3");
}

static void a_path_reads_from_the_top_down(void **state)
{
    const struct taxonomy *tree = *state;
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    category_path(tree, taxonomy_get(tree, str_of("3")), 1, &path);
    assert_str(buf_str(&path), "Mode > Pria > Kaos");
    buf_reset(&path);
    category_path(tree, taxonomy_get(tree, str_of("7")), 0, &path);
    assert_str(buf_str(&path), "Home & Living");
    buf_clear(&path);
}

static void a_chain_that_is_too_deep_keeps_its_lower_end(void **state)
{
    struct arena own = ARENA_INIT(ARENA_MAX_WORK);
    const struct category *chain[TAXONOMY_MAX_DEPTH];
    struct category_row rows[TAXONOMY_MAX_DEPTH + 4] = {0};
    const struct category_rows all = {STR_LIT("en-US"), rows, COUNT(rows)};
    struct taxonomy tree;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        rows[i].id = arena_fmt(&own, "%zu", i + 100);
        rows[i].parent_id = i ? rows[i - 1].id : str_of("");
        rows[i].name = rows[i].id;
    }
    assert_int_equal(taxonomy_build(&own, &all, 1, NULL, NULL, &tree, NULL), AISLE_OK);
    assert_int_equal(category_chain(&tree, taxonomy_get(&tree, str_of("119")), chain),
                     TAXONOMY_MAX_DEPTH);
    assert_str(chain[0]->id, "104");
    assert_str(chain[TAXONOMY_MAX_DEPTH - 1]->id, "119");
    arena_clear(&own);
}

static const struct {
    const char *says, *path, *id; /* id "" for none */
} path_cases[] = {
    {"as it is shown", "Fashion > Men > T-Shirts", "3"},
    {"in another locale", "Mode > Wanita > Kaos", "6"},
    {"whatever its case", "FASHION > men > t-shirts", "3"},
    {"without blanks", "Fashion>Men>T-Shirts", "3"},
    {"with slashes", "Fashion/Men / T-Shirts", "3"},
    {"with separators at the ends", " > Fashion > Men > ", "2"},
    {"a name with a slash in it", "Fashion > Men > Tops / Shirts", "4"},
    {"a name with a slash in it, by slashes", "Fashion/Men/Tops/Shirts", "4"},
    {"stray and no-break spaces do not matter", "Home & Living > Caf\xc3\xa9 Tables",
     "8"},
    {"a parent is a category too", "Home & Living", "7"},
    {"a name missing in that locale falls back", "Mode > Pria > Tops / Shirts", "4"},
    {"two of that name are no answer", "Twice", ""},
    {"but the one below is", "Twice > Below Two", "12"},
    {"half in one locale, half in another", "Mode > Men > Kaos", ""},
    {"not from the top", "Men > T-Shirts", ""},
    {"only the beginning of a name", "Fash", ""},
    {"further than it goes", "Fashion > Men > T-Shirts > V-Neck", ""},
    {"nothing", "", ""},
    {"nothing but separators", " > / > ", ""},
};

static void a_path_leads_to_its_category(void **state)
{
    const struct taxonomy *tree = *state;

    for (size_t i = 0; i < COUNT(path_cases); i++) {
        const struct category *c = taxonomy_at_path(tree, str_of(path_cases[i].path));

        if (!str_is(c ? c->id : str_of(""), path_cases[i].id))
            fail_msg("%s: want %s, got %.*s", path_cases[i].says, path_cases[i].id,
                     STR_ARG(c ? c->id : str_of("nothing")));
    }
}

static void every_path_of_a_category_alone_there_leads_back(void **state)
{
    const struct taxonomy *tree = *state;
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    for (size_t i = 0; i < tree->count; i++)
        for (uint32_t l = 0; l < tree->locale_count; l++) {
            const struct category *c = &tree->rows[i];

            buf_reset(&path);
            category_path(tree, c, l, &path);
            if (!str_is(buf_str(&path), "Twice"))
                assert_ptr_equal(taxonomy_at_path(tree, buf_str(&path)), c);
        }
    buf_clear(&path);
}

static void without_memory_no_path_leads_anywhere(void **state)
{
    const struct taxonomy *tree = *state;
    const struct category *c = NULL;

    for (long n = 1; !c; n++) {
        assert_true(n < 1000);
        mem_fail_at(n);
        c = taxonomy_at_path(tree, str_of("Home & Living > Caf\xc3\xa9 Tables"));
        mem_fail_at(0);
    }
    assert_str(c->id, "8");
}

static void products_go_to_open_leaves_without_children(void **state)
{
    struct arena own = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree = tree_read(&own,
                                     "1< Parent\n2<1 Leaf*\n3<1 Open*!AVAILABLE\n"
                                     "4<1 Invited*!AVAILABLE,INVITE_ONLY\n"
                                     "5<1 Leaf above another*\n6<5 Below*\n",
                                     NULL, NULL, NULL);
    static const bool takes[] = {false, true, true, false, false, true};

    (void)state;
    for (size_t i = 0; i < tree.count; i++)
        assert_int_equal(category_takes_products(&tree.rows[i]), takes[i]);
    assert_int_equal(taxonomy_leaf_count(&tree), 5);
    arena_clear(&own);
}

static void advisors_have_names(void **state)
{
    enum advisor advisor = ADVISOR_PERSON;

    (void)state;
    assert_true(advisor_parse(str_of("local"), &advisor));
    assert_int_equal(advisor, ADVISOR_LOCAL);
    assert_true(advisor_parse(str_of("marketplace"), &advisor));
    assert_int_equal(advisor, ADVISOR_MARKETPLACE);
    assert_false(advisor_parse(str_of("oracle"), &advisor));
    assert_string_equal(advisor_name(ADVISOR_RULE), "rule");
    assert_string_equal(advisor_name(ADVISOR_PERSON), "person");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_id_is_found_and_no_other),
        cmocka_unit_test(a_name_falls_back_to_a_locale_that_has_one),
        cmocka_unit_test(a_chain_goes_from_the_top_down),
        cmocka_unit_test(a_path_reads_from_the_top_down),
        cmocka_unit_test(a_chain_that_is_too_deep_keeps_its_lower_end),
        cmocka_unit_test(a_path_leads_to_its_category),
        cmocka_unit_test(every_path_of_a_category_alone_there_leads_back),
        cmocka_unit_test(without_memory_no_path_leads_anywhere),
        cmocka_unit_test(products_go_to_open_leaves_without_children),
        cmocka_unit_test(advisors_have_names),
    };

    return cmocka_run_group_tests(tests, read_tree, drop_tree);
}
