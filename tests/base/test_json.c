#include "check.h"

#include "base/clock.h"
#include "base/json.h"

#include <math.h>

static json_t *read_ok(const char *text)
{
    struct aisle_err err = {0};
    json_t *value = NULL;

    assert_ok(json_read(str_of(text), BUF_MAX_REPLY, "test", &value, &err), &err);
    return value;
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
        {"<html>", AISLE_GARBLED, "line 1 column 1"},
        {"{\"a\":1", AISLE_GARBLED, "line 1 column 6"},
        {"{\n\"a\": tru\n}", AISLE_GARBLED, "line 2 column 8"},
        {"{\"a\":1} x", AISLE_GARBLED, "line 1 column 9"},
        {"\"text\"", AISLE_GARBLED, "line 1"},
        {"{\"a\":\n9223372036854775808}", AISLE_GARBLED,
         "too big integer, line 2 column 19"},
        {"{\"a\":1e999}", AISLE_GARBLED, "line 1 column 10"},
        {"{\"a\":NaN}", AISLE_GARBLED, "line 1"},
        {"{\"a\":\"\xff\"}", AISLE_GARBLED, "line 1"},
        {"{\"a\":\"\\u0000\"}", AISLE_GARBLED, "a NUL (\\u0000) in a text, line 1"},
        {"{\"a\":\"\\ud800\"}", AISLE_GARBLED, "line 1"},
        {"[1,]", AISLE_GARBLED, "line 1 column 4"},
        {"[\"0123456789012345678901234567890123456789\"]", AISLE_LIMIT,
         "reply has 44 bytes, more than the 40 allowed"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        json_t *value = NULL;

        assert_status(json_read(str_of(cases[i].text), 40, "reply", &value, &err),
                      cases[i].status, &err);
        assert_null(value);
        if (!strstr(err.text, cases[i].says))
            fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].text, err.text, cases[i].says);
    }
}

static void a_secret_near_a_mistake_is_not_quoted(void **state)
{
    static const char *const cases[] = {
        "{\"access_token\":\"S3CR3T\" \"x\"}",
        "{\"access_token\":\"S3CR3T",
        "{\"access_token\":\"S3CR3T\n\"}",
        "{\"access_token\":S3CR3T}",
        "S3CR3T",
        "{S3CR3T}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        json_t *value;

        assert_int_equal(json_read(str_of(cases[i]), 1000, "reply", &value, &err),
                         AISLE_GARBLED);
        if (strstr(err.text, "S3CR3T"))
            fail_msg("%s", err.text);
    }
}

static void a_deep_document_is_refused_not_followed(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};
    json_t *value = NULL;

    (void)state;
    for (int i = 0; i < 2000; i++)
        buf_addc(&text, '[');
    for (int i = 0; i < 2000; i++)
        buf_addc(&text, ']');
    assert_ok(json_read(buf_str(&text), BUF_MAX_REQUEST, "reply", &value, &err), &err);
    json_decref(value);
    buf_reset(&text);
    for (int i = 0; i < 1000000; i++)
        buf_addc(&text, '[');
    assert_status(json_read(buf_str(&text), BUF_MAX_REQUEST, "reply", &value, &err),
                  AISLE_LIMIT, &err);
    assert_non_null(strstr(err.text, "reply is nested too deep, line 1 column 20"));
    buf_clear(&text);
}

static void tolerances(void **state)
{
    json_t *value = read_ok("\xEF\xBB\xBF {\"a\":1,\"a\":2}\r\n");

    (void)state;
    assert_int_equal(json_int(value, "a", 0), 2);
    json_decref(value);
}

static void an_order_says_each_field_once(void **state)
{
    static const char *const twice[] = {"{\"a\":1,\n\"b\":2,\"a\":2}",
                                        "{\"l\":[{\"a\":1,\n\"\\u0062\":2,\"b\":2}]}"};
    json_t *value = NULL;
    struct aisle_err err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(twice); i++) {
        err = (struct aisle_err){0};
        assert_status(json_read_strict(str_of(twice[i]), 100, "the body", &value, &err),
                      AISLE_GARBLED, &err);
        if (!strstr(err.text, "the body says a field twice: the second ends at line 2 "))
            fail_msg("%s", err.text);
    }
    err = (struct aisle_err){0};
    assert_ok(
        json_read_strict(STR_LIT("[{\"a\":1},{\"a\":1}]"), 100, "the body", &value, &err),
        &err);
    json_decref(value);
}

