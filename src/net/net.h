/* net.h - one outgoing HTTP request, over libcurl
 *
 * Caps every size and time, follows a redirect only when asked to and checks each hop,
 * speaks only http and https. Knows no marketplace. A struct net keeps connections alive
 * between requests and belongs to one thread.
 */
#ifndef NET_NET_H
#define NET_NET_H

#include "base/buf.h"
#include "base/clock.h"

#include <stdatomic.h>

/* Whom a connection may be made to, judged on the resolved address, not on the name. */
enum net_reach {
    NET_PUBLIC,   /* no loopback, private, link-local, multicast or metadata address */
    NET_LOOPBACK, /* nothing but loopback */
    NET_ANYWHERE,
};

struct net_settings {
    struct str proxy;   /* HTTPS_PROXY's value; "" none; loopback is never proxied */
    struct str ca_file; /* own CA bundle; "" the system's */
    int connect_timeout_ms, timeout_ms; /* 0: 10 s, NET_TIMEOUT_MS */
    const struct clock *clock;
    struct net_trace *trace; /* transcript, or NULL (net/trace.h) */
    const atomic_bool
        *stop; /* set: requests under way end soon with AISLE_STOPPED; or NULL */
};

struct net;

enum aisle_status net_new(const struct net_settings *settings, struct net **out,
                          struct aisle_err *err); /* settings' text is copied */
void net_free(struct net *n);                     /* NULL is fine */

struct net_header {
    struct str name, value;
};

/* A part of a multipart/form-data body; file parts have a file_name. */
struct net_part {
    struct str name, file_name, mime;
    struct str data; /* sent from where it lies, not copied */
};

struct net_request {
    const char *method; /* "GET", "POST", … */
    struct str url;
    const struct net_header *headers;
    size_t header_count;
    struct str body; /* with content_type; or parts; or neither */
    struct str content_type;
    const struct net_part *parts;
    size_t part_count;
    enum net_reach reach;
    int max_redirects; /* 0: a redirect is an answer like any other */
    size_t max_reply;  /* bytes of body; over it AISLE_LIMIT */
    int timeout_ms;    /* 0: the settings' */
    bool fail_fast;    /* a host that let this net wait for nothing lately is not asked */
};

enum { NET_MAX_KEPT_HEADERS = 8192, NET_TIMEOUT_MS = 60000 };

struct net_reply {
    int status;
    struct buf body; /* BUF_INIT by net_reply_init */
    struct buf
        headers; /* as received, the last hop's, at most NET_MAX_KEPT_HEADERS bytes */
    int64_t elapsed_ms;
    bool out_of_reach; /* of AISLE_INVALID: the address is one that may not be asked */
    bool silent;       /* of AISLE_BUSY: nothing was heard in all the time there was */
    bool sent; /* it may have been heard, whatever came of it: there was a connection */
};

void net_reply_init(struct net_reply *r);
void net_reply_clear(struct net_reply *r); /* twice is fine */
/* The value of a header, whatever its case; empty when absent. Borrowed from r. */
struct str net_reply_header(const struct net_reply *r, const char *name);
/* Retry-After in seconds (a number or a date, against clock), at most a day; 0 absent. */
int net_reply_retry_after_s(const struct net_reply *r, const struct clock *clock);

/* Send and wait. AISLE_OK for any HTTP status: whether it is a failure is the channel's
 * to say. AISLE_BUSY (no connection, timeout, cut short), AISLE_LIMIT (reply too large),
 * AISLE_INVALID (URL, scheme, an address outside reach: the text says which),
 * AISLE_CONFIG (TLS: certificate, CA file; a proxy that refuses or is not there),
 * AISLE_GARBLED (no HTTP), AISLE_STOPPED. reply must be initialised; what it held is
 * replaced. */
enum aisle_status net_send(struct net *n, const struct net_request *request,
                           struct net_reply *reply, struct aisle_err *err);

/* An address, or "host:port" alone, is loopback by name or number (localhost, 127/8,
 * ::1). Numbers count only as they are usually written: 0x7f.1 is none. */
bool net_url_is_loopback(struct str url);
/* Takes an absolute http or https address apart; host is with its port, where it has one.
 * False for any other, and for what can be read in two ways (user:password@, a backslash,
 * control characters). Borrowed from url. */
bool net_url_split(struct str url, bool *https, struct str *host,
                   struct str *path_and_query);

#endif
