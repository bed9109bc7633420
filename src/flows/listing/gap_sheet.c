/* gap_sheet.c - what is open as a spreadsheet, and a person's answers back from it */
#include "base/mem.h"
#include "flows/attributes.h"

#include <stdio.h>

/* The columns that must come back; the rest is for the eye. */
enum column {
    COL_SELLER,
    COL_CATEGORY,
    COL_ATTRIBUTE,
    COL_COLUMN,
    COL_VALUE,
    COL_DECISION
};
enum { COLUMNS = COL_DECISION + 1, ALLOWED_SHOWN = 12 };

static const char *const column_names[COLUMNS] = {
    [COL_SELLER] = "seller", [COL_CATEGORY] = "category", [COL_ATTRIBUTE] = "attribute",
    [COL_COLUMN] = "column", [COL_VALUE] = "value",       [COL_DECISION] = "decision",
};
static const char column_word[] = "column:";

/* ---- out ---- */

struct sheet_out {
    struct str seller_id;
    struct buf *out;
};

static void put_cell(struct buf *out, struct str text)
{
    buf_csv(out, text);
    buf_addc(out, ',');
}

static void put_allowed(struct buf *out, const struct required_attribute *a)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    size_t i = 0;

    for (; i < a->value_count && i < ALLOWED_SHOWN; i++) {
        buf_addz(&text, i ? ", " : "");
        buf_add(&text, a->values[i].name);
    }
    if (i < a->value_count)
        buf_addf(&text, " and %zu more", a->value_count - i);
    if (a->number)
        buf_addz(&text, "a number");
    else if (a->customizable || !a->value_count)
        buf_addz(&text, i ? ", or any text" : "any text");
    put_cell(out, buf_str(&text));
    buf_clear(&text);
}

static void put_gap(const struct sheet_out *s, const struct gap *gap, size_t products,
                    struct str column, struct str value, struct str proposal)
{
    put_cell(s->out, s->seller_id);
    put_cell(s->out, gap->category_id);
    put_cell(s->out, gap->path);
    put_cell(s->out, gap->attribute->id);
    put_cell(s->out, gap->attribute->name);
    put_cell(s->out, gap->required ? STR_LIT("yes") : STR_LIT("no"));
    buf_addf(s->out, "%zu,", products);
    put_cell(s->out, column);
    put_cell(s->out, value);
    put_cell(s->out, proposal);
    put_allowed(s->out, gap->attribute);
    buf_addz(s->out, "\r\n"); /* decision */
}

static enum aisle_status put_rows(void *ctx, const struct gap *gap, struct aisle_err *err)
{
    const struct sheet_out *s = ctx;
    struct buf proposal = BUF_INIT(BUF_MAX_LINE);

    if (gap->column.n)
        buf_addf(&proposal, "%s %.*s", column_word, STR_ARG(gap->column));
    if (gap->without_column)
        put_gap(s, gap, gap->without_column, STR_LIT(""), STR_LIT(""),
                buf_str(&proposal));
    buf_clear(&proposal);
    for (size_t i = 0; i < gap->value_count; i++) {
        const struct gap_value *v = &gap->values[i];

        put_gap(s, gap, v->products, v->column, v->value,
                v->proposed ? v->proposed->name : STR_LIT(""));
    }
    return buf_check(s->out, "the sheet", err);
}

enum aisle_status flow_gaps_export(const struct app *app,
                                   const struct gaps_request *request, struct buf *out,
                                   struct gaps_result *result, struct aisle_err *err)
{
    struct gaps_request all = *request;
    struct sheet_out sheet = {request->seller_id, out};

    if (!all.values_most)
        all.values_most = 200;
    buf_addz(out, "\xEF\xBB\xBF" /* so that Excel reads UTF-8 */
                  "seller,category,path,attribute,name,mandatory,products,column,value,"
                  "proposal,allowed,decision\r\n");
    return flow_each_gap(app, &all, put_rows, &sheet, result, err);
}

/* ---- back ---- */

struct sheet_in {
    struct teacher teacher;
    struct arena arena;
    struct str only_seller;
    struct kept_lesson *lessons;
    size_t room;
    struct lessons_imported result;
};

