#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/runs.h"

static const struct column columns[] = {
    {.name = "run", .kind = COLUMN_ID, .help = "its id"},
    {.name = "kind", .kind = COLUMN_ID, .help = "sync, map or prune"},
    {.name = "state",
     .kind = COLUMN_ID,
     .help = "under-way, done, stopped, budget or failed"},
    {.name = "target", .kind = COLUMN_ID, .help = "whose tree"},
    {.name = "done", .kind = COLUMN_COUNT, .help = "items finished"},
    {.name = "total", .kind = COLUMN_COUNT, .help = "items it is about"},
    {.name = "mapped", .kind = COLUMN_COUNT, .help = "products mapped"},
    {.name = "calls", .kind = COLUMN_COUNT, .help = "to the marketplace"},
    {.name = "started_at", .kind = COLUMN_TIME, .help = "when"},
    {.name = "text", .kind = COLUMN_TEXT, .whole = true, .help = "its last word"},
    {.name = "finished_at",
     .kind = COLUMN_TIME,
     .detail = true,
     .help = "null under way"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose products"},
    {.name = "policy", .kind = COLUMN_ID, .detail = true, .help = "of a map run"},
    {.name = "refused",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "by the marketplace"},
    {.name = "without_image", .kind = COLUMN_COUNT, .detail = true, .help = "not asked"},
    {.name = "failed",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "could not be asked"},
    {.name = "conflicts",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "differ from their seller category"},
    {.name = "need_person",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "wait for a person"},
    {.name = "skipped", .kind = COLUMN_COUNT, .detail = true, .help = "settled before"},
    {.name = "by_local", .kind = COLUMN_COUNT, .detail = true, .help = "by our matcher"},
    {.name = "by_marketplace",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "by the marketplace's advice"},
    {.name = "by_seller_category",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "by their seller category"},
    {.name = "uploads", .kind = COLUMN_COUNT, .detail = true, .help = "images sent"},
    {.name = "recommends",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "questions asked"},
    {.name = "saved", .kind = COLUMN_COUNT, .detail = true, .help = "calls not needed"},
    {.name = "request_ids",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "for the marketplace's support, the first few"},
    {.name = "code",
     .kind = COLUMN_ID,
     .detail = true,
     .help = "the marketplace's, of its last answer"},
    {.name = "message", .kind = COLUMN_TEXT, .detail = true, .help = "its words"},
    {.name = "reason", .kind = COLUMN_TEXT, .detail = true, .help = "more of them"},
    {.name = "process_time_s",
     .kind = COLUMN_SECONDS,
     .detail = true,
     .help = "what it says the answer took"},
    {.name = "owner", .kind = COLUMN_TEXT, .detail = true, .help = "process at it"},
    END_OF_COLUMNS,
};

static void out_run(struct out *o, const struct run *r)
{
    const struct run_counts *c = &r->counts;

    out_str(o, r->id);
    out_str(o, r->kind);
    out_str(o, str_of(run_state_name(r->state)));
    out_opt(o, r->target_id);
    out_int(o, c->done);
    out_int_if(o, c->total >= 0, c->total);
    out_int(o, c->mapped);
    out_int(o, c->calls);
    out_time(o, r->started_at);
    out_opt(o, r->text);
    out_time(o, r->finished_at);
    out_opt(o, r->seller_id);
    out_opt(o, r->policy);
    out_int(o, c->refused);
    out_int(o, c->without_image);
    out_int(o, c->failed);
    out_int(o, c->conflicts);
    out_int(o, c->need_person);
    out_int(o, c->skipped);
    out_int(o, c->by_local);
    out_int(o, c->by_marketplace);
    out_int(o, c->by_seller_category);
    out_int(o, c->uploads);
    out_int(o, c->recommends);
    out_int(o, c->saved);
    out_opt(o, r->request_ids);
    out_opt(o, r->answer.code);
    out_opt(o, r->answer.message);
    out_opt(o, r->answer.reason);
    if (r->answer.process_time_s > 0)
        out_seconds(o, r->answer.process_time_s);
    else
        out_absent(o);
    out_opt(o, r->owner);
}

/* ---- list ---- */

static enum aisle_status list_run(void *ctx, const struct run *r, struct aisle_err *err)
{
    struct cli *cli = ctx;

    out_run(&cli->out, r);
    return out_row(&cli->out, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, columns, err);
    store = cli->app.store;
    if (status == AISLE_OK)
        status = store->ops->work->each_run(store, cli_text(cli, "kind"),
                                            (size_t)cli_count(cli, "limit", 0), list_run,
                                            cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "nothing was run yet");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    {.name = "kind",
     .kind = OPTION_CHOICE,
     .argument = "KIND",
     .choices = "sync map prune",
     .help = "only these"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "50",
     .help = "at most so many; 0 all"},
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle job list --kind map", "map runs, newest first"},
    END_OF_EXAMPLES,
};

const struct command command_job_list = {
    .noun = "job",
    .verb = "list",
    .summary = "runs that were made or are under way, newest first",
    .examples = list_examples,
    .options = list_options,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- show ---- */

static enum aisle_status run_show(struct cli *cli, struct aisle_err *err)
{
    struct store *store;
    struct run run;
    enum aisle_status status = cli_open(cli, err);

    if (status != AISLE_OK)
        return status;
    store = cli->app.store;
    status =
        store->ops->work->get_run(store, cli_operand(cli, 0), &cli->arena, &run, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle job list");
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, columns, err);
    if (status != AISLE_OK)
        return status;
    out_run(&cli->out, &run);
    if (run_is_left(&run))
        say(&cli->voice, "to take it up again: aisle map run --resume %.*s",
            STR_ARG(run.id));
    return out_done(&cli->out, err);
}

static const struct example show_examples[] = {
    {"aisle job show r-20261121-205856-7f3a9c", "everything known of one run"},
    END_OF_EXAMPLES,
};

const struct command command_job_show = {
    .noun = "job",
    .verb = "show",
    .operands = "RUN",
    .summary = "one run, with all its counts",
    .examples = show_examples,
    .columns = columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_show,
};

/* ---- items ---- */

static const struct column item_columns[] = {
    {.name = "seller", .kind = COLUMN_ID, .help = "whose product"},
    {.name = "product", .kind = COLUMN_ID, .help = "which"},
    {.name = "state",
     .kind = COLUMN_ID,
     .help = "mapped, refused, no-image, failed, needs-person or skipped"},
    {.name = "category", .kind = COLUMN_ID, .help = "mapped to, or proposed"},
    {.name = "by", .kind = COLUMN_ID, .help = "who decided"},
    {.name = "code", .kind = COLUMN_ID, .help = "the marketplace's, of a refusal"},
    {.name = "text", .kind = COLUMN_TEXT, .help = "its words"},
    {.name = "at", .kind = COLUMN_TIME, .detail = true, .help = "when"},
    END_OF_COLUMNS,
};

static enum aisle_status list_item(void *ctx, const struct run_item *item,
                                   struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct out *out = &cli->out;

    out_str(out, item->seller_id);
    out_str(out, item->product_id);
    out_str(out, str_of(item_state_name(item->state)));
    out_opt(out, item->category_id);
    out_opt(out, str_of(item->by == ITEM_BY_NONE ? "" : advisor_of_item_name(item->by)));
    out_opt(out, item->code);
    out_opt(out, item->text);
    out_int(out, item->at);
    return out_row(out, err);
}

static enum aisle_status run_items(struct cli *cli, struct aisle_err *err)
{
    struct item_filter filter = {.limit = 0};
    struct store *store;
    struct run run;
    enum aisle_status status = cli_open(cli, err);

    if (status != AISLE_OK)
        return status;
    store = cli->app.store;
    status =
        store->ops->work->get_run(store, cli_operand(cli, 0), &cli->arena, &run, err);
    if (status == AISLE_OK)
        status = out_begin(&cli->out, item_columns, err);
    filter.run_id = run.id;
    filter.has_state = item_state_parse(cli_text(cli, "state"), &filter.state);
    if (status == AISLE_OK)
        status = store->ops->work->each_item(store, &filter, list_item, cli, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option items_options[] = {
    {.name = "state",
     .kind = OPTION_CHOICE,
     .argument = "STATE",
     .choices = "mapped refused no-image failed needs-person skipped",
     .help = "only these"},
    END_OF_OPTIONS,
};

static const struct example items_examples[] = {
    {"aisle job items r-20261121-205856-7f3a9c --state refused",
     "which products the marketplace had no answer for"},
    END_OF_EXAMPLES,
};

const struct command command_job_items = {
    .noun = "job",
    .verb = "items",
    .operands = "RUN",
    .summary = "what became of each product in a map run",
    .examples = items_examples,
    .options = items_options,
    .columns = item_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_items,
};
