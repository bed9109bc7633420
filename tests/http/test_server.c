#include "check.h"
#include "wire.h"

#include "base/clock.h"
#include "http/server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define HOST "Host: a\r\n"
#define END HOST "Connection: close\r\n\r\n"

struct fixture {
    struct http_server *server;
    atomic_int handled;
    struct http_shared *tree;
    atomic_bool open; /* the gate that "/held" waits at */
};

/* Ten drops of one byte, or as many as `drops` says before it breaks or resets. */
struct drip {
    int left, wait_ms;
    bool rested;
    enum http_pull last;
};

static enum http_pull drip_pull(void *ctx, char *out, size_t room, size_t *n,
                                int64_t *wait_ms)
{
    struct drip *drip = ctx;

    (void)room;
    if (drip->left == 0)
        return drip->last;
    drip->rested = !drip->rested;
    if (drip->rested && drip->wait_ms) {
        *wait_ms = drip->wait_ms;
        return HTTP_WAIT;
    }
    drip->left--;
    *out = 'x';
    *n = 1;
    return HTTP_PULLED;
}

static void drip_close(void *ctx)
{
    mem_free(ctx);
}

static void drip_into(struct http_reply *reply, int drops, int wait_ms, int64_t length,
                      enum http_pull last)
{
    struct drip *drip = mem_zalloc(1, sizeof *drip);

    *drip = (struct drip){.left = drops, .wait_ms = wait_ms, .last = last};
    reply->source = (struct http_source){drip_pull, drip_close, drip, length};
}

static void echo(const struct http_request *request, struct http_reply *reply)
{
    buf_addf(&reply->body, "%.*s %.*s", STR_ARG(request->method), STR_ARG(request->path));
    for (size_t i = 0; i < request->arg_count; i++)
        buf_addf(&reply->body, " %.*s=%.*s", STR_ARG(request->args[i].name),
                 STR_ARG(request->args[i].value));
    buf_addc(&reply->body, '|');
    buf_add(&reply->body, request->body);
}

static void handle(void *ctx, const struct http_request *request,
                   struct http_reply *reply)
{
    struct fixture *f = ctx;
    struct str path = request->path;

    atomic_fetch_add(&f->handled, 1);
    while (str_starts(path, "/held") && !atomic_load(&f->open))
        clock_sleep_ms(clock_system(), 1);
    if (str_is(path, "/late")) {
        reply->delay_ms = 300;
        buf_addz(&reply->body, "late");
    } else if (str_is(path, "/very-late")) {
        reply->delay_ms = 600 * 1000;
        buf_addz(&reply->body, "late");
    } else if (str_is(path, "/tree")) {
        buf_addz(&reply->body, "<");
        reply->middle = http_shared_ref(f->tree);
        buf_addz(&reply->tail, ">");
    } else if (str_is(path, "/drip")) {
        drip_into(reply, 10, 5, 10, HTTP_END);
    } else if (str_is(path, "/chunks")) {
        drip_into(reply, 3, 0, -1, HTTP_END);
    } else if (str_is(path, "/cut")) {
        drip_into(reply, 5, 0, 10, HTTP_BREAK);
    } else if (str_is(path, "/reset")) {
        drip_into(reply, 5, 0, 10, HTTP_RESET);
    } else if (str_is(path, "/forever")) {
        drip_into(reply, 1 << 30, 10, -1, HTTP_END);
    } else if (str_is(path, "/too-much")) {
        for (int i = 0; i < 50; i++) {
            char name[8];

            snprintf(name, sizeof name, "X-%d", i);
            http_reply_header(reply, name, STR_LIT("more"));
        }
    } else {
        echo(request, reply);
    }
}

static size_t max_body_of(void *ctx, const struct http_request *request)
{
    (void)ctx;
    return str_starts(request->path, "/unwanted") ? HTTP_UNREAD
           : str_is(request->path, "/upload")     ? 100000
                                                  : 1000;
}

