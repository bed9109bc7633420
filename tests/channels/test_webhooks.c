#include "data.h"

#include "base/json.h"
#include "channels/channel.h"
#include "channels/tiktok/webhook.h"

/* webhooks.json: one notification a row. What must be read from it, in the words below,
 * or that it cannot be; and where the row has keys, the signature it came with. The
 * signatures are those of the marketplace's page and of an independent program. */

static void put_text(struct buf *out, const char *word, struct str value)
{
    if (value.n)
        buf_addf(out, " %s %.*s", word, STR_ARG(value));
}

static void put_event(struct buf *out, const struct channel_event *e)
{
    buf_addf(out, "%s type %lld", channel_event_kind_name(e->kind), (long long)e->type);
    put_text(out, "id", e->id);
    put_text(out, "shop", e->shop_id);
    put_text(out, "product", e->product_id);
    put_text(out, "from", e->from_category);
    put_text(out, "to", e->to_category);
    put_text(out, "status", e->status);
    if (e->reason.n)
        buf_addf(out, " reason \"%.*s\"", STR_ARG(e->reason));
    buf_addf(out, " at %lld", (long long)e->at);
}

static bool reads_as_told(const json_t *one)
{
    struct arena arena = ARENA_INIT(1024 * 1024);
    struct buf got = BUF_INIT(BUF_MAX_LINE);
    struct channel_event event;
    struct aisle_err err = {0};
    enum aisle_status status =
        tiktok_event_read(json_str(one, "body"), &arena, &event, &err);
    bool good;

    if (status == AISLE_OK)
        put_event(&got, &event);
    good = status == AISLE_OK ? str_eq(buf_str(&got), json_str(one, "event"))
                              : status == AISLE_GARBLED && json_at(one, "fails");
    if (!good)
        print_error("%.*s: %.*s%s\n", STR_ARG(json_str(one, "says")),
                    STR_ARG(buf_str(&got)), err.text);
    buf_clear(&got);
    arena_clear(&arena);
    return good;
}

static enum aisle_status check(const json_t *one, struct str body, struct str signature)
{
    return tiktok_event_check(json_str(one, "app_key"), json_str(one, "app_secret"), body,
                              signature, NULL);
}

/* Theirs is taken; any other, and theirs for any other bytes, is not. */
static bool is_signed_as_told(const json_t *one)
{
    struct str body = json_str(one, "body"), theirs = json_str(one, "authorization");
    struct buf other = BUF_INIT(BUF_MAX_LINE);
    bool good;

    buf_add(&other, body);
    buf_addc(&other, ' ');
    good = check(one, body, theirs) == AISLE_OK &&
           check(one, buf_str(&other), theirs) == AISLE_AUTH &&
           check(one, body, str_head(theirs, theirs.n - 1)) == AISLE_AUTH &&
           check(one, body, STR_LIT("")) == AISLE_AUTH;
    buf_clear(&other);
    if (!good)
        print_error("%.*s: signature\n", STR_ARG(json_str(one, "says")));
    return good;
}

static json_t *read_rows(void)
{
    char path[PATH_ROOM];
    struct aisle_err err = {0};
    struct buf text;
    json_t *rows = NULL;

    snprintf(path, sizeof path, "%s/tests/channels/webhooks.json",
             getenv("SOURCE_ROOT") ? getenv("SOURCE_ROOT") : ".");
    text = file_read(path);
    assert_ok(json_read(buf_str(&text), text.max, path, &rows, &err), &err);
    buf_clear(&text);
    return rows;
}

static void every_notification_is_read_as_told(void **state)
{
    json_t *rows = read_rows();
    const json_t *one;
    size_t i, signatures = 0;
    bool good = true;

    (void)state;
    json_array_foreach(rows, i, one)
    {
        good = reads_as_told(one) && good;
        if (json_at(one, "authorization")) {
            good = is_signed_as_told(one) && good;
            signatures++;
        }
    }
    assert_true(good);
    assert_true(signatures >= 5);
    json_decref(rows);
}

static void without_a_secret_nothing_is_believed(void **state)
{
    (void)state;
    assert_int_equal(tiktok_event_check(STR_LIT("key"), STR_LIT(""), STR_LIT("{}"),
                                        STR_LIT("x"), NULL),
                     AISLE_CONFIG);
}

static void a_body_over_the_limit_is_refused(void **state)
{
    struct arena arena = ARENA_INIT(1024 * 1024);
    struct channel_event event;
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);

    (void)state;
    for (size_t i = 0; i <= CHANNEL_EVENT_MAX; i++)
        buf_addc(&body, ' ');
    assert_int_equal(tiktok_event_read(buf_str(&body), &arena, &event, NULL),
                     AISLE_LIMIT);
    buf_clear(&body);
    arena_clear(&arena);
}

static enum aisle_status read_once(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(1024 * 1024);
    struct channel_event event;
    enum aisle_status status = tiktok_event_read(
        STR_LIT("{\"type\":37,\"tts_notification_id\":\"1\",\"data\":{\"product_id\":7,"
                "\"audit\":{\"status\":\"FAILED\",\"pre_approved_reasons\":[\"A\","
                "\"B\"]}}}"),
        &arena, &event, err);

    (void)ctx;
    arena_clear(&arena);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(read_once, NULL) >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_notification_is_read_as_told),
        cmocka_unit_test(without_a_secret_nothing_is_believed),
        cmocka_unit_test(a_body_over_the_limit_is_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
