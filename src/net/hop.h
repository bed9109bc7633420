/* hop.h - one request to one address, over one libcurl handle: what net_send is made of
 *
 * Follows nothing and repeats nothing. Everything libcurl is told stands in hop.c.
 */
#ifndef NET_HOP_H
#define NET_HOP_H

#include "net/net.h"

#include <curl/curl.h>

struct hop {
    const struct net_settings *settings; /* its text is NUL-terminated */
    const struct net_request *request;
    struct str url;     /* NUL-terminated, checked */
    bool without_extra; /* the caller's headers are not for this address */
    int64_t timeout_ms; /* of this hop */
};

/* What came besides the reply. */
struct hop_end {
    struct buf location; /* where a redirect leads, made absolute; empty for none */
    int64_t took_ms;
};

/* As net_send, for one hop. end->location is appended to. The handle is reset before and
 * after; it keeps its connections. */
enum aisle_status hop_run(CURL *easy, const struct hop *hop, struct net_reply *reply,
                          struct hop_end *end, struct aisle_err *err);

#endif
