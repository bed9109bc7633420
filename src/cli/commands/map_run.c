#include "flows/map.h"

#include "base/json.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "flows/sync.h"

#include <stdio.h>

static const struct column columns[] = {
    {.name = "run", .kind = COLUMN_ID, .help = "its id"},
    {.name = "state",
     .kind = COLUMN_ID,
     .help = "done, stopped, budget or failed; dry-run: nothing was done"},
    {.name = "total", .kind = COLUMN_COUNT, .help = "products it is about"},
    {.name = "done", .kind = COLUMN_COUNT, .help = "that had their turn"},
    {.name = "mapped", .kind = COLUMN_COUNT, .help = "that have a leaf now"},
    {.name = "by_local", .kind = COLUMN_COUNT, .help = "of them by our matcher"},
    {.name = "by_marketplace",
     .kind = COLUMN_COUNT,
     .help = "by the marketplace's advice"},
    {.name = "by_seller_category",
     .kind = COLUMN_COUNT,
     .help = "by their seller category"},
    {.name = "by_rule", .kind = COLUMN_COUNT, .help = "by a rule"},
    {.name = "refused", .kind = COLUMN_COUNT, .help = "the marketplace named no leaf"},
    {.name = "without_image", .kind = COLUMN_COUNT, .help = "not asked: no image"},
    {.name = "failed", .kind = COLUMN_COUNT, .help = "could not be asked"},
    {.name = "conflicts",
     .kind = COLUMN_COUNT,
     .help = "differ from their seller category"},
    {.name = "need_person", .kind = COLUMN_COUNT, .help = "wait for a person"},
    {.name = "skipped", .kind = COLUMN_COUNT, .help = "were settled before"},
    {.name = "calls", .kind = COLUMN_COUNT, .help = "to the marketplace"},
    {.name = "uploads", .kind = COLUMN_COUNT, .help = "of them images"},
    {.name = "recommends", .kind = COLUMN_COUNT, .help = "of them questions"},
    {.name = "saved", .kind = COLUMN_COUNT, .help = "calls not needed"},
    {.name = "elapsed_ms", .kind = COLUMN_COUNT, .help = "milliseconds, this time"},
    {.name = "resumed", .kind = COLUMN_FLAG, .help = "whether it took up an earlier one"},
    END_OF_COLUMNS,
};

/* ---- what is said of it ---- */

static void tell_item(void *ctx, const struct product *product,
                      const struct run_item *item)
{
    struct cli *cli = ctx;

    if (item->state == ITEM_FAILED || item->state == ITEM_REFUSED)
        log_line(&cli->voice.log, LOG_INFO, "%.*s %s: %.*s (%.*s)", STR_ARG(product->id),
                 item_state_name(item->state), STR_ARG(item->text), STR_ARG(item->code));
    else
        log_line(&cli->voice.log, LOG_DEBUG, "%.*s %s %.*s", STR_ARG(product->id),
                 item_state_name(item->state), STR_ARG(item->category_id));
}

static void add_part(struct buf *out, int64_t n, const char *words)
{
    if (n)
        buf_addf(out, "%s%lld %s", out->n ? ", " : "", (long long)n, words);
}

static void tell_mapped(struct cli *cli, const struct run_counts *c)
{
    struct buf who = BUF_INIT(BUF_MAX_LINE), rest = BUF_INIT(BUF_MAX_LINE);

    add_part(&who, c->by_marketplace, "by the marketplace");
    add_part(&who, c->by_local, "by the local matcher");
    add_part(&who, c->by_seller_category, "by their seller category");
    add_part(&who, c->by_rule, "by a rule");
    add_part(&rest, c->skipped, "settled before");
    add_part(&rest, c->refused, "refused");
    add_part(&rest, c->without_image, "without an image");
    add_part(&rest, c->failed, "failed");
    add_part(&rest, c->conflicts,
             say_noun(c->conflicts, "differs from its seller category",
                      "differ from their seller category"));
    add_part(&rest, c->need_person,
             say_noun(c->need_person, "needs a person", "need a person"));
    say(&cli->voice, "mapped %lld of %lld%s%.*s%s", (long long)c->mapped,
        (long long)(c->total >= 0 ? c->total : c->done), who.n ? " (" : "",
        STR_ARG(buf_str(&who)), who.n ? ")" : "");
    if (rest.n)
        say(&cli->voice, "%.*s", STR_ARG(buf_str(&rest)));
    buf_clear(&who);
    buf_clear(&rest);
}

