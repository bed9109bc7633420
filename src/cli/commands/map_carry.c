#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/decide.h"

static const struct column carry_columns[] = {
    {.name = "batch", .kind = COLUMN_ID, .help = "of the proposals"},
    {.name = "same_id", .kind = COLUMN_COUNT, .help = "leaf with the same id and name"},
    {.name = "same_path", .kind = COLUMN_COUNT, .help = "leaf at the same path"},
    {.name = "same_name", .kind = COLUMN_COUNT, .help = "leaf of the same name"},
    {.name = "by_matcher", .kind = COLUMN_COUNT, .help = "leaf our matcher proposes"},
    {.name = "without", .kind = COLUMN_COUNT, .help = "no leaf found"},
    {.name = "already", .kind = COLUMN_COUNT, .help = "decided there before"},
    END_OF_COLUMNS,
};

static enum aisle_status tell_carried(void *ctx, const struct open_item *item,
                                      struct aisle_err *err)
{
    struct cli *cli = ctx;

    (void)err;
    if (item->candidate_count)
        log_line(&cli->voice.log, LOG_INFO, "%.*s: %.*s", STR_ARG(item->key),
                 STR_ARG(item->paths[0]));
    else
        say(&cli->voice, "no leaf for %s %.*s", decision_scope_name(item->scope),
            STR_ARG(item->key));
    return AISLE_OK;
}

static enum aisle_status run_carry(struct cli *cli, struct aisle_err *err)
{
    struct carry_result r = {0};
    struct out *out = &cli->out;
    struct str from = cli_text(cli, "from"), to = cli_text(cli, "to");
    bool kept;
    enum aisle_status status = AISLE_OK;

    if (str_empty(from) || str_empty(to))
        return cli_misuse(cli, err, "say --from TARGET and --to TARGET");
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = flow_carry(&cli->app, from, to, cli_switch(cli, "dry-run"), tell_carried,
                            cli, &r, err);
    if (status == AISLE_OK)
        status = out_begin_one(out, carry_columns, err);
    if (status != AISLE_OK)
        return status;
    kept = !cli_switch(cli, "dry-run") &&
           r.same_id + r.same_path + r.same_name + r.by_matcher > 0;
    out_opt(out, kept ? str_of(r.batch_id) : STR_LIT(""));
    out_int(out, (int64_t)r.same_id);
    out_int(out, (int64_t)r.same_path);
    out_int(out, (int64_t)r.same_name);
    out_int(out, (int64_t)r.by_matcher);
    out_int(out, (int64_t)r.without);
    out_int(out, (int64_t)r.already);
    if (kept)
        say(&cli->voice, "proposed; next: aisle map review --target %.*s", STR_ARG(to));
    return out_done(out, err);
}

static const struct option carry_options[] = {
    {.name = "from",
     .kind = OPTION_TEXT,
     .argument = "TARGET",
     .help = "whose mappings are taken"},
    {.name = "to",
     .kind = OPTION_TEXT,
     .argument = "TARGET",
     .help = "for which they are proposed"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example carry_examples[] = {
    {"aisle map carry --from toko-a:v1 --to toko-a:v2", "to the tree's next version"},
    {"aisle map carry --from toko-a --to toko-a:v2:TOKOPEDIA --dry-run",
     "to another platform: how much would find a leaf"},
    END_OF_EXAMPLES,
};

const struct command command_map_carry = {
    .noun = "map",
    .verb = "carry",
    .summary = "propose the mappings of one target for another",
    .about = "By id where the name agrees too, as an id means something within its tree "
             "alone; else by path, by name, by the matcher. Nothing is accepted by it. "
             "Rules stay where they are, and what they mapped is proposed like the rest: "
             "map rules export and import bring them over, with the leaves they have "
             "there.",
    .examples = carry_examples,
    .options = carry_options,
    .columns = carry_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_carry,
};