static enum http_lane lane_of(void *ctx, const struct http_request *request)
{
    (void)ctx;
    return str_is(request->path, "/unwanted-held") ? HTTP_WRITES
           : !str_starts(request->path, "/held")   ? HTTP_QUICK
           : str_is(request->method, "GET")        ? HTTP_READS
                                                   : HTTP_WRITES;
}

/* Patient: a machine that stands still for a while is no client that does not speak. */
static int start(void **state)
{
    static struct fixture f;
    struct buf text = BUF_INIT(1 << 20);
    struct http_settings settings = {.handle = handle,
                                     .max_body_of = max_body_of,
                                     .lane_of = lane_of,
                                     .ctx = &f,
                                     .header_s = 120,
                                     .body_s = 120,
                                     .idle_s = 120};

    f = (struct fixture){0};
    for (int i = 0; i < 50000; i++)
        buf_addz(&text, "leaf ");
    f.tree = http_shared_new(&text);
    *state = &f;
    return http_start(&settings, &f.server, NULL) == AISLE_OK ? 0 : -1;
}

static int stop(void **state)
{
    struct fixture *f = *state;

    http_stop(f->server, 200);
    http_shared_drop(f->tree);
    return 0;
}

/* What comes back for these bytes, until the server closes. */
static int ask(struct fixture *f, struct str bytes, struct buf *out)
{
    int fd = wire_open(http_port(f->server));
    int ended;

    assert_true(fd >= 0);
    wire_send(fd, bytes);
    ended = wire_drain(fd, out);
    close(fd);
    return ended;
}

static const struct {
    const char *says, *bytes;
    const char *status, *body;
} answered[] = {
    {"a GET", "GET /a?b=c%20d HTTP/1.1\r\n" END, "HTTP/1.1 200", "GET /a b=c d|"},
    {"a path stays as sent", "GET /a%2Fb%20c HTTP/1.1\r\n" END, "HTTP/1.1 200",
     "GET /a%2Fb%20c|"},
    {"a POST", "POST /p HTTP/1.1\r\nContent-Length: 4\r\n" END "body", "HTTP/1.1 200",
     "POST /p|body"},
    {"a POST in chunks",
     "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END "2\r\nbo\r\n2\r\ndy\r\n0"
     "\r\n\r\n",
     "HTTP/1.1 200", "POST /p|body"},
    {"a POST of nothing", "POST /p HTTP/1.1\r\nContent-Length: 0\r\n" END, "HTTP/1.1 200",
     "POST /p|"},
    {"a request as to a proxy", "GET http://a/b?c=d HTTP/1.1\r\n" END, "HTTP/1.1 200",
     "GET /b c=d|"},
    {"an answer as long as a tree is one piece", "HEAD /tree HTTP/1.1\r\n" END,
     "HTTP/1.1 200", ""},
    {"an answer that comes later", "GET /late HTTP/1.1\r\n" END, "HTTP/1.1 200", "late"},
    {"an answer made while it is sent", "GET /drip HTTP/1.1\r\n" END, "HTTP/1.1 200",
     "xxxxxxxxxx"},
    {"one of unknown length", "GET /chunks HTTP/1.1\r\n" END, "HTTP/1.1 200",
     "1\r\nx\r\n1\r\nx\r\n1\r\nx\r\n0\r\n\r\n"},
    {"one that is cut short", "GET /cut HTTP/1.1\r\n" END, "HTTP/1.1 200", "xxxxx"},
};

static void requests_are_answered(void **state)
{
    for (size_t i = 0; i < COUNT(answered); i++) {
        struct buf out = BUF_INIT(1 << 20);
        struct str body;

        ask(*state, str_of(answered[i].bytes), &out);
        body = str_skip(buf_str(&out), str_find(buf_str(&out), STR_LIT("\r\n\r\n")) + 4);
        assert_text(answered[i].says, str_head(buf_str(&out), 12), answered[i].status);
        assert_text(answered[i].says, body, answered[i].body);
        buf_clear(&out);
    }
}

