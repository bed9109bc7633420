/* listing_follow.c - what is listed: looked at, asked about, switched on and off, pulled
 */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"

static const struct column columns[] = {
    {.name = "product", .kind = COLUMN_ID, .help = "ours"},
    {.name = "state",
     .kind = COLUMN_ID,
     .help = "absent, draft, pending, live, failed, scheduled, off, platform-off, frozen "
             "or deleted"},
    {.name = "was", .kind = COLUMN_ID, .help = "its state before, where it changed"},
    {.name = "listing", .kind = COLUMN_ID, .help = "the marketplace's id"},
    {.name = "audit", .kind = COLUMN_ID, .help = "the marketplace's word"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf it lies in"},
    {.name = "text", .kind = COLUMN_TEXT, .help = "why it failed or is off"},
    {.name = "code", .kind = COLUMN_ID, .detail = true, .help = "of the last refusal"},
    {.name = "doing",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "idle; creating or editing: its answer is not known"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose product"},
    {.name = "shop", .kind = COLUMN_ID, .detail = true, .help = "where"},
    {.name = "skus", .kind = COLUMN_TEXT, .detail = true, .help = "JSON"},
    {.name = "warnings", .kind = COLUMN_TEXT, .detail = true, .help = "JSON"},
    {.name = "request", .kind = COLUMN_ID, .detail = true, .help = "id, for support"},
    {.name = "markets",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "of a global product"},
    {.name = "status_at", .kind = COLUMN_TIME, .detail = true, .help = "last heard of"},
    {.name = "updated_at", .kind = COLUMN_TIME, .detail = true, .help = "here"},
    END_OF_COLUMNS,
};

struct following {
    struct cli *cli;
    enum aisle_status status;
    struct aisle_err err;
};

static void put_time(struct out *out, int64_t at)
{
    if (at)
        out_int(out, at);
    else
        out_absent(out);
}

static enum aisle_status put_listing(struct cli *cli, const struct listing *l,
                                     struct str was, struct str text,
                                     struct aisle_err *err)
{
    struct buf markets = BUF_INIT(BUF_MAX_LINE);
    struct out *out = &cli->out;
    enum aisle_status status;

    out_str(out, l->product_id);
    out_str(out, str_of(listing_state_name(l->state)));
    out_opt(out, was);
    out_opt(out, l->remote_id);
    out_opt(out, l->audit);
    out_opt(out, l->category_id);
    out_opt(out, text);
    out_opt(out, l->code);
    out_str(out, str_of(listing_doing_name(l->doing)));
    out_str(out, l->seller_id);
    out_str(out, l->shop_id);
    out_opt(out, l->skus);
    out_opt(out, l->warnings);
    out_opt(out, l->request_id);
    listing_put_markets(out, l, &markets);
    put_time(out, l->status_at);
    put_time(out, l->updated_at);
    status = out_row(out, err);
    buf_clear(&markets);
    return status;
}

static void put_followed(void *ctx, const struct listing *l, enum listing_state was,
                         const struct aisle_err *why)
{
    struct following *f = ctx;
    struct str before = was == l->state ? STR_LIT("") : str_of(listing_state_name(was));

    if (f->status == AISLE_OK)
        f->status =
            put_listing(f->cli, l, before, why ? str_of(why->text) : l->reason, &f->err);
}

static enum aisle_status end_rows(struct following *f, enum aisle_status status,
                                  struct aisle_err *err)
{
    if (status == AISLE_OK && f->status != AISLE_OK) {
        aisle_pass(err, &f->err);
        status = f->status;
    }
    return status == AISLE_OK ? out_end(&f->cli->out, err) : status;
}

/* ---- status ---- */

static enum aisle_status run_status(struct cli *cli, struct aisle_err *err)
{
    struct following f = {.cli = cli};
    struct follow_request request = {
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .product_ids = cli->args.operands,
        .product_count = cli->args.operand_count,
        .all = cli_switch(cli, "all"),
    };
    struct follow_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = flow_listing_follow(&cli->app, &request, put_followed, &f, &r, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%zu asked about, %zu changed%s", r.seen, r.changed,
            r.failed ? ", some could not be had" : "");
    if (status == AISLE_OK && r.failed)
        cli->exit_code = EXIT_TEMPORARY;
    return end_rows(&f, status, err);
}

static const struct option status_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "all", .letter = 'a', .kind = OPTION_SWITCH, .help = "also what is settled"},
    END_OF_OPTIONS,
};

