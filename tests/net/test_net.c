#include "peer.h"

#include "net/net.h"

#include <stdlib.h>

/* ---- a client and a peer ---- */

struct talk {
    struct peer peer;
    struct net *net;
    struct net_reply reply;
    struct net_settings settings;
    struct clock_still clock;
    struct aisle_err err;
};

static void talk_begin(struct talk *t, const struct peer_answer *answers, size_t count)
{
    memset(t, 0, sizeof *t);
    clock_still_init(&t->clock, 1700000000000);
    t->settings = (struct net_settings){.clock = &t->clock.clock, .timeout_ms = 60000};
    peer_start(&t->peer, answers, count);
    assert_ok(net_new(&t->settings, &t->net, &t->err), &t->err);
    net_reply_init(&t->reply);
}

static void talk_end(struct talk *t)
{
    net_reply_clear(&t->reply);
    net_free(t->net);
    peer_stop(&t->peer);
}

/* GET path from the peer. */
static enum aisle_status get(struct talk *t, const char *path, struct net_request r)
{
    char url[256];

    snprintf(url, sizeof url, "%s%s", t->peer.url, path);
    r.method = r.method ? r.method : "GET";
    r.url = str_of(url);
    t->err = (struct aisle_err){0};
    return net_send(t->net, &r, &t->reply, &t->err);
}

static const struct net_request anywhere = {.reach = NET_ANYWHERE};

/* ---- what is sent ---- */

static void connections_are_kept(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200, .body = STR_INIT("one")},
        {.status = 503, .body = STR_INIT("two")}};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/a", anywhere), &t.err);
    assert_str(buf_str(&t.reply.body), "one");
    assert_ok(get(&t, "/b", anywhere), &t.err);
    assert_str(buf_str(&t.reply.body), "two");
    assert_int_equal(t.reply.status, 503);
    assert_int_equal(t.peer.connections, 1);
    assert_true(peer_was_told(&t.peer, 0, "GET /a HTTP/1.1\r\n"));
    assert_true(peer_was_told(&t.peer, 0, "User-Agent: aisle/" AISLE_VERSION "\r\n"));
    talk_end(&t);
}

/* On a connection of before, too: where it ends without an answer libcurl would ask
 * again. */
static void a_body_is_never_sent_twice_by_itself(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = STR_INIT("one")},
                                                 {.mute = true, .close = true}};
    static const char *const methods[] = {"POST", "PUT", "DELETE"};

    (void)state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        struct net_request r = {
            .method = methods[i], .body = STR_INIT("{\"sku\":1}"), .reach = NET_ANYWHERE};
        struct talk t;

        talk_begin(&t, answers, COUNT(answers));
        assert_ok(get(&t, "/", anywhere), &t.err);
        assert_int_equal(get(&t, "/products", r), AISLE_BUSY);
        assert_non_null(strstr(t.err.text, "without an answer"));
        assert_int_equal(t.peer.request_count, 2);
        assert_true(peer_was_told(&t.peer, 1, "{\"sku\":1}"));
        talk_end(&t);
    }
}

/* The address counts, not the name; and a connection made for anyone is not used for what
 * is for the public only. */
static void a_name_is_judged_by_what_it_resolves_to(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200, .body = STR_INIT("one")}};
    struct net_request r = {.method = "GET", .reach = NET_PUBLIC};
    char url[64];
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    snprintf(url, sizeof url, "http://localhost:%u/", t.peer.port);
    r.url = str_of(url);
    assert_status(net_send(t.net, &r, &t.reply, &t.err), AISLE_INVALID, &t.err);
    assert_non_null(strstr(t.err.text, "localhost"));

    r.reach = NET_ANYWHERE;
    t.err = (struct aisle_err){0};
    assert_ok(net_send(t.net, &r, &t.reply, &t.err), &t.err);
    r.reach = NET_PUBLIC;
    assert_status(net_send(t.net, &r, &t.reply, &t.err), AISLE_INVALID, &t.err);
    assert_int_equal(t.peer.request_count, 1);
    talk_end(&t);
}

