#include "check.h"

#include "channels/memory/memory.h"
#include "channels/tiktok/tiktok.h"
#include "channels/tokopedia/tokopedia.h"

/* ---- the array ---- */

static void drivers_are_found_by_name(void **state)
{
    const struct channel_ops *ops = NULL;
    struct aisle_err err = {0};

    (void)state;
    for (size_t i = 0; channel_drivers[i]; i++) {
        assert_ok(channel_find(str_of(channel_drivers[i]->name), &ops, &err), &err);
        assert_ptr_equal(ops, channel_drivers[i]);
    }
    assert_status(channel_find(STR_LIT("shopee"), &ops, &err), AISLE_NOT_FOUND, &err);
    assert_non_null(strstr(err.text, "tiktok, tokopedia, memory"));
    assert_ptr_equal(ops, channel_drivers[2]);
}

static void secrets_go_to_known_hosts_over_tls_or_stay_here(void **state)
{
    static const struct {
        const struct channel_ops *ops;
        const char *url;
        bool may;
    } cases[] = {
        {&tiktok_ops, "https://open-api.tiktokglobalshop.com", true},
        {&tiktok_ops, "https://open-api.tiktokglobalshop.com:443/x", true},
        {&tiktok_ops, "https://OPEN-API.TikTokGlobalShop.com/", true},
        {&tiktok_ops, "https://auth.tiktok-shops.com", true},
        {&tiktok_ops, "http://127.0.0.1:8080", true},
        {&tiktok_ops, "http://localhost:8080", true},
        {&tiktok_ops, "https://[::1]:8443", true},
        {&tiktok_ops, "http://open-api.tiktokglobalshop.com", false},
        {&tiktok_ops, "https://open-api.tiktokglobalshop.com:8443", false},
        {&tiktok_ops, "https://open-api.tiktokglobalshop.com.evil.example", false},
        {&tiktok_ops, "https://evil.example/open-api.tiktokglobalshop.com", false},
        {&tiktok_ops, "https://open-api.tiktokglobalshop.com@evil.example/", false},
        {&tiktok_ops, "https://services.tiktokshop.com", false},
        {&tiktok_ops, "https://fs.tokopedia.net", false},
        {&tiktok_ops, "http://10.0.0.1", false},
        {&tiktok_ops, "http://127.0.0.1.evil.example", false},
        {&tiktok_ops, "ftp://127.0.0.1", false},
        {&tiktok_ops, "", true}, /* its own */
        {&tokopedia_ops, "https://fs.tokopedia.net", true},
        {&tokopedia_ops, "https://accounts.tokopedia.com/token", true},
        {&tokopedia_ops, "https://open-api.tiktokglobalshop.com", false},
        {&memory_builtin.ops, "https://fs.tokopedia.net", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct aisle_err err = {0};
        enum aisle_status status =
            channel_check_url(cases[i].ops, str_of(cases[i].url), &err);

        if (status != (cases[i].may ? AISLE_OK : AISLE_CONFIG))
            fail_msg("%s: %s, %s", cases[i].ops->name, cases[i].url, err.text);
    }
}

/* ---- the one in memory ---- */

struct shop_in_memory {
    struct clock_still clock;
    struct shop shop;
    struct channel_session s;
    struct arena arena;
    struct channel_meta meta;
    struct aisle_err err;
};

static void begin(struct shop_in_memory *m, const struct channel_ops *ops)
{
    memset(m, 0, sizeof *m);
    clock_still_init(&m->clock, 1000000);
    m->arena = (struct arena)ARENA_INIT(1 << 20);
    m->s =
        (struct channel_session){.ops = ops, .clock = &m->clock.clock, .shop = &m->shop};
}

static enum aisle_status ask(struct shop_in_memory *m, const char *title,
                             struct channel_advice *out)
{
    const struct channel_question question = {.title = str_of(title)};

    m->err = (struct aisle_err){0};
    return m->s.ops->recommend(&m->s, &question, &m->arena, out, &m->meta, &m->err);
}

static void memory_answers_from_its_own_tree(void **state)
{
    struct shop_in_memory m;
    struct channel_advice advice;

    (void)state;
    begin(&m, &memory_builtin.ops);
    assert_ok(ask(&m, "KAOS polos", &advice), &m.err);
    assert_str(advice.category_id, "111");
    assert_int_equal(advice.chain_count, 3);
    assert_str(advice.chain[0].name, "Fashion");
    assert_str(advice.chain[2].id, "111");
    assert_ok(ask(&m, "big frying pan", &advice), &m.err);
    assert_str(advice.category_id, "211");
    assert_status(ask(&m, "something else", &advice), AISLE_REFUSED, &m.err);
    assert_string_equal(m.err.remote_code, "no-match");
    assert_int_equal(m.meta.calls, 3);
    arena_clear(&m.arena);
}

static void memory_says_what_a_test_wants(void **state)
{
    static const struct memory_answer answers[] = {
        {"boom", NULL, AISLE_BUSY, "36009003", "internal error"},
        {"kaos", "999", AISLE_OK, NULL, NULL},
    };
    struct memory_channel own;
    struct shop_in_memory m;
    struct channel_advice advice;

    (void)state;
    memory_channel_init(&own);
    own.answers = answers;
    own.answer_count = COUNT(answers);
    begin(&m, &own.ops);
    assert_ok(ask(&m, "Kaos", &advice), &m.err);
    assert_str(advice.category_id, "999");
    assert_int_equal(advice.chain_count, 0); /* not in its tree */
    assert_status(ask(&m, "a boom box kaos", &advice), AISLE_BUSY, &m.err);
    assert_string_equal(m.err.remote_code, "36009003");
    assert_ok(ask(&m, "Kemeja", &advice), &m.err);
    assert_str(advice.category_id, "112");
    arena_clear(&m.arena);
}

static void memory_may_be_empty(void **state)
{
    struct memory_channel own;
    struct shop_in_memory m;
    struct channel_advice advice;
    struct category_rows rows;

    (void)state;
    memory_channel_init(&own);
    own.tree_count = 0;
    begin(&m, &own.ops);
    assert_status(ask(&m, "Kaos", &advice), AISLE_REFUSED, &m.err);
    assert_ok(own.ops.fetch_categories(&m.s, &(struct channel_tree_request){0}, &m.arena,
                                       &rows, &m.meta, &m.err),
              &m.err);
    assert_int_equal(rows.count, 0);
    arena_clear(&m.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drivers_are_found_by_name),
        cmocka_unit_test(secrets_go_to_known_hosts_over_tls_or_stay_here),
        cmocka_unit_test(memory_answers_from_its_own_tree),
        cmocka_unit_test(memory_says_what_a_test_wants),
        cmocka_unit_test(memory_may_be_empty),
    };

    return cmocka_run_group_tests_name("channels: drivers", tests, NULL, NULL);
}
