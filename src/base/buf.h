/* buf.h - text that grows, up to a ceiling stated at birth
 *
 * Appends never fail loudly: the first one that finds no memory or would pass the ceiling
 * marks the buffer, later ones do nothing, and buf_check says so once, at the end. What
 * is in a buffer is always NUL-terminated (the NUL is not counted).
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/status.h"
#include "base/str.h"

#include <stdarg.h>

struct buf {
    char *p; /* NULL while empty and never grown */
    size_t n, cap;
    size_t max;               /* bytes it may come to hold */
    enum aisle_status failed; /* AISLE_OK, AISLE_NOMEM or AISLE_LIMIT */
};

/* clang-format off */
#define BUF_INIT(ceiling) {.max = (ceiling)}
/* clang-format on */

/* The ceilings, in one list. */
enum {
    BUF_MAX_LINE = 64 * 1024,          /* a message, a URL, a path */
    BUF_MAX_REQUEST = 4 * 1024 * 1024, /* a JSON body we send */
    BUF_MAX_REPLY = 64 * 1024 * 1024,  /* a JSON body we receive: a whole tree */
    BUF_MAX_IMAGE = 32 * 1024 * 1024,  /* an image as fetched */
    BUF_MAX_FILE = 1024 * 1024 * 1024, /* a seller's file read whole */
};

void buf_clear(struct buf *b); /* releases; twice is fine; the ceiling stays */
void buf_reset(struct buf *b); /* empties, keeps the memory, forgets a failure */
/* The text is yours (mem_free) and the buffer empty; NULL if it failed. */
char *buf_take(struct buf *b);

static inline struct str buf_str(const struct buf *b) /* borrowed until the next append */
{
    return (struct str){b->p ? b->p : "", b->n};
}

/* AISLE_OK, or the first append's failure recorded in err ("reply is over 64 MiB");
 * `what` names the thing. */
enum aisle_status buf_check(const struct buf *b, const char *what, struct aisle_err *err);

/* Grow so that `more` bytes fit; false marks the buffer. */
bool buf_room(struct buf *b, size_t more);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vaddf(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Text for where it is going. */
void buf_url(struct buf *b, struct str s);  /* RFC 3986: all but unreserved as %XX */
void buf_html(struct buf *b, struct str s); /* & < > " ' */
void buf_tsv(struct buf *b, struct str s);  /* tab, line ends, backslash as \t \n \r \\ */
void buf_json(struct buf *b,
              struct str s); /* with the quotes; bad UTF-8 becomes U+FFFD */
/* Quoted where RFC 4180 needs it; what starts with = + - @ tab CR and is no number gets a
 * ' in front, so that a spreadsheet does not run it. */
void buf_csv(struct buf *b, struct str s);
void buf_hex(struct buf *b, const void *p, size_t n);
void buf_base64(struct buf *b, const void *p, size_t n);

#endif
