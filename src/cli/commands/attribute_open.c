/* attribute_open.c - attributes that could not be filled, once a leaf, and a sheet of
 * them there and back
 */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"
#include "flows/attributes.h"

static const struct column columns[] = {
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "attribute", .kind = COLUMN_ID, .help = "its id"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "of the attribute"},
    {.name = "mandatory", .kind = COLUMN_FLAG, .help = "not to be listed without"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "it is open for"},
    {.name = "without_column", .kind = COLUMN_COUNT, .help = "of them: no column is it"},
    {.name = "column", .kind = COLUMN_TEXT, .help = "one that may be it"},
    {.name = "seller_values",
     .kind = COLUMN_TEXT,
     .help = "the most frequent, with what may be meant"},
    {.name = "allowed", .kind = COLUMN_TEXT, .help = "values it takes, the first few"},
    {.name = "path", .kind = COLUMN_PATH, .detail = true, .help = "the way to the leaf"},
    END_OF_COLUMNS,
};

enum { ALLOWED_SHOWN = 8 };

static void add_values(struct buf *out, const struct gap *gap)
{
    for (size_t i = 0; i < gap->value_count; i++) {
        const struct gap_value *v = &gap->values[i];

        buf_addf(out, "%s%.*s (%zu", i ? "; " : "", STR_ARG(v->value), v->products);
        if (v->proposed)
            buf_addf(out, ", %.*s?", STR_ARG(v->proposed->name));
        buf_addc(out, ')');
    }
    if (gap->values_more)
        buf_addf(out, "; %zu more", gap->values_more);
}

static void add_allowed(struct buf *out, const struct required_attribute *a)
{
    size_t i = 0;

    for (; i < a->value_count && i < ALLOWED_SHOWN; i++) {
        buf_addz(out, i ? ", " : "");
        buf_add(out, a->values[i].name);
    }
    if (i < a->value_count)
        buf_addf(out, " and %zu more", a->value_count - i);
    if (a->number)
        buf_addz(out, "a number");
    else if (a->customizable || !a->value_count)
        buf_addz(out, i ? ", or any text" : "any text");
}

static enum aisle_status put_gap(void *ctx, const struct gap *gap, struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct out *out = &cli->out;
    struct buf values = BUF_INIT(BUF_MAX_REPLY), allowed = BUF_INIT(BUF_MAX_REPLY);
    enum aisle_status status;

    add_values(&values, gap);
    add_allowed(&allowed, gap->attribute);
    out_str(out, gap->category_id);
    out_str(out, gap->attribute->id);
    out_str(out, gap->attribute->name);
    out_flag(out, gap->required);
    out_int(out, (int64_t)gap->products);
    out_int(out, (int64_t)gap->without_column);
    out_opt(out, gap->column);
    out_opt(out, buf_str(&values));
    out_opt(out, buf_str(&allowed));
    out_opt(out, gap->path);
    status = buf_check(&values, "a row", err);
    if (status == AISLE_OK)
        status = buf_check(&allowed, "a row", err);
    if (status == AISLE_OK)
        status = out_row(out, err);
    buf_clear(&values);
    buf_clear(&allowed);
    return status;
}

static enum aisle_status request_of(struct cli *cli, struct buf *defaults,
                                    struct gaps_request *out, struct aisle_err *err)
{
    *out = (struct gaps_request){
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .category = cli_text(cli, "category"),
        .required_only = !cli_switch(cli, "all"),
        .values_most = (size_t)cli_count(cli, "values", 0),
    };
    return listing_read_defaults(cli, defaults, &out->defaults, err);
}

static void tell_end(struct cli *cli, const struct gaps_result *r)
{
    say(&cli->voice, "%zu %s: %zu with nothing mandatory open, %zu %s open", r->products,
        say_noun((int64_t)r->products, "product", "products"), r->filled, r->gaps,
        say_noun((int64_t)r->gaps, "attribute", "attributes"));
    if (r->unmapped)
        say(&cli->voice, "%zu without a leaf were not looked at", r->unmapped);
    if (r->unknown)
        say(&cli->voice,
            "%zu lie in leaves whose demands are not known; next: aisle tree "
            "requirements",
            r->unknown);
    else if (r->gaps)
        say(&cli->voice, "next: aisle attribute set, or aisle attribute open --sheet");
}

