/* csv.c - from attempts to rows: which reading of quotes, which letters, which separator
 *
 * When an attempt at a row ends in a way that speaks of a wrong quote, the same bytes are
 * tried again under another reading, and the better one kept. To stay linear in the file,
 * bytes are read again only as long as there are as many behind us.
 */
#include "feeds/csv.h"

#include "base/mem.h"
#include "base/status.h"
#include "base/text.h"
#include "feeds/csv_row.h"

/* ---- the better of two attempts ---- */

/* May the bytes of this attempt be read once more? */
static bool may_reread(struct csv *c, const struct csv_attempt *a)
{
    uint64_t bytes = a->end - c->at;

    if (c->reread + bytes > c->passed + 2 * (uint64_t)CSV_MAX_ROW)
        return false;
    c->reread += bytes;
    return true;
}

static bool has_columns(const struct csv *c, const struct csv_attempt *a)
{
    return c->columns == 0 || a->count == c->columns;
}

/* Under another reading of quotes; back to the first one when that is no better. */
static struct csv_attempt try_again(struct csv *c, const struct csv_attempt *first,
                                    enum csv_quoting quoting, unsigned flaw)
{
    struct csv_attempt second;

    if (!may_reread(c, first))
        return *first;
    second = csv_read_row(c, quoting, c->at);
    second.flaws |= flaw;
    if (!second.has_unclosed && c->columns > 0 && second.count == c->columns)
        return second;
    return csv_read_row(c, CSV_QUOTES, c->at);
}

/* A quote that should not be open runs on to the next quote, lines away: then the row has
 * the wrong number of cells, or a quote in it stands where a cell begins. */
static bool may_have_run_on(const struct csv *c, const struct csv_attempt *a)
{
    return (a->flaws & CSV_STRAY_QUOTE) && a->spans_lines &&
           (a->opens_again || !has_columns(c, a));
}

static struct csv_attempt best_row(struct csv *c)
{
    struct csv_attempt a = csv_read_row(c, CSV_QUOTES, c->at);

    if (a.backslash && (a.has_unclosed || !has_columns(c, &a)))
        a = try_again(c, &a, CSV_QUOTES_BACKSLASH, 0);
    if (may_have_run_on(c, &a))
        a = try_again(c, &a, CSV_QUOTES_IN_LINE, CSV_UNCLOSED_QUOTE);
    if (a.has_unclosed) {
        /* the line alone; without leave to, all that was swallowed is the cell */
        if (may_reread(c, &a))
            a = csv_read_row(c, CSV_QUOTES_IN_LINE, c->at);
        a.flaws |= CSV_UNCLOSED_QUOTE;
    }
    return a;
}

/* ---- letters ---- */

static bool is_ascii(struct str s)
{
    unsigned char any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80;
}

/* Characters of UTF-8 and bytes that are none; what the end of s cuts off is neither. */
static void count_letters(struct str s, size_t *good, size_t *bad)
{
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        uint32_t c = utf8_next(s, &at);

        *good += at - from > 1;
        *bad += at - from == 1 && c == 0xFFFD && s.n - from >= 4;
    }
}

/* Does the row, and what lies ahead of it, look more like UTF-8 than not? One broken
 * character does not make a file another encoding, nor one lucky pair of Latin letters
 * UTF-8. */
static enum csv_encoding guess_encoding(struct csv *c)
{
    size_t good = 0, bad = 0;

    while (c->window.n - c->at < CSV_BLOCK && csv_fill(c))
        ;
    count_letters(buf_str(&c->text), &good, &bad);
    count_letters(str_skip(buf_str(&c->window), c->at), &good, &bad);
    return good > bad ? CSV_UTF8 : CSV_WINDOWS_1252;
}

static void add_mended_utf8(struct str s, struct buf *out)
{
    for (size_t at = 0; at < s.n;)
        buf_utf8(out, utf8_next(s, &at));
}

/* Cell by cell: half a character at the end of one must not find its other half at the
 * beginning of the next. */
static bool cells_are_valid(const struct csv *c, const struct csv_attempt *a)
{
    for (size_t i = 0; i < a->count; i++)
        if (!utf8_valid(c->cells[i]))
            return false;
    return true;
}

static void point_cells(struct csv *c, const struct csv_attempt *a,
                        const struct buf *text)
{
    for (size_t i = 0; i < a->count; i++)
        c->cells[i] = str_n(buf_str(text).p + c->spans[i].at, c->spans[i].n);
}