static const struct {
    const char *says, *bytes, *why;
} refused[] = {
    {"two different lengths",
     "POST /p HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 5\r\n" END "body!",
     "more than one Content-Length"},
    {"two equal lengths",
     "POST /p HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 4\r\n" END "body",
     "more than one Content-Length"},
    {"a length and an encoding",
     "POST /p HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n" END
     "0\r\n\r\n",
     "a Content-Length beside Transfer-Encoding"},
    {"two hosts", "GET /p HTTP/1.1\r\n" HOST END, "more than one Host"},
    {"no host", "GET /p HTTP/1.1\r\nConnection: close\r\n\r\n", ""},
    {"a length with a tail", "POST /p HTTP/1.1\r\nContent-Length: 4x\r\n" END "body", ""},
    {"a length with a sign", "POST /p HTTP/1.1\r\nContent-Length: +4\r\n" END "body", ""},
    {"a blank before the colon", "POST /p HTTP/1.1\r\nContent-Length : 4\r\n" END "body",
     ""},
    {"an unknown encoding", "POST /p HTTP/1.1\r\nTransfer-Encoding: gzip\r\n" END "body",
     ""},
    {"a chunk size in hexadecimal notation",
     "POST /p HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END "0x4\r\nbody\r\n0\r\n\r\n",
     ""},
    {"lines that end with LF", "GET /p HTTP/1.1\nHost: a\nConnection: close\n\n",
     "lines are not clear"},
    {"one line that ends with LF",
     "POST /p HTTP/1.1\r\nX: y\nContent-Length: 4\r\n" END "body", "lines are not clear"},
    {"a request line that does", "GET /p HTTP/1.1\n" END, "lines are not clear"},
    {"an empty line that does", "GET /p HTTP/1.1\r\n" HOST "Connection: close\r\n\n",
     "lines are not clear"},
    {"a bare CR",
     "POST /p HTTP/1.1\r\nX: y\rTransfer-Encoding: chunked\r\nContent-Length: 4\r\n" END
     "body",
     "a control character"},
    {"a header in two lines", "GET /p HTTP/1.1\r\nX: y\r\n z\r\n" END,
     "lines are not clear"},
    {"an encoding in two lines",
     "POST /p HTTP/1.1\r\nContent-Length: 3\r\n" HOST
     "Connection: close\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
     "lines are not clear"},
    {"a length in two lines",
     "POST /p HTTP/1.1\r\nContent-Length: 1\r\n 0\r\n" END "body", "lines are not clear"},
    {"a header without a name, which would end the header there",
     "POST /p HTTP/1.1\r\n" HOST ": x\r\nContent-Length: 43\r\n\r\n"
     "GET /hidden HTTP/1.1\r\n" END,
     "lines are not clear"},
    {"no HTTP", "hello\r\n\r\n", ""},
};

static void what_is_ambiguous_never_reaches_the_handler(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT(refused); i++) {
        struct buf out = BUF_INIT(1 << 20);

        atomic_store(&f->handled, 0);
        ask(f, str_of(refused[i].bytes), &out);
        if (atomic_load(&f->handled))
            fail_msg("%s was handled", refused[i].says);
        if (out.n && !str_starts(buf_str(&out), "HTTP/1.1 400"))
            fail_msg("%s: %s", refused[i].says, out.p);
        if (*refused[i].why && str_find(buf_str(&out), str_of(refused[i].why)) == out.n)
            fail_msg("%s: %s", refused[i].says, out.p);
        buf_clear(&out);
    }
}

static void a_connection_takes_one_request_after_another(void **state)
{
    struct fixture *f = *state;
    int fd = wire_open(http_port(f->server));

    for (int i = 0; i < 5; i++) {
        struct buf out = BUF_INIT(1 << 20);

        wire_send(fd,
                  STR_LIT("POST /p HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nbody"));
        assert_text("each", wire_body(fd, 12, &out), "POST /p|body");
        buf_clear(&out);
    }
    close(fd);
}

