#include "scene.h"

#include "channels/tiktok/tiktok.h"
#include "channels/tiktok/wire.h"
#include "channels/tokopedia/tokopedia.h"
#include "channels/tokopedia/wire.h"

#include <stdlib.h>

/* ---- what each call sends, byte for byte where it counts ---- */

static const struct peer_answer silence[] = {{.status = 403}};

static void fetch_whole(struct scene *scene)
{
    scene_fetch(scene);
}

static void fetch_by_keyword(struct scene *scene)
{
    const struct channel_tree_request request = {.locale = STR_LIT("id-ID"),
                                                 .keyword = STR_LIT("Kaos"),
                                                 .version = STR_LIT("v1"),
                                                 .platform = STR_LIT("TIKTOK_SHOP")};
    struct category_rows rows;

    scene->s.ops->fetch_categories(&scene->s, &request, &scene->arena, &rows, NULL, NULL);
}

static void fetch_with_prohibited(struct scene *scene)
{
    const struct channel_tree_request request = {.locale = STR_LIT("pt-BR"),
                                                 .keyword = STR_LIT("50% & baru=?"),
                                                 .include_prohibited = true};
    struct category_rows rows;

    scene->s.ops->fetch_categories(&scene->s, &request, &scene->arena, &rows, NULL, NULL);
}

static void ask_with_an_image(struct scene *scene)
{
    const struct str uris[] = {
        STR_LIT("tos-maliva-i-o3syd03w52-us/c668cdf70b7f483c94dbe")};
    const struct channel_question question = {
        .title = STR_LIT("Men's Fashion Sports Low Cut Cotton Breathable Ankle Short"),
        .image_uris = uris,
        .image_count = 1,
        .version = STR_LIT("v2")};
    struct channel_advice advice;

    scene->s.ops->recommend(&scene->s, &question, &scene->arena, &advice, NULL, NULL);
}

static void ask_with_everything(struct scene *scene)
{
    struct str uris[12];
    struct channel_question question = {.title = STR_LIT("Kaos \"Pria\" \\ ชุด"),
                                        .description = STR_LIT("<p>a\nb</p>"),
                                        .image_uris = uris,
                                        .image_count = COUNT(uris),
                                        .version = STR_LIT("v2"),
                                        .platform = STR_LIT("TOKOPEDIA")};
    struct channel_advice advice;

    for (size_t i = 0; i < COUNT(uris); i++)
        uris[i] = STR_LIT("u");
    scene->s.ops->recommend(&scene->s, &question, &scene->arena, &advice, NULL, NULL);
}

static void push(struct scene *scene)
{
    const struct channel_image image = {.file_name = STR_LIT("kaos.png"),
                                        .mime = STR_LIT("image/png"),
                                        .bytes = STR_LIT("\x89PNG\r\n\0bytes"),
                                        .use_case = STR_LIT("MAIN_IMAGE")};
    struct pushed_image pushed;

    scene->s.ops->push_image(&scene->s, &image, &scene->arena, &pushed, NULL, NULL);
}

static void push_with_nothing_said(struct scene *scene)
{
    const struct channel_image image = {.bytes = STR_LIT("x")};
    struct pushed_image pushed;

    scene->s.ops->push_image(&scene->s, &image, &scene->arena, &pushed, NULL, NULL);
}

static void list_shops(struct scene *scene)
{
    const struct channel_shop *shops;
    size_t count;

    scene->s.ops->fetch_shops(&scene->s, &scene->arena, &shops, &count, NULL, NULL);
}

static void refresh(struct scene *scene)
{
    struct shop_keys keys;

    scene->s.ops->refresh(&scene->s, &scene->arena, &keys, NULL, NULL);
}

static void exchange(struct scene *scene)
{
    struct shop_keys keys;

    scene->s.ops->exchange_code(&scene->s, STR_LIT("TTP_FeBo+/="), &scene->arena, &keys,
                                NULL, NULL);
}