static void tell_end(struct cli *cli, const struct map_result *r, int64_t budget)
{
    const struct run_counts *c = &r->counts;
    long long most = r->calls_before + budget;
    char limit[32] = "";

    if (r->state == RUN_DONE && c->total == 0) {
        say(&cli->voice, "nothing to map: all is settled, or the catalogue is empty");
        return;
    }
    tell_mapped(cli, c);
    if (budget >= 0)
        snprintf(limit, sizeof limit, " of %lld", most);
    say(&cli->voice, "%lld%s %s (%lld %s, %lld %s), %lld not needed, in %lld.%01lld s",
        (long long)c->calls, limit, say_noun(c->calls, "call", "calls"),
        (long long)c->uploads, say_noun(c->uploads, "image", "images"),
        (long long)c->recommends, say_noun(c->recommends, "question", "questions"),
        (long long)c->saved, (long long)r->elapsed_ms / 1000,
        (long long)r->elapsed_ms % 1000 / 100);
}

static void tell_next(struct cli *cli, const struct map_result *r,
                      const struct map_request *request)
{
    struct str target = request->target;

    if (r->state != RUN_DONE)
        return;
    if (r->counts.need_person + r->counts.conflicts + r->counts.refused > 0)
        say(&cli->voice, "next: aisle map review%s%.*s, or aisle map export --open",
            str_empty(target) ? "" : " --target ", STR_ARG(target));
    else if (r->counts.failed)
        say(&cli->voice, "next: aisle job items %s --state failed", r->run_id);
}

static enum aisle_status result_row(struct cli *cli, const struct map_result *r,
                                    bool dry_run, struct aisle_err *err)
{
    const struct run_counts *c = &r->counts;
    struct out *out = &cli->out;
    enum aisle_status status = out_begin_one(out, columns, err);

    if (status != AISLE_OK)
        return status;
    out_opt(out, str_of(r->run_id));
    out_str(out, str_of(dry_run ? "dry-run" : run_state_name(r->state)));
    out_int(out, c->total);
    out_int(out, c->done);
    out_int(out, c->mapped);
    out_int(out, c->by_local);
    out_int(out, c->by_marketplace);
    out_int(out, c->by_seller_category);
    out_int(out, c->by_rule);
    out_int(out, c->refused);
    out_int(out, c->without_image);
    out_int(out, c->failed);
    out_int(out, c->conflicts);
    out_int(out, c->need_person);
    out_int(out, c->skipped);
    out_int(out, c->calls);
    out_int(out, c->uploads);
    out_int(out, c->recommends);
    out_int(out, c->saved);
    out_int(out, r->elapsed_ms);
    out_flag(out, r->resumed);
    return out_done(out, err);
}

/* ---- run ---- */

/* Of options that are right by themselves: do they go together? */
static enum aisle_status check_together(struct cli *cli, const struct map_request *r,
                                        struct aisle_err *err)
{
    if (r->policy == MAP_GUIDE && r->accept_at > 0)
        return cli_misuse(cli, err,
                          "--accept-at goes with --policy thrifty: the guide "
                          "asks about every product");
    if (r->all_sellers && !str_empty(r->seller_id) &&
        settings_get(&cli->settings, "seller")->origin == ORIGIN_FLAG)
        return cli_misuse(cli, err, "--seller and --all-sellers exclude each other");
    if (r->fresh && !str_empty(r->resume))
        return cli_misuse(cli, err, "--fresh and --resume exclude each other");
    return AISLE_OK;
}

