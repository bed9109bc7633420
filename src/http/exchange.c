#include "http/exchange.h"

#include "base/clock.h"
#include "base/mem.h"

#include <netdb.h>
#include <sys/socket.h>

/* A body over the limit is read to its end and dropped, up to here, so that the refusal
 * reaches a client that sends first and reads later. */
enum { MAX_DRAINED = 64 * 1024 * 1024 };
/* The same of one that nobody wants; for a longer one the connection is closed. */
enum { MAX_UNREAD = 1024 * 1024 };

enum stage {
    STAGE_HEAD,  /* nothing seen but the request line */
    STAGE_BODY,  /* taking it */
    STAGE_DRAIN, /* dropping it */
    STAGE_READY, /* the reply is there */
};

struct exchange {
    struct http_piece piece; /* to be answered in a lane; first, as it is cast back */
    struct http_floor *floor;
    struct MHD_Connection *connection;
    enum stage stage;
    struct arena arena;
    struct str target; /* as sent */
    uintptr_t target_at;
    struct http_request request;
    struct http_reply reply;
    struct buf body;
    size_t drained;
};

static int64_t mono_ms(void)
{
    return clock_mono_ms(clock_system());
}

/* NULL where there was no memory for it. */
static struct http_conn *conn_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info ? info->socket_context : NULL;
}

static void set_deadline(struct MHD_Connection *connection, int seconds)
{
    struct http_conn *conn = conn_of(connection);

    if (conn)
        conn->deadline_ms = seconds ? mono_ms() + (int64_t)seconds * 1000 : 0;
}

/* Empties the query: we read parameters ourselves, and libmicrohttpd (0.9.75) would hang
 * over more of them than its memory holds. The line lies in its own buffer, which it cuts
 * at the same place a moment later. */
static void hide_query(const char *target)
{
    char *query = strchr((char *)(uintptr_t)target, '?');

    if (query)
        query[1] = '\0';
}

void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct http_floor *floor = cls;
    struct http_conn *conn = conn_of(connection);
    struct exchange *x = mem_zalloc(1, sizeof *x);

    set_deadline(connection, floor->set.header_s);
    if (!x)
        return NULL;
    atomic_fetch_add(&floor->under_way, 1);
    x->floor = floor;
    x->connection = connection;
    x->arena.max = floor->set.max_arena;
    x->target = arena_str(&x->arena, str_of(target));
    x->target_at = (uintptr_t)target;
    x->body.max = floor->set.max_body;
    http_reply_init(&x->reply);
    hide_query(target);
    if (conn) {
        conn->exchange = x;
        atomic_store(&conn->in_header, true);
    }
    return x;
}

static void out_of_header(struct http_conn *conn)
{
    if (conn)
        atomic_store(&conn->in_header, false);
}

static void end(struct exchange *x)
{
    http_reply_clear(&x->reply);
    buf_clear(&x->body);
    arena_clear(&x->arena);
    atomic_fetch_sub(&x->floor->under_way, 1);
    mem_free(x);
}

void exchange_done(void *cls, struct MHD_Connection *connection, void **own,
                   enum MHD_RequestTerminationCode why)
{
    struct http_floor *floor = cls;
    struct http_conn *conn = conn_of(connection);

    (void)why;
    if (*own)
        end(*own);
    *own = NULL;
    out_of_header(conn);
    if (conn)
        conn->exchange = NULL;
    set_deadline(connection, floor->set.idle_s + floor->set.header_s);
}

void exchange_lost(struct http_conn *conn)
{
    if (conn->exchange)
        end(conn->exchange);
    conn->exchange = NULL;
}

/* The header, one pair at a time, into the room made for them. */
struct collected {
    struct http_pair *pairs;
    size_t count, room;
    struct arena *arena;
    bool failed;
    uintptr_t next; /* where in libmicrohttpd's buffer the next line should begin */
    bool torn;      /* one began elsewhere */
};

