/* serve.c - the two ends of bench/serve.py: a bare libmicrohttpd that runs a statement
 * and sends given bytes, and 64 clients that ask as fast as they are answered
 *
 *   bench_serve bare STORE STATEMENT BODY-FILE     prints its port, serves until killed
 *   bench_serve load PORT CLIENTS SECONDS < HEAD   HEAD is the request, byte for byte
 */
#include "base/buf.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/tcp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* ---- bare ---- */

struct bare {
    const char *store, *statement;
    struct buf body;
};

static __thread sqlite3 *db; /* one a thread, as our pool has them */
static __thread sqlite3_stmt *statement;

static enum MHD_Result answer(void *cls, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **own)
{
    struct bare *b = cls;
    struct MHD_Response *response;
    enum MHD_Result result;
    long long bytes = 0;

    (void)url;
    (void)method;
    (void)version;
    (void)data;
    (void)size;
    if (!*own) {
        *own = b;
        return MHD_YES;
    }
    if (!db && (sqlite3_open_v2(b->store, &db, SQLITE_OPEN_READWRITE, NULL) ||
                sqlite3_prepare_v2(db, b->statement, -1, &statement, NULL)))
        die(sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(statement); i++)
            if (sqlite3_column_text(statement, i))
                bytes += sqlite3_column_bytes(statement, i);
    sqlite3_reset(statement);
    if (!bytes)
        die("the statement found nothing");
    response =
        MHD_create_response_from_buffer(b->body.n, b->body.p, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", "application/json");
    result = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return result;
}

static int run_bare(char *argv[])
{
    struct bare b = {argv[2], argv[3], BUF_INIT(BUF_MAX_REPLY)};
    FILE *f = fopen(argv[4], "r");
    struct MHD_Daemon *daemon;
    char piece[4096];
    size_t n;

    if (!f)
        die(argv[4]);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(&b.body, str_n(piece, n));
    fclose(f);
    daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, &b,
                              MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_END);
    if (!daemon)
        die("MHD_start_daemon");
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    pause();
    return 0;
}

/* ---- load ---- */

enum { CLIENTS_MOST = 1024, SLOTS = 200000 }; /* a slot is 10 microseconds */

struct client {
    int fd;
    size_t got, want; /* want 0: not known yet */
    char head[8192];
    size_t head_n;
    double asked;
};

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void ask(struct client *c, struct str request)
{
    if (write(c->fd, request.p, request.n) != (ssize_t)request.n)
        die("write");
    c->asked = now();
    c->got = c->want = c->head_n = 0;
}

static int open_client(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to))
        die("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* The length of head and body together, once the head is whole. */
static size_t whole_length(const struct client *c)
{
    struct str head = str_n(c->head, c->head_n), rest;
    size_t end = str_find(head, STR_LIT("\r\n\r\n"));
    int64_t n = 0;

    if (end == head.n)
        return 0;
    if (!str_starts(head, "HTTP/1.1 200")) {
        fprintf(stderr, "%.*s\n", STR_ARG(head));
        exit(1);
    }
    rest = str_skip(head, str_find(head, STR_LIT("Content-Length: ")) + 16);
    if (!parse_i64(str_head(rest, str_find_char(rest, '\r')), 0, INT64_MAX, &n))
        die("no Content-Length");
    return end + 4 + (size_t)n;
}

/* Whether the answer is whole. */
static bool take(struct client *c)
{
    char piece[65536];
    ssize_t n = read(c->fd, piece, sizeof piece);
    size_t head;

    if (n <= 0)
        die("read");
    head = sizeof c->head - c->head_n;
    head = head < (size_t)n ? head : (size_t)n;
    memcpy(c->head + c->head_n, piece, head);
    c->head_n += head;
    c->got += (size_t)n;
    if (!c->want)
        c->want = whole_length(c);
    return c->want && c->got >= c->want;
}

static void tell(const unsigned *slots, unsigned long long count, double took)
{
    unsigned long long seen = 0;
    size_t i = 0;

    while (i < SLOTS && seen * 100 < count * 99)
        seen += slots[i++];
    printf("%.0f %.3f\n", (double)count / took, (double)i / 100);
}

static int run_load(char *argv[])
{
    static struct client clients[CLIENTS_MOST];
    static unsigned slots[SLOTS];
    static char text[8192];
    int port = atoi(argv[2]), count = atoi(argv[3]), epoll = epoll_create1(0);
    double seconds = atof(argv[4]), began, until;
    unsigned long long done = 0;
    struct str request = str_n(text, fread(text, 1, sizeof text, stdin));
    struct epoll_event events[64];

    if (count < 1 || count > CLIENTS_MOST)
        return 2;
    for (int i = 0; i < count; i++) {
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &clients[i]};

        clients[i].fd = open_client(port);
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].fd, &e);
        ask(&clients[i], request);
    }
    began = now();
    until = began + seconds;
    while (now() < until) {
        int n = epoll_wait(epoll, events, 64, 1000);

        for (int i = 0; i < n; i++) {
            struct client *c = events[i].data.ptr;
            double slot;

            if (!take(c))
                continue;
            slot = (now() - c->asked) * 100000;
            slots[slot < SLOTS ? (size_t)slot : SLOTS - 1]++;
            done++;
            ask(c, request);
        }
    }
    tell(slots, done, now() - began);
    return 0;
}

int main(int argc, char *argv[])
{
    if (argc == 5 && strcmp(argv[1], "bare") == 0)
        return run_bare(argv);
    if (argc == 5 && strcmp(argv[1], "load") == 0)
        return run_load(argv);
    fprintf(stderr,
            "bench_serve bare STORE STATEMENT BODY-FILE | load PORT CLIENTS SECONDS\n");
    return 2;
}
