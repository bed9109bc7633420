/* model_eval.c - a model held against labels: how right, how sure, and the picture of it
 */
#include "cli/commands/list.h"
#include "cli/commands/model.h"

#include "base/mem.h"
#include "match/judge.h"

enum { SVG_MAX = 1 << 20 };

static const struct column eval_columns[] = {
    {.name = "part",
     .kind = COLUMN_ID,
     .help = "all; what could be accepted unseen; and by confidence"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in it"},
    {.name = "share", .kind = COLUMN_SHARE, .help = "of all rows"},
    {.name = "confidence",
     .kind = COLUMN_SHARE,
     .help = "on average; of what could be accepted, the least"},
    {.name = "right", .kind = COLUMN_SHARE, .help = "with the first leaf"},
    {.name = "apart",
     .kind = COLUMN_SHARE,
     .help = "confidence and right; for all, the mean of the parts (ECE)"},
    {.name = "right_in_3", .kind = COLUMN_SHARE, .help = "with one of the first three"},
    {.name = "right_in_10", .kind = COLUMN_SHARE, .help = "with one of the first ten"},
    END_OF_COLUMNS,
};

struct judging {
    struct cli *cli;
    struct model *model;
    struct asker *asker;
    struct judge judge;
    const struct open_tree *tree; /* labels are ids or paths of it; NULL: as they stand */
    size_t bad;
};

static struct str label_of(const struct judging *j, const struct label_row *row)
{
    const struct category *c = NULL;

    if (j->tree && open_tree_find(j->tree, row->label, &c, NULL) == AISLE_OK)
        return c->id;
    return row->label;
}

static enum aisle_status judge_row(struct judging *j, const struct label_row *row,
                                   struct aisle_err *err)
{
    struct product_text text = model_row_product(j->cli, row);
    struct str label = label_of(j, row);
    struct model_hit hits[CALIBRATE_TOP];
    size_t count, place = SIZE_MAX;
    enum aisle_status status =
        asker_rank(j->asker, &text, hits, CALIBRATE_TOP, &count, err);

    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < count && place == SIZE_MAX; i++)
        if (str_eq(model_node_id(j->model, hits[i].leaf), label))
            place = i;
    if (count == 0) {
        judge_add_abstention(&j->judge);
        return AISLE_OK;
    }
    return judge_add(&j->judge, hits[0].confidence, place, err);
}

static enum aisle_status judge_rows(struct judging *j, struct model_file *f,
                                    struct aisle_err *err)
{
    struct label_row row;
    enum aisle_status status;

    while ((status = model_file_next(f, &row, err)) == AISLE_OK && row.line > 0) {
        if (row.why[0])
            j->bad++;
        else
            status = judge_row(j, &row, err);
        if (status != AISLE_OK)
            return status;
    }
    if (status == AISLE_OK && j->judge.rows == 0)
        status = aisle_fail(err, AISLE_INVALID, "%.*s has no row to judge by",
                            STR_ARG(f->name));
    return status;
}

static void put_all(struct judging *j)
{
    const struct judge *g = &j->judge;
    struct out *out = &j->cli->out;
    double rows = (double)g->rows, sure = 0;

    for (int b = 0; b < JUDGE_BINS; b++)
        sure += g->bins[b].confidence;
    out_str(out, STR_LIT("all"));
    out_int(out, (int64_t)g->rows);
    out_share(out, 1);
    out_share(out, sure / rows);
    out_share(out, (double)g->in_1 / rows);
    out_share(out, judge_ece(g));
    out_share(out, (double)g->in_3 / rows);
    out_share(out, (double)g->in_10 / rows);
}

/* How much could be accepted unseen so that this share of it is right. */
static void put_acceptable(struct judging *j, double precision)
{
    struct out *out = &j->cli->out;
    double least, share = judge_coverage(&j->judge, precision, &least);

    out_str(out, arena_fmt(&j->cli->arena, "%.0f %% right", 100 * precision));
    out_int(out, (int64_t)(share * (double)j->judge.rows + 0.5));
    out_share(out, share);
    out_share(out, least);
    out_share(out, precision);
    out_absent(out);
    out_absent(out);
    out_absent(out);
}

static void put_bin(struct judging *j, int b)
{
    const struct judge_bin *bin = &j->judge.bins[b];
    struct out *out = &j->cli->out;
    double n = (double)bin->rows, sure = bin->confidence / n;
    double right = (double)bin->right / n;

    out_str(out, arena_fmt(&j->cli->arena, "%.2f to %.2f", b / (double)JUDGE_BINS,
                           (b + 1) / (double)JUDGE_BINS));
    out_int(out, (int64_t)bin->rows);
    out_share(out, n / (double)j->judge.rows);
    out_share(out, sure);
    out_share(out, right);
    out_share(out, sure > right ? sure - right : right - sure);
    out_absent(out);
    out_absent(out);
}