static void getters_take_what_is_there_or_nothing(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    json_t *v =
        read_ok("{\"s\":\"kaos\",\"n\":12,\"big\":576486316948490000,\"neg\":-3,"
                "\"r\":1.5,\"t\":true,\"f\":false,\"z\":null,\"l\":[1],\"o\":{},"
                "\"sn\":\"12\",\"sr\":\"1.5\",\"st\":\"true\",\"one\":1,\"e\":\"\"}");

    (void)state;
    assert_text("str", json_str(v, "s"), "kaos");
    assert_text("str of a number", json_str(v, "n"), "");
    assert_text("str absent", json_str(v, "absent"), "");
    assert_text("text of text", json_text(v, "s", &arena), "kaos");
    assert_text("text of a number", json_text(v, "big", &arena), "576486316948490000");
    assert_text("text below 0", json_text(v, "neg", &arena), "-3");
    assert_text("text of a real", json_text(v, "r", &arena), "");
    assert_non_null(json_text(v, "absent", &arena).p);
    assert_int_equal(json_int(v, "n", -1), 12);
    assert_int_equal(json_int(v, "sn", -1), 12);
    assert_int_equal(json_int(v, "sr", -1), -1);
    assert_int_equal(json_int(v, "r", -1), -1);
    assert_int_equal(json_int(v, "z", -1), -1);
    assert_true(json_num(v, "r", -1) == 1.5);
    assert_true(json_num(v, "n", -1) == 12);
    assert_true(json_num(v, "sr", -1) == 1.5);
    assert_true(json_num(v, "s", -1) == -1);
    assert_true(json_flag(v, "t", false));
    assert_false(json_flag(v, "f", true));
    assert_true(json_flag(v, "st", false));
    assert_true(json_flag(v, "one", false));
    assert_true(json_flag(v, "n", true)); /* 12 is neither */
    assert_false(json_flag(v, "n", false));
    assert_true(json_flag(v, "absent", true));
    assert_non_null(json_at(v, "o"));
    assert_null(json_at(v, "z"));
    assert_null(json_at(v, "absent"));
    assert_non_null(json_list(v, "l"));
    assert_null(json_list(v, "o"));
    assert_text("of no object", json_str(NULL, "s"), "");
    assert_int_equal(json_int(json_list(v, "l"), "s", 7), 7);
    json_decref(v);
    arena_clear(&arena);
}

static void keys_can_be_found_whatever_their_case(void **state)
{
    json_t *v = read_ok("{\"NAME\":\"loud\",\"name\":\"exact\",\"Child\":[],"
                        "\"id\":null,\"ID\":\"7\"}");

    (void)state;
    assert_text("exact", json_value_str(json_at_nocase(v, "name")), "exact");
    assert_text("loud", json_value_str(json_at_nocase(v, "NAME")), "loud");
    assert_non_null(json_at_nocase(v, "Name"));
    assert_true(json_is_array(json_at_nocase(v, "child")));
    assert_text("null gives way", json_value_str(json_at_nocase(v, "id")), "7");
    assert_null(json_at_nocase(v, "absent"));
    assert_null(json_at_nocase(NULL, "name"));
    json_decref(v);
}

static void what_is_needed_and_not_there_is_named(void **state)
{
    static const struct {
        const char *key;
        const char *as_text, *as_list;
    } cases[] = {
        {"absent", "data: absent is missing, not text",
         "data: absent is missing, not a list"},
        {"z", "data: z is null, not text", "data: z is null, not a list"},
        {"n", "data: n is a number, not text", "data: n is a number, not a list"},
        {"t", "data: t is true or false, not text",
         "data: t is true or false, not a list"},
        {"o", "data: o is an object, not text", "data: o is an object, not a list"},
        {"l", "data: l is a list, not text", NULL},
        {"s", NULL, "data: s is text, not a list"},
    };
    json_t *v =
        read_ok("{\"z\":null,\"n\":1.5,\"t\":false,\"o\":{},\"l\":[],\"s\":\"\"}");

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err text = {0}, list = {0};
        struct str s = STR_LIT("as before");
        const json_t *l = v;

        assert_status(json_need_str(v, cases[i].key, "data", &s, &text),
                      cases[i].as_text ? AISLE_GARBLED : AISLE_OK, &text);
        assert_status(json_need_list(v, cases[i].key, "data", &l, &list),
                      cases[i].as_list ? AISLE_GARBLED : AISLE_OK, &list);
        assert_string_equal(text.text, cases[i].as_text ? cases[i].as_text : "");
        assert_string_equal(list.text, cases[i].as_list ? cases[i].as_list : "");
        assert_text(cases[i].key, s, cases[i].as_text ? "as before" : "");
        assert_true((l == v) == (cases[i].as_list != NULL));
    }
    json_decref(v);
}

static void write_sample(struct json_out *o)
{
    json_open(o);
    json_add_str(o, "name", STR_LIT("Kaos \"P\"\xff"));
    json_add_int(o, "id", INT64_MIN);
    json_key(o, "list");
    json_open_list(o);
    json_put_bool(o, true);
    json_put_null(o);
    json_open(o);
    json_close(o);
    json_open_list(o);
    json_close_list(o);
    json_put_raw(o, STR_LIT("[7]"));
    json_close_list(o);
    json_add_num(o, "sure", 0.1);
    json_add_bool(o, "leaf", false);
    json_close(o);
}