static void there_is_one_content_type(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = STR_INIT("{}")}};
    static const struct net_part parts[] = {
        {STR_INIT("data"), STR_INIT("a \"b\".png"), STR_INIT("image/png"),
         STR_INIT("\x89PNG\0\r\n bytes")},
        {.name = STR_INIT("use_case"), .data = STR_INIT("MAIN_IMAGE")},
    };
    static const struct {
        const char *says;
        struct net_request r;
        const char *type, *rest;
        size_t times;
    } cases[] = {
        {"a JSON body",
         {.method = "POST",
          .body = STR_INIT("{\"a\":1}"),
          .content_type = STR_INIT("application/json")},
         "Content-Type: application/json\r\n",
         "\r\n\r\n{\"a\":1}",
         1},
        {"a DELETE with a body",
         {.method = "DELETE",
          .body = STR_INIT("{}"),
          .content_type = STR_INIT("application/json")},
         "Content-Type: application/json\r\n",
         "DELETE /x",
         1},
        {"a POST without a body",
         {.method = "POST"},
         "Content-Length: 0\r\n",
         "POST /x",
         0},
        {"a GET that names one",
         {.method = "GET", .content_type = STR_INIT("application/json")},
         "content-type: application/json\r\n",
         "GET /x",
         1},
        {"a form, and its part that has one",
         {.method = "POST", .parts = parts, .part_count = 2},
         "Content-Type: multipart/form-data; boundary=",
         "\r\n\r\nMAIN_IMAGE\r\n",
         2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct net_request r = cases[i].r;
        struct talk t;

        talk_begin(&t, answers, COUNT(answers));
        r.reach = NET_LOOPBACK;
        assert_ok(get(&t, "/x", r), &t.err);
        if (peer_times_told(&t.peer, 0, "content-type:") != cases[i].times ||
            peer_times_told(&t.peer, 0, cases[i].type) != 1 ||
            !peer_was_told(&t.peer, 0, cases[i].rest) ||
            peer_times_told(&t.peer, 0, "expect:"))
            fail_msg("%s:\n%s", cases[i].says, t.peer.requests[0].p);
        talk_end(&t);
    }
}

static void a_file_is_sent_byte_for_byte(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct net_part part = {
        STR_INIT("data"), STR_INIT("big.bin"), STR_INIT("application/octet-stream"), {0}};
    struct net_request r = {
        .method = "POST", .parts = &part, .part_count = 1, .reach = NET_ANYWHERE};
    struct buf bytes = BUF_INIT(1 << 22);
    struct talk t;

    (void)state;
    for (unsigned i = 0; i < 3000000; i++)
        buf_addc(&bytes, (char)(i * 2654435761u >> 24));
    part.data = buf_str(&bytes);
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", r), &t.err);
    assert_true(str_find(buf_str(&t.peer.requests[0]), part.data) < t.peer.requests[0].n);
    talk_end(&t);
    buf_clear(&bytes);
}

static void odd_addresses_are_mended_or_refused(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/My Photo \xc3\xa9.png?a=%20b#top", anywhere), &t.err);
    assert_true(
        peer_was_told(&t.peer, 0, "GET /My%20Photo%20%C3%A9.png?a=%20b HTTP/1.1"));
    assert_ok(get(&t, "/a/../b/./c", anywhere), &t.err);
    assert_true(peer_was_told(&t.peer, 1, "GET /a/../b/./c HTTP/1.1"));
    assert_ok(get(&t, "?q=1", anywhere), &t.err);
    assert_true(peer_was_told(&t.peer, 2, "GET /?q=1 HTTP/1.1"));
    assert_status(get(&t, "/a\r\nHost: x", anywhere), AISLE_INVALID, &t.err);
    talk_end(&t);
}

static void a_header_cannot_smuggle_another(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    static const struct net_header bad = {STR_INIT("x-tts-access-token"),
                                          STR_INIT("abc\r\nX-Evil: 1")};
    static const struct net_header empty = {STR_INIT("x-nothing"), STR_INIT("")};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_status(get(&t, "/",
                      (struct net_request){
                          .headers = &bad, .header_count = 1, .reach = NET_ANYWHERE}),
                  AISLE_INVALID, &t.err);
    assert_null(strstr(t.err.text, "abc"));
    assert_int_equal(t.peer.request_count, 0);
    assert_ok(get(&t, "/",
                  (struct net_request){
                      .headers = &empty, .header_count = 1, .reach = NET_ANYWHERE}),
              &t.err);
    assert_true(peer_was_told(&t.peer, 0, "x-nothing:\r\n"));
    talk_end(&t);
}

/* ---- what comes back ---- */

