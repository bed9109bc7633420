#include "http/server.h"

#include "base/clock.h"
#include "base/mem.h"
#include "http/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

enum { LAST_WORDS_MS = 1000 }; /* for answers that were made beyond the grace */

struct http_server {
    struct http_floor floor;
    struct MHD_Daemon *daemon;
    uint16_t port;
    pthread_mutex_t lock; /* over conns */
    struct http_conn *conns;
};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static unsigned threads_here(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 2 ? 2 : n > 64 ? 64 : (unsigned)n;
}

static struct http_settings fill_in(const struct http_settings *given)
{
    struct http_settings set = *given;

    set.threads = set.threads ? set.threads : threads_here();
    set.lane_threads = set.lane_threads ? set.lane_threads : 8;
    set.max_connections = set.max_connections ? set.max_connections : 1000;
    set.max_header = set.max_header ? set.max_header : 32 * 1024;
    set.max_body = set.max_body ? set.max_body : 1024 * 1024;
    set.max_arena = set.max_arena ? set.max_arena : 64 * 1024 * 1024;
    set.idle_s = set.idle_s ? set.idle_s : 60;
    set.header_s = set.header_s ? set.header_s : 20;
    set.body_s = set.body_s ? set.body_s : 60;
    set.address = (struct str){0}; /* read, and the caller's */
    return set;
}

static enum aisle_status read_address(struct str text, uint16_t port, union address *out,
                                      struct aisle_err *err)
{
    char host[INET6_ADDRSTRLEN] = "127.0.0.1";

    if (text.n >= sizeof host)
        return aisle_fail(err, AISLE_CONFIG, "the address to listen on is no number");
    if (text.n) {
        memcpy(host, text.p, text.n);
        host[text.n] = '\0';
    }

    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons(port);
        return AISLE_OK;
    }
    if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons(port);
        return AISLE_OK;
    }
    return aisle_fail(err, AISLE_CONFIG, "%s is no IPv4 or IPv6 number", host);
}

static void add_conn(struct http_server *s, struct MHD_Connection *connection, void **own)
{
    struct http_conn *conn = mem_zalloc(1, sizeof *conn);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int seconds = s->floor.set.idle_s + s->floor.set.header_s;

    *own = conn; /* without it only the idle timeout of libmicrohttpd is left */
    if (!conn)
        return;
    conn->fd = info ? info->connect_fd : -1;
    conn->deadline_ms = clock_mono_ms(clock_system()) + (int64_t)seconds * 1000;
    pthread_mutex_lock(&s->lock);
    conn->next = s->conns;
    if (s->conns)
        s->conns->before = conn;
    s->conns = conn;
    pthread_mutex_unlock(&s->lock);
}

static void drop_conn(struct http_server *s, void **own)
{
    struct http_conn *conn = *own;

    *own = NULL;
    if (!conn)
        return;
    exchange_lost(conn);
    pthread_mutex_lock(&s->lock);
    if (conn->before)
        conn->before->next = conn->next;
    else
        s->conns = conn->next;
    if (conn->next)
        conn->next->before = conn->before;
    pthread_mutex_unlock(&s->lock);
    mem_free(conn);
}

/* Once it is to end, whoever comes is turned away; those at work are let finish. */
static enum MHD_Result accept_connection(void *cls, const struct sockaddr *address,
                                         socklen_t size)
{
    struct http_server *s = cls;

    (void)address;
    (void)size;
    return atomic_load(&s->floor.stopping) ? MHD_NO : MHD_YES;
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **own,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        add_conn(cls, connection, own);
    else
        drop_conn(cls, own);
}

/* Ends what takes too long over its header or its body, drop by drop or not at all. The
 * descriptor is still the connection's: it is closed after on_connection dropped it. */
static void end_late(void *ctx)
{
    struct http_server *s = ctx;
    int64_t now = clock_mono_ms(clock_system());

    pthread_mutex_lock(&s->lock);
    for (struct http_conn *conn = s->conns; conn; conn = conn->next) {
        int64_t deadline = conn->deadline_ms;

        if (!deadline || now < deadline)
            continue;
        shutdown(conn->fd, SHUT_RDWR);
        conn->deadline_ms = 0;
    }
    pthread_mutex_unlock(&s->lock);
}

/* Names and values stay as sent; we decode them ourselves. */
static size_t leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strlen(text);
}