static const struct {
    const char *says;
    const struct channel_ops *ops;
    void (*call)(struct scene *scene);
    const char *line;     /* the request line */
    const char *has[4];   /* what else stands in it */
    const char *hasnt[3]; /* and what does not, in any case of letters */
} requests[] = {
    {"the whole tree, nothing asked for",
     &tiktok_ops,
     fetch_whole,
     "GET "
     "/product/202309/"
     "categories?app_key=29a39d&timestamp=1623812664&shop_cipher=" SCENE_CIPHER
     "&sign=f1bc587e9995647f033eba5bb478608e4f7ae73156c01761ae74b2c79c89af4b "
     "HTTP/1.1\r\n",
     {"x-tts-access-token: TTP_S3CR3T\r\n", "application/json"},
     {"keyword", "locale", "access_token="}},
    {"a keyword, in their sample's words",
     &tiktok_ops,
     fetch_by_keyword,
     "GET /product/202309/categories?locale=id-ID&keyword=Kaos&category_version=v1&"
     "listing_platform=TIKTOK_SHOP&app_key=29a39d&timestamp=1623812664&shop_"
     "cipher=" SCENE_CIPHER
     "&sign=65c2318b8194759aac649cd7f658cbf986cbca4e10df48a4b3761533af1a92a8 "
     "HTTP/1.1\r\n",
     {"x-tts-access-token: TTP_S3CR3T\r\n"},
     {0}},
    {"reserved characters are encoded, and signed as they were meant",
     &tiktok_ops,
     fetch_with_prohibited,
     "GET /product/202309/categories?locale=pt-BR&keyword=50%25%20%26%20baru%3D%3F&"
     "include_prohibited_categories=true&app_key=29a39d&timestamp=1623812664&shop_"
     "cipher=" SCENE_CIPHER
     "&sign=d22ac19dd30e6c68453ca0dba5503c833d83f07ab4e5e0efc04521abc1705411 "
     "HTTP/1.1\r\n",
     {0},
     {0}},
    {"a question with an image",
     &tiktok_ops,
     ask_with_an_image,
     "POST /product/202309/categories/recommend?app_key=29a39d&timestamp=1623812664&"
     "shop_cipher=" SCENE_CIPHER
     "&sign=1060c60e72056d48bc183bd29964af665c818f0792a73e195aa2e79e666f52ae "
     "HTTP/1.1\r\n",
     {"Content-Type: application/json\r\n", "Content-Length: 172\r\n",
      "\r\n\r\n{\"product_title\":\"Men's Fashion Sports Low Cut Cotton Breathable Ankle "
      "Short\",\"images\":[{\"uri\":\"tos-maliva-i-o3syd03w52-us/"
      "c668cdf70b7f483c94dbe\"}],"
      "\"category_version\":\"v2\"}"},
     {0}},
    {"a question with everything, and no more than nine images",
     &tiktok_ops,
     ask_with_everything,
     "POST /product/202309/categories/recommend?app_key=29a39d&timestamp=1623812664&"
     "shop_cipher=" SCENE_CIPHER
     "&sign=83b66c6bf77367e2bbcb8900001e10f0e3df5fe21688a174f763d62d0d6a7b64 "
     "HTTP/1.1\r\n",
     {"\r\n\r\n{\"product_title\":\"Kaos \\\"Pria\\\" \\\\ "
      "ชุด\",\"description\":\"<p>a\\nb"
      "</"
      "p>\",\"images\":[{\"uri\":\"u\"},{\"uri\":\"u\"},{\"uri\":\"u\"},{\"uri\":\"u\"},{"
      "\"uri\":\"u\"},{\"uri\":\"u\"},{\"uri\":\"u\"},{\"uri\":\"u\"},{\"uri\":\"u\"}],"
      "\"category_version\":\"v2\",\"listing_platform\":\"TOKOPEDIA\"}"},
     {0}},
    {"an image: no cipher, its body not signed",
     &tiktok_ops,
     push,
     "POST /product/202309/images/upload?app_key=29a39d&timestamp=1623812664&sign="
     "2f292aaeecc6a6ce8c7240771265c3342b343f27ef91271fe72a9452d74fa844 HTTP/1.1\r\n",
     {"Content-Type: multipart/form-data; boundary=",
      "Content-Disposition: form-data; name=\"data\"; filename=\"kaos.png\"\r\n"
      "Content-Type: image/png\r\n\r\n",
      "Content-Disposition: form-data; name=\"use_case\"\r\n\r\nMAIN_IMAGE\r\n"},
     {"shop_cipher", "application/json"}},
    {"an image has a file name even without one",
     &tiktok_ops,
     push_with_nothing_said,
     "POST /product/202309/images/upload?app_key=29a39d&timestamp=1623812664&sign="
     "2f292aaeecc6a6ce8c7240771265c3342b343f27ef91271fe72a9452d74fa844 HTTP/1.1\r\n",
     {"name=\"data\"; filename=\"image\"\r\n"},
     {"use_case"}},
    {"the shops: their worked example",
     &tiktok_ops,
     list_shops,
     "GET /authorization/202309/shops?app_key=29a39d&timestamp=1623812664&sign="
     "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8 HTTP/1.1\r\n",
     {"x-tts-access-token: TTP_S3CR3T\r\n"},
     {"shop_cipher"}},
    {"tokens for a code",
     &tiktok_ops,
     exchange,
     "GET /api/v2/token/get?app_key=29a39d&app_secret=e59af819cc&auth_code="
     "TTP_FeBo%2B%2F%3D&grant_type=authorized_code HTTP/1.1\r\n",
     {0},
     {"sign=", "x-tts-access-token"}},
    {"tokens for a refresh token",
     &tiktok_ops,
     refresh,
     "GET /api/v2/token/refresh?app_key=29a39d&app_secret=e59af819cc&refresh_token="
     "TTR_S3CR3T&grant_type=refresh_token HTTP/1.1\r\n",
     {0},
     {"sign=", "x-tts-access-token"}},
    {"Tokopedia: the whole tree",
     &tokopedia_ops,
     fetch_whole,
     "GET /inventory/v1/fs/13004/product/category HTTP/1.1\r\n",
     {"Authorization: Bearer TTP_S3CR3T\r\n"},
     {"content-type", "?keyword"}},
    {"Tokopedia: a keyword; locale, version and platform do not exist",
     &tokopedia_ops,
     fetch_by_keyword,
     "GET /inventory/v1/fs/13004/product/category?keyword=Kaos HTTP/1.1\r\n",
     {0},
     {"locale", "version"}},
    {"Tokopedia: a recommendation is a keyword call with the title",
     &tokopedia_ops,
     ask_with_an_image,
     "GET "
     "/inventory/v1/fs/13004/product/category?keyword=Men%27s%20Fashion%20Sports%20Low%"
     "20Cut%20Cotton%20Breathable%20Ankle%20Short HTTP/1.1\r\n",
     {0},
     {"tos-maliva"}},
    {"Tokopedia: a token by client credentials",
     &tokopedia_ops,
     refresh,
     "POST /token?grant_type=client_credentials HTTP/1.1\r\n",
     {"Authorization: Basic MjlhMzlkOmU1OWFmODE5Y2M=\r\n", "Content-Length: 0\r\n"},
     {"Bearer", "content-type"}},
};