static const struct example status_examples[] = {
    {"aisle listing status", "ask what became of drafts and of what is in audit"},
    {"aisle listing status K-01", "of one product"},
    END_OF_EXAMPLES,
};

const struct command command_listing_status = {
    .noun = "listing",
    .verb = "status",
    .operands = "[PRODUCT]...",
    .summary = "ask the marketplace what became of listings",
    .examples = status_examples,
    .options = status_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_status,
};

/* ---- list ---- */

static enum aisle_status put_kept(void *ctx, const struct listing *l,
                                  struct aisle_err *err)
{
    return put_listing(ctx, l, STR_LIT(""), l->reason, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct listing_filter filter = {.seller_id = cli_text(cli, "seller"),
                                    .limit = (size_t)cli_count(cli, "limit", 0)};
    struct str word = cli_text(cli, "state");
    struct target target = {0};
    enum listing_state state;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && cli_text(cli, "target").n) {
        status = cli_target(cli, &target, NULL, err);
        filter.shop_id = target.shop_id;
    }
    if (word.n && listing_state_parse(word, &state)) /* one of the choices */
        filter.states = 1u << state;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = cli->app.store->ops->listings->each(cli->app.store, &filter, put_kept,
                                                     cli, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "state",
     .kind = OPTION_CHOICE,
     .argument = "STATE",
     .choices =
         "absent draft pending live failed scheduled off platform-off frozen deleted",
     .help = "only those"},
    OPTION_LIMIT,
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle listing list --state failed --json", "what did not pass, and why"},
    END_OF_EXAMPLES,
};

const struct command command_listing_list = {
    .noun = "listing",
    .verb = "list",
    .summary = "show listings as they are kept here",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- on, off, away, back ---- */

static enum aisle_status change(struct cli *cli, enum channel_change what,
                                struct aisle_err *err)
{
    struct following f = {.cli = cli};
    struct follow_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && what == CHANGE_DELETE)
        status = cli_confirm(
            cli, err, "delete %zu %s at the marketplace?", cli->args.operand_count,
            say_noun((int64_t)cli->args.operand_count, "listing", "listings"));
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, columns, err);
    if (status == AISLE_OK)
        status = flow_listing_change(&cli->app, cli_text(cli, "target"),
                                     cli_text(cli, "seller"), what, cli->args.operands,
                                     cli->args.operand_count, put_followed, &f, &r, err);
    if (status == AISLE_OK && r.failed)
        cli->exit_code = EXIT_PARTLY;
    return end_rows(&f, status, err);
}

static enum aisle_status run_activate(struct cli *cli, struct aisle_err *err)
{
    return change(cli, CHANGE_ACTIVATE, err);
}

static enum aisle_status run_deactivate(struct cli *cli, struct aisle_err *err)
{
    return change(cli, CHANGE_DEACTIVATE, err);
}

static enum aisle_status run_delete(struct cli *cli, struct aisle_err *err)
{
    return change(cli, CHANGE_DELETE, err);
}

static enum aisle_status run_recover(struct cli *cli, struct aisle_err *err)
{
    return change(cli, CHANGE_RECOVER, err);
}

static const struct option change_options[] = {OPTION_TARGET, OPTION_SELLER,
                                               END_OF_OPTIONS};
static const struct option delete_options[] = {OPTION_TARGET, OPTION_SELLER, OPTION_YES,
                                               END_OF_OPTIONS};
