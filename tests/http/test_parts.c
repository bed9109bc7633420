#include "check.h"

#include "http/multipart.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/route.h"

static void a_query_is_decoded_in_the_order_sent(void **state)
{
    static const struct {
        const char *query, *want;
    } cases[] = {
        {"", ""},
        {"a=1", "a=1;"},
        {"b=2&a=1&b=3", "b=2;a=1;b=3;"},
        {"a", "a=;"},
        {"a=&b", "a=;b=;"},
        {"&&a=1&", "a=1;"},
        {"k=%C3%81o+thun%20n%E1%BB%AF", "k=Áo thun nữ;"},
        {"k=a%3Db%26c%2Bd", "k=a=b&c+d;"},
        {"k=a=b==", "k=a=b==;"},
        {"k=50%", "k=50%;"},
        {"k=%zz%4", "k=%zz%4;"},
        {"%6Bey=v", "key=v;"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        const struct http_pair *args = NULL;
        size_t count = 0;
        struct aisle_err err = {0};

        assert_ok(http_args_read(str_of(cases[i].query), &arena, &args, &count, &err),
                  &err);
        for (size_t k = 0; k < count; k++)
            buf_addf(&got, "%.*s=%.*s;", STR_ARG(args[k].name), STR_ARG(args[k].value));
        assert_text(cases[i].query, buf_str(&got), cases[i].want);
        buf_clear(&got);
        arena_clear(&arena);
    }
}

static void a_query_of_too_many_parameters_is_refused(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf query = BUF_INIT(BUF_MAX_LINE);
    const struct http_pair *args = NULL;
    size_t count = 0;

    (void)state;
    for (int i = 0; i <= HTTP_MAX_ARGS; i++)
        buf_addz(&query, "a&");
    assert_int_equal(http_args_read(buf_str(&query), &arena, &args, &count, NULL),
                     AISLE_LIMIT);
    assert_null(args);
    buf_clear(&query);
    arena_clear(&arena);
}

static void media_types_are_read_without_their_parameters(void **state)
{
    static const struct {
        const char *header, *type, *boundary;
    } cases[] = {
        {"multipart/form-data; boundary=XB", "multipart/form-data", "XB"},
        {"Multipart/Form-Data;charset=utf-8; Boundary=\"a b\"", "Multipart/Form-Data",
         "a b"},
        {"application/json", "application/json", ""},
        {"", "", ""},
        {"multipart/form-data; boundary", "multipart/form-data", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct str header = str_of(cases[i].header);

        assert_text(cases[i].header, http_media_type(header), cases[i].type);
        assert_text(cases[i].header, http_media_param(header, "boundary"),
                    cases[i].boundary);
    }
}

static void what_two_readers_could_read_in_two_ways_is_a_fault(void **state)
{
    static const struct {
        const char *headers, *want; /* "name:value|…" */
    } cases[] = {
        {"Host:a", NULL},
        {"Host:a|Content-Length:4", NULL},
        {"Host:a|Transfer-Encoding:Chunked", NULL},
        {"", "no Host"},
        {"Host:a|host:a", "more than one Host"},
        {"Host:a|Content-Length:4|content-length:4", "more than one Content-Length"},
        {"Host:a|Content-Length:4|Transfer-Encoding:chunked",
         "a Content-Length beside Transfer-Encoding"},
        {"Host:a|Content-Length:+4", "a Content-Length that is no number"},
        {"Host:a|Content-Length:", "a Content-Length that is no number"},
        {"Host:a|Content-Length:4, 4", "a Content-Length that is no number"},
        {"Host:a|Transfer-Encoding:gzip, chunked",
         "a Transfer-Encoding other than chunked"},
        {"Host:a|Transfer-Encoding:chunked|Transfer-Encoding:chunked",
         "a Transfer-Encoding other than chunked"},
        {"Host:a|Content-Length :4", "a header name that is none"},
        {"Host:a|X\tY:4", "a header name that is none"},
        {"Host:a|:4", "a header name that is none"},
        {"Host:a|X:b\tc", NULL},
        {"Host:a|X:b\rContent-Length", "a control character in a header"},
        {"Host:a|X:b\x7f", "a control character in a header"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct http_pair pairs[4];
        struct http_request r = {.version = STR_LIT("HTTP/1.1"), .headers = pairs};
        struct str rest = str_of(cases[i].headers);
        const char *fault;

        while (rest.n) {
            struct str value = str_cut(&rest, '|');
            struct str name = str_cut(&value, ':');

            pairs[r.header_count++] = (struct http_pair){name, value};
        }
        fault = http_framing_fault(&r);
        assert_text(cases[i].headers, str_of(fault ? fault : "fine"),
                    cases[i].want ? cases[i].want : "fine");
    }
}

static void an_old_client_may_leave_out_the_host(void **state)
{
    struct http_request r = {.version = STR_LIT("HTTP/1.0")};

    (void)state;
    assert_null(http_framing_fault(&r));
}

#define TYPE "multipart/form-data; boundary=B"
#define PART "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"

static const struct {
    const char *says, *type, *body;
    enum aisle_status status;
    const char *want; /* "name/file/mime/data;" */
} parts[] = {
    {"one field", TYPE, PART "x\r\n--B--\r\n", AISLE_OK, "a/-//x;"},
    {"a file and a field", TYPE,
     "--B\r\ncontent-disposition: Form-Data; name=\"data\"; filename=\"a.jpg\"\r\n"
     "Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--\r\n--B\r\n"
     "Content-Disposition: form-data; name=use_case\r\n\r\nMAIN\r\n--B--",
     AISLE_OK, "data/a.jpg/image/jpeg/\xff\xd8\r\n--;use_case/-//MAIN;"},
    {"an empty field", TYPE, PART "\r\n--B--\r\n", AISLE_OK, "a/-//;"},
    {"an empty field without its line end", TYPE, PART "--B--\r\n", AISLE_OK, "a/-//;"},
    {"a preamble and an epilogue are passed over", TYPE,
     "hello\r\n" PART "x\r\n--B--\r\nbye", AISLE_OK, "a/-//x;"},
    {"blanks behind the boundary", TYPE,
     "--B \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--B--", AISLE_OK,
     "a/-//x;"},
    {"a quoted file name", TYPE,
     "--B\r\nContent-Disposition: form-data; filename=\"a\\\";b\"; name=\"n\"\r\n\r\nx"
     "\r\n--B--",
     AISLE_OK, "n/a\";b//x;"},
    {"an empty file name is one", TYPE,
     "--B\r\nContent-Disposition: form-data; name=\"n\"; filename=\"\"\r\n\r\n\r\n--B--",
     AISLE_OK, "n/+//;"},
    {"no parts at all", TYPE, "--B--\r\n", AISLE_OK, ""},
    {"not closed", TYPE, PART "x\r\n", AISLE_GARBLED, ""},
    {"cut in the header", TYPE, "--B\r\nContent-Disposition: form-data; na",
     AISLE_GARBLED, ""},
    {"no boundary in the body", TYPE, "nothing of the kind", AISLE_GARBLED, ""},
    {"an empty body", TYPE, "", AISLE_GARBLED, ""},
    {"a part without a name", TYPE,
     "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--", AISLE_GARBLED, ""},
    {"another disposition", TYPE,
     "--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--B--",
     AISLE_GARBLED, ""},
    {"a longer boundary is text", TYPE, PART "x\r\n--BB\r\n--B--", AISLE_GARBLED, ""},
    {"no boundary in the header", "multipart/form-data", PART "x\r\n--B--", AISLE_INVALID,
     ""},
    {"not multipart", "application/json", "{}", AISLE_INVALID, ""},
};

static void show_parts(struct buf *got, const struct http_part *list, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const struct http_part *p = &list[k];

        buf_addf(got, "%.*s/", STR_ARG(p->name));
        if (!p->is_file)
            buf_addc(got, '-');
        else if (!p->file_name.n)
            buf_addc(got, '+');
        buf_add(got, p->file_name);
        buf_addf(got, "/%.*s/", STR_ARG(p->mime));
        buf_add(got, p->data);
        buf_addc(got, ';');
    }
}

static void a_multipart_body_is_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(parts); i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        const struct http_part *list = NULL;
        size_t count = 0;
        enum aisle_status status = http_multipart_read(
            str_of(parts[i].type), str_of(parts[i].body), &arena, &list, &count, NULL);

        show_parts(&got, list, count);
        assert_text(parts[i].says, str_of(aisle_status_name(status)),
                    aisle_status_name(parts[i].status));
        assert_text(parts[i].says, buf_str(&got), parts[i].want);
        buf_clear(&got);
        arena_clear(&arena);
    }
}

