/* work.c - tasks for workers: adding them, seeing them, having them tried again */
#include "cli/commands/list.h"
#include "cli/commands/listing.h"
#include "cli/commands/shared.h"
#include "flows/tasks.h"

#include <limits.h>
#include <stdlib.h>

/* ---- add ---- */

static const struct column add_columns[] = {
    {.name = "target", .kind = COLUMN_ID, .help = "whose"},
    {.name = "kind", .kind = COLUMN_ID, .help = "of work"},
    {.name = "added", .kind = COLUMN_COUNT, .help = "tasks"},
    {.name = "open", .kind = COLUMN_COUNT, .help = "tasks that were there already"},
    {.name = "products", .kind = COLUMN_COUNT, .help = "in a map's new tasks"},
    END_OF_COLUMNS,
};

struct targets {
    const struct str *list;
    size_t count;
};

/* Those named, or every one, or the only one there is. */
static enum aisle_status said_targets(struct cli *cli, enum task_kind kind,
                                      struct targets *out, struct aisle_err *err)
{
    struct target *only = arena_zalloc(&cli->arena, 1, sizeof *only);
    enum aisle_status status = cli_list(cli, "target", &out->list, &out->count, err);

    if (!only)
        return aisle_nomem(err);
    if (status != AISLE_OK)
        return status;
    if (cli_switch(cli, "all-shops") && out->count)
        return cli_misuse(cli, err, "--all-shops and --target exclude each other");
    if (cli_switch(cli, "all-shops"))
        return flow_tasks_targets(&cli->app, kind, STR_LIT(""), &cli->arena, &out->list,
                                  &out->count, err);
    if (out->count)
        return AISLE_OK;
    status = cli_target(cli, only, NULL, err);
    out->list = &only->id;
    out->count = 1;
    return status;
}

/* It is the workers who open it, wherever they are; one that is here is named in full,
 * for they may have begun in another folder. */
static enum aisle_status said_model(struct cli *cli, struct str *out,
                                    struct aisle_err *err)
{
    struct str path = arena_str(&cli->arena, cli_text(cli, "model"));
    char full[PATH_MAX];

    if (!path.p)
        return aisle_nomem(err);
    if (str_is(path, "none"))
        ; /* a word, and no file */
    else if (!str_empty(path) && realpath(path.p, full))
        path = arena_str(&cli->arena, str_of(full));
    else if (!str_empty(path))
        say_warning(&cli->voice, "there is no %s here: the workers need one of that name",
                    path.p);
    if (!path.p)
        return aisle_nomem(err);
    *out = path;
    return AISLE_OK;
}

/* What settings say is nobody's word on what is open already. */
static unsigned unsaid(const struct cli *cli)
{
    struct str ignored;
    unsigned bits = 0;

    if (!args_value(&cli->args, "policy", &ignored))
        bits |= UNSAID_POLICY;
    if (!args_value(&cli->args, "model", &ignored))
        bits |= UNSAID_MODEL;
    if (!args_value(&cli->args, "image-root", &ignored))
        bits |= UNSAID_IMAGE_ROOT;
    return bits;
}

static enum aisle_status said_work(struct cli *cli, struct tasks_request *r,
                                   struct buf *defaults, struct aisle_err *err)
{
    struct str accept_at = cli_text(cli, "accept-at");
    enum aisle_status status;

    if (!task_kind_parse(cli_operand(cli, 0), &r->kind))
        return cli_misuse(
            cli, err,
            "there is no work %.*s: map, sync, requirements, publish, status, "
            "webhooks, token or train",
            STR_ARG(cli_operand(cli, 0)));
    r->urgent = cli_switch(cli, "urgent");
    r->share = cli_count(cli, "share", 0);
    r->policy = cli_text(cli, "policy");
    r->draft = cli_switch(cli, "draft");
    r->fix = cli_switch(cli, "fix");
    r->image_root = cli_text(cli, "image-root");
    r->allow_private = cli_switch(cli, "allow-private");
    r->also = cli_text(cli, "also");
    r->unsaid = unsaid(cli);
    if (!str_empty(accept_at) && !parse_double(accept_at, 0.5, 1, &r->accept_at))
        return cli_misuse(cli, err, "--accept-at is a share from 0.5 to 1, such as 0.98");
    status = listing_read_defaults(cli, defaults, &r->defaults, err);
    return status == AISLE_OK && r->kind == TASK_MAP ? said_model(cli, &r->model, err)
                                                     : status;
}

