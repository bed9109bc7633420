/* Targets by their written form, and digests that tell trees apart and orders not. */
#include "rows.h"

#include "taxonomy/snapshot.h"

static const struct {
    const char *text;
    bool valid;
    const char *shop, *version, *platform;
} target_cases[] = {
    {"toko-a", true, "toko-a", "", ""},
    {"toko-a:v2", true, "toko-a", "v2", ""},
    {"toko-a:v2:TOKOPEDIA", true, "toko-a", "v2", "TOKOPEDIA"},
    {"toko_b:v1:TIKTOK_SHOP", true, "toko_b", "v1", "TIKTOK_SHOP"},
    {"toko-a::TOKOPEDIA", true, "toko-a", "", "TOKOPEDIA"},
    {"", false, NULL, NULL, NULL},
    {":v2", false, NULL, NULL, NULL},
    {"toko-a:", false, NULL, NULL, NULL},
    {"toko-a:v2:", false, NULL, NULL, NULL},
    {"toko-a:v2:TOKOPEDIA:ID", false, NULL, NULL, NULL},
    {"toko a:v2", false, NULL, NULL, NULL},
    {"toko-a:v2:T\xc3\xb6ko", false, NULL, NULL, NULL},
};

static void targets_come_apart_and_together(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);

    (void)state;
    for (size_t i = 0; i < COUNT(target_cases); i++) {
        struct target t;
        struct aisle_err err = {0};
        enum aisle_status status = target_parse(str_of(target_cases[i].text), &t, &err);

        if (!target_cases[i].valid) {
            assert_int_equal(status, AISLE_INVALID);
            assert_non_null(strstr(err.text, "SHOP:VERSION:PLATFORM"));
            continue;
        }
        assert_int_equal(status, AISLE_OK);
        assert_str(t.id, target_cases[i].text);
        assert_str(t.shop_id, target_cases[i].shop);
        assert_str(t.version, target_cases[i].version);
        assert_str(t.platform, target_cases[i].platform);
        assert_str(target_format(&arena, t.shop_id, t.version, t.platform),
                   target_cases[i].text);
    }
    arena_clear(&arena);
}

static struct tree_digests digests_of(const struct category_rows *per_locale,
                                      size_t count)
{
    struct tree_digests out;
    struct aisle_err err = {0};

    assert_ok(taxonomy_digest(per_locale, count, &out, &err), &err);
    return out;
}

enum about { CONTENT, PERMISSIONS };

static bool same_digest(enum about about, const char *locale_a, const char *a,
                        const char *locale_b, const char *b)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows left = rows_read(&arena, locale_a, a);
    struct category_rows right = rows_read(&arena, locale_b, b);
    struct tree_digests one = digests_of(&left, 1), two = digests_of(&right, 1);
    bool locales = memcmp(&one.locales[0], &two.locales[0], SHA256_LEN) == 0;
    bool content = memcmp(&one.content, &two.content, SHA256_LEN) == 0;

    assert_int_equal(locales, content);
    arena_clear(&arena);
    if (about == CONTENT)
        return content;
    return memcmp(&one.permissions, &two.permissions, SHA256_LEN) == 0;
}

static const struct {
    const char *says, *a, *b;
    bool same;
} row_cases[] = {
    {"the same rows", "1< A\n2<1 B*\n", "1< A\n2<1 B*\n", true},
    {"in another order", "1< A\n2<1 B*\n3<1 C*\n", "3<1 C*\n1< A\n2<1 B*\n", true},
    {"0 is no parent", "1< A*\n", "1<0 A*\n", true},
    {"permissions are another matter", "1< A*\n", "1< A*!PROHIBITED\n", true},
    {"an id twice, in either order", "1< A*\n1< B*\n", "1< B*\n1< A*\n", true},
    {"another name", "1< A*\n", "1< B*\n", false},
    {"another parent", "1< A\n2<1 B*\n", "1< A\n2< B*\n", false},
    {"another leaf flag", "1< A*\n", "1< A\n", false},
    {"a row more", "1< A*\n", "1< A*\n2< B*\n", false},
    {"text may not run over", "12<3 A*\n", "1<23 A*\n", false},
    {"not even with figures in names", "1< 2:B*\n", "1<2 :B*\n", false},
    {"nothing and something", "", "1< A*\n", false},
};

static void digests_tell_contents_apart_and_orders_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(row_cases); i++)
        if (same_digest(CONTENT, "en-US", row_cases[i].a, "en-US", row_cases[i].b) !=
            row_cases[i].same)
            fail_msg("%s", row_cases[i].says);
    assert_false(same_digest(CONTENT, "en-US", "1< A*\n", "id-ID", "1< A*\n"));
}

