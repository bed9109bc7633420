/* The client without a store, held against a peer that answers what we tell it to. */
#include "aisle/client.h"

#include "base/json.h"
#include "base/mem.h"
#include "data.h"
#include "peer.h"

/* ---- what a peer says ---- */

static const struct peer_answer found[] = {{
    .status = 200,
    .headers = "Content-Type: application/json\r\n",
    .body =
        STR_INIT("{\"code\":0,\"message\":\"Success\",\"request_id\":\"R-1\",\"data\":"
                 "{\"categories\":["
                 "{\"id\":\"123\",\"local_name\":\"Kaos\",\"parent_id\":\"0\","
                 "\"is_leaf\":false,\"permission_statuses\":[\"AVAILABLE\"]},"
                 "{\"id\":\"123123\",\"local_name\":\"Kaos Pria\",\"parent_id\":"
                 "\"123\",\"is_leaf\":true,\"permission_statuses\":[\"AVAILABLE\"]},"
                 "{\"id\":\"123124\",\"local_name\":\"Kaos Bayi\",\"parent_id\":"
                 "\"123\",\"is_leaf\":true,\"permission_statuses\":[\"INVITE_ONLY\","
                 "\"NON_MAIN_CATEGORY\"]}]}}"),
}};

static const struct peer_answer nothing_found[] = {{
    .status = 200,
    .body = STR_INIT("{\"code\":0,\"message\":\"Success\",\"request_id\":\"R-2\","
                     "\"data\":{\"categories\":[]}}"),
}};

/* ---- asking ---- */

static struct aisle_client_options options_to(const struct peer *p)
{
    return (struct aisle_client_options){
        .app_key = "29a39d",
        .app_secret = "e59af819cc",
        .api_url = p->url,
        .max_attempts = 1,
    };
}

static struct aisle_client *client_to(const struct peer *p)
{
    struct aisle_client_options options = options_to(p);
    struct aisle_client *client = NULL;
    struct aisle_err err = {0};

    assert_ok(aisle_client_new(&options, &client, &err), &err);
    assert_ok(aisle_client_set_access_token(client, "TTP_token", &err), &err);
    assert_ok(aisle_client_set_shop_cipher(client, "GCP_cipher", &err), &err);
    return client;
}

static const struct aisle_categories_query kaos = {
    .locale = "id-ID",
    .keyword = "Kaos",
    .category_version = "v1",
    .listing_platform = "TIKTOK_SHOP",
};

struct once { /* one call to a peer of its own */
    enum aisle_status status;
    struct aisle_categories result;
    struct aisle_err err;
};

static struct once ask_once(const struct peer_answer *answers, size_t count)
{
    struct once once = {0};
    struct aisle_client *client;
    static struct peer p; /* its thread outlives a failed test */

    peer_start(&p, answers, count);
    client = client_to(&p);
    once.status = aisle_client_get_categories(client, &kaos, &once.result, &once.err);
    aisle_client_free(client);
    peer_stop(&p);
    return once;
}

/* ---- tests ---- */

static void categories_come_with_id_name_parent_and_whether_they_are_leaves(void **state)
{
    struct once once = ask_once(found, 1);
    const struct aisle_category *list = once.result.list;

    (void)state;
    assert_ok(once.status, &once.err);
    assert_int_equal(once.result.count, 3);
    assert_string_equal(list[0].id, "123");
    assert_string_equal(list[0].name, "Kaos");
    assert_string_equal(list[0].parent_id, "");
    assert_false(list[0].is_leaf);
    assert_string_equal(list[1].id, "123123");
    assert_string_equal(list[1].name, "Kaos Pria");
    assert_string_equal(list[1].parent_id, "123");
    assert_true(list[1].is_leaf);
    aisle_categories_clear(&once.result);
}

static void permissions_are_words_and_only_an_open_leaf_takes_products(void **state)
{
    struct once once = ask_once(found, 1);
    const struct aisle_category *list = once.result.list;

    (void)state;
    assert_string_equal(list[1].permissions, "AVAILABLE");
    assert_string_equal(list[2].permissions, "INVITE_ONLY,NON_MAIN_CATEGORY");
    assert_false(list[0].takes_products); /* open, but no leaf */
    assert_true(list[1].takes_products);
    assert_false(list[2].takes_products); /* a leaf, but closed */
    aisle_categories_clear(&once.result);
}

static void success_carries_code_message_and_request_id(void **state)
{
    struct once once = ask_once(found, 1);

    (void)state;
    assert_string_equal(once.result.response.code, "0");
    assert_string_equal(once.result.response.message, "Success");
    assert_string_equal(once.result.response.request_id, "R-1");
    assert_int_equal(once.result.response.http_status, 200);
    assert_int_equal(once.result.response.calls, 1);
    assert_false(aisle_err_is_api(&once.err));
    aisle_categories_clear(&once.result);
    assert_null(once.result.list);
    aisle_categories_clear(&once.result);
}