static void failures_have_their_status(void **state)
{
    static char flood[100000], line[150000];
    static const struct {
        const char *says;
        struct peer_answer answer;
        struct net_request r;
        enum aisle_status want;
        const char *words;
    } cases[] = {
        {"a body that fits",
         {.status = 200, .body = STR_INIT("12345678")},
         {.max_reply = 8},
         AISLE_OK,
         ""},
        {"a body too long by its length",
         {.status = 200, .body = STR_INIT("123456789")},
         {.max_reply = 8},
         AISLE_LIMIT,
         "8 bytes"},
        {"a body too long without a length",
         {.raw = STR_INIT("HTTP/1.1 200 OK\r\n\r\n123456789"), .close = true},
         {.max_reply = 8},
         AISLE_LIMIT,
         "8 bytes"},
        {"a chunked body",
         {.raw = STR_INIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "4\r\nabcd\r\n3\r\nefg\r\n0\r\n\r\n")},
         {0},
         AISLE_OK,
         "abcdefg"},
        {"a chunked body without its end",
         {.raw = STR_INIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "4\r\nabcd\r\n"),
          .close = true},
         {0},
         AISLE_BUSY,
         "cut short"},
        {"a body shorter than announced",
         {.raw = STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
          .close = true},
         {0},
         AISLE_BUSY,
         "cut short"},
        {"a connection closed without a word",
         {.mute = true, .close = true},
         {0},
         AISLE_BUSY,
         "cut short"},
        {"no answer in time",
         {.mute = true},
         {.timeout_ms = 150},
         AISLE_BUSY,
         "took too long"},
        {"a body that stops coming",
         {.raw = STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")},
         {.timeout_ms = 150},
         AISLE_BUSY,
         "took too long"},
        {"not HTTP",
         {.raw = STR_INIT("SSH-2.0-OpenSSH\r\n"), .close = true},
         {0},
         AISLE_GARBLED,
         "HTTP"},
        {"headers without end",
         {.status = 200, .headers = flood},
         {0},
         AISLE_LIMIT,
         "headers"},
        {"one header without end",
         {.status = 200, .headers = line},
         {0},
         AISLE_LIMIT,
         "headers"},
        {"a redirect not followed",
         {.status = 302, .headers = "Location: /b\r\n"},
         {0},
         AISLE_OK,
         ""},
    };

    (void)state;
    for (size_t n = 0; n + 100 < sizeof flood;)
        n += (size_t)snprintf(flood + n, sizeof flood - n, "X-%zu: %080d\r\n", n, 1);
    memset(line, 'x', sizeof line - 3);
    memcpy(line, "X-Long: ", 8);
    memcpy(line + sizeof line - 3, "\r\n", 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct net_request r = cases[i].r;
        enum aisle_status status;
        struct talk t;

        talk_begin(&t, &cases[i].answer, 1);
        r.reach = NET_LOOPBACK;
        status = get(&t, "/", r);
        if (status != cases[i].want ||
            !strstr(status == AISLE_OK ? buf_str(&t.reply.body).p : t.err.text,
                    cases[i].words))
            fail_msg("%s: %s, %s", cases[i].says, aisle_status_name(status), t.err.text);
        talk_end(&t);
    }
}

static void nobody_there_is_busy(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
    char url[64];
    int fd = peer_absent(url, sizeof url);
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    r.url = str_of(url);
    assert_status(net_send(t.net, &r, &t.reply, &t.err), AISLE_BUSY, &t.err);
    assert_non_null(strstr(t.err.text, "cannot be reached"));
    talk_end(&t);
    close(fd);
}

static void what_a_reply_held_is_replaced(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200, .headers = "X-A: 1\r\n", .body = STR_INIT("a long body")},
        {.status = 200, .headers = "x-b: 2\r\n", .body = STR_INIT("b")}};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", anywhere), &t.err);
    assert_str(net_reply_header(&t.reply, "x-a"), "1");
    assert_ok(get(&t, "/", anywhere), &t.err);
    assert_str(buf_str(&t.reply.body), "b");
    assert_str(net_reply_header(&t.reply, "X-B"), "2");
    assert_str(net_reply_header(&t.reply, "X-A"), "");
    talk_end(&t);
}

static void headers_are_those_of_the_answer_itself(void **state)
{
    static const struct peer_answer answers[] = {
        {.raw = STR_INIT("HTTP/1.1 103 Early Hints\r\nX-A: early\r\n\r\n"
                         "HTTP/1.1 200 OK\r\nX-A: late\r\nContent-Length: 0\r\n\r\n")}};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", anywhere), &t.err);
    assert_int_equal(t.reply.status, 200);
    assert_str(net_reply_header(&t.reply, "X-A"), "late");
    talk_end(&t);
}