static enum aisle_status run_open(struct cli *cli, struct aisle_err *err)
{
    struct buf defaults = BUF_INIT(BUF_MAX_REQUEST);
    struct gaps_request request;
    struct gaps_result r = {0};
    bool sheet = cli_switch(cli, "sheet");
    enum aisle_status status = sheet ? cli_no_rows(cli, "--sheet", err) : AISLE_OK;

    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = request_of(cli, &defaults, &request, err);
    if (status == AISLE_OK && sheet)
        status = flow_gaps_export(&cli->app, &request, &cli->out.buf, &r, err);
    else if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK && !sheet)
        status = flow_each_gap(&cli->app, &request, put_gap, cli, &r, err);
    if (status == AISLE_OK && !sheet)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK)
        tell_end(cli, &r);
    if (status == AISLE_OK && sheet)
        say(&cli->voice,
            "fill the column decision with a value, or \"column: NAME\", then: aisle "
            "attribute import FILE");
    buf_clear(&defaults);
    return status;
}

static const struct option open_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "category",
     .kind = OPTION_TEXT,
     .argument = "CATEGORY",
     .help = "id of a leaf: only this one"},
    {.name = "all", .kind = OPTION_SWITCH, .help = "also attributes that are optional"},
    {.name = "values",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "how many of the seller's values are shown; else 5, in a sheet 200"},
    {.name = "defaults",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "JSON: what products do not say, as listing publish takes it"},
    {.name = "sheet",
     .kind = OPTION_SWITCH,
     .help = "as CSV with an empty column decision, to fill in"},
    END_OF_OPTIONS,
};

static const struct example open_examples[] = {
    {"aisle attribute open", "what a person should say, most products first"},
    {"aisle attribute open --all --sheet > open.csv", "the same to fill in"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_open = {
    .noun = "attribute",
    .verb = "open",
    .summary = "attributes that no column of the seller's fills, once a leaf",
    .about =
        "Every mapped product is assembled and nothing is sent; what leaves demand is "
        "what tree requirements last fetched. Beside each attribute stand the "
        "seller's values that are none of it, with the value that may be meant: it "
        "is a proposal, and taken only when a person says so.",
    .examples = open_examples,
    .options = open_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_open,
};

/* ---- import ---- */

static const struct column import_columns[] = {
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in the sheet"},
    {.name = "taught", .kind = COLUMN_COUNT, .help = "different answers"},
    {.name = "empty", .kind = COLUMN_COUNT, .help = "not answered: passed over"},
    {.name = "refused", .kind = COLUMN_COUNT, .help = "named by line on stderr"},
    {.name = "batch", .kind = COLUMN_ID, .help = "what attribute undo takes back"},
    END_OF_COLUMNS,
};

static void tell_problem(void *ctx, size_t line, const struct aisle_err *why)
{
    struct cli *cli = ctx;

    say_warning(&cli->voice, "line %zu: %s", line, why->text);
}

static enum aisle_status run_import(struct cli *cli, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_FILE);
    struct lessons_imported r = {0};
    bool dry_run = cli_switch(cli, "dry-run");
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_read_input(cli, cli_operand(cli, 0), &bytes, err);
    if (status == AISLE_OK)
        status =
            flow_lessons_import(&cli->app,
                                &(struct lessons_sheet){.bytes = buf_str(&bytes),
                                                        .target = cli_text(cli, "target"),
                                                        .dry_run = dry_run},
                                tell_problem, cli, &r, err);
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, import_columns, err);
    buf_clear(&bytes);
    if (status != AISLE_OK)
        return status;
    out_int(&cli->out, (int64_t)r.rows);
    out_int(&cli->out, (int64_t)r.taught);
    out_int(&cli->out, (int64_t)r.empty);
    out_int(&cli->out, (int64_t)r.refused);
    out_opt(&cli->out, r.taught && !dry_run ? str_of(r.batch_id) : STR_LIT(""));
    if (r.refused)
        cli->exit_code = r.taught ? EXIT_PARTLY : EXIT_FINDINGS;
    if (r.taught && !dry_run)
        say(&cli->voice, "to take it back: aisle attribute undo %s", r.batch_id);
    return out_done(&cli->out, err);
}

static const struct option import_options[] = {OPTION_TARGET, OPTION_DRY_RUN,
                                               END_OF_OPTIONS};

static const struct example import_examples[] = {
    {"aisle attribute import open.csv --dry-run", "what would be taught, what is wrong"},
    {"aisle attribute import open.csv", "the sheet back"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_import = {
    .noun = "attribute",
    .verb = "import",
    .operands = "FILE",
    .summary = "answers from a sheet that attribute open --sheet made",
    .about =
        "The column decision holds a value's id or name, a text where the attribute "
        "takes any, or \"column: NAME\" for the column that it is. FILE may be - for "
        "stdin.",
    .examples = import_examples,
    .options = import_options,
    .columns = import_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_import,
};