static void a_shared_answer_arrives_whole(void **state)
{
    struct fixture *f = *state;
    struct buf out = BUF_INIT(1 << 20);
    struct str body;

    ask(f, STR_LIT("GET /tree HTTP/1.1\r\n" END), &out);
    body = str_skip(buf_str(&out), str_find(buf_str(&out), STR_LIT("\r\n\r\n")) + 4);
    assert_int_equal(body.n, 250002);
    assert_true(str_starts(body, "<leaf leaf "));
    assert_true(str_ends(body, "leaf >"));
    buf_clear(&out);
}

static void a_reset_is_one(void **state)
{
    struct buf out = BUF_INIT(1 << 20);

    assert_int_equal(ask(*state, STR_LIT("GET /reset HTTP/1.1\r\n" END), &out),
                     ECONNRESET);
    buf_clear(&out);
}

/* Sends a header and so many bytes of body. */
static void post_long(struct fixture *f, const char *path, size_t n, struct buf *out)
{
    struct buf bytes = BUF_INIT(1 << 20);

    buf_addf(&bytes, "POST %s HTTP/1.1\r\nContent-Length: %zu\r\n" END, path, n);
    for (size_t i = 0; i < n; i++)
        buf_addc(&bytes, 'x');
    ask(f, buf_str(&bytes), out);
    buf_clear(&bytes);
}

static void a_body_over_the_limit_is_read_and_refused(void **state)
{
    static const struct {
        const char *path;
        size_t n;
        const char *want;
    } cases[] = {
        {"/p", 1000, "HTTP/1.1 200"},        {"/p", 1001, "HTTP/1.1 413"},
        {"/p", 500000, "HTTP/1.1 413"},      {"/upload", 100000, "HTTP/1.1 200"},
        {"/upload", 100001, "HTTP/1.1 413"}, {"/unwanted", 500000, "HTTP/1.1 200"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf out = BUF_INIT(1 << 20);

        post_long(*state, cases[i].path, cases[i].n, &out);
        assert_text(cases[i].path, str_head(buf_str(&out), 12), cases[i].want);
        buf_clear(&out);
    }
}

/* Nothing of the body is sent: whoever waits for it would wait for good. */
static void a_body_nobody_wants_is_not_waited_for(void **state)
{
    static const char *const heads[] = {
        "POST /unwanted HTTP/1.1\r\nContent-Length: 1048577\r\n" HOST "\r\n",
        "POST /unwanted HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n",
        "POST /unwanted HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n" HOST
        "\r\n",
        "POST /unwanted-held HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n",
    };

    for (size_t i = 0; i < COUNT(heads); i++) {
        struct buf out = BUF_INIT(1 << 20);

        ask(*state, str_of(heads[i]), &out);
        assert_text(heads[i], str_head(buf_str(&out), 12), "HTTP/1.1 200");
        assert_true(str_find(buf_str(&out), STR_LIT("Connection: close")) < out.n);
        assert_true(str_ends(buf_str(&out), "|"));
        buf_clear(&out);
    }
}

static void a_header_over_the_limit_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    buf_addz(&bytes, "GET /p HTTP/1.1\r\nX: ");
    for (int i = 0; i < 60000; i++)
        buf_addc(&bytes, 'x');
    buf_addz(&bytes, "\r\n" END);
    atomic_store(&f->handled, 0);
    ask(f, buf_str(&bytes), &out);
    assert_int_equal(atomic_load(&f->handled), 0);
    buf_clear(&bytes);
    buf_clear(&out);
}

/* The header's memory would hold them as text, and not as what libmicrohttpd makes of
 * them. */
static void add_many(struct buf *out, const char *name, const char *between, int n)
{
    buf_addz(out, name);
    for (int i = 0; i < n; i++)
        buf_addf(out, "%sa%d=1", i ? between : "", i);
}

static void more_parameters_than_fit_are_refused(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);

    add_many(&bytes, "GET /p?", "&", 2000);
    buf_addz(&bytes, " HTTP/1.1\r\n" END);
    atomic_store(&f->handled, 0);
    ask(f, buf_str(&bytes), &out);
    assert_int_equal(atomic_load(&f->handled), 0);
    assert_text("refused", str_head(buf_str(&out), 12), "HTTP/1.1 400");
    buf_clear(&bytes);
    buf_clear(&out);
}

