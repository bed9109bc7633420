/* map_decide.c - decisions from the command line: approve, reject, none, undo, history */
#include "flows/decide.h"

#include "cli/commands/list.h"
#include "cli/commands/shared.h"

/* ---- approve, reject, none ---- */

struct deciding {
    struct cli *cli;
    struct decider decider;
    struct decide_request request;
    bool dry_run;
    char batch_id[BATCH_ID_LEN];
    size_t done, failed;
};

/* The leaf that stands proposed for a key: what is approved when none is named. */
static enum aisle_status proposed_leaf(struct deciding *d, struct decide_request *r,
                                       struct aisle_err *err)
{
    struct store *store = d->cli->app.store;
    struct decision now = {0};
    struct aisle_err mine = {0};
    enum aisle_status status =
        store->ops->decisions->get(store, r->seller_id, d->decider.target.id, r->scope,
                                   r->key, &d->cli->arena, &now, &mine);

    if (status == AISLE_NOT_FOUND ||
        (status == AISLE_OK && now.state != DECISION_PROPOSED &&
         now.state != DECISION_ACCEPTED))
        return aisle_fail(err, AISLE_INVALID,
                          "nothing is proposed for %.*s: say which with --category",
                          STR_ARG(r->key));
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    r->category = now.category_id;
    r->expected = now.seq;
    return AISLE_OK;
}

static enum aisle_status decide_one(struct deciding *d, struct str key,
                                    struct aisle_err *err)
{
    struct decide_request r = d->request;
    enum aisle_status status = AISLE_OK;

    r.key = key;
    r.expected = EXPECT_ANY;
    r.batch_id = str_of(d->batch_id);
    if (r.state == DECISION_ACCEPTED && str_empty(r.category))
        status = proposed_leaf(d, &r, err);
    if (status == AISLE_OK)
        status = decider_decide(&d->decider, &r, d->dry_run, d->batch_id, err);
    if (status == AISLE_OK)
        say(&d->cli->voice, "%.*s: %s%s%.*s%s", STR_ARG(key),
            decision_state_name(r.state), str_empty(r.category) ? "" : " ",
            STR_ARG(r.category), d->dry_run ? " (dry run)" : "");
    return status;
}

/* Every key on its own; those that cannot be decided are named, the others kept. */
static enum aisle_status decide_each(struct deciding *d, struct aisle_err *err)
{
    const struct args *args = &d->cli->args;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < args->operand_count; i++) {
        struct aisle_err one = {0};

        status = decide_one(d, args->operands[i], &one);
        if (status == AISLE_OK) {
            d->done++;
            continue;
        }
        d->failed++;
        if (args->operand_count == 1) {
            aisle_pass(err, &one);
            return status;
        }
        one.status = status;
        say_error(&d->cli->voice, &one, STR_LIT(""));
    }
    if (d->done == 0)
        return aisle_fail(err, status, "none of %zu was decided", d->failed);
    if (d->failed)
        d->cli->exit_code = EXIT_PARTLY;
    return AISLE_OK;
}

static const struct column decide_columns[] = {
    {.name = "batch", .kind = COLUMN_ID, .help = "what map undo takes back"},
    {.name = "decided", .kind = COLUMN_COUNT, .help = "keys"},
    {.name = "refused", .kind = COLUMN_COUNT, .help = "keys that could not be"},
    END_OF_COLUMNS,
};

static enum aisle_status put_decided(struct deciding *d, struct aisle_err *err)
{
    struct out *out = &d->cli->out;
    enum aisle_status status = out_begin_one(out, decide_columns, err);

    if (status != AISLE_OK)
        return status;
    out_opt(out, str_of(d->dry_run ? "" : d->batch_id));
    out_int(out, (int64_t)d->done);
    out_int(out, (int64_t)d->failed);
    return out_done(out, err);
}

static enum aisle_status run_decide(struct cli *cli, enum decision_state state,
                                    struct aisle_err *err)
{
    bool approves = state == DECISION_ACCEPTED;
    struct deciding d = {
        .cli = cli,
        .dry_run = cli_switch(cli, "dry-run"),
        .request = {.seller_id = cli_seller(cli),
                    .scope = cli_switch(cli, "seller-category") ? SCOPE_SELLER_CATEGORY
                                                                : SCOPE_PRODUCT,
                    .state = state,
                    .category = approves ? cli_text(cli, "category") : STR_LIT(""),
                    .reasons = cli_text(cli, "because"),
                    .allow_closed = approves && cli_switch(cli, "allow-closed")},
    };
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = decider_open(&cli->app, cli_text(cli, "target"), &d.decider, err);
    if (status == AISLE_OK)
        status = decide_each(&d, err);
    if (status == AISLE_OK && !d.dry_run)
        say(&cli->voice, "to take it back: aisle map undo %s", d.batch_id);
    if (status == AISLE_OK && cli_wants_summary(cli))
        status = put_decided(&d, err);
    if (cli->app_open)
        decider_close(&d.decider);
    return status;
}

static enum aisle_status run_approve(struct cli *cli, struct aisle_err *err)
{
    return run_decide(cli, DECISION_ACCEPTED, err);
}