static void a_keyword_nobody_has_finds_nothing_and_is_no_failure(void **state)
{
    struct once once = ask_once(nothing_found, 1);

    (void)state;
    assert_ok(once.status, &once.err);
    assert_int_equal(once.result.count, 0);
    assert_string_equal(once.result.response.request_id, "R-2");
    aisle_categories_clear(&once.result);
}

static void what_is_asked_is_what_the_query_says(void **state)
{
    struct aisle_categories result = {0};
    struct aisle_client *client;
    static struct peer p;

    (void)state;
    peer_start(&p, found, 1);
    client = client_to(&p);
    assert_ok(aisle_client_get_categories(client, &kaos, &result, NULL), NULL);
    assert_ok(aisle_client_get_categories(
                  client, &(struct aisle_categories_query){.include_prohibited = true},
                  &result, NULL),
              NULL);
    assert_true(peer_was_told(&p, 0, "GET /product/202309/categories?"));
    assert_true(peer_was_told(&p, 0, "locale=id-ID"));
    assert_true(peer_was_told(&p, 0, "keyword=Kaos"));
    assert_true(peer_was_told(&p, 0, "category_version=v1"));
    assert_true(peer_was_told(&p, 0, "listing_platform=TIKTOK_SHOP"));
    assert_true(peer_was_told(&p, 0, "shop_cipher=GCP_cipher"));
    assert_true(peer_was_told(&p, 0, "app_key=29a39d"));
    assert_int_equal(peer_times_told(&p, 0, "x-tts-access-token: TTP_token"), 1);
    assert_false(peer_was_told(&p, 0, "include_prohibited_categories"));
    assert_false(peer_was_told(&p, 0, "e59af819cc")); /* the secret stays here */
    assert_false(peer_was_told(&p, 1, "locale="));
    assert_false(peer_was_told(&p, 1, "keyword="));
    assert_true(peer_was_told(&p, 1, "include_prohibited_categories=true"));
    assert_int_equal(p.connections, 1); /* kept for the second call */
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);
}

static void the_token_and_cipher_set_last_are_the_ones_used(void **state)
{
    struct aisle_categories result = {0};
    struct aisle_client *client;
    static struct peer p;

    (void)state;
    peer_start(&p, found, 1);
    client = client_to(&p);
    aisle_client_set_access_token(client, "TTP_second", NULL);
    aisle_client_set_shop_cipher(client, "GCP_second", NULL);
    assert_ok(aisle_client_get_categories(client, &kaos, &result, NULL), NULL);
    assert_true(peer_was_told(&p, 0, "TTP_second"));
    assert_true(peer_was_told(&p, 0, "GCP_second"));
    assert_false(peer_was_told(&p, 0, "TTP_token"));
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);
}

/* What goes wrong at their end, and whether it is an error of their API. */
static const struct trouble {
    const char *says;
    struct peer_answer answer;
    enum aisle_status status;
    bool is_api;
    const char *code, *message, *request_id;
} troubles[] = {
    {
        "token expired",
        {.status = 401,
         .body = STR_INIT("{\"code\":105002,\"message\":\"Expired credentials.\","
                          "\"request_id\":\"R-3\"}")},
        AISLE_AUTH,
        true,
        "105002",
        "Expired credentials.",
        "R-3",
    },
    {
        "wrong secret",
        {.status = 401,
         .body =
             STR_INIT("{\"code\":106001,\"message\":\"Invalid credentials. The 'sign' "
                      "query parameter is invalid.\",\"request_id\":\"R-4\"}")},
        AISLE_CONFIG,
        true,
        "106001",
        "Invalid credentials. The 'sign' query parameter is invalid.",
        "R-4",
    },
    {
        "a business error under HTTP 200, with a code nobody has seen",
        {.status = 200,
         .body = STR_INIT("{\"code\":99999999,\"message\":\"Nope\",\"request_id\":"
                          "\"R-5\",\"data\":null}")},
        AISLE_REFUSED,
        true,
        "99999999",
        "Nope",
        "R-5",
    },
    {
        "too many requests",
        {.status = 429,
         .body = STR_INIT("{\"code\":36009002,\"message\":\"Too many requests\","
                          "\"request_id\":\"R-6\"}")},
        AISLE_BUSY,
        true,
        "36009002",
        "Too many requests",
        "R-6",
    },
    {
        "a proxy's page",
        {.status = 502, .body = STR_INIT("<html><h1>502 Bad Gateway</h1></html>")},
        AISLE_BUSY,
        false,
        "",
        "HTTP 502 with a page that is no JSON",
        "",
    },
    {
        "success whose categories are no list",
        {.status = 200,
         .body = STR_INIT("{\"code\":0,\"message\":\"Success\",\"request_id\":\"R-7\","
                          "\"data\":{\"categories\":7}}")},
        AISLE_GARBLED,
        false,
        "0",
        "Success",
        "R-7",
    },
};