static void a_multipart_body_of_too_many_parts_is_refused(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf body = BUF_INIT(BUF_MAX_LINE);
    const struct http_part *list = NULL;
    size_t count = 0;

    (void)state;
    for (int i = 0; i <= HTTP_MAX_PARTS; i++)
        buf_addz(&body, PART "x\r\n");
    buf_addz(&body, "--B--");
    assert_int_equal(
        http_multipart_read(STR_LIT(TYPE), buf_str(&body), &arena, &list, &count, NULL),
        AISLE_LIMIT);
    buf_clear(&body);
    arena_clear(&arena);
}

static enum aisle_status take_apart(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1 << 20);
    const struct http_part *list = NULL;
    size_t count = 0;
    enum aisle_status status = http_multipart_read(STR_LIT(TYPE), *(struct str *)ctx,
                                                   &arena, &list, &count, err);

    arena_clear(&arena);
    return status;
}

static void without_memory_a_body_is_not_taken_apart(void **state)
{
    struct str body = str_of(parts[6].body);

    (void)state;
    assert_true(each_allocation_failing(take_apart, &body) > 1);
}

static void nothing(void *ctx, const struct http_call *call, struct http_reply *reply)
{
    (void)ctx;
    (void)call;
    (void)reply;
}

static const struct http_route routes[] = {
    {"GET", "/", {{0}}, nothing},
    {"GET",
     "/products",
     {{.name = "page", .type = HTTP_INT, .min = 1, .max = 99},
      {.name = "open", .type = HTTP_BOOL}},
     nothing},
    {"POST", "/products", {{0}}, nothing},
    {"GET",
     "/products/{sku}/images/{nr}",
     {{.name = "sku", .min = 1, .max = 4}, {.name = "nr", .type = HTTP_INT, .max = 9}},
     nothing},
    {"GET", "/search", {{.name = "q", .required = true}}, nothing},
};

