/* server.h - serving HTTP/1.1, over libmicrohttpd: listens, reads a request whole, asks
 * one handler, sends what it answers
 *
 * Has never heard of a shop. Refuses, before any handler, what two readers could
 * understand in two ways: two Content-Lengths, a length beside Transfer-Encoding, two
 * Hosts or none, a header name with a blank, a line that ends with less than CR LF or
 * goes on in the next. Caps header, body and the time either takes. TLS and HTTP/2 belong
 * to a proxy in front. Does not route (http/route.h) and does not log.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/arena.h"
#include "http/reply.h"
#include "http/request.h"

struct http_server;

/* Fill the reply; called once a request, on one of the server's threads, several at a
 * time. Everything in the request is good until the answer is out. */
typedef void http_handler_fn(void *ctx, const struct http_request *request,
                             struct http_reply *reply);

/* Asked when the header is there and the body not yet: the place to allow another size of
 * body. HTTP_UNREAD: none is wanted, as the answer will be no whatever it says; the
 * handler is asked without it, at once where it would be long in coming. */
#define HTTP_UNREAD SIZE_MAX
typedef size_t http_max_body_fn(void *ctx, const struct http_request *request);

/* Asked when the request is there whole: on whose time it is answered. What may wait, for
 * a lock, a disk or another machine, has threads of its own, so that what is quick never
 * waits behind it; so have those who write, so that who only looks does not either. A
 * connection's requests are answered one after the other all the same. */
enum http_lane { HTTP_QUICK, HTTP_READS, HTTP_WRITES };
typedef enum http_lane http_lane_fn(void *ctx, const struct http_request *request);

/* What the server declines itself (400, 413, 503), said in the caller's form. `why` is
 * static. What does not come past libmicrohttpd is said in its form (LIMITS.md). */
typedef void http_refuse_fn(void *ctx, const struct http_request *request, int status,
                            const char *why, struct http_reply *reply);

struct http_settings {
    struct str address;           /* "": 127.0.0.1. An IPv4 or IPv6 number */
    uint16_t port;                /* 0: a free one */
    unsigned threads;             /* 0: as many as the machine has, two at least */
    unsigned lane_threads;        /* of each lane but the quick one; 0: 8 */
    unsigned max_connections;     /* 0: 1000 */
    size_t max_header;            /* 0: 32 KiB, request line included */
    size_t max_body;              /* 0: 1 MiB */
    size_t max_arena;             /* what a request's arena may hand out; 0: 64 MiB */
    int idle_s, header_s, body_s; /* between requests, for a header, for a body; 0: 60,
                                     20, 60 */

    http_handler_fn *handle;
    http_max_body_fn *max_body_of; /* NULL: max_body for all */
    http_lane_fn *lane_of;         /* NULL: all are quick */
    http_refuse_fn *refuse;        /* NULL: a line of plain text */
    void *ctx;
};

/* AISLE_CONFIG: the address cannot be had; AISLE_NOMEM. The settings' text is copied. */
enum aisle_status http_start(const struct http_settings *settings,
                             struct http_server **out, struct aisle_err *err);

/* Listens no more, closes upon headers that are half there, sends what is delayed at
 * once, gives requests under way so long to end, then closes what is left; what no
 * handler was asked about by then is a 503. NULL is fine. No handler runs after it
 * returns. */
void http_stop(struct http_server *s, int grace_ms);

uint16_t http_port(const struct http_server *s);

#endif
