#include "feeds/csv_row.h"

#include "base/mem.h"
#include "base/status.h"
#include "base/text.h"

/* ---- the window ---- */

enum { MARK = 2 }; /* bytes of the mark of UTF-16 */

void csv_fail(struct csv *c, enum aisle_status status)
{
    if (c->failed == AISLE_OK)
        c->failed = status;
}

/* Small pieces first: most files are small. */
static bool read_block(struct csv *c, struct buf *into)
{
    size_t room = into->n < CSV_BLOCK ? CSV_BLOCK / 8 : CSV_BLOCK, n = 0;

    if (!buf_room(into, room)) {
        csv_fail(c, buf_check(into, "row", &c->why));
        return false;
    }
    csv_fail(c, c->source.read(c->source.ctx, into->p + into->n, room, &n, &c->why));
    if (c->failed)
        return false;
    into->n += n;
    into->p[into->n] = '\0';
    c->at_end = n == 0;
    return true;
}

static bool is_utf16(const struct csv *c)
{
    return c->encoding == CSV_UTF16_LE || c->encoding == CSV_UTF16_BE;
}

/* How much of raw can be decoded: whole units, and no half of a pair at the end. */
static size_t whole_units(const struct csv *c)
{
    size_t n = c->raw.n & ~(size_t)1;
    size_t high = c->encoding == CSV_UTF16_LE ? 1 : 2; /* from the end */

    if (n > MARK && !c->at_end && ((unsigned char)c->raw.p[n - high] & 0xFC) == 0xD8)
        n -= 2;
    return n;
}

/* The mark stays in front of every piece: without it a piece that happens to begin with
 * U+FEFF would lose that. */
void csv_decode_raw(struct csv *c)
{
    size_t n = whole_units(c);

    if (n <= MARK)
        return;
    buf_from_utf16(&c->window, str_n(c->raw.p, n), c->encoding == CSV_UTF16_BE);
    memmove(c->raw.p + MARK, c->raw.p + n, c->raw.n - n);
    c->raw.n -= n - MARK;
    if (c->window.failed)
        csv_fail(c, buf_check(&c->window, "row", &c->why));
}

bool csv_fill(struct csv *c)
{
    while (!c->at_end && !c->failed) {
        size_t before = c->window.n;

        if (!read_block(c, is_utf16(c) ? &c->raw : &c->window))
            return false;
        if (is_utf16(c))
            csv_decode_raw(c);
        if (c->window.n > before)
            return !c->failed;
    }
    return false;
}

int csv_byte(struct csv *c, size_t at)
{
    while (at >= c->window.n)
        if (!csv_fill(c))
            return CSV_END;
    return (unsigned char)c->window.p[at];
}

void csv_slide(struct csv *c)
{
    if (c->at < CSV_BLOCK || c->at < c->window.n / 2)
        return;
    memmove(c->window.p, c->window.p + c->at, c->window.n - c->at);
    c->window.n -= c->at;
    c->at = 0;
}

/* ---- one attempt at a row ---- */

size_t csv_line_end(struct csv *c, size_t at)
{
    size_t n = 0;

    if (csv_byte(c, at) == '\n')
        return 1;
    while (n < 2 && csv_byte(c, at + n) == '\r')
        n++;
    if (n == 0 || c->cr_only)
        return n > 0;
    if (csv_byte(c, at + n) == '\n')
        return n + 1;
    return csv_byte(c, at + n) == CSV_END ? n : 0;
}

static bool ends_cell(struct csv *c, size_t at)
{
    int b = csv_byte(c, at);

    return b == CSV_END || b == c->delimiter || csv_line_end(c, at) > 0;
}

static bool begins_cell(struct csv *c, size_t at)
{
    int before = csv_byte(c, at - 1);

    return before == c->delimiter || before == '\n' || before == '\r';
}

static bool is_blank(const struct csv *c, int b)
{
    return b == ' ' || (b == '\t' && c->delimiter != '\t');
}

enum { MOST_BLANKS = 1024, FIRST_CELLS = 64 };

static size_t skip_blanks(struct csv *c, size_t at)
{
    for (size_t end = at + MOST_BLANKS; at < end && is_blank(c, csv_byte(c, at));)
        at++;
    return at;
}

/* Bytes from..to of the window onto the cell, without NULs and up to its limit. */
static void add_run(struct csv *c, struct csv_attempt *a, size_t from, size_t to)
{
    struct csv_span *cell;

    if (!a->has_cell)
        return;
    cell = &c->spans[a->count];
    while (from < to) {
        const char *p = c->window.p + from;
        const char *nul = memchr(p, '\0', to - from);
        size_t n = nul ? (size_t)(nul - p) : to - from;

        from += n + (nul != NULL);
        if (nul)
            a->flaws |= CSV_NUL;
        if (n > CSV_MAX_CELL - cell->n) {
            n = CSV_MAX_CELL - cell->n;
            a->flaws |= CSV_TOO_LONG;
        }
        buf_add(&c->text, str_n(p, n));
        cell->n += n;
    }
}

