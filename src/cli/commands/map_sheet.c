/* map_sheet.c - mappings out and in: the open items as a spreadsheet, and back */
#include "flows/decide.h"

#include "cli/commands/list.h"
#include "cli/commands/shared.h"

/* ---- export ---- */

static const struct column columns[] = {
    {.name = "seller", .kind = COLUMN_ID, .help = "whose"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree"},
    {.name = "scope", .kind = COLUMN_ID, .help = "product, rule or seller-category"},
    {.name = "key", .kind = COLUMN_TEXT, .help = "which one"},
    {.name = "state", .kind = COLUMN_ID, .help = "accepted, none, proposed or rejected"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "path", .kind = COLUMN_PATH, .help = "the way to it"},
    {.name = "who", .kind = COLUMN_TEXT, .help = "who stands for it"},
    {.name = "at", .kind = COLUMN_TIME, .help = "when"},
    END_OF_COLUMNS,
};

struct exporting {
    struct cli *cli;
    const struct open_tree *t;
};

static enum aisle_status export_row(void *ctx, const struct decision *d,
                                    struct aisle_err *err)
{
    struct exporting *e = ctx;
    struct out *out = &e->cli->out;
    const struct category *c = taxonomy_get(&e->t->tree, d->category_id);
    struct arena_mark mark = arena_mark(&e->cli->arena);
    enum aisle_status status;

    if (d->state == DECISION_CLEARED)
        return AISLE_OK;
    out_str(out, d->seller_id);
    out_str(out, d->target_id);
    out_str(out, str_of(decision_scope_name(d->scope)));
    out_str(out, d->key);
    out_str(out, str_of(decision_state_name(d->state)));
    out_opt(out, d->category_id);
    out_opt(out, c ? open_tree_path(e->t, c, &e->cli->arena) : STR_LIT(""));
    out_str(out, d->who);
    out_int(out, d->at);
    status = out_row(out, err);
    arena_rewind(&e->cli->arena, mark);
    return status;
}

static enum aisle_status export_mappings(struct cli *cli, struct aisle_err *err)
{
    struct open_tree t;
    struct exporting e = {cli, &t};
    struct mapping_filter filter = {.seller_id = cli_text(cli, "seller")};
    struct store *store = cli->app.store;
    enum aisle_status status = cli_tree(cli, 0, &t, err);

    filter.target_id = t.target.id;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = store->ops->decisions->each_mapping(store, &filter, export_row, &e, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static enum aisle_status export_open(struct cli *cli, struct aisle_err *err)
{
    struct open_filter filter = {.target = cli_text(cli, "target"),
                                 .seller_id = cli_text(cli, "seller"),
                                 .by_product = cli_switch(cli, "by-product"),
                                 .limit = (size_t)cli_count(cli, "limit", 0),
                                 .also = cli_text(cli, "also")};
    size_t rows = 0;
    enum aisle_status status = cli_model(cli, &filter.model, err);

    if (status == AISLE_OK)
        status = flow_sheet_export(&cli->app, &filter, &cli->out.buf, &rows, err);
    if (status == AISLE_OK)
        say(&cli->voice,
            "%zu %s; fill the column decision with a category id, a path, none or "
            "reject, then: aisle map import FILE",
            rows, say_noun((int64_t)rows, "row", "rows"));
    return status;
}

static enum aisle_status run_export(struct cli *cli, struct aisle_err *err)
{
    bool open = cli_switch(cli, "open");
    enum aisle_status status = open ? cli_no_rows(cli, "--open", err) : AISLE_OK;

    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status != AISLE_OK)
        return status;
    return open ? export_open(cli, err) : export_mappings(cli, err);
}

static const struct option export_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_LOCALE,
    {.name = "open",
     .kind = OPTION_SWITCH,
     .help = "what a person should decide, as a CSV sheet with an empty column decision"},
    {.name = "by-product",
     .kind = OPTION_SWITCH,
     .help = "with --open: products one by one, not by seller category"},
    OPTION_MODEL_TOO,
    OPTION_ALSO,
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "with --open: at most so many rows; 0 all"},
    END_OF_OPTIONS,
};