static const struct {
    const char *method, *path, *query;
    enum aisle_status status;
    const char *want; /* the route's path and its values, or the failure's text */
} calls[] = {
    {"GET", "/", "", AISLE_OK, "/"},
    {"HEAD", "/", "", AISLE_OK, "/"},
    {"GET", "/products", "page=7&open=yes&more=1", AISLE_OK, "/products 7 yes"},
    {"GET", "/products", "", AISLE_OK, "/products"},
    {"GET", "/products/a%2Fb/images/3", "", AISLE_OK,
     "/products/{sku}/images/{nr} a/b 3"},
    {"GET", "/search", "q=", AISLE_OK, "/search "},
    {"GET", "/nowhere", "", AISLE_NOT_FOUND, "nothing is at this path"},
    {"GET", "/products/", "", AISLE_NOT_FOUND, "nothing is at this path"},
    {"GET", "//products", "", AISLE_NOT_FOUND, "nothing is at this path"},
    {"GET", "/products//images/3", "", AISLE_NOT_FOUND, "nothing is at this path"},
    {"DELETE", "/products", "", AISLE_REFUSED, "this path does not take DELETE"},
    {"GET", "/products", "page=0", AISLE_INVALID,
     "parameter page must be a number from 1 to 99"},
    {"GET", "/products", "page=7x", AISLE_INVALID,
     "parameter page must be a number from 1 to 99"},
    {"GET", "/products", "open=maybe", AISLE_INVALID,
     "parameter open must be true or false"},
    {"GET", "/products/abcde/images/3", "", AISLE_INVALID,
     "parameter sku must have 1 to 4 bytes"},
    {"GET", "/search", "", AISLE_INVALID, "parameter q is missing"},
    {"GET", "/search", "q=%C3%A4", AISLE_OK, "/search \xC3\xA4"},
    {"GET", "/search", "q=%FF", AISLE_INVALID,
     "parameter q must be UTF-8 text without NUL"},
    {"GET", "/search", "q=a%00", AISLE_INVALID,
     "parameter q must be UTF-8 text without NUL"},
    {"GET", "/search", "q=a&q=a", AISLE_INVALID, "parameter q is said twice"},
    {"GET", "/search", "q=a&r=1&r=2", AISLE_OK, "/search a"},
};