static void an_error_of_the_api_is_told_apart_from_any_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(troubles); i++) {
        const struct trouble *t = &troubles[i];
        struct once once = ask_once(&t->answer, 1);
        const struct aisle_response *r = &once.result.response;

        print_message("# %s\n", t->says);
        assert_status(once.status, t->status, &once.err);
        assert_int_equal(once.err.status, t->status);
        assert_int_equal(aisle_err_is_api(&once.err), t->is_api);
        assert_string_equal(r->code, t->code);
        assert_string_equal(r->message, t->message);
        assert_string_equal(r->request_id, t->request_id);
        assert_int_equal(r->http_status, t->answer.status);
        assert_int_equal(once.result.count, 0);
        assert_null(once.result.list);
        if (t->is_api) {
            assert_string_equal(once.err.remote_code, t->code);
            assert_string_equal(once.err.request_id, t->request_id);
        }
        aisle_categories_clear(&once.result);
    }
}

static void nobody_listening_is_no_error_of_the_api(void **state)
{
    struct aisle_categories result = {0};
    struct aisle_err err = {0};
    struct aisle_client *client;
    struct peer nobody;
    int fd = peer_absent(nobody.url, sizeof nobody.url);

    (void)state;
    client = client_to(&nobody);
    assert_status(aisle_client_get_categories(client, &kaos, &result, &err), AISLE_BUSY,
                  &err);
    assert_false(aisle_err_is_api(&err));
    assert_string_equal(result.response.code, "");
    assert_string_not_equal(result.response.message, "");
    assert_int_equal(result.response.http_status, 0);
    assert_int_equal(result.response.calls, 0);
    aisle_categories_clear(&result);
    aisle_client_free(client);
    close(fd);
}

static void without_token_or_cipher_nobody_is_asked(void **state)
{
    static const struct {
        const char *token, *cipher;
        enum aisle_status status;
    } cases[] = {
        {NULL, "GCP_cipher", AISLE_AUTH},
        {"", "GCP_cipher", AISLE_AUTH},
        {"TTP_token", NULL, AISLE_CONFIG},
    };
    struct aisle_client *client;
    static struct peer p;

    (void)state;
    peer_start(&p, found, 1);
    client = client_to(&p);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_categories result = {0};
        struct aisle_err err = {0};

        aisle_client_set_access_token(client, cases[i].token, NULL);
        aisle_client_set_shop_cipher(client, cases[i].cipher, NULL);
        assert_status(aisle_client_get_categories(client, &kaos, &result, &err),
                      cases[i].status, &err);
        assert_false(aisle_err_is_api(&err));
        assert_true(str_starts(str_of(err.text), result.response.message));
        assert_string_not_equal(result.response.message, "");
        aisle_categories_clear(&result);
    }
    assert_int_equal(p.request_count, 0);
    aisle_client_free(client);
    peer_stop(&p);
}

static void a_client_is_not_made_of_keys_that_cannot_do(void **state)
{
    static const struct {
        struct aisle_client_options options;
        enum aisle_status status;
        const char *text;
    } cases[] = {
        {{.app_secret = "s"}, AISLE_CONFIG, "the app key is missing"},
        {{.app_key = "k", .app_secret = ""}, AISLE_CONFIG, "the app secret is missing"},
        {{.app_key = "k", .app_secret = "s", .api_url = "https://shop.example"},
         AISLE_CONFIG,
         "shop.example is no host of channel tiktok: keys go only to its own, or to a "
         "stand-in on this machine"},
        {{.app_key = "k", .app_secret = "s", .api_url = "ftp://127.0.0.1"},
         AISLE_CONFIG,
         "the address of channel tiktok is no http or https address"},
        {{.app_key = "k", .app_secret = "s", .trace_file = "/nowhere/at/all"},
         AISLE_IO,
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_client *client = NULL;
        struct aisle_err err = {0};

        assert_status(aisle_client_new(&cases[i].options, &client, &err), cases[i].status,
                      &err);
        if (cases[i].text)
            assert_string_equal(err.text, cases[i].text);
        assert_false(aisle_err_is_api(&err));
        assert_null(client);
    }
}

static void a_stopped_client_asks_nobody(void **state)
{
    struct aisle_categories result = {0};
    struct aisle_client *client;
    static struct peer p;

    (void)state;
    peer_start(&p, found, 1);
    client = client_to(&p);
    aisle_client_stop(client);
    assert_status(aisle_client_get_categories(client, &kaos, &result, NULL),
                  AISLE_STOPPED, NULL);
    assert_int_equal(p.request_count, 0);
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);
}