static const struct example export_examples[] = {
    {"aisle map export --open > open.csv", "a sheet for those who decide"},
    {"aisle map export --jsonl", "every mapping that stands"},
    END_OF_EXAMPLES,
};

const struct command command_map_export = {
    .noun = "map",
    .verb = "export",
    .summary = "mappings that stand, or a sheet of what is open",
    .examples = export_examples,
    .options = export_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_export,
};

/* ---- import ---- */

static const struct column import_columns[] = {
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in the sheet"},
    {.name = "accepted", .kind = COLUMN_COUNT, .help = "with a leaf"},
    {.name = "none", .kind = COLUMN_COUNT, .help = "without a legal leaf"},
    {.name = "rejected", .kind = COLUMN_COUNT, .help = "leaf is wrong"},
    {.name = "empty", .kind = COLUMN_COUNT, .help = "not decided: passed over"},
    {.name = "refused", .kind = COLUMN_COUNT, .help = "named by line on stderr"},
    {.name = "batch", .kind = COLUMN_ID, .help = "what map undo takes back"},
    END_OF_COLUMNS,
};

static void tell_problem(void *ctx, size_t line, const struct aisle_err *why)
{
    struct cli *cli = ctx;

    say_warning(&cli->voice, "line %zu: %s", line, why->text);
}

static enum aisle_status import_row(struct cli *cli, const struct sheet_result *r,
                                    bool kept, struct aisle_err *err)
{
    struct out *out = &cli->out;
    enum aisle_status status = out_begin_one(out, import_columns, err);

    if (status != AISLE_OK)
        return status;
    out_int(out, (int64_t)r->rows);
    out_int(out, (int64_t)r->accepted);
    out_int(out, (int64_t)r->none);
    out_int(out, (int64_t)r->rejected);
    out_int(out, (int64_t)r->empty);
    out_int(out, (int64_t)r->refused);
    out_opt(out, kept ? str_of(r->batch_id) : STR_LIT(""));
    return out_done(out, err);
}

static enum aisle_status run_import(struct cli *cli, struct aisle_err *err)
{
    bool dry_run = cli_switch(cli, "dry-run");
    struct buf bytes = BUF_INIT(BUF_MAX_FILE);
    struct sheet_result r = {0};
    size_t decided;
    bool kept;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_read_input(cli, cli_operand(cli, 0), &bytes, err);
    if (status == AISLE_OK)
        status = flow_sheet_import(&cli->app, buf_str(&bytes), cli_text(cli, "target"),
                                   dry_run, tell_problem, cli, &r, err);
    decided = r.accepted + r.none + r.rejected;
    kept = decided && !dry_run;
    if (status == AISLE_OK)
        status = import_row(cli, &r, kept, err);
    if (status == AISLE_OK && r.refused)
        cli->exit_code = decided ? EXIT_PARTLY : EXIT_FINDINGS;
    if (status == AISLE_OK && kept)
        say(&cli->voice, "to take it back: aisle map undo %s", r.batch_id);
    buf_clear(&bytes);
    return status;
}

static const struct option import_options[] = {OPTION_TARGET, OPTION_DRY_RUN,
                                               END_OF_OPTIONS};

static const struct example import_examples[] = {
    {"aisle map import open.csv --dry-run", "what would be decided, and what is wrong"},
    {"aisle map import open.csv", "the sheet back; rows decided meanwhile are refused"},
    END_OF_EXAMPLES,
};

const struct command command_map_import = {
    .noun = "map",
    .verb = "import",
    .operands = "FILE",
    .summary = "decisions from a sheet that map export --open made",
    .about =
        "The column decision holds a category id, a path, none or reject. FILE may be - "
        "for stdin.",
    .examples = import_examples,
    .options = import_options,
    .columns = import_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_import,
};
