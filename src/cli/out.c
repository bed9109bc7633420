#include "cli/out.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/nearest.h"
#include "base/text.h"
#include "cli/table.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

enum { WRITE_AT = 32 * 1024 };

void out_init(struct out *o, int fd, enum out_form form)
{
    *o = (struct out){.form = form,
                      .fd = fd,
                      .width = 80,
                      .buf = BUF_INIT(BUF_MAX_FILE),
                      .arena = ARENA_INIT(ARENA_MAX_WORK)};
}

void out_clear(struct out *o)
{
    buf_clear(&o->buf);
    arena_clear(&o->arena);
}

/* ---- writing ---- */

enum aisle_status out_flush(struct out *o, struct aisle_err *err)
{
    enum aisle_status status = buf_check(&o->buf, "output", err);
    struct str rest = buf_str(&o->buf);

    while (status == AISLE_OK && !str_empty(rest) && !o->unread && !o->write_errno) {
        ssize_t n = write(o->fd, rest.p, rest.n);

        if (n >= 0)
            rest = str_skip(rest, (size_t)n);
        else if (errno == EPIPE)
            o->unread = true;
        else if (errno != EINTR)
            o->write_errno = errno;
    }
    buf_reset(&o->buf);
    if (status == AISLE_OK && o->write_errno)
        status = aisle_fail(err, AISLE_IO, "cannot write the output: %s",
                            strerror(o->write_errno));
    if (status == AISLE_OK && o->unread && !o->works)
        status = AISLE_STOPPED;
    return status;
}

enum aisle_status out_text(struct out *o, struct str text, struct aisle_err *err)
{
    buf_add(&o->buf, text);
    return o->buf.n >= WRITE_AT ? out_flush(o, err) : AISLE_OK;
}

/* ---- which columns ---- */

static enum aisle_status unknown_field(const struct column *columns, struct str name,
                                       struct aisle_err *err)
{
    char list[160] = "";
    struct nearest near = {.typed = name};
    size_t n = 0;

    for (const struct column *c = columns; c->name; c++) {
        int more = snprintf(list + n, sizeof(list) - n, "%s%s", n ? "," : "", c->name);

        n = more > 0 && n + (size_t)more < sizeof(list) ? n + (size_t)more : n;
        nearest_try(&near, str_of(c->name));
    }
    aisle_fail(err, AISLE_INVALID, "--fields: no field '%.*s' in %s", STR_ARG(name),
               list);
    nearest_note(&near, err);
    return AISLE_INVALID;
}

/* The place of a column in its table, or OUT_MAX_COLUMNS. */
static size_t column_named(const struct column *columns, struct str name)
{
    for (size_t i = 0; columns[i].name; i++)
        if (str_is(name, columns[i].name))
            return i;
    return OUT_MAX_COLUMNS;
}

enum aisle_status out_check_fields(struct str fields, const struct column *columns,
                                   struct aisle_err *err)
{
    size_t count = 0;

    while (!str_empty(fields)) {
        struct str name = str_trim(str_cut(&fields, ','));

        if (column_named(columns, name) == OUT_MAX_COLUMNS)
            return unknown_field(columns, name, err);
        if (++count > OUT_MAX_COLUMNS)
            return aisle_fail(err, AISLE_INVALID, "--fields names over %d fields",
                              OUT_MAX_COLUMNS);
    }
    return AISLE_OK;
}

static void choose_fields(struct out *o)
{
    struct str rest = o->fields;

    o->shown_count = 0;
    while (!str_empty(rest))
        o->shown[o->shown_count++] =
            column_named(o->columns, str_trim(str_cut(&rest, ',')));
}

static void choose_usual(struct out *o)
{
    bool all = o->form == OUT_JSON || o->form == OUT_JSONL || o->single;

    o->shown_count = 0;
    for (size_t i = 0; i < o->column_count; i++)
        if (all || !o->columns[i].detail)
            o->shown[o->shown_count++] = i;
}

static enum aisle_status begin(struct out *o, const struct column *columns, bool single,
                               struct aisle_err *err)
{
    enum aisle_status status = out_check_fields(o->fields, columns, err);

    if (status != AISLE_OK)
        return status;
    o->columns = columns;
    o->column_count = o->filled = o->rows = o->kept_count = 0;
    o->single = single;
    o->measured = false;
    o->below_count = 0;
    while (columns[o->column_count].name)
        o->column_count++;
    assert(o->column_count <= OUT_MAX_COLUMNS);
    if (str_empty(o->fields))
        choose_usual(o);
    else
        choose_fields(o);
    return AISLE_OK;
}

enum aisle_status out_begin(struct out *o, const struct column *columns,
                            struct aisle_err *err)
{
    return begin(o, columns, false, err);
}

enum aisle_status out_begin_work(struct out *o, const struct column *columns,
                                 struct aisle_err *err)
{
    o->works = true;
    return begin(o, columns, false, err);
}

enum aisle_status out_begin_one(struct out *o, const struct column *columns,
                                struct aisle_err *err)
{
    return begin(o, columns, true, err);
}

/* ---- cells ---- */

#define TEXT_KINDS (1U << COLUMN_TEXT | 1U << COLUMN_PATH | 1U << COLUMN_ID)

/* The next cell, of one of these kinds (bits). */
static struct cell *next_cell(struct out *o, unsigned kinds)
{
    (void)kinds; /* where asserts are left out */
    assert(o->filled < o->column_count);
    assert(kinds & (1U << o->columns[o->filled].kind));
    o->cells[o->filled] = (struct cell){0};
    return &o->cells[o->filled++];
}

void out_str(struct out *o, struct str s)
{
    next_cell(o, TEXT_KINDS)->text = s;
}

