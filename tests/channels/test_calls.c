#include "data.h"
#include "scene.h"

#include "channels/tiktok/tiktok.h"
#include "channels/tokopedia/tokopedia.h"

#include <stdlib.h>

#define GOOD                                                                             \
    STR_INIT("{\"code\":0,\"message\":\"Success\",\"request_id\":\"r-ok\",\"data\":{}}")
#define NO(code)                                                                         \
    STR_INIT("{\"code\":" #code ",\"message\":\"told so\",\"request_id\":\"r-no\"}")
#define TOKO_GOOD STR_INIT("{\"header\":{\"error_code\":0},\"data\":{\"categories\":[]}}")

/* ---- what is repeated, and when ---- */

static const struct {
    const char *says;
    const struct channel_ops *ops;
    struct peer_answer answers[3]; /* the last is said again and again */
    int max_attempts;
    enum aisle_status want;
    size_t requests;
    double waited_s; /* at least, and at most half a second of chance an attempt more */
    const char *code;
    int http_status;
} repeats[] = {
    {"a good answer is the end",
     &tiktok_ops,
     {{.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     1,
     0,
     "0",
     200},
    {"429 without a time: a second",
     &tiktok_ops,
     {{.status = 429, .body = NO(36009002)}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"429 with seconds",
     &tiktok_ops,
     {{.status = 429, .headers = "Retry-After: 7\r\n", .body = NO(36009002)},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     7,
     "0",
     200},
    {"429 with a date, of a clock in June 2021",
     &tiktok_ops,
     {{.status = 429,
       .headers = "Retry-After: Wed, 16 Jun 2021 03:04:33 GMT\r\n",
       .body = NO(36009002)},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     9,
     "0",
     200},
    {"429 of something in between",
     &tiktok_ops,
     {{.status = 429, .body = STR_INIT("slow down")}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"longer than we wait is the caller's to decide",
     &tiktok_ops,
     {{.status = 429, .headers = "Retry-After: 600\r\n", .body = NO(36009002)}},
     0,
     AISLE_BUSY,
     1,
     0,
     "36009002",
     429},
    {"an internal error, twice",
     &tiktok_ops,
     {{.status = 500, .body = NO(36009003)},
      {.status = 500, .body = NO(36009003)},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     3,
     3,
     "0",
     200},
    {"a timeout of theirs",
     &tiktok_ops,
     {{.status = 200, .body = NO(36009007)}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"a page with 502",
     &tiktok_ops,
     {{.status = 502, .body = STR_INIT("<html>Bad Gateway</html>")},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"an answer cut short within its JSON",
     &tiktok_ops,
     {{.status = 200, .body = STR_INIT("{\"code\":0,\"da")},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"a connection cut within the body",
     &tiktok_ops,
     {{.raw = STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"code\""),
       .close = true},
      {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"a connection closed without a word",
     &tiktok_ops,
     {{.mute = true, .close = true}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"a page in place of an answer",
     &tiktok_ops,
     {{.status = 200, .body = STR_INIT("<html></html>")}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"success that came with 500 is none",
     &tiktok_ops,
     {{.status = 500, .body = GOOD}, {.status = 200, .body = GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"nor with 404, which is not asked again",
     &tiktok_ops,
     {{.status = 404, .body = GOOD}},
     0,
     AISLE_GARBLED,
     1,
     0,
     "0",
     404},
    {"a redirect is no answer, whatever is in it",
     &tiktok_ops,
     {{.status = 302, .headers = "Location: https://login.example/\r\n", .body = GOOD}},
     0,
     AISLE_GARBLED,
     1,
     0,
     "",
     302},
    {"Tokopedia: nor is it there",
     &tokopedia_ops,
     {{.status = 307, .body = TOKO_GOOD}},
     0,
     AISLE_GARBLED,
     1,
     0,
     "",
     307},
    {"Tokopedia: success that came with 500 is none",
     &tokopedia_ops,
     {{.status = 500, .body = TOKO_GOOD}, {.status = 200, .body = TOKO_GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"six times at most",
     &tiktok_ops,
     {{.status = 503, .body = NO(36009003)}},
     0,
     AISLE_BUSY,
     6,
     31,
     "36009003",
     503},
    {"or as often as was said",
     &tiktok_ops,
     {{.status = 503, .body = NO(36009003)}},
     2,
     AISLE_BUSY,
     2,
     1,
     "36009003",
     503},
    {"a page to the end is garbled",
     &tiktok_ops,
     {{.status = 200, .body = STR_INIT("<html></html>")}},
     3,
     AISLE_GARBLED,
     3,
     3,
     "",
     200},
    {"a wrong signature is not asked again",
     &tiktok_ops,
     {{.status = 401, .body = NO(106001)}},
     0,
     AISLE_CONFIG,
     1,
     0,
     "106001",
     401},
    {"nor an expired token",
     &tiktok_ops,
     {{.status = 401, .body = NO(105002)}},
     0,
     AISLE_AUTH,
     1,
     0,
     "105002",
     401},
    {"nor a refusal",
     &tiktok_ops,
     {{.status = 200, .body = NO(12019064)}},
     0,
     AISLE_REFUSED,
     1,
     0,
     "12019064",
     200},
    {"nor a rule that was broken",
     &tiktok_ops,
     {{.status = 200, .body = NO(12052217)}},
     0,
     AISLE_INVALID,
     1,
     0,
     "12052217",
     200},
    {"nor what nobody knows",
     &tiktok_ops,
     {{.status = 200, .body = NO(77)}},
     0,
     AISLE_REFUSED,
     1,
     0,
     "77",
     200},
    {"nor JSON that is no answer",
     &tiktok_ops,
     {{.status = 200, .body = STR_INIT("{}")}},
     0,
     AISLE_GARBLED,
     1,
     0,
     "",
     200},

    {"Tokopedia: 429 waits until all is free again, and a second",
     &tokopedia_ops,
     {{.status = 429,
       .headers = "X-Ratelimit-Limit: 5 req/s (burst 5)\r\nX-Ratelimit-Remaining: 0\r\n"
                  "X-Ratelimit-Reset-After: 0.200000\r\n"
                  "X-Ratelimit-Full-Reset-After: 1.200000\r\n",
       .body = STR_INIT("{\"header\":{\"error_code\":\"429\"},\"data\":null}")},
      {.status = 200, .body = TOKO_GOOD}},
     0,
     AISLE_OK,
     2,
     3,
     "0",
     200},
    {"Tokopedia: a time that is none is not waited",
     &tokopedia_ops,
     {{.status = 429,
       .headers = "X-Ratelimit-Full-Reset-After: 999999.5\r\n",
       .body = STR_INIT("{\"header\":{\"error_code\":\"429\"},\"data\":null}")},
      {.status = 200, .body = TOKO_GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"Tokopedia: 5xx",
     &tokopedia_ops,
     {{.status = 504, .body = STR_INIT("<html></html>")},
      {.status = 200, .body = TOKO_GOOD}},
     0,
     AISLE_OK,
     2,
     1,
     "0",
     200},
    {"Tokopedia: a 401 page is for whoever signs in",
     &tokopedia_ops,
     {{.status = 401, .body = STR_INIT("<html></html>")}},
     0,
     AISLE_AUTH,
     1,
     0,
     "",
     401},
    {"Tokopedia: an error of what lies behind it, with 200",
     &tokopedia_ops,
     {{.status = 200,
       .body = STR_INIT("{\"header\":{\"error_code\":\"PRD_GRPC_001\"},\"data\":null}")}},
     0,
     AISLE_BUSY,
     1,
     0,
     "PRD_GRPC_001",
     200},
};

static void what_may_be_repeated_is_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(repeats); i++) {
        size_t count = 1;
        struct scene scene;
        enum aisle_status status;
        double most;

        while (count < COUNT(repeats[i].answers) &&
               (repeats[i].answers[count].status || repeats[i].answers[count].raw.n ||
                repeats[i].answers[count].mute))
            count++;
        scene_begin(&scene, repeats[i].ops, repeats[i].answers, count);
        scene.s.max_attempts = repeats[i].max_attempts;
        status = scene_fetch(&scene);
        most = repeats[i].waited_s + 0.6 * (double)(repeats[i].requests - 1);
        if (status != repeats[i].want ||
            scene.peer.request_count != repeats[i].requests ||
            scene_waited_s(&scene) < repeats[i].waited_s ||
            scene_waited_s(&scene) > most ||
            strcmp(scene.meta.code, repeats[i].code) != 0 ||
            scene.meta.http_status != repeats[i].http_status)
            fail_msg("%s: %s after %zu, %.1f s, code %s, HTTP %d; %s", repeats[i].says,
                     aisle_status_name(status), (size_t)scene.peer.request_count,
                     scene_waited_s(&scene), scene.meta.code, scene.meta.http_status,
                     scene.err.text);
        assert_true((status == AISLE_OK) == (scene.err.status == AISLE_OK));
        scene_end(&scene);
    }
}

/* ---- a create, which must not be taken twice ---- */

#define MADE                                                                             \
    STR_INIT("{\"code\":0,\"message\":\"Success\",\"data\":{\"product_id\":\"17\"}}")

static const struct {
    const char *says;
    struct peer_answer answers[3]; /* the last is said again and again */
    enum aisle_status want;
    size_t requests;
    double waited_s; /* as above */
    bool throttled;
    bool lost; /* nobody knows whether it was taken */
} creates[] = {
    {"turned away, it is repeated",
     {{.status = 429, .body = NO(36009002)}, {.status = 200, .body = MADE}},
     AISLE_OK,
     2,
     1,
     false,
     false},
    {"after the time that was asked for",
     {{.status = 429, .headers = "Retry-After: 7\r\n", .body = NO(36009002)},
      {.status = 200, .body = MADE}},
     AISLE_OK,
     2,
     7,
     false,
     false},
    {"six times at most, and each later than the last",
     {{.status = 429, .body = NO(36009002)}},
     AISLE_BUSY,
     6,
     31,
     true,
     false},
    {"longer than we wait is the caller's to decide",
     {{.status = 429, .headers = "Retry-After: 600\r\n", .body = NO(36009002)}},
     AISLE_BUSY,
     1,
     0,
     true,
     false},
    {"what may have been taken is not sent again",
     {{.status = 500, .body = NO(36009003)}},
     AISLE_BUSY,
     1,
     0,
     false,
     true},
    {"nor where the connection ends",
     {{.mute = true, .close = true}},
     AISLE_BUSY,
     1,
     0,
     false,
     true},
    {"turned away first is no word about the next",
     {{.status = 429, .body = NO(36009002)}, {.mute = true, .close = true}},
     AISLE_BUSY,
     2,
     1,
     false,
     true},
    {"nor where its answer says success with a status that says none",
     {{.status = 500, .body = MADE}},
     AISLE_BUSY,
     1,
     0,
     false,
     true},
    {"nor where it is sent elsewhere",
     {{.status = 307, .headers = "Location: http://127.0.0.1:9/\r\n", .body = MADE}},
     AISLE_GARBLED,
     1,
     0,
     false,
     true},
};

struct sent {
    const struct clock *clock;
    size_t count;
    int64_t last_ms;
    enum aisle_status status;
};

static enum aisle_status note_sent(void *ctx, struct aisle_err *err)
{
    struct sent *sent = ctx;

    sent->count++;
    sent->last_ms = clock_now_ms(sent->clock);
    return sent->status == AISLE_OK ? AISLE_OK : aisle_fail(err, sent->status, "not now");
}

static enum aisle_status scene_create(struct scene *scene, struct sent *sent)
{
    struct channel_listed out;

    sent->clock = &scene->clock.clock;
    scene->s.about_to_send = note_sent;
    scene->s.about_ctx = sent;
    return tiktok_ops.listing->create(&scene->s, STR_LIT("{}"), &scene->arena, &out,
                                      &scene->meta, &scene->err);
}

static void a_create_is_repeated_where_it_was_turned_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(creates); i++) {
        struct scene scene;
        struct sent sent = {0};
        enum aisle_status status;
        double most, waited;
        size_t count = 0;

        while (count < COUNT(creates[i].answers) &&
               (creates[i].answers[count].status || creates[i].answers[count].mute))
            count++;
        scene_begin(&scene, &tiktok_ops, creates[i].answers, count);
        status = scene_create(&scene, &sent);
        most = creates[i].waited_s + 0.6 * (double)(creates[i].requests - 1);
        waited = scene_waited_s(&scene);
        if (status != creates[i].want ||
            scene.peer.request_count != creates[i].requests ||
            waited < creates[i].waited_s || waited > most ||
            scene.meta.throttled != creates[i].throttled ||
            scene.meta.lost != creates[i].lost)
            fail_msg("%s: %d, %zu requests in %.3f s, throttled %d, lost %d: %s",
                     creates[i].says, (int)status, scene.peer.request_count, waited,
                     scene.meta.throttled, scene.meta.lost, scene.err.text);
        /* told of each, and of the last when it went */
        assert_int_equal(sent.count, creates[i].requests);
        assert_int_equal(sent.last_ms, clock_now_ms(sent.clock));
        scene_end(&scene);
    }
}

static void what_must_not_go_does_not(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = MADE}};
    struct scene scene;
    struct sent sent = {.status = AISLE_CONFLICT};

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_status(scene_create(&scene, &sent), AISLE_CONFLICT, &scene.err);
    assert_int_equal(scene.peer.request_count, 0);
    scene_end(&scene);
}

static void each_attempt_is_signed_anew(void **state)
{
    static const struct peer_answer answers[] = {{.status = 503, .body = NO(36009003)},
                                                 {.status = 200, .body = GOOD}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 2);
    assert_ok(scene_fetch(&scene), &scene.err);
    assert_true(peer_was_told(&scene.peer, 0, "timestamp=1623812664&"));
    assert_true(peer_was_told(&scene.peer, 1, "timestamp=1623812665&"));
    assert_false(
        str_eq(buf_str(&scene.peer.requests[0]), buf_str(&scene.peer.requests[1])));
    scene_end(&scene);
}

static void a_request_is_signed_when_its_turn_has_come(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = GOOD}};
    struct pace_settings settings = {.per_second = 0.01};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    pace_free(scene.s.pace);
    settings.clock = &scene.clock.clock;
    settings.rng = &scene.rng.rng;
    assert_ok(pace_new(&settings, &scene.s.pace, &scene.err), &scene.err);
    assert_ok(scene_fetch(&scene), &scene.err);
    assert_ok(scene_fetch(&scene), &scene.err);
    assert_true(peer_was_told(&scene.peer, 0, "timestamp=1623812664&"));
    assert_true(peer_was_told(&scene.peer, 1, "timestamp=1623812764&"));
    scene_end(&scene);
}

/* ---- what is told of an answer ---- */

static void success_and_failure_tell_the_same_things(void **state)
{
    static const struct peer_answer good[] = {{.status = 200, .body = GOOD}},
                                    bad[] = {{.status = 429,
                                              .headers = "Retry-After: 300\r\n",
                                              .body = NO(36009002)}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, good, 1);
    assert_ok(scene_fetch(&scene), &scene.err);
    assert_ok(scene_fetch(&scene), &scene.err);
    assert_string_equal(scene.meta.code, "0");
    assert_string_equal(scene.meta.message, "Success");
    assert_string_equal(scene.meta.request_id, "r-ok");
    assert_int_equal(scene.meta.calls, 2); /* added to */
    scene_end(&scene);

    scene_begin(&scene, &tiktok_ops, bad, 1);
    assert_status(scene_fetch(&scene), AISLE_BUSY, &scene.err);
    assert_string_equal(scene.meta.code, "36009002");
    assert_string_equal(scene.meta.message, "told so");
    assert_string_equal(scene.meta.request_id, "r-no");
    assert_int_equal(scene.meta.calls, 1);
    assert_string_equal(scene.err.text, "Get Categories: told so");
    assert_string_equal(scene.err.remote_code, "36009002");
    assert_string_equal(scene.err.request_id, "r-no");
    assert_int_equal(scene.err.http_status, 429);
    assert_int_equal(scene.err.retry_after_s, 300);
    scene_end(&scene);
}

#define ELSEWHERE(where)                                                                 \
    "Get Categories: HTTP 302, a redirect to " where                                     \
    ", which was not followed: a proxy or a login page answers in between, or the "      \
    "shop's address (its api_url) is not the marketplace's"

/* Host and no more: what comes behind it may hold secrets. */
static void where_a_redirect_leads_is_told(void **state)
{
    static const struct {
        const char *headers, *want;
    } rows[] = {
        {"Location: https://login.example:8443/sso?token=S3CR3T\r\n",
         ELSEWHERE("https://login.example:8443")},
        {"location: HTTP://portal.example\r\n", ELSEWHERE("HTTP://portal.example")},
        {"Location: /login?S3CR3T\r\n", ELSEWHERE("another page")},
        {"Location: https://me:S3CR3T@login.example/\r\n", ELSEWHERE("another page")},
        {"Location: https://\xFF.example/\r\n", ELSEWHERE("another page")},
        {"", ELSEWHERE("another page")},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct peer_answer answers[] = {{.status = 302,
                                               .headers = rows[i].headers,
                                               .body = STR_LIT("<html></html>")}};
        struct scene scene;

        scene_begin(&scene, &tiktok_ops, answers, 1);
        assert_status(scene_fetch(&scene), AISLE_GARBLED, &scene.err);
        assert_string_equal(scene.err.text, rows[i].want);
        assert_int_equal(scene.err.http_status, 302);
        assert_int_equal(scene.peer.request_count, 1);
        scene_end(&scene);
    }
}

static void success_with_a_status_that_says_none_is_told(void **state)
{
    static const struct peer_answer answers[] = {{.status = 500, .body = GOOD}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    scene.s.max_attempts = 1;
    assert_status(scene_fetch(&scene), AISLE_BUSY, &scene.err);
    assert_string_equal(scene.err.text,
                        "Get Categories: HTTP 500 with an answer that says success");
    assert_string_equal(scene.err.request_id, "r-ok");
    scene_end(&scene);
}

static void an_answer_that_cannot_be_read_is_named(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .body = STR_INIT(
             "{\"code\":0,\"request_id\":\"r-odd\",\"data\":{\"categories\":7}}")}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_status(scene_fetch(&scene), AISLE_GARBLED, &scene.err);
    assert_string_equal(scene.err.request_id, "r-odd");
    assert_int_equal(scene.err.http_status, 200);
    scene_end(&scene);
}

/* An answer is read as it goes by: what one said that did not count is forgotten with it.
 */
static void rows_of_an_answer_that_failed_are_none_of_the_next(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 429,
         .body = STR_INIT("{\"data\":{\"categories\":[{\"id\":\"1\"},{\"id\":\"2\"}]},"
                          "\"code\":36009002}")},
        {.status = 200,
         .body = STR_INIT("{\"data\":{\"categories\":[{\"id\":\"3\"}]},\"code\":0}")},
    };
    const struct peer_answer without[] = {
        answers[0], {.status = 200, .body = STR_INIT("{\"code\":0}")}};
    const struct channel_tree_request request = {0};
    struct category_rows rows = {0};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 2);
    assert_ok(scene.s.ops->fetch_categories(&scene.s, &request, &scene.arena, &rows,
                                            &scene.meta, &scene.err),
              &scene.err);
    assert_int_equal(rows.count, 1);
    assert_str(rows.rows[0].id, "3");
    scene_end(&scene);

    scene_begin(&scene, &tiktok_ops, without, 2);
    assert_status(scene_fetch(&scene), AISLE_GARBLED, &scene.err);
    assert_string_equal(scene.err.text, "Get Categories: the answer has no data");
    scene_end(&scene);
}

static void no_answer_at_all_is_told_too(void **state)
{
    static const struct peer_answer answers[] = {{.mute = true, .close = true}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    scene.s.max_attempts = 2;
    assert_status(scene_fetch(&scene), AISLE_BUSY, &scene.err);
    assert_int_equal(scene.meta.calls, 0);
    assert_int_equal(scene.meta.http_status, 0);
    assert_string_equal(scene.meta.code, "");
    assert_non_null(strstr(scene.meta.message, "cut short"));
    assert_non_null(strstr(scene.err.text, "Get Categories: "));
    scene_end(&scene);
}

static void when_nobody_is_answered_for_long_it_is_given_up(void **state)
{
    static const struct peer_answer answers[] = {{.mute = true, .close = true}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_status(scene_fetch(&scene), AISLE_BUSY, &scene.err);
    assert_int_equal(scene.peer.request_count, 5); /* and not 6, 32 seconds later */
    assert_true(scene_waited_s(&scene) >= 15 && scene_waited_s(&scene) < 18);
    scene_end(&scene);
}

static void an_end_of_the_run_is_heard_between_attempts(void **state)
{
    static const struct peer_answer answers[] = {{.status = 503, .body = NO(36009003)}};
    atomic_bool over = true;
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    scene.s.over = &over;
    assert_status(scene_fetch(&scene), AISLE_STOPPED, &scene.err);
    assert_int_equal(scene.peer.request_count, 0);
    scene_end(&scene);
}

static void tokopedias_header_is_kept(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 400,
         .body = STR_INIT(
             "{\"header\":{\"process_time\":0.25,\"messages\":\"malformed\","
             "\"reason\":\"invalid fs_id format\",\"error_code\":\"PRD_DLV_002\"},"
             "\"data\":null}")}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tokopedia_ops, answers, 1);
    assert_status(scene_fetch(&scene), AISLE_CONFIG, &scene.err);
    assert_string_equal(scene.meta.message, "malformed");
    assert_string_equal(scene.meta.reason, "invalid fs_id format");
    assert_true(scene.meta.process_time_s > 0.24 && scene.meta.process_time_s < 0.26);
    assert_string_equal(scene.err.text,
                        "Get All Categories: malformed: invalid fs_id format");
    assert_string_equal(scene.err.remote_code, "PRD_DLV_002");
    scene_end(&scene);
}

/* ---- manners ---- */

static void many_429s_slow_this_shop_down(void **state)
{
    static const struct peer_answer answers[] = {{.status = 429, .body = NO(36009002)}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_status(scene_fetch(&scene), AISLE_BUSY, &scene.err);
    assert_true(pace_rate(scene.s.pace, STR_LIT(SCENE_APP_KEY "/13004")) > 0);
    assert_true(pace_rate(scene.s.pace, STR_LIT(SCENE_APP_KEY "/13005")) <= 0);
    scene_end(&scene);
}

static void tokopedias_limit_is_kept(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .headers = "X-Ratelimit-Limit: 5 req/s (burst 5)\r\nX-Ratelimit-Remaining: 3\r\n"
                    "X-Ratelimit-Reset-After: -0.000000\r\n"
                    "X-Ratelimit-Full-Reset-After: 0.200000\r\n",
         .body = TOKO_GOOD}};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tokopedia_ops, answers, 1);
    for (int i = 0; i < 6; i++)
        assert_ok(scene_fetch(&scene), &scene.err);
    /* the first taught it, the second came at once; four more at five a second */
    assert_true(scene_waited_s(&scene) >= 0.8 && scene_waited_s(&scene) < 1.1);
    scene_end(&scene);
}

/* The rate that is kept to after an answer with these headers; 0 no limit. */
static void a_limit_nobody_can_mean_is_none(void **state)
{
#define LIMIT(is) "X-Ratelimit-Limit: " is "\r\n"
    static const struct {
        const char *headers;
        double rate;
    } rows[] = {
        {LIMIT("5 req/s (burst 5)"), 5},
        {LIMIT("1"), 1},
        {LIMIT("1000 req/s"), 1000},
        {LIMIT("0 req/s (burst 0)"), 0},
        {LIMIT("-5"), 0},
        {LIMIT("-0.000000"), 0},
        {LIMIT("0.001 req/s"), 0},
        {LIMIT("1000000000000"), 0},
        {LIMIT("1001"), 0},
        {LIMIT("nan"), 0},
        {LIMIT("inf req/s"), 0},
        {LIMIT("0x10"), 0},
        {LIMIT("many"), 0},
        {LIMIT(""), 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct peer_answer answers[] = {
            {.status = 200, .headers = rows[i].headers, .body = TOKO_GOOD}};
        struct scene scene;
        double rate;

        scene_begin(&scene, &tokopedia_ops, answers, 1);
        assert_ok(scene_fetch(&scene), &scene.err);
        rate = pace_rate(scene.s.pace, STR_LIT(SCENE_APP_KEY "/13004"));
        if (rate < rows[i].rate || rate > rows[i].rate)
            fail_msg("%s: %g a second", rows[i].headers, rate);
        scene_end(&scene);
    }
}

static void a_stop_is_heard_between_attempts(void **state)
{
    static const struct peer_answer answers[] = {{.status = 503, .body = NO(36009003)}};
    static atomic_bool stop;
    struct pace_settings settings = {.stop = &stop};
    struct pace *deaf;
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    settings.clock = &scene.clock.clock;
    settings.rng = &scene.rng.rng;
    deaf = scene.s.pace;
    assert_ok(pace_new(&settings, &scene.s.pace, &scene.err), &scene.err);
    atomic_store(&stop, true);
    assert_status(scene_fetch(&scene), AISLE_STOPPED, &scene.err);
    assert_int_equal(scene.peer.request_count, 0);
    pace_free(deaf);
    scene_end(&scene);
}

/* ---- secrets ---- */

/* Every secret here holds S3CR3T; the peer echoes what it was sent. */
static void secrets_reach_neither_log_nor_failure(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 503,
         .body = STR_INIT("{\"code\":36009003,\"message\":\"bad refresh_token=TTR_S3CR3T&"
                          "app_secret=S3CR3T in GET /api\",\"request_id\":\"r\"}")}};
    struct shop_keys keys;
    struct scene scene;
    char nobody[64];
    int fd;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    scene.s.max_attempts = 2;
    scene.s.keys.app_secret = STR_LIT("S3CR3T");
    assert_status(
        scene.s.ops->refresh(&scene.s, &scene.arena, &keys, &scene.meta, &scene.err),
        AISLE_BUSY, &scene.err);
    assert_true(peer_times_told(&scene.peer, 0, "S3CR3T") == 2);
    assert_null(strstr(scene.err.text, "S3CR3T"));
    assert_null(strstr(scene.meta.message, "S3CR3T"));
    assert_true(scene.log.n > 0);
    assert_null(strstr(scene.log.p, "S3CR3T"));

    fd = peer_absent(nobody, sizeof nobody); /* libcurl's words go into the failure */
    scene.shop.api_url = scene.shop.auth_url = str_of(nobody);
    scene.err = (struct aisle_err){0};
    assert_status(
        scene.s.ops->refresh(&scene.s, &scene.arena, &keys, &scene.meta, &scene.err),
        AISLE_BUSY, &scene.err);
    assert_null(strstr(scene.err.text, "S3CR3T"));
    assert_null(strstr(scene.log.p, "S3CR3T"));
    close(fd);
    scene_end(&scene);
}

/* Each answer quotes a secret with no name before it; the last is cut within it. */
static void secrets_quoted_bare_are_hidden(void **state)
{
#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
    static const struct peer_answer answers[] = {
        {.status = 200,
         .body = STR_INIT("{\"code\":1,\"message\":\"TTP_S3CR3T is bad\"}")},
        {.status = 200,
         .body = STR_INIT("{\"code\":1,\"message\":\"no TTR_S3CR3T, no TTP_S3CR3T\"}")},
        {.status = 200,
         .body = STR_INIT("{\"code\":1,\"message\":\"no\",\"request_id\":"
                          "\"TTP_S3CR3T\"}")},
        {.status = 200,
         .body =
             STR_INIT("{\"code\":1,\"message\":\"" X50 X50 X50 X50 X50 "TTP_S3CR3T\"}")},
        {.status = 200,
         .body = STR_INIT("{\"code\":1,\"message\":\"" X50 X50 X50 X50
                          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxTTP_S3CR3T\"}")},
    };
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, COUNT(answers));
    for (size_t i = 0; i < COUNT(answers); i++) {
        assert_status(scene_fetch(&scene), AISLE_REFUSED, &scene.err);
        assert_null(strstr(scene.err.text, "S3CR3"));
        assert_null(strstr(scene.err.request_id, "S3CR3"));
        assert_null(strstr(scene.meta.message, "S3CR3"));
    }
    scene_end(&scene);
}

/* ---- tokens ---- */

static void a_refresh_fills_all_keys(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .body = STR_INIT(
             "{\"code\":0,\"message\":\"success\",\"data\":{\"access_token\":\"a2\","
             "\"access_token_expire_in\":1900000000,\"refresh_token\":\"r2\","
             "\"refresh_token_expire_in\":1990000000,\"granted_scopes\":"
             "[\"seller.product.basic\"]}}")}};
    struct shop_keys keys = {0};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_ok(
        scene.s.ops->refresh(&scene.s, &scene.arena, &keys, &scene.meta, &scene.err),
        &scene.err);
    assert_str(keys.access_token, "a2");
    assert_str(keys.refresh_token, "r2");
    assert_int_equal(keys.access_expires_at, 1900000000);
    assert_int_equal(keys.refresh_expires_at, 1990000000);
    assert_str(keys.scopes, "seller.product.basic");
    assert_str(keys.app_secret, SCENE_APP_SECRET);
    assert_str(keys.cipher, SCENE_CIPHER);
    scene_end(&scene);
}

static void a_failed_refresh_leaves_the_keys_alone(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = NO(36004001)}};
    struct shop_keys keys = {.access_token = STR_LIT("as it was")};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, answers, 1);
    assert_status(
        scene.s.ops->refresh(&scene.s, &scene.arena, &keys, &scene.meta, &scene.err),
        AISLE_AUTH, &scene.err);
    assert_str(keys.access_token, "as it was");
    scene_end(&scene);
}

