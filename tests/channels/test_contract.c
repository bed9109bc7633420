#include "check.h"

#include "base/log.h"
#include "channels/channel.h"
#include "sandbox/sandbox.h"

#include <stdio.h>
#include <string.h>

/* One test for every driver of channel_drivers: what channel.h promises, asked of each.
 * The marketplaces are played by the sandbox, which was written from their documents and
 * has not seen the drivers. Where a driver is excused, the list below says why. */

static const struct {
    const char *driver, *from, *why;
} excused[] = {
    {"memory", "a_bad_token_is_auth", "asks for no keys"},
    {"memory", "a_bad_secret_is_no_way_in", "asks for no keys"},
    {"memory", "no_marketplace_is_busy", "has no network"},
    {"tokopedia", "a_keyword_finds_names_that_hold_it",
     "its keyword may be a product's name, so that hits need not hold it"},
};

static bool is_excused(const char *driver, const char *check)
{
    for (size_t i = 0; i < COUNT(excused); i++)
        if (strcmp(excused[i].driver, driver) == 0 && strcmp(excused[i].from, check) == 0)
            return true;
    return false;
}

/* ---- a driver, its shop and its marketplace ---- */

struct stage {
    struct sandbox *sandbox;
    const struct sandbox_identity *who;
    struct shop shop;
    struct channel_session s;
    struct arena arena;
    struct channel_meta meta;
    struct aisle_err err;
};

static void know_the_shop(struct stage *t)
{
    const struct sandbox_identity *who = t->who;
    const struct sandbox_shop *shop = &who->shops[0];

    t->shop.api_url = t->shop.auth_url = who->url;
    if (str_is(t->shop.channel, "tiktok")) {
        t->shop.app_key = who->app_key;
        t->shop.remote_id = shop->id;
        t->shop.region = shop->region;
        t->s.keys.app_secret = who->app_secret;
        t->s.keys.access_token = shop->access_token;
        t->s.keys.refresh_token = shop->refresh_token;
        t->s.keys.cipher = shop->cipher;
    } else if (str_is(t->shop.channel, "tokopedia")) {
        t->shop.app_key = who->client_id;
        t->shop.remote_id = who->fs_id;
        t->s.keys.app_secret = who->client_secret;
    }
}

/* Signed in: where tokens come from credentials alone, they are fetched. */
static void sign_in(struct stage *t)
{
    struct shop_keys keys;

    if (t->s.keys.access_token.n || str_is(t->shop.channel, "memory"))
        return;
    assert_ok(t->s.ops->refresh(&t->s, &t->arena, &keys, &t->meta, &t->err), &t->err);
    t->s.keys = keys;
}

static void stage_begin(struct stage *t, const struct channel_ops *ops)
{
    struct sandbox_settings sandbox = {.seed = 7, .tokopedia_qps = -1};
    struct net_settings net = {.clock = clock_system(), .timeout_ms = 60000};
    struct pace_settings pace = {.clock = clock_system(), .rng = rng_system()};

    memset(t, 0, sizeof *t);
    t->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    t->shop.id = STR_LIT("toko-a");
    t->shop.channel = str_of(ops->name);
    t->s = (struct channel_session){.ops = ops,
                                    .clock = clock_system(),
                                    .rng = rng_system(),
                                    .shop = &t->shop,
                                    .max_attempts = 2};
    assert_ok(sandbox_start(&sandbox, &t->sandbox, &t->err), &t->err);
    t->who = sandbox_identity(t->sandbox);
    assert_ok(net_new(&net, &t->s.net, &t->err), &t->err);
    assert_ok(pace_new(&pace, &t->s.pace, &t->err), &t->err);
    know_the_shop(t);
    sign_in(t);
    t->meta = (struct channel_meta){0};
}

static void stage_end(struct stage *t)
{
    net_free(t->s.net);
    pace_free(t->s.pace);
    sandbox_stop(t->sandbox);
    arena_clear(&t->arena);
}

/* ---- asking ---- */

static struct category_rows fetch(struct stage *t, struct channel_tree_request request)
{
    struct category_rows rows = {0};

    if (t->s.ops->has_versions)
        request.version = STR_LIT("v2");
    t->err = (struct aisle_err){0};
    assert_ok(
        t->s.ops->fetch_categories(&t->s, &request, &t->arena, &rows, &t->meta, &t->err),
        &t->err);
    return rows;
}

