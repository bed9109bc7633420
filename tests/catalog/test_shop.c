/* Keys of a shop: there and back, and gone when wiped. */
#include "check.h"

#include "base/json.h"
#include "catalog/shop.h"

static const struct shop_keys keys = {
    .app_secret = STR_INIT("app \"quoted\""),
    .access_token = STR_INIT("ROW_access"),
    .refresh_token = STR_INIT("ROW_refresh"),
    .cipher = STR_INIT("ROW_cipher"),
    .access_expires_at = 1795294736,
    .refresh_expires_at = 1900000000,
    .scopes = STR_INIT("seller.product.basic,seller.product.write"),
};

static void keys_come_back_as_they_went(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct shop_keys back;

    (void)state;
    shop_keys_format(&keys, &text);
    assert_int_equal(shop_keys_parse(buf_str(&text), &arena, &back, NULL), AISLE_OK);
    assert_true(str_eq(back.app_secret, keys.app_secret));
    assert_true(str_eq(back.access_token, keys.access_token));
    assert_true(str_eq(back.refresh_token, keys.refresh_token));
    assert_true(str_eq(back.cipher, keys.cipher));
    assert_true(str_eq(back.scopes, keys.scopes));
    assert_int_equal(back.access_expires_at, keys.access_expires_at);
    assert_int_equal(back.refresh_expires_at, keys.refresh_expires_at);
    buf_clear(&text);
    arena_clear(&arena);
}

static void keys_that_are_absent_stay_absent(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct shop_keys back;

    (void)state;
    shop_keys_format(&(struct shop_keys){0}, &text);
    assert_str(buf_str(&text), "{}");
    assert_int_equal(shop_keys_parse(buf_str(&text), &arena, &back, NULL), AISLE_OK);
    assert_true(str_empty(back.access_token));
    assert_int_equal(back.access_expires_at, 0);
    buf_clear(&text);
    arena_clear(&arena);
}

static void what_is_no_keys_is_garbled_and_not_quoted(void **state)
{
    static const char *const cases[] = {"", "ROW_secret", "[\"ROW_secret\"]",
                                        "{\"access_token\":\"ROW_secret"};
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct shop_keys back;
        struct aisle_err err = {0};

        assert_int_equal(shop_keys_parse(str_of(cases[i]), &arena, &back, &err),
                         AISLE_GARBLED);
        assert_null(strstr(err.text, "ROW_"));
    }
    arena_clear(&arena);
}

static void wiped_keys_are_gone_from_memory(void **state)
{
    char secret[] = "ROW_secret", token[] = "ROW_token";
    const char nothing[sizeof secret] = {0};
    struct shop_keys own = {.app_secret = str_of(secret), .access_token = str_of(token)};

    (void)state;
    shop_keys_wipe(&own);
    assert_memory_equal(secret, nothing, sizeof secret);
    assert_memory_equal(token, nothing, sizeof token);
    assert_true(str_empty(own.app_secret));
    shop_keys_wipe(&own);
}

/* Growing a buffer copies it, and the old place would keep the secret. */
static void formatting_keys_never_moves_them(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    mem_fail_at(2); /* there may be one allocation */
    shop_keys_format(&keys, &text);
    mem_fail_at(0);
    assert_int_equal(text.failed, AISLE_OK);
    buf_clear(&text);
}

static enum aisle_status there_and_back(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct shop_keys back;
    enum aisle_status status;

    (void)ctx;
    shop_keys_format(&keys, &text);
    status = buf_check(&text, "keys", err);
    if (status == AISLE_OK)
        status = shop_keys_parse(buf_str(&text), &arena, &back, err);
    buf_clear(&text);
    arena_clear(&arena);
    return status;
}

static void keys_survive_running_out_of_memory(void **state)
{
    (void)state;
    each_allocation_failing(there_and_back, NULL);
}

static const struct {
    const char *word;
    bool valid;
} word_cases[] = {
    {"toko-a", true},
    {"a", true},
    {"0", true},
    {"my_shop-2", true},
    {"abcdefghijklmnopqrstuvwxyz01234567890123", true},
    {"abcdefghijklmnopqrstuvwxyz012345678901234", false},
    {"", false},
    {"-a", false},
    {"_a", false},
    {"Toko", false},
    {"toko a", false},
    {"toko/a", false},
    {"toko:a", false},
    {"tok\xc3\xb6", false},
};

static void short_words_are_fit_for_ids(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(word_cases); i++)
        if (short_word_valid(str_of(word_cases[i].word)) != word_cases[i].valid)
            fail_msg("\"%s\"", word_cases[i].word);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_back_as_they_went),
        cmocka_unit_test(keys_that_are_absent_stay_absent),
        cmocka_unit_test(what_is_no_keys_is_garbled_and_not_quoted),
        cmocka_unit_test(wiped_keys_are_gone_from_memory),
        cmocka_unit_test(formatting_keys_never_moves_them),
        cmocka_unit_test(keys_survive_running_out_of_memory),
        cmocka_unit_test(short_words_are_fit_for_ids),
    };

    json_set_alloc_funcs(mem_alloc, mem_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
