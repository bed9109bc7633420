#include "check.h"

#include <math.h>

static void comparing(void **state)
{
    struct str none = {0};

    (void)state;
    assert_true(str_eq(none, STR_LIT("")));
    assert_false(str_eq(STR_LIT("a"), STR_LIT("b")));
    assert_false(str_eq(STR_LIT("a"), STR_LIT("ab")));
    assert_true(str_is(none, ""));
    assert_true(str_is(none, NULL));
    assert_true(str_cmp(STR_LIT("10"), STR_LIT("9")) < 0);
    assert_true(str_cmp(STR_LIT("a"), STR_LIT("ab")) < 0);
    assert_true(str_cmp(STR_LIT("\xff"), STR_LIT("a")) > 0);
    assert_true(str_cmp(none, STR_LIT("")) == 0);
    assert_true(str_eq_nocase(STR_LIT("Name_1"), STR_LIT("nAME_1")));
    assert_false(str_eq_nocase(STR_LIT("["), STR_LIT("{")));
    assert_false(str_eq_nocase(STR_LIT("a"), STR_LIT("ab")));
    assert_true(str_starts(STR_LIT("kaos"), "ka"));
    assert_true(str_starts(none, ""));
    assert_false(str_starts(STR_LIT("k"), "ka"));
    assert_true(str_ends(STR_LIT("kaos"), "os"));
    assert_false(str_ends(STR_LIT("s"), "os"));
    assert_false(str_ends(STR_LIT("kaos"), "ka"));
}

static void finding(void **state)
{
    struct str none = {0};

    (void)state;
    assert_int_equal(str_find_char(STR_LIT("a/b/c"), '/'), 1);
    assert_int_equal(str_find_char(STR_LIT("abc"), '/'), 3);
    assert_int_equal(str_find_char(none, 'x'), 0);
    assert_int_equal(str_find(STR_LIT("abcabd"), STR_LIT("abd")), 3);
    assert_int_equal(str_find(STR_LIT("abc"), STR_LIT("abd")), 3);
    assert_int_equal(str_find(STR_LIT("abc"), none), 0);
    assert_int_equal(str_find(none, STR_LIT("a")), 0);
}

static void cutting_up(void **state)
{
    struct str path = STR_LIT("a//b"), none = {0};

    (void)state;
    assert_text("cut", str_cut(&path, '/'), "a");
    assert_text("cut", str_cut(&path, '/'), "");
    assert_text("cut", str_cut(&path, '/'), "b");
    assert_text("cut", str_cut(&path, '/'), "");
    assert_true(str_empty(str_cut(&none, '/')));
    assert_text("skip", str_skip(STR_LIT("abc"), 2), "c");
    assert_text("skip", str_skip(STR_LIT("abc"), 9), "");
    assert_text("skip", str_skip(none, 9), "");
    assert_text("head", str_head(STR_LIT("abc"), 2), "ab");
    assert_text("head", str_head(STR_LIT("abc"), 9), "abc");
    assert_text("trim", str_trim(STR_LIT("\t a b \r\n")), "a b");
    assert_text("trim", str_trim(STR_LIT(" \n ")), "");
    assert_text("trim", str_trim(none), "");
}