static void tokopedias_token_lives_as_long_as_it_says(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .body = STR_INIT("{\"access_token\":\"c:x\",\"expires_in\":1209600,"
                          "\"token_type\":\"Bearer\"}")}};
    struct shop_keys keys = {0};
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tokopedia_ops, answers, 1);
    assert_ok(
        scene.s.ops->refresh(&scene.s, &scene.arena, &keys, &scene.meta, &scene.err),
        &scene.err);
    assert_str(keys.access_token, "c:x");
    assert_int_equal(keys.access_expires_at, SCENE_NOW + 1209600);
    assert_str(keys.app_secret, SCENE_APP_SECRET);
    assert_str(keys.refresh_token, "");
    scene_end(&scene);
}

/* ---- a whole answer, read ---- */

static void a_recommendation_outlives_its_answer(void **state)
{
    static const struct peer_answer
        tiktok[] =
            {{.status = 200,
              .body = STR_INIT(
                  "{\"code\":0,\"data\":{\"leaf_category_id\":\"12\",\"categories\":["
                  "{\"id\":\"1\",\"name\":\"Fesyen\",\"level\":1},"
                  "{\"id\":\"12\",\"name\":\"Kaos\",\"level\":2,\"is_leaf\":true}]}}")}},
        tokopedia[] = {
            {.status = 200,
             .body = STR_INIT("{\"header\":{},\"data\":{\"categories\":[{\"Name\":"
                              "\"fesyen / Kaos\",\"id\":\"12\"},{\"Name\":\"x\","
                              "\"id\":\"13\"}]}}")}};
    const struct channel_question question = {.title = STR_LIT("Kaos polos pria")};
    struct channel_advice advice;
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tiktok_ops, tiktok, 1);
    assert_ok(scene.s.ops->recommend(&scene.s, &question, &scene.arena, &advice,
                                     &scene.meta, &scene.err),
              &scene.err);
    assert_str(advice.category_id, "12");
    assert_int_equal(advice.chain_count, 2);
    assert_str(advice.chain[1].parent_id, "1");
    assert_str(advice.chain[1].name, "Kaos");
    scene_end(&scene);

    scene_begin(&scene, &tokopedia_ops, tokopedia, 1);
    assert_ok(scene.s.ops->recommend(&scene.s, &question, &scene.arena, &advice,
                                     &scene.meta, &scene.err),
              &scene.err);
    assert_str(advice.category_id, "12");
    assert_int_equal(advice.chain_count, 1);
    assert_str(advice.chain[0].name, "Kaos");
    scene_end(&scene);
}