static enum MHD_Result collect(void *cls, enum MHD_ValueKind kind, const char *name,
                               size_t name_n, const char *value, size_t value_n)
{
    struct collected *c = cls;
    struct http_pair *pair = &c->pairs[c->count];

    (void)kind;
    if (c->count == c->room)
        return MHD_NO;
    c->torn |= (uintptr_t)name != c->next;
    c->next = (uintptr_t)value + value_n + strlen("\r\n");
    pair->name = arena_str(c->arena, str_n(name, name_n));
    pair->value = arena_str(c->arena, str_n(value, value_n));
    if (!pair->name.p || !pair->value.p) {
        c->failed = true;
        return MHD_NO;
    }
    c->count++;
    return MHD_YES;
}

/* Lines that end with a bare CR or LF, go on in a second line, hold a NUL or have no name
 * are read by libmicrohttpd 0.9.75 one way and by a proxy before us another; the header
 * may even end sooner for the one. Its strings tell: they lie in the buffer as they came,
 * so line must follow on line. Later versions refuse most of these by themselves. */
static bool is_torn(struct exchange *x, const char *method, const char *version,
                    const struct collected *c)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    uintptr_t method_at = (uintptr_t)method, version_at = (uintptr_t)version;

    return c->torn || method_at + strlen(method) + 1 != x->target_at ||
           x->target_at + x->target.n + 1 != version_at || !size ||
           method_at + size->header_size != c->next + strlen("\r\n");
}

static enum aisle_status read_headers(struct exchange *x, const char *method,
                                      const char *version, struct aisle_err *err)
{
    int n = MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, NULL, NULL);
    struct collected c = {.arena = &x->arena,
                          .room = n > 0 ? (size_t)n : 0,
                          .next = (uintptr_t)version + strlen(version) + strlen("\r\n")};

    c.pairs = arena_zalloc(&x->arena, c.room + 1, sizeof *c.pairs);
    if (!c.pairs)
        return aisle_nomem(err);
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, collect, &c);
    x->request.headers = c.pairs;
    x->request.header_count = c.count;
    if (c.failed)
        return aisle_nomem(err);
    return is_torn(x, method, version, &c)
               ? aisle_fail(err, AISLE_INVALID, "a header whose lines are not clear")
               : AISLE_OK;
}

static struct str peer_of(struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info ? info->client_addr : NULL;
    socklen_t size = address && address->sa_family == AF_INET6
                         ? sizeof(struct sockaddr_in6)
                         : sizeof(struct sockaddr_in);
    char host[NI_MAXHOST];

    if (!address ||
        getnameinfo(address, size, host, sizeof host, NULL, 0, NI_NUMERICHOST))
        return STR_LIT("");
    return arena_str(&x->arena, str_of(host));
}

/* "http://host/path?q", as a proxy is asked, is read as "/path?q" (RFC 9112 3.2.2). */
static struct str origin_form(struct str target)
{
    struct str rest;

    if (str_starts(target, "/") || !str_starts(target, "http://"))
        return target;
    rest = str_skip(target, strlen("http://"));
    return str_skip(rest, str_find_char(rest, '/'));
}

static enum aisle_status read_request(struct exchange *x, const char *method,
                                      const char *version, struct aisle_err *err)
{
    struct http_request *r = &x->request;
    struct str target = origin_form(x->target);
    enum aisle_status status;

    r->arena = &x->arena;
    r->method = arena_str(&x->arena, str_of(method));
    r->version = arena_str(&x->arena, str_of(version));
    r->path = str_cut(&target, '?');
    r->query = target;
    r->peer = peer_of(x);
    if (!r->method.p || !r->version.p || !r->peer.p)
        return aisle_nomem(err);
    status = read_headers(x, method, version, err);
    return status == AISLE_OK
               ? http_args_read(r->query, &x->arena, &r->args, &r->arg_count, err)
               : status;
}

static void refuse(struct exchange *x, int status, const char *why)
{
    const struct http_settings *set = &x->floor->set;
    struct str line;

    x->stage = STAGE_READY;
    x->reply.close = true;
    if (set->refuse) {
        set->refuse(set->ctx, &x->request, status, why, &x->reply);
        return;
    }
    line = arena_fmt(&x->arena, "%s\n", why);
    http_reply_text(&x->reply, status, "text/plain; charset=utf-8", line);
}