static void permissions_have_a_digest_of_their_own(void **state)
{
    (void)state;
    assert_true(same_digest(PERMISSIONS, "en-US", "1< A*!AVAILABLE\n2< B*!PROHIBITED\n",
                            "id-ID", "2< X!PROHIBITED\n1<2 Y*!AVAILABLE\n"));
    assert_false(same_digest(PERMISSIONS, "en-US", "1< A*!AVAILABLE\n2< B*!PROHIBITED\n",
                             "en-US", "1< A*!PROHIBITED\n2< B*!AVAILABLE\n"));
}

static void all_locales_count_in_their_order(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows en = rows_read(&arena, "en-US", "1< A*\n");
    struct category_rows id = rows_read(&arena, "id-ID", "1< B*\n");
    const struct category_rows forth[] = {en, id}, back[] = {id, en};
    struct tree_digests a = digests_of(forth, 2), b = digests_of(back, 2),
                        c = digests_of(forth, 1);

    (void)state;
    assert_memory_not_equal(&a.content, &b.content, SHA256_LEN);
    assert_memory_not_equal(&a.content, &c.content, SHA256_LEN);
    assert_memory_equal(&a.locales[0], &b.locales[1], SHA256_LEN);
    assert_memory_equal(&a.locales[1], &b.locales[0], SHA256_LEN);
    arena_clear(&arena);
}

/* More rows than fit one piece of what is digested at a time. */
static void a_large_tree_has_the_digest_of_its_rows(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    enum { MANY = 5000 };
    struct category_row *rows = arena_zalloc(&arena, MANY, sizeof *rows);
    struct category_rows all = {STR_LIT("en-US"), rows, MANY};
    struct tree_digests forth, back, other;

    (void)state;
    for (size_t i = 0; i < MANY; i++)
        rows[i] = (struct category_row){.id = arena_fmt(&arena, "%zu", 100000 + i),
                                        .name = arena_fmt(&arena, "Category %zu", i)};
    forth = digests_of(&all, 1);
    for (size_t i = 0; i < MANY / 2; i++) {
        struct category_row swap = rows[i];

        rows[i] = rows[MANY - 1 - i];
        rows[MANY - 1 - i] = swap;
    }
    back = digests_of(&all, 1);
    assert_memory_equal(&forth.content, &back.content, SHA256_LEN);
    rows[MANY / 2].leaf = true;
    other = digests_of(&all, 1);
    assert_memory_not_equal(&forth.content, &other.content, SHA256_LEN);
    arena_clear(&arena);
}

/* What is in stores already: were the digests to change, the next sync would keep every
 * tree once more. */
static void digests_stay_what_they_are(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows rows =
        rows_read(&arena, "id-ID",
                  "600001< Perlengkapan Rumah\n1234567890<600001 Kaos*!AVAILABLE\n");
    struct tree_digests found = digests_of(&rows, 1);
    char hex[SHA256_HEX_LEN + 1];

    (void)state;
    sha256_hex(&found.content, hex);
    assert_string_equal(
        hex, "4c5d9458f40e36dc5523676a2ab8870e2fe20e2477292c464e2d81bac224a765");
    sha256_hex(&found.permissions, hex);
    assert_string_equal(
        hex, "6b6410704712472b593bb3ad3feb12e24997430598bc88a7ca37152746aebd28");
    arena_clear(&arena);
}

static void a_tree_is_in_one_locale_at_least(void **state)
{
    struct tree_digests out;
    struct aisle_err err = {0};

    (void)state;
    assert_status(taxonomy_digest(NULL, 0, &out, &err), AISLE_LIMIT, &err);
}

static enum aisle_status hash_once(void *ctx, struct aisle_err *err)
{
    struct tree_digests out;

    return taxonomy_digest(ctx, 2, &out, err);
}

static void digests_survive_running_out_of_memory(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct category_rows rows[] = {rows_read(&arena, "en-US", "1< A\n2<1 B*\n"),
                                   rows_read(&arena, "id-ID", "1< A\n2<1 B*\n")};

    (void)state;
    each_allocation_failing(hash_once, rows);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_come_apart_and_together),
        cmocka_unit_test(digests_tell_contents_apart_and_orders_not),
        cmocka_unit_test(permissions_have_a_digest_of_their_own),
        cmocka_unit_test(all_locales_count_in_their_order),
        cmocka_unit_test(a_large_tree_has_the_digest_of_its_rows),
        cmocka_unit_test(digests_stay_what_they_are),
        cmocka_unit_test(a_tree_is_in_one_locale_at_least),
        cmocka_unit_test(digests_survive_running_out_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