/* libmicrohttpd (0.9.75) closes upon them without a word to us: were they still counted,
 * the end would wait for them. */
static void more_cookies_than_fit_leave_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = BUF_INIT(1 << 20), out = BUF_INIT(1 << 20);
    struct http_settings settings = {.handle = handle, .ctx = f};

    add_many(&bytes, "GET /p HTTP/1.1\r\nCookie: ", "; ", 1500);
    buf_addz(&bytes, "\r\n" END);
    http_stop(f->server, 200);
    assert_int_equal(http_start(&settings, &f->server, NULL), AISLE_OK);
    atomic_store(&f->handled, 0);
    ask(f, buf_str(&bytes), &out);
    assert_int_equal(atomic_load(&f->handled), 0);
    http_stop(f->server, 3600 * 1000);
    f->server = NULL;
    buf_clear(&bytes);
    buf_clear(&out);
}

static void a_header_that_never_ends_is_ended(void **state)
{
    struct fixture *f = *state;
    struct buf out = BUF_INIT(1 << 20);
    struct http_settings settings = {.handle = handle, .ctx = f, .header_s = 1};
    int ended;

    http_stop(f->server, 200);
    f->server = NULL;
    assert_int_equal(http_start(&settings, &f->server, NULL), AISLE_OK);
    /* without a limit this waits for the test's own patience */
    ended = ask(f, STR_LIT("GET /p HTTP/1.1\r\nX:"), &out);
    if (ended != 0 && ended != ECONNRESET) /* before it came to read it */
        fail_msg("%s", strerror(ended));
    assert_int_equal(out.n, 0);
    buf_clear(&out);
}

static void an_answer_over_its_ceilings_is_a_500(void **state)
{
    struct buf out = BUF_INIT(1 << 20);

    ask(*state, STR_LIT("GET /too-much HTTP/1.1\r\n" END), &out);
    assert_text("too many headers", str_head(buf_str(&out), 12), "HTTP/1.1 500");
    buf_clear(&out);
}

/* Two threads, and more delayed answers than that: were one held by a delay, the quick
 * one would have to wait for it. */
static void a_delay_holds_no_thread(void **state)
{
    struct fixture *f = *state;
    struct buf out = BUF_INIT(1 << 20);
    int late[40];

    for (size_t i = 0; i < COUNT(late); i++) {
        late[i] = wire_open(http_port(f->server));
        wire_send(late[i], STR_LIT("GET /very-late HTTP/1.1\r\n" HOST "\r\n"));
    }
    ask(f, STR_LIT("GET /quick HTTP/1.1\r\n" END), &out);
    assert_text("quick", str_head(buf_str(&out), 12), "HTTP/1.1 200");
    buf_clear(&out);
    for (size_t i = 0; i < COUNT(late); i++)
        close(late[i]);
}

static void open_held(struct fixture *f, int *fds, size_t count, const char *method)
{
    char bytes[100];

    for (size_t i = 0; i < count; i++) {
        snprintf(bytes, sizeof bytes, "%s /held?n=%zu HTTP/1.1\r\n" HOST "\r\n", method,
                 i);
        fds[i] = wire_open(http_port(f->server));
        wire_send(fds[i], str_of(bytes));
    }
}

static void wait_for_handled(struct fixture *f, int count)
{
    while (atomic_load(&f->handled) < count)
        clock_sleep_ms(clock_system(), 1);
}

