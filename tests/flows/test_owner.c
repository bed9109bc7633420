/* Whose a lease is, told by host, process and the namespace the process counts in. */
#include "check.h"

#include "flows/app.h"
#include "flows/lease.h"

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

static void work_in_the_way_is_told_in_words(void **state)
{
    static const struct {
        const char *kind, *what, *says;
    } rows[] = {
        {"map", "t:v2:TIKTOK_SHOP",
         "mapping onto t:v2:TIKTOK_SHOP is under way in process"},
        {"sync", "t:v2:TIKTOK_SHOP",
         "a sync of t:v2:TIKTOK_SHOP is under way in process"},
        {"keys", "toko-a", "the token of toko-a is being refreshed in process"},
        {"other", "toko-a", "work on toko-a is under way in process"},
    };
    const struct app_settings set = {.store = STR_LIT("memory:")};
    struct app app = {0};

    (void)state;
    assert_int_equal(app_open(&set, &app, NULL), AISLE_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct lease first, second;
        struct aisle_err err = {0}, lost = {0};
        struct str host = app.owner, pid;
        char want[400];

        host = str_cut(&host, '/');
        pid = str_skip(app.owner, host.n + 1);
        pid = str_cut(&pid, '/');
        snprintf(want, sizeof want,
                 "%s %.*s on %.*s: let it end, or stop it (aisle job list)", rows[i].says,
                 STR_ARG(pid), STR_ARG(host));
        assert_int_equal(
            lease_take(&app, &first, rows[i].kind, str_of(rows[i].what), 60, NULL),
            AISLE_OK);
        assert_int_equal(
            lease_take(&app, &second, rows[i].kind, str_of(rows[i].what), 60, &err),
            AISLE_CONFLICT);
        assert_string_equal(err.text, want);
        assert_int_equal(lease_renew(&app, &second, 60, &lost), AISLE_CONFLICT);
        assert_string_equal(lost.text, want);
        lease_give_back(&app, &first);
    }
    app_close(&app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_by_process_and_namespace),
        cmocka_unit_test(work_in_the_way_is_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
