/* A tree is written as rows.h says; what became of it as "1(2* 3(4*))", children in
 * brackets; problems as "orphan:2", with the locale where it matters. */
#include "rows.h"

static void hear(void *ctx, enum taxonomy_problem problem, struct str id, struct str name,
                 struct str locale)
{
    struct buf *out = ctx;

    (void)name;
    buf_addf(out, "%s:%.*s", taxonomy_problem_name(problem), STR_ARG(id));
    if (!str_empty(locale))
        buf_addf(out, "@%.*s", STR_ARG(locale));
    buf_addc(out, ' ');
}

static void draw(const struct taxonomy *tree, const uint32_t *rows, size_t count,
                 struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct category *c = &tree->rows[rows[i]];

        buf_addf(out, "%s%.*s%s", i ? " " : "", STR_ARG(c->id), c->leaf ? "*" : "");
        if (c->child_count) {
            buf_addc(out, '(');
            draw(tree, tree->children + c->first_child, c->child_count, out);
            buf_addc(out, ')');
        }
    }
}

static const struct {
    const char *says;
    const char *first, *second;
    const char *tree, *problems;
} cases[] = {
    {"no rows make an empty tree", "", NULL, "", ""},
    {"a parent, its leaf", "1< Fashion\n2<1 Kaos*\n", NULL, "1(2*)", ""},
    {"a child may come before its parent", "2<1 Kaos*\n1< Fashion\n", NULL, "1(2*)", ""},
    {"children and roots keep the order they came in",
     "9< Z*\n1< A\n12<1 C*\n11<1 B*\n5< M*\n", NULL, "9* 1(12* 11*) 5*", ""},
    {"0 is no parent", "1<0 Fashion\n2<1 Kaos*\n", NULL, "1(2*)", ""},
    {"a row without its parent hangs at the top", "2<1 Kaos*\n", NULL, "2*", "orphan:2 "},
    {"of an id sent twice the first is kept", "1< A\n2<1 B*\n2< C*\n", NULL, "1(2*)",
     "double-id:2@en-US "},
    {"a row without an id is left out", "1< A*\n< B*\n", NULL, "1*", "empty-id:@en-US "},
    {"a row that is its own parent is cut loose", "1<1 A\n2<1 B*\n", NULL, "1(2*)",
     "cycle:1 "},
    {"two that are each other's parent are cut once", "1<2 A\n2<1 B\n3<2 C*\n", NULL,
     "1(2(3*))", "cycle:1 "},
    {"a tail that leads into a circle", "9<1 T*\n1<2 A\n2<3 B\n3<1 C\n", NULL,
     "1(9* 3(2))", "cycle:1 parent-without-child:2 "},
    {"a parent without children stays", "1< A\n", NULL, "1", "parent-without-child:1 "},
    {"a leaf with a child stays as it says", "1< A*\n2<1 B*\n", NULL, "1*(2*)",
     "leaf-with-child:1 "},
    {"a blank at an end of a name", "1<  A *\n", NULL, "1*", "stray-space:1@en-US "},
    {"a no-break space in a name",
     "1< A\xc2\xa0"
     "B*\n",
     NULL, "1*", "stray-space:1@en-US "},
    {"two blanks in a row", "1< A  B*\n", NULL, "1*", "stray-space:1@en-US "},
    {"a name that is empty", "1< *\n", NULL, "1*", "empty-name:1@en-US "},
    {"two locales that agree", "1< Fashion\n2<1 Shirts*\n", "2<1 Kaos*\n1< Mode\n",
     "1(2*)", ""},
    {"another locale has it elsewhere", "1< A\n2< B\n3<1 C*\n4<2 D*\n",
     "1< A\n2< B\n3<2 C*\n4<2 D*\n", "1(3*) 2(4*)", "locale-differs:3@id-ID "},
    {"another locale says it is no leaf", "1< A*\n", "1< A\n", "1*",
     "locale-differs:1@id-ID "},
    {"another locale lacks it", "1< A\n2<1 B*\n3<1 C*\n", "1< A\n2<1 B*\n", "1(2* 3*)",
     "locale-differs:3@id-ID "},
    {"another locale has it alone", "1< A\n2<1 B*\n", "1< A\n2<1 B*\n3<1 C*\n",
     "1(2* 3*)", "locale-differs:3@en-US "},
    {"the deepest that may be",
     "a< A\nb<a B\nc<b C\nd<c D\ne<d E\nf<e F\ng<f G\nh<g H\ni<h I\nj<i J\nk<j K\n"
     "l<k L\nm<l M\nn<m N\no<n O\np<o P*\n",
     NULL, "a(b(c(d(e(f(g(h(i(j(k(l(m(n(o(p*)))))))))))))))", ""},
    {"one deeper is told, and kept",
     "a< A\nb<a B\nc<b C\nd<c D\ne<d E\nf<e F\ng<f G\nh<g H\ni<h I\nj<i J\nk<j K\n"
     "l<k L\nm<l M\nn<m N\no<n O\np<o P\nq<p Q*\n",
     NULL, "a(b(c(d(e(f(g(h(i(j(k(l(m(n(o(p(q*))))))))))))))))", "too-deep:q "},
};