static enum aisle_status listen_on(struct http_server *s, union address *address,
                                   struct aisle_err *err)
{
    const struct http_settings *set = &s->floor.set;
    bool v6 = address->any.sa_family == AF_INET6;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME |
                     (v6 ? (unsigned)MHD_USE_IPv6 : 0u);
    const union MHD_DaemonInfo *info;

    errno = 0;
    /* clang-format off */
    s->daemon = MHD_start_daemon(
        flags, 0, accept_connection, s, exchange_step, &s->floor,
        MHD_OPTION_SOCK_ADDR, &address->any,
        MHD_OPTION_THREAD_POOL_SIZE, set->threads > 1 ? set->threads : 0,
        MHD_OPTION_CONNECTION_LIMIT, set->max_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, set->max_header,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)set->idle_s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, &s->floor,
        MHD_OPTION_NOTIFY_COMPLETED, exchange_done, &s->floor,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_END);
    /* clang-format on */
    if (!s->daemon)
        return aisle_fail(err, AISLE_CONFIG, "cannot listen on port %u: %s",
                          ntohs(address->v4.sin_port),
                          errno ? strerror(errno) : "no more is known");
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info ? info->port : 0;
    return AISLE_OK;
}

static enum aisle_status start_lanes(struct http_server *s, struct aisle_err *err)
{
    unsigned threads = s->floor.set.lane_threads;
    enum aisle_status status = http_pool_start(threads, &s->floor.lanes[HTTP_READS], err);

    return status == AISLE_OK
               ? http_pool_start(threads, &s->floor.lanes[HTTP_WRITES], err)
               : status;
}

static void end_lanes(struct http_server *s)
{
    atomic_store(&s->floor.over, true);
    for (int i = 0; i <= HTTP_WRITES; i++)
        http_pool_end(s->floor.lanes[i]);
}

static void free_lanes(struct http_server *s)
{
    for (int i = 0; i <= HTTP_WRITES; i++)
        http_pool_free(s->floor.lanes[i]);
}

enum aisle_status http_start(const struct http_settings *settings,
                             struct http_server **out, struct aisle_err *err)
{
    struct http_server *s = NULL;
    union address address = {0};
    enum aisle_status status =
        read_address(settings->address, settings->port, &address, err);

    if (status)
        return status;
    s = mem_zalloc(1, sizeof *s);
    if (!s)
        return aisle_nomem(err);
    s->floor.set = fill_in(settings);
    pthread_mutex_init(&s->lock, NULL);

    status = http_timer_start(end_late, s, &s->floor.timer, err);
    if (status == AISLE_OK && s->floor.set.lane_of)
        status = start_lanes(s, err);
    if (status == AISLE_OK)
        status = listen_on(s, &address, err);
    if (status == AISLE_OK)
        *out = s;
    else
        http_stop(s, 0);
    return status;
}

/* Nothing was asked yet, so nobody is owed an answer. */
static void end_half_headers(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    for (struct http_conn *conn = s->conns; conn; conn = conn->next)
        if (atomic_load(&conn->in_header))
            shutdown(conn->fd, SHUT_RDWR);
    pthread_mutex_unlock(&s->lock);
}

static void wait_until_done(struct http_server *s, int most_ms)
{
    const struct clock *clock = clock_system();
    int64_t until = clock_mono_ms(clock) + most_ms;

    while (atomic_load(&s->floor.under_way) && clock_mono_ms(clock) < until) {
        end_half_headers(s); /* each time, as they may still begin one */
        clock_sleep_ms(clock, 5);
    }
}

static void stop_daemon(struct http_server *s, int grace_ms)
{
    /* not MHD_quiesce_daemon: it and a worker may both take the socket out of the
     * worker's epoll set, and the second of them aborts the program (0.9.75) */
    atomic_store(&s->floor.stopping, true);
    http_timer_flush(s->floor.timer); /* one that rests would abort the program, too */
    wait_until_done(s, grace_ms);
    end_lanes(s); /* what is answered there rests meanwhile */
    if (s->floor.lanes[HTTP_WRITES])
        wait_until_done(s, LAST_WORDS_MS);
    MHD_stop_daemon(s->daemon);
}

void http_stop(struct http_server *s, int grace_ms)
{
    if (!s)
        return;
    if (s->daemon)
        stop_daemon(s, grace_ms);
    end_lanes(s);
    free_lanes(s);
    http_timer_stop(s->floor.timer);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}

uint16_t http_port(const struct http_server *s)
{
    return s->port;
}
