#include "check.h"

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = AISLE_OK; a <= AISLE_STOPPED; a++) {
        const char *name = aisle_status_name((enum aisle_status)a);

        assert_string_not_equal(name, "unknown");
        for (int b = AISLE_OK; b < a; b++)
            assert_string_not_equal(name, aisle_status_name((enum aisle_status)b));
    }
    assert_string_equal(aisle_status_name(AISLE_CONFLICT), "conflict");
    assert_string_equal(aisle_status_name((enum aisle_status)99), "unknown");
}

static void the_first_failure_is_kept(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    assert_int_equal(aisle_fail(&err, AISLE_BUSY, "shop %d is busy", 7), AISLE_BUSY);
    assert_int_equal(aisle_fail(&err, AISLE_IO, "and then the disk"), AISLE_IO);
    assert_int_equal(err.status, AISLE_BUSY);
    assert_string_equal(err.text, "shop 7 is busy");
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    assert_int_equal(aisle_fail(NULL, AISLE_IO, "x"), AISLE_IO);
    assert_int_equal(aisle_nomem(NULL), AISLE_NOMEM);
    aisle_note(NULL, "x");
}

static void a_note_adds_to_a_failure_and_to_nothing_else(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    aisle_note(&err, "while resting");
    assert_string_equal(err.text, "");
    aisle_fail(&err, AISLE_REFUSED, "no leaf");
    aisle_note(&err, "while mapping sku %s", "K-01");
    assert_string_equal(err.text, "no leaf, while mapping sku K-01");
}

static void a_long_text_is_cut_between_characters(void **state)
{
    static const struct {
        int filler; /* bytes of "a" before the last character */
        const char *last;
        bool kept;
    } cases[] = {
        {255, "", true},   {254, "é", false}, {253, "é", true},
        {253, "€", false}, {252, "€", true},  {252, "😀", false},
        {251, "😀", true},  {254, "€", false}, {254, "😀", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        size_t n;

        aisle_fail(&err, AISLE_IO, "%0*d%sbbbbbbbb", cases[i].filler, 0, cases[i].last);
        n = strlen(err.text);
        assert_int_equal(n < sizeof err.text, 1);
        if (cases[i].kept)
            assert_true(n == 255 && strstr(err.text, cases[i].last));
        else
            assert_int_equal(n, cases[i].filler);
    }
}

static void a_note_too_many_changes_nothing_before_it(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    aisle_fail(&err, AISLE_IO, "%0250d", 0);
    aisle_note(&err, "é€"); /* one byte too many for the second */
    assert_int_equal(strlen(err.text), 254);
    aisle_note(&err, "more");
    assert_int_equal(strlen(err.text), 254);
}

static void what_a_server_sent_stays_one_line(void **state)
{
    struct aisle_err err = {0};

    (void)state;
    aisle_fail(&err, AISLE_REFUSED, "a\r\nb\tc\x1b[31m\x7f");
    assert_string_equal(err.text, "a  b c [31m ");
}

static void a_failure_recorded_apart_is_handed_up_once(void **state)
{
    struct aisle_err why = {0}, later = {0}, err = {0};

    (void)state;
    aisle_fail(&why, AISLE_AUTH, "token expired");
    why.http_status = 401;
    aisle_fail(&later, AISLE_IO, "disk");
    aisle_pass(NULL, &why);
    aisle_pass(&err, &why);
    aisle_pass(&err, &later);
    assert_int_equal(err.status, AISLE_AUTH);
    assert_int_equal(err.http_status, 401);
    assert_string_equal(err.text, "token expired");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(the_first_failure_is_kept),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(a_note_adds_to_a_failure_and_to_nothing_else),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(a_note_too_many_changes_nothing_before_it),
        cmocka_unit_test(what_a_server_sent_stays_one_line),
        cmocka_unit_test(a_failure_recorded_apart_is_handed_up_once),
    };

    return cmocka_run_group_tests_name("base: status", tests, NULL, NULL);
}
