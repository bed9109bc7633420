/* Trees and their snapshots. */
#include "contract.h"

static const struct store_trees *trees(const struct store_test *t)
{
    return t->s->ops->trees;
}

static const char english[] = "10 0 Fashion\n"
                              "30 10 T-Shirts*!AVAILABLE\n"
                              "20 10 Shirts*!AVAILABLE\n"
                              "40 10 Gold*!INVITE_ONLY,NON_MAIN_CATEGORY";
static const char indonesian[] = "10 0 Mode\n"
                                 "30 10 Kaos*!AVAILABLE\n"
                                 "20 10 Kemeja*!AVAILABLE\n"
                                 "40 10 Emas*!INVITE_ONLY,NON_MAIN_CATEGORY";
static const char shown[] = "10 > , Fashion Mode\n"
                            "20 > 10, Shirts Kemeja, leaf, AVAILABLE\n"
                            "30 > 10, T-Shirts Kaos, leaf, AVAILABLE\n"
                            "40 > 10, Gold Emas, leaf, INVITE_ONLY,NON_MAIN_CATEGORY\n";

static int64_t apply(struct store_test *t, struct test_tree *tree, int64_t expected,
                     int64_t at)
{
    int64_t id = 0;

    assert_ok(tree_apply(t, tree, expected, at, &id), &t->err);
    assert_true(id > 0);
    return id;
}

static void see_tree(struct store_test *t, int64_t snapshot_id)
{
    struct taxonomy tree;

    assert_ok(trees(t)->load(t->s, STR_LIT(TARGET), snapshot_id, &t->arena, NULL, &tree,
                             &t->err),
              &t->err);
    tree_show(&tree, &t->seen);
}

static void a_tree_is_loaded_as_it_was_read(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct taxonomy loaded, built;
    struct snapshot snapshot;
    struct tree_digests digests;

    tree_read(&tree, english, indonesian);
    apply(t, &tree, 0, 1000);
    assert_ok(
        trees(t)->load(t->s, STR_LIT(TARGET), 0, &t->arena, &snapshot, &loaded, &t->err),
        &t->err);
    tree_show(&loaded, &t->seen);
    assert_seen(t, shown);
    assert_str(loaded.locales[0], "en-US");
    assert_str(loaded.locales[1], "id-ID");

    /* children in the order sent, as in the tree built from the answer itself */
    assert_ok(taxonomy_build(&t->arena, tree.locales, 2, NULL, NULL, &built, &t->err),
              &t->err);
    assert_memory_equal(loaded.children, built.children, 3 * sizeof *built.children);
    assert_int_equal(loaded.root_count, 1);

    see_snapshot(t, &snapshot, NULL);
    assert_seen(t, TARGET " en-US,id-ID - 1 1000 1000 4 3\n");
    assert_ok(taxonomy_digest(tree.locales, 2, &digests, &t->err), &t->err);
    assert_memory_equal(&snapshot.content, &digests.content, SHA256_LEN);
    assert_memory_equal(&snapshot.permissions, &digests.permissions, SHA256_LEN);
}

static void a_target_never_synced_has_no_tree(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct taxonomy loaded = {.count = 99};

    trees(t)->load(t->s, STR_LIT(TARGET), 0, &t->arena, NULL, &loaded, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, "the tree of " TARGET " was never synced");
    tree_read(&tree, english, NULL);
    apply(t, &tree, 0, 1000);
    trees(t)->load(t->s, STR_LIT(TARGET), 17, &t->arena, NULL, &loaded, &t->err);
    assert_failure(t, AISLE_NOT_FOUND, TARGET " has no snapshot 17");
    assert_int_equal(loaded.count, 99);
    assert_ok(trees(t)->each_snapshot(t->s, STR_LIT("toko-x"), see_snapshot, t, &t->err),
              &t->err);
    assert_seen(t, "");
}