static void only_so_many_headers_are_kept(void **state)
{
    static char many[20000];
    static const struct peer_answer answers[] = {{.status = 200, .headers = many}};
    struct talk t;

    (void)state;
    for (size_t n = 0; n + 100 < sizeof many;)
        n += (size_t)snprintf(many + n, sizeof many - n, "X-%zu: %050d\r\n", n, 1);
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", anywhere), &t.err);
    assert_true(t.reply.headers.n <= NET_MAX_KEPT_HEADERS);
    assert_true(t.reply.headers.n > NET_MAX_KEPT_HEADERS - 100);
    assert_true(str_ends(buf_str(&t.reply.headers), "\r\n"));
    talk_end(&t);
}

static void a_compressed_body_comes_unpacked_and_capped(void **state)
{
    /* 1,000 times "a" in gzip */
    static const char packed[] =
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 29\r\n\r\n"
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x4c\x1c\x05\xa3\x60"
        "\x14\x0c\x77\x00\x00\x03\xda\x38\x9a\xe8\x03\x00\x00";
    static const struct peer_answer answers[] = {
        {.raw = {packed, sizeof packed - 1}, .close = true}};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", anywhere), &t.err);
    assert_int_equal(t.reply.body.n, 1000);
    assert_status(
        get(&t, "/", (struct net_request){.reach = NET_ANYWHERE, .max_reply = 999}),
        AISLE_LIMIT, &t.err);
    talk_end(&t);
}

/* ---- redirects ---- */

static void redirects_are_followed_hop_by_hop(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 302, .headers = "Location: /two\r\n"},
        {.status = 307, .headers = "Location: th ree?x=y\r\n"},
        {.status = 200, .body = STR_INIT("there")}};
    struct net_request r = {.reach = NET_ANYWHERE, .max_redirects = 2};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/one", r), &t.err);
    assert_str(buf_str(&t.reply.body), "there");
    assert_true(peer_was_told(&t.peer, 1, "GET /two HTTP"));
    assert_true(peer_was_told(&t.peer, 2, "GET /th%20ree?x=y HTTP"));
    talk_end(&t);
}

static void redirects_end(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 302, .headers = "Location: /again\r\n"}};
    struct net_request r = {.reach = NET_ANYWHERE, .max_redirects = 3};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_status(get(&t, "/", r), AISLE_INVALID, &t.err);
    assert_int_equal(t.peer.request_count, 4);
    talk_end(&t);
}

static void a_redirect_may_not_leave_http_or_reach(void **state)
{
    static const struct {
        const char *location;
        const char *words;
    } cases[] = {
        {"Location: file:///etc/passwd\r\n", "not an http"},
        {"Location: ftp://127.0.0.1/\r\n", "not an http"},
        {"Location: http://user:pw@127.0.0.1/\r\n", "not an http"},
        {"Location: http://10.0.0.7/\r\n", "10.0.0.7"},
        {"Location: http://169.254.169.254/latest\r\n", "169.254.169.254"},
        {"Location: http://[fd00:ec2::254]/\r\n", "fd00:ec2::254"},
        {"Location: http://0xA000007/\r\n", "10.0.0.7"},
        {"Location: http://167772167/\r\n", "10.0.0.7"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer_answer answer = {.status = 302, .headers = cases[i].location};
        struct net_request r = {.reach = NET_LOOPBACK, .max_redirects = 3};
        struct talk t;

        talk_begin(&t, &answer, 1);
        assert_status(get(&t, "/", r), AISLE_INVALID, &t.err);
        if (!strstr(t.err.text, cases[i].words) || strstr(t.err.text, "pw@"))
            fail_msg("%s: %s", cases[i].location, t.err.text);
        assert_int_equal(t.peer.request_count, 1);
        talk_end(&t);
    }
}

static void our_headers_stay_with_whom_they_were_for(void **state)
{
    static const struct net_header token = {STR_INIT("Authorization"),
                                            STR_INIT("Bearer abc")};
    static const struct peer_answer there[] = {
        {.status = 200, .body = STR_INIT("other")}};
    struct net_request r = {
        .reach = NET_ANYWHERE, .max_redirects = 2, .headers = &token, .header_count = 1};
    struct peer_answer here[2] = {{.status = 302, .headers = "Location: /same\r\n"},
                                  {.status = 302}};
    char location[100];
    struct peer other;
    struct talk t;

    (void)state;
    peer_start(&other, there, 1);
    snprintf(location, sizeof location, "Location: %s/\r\n", other.url);
    here[1].headers = location;
    talk_begin(&t, here, 2);
    assert_ok(get(&t, "/", r), &t.err);
    assert_str(buf_str(&t.reply.body), "other");
    assert_true(peer_was_told(&t.peer, 0, "Authorization: Bearer abc\r\n"));
    assert_true(peer_was_told(&t.peer, 1, "Authorization: Bearer abc\r\n"));
    assert_false(peer_was_told(&other, 0, "Authorization"));
    talk_end(&t);
    peer_stop(&other);
}

static void what_was_posted_is_not_sent_elsewhere(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 307, .headers = "Location: /two\r\n"}};
    struct net_request r = {.method = "POST",
                            .body = STR_LIT("x"),
                            .content_type = STR_LIT("text/plain"),
                            .reach = NET_ANYWHERE,
                            .max_redirects = 2};
    struct talk t;

    (void)state;
    talk_begin(&t, answers, COUNT(answers));
    assert_ok(get(&t, "/", r), &t.err);
    assert_int_equal(t.reply.status, 307);
    assert_int_equal(t.peer.request_count, 1);
    talk_end(&t);
}