static void builds_what_was_sent_and_tells_what_is_odd(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct buf heard = BUF_INIT(BUF_MAX_LINE), drawn = BUF_INIT(BUF_MAX_LINE);
        struct taxonomy tree =
            tree_read(&arena, cases[i].first, cases[i].second, hear, &heard);

        draw(&tree, tree.roots, tree.root_count, &drawn);
        if (!str_is(buf_str(&drawn), cases[i].tree) ||
            !str_is(buf_str(&heard), cases[i].problems))
            fail_msg("%s:\n  tree %s\n  want %s\n  told %s\n  want %s", cases[i].says,
                     buf_str(&drawn).p, cases[i].tree, buf_str(&heard).p,
                     cases[i].problems);
        buf_clear(&heard);
        buf_clear(&drawn);
        arena_clear(&arena);
    }
}

static void rows_are_sorted_by_id_as_text(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree = tree_read(&arena, "9< A*\n10< B*\n1< C*\n", NULL, NULL, NULL);

    (void)state;
    assert_int_equal(tree.count, 3);
    assert_str(tree.rows[0].id, "1");
    assert_str(tree.rows[1].id, "10");
    assert_str(tree.rows[2].id, "9");
    arena_clear(&arena);
}

static void the_first_locale_that_has_an_id_says_what_it_is(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree =
        tree_read(&arena, "1< A\n2<1 B*!INVITE_ONLY\n",
                  "1< X\n2< Y!AVAILABLE\n3<1 Z*!PROHIBITED\n", NULL, NULL);
    const struct category *b = taxonomy_get(&tree, str_of("2"));
    const struct category *z = taxonomy_get(&tree, str_of("3"));

    (void)state;
    assert_str(b->parent_id, "1");
    assert_true(b->leaf);
    assert_int_equal(b->permissions, PERMISSION_INVITE_ONLY);
    assert_str(b->names[0], "B");
    assert_str(b->names[1], "Y");
    assert_str(z->names[0], "");
    assert_str(z->names[1], "Z");
    assert_int_equal(z->permissions, PERMISSION_PROHIBITED);
    arena_clear(&arena);
}

static void an_orphan_remembers_the_parent_it_was_sent_with(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree = tree_read(&arena, "2<77 B*\n", NULL, NULL, NULL);

    (void)state;
    assert_int_equal(tree.rows[0].parent, TAXONOMY_NONE);
    assert_str(tree.rows[0].parent_id, "77");
    arena_clear(&arena);
}

static void a_provisional_row_stays_marked(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    const struct category_row rows[] = {
        {.id = STR_LIT("1"), .name = STR_LIT("A"), .leaf = true, .provisional = true}};
    const struct category_rows one = {STR_LIT("en-US"), rows, 1};
    struct taxonomy tree;

    (void)state;
    assert_int_equal(taxonomy_build(&arena, &one, 1, NULL, NULL, &tree, NULL), AISLE_OK);
    assert_true(tree.rows[0].provisional);
    arena_clear(&arena);
}