static void an_unchanged_tree_only_moves_the_time_of_checking(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct category_row first;
    int64_t id;

    tree_read(&tree, english, indonesian);
    id = apply(t, &tree, 0, 1000);
    assert_int_equal(apply(t, &tree, id, 2000), id);
    /* the order of rows does not matter */
    first = tree.rows[1][1];
    tree.rows[1][1] = tree.rows[1][2];
    tree.rows[1][2] = first;
    assert_int_equal(apply(t, &tree, id, 3000), id);
    assert_ok(trees(t)->each_snapshot(t->s, STR_LIT(""), see_snapshot, t, &t->err),
              &t->err);
    assert_seen(t, TARGET " en-US,id-ID - 1 1000 3000 4 3\n");
}

static void every_reading_that_differs_is_a_snapshot_and_all_stay(void **state)
{
    struct store_test *t = *state;
    struct test_tree first, named, open, moved;
    int64_t a, b, c, d;

    tree_read(&first, english, indonesian);
    tree_read(&named, english,
              "10 0 Mode\n30 10 Kaos Oblong*\n20 10 Kemeja*\n40 10 Emas*");
    tree_read(&open,
              "10 0 Fashion\n30 10 T-Shirts*!AVAILABLE\n20 10 Shirts*!AVAILABLE\n"
              "40 10 Gold*!AVAILABLE",
              indonesian);
    tree_read(&moved, "10 0 Fashion\n30 0 T-Shirts*", NULL);
    a = apply(t, &first, 0, 1000);
    b = apply(t, &named, a, 2000);
    c = apply(t, &open, b, 3000);
    d = apply(t, &moved, c, 4000);
    assert_true(a < b && b < c && c < d);

    see_tree(t, a);
    assert_seen(t, shown);
    see_tree(t, b);
    assert_true(str_find(buf_str(&t->seen), STR_LIT("Kaos Oblong")) < t->seen.n);
    buf_reset(&t->seen);
    see_tree(t, c);
    assert_true(str_find(buf_str(&t->seen), STR_LIT("Gold Emas, leaf, AVAILABLE\n")) <
                t->seen.n);
    buf_reset(&t->seen);
    see_tree(t, d);
    assert_seen(t, "10 > , Fashion\n30 > , T-Shirts, leaf\n");
    see_tree(t, 0);
    assert_seen(t, "10 > , Fashion\n30 > , T-Shirts, leaf\n");

    assert_ok(trees(t)->each_snapshot(t->s, STR_LIT(TARGET), see_snapshot, t, &t->err),
              &t->err);
    assert_seen(t, TARGET " en-US - 4 4000 4000 2 1\n" TARGET
                          " en-US,id-ID - 3 3000 3000 4 3\n" TARGET
                          " en-US,id-ID - 2 2000 2000 4 3\n" TARGET
                          " en-US,id-ID - 1 1000 1000 4 3\n");
}

static void see_readings(struct store_test *t, const char *id)
{
    struct category_reading *rows;
    size_t count;

    assert_ok(trees(t)->readings(t->s, STR_LIT(TARGET), str_of(id), &t->arena, &rows,
                                 &count, &t->err),
              &t->err);
    for (size_t i = 0; i < count; i++) {
        char permissions[80];

        permission_format(rows[i].permissions, permissions);
        buf_addf(&t->seen, "%lld %lld %.*s", (long long)rows[i].snapshot_id,
                 (long long)rows[i].taken_at, STR_ARG(rows[i].locale));
        if (rows[i].there)
            buf_addf(&t->seen, " %.*s > %.*s %s%s", STR_ARG(rows[i].parent_id),
                     STR_ARG(rows[i].name), rows[i].leaf ? "leaf " : "", permissions);
        buf_addz(&t->seen, "\n");
    }
}