static void requests_are_as_documented(void **state)
{
    bool good = true;

    (void)state;
    for (size_t i = 0; i < COUNT(requests); i++) {
        struct scene scene;
        struct str got;

        scene_begin(&scene, requests[i].ops, silence, 1);
        requests[i].call(&scene);
        got = buf_str(&scene.peer.requests[0]);
        if (!str_starts(got, requests[i].line)) {
            print_error("%s:\n%s", requests[i].says, got.p);
            good = false;
        }
        for (size_t k = 0; k < COUNT(requests[i].has) && requests[i].has[k]; k++) {
            if (!peer_was_told(&scene.peer, 0, requests[i].has[k])) {
                print_error("%s has no %s\n%s", requests[i].says, requests[i].has[k],
                            got.p);
                good = false;
            }
        }
        for (size_t k = 0; k < COUNT(requests[i].hasnt) && requests[i].hasnt[k]; k++) {
            if (peer_times_told(&scene.peer, 0, requests[i].hasnt[k])) {
                print_error("%s has %s\n%s", requests[i].says, requests[i].hasnt[k],
                            got.p);
                good = false;
            }
        }
        assert_int_equal(scene.peer.request_count, 1);
        scene_end(&scene);
    }
    assert_true(good);
}

/* ---- what is not even sent ---- */