static void the_writer_puts_commas_where_they_belong(void **state)
{
    struct buf b = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    write_sample(&(struct json_out){.buf = &b});
    assert_text("compact", buf_str(&b),
                "{\"name\":\"Kaos \\\"P\\\"\xEF\xBF\xBD\",\"id\":-9223372036854775808,"
                "\"list\":[true,null,{},[],[7]],\"sure\":0.1,\"leaf\":false}");
    buf_reset(&b);
    write_sample(&(struct json_out){.buf = &b, .pretty = true});
    assert_text(
        "pretty", buf_str(&b),
        "{\n  \"name\": \"Kaos \\\"P\\\"\xEF\xBF\xBD\",\n"
        "  \"id\": -9223372036854775808,\n  \"list\": [\n    true,\n    null,\n"
        "    {},\n    [],\n    [7]\n  ],\n  \"sure\": 0.1,\n  \"leaf\": false\n}");
    buf_clear(&b);
}

static void nesting_past_the_limit_marks_the_buffer(void **state)
{
    for (int depth = JSON_OUT_DEPTH; depth <= JSON_OUT_DEPTH + 10; depth++) {
        struct buf b = BUF_INIT(BUF_MAX_LINE);
        struct json_out o = {.buf = &b};

        for (int i = 0; i < depth; i++) {
            if (i % 2)
                json_key(&o, "k");
            i % 2 ? json_open_list(&o) : json_open(&o);
        }
        for (int i = depth; i-- > 0;)
            i % 2 ? json_close_list(&o) : json_close(&o);
        assert_int_equal(b.failed, depth > JSON_OUT_DEPTH ? AISLE_LIMIT : AISLE_OK);
        buf_clear(&b);
    }
    (void)state;
}

static void numbers_are_short_and_read_back_the_same(void **state)
{
    static const struct {
        double n;
        const char *want;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {123456789012345, "123456789012345"},
        {1e22, "1e+22"},
        {5e-324, "4.94065645841247e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {INFINITY, "null"},
        {NAN, "null"},
    };
    struct buf b = BUF_INIT(BUF_MAX_LINE);
    struct rng_seeded seeded;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_reset(&b);
        json_put_num(&(struct json_out){.buf = &b}, cases[i].n);
        assert_text("number", buf_str(&b), cases[i].want);
    }

    rng_seeded_init(&seeded, 5);
    for (int i = 0; i < 5000; i++) {
        uint64_t bits = rng_u64(&seeded.rng);
        double n, back;

        memcpy(&n, &bits, sizeof n);
        if (!isfinite(n))
            continue;
        buf_reset(&b);
        json_put_num(&(struct json_out){.buf = &b}, n);
        assert_true(parse_double(buf_str(&b), -HUGE_VAL, HUGE_VAL, &back) && back == n);
    }
    buf_clear(&b);
}

static enum aisle_status read_sample(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    json_t *value = NULL;
    enum aisle_status status;

    (void)ctx;
    status =
        json_read(STR_LIT("{\"categories\":[{\"id\":601226,\"local_name\":\"Pakaian & "
                          "Pakaian Dalam Pria yang panjang sekali namanya\",\"x\":1.5},"
                          "{\"a rather long key, longer than the first\":{\"b\":[]}}]}"),
                  BUF_MAX_REPLY, "reply", &value, err);
    if (status == AISLE_OK) {
        const json_t *first = json_array_get(json_list(value, "categories"), 0);

        if (!json_text(first, "id", &arena).p ||
            !json_text(first, "local_name", &arena).p)
            status = aisle_nomem(err);
    }
    json_decref(value);
    arena_clear(&arena);
    return status;
}

static void reading_without_memory_is_not_called_a_syntax_error(void **state)
{
    (void)state;
    json_set_alloc_funcs(mem_alloc, mem_free);
    assert_true(each_allocation_failing(read_sample, NULL) > 10);
}

static enum aisle_status write_to_buffer(void *ctx, struct aisle_err *err)
{
    struct buf b = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &b, .pretty = true};
    enum aisle_status status;

    (void)ctx;
    json_open_list(&o);
    for (int i = 0; i < 50; i++)
        write_sample(&o);
    json_close_list(&o);
    status = buf_check(&b, "list", err);
    buf_clear(&b);
    return status;
}

static void writing_without_memory_goes_on_to_the_end(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(write_to_buffer, NULL) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_read_is_said_with_its_place),
        cmocka_unit_test(a_secret_near_a_mistake_is_not_quoted),
        cmocka_unit_test(a_deep_document_is_refused_not_followed),
        cmocka_unit_test(tolerances),
        cmocka_unit_test(an_order_says_each_field_once),
        cmocka_unit_test(getters_take_what_is_there_or_nothing),
        cmocka_unit_test(keys_can_be_found_whatever_their_case),
        cmocka_unit_test(what_is_needed_and_not_there_is_named),
        cmocka_unit_test(the_writer_puts_commas_where_they_belong),
        cmocka_unit_test(nesting_past_the_limit_marks_the_buffer),
        cmocka_unit_test(numbers_are_short_and_read_back_the_same),
        cmocka_unit_test(reading_without_memory_is_not_called_a_syntax_error),
        cmocka_unit_test(writing_without_memory_goes_on_to_the_end),
    };

    return cmocka_run_group_tests_name("base: json", tests, NULL, NULL);
}