static void what_a_category_was_is_read_from_every_snapshot(void **state)
{
    struct store_test *t = *state;
    struct test_tree first, named, moved;
    int64_t a, b;

    see_readings(t, "30");
    assert_seen(t, "");
    tree_read(&first, english, indonesian);
    tree_read(&named,
              "10 0 Fashion\n30 10 T-Shirts*!PROHIBITED\n30 0 Double\n20 10 Shirts",
              "10 0 Mode\n30 10 Kaos Oblong*");
    tree_read(&moved, "10 0 Fashion\n20 10 Shirts*", NULL);
    a = apply(t, &first, 0, 1000);
    b = apply(t, &named, a, 2000);
    apply(t, &moved, b, 4000);
    see_readings(t, "30");
    assert_seen(t, "1 1000 en-US 10 > T-Shirts leaf AVAILABLE\n"
                   "1 1000 id-ID 10 > Kaos leaf AVAILABLE\n"
                   "2 2000 en-US 10 > T-Shirts leaf PROHIBITED\n"
                   "2 2000 id-ID 10 > Kaos Oblong leaf PROHIBITED\n"
                   "3 4000 en-US\n");
    see_readings(t, "77");
    assert_seen(t,
                "1 1000 en-US\n1 1000 id-ID\n2 2000 en-US\n2 2000 id-ID\n3 4000 en-US\n");
}

/* Back to what it was: a new snapshot of the same content. */
static void a_tree_may_become_what_it_was(void **state)
{
    struct store_test *t = *state;
    struct test_tree first, second;
    int64_t a, b, c;

    tree_read(&first, english, NULL);
    tree_read(&second, "10 0 Fashion", NULL);
    a = apply(t, &first, 0, 1000);
    b = apply(t, &second, a, 2000);
    c = apply(t, &first, b, 3000);
    assert_true(c > b);
    see_tree(t, a);
    see_tree(t, c);
    assert_int_equal(t->seen.n % 2, 0);
    assert_memory_equal(t->seen.p, t->seen.p + t->seen.n / 2, t->seen.n / 2);
}

static void a_reading_compared_with_an_older_one_is_refused(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    int64_t id, other = 77;

    tree_read(&tree, english, NULL);
    assert_status(tree_apply(t, &tree, 5, 1000, &other), AISLE_CONFLICT, &t->err);
    last_failure(t);
    id = apply(t, &tree, 0, 1000);
    tree_apply(t, &tree, 0, 2000, &other);
    assert_failure(t, AISLE_CONFLICT,
                   "the tree of " TARGET " was synced meanwhile: snapshot 1");
    assert_int_equal(other, 77);
    assert_int_equal(apply(t, &tree, id, 2000), id);
}

/* Content is shared, permissions are each target's own. */
static void two_targets_told_the_same_differ_in_what_they_may(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree, closed;
    struct taxonomy loaded;
    int64_t id;

    tree_read(&tree, english, NULL);
    apply(t, &tree, 0, 1000);
    tree_read(&closed,
              "10 0 Fashion\n30 10 T-Shirts*!PROHIBITED\n20 10 Shirts*\n40 10 Gold*",
              NULL);
    closed.change.target.id = STR_LIT("toko-b:v2:TIKTOK_SHOP");
    assert_ok(tree_apply(t, &closed, 0, 1000, &id), &t->err);
    assert_ok(trees(t)->load(t->s, closed.change.target.id, 0, &t->arena, NULL, &loaded,
                             &t->err),
              &t->err);
    tree_show(&loaded, &t->seen);
    assert_seen(t, "10 > , Fashion\n20 > 10, Shirts, leaf\n"
                   "30 > 10, T-Shirts, leaf, PROHIBITED\n40 > 10, Gold, leaf\n");
    see_tree(t, 0);
    assert_seen(t, "10 > , Fashion\n20 > 10, Shirts, leaf, AVAILABLE\n"
                   "30 > 10, T-Shirts, leaf, AVAILABLE\n"
                   "40 > 10, Gold, leaf, INVITE_ONLY,NON_MAIN_CATEGORY\n");
    assert_ok(trees(t)->each_snapshot(t->s, STR_LIT("toko-b:v2:TIKTOK_SHOP"),
                                      see_snapshot, t, &t->err),
              &t->err);
    assert_seen(t, "toko-b:v2:TIKTOK_SHOP en-US - 2 1000 1000 4 3\n");
}

