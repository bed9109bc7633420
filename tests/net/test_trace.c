#include "data.h"
#include "peer.h"

#include "base/json.h"
#include "net/trace.h"

#include <stdlib.h>
#include <sys/stat.h>

/* A client whose talk is taken down. Every secret in these tests holds S3CR3T. */
struct scene {
    struct peer peer;
    struct clock_still clock;
    struct net_trace *trace;
    struct net *net;
    struct net_reply reply;
    char path[64];
    struct aisle_err err;
};

static void scene_begin(struct scene *s, const struct peer_answer *answers, size_t count)
{
    struct net_settings settings = {.timeout_ms = 60000};
    int fd;

    memset(s, 0, sizeof *s);
    clock_still_init(&s->clock, 1700000000000);
    snprintf(s->path, sizeof s->path, "/tmp/aisle-trace-XXXXXX");
    fd = mkstemp(s->path);
    assert_true(fd >= 0);
    close(fd);
    unlink(s->path);
    assert_ok(net_trace_open(str_of(s->path), &s->clock.clock, &s->trace, &s->err),
              &s->err);
    settings.clock = &s->clock.clock;
    settings.trace = s->trace;
    assert_ok(net_new(&settings, &s->net, &s->err), &s->err);
    net_reply_init(&s->reply);
    peer_start(&s->peer, answers, count);
}

static enum aisle_status ask(struct scene *s, const char *path, struct net_request r)
{
    char url[512];

    snprintf(url, sizeof url, "%s%s", s->peer.url, path);
    r.url = str_of(url);
    r.method = r.method ? r.method : "GET";
    r.reach = NET_ANYWHERE;
    s->err = (struct aisle_err){0};
    return net_send(s->net, &r, &s->reply, &s->err);
}

/* What was taken down, when all is said. */
static struct buf scene_end(struct scene *s)
{
    struct buf text = file_read(s->path);

    peer_stop(&s->peer);
    net_reply_clear(&s->reply);
    net_free(s->net);
    net_trace_close(s->trace);
    unlink(s->path);
    return text;
}

/* The nth line, as JSON. */
static json_t *line_of(const struct buf *text, size_t n)
{
    struct str rest = buf_str(text), line = {0};
    struct aisle_err err = {0};
    json_t *out = NULL;

    for (size_t i = 0; i <= n; i++)
        line = str_cut(&rest, '\n');
    assert_ok(json_read(line, line.n, "line", &out, &err), &err);
    return out;
}

static bool says(const struct buf *text, const char *words)
{
    return str_find(buf_str(text), str_of(words)) < text->n;
}

static void a_call_is_taken_down_whole(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200, .headers = "X-Id: 7\r\n", .body = STR_INIT("{\"code\":0}")}};
    struct net_request r = {.method = "POST",
                            .body = STR_LIT("{\"product_title\":\"Kaos\"}"),
                            .content_type = STR_LIT("application/json")};
    struct scene s;
    struct buf text;
    json_t *line;
    const json_t *request, *reply;

    (void)state;
    scene_begin(&s, answers, 1);
    assert_ok(ask(&s, "/product?locale=id-ID", r), &s.err);
    text = scene_end(&s);
    line = line_of(&text, 0);
    request = json_at(line, "request");
    reply = json_at(line, "reply");
    assert_str(json_str(line, "time"), "2023-11-14T22:13:20Z");
    assert_true(json_is_integer(json_at(line, "ms")));
    assert_str(json_str(request, "method"), "POST");
    assert_true(str_ends(json_str(request, "url"), "/product?locale=id-ID"));
    assert_str(json_str(request, "content_type"), "application/json");
    assert_str(json_str(request, "body"), "{\"product_title\":\"Kaos\"}");
    assert_int_equal(json_int(reply, "status", 0), 200);
    assert_str(json_str(reply, "body"), "{\"code\":0}");
    assert_true(says(&text, "X-Id: 7"));
    json_decref(line);
    buf_clear(&text);
}

/* Before: what the peer got and gave. After: what was taken down. */
static void secrets_are_not(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200,
         .headers = "Set-Cookie: id=S3CR3T\r\n",
         .body = STR_INIT("{\"data\":{\"access_token\":\"S3CR3T1\",\"refresh_token\":"
                          "\"S3CR3T2\",\"seller_name\":\"Toko A\"}}")}};
    static const struct net_header headers[] = {
        {STR_INIT("x-tts-access-token"), STR_INIT("TTP_S3CR3T")},
        {STR_INIT("Authorization"), STR_INIT("Basic S3CR3T==")},
        {STR_INIT("x-other"), STR_INIT("plain")},
    };
    struct scene s;
    struct buf text;

    (void)state;
    scene_begin(&s, answers, 1);
    assert_ok(ask(&s,
                  "/api/v2/token/get?app_key=29a39d&app_secret=S3CR3T&auth_code=S3CR3T"
                  "&grant_type=authorized_code&shop_cipher=S3CR3T&sign=S3CR3T",
                  (struct net_request){.headers = headers, .header_count = 3}),
              &s.err);
    assert_int_equal(peer_times_told(&s.peer, 0, "S3CR3T"), 6);
    assert_true(str_find(buf_str(&s.reply.body), STR_LIT("S3CR3T2")) < s.reply.body.n);
    text = scene_end(&s);
    assert_false(says(&text, "S3CR3T"));
    assert_true(says(&text, "app_key=29a39d"));
    assert_true(says(&text, "grant_type=authorized_code"));
    assert_true(says(&text, "x-other: plain"));
    assert_true(says(&text, "Toko A"));
    buf_clear(&text);
}

