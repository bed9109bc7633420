#include "check.h"

#include "base/json.h"
#include "base/json_walk.h"

enum { MOST = 4096 };

static enum aisle_status walk_over(struct str text, size_t max, struct aisle_err *err)
{
    struct json_walk w;

    json_walk_begin(&w, text, max, "reply");
    json_walk_skip(&w);
    return json_walk_end(&w, err);
}

static void what_cannot_be_read_is_said_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum aisle_status status;
        const char *says;
    } cases[] = {
        {"", AISLE_GARBLED, "reply is empty"},
        {" \n", AISLE_GARBLED, "reply is empty"},
        {"\xEF\xBB\xBF", AISLE_GARBLED, "reply is empty"},
        {"<html>", AISLE_GARBLED, "neither { nor [, line 1 column 1"},
        {"\"text\"", AISLE_GARBLED, "neither { nor [, line 1 column 1"},
        {"{\"a\":1", AISLE_GARBLED, "no end, line 1 column 7"},
        {"[1", AISLE_GARBLED, "no end, line 1 column 3"},
        {"{\n\"a\": tru\n}", AISLE_GARBLED,
         "neither true nor false nor null, line 2 column 6"},
        {"[nul]", AISLE_GARBLED, "line 1 column 2"},
        {"{\"a\":1} x", AISLE_GARBLED, "where it should end, line 1 column 9"},
        {"[1 2]", AISLE_GARBLED, "comma is missing, line 1 column 4"},
        {"[1,]", AISLE_GARBLED, "value is missing, line 1 column 4"},
        {"[,1]", AISLE_GARBLED, "value is missing, line 1 column 2"},
        {"{,}", AISLE_GARBLED, "name of a member is missing, line 1 column 2"},
        {"{\"a\":1,}", AISLE_GARBLED, "name of a member is missing, line 1 column 8"},
        {"{a:1}", AISLE_GARBLED, "name of a member is missing, line 1 column 2"},
        {"{\"a\" 1}", AISLE_GARBLED, "colon is missing, line 1 column 6"},
        {"{\"a\":}", AISLE_GARBLED, "value is missing, line 1 column 6"},
        {"[1}", AISLE_GARBLED, "comma is missing, line 1 column 3"},
        {"[01]", AISLE_GARBLED, "comma is missing, line 1 column 3"},
        {"[-]", AISLE_GARBLED, "not whole, line 1 column 3"},
        {"[1.]", AISLE_GARBLED, "not whole, line 1 column 4"},
        {"[1e+]", AISLE_GARBLED, "not whole, line 1 column 5"},
        {"[.5]", AISLE_GARBLED, "value is missing, line 1 column 2"},
        {"[+1]", AISLE_GARBLED, "value is missing, line 1 column 2"},
        {"[NaN]", AISLE_GARBLED, "value is missing, line 1 column 2"},
        {"{\"a\":\n9223372036854775808}", AISLE_GARBLED, "too big, line 2 column 1"},
        {"[-9223372036854775809]", AISLE_GARBLED, "too big, line 1 column 2"},
        {"[1e999]", AISLE_GARBLED, "too big, line 1 column 2"},
        {"[\"", AISLE_GARBLED, "text has no end, line 1 column 3"},
        {"[\"a\nb\"]", AISLE_GARBLED, "control character in it, line 1 column 4"},
        {"[\"\xff\"]", AISLE_GARBLED, "not UTF-8, line 1 column 3"},
        {"[\"\xc3\"]", AISLE_GARBLED, "not UTF-8, line 1 column 3"},
        {"[\"\xc0\x80\"]", AISLE_GARBLED, "not UTF-8, line 1 column 3"},
        {"[\"\xed\xa0\x80\"]", AISLE_GARBLED, "not UTF-8, line 1 column 3"},
        {"[\"\\x\"]", AISLE_GARBLED, "escape that means nothing, line 1 column 5"},
        {"[\"\\", AISLE_GARBLED, "escape that means nothing, line 1 column 4"},
        {"[\"\\u12", AISLE_GARBLED, "escape that means nothing"},
        {"[\"\\u0000\"]", AISLE_GARBLED, "escape that means nothing"},
        {"[\"\\ud800\"]", AISLE_GARBLED, "escape that means nothing"},
        {"[\"\\udc00\"]", AISLE_GARBLED, "escape that means nothing"},
        {"[\"\\ud800\\u0041\"]", AISLE_GARBLED, "escape that means nothing"},
        {"{\"\xff\":1}", AISLE_GARBLED, "not UTF-8, line 1 column 3"},
        {"[\"0123456789012345678901234567890123456789\"]", AISLE_LIMIT,
         "reply has 44 bytes, more than the 40 allowed"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        json_t *value = NULL;

        assert_status(walk_over(str_of(cases[i].text), 40, &err), cases[i].status, &err);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, err.text, cases[i].says);
        /* nor does the other reader take it */
        assert_int_not_equal(json_read(str_of(cases[i].text), 40, "reply", &value, NULL),
                             AISLE_OK);
    }
}

