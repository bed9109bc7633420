#include "listing/finding.h"

#include "base/json.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const levels[] = {
    [FINDING_ERROR] = "error", [FINDING_WARNING] = "warning", [FINDING_TIP] = "tip"};
enum { LEVELS = sizeof levels / sizeof *levels };

const char *finding_level_name(enum finding_level level)
{
    return levels[level];
}

bool finding_level_parse(struct str name, enum finding_level *out)
{
    for (unsigned i = 0; i < LEVELS; i++)
        if (str_is(name, levels[i])) {
            *out = (enum finding_level)i;
            return true;
        }
    return false;
}

static bool grow(struct findings *f)
{
    size_t cap = f->cap ? f->cap * 2 : 16;
    struct finding *rows = arena_alloc(f->arena, cap * sizeof *rows);

    if (!rows)
        return false;
    if (f->count)
        memcpy(rows, f->rows, f->count * sizeof *rows);
    f->rows = rows;
    f->cap = cap;
    return true;
}

void findings_add(struct findings *f, const struct finding *finding)
{
    if (f->count >= FINDINGS_MAX || (f->count == f->cap && !grow(f))) {
        f->left_out = true;
        return;
    }
    f->rows[f->count++] = *finding;
    f->errors += finding->level == FINDING_ERROR;
    f->warnings += finding->level == FINDING_WARNING;
    f->tips += finding->level == FINDING_TIP;
}

struct str findings_fmt(struct findings *f, const char *fmt, ...)
{
    char text[512];
    struct str made;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return STR_LIT("");
    made = arena_str(f->arena,
                     str_n(text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1));
    if (!made.p) {
        f->left_out = true;
        return STR_LIT("");
    }
    return made;
}

enum aisle_status findings_check(const struct findings *f, struct aisle_err *err)
{
    if (!f->left_out)
        return AISLE_OK;
    if (f->count >= FINDINGS_MAX)
        return aisle_fail(err, AISLE_LIMIT, "more than %d findings", FINDINGS_MAX);
    return aisle_nomem(err);
}

void findings_sort(struct findings *f)
{
    struct finding *sorted;
    size_t n = 0;

    if (f->count == 0 || f->count == f->errors)
        return;
    sorted = arena_alloc(f->arena, f->count * sizeof *sorted);
    if (!sorted)
        return;
    for (unsigned level = 0; level < LEVELS; level++)
        for (size_t i = 0; i < f->count; i++)
            if (f->rows[i].level == level)
                sorted[n++] = f->rows[i];
    memcpy(f->rows, sorted, n * sizeof *sorted);
}

bool findings_have_code(const struct findings *f, const char *code)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->rows[i].code, code) == 0)
            return true;
    return false;
}

/* ---- as text ---- */

static void add_unless_empty(struct json_out *o, const char *key, struct str s)
{
    if (!str_empty(s))
        json_add_str(o, key, s);
}

static void add_about(struct json_out *o, const struct finding_about *about)
{
    if (str_empty(about->id) && str_empty(about->name))
        return;
    json_key(o, "about");
    json_open(o);
    json_add_str(o, "id", about->id);
    json_add_str(o, "name", about->name);
    json_close(o);
}

void findings_format(const struct findings *f, struct buf *out)
{
    struct json_out o = {.buf = out};

    json_open_list(&o);
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *row = &f->rows[i];

        json_open(&o);
        json_add_str(&o, "level", str_of(levels[row->level]));
        json_add_str(&o, "path", row->path);
        json_add_str(&o, "rule", str_of(row->rule));
        add_unless_empty(&o, "code", str_of(row->code));
        json_add_str(&o, "what", row->what);
        add_unless_empty(&o, "found", row->found);
        add_unless_empty(&o, "allowed", row->allowed);
        add_unless_empty(&o, "fix", row->fix);
        add_about(&o, &row->about);
        if (row->mend != MEND_NONE)
            json_add_int(&o, "mend", row->mend);
        json_close(&o);
    }
    json_close_list(&o);
}

static struct str keep(struct findings *f, const json_t *row, const char *key)
{
    struct str kept = arena_str(f->arena, json_str(row, key));

    if (!kept.p)
        f->left_out = true;
    return kept.p ? kept : STR_LIT("");
}

static bool parse_one(const json_t *row, struct findings *f)
{
    const json_t *about = json_object_get(row, "about");
    struct finding finding = {
        .rule = keep(f, row, "rule").p,
        .code = keep(f, row, "code").p,
        .path = keep(f, row, "path"),
        .what = keep(f, row, "what"),
        .found = keep(f, row, "found"),
        .allowed = keep(f, row, "allowed"),
        .fix = keep(f, row, "fix"),
    };
    int64_t mend = json_int(row, "mend", MEND_NONE);

    if (!finding_level_parse(json_str(row, "level"), &finding.level) || mend < 0 ||
        mend > MEND_IMAGE)
        return false;
    finding.mend = (enum finding_mend)mend;
    if (about)
        finding.about =
            (struct finding_about){keep(f, about, "id"), keep(f, about, "name")};
    findings_add(f, &finding);
    return true;
}

enum aisle_status findings_parse(struct str text, struct findings *f,
                                 struct aisle_err *err)
{
    json_t *list = NULL;
    enum aisle_status status = json_read(text, BUF_MAX_REPLY, "findings", &list, err);

    for (size_t i = 0; status == AISLE_OK && i < json_array_size(list); i++)
        if (!parse_one(json_array_get(list, i), f))
            status = aisle_fail(err, AISLE_GARBLED, "finding %zu has no level", i + 1);
    json_decref(list);
    return status == AISLE_OK ? findings_check(f, err) : status;
}

/* ---- for a pull request ---- */

void findings_cell(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (strchr("|\\`*_[]<>#~", c) && c)
            buf_addc(out, '\\');
        buf_addc(out, (unsigned char)c < 0x20 || c == 0x7F ? ' ' : c);
    }
}

static void add_row(struct buf *out, const struct finding *row)
{
    buf_addf(out, "| %s | ", levels[row->level]);
    if (!str_empty(row->path))
        findings_cell(out, row->path);
    else
        buf_addz(out, "(the whole)");
    buf_addf(out, " | %s | ", row->code);
    findings_cell(out, row->what);
    buf_addz(out, " | ");
    findings_cell(out, row->found);
    buf_addz(out, " | ");
    findings_cell(out, row->allowed);
    buf_addz(out, " | ");
    findings_cell(out, row->fix);
    buf_addz(out, " |\n");
}

static void add_count(struct buf *out, size_t n, const char *one, const char *many)
{
    buf_addf(out, "%zu %s", n, n == 1 ? one : many);
}

void findings_markdown(const struct findings *f, struct str title, struct buf *out)
{
    buf_addz(out, "### ");
    findings_cell(out, str_empty(title) ? STR_LIT("Listing check") : title);
    buf_addz(out, "\n\n");
    add_count(out, f->errors, "error", "errors");
    buf_addz(out, ", ");
    add_count(out, f->warnings, "warning", "warnings");
    buf_addz(out, ", ");
    add_count(out, f->tips, "tip", "tips");
    buf_addz(out, f->errors ? ": it would be refused.\n" : ": it would be taken.\n");
    if (!f->count)
        return;
    buf_addz(out, "\n| level | where | code | what | found | allowed | fix |\n"
                  "|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < f->count; i++)
        add_row(out, &f->rows[i]);
}
