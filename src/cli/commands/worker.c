/* worker.c - a process that does what waits, beside any number of others */
#include "flows/worker.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "cli/notify.h"
#include "cli/schedule.h"
#include "flows/keys.h"

static const struct column columns[] = {
    {.name = "done", .kind = COLUMN_COUNT, .help = "tasks"},
    {.name = "failed", .kind = COLUMN_COUNT, .help = "attempts that failed"},
    {.name = "lost", .kind = COLUMN_COUNT, .help = "tasks another took over meanwhile"},
    {.name = "given_back", .kind = COLUMN_COUNT, .help = "tasks under way at the end"},
    END_OF_COLUMNS,
};

static enum aisle_status tell(struct cli *cli, const struct worker_result *r,
                              struct aisle_err *err)
{
    enum aisle_status status;

    say(&cli->voice, "%lld done, %lld failed, %lld lost, %lld given back",
        (long long)r->done, (long long)r->failed, (long long)r->lost,
        (long long)r->given_back);
    if (!cli_wants_summary(cli))
        return AISLE_OK;
    status = out_begin_one(&cli->out, columns, err);
    if (status != AISLE_OK)
        return status;
    out_int(&cli->out, r->done);
    out_int(&cli->out, r->failed);
    out_int(&cli->out, r->lost);
    out_int(&cli->out, r->given_back);
    return out_done(&cli->out, err);
}

/* Once now, or for as long as it works: what comes round is left to the workers, of which
 * this is one. */
static enum aisle_status begin_rounds(struct cli *cli, bool once, struct schedule **out,
                                      struct aisle_err *err)
{
    struct rounds rounds = cli_rounds(cli);
    struct rounds_state *state;
    size_t done = 0;

    rounds.leave = true;
    rounds.whole = once;
    if (!once)
        return schedule_start(&cli->app, &rounds, out, err);
    state = arena_zalloc(&cli->arena, 1, sizeof *state);
    return state ? flow_rounds(&cli->app, &rounds, state, &done, err) : aisle_nomem(err);
}

static enum aisle_status work(struct cli *cli, const struct worker_settings *set,
                              struct aisle_err *err)
{
    bool once = cli_switch(cli, "once");
    struct worker_result result = {0};
    struct schedule *schedule = NULL;
    enum aisle_status status = AISLE_OK;

    if (once || !set->until_empty)
        status = begin_rounds(cli, once, &schedule, err);
    notify_service("READY=1");
    if (status == AISLE_OK)
        status = flow_worker(&cli->app, set, &result, err);
    notify_service("STOPPING=1");
    schedule_stop(schedule);
    return status == AISLE_OK ? tell(cli, &result, err) : status;
}

static enum aisle_status run(struct cli *cli, struct aisle_err *err)
{
    struct worker_settings set = {.slots = (unsigned)cli_count(cli, "slots", 0),
                                  .jobs = (unsigned)cli_count(cli, "jobs", 0),
                                  .lease_s = cli_seconds(cli, "lease", 0),
                                  .until_empty = cli_switch(cli, "until-empty") ||
                                                 cli_switch(cli, "once")};
    enum aisle_status status = AISLE_OK;

    if (set.slots == 0)
        return cli_misuse(cli, err, "--slots is 1 at least");
    if (set.lease_s < 3)
        return cli_misuse(cli, err, "--lease is 3 seconds at least");
    if (set.lease_s > WORKER_LONGEST_LEASE_S)
        return cli_misuse(cli, err, "--lease is a day at most");
    if (cli->voice.log.level < LOG_INFO && !cli->voice.quiet)
        cli->voice.log.level = LOG_INFO;
    status = cli_open(cli, err);
    if (status == AISLE_OK)
        status = keys_open_any(&cli->app, err);
    if (status != AISLE_OK)
        return status;
    say(&cli->voice, "worker %.*s; Ctrl-C ends it", STR_ARG(cli->app.owner));
    return work(cli, &set, err);
}

static const struct option options[] = {
    {.name = "slots",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "2",
     .help = "tasks at once"},
    {.name = "jobs",
     .letter = 'j',
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "calls at once, a task"},
    {.name = "lease",
     .kind = OPTION_DURATION,
     .argument = "TIME",
     .fallback = "30s",
     .help = "after which others take over what a lost worker had"},
    {.name = "until-empty",
     .kind = OPTION_SWITCH,
     .help =
         "end once nothing waits and nobody is at anything; adds nothing by the clock"},
    OPTION_ROUNDS,
    {.name = "once",
     .kind = OPTION_SWITCH,
     .help = "add what is due by now, do what there is, and end: for a timer of the "
             "system's"},
    END_OF_OPTIONS,
};

static const struct example examples[] = {
    {"aisle worker", "two tasks at once, until Ctrl-C"},
    {"aisle worker --store postgresql://db.internal/aisle --slots 8",
     "one of several, on a machine of its own"},
    {"aisle worker --until-empty", "do what there is, and end"},
    {"aisle worker --once", "from cron: what is due by now, too"},
    END_OF_EXAMPLES,
};

const struct command command_worker = {
    .noun = "worker",
    .summary = "do what waits (aisle work add), beside any number of other workers",
    .about =
        "Takes tasks of the shops in turns, those a person waits for first, and holds "
        "each by a lease that it renews. Ctrl-C and SIGTERM end it at the next step; "
        "what is under way is given back, and whoever takes it goes on where it was. "
        "Nothing is lost either when it is killed: others take over once its leases are "
        "over.\n\n"
        "While it runs, what comes round (trees, what leaves demand, listings under way, "
        "tokens that end) is added as tasks, once an interval however many workers and "
        "services share the store.\n\n"
        "Several on one machine may share a store in a file; several machines want "
        "PostgreSQL and the same key file; all go by its clock.",
    .examples = examples,
    .options = options,
    .columns = columns,
    .uses = USES_STORE | USES_CALLS | USES_ROWS,
    .run = run,
};