static enum aisle_status run_reject(struct cli *cli, struct aisle_err *err)
{
    return run_decide(cli, DECISION_REJECTED, err);
}

static enum aisle_status run_none(struct cli *cli, struct aisle_err *err)
{
    return run_decide(cli, DECISION_NONE, err);
}

/* clang-format off */
#define DECIDE_OPTIONS \
    OPTION_TARGET, \
    OPTION_SELLER, \
    {.name = "seller-category", .kind = OPTION_SWITCH, \
     .help = "the keys are seller categories, with all their products"}, \
    {.name = "because", .kind = OPTION_TEXT, .argument = "WORDS", \
     .help = "why, for whoever reads the history"}, \
    OPTION_DRY_RUN
/* clang-format on */

static const struct option approve_options[] = {
    {.name = "category",
     .letter = 'c',
     .kind = OPTION_TEXT,
     .argument = "CATEGORY",
     .help = "the leaf, by id or path; else what is proposed"},
    {.name = "allow-closed",
     .kind = OPTION_SWITCH,
     .help = "also a leaf this shop may not list in yet"},
    DECIDE_OPTIONS,
    END_OF_OPTIONS,
};

static const struct example approve_examples[] = {
    {"aisle map approve SKU-1 SKU-2", "what was proposed for two products"},
    {"aisle map approve SKU-1 --category 'Fashion > Kaos'", "another leaf, by its path"},
    {"aisle map approve 'Kaos Pria' --seller-category -c 601739",
     "for a seller category with all its products"},
    END_OF_EXAMPLES,
};

const struct command command_map_approve = {
    .noun = "map",
    .verb = "approve",
    .operands = "KEY...",
    .summary = "accept the proposed leaf, or another, for products",
    .examples = approve_examples,
    .options = approve_options,
    .columns = decide_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_approve,
};

static const struct option decide_options[] = {DECIDE_OPTIONS, END_OF_OPTIONS};

static const struct example reject_examples[] = {
    {"aisle map reject SKU-1", "that leaf is wrong; the product is open again"},
    END_OF_EXAMPLES,
};

const struct command command_map_reject = {
    .noun = "map",
    .verb = "reject",
    .operands = "KEY...",
    .summary = "say that the leaf of products is wrong",
    .examples = reject_examples,
    .options = decide_options,
    .columns = decide_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_reject,
};

static const struct example none_examples[] = {
    {"aisle map none SKU-9", "looked at: there is no legal leaf for it"},
    END_OF_EXAMPLES,
};

const struct command command_map_none = {
    .noun = "map",
    .verb = "none",
    .operands = "KEY...",
    .summary = "say that there is no legal leaf for products",
    .examples = none_examples,
    .options = decide_options,
    .columns = decide_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_none,
};

/* ---- history ---- */

static const struct column history_columns[] = {
    {.name = "seq", .kind = COLUMN_COUNT, .help = "place in the log"},
    {.name = "at", .kind = COLUMN_TIME, .help = "when"},
    {.name = "who", .kind = COLUMN_TEXT, .help = "who stands for it"},
    {.name = "scope", .kind = COLUMN_ID, .help = "product, rule or seller-category"},
    {.name = "key", .kind = COLUMN_TEXT, .help = "which one"},
    {.name = "state",
     .kind = COLUMN_ID,
     .help = "proposed, accepted, rejected, none or cleared"},
    {.name = "category", .kind = COLUMN_ID, .help = "the leaf"},
    {.name = "batch", .kind = COLUMN_ID, .help = "what map undo takes back"},
    {.name = "by", .kind = COLUMN_ID, .help = "local, marketplace, rule or person"},
    {.name = "confidence", .kind = COLUMN_SHARE, .help = "how sure the adviser was"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose"},
    {.name = "target", .kind = COLUMN_ID, .detail = true, .help = "whose tree"},
    {.name = "reasons", .kind = COLUMN_TEXT, .detail = true, .help = "why"},
    {.name = "run", .kind = COLUMN_ID, .detail = true, .help = "of a map run"},
    {.name = "snapshot",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "of the tree it was decided on"},
    {.name = "conflict",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "differs from its seller category"},
    {.name = "provisional",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "the leaf was not in the tree"},
    {.name = "undoes", .kind = COLUMN_COUNT, .detail = true, .help = "seq it reverses"},
    END_OF_COLUMNS,
};

static enum aisle_status history_row(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct out *out = &cli->out;

    out_int(out, d->seq);
    out_int(out, d->at);
    out_str(out, d->who);
    out_str(out, str_of(decision_scope_name(d->scope)));
    out_str(out, d->key);
    out_str(out, str_of(decision_state_name(d->state)));
    out_opt(out, d->category_id);
    out_str(out, d->batch_id);
    out_str(out, str_of(advisor_name(d->advisor)));
    if (d->advisor == ADVISOR_PERSON)
        out_absent(out);
    else
        out_share(out, d->confidence);
    out_str(out, d->seller_id);
    out_str(out, d->target_id);
    out_opt(out, d->reasons);
    out_opt(out, d->run_id);
    out_int(out, d->snapshot_id);
    out_flag(out, d->conflict);
    out_flag(out, d->provisional);
    out_int_if(out, d->undoes != 0, d->undoes);
    return out_row(out, err);
}

static enum aisle_status run_history(struct cli *cli, struct aisle_err *err)
{
    struct log_filter filter = {.seller_id = cli_text(cli, "seller"),
                                .key = cli_operand(cli, 0),
                                .batch_id = cli_text(cli, "batch"),
                                .run_id = cli_text(cli, "run"),
                                .limit = (size_t)cli_count(cli, "limit", 0),
                                .newest_first = true};
    struct target target = {0};
    struct store *store;
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK && !str_empty(cli_text(cli, "target")))
        status = cli_target(cli, &target, NULL, err);
    filter.target_id = target.id;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, history_columns, err);
    store = cli->app.store;
    if (status == AISLE_OK)
        status = store->ops->decisions->each(store, &filter, history_row, cli, err);
    if (status == AISLE_OK && cli->out.rows == 0)
        say(&cli->voice, "nothing was decided yet");
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option history_options[] = {
    OPTION_TARGET,
    OPTION_SELLER,
    {.name = "batch",
     .kind = OPTION_TEXT,
     .argument = "BATCH",
     .help = "only what was decided in one go"},
    {.name = "run",
     .kind = OPTION_TEXT,
     .argument = "RUN",
     .help = "only of this map run"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "100",
     .help = "at most so many; 0 all"},
    END_OF_OPTIONS,
};

