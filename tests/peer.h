/* peer.h - a tiny HTTP server on loopback that says what a test tells it to
 *
 * Answers stand in a list: the first request gets the first, and so on; the last one is
 * said again and again. Requests are kept byte for byte. A port is free, a thread its
 * own.
 */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include "check.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer_answer {
    int status;
    const char *headers; /* more lines, each ended by CR LF; or NULL */
    struct str body;
    struct str raw; /* or: these bytes and nothing else */
    bool close;     /* hang up after it */
    bool mute;      /* say nothing: keep the line, or with close hang up */
};

enum { PEER_MAX_REQUESTS = 64, PEER_MAX_LINES = 8 };

struct peer {
    uint16_t port;
    char url[64]; /* "http://127.0.0.1:port" */
    const struct peer_answer *answers;
    size_t count;
    struct buf requests[PEER_MAX_REQUESTS]; /* read them once they were answered */
    atomic_size_t request_count;
    atomic_int connections; /* made so far */
    struct str greeting;    /* set after the start: said to whoever connects */
    bool hangs_up;          /* the same: on whoever connects */
    atomic_bool quit;
    int listener;
    pthread_t thread;
    struct peer_line {
        int fd; /* -1: free */
        struct buf in;
    } lines[PEER_MAX_LINES];
};

/* The address of a port that is taken and where nobody listens, until the descriptor that
 * comes back is closed. A port that is merely free may be somebody else's by the time it
 * is called. */
static inline int peer_absent(char *url, size_t room)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    snprintf(url, room, "http://127.0.0.1:%u", ntohs(at.sin_port));
    return fd;
}

static inline void peer_put(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        text = str_skip(text, (size_t)n);
    }
}

static inline void peer_hang_up(struct peer_line *line)
{
    shutdown(line->fd, SHUT_WR);
    close(line->fd);
    line->fd = -1;
    buf_clear(&line->in);
}

static inline void peer_answer_line(struct peer *p, struct peer_line *line)
{
    size_t n = p->request_count - 1;
    const struct peer_answer *a = &p->answers[n < p->count ? n : p->count - 1];
    struct buf head = BUF_INIT(1 << 20);

    if (a->mute && !a->close)
        return;
    if (a->raw.n || a->mute) {
        peer_put(line->fd, a->raw);
    } else {
        buf_addf(&head, "HTTP/1.1 %d Told\r\nContent-Length: %zu\r\n%s\r\n", a->status,
                 a->body.n, a->headers ? a->headers : "");
        peer_put(line->fd, buf_str(&head));
        peer_put(line->fd, a->body);
    }
    buf_clear(&head);
    if (a->close)
        peer_hang_up(line);
}

/* Bytes of the whole request at the front of what came in; 0 while it is not whole. */
static inline size_t peer_request_size(struct str in)
{
    size_t head = str_find(in, STR_LIT("\r\n\r\n")), length = 0;
    struct str rest = str_head(in, head);

    if (head == in.n)
        return 0;
    while (rest.n) {
        struct str one = str_trim(str_cut(&rest, '\n'));
        int64_t n;

        if (str_eq_nocase(str_head(one, 15), STR_LIT("content-length:")) &&
            parse_i64(str_trim(str_skip(one, 15)), 0, 1 << 30, &n))
            length = (size_t)n;
    }
    return in.n >= head + 4 + length ? head + 4 + length : 0;
}

static inline void peer_read(struct peer *p, struct peer_line *line)
{
    char chunk[65536];
    ssize_t got = recv(line->fd, chunk, sizeof chunk, 0);
    size_t whole;

    if (got <= 0) {
        peer_hang_up(line);
        return;
    }
    buf_add(&line->in, str_n(chunk, (size_t)got));
    whole = peer_request_size(buf_str(&line->in));
    if (whole && p->request_count < PEER_MAX_REQUESTS) {
        buf_add(&p->requests[p->request_count], str_head(buf_str(&line->in), whole));
        p->request_count++;
        buf_reset(&line->in);
        peer_answer_line(p, line);
    }
}

static inline void peer_accept(struct peer *p)
{
    int fd = accept(p->listener, NULL, NULL);

    p->connections++;
    peer_put(fd, p->greeting);
    if (p->hangs_up) {
        close(fd);
        return;
    }
    for (size_t i = 0; i < PEER_MAX_LINES; i++) {
        if (p->lines[i].fd >= 0)
            continue;
        p->lines[i] = (struct peer_line){fd, BUF_INIT(BUF_MAX_IMAGE)};
        return;
    }
    close(fd);
}

static inline void *peer_run(void *ctx)
{
    struct peer *p = ctx;

    while (!p->quit) {
        struct pollfd fds[1 + PEER_MAX_LINES] = {{.fd = p->listener, .events = POLLIN}};

        for (size_t i = 0; i < PEER_MAX_LINES; i++)
            fds[1 + i] = (struct pollfd){.fd = p->lines[i].fd, .events = POLLIN};
        if (poll(fds, COUNT(fds), 20) <= 0)
            continue;
        for (size_t i = 0; i < PEER_MAX_LINES; i++)
            if (p->lines[i].fd >= 0 && fds[1 + i].revents)
                peer_read(p, &p->lines[i]);
        if (fds[0].revents)
            peer_accept(p);
    }
    return NULL;
}

static inline void peer_start(struct peer *p, const struct peer_answer *answers,
                              size_t count)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof at;

    memset(p, 0, sizeof *p);
    p->answers = answers;
    p->count = count;
    for (size_t i = 0; i < PEER_MAX_REQUESTS; i++)
        p->requests[i] = (struct buf)BUF_INIT(BUF_MAX_IMAGE);
    for (size_t i = 0; i < PEER_MAX_LINES; i++)
        p->lines[i].fd = -1;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(p->listener, 8), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&at, &n), 0);
    p->port = ntohs(at.sin_port);
    snprintf(p->url, sizeof p->url, "http://127.0.0.1:%u", p->port);
    assert_int_equal(pthread_create(&p->thread, NULL, peer_run, p), 0);
}

static inline void peer_stop(struct peer *p)
{
    p->quit = true;
    pthread_join(p->thread, NULL);
    close(p->listener);
    for (size_t i = 0; i < PEER_MAX_LINES; i++)
        if (p->lines[i].fd >= 0)
            peer_hang_up(&p->lines[i]);
    for (size_t i = 0; i < PEER_MAX_REQUESTS; i++)
        buf_clear(&p->requests[i]);
}

/* Holds the nth request these words, as they stand? */
static inline bool peer_was_told(const struct peer *p, size_t n, const char *words)
{
    struct str request = buf_str(&p->requests[n]);

    return n < p->request_count && str_find(request, str_of(words)) < request.n;
}

/* How often the words stand in the nth request, whatever their case. */
static inline size_t peer_times_told(const struct peer *p, size_t n, const char *words)
{
    struct str request = buf_str(&p->requests[n]), w = str_of(words);
    size_t times = 0;

    for (size_t i = 0; i + w.n <= request.n; i++)
        times += str_eq_nocase(str_n(request.p + i, w.n), w);
    return times;
}

#endif