/* More writes than there are threads for them wait at the gate, which is opened last. */
static void a_write_that_waits_keeps_nobody_who_looks(void **state)
{
    struct fixture *f = *state;
    int writes[20], reads[4];
    char want[40];

    open_held(f, writes, COUNT(writes), "DELETE");
    wait_for_handled(f, 8);
    for (int i = 0; i < 10; i++) { /* on whichever thread it comes to */
        struct buf out = BUF_INIT(1 << 20);

        ask(f, STR_LIT("GET /quick HTTP/1.1\r\n" END), &out);
        assert_text("quick", str_head(buf_str(&out), 12), "HTTP/1.1 200");
        buf_clear(&out);
    }
    open_held(f, reads, COUNT(reads), "GET");
    wait_for_handled(f, 8 + 10 + (int)COUNT(reads)); /* those that take their time, too */
    atomic_store(&f->open, true);
    for (size_t i = 0; i < COUNT(writes); i++) {
        struct buf out = BUF_INIT(1 << 20);

        snprintf(want, sizeof want, "DELETE /held n=%zu|", i);
        assert_text("write", wire_body(writes[i], strlen(want), &out), want);
        close(writes[i]);
        buf_clear(&out);
    }
    for (size_t i = 0; i < COUNT(reads); i++)
        close(reads[i]);
}

struct stopping {
    struct http_server *server;
    pthread_t thread;
    atomic_bool stopped;
};

static void *stop_now(void *ctx)
{
    struct stopping *s = ctx;

    http_stop(s->server, 0);
    atomic_store(&s->stopped, true);
    return NULL;
}

/* Who was not begun with when the grace is over is told so, and who was is waited for. */
static void stopping_waits_for_a_write_under_way_and_begins_no_other(void **state)
{
    struct fixture *f = *state;
    struct stopping s = {.server = f->server};
    int writes[20], done = 0, refused_ones = 0;

    open_held(f, writes, COUNT(writes), "DELETE");
    wait_for_handled(f, 8);
    assert_int_equal(pthread_create(&s.thread, NULL, stop_now, &s), 0);
    f->server = NULL;
    clock_sleep_ms(clock_system(), 50); /* were it not waited for, this would show it */
    assert_false(atomic_load(&s.stopped));
    atomic_store(&f->open, true);
    pthread_join(s.thread, NULL);
    assert_true(atomic_load(&s.stopped));
    for (size_t i = 0; i < COUNT(writes); i++) {
        struct buf out = BUF_INIT(1 << 20);

        wire_drain(writes[i], &out);
        done += str_starts(buf_str(&out), "HTTP/1.1 200");
        refused_ones += str_starts(buf_str(&out), "HTTP/1.1 503");
        close(writes[i]);
        buf_clear(&out);
    }
    assert_true(done <= atomic_load(&f->handled));
    assert_true(done + refused_ones <= (int)COUNT(writes));
}

/* Somebody else may by now. */
static bool we_listen_on(uint16_t port)
{
    for (int fd = 0; fd < 1024; fd++) {
        struct sockaddr_in at = {0};
        socklen_t n = sizeof at;
        int listens = 0, size = sizeof listens;

        if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, (socklen_t *)&size) ||
            !listens || getsockname(fd, (struct sockaddr *)&at, &n))
            continue;
        if (ntohs(at.sin_port) == port)
            return true;
    }
    return false;
}

static void stopping_sends_what_was_delayed_and_ends_what_would_not(void **state)
{
    struct fixture *f = *state;
    int late = wire_open(http_port(f->server)), forever = wire_open(http_port(f->server));
    struct buf out = BUF_INIT(1 << 20), drops = BUF_INIT(1 << 20);
    uint16_t port = http_port(f->server);

    wire_send(late, STR_LIT("GET /very-late HTTP/1.1\r\n" HOST "\r\n"));
    wire_send(forever, STR_LIT("GET /forever HTTP/1.1\r\n" HOST "\r\n"));
    wire_body(forever, 1, &drops);
    while (atomic_load(&f->handled) < 2)
        clock_sleep_ms(clock_system(), 1);
    http_stop(f->server, 3600 * 1000);
    f->server = NULL;
    assert_text("late", wire_body(late, 4, &out), "late");
    wire_drain(forever, &drops);
    assert_true(str_ends(buf_str(&drops), "0\r\n\r\n"));
    assert_false(we_listen_on(port));
    close(late);
    close(forever);
    buf_clear(&out);
    buf_clear(&drops);
}