void out_opt(struct out *o, struct str s)
{
    struct cell *c = next_cell(o, TEXT_KINDS);

    c->text = s;
    c->absent = str_empty(s);
}

void out_int(struct out *o, int64_t n)
{
    next_cell(o, 1U << COLUMN_COUNT | 1U << COLUMN_TIME)->number = n;
}

void out_share(struct out *o, double share)
{
    next_cell(o, 1U << COLUMN_SHARE)->real = share;
}

void out_seconds(struct out *o, double seconds)
{
    next_cell(o, 1U << COLUMN_SECONDS)->real = seconds;
}

void out_flag(struct out *o, bool flag)
{
    next_cell(o, 1U << COLUMN_FLAG)->number = flag;
}

void out_absent(struct out *o)
{
    assert(o->filled < o->column_count);
    o->cells[o->filled++] = (struct cell){.absent = true};
}

void out_int_if(struct out *o, bool known, int64_t n)
{
    if (known)
        out_int(o, n);
    else
        out_absent(o);
}

void out_time(struct out *o, int64_t s)
{
    out_int_if(o, s != 0, s);
}

/* ---- rows, form by form ---- */

static void add_time(struct buf *b, int64_t s)
{
    char text[TIME_LEN + 1];

    time_format(s, text);
    buf_addz(b, text);
}

static void tsv_cell(struct buf *b, enum column_kind kind, const struct cell *c)
{
    if (c->absent)
        return;
    switch (kind) {
    case COLUMN_TEXT:
    case COLUMN_PATH:
    case COLUMN_ID:
        buf_tsv(b, c->text);
        break;
    case COLUMN_COUNT:
        buf_addf(b, "%lld", (long long)c->number);
        break;
    case COLUMN_SHARE:
        buf_addf(b, "%.4f", c->real);
        break;
    case COLUMN_SECONDS:
        buf_addf(b, "%g", c->real);
        break;
    case COLUMN_TIME:
        add_time(b, c->number);
        break;
    case COLUMN_FLAG:
        buf_addz(b, c->number ? "yes" : "no");
        break;
    }
}

static void json_cell(struct json_out *j, enum column_kind kind, const struct cell *c)
{
    char time[TIME_LEN + 1];

    if (c->absent) {
        json_put_null(j);
        return;
    }
    switch (kind) {
    case COLUMN_TEXT:
    case COLUMN_PATH:
    case COLUMN_ID:
        json_put_str(j, c->text);
        break;
    case COLUMN_COUNT:
        json_put_int(j, c->number);
        break;
    case COLUMN_SHARE:
    case COLUMN_SECONDS:
        json_put_num(j, c->real);
        break;
    case COLUMN_TIME:
        time_format(c->number, time);
        json_put_str(j, str_of(time));
        break;
    case COLUMN_FLAG:
        json_put_bool(j, c->number != 0);
        break;
    }
}

static void json_row(struct out *o)
{
    struct json_out j = {.buf = &o->buf, .pretty = o->single && o->form == OUT_JSON};

    if (o->form == OUT_JSON && !o->single)
        buf_addz(&o->buf, o->rows ? ",\n " : "[\n ");
    json_open(&j);
    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = &o->columns[o->shown[i]];

        json_key(&j, column->name);
        json_cell(&j, column->kind, &o->cells[o->shown[i]]);
    }
    json_close(&j);
    if (o->form == OUT_JSONL || o->single)
        buf_addc(&o->buf, '\n');
}

static void tsv_row(struct out *o)
{
    for (size_t i = 0; i < o->shown_count; i++) {
        const struct column *column = &o->columns[o->shown[i]];

        if (o->single)
            buf_addf(&o->buf, "%s\t", column->name);
        else if (i)
            buf_addc(&o->buf, '\t');
        tsv_cell(&o->buf, column->kind, &o->cells[o->shown[i]]);
        if (o->single)
            buf_addc(&o->buf, '\n');
    }
    if (!o->single)
        buf_addc(&o->buf, '\n');
}

enum aisle_status out_row(struct out *o, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    assert(o->filled == o->column_count);
    o->filled = 0;
    if (o->unread)
        return o->works ? AISLE_OK : AISLE_STOPPED;
    switch (o->form) {
    case OUT_JSON:
    case OUT_JSONL:
        json_row(o);
        break;
    case OUT_TSV:
        tsv_row(o);
        break;
    case OUT_TABLE:
        status = o->single ? table_one(o, err) : table_row(o, err);
        break;
    }
    o->rows++;
    if (status == AISLE_OK && (o->buf.n >= WRITE_AT || o->form == OUT_JSONL))
        status = out_flush(o, err);
    return status;
}

enum aisle_status out_end(struct out *o, struct aisle_err *err)
{
    if (o->columns) {
        if (o->form == OUT_TABLE && !o->single)
            table_end(o);
        if (o->form == OUT_JSON && !o->single)
            buf_addz(&o->buf, o->rows ? "\n]\n" : "[]\n");
        o->columns = NULL;
    }
    return out_flush(o, err);
}

enum aisle_status out_break_off(struct out *o, struct aisle_err *err)
{
    if (o->rows == 0)
        o->columns = NULL;
    return out_end(o, err);
}

void buf_shown(struct buf *b, struct str s)
{
    size_t at = 0;

    while (at < s.n) {
        size_t from = at;
        uint32_t c = utf8_next(s, &at);

        if (c == '\t' || c == '\n' || c == '\r')
            buf_addc(b, ' ');
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
                 (c >= 0x2066 && c <= 0x2069)) /* also what turns the line around */
            buf_addc(b, '?');
        else
            buf_add(b, str_n(s.p + from, at - from));
    }
}