static void break_app_key(struct scene *s)
{
    s->shop.app_key = STR_LIT("");
}

static void break_secret(struct scene *s)
{
    s->s.keys.app_secret = STR_LIT("");
}

static void break_cipher(struct scene *s)
{
    s->s.keys.cipher = STR_LIT("");
}

static void break_token(struct scene *s)
{
    s->s.keys.access_token = STR_LIT("");
}

static void break_refresh_token(struct scene *s)
{
    s->s.keys.refresh_token = STR_LIT("");
}

static void break_token_with_line_end(struct scene *s)
{
    s->s.keys.access_token = STR_LIT("TTP_S3CR3T\r\n");
}

static void break_fs_id(struct scene *s)
{
    s->shop.remote_id = STR_LIT("13004/../7");
}

static void break_fs_id_zero(struct scene *s)
{
    s->shop.remote_id = STR_LIT("0");
}

static void break_url_plain(struct scene *s)
{
    s->shop.api_url = s->shop.auth_url = STR_LIT("http://open-api.tiktokglobalshop.com");
}

static void break_url_other(struct scene *s)
{
    s->shop.api_url = s->shop.auth_url =
        STR_LIT("https://open-api.tiktokglobalshop.com.evil.example");
}

static void break_url_path(struct scene *s)
{
    s->shop.api_url = arena_fmt(&s->arena, "%s/prefix", s->peer.url);
}

static const struct {
    const char *says;
    const struct channel_ops *ops;
    void (*break_it)(struct scene *scene);
    void (*call)(struct scene *scene);
} never_sent[] = {
    {"no app key", &tiktok_ops, break_app_key, fetch_whole},
    {"no app secret", &tiktok_ops, break_secret, fetch_whole},
    {"no cipher", &tiktok_ops, break_cipher, fetch_whole},
    {"no cipher", &tiktok_ops, break_cipher, ask_with_an_image},
    {"no access token", &tiktok_ops, break_token, fetch_whole},
    {"no refresh token", &tiktok_ops, break_refresh_token, refresh},
    {"no app secret for tokens", &tiktok_ops, break_secret, refresh},
    {"a line end in the token", &tiktok_ops, break_token_with_line_end, fetch_whole},
    {"plain http to the real host", &tiktok_ops, break_url_plain, fetch_whole},
    {"plain http to the real token host", &tiktok_ops, break_url_plain, refresh},
    {"another host", &tiktok_ops, break_url_other, fetch_whole},
    {"another token host", &tiktok_ops, break_url_other, exchange},
    {"an address with a path", &tiktok_ops, break_url_path, fetch_whole},
    {"fs_id is no number", &tokopedia_ops, break_fs_id, fetch_whole},
    {"fs_id is zero", &tokopedia_ops, break_fs_id_zero, fetch_whole},
    {"no access token", &tokopedia_ops, break_token, fetch_whole},
    {"no client id", &tokopedia_ops, break_app_key, refresh},
    {"no client secret", &tokopedia_ops, break_secret, refresh},
    {"another host", &tokopedia_ops, break_url_other, fetch_whole},
    {"another token host", &tokopedia_ops, break_url_other, refresh},
};

static void what_lacks_a_key_is_not_sent(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(never_sent); i++) {
        struct scene scene;

        scene_begin(&scene, never_sent[i].ops, silence, 1);
        never_sent[i].break_it(&scene);
        never_sent[i].call(&scene);
        if (scene.peer.request_count)
            fail_msg("%s: %s was sent", never_sent[i].ops->name, never_sent[i].says);
        scene_end(&scene);
    }
}

static void a_cipher_is_missed_only_where_it_belongs(void **state)
{
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, silence, 1);
    break_cipher(&scene);
    push(&scene);
    list_shops(&scene);
    assert_int_equal(scene.peer.request_count, 2);
    assert_status(scene_fetch(&scene), AISLE_CONFIG, &scene.err);
    assert_non_null(strstr(scene.err.text, "cipher"));
    scene_end(&scene);
}

