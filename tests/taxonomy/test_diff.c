/* Rows are written as rows.h says; what differs as "+2", "-2" or "2:name:parent". */
#include "rows.h"

#include "taxonomy/diff.h"

static const struct {
    const char *says;
    const char *then, *now;
    const char *want;
} cases[] = {
    {"the same tree twice is silence", "1< Fashion\n2<1 Kaos*\n",
     "1< Fashion\n2<1 Kaos*\n", ""},
    {"another order of sending is silence", "1< Fashion\n2<1 Kaos*\n",
     "2<1 Kaos*\n1< Fashion\n", ""},
    {"0 and nothing are the same parent", "1<0 Fashion\n", "1< Fashion\n", ""},
    {"a first sync adds every row", "", "1< Fashion\n2<1 Kaos*\n", "+1 +2 "},
    {"an emptied tree removes every row", "1< Fashion\n2<1 Kaos*\n", "", "-1 -2 "},
    {"a row gone from the middle", "1< A\n2< B\n3< C\n", "1< A\n3< C\n", "-2 "},
    {"a row come into the middle", "1< A\n3< C\n", "1< A\n2< B\n3< C\n", "+2 "},
    {"a row gone from the end", "1< A\n2< B\n", "1< A\n", "-2 "},
    {"one id for another", "1< A\n2< B\n", "1< A\n3< B\n", "-2 +3 "},
    {"a rename keeps its id", "2<1 Kaos*\n", "2<1 T-Shirt*\n", "2:name "},
    {"a blank less is a rename too", "2<1 Kaos *\n", "2<1 Kaos*\n", "2:name "},
    {"a leaf that grows a child is no leaf", "2<1 Kaos*\n", "2<1 Kaos\n3<2 Polos*\n",
     "2:leaf +3 "},
    {"a parent that becomes a leaf", "2<1 Kaos\n3<2 Polos*\n", "2<1 Kaos*\n",
     "2:leaf -3 "},
    {"a leaf closed to the shop", "2<1 Kaos*!AVAILABLE\n", "2<1 Kaos*!INVITE_ONLY\n",
     "2:permission "},
    {"one row can do everything at once", "2<1 Kaos*!AVAILABLE\n",
     "2<9 Atasan!PROHIBITED\n", "2:name:parent:leaf:permission "},
    {"ids are text, so 10 comes before 9", "10< A\n9< B\n", "10< A\n", "-9 "},
};

struct told {
    struct buf text;
    int calls;
};

static enum aisle_status tell(void *ctx, const struct category_diff *d,
                              struct aisle_err *err)
{
    struct told *t = ctx;
    const char *sign = "";

    (void)err;
    if (d->changes & CATEGORY_ADDED)
        sign = "+";
    else if (d->changes & CATEGORY_REMOVED)
        sign = "-";
    t->calls++;
    buf_addf(&t->text, "%s%.*s%s%s%s%s ", sign, STR_ARG(d->is ? d->is->id : d->was->id),
             d->changes & CATEGORY_RENAMED ? ":name" : "",
             d->changes & CATEGORY_MOVED ? ":parent" : "",
             d->changes & CATEGORY_LEAFING ? ":leaf" : "",
             d->changes & CATEGORY_PERMISSION_CHANGED ? ":permission" : "");
    return AISLE_OK;
}

static void differences_are_told_by_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct told told = {.text = BUF_INIT(BUF_MAX_LINE)};
        struct taxonomy then = tree_read(&arena, cases[i].then, NULL, NULL, NULL);
        struct taxonomy now = tree_read(&arena, cases[i].now, NULL, NULL, NULL);

        assert_int_equal(taxonomy_diff(&then, &now, tell, &told, NULL), AISLE_OK);
        if (!str_is(buf_str(&told.text), cases[i].want))
            fail_msg("%s: want %s, got %s", cases[i].says, cases[i].want,
                     buf_str(&told.text).p);
        buf_clear(&told.text);
        arena_clear(&arena);
    }
}

static enum aisle_status stop(void *ctx, const struct category_diff *d,
                              struct aisle_err *err)
{
    struct told *t = ctx;

    (void)d;
    t->calls++;
    return aisle_fail(err, AISLE_STOPPED, "enough");
}

static void a_visitor_can_end_the_walk(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then = {0};
    struct taxonomy now = tree_read(&arena, "1< A\n2< B\n", NULL, NULL, NULL);
    struct told told = {0};
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(taxonomy_diff(&then, &now, stop, &told, &err), AISLE_STOPPED);
    assert_int_equal(told.calls, 1);
    assert_string_equal(err.text, "enough");
    arena_clear(&arena);
}