static enum aisle_status try_fetch(struct stage *t)
{
    const struct channel_tree_request request = {
        .version = t->s.ops->has_versions ? STR_LIT("v2") : STR_LIT("")};
    struct category_rows rows;

    t->err = (struct aisle_err){0};
    return t->s.ops->fetch_categories(&t->s, &request, &t->arena, &rows, &t->meta,
                                      &t->err);
}

static const struct category_row *row_of(const struct category_rows *rows, struct str id)
{
    for (size_t i = 0; i < rows->count; i++)
        if (str_eq(rows->rows[i].id, id))
            return &rows->rows[i];
    return NULL;
}

/* ---- the promises ---- */

static void it_is_whole(struct stage *t)
{
    const struct channel_ops *ops = t->s.ops;

    assert_non_null(ops->hosts);
    assert_non_null(ops->fetch_categories);
    assert_non_null(ops->recommend);
    assert_non_null(ops->refresh);
    for (size_t i = 0; channel_drivers[i]; i++)
        assert_true(channel_drivers[i] == ops ||
                    strcmp(channel_drivers[i]->name, ops->name) != 0);
}

static void count_problem(void *ctx, enum taxonomy_problem problem, struct str id,
                          struct str name, struct str locale)
{
    size_t *count = ctx;

    (void)locale;
    if (problem == TAXONOMY_STRAY_SPACE)
        return; /* a marketplace's own, kept as sent */
    print_error("%s: %.*s %.*s\n", taxonomy_problem_name(problem), STR_ARG(id),
                STR_ARG(name));
    ++*count;
}

static void a_tree_is_one_tree(struct stage *t)
{
    struct category_rows rows = fetch(t, (struct channel_tree_request){0});
    struct taxonomy tree;
    size_t problems = 0;

    assert_true(rows.count > 5);
    assert_ok(
        taxonomy_build(&t->arena, &rows, 1, count_problem, &problems, &tree, &t->err),
        &t->err);
    assert_int_equal(problems, 0);
    assert_true(taxonomy_leaf_count(&tree) > 0);
    assert_true(tree.root_count < tree.count);
    for (size_t i = 0; i < rows.count; i++) {
        assert_true(rows.rows[i].name.n > 0);
        assert_false(str_is(rows.rows[i].parent_id, "0"));
        if (!t->s.ops->reports_permissions)
            assert_int_equal(rows.rows[i].permissions, 0);
    }
}

static void locales_are_one_structure(struct stage *t)
{
    struct category_rows per_locale[2];
    struct taxonomy tree;
    size_t problems = 0;

    if (!t->s.ops->has_locales)
        return;
    per_locale[0] = fetch(t, (struct channel_tree_request){.locale = STR_LIT("en-US")});
    per_locale[1] = fetch(t, (struct channel_tree_request){.locale = STR_LIT("id-ID")});
    assert_str(per_locale[0].locale, "en-US");
    assert_str(per_locale[1].locale, "id-ID");
    assert_ok(taxonomy_build(&t->arena, per_locale, 2, count_problem, &problems, &tree,
                             &t->err),
              &t->err);
    assert_int_equal(problems, 0);
}

static void what_a_keyword_finds_is_in_the_tree(struct stage *t)
{
    struct category_rows all = fetch(t, (struct channel_tree_request){0});
    struct category_rows found =
        fetch(t, (struct channel_tree_request){.keyword = STR_LIT("kaos"),
                                               .locale = STR_LIT("id-ID")});

    assert_true(found.count > 0 && found.count < all.count);
    for (size_t i = 0; i < found.count; i++) {
        const struct category_row *row = row_of(&all, found.rows[i].id);

        assert_non_null(row);
        assert_int_equal(row->leaf, found.rows[i].leaf);
    }
}

static bool holds(struct str text, const char *words)
{
    size_t n = strlen(words);

    for (size_t i = 0; i + n <= text.n; i++)
        if (str_eq_nocase(str_n(text.p + i, n), str_of(words)))
            return true;
    return false;
}

static void a_keyword_finds_names_that_hold_it(struct stage *t)
{
    struct category_rows found =
        fetch(t, (struct channel_tree_request){.keyword = STR_LIT("kaos"),
                                               .locale = STR_LIT("id-ID")});

    for (size_t i = 0; i < found.count; i++)
        if (!holds(found.rows[i].name, "kaos"))
            fail_msg("%.*s", STR_ARG(found.rows[i].name));
}

