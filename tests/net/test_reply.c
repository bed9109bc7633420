#include "check.h"

#include "net/net.h"

enum { NOW = 1700000000 }; /* Tue, 14 Nov 2023 22:13:20 GMT */

static void headers_are_found_by_name(void **state)
{
    struct net_reply r;

    (void)state;
    net_reply_init(&r);
    assert_str(net_reply_header(&r, "x"), "");
    buf_addz(&r.headers,
             "HTTP/1.1 200 OK\r\nX-A:  one \r\nx-b:two\r\nX-A: three\r\nX-C:\r\n");
    assert_str(net_reply_header(&r, "x-a"), "one");
    assert_str(net_reply_header(&r, "X-B"), "two");
    assert_str(net_reply_header(&r, "x-c"), "");
    assert_str(net_reply_header(&r, "x-"), "");
    assert_str(net_reply_header(&r, "HTTP/1.1 200 OK"), "");
    net_reply_clear(&r);
    net_reply_clear(&r);
}

static void retry_after_is_a_number_or_a_date(void **state)
{
    static const struct {
        const char *header;
        int want;
    } cases[] = {
        {"", 0},
        {"Retry-After: 7\r\n", 7},
        {"retry-after:0\r\n", 0},
        {"Retry-After: 86400\r\n", 86400},
        {"Retry-After: 86401\r\n", 86400},
        {"Retry-After: 99999999999999999999\r\n", 0},
        {"Retry-After: -5\r\n", 0},
        {"Retry-After: 1.5\r\n", 0},
        {"Retry-After: soon\r\n", 0},
        {"Retry-After: Tue, 14 Nov 2023 22:13:50 GMT\r\n", 30},
        {"Retry-After: Tuesday, 14-Nov-23 22:13:50 GMT\r\n", 30},
        {"Retry-After: Tue Nov 14 22:13:50 2023\r\n", 30},
        {"Retry-After: Tue, 14 Nov 2023 22:13:00 GMT\r\n", 0}, /* gone by */
        {"Retry-After: Tue, 14 Nov 2033 22:13:20 GMT\r\n", 86400},
    };
    struct clock_still clock;

    (void)state;
    clock_still_init(&clock, (int64_t)NOW * 1000);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct net_reply r;
        int got;

        net_reply_init(&r);
        buf_addz(&r.headers, cases[i].header);
        got = net_reply_retry_after_s(&r, &clock.clock);
        if (got != cases[i].want)
            fail_msg("%s: %d", cases[i].header, got);
        net_reply_clear(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_found_by_name),
        cmocka_unit_test(retry_after_is_a_number_or_a_date),
    };

    return cmocka_run_group_tests_name("net: reply", tests, NULL, NULL);
}
