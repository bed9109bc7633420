/* table.c - one product a row, in columns known by name */
#include "base/text.h"
#include "feeds/import.h"

enum { SECOND_WITHIN = 5 }; /* rows */

static void tell_flaws(struct feed_import *im, const struct csv_row *row)
{
    static const struct {
        enum csv_flaw flaw;
        const char *what, *remedy;
        enum feed_loss loss;
    } flaws[] = {
        {CSV_STRAY_QUOTE, "a quote inside a quoted cell was taken as it stands",
         "write it twice: \"\"", FEED_TAKEN},
        {CSV_UNCLOSED_QUOTE, "a quote that never closes was dropped",
         "close it, or write it twice in a quoted cell", FEED_TAKEN},
        {CSV_NUL, "NUL bytes were left out", "save the file again as CSV UTF-8",
         FEED_TAKEN},
        {CSV_BAD_TEXT, "some letters are no UTF-8", "save the file again as CSV UTF-8",
         FEED_TAKEN},
        {CSV_TOO_LONG, "a cell over 1 MiB, or a row over 4 MiB, was cut",
         "is a quote missing?", FEED_DROPPED},
        {CSV_TOO_MANY, "more cells than a row may have were left out",
         "is a line end missing?", FEED_DROPPED},
    };

    for (size_t i = 0; i < sizeof flaws / sizeof *flaws; i++)
        if (row->flaws & flaws[i].flaw)
            feed_tell(im, row->line, str_of(NULL), flaws[i].loss, flaws[i].remedy, "%s",
                      flaws[i].what);
}

static bool is_blank_row(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (!str_empty(text_trim(row->cells[i])))
            return false;
    return true;
}

/* Files glued together have their header in the middle too. */
static bool is_header(const struct feed_columns *c, const struct csv_row *row)
{
    if (row->count != c->count || c->count < 2)
        return false;
    for (size_t i = 0; i < c->count; i++)
        if (!str_eq(text_trim(csv_unguard(row->cells[i])), c->names[i]))
            return false;
    return true;
}

/* A marketplace's sheet has its headings twice: for programs, and below for people. */
static enum aisle_status is_second_header(struct feed_import *im,
                                          const struct csv_row *row, bool *out,
                                          struct aisle_err *err)
{
    static const enum feed_field fields[] = {FEED_ID, FEED_TITLE};
    const struct feed_columns *c = &im->columns;

    *out = im->counts.rows < SECOND_WITHIN;
    for (size_t i = 0; *out && i < sizeof fields / sizeof *fields; i++) {
        size_t at = c->from_count[fields[i]] ? c->from[fields[i]][0] : FEED_NO_COLUMN;
        struct str key;

        if (at >= row->count) {
            *out = false;
            return AISLE_OK;
        }
        key = feed_key(str_head(row->cells[at], 100), &im->file);
        if (!key.p)
            return aisle_nomem(err);
        *out = feed_name_of(key).field == fields[i];
    }
    return AISLE_OK;
}

static void tell_ragged(struct feed_import *im, const struct csv_row *row)
{
    size_t columns = im->columns.count, extra = row->count;

    while (extra > columns && str_empty(text_trim(row->cells[extra - 1])))
        extra--;
    if (row->count < columns)
        feed_tell(
            im, row->line, str_of(NULL), FEED_TAKEN, "is a separator or quote missing?",
            "row has %zu of %zu cells: the rest is taken as empty", row->count, columns);
    if (extra > columns)
        feed_tell(im, row->line, str_of(NULL), FEED_DROPPED,
                  "quote every cell that holds a separator",
                  "row has %zu cells, the header %zu: the last %zu are left out", extra,
                  columns, extra - columns);
}

/* A code that lost its digits is nobody's; that of the id is told with its row. */
static void drop_spoiled(struct feed_import *im, size_t line)
{
    const struct feed_columns *c = &im->columns;

    for (size_t i = 0; i < c->count; i++) {
        if (!feed_is_code(c->keys[i]) || !feed_is_spoiled(im->cells[i]) ||
            i == feed_find_cell(im, FEED_ID))
            continue;
        feed_tell(im, line, c->names[i], FEED_DROPPED, SPOILED_REMEDY, SPOILED_WHAT,
                  STR_ARG(im->cells[i]));
        im->cells[i] = str_of(NULL);
    }
}

static enum aisle_status note_promo(struct feed_import *im, size_t line,
                                    struct aisle_err *err)
{
    const struct feed_columns *c = &im->columns;
    size_t price = feed_find_cell(im, FEED_PRICE);
    struct str promo = feed_cell(im, c->promo);

    if (c->price_is_promo && price != FEED_NO_COLUMN)
        return feed_note_promo(im, &im->alone, line, c->names[price], err);
    if (!str_empty(promo) && !str_eq(promo, feed_cell(im, price)))
        return feed_note_promo(im, &im->unused, line, c->names[c->promo], err);
    return AISLE_OK;
}