/* A marketplace's answer is kept as it came: doubles, orphans, blanks and all. */
static void an_odd_tree_is_built_again_the_same(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct taxonomy built;
    struct buf want = BUF_INIT(BUF_MAX_LINE);

    tree_read(&tree,
              "10 0 Fashion!AVAILABLE\n20 10 A*!PROHIBITED\n20 10 Double*!AVAILABLE\n"
              "30 99 Orphan*!AVAILABLE\n40 41 Circle\n41 40 Circle\n"
              " 10 nameless id*\n50 10  blank *",
              "10 0 Mode\n60 10 Hanya di sini*!INVITE_ONLY\n20 10 A");
    assert_ok(taxonomy_build(&t->arena, tree.locales, 2, NULL, NULL, &built, &t->err),
              &t->err);
    tree_show(&built, &want);
    apply(t, &tree, 0, 1000);
    see_tree(t, 0);
    assert_seen(t, want.p);
    buf_clear(&want);
}

static void a_run_is_kept_with_the_tree_it_brought(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct run run = a_run("r-1"), got;
    struct snapshot snapshot;
    struct taxonomy loaded;
    int64_t id, other;

    tree_read(&tree, english, NULL);
    tree.change.run = &run;
    id = apply(t, &tree, 0, 1000);
    assert_ok(
        trees(t)->load(t->s, STR_LIT(TARGET), id, &t->arena, &snapshot, &loaded, &t->err),
        &t->err);
    assert_str(snapshot.run_id, "r-1");
    assert_ok(t->s->ops->work->get_run(t->s, run.id, &t->arena, &got, &t->err), &t->err);

    /* refused: neither tree nor run */
    run.id = STR_LIT("r-2");
    assert_status(tree_apply(t, &tree, 0, 2000, &other), AISLE_CONFLICT, &t->err);
    last_failure(t);
    assert_status(t->s->ops->work->get_run(t->s, run.id, &t->arena, &got, NULL),
                  AISLE_NOT_FOUND, NULL);
    /* unchanged: a run all the same */
    apply(t, &tree, id, 3000);
    assert_ok(t->s->ops->work->get_run(t->s, run.id, &t->arena, &got, &t->err), &t->err);
}

static void a_provisional_leaf_stands_in_the_newest_tree_until_the_next_sync(void **state)
{
    struct store_test *t = *state;
    struct provisional_category leaf = {STR_LIT(TARGET), STR_LIT("70"), STR_LIT("Jaket"),
                                        STR_LIT("10"), 1500};
    struct test_tree tree, next;
    int64_t a, b;

    tree_read(&tree, english, NULL);
    tree_read(&next, "10 0 Fashion", NULL);
    a = apply(t, &tree, 0, 1000);
    assert_ok(trees(t)->put_provisional(t->s, &leaf, &t->err), &t->err);
    assert_ok(trees(t)->put_provisional(t->s, &leaf, &t->err), &t->err);
    see_tree(t, a);
    assert_true(str_find(buf_str(&t->seen),
                         STR_LIT("70 > 10, Jaket, leaf, provisional\n")) < t->seen.n);
    buf_reset(&t->seen);

    b = apply(t, &next, a, 2000);
    see_tree(t, b);
    assert_seen(t, "10 > , Fashion\n");
    assert_ok(trees(t)->put_provisional(t->s, &leaf, &t->err), &t->err);
    see_tree(t, a); /* an older one */
    assert_true(str_find(buf_str(&t->seen), STR_LIT("Jaket")) == t->seen.n);
    buf_reset(&t->seen);
    apply(t, &next, b, 3000); /* unchanged ends it too */
    see_tree(t, 0);
    assert_seen(t, "10 > , Fashion\n");
}

/* A caller who knows the digests and the tree already hands them over: what is kept is
 * the same, and so is what is found unchanged later. */
static void put_part(struct store_test *t, const char *locale, int64_t at,
                     const char *body)
{
    struct tree_part part = {STR_LIT(TARGET), str_of(locale), at, str_of(body)};

    assert_ok(trees(t)->put_part(t->s, &part, &t->err), &t->err);
}