/* A cell without quotes, to where it ends. */
static size_t read_bare(struct csv *c, struct csv_attempt *a, size_t start, size_t at)
{
    size_t from = at;

    for (; at - start <= CSV_MAX_ROW; at++) {
        int b = csv_byte(c, at);

        if (b == CSV_END || b == c->delimiter || b == '\n')
            break;
        if (b == '\r' && csv_line_end(c, at) > 0)
            break;
    }
    a->has_overrun |= at - start > CSV_MAX_ROW;
    add_run(c, a, from, at);
    return at;
}

/* A cell from behind its quote; to behind the closing one. */
static size_t read_quoted(struct csv *c, struct csv_attempt *a, enum csv_quoting quoting,
                          size_t start, size_t at)
{
    size_t from = at;

    for (;; at++) {
        int b = csv_byte(c, at);

        if (b == CSV_END || at - start > CSV_MAX_ROW) {
            a->has_unclosed = true;
            a->has_overrun |= b != CSV_END;
            break;
        }
        if (quoting == CSV_QUOTES_IN_LINE && csv_line_end(c, at) > 0) {
            a->has_unclosed = true;
            break;
        }
        a->spans_lines |= b == '\n' || b == '\r';
        if (b == '\\' && csv_byte(c, at + 1) == '"') {
            a->backslash = true;
            at += quoting == CSV_QUOTES_BACKSLASH;
        } else if (b == '\\' && quoting == CSV_QUOTES_BACKSLASH) {
            at += csv_byte(c, at + 1) == '\\';
        } else if (b == '"' && csv_byte(c, at + 1) == '"') {
            add_run(c, a, from, at + 1);
            from = at + 2;
            at++;
        } else if (b == '"' && ends_cell(c, skip_blanks(c, at + 1))) {
            break;
        } else if (b == '"' && csv_byte(c, at - 1) != '\\') {
            a->flaws |= CSV_STRAY_QUOTE;
            a->opens_again |= begins_cell(c, at);
        }
    }
    add_run(c, a, from, at);
    return a->has_unclosed ? at : skip_blanks(c, at + 1);
}

static bool more_cells(struct csv *c)
{
    size_t room = c->cell_room ? 2 * c->cell_room : FIRST_CELLS;
    struct csv_span *spans = mem_realloc(c->spans, room * sizeof *spans);
    struct str *cells;

    if (spans)
        c->spans = spans;
    cells = spans ? mem_realloc(c->cells, room * sizeof *cells) : NULL;
    if (!cells) {
        csv_fail(c, aisle_nomem(&c->why));
        return false;
    }
    c->cells = cells;
    c->cell_room = room;
    return true;
}

static void begin_cell(struct csv *c, struct csv_attempt *a)
{
    a->has_cell =
        a->count < CSV_MAX_COLUMNS && (a->count < c->cell_room || more_cells(c));
    if (a->has_cell)
        c->spans[a->count] = (struct csv_span){c->text.n, 0};
}

static size_t read_cell(struct csv *c, struct csv_attempt *a, enum csv_quoting quoting,
                        size_t start, size_t at)
{
    size_t quote = skip_blanks(c, at), text = c->text.n;

    begin_cell(c, a);
    a->quoted = csv_byte(c, quote) == '"' && !a->is_past_quotes;
    at = a->quoted ? read_quoted(c, a, quoting, start, quote + 1)
                   : read_bare(c, a, start, at);
    if (a->quoted && a->has_unclosed && quoting == CSV_QUOTES_IN_LINE) {
        /* no later quote of this line would find its end either */
        a->has_unclosed = false;
        a->is_past_quotes = true;
        c->text.n = text;
        begin_cell(c, a);
        at = read_bare(c, a, start, quote + 1);
    }
    if (a->has_cell)
        a->count++;
    else
        a->flaws |= CSV_TOO_MANY;
    return at;
}

struct csv_attempt csv_read_row(struct csv *c, enum csv_quoting quoting, size_t start)
{
    struct csv_attempt a = {.end = start};
    size_t at = start;

    buf_reset(&c->text);
    for (;;) {
        at = read_cell(c, &a, quoting, start, at);
        if (c->failed || a.has_unclosed || a.has_overrun ||
            csv_byte(c, at) != c->delimiter)
            break;
        at++;
    }
    a.end = at + (a.has_overrun ? 0 : csv_line_end(c, at));
    if (a.has_overrun)
        a.flaws |= CSV_TOO_LONG;
    if (c->text.failed)
        csv_fail(c, buf_check(&c->text, "row", &c->why));
    return a;
}