static void finding_nothing_is_a_refusal(void **state)
{
    static const struct peer_answer tokopedia[] = {{.status = 200, .body = TOKO_GOOD}};
    const struct channel_question question = {.title = STR_LIT("zzz")};
    struct channel_advice advice;
    struct scene scene;

    (void)state;
    scene_begin(&scene, &tokopedia_ops, tokopedia, 1);
    assert_status(scene.s.ops->recommend(&scene.s, &question, &scene.arena, &advice,
                                         &scene.meta, &scene.err),
                  AISLE_REFUSED, &scene.err);
    scene_end(&scene);
}

/* ---- memory ---- */

static enum aisle_status fetch_once(void *ctx, struct aisle_err *err)
{
    struct scene *scene = ctx;
    const struct channel_tree_request request = {.locale = STR_LIT("id-ID")};
    struct arena arena = ARENA_INIT(1 << 20);
    struct category_rows rows;
    enum aisle_status status =
        scene->s.ops->fetch_categories(&scene->s, &request, &arena, &rows, NULL, err);

    arena_clear(&arena);
    return status;
}

static enum aisle_status refresh_once(void *ctx, struct aisle_err *err)
{
    struct scene *scene = ctx;
    struct arena arena = ARENA_INIT(1 << 20);
    struct shop_keys keys;
    enum aisle_status status = scene->s.ops->refresh(&scene->s, &arena, &keys, NULL, err);

