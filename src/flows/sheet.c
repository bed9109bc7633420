/* sheet.c - the open items as a spreadsheet, and a person's answers back from it */
#include "flows/decide.h"

#include "feeds/csv.h"
#include "flows/sync.h"

#include <stdio.h>

enum { CANDIDATES = 3 };

/* The columns that must come back; the rest is for the eye. */
enum column { COL_SELLER, COL_SCOPE, COL_KEY, COL_DECISION, COL_VERSION, COLUMNS };

static const char *const column_names[COLUMNS] = {
    [COL_SELLER] = "seller",     [COL_SCOPE] = "scope",     [COL_KEY] = "key",
    [COL_DECISION] = "decision", [COL_VERSION] = "version",
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

struct sheet_in {
    struct decider decider;
    bool dry_run;
    sheet_problem_fn *fn;
    void *ctx;
    size_t at[COLUMNS]; /* where each column stands; SIZE_MAX: not there */
    struct sheet_result result;
};

static enum aisle_status read_header(struct sheet_in *in, const struct csv_row *row,
                                     struct aisle_err *err)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        in->at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->count; i++)
            if (str_eq_nocase(str_trim(row->cells[i]), str_of(column_names[c])))
                in->at[c] = i;
        if (in->at[c] == SIZE_MAX)
            return aisle_fail(
                err, AISLE_INVALID,
                "the sheet has no column \"%s\": it should be one that map export "
                "wrote",
                column_names[c]);
    }
    return AISLE_OK;
}

static struct str cell(const struct sheet_in *in, const struct csv_row *row,
                       enum column c)
{
    if (in->at[c] >= row->count)
        return (struct str){0};
    return str_trim(csv_unguard(row->cells[in->at[c]]));
}

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

static enum aisle_status read_row(const struct sheet_in *in, const struct csv_row *row,
                                  struct decide_request *out, struct aisle_err *err)
{
    struct decide_request r = {
        .seller_id = cell(in, row, COL_SELLER),
        .key = cell(in, row, COL_KEY),
        .batch_id = str_of(in->result.batch_id),
        .reasons = STR_LIT("from a sheet"),
    };

    if (!decision_scope_parse(cell(in, row, COL_SCOPE), &r.scope))
        return aisle_fail(err, AISLE_INVALID,
                          "scope \"%.*s\" is none of product, seller-category",
                          STR_ARG(cell(in, row, COL_SCOPE)));
    if (!parse_i64(cell(in, row, COL_VERSION), 0, INT64_MAX, &r.expected))
        return aisle_fail(err, AISLE_INVALID,
                          "version \"%.*s\" is not as it was exported",
                          STR_ARG(cell(in, row, COL_VERSION)));
    read_decision(cell(in, row, COL_DECISION), &r);
    *out = r;
    return AISLE_OK;
}

/* A rejection is of what was proposed: the newest decision's leaf. */
static enum aisle_status fill_rejected(struct sheet_in *in, struct decide_request *r,
                                       struct arena *arena, struct aisle_err *err)
{
    const struct decider *d = &in->decider;
    struct decision now;
    enum aisle_status status = d->app->store->ops->decisions->get(
        d->app->store, r->seller_id, d->target.id, r->scope, r->key, arena, &now, err);

    if (status == AISLE_OK)
        r->category = now.category_id;
    return status;
}

static enum aisle_status take_row(struct sheet_in *in, const struct csv_row *row,
                                  struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct decide_request r = {0};
    enum aisle_status status = read_row(in, row, &r, err);

    if (status == AISLE_OK && r.state == DECISION_REJECTED)
        status = fill_rejected(in, &r, &arena, err);
    if (status == AISLE_OK)
        status = decider_decide(&in->decider, &r, in->dry_run, NULL, err);
    if (status == AISLE_OK) {
        in->result.accepted += r.state == DECISION_ACCEPTED;
        in->result.none += r.state == DECISION_NONE;
        in->result.rejected += r.state == DECISION_REJECTED;
    }
    arena_clear(&arena);
    return status;
}

/* What is wrong with a row is told and the row refused; what is wrong with us ends it. */
static bool is_the_rows(enum aisle_status status)
{
    return status == AISLE_INVALID || status == AISLE_CONFLICT ||
           status == AISLE_NOT_FOUND;
}

static enum aisle_status take_rows(struct sheet_in *in, struct csv *csv,
                                   struct aisle_err *err)
{
    struct csv_row row;
    enum aisle_status status;

    while ((status = csv_next(csv, &row, err)) == AISLE_OK && row.count) {
        struct aisle_err why = {0};

        in->result.rows++;
        if (str_empty(cell(in, &row, COL_DECISION))) {
            in->result.empty++;
            continue;
        }
        status = take_row(in, &row, &why);
        if (status != AISLE_OK && !is_the_rows(status)) {
            aisle_pass(err, &why);
            return status;
        }
        if (status != AISLE_OK) {
            in->result.refused++;
            if (in->fn)
                in->fn(in->ctx, row.line, &why);
        }
    }
    return status;
}

enum aisle_status flow_sheet_import(const struct app *app, struct str bytes,
                                    struct str target, bool dry_run, sheet_problem_fn *fn,
                                    void *ctx, struct sheet_result *out,
                                    struct aisle_err *err)
{
    struct sheet_in in = {.dry_run = dry_run, .fn = fn, .ctx = ctx};
    struct csv csv = {0};
    struct csv_row row;
    char uuid[UUID_LEN + 1];
    enum aisle_status status = decider_open(app, target, &in.decider, err);

    uuid_v4(app->rng, uuid);
    snprintf(in.result.batch_id, sizeof(in.result.batch_id), "b-%.36s", uuid);
    if (status == AISLE_OK)
        status = csv_open(&csv, feed_source_text(&bytes), '\0', err);
    if (status == AISLE_OK)
        status = csv_next(&csv, &row, err);
    if (status == AISLE_OK && row.count == 0)
        status = aisle_fail(err, AISLE_INVALID, "the sheet is empty");
    if (status == AISLE_OK)
        status = read_header(&in, &row, err);
    if (status == AISLE_OK)
        status = take_rows(&in, &csv, err);
    csv_close(&csv);
    decider_close(&in.decider);
    if (status == AISLE_OK)
        *out = in.result;
    return status;
}