static void a_long_body_is_cut_after_it_was_scrubbed(void **state)
{
    struct buf body = BUF_INIT(1 << 20);
    struct peer_answer answer = {.status = 200};
    struct scene s;
    struct buf text;
    json_t *line;

    (void)state;
    buf_addz(&body, "{\"fill\":\"");
    while (body.n < 16 * 1024 - 40)
        buf_addc(&body, 'x');
    buf_addz(&body, "\",\"access_token\":\"");
    for (int i = 0; i < 100; i++)
        buf_addz(&body, "S3CR3T");
    buf_addz(&body, "\",\"tail\":\"");
    for (int i = 0; i < 10000; i++)
        buf_addz(&body, "\xc3\xa9");
    buf_addz(&body, "\"}");
    answer.body = buf_str(&body);
    scene_begin(&s, &answer, 1);
    assert_ok(ask(&s, "/", (struct net_request){0}), &s.err);
    text = scene_end(&s);
    assert_false(says(&text, "S3C"));
    assert_true(text.n < 20000);
    line = line_of(&text, 0);
    assert_int_equal(json_int(json_at(line, "reply"), "bytes", 0), body.n);
    assert_true(json_int(json_at(line, "reply"), "cut_at", 0) > 16000);
    json_decref(line);
    buf_clear(&text);
    buf_clear(&body);
}

static void what_is_no_text_is_told_by_its_digest(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    static const struct net_part parts[] = {
        {STR_INIT("data"), STR_INIT("a.png"), STR_INIT("image/png"),
         STR_INIT("\x89PNG\r\n\0\1\2")},
        {.name = STR_INIT("use_case"), .data = STR_INIT("MAIN_IMAGE")}};
    struct scene s;
    struct buf text;

    (void)state;
    scene_begin(&s, answers, 1);
    assert_ok(
        ask(&s, "/",
            (struct net_request){.method = "POST", .parts = parts, .part_count = 2}),
        &s.err);
    text = scene_end(&s);
    assert_true(says(&text, "{\"name\":\"data\",\"file_name\":\"a.png\",\"mime\":\"image/"
                            "png\",\"bytes\":9,\"sha256\":\""));
    assert_true(
        says(&text, "{\"name\":\"use_case\",\"bytes\":10,\"data\":\"MAIN_IMAGE\"}"));
    assert_false(says(&text, "PNG"));
    buf_clear(&text);
}

static void failures_and_hops_are_lines_too(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 302, .headers = "Location: /two\r\n"}, {.mute = true, .close = true}};
    struct scene s;
    struct buf text;
    json_t *line;

    (void)state;
    scene_begin(&s, answers, 2);
    assert_status(ask(&s, "/one", (struct net_request){.max_redirects = 1}), AISLE_BUSY,
                  &s.err);
    text = scene_end(&s);
    line = line_of(&text, 0);
    assert_int_equal(json_int(json_at(line, "reply"), "status", 0), 302);
    json_decref(line);
    line = line_of(&text, 1);
    assert_true(str_ends(json_str(json_at(line, "request"), "url"), "/two"));
    assert_true(json_str(line, "failed").n > 0);
    assert_null(json_at(line, "reply"));
    json_decref(line);
    buf_clear(&text);
}

static void a_transcript_is_for_its_owner_and_grows(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct stat info;
    struct net_trace *again = NULL;
    struct scene s;
    struct buf text;
    json_t *line;

    (void)state;
    scene_begin(&s, answers, 1);
    assert_int_equal(stat(s.path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_ok(ask(&s, "/", (struct net_request){0}), &s.err);
    assert_ok(net_trace_open(str_of(s.path), &s.clock.clock, &again, &s.err), &s.err);
    net_trace_close(again);
    assert_ok(ask(&s, "/", (struct net_request){0}), &s.err);
    text = scene_end(&s);
    line = line_of(&text, 1);
    json_decref(line);
    buf_clear(&text);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    struct clock_still clock;
    struct net_trace *trace = NULL;
    struct aisle_err err = {0};

    (void)state;
    clock_still_init(&clock, 0);
    assert_status(net_trace_open(STR_LIT("/nowhere/t.jsonl"), &clock.clock, &trace, &err),
                  AISLE_IO, &err);
    assert_non_null(strstr(err.text, "/nowhere/t.jsonl"));
    assert_null(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_taken_down_whole),
        cmocka_unit_test(secrets_are_not),
        cmocka_unit_test(a_long_body_is_cut_after_it_was_scrubbed),
        cmocka_unit_test(what_is_no_text_is_told_by_its_digest),
        cmocka_unit_test(failures_and_hops_are_lines_too),
        cmocka_unit_test(a_transcript_is_for_its_owner_and_grows),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
    };

    return cmocka_run_group_tests_name("net: trace", tests, NULL, NULL);
}