static enum aisle_status put_table(struct judging *j, struct aisle_err *err)
{
    struct out *out = &j->cli->out;
    enum aisle_status status = out_begin(out, eval_columns, err);

    if (status == AISLE_OK) {
        put_all(j);
        status = out_row(out, err);
    }
    for (int i = 0; status == AISLE_OK && i < 2; i++) {
        put_acceptable(j, i == 0 ? 0.95 : 0.98);
        status = out_row(out, err);
    }
    for (int b = 0; status == AISLE_OK && b < JUDGE_BINS; b++)
        if (j->judge.bins[b].rows > 0) {
            put_bin(j, b);
            status = out_row(out, err);
        }
    return status == AISLE_OK ? out_end(out, err) : status;
}

static enum aisle_status write_svg(struct judging *j, struct aisle_err *err)
{
    struct str path = cli_text(j->cli, "svg");
    struct buf svg = BUF_INIT(SVG_MAX);
    enum aisle_status status;

    if (str_empty(path))
        return AISLE_OK;
    judge_draw(&j->judge, &svg);
    status = buf_check(&svg, "drawing", err);
    if (status == AISLE_OK)
        status = cli_write(path, buf_str(&svg), 0644, true, err);
    buf_clear(&svg);
    return status;
}

/* A model of a target's tree knows ids; a file may have paths. */
static enum aisle_status open_labels_tree(struct judging *j, struct open_tree *t,
                                          struct aisle_err *err)
{
    enum aisle_status status;

    if (model_header(j->model)->paths || str_empty(cli_text(j->cli, "target")))
        return AISLE_OK;
    status = cli_open(j->cli, err);
    if (status == AISLE_OK)
        status = cli_tree(j->cli, 0, t, err);
    j->tree = t;
    return status;
}

/* Most likely the model and the file name categories in two ways. */
static void tell_none_right(struct judging *j)
{
    struct str known = model_node_id(j->model, 0);
    bool ids = !model_header(j->model)->paths;

    if (j->judge.in_10 > 0 || model_header(j->model)->leaves == 0)
        return;
    say_warning(&j->cli->voice,
                "no row has its category in the first ten; the model "
                "knows categories such as %.*s%s",
                STR_ARG(utf8_head(known, 120)),
                ids && !j->tree ? ": say --target for a file of paths" : "");
}

static enum aisle_status run_eval(struct cli *cli, struct aisle_err *err)
{
    struct judging j = {.cli = cli};
    struct open_tree tree;
    struct model_file *file = mem_zalloc(1, sizeof *file);
    enum aisle_status status = file ? AISLE_OK : aisle_nomem(err);

    if (status == AISLE_OK)
        status = model_asker_open(cli, &j.model, &j.asker, err);
    if (status == AISLE_OK)
        status = open_labels_tree(&j, &tree, err);
    if (status == AISLE_OK)
        status = model_file_open(cli, cli_operand(cli, 0), false, file, err);
    if (status == AISLE_OK)
        status = judge_rows(&j, file, err);
    if (status == AISLE_OK)
        status = put_table(&j, err);
    if (status == AISLE_OK)
        status = write_svg(&j, err);
    if (status == AISLE_OK)
        tell_none_right(&j);
    if (status == AISLE_OK && j.bad > 0) {
        say_warning(&cli->voice, "%zu %s without title or category left out", j.bad,
                    say_noun((int64_t)j.bad, "row", "rows"));
        cli->exit_code = EXIT_PARTLY;
    }
    if (file)
        model_file_close(file);
    mem_free(file);
    judge_clear(&j.judge);
    asker_free(j.asker);
    model_close(j.model);
    return status;
}

static const struct option eval_options[] = {
    OPTION_MODEL,
    {.name = "svg",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "draw how reliable confidence is, and risk beside coverage"},
    OPTION_TARGET,
    OPTION_TITLE_COLUMN,
    OPTION_LABEL_COLUMN,
    OPTION_TITLES_ONLY,
    END_OF_OPTIONS,
};

static const struct example eval_examples[] = {
    {"aisle model eval labelled.csv --model shop.model",
     "how often it is right, and whether its confidence holds"},
    {"aisle model eval labelled.csv -m shop.model --svg shop.svg",
     "the same as a picture"},
    END_OF_EXAMPLES,
};

const struct command command_model_eval = {
    .noun = "model",
    .verb = "eval",
    .operands = "FILE",
    .summary = "hold a model against labelled products",
    .about = "FILE is as model train reads it, with products the model was not taught; - "
             "is stdin. Labels are compared as they stand: paths for a model taught "
             "without --target, else ids, or with --target ids and paths of its tree.",
    .examples = eval_examples,
    .options = eval_options,
    .columns = eval_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_eval,
};