/* The cells as UTF-8, in place where they are so already. */
static void decode_cells(struct csv *c, struct csv_attempt *a)
{
    bool ascii = is_ascii(buf_str(&c->text));

    if (!ascii && c->encoding == CSV_ASCII)
        c->encoding = guess_encoding(c);
    point_cells(c, a, &c->text);
    if (ascii || (c->encoding != CSV_WINDOWS_1252 && cells_are_valid(c, a)))
        return;

    buf_reset(&c->decoded);
    for (size_t i = 0; i < a->count; i++) {
        c->spans[i].at = c->decoded.n;
        if (c->encoding == CSV_WINDOWS_1252) {
            buf_from_cp1252(&c->decoded, c->cells[i]);
        } else {
            a->flaws |= utf8_valid(c->cells[i]) ? 0 : CSV_BAD_TEXT;
            add_mended_utf8(c->cells[i], &c->decoded);
        }
        c->spans[i].n = c->decoded.n - c->spans[i].at;
    }
    if (c->decoded.failed)
        csv_fail(c, buf_check(&c->decoded, "row", &c->why));
    else
        point_cells(c, a, &c->decoded);
}

/* ---- row by row ---- */

/* Past what is read, counting its lines. */
static void pass(struct csv *c, size_t end)
{
    char newline = c->cr_only ? '\r' : '\n';
    struct str read = str_n(c->window.p + c->at, end - c->at);

    c->passed += read.n;
    c->at = end;
    while (str_find_char(read, newline) < read.n) {
        read = str_skip(read, str_find_char(read, newline) + 1);
        c->line++;
    }
}

/* The rest of a line that is longer than a row may be. */
static void pass_line(struct csv *c)
{
    for (;;) {
        struct str ahead = str_skip(buf_str(&c->window), c->at);
        size_t end = str_find_char(ahead, c->cr_only ? '\r' : '\n');

        pass(c, c->at + (end < ahead.n ? end + 1 : ahead.n));
        if (end < ahead.n)
            return;
        csv_slide(c);
        if (!csv_fill(c))
            return;
    }
}

static bool is_blank_row(const struct csv *c, const struct csv_attempt *a)
{
    return a->count == 1 && !a->quoted && str_empty(str_trim(buf_str(&c->text)));
}

enum aisle_status csv_next(struct csv *c, struct csv_row *row, struct aisle_err *err)
{
    struct csv_attempt a = {0};
    size_t line;

    do {
        csv_slide(c);
        line = c->line;
        if (c->failed || csv_byte(c, c->at) == CSV_END) {
            a = (struct csv_attempt){0};
            break;
        }
        a = best_row(c);
        pass(c, a.end);
        if (a.has_overrun)
            pass_line(c);
    } while (!c->failed && is_blank_row(c, &a));

    if (a.count > 0 && !c->failed)
        decode_cells(c, &a);
    if (c->failed)
        return aisle_fail(err, c->failed, "%s", c->why.text);
    if (c->columns == 0)
        c->columns = a.count;
    *row = (struct csv_row){line, c->cells, a.count, a.flaws};
    return AISLE_OK;
}

void csv_expect(struct csv *c, size_t columns)
{
    c->columns = columns;
}

/* ="007", as it is written to keep a spreadsheet from reading a number. */
static bool is_text_formula(struct str cell)
{
    return cell.n >= 3 && str_starts(cell, "=\"") && cell.p[cell.n - 1] == '"' &&
           !memchr(cell.p + 2, '"', cell.n - 3);
}

struct str csv_unguard(struct str cell)
{
    bool guarded = cell.n >= 2 && cell.p[0] == '\'' && memchr("=+-@\t\r", cell.p[1], 6);

    if (is_text_formula(cell))
        return str_n(cell.p + 2, cell.n - 3);
    return str_skip(cell, guarded);
}

/* ---- the beginning of the file ---- */

enum { SAMPLE_ROWS = 32 };

static bool window_has(const struct csv *c, size_t at, const char *what)
{
    return str_starts(str_skip(buf_str(&c->window), at), what);
}

/* UTF-16 is known by its mark, before anything else is looked at. */
static void read_mark16(struct csv *c)
{
    if (window_has(c, 0, "\xFF\xFE"))
        c->encoding = CSV_UTF16_LE;
    else if (window_has(c, 0, "\xFE\xFF"))
        c->encoding = CSV_UTF16_BE;
    else
        return;
    /* what was read is to be decoded first */
    buf_add(&c->raw, buf_str(&c->window));
    buf_reset(&c->window);
    csv_decode_raw(c);
}

/* UTF-8's mark, also where blank lines or a TAB found their way before it. Blanks without
 * a mark behind them may be empty cells, and stay. */
