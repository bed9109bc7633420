/* timer.h - one thread that calls back later, so that no other has to wait; the server's
 * own */
#ifndef HTTP_TIMER_H
#define HTTP_TIMER_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct http_timer;

typedef void http_timer_fn(void *ctx);

/* `tick` is called twice a second as long as it runs. */
enum aisle_status http_timer_start(http_timer_fn *tick, void *ctx,
                                   struct http_timer **out, struct aisle_err *err);
/* Calls fn(ctx) in so many milliseconds, on the timer's thread. False: not taken, the
 * timer is ending or there is no memory; then fn is the caller's to call. */
bool http_timer_add(struct http_timer *t, int64_t ms, http_timer_fn *fn, void *ctx);
/* Everything still waiting is called, on the timer's thread, before this returns, and
 * nothing more is taken. */
void http_timer_flush(struct http_timer *t);
/* Flushes, ends the thread. NULL is fine. */
void http_timer_stop(struct http_timer *t);

#endif
