/* map_share.c - whether another seller's approvals inform ours, and ours theirs */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/people.h"
#include "flows/share.h"

static const struct column columns[] = {
    {.name = "with", .kind = COLUMN_ID, .help = "the other seller"},
    {.name = "given", .kind = COLUMN_FLAG, .help = "this seller agreed"},
    {.name = "granted", .kind = COLUMN_FLAG, .help = "the other did"},
    {.name = "shared", .kind = COLUMN_FLAG, .help = "both did: approvals inform both"},
    END_OF_COLUMNS,
};

static enum aisle_status list(struct cli *cli, struct str seller_id,
                              struct aisle_err *err)
{
    struct out *out = &cli->out;
    struct sharing *with;
    size_t count = 0;
    enum aisle_status status =
        flow_sharing(&cli->app, seller_id, &cli->arena, &with, &count, err);

    if (status == AISLE_OK)
        status = out_begin(out, columns, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        out_str(out, with[i].with_id);
        out_flag(out, with[i].given);
        out_flag(out, with[i].granted);
        out_flag(out, with[i].given && with[i].granted);
        status = out_row(out, err);
    }
    if (status == AISLE_OK && count == 0)
        say(&cli->voice, "seller %.*s shares with nobody", STR_ARG(seller_id));
    return status == AISLE_OK ? out_end(out, err) : status;
}

/* A consent is in the audit trail, whichever way it came. */
static enum aisle_status keep_trail(struct cli *cli, bool on, struct str seller_id,
                                    struct str with_id, struct aisle_err *err)
{
    struct audit_entry entry = {.who = cli->app.who,
                                .by = STR_LIT("command"),
                                .what =
                                    on ? STR_LIT("share.agree") : STR_LIT("share.end"),
                                .seller_id = seller_id,
                                .about = with_id};

    return flow_audit(&cli->app, &entry, err);
}

static void tell(struct cli *cli, struct str seller_id, struct str with_id)
{
    struct sharing *with;
    size_t count = 0;

    if (flow_sharing(&cli->app, seller_id, &cli->arena, &with, &count, NULL) != AISLE_OK)
        return;
    for (size_t i = 0; i < count; i++)
        if (str_eq(with[i].with_id, with_id) && with[i].given && !with[i].granted)
            say(&cli->voice,
                "nothing is shared until the other agrees too: aisle map share %.*s "
                "--seller %.*s",
                STR_ARG(seller_id), STR_ARG(with_id));
}

static enum aisle_status run_share(struct cli *cli, struct aisle_err *err)
{
    struct str seller_id = cli_seller(cli), with_id = cli_operand(cli, 0);
    bool off = cli_switch(cli, "off");
    enum aisle_status status = AISLE_OK;

    if (off && str_empty(with_id))
        return cli_misuse(cli, err, "--off with whom?");
    status = cli_open(cli, err);
    if (status == AISLE_OK && !str_empty(with_id) && !cli_switch(cli, "dry-run")) {
        status = flow_share(&cli->app, seller_id, with_id, !off, err);
        if (status == AISLE_OK)
            status = keep_trail(cli, !off, seller_id, with_id, err);
        if (status == AISLE_OK)
            tell(cli, seller_id, with_id);
    }
    return status == AISLE_OK ? list(cli, seller_id, err) : status;
}

static const struct option options[] = {
    OPTION_SELLER,
    {.name = "off", .kind = OPTION_SWITCH, .help = "not any more"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle map share zeta --seller acme", "acme agrees; zeta must too"},
    {"aisle map share --seller acme", "with whom acme shares"},
    {"aisle map share zeta --seller acme --off", "acme does not any more"},
    END_OF_EXAMPLES,
};

const struct command command_map_share = {
    .noun = "map",
    .verb = "share",
    .operands = "[SELLER]",
    .summary = "let another seller's approvals inform ours, and ours theirs",
    .about =
        "Off until both sellers agreed, each by this command; over, within seconds, when "
        "one takes it back. Shared is which leaf was approved for products decided one "
        "by one, on targets of the same channel, region, version and platform; their "
        "titles are not shown to the other, and nothing else is.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_share,
};
