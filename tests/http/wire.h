/* wire.h - raw HTTP over a socket: what exactly is sent, and all that comes back */
#ifndef TESTS_HTTP_WIRE_H
#define TESTS_HTTP_WIRE_H

#include "base/buf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static inline int wire_open(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = 120};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline void wire_send(int fd, struct str text)
{
    while (text.n) {
        ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        text = str_skip(text, (size_t)n);
    }
}

/* All until the other side closes; 0 or the errno it ended with. */
static inline int wire_drain(int fd, struct buf *out)
{
    char chunk[8192];
    ssize_t n;

    while ((n = recv(fd, chunk, sizeof chunk, 0)) > 0)
        buf_add(out, str_n(chunk, (size_t)n));
    return n < 0 ? errno : 0;
}

/* Until so many bytes are there behind the blank line, or it ends. */
static inline struct str wire_body(int fd, size_t wanted, struct buf *out)
{
    char chunk[8192];

    for (;;) {
        struct str all = buf_str(out);
        struct str body = str_skip(all, str_find(all, STR_LIT("\r\n\r\n")) + 4);
        ssize_t n;

        if (str_find(all, STR_LIT("\r\n\r\n")) < all.n && body.n >= wanted)
            return body;
        n = recv(fd, chunk, sizeof chunk, 0);
        if (n <= 0)
            return body;
        buf_add(out, str_n(chunk, (size_t)n));
    }
}

#endif
