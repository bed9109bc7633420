#include "check.h"

#include "flows/due.h"
#include "people/password.h"
#include "people/session.h"
#include "people/throttle.h"

static void names_are_plain_words(void **state)
{
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"dewi", true},
        {"dewi.s@toko.example", true},
        {"9", true},
        {"", false},
        {".dewi", false},
        {"de wi", false},
        {"dewi\n", false},
        {"<dewi>", false},
        {"d\xc3\xa9wi", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if ((user_check_name(str_of(cases[i].name), NULL) == AISLE_OK) != cases[i].good)
            fail_msg("\"%s\"", cases[i].name);
    assert_int_equal(user_check_name(str_n("a\0b", 3), NULL), AISLE_INVALID);
}

static void roles_go_there_and_back(void **state)
{
    enum role role;

    (void)state;
    for (int r = ROLE_VIEWER; r <= ROLE_ADMIN; r++) {
        assert_true(role_parse(str_of(role_name((enum role)r)), &role));
        assert_int_equal(role, r);
    }
    assert_false(role_parse(STR_LIT("root"), &role));
    assert_int_equal(role_rights(ROLE_VIEWER), RIGHT_READ);
    assert_int_equal(role_rights(ROLE_ADMIN), RIGHT_ALL);
    assert_false(role_rights(ROLE_MAPPER) & RIGHT_ADMIN);
}

static void an_easy_password_is_not_taken(void **state)
{
    static const struct {
        const char *password;
        bool good;
    } cases[] = {
        {"correct horse", true},
        {"short", false},
        {"aaaaaaaaaaaa", false},
        {"dewi.sartika", false},
        {"DEWI.SARTIKA", false},
        {"\xe5\x90\x8d\xe5\x89\x8d", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        if ((password_check(str_of(cases[i].password), STR_LIT("dewi.sartika"), NULL) ==
             AISLE_OK) != cases[i].good)
            fail_msg("\"%s\"", cases[i].password);
}

static void a_password_is_known_by_its_hash_alone(void **state)
{
    char one[PASSWORD_HASH_LEN], two[PASSWORD_HASH_LEN];
    struct str password = STR_LIT("correct horse");

    (void)state;
    assert_int_equal(password_hash(password, one, NULL), AISLE_OK);
    assert_int_equal(password_hash(password, two, NULL), AISLE_OK);
    assert_true(str_starts(str_of(one), "$argon2id$"));
    assert_true(strcmp(one, two) != 0); /* each has a salt of its own */
    assert_true(password_is(str_of(one), password));
    assert_false(password_is(str_of(one), STR_LIT("correct horsf")));
    assert_false(password_is(STR_LIT(""), password));
    assert_false(password_is(STR_LIT("$argon2id$garbled"), password));
}

static void secrets_are_never_the_same(void **state)
{
    char one[SECRET_LEN + 1], two[SECRET_LEN + 1];

    (void)state;
    secret_new(rng_system(), one);
    secret_new(rng_system(), two);
    assert_int_equal(strlen(one), SECRET_LEN);
    assert_true(strcmp(one, two) != 0);
}

static void scopes_go_there_and_back(void **state)
{
    static const struct {
        const char *text, *same;
        unsigned rights; /* 0: refused */
    } cases[] = {
        {"read", "read", RIGHT_READ},
        {"edit,read", "read,edit", RIGHT_READ | RIGHT_EDIT},
        {"read,decide,edit,admin", "read,decide,edit,admin", RIGHT_ALL},
        {"", "", 0},
        {"write", "", 0},
        {"read,", "read", RIGHT_READ},
        {"read, edit", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[SCOPES_TEXT];
        unsigned rights = 0;

        scopes_parse(str_of(cases[i].text), &rights, NULL);
        if (rights != cases[i].rights)
            fail_msg("\"%s\": %u", cases[i].text, rights);
        scopes_format(rights, text);
        assert_string_equal(text, cases[i].same);
    }
}

static void a_token_ends_when_it_says(void **state)
{
    struct api_token t = {.expires_at = 100};

    (void)state;
    assert_true(api_token_is_good(&t, 99));
    assert_false(api_token_is_good(&t, 100));
    t.expires_at = 0;
    assert_true(api_token_is_good(&t, 1000000));
}

static void the_wait_doubles_has_an_end_and_is_forgotten(void **state)
{
    struct attempts a = {0};
    int64_t now = 1000, longest = 0;

    (void)state;
    for (int i = 0; i < THROTTLE_FREE_USER; i++) {
        assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now), 0);
        throttle_fail(&a, now);
    }
    assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now), 1);
    throttle_fail(&a, now);
    assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now), 2);
    assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now + 1), 1);
    assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now - 500), 2);
    for (int i = 0; i < 200; i++) {
        throttle_fail(&a, now);
        if (throttle_wait_s(&a, THROTTLE_FREE_USER, now) > longest)
            longest = throttle_wait_s(&a, THROTTLE_FREE_USER, now);
    }
    assert_int_equal(longest, THROTTLE_MOST_S);
    now += THROTTLE_FORGET_S;
    assert_int_equal(throttle_wait_s(&a, THROTTLE_FREE_USER, now), 0);
    throttle_fail(&a, now);
    assert_int_equal(a.failures, 1);
}

static void what_comes_round_is_due_after_its_interval_and_some(void **state)
{
    struct due d = {.name = STR_LIT("sync/toko-a"), .interval_s = 3600, .last_at = 10000};
    int64_t whole = due_in_s(&d, 10000);

    (void)state;
    assert_true(whole >= 3600 && whole <= 3960);
    assert_int_equal(due_in_s(&d, 10000 + whole), 0);
    assert_int_equal(due_in_s(&d, 10000 + whole - 1), 1);
    assert_int_equal(due_in_s(&d, 9990), whole); /* another's clock is a little ahead */
    assert_int_equal(due_in_s(&d, 5000), 0);     /* it was set back */
    assert_int_equal(due_in_s(&d, 10000000), 0);
    d.last_at = 0;
    assert_int_equal(due_in_s(&d, 10000), 0);
    d.interval_s = 0;
    assert_true(due_in_s(&d, 10000) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_plain_words),
        cmocka_unit_test(roles_go_there_and_back),
        cmocka_unit_test(an_easy_password_is_not_taken),
        cmocka_unit_test(a_password_is_known_by_its_hash_alone),
        cmocka_unit_test(secrets_are_never_the_same),
        cmocka_unit_test(scopes_go_there_and_back),
        cmocka_unit_test(a_token_ends_when_it_says),
        cmocka_unit_test(the_wait_doubles_has_an_end_and_is_forgotten),
        cmocka_unit_test(what_comes_round_is_due_after_its_interval_and_some),
    };

    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