static void a_failure_leaves_nothing_of_the_answer_before(void **state)
{
    struct peer_answer both[] = {found[0], troubles[0].answer};
    struct aisle_categories result = {0};
    struct aisle_client *client;
    static struct peer p;

    (void)state;
    peer_start(&p, both, COUNT(both));
    client = client_to(&p);
    assert_ok(aisle_client_get_categories(client, &kaos, &result, NULL), NULL);
    assert_status(aisle_client_get_categories(client, &kaos, &result, NULL), AISLE_AUTH,
                  NULL);
    assert_int_equal(result.count, 0);
    assert_string_equal(result.response.code, "105002");
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);
}

static void a_transcript_holds_the_call_and_no_secret(void **state)
{
    char path[] = "/tmp/aisle-test-XXXXXX";
    static const char *const secrets[] = {"e59af819cc", "TTP_token", "GCP_cipher"};
    struct aisle_client_options options;
    struct aisle_categories result = {0};
    struct aisle_client *client;
    struct buf text;
    static struct peer p;
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    peer_start(&p, found, 1);
    options = options_to(&p);
    options.trace_file = path;
    assert_ok(aisle_client_new(&options, &client, NULL), NULL);
    aisle_client_set_access_token(client, "TTP_token", NULL);
    aisle_client_set_shop_cipher(client, "GCP_cipher", NULL);
    assert_ok(aisle_client_get_categories(client, &kaos, &result, NULL), NULL);
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);

    text = file_read(path);
    unlink(path);
    assert_true(str_find(buf_str(&text), STR_LIT("/product/202309/categories")) < text.n);
    for (size_t i = 0; i < COUNT(secrets); i++)
        assert_int_equal(str_find(buf_str(&text), str_of(secrets[i])), text.n);
    buf_clear(&text);
}

static void the_null_client_is_freed_too(void **state)
{
    (void)state;
    aisle_client_free(NULL);
    assert_false(aisle_err_is_api(NULL));
    assert_false(aisle_err_is_api(&(struct aisle_err){0}));
}

/* ---- without memory ---- */

/* A peer each time: one remembers only so many requests. */
static enum aisle_status make_and_ask(void *ctx, struct aisle_err *err)
{
    static struct peer p;
    struct aisle_client_options options;
    struct aisle_categories result = {0};
    struct aisle_client *client = NULL;
    enum aisle_status status;

    (void)ctx;
    peer_start(&p, found, 1);
    options = options_to(&p);
    status = aisle_client_new(&options, &client, err);
    if (status == AISLE_OK)
        status = aisle_client_set_access_token(client, "TTP_token", err);
    if (status == AISLE_OK)
        status = aisle_client_set_shop_cipher(client, "GCP_cipher", err);
    if (status == AISLE_OK)
        status = aisle_client_get_categories(client, &kaos, &result, err);
    if (status == AISLE_OK)
        assert_int_equal(result.count, 3);
    aisle_categories_clear(&result);
    aisle_client_free(client);
    peer_stop(&p);
    return status;
}

static void whichever_allocation_fails_nothing_is_lost(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(make_and_ask, NULL) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(categories_come_with_id_name_parent_and_whether_they_are_leaves),
        cmocka_unit_test(permissions_are_words_and_only_an_open_leaf_takes_products),
        cmocka_unit_test(success_carries_code_message_and_request_id),
        cmocka_unit_test(a_keyword_nobody_has_finds_nothing_and_is_no_failure),
        cmocka_unit_test(what_is_asked_is_what_the_query_says),
        cmocka_unit_test(the_token_and_cipher_set_last_are_the_ones_used),
        cmocka_unit_test(an_error_of_the_api_is_told_apart_from_any_other),
        cmocka_unit_test(nobody_listening_is_no_error_of_the_api),
        cmocka_unit_test(without_token_or_cipher_nobody_is_asked),
        cmocka_unit_test(a_client_is_not_made_of_keys_that_cannot_do),
        cmocka_unit_test(a_stopped_client_asks_nobody),
        cmocka_unit_test(a_failure_leaves_nothing_of_the_answer_before),
        cmocka_unit_test(a_transcript_holds_the_call_and_no_secret),
        cmocka_unit_test(the_null_client_is_freed_too),
        cmocka_unit_test(whichever_allocation_fails_nothing_is_lost),
    };

    json_set_alloc_funcs(mem_alloc, mem_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