static enum aisle_status add_one(struct cli *cli, struct tasks_request *r,
                                 struct tasks_result *sum, struct aisle_err *err)
{
    struct tasks_result one = {0};
    enum aisle_status status = flow_tasks_add(&cli->app, r, &one, err);

    if (status != AISLE_OK)
        return status;
    sum->added += one.added;
    sum->open += one.open;
    sum->products += one.products;
    out_str(&cli->out, r->target);
    out_str(&cli->out, str_of(task_kind_name(r->kind)));
    out_int(&cli->out, (int64_t)one.added);
    out_int(&cli->out, (int64_t)one.open);
    out_int(&cli->out, one.products);
    return out_row(&cli->out, err);
}

/* Why there was none to add. */
static void say_nothing(struct cli *cli, const struct tasks_request *r,
                        const struct targets *targets)
{
    if (targets->count)
        say(&cli->voice, "nothing to do: there are no products (aisle product import)");
    else if (r->kind == TASK_SYNC)
        say(&cli->voice, "nothing to do: no shop is connected (aisle shop add)");
    else
        say(&cli->voice, "nothing to do: no tree was synced yet "
                         "(aisle work add sync --all-shops)");
}

static enum aisle_status run_add(struct cli *cli, struct aisle_err *err)
{
    struct tasks_request request = {0};
    struct tasks_result sum = {0};
    struct targets targets = {0};
    struct buf defaults = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status = said_work(cli, &request, &defaults, err);

    if (status == AISLE_OK)
        status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = said_targets(cli, request.kind, &targets, err);
    if (status == AISLE_OK)
        status = out_begin_work(&cli->out, add_columns, err);
    for (size_t i = 0; i < targets.count && status == AISLE_OK; i++) {
        request.target = targets.list[i];
        status = add_one(cli, &request, &sum, err);
    }
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK && sum.added)
        say(&cli->voice, "%zu %s for the workers (aisle worker)", sum.added,
            say_noun((int64_t)sum.added, "task", "tasks"));
    else if (status == AISLE_OK && sum.open)
        say(&cli->voice, "nothing new: %zu %s open already (aisle work list)", sum.open,
            sum.open == 1 ? "is" : "are");
    else if (status == AISLE_OK)
        say_nothing(cli, &request, &targets);
    buf_clear(&defaults);
    return status;
}

static const struct option add_options[] = {
    OPTION_TARGETS,
    {.name = "all-shops",
     .kind = OPTION_SWITCH,
     .help = "for every target there is; sync: for new shops too"},
    {.name = "urgent", .kind = OPTION_SWITCH, .help = "a person waits: before all else"},
    {.name = "share",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "500",
     .help = "map: so many products a task, about"},
    {.name = "policy",
     .kind = OPTION_CHOICE,
     .argument = "POLICY",
     .choices = "thrifty guide",
     .help = "map: ask as little as possible, or all twelve steps"},
    {.name = "accept-at",
     .kind = OPTION_TEXT,
     .argument = "SHARE",
     .help = "map: take the matcher's word where so much of it proved right"},
    {.name = "model",
     .letter = 'm',
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "map: what model train wrote, on the worker's machine"},
    {.name = "also",
     .kind = OPTION_TEXT,
     .argument = "TARGET",
     .help = "map: only leaves that are open in this target's tree too"},
    {.name = "draft", .kind = OPTION_SWITCH, .help = "publish: as drafts"},
    {.name = "fix",
     .kind = OPTION_SWITCH,
     .help = "publish: mend what can be mended without asking, images too"},
    {.name = "defaults",
     .kind = OPTION_FILE,
     .argument = "FILE",
     .help = "publish: what the seller's data does not say, as JSON"},
    {.name = "image-root",
     .kind = OPTION_FILE,
     .argument = "FOLDER",
     .help = "folder that relative image paths are under, on the worker's machine"},
    {.name = "allow-private",
     .kind = OPTION_SWITCH,
     .help = "fetch images from private addresses too"},
    END_OF_OPTIONS,
};