static enum aisle_status keep_bits(void *ctx, const struct category_diff *d,
                                   struct aisle_err *err)
{
    (void)err;
    *(uint32_t *)ctx = d->renamed_in;
    return AISLE_OK;
}

static void a_rename_says_in_which_locale_of_the_newer_tree(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then = tree_read(&arena, "1< Shirts*\n", "1< Kaos*\n", NULL, NULL);
    struct taxonomy now = tree_read(&arena, "1< Shirts*\n", "1< Baju*\n", NULL, NULL);
    uint32_t bits = 0;

    (void)state;
    taxonomy_diff(&then, &now, keep_bits, &bits, NULL);
    assert_int_equal(bits, 1u << 1);
    arena_clear(&arena);
}

static void a_locale_only_one_tree_has_is_no_difference(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy one = tree_read(&arena, "1< Shirts*\n", NULL, NULL, NULL);
    struct taxonomy two = tree_read(&arena, "1< Shirts*\n", "1< Kaos*\n", NULL, NULL);
    struct told told = {.text = BUF_INIT(BUF_MAX_LINE)};

    (void)state;
    taxonomy_diff(&one, &two, tell, &told, NULL);
    taxonomy_diff(&two, &one, tell, &told, NULL);
    assert_int_equal(told.calls, 0);
    arena_clear(&arena);
}

static void a_provisional_category_was_not_there(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    const struct category_row rows[] = {
        {.id = STR_LIT("1"), .name = STR_LIT("A"), .leaf = true, .provisional = true},
        {.id = STR_LIT("2"), .name = STR_LIT("B"), .leaf = true, .provisional = true}};
    const struct category_rows all = {STR_LIT("en-US"), rows, 2};
    struct taxonomy then, now = tree_read(&arena, "1< A*\n", NULL, NULL, NULL);
    struct told told = {.text = BUF_INIT(BUF_MAX_LINE)};

    (void)state;
    assert_int_equal(taxonomy_build(&arena, &all, 1, NULL, NULL, &then, NULL), AISLE_OK);
    taxonomy_diff(&then, &now, tell, &told, NULL);
    assert_str(buf_str(&told.text), "+1 "); /* confirmed; and 2 goes without a word */
    assert_int_equal(taxonomy_diff_count(&then, &now).leaves_then, 0);
    buf_clear(&told.text);
    arena_clear(&arena);
}

static void counts_add_up(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then =
        tree_read(&arena, "1< A\n2<1 B*\n3<1 C*\n4<1 D*!AVAILABLE\n5<1 E\n6< F\n", NULL,
                  NULL, NULL);
    struct taxonomy now =
        tree_read(&arena, "1< A\n2<6 B2*\n4<1 D!PROHIBITED\n5<1 E*\n6< F\n7<6 G*\n", NULL,
                  NULL, NULL);
    struct taxonomy_diff_counts n = taxonomy_diff_count(&then, &now);

    (void)state;
    assert_int_equal(n.added, 1);
    assert_int_equal(n.removed, 1);
    assert_int_equal(n.renamed, 1);
    assert_int_equal(n.moved, 1);
    assert_int_equal(n.leaf_to_parent, 1);
    assert_int_equal(n.parent_to_leaf, 1);
    assert_int_equal(n.permission, 1);
    assert_int_equal(n.leaves_then, 3);
    assert_int_equal(n.leaves_now, 3);
    assert_int_equal(n.leaves_lost, 2);
    arena_clear(&arena);
}

static void leaves_that_took_products_and_take_none_are_closed(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then =
        tree_read(&arena,
                  "1< A\n2<1 B*\n3<1 C*!AVAILABLE\n4<1 D*!INVITE_ONLY\n"
                  "5<1 E*!AVAILABLE\n6<1 F*!AVAILABLE\n",
                  NULL, NULL, NULL);
    struct taxonomy now =
        tree_read(&arena,
                  "1< A\n2<1 B*!PROHIBITED\n3<1 C*!NON_MAIN_CATEGORY\n4<1 D*!PROHIBITED\n"
                  "6<1 F*!AVAILABLE\n",
                  NULL, NULL, NULL);
    struct taxonomy_diff_counts n = taxonomy_diff_count(&then, &now);

    (void)state;
    assert_int_equal(n.open_then, 4);
    assert_int_equal(n.closed, 2); /* 4 was closed before, 5 is lost */
    assert_int_equal(n.leaves_lost, 1);
    arena_clear(&arena);
}

