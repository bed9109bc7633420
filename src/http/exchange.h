/* exchange.h - one request and its answer, as libmicrohttpd walks us through it
 *
 * The only two files that know libmicrohttpd's callbacks are exchange.c and server.c.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/pool.h"
#include "http/server.h"
#include "http/timer.h"

#include <microhttpd.h>
#include <stdatomic.h>

struct exchange;

/* A connection and until when it must have brought the next thing we wait for. */
struct http_conn {
    struct http_conn *next, *before;
    int fd;
    _Atomic int64_t deadline_ms; /* monotonic; 0: none */
    struct exchange *exchange;   /* begun and not done; of the connection's thread */
    atomic_bool in_header;       /* begun, and its header not all there */
};

/* What exchanges need of their server: the floor they stand on. */
struct http_floor {
    struct http_settings set; /* with no zero left in it */
    struct http_timer *timer;
    struct http_pool *lanes[HTTP_WRITES + 1]; /* NULL: on the connection's thread */
    atomic_size_t under_way;                  /* requests begun and not done */
    atomic_bool stopping;
    atomic_bool over; /* handlers are asked no more */
};

/* Callbacks for MHD_start_daemon; cls is the floor. */
void *exchange_begin(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result exchange_step(void *cls, struct MHD_Connection *connection,
                              const char *url, const char *method, const char *version,
                              const char *data, size_t *size, void **own);
void exchange_done(void *cls, struct MHD_Connection *connection, void **own,
                   enum MHD_RequestTerminationCode why);
/* The connection is gone. Ends what exchange_done was never called for, which is so
 * (0.9.75) where cookies or the like did not fit into the header's memory. */
void exchange_lost(struct http_conn *conn);

#endif
