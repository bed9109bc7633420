#include "check.h"

#include "base/buf.h"

#include <jansson.h>

static void text_is_always_nul_terminated(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    assert_text("nothing yet", buf_str(&b), "");
    for (int i = 0; i < 300; i++) {
        buf_addc(&b, 'x');
        assert_int_equal(strlen(b.p), b.n);
    }
    buf_reset(&b);
    assert_int_equal(b.n, 0);
    assert_string_equal(b.p, "");
    buf_addf(&b, "%d %s", 7, "kaos");
    buf_addz(&b, NULL);
    buf_add(&b, (struct str){0});
    assert_string_equal(b.p, "7 kaos");
    buf_clear(&b);
    buf_clear(&b);
    assert_null(b.p);
    assert_int_equal(b.max, BUF_MAX_LINE);
}

static void the_ceiling_can_be_reached_but_not_passed(void **state)
{
    struct buf b = BUF_INIT(1000);

    (void)state;
    for (int i = 0; i < 1000; i++)
        buf_addc(&b, 'x');
    assert_ok(buf_check(&b, "it", NULL), NULL);
    assert_true(b.cap <= 1001);
    buf_addc(&b, 'x');
    assert_int_equal(b.failed, AISLE_LIMIT);
    assert_int_equal(b.n, 1000);
    buf_clear(&b);
}

static void after_a_failure_nothing_more_is_added(void **state)
{
    struct buf b = BUF_INIT(4);

    (void)state;
    buf_addz(&b, "ab");
    buf_addz(&b, "cde");
    buf_addz(&b, "c");
    buf_addf(&b, "%d", 1);
    assert_text("as it was", buf_str(&b), "ab");
    assert_null(buf_take(&b));
    assert_int_equal(b.failed, AISLE_OK);
    buf_addf(&b, "%s", "abcde");
    assert_string_equal(b.p, ""); /* no piece of a format */
    assert_int_equal(b.failed, AISLE_LIMIT);
    buf_reset(&b);
    buf_addz(&b, "abcd");
    assert_text("forgotten", buf_str(&b), "abcd");
    buf_clear(&b);
}

static void the_failure_names_thing_and_ceiling(void **state)
{
    static const struct {
        size_t max;
        const char *want;
    } cases[] = {
        {0, "reply is over 0 bytes"},          {1000, "reply is over 1000 bytes"},
        {2048, "reply is over 2 KiB"},         {BUF_MAX_REPLY, "reply is over 64 MiB"},
        {BUF_MAX_FILE, "reply is over 1 GiB"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BUF_INIT(cases[i].max);
        struct aisle_err err = {0};

        assert_false(buf_room(&b, cases[i].max + 1));
        assert_int_equal(buf_check(&b, "reply", &err), AISLE_LIMIT);
        assert_string_equal(err.text, cases[i].want);
        buf_clear(&b);
    }
}

static void a_boundless_buffer_still_knows_what_a_size_is(void **state)
{
    struct buf b = BUF_INIT(SIZE_MAX);

    (void)state;
    buf_addz(&b, "x");
    assert_false(buf_room(&b, SIZE_MAX - 1));
    assert_int_equal(b.failed, AISLE_LIMIT);
    buf_clear(&b);
}

static void what_is_taken_is_the_takers(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);
    char *text;

    (void)state;
    text = buf_take(&b);
    assert_string_equal(text, "");
    mem_free(text);
    buf_addz(&b, "kaos");
    text = buf_take(&b);
    assert_string_equal(text, "kaos");
    assert_null(b.p);
    mem_free(text);
}

typedef void escape_fn(struct buf *b, struct str s);

static void html(struct buf *b, struct str s)
{
    buf_html(b, s);
}

static void hex(struct buf *b, struct str s)
{
    buf_hex(b, s.p, s.n);
}

static void base64(struct buf *b, struct str s)
{
    buf_base64(b, s.p, s.n);
}