/* ---- the way there ---- */

/* Were the proxy asked, it would be sent the whole address. */
static void loopback_is_not_proxied(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct peer proxy;
    struct talk t;
    struct net *net;

    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    peer_start(&proxy, answers, 1);
    talk_begin(&t, answers, 1);
    t.settings.proxy = str_of(proxy.url);
    assert_ok(net_new(&t.settings, &net, &t.err), &t.err);
    net_free(t.net);
    t.net = net;
    assert_ok(get(&t, "/x", anywhere), &t.err);
    assert_int_equal(t.peer.request_count, 1);
    assert_int_equal(proxy.request_count, 0);
    unsetenv("http_proxy");
    talk_end(&t);
    peer_stop(&proxy);
}

static void the_rest_is(void **state)
{
    static const struct peer_answer answers[] = {
        {.status = 200, .body = STR_INIT("by proxy")}};
    static const struct {
        const char *url;
        enum net_reach reach;
        enum aisle_status want;
    } cases[] = {
        {"http://shop.example/x", NET_PUBLIC, AISLE_OK},
        {"http://10.0.0.7/x", NET_ANYWHERE, AISLE_OK},
        {"http://10.0.0.7/x", NET_PUBLIC, AISLE_INVALID},
        {"http://0x0a000007/x", NET_PUBLIC, AISLE_INVALID},
        {"http://[::ffff:10.0.0.7]/x", NET_PUBLIC, AISLE_INVALID},
    };

    (void)state;
    setenv("no_proxy", "*", 1); /* nor is that read */
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct talk t;
        struct net *net;
        struct net_request r = {
            .method = "GET", .url = str_of(cases[i].url), .reach = cases[i].reach};

        talk_begin(&t, answers, 1);
        t.settings.proxy = str_of(t.peer.url);
        assert_ok(net_new(&t.settings, &net, &t.err), &t.err);
        assert_status(net_send(net, &r, &t.reply, &t.err), cases[i].want, &t.err);
        if (cases[i].want == AISLE_OK)
            assert_true(peer_times_told(&t.peer, 0, cases[i].url) == 1);
        assert_int_equal(t.peer.request_count, cases[i].want == AISLE_OK);
        net_free(net);
        talk_end(&t);
    }
    unsetenv("no_proxy");
}

static void a_missing_ca_file_is_named(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
    char url[64];
    struct talk t;
    struct net *net;

    (void)state;
    talk_begin(&t, answers, 1);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", t.peer.port);
    r.url = str_of(url);
    t.settings.ca_file = STR_LIT("/nowhere/ca.pem");
    assert_ok(net_new(&t.settings, &net, &t.err), &t.err);
    assert_status(net_send(net, &r, &t.reply, &t.err), AISLE_CONFIG, &t.err);
    assert_non_null(strstr(t.err.text, "/nowhere/ca.pem"));
    net_free(net);
    talk_end(&t);
}

static void no_tls_is_a_matter_of_configuration(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
    char url[64];
    struct talk t;

    (void)state;
    talk_begin(&t, answers, 1);
    t.peer.greeting = STR_LIT("HTTP/1.1 400 Bad Request\r\n\r\n");
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", t.peer.port);
    r.url = str_of(url);
    assert_status(net_send(t.net, &r, &t.reply, &t.err), AISLE_CONFIG, &t.err);
    assert_non_null(strstr(t.err.text, "TLS"));
    talk_end(&t);
}