static void a_question_needs_a_title(void **state)
{
    static const struct channel_ops *const ops[] = {&tiktok_ops, &tokopedia_ops};
    const struct channel_question blank = {.title = STR_LIT("  \t")};

    (void)state;
    for (size_t i = 0; i < COUNT(ops); i++) {
        struct channel_advice advice;
        struct scene scene;

        scene_begin(&scene, ops[i], silence, 1);
        assert_status(
            ops[i]->recommend(&scene.s, &blank, &scene.arena, &advice, NULL, &scene.err),
            AISLE_INVALID, &scene.err);
        assert_int_equal(scene.peer.request_count, 0);
        scene_end(&scene);
    }
}

/* ---- consent ---- */

static void consent_has_a_page_of_its_own_in_the_us(void **state)
{
    static const struct {
        const char *region, *want;
    } cases[] = {
        {"ID",
         "https://services.tiktokshop.com/open/authorize?service_id=7%2F1&state=a%20b"},
        {"",
         "https://services.tiktokshop.com/open/authorize?service_id=7%2F1&state=a%20b"},
        {"US", "https://services.us.tiktokshop.com/open/"
               "authorize?service_id=7%2F1&state=a%20b"},
        {"us", "https://services.us.tiktokshop.com/open/"
               "authorize?service_id=7%2F1&state=a%20b"},
    };
    struct aisle_err err = {0};
    struct buf out = BUF_INIT(BUF_MAX_LINE);

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        buf_reset(&out);
        assert_ok(tiktok_ops.consent_url(STR_LIT("7/1"), str_of(cases[i].region),
                                         STR_LIT("a b"), &out, &err),
                  &err);
        assert_text(cases[i].region, buf_str(&out), cases[i].want);
    }
    assert_status(
        tiktok_ops.consent_url(STR_LIT(""), STR_LIT("ID"), STR_LIT("s"), &out, &err),
        AISLE_CONFIG, &err);
    buf_clear(&out);
}

/* ---- building with little memory ---- */

static enum aisle_status build_all(void *ctx, struct aisle_err *err)
{
    const struct shop_keys keys = {.app_secret = STR_LIT("s"), .cipher = STR_LIT("c")};
    const struct tiktok_asker asker = {STR_LIT("http://localhost"), STR_LIT("k"), &keys,
                                       7};
    const struct channel_question question = {.title = STR_LIT("Kaos")};
    struct buf body = BUF_INIT(BUF_MAX_REQUEST), url = BUF_INIT(BUF_MAX_LINE),
               token = BUF_INIT(BUF_MAX_LINE), path = BUF_INIT(BUF_MAX_LINE),
               basic = BUF_INIT(BUF_MAX_LINE);
    struct tiktok_request r;
    enum aisle_status status = tiktok_recommend_build(&question, &body, &r, err);

    (void)ctx;
    if (status == AISLE_OK)
        status = tiktok_url(&r, &asker, &url, err);
    if (status == AISLE_OK)
        status = tiktok_token_build(TIKTOK_BY_CODE, STR_LIT("k"), STR_LIT("s"),
                                    STR_LIT("c"), &token, err);
    if (status == AISLE_OK)
        status = tokopedia_categories_build(STR_LIT("7"), STR_LIT("a"), &path, err);
    if (status == AISLE_OK)
        status = tokopedia_token_build(STR_LIT("i"), STR_LIT("s"), &basic, err);
    buf_clear(&body);
    buf_clear(&url);
    buf_clear(&token);
    buf_clear(&path);
    buf_clear(&basic);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(build_all, NULL) >= 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_as_documented),
        cmocka_unit_test(what_lacks_a_key_is_not_sent),
        cmocka_unit_test(a_cipher_is_missed_only_where_it_belongs),
        cmocka_unit_test(a_question_needs_a_title),
        cmocka_unit_test(consent_has_a_page_of_its_own_in_the_us),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("channels: requests", tests, NULL, NULL);
}
