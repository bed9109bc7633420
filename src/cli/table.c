#include "cli/table.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/help.h"

enum { GAP = 2, INDENT = 4, LEAST_WIDTH = 8, READABLE_WIDTH = 32 };

/* ---- cells as shown ---- */

static void cell_shown(const struct column *column, const struct cell *c, struct buf *out)
{
    char time[TIME_LEN + 1];

    if (c->absent) {
        buf_addc(out, '-');
        return;
    }
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_PATH:
    case COLUMN_ID:
        buf_shown(out, c->text);
        break;
    case COLUMN_COUNT:
        buf_addf(out, "%lld", (long long)c->number);
        break;
    case COLUMN_SHARE:
        buf_addf(out, "%.2f", c->real);
        break;
    case COLUMN_SECONDS:
        buf_addf(out, "%g", c->real);
        break;
    case COLUMN_TIME:
        time_format(c->number, time);
        buf_addz(out, time);
        break;
    case COLUMN_FLAG:
        buf_addz(out, c->number ? "yes" : "no");
        break;
    }
}

static bool is_right(enum column_kind kind)
{
    return kind == COLUMN_COUNT || kind == COLUMN_SHARE || kind == COLUMN_SECONDS;
}

static void add_blanks(struct buf *b, size_t n)
{
    while (n-- > 0)
        buf_addc(b, ' ');
}

/* The end of a path, in at most so many columns. */
static void add_end(struct buf *b, struct str text, size_t width)
{
    size_t at = 0;

    while (at < text.n && text_columns(str_skip(text, at)) + 1 > width)
        utf8_next(text, &at);
    buf_addz(b, "…");
    buf_add(b, str_skip(text, at));
}

/* Text in a field of so many columns; the last field of a line gets no blanks behind. */
static void add_field(struct buf *b, struct str text, size_t width, enum column_kind kind,
                      bool last)
{
    size_t columns = text_columns(text);
    bool right = is_right(kind);

    if (columns > width) {
        if (kind == COLUMN_PATH)
            add_end(b, text, width);
        else
            buf_fit(b, text, width);
        return;
    }
    if (right)
        add_blanks(b, width - columns);
    buf_add(b, text);
    if (!right && !last)
        add_blanks(b, width - columns);
}

/* ---- measuring ---- */

static size_t line_width(const size_t *widths, size_t count)
{
    size_t total = count ? (count - 1) * GAP : 0;

    for (size_t i = 0; i < count; i++)
        total += widths[i];
    return total;
}

/* The widest that may give a column up; count for none. */
static size_t widest_of(const size_t *widths, const size_t *least, size_t count)
{
    size_t widest = count;

    for (size_t i = 0; i < count; i++)
        if (widths[i] > least[i] && (widest == count || widths[i] > widths[widest]))
            widest = i;
    return widest;
}

void table_fit(size_t *widths, const size_t *least, size_t count, size_t width)
{
    size_t total = line_width(widths, count), widest;

    while (total > width && (widest = widest_of(widths, least, count)) < count) {
        widths[widest]--;
        total--;
    }
}

static const struct column *shown_column(const struct out *o, size_t i)
{
    return &o->columns[o->shown[i]];
}

static bool is_words(const struct column *column)
{
    return column->kind == COLUMN_TEXT || column->kind == COLUMN_PATH;
}

static void measure_cells(struct out *o, struct buf *scratch)
{
    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = shown_column(o, i);

        o->widths[i] = strlen(column->name);
        for (size_t row = 0; row < o->kept_count; row++) {
            size_t columns;

            buf_reset(scratch);
            cell_shown(column, &o->kept[row][o->shown[i]], scratch);
            columns = text_columns(buf_str(scratch));
            if (columns > o->widths[i])
                o->widths[i] = columns;
        }
    }
}

/* What each column must have: words so much of them that they can be read, or all where
 * they are to be whole, but for those at the end of the line, which are broken. Those
 * that were asked for by name all stay on it, however narrow. */
static void find_least(const struct out *o, size_t *least)
{
    size_t readable = str_empty(o->fields) ? READABLE_WIDTH : LEAST_WIDTH;

    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = shown_column(o, i);
        bool breaks = i + 1 == o->shown_count && column->kind == COLUMN_TEXT;

        least[i] = o->widths[i];
        if (is_words(column) && (!column->whole || breaks) && least[i] > readable)
            least[i] = readable;
    }
}

/* The column that leaves the line first: the last of words, else the last. */
static size_t next_below(const struct out *o)
{
    for (size_t i = o->shown_count; i-- > 1;)
        if (is_words(shown_column(o, i)))
            return i;
    return o->shown_count - 1;
}

static void put_below(struct out *o, size_t i)
{
    size_t at = o->below_count++;

    for (; at > 0 && o->below[at - 1] > o->shown[i]; at--) /* in their order */
        o->below[at] = o->below[at - 1];
    o->below[at] = o->shown[i];
    for (o->shown_count--; i < o->shown_count; i++) {
        o->shown[i] = o->shown[i + 1];
        o->widths[i] = o->widths[i + 1];
    }
}

static void measure(struct out *o, struct buf *scratch)
{
    size_t least[OUT_MAX_COLUMNS];

    measure_cells(o, scratch);
    find_least(o, least);
    while (str_empty(o->fields) && o->shown_count > 1 &&
           line_width(least, o->shown_count) > o->width) {
        put_below(o, next_below(o));
        find_least(o, least);
    }
    table_fit(o->widths, least, o->shown_count, o->width);
    o->measured = true;
}