static void what_one_locale_lost_is_counted_by_what_it_had(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    const char *whole = "1< A\n2<1 B*\n3<1 C*\n4<1 D*\n";
    struct taxonomy then =
        tree_read(&arena, whole, "1< A\n2<1 Be*\n3<1 Ce*\n", NULL, NULL);
    struct taxonomy now =
        tree_read(&arena, whole, "1< A\n2<1 Be*\n3<1 *\n4<1 De*\n", NULL, NULL);
    struct taxonomy one = tree_read(&arena, whole, NULL, NULL, NULL);
    struct taxonomy none = tree_read(&arena, "1< A\n2<1 B\n", "", NULL, NULL);
    size_t of;

    (void)state;
    assert_int_equal(taxonomy_lost_in(&then, &now, 0, &of), 0);
    assert_int_equal(of, 3);
    assert_int_equal(taxonomy_lost_in(&then, &now, 1, &of), 1); /* a name is lost too */
    assert_int_equal(of, 2);
    assert_int_equal(taxonomy_lost_in(&one, &now, 1, &of), 0); /* it is new */
    assert_int_equal(of, 0);
    assert_int_equal(taxonomy_lost_in(&then, &none, 0, &of), 3);
    arena_clear(&arena);
}

static void changes_have_names(void **state)
{
    (void)state;
    assert_string_equal(category_change_name(CATEGORY_ADDED), "added");
    assert_string_equal(category_change_name(CATEGORY_REMOVED), "removed");
    assert_string_equal(category_change_name(CATEGORY_RENAMED), "renamed");
    assert_string_equal(category_change_name(CATEGORY_MOVED), "moved");
    assert_string_equal(category_change_name(CATEGORY_LEAFING), "leaf");
    assert_string_equal(category_change_name(CATEGORY_PERMISSION_CHANGED), "permission");
}

static const struct {
    const char *says;
    const char *then, *now, *was;
    const char *want; /* ids, most likely first */
    size_t equal;     /* of these, as likely as the first */
} successor_cases[] = {
    {"moved: itself", "1< A\n2< B\n3<1 Kaos*\n", "1< A\n2< B\n3<2 Kaos*\n", "3", "3 ", 1},
    {"gone: the same name elsewhere", "1< A\n3<1 Kaos*\n", "2< B\n4<2 Kaos*\n", "3", "4 ",
     1},
    {"gone: case and blanks at the ends aside", "3< Kaos *\n", "4< KAOS*\n", "3", "4 ",
     1},
    {"gone: the nearest of that name first", "1< A\n2<1 B\n3<2 Kaos*\n9< Z\n",
     "1< A\n2<1 B\n4<9 Kaos*\n5<2 Kaos*\n6<1 Kaos*\n9< Z\n", "3", "5 6 4 ", 1},
    {"gone: a closed leaf is no place", "3< Kaos*\n", "4< Kaos*!PROHIBITED\n", "3", "",
     0},
    {"gone: a parent of that name is no place", "3< Kaos*\n", "4< Kaos\n5<4 Polos*\n",
     "3", "", 0},
    {"became a parent: its open children, as sent", "3< Kaos*\n",
     "3< Kaos\n7<3 Polo*\n5<3 V-Neck*\n6<3 Vest*!PROHIBITED\n", "3", "7 5 ", 2},
    {"became a parent: the same name goes before its children", "1< A\n3<1 Kaos*\n",
     "1< A\n3<1 Kaos\n4<3 Kaos*\n5<3 Polo*\n", "3", "4 ", 1},
    {"closed: nothing but the matcher knows", "3< Kaos*\n", "3< Kaos*!PROHIBITED\n", "3",
     "", 0},
    {"without a trace", "1< A\n3<1 Kaos*\n", "1< A\n4<1 Baju*\n", "3", "", 0},
    {"gone: a namesake that was there all along took nothing over",
     "1< A\n3<1 Kaos*\n2< B\n4<2 Kaos*\n", "1< A\n2< B\n4<2 Kaos*\n", "3", "", 0},
    {"became a parent: its children before a namesake that was there",
     "1< Hats\n3<1 Topi*\n2< Toys\n4<2 Topi*\n",
     "1< Hats\n3<1 Topi\n5<3 Topi Pria*\n6<3 Topi Wanita*\n2< Toys\n4<2 Topi*\n", "3",
     "5 6 ", 2},
    {"gone: one that was there under another name has its name now",
     "3< Kaos*\n4< Baju*\n", "4< Kaos*\n", "3", "4 ", 1},
    {"gone: one that was closed and has its name is open now",
     "1< A\n3<1 Kaos*\n4<1 Kaos*!PROHIBITED\n", "1< A\n4<1 Kaos*\n", "3", "4 ", 1},
    {"gone: of a name that many had, where its parent is, by id or by name",
     "1< A\n2<1 Kaos\n3<2 Others*\n5< B\n6<5 Others*\n",
     "9< C\n8<9 kaos\n7<8 Others*\n5< B\n6<5 Others*\n4<5 D\n10<4 Others*\n", "3", "7 ",
     1},
    {"gone: of a name that many had, nowhere else",
     "1< A\n2<1 Kaos\n3<2 Others*\n5< B\n6<5 Others*\n",
     "1< A\n5< B\n6<5 Others*\n4<5 D\n10<4 Others*\n", "3", "", 0},
    {"gone: all ids are others, and the way is the same", "1< A\n2<1 B\n3<2 Kaos*\n",
     "11< A\n12<11 B\n14<11 Kaos*\n13<12 Kaos*\n", "3", "13 14 ", 1},
};

