/* label_look.c - label sets there are, one beside the tree, and one as a file again */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/labels.h"

/* ---- list ---- */

static const struct column list_columns[] = {
    {.name = "name", .kind = COLUMN_ID, .help = "of the set"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree its categories are of"},
    {.name = "seller", .kind = COLUMN_ID, .help = "whose models learn from it"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in it"},
    {.name = "added_at", .kind = COLUMN_TIME, .help = "when it was imported"},
    {.name = "by", .kind = COLUMN_ID, .help = "who imported it"},
    END_OF_COLUMNS,
};

struct listing_sets {
    struct cli *cli;
    size_t sets;
};

static enum aisle_status put_set(void *ctx, const struct label_set *set,
                                 struct aisle_err *err)
{
    struct listing_sets *l = ctx;
    struct out *out = &l->cli->out;

    l->sets++;
    out_str(out, set->name);
    out_str(out, set->target_id);
    out_str(out, set->seller_id);
    out_int(out, set->rows);
    out_time(out, set->at);
    out_str(out, set->who);
    return out_row(out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct listing_sets l = {.cli = cli};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, list_columns, err);
    if (status == AISLE_OK)
        status = cli->app.store->ops->labels->each(
            cli->app.store, cli_text(cli, "seller"), STR_LIT(""), put_set, &l, err);
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && l.sets == 0)
        say(&cli->voice, "there are no label sets; next: aisle label import FILE --name "
                         "SET");
    return status;
}

static const struct option list_options[] = {
    {.name = "seller",
     .kind = OPTION_TEXT,
     .argument = "SELLER",
     .help = "only this one's; else everybody's"},
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle label list", "every set, of every target"},
    END_OF_EXAMPLES,
};

const struct command command_label_list = {
    .noun = "label",
    .verb = "list",
    .summary = "sets of labelled products",
    .examples = list_examples,
    .options = list_options,
    .columns = list_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- show ---- */

static const struct column show_columns[] = {
    {.name = "name", .kind = COLUMN_ID, .help = "of the set"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree its categories are of"},
    {.name = "rows", .kind = COLUMN_COUNT, .help = "in it"},
    {.name = "leaves", .kind = COLUMN_COUNT, .help = "they are in, of the tree as it is"},
    {.name = "open", .kind = COLUMN_COUNT, .help = "rows in leaves the shop may list in"},
    {.name = "closed",
     .kind = COLUMN_COUNT,
     .help = "rows in other leaves: learnt, and never proposed"},
    {.name = "unknown", .kind = COLUMN_COUNT, .help = "rows in no leaf: passed over"},
    {.name = "learnt", .kind = COLUMN_FLAG, .help = "the newest model was taught it"},
    {.name = "added_at", .kind = COLUMN_TIME, .help = "when it was imported"},
    {.name = "by", .kind = COLUMN_ID, .help = "who imported it"},
    {.name = "hash", .kind = COLUMN_ID, .help = "SHA-256 of its rows", .detail = true},
    END_OF_COLUMNS,
};

static void put_count(struct out *out, bool known, size_t count)
{
    if (known)
        out_int(out, (int64_t)count);
    else
        out_absent(out);
}

static enum aisle_status run_show(struct cli *cli, struct aisle_err *err)
{
    struct out *out = &cli->out;
    struct label_look look;
    struct target target;
    char hex[SHA256_HEX_LEN + 1];
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, NULL, err);
    if (status == AISLE_OK)
        status = flow_label_look(&cli->app, target.id, cli_operand(cli, 0), &cli->arena,
                                 &look, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle label list");
    if (status == AISLE_OK)
        status = out_begin_one(out, show_columns, err);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&look.set.hash, hex);
    out_str(out, look.set.name);
    out_str(out, look.set.target_id);
    out_int(out, look.set.rows);
    put_count(out, look.has_tree, look.leaves);
    put_count(out, look.has_tree, look.open);
    put_count(out, look.has_tree, look.closed);
    put_count(out, look.has_tree, look.unknown);
    out_flag(out, look.learnt);
    out_time(out, look.set.at);
    out_str(out, look.set.who);
    out_str(out, str_of(hex));
    return out_done(out, err);
}

static const struct option one_options[] = {OPTION_TARGET, END_OF_OPTIONS};

static const struct example show_examples[] = {
    {"aisle label show old-shop", "what of it can be learnt, and whether it is"},
    END_OF_EXAMPLES,
};

const struct command command_label_show = {
    .noun = "label",
    .verb = "show",
    .operands = "SET",
    .summary = "a label set beside the tree as it is",
    .examples = show_examples,
    .options = one_options,
    .columns = show_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_show,
};

/* ---- export ---- */

static enum aisle_status export_row(void *ctx, const struct set_row *row,
                                    struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct buf *out = &cli->out.buf;
    const struct str texts[] = {row->id,          row->title, row->category,
                                row->description, row->brand, row->seller_category};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        buf_addz(out, i ? "," : "");
        buf_csv(out, texts[i]);
    }
    buf_addz(out, "\r\n");
    return out_text(&cli->out, STR_LIT(""), err);
}

static enum aisle_status run_export(struct cli *cli, struct aisle_err *err)
{
    const struct store_labels *labels;
    struct label_set set;
    struct target target;
    struct shop shop;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = cli_target(cli, &target, &shop, err);
    if (status != AISLE_OK)
        return status;
    labels = cli->app.store->ops->labels;
    status = labels->get(cli->app.store, shop.seller_id, target.id, cli_operand(cli, 0),
                         &cli->arena, &set, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle label list");
    if (status != AISLE_OK)
        return status;
    buf_addz(&cli->out.buf, "id,title,category,description,brand,seller_category\r\n");
    return labels->each_row(cli->app.store, set.seller_id, set.target_id, set.name,
                            export_row, cli, err);
}

static const struct example export_examples[] = {
    {"aisle label export old-shop > old-shop.csv", "in the form that label import reads"},
    END_OF_EXAMPLES,
};

const struct command command_label_export = {
    .noun = "label",
    .verb = "export",
    .operands = "SET",
    .summary = "a label set as CSV, in the form import reads",
    .about = "Rows come in the order of the file they were read from; of a description "
             "its first 600 characters were kept.",
    .examples = export_examples,
    .options = one_options,
    .uses = USES_STORE,
    .run = run_export,
};
