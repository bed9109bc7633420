/* jsonl.h - JSON Lines: one JSON object a line, in memory that does not grow with the
 * file
 *
 * UTF-8, with or without mark; lines end in LF or CR LF; blank ones are passed over. A
 * line that is no object is told, and the next one read. Knows no field names.
 */
#ifndef FEEDS_JSONL_H
#define FEEDS_JSONL_H

#include "base/json.h"
#include "feeds/source.h"

enum { JSONL_MAX_LINE = 4 * 1024 * 1024 };

struct jsonl {
    struct feed_source source;
    struct buf window; /* bytes read and not behind us */
    size_t at;         /* where the next line begins */
    size_t line;       /* which one that is */
    bool at_end;
};

struct jsonl_row {
    size_t line;    /* 0 at the end of the file */
    json_t *object; /* NULL where the line is none; borrowed until the next row */
    char why[256];  /* then: what is wrong with it */
};

void jsonl_open(struct jsonl *j, struct feed_source source);
/* Fails with AISLE_NOMEM and AISLE_IO only. The row is the caller's, born {0}, and handed
 * in again for the next. */
enum aisle_status jsonl_next(struct jsonl *j, struct jsonl_row *row,
                             struct aisle_err *err);
void jsonl_close(struct jsonl *j, struct jsonl_row *row); /* twice is fine */

#endif
