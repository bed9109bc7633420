/* csv_row.h - one attempt at a row, under one reading of quotes; inside the room only
 *
 * The bytes not yet behind us are a window that grows at its end. An attempt changes
 * nothing but the cells (spans of c->text), so that it may be made again from the same
 * place in another way.
 */
#ifndef FEEDS_CSV_ROW_H
#define FEEDS_CSV_ROW_H

#include "feeds/csv.h"

enum { CSV_BLOCK = 64 * 1024, CSV_END = -1 };

struct csv_span {
    size_t at, n; /* of the text */
};

/* How quotes are read. */
enum csv_quoting {
    CSV_QUOTES,           /* RFC 4180; a quote that ends no cell is a letter */
    CSV_QUOTES_BACKSLASH, /* and so is one behind a backslash, as PHP writes them */
    CSV_QUOTES_IN_LINE,   /* one that has no end in its line is dropped */
};

struct csv_attempt {
    size_t end; /* of the window: behind the row and its line end */
    size_t count;
    unsigned flaws;
    bool has_cell;       /* there is one for what comes next */
    bool backslash;      /* a quote stood behind a backslash */
    bool spans_lines;    /* a line end stood in a cell */
    bool opens_again;    /* a stray quote stood where a cell begins */
    bool has_unclosed;   /* came to the end of file, or the limit, inside quotes */
    bool has_overrun;    /* gave up at CSV_MAX_ROW, in the middle of the row */
    bool quoted;         /* the last cell was */
    bool is_past_quotes; /* CSV_QUOTES_IN_LINE: one was dropped, the rest are letters */
};

struct csv_attempt csv_read_row(struct csv *c, enum csv_quoting quoting, size_t start);

/* More bytes at the end of the window; false when there are none, or c->failed. */
bool csv_fill(struct csv *c);
/* What raw holds of UTF-16 onto the window. */
void csv_decode_raw(struct csv *c);
/* The byte at a place of the window, which grows as far as that; or CSV_END. */
int csv_byte(struct csv *c, size_t at);
/* Length of the line end at a place, 0 when there is none. CR CR LF is what a CR LF file
 * becomes when it is copied as text once too often. */
size_t csv_line_end(struct csv *c, size_t at);
/* Forget what is behind us, when that is most of the window. */
void csv_slide(struct csv *c);
/* Keep the first failure, which csv_next will hand on. */
void csv_fail(struct csv *c, enum aisle_status status);

#endif