static const struct example add_examples[] = {
    {"aisle work add map", "map the shop's catalogue, by whichever workers there are"},
    {"aisle work add map --all-shops", "every shop's, in turns"},
    {"aisle work add map --model /srv/aisle/shop.model --also toko-a:v2:TOKOPEDIA",
     "with a model each worker has, for both platforms at once"},
    {"aisle work add train",
     "a model from what was decided, for all who share the store"},
    {"aisle work add sync --target toko-a --urgent", "somebody waits for it"},
    END_OF_EXAMPLES,
};

const struct command command_work_add = {
    .noun = "work",
    .verb = "add",
    .operands = "KIND",
    .words = "map sync requirements publish status webhooks token train",
    .summary =
        "leave work to the workers: map, sync, requirements, publish, status, webhooks, "
        "token, train",
    .about =
        "Returns at once; aisle worker does it, on this machine or others that share the "
        "store. A map is cut into tasks of some hundred products. What is open already "
        "is not added again; with --urgent it goes first. A map or publish that is open "
        "and to be done in another way is left as it is, and a conflict: let it end, or "
        "drop it.\n\n"
        "A map by workers and aisle map run are two ways for the same: while one is at "
        "it the other is refused.",
    .examples = add_examples,
    .options = add_options,
    .columns = add_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_add,
};

/* ---- list ---- */

static const struct column list_columns[] = {
    {.name = "shop", .kind = COLUMN_ID, .help = "whose"},
    {.name = "kind", .kind = COLUMN_ID, .help = "of work"},
    {.name = "state", .kind = COLUMN_ID, .help = "waiting, taken, done or dead"},
    {.name = "attempts", .kind = COLUMN_COUNT, .help = "begun"},
    {.name = "due_at",
     .kind = COLUMN_TIME,
     .help = "waiting: not before; taken: its lease"},
    {.name = "task", .kind = COLUMN_ID, .help = "its id"},
    {.name = "text", .kind = COLUMN_TEXT, .help = "what it did, or why it failed"},
    {.name = "urgent", .kind = COLUMN_FLAG, .detail = true, .help = "a person waits"},
    {.name = "seller", .kind = COLUMN_ID, .detail = true, .help = "whose shop"},
    {.name = "target", .kind = COLUMN_ID, .detail = true, .help = "what it is about"},
    {.name = "owner", .kind = COLUMN_TEXT, .detail = true, .help = "who had it last"},
    {.name = "created_at", .kind = COLUMN_TIME, .detail = true, .help = "when"},
    {.name = "started_at", .kind = COLUMN_TIME, .detail = true, .help = "the last time"},
    {.name = "finished_at", .kind = COLUMN_TIME, .detail = true, .help = "when"},
    {.name = "parameters", .kind = COLUMN_TEXT, .detail = true, .help = "JSON"},
    END_OF_COLUMNS,
};

static enum aisle_status put_task(void *ctx, const struct task *t, struct aisle_err *err)
{
    struct cli *cli = ctx;
    struct out *o = &cli->out;

    out_opt(o, t->shop_id);
    out_str(o, str_of(task_kind_name(t->kind)));
    out_str(o, str_of(task_state_name(t->state)));
    out_int(o, t->attempts);
    out_time(o, t->due_at == TASK_NEVER ? 0 : t->due_at);
    out_str(o, t->id);
    out_opt(o, t->text);
    out_flag(o, t->urgent);
    out_str(o, t->seller_id);
    out_opt(o, t->target_id);
    out_opt(o, t->owner);
    out_time(o, t->created_at);
    out_time(o, t->started_at);
    out_time(o, t->finished_at);
    out_str(o, t->parameters);
    return out_row(o, err);
}

static enum aisle_status run_list(struct cli *cli, struct aisle_err *err)
{
    struct task_filter filter = {.shop_id = cli_text(cli, "shop"),
                                 .limit = (size_t)cli_count(cli, "limit", 0)};
    struct str word = cli_text(cli, "state");
    enum task_state state;
    enum aisle_status status = cli_open(cli, err);