static enum aisle_status said_request(struct cli *cli, struct map_request *out,
                                      struct aisle_err *err)
{
    struct map_request r = {
        .target = cli_text(cli, "target"),
        .seller_id = cli_text(cli, "seller"),
        .all_sellers = cli_switch(cli, "all-sellers"),
        .budget = cli_count(cli, "budget", -1),
        .limit = (size_t)cli_count(cli, "limit", 0),
        .jobs = (unsigned)cli_count(cli, "jobs", 0),
        .fresh = cli_switch(cli, "fresh"),
        .resume = cli_text(cli, "resume"),
        .allow_private = cli_switch(cli, "allow-private"),
        .dry_run = cli_switch(cli, "dry-run"),
        .image_root = cli_text(cli, "image-root"),
        .also = cli_text(cli, "also"),
    };
    struct str via = cli_text(cli, "via"), accept_at = cli_text(cli, "accept-at");
    enum aisle_status status;

    if (!str_empty(accept_at) && !parse_double(accept_at, 0.5, 1, &r.accept_at))
        return cli_misuse(cli, err, "--accept-at is a share from 0.5 to 1, such as 0.98");
    map_policy_parse(cli_text(cli, "policy"), &r.policy); /* one of the choices */
    if (!str_empty(via)) {
        if (!r.all_sellers)
            return cli_misuse(cli, err, "--via goes with --all-sellers");
        r.target = via;
    }
    if (cli_count(cli, "jobs", 0) > MAP_MAX_JOBS)
        return cli_misuse(cli, err, "--jobs is at most %d", MAP_MAX_JOBS);
    status = check_together(cli, &r, err);
    if (status == AISLE_OK && r.policy == MAP_THRIFTY)
        status = cli_model(cli, &r.model, err);
    if (status == AISLE_OK)
        *out = r;
    return status;
}

/* What a run was about, where the command line does not say otherwise: its id is enough
 * to take it up. */
static enum aisle_status ask_as_before(struct cli *cli, struct map_request *r,
                                       struct aisle_err *err)
{
    struct store *store = cli->app.store;
    struct map_request before;
    struct str ignored;
    struct run run;
    enum aisle_status status =
        store->ops->work->get_run(store, r->resume, &cli->arena, &run, err);

    if (status == AISLE_OK)
        status = map_request_of(&run, &cli->arena, &before, err);
    if (status != AISLE_OK)
        return status;
    if (!args_value(&cli->args, "policy", &ignored))
        r->policy = before.policy;
    if (!args_value(&cli->args, "target", &ignored) && str_empty(cli_text(cli, "via")))
        r->target = before.target;
    if (!args_value(&cli->args, "limit", &ignored))
        r->limit = before.limit;
    if (!args_value(&cli->args, "accept-at", &ignored))
        r->accept_at = before.accept_at;
    if (!args_value(&cli->args, "also", &ignored))
        r->also = before.also;
    if (!args_value(&cli->args, "model", &ignored))
        r->model = before.model;
    r->all_sellers = r->all_sellers || before.all_sellers;
    return AISLE_OK;
}

/* A run that ended early: what takes it up again. */
static void try_again(struct cli *cli, enum aisle_status status,
                      const struct map_result *r, int64_t budget)
{
    if (!r->run_id[0])
        return;
    if (status == AISLE_LIMIT && budget > 0)
        cli_try(cli, "aisle map run --resume %s --budget %lld", r->run_id,
                (long long)budget);
    else if (status == AISLE_STOPPED || status == AISLE_BUSY || status == AISLE_LIMIT)
        cli_try(cli, "aisle map run --resume %s", r->run_id);
}

static enum aisle_status has_snapshot(void *ctx, const struct snapshot *s,
                                      struct aisle_err *err)
{
    (void)s;
    (void)err;
    *(bool *)ctx = true;
    return AISLE_STOPPED;
}

/* A target whose tree was never fetched cannot be mapped onto. */
static void try_sync(struct cli *cli, struct str asked)
{
    struct store *store = cli->app.store;
    struct target target;
    struct shop shop;
    bool has = false;

    if (flow_target(&cli->app, asked, &cli->arena, &target, &shop, NULL) != AISLE_OK)
        return;
    store->ops->trees->each_snapshot(store, target.id, has_snapshot, &has, NULL);
    if (!has)
        cli_try(cli, "aisle tree sync %.*s", STR_ARG(target.id));
}