static void a_handshake_cut_short_is_not(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200}};
    struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
    char url[64];
    struct talk t;

    (void)state;
    talk_begin(&t, answers, 1);
    t.peer.hangs_up = true;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", t.peer.port);
    r.url = str_of(url);
    assert_status(net_send(t.net, &r, &t.reply, &t.err), AISLE_BUSY, &t.err);
    talk_end(&t);
}

/* Stops once the peer was asked. */
struct stopper {
    struct peer *peer;
    atomic_bool stop;
};

static void *stop_once_asked(void *ctx)
{
    struct stopper *s = ctx;

    while (s->peer->request_count == 0)
        clock_sleep_ms(clock_system(), 5);
    atomic_store(&s->stop, true);
    return NULL;
}

static void a_stop_ends_what_is_under_way(void **state)
{
    static const struct peer_answer answers[] = {{.mute = true}};
    struct stopper stopper = {0};
    struct net_request r = {.method = "GET", .reach = NET_ANYWHERE};
    pthread_t thread;
    struct talk t;
    struct net *net;

    (void)state;
    talk_begin(&t, answers, 1);
    r.url = str_of(t.peer.url);
    stopper.peer = &t.peer;
    t.settings.stop = &stopper.stop;
    assert_ok(net_new(&t.settings, &net, &t.err), &t.err);
    assert_int_equal(pthread_create(&thread, NULL, stop_once_asked, &stopper), 0);
    assert_status(net_send(net, &r, &t.reply, &t.err), AISLE_STOPPED, &t.err);
    pthread_join(thread, NULL);

    t.err = (struct aisle_err){0};
    assert_status(net_send(net, &r, &t.reply, &t.err), AISLE_STOPPED, &t.err);
    assert_int_equal(t.peer.request_count, 1); /* the second was not even begun */
    net_free(net);
    talk_end(&t);
}

/* ---- allocations ---- */

struct once {
    struct talk *talk;
    char url[100];
};

static enum aisle_status send_once(void *ctx, struct aisle_err *err)
{
    struct once *o = ctx;
    struct net *net = NULL;
    struct net_reply reply;
    struct net_request r = {.method = "GET",
                            .url = str_of(o->url),
                            .reach = NET_ANYWHERE,
                            .max_redirects = 1};
    enum aisle_status status = net_new(&o->talk->settings, &net, err);

    net_reply_init(&reply);
    if (status == AISLE_OK)
        status = net_send(net, &r, &reply, err);
    net_reply_clear(&reply);
    net_free(net);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    static const struct peer_answer answers[] = {{.status = 200, .body = STR_INIT("x")}};
    struct talk t;
    struct once once = {.talk = &t};

    (void)state;
    talk_begin(&t, answers, 1);
    snprintf(once.url, sizeof once.url, "%s/", t.peer.url);
    assert_true(each_allocation_failing(send_once, &once) > 3);
    talk_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(a_body_is_never_sent_twice_by_itself),
        cmocka_unit_test(a_name_is_judged_by_what_it_resolves_to),
        cmocka_unit_test(there_is_one_content_type),
        cmocka_unit_test(a_file_is_sent_byte_for_byte),
        cmocka_unit_test(odd_addresses_are_mended_or_refused),
        cmocka_unit_test(a_header_cannot_smuggle_another),
        cmocka_unit_test(failures_have_their_status),
        cmocka_unit_test(nobody_there_is_busy),
        cmocka_unit_test(what_a_reply_held_is_replaced),
        cmocka_unit_test(headers_are_those_of_the_answer_itself),
        cmocka_unit_test(only_so_many_headers_are_kept),
        cmocka_unit_test(a_compressed_body_comes_unpacked_and_capped),
        cmocka_unit_test(redirects_are_followed_hop_by_hop),
        cmocka_unit_test(redirects_end),
        cmocka_unit_test(a_redirect_may_not_leave_http_or_reach),
        cmocka_unit_test(our_headers_stay_with_whom_they_were_for),
        cmocka_unit_test(what_was_posted_is_not_sent_elsewhere),
        cmocka_unit_test(loopback_is_not_proxied),
        cmocka_unit_test(the_rest_is),
        cmocka_unit_test(a_missing_ca_file_is_named),
        cmocka_unit_test(no_tls_is_a_matter_of_configuration),
        cmocka_unit_test(a_handshake_cut_short_is_not),
        cmocka_unit_test(a_stop_ends_what_is_under_way),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("net: net", tests, NULL, NULL);
}
