/* Whose a lease is, told by host, process and the namespace the process counts in. */
#include "check.h"

#include "flows/app.h"

#include <stdio.h>

static void told_by_process_and_namespace(void **state)
{
    struct buf own = BUF_INIT(BUF_MAX_LINE);
    struct str rest, host, pid, start, space;
    char other[400];
    (void)state;

    assert_int_equal(owner_format(&own, NULL), AISLE_OK);
    assert_false(owner_is_gone(buf_str(&own)));
    assert_false(owner_seems_gone(buf_str(&own)));
    rest = buf_str(&own);
    host = str_cut(&rest, '/');
    pid = str_cut(&rest, '/');
    start = str_cut(&rest, '/');
    space = rest;
    assert_true(space.n > 0);

    /* A process that began at another time had the number before. */
    snprintf(other, sizeof other, "%.*s/%.*s/1/%.*s/0a1b2c3d", STR_ARG(host),
             STR_ARG(pid), STR_ARG(space));
    assert_true(owner_is_gone(str_of(other)));

    /* What another container calls by that number cannot be seen from here. */
    snprintf(other, sizeof other, "%.*s/%.*s/1/77/0a1b2c3d", STR_ARG(host), STR_ARG(pid));
    assert_false(owner_is_gone(str_of(other)));
    assert_true(owner_seems_gone(str_of(other)));

    snprintf(other, sizeof other, "x%.*s/%.*s/%.*s/%.*s", STR_ARG(host), STR_ARG(pid),
             STR_ARG(start), STR_ARG(space));
    assert_false(owner_is_gone(str_of(other)));
    assert_false(owner_seems_gone(str_of(other)));
    assert_false(owner_is_gone(STR_LIT("")));
    assert_false(owner_is_gone(host));
    buf_clear(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(told_by_process_and_namespace)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
