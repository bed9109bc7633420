/* How much is written, and how often a thing is kept: what no caller sees. */
#include "store_test.h"

#include "store/sqlite/driver.h"

static int begin(void **state)
{
    *state = store_test_new(&store_sqlite_ops);
    return 0;
}

static int64_t rows_written(struct store_test *t)
{
    return sqlite3_total_changes64(sqlite_conn_of(sqlite_store_of(t->s)->writer)->db);
}

static const char lines[] = "10 0 Fashion!AVAILABLE\n20 10 Kaos*!AVAILABLE\n"
                            "30 10 Kemeja*!AVAILABLE\n40 10 Emas*!INVITE_ONLY";

static void a_sync_that_found_nothing_new_writes_one_row(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    int64_t id, before;

    tree_read(&tree, lines, lines);
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    before = rows_written(t);
    assert_ok(tree_apply(t, &tree, id, 2, &id), &t->err);
    assert_int_equal(rows_written(t) - before, 1);
}

static void an_import_again_writes_no_row(void **state)
{
    struct store_test *t = *state;
    struct product list[3] = {a_product("acme", "A"), a_product("acme", "B"),
                              a_product("zeta", "A")};
    int64_t before;

    list[1].image_location = STR_LIT("b.jpg");
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, 3, 1, NULL, &t->err),
              &t->err);
    before = rows_written(t);
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, 3, 2, NULL, &t->err),
              &t->err);
    assert_int_equal(rows_written(t) - before, 0);
}

static void targets_told_the_same_share_their_rows(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree;
    int64_t id;

    tree_read(&tree, lines, lines);
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    tree.change.target.id = STR_LIT("toko-b:v2:TIKTOK_SHOP");
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    assert_sql(t, "SELECT locale, count(*) FROM tree_content GROUP BY locale",
               "en-US|1\nid-ID|1\n");
    assert_sql(t, "SELECT count(*) FROM category", "8\n");
    /* what a target may is its own, and only the exceptions are rows */
    assert_sql(t,
               "SELECT s.target_id, s.commonest, p.category_id, p.permissions "
               "FROM snapshot s JOIN permission p ON p.target_id = s.target_id "
               "AND p.snapshot_id = s.id ORDER BY s.id",
               TARGET "|AVAILABLE|40|INVITE_ONLY\n"
                      "toko-b:v2:TIKTOK_SHOP|AVAILABLE|40|INVITE_ONLY\n");
    /* another region's tree is another marketplace's */
    tree.change.target.id = STR_LIT("toko-my");
    tree.change.region = STR_LIT("MY");
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    assert_sql(t, "SELECT region, count(*) FROM tree_content GROUP BY region",
               "ID|2\nMY|2\n");
}

static void only_the_locale_that_changed_is_kept_anew(void **state)
{
    struct store_test *t = *state;
    struct test_tree tree, renamed;
    int64_t id;

    tree_read(&tree, lines, lines);
    tree_read(&renamed, lines, "10 0 Mode\n20 10 Kaos*");
    assert_ok(tree_apply(t, &tree, 0, 1, &id), &t->err);
    assert_ok(tree_apply(t, &renamed, id, 2, &id), &t->err);
    assert_sql(t, "SELECT locale, count(*) FROM tree_content GROUP BY locale",
               "en-US|1\nid-ID|2\n");
}

/* A shop system signs its image addresses afresh each day. */
static void images_nobody_has_any_more_leave_no_rows(void **state)
{
    struct store_test *t = *state;
    struct product list[2] = {a_product("acme", "A"), a_product("acme", "B")};

    list[0].image_location = list[1].image_location =
        STR_LIT("https://cdn.example/kaos.jpg?signed=monday");
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, 2, 1, NULL, &t->err),
              &t->err);
    assert_sql(t, "SELECT file_name, products FROM product_image", "kaos.jpg|2\n");
    list[0].image_location = list[1].image_location =
        STR_LIT("https://cdn.example/kaos.jpg?signed=tuesday");
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, 1, 1, NULL, &t->err),
              &t->err);
    assert_sql(t, "SELECT file_name, products FROM product_image",
               "kaos.jpg|1\nkaos.jpg|1\n");
    assert_ok(t->s->ops->catalogue->put_products(t->s, list, 2, 1, NULL, &t->err),
              &t->err);
    assert_sql(t, "SELECT location, products FROM product_image",
               "https://cdn.example/kaos.jpg?signed=tuesday|2\n");
    assert_sql(t, "SELECT count(*) FROM local_image", "1\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, store_test_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sync_that_found_nothing_new_writes_one_row),
        TEST(an_import_again_writes_no_row),
        TEST(targets_told_the_same_share_their_rows),
        TEST(only_the_locale_that_changed_is_kept_anew),
        TEST(images_nobody_has_any_more_leave_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