static void finding_nothing_is_no_failure(struct stage *t)
{
    struct category_rows found =
        fetch(t, (struct channel_tree_request){.keyword = STR_LIT("qqxzzv")});

    assert_int_equal(found.count, 0);
}

static struct channel_question kaos(const struct stage *t)
{
    return (struct channel_question){
        .title = STR_LIT("Kaos polos pria katun lengan pendek"),
        .version = t->s.ops->has_versions ? STR_LIT("v2") : STR_LIT("")};
}

static void advice_is_a_leaf_of_the_tree(struct stage *t)
{
    struct category_rows all = fetch(t, (struct channel_tree_request){0});
    struct channel_question question = kaos(t);
    const struct category_row *row, *last;
    struct channel_advice advice = {0};

    assert_ok(
        t->s.ops->recommend(&t->s, &question, &t->arena, &advice, &t->meta, &t->err),
        &t->err);
    row = row_of(&all, advice.category_id);
    assert_non_null(row);
    assert_true(row->leaf);
    if (advice.chain_count == 0)
        return;
    last = &advice.chain[advice.chain_count - 1];
    assert_true(str_eq(last->id, advice.category_id));
    assert_true(last->leaf);
    assert_str(advice.chain[0].parent_id, "");
    for (size_t i = 1; i < advice.chain_count; i++)
        assert_true(str_eq(advice.chain[i].parent_id, advice.chain[i - 1].id));
}

static void no_category_is_a_refusal(struct stage *t)
{
    const struct channel_question question = {
        .title = STR_LIT("qqxzzv wvxqj kkzqx vvvqzx jjqqx"),
        .version = t->s.ops->has_versions ? STR_LIT("v2") : STR_LIT("")};
    struct channel_advice advice = {.category_id = STR_LIT("as it was")};

    assert_status(
        t->s.ops->recommend(&t->s, &question, &t->arena, &advice, &t->meta, &t->err),
        AISLE_REFUSED, &t->err);
    assert_true(t->err.text[0]);
    assert_str(advice.category_id, "as it was");
}

static void success_fills_meta(struct stage *t)
{
    fetch(t, (struct channel_tree_request){0});
    assert_string_equal(t->meta.code, "0");
    assert_int_equal(t->meta.http_status, 200);
    assert_int_equal(t->meta.calls, 1);
    fetch(t, (struct channel_tree_request){0});
    assert_int_equal(t->meta.calls, 2);
}

static void nobody_need_listen(struct stage *t)
{
    const struct channel_tree_request request = {
        .version = t->s.ops->has_versions ? STR_LIT("v2") : STR_LIT("")};
    struct channel_question question = kaos(t);
    struct category_rows rows;
    struct channel_advice advice;

    assert_int_equal(
        t->s.ops->fetch_categories(&t->s, &request, &t->arena, &rows, NULL, NULL),
        AISLE_OK);
    assert_int_equal(
        t->s.ops->recommend(&t->s, &question, &t->arena, &advice, NULL, NULL), AISLE_OK);
}

static void a_refresh_brings_keys_that_work(struct stage *t)
{
    struct shop_keys fresh = {0};

    assert_ok(t->s.ops->refresh(&t->s, &t->arena, &fresh, &t->meta, &t->err), &t->err);
    assert_true(fresh.access_token.n > 0);
    assert_true(fresh.access_expires_at > clock_now_s(clock_system()) + 3600);
    assert_true(str_eq(fresh.app_secret, t->s.keys.app_secret));
    assert_true(str_eq(fresh.cipher, t->s.keys.cipher));
    t->s.keys = fresh;
    assert_ok(try_fetch(t), &t->err);
}

static void a_bad_token_is_auth(struct stage *t)
{
    t->s.keys.access_token = STR_LIT("nonsense");
    assert_status(try_fetch(t), AISLE_AUTH, &t->err);
    assert_true(t->meta.http_status >= 400);
    assert_int_equal(t->meta.calls, 1);
}

static void a_bad_secret_is_no_way_in(struct stage *t)
{
    struct shop_keys fresh = {.access_token = STR_LIT("as it was")};
    enum aisle_status status;

    t->s.keys.app_secret = STR_LIT("nonsense");
    status = t->s.ops->refresh(&t->s, &t->arena, &fresh, &t->meta, &t->err);
    assert_true(status == AISLE_CONFIG || status == AISLE_AUTH);
    assert_str(fresh.access_token, "as it was");
    assert_null(strstr(t->err.text, "nonsense"));
}