static void see_part(struct store_test *t, const char *target, const char *locale)
{
    struct tree_part got;
    enum aisle_status status =
        trees(t)->get_part(t->s, str_of(target), str_of(locale), &t->arena, &got, NULL);

    if (status == AISLE_OK)
        buf_addf(&t->seen, "%.*s %.*s at %lld: %.*s\n", STR_ARG(got.target_id),
                 STR_ARG(got.locale), (long long)got.fetched_at, STR_ARG(got.body));
    else
        buf_addf(&t->seen, "%s %s: %d\n", target, locale, status == AISLE_NOT_FOUND);
}

static void a_locale_waits_for_the_others_until_a_tree_is_kept(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    int64_t id;

    put_part(t, "en-US", 1000, "[]");
    put_part(t, "en-US", 1001, "[1]");
    put_part(t, "id-ID", 1002, "[2]");
    see_part(t, TARGET, "en-US");
    see_part(t, TARGET, "id-ID");
    see_part(t, TARGET, "th-TH");
    see_part(t, "other", "en-US");
    tree_read(&tree, english, indonesian);
    id = apply(t, &tree, 0, 2000);
    see_part(t, TARGET, "en-US");
    put_part(t, "en-US", 2001, "[3]");
    apply(t, &tree, id, 3000); /* the same again */
    see_part(t, TARGET, "en-US");
    assert_seen(t, TARGET " en-US at 1001: [1]\n" TARGET " id-ID at 1002: [2]\n" TARGET
                          " th-TH: 1\nother en-US: 1\n" TARGET " en-US: 1\n" TARGET
                          " en-US: 1\n");
}

static void what_is_known_of_a_tree_need_not_be_worked_out(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    struct tree_digests digests;
    struct taxonomy built;
    int64_t first, again;

    tree_read(&tree, english, indonesian);
    assert_ok(taxonomy_digest(tree.locales, 2, &digests, &t->err), &t->err);
    assert_ok(taxonomy_build(&t->arena, tree.locales, 2, NULL, NULL, &built, &t->err),
              &t->err);
    tree.change.digests = &digests;
    tree.change.tree = &built;
    assert_ok(tree_apply(t, &tree, 0, 1, &first), &t->err);
    see_tree(t, 0);
    assert_seen(t, shown);

    tree_read(&tree, english, indonesian);
    assert_ok(tree_apply(t, &tree, first, 2, &again), &t->err);
    assert_int_equal(again, first);
}

static void a_tree_in_no_locale_is_refused(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    int64_t id;

    tree_read(&tree, english, NULL);
    tree.change.locale_count = 0;
    assert_status(tree_apply(t, &tree, 0, 1, &id), AISLE_INVALID, &t->err);
    last_failure(t);
    tree.change.locale_count = TAXONOMY_MAX_LOCALES + 1;
    assert_status(tree_apply(t, &tree, 0, 1, &id), AISLE_LIMIT, &t->err);
    last_failure(t);
}

static const struct contract_case cases[] = {
    CASE(a_tree_is_loaded_as_it_was_read),
    CASE(a_target_never_synced_has_no_tree),
    CASE(an_unchanged_tree_only_moves_the_time_of_checking),
    CASE(every_reading_that_differs_is_a_snapshot_and_all_stay),
    CASE(what_a_category_was_is_read_from_every_snapshot),
    CASE(a_tree_may_become_what_it_was),
    CASE(a_reading_compared_with_an_older_one_is_refused),
    CASE(two_targets_told_the_same_differ_in_what_they_may),
    CASE(an_odd_tree_is_built_again_the_same),
    CASE(a_run_is_kept_with_the_tree_it_brought),
    CASE(a_provisional_leaf_stands_in_the_newest_tree_until_the_next_sync),
    CASE(a_locale_waits_for_the_others_until_a_tree_is_kept),
    CASE(what_is_known_of_a_tree_need_not_be_worked_out),
    CASE(a_tree_in_no_locale_is_refused),
};
const struct contract_table contract_trees = CONTRACT_TABLE(cases);
