/* csv.h - the tables sellers send, row by row, in memory that does not grow with the file
 *
 * RFC 4180, and what is met beside it: separators , ; TAB and |, found out from the first
 * rows or named by Excel's "sep=;" line; UTF-8 with or without mark, UTF-16 by its mark,
 * and Windows-1252 when the bytes are no UTF-8; line ends LF, CR LF and CR, also inside
 * quotes; blank lines; blanks around quotes; quotes inside a quoted cell that nobody
 * doubled; quotes that PHP's fputcsv left behind a backslash; a quote that never closes;
 * NULs. Rows may have any number of cells: what that means is the caller's to judge.
 *
 * What had to be mended is said in the row's flaws. Does not know what a column is.
 */
#ifndef FEEDS_CSV_H
#define FEEDS_CSV_H

#include "base/buf.h"
#include "feeds/source.h"

enum {
    CSV_MAX_COLUMNS = 4096,
    CSV_MAX_CELL = 1024 * 1024,
    CSV_MAX_ROW = 4 * 1024 * 1024, /* bytes, as the file has them */
};

enum csv_flaw {
    CSV_STRAY_QUOTE = 1 << 0,    /* a quote inside a quoted cell, taken as it stands */
    CSV_UNCLOSED_QUOTE = 1 << 1, /* never closes: dropped, and the line read alone */
    CSV_NUL = 1 << 2,            /* NULs were left out */
    CSV_BAD_TEXT = 1 << 3,       /* bytes of another encoding became U+FFFD */
    CSV_TOO_LONG = 1 << 4,       /* a cell or the row is over its limit: it was cut */
    CSV_TOO_MANY = 1 << 5, /* more cells than CSV_MAX_COLUMNS: the rest is missing */
};

struct csv_row {
    size_t line;             /* of the file, where the row begins; the first is 1 */
    const struct str *cells; /* UTF-8; borrowed until the next row */
    size_t count;            /* 0 at the end of the file, and only there */
    unsigned flaws;          /* enum csv_flaw */
};

enum csv_encoding { CSV_ASCII, CSV_UTF8, CSV_UTF16_LE, CSV_UTF16_BE, CSV_WINDOWS_1252 };

/* The reader's own; callers look at delimiter and encoding at most. */
struct csv {
    struct feed_source source;
    char delimiter;
    enum csv_encoding encoding; /* CSV_ASCII until a letter tells */
    struct buf raw;             /* UTF-16 not yet turned into the window, mark first */
    struct buf window;          /* bytes read and not behind us */
    size_t at;                  /* of the window: where the next row begins */
    size_t line;                /* and which line that is */
    bool at_end;                /* the source has no more */
    bool cr_only;               /* lines end in CR, as on an old Mac */
    size_t columns;             /* cells a row should have; 0 not known yet */
    struct csv_span *spans;
    struct str *cells;
    size_t cell_room;         /* of both */
    struct buf text, decoded; /* what the cells point into */
    uint64_t passed, reread;  /* bytes behind us, and those of them looked at twice */
    enum aisle_status failed;
    struct aisle_err why;
};

/* Begin to read: finds encoding and separator. delimiter '\0' is to be found out.
 * AISLE_NOMEM, AISLE_IO. csv_close in any case. */
enum aisle_status csv_open(struct csv *c, struct feed_source source, char delimiter,
                           struct aisle_err *err);
/* The next row that is not blank. Fails only with AISLE_NOMEM and AISLE_IO; whatever the
 * file holds is a row, with flaws at worst. */
enum aisle_status csv_next(struct csv *c, struct csv_row *row, struct aisle_err *err);
/* How many cells a row should have: a row that has another number is looked at again, in
 * case a stray quote is to blame. Until told, what the first row has. */
void csv_expect(struct csv *c, size_t columns);
void csv_close(struct csv *c); /* twice is fine */

/* Without the ' that keeps a spreadsheet from running a cell ("'-1", "'=A1"), as buf_csv
 * and other exports put there, or without what keeps a text from being read as a number
 * (="007"). */
struct str csv_unguard(struct str cell);

#endif