static void no_marketplace_is_busy(struct stage *t)
{
    t->s.max_attempts = 1;
    t->shop.api_url = STR_LIT("http://127.0.0.1:1");
    assert_status(try_fetch(t), AISLE_BUSY, &t->err);
    assert_int_equal(t->meta.calls, 0);
}

/* A BMP of one colour, which every channel that takes images takes. */
enum { SIDE = 320, HEADER = 54, IMAGE_BYTES = HEADER + SIDE * SIDE * 3 };

static void put_le32(unsigned char *at, uint32_t n)
{
    for (int i = 0; i < 4; i++, n >>= 8)
        at[i] = (unsigned char)n;
}

static struct str an_image(struct arena *arena)
{
    unsigned char *p = arena_zalloc(arena, 1, IMAGE_BYTES);

    assert_non_null(p);
    memset(p + HEADER, 0x55, IMAGE_BYTES - HEADER);
    memcpy(p, "BM", 2);
    put_le32(p + 2, IMAGE_BYTES);
    put_le32(p + 10, HEADER);
    put_le32(p + 14, 40);
    put_le32(p + 18, SIDE);
    put_le32(p + 22, SIDE);
    p[26] = 1;
    p[28] = 24;
    put_le32(p + 34, IMAGE_BYTES - HEADER);
    return str_n((const char *)p, IMAGE_BYTES);
}

static void an_image_can_be_referred_to(struct stage *t)
{
    const struct channel_image image = {.file_name = STR_LIT("kaos.bmp"),
                                        .mime = STR_LIT("image/bmp"),
                                        .bytes = an_image(&t->arena),
                                        .use_case = STR_LIT("MAIN_IMAGE")};
    struct channel_question question = kaos(t);
    struct pushed_image pushed = {0};
    struct channel_advice advice;

    if (!t->s.ops->push_image)
        return;
    assert_ok(t->s.ops->push_image(&t->s, &image, &t->arena, &pushed, &t->meta, &t->err),
              &t->err);
    assert_true(pushed.uri.n > 0 && pushed.url.n > 0);
    assert_str(pushed.use_case, "MAIN_IMAGE");
    assert_true(pushed.width == SIDE && pushed.height == SIDE);
    question.image_uris = &pushed.uri;
    question.image_count = 1;
    assert_ok(
        t->s.ops->recommend(&t->s, &question, &t->arena, &advice, &t->meta, &t->err),
        &t->err);
}

static void what_is_no_image_is_invalid(struct stage *t)
{
    const struct channel_image image = {.file_name = STR_LIT("kaos.png"),
                                        .mime = STR_LIT("image/png"),
                                        .bytes = STR_LIT(""),
                                        .use_case = STR_LIT("MAIN_IMAGE")};
    struct pushed_image pushed = {.uri = STR_LIT("as it was")};

    if (!t->s.ops->push_image)
        return;
    assert_status(
        t->s.ops->push_image(&t->s, &image, &t->arena, &pushed, &t->meta, &t->err),
        AISLE_INVALID, &t->err);
    assert_str(pushed.uri, "as it was");
}

static void shops_have_what_calls_need(struct stage *t)
{
    const struct channel_shop *shops = NULL;
    size_t count = 0;

    if (!t->s.ops->fetch_shops)
        return;
    assert_ok(t->s.ops->fetch_shops(&t->s, &t->arena, &shops, &count, &t->meta, &t->err),
              &t->err);
    assert_true(count > 0);
    assert_true(shops[0].id.n > 0 && shops[0].region.n > 0 && shops[0].cipher.n > 0);
    t->s.keys.cipher = shops[0].cipher;
    assert_ok(try_fetch(t), &t->err);
}

/* ---- consent: what a browser would do ---- */

/* Follows the link to the sandbox's page, which approves; the code it sends back. */
static struct str consent_at_sandbox(struct stage *t, struct str link)
{
    struct str path = str_skip(link, str_find(link, STR_LIT("/open/")));
    struct net_request r = {.method = "GET",
                            .url = arena_fmt(&t->arena, "%.*s%.*s&approve=1",
                                             STR_ARG(t->who->url), STR_ARG(path)),
                            .reach = NET_LOOPBACK};
    struct net_reply reply;
    struct str location, code;