static void the_tree_does_not_lean_on_the_text_it_was_built_from(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    char id[] = "1", parent[] = "9", name[] = "Kaos", locale[] = "id-ID";
    const struct category_row row = {str_of(id), str_of(parent), str_of(name), true, 0,
                                     0};
    const struct category_rows rows = {str_of(locale), &row, 1};
    struct taxonomy tree;

    (void)state;
    assert_int_equal(taxonomy_build(&arena, &rows, 1, NULL, NULL, &tree, NULL), AISLE_OK);
    memset(id, 'x', sizeof id);
    memset(parent, 'x', sizeof parent);
    memset(name, 'x', sizeof name);
    memset(locale, 'x', sizeof locale);
    assert_str(tree.rows[0].id, "1");
    assert_str(tree.rows[0].parent_id, "9");
    assert_str(tree.rows[0].names[0], "Kaos");
    assert_str(tree.locales[0], "id-ID");
    arena_clear(&arena);
}

static void too_many_locales_or_rows_are_refused(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows many[TAXONOMY_MAX_LOCALES + 1] = {0};
    struct category_rows large = {.count = TAXONOMY_MAX_CATEGORIES + 1};
    struct taxonomy tree;
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(taxonomy_build(&arena, many, COUNT(many), NULL, NULL, &tree, &err),
                     AISLE_LIMIT);
    assert_string_equal(err.text, "tree is in over 16 locales");
    err = (struct aisle_err){0};
    assert_int_equal(taxonomy_build(&arena, &large, 1, NULL, NULL, &tree, &err),
                     AISLE_LIMIT);
    assert_string_equal(err.text, "tree is over 1000000 categories");
    arena_clear(&arena);
}

static enum aisle_status build_once(void *ctx, struct aisle_err *err)
{
    const struct category_rows *rows = ctx;
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree;
    enum aisle_status status = taxonomy_build(&arena, rows, 2, NULL, NULL, &tree, err);

    arena_clear(&arena);
    return status;
}

static void building_survives_running_out_of_memory(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows rows[2] = {
        rows_read(&arena, "en-US", "1< A\n2<1 B*\n3<9 C*\n4<5 D\n5<4 E\n"),
        rows_read(&arena, "id-ID", "1< A\n2<1 B*\n6<1 C\xc2\xa0*\n"),
    };

    (void)state;
    each_allocation_failing(build_once, rows);
    arena_clear(&arena);
}

static const struct {
    const char *words;
    bool open;
} permission_cases[] = {
    {"", true},
    {"AVAILABLE", true},
    {"INVITE_ONLY", false},
    {"NON_MAIN_CATEGORY", false},
    {"PROHIBITED", false},
    {"AVAILABLE,INVITE_ONLY", false},
    {"INVITE_ONLY,NON_MAIN_CATEGORY,PROHIBITED", false},
    {"AVAILABLE,INVITE_ONLY,NON_MAIN_CATEGORY,PROHIBITED,UNKNOWN", false},
};

static void permissions_read_write_and_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(permission_cases); i++) {
        struct str rest = str_of(permission_cases[i].words);
        unsigned bits = 0;
        char text[80];

        while (!str_empty(rest))
            bits |= permission_parse(str_cut(&rest, ','));
        permission_format(bits, text);
        assert_string_equal(text, permission_cases[i].words);
        assert_int_equal(permission_is_open(bits), permission_cases[i].open);
    }
    assert_int_equal(permission_parse(str_of("available")), PERMISSION_UNKNOWN);
    assert_false(permission_is_open(permission_parse(str_of("SOMETHING_NEW"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_what_was_sent_and_tells_what_is_odd),
        cmocka_unit_test(rows_are_sorted_by_id_as_text),
        cmocka_unit_test(the_first_locale_that_has_an_id_says_what_it_is),
        cmocka_unit_test(an_orphan_remembers_the_parent_it_was_sent_with),
        cmocka_unit_test(a_provisional_row_stays_marked),
        cmocka_unit_test(the_tree_does_not_lean_on_the_text_it_was_built_from),
        cmocka_unit_test(too_many_locales_or_rows_are_refused),
        cmocka_unit_test(building_survives_running_out_of_memory),
        cmocka_unit_test(permissions_read_write_and_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