static enum aisle_status run_run(struct cli *cli, struct aisle_err *err)
{
    struct map_request request = {0};
    struct map_result result = {.state = RUN_FAILED};
    enum aisle_status status = said_request(cli, &request, err), told = AISLE_OK;
    bool came;

    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK && !str_empty(request.resume))
        status = ask_as_before(cli, &request, err);
    if (status == AISLE_OK)
        status = check_together(cli, &request, err); /* with what the run was about */
    if (status != AISLE_OK)
        return status;
    status = flow_map(&cli->app, &request, tell_item, cli, &result, err);
    say_progress_end(&cli->voice);
    came = status == AISLE_OK || status == AISLE_LIMIT || status == AISLE_STOPPED ||
           status == AISLE_BUSY;
    if (came && result.run_id[0] && result.resumed)
        say(&cli->voice, "run %s was taken up again", result.run_id);
    if (came) {
        if (request.dry_run)
            say(&cli->voice, "%lld %s would be looked at", (long long)result.counts.total,
                say_noun(result.counts.total, "product", "products"));
        else
            tell_end(cli, &result, request.budget);
        tell_next(cli, &result, &request);
        if (cli_wants_summary(cli))
            told = result_row(cli, &result, request.dry_run, NULL);
    }
    if (status == AISLE_OK && result.counts.failed)
        cli->exit_code = EXIT_PARTLY;
    if (status == AISLE_CONFIG)
        try_sync(cli, request.target);
    try_again(cli, status, &result, request.budget);
    return status == AISLE_OK ? told : status;
}

static const struct option options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "all-sellers",
     .kind = OPTION_SWITCH,
     .help = "the whole catalogue through one shop; decisions stay each seller's own"},
    {.name = "via",
     .kind = OPTION_TEXT,
     .argument = "SHOP",
     .help = "that shop, with --all-sellers"},
    {.name = "policy",
     .kind = OPTION_CHOICE,
     .argument = "POLICY",
     .choices = "thrifty guide",
     .help = "ask as little as possible, or all twelve steps"},
    {.name = "budget",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "at most so many marketplace calls this time; else no limit"},
    {.name = "accept-at",
     .kind = OPTION_TEXT,
     .argument = "SHARE",
     .help = "thrifty: take the local matcher's word unseen where so much of it proved "
             "right on what was decided before, such as 0.98; else never"},
    OPTION_MODEL_TOO,
    OPTION_ALSO,
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "at most so many products, with those a run that is taken up has done; 0 "
             "all"},
    {.name = "jobs",
     .letter = 'j',
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "calls at once"},
    {.name = "resume",
     .kind = OPTION_TEXT,
     .argument = "RUN",
     .help = "take up this run; else the newest unfinished one of the same question"},
    {.name = "fresh",
     .kind = OPTION_SWITCH,
     .help = "begin anew also when one could be taken up"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under"},
    {.name = "allow-private",
     .kind = OPTION_SWITCH,
     .help = "fetch images from private addresses too"},
    OPTION_DRY_RUN,
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle map run", "map what is not decided yet, with as few calls as it takes"},
    {"aisle map run --policy guide --budget 500", "the guide's steps, 500 calls at most"},
    {"aisle map run --dry-run", "how many would be asked, without asking"},
    {"aisle map run --also toko-a:v2:TOKOPEDIA",
     "only onto leaves open on both platforms"},
    {"aisle map run --all-sellers --via toko-a",
     "every seller's products through one shop"},
    END_OF_EXAMPLES,
};

const struct command command_map_run = {
    .noun = "map",
    .verb = "run",
    .summary = "map the catalogue onto a tree",
    .about =
        "Takes up an unfinished run of the same question by itself. It can be stopped at "
        "any moment: the first Ctrl-C ends it cleanly, and nothing is decided twice.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run_run,
};