/* Kept in files, so it may never change: the values of FNV-1a's own test suite. */
static void the_hash_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(str_hash(STR_LIT("")) == 0xcbf29ce484222325u);
    assert_true(str_hash(STR_LIT("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(str_hash(STR_LIT("foobar")) == 0x85944171f73967e8u);
}

static void whole_numbers(void **state)
{
    static const struct {
        const char *text;
        int64_t min, max;
        bool ok;
        int64_t want;
    } cases[] = {
        {"0", INT64_MIN, INT64_MAX, true, 0},
        {"-0", INT64_MIN, INT64_MAX, true, 0},
        {"007", INT64_MIN, INT64_MAX, true, 7},
        {"-12", INT64_MIN, INT64_MAX, true, -12},
        {"9223372036854775807", INT64_MIN, INT64_MAX, true, INT64_MAX},
        {"-9223372036854775808", INT64_MIN, INT64_MAX, true, INT64_MIN},
        {"9223372036854775808", INT64_MIN, INT64_MAX, false, 0},
        {"-9223372036854775809", INT64_MIN, INT64_MAX, false, 0},
        {"18446744073709551616", INT64_MIN, INT64_MAX, false, 0},
        {"99999999999999999999999", INT64_MIN, INT64_MAX, false, 0},
        {"5", 0, 5, true, 5},
        {"6", 0, 5, false, 0},
        {"-1", 0, 5, false, 0},
        {"", INT64_MIN, INT64_MAX, false, 0},
        {"-", INT64_MIN, INT64_MAX, false, 0},
        {"--1", INT64_MIN, INT64_MAX, false, 0},
        {"+1", INT64_MIN, INT64_MAX, false, 0},
        {" 1", INT64_MIN, INT64_MAX, false, 0},
        {"1 ", INT64_MIN, INT64_MAX, false, 0},
        {"1.0", INT64_MIN, INT64_MAX, false, 0},
        {"0x10", INT64_MIN, INT64_MAX, false, 0},
        {"1e3", INT64_MIN, INT64_MAX, false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t n = 42;
        bool ok = parse_i64(str_of(cases[i].text), cases[i].min, cases[i].max, &n);

        if (ok != cases[i].ok || n != (ok ? cases[i].want : 42))
            fail_msg("\"%s\" gives %d, %lld", cases[i].text, ok, (long long)n);
    }
}

static void whole_numbers_without_sign(void **state)
{
    uint64_t n = 42;

    (void)state;
    assert_true(parse_u64(STR_LIT("18446744073709551615"), UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    n = 42;
    assert_false(parse_u64(STR_LIT("18446744073709551616"), UINT64_MAX, &n));
    assert_false(parse_u64(STR_LIT("-1"), UINT64_MAX, &n));
    assert_false(parse_u64(STR_LIT("11"), 10, &n));
    assert_false(parse_u64((struct str){0}, 10, &n));
    assert_true(n == 42);
}

static void decimal_numbers(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        double want;
    } cases[] = {
        {"0", true, 0},
        {"1.5", true, 1.5},
        {"-1.5e3", true, -1500},
        {"+2", true, 2},
        {".5", true, .5},
        {"5.", true, 5},
        {"1E-2", true, .01},
        {"0.1", true, .1},
        {"1e-400", true, 0},
        {"123456789012345678901234567890", true, 123456789012345678901234567890.0},
        {"1e400", false, 0},
        {"", false, 0},
        {".", false, 0},
        {"-", false, 0},
        {"e5", false, 0},
        {"1e", false, 0},
        {"1e+", false, 0},
        {"1,5", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"inf", false, 0},
        {"nan", false, 0},
        {"0x1p3", false, 0},
        {"1.2.3", false, 0},
        {"2e9", false, 0}, /* past the range asked for below */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        double n = 42, most = str_is(str_of(cases[i].text), "2e9") ? 1e9 : HUGE_VAL;
        bool ok = parse_double(str_of(cases[i].text), -HUGE_VAL, most, &n);

        if (ok != cases[i].ok || n != (ok ? cases[i].want : 42))
            fail_msg("\"%s\" gives %d, %g", cases[i].text, ok, n);
    }
}

static void a_number_may_be_long_but_not_endless(void **state)
{
    char digits[PARSE_DOUBLE_MAX + 1];
    double n = 42;

    (void)state;
    memset(digits, '0', sizeof digits);
    digits[1] = '.';
    assert_true(parse_double(str_n(digits, PARSE_DOUBLE_MAX), 0, 1, &n));
    assert_false(parse_double(str_n(digits, PARSE_DOUBLE_MAX + 1), 0, 1, &n));
}

static void yes_and_no(void **state)
{
    static const char *const yes[] = {"true", "YES", "On", "1"};
    static const char *const no[] = {"false", "No", "OFF", "0"};
    static const char *const neither[] = {"", "y", "2", "true ", "tru"};
    bool b;

    (void)state;
    for (size_t i = 0; i < COUNT(yes); i++)
        assert_true(parse_bool(str_of(yes[i]), &b) && b);
    for (size_t i = 0; i < COUNT(no); i++)
        assert_true(parse_bool(str_of(no[i]), &b) && !b);
    for (size_t i = 0; i < COUNT(neither); i++)
        assert_false(parse_bool(str_of(neither[i]), &b));
}

static void durations(void **state)
{
    static const struct {
        const char *text;
        int64_t want; /* -1: refused */
    } cases[] = {
        {"90s", 90},
        {"15m", 900},
        {"12h", 43200},
        {"7d", 604800},
        {"45", 45},
        {"0", 0},
        {"106751991167300d", 106751991167300 * 86400},
        {"106751991167301d", -1},
        {"9223372036854775807s", INT64_MAX},
        {"", -1},
        {"s", -1},
        {"-5s", -1},
        {"5 s", -1},
        {"1h30m", -1},
        {"5w", -1},
        {"1.5h", -1},
        {"5S", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t n = -1;
        bool ok = parse_duration_s(str_of(cases[i].text), &n);

        if (ok != (cases[i].want >= 0) || n != cases[i].want)
            fail_msg("\"%s\" gives %lld", cases[i].text, (long long)n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing),
        cmocka_unit_test(finding),
        cmocka_unit_test(cutting_up),
        cmocka_unit_test(the_hash_is_fnv_1a),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(whole_numbers_without_sign),
        cmocka_unit_test(decimal_numbers),
        cmocka_unit_test(a_number_may_be_long_but_not_endless),
        cmocka_unit_test(yes_and_no),
        cmocka_unit_test(durations),
    };

    return cmocka_run_group_tests_name("base: str", tests, NULL, NULL);
}
