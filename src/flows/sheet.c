/* sheet.c - the open items as a spreadsheet, and a person's answers back from it */
#include "flows/decide.h"

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
    struct sheet_result result;
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

static enum aisle_status take_row(void *ctx, const struct str *cells,
                                  struct aisle_err *err)
{
    struct sheet_in *in = ctx;
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct decide_request r = {0};
    enum aisle_status status = read_row(in, cells, &r, err);

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

enum aisle_status flow_sheet_import(const struct app *app, struct str bytes,
                                    struct str target, bool dry_run, sheet_problem_fn *fn,
                                    void *ctx, struct sheet_result *out,
                                    struct aisle_err *err)
{
    struct sheet_in in = {.dry_run = dry_run};
    const struct answered_sheet sheet = {.columns = column_names,
                                         .count = COLUMNS,
                                         .answer = COL_DECISION,
                                         .writer = "map export",
                                         .take = take_row,
                                         .ctx = &in,
                                         .problem = fn,
                                         .problem_ctx = ctx};
    struct answered_counts counts = {0};
    char uuid[UUID_LEN + 1];
    enum aisle_status status = decider_open(app, target, &in.decider, err);

    uuid_v4(app->rng, uuid);
    snprintf(in.result.batch_id, sizeof(in.result.batch_id), "b-%.36s", uuid);
    if (status == AISLE_OK)
        status = answered_read(&sheet, bytes, &counts, err);
    decider_close(&in.decider);
    if (status != AISLE_OK)
        return status;
    in.result.rows = counts.rows;
    in.result.empty = counts.empty;
    in.result.refused = counts.refused;
    *out = in.result;
    return AISLE_OK;
}
