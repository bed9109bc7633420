#include "data.h"

#include "base/json.h"
#include "channels/tiktok/sign.h"

/* signatures.json: one case a row. Those of their page, and others worked out with two
 * independent programs; each row is what goes in and what must come out. */

enum { MAX_PARAMS = 12 };

static size_t params_of(const json_t *one, struct tiktok_param *params)
{
    json_t *query = json_object_get(one, "query");
    const char *name;
    json_t *value;
    size_t n = 0;

    json_object_foreach(query, name, value)
    {
        assert_true(n < MAX_PARAMS);
        params[n++] = (struct tiktok_param){str_of(name), json_value_str(value)};
    }
    return n;
}

static bool signs_as_told(const json_t *one)
{
    struct tiktok_param params[MAX_PARAMS];
    struct tiktok_signed what = {
        .path = json_str(one, "path"),
        .params = params,
        .param_count = params_of(one, params),
        .body = json_str(one, "body"),
        .content_type = json_str(one, "content_type"),
    };
    char got[SHA256_HEX_LEN + 1];
    struct aisle_err err = {0};

    assert_ok(tiktok_sign(json_str(one, "secret"), &what, got, &err), &err);
    if (str_eq(str_of(got), json_str(one, "sign")))
        return true;
    print_error("%.*s: %s\n", STR_ARG(json_str(one, "says")), got);
    return false;
}

static void every_known_signature_comes_out(void **state)
{
    char path[PATH_ROOM];
    struct aisle_err err = {0};
    struct buf text;
    json_t *cases = NULL;
    const json_t *one;
    size_t i;
    bool good = true;

    (void)state;
    snprintf(path, sizeof path, "%s/tests/channels/signatures.json",
             getenv("SOURCE_ROOT") ? getenv("SOURCE_ROOT") : ".");
    text = file_read(path);
    assert_ok(json_read(buf_str(&text), text.max, path, &cases, &err), &err);
    assert_true(json_array_size(cases) >= 24);
    json_array_foreach(cases, i, one) good = signs_as_told(one) && good;
    assert_true(good);
    json_decref(cases);
    buf_clear(&text);
}

static void too_many_parameters_are_refused(void **state)
{
    struct tiktok_param params[TIKTOK_MAX_PARAMS + 1] = {0};
    struct tiktok_signed what = {.params = params, .param_count = COUNT(params)};
    char got[SHA256_HEX_LEN + 1];

    (void)state;
    assert_int_equal(tiktok_sign(STR_LIT("s"), &what, got, NULL), AISLE_LIMIT);
}

static enum aisle_status sign_once(void *ctx, struct aisle_err *err)
{
    const struct tiktok_signed what = {.path = STR_LIT("/a"), .body = STR_LIT("{}")};

    return tiktok_sign(STR_LIT("secret"), &what, ctx, err);
}

static void every_allocation_may_fail(void **state)
{
    char got[SHA256_HEX_LEN + 1];

    (void)state;
    assert_true(each_allocation_failing(sign_once, got) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_signature_comes_out),
        cmocka_unit_test(too_many_parameters_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("channels: sign", tests, NULL, NULL);
}
