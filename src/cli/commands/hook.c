/* hook.c - what marketplaces sent of their own accord */
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/hooks.h"

static const struct column columns[] = {
    {.name = "received_at", .kind = COLUMN_TIME, .help = "when"},
    {.name = "shop", .kind = COLUMN_ID, .help = "for which"},
    {.name = "state", .kind = COLUMN_ID, .help = "waiting, applied, passed or failed"},
    {.name = "hook", .kind = COLUMN_ID, .help = "the marketplace's id of it"},
    {.name = "text", .kind = COLUMN_TEXT, .help = "what applying it did"},
    {.name = "body", .kind = COLUMN_TEXT, .detail = true, .help = "as it came"},
    {.name = "settled_at", .kind = COLUMN_TIME, .detail = true, .help = "null: waiting"},
    END_OF_COLUMNS,
};

struct showing {
    struct cli *cli;
    enum aisle_status status;
    struct aisle_err err;
};

static enum aisle_status put_hook(struct cli *cli, const struct hook *h,
                                  struct aisle_err *err)
{
    struct out *out = &cli->out;

    out_int(out, h->received_at);
    out_str(out, h->shop_id);
    out_str(out, str_of(hook_state_name(h->state)));
    out_str(out, h->id);
    out_opt(out, h->text);
    out_str(out, h->body);
    if (h->settled_at)
        out_int(out, h->settled_at);
    else
        out_absent(out);
    return out_row(out, err);
}

static enum aisle_status put_kept(void *ctx, const struct hook *h, struct aisle_err *err)
{
    return put_hook(ctx, h, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct hook_filter filter = {.shop_id = cli_text(cli, "shop"),
                                 .newest_first = true,
                                 .limit = (size_t)cli_count(cli, "limit", 50)};
    struct str word = cli_text(cli, "state");
    enum hook_state state;
    enum aisle_status status = cli_open(cli, err);

    if (word.n && hook_state_parse(word, &state)) /* one of the choices */
        filter.states = 1u << state;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK)
        status =
            cli->app.store->ops->hooks->each(cli->app.store, &filter, put_kept, cli, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    {.name = "shop", .kind = OPTION_TEXT, .argument = "SHOP", .help = "only of this one"},
    {.name = "state",
     .kind = OPTION_CHOICE,
     .argument = "STATE",
     .choices = "waiting applied passed failed",
     .help = "only those"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "50",
     .help = "at most so many; 0 all"},
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle hook list --state failed", "what could not be applied, and why"},
    END_OF_EXAMPLES,
};

const struct command command_hook_list = {
    .noun = "hook",
    .verb = "list",
    .summary = "show the notifications marketplaces sent, the newest first",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- apply ---- */

static void put_applied(void *ctx, const struct hook *h)
{
    struct showing *s = ctx;

    if (s->status == AISLE_OK)
        s->status = put_hook(s->cli, h, &s->err);
}

/* One from a file, as a relay or a test has it. */
static enum aisle_status receive(struct cli *cli, struct aisle_err *err)
{
    struct buf body = BUF_INIT(CHANNEL_EVENT_MAX + 1);
    bool added = false;
    enum aisle_status status = cli_read_json(cli, cli_text(cli, "body"), &body, err);

    if (status == AISLE_OK)
        status = flow_hook_receive(&cli->app, cli_text(cli, "channel"), buf_str(&body),
                                   cli_text(cli, "signature"), &added, err);
    if (status == AISLE_OK && !added)
        say(&cli->voice, "it was there already");
    buf_clear(&body);
    return status;
}

static enum aisle_status run_apply(struct cli *cli, struct aisle_err *err)
{
    struct showing s = {.cli = cli};
    struct hooks_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && cli_text(cli, "body").n)
        status = receive(cli, err);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = flow_hooks_apply(&cli->app, cli_text(cli, "shop"),
                                  cli_switch(cli, "again"), put_applied, &s, &r, err);
    if (status == AISLE_OK && s.status != AISLE_OK) {
        aisle_pass(err, &s.err);
        status = s.status;
    }
    if (status != AISLE_OK)
        return status;
    say(&cli->voice, "%zu applied, %zu of no concern, %zu failed, %zu wait", r.applied,
        r.passed, r.failed, r.waiting);
    if (r.waiting)
        cli->exit_code = EXIT_TEMPORARY;
    else if (r.failed)
        cli->exit_code = EXIT_PARTLY;
    return out_end(&cli->out, err);
}

static const struct option apply_options[] = {
    {.name = "shop", .kind = OPTION_TEXT, .argument = "SHOP", .help = "only of this one"},
    {.name = "again", .kind = OPTION_SWITCH, .help = "also those that failed before"},
    {.name = "body",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "take this one in first, bytes as they came; - is stdin"},
    {.name = "signature",
     .kind = OPTION_TEXT,
     .argument = "HEX",
     .help = "of --body, from its Authorization header"},
    {.name = "channel",
     .kind = OPTION_TEXT,
     .argument = "CHANNEL",
     .fallback = "tiktok",
     .help = "whose notification --body is"},
    END_OF_OPTIONS,
};

static const struct example apply_examples[] = {
    {"aisle hook apply", "apply what waits"},
    {"aisle hook apply --body event.json --signature 5dec0f11…",
     "one that came elsewhere"},
    END_OF_EXAMPLES,
};

const struct command command_hook_apply = {
    .noun = "hook",
    .verb = "apply",
    .summary = "apply the notifications that wait",
    .about =
        "Each is applied once, in the order they came; one that comes late, twice or "
        "out of order changes nothing that it should not.",
    .examples = apply_examples,
    .options = apply_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_apply,
};