    arena_clear(&arena);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    static const struct {
        const struct channel_ops *ops;
        struct peer_answer answer;
        check_work_fn *work;
    } cases[] = {
        {&tiktok_ops,
         {.status = 200,
          .body = STR_INIT("{\"code\":0,\"data\":{\"categories\":[{\"id\":\"1\"}]}}")},
         fetch_once},
        {&tiktok_ops,
         {.status = 200,
          .body =
              STR_INIT("{\"code\":0,\"data\":{\"access_token\":\"a\",\"refresh_token\":"
                       "\"r\",\"granted_scopes\":[\"x\"]}}")},
         refresh_once},
        {&tokopedia_ops,
         {.status = 200,
          .body = STR_INIT("{\"header\":{},\"data\":{\"categories\":[{\"id\":\"1\"}]}}")},
         fetch_once},
        {&tokopedia_ops,
         {.status = 200, .body = STR_INIT("{\"access_token\":\"a\"}")},
         refresh_once},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_begin(&scene, cases[i].ops, &cases[i].answer, 1);
        assert_true(each_allocation_failing(cases[i].work, &scene) > 5);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_be_repeated_is_and_nothing_else),
        cmocka_unit_test(a_create_is_repeated_where_it_was_turned_away),
        cmocka_unit_test(what_must_not_go_does_not),
        cmocka_unit_test(each_attempt_is_signed_anew),
        cmocka_unit_test(a_request_is_signed_when_its_turn_has_come),
        cmocka_unit_test(success_and_failure_tell_the_same_things),
        cmocka_unit_test(where_a_redirect_leads_is_told),
        cmocka_unit_test(success_with_a_status_that_says_none_is_told),
        cmocka_unit_test(an_answer_that_cannot_be_read_is_named),
        cmocka_unit_test(rows_of_an_answer_that_failed_are_none_of_the_next),
        cmocka_unit_test(no_answer_at_all_is_told_too),
        cmocka_unit_test(when_nobody_is_answered_for_long_it_is_given_up),
        cmocka_unit_test(an_end_of_the_run_is_heard_between_attempts),
        cmocka_unit_test(tokopedias_header_is_kept),
        cmocka_unit_test(many_429s_slow_this_shop_down),
        cmocka_unit_test(tokopedias_limit_is_kept),
        cmocka_unit_test(a_limit_nobody_can_mean_is_none),
        cmocka_unit_test(a_stop_is_heard_between_attempts),
        cmocka_unit_test(secrets_reach_neither_log_nor_failure),
        cmocka_unit_test(secrets_quoted_bare_are_hidden),
        cmocka_unit_test(a_refresh_fills_all_keys),
        cmocka_unit_test(a_failed_refresh_leaves_the_keys_alone),
        cmocka_unit_test(tokopedias_token_lives_as_long_as_it_says),
        cmocka_unit_test(a_recommendation_outlives_its_answer),
        cmocka_unit_test(finding_nothing_is_a_refusal),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("channels: calls", tests, NULL, NULL);
}
