/* attribute.c - what sellers' columns mean: teach it, look at it, take it back */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/attributes.h"

static const struct column columns[] = {
    {.name = "attribute", .kind = COLUMN_ID, .help = "its id"},
    {.name = "name", .kind = COLUMN_TEXT, .help = "of the attribute"},
    {.name = "column", .kind = COLUMN_TEXT, .help = "the seller's; none: without one"},
    {.name = "value", .kind = COLUMN_TEXT, .help = "of that column; none: any"},
    {.name = "becomes", .kind = COLUMN_TEXT, .help = "a value's name, or a text"},
    {.name = "value_id", .kind = COLUMN_ID, .help = "of that value"},
    {.name = "category", .kind = COLUMN_ID, .help = "a leaf; none: every leaf"},
    {.name = "who", .kind = COLUMN_TEXT, .help = "taught it"},
    {.name = "at", .kind = COLUMN_TIME, .help = "when"},
    {.name = "batch", .kind = COLUMN_ID, .help = "what attribute undo takes back"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose column"},
    {.name = "taught",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "false: taken back; with --history"},
    END_OF_COLUMNS,
};

struct showing {
    struct cli *cli;
    struct teacher teacher;
};

static enum aisle_status put_lesson(void *ctx, const struct kept_lesson *l,
                                    struct aisle_err *err)
{
    struct showing *s = ctx;
    struct out *out = &s->cli->out;
    const struct attribute_lesson *says = &l->says;

    out_str(out, says->attribute_id);
    out_opt(out, teacher_name_of(&s->teacher, says->attribute_id));
    out_opt(out, says->seller_name);
    out_opt(out, says->seller_value);
    out_opt(out, says->value_id.n
                     ? teacher_value_of(&s->teacher, says->attribute_id, says->value_id)
                     : says->value_name);
    out_opt(out, says->value_id);
    out_opt(out, says->category_id);
    out_str(out, l->who);
    out_time(out, l->at);
    out_str(out, l->batch_id);
    out_str(out, l->seller_id);
    out_flag(out, l->taught);
    return out_row(out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct showing s = {.cli = cli};
    struct lesson_filter filter = {.seller_id = cli_text(cli, "seller"),
                                   .standing = !cli_switch(cli, "history"),
                                   .limit = (size_t)cli_count(cli, "limit", 0)};
    enum aisle_status status = cli_open(cli, err);

    if (status != AISLE_OK)
        return status;
    status = teacher_open(&cli->app, cli_text(cli, "target"), &s.teacher, err);
    filter.channel = s.teacher.shop.channel;
    filter.region = s.teacher.shop.region;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = cli->app.store->ops->lessons->each(cli->app.store, &filter, put_lesson,
                                                    &s, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "nothing was taught yet; next: aisle attribute open");
    teacher_close(&s.teacher);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "history",
     .kind = OPTION_SWITCH,
     .help = "everything ever taught and taken back, the newest first"},
    OPTION_LIMIT,
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle attribute list", "what stands"},
    {"aisle attribute list --history --jsonl", "the whole log"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_list = {
    .noun = "attribute",
    .verb = "list",
    .summary = "show what was taught about sellers' columns",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- set, unset ---- */

static enum aisle_status teach(struct cli *cli, bool forget, struct aisle_err *err)
{
    struct showing s = {.cli = cli};
    struct kept_lesson lesson;
    struct lesson_request request = {
        .seller_id = cli_text(cli, "seller"),
        .category = cli_text(cli, "category"),
        .attribute = cli_operand(cli, 0),
        .becomes = forget ? STR_LIT("") : cli_operand(cli, 1),
        .column = cli_text(cli, "column"),
        .value = cli_text(cli, "value"),
        .forget = forget,
    };
    enum aisle_status status = cli_open(cli, err);

    if (status != AISLE_OK)
        return status;
    status = teacher_open(&cli->app, cli_text(cli, "target"), &s.teacher, err);
    if (status == AISLE_OK)
        status = teacher_read(&s.teacher, &request, &cli->arena, &lesson, err);
    if (status == AISLE_OK && !cli_switch(cli, "dry-run"))
        status = teacher_keep(&s.teacher, &lesson, 1, err);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = out_begin_one(&cli->out, columns, err);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = put_lesson(&s, &lesson, err);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && !cli_switch(cli, "dry-run"))
        say(&cli->voice, "to take it back: aisle attribute undo %s", s.teacher.batch_id);
    teacher_close(&s.teacher);
    return status;
}

static enum aisle_status run_set(struct cli *cli, struct aisle_err *err)
{
    return teach(cli, false, err);
}

static enum aisle_status run_unset(struct cli *cli, struct aisle_err *err)
{
    return teach(cli, true, err);
}

static const struct option teach_options[] = {
    {.name = "column",
     .kind = OPTION_TEXT,
     .argument = "NAME",
     .help = "the seller's column that is meant; none: where no column says it"},
    {.name = "value",
     .kind = OPTION_TEXT,
     .argument = "TEXT",
     .help = "a value of that column; none: any"},
    {.name = "category",
     .kind = OPTION_TEXT,
     .argument = "CATEGORY",
     .help = "id of the leaf it holds in; else in every one"},
    OPTION_TARGET,
    OPTION_SELLER,
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example set_examples[] = {
    {"aisle attribute set Material --column Kain", "the column Kain is the material"},
    {"aisle attribute set Material Cotton --column Kain --value 'katun bambu'",
     "and where it says katun bambu, the material is cotton"},
    {"aisle attribute set Season 'All Seasons' --category 600001",
     "of products in that leaf that say nothing about it"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_set = {
    .noun = "attribute",
    .verb = "set",
    .operands = "ATTRIBUTE [VALUE]",
    .summary = "teach which attribute a seller's column is, or what its values mean",
    .about = "ATTRIBUTE is an id or a name; VALUE one of the values it takes, by id or "
             "name, or a text where it takes any. What was taught goes before what is "
             "found by name; a value for no column goes behind everything else, "
             "--defaults included.",
    .examples = set_examples,
    .options = teach_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_set,
};

static const struct example unset_examples[] = {
    {"aisle attribute unset Material --column Kain",
     "Kain is not the material after all"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_unset = {
    .noun = "attribute",
    .verb = "unset",
    .operands = "ATTRIBUTE",
    .summary = "take back what attribute set taught",
    .examples = unset_examples,
    .options = teach_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_unset,
};

/* ---- undo ---- */

static const struct column undo_columns[] = {
    {.name = "reversed", .kind = COLUMN_COUNT, .help = "taken back"},
    {.name = "left", .kind = COLUMN_COUNT, .help = "taught again since"},
    {.name = "batch", .kind = COLUMN_ID, .help = "of the undoing: undone it is redo"},
    END_OF_COLUMNS,
};

static void tell_left(void *ctx, const struct kept_lesson *l)
{
    struct cli *cli = ctx;

    say(&cli->voice, "left as it is now: attribute %.*s, column \"%.*s\", value \"%.*s\"",
        STR_ARG(l->says.attribute_id), STR_ARG(l->says.seller_name),
        STR_ARG(l->says.seller_value));
}

static enum aisle_status run_undo(struct cli *cli, struct aisle_err *err)
{
    struct lessons_undone r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status =
            flow_lessons_undo(&cli->app, cli_operand(cli, 0), tell_left, cli, &r, err);
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, undo_columns, err);
    if (status != AISLE_OK)
        return status;
    out_int(&cli->out, (int64_t)r.reversed);
    out_int(&cli->out, (int64_t)r.left);
    out_str(&cli->out, str_of(r.batch_id));
    if (r.left)
        cli->exit_code = EXIT_PARTLY;
    return out_done(&cli->out, err);
}

static const struct example undo_examples[] = {
    {"aisle attribute undo b-6f2c…", "what a sheet taught, all at once"},
    END_OF_EXAMPLES,
};

const struct command command_attribute_undo = {
    .noun = "attribute",
    .verb = "undo",
    .operands = "BATCH",
    .summary = "put back what stood before a batch was taught",
    .about = "What was taught again since is left as it is and named; undoing an undo is "
             "redo.",
    .examples = undo_examples,
    .columns = undo_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_undo,
};