static void resume(void *ctx)
{
    MHD_resume_connection(ctx);
}

/* Lets the connection rest and the thread go. */
static void rest(struct exchange *x, int64_t ms)
{
    MHD_suspend_connection(x->connection);
    if (!http_timer_add(x->floor->timer, ms, resume, x->connection))
        MHD_resume_connection(x->connection);
}

/* Connecting a socket to nowhere makes Linux reset it at once, without a FIN before. */
static void reset_socket(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    if (info)
        (void)connect(info->connect_fd, &nowhere, sizeof nowhere);
}

static ssize_t pull_source(void *cls, uint64_t at, char *out, size_t room)
{
    struct exchange *x = cls;
    struct http_source *source = &x->reply.source;
    size_t n = 0;
    int64_t wait_ms = 0;

    (void)at;
    switch (source->pull(source->ctx, out, room, &n, &wait_ms)) {
    case HTTP_PULLED:
        return (ssize_t)n;
    case HTTP_WAIT:
        if (source->length < 0 && atomic_load(&x->floor->stopping))
            return MHD_CONTENT_READER_END_OF_STREAM;
        rest(x, wait_ms);
        return 0;
    case HTTP_END:
        return MHD_CONTENT_READER_END_OF_STREAM;
    case HTTP_RESET:
        reset_socket(x->connection);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    case HTTP_BREAK:
        break;
    }
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* The response borrows the reply's memory: libmicrohttpd calls exchange_done after the
 * last byte of it. */
static struct MHD_Response *make_response(struct exchange *x)
{
    struct http_reply *r = &x->reply;
    struct str middle = http_shared_str(r->middle);
    struct MHD_IoVec pieces[3] = {
        {r->body.p, r->body.n}, {middle.p, middle.n}, {r->tail.p, r->tail.n}};

    if (r->source.pull)
        return MHD_create_response_from_callback(
            r->source.length < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)r->source.length,
            32 * 1024, pull_source, x, NULL);
    if (!middle.n && !r->tail.n)
        return MHD_create_response_from_buffer(r->body.n, r->body.p,
                                               MHD_RESPMEM_PERSISTENT);
    return MHD_create_response_from_iovec(pieces, 3, NULL, NULL);
}

static bool add_headers(struct MHD_Response *response, const struct http_reply *r)
{
    const char *name = r->headers.p;

    for (size_t i = 0; i < r->header_count; i++) {
        const char *value = name + strlen(name) + 1;

        if (MHD_add_response_header(response, name, value) != MHD_YES)
            return false;
        name = value + strlen(value) + 1;
    }
    return !r->close ||
           MHD_add_response_header(response, "Connection", "close") == MHD_YES;
}

static enum MHD_Result queue_reply(struct exchange *x)
{
    struct MHD_Response *response;
    enum MHD_Result result = MHD_NO;