static const struct example history_examples[] = {
    {"aisle map history SKU-1", "who decided what, newest first"},
    {"aisle map history --limit 0 --jsonl", "the whole log"},
    END_OF_EXAMPLES,
};

const struct command command_map_history = {
    .noun = "map",
    .verb = "history",
    .operands = "[KEY]",
    .summary = "the log of decisions, newest first",
    .examples = history_examples,
    .options = history_options,
    .columns = history_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_history,
};

/* ---- undo ---- */

static const struct column undo_columns[] = {
    {.name = "batch", .kind = COLUMN_ID, .help = "of the reversing decisions"},
    {.name = "reversed", .kind = COLUMN_COUNT, .help = "decisions taken back"},
    {.name = "left_alone", .kind = COLUMN_COUNT, .help = "decided again later"},
    {.name = "mapped",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "products, by rules that stand again"},
    {.name = "changed",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "products that another rule fits now"},
    {.name = "opened",
     .kind = COLUMN_COUNT,
     .detail = true,
     .help = "products whose rule is gone"},
    END_OF_COLUMNS,
};

static enum aisle_status tell_left_alone(void *ctx, const struct decision *d,
                                         struct aisle_err *err)
{
    struct cli *cli = ctx;

    (void)err;
    say(&cli->voice, "left alone, decided later by %.*s: %s %.*s", STR_ARG(d->who),
        decision_scope_name(d->scope), STR_ARG(d->key));
    return AISLE_OK;
}

static enum aisle_status run_undo(struct cli *cli, struct aisle_err *err)
{
    struct undo_result r = {0};
    enum aisle_status status = cli_open(cli, err);

    if (status == AISLE_OK)
        status = flow_undo(&cli->app, cli_operand(cli, 0), tell_left_alone, cli, &r, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle map history --fields batch,at,who,key");
    if (status == AISLE_OK)
        status = out_begin_one(&cli->out, undo_columns, err);
    if (status != AISLE_OK)
        return status;
    out_opt(&cli->out, str_of(r.batch_id));
    out_int(&cli->out, (int64_t)r.reversed);
    out_int(&cli->out, (int64_t)r.left_alone);
    out_int(&cli->out, (int64_t)r.mapped);
    out_int(&cli->out, (int64_t)r.changed);
    out_int(&cli->out, (int64_t)r.opened);
    if (r.mapped + r.changed + r.opened)
        say(&cli->voice, "%zu %s mapped by rules, %zu changed, %zu open again", r.mapped,
            say_noun((int64_t)r.mapped, "product", "products"), r.changed, r.opened);
    if (r.run_ended)
        say(&cli->voice, "the run had not ended: it is over, the next begins anew");
    if (r.reversed)
        say(&cli->voice, "to redo it: aisle map undo %s", r.batch_id);
    return out_done(&cli->out, err);
}

static const struct example undo_examples[] = {
    {"aisle map undo b-20261121-205856-7f3a9c", "take a whole batch back"},
    END_OF_EXAMPLES,
};

const struct command command_map_undo = {
    .noun = "map",
    .verb = "undo",
    .operands = "BATCH",
    .summary = "take a batch of decisions back",
    .about =
        "What stood before stands again; what was decided later is left alone and "
        "named. Where rules came or went by it, those that stand then are put to the "
        "catalogue: what a rule mapped since is open again with it. Undoing an undo "
        "is redo. Of a map run that was stopped the batch is the run's id: undone, it "
        "is not taken up again.",
    .examples = undo_examples,
    .columns = undo_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_undo,
};
