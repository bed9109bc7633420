/* answered.c - a spreadsheet that went out with questions, read back with answers */
#include "flows/answered.h"

#include "feeds/csv.h"

#include <assert.h>

static enum aisle_status find_columns(const struct answered_sheet *sheet,
                                      const struct csv_row *row, size_t *at,
                                      struct aisle_err *err)
{
    for (size_t c = 0; c < sheet->count; c++) {
        at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->count; i++)
            if (str_eq_nocase(str_trim(row->cells[i]), str_of(sheet->columns[c])))
                at[c] = i;
        if (c + sheet->optional < sheet->count && at[c] == SIZE_MAX)
            return aisle_fail(err, AISLE_INVALID,
                              "the sheet has no column \"%s\": it should be one that %s "
                              "wrote",
                              sheet->columns[c], sheet->writer);
    }
    return AISLE_OK;
}

static void pick_cells(const struct answered_sheet *sheet, const struct csv_row *row,
                       const size_t *at, struct str *cells)
{
    for (size_t c = 0; c < sheet->count; c++)
        cells[c] = at[c] < row->count ? str_trim(csv_unguard(row->cells[at[c]]))
                                      : (struct str){0};
}

bool answered_is_the_rows(enum aisle_status status)
{
    return status == AISLE_INVALID || status == AISLE_CONFLICT ||
           status == AISLE_NOT_FOUND;
}

static enum aisle_status take_rows(const struct answered_sheet *sheet, struct csv *csv,
                                   const size_t *at, struct answered_counts *counts,
                                   struct aisle_err *err)
{
    struct csv_row row;
    struct str cells[ANSWERED_MAX_COLUMNS];
    enum aisle_status status;

    while ((status = csv_next(csv, &row, err)) == AISLE_OK && row.count) {
        struct aisle_err why = {0};

        counts->rows++;
        pick_cells(sheet, &row, at, cells);
        if (str_empty(cells[sheet->answer])) {
            counts->empty++;
            continue;
        }
        status = sheet->take(sheet->ctx, row.line, cells, &why);
        if (status == AISLE_OK)
            continue;
        if (!answered_is_the_rows(status)) {
            aisle_pass(err, &why);
            return status;
        }
        counts->refused++;
        if (sheet->problem)
            sheet->problem(sheet->problem_ctx, row.line, &why);
    }
    return status;
}

enum aisle_status answered_read(const struct answered_sheet *sheet, struct str bytes,
                                struct answered_counts *out, struct aisle_err *err)
{
    struct csv csv = {0};
    struct csv_row row;
    size_t at[ANSWERED_MAX_COLUMNS];
    struct answered_counts counts = {0};
    enum aisle_status status = csv_open(&csv, feed_source_text(&bytes), '\0', err);

    assert(sheet->count <= ANSWERED_MAX_COLUMNS && sheet->answer < sheet->count);
    if (status == AISLE_OK)
        status = csv_next(&csv, &row, err);
    if (status == AISLE_OK && row.count == 0)
        status = aisle_fail(err, AISLE_INVALID, "the sheet is empty");
    if (status == AISLE_OK)
        status = find_columns(sheet, &row, at, err);
    if (status == AISLE_OK)
        status = take_rows(sheet, &csv, at, &counts, err);
    csv_close(&csv);
    if (status == AISLE_OK)
        *out = counts;
    return status;
}
