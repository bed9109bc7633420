/* reply.h - an answer under construction: status, headers, and a body in up to three
 * pieces
 *
 * The middle piece can be shared between answers without being copied; a source may stand
 * in for the body when it is made while it is sent.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/buf.h"

enum { HTTP_MAX_REPLY_HEADERS = 24, HTTP_MAX_HEADER_TEXT = 8 * 1024 };

/* Text many answers send at the same time. Counted; thread-safe. */
struct http_shared;
struct http_shared *http_shared_new(struct buf *text); /* takes it; NULL: no memory */
struct http_shared *http_shared_ref(struct http_shared *s); /* NULL is fine, twice too */
void http_shared_drop(struct http_shared *s);
struct str http_shared_str(const struct http_shared *s); /* NULL is empty */

enum http_pull {
    HTTP_PULLED, /* *n bytes are there */
    HTTP_WAIT,   /* nothing yet: ask again in *wait_ms; no thread is held */
    HTTP_END,
    HTTP_BREAK, /* close the connection here, whatever was promised */
    HTTP_RESET, /* the same, without manners */
};

/* A body that is made while it is sent. */
struct http_source {
    enum http_pull (*pull)(void *ctx, char *out, size_t room, size_t *n,
                           int64_t *wait_ms);
    void (*close)(void *ctx); /* always called once, at the end; may be NULL */
    void *ctx;
    int64_t length; /* Content-Length; below 0 unknown, and the body is sent in chunks */
};

struct http_reply {
    int status;                 /* 200 */
    struct buf body;            /* sent first */
    struct http_shared *middle; /* then this, a reference of the reply's own, or NULL */
    struct buf tail;            /* and this last */
    struct http_source source;  /* instead of all three, when it has a pull */
    int64_t delay_ms;           /* not before so many; no thread is held */
    struct buf headers;         /* name NUL value NUL, and so on */
    size_t header_count;
    bool close; /* the connection, after this answer */
};

void http_reply_init(struct http_reply *r); /* the body may grow to BUF_MAX_REPLY */
void http_reply_clear(struct http_reply *r);

/* Set a header; the text is copied. Line ends in it are blanks. Over the ceilings, or
 * without memory, the reply turns into a 500 when sent. */
void http_reply_header(struct http_reply *r, const char *name, struct str value);
/* Status, type and body of a short answer at once. */
void http_reply_text(struct http_reply *r, int status, const char *type, struct str text);

/* Bytes of the three pieces together. */
size_t http_reply_length(const struct http_reply *r);

#endif