    if (word.n && task_state_parse(word, &state)) /* one of the choices */
        filter.states = 1u << state;
    if (status == AISLE_OK)
        status = out_begin(&cli->out, list_columns, err);
    if (status == AISLE_OK)
        status =
            cli->app.store->ops->tasks->each(cli->app.store, &filter, put_task, cli, err);
    return status == AISLE_OK ? out_end(&cli->out, err) : status;
}

static const struct option list_options[] = {
    {.name = "shop", .kind = OPTION_TEXT, .argument = "SHOP", .help = "only of this one"},
    {.name = "state",
     .kind = OPTION_CHOICE,
     .argument = "STATE",
     .choices = "waiting taken done dead",
     .help = "only these"},
    {.name = "limit",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "100",
     .help = "at most so many; 0 all"},
    END_OF_OPTIONS,
};

static const struct example list_examples[] = {
    {"aisle work list --state dead", "what was given up, and why"},
    END_OF_EXAMPLES,
};

const struct command command_work_list = {
    .noun = "work",
    .verb = "list",
    .summary = "tasks: waiting, under way, done, given up",
    .examples = list_examples,
    .options = list_options,
    .columns = list_columns,
    .uses = USES_STORE | USES_ROWS,
    .run = run_list,
};

/* ---- retry, drop ---- */

struct chosen {
    const struct task *list;
    size_t count, done;
};

/* The tasks named, or with --all all in those states. */
static enum aisle_status choose(struct cli *cli, unsigned states, struct chosen *out,
                                struct aisle_err *err)
{
    const struct tasks_choice choice = {
        .states = states, .ids = cli->args.operands, .count = cli->args.operand_count};
    enum aisle_status status;

    *out = (struct chosen){0};
    if (cli_switch(cli, "all") == (choice.count > 0))
        return cli_misuse(cli, err, "name tasks, or say --all");
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = flow_tasks_choose(&cli->app, &choice, &cli->arena, &out->list,
                                   &out->count, err);
    if (status == AISLE_NOT_FOUND)
        cli_try(cli, "aisle work list");
    return status;
}

static enum aisle_status run_retry(struct cli *cli, struct aisle_err *err)
{
    struct chosen c;
    enum aisle_status status = choose(cli, 1u << TASK_DEAD, &c, err);

    if (status == AISLE_OK)
        status = flow_tasks_retry(&cli->app, c.list, c.count, &c.done, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%zu %s tried again", c.done, c.done == 1 ? "is" : "are");
    return status;
}

static enum aisle_status run_drop(struct cli *cli, struct aisle_err *err)
{
    struct chosen c;
    enum aisle_status status = choose(cli, 0, &c, err);

    if (status == AISLE_OK && cli_switch(cli, "all"))
        status = cli_confirm(cli, err, "drop %zu tasks?", c.count);
    if (status == AISLE_OK)
        status = flow_tasks_drop(&cli->app, c.list, c.count, &c.done, err);
    if (status == AISLE_OK)
        say(&cli->voice, "%zu dropped", c.done);
    return status;
}

static const struct option retry_options[] = {
    {.name = "all", .kind = OPTION_SWITCH, .help = "all that were given up"},
    END_OF_OPTIONS,
};

static const struct example retry_examples[] = {
    {"aisle work retry --all", "once what was wrong is mended"},
    END_OF_EXAMPLES,
};

const struct command command_work_retry = {
    .noun = "work",
    .verb = "retry",
    .operands = "[TASK]...",
    .summary = "have tasks that were given up tried again",
    .examples = retry_examples,
    .options = retry_options,
    .uses = USES_STORE,
    .run = run_retry,
};

static const struct option drop_options[] = {
    {.name = "all", .kind = OPTION_SWITCH, .help = "every task there is"},
    OPTION_YES,
    END_OF_OPTIONS,
};

static const struct example drop_examples[] = {
    {"aisle work drop sync/toko-a:v2:TIKTOK_SHOP", "whoever is at it stops"},
    END_OF_EXAMPLES,
};

const struct command command_work_drop = {
    .noun = "work",
    .verb = "drop",
    .operands = "[TASK]...",
    .summary = "take tasks off the list",
    .about = "A worker that is at one stops at its next step. What it has done stays.",
    .examples = drop_examples,
    .options = drop_options,
    .uses = USES_STORE,
    .run = run_drop,
};
