/* journal.h - the log of every call: what was asked, what was answered, what was done to
 * it
 *
 * A client's claims can be held against it. One JSON object a call, kept in memory and,
 * where asked for, in a file. Secrets never get here: query parameters that hold any are
 * left out by name.
 */
#ifndef SANDBOX_JOURNAL_H
#define SANDBOX_JOURNAL_H

#include "base/buf.h"
#include "http/request.h"

struct journal;

/* What a handler has to say of its call; text is borrowed until the entry is written. */
struct note {
    struct str shop;                  /* its id */
    struct str title, keyword, image; /* asked: the first image's uri */
    struct str digest;                /* SHA-256 of the image's bytes, hex */
    int status;
    struct str code;      /* "0", "12019064", "PRD_DLV_002" */
    struct str leaf, uri; /* answered */
    struct str fault;     /* "cut", or "delay+cut" */
    int64_t delay_ms;
    struct str request_id;
    struct str body;  /* of a webhook: as it was sent */
    struct str group; /* counted under this path; empty: its own */
};

/* `file` is appended to; empty: memory only. AISLE_CONFIG: it cannot be opened. */
enum aisle_status journal_open(struct str file, struct journal **out,
                               struct aisle_err *err);
void journal_close(struct journal *j); /* NULL is fine */

/* The number of the entry, from 1; without memory it is counted and not kept. */
uint64_t journal_add(struct journal *j, int64_t now_ms, const struct http_request *r,
                     const struct note *note);
/* Entries from number `from` on, a line each. */
void journal_read(struct journal *j, uint64_t from, struct buf *out);
/* {"GET /product/202309/categories": {"codes": {"0": 2}, "calls": 2}, …} */
void journal_counts(struct journal *j, struct buf *out);
uint64_t journal_total(struct journal *j);
/* Forgets entries and counts; numbers go on. */
void journal_forget(struct journal *j);

#endif
