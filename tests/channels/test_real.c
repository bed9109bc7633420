#include "data.h"

#include "channels/tiktok/wire.h"

/* Answers of the real Get Categories, where they are at hand. */

static struct buf unpacked(const char *folder, const char *file)
{
    char path[PATH_ROOM], command[PATH_ROOM + 32];
    struct buf out = BUF_INIT(BUF_MAX_REPLY);
    FILE *f;
    size_t n;

    data_path(path, folder, file);
    snprintf(command, sizeof command, "gzip -dc '%s'", path);
    f = popen(command, "r");
    assert_non_null(f);
    do {
        assert_true(buf_room(&out, 65536));
        n = fread(out.p + out.n, 1, 65536, f);
        out.n += n;
    } while (n > 0);
    assert_int_equal(pclose(f), 0);
    return out;
}

static void a_whole_tree_of_indonesia_is_read(void **state)
{
    struct buf text = unpacked("tiktok_tree_id/raw", "get_categories_2026-06-02.json.gz");
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct channel_meta meta = {0};
    struct channel_verdict verdict = {0};
    struct aisle_err err = {0};
    struct category_rows rows;
    struct taxonomy tree;
    struct tiktok_categories reading = {.arena = &arena};
    const struct tiktok_reader reader = tiktok_categories_reader(&reading);

    (void)state;
    assert_ok(tiktok_envelope_walk(buf_str(&text), 200, &reader, &meta, &verdict, &err),
              &err);
    assert_int_equal(verdict.status, AISLE_OK);
    assert_ok(tiktok_categories_take(&reading, STR_LIT("id-ID"), &rows, &err), &err);
    buf_clear(&text);

    assert_int_equal(rows.count, 2161);
    assert_str(rows.rows[0].id, "600001");
    assert_str(rows.rows[0].name, "Perlengkapan Rumah");
    assert_str(rows.rows[0].parent_id, "");
    assert_int_equal(rows.rows[0].permissions, PERMISSION_AVAILABLE);
    assert_ok(taxonomy_build(&arena, &rows, 1, NULL, NULL, &tree, &err), &err);
    assert_int_equal(tree.count, 2161);
    assert_int_equal(tree.root_count, 32);
    assert_int_equal(taxonomy_leaf_count(&tree), 1908);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_tree_of_indonesia_is_read),
    };

    if (!data_or_skip("tiktok_tree_id"))
        return 0;
    return cmocka_run_group_tests_name("channels: real", tests, NULL, NULL);
}