static void stopping_waits_for_no_header_that_is_half_there(void **state)
{
    struct fixture *f = *state;
    int half = wire_open(http_port(f->server)), kept = wire_open(http_port(f->server));
    struct buf out = BUF_INIT(1 << 20);

    wire_send(kept, STR_LIT("GET /first HTTP/1.1\r\n" HOST "\r\n"));
    wire_body(kept, 11, &out);
    wire_send(kept, STR_LIT("GET /second HTTP/1.1\r\n" HOST));
    wire_send(half, STR_LIT("GET /p HTTP/1.1\r\n" HOST));
    clock_sleep_ms(clock_system(), 100); /* for it to read them; else this shows less */
    http_stop(f->server, 3600 * 1000);   /* the test's own limit is sooner */
    f->server = NULL;
    assert_int_equal(atomic_load(&f->handled), 1);
    close(half);
    close(kept);
    buf_clear(&out);
}

/* A connection that rests while its server ends would end the program. */
static void an_end_without_grace_lets_nothing_rest(void **state)
{
    struct fixture *f = *state;
    struct http_settings settings = {.handle = handle, .ctx = f};

    for (int i = 0; i < 20; i++) {
        int late = wire_open(http_port(f->server));

        atomic_store(&f->handled, 0);
        wire_send(late, STR_LIT("GET /very-late HTTP/1.1\r\n" HOST "\r\n"));
        while (atomic_load(&f->handled) < 1)
            clock_sleep_ms(clock_system(), 1);
        http_stop(f->server, 0);
        f->server = NULL;
        close(late);
        assert_int_equal(http_start(&settings, &f->server, NULL), AISLE_OK);
    }
}

static void an_address_that_is_none_or_taken_is_a_config_failure(void **state)
{
    struct fixture *f = *state;
    struct http_settings settings = {.handle = handle, .ctx = f};
    struct http_server *second = NULL;
    struct aisle_err err = {0};

    settings.address = STR_LIT("localhost");
    assert_status(http_start(&settings, &second, &err), AISLE_CONFIG, &err);
    settings.address = STR_LIT("");
    settings.port = http_port(f->server);
    assert_status(http_start(&settings, &second, NULL), AISLE_CONFIG, NULL);
    assert_null(second);
}

static void it_listens_on_ipv6_too(void **state)
{
    struct fixture *f = *state;
    struct http_settings settings = {
        .address = STR_LIT("::1"), .handle = handle, .ctx = f, .threads = 1};
    struct http_server *second = NULL;
    struct aisle_err err = {0};
    enum aisle_status status = http_start(&settings, &second, &err);

    if (status)
        skip(); /* a machine without IPv6 */
    assert_true(http_port(second) != 0);
    http_stop(second, 0);
}

int main(void)
{
#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)
    const struct CMUnitTest tests[] = {
        SERVED(requests_are_answered),
        SERVED(what_is_ambiguous_never_reaches_the_handler),
        SERVED(a_connection_takes_one_request_after_another),
        SERVED(a_shared_answer_arrives_whole),
        SERVED(a_reset_is_one),
        SERVED(a_body_over_the_limit_is_read_and_refused),
        SERVED(a_body_nobody_wants_is_not_waited_for),
        SERVED(a_header_over_the_limit_is_refused),
        SERVED(more_parameters_than_fit_are_refused),
        SERVED(more_cookies_than_fit_leave_nothing_behind),
        SERVED(a_header_that_never_ends_is_ended),
        SERVED(an_answer_over_its_ceilings_is_a_500),
        SERVED(a_delay_holds_no_thread),
        SERVED(a_write_that_waits_keeps_nobody_who_looks),
        SERVED(stopping_waits_for_a_write_under_way_and_begins_no_other),
        SERVED(stopping_sends_what_was_delayed_and_ends_what_would_not),
        SERVED(stopping_waits_for_no_header_that_is_half_there),
        SERVED(an_end_without_grace_lets_nothing_rest),
        SERVED(an_address_that_is_none_or_taken_is_a_config_failure),
        SERVED(it_listens_on_ipv6_too),
    };

    return cmocka_run_group_tests_name("http: server", tests, NULL, NULL);
}