static void what_a_route_declares_is_read_and_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        struct arena arena = ARENA_INIT(1 << 20);
        struct buf got = BUF_INIT(BUF_MAX_LINE);
        struct http_request r = {.method = str_of(calls[i].method),
                                 .path = str_of(calls[i].path),
                                 .arena = &arena};
        struct http_call call = {0};
        struct aisle_err err = {0};
        enum aisle_status status;

        assert_ok(
            http_args_read(str_of(calls[i].query), &arena, &r.args, &r.arg_count, &err),
            &err);
        status = http_route_find(routes, COUNT(routes), &r, &call, &err);
        buf_addz(&got, status ? err.text : call.route->path);
        for (size_t k = 0; k < HTTP_MAX_PARAMS && !status; k++)
            if (call.values[k].given)
                buf_addf(&got, " %.*s", STR_ARG(call.values[k].text));
        assert_text(calls[i].path, buf_str(&got), calls[i].want);
        assert_int_equal(status, calls[i].status);
        buf_clear(&got);
        arena_clear(&arena);
    }
}

static void a_path_says_what_methods_it_takes(void **state)
{
    struct buf got = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    http_route_allow(routes, COUNT(routes), STR_LIT("/products"), &got);
    assert_text("allow", buf_str(&got), "GET, HEAD, POST");
    buf_clear(&got);
}

static void a_header_set_twice_is_there_once(void **state)
{
    struct http_reply r;

    (void)state;
    http_reply_init(&r);
    http_reply_header(&r, "Content-Type", STR_LIT("text/plain"));
    http_reply_header(&r, "X-A", STR_LIT("one\r\nInjected: two"));
    http_reply_header(&r, "content-type", STR_LIT("text/html"));
    assert_int_equal(r.header_count, 2);
    assert_int_equal(r.headers.n,
                     sizeof "X-A\0one  Injected: two\0content-type\0text/html");
    assert_memory_equal(r.headers.p, "X-A\0one  Injected: two\0content-type\0text/html",
                        r.headers.n);
    http_reply_clear(&r);
}

static void shared_text_lives_as_long_as_one_holds_it(void **state)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct http_shared *s;

    (void)state;
    buf_addz(&text, "tree");
    s = http_shared_new(&text);
    assert_null(text.p);
    http_shared_ref(s);
    http_shared_drop(s);
    assert_text("still", http_shared_str(s), "tree");
    http_shared_drop(s);
    http_shared_drop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_decoded_in_the_order_sent),
        cmocka_unit_test(a_query_of_too_many_parameters_is_refused),
        cmocka_unit_test(media_types_are_read_without_their_parameters),
        cmocka_unit_test(what_two_readers_could_read_in_two_ways_is_a_fault),
        cmocka_unit_test(an_old_client_may_leave_out_the_host),
        cmocka_unit_test(a_multipart_body_is_taken_apart),
        cmocka_unit_test(a_multipart_body_of_too_many_parts_is_refused),
        cmocka_unit_test(without_memory_a_body_is_not_taken_apart),
        cmocka_unit_test(what_a_route_declares_is_read_and_checked),
        cmocka_unit_test(a_path_says_what_methods_it_takes),
        cmocka_unit_test(a_header_set_twice_is_there_once),
        cmocka_unit_test(shared_text_lives_as_long_as_one_holds_it),
    };

    return cmocka_run_group_tests_name("http: parts", tests, NULL, NULL);
}