    net_reply_init(&reply);
    assert_ok(net_send(t->s.net, &r, &reply, &t->err), &t->err);
    assert_int_equal(reply.status, 302);
    location = net_reply_header(&reply, "location");
    assert_true(str_find(location, STR_LIT("state=s%2F1")) < location.n);
    code = str_skip(location, str_find(location, STR_LIT("code=")) + 5);
    code = arena_str(&t->arena, str_cut(&code, '&'));
    net_reply_clear(&reply);
    return code;
}

static void consent_leads_to_keys(struct stage *t)
{
    struct buf link = BUF_INIT(BUF_MAX_LINE);
    struct shop_keys keys = {0};
    struct str code;

    if (!t->s.ops->consent_url)
        return;
    assert_non_null(t->s.ops->exchange_code);
    assert_ok(t->s.ops->consent_url(t->who->service_id, STR_LIT("ID"), STR_LIT("s/1"),
                                    &link, &t->err),
              &t->err);
    assert_true(str_starts(buf_str(&link), "https://"));
    code = consent_at_sandbox(t, buf_str(&link));
    t->s.keys.access_token = t->s.keys.refresh_token = STR_LIT("");
    assert_ok(t->s.ops->exchange_code(&t->s, code, &t->arena, &keys, &t->meta, &t->err),
              &t->err);
    assert_true(keys.access_token.n > 0 && keys.refresh_token.n > 0 && keys.scopes.n > 0);
    t->s.keys = keys;
    assert_ok(try_fetch(t), &t->err);
    buf_clear(&link);
}

static const struct {
    const char *name;
    void (*check)(struct stage *t);
} promises[] = {
#define PROMISE(name)                                                                    \
    {                                                                                    \
#name, name                                                                      \
    }
    PROMISE(it_is_whole),
    PROMISE(a_tree_is_one_tree),
    PROMISE(locales_are_one_structure),
    PROMISE(what_a_keyword_finds_is_in_the_tree),
    PROMISE(a_keyword_finds_names_that_hold_it),
    PROMISE(finding_nothing_is_no_failure),
    PROMISE(advice_is_a_leaf_of_the_tree),
    PROMISE(no_category_is_a_refusal),
    PROMISE(success_fills_meta),
    PROMISE(nobody_need_listen),
    PROMISE(a_refresh_brings_keys_that_work),
    PROMISE(a_bad_token_is_auth),
    PROMISE(a_bad_secret_is_no_way_in),
    PROMISE(no_marketplace_is_busy),
    PROMISE(an_image_can_be_referred_to),
    PROMISE(what_is_no_image_is_invalid),
    PROMISE(shops_have_what_calls_need),
    PROMISE(consent_leads_to_keys),
};

/* ---- running them ---- */

struct one {
    const struct channel_ops *ops;
    void (*check)(struct stage *t);
};

static void keep_promise(void **state)
{
    const struct one *one = *state;
    struct stage t;

    stage_begin(&t, one->ops);
    one->check(&t);
    stage_end(&t);
}

static void excuses_are_for_promises_there_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(excused); i++) {
        bool known = false;

        for (size_t k = 0; k < COUNT(promises); k++)
            known = known || strcmp(excused[i].from, promises[k].name) == 0;
        if (!known)
            fail_msg("no promise %s", excused[i].from);
    }
}

int main(void)
{
    static struct one all[8 * COUNT(promises)];
    static char names[COUNT(all)][100];
    static struct CMUnitTest tests[COUNT(all) + 1];
    size_t n = 0;

    for (size_t d = 0; d < 8 && channel_drivers[d]; d++) {
        for (size_t i = 0; i < COUNT(promises); i++) {
            if (is_excused(channel_drivers[d]->name, promises[i].name))
                continue;
            all[n] = (struct one){channel_drivers[d], promises[i].check};
            snprintf(names[n], sizeof names[n], "%s: %s", channel_drivers[d]->name,
                     promises[i].name);
            tests[n] = (struct CMUnitTest){names[n], keep_promise, NULL, NULL, &all[n]};
            n++;
        }
    }
    tests[n] = (struct CMUnitTest)cmocka_unit_test(excuses_are_for_promises_there_are);
    return _cmocka_run_group_tests("channels: contract", tests, n + 1, NULL, NULL);
}
