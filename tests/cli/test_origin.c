#include "check.h"

#include "cli/origin.h"

static const struct {
    const char *url, *origin, *why;
} rows[] = {
    {"https://aisle.example", "https://aisle.example", ""},
    {"https://aisle.example/", "https://aisle.example", ""},
    {"https://aisle.example//", "https://aisle.example", ""},
    {"HTTPS://Aisle.Example", "https://aisle.example", ""},
    {"https://aisle.example:443", "https://aisle.example", ""},
    {"https://aisle.example:8443/", "https://aisle.example:8443", ""},
    {"https://aisle.example:", "https://aisle.example", ""},
    {"http://10.0.0.7:80", "http://10.0.0.7", ""},
    {"http://10.0.0.7:443", "http://10.0.0.7:443", ""},
    {"http://[FE80::1]:8080", "http://[fe80::1]:8080", ""},
    {"http://[::1]", "http://[::1]", ""},
    {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example", ""},
    {"", "", "begins with https://"},
    {"aisle.example", "", "begins with https://"},
    {"aisle.example:8080", "", "begins with https://"},
    {"//aisle.example", "", "begins with https://"},
    {"ftp://aisle.example", "", "begins with https://"},
    {"https:/aisle.example", "", "begins with https://"},
    {"https://aisle.example/shop", "", "has no path"},
    {"https://aisle.example/shop/", "", "has no path"},
    {"https://aisle.example/?a", "", "has no path"},
    {"https://aisle.example?a", "", "has a name"},
    {"https://aisle.example#a", "", "has a name"},
    {"https://ana@aisle.example", "", "names no user"},
    {"https://ana:word@aisle.example", "", "names no user"},
    {"https://", "", "has a name"},
    {"https:///", "", "has a name"},
    {"https://:443", "", "has a name"},
    {"https://[]", "", "has a name"},
    {"https://[::1", "", "has a name"},
    {"https://::1", "", "has a name"},
    {"https://aisle example", "", "has a name"},
    {"https://aisle.example\r\nX: y", "", "has a name"},
    {"https://b\xc3\xbc"
     "cher.example",
     "", "has a name"},
    {"https://*.example", "", "has a name"},
    {"https://aisle.example:0", "", "has a port"},
    {"https://aisle.example:65536", "", "has a port"},
    {"https://aisle.example:x", "", "has a port"},
    {"https://aisle.example:80:80", "", "has a port"},
};

static void an_address_is_written_as_browsers_do_or_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena arena = ARENA_INIT(4096);
        struct str origin = STR_LIT("");
        const char *why = origin_read(str_of(rows[i].url), &arena, &origin);

        assert_text(rows[i].url, origin, rows[i].origin);
        assert_text(rows[i].url, str_head(str_of(why ? why : ""), strlen(rows[i].why)),
                    rows[i].why);
        assert_int_equal(why != NULL, *rows[i].why != '\0');
        arena_clear(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_written_as_browsers_do_or_refused_with_the_reason),
    };

    return cmocka_run_group_tests_name("cli: origin", tests, NULL, NULL);
}
