/* trace.h - a transcript of what went over the wire, scrubbed before it is written
 *
 * For a bug report or a support desk. JSON Lines: time, method, URL, request headers and
 * body, status, reply headers and body, milliseconds. Bodies that are not text are told
 * by size and digest, long ones cut. Thread-safe.
 */
#ifndef NET_TRACE_H
#define NET_TRACE_H

#include "base/buf.h"
#include "base/clock.h"
#include "net/net.h"

struct net_trace;

/* Made with mode 0600, appended to. AISLE_IO. */
enum aisle_status net_trace_open(struct str path, const struct clock *clock,
                                 struct net_trace **out, struct aisle_err *err);
void net_trace_close(struct net_trace *t); /* NULL is fine */

/* One request to one address and what came of it: an answer, or `failure` when its status
 * is not AISLE_OK. Without the caller's headers when they were not sent. A line that
 * cannot be written is left out: a transcript must not break the call it tells of. */
void net_trace_write(struct net_trace *t, const struct net_request *request,
                     struct str url, bool without_headers, const struct net_reply *reply,
                     const struct aisle_err *failure);

#endif