/* ---- lines ---- */

static void add_heading(struct out *o)
{
    if (o->color)
        buf_addz(&o->buf, "\033[1m");
    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = shown_column(o, i);

        add_blanks(&o->buf, i ? GAP : 0);
        add_field(&o->buf, str_of(column->name), o->widths[i], column->kind,
                  i + 1 == o->shown_count);
    }
    buf_addz(&o->buf, o->color ? "\033[0m\n" : "\n");
}

/* What found no room in the line, by name, as many beside each other as there is room. */
static void add_below(struct out *o, const struct cell *cells, struct buf *scratch)
{
    size_t used = 0;

    for (size_t i = 0; i < o->below_count; i++) {
        const struct column *column = &o->columns[o->below[i]];
        size_t columns, value_at = INDENT + strlen(column->name) + 2;

        if (cells[o->below[i]].absent)
            continue;
        buf_reset(scratch);
        buf_addf(scratch, "%s: ", column->name);
        cell_shown(column, &cells[o->below[i]], scratch);
        columns = text_columns(buf_str(scratch));
        if (used && used + GAP + columns > o->width) {
            buf_addc(&o->buf, '\n');
            used = 0;
        }
        add_blanks(&o->buf, used ? GAP : INDENT);
        used += columns + (used ? GAP : INDENT);
        if (used > o->width) { /* alone in its line, and more than that */
            buf_addf(&o->buf, "%s: ", column->name);
            buf_hanging(&o->buf, str_skip(buf_str(scratch), value_at - INDENT), value_at,
                        value_at, o->width);
            used = 0;
        } else {
            buf_add(&o->buf, buf_str(scratch));
        }
    }
    if (used)
        buf_addc(&o->buf, '\n');
}

static void add_line(struct out *o, const struct cell *cells, struct buf *scratch)
{
    size_t last = o->shown_count - 1;
    size_t start = line_width(o->widths, o->shown_count) - o->widths[last];
    bool breaks = shown_column(o, last)->kind == COLUMN_TEXT && str_empty(o->fields);

    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = shown_column(o, i);

        buf_reset(scratch);
        cell_shown(column, &cells[o->shown[i]], scratch);
        add_blanks(&o->buf, i ? GAP : 0);
        if (i == last && breaks)
            buf_hanging(&o->buf, buf_str(scratch), start, start, o->width);
        else
            add_field(&o->buf, buf_str(scratch), o->widths[i], column->kind, i == last);
    }
    if (!breaks)
        buf_addc(&o->buf, '\n');
    add_below(o, cells, scratch);
}

static void write_kept(struct out *o)
{
    struct buf scratch = BUF_INIT(BUF_MAX_FILE);

    measure(o, &scratch);
    if (o->kept_count)
        add_heading(o);
    for (size_t row = 0; row < o->kept_count; row++)
        add_line(o, o->kept[row], &scratch);
    o->kept_count = 0;
    buf_clear(&scratch);
}

/* ---- rows ---- */

static enum aisle_status keep_row(struct out *o, struct aisle_err *err)
{
    struct cell *copy = arena_alloc(&o->arena, o->column_count * sizeof(*copy));

    if (!o->kept)
        o->kept = arena_alloc(&o->arena, OUT_ROWS_MEASURED * sizeof(*o->kept));
    if (!copy || !o->kept)
        return aisle_nomem(err);
    for (size_t i = 0; i < o->column_count; i++) {
        copy[i] = o->cells[i];
        copy[i].text = arena_str(&o->arena, o->cells[i].text);
        if (!copy[i].text.p)
            return aisle_nomem(err);
    }
    o->kept[o->kept_count++] = copy;
    return AISLE_OK;
}

enum aisle_status table_row(struct out *o, struct aisle_err *err)
{
    enum aisle_status status;

    if (o->measured) {
        struct buf scratch = BUF_INIT(BUF_MAX_FILE);

        add_line(o, o->cells, &scratch);
        buf_clear(&scratch);
        return AISLE_OK;
    }
    status = keep_row(o, err);
    if (status == AISLE_OK && o->kept_count == OUT_ROWS_MEASURED)
        write_kept(o);
    return status;
}

enum aisle_status table_one(struct out *o, struct aisle_err *err)
{
    struct buf scratch = BUF_INIT(BUF_MAX_FILE);
    size_t widest = 0;
    enum aisle_status status;

    for (size_t i = 0; i < o->shown_count; i++) {
        size_t n = strlen(o->columns[o->shown[i]].name);

        widest = n > widest ? n : widest;
    }
    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = &o->columns[o->shown[i]];

        add_field(&o->buf, str_of(column->name), widest + GAP, COLUMN_ID, false);
        buf_reset(&scratch);
        cell_shown(column, &o->cells[o->shown[i]], &scratch);
        buf_add(&o->buf, buf_str(&scratch));
        buf_addc(&o->buf, '\n');
    }
    status = buf_check(&scratch, "output", err);
    buf_clear(&scratch);
    return status;
}

void table_end(struct out *o)
{
    if (!o->measured)
        write_kept(o);
    arena_clear(&o->arena);
    o->kept = NULL;
}
