/* out.h - data on stdout: rows of typed columns, in the form whoever reads wants
 *
 * A terminal gets an aligned table fitted to its width, a pipe gets TSV without a header,
 * --json one array (or one object), --jsonl an object a line; ids are strings and keys
 * stay what they are. Words, progress and errors go to stderr (say.h) and never through
 * here.
 *
 *     out_begin(out, command->columns, err);
 *     for (…) {
 *         out_str(out, shop->id);
 *         out_int(out, shop->targets);
 *         status = out_row(out, err);
 *     }
 *     out_end(out, err);
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/arena.h"
#include "base/buf.h"
#include "cli/command.h"

enum out_form { OUT_TABLE, OUT_TSV, OUT_JSON, OUT_JSONL };

enum { OUT_MAX_COLUMNS = 32, OUT_ROWS_MEASURED = 500 };

struct cell {
    bool absent; /* null in JSON, empty elsewhere */
    struct str text;
    int64_t number;
    double real;
};

struct out {
    /* Filled by whoever opens it. */
    enum out_form form;
    int fd;
    size_t width;      /* of the terminal, in columns; for OUT_TABLE */
    bool color;        /* a bold heading, nothing more */
    struct str fields; /* "id,path": which columns and in what order; "" the usual ones */

    /* Its own. */
    const struct column *columns; /* of the rows under way */
    size_t column_count, filled;
    struct cell cells[OUT_MAX_COLUMNS];
    size_t shown[OUT_MAX_COLUMNS]; /* indices into columns */
    size_t shown_count;
    bool single;        /* one object rather than rows */
    bool works;         /* out_begin_work */
    size_t rows;        /* finished */
    struct buf buf;     /* not yet written */
    struct arena arena; /* rows of a table, until they are measured */
    struct cell **kept; /* OUT_ROWS_MEASURED of them */
    size_t kept_count;
    size_t widths[OUT_MAX_COLUMNS];
    size_t below[OUT_MAX_COLUMNS]; /* those a table's line has no room for */
    size_t below_count;
    bool measured;
    bool unread;     /* whoever read went away: nothing more is written */
    int write_errno; /* of a write that failed otherwise; 0 */
};

void out_init(struct out *o, int fd, enum out_form form);
void out_clear(struct out *o); /* twice is fine; writes nothing */

/* AISLE_INVALID when --fields names a column there is not; the text lists them. */
enum aisle_status out_check_fields(struct str fields, const struct column *columns,
                                   struct aisle_err *err);

/* Begin rows, or one object. Fails as out_check_fields does. */
enum aisle_status out_begin(struct out *o, const struct column *columns,
                            struct aisle_err *err);
enum aisle_status out_begin_one(struct out *o, const struct column *columns,
                                struct aisle_err *err);
/* Begin rows that tell of work, or of a check with an exit code of its own: that goes on
 * to its end also when nobody reads any more, and the rows are dropped. */
enum aisle_status out_begin_work(struct out *o, const struct column *columns,
                                 struct aisle_err *err);

/* The next cell, in the order of the columns; text is borrowed until out_row. */
void out_str(struct out *o, struct str s); /* empty is written as empty */
void out_opt(struct out *o, struct str s); /* empty is absent */
void out_int(struct out *o, int64_t n);    /* COUNT and TIME */
/* The same where it is known, else absent. */
void out_int_if(struct out *o, bool known, int64_t n);
void out_time(struct out *o, int64_t s); /* 0 is absent */
void out_share(struct out *o, double share);
void out_seconds(struct out *o, double seconds);
void out_flag(struct out *o, bool flag);
void out_absent(struct out *o);

/* AISLE_STOPPED when nobody reads any more (the caller may as well end), AISLE_IO when
 * writing failed. */
enum aisle_status out_row(struct out *o, struct aisle_err *err);
/* After the last row. Whatever was begun and not ended is ended by this. */
enum aisle_status out_end(struct out *o, struct aisle_err *err);
/* The same where it went wrong or was stopped: the rows there are are told in their form,
 * an array closed; without any nothing is written. */
enum aisle_status out_break_off(struct out *o, struct aisle_err *err);

/* Text as it is (help, a man page, a CSV, a tree), written through. */
enum aisle_status out_text(struct out *o, struct str text, struct aisle_err *err);
enum aisle_status out_flush(struct out *o, struct aisle_err *err);

/* Appends s without what a terminal would obey: control characters become "?", line ends
 * and tabs a blank. */
void buf_shown(struct buf *b, struct str s);

#endif