static struct lesson_request read_row(const struct str *cells)
{
    struct str decision = cells[COL_DECISION];
    struct lesson_request q = {.seller_id = cells[COL_SELLER],
                               .attribute = cells[COL_ATTRIBUTE],
                               .column = cells[COL_COLUMN],
                               .value = cells[COL_VALUE],
                               .becomes = decision};

    if (str_eq_nocase(str_head(decision, sizeof column_word - 1), str_of(column_word))) {
        q.column = str_trim(str_skip(decision, sizeof column_word - 1));
        q.value = q.becomes = (struct str){0};
    } else if (!q.column.n) {
        q.category = cells[COL_CATEGORY];
    }
    return q;
}

static bool same_key(const struct kept_lesson *a, const struct kept_lesson *b)
{
    return str_eq(a->says.attribute_id, b->says.attribute_id) &&
           str_eq(a->says.seller_name, b->says.seller_name) &&
           str_eq(a->says.seller_value, b->says.seller_value) &&
           str_eq(a->says.category_id, b->says.category_id) &&
           str_eq(a->seller_id, b->seller_id);
}

/* One answer for a key: leaves that share a column have a row each. */
static enum aisle_status add_lesson(struct sheet_in *in, const struct kept_lesson *lesson,
                                    struct aisle_err *err)
{
    for (size_t i = 0; i < in->result.taught; i++) {
        const struct kept_lesson *before = &in->lessons[i];

        if (!same_key(before, lesson))
            continue;
        if (str_eq(before->says.value_id, lesson->says.value_id) &&
            str_eq(before->says.value_name, lesson->says.value_name))
            return AISLE_OK;
        return aisle_fail(err, AISLE_CONFLICT,
                          "a row before says something else of the same value");
    }
    if (in->result.taught == in->room) {
        size_t room = in->room ? 2 * in->room : 64;
        struct kept_lesson *wider = mem_realloc(in->lessons, room * sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        in->lessons = wider;
        in->room = room;
    }
    in->lessons[in->result.taught++] = *lesson;
    return AISLE_OK;
}

static bool keep_request(struct sheet_in *in, struct lesson_request *q)
{
    struct str *texts[] = {&q->seller_id, &q->category, &q->attribute,
                           &q->column,    &q->value,    &q->becomes};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_str(&in->arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

static enum aisle_status take_row(void *ctx, size_t line, const struct str *cells,
                                  struct aisle_err *err)
{
    struct sheet_in *in = ctx;
    struct lesson_request q = read_row(cells);
    struct kept_lesson lesson;
    enum aisle_status status;

    (void)line;
    if (!keep_request(in, &q))
        return aisle_nomem(err);
    status = teacher_read(&in->teacher, &q, &in->arena, &lesson, err);
    if (status == AISLE_OK && in->only_seller.n &&
        !str_eq(lesson.seller_id, in->only_seller))
        status = aisle_fail(err, AISLE_INVALID, "the row is another seller's");
    return status == AISLE_OK ? add_lesson(in, &lesson, err) : status;
}

enum aisle_status flow_lessons_import(const struct app *app,
                                      const struct lessons_sheet *asked,
                                      sheet_problem_fn *fn, void *ctx,
                                      struct lessons_imported *out, struct aisle_err *err)
{
    struct sheet_in in = {.arena = ARENA_INIT(ARENA_MAX_WORK),
                          .only_seller = asked->only_seller};
    const struct answered_sheet sheet = {.columns = column_names,
                                         .count = COLUMNS,
                                         .answer = COL_DECISION,
                                         .writer = "attribute open --sheet",
                                         .take = take_row,
                                         .ctx = &in,
                                         .problem = fn,
                                         .problem_ctx = ctx};
    struct answered_counts counts = {0};
    enum aisle_status status = teacher_open(app, asked->target, &in.teacher, err);

    if (status == AISLE_OK)
        status = answered_read(&sheet, asked->bytes, &counts, err);
    if (status == AISLE_OK && !asked->dry_run)
        status = teacher_keep(&in.teacher, in.lessons, in.result.taught, err);
    if (status == AISLE_OK) {
        in.result.rows = counts.rows;
        in.result.empty = counts.empty;
        in.result.refused = counts.refused;
        memcpy(in.result.batch_id, in.teacher.batch_id, sizeof in.result.batch_id);
        *out = in.result;
    }
    mem_free(in.lessons);
    teacher_close(&in.teacher);
    arena_clear(&in.arena);
    return status;
}
