#include "check.h"

#include "feeds/seen.h"

#include <stdio.h>

static struct str id_of(size_t n, char room[24])
{
    snprintf(room, 24, "SKU-%zu", n);
    return str_of(room);
}

/* More than a million rows, which is what a large seller has. */
static void an_id_is_known_again_however_many_came_between(void **state)
{
    enum { MANY = 1200000 };
    struct seen seen = {0};
    size_t line = 0;
    char room[24];

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(seen_note(&seen, id_of(i, room), i + 2, &line, NULL), AISLE_OK);
        assert_int_equal(line, 0);
    }
    for (size_t i = 0; i < MANY; i += 99991) {
        assert_int_equal(seen_note(&seen, id_of(i, room), MANY, &line, NULL), AISLE_OK);
        assert_int_equal(line, i + 2);
        assert_int_equal(seen_line(&seen, id_of(i, room)), i + 2);
    }
    assert_int_equal(seen_line(&seen, STR_LIT("SKU-none")), 0);
    seen_clear(&seen);
    seen_clear(&seen);
}

static enum aisle_status note_some(void *ctx, struct aisle_err *err)
{
    struct seen seen = {0};
    enum aisle_status status = AISLE_OK;
    size_t line;
    char room[24];

    (void)ctx;
    for (size_t i = 0; status == AISLE_OK && i < 2000; i++)
        status = seen_note(&seen, id_of(i, room), i, &line, err);
    seen_clear(&seen);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(note_some, NULL) >= 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_known_again_however_many_came_between),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("feeds: seen", tests, NULL, NULL);
}