static void pass_mark8(struct csv *c)
{
    size_t at = 0;

    while (at < 64 && at < c->window.n && strchr(" \t\r\n", c->window.p[at]))
        at++;
    if (!window_has(c, at, "\xEF\xBB\xBF"))
        return;
    pass(c, at + 3);
    c->encoding = CSV_UTF8;
}

/* Excel's own hint, a first line "sep=;", quoted or not. */
static bool pass_sep_line(struct csv *c)
{
    bool quoted = csv_byte(c, c->at) == '"';
    size_t at = c->at + quoted;
    int delimiter;

    if (!window_has(c, at, "sep=") && !window_has(c, at, "SEP="))
        return false;
    at += 4;
    delimiter = csv_byte(c, at++);
    if (delimiter == CSV_END || !memchr(",;\t|:^~", delimiter, 7) ||
        (quoted && csv_byte(c, at++) != '"'))
        return false;
    if (csv_byte(c, at) != CSV_END && csv_line_end(c, at) == 0)
        return false;
    c->delimiter = (char)delimiter;
    pass(c, at + csv_line_end(c, at));
    return true;
}

struct sample {
    size_t counts[SAMPLE_ROWS]; /* cells of the first rows, blank ones apart */
    size_t rows;
};

static struct sample take_sample(struct csv *c)
{
    struct sample s = {.rows = 0};

    for (size_t at = c->at; s.rows < SAMPLE_ROWS && at - c->at < CSV_BLOCK;) {
        struct csv_attempt a;

        if (csv_byte(c, at) == CSV_END)
            break;
        a = csv_read_row(c, CSV_QUOTES, at);
        if (a.count > 1 || c->text.n > 0)
            s.counts[s.rows++] = a.count;
        if (a.has_overrun || a.end == at)
            break;
        at = a.end;
    }
    return s;
}

/* How good that number of cells is: the more, and the more rows have it. */
static double worth(const struct sample *s, size_t count)
{
    size_t same = 0;

    for (size_t i = 0; i < s->rows; i++)
        same += s->counts[i] == count;
    return count < 2 ? 0 : (double)(count - 1) * (0.25 + (double)same / (double)s->rows);
}

/* The first row decides; only where a line of text stands above the table, the others do.
 */
static double suits(struct csv *c, char delimiter)
{
    struct sample s;
    double best;

    c->delimiter = delimiter;
    s = take_sample(c);
    best = s.rows > 0 ? worth(&s, s.counts[0]) : 0;
    for (size_t i = 1; i < s.rows; i++)
        if (worth(&s, s.counts[i]) / 20 > best)
            best = worth(&s, s.counts[i]) / 20;
    return best;
}

static void find_delimiter(struct csv *c)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    double most = 0;

    for (size_t i = 0; i < sizeof candidates; i++) {
        double score = suits(c, candidates[i]);

        if (score > most) {
            most = score;
            best = candidates[i];
        }
    }
    c->delimiter = best;
}

static void look_at_beginning(struct csv *c, char delimiter)
{
    while (c->window.n < CSV_BLOCK && csv_fill(c))
        ;
    read_mark16(c);
    while (c->window.n < CSV_BLOCK && csv_fill(c))
        ;
    pass_mark8(c);
    c->cr_only = str_find_char(buf_str(&c->window), '\n') == c->window.n &&
                 str_find_char(buf_str(&c->window), '\r') < c->window.n;
    if (pass_sep_line(c))
        return;
    c->delimiter = delimiter;
    if (!delimiter)
        find_delimiter(c);
}

enum aisle_status csv_open(struct csv *c, struct feed_source source, char delimiter,
                           struct aisle_err *err)
{
    *c = (struct csv){
        .source = source,
        .line = 1,
        .delimiter = ',',
        .raw = BUF_INIT(3 * CSV_BLOCK),
        .window = BUF_INIT(3 * CSV_MAX_ROW + 4 * CSV_BLOCK),
        .text = BUF_INIT(2 * CSV_MAX_ROW),
        .decoded = BUF_INIT(6 * CSV_MAX_ROW),
    };
    look_at_beginning(c, delimiter);
    if (c->failed)
        return aisle_fail(err, c->failed, "%s", c->why.text);
    return AISLE_OK;
}

void csv_close(struct csv *c)
{
    mem_free(c->spans);
    mem_free(c->cells);
    c->spans = NULL;
    c->cells = NULL;
    buf_clear(&c->raw);
    buf_clear(&c->window);
    buf_clear(&c->text);
    buf_clear(&c->decoded);
}