static const struct example activate_examples[] = {
    {"aisle listing activate K-01", "to be sold again, after another audit"},
    END_OF_EXAMPLES,
};
static const struct example deactivate_examples[] = {
    {"aisle listing deactivate K-01 K-02", "no longer sold, and kept"},
    END_OF_EXAMPLES,
};
static const struct example delete_examples[] = {
    {"aisle listing delete K-01 --yes", "gone; recover brings it back"},
    END_OF_EXAMPLES,
};
static const struct example recover_examples[] = {
    {"aisle listing recover K-01", "back, and off"},
    END_OF_EXAMPLES,
};

#define CHANGE_COMMAND(verb_, summary_, options_)                                        \
    const struct command command_listing_##verb_ = {                                     \
        .noun = "listing",                                                               \
        .verb = #verb_,                                                                  \
        .operands = "PRODUCT...",                                                        \
        .summary = (summary_),                                                           \
        .examples = verb_##_examples,                                                    \
        .options = (options_),                                                           \
        .columns = columns,                                                              \
        .uses = USES_STORE | USES_ROWS | USES_CALLS,                                     \
        .run = run_##verb_,                                                              \
    }

CHANGE_COMMAND(activate, "have listings sold again", change_options);
CHANGE_COMMAND(deactivate, "take listings off sale", change_options);
CHANGE_COMMAND(delete, "delete listings at the marketplace", delete_options);
CHANGE_COMMAND(recover, "bring deleted listings back", change_options);

/* ---- pull ---- */

static const struct column pull_columns[] = {
    {.name = "listing", .kind = COLUMN_ID, .help = "the marketplace's id"},
    {.name = "product", .kind = COLUMN_ID, .help = "ours; null for one we do not have"},
    {.name = "state", .kind = COLUMN_ID, .help = "draft, pending, live, …"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf it lies in"},
    {.name = "mapped", .kind = COLUMN_FLAG, .help = "its leaf is the product's now"},
    {.name = "title", .kind = COLUMN_TEXT, .help = "the marketplace's"},
    END_OF_COLUMNS,
};

static void put_pulled(void *ctx, const struct channel_product *p, struct str product_id,
                       bool mapped)
{
    struct following *f = ctx;
    struct out *out = &f->cli->out;

    if (f->status != AISLE_OK)
        return;
    out_str(out, p->id);
    out_opt(out, product_id);
    out_str(out, str_of(listing_state_name(p->state)));
    out_opt(out, p->category_id);
    out_flag(out, mapped);
    out_str(out, p->title);
    f->status = out_row(out, &f->err);
}

static enum aisle_status run_pull(struct cli *cli, struct aisle_err *err)
{
    struct following f = {.cli = cli};
    struct pull_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, pull_columns, err);
    if (status == AISLE_OK)
        status =
            flow_listing_pull(&cli->app, cli_text(cli, "target"), cli_text(cli, "seller"),
                              cli_switch(cli, "dry-run"), put_pulled, &f, &r, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%zu listed, %zu of them ours, %zu %s", r.seen, r.joined,
            r.mapped,
            cli_switch(cli, "dry-run") ? "would be mapped by it" : "mapped by it");
    if (status == AISLE_OK && r.mapped && !cli_switch(cli, "dry-run"))
        say(&cli->voice, "take it back with: aisle map undo %s", r.batch_id);
    return end_rows(&f, status, err);
}

static const struct option pull_options[] = {OPTION_TARGET, OPTION_SELLER, OPTION_DRY_RUN,
                                             END_OF_OPTIONS};
static const struct example pull_examples[] = {
    {"aisle listing pull --dry-run", "what the shop lists, and which products those are"},
    {"aisle listing pull", "and take the leaves they lie in for mappings"},
    END_OF_EXAMPLES,
};

const struct command command_listing_pull = {
    .noun = "listing",
    .verb = "pull",
    .summary = "take in what the shop lists already",
    .about = "Joined to our products by external id, else by seller SKU. The leaf of a "
             "listing becomes an accepted mapping where the product has none yet.",
    .examples = pull_examples,
    .options = pull_options,
    .columns = pull_columns,
    .uses = USES_STORE | USES_ROWS | USES_CALLS,
    .run = run_pull,
};