static void texts_are_escaped_for_where_they_go(void **state)
{
    static const struct {
        escape_fn *escape;
        const char *text;
        const char *want;
    } cases[] = {
        {buf_url, "AZaz09-._~", "AZaz09-._~"},
        {buf_url, "a b+c/d?e=f&g%", "a%20b%2Bc%2Fd%3Fe%3Df%26g%25"},
        {buf_url, "é", "%C3%A9"},
        {html, "<a href=\"x\">'&'</a>",
         "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"},
        {html, "kaos é", "kaos é"},
        {buf_json, "", "\"\""},
        {buf_json, "kaos é 日本 😀", "\"kaos é 日本 😀\""},
        {buf_json, "\"\\/\b\f\n\r\t\x01\x1f\x7f",
         "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\""},
        {buf_json,
         "a\xff"
         "b",
         "\"a\xEF\xBF\xBD"
         "b\""},
        {buf_json, "\xc3", "\"\xEF\xBF\xBD\""},
        {buf_json, "\xc0\xaf", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {buf_json, "\xed\xa0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {buf_json, "\xEF\xBF\xBD", "\"\xEF\xBF\xBD\""},
        {buf_tsv, "a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e"},
        {buf_tsv, "kaos", "kaos"},
        {buf_csv, "kaos pria", "kaos pria"},
        {buf_csv, "a,b", "\"a,b\""},
        {buf_csv, "say \"hi\"", "\"say \"\"hi\"\"\""},
        {buf_csv, "a\nb", "\"a\nb\""},
        {buf_csv, "a\rb", "\"a\rb\""},
        {buf_csv, "", ""},
        {buf_csv, "=1+1", "'=1+1"},
        {buf_csv, "=1,2", "\"'=1,2\""},
        {buf_csv, "+cmd|x", "'+cmd|x"},
        {buf_csv, "@SUM(A1)", "'@SUM(A1)"},
        {buf_csv, "-x", "'-x"},
        {buf_csv, "\t=1", "'\t=1"},
        {buf_csv, "-12.5", "-12.5"},
        {buf_csv, "+6281234567890", "+6281234567890"},
        {buf_csv, "-1e5", "-1e5"},
        {buf_csv, "-", "'-"},
        {buf_csv, "a=1", "a=1"},
        {hex, "\x01\xab\xff", "01abff"},
        {base64, "", ""},
        {base64, "f", "Zg=="},
        {base64, "fo", "Zm8="},
        {base64, "foo", "Zm9v"},
        {base64, "foob", "Zm9vYg=="},
        {base64, "\xff\xff\xfe", "///+"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);

        cases[i].escape(&b, str_of(cases[i].text));
        assert_text(cases[i].text, buf_str(&b), cases[i].want);
        buf_clear(&b);
    }
}

static void a_nul_inside_is_text_like_any_other(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    buf_url(&b, str_n("a\0b", 3));
    buf_json(&b, str_n("a\0b", 3));
    buf_csv(&b, str_n("\0,", 2));
    assert_true(str_eq(buf_str(&b), STR_LIT("a%00b\"a\\u0000b\"\"\0,\"")));
    buf_clear(&b);
}

/* Any bytes at all become JSON that another reader takes. */
static void json_of_any_bytes_is_json(void **state)
{
    uint32_t random = 1;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);
        char bytes[12];
        json_t *value;

        for (size_t i = 0; i < sizeof bytes; i++) {
            random = random * 1664525 + 1013904223;
            bytes[i] = (char)(random >> 24 ? random >> 24 : 1);
        }
        buf_json(&b, str_n(bytes, (size_t)round % (sizeof bytes + 1)));
        value = json_loadb(b.p, b.n, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        json_decref(value);
        buf_clear(&b);
    }
}

static enum aisle_status build_text(void *ctx, struct aisle_err *err)
{
    struct buf b = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status;
    char *text;

    (void)ctx;
    for (int i = 0; i < 200; i++) {
        buf_addf(&b, "%d %s", i, "a format of some length, so that it grows by itself");
        buf_json(&b, STR_LIT("\"\xff\""));
        buf_csv(&b, STR_LIT("=\","));
        buf_url(&b, STR_LIT("&=?"));
        buf_base64(&b, "abcd", 4);
    }
    status = buf_check(&b, "text", err);
    if (status == AISLE_OK) {
        text = buf_take(&b);
        assert_int_equal(strncmp(text, "0 a format", 10), 0);
        mem_free(text);
    }
    buf_clear(&b);
    return status;
}

static void without_memory_a_buffer_says_so_at_the_end(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(build_text, NULL) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_always_nul_terminated),
        cmocka_unit_test(the_ceiling_can_be_reached_but_not_passed),
        cmocka_unit_test(after_a_failure_nothing_more_is_added),
        cmocka_unit_test(the_failure_names_thing_and_ceiling),
        cmocka_unit_test(a_boundless_buffer_still_knows_what_a_size_is),
        cmocka_unit_test(what_is_taken_is_the_takers),
        cmocka_unit_test(texts_are_escaped_for_where_they_go),
        cmocka_unit_test(a_nul_inside_is_text_like_any_other),
        cmocka_unit_test(json_of_any_bytes_is_json),
        cmocka_unit_test(without_memory_a_buffer_says_so_at_the_end),
    };

    return cmocka_run_group_tests_name("base: buf", tests, NULL, NULL);
}