static void a_lost_leaf_has_successors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(successor_cases); i++) {
        struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        const struct category *out[8];
        struct taxonomy then =
            tree_read(&arena, successor_cases[i].then, NULL, NULL, NULL);
        struct taxonomy now = tree_read(&arena, successor_cases[i].now, NULL, NULL, NULL);
        size_t equal,
            n = taxonomy_successors(&then, &now,
                                    taxonomy_get(&then, str_of(successor_cases[i].was)),
                                    out, COUNT(out), &equal);

        for (size_t k = 0; k < n; k++)
            buf_addf(&got, "%.*s ", STR_ARG(out[k]->id));
        if (!str_is(buf_str(&got), successor_cases[i].want))
            fail_msg("%s: want %s, got %s", successor_cases[i].says,
                     successor_cases[i].want, buf_str(&got).p);
        if (equal != successor_cases[i].equal)
            fail_msg("%s: %zu are as likely", successor_cases[i].says, equal);
        buf_clear(&got);
        arena_clear(&arena);
    }
}

static void a_name_in_any_shared_locale_is_the_same_name(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then = tree_read(&arena, "3< Shirts*\n", "3< Kaos*\n", NULL, NULL);
    struct taxonomy now = tree_read(&arena, "4< Tees*\n", "4< Kaos*\n", NULL, NULL);
    const struct category *out[1];
    size_t equal;

    (void)state;
    assert_int_equal(taxonomy_successors(&then, &now, &then.rows[0], out, 1, &equal), 1);
    assert_str(out[0]->id, "4");
    arena_clear(&arena);
}

static void no_more_successors_than_there_is_room_for_and_the_best_ones(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy then =
        tree_read(&arena, "1< A\n2<1 B\n3<2 Kaos*\n", NULL, NULL, NULL);
    struct taxonomy now =
        tree_read(&arena, "1< A\n2<1 B\n4< Kaos*\n5<1 Kaos*\n6<2 Kaos*\n7<2 Kaos*\n",
                  NULL, NULL, NULL);
    const struct category *was = taxonomy_get(&then, str_of("3"));
    const struct category *out[2];
    size_t equal;

    (void)state;
    assert_int_equal(taxonomy_successors(&then, &now, was, out, 0, &equal), 0);
    assert_int_equal(equal, 2);
    assert_int_equal(taxonomy_successors(&then, &now, was, out, 2, &equal), 2);
    assert_str(out[0]->id, "6");
    assert_str(out[1]->id, "7");
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differences_are_told_by_kind),
        cmocka_unit_test(a_visitor_can_end_the_walk),
        cmocka_unit_test(a_rename_says_in_which_locale_of_the_newer_tree),
        cmocka_unit_test(a_locale_only_one_tree_has_is_no_difference),
        cmocka_unit_test(a_provisional_category_was_not_there),
        cmocka_unit_test(counts_add_up),
        cmocka_unit_test(leaves_that_took_products_and_take_none_are_closed),
        cmocka_unit_test(what_one_locale_lost_is_counted_by_what_it_had),
        cmocka_unit_test(changes_have_names),
        cmocka_unit_test(a_lost_leaf_has_successors),
        cmocka_unit_test(a_name_in_any_shared_locale_is_the_same_name),
        cmocka_unit_test(no_more_successors_than_there_is_room_for_and_the_best_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
