#include "check.h"

#include "net/net.h"

static void urls_are_taken_apart(void **state)
{
    static const struct {
        const char *url;
        const char *host; /* NULL: it is none */
        const char *path;
        bool https, loopback;
    } cases[] = {
        {"https://open-api.tiktokglobalshop.com/product", "open-api.tiktokglobalshop.com",
         "/product", true, false},
        {"HTTP://Shop.Example", "Shop.Example", "", false, false},
        {"http://127.0.0.1:8080/a?b#c", "127.0.0.1:8080", "/a?b", false, true},
        {"http://127.9.9.9", "127.9.9.9", "", false, true},
        {"http://localhost?x", "localhost", "?x", false, true},
        {"http://LOCALHOST:1/", "LOCALHOST:1", "/", false, true},
        {"https://[::1]:8443/", "[::1]:8443", "/", true, true},
        {"http://[::ffff:127.0.0.1]/", "[::ffff:127.0.0.1]", "/", false, false},
        {"http://[2001:db8::1]/", "[2001:db8::1]", "/", false, false},
        {"http://a.example/ b\xc3\xa9", "a.example", "/ b\xc3\xa9", false, false},
        {"http://caf\xc3\xa9.example/", "caf\xc3\xa9.example", "/", false, false},
        {"http://localhost.evil.example/", "localhost.evil.example", "/", false, false},
        {"http://127.0.0.1.evil.example/", "127.0.0.1.evil.example", "/", false, false},
        {"http://127.1/", "127.1", "/", false, false},
        {"http://0x7f000001/", "0x7f000001", "/", false, false},
        {"http://128.0.0.1/", "128.0.0.1", "/", false, false},
        {"http://a.example:65535/", "a.example:65535", "/", false, false},

        {"", NULL, NULL, false, false},
        {"http://", NULL, NULL, false, false},
        {"http:///path", NULL, NULL, false, false},
        {"//a.example/", NULL, NULL, false, false},
        {"ftp://a.example/", NULL, NULL, false, false},
        {"file:///etc/passwd", NULL, NULL, false, false},
        {"http:a.example", NULL, NULL, false, false},
        {"http://user@a.example/", NULL, NULL, false, false},
        {"https://open-api.tiktokglobalshop.com@evil.example/", NULL, NULL, false, false},
        {"https://evil.example\\@open-api.tiktokglobalshop.com/", NULL, NULL, false,
         false},
        {"http://127.0.0.1%2f@evil.example/", NULL, NULL, false, false},
        {"http://127.0.0.1 .evil.example/", NULL, NULL, false, false},
        {"http://a.example:0/", NULL, NULL, false, false},
        {"http://a.example:65536/", NULL, NULL, false, false},
        {"http://a.example:80x/", NULL, NULL, false, false},
        {"http://a.example:/", NULL, NULL, false, false},
        {"http://[::1/", NULL, NULL, false, false},
        {"http://[::1]x/", NULL, NULL, false, false},
        {"http://[fe80::1%25eth0]/", NULL, NULL, false, false},
        {"http://[localhost]/", NULL, NULL, false, false},
        {"http://a.example/\r\nHost: b", NULL, NULL, false, false},
        {"http://a.example/\x7f", NULL, NULL, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str host = STR_LIT("unset"), path = STR_LIT("unset");
        bool https = false,
             is = net_url_split(str_of(cases[i].url), &https, &host, &path);

        if (is != (cases[i].host != NULL))
            fail_msg("%s", cases[i].url);
        assert_text(cases[i].url, host, is ? cases[i].host : "unset");
        assert_text(cases[i].url, path, is ? cases[i].path : "unset");
        assert_int_equal(https, cases[i].https);
        if (net_url_is_loopback(str_of(cases[i].url)) != cases[i].loopback)
            fail_msg("loopback: %s", cases[i].url);
    }
}

static void a_nul_ends_nothing(void **state)
{
    struct str host, path, url = STR_LIT("http://localhost\0.evil.example/");
    bool https;

    (void)state;
    assert_false(net_url_split(url, &https, &host, &path));
    assert_false(net_url_is_loopback(url));
}

static void hosts_alone_are_judged_too(void **state)
{
    (void)state;
    assert_true(net_url_is_loopback(STR_LIT("localhost:8080")));
    assert_true(net_url_is_loopback(STR_LIT("[::1]")));
    assert_true(net_url_is_loopback(STR_LIT("127.0.0.1")));
    assert_false(net_url_is_loopback(STR_LIT("10.0.0.1")));
    assert_false(net_url_is_loopback(STR_LIT("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_are_taken_apart),
        cmocka_unit_test(a_nul_ends_nothing),
        cmocka_unit_test(hosts_alone_are_judged_too),
    };

    return cmocka_run_group_tests_name("net: url", tests, NULL, NULL);
}
