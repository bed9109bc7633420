/* Numbers in a locale with another decimal point: ps_AF writes "٫", de_DE a comma. They
 * are made while configuring (tests/base/meson.build); where that was not possible this
 * is skipped. */
#include "check.h"

#include "base/json.h"

#include <locale.h>
#include <stdio.h>

static void check_numbers(void)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);
    json_t *value = NULL;
    double n = 0;

    assert_true(parse_double(STR_LIT("1.5"), 0, 2, &n) && n == 1.5);
    assert_false(parse_double(STR_LIT("1,5"), 0, 2, &n));
    json_put_num(&(struct json_out){.buf = &b}, -1234.5);
    assert_text("written", buf_str(&b), "-1234.5");
    assert_ok(json_read(STR_LIT("[1.25]"), 100, "test", &value, NULL), NULL);
    assert_true(json_number_value(json_array_get(value, 0)) == 1.25);
    json_decref(value);
    buf_clear(&b);
}

static void numbers_are_the_same_in(const char *name)
{
    char here[16];

    if (!setlocale(LC_ALL, name)) {
        print_message("no locale %s here\n", name);
        skip();
    }
    snprintf(here, sizeof here, "%.1f", 1.5);
    assert_string_not_equal(here, "1.5");
    check_numbers();
    snprintf(here, sizeof here, "%.1f", 1.5);
    assert_string_not_equal(here, "1.5"); /* and the locale is as it was */
    setlocale(LC_ALL, "C");
}

static void numbers_are_the_same_with_a_decimal_comma(void **state)
{
    (void)state;
    numbers_are_the_same_in("de_DE.UTF-8");
}

static void numbers_are_the_same_with_a_decimal_sign_of_two_bytes(void **state)
{
    (void)state;
    numbers_are_the_same_in("ps_AF.UTF-8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_same_with_a_decimal_comma),
        cmocka_unit_test(numbers_are_the_same_with_a_decimal_sign_of_two_bytes),
    };

    return cmocka_run_group_tests_name("base: locale", tests, NULL, NULL);
}