static void a_secret_near_a_mistake_is_not_quoted(void **state)
{
    static const char *const cases[] = {
        "{\"access_token\":\"S3CR3T\" \"x\"}",
        "{\"access_token\":\"S3CR3T",
        "{\"access_token\":S3CR3T}",
        "{S3CR3T}",
        "S3CR3T",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};

        assert_int_equal(walk_over(str_of(cases[i]), MOST, &err), AISLE_GARBLED);
        if (strstr(err.text, "S3CR3T"))
            fail_msg("%s", err.text);
    }
}

static void what_the_other_reader_takes_is_taken(void **state)
{
    static const char *const cases[] = {
        "{}",
        " [ ] \r\n",
        "\xEF\xBB\xBF {\"a\":1,\"a\":2}",
        "[[],{},[{}],\t{\"a\" : [ ] } ]",
        "[0,-0,1,-1,9223372036854775807,-9223372036854775808]",
        "[0.0,-0.5,1e5,1E-5,1.25e+2,1e-999]",
        "[true,false,null]",
        "[\"\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\",\"\x7f\xc3\xa9\"]",
        "{\"\":0,\"\\u0061\":1}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        json_t *value = NULL;

        assert_ok(walk_over(str_of(cases[i]), MOST, &err), &err);
        assert_ok(json_read(str_of(cases[i]), MOST, "reply", &value, &err), &err);
        json_decref(value);
    }
}

static void lists(struct buf *out, size_t depth, const char *within)
{
    buf_reset(out);
    for (size_t i = 0; i < depth; i++)
        buf_addc(out, '[');
    buf_addz(out, within);
    for (size_t i = 0; i < depth; i++)
        buf_addc(out, ']');
}

static void a_deep_document_is_refused_not_followed(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};

    (void)state;
    lists(&text, JSON_WALK_DEPTH - 1, "1");
    assert_ok(walk_over(buf_str(&text), BUF_MAX_REQUEST, &err), &err);
    lists(&text, JSON_WALK_DEPTH, "");
    assert_ok(walk_over(buf_str(&text), BUF_MAX_REQUEST, &err), &err);
    lists(&text, JSON_WALK_DEPTH, "1");
    assert_status(walk_over(buf_str(&text), BUF_MAX_REQUEST, &err), AISLE_LIMIT, &err);
    lists(&text, 1000000, "");
    assert_int_equal(walk_over(buf_str(&text), BUF_MAX_REQUEST, &err), AISLE_LIMIT);
    assert_string_equal(err.text, "reply is nested too deep, line 1 column 2049");
    buf_clear(&text);
}

/* Each member's key and value as one of the functions takes it. */
typedef void put_fn(struct json_walk *w, struct buf *out);

static void put_str(struct json_walk *w, struct buf *out)
{
    buf_add(out, json_walk_str(w));
}

static void put_word(struct json_walk *w, struct buf *out)
{
    buf_add(out, json_walk_word(w));
}

static void put_flags(struct json_walk *w, struct buf *out)
{
    struct json_walk again = *w;

    buf_addf(out, "%d%d", json_walk_flag(&again, false), json_walk_flag(w, true));
}

static void put_whole(struct json_walk *w, struct buf *out)
{
    buf_add(out, json_walk_skip(w));
}

static void put_members(const char *text, put_fn *put, struct buf *out)
{
    struct aisle_err err = {0};
    struct json_walk w;
    struct str key;

    json_walk_begin(&w, str_of(text), MOST, "reply");
    json_walk_open(&w);
    while (json_walk_member(&w, &key)) {
        buf_add(out, key);
        buf_addc(out, '=');
        put(&w, out);
        buf_addc(out, ';');
    }
    assert_ok(json_walk_end(&w, &err), &err);
}