    if (x->reply.body.failed || x->reply.tail.failed || x->reply.headers.failed) {
        http_reply_clear(&x->reply);
        refuse(x, 500, "the answer did not fit");
    }
    response = make_response(x);
    if (!response)
        return MHD_NO;
    if (add_headers(response, &x->reply))
        result = MHD_queue_response(x->connection, (unsigned)x->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

static void ask_handler(struct exchange *x)
{
    const struct http_settings *set = &x->floor->set;

    if (atomic_load(&x->floor->over))
        refuse(x, 503, "the service is ending");
    else
        set->handle(set->ctx, &x->request, &x->reply);
    x->stage = STAGE_READY;
}

/* In a lane. The connection rests; once it goes on, the exchange is its thread's again.
 */
static void ask_in_lane(struct http_piece *piece)
{
    struct exchange *x = (struct exchange *)piece;

    ask_handler(x);
    if (x->reply.delay_ms <= 0 ||
        !http_timer_add(x->floor->timer, x->reply.delay_ms, resume, x->connection))
        MHD_resume_connection(x->connection);
}

static enum MHD_Result ask_here(struct exchange *x)
{
    ask_handler(x);
    if (x->reply.delay_ms <= 0)
        return queue_reply(x);
    rest(x, x->reply.delay_ms);
    return MHD_YES;
}

static enum MHD_Result ask(struct exchange *x)
{
    const struct http_settings *set = &x->floor->set;
    struct http_pool *lane =
        x->floor->lanes[set->lane_of ? set->lane_of(set->ctx, &x->request) : HTTP_QUICK];

    if (!lane)
        return ask_here(x);
    x->piece.work = ask_in_lane;
    MHD_suspend_connection(x->connection);
    if (!http_pool_add(lane, &x->piece))
        ask_in_lane(&x->piece);
    return MHD_YES;
}

static enum MHD_Result answer(struct exchange *x)
{
    set_deadline(x->connection, 0);
    if (x->stage == STAGE_DRAIN && !x->request.unread)
        refuse(x, 413, "the body is too large");
    else if (buf_check(&x->body, "body", NULL))
        refuse(x, 503, "out of memory");
    else {
        x->request.body = buf_str(&x->body);
        return ask(x);
    }
    return queue_reply(x);
}

static enum MHD_Result take_body(struct exchange *x, const char *data, size_t *size)
{
    if (x->stage == STAGE_BODY && *size > x->body.max - x->body.n) {
        x->stage = STAGE_DRAIN;
        buf_clear(&x->body);
    }
    if (x->stage == STAGE_BODY)
        buf_add(&x->body, str_n(data, *size));
    else
        x->drained += *size;
    *size = 0;
    /* with more to come there is no polite way out */
    return x->drained > MAX_DRAINED ? MHD_NO : MHD_YES;
}

/* It says that it is short, and does not ask first whether to send it. */
static bool is_soon_over(const struct http_request *r)
{
    struct str length = http_header(r, "Content-Length");
    int64_t n;

    if (http_header_times(r, "Transfer-Encoding") || http_header_times(r, "Expect"))
        return false;
    return str_empty(length) || parse_i64(length, 0, MAX_UNREAD, &n);
}

static bool has_body(const struct http_request *r)
{
    return http_header_times(r, "Transfer-Encoding") ||
           (http_header_times(r, "Content-Length") &&
            !str_is(http_header(r, "Content-Length"), "0"));
}

static enum MHD_Result leave_unread(struct exchange *x)
{
    if (!has_body(&x->request))
        return MHD_YES;
    x->request.unread = true;
    x->stage = STAGE_DRAIN;
    if (is_soon_over(&x->request))
        return MHD_YES;
    x->reply.close = true;
    set_deadline(x->connection, 0);
    return ask(x);
}

static enum MHD_Result take_head(struct exchange *x, const char *method,
                                 const char *version)
{
    const struct http_settings *set = &x->floor->set;
    struct aisle_err err = {0};
    const char *fault;

    out_of_header(conn_of(x->connection));
    set_deadline(x->connection, set->body_s);
    x->stage = STAGE_BODY;
    if (read_request(x, method, version, &err)) {
        refuse(x, err.status == AISLE_NOMEM ? 503 : 400, err.text);
        return queue_reply(x);
    }
    fault = http_framing_fault(&x->request);
    if (fault) {
        refuse(x, 400, fault);
        return queue_reply(x);
    }
    if (set->max_body_of)
        x->body.max = set->max_body_of(set->ctx, &x->request);
    return x->body.max == HTTP_UNREAD ? leave_unread(x) : MHD_YES;
}

enum MHD_Result exchange_step(void *cls, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **own)
{
    struct exchange *x = *own;

    (void)cls;
    (void)connection;
    (void)url;
    if (!x || !x->target.p)
        return MHD_NO;
    switch (x->stage) {
    case STAGE_HEAD:
        return take_head(x, method, version);
    case STAGE_BODY:
    case STAGE_DRAIN:
        return *size ? take_body(x, data, size) : answer(x);
    case STAGE_READY:
        break;
    }
    return queue_reply(x);
}
