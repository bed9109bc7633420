/* sheet.c - the open items as a spreadsheet, and a person's answers back from it */
#include "flows/decide.h"

#include "flows/sync.h"

#include <stdio.h>

enum { CANDIDATES = 3 };

/* The columns that must come back, and what was shown first; the rest is for the eye. */
enum column {
    COL_SELLER,
    COL_SCOPE,
    COL_KEY,
    COL_DECISION,
    COL_VERSION,
    COL_FIRST,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    [COL_SELLER] = "seller",     [COL_SCOPE] = "scope",     [COL_KEY] = "key",
    [COL_DECISION] = "decision", [COL_VERSION] = "version", [COL_FIRST] = "candidate_1",
};

/* ---- out ---- */

struct sheet_out {
    struct buf *out;
    size_t rows;
};

static void put_cell(struct buf *out, struct str text)
{
    buf_csv(out, text);
    buf_addc(out, ',');
}

static enum aisle_status put_row(void *ctx, const struct open_item *item,
                                 struct aisle_err *err)
{
    struct sheet_out *sheet = ctx;
    struct buf *out = sheet->out;

    put_cell(out, item->seller_id);
    put_cell(out, str_of(decision_scope_name(item->scope)));
    put_cell(out, item->key);
    put_cell(out, item->title);
    put_cell(out, item->seller_category);
    buf_addf(out, "%zu,", item->products);
    put_cell(out, str_of(item->why));
    for (size_t i = 0; i < CANDIDATES; i++) {
        bool there = i < item->candidate_count;

        put_cell(out, there ? item->candidates[i].category_id : (struct str){0});
        put_cell(out, there ? item->paths[i] : (struct str){0});
    }
    buf_addf(out, ",%lld\r\n", (long long)(item->now ? item->now->seq : 0));
    sheet->rows++;
    return buf_check(out, "the sheet", err);
}

enum aisle_status flow_sheet_export(const struct app *app,
                                    const struct open_filter *filter, struct buf *out,
                                    size_t *rows, struct aisle_err *err)
{
    struct sheet_out sheet = {.out = out};
    enum aisle_status status;

    buf_addz(out,
             "\xEF\xBB\xBF" /* so that Excel reads UTF-8 */
             "seller,scope,key,title,seller_category,products,why,candidate_1,path_1,"
             "candidate_2,path_2,candidate_3,path_3,decision,version\r\n");
    status = flow_each_open(app, filter, put_row, &sheet, err);
    if (status == AISLE_OK)
        *rows = sheet.rows;
    return status;
}

/* ---- back ---- */

/* Each transaction waits for the disk: so many rows share one. */
enum { DECIDE_AT = 500 };

struct waiting_row {
    size_t line;
    struct decide_request request;
    struct aisle_err why; /* it cannot be taken; AISLE_OK: it may be */
};

struct sheet_in {
    struct decider decider;
    bool dry_run;
    sheet_problem_fn *problem;
    void *problem_ctx;
    struct sheet_result result;
    struct arena arena;       /* of the rows that wait */
    struct waiting_row *rows; /* DECIDE_AT of them, or NULL */
    size_t count;
};

/* "none", "reject", or a category by id or path. */
static void read_decision(struct str text, struct decide_request *r)
{
    r->state = DECISION_ACCEPTED;
    r->category = text;
    if (str_eq_nocase(text, STR_LIT("none")) || str_eq_nocase(text, STR_LIT("reject"))) {
        r->state = text.n == 4 ? DECISION_NONE : DECISION_REJECTED;
        r->category = (struct str){0};
    }
}

static enum aisle_status read_row(const struct sheet_in *in, const struct str *cells,
                                  struct decide_request *out, struct aisle_err *err)
{
    struct decide_request r = {
        .seller_id = cells[COL_SELLER],
        .key = cells[COL_KEY],
        .batch_id = str_of(in->result.batch_id),
        .reasons = STR_LIT("from a sheet"),
    };

    if (!decision_scope_parse(cells[COL_SCOPE], &r.scope))
        return aisle_fail(err, AISLE_INVALID,
                          "scope \"%.*s\" is none of product, seller-category",
                          STR_ARG(cells[COL_SCOPE]));
    if (!parse_i64(cells[COL_VERSION], 0, INT64_MAX, &r.expected))
        return aisle_fail(err, AISLE_INVALID,
                          "version \"%.*s\" is not as it was exported",
                          STR_ARG(cells[COL_VERSION]));
    read_decision(cells[COL_DECISION], &r);
    if (r.state == DECISION_REJECTED) /* what the row shows */
        r.category = cells[COL_FIRST];
    *out = r;
    return AISLE_OK;
}