enum aisle_status feed_next_row(struct feed_import *im, struct csv *csv, size_t *line,
                                struct aisle_err *err)
{
    struct csv_row row;
    bool again = false;

    do {
        enum aisle_status status = csv_next(csv, &row, err);

        if (status == AISLE_OK && row.count > 0)
            status = is_second_header(im, &row, &again, err);
        if (status != AISLE_OK)
            return status;
        if (row.count == 0) {
            *line = 0;
            return AISLE_OK;
        }
    } while (again || is_blank_row(&row) || is_header(&im->columns, &row));

    im->counts.rows++;
    tell_flaws(im, &row);
    tell_ragged(im, &row);
    for (size_t i = 0; i < im->columns.count; i++)
        im->cells[i] =
            i < row.count ? text_trim(csv_unguard(row.cells[i])) : str_of(NULL);
    drop_spoiled(im, row.line);
    *line = row.line;
    return note_promo(im, row.line, err);
}

struct str feed_cell(const struct feed_import *im, size_t column)
{
    return column == FEED_NO_COLUMN ? str_of(NULL) : im->cells[column];
}

size_t feed_find_cell(const struct feed_import *im, enum feed_field field)
{
    const struct feed_columns *c = &im->columns;

    for (size_t i = 0; i < c->from_count[field]; i++) {
        size_t column = c->from[field][i];
        struct str cell = im->cells[column];

        if (str_empty(cell))
            continue;
        if (field == FEED_CATEGORY && !c->several[column] &&
            feed_is_no_category(cell, c->keys[column]))
            continue;
        return column;
    }
    return FEED_NO_COLUMN;
}

enum aisle_status feed_take_fields(struct feed_import *im, struct feed_row *row,
                                   size_t used[FEED_FIELDS], struct aisle_err *err)
{
    const struct feed_columns *c = &im->columns;

    for (size_t f = 0; f < FEED_FIELDS; f++) {
        size_t column = feed_find_cell(im, (enum feed_field)f);
        enum aisle_status status;

        if (used)
            used[f] = column;
        if (c->from_count[f] > 0)
            row->has |= 1u << f;
        if (c->from_count[f] > 0 && str_empty(row->column[f]))
            row->column[f] = c->names[c->from[f][0]]; /* to name what is not there */
        if (column == FEED_NO_COLUMN)
            continue;
        status = feed_row_set(im, row, (enum feed_field)f, c->names[column],
                              c->several[column], im->cells[column], err);
        if (status != AISLE_OK)
            return status;
    }
    return AISLE_OK;
}

static bool is_used(const size_t used[FEED_FIELDS], size_t column)
{
    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (used[f] == column)
            return true;
    return false;
}

/* A column of further images, where another names the main one. */
static bool is_gallery(const struct feed_columns *c, size_t column)
{
    for (size_t i = 0; i < c->from_count[FEED_IMAGE]; i++)
        if (c->from[FEED_IMAGE][i] == column)
            return c->several[column];
    return false;
}

/* Those that have a column each, in the order of their numbers. */
static void take_pictures(struct feed_import *im, struct feed_row *row,
                          const size_t used[FEED_FIELDS])
{
    const struct feed_columns *c = &im->columns;

    for (unsigned n = 1; n <= c->most_pictures; n++)
        for (size_t i = 0; i < c->count; i++)
            if (c->pictures[i] == n && !is_used(used, i))
                feed_row_images(row, im->cells[i]);
}

enum aisle_status feed_take_row(struct feed_import *im, struct feed_row *row,
                                bool (*skip)(struct str key), struct aisle_err *err)
{
    const struct feed_columns *c = &im->columns;
    size_t used[FEED_FIELDS];
    enum aisle_status status = feed_take_fields(im, row, used, err);

    for (size_t i = 0; i < c->count && status == AISLE_OK; i++) {
        if (is_used(used, i) || c->pictures[i] || (skip && skip(c->keys[i])))
            continue;
        if (is_gallery(c, i))
            feed_row_images(row, im->cells[i]);
        else
            feed_row_extra(row, c->names[i], im->cells[i]);
    }
    if (status == AISLE_OK)
        take_pictures(im, row, used);
    return status;
}

enum aisle_status feed_read_table(struct feed_import *im, struct csv *csv,
                                  struct aisle_err *err)
{
    enum aisle_status status;
    struct feed_row row;
    size_t line;

    feed_row_init(&row);
    for (;;) {
        status = feed_next_row(im, csv, &line, err);
        if (status != AISLE_OK || line == 0)
            break;
        feed_row_begin(im, &row, line);
        status = feed_take_row(im, &row, NULL, err);
        if (status == AISLE_OK)
            status = feed_row_finish(im, &row, err);
        if (status != AISLE_OK)
            break;
    }
    feed_row_clear(&row);
    return status;
}
