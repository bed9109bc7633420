/* request.h - a request as it was read; plain data, and the few questions asked of it */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/arena.h"

struct http_pair {
    struct str name, value;
};

struct http_request {
    struct str method;               /* as sent: "GET" */
    struct str version;              /* "HTTP/1.1" */
    struct str path;                 /* as sent, up to the '?', still encoded */
    struct str query;                /* as sent, after the '?' */
    const struct http_pair *headers; /* in the order sent, doubles included */
    size_t header_count;
    const struct http_pair *args; /* the query, decoded, in the order sent */
    size_t arg_count;
    struct str body;
    bool unread;         /* it has a body, which was not wanted: HTTP_UNREAD */
    struct str peer;     /* "127.0.0.1" */
    struct arena *arena; /* the request's own */
};

/* The first of that name, whatever its case; empty when absent. */
struct str http_header(const struct http_request *r, const char *name);
/* The last, for a header that those on the way add lines of. */
struct str http_header_last(const struct http_request *r, const char *name);
size_t http_header_times(const struct http_request *r, const char *name);

/* The first argument of that name; false when absent. */
bool http_arg(const struct http_request *r, const char *name, struct str *value);
size_t http_arg_times(const struct http_request *r, const char *name);
/* The same, empty when absent. */
struct str http_arg_str(const struct http_request *r, const char *name);

/* "multipart/form-data" of "Multipart/Form-Data; boundary=x": what is before the ';', as
 * sent. */
struct str http_media_type(struct str content_type);
/* The value of a parameter behind the ';', without its quotes; empty when absent. */
struct str http_media_param(struct str content_type, const char *name);

/* %XX and, where asked, '+' as a blank. What is no %XX stays as it is. .p is NULL when
 * memory ran out. */
struct str http_decode(struct str s, bool plus, struct arena *arena);

enum { HTTP_MAX_ARGS = 256 };

/* "a=1&b=%20" to pairs, empty pieces left out. AISLE_LIMIT, AISLE_NOMEM. */
enum aisle_status http_args_read(struct str query, struct arena *arena,
                                 const struct http_pair **out, size_t *count,
                                 struct aisle_err *err);

/* Why the request must not be answered, in words, or NULL: what the server refuses before
 * any handler. (RFC 9112 sections 3.2, 5.1 and 6.3.) */
const char *http_framing_fault(const struct http_request *r);

#endif