static void count_row(struct sheet_in *in, const struct waiting_row *row,
                      const struct aisle_err *why)
{
    if (why->status == AISLE_OK) {
        in->result.accepted += row->request.state == DECISION_ACCEPTED;
        in->result.none += row->request.state == DECISION_NONE;
        in->result.rejected += row->request.state == DECISION_REJECTED;
        return;
    }
    in->result.refused++;
    if (in->problem)
        in->problem(in->problem_ctx, row->line, why);
}

static enum aisle_status try_all(struct sheet_in *in, const struct decide_request *list,
                                 size_t count, struct aisle_err *whys,
                                 struct aisle_err *err)
{
    for (size_t i = 0; i < count; i++) {
        enum aisle_status status =
            decider_decide(&in->decider, &list[i], true, NULL, &whys[i]);

        if (status != AISLE_OK && !answered_is_the_rows(status)) {
            aisle_pass(err, &whys[i]);
            return status;
        }
    }
    return AISLE_OK;
}

/* Those that wait, each kept or refused by itself and told in the sheet's order. */
static enum aisle_status decide_waiting(struct sheet_in *in, struct aisle_err *err)
{
    struct decide_request *list = arena_alloc(&in->arena, (in->count + 1) * sizeof *list);
    struct aisle_err *whys = arena_zalloc(&in->arena, in->count + 1, sizeof *whys);
    size_t n = 0;
    enum aisle_status status = list && whys ? AISLE_OK : aisle_nomem(err);

    for (size_t i = 0; status == AISLE_OK && i < in->count; i++)
        if (in->rows[i].why.status == AISLE_OK)
            list[n++] = in->rows[i].request;
    if (status == AISLE_OK)
        status = in->dry_run ? try_all(in, list, n, whys, err)
                             : decider_decide_all(&in->decider, list, n,
                                                  in->result.batch_id, whys, err);
    for (size_t i = 0; status == AISLE_OK && i < in->count; i++) {
        const struct waiting_row *row = &in->rows[i];

        count_row(in, row, row->why.status == AISLE_OK ? whys++ : &row->why);
    }
    arena_clear(&in->arena);
    in->rows = NULL;
    in->count = 0;
    return status;
}

static enum aisle_status add_waiting(struct sheet_in *in, size_t line,
                                     const struct str *cells, struct aisle_err *err)
{
    struct str kept[COLUMNS];
    struct waiting_row *row;
    enum aisle_status status;

    if (!in->rows)
        in->rows = arena_alloc(&in->arena, DECIDE_AT * sizeof *in->rows);
    if (!in->rows)
        return aisle_nomem(err);
    for (size_t c = 0; c < COLUMNS; c++) {
        kept[c] = arena_str(&in->arena, cells[c]);
        if (!kept[c].p)
            return aisle_nomem(err);
    }
    row = &in->rows[in->count++];
    *row = (struct waiting_row){.line = line};
    status = read_row(in, kept, &row->request, &row->why);
    if (status == AISLE_OK || answered_is_the_rows(status))
        return AISLE_OK;
    aisle_pass(err, &row->why);
    return status;
}

static enum aisle_status take_row(void *ctx, size_t line, const struct str *cells,
                                  struct aisle_err *err)
{
    struct sheet_in *in = ctx;
    enum aisle_status status = add_waiting(in, line, cells, err);

    return status == AISLE_OK && in->count == DECIDE_AT ? decide_waiting(in, err)
                                                        : status;
}

enum aisle_status flow_sheet_import(const struct app *app, struct str bytes,
                                    struct str target, bool dry_run, sheet_problem_fn *fn,
                                    void *ctx, struct sheet_result *out,
                                    struct aisle_err *err)
{
    struct sheet_in in = {.dry_run = dry_run,
                          .problem = fn,
                          .problem_ctx = ctx,
                          .arena = ARENA_INIT(ARENA_MAX_WORK)};
    const struct answered_sheet sheet = {.columns = column_names,
                                         .count = COLUMNS,
                                         .optional = COLUMNS - COL_FIRST,
                                         .answer = COL_DECISION,
                                         .writer = "map export",
                                         .take = take_row,
                                         .ctx = &in};
    struct answered_counts counts = {0};
    char uuid[UUID_LEN + 1];
    enum aisle_status status = decider_open(app, target, &in.decider, err);

    uuid_v4(app->rng, uuid);
    snprintf(in.result.batch_id, sizeof(in.result.batch_id), "b-%.36s", uuid);
    if (status == AISLE_OK)
        status = answered_read(&sheet, bytes, &counts, err);
    if (status == AISLE_OK && in.count)
        status = decide_waiting(&in, err);
    arena_clear(&in.arena);
    decider_close(&in.decider);
    if (status != AISLE_OK)
        return status;
    in.result.rows = counts.rows;
    in.result.empty = counts.empty;
    *out = in.result;
    return AISLE_OK;
}
