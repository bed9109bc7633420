/* answered.h - a spreadsheet that went out with questions, read back with answers
 *
 * Knows nothing of what is asked: rows without an answer are passed over, one whose
 * answer cannot be taken is told and refused, and what is wrong with us ends the reading.
 */
#ifndef FLOWS_ANSWERED_H
#define FLOWS_ANSWERED_H

#include "base/status.h"
#include "base/str.h"

enum { ANSWERED_MAX_COLUMNS = 8 };

/* Hears of a row that was refused, and why; line is of the file, the first is 1. */
typedef void sheet_problem_fn(void *ctx, size_t line, const struct aisle_err *why);

struct answered_sheet {
    const char *const *columns; /* that must come back, in any order, among any others */
    size_t count;               /* at most ANSWERED_MAX_COLUMNS */
    size_t optional; /* so many of the last ones may be missing: their cells are empty */
    size_t answer;   /* which of them a person fills in */
    const char *writer; /* the command that writes such sheets, for the error */
    /* A cell a column, without blanks around and a spreadsheet's guards; borrowed. What
     * answered_is_the_rows is told and the row refused; any other ends the reading. */
    enum aisle_status (*take)(void *ctx, size_t line, const struct str *cells,
                              struct aisle_err *err);
    void *ctx;
    sheet_problem_fn *problem; /* may be NULL */
    void *problem_ctx;
};

/* Whether what failed is wrong with a row, and not with us: INVALID, CONFLICT, NOT_FOUND.
 */
bool answered_is_the_rows(enum aisle_status status);

struct answered_counts {
    size_t rows, empty, refused;
};

/* INVALID when the sheet is empty or lacks a column; else what csv_next or take says. */
enum aisle_status answered_read(const struct answered_sheet *sheet, struct str bytes,
                                struct answered_counts *out, struct aisle_err *err);

#endif