static void values_are_taken_by_what_they_are(void **state)
{
    static const char members[] =
        "{\"s\":\"kaos\", \"n\" : 12,\"big\":576486316948490000,\"zero\":-0,\"r\":1.5,"
        "\"t\":true,\"f\":false,\"z\":null,\"l\":[1, {\"x\":2} ] ,\"o\":{},\"one\":1,"
        "\"st\":\"true\",\"\\u0065\":\"\\u00e9\\n\"\n}";
    static const struct {
        const char *says;
        put_fn *put;
        const char *want;
    } cases[] = {
        {"str", put_str,
         "s=kaos;n=;big=;zero=;r=;t=;f=;z=;l=;o=;one=;st=true;e=\xc3\xa9\n;"},
        {"word", put_word,
         "s=kaos;n=12;big=576486316948490000;zero=0;r=;t=;f=;z=;l=;o=;one=1;st=true;"
         "e=\xc3\xa9\n;"},
        {"flag", put_flags,
         "s=01;n=01;big=01;zero=00;r=01;t=11;f=00;z=01;l=01;o=01;one=11;st=11;e=01;"},
        {"skip", put_whole,
         "s=\"kaos\";n=12;big=576486316948490000;zero=-0;r=1.5;t=true;f=false;z=null;"
         "l=[1, {\"x\":2} ];o={};one=1;st=\"true\";e=\"\\u00e9\\n\";"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got = BUF_INIT(MOST);

        put_members(members, cases[i].put, &got);
        assert_text(cases[i].says, buf_str(&got), cases[i].want);
        buf_clear(&got);
    }
}

static void lists_are_walked_and_may_be_left(void **state)
{
    struct aisle_err err = {0};
    struct json_walk w;
    struct str key;
    size_t seen = 0;

    (void)state;
    json_walk_begin(&w, STR_LIT("[[1,2],[],[3]]"), MOST, "reply");
    json_walk_open(&w);
    while (json_walk_item(&w)) {
        assert_int_equal(json_walk_kind(&w), JSON_WALK_LIST);
        json_walk_open(&w);
        for (; json_walk_item(&w); seen++) {
            assert_int_equal(json_walk_kind(&w), JSON_WALK_NUMBER);
            json_walk_skip(&w);
        }
    }
    assert_int_equal(seen, 3);
    assert_ok(json_walk_end(&w, &err), &err);

    json_walk_begin(&w, STR_LIT("[{\"a\":[1,[2]],\"b\":3},4]"), MOST, "reply");
    json_walk_open(&w);
    assert_true(json_walk_item(&w));
    json_walk_open(&w);
    assert_true(json_walk_member(&w, &key));
    json_walk_open(&w);
    assert_true(json_walk_item(&w));
    json_walk_leave(&w, 1); /* the item not taken, the member not ended */
    assert_true(json_walk_item(&w));
    assert_str(json_walk_word(&w), "4");
    assert_false(json_walk_item(&w));
    assert_ok(json_walk_end(&w, &err), &err);

    json_walk_begin(&w, STR_LIT("[1,2]"), MOST, "reply");
    json_walk_open(&w);
    assert_true(json_walk_item(&w));
    json_walk_skip(&w);
    assert_int_equal(json_walk_end(&w, NULL), AISLE_GARBLED); /* not to its end */
}

/* A text is looked at sixteen bytes at a time: what ends it, or may not be in it, is
 * found wherever it stands. */
static void a_text_is_passed_whatever_its_length(void **state)
{
    (void)state;
    for (size_t n = 0; n < 50; n++)
        for (size_t at = 0; at < n; at++) {
            char text[64] = "[\"", odd[] = {'\x1f', '\x80', '"', '\\', '\0'};

            memset(text + 2, '~', n);
            memcpy(text + 2 + n, "\"]", 2);
            assert_ok(walk_over(str_n(text, n + 4), MOST, NULL), NULL);
            for (size_t i = 0; i < sizeof odd; i++) {
                text[2 + at] = odd[i];
                assert_int_equal(walk_over(str_n(text, n + 4), MOST, NULL),
                                 AISLE_GARBLED);
            }
            memcpy(text + 2 + at, "\x7f", 1);
            assert_ok(walk_over(str_n(text, n + 4), MOST, NULL), NULL);
        }
}

static void a_mistake_ends_every_loop(void **state)
{
    struct aisle_err err = {0};
    struct json_walk w;
    struct str key;
    size_t seen = 0;

    (void)state;
    json_walk_begin(&w, STR_LIT("{\"a\":[1,2,x"), MOST, "reply");
    json_walk_open(&w);
    while (json_walk_member(&w, &key)) {
        json_walk_open(&w);
        for (; json_walk_item(&w); seen++)
            json_walk_skip(&w);
    }
    assert_int_equal(seen, 2);
    assert_int_equal(json_walk_kind(&w), JSON_WALK_NONE);
    json_walk_open(&w);
    assert_false(json_walk_item(&w));
    assert_str(json_walk_str(&w), "");
    assert_str(json_walk_skip(&w), "");
    assert_true(json_walk_flag(&w, true));
    assert_status(json_walk_end(&w, &err), AISLE_GARBLED, &err);
    assert_string_equal(err.text, "reply is no JSON we can read: a value is missing, "
                                  "line 1 column 11");
}

static enum aisle_status walk_escapes(void *ctx, struct aisle_err *err)
{
    struct json_walk w;
    struct str key;
    bool right = true;

    (void)ctx;
    json_walk_begin(&w, STR_LIT("{\"\\u0061\":\"\\u0062\"}"), MOST, "reply");
    json_walk_open(&w);
    while (json_walk_member(&w, &key))
        right = str_is(key, "a") && str_is(json_walk_str(&w), "b");
    if (w.status == AISLE_OK)
        assert_true(right);
    return json_walk_end(&w, err);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(walk_escapes, NULL) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_said_with_its_place),
        cmocka_unit_test(a_secret_near_a_mistake_is_not_quoted),
        cmocka_unit_test(what_the_other_reader_takes_is_taken),
        cmocka_unit_test(a_deep_document_is_refused_not_followed),
        cmocka_unit_test(values_are_taken_by_what_they_are),
        cmocka_unit_test(lists_are_walked_and_may_be_left),
        cmocka_unit_test(a_text_is_passed_whatever_its_length),
        cmocka_unit_test(a_mistake_ends_every_loop),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("base: JSON as it goes by", tests, NULL, NULL);
}
