/* sandbox.c - steering a sandbox that runs */
#include "base/json.h"
#include "cli/commands/keys.h"
#include "cli/commands/list.h"
#include "cli/commands/shared.h"
#include "sandbox/control.h"

/* clang-format off */
#define OPTION_ENV_FILE {.name = "env-file", .kind = OPTION_FILE, .argument = "FILE", \
     .help = "that sandbox start wrote; else $AISLE_SANDBOX_URL and $AISLE_SANDBOX_TOKEN"}
/* clang-format on */

static enum aisle_status find_sandbox(struct cli *cli, struct control *out,
                                      struct aisle_err *err)
{
    struct app_keys keys;
    enum aisle_status status =
        app_keys_read(cli, cli_text(cli, "env-file"), STR_LIT("sandbox"), &keys, err);

    if (status != AISLE_OK)
        return status;
    if (str_empty(keys.url)) {
        cli_try(cli, "aisle sandbox start --env-file sandbox.env");
        return aisle_fail(err, AISLE_CONFIG, "which sandbox? name its env file");
    }
    *out = (struct control){keys.url, keys.token};
    return AISLE_OK;
}

/* ---- evolve ---- */

static const struct column evolve_columns[] = {
    {.name = "edit", .kind = COLUMN_ID, .help = "what was done"},
    {.name = "times", .kind = COLUMN_COUNT, .help = "how often"},
    END_OF_COLUMNS,
};

/* The sandbox answers with a count for each kind of edit. */
static enum aisle_status tell_edits(struct cli *cli, struct str answer,
                                    struct aisle_err *err)
{
    json_t *counts = NULL, *times;
    const char *edit;
    enum aisle_status status =
        json_read(answer, BUF_MAX_REPLY, "the sandbox's answer", &counts, err);

    if (status == AISLE_OK)
        status = out_begin(&cli->out, evolve_columns, err);
    json_object_foreach(counts, edit, times)
    {
        if (status != AISLE_OK)
            break;
        out_str(&cli->out, str_of(edit));
        out_int(&cli->out, json_integer_value(times));
        status = out_row(&cli->out, err);
    }
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    json_decref(counts);
    return status;
}

static enum aisle_status run_evolve(struct cli *cli, struct aisle_err *err)
{
    struct buf edits = BUF_INIT(BUF_MAX_REQUEST), answer = BUF_INIT(BUF_MAX_REPLY);
    struct control control;
    enum aisle_status status = find_sandbox(cli, &control, err);

    if (status == AISLE_OK)
        status = cli_read(cli, cli_operand(cli, 0), &edits, err);
    if (status == AISLE_OK)
        status = control_evolve(&control, buf_str(&edits), &answer, err);
    if (status == AISLE_OK)
        status = tell_edits(cli, buf_str(&answer), err);
    buf_clear(&answer);
    buf_clear(&edits);
    return status;
}

static const struct option env_options[] = {OPTION_ENV_FILE, END_OF_OPTIONS};

static const struct example evolve_examples[] = {
    {"aisle sandbox evolve edits.json --env-file sandbox.env",
     "a JSON array of edits, of the tree and of what its categories ask for"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_evolve = {
    .noun = "sandbox",
    .verb = "evolve",
    .operands = "FILE",
    .summary = "change the tree of a running sandbox, all edits or none",
    .about = "An edit is {\"op\": \"rename\", \"id\": \"901963\", \"names\": {\"id-ID\": "
             "\"Serum\"}}; add takes parent_id, names and permission, move parent_id, "
             "permission permission, remove nothing more. What categories ask for is "
             "changed by rules, attribute, drop-attribute and drop-value. FILE may be - "
             "for stdin.",
    .examples = evolve_examples,
    .options = env_options,
    .columns = evolve_columns,
    .uses = USES_ROWS,
    .run = run_evolve,
};

/* ---- fault ---- */

static enum aisle_status run_fault(struct cli *cli, struct aisle_err *err)
{
    struct sandbox_fault faults[SANDBOX_MAX_FAULTS];
    size_t count = cli->args.operand_count;
    struct control control;
    enum aisle_status status = find_sandbox(cli, &control, err);

    if (status == AISLE_OK && count > SANDBOX_MAX_FAULTS)
        return cli_misuse(cli, err, "over %d faults", SANDBOX_MAX_FAULTS);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = sandbox_fault_parse(cli->args.operands[i], &faults[i], err);
    if (status == AISLE_INVALID)
        cli->exit_code = EXIT_USAGE;
    if (status == AISLE_OK)
        status = control_fault(&control, faults, count, err);
    if (status == AISLE_OK && count)
        say(&cli->voice, "%zu %s of fault from now on", count,
            say_noun((int64_t)count, "kind", "kinds"));
    else if (status == AISLE_OK)
        say(&cli->voice, "no faults from now on");
    return status;
}

static const struct example fault_examples[] = {
    {"aisle sandbox fault 5xx=0.2 429=0.1,retry-after=2",
     "from now on these and no others"},
    {"aisle sandbox fault refuse=0.5,path=/recommend",
     "only where the path has this in it"},
    {"aisle sandbox fault", "none any more"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_fault = {
    .noun = "sandbox",
    .verb = "fault",
    .operands = "[FAULT]...",
    .summary = "set what goes wrong in a running sandbox",
    .about =
        "A fault is KIND=RATE, from 0 never to 1 always, and perhaps path=, ms=, "
        "status=, retry-after= or html. Kinds: refuse, wrong, delay, 429, 5xx, cut, "
        "reset, html, duplicate, token-expired, slow. What goes wrong follows from the "
        "seed, so a run repeats. Of webhooks there are hook-late, hook-twice and "
        "hook-lost; their path is /hook/TYPE.",
    .examples = fault_examples,
    .options = env_options,
    .run = run_fault,
};

/* ---- log ---- */

static enum aisle_status run_log(struct cli *cli, struct aisle_err *err)
{
    struct control control;
    enum aisle_status status = find_sandbox(cli, &control, err);

    if (status == AISLE_OK)
        status = control_log(&control, (uint64_t)cli_count(cli, "from", 1), &cli->out.buf,
                             err);
    return status;
}

static const struct option log_options[] = {
    {.name = "from",
     .kind = OPTION_COUNT,
     .argument = "N",
     .fallback = "1",
     .help = "the first call wanted"},
    OPTION_ENV_FILE,
    END_OF_OPTIONS,
};

static const struct example log_examples[] = {
    {"aisle sandbox log --env-file sandbox.env", "every call it got, as JSON lines"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_log = {
    .noun = "sandbox",
    .verb = "log",
    .summary = "the calls a running sandbox got, as JSON lines",
    .examples = log_examples,
    .options = log_options,
    .run = run_log,
};

/* ---- trigger ---- */

static bool is_trigger(struct str word)
{
    static const char *const words[] = {"audit", "suspend", "recategorize",
                                        "deactivate-sku", "webhook"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

static enum aisle_status run_trigger(struct cli *cli, struct aisle_err *err)
{
    struct str word = cli_operand(cli, 0);
    int64_t type = cli_count(cli, "type", 0);
    struct control control;
    enum aisle_status status;

    if (!is_trigger(word))
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "'%.*s' cannot be triggered; audit, suspend, recategorize, "
                          "deactivate-sku and webhook can",
                          STR_ARG(word));
    if (type > UINT16_MAX)
        return cli_misuse(cli, err, "--type is 5, 15, 16, 18 or 37");
    status = find_sandbox(cli, &control, err);
    if (status == AISLE_OK)
        status =
            control_trigger_product(&control, word, cli_text(cli, "product"),
                                    cli_text(cli, "to"), (int)type, &cli->out.buf, err);
    if (status == AISLE_OK)
        buf_addc(&cli->out.buf, '\n');
    return status;
}

static const struct option trigger_options[] = {
    {.name = "product",
     .kind = OPTION_TEXT,
     .argument = "ID",
     .help = "which; audit and suspend without it: all there are"},
    {.name = "to",
     .kind = OPTION_TEXT,
     .argument = "WHAT",
     .help =
         "audit: live, failed or pre-approved; suspend: freeze; recategorize: a leaf; "
         "deactivate-sku: one of its SKUs"},
    {.name = "type",
     .kind = OPTION_COUNT,
     .argument = "N",
     .help = "of the webhook: 5, 15, 16, 18 or 37"},
    OPTION_ENV_FILE,
    END_OF_OPTIONS,
};

static const struct example trigger_examples[] = {
    {"aisle sandbox trigger audit --to failed", "every listing in audit fails it"},
    {"aisle sandbox trigger recategorize --product 1729000000000000001 --to 650689",
     "as the platform does, with its webhook"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_trigger = {
    .noun = "sandbox",
    .verb = "trigger",
    .operands = "WHAT",
    .summary = "have something happen to products of a running sandbox",
    .about = "WHAT is audit, which ends audits; suspend, which takes live products off; "
             "recategorize, which puts one into another category; deactivate-sku, which "
             "switches one of its SKUs off; or webhook, which sends one of a type.",
    .examples = trigger_examples,
    .options = trigger_options,
    .run = run_trigger,
};

/* ---- expire ---- */

static enum aisle_status run_expire(struct cli *cli, struct aisle_err *err)
{
    static const struct {
        const char *word, *trigger;
    } words[] = {{"access", "expire-access"},
                 {"refresh", "expire-refresh"},
                 {"codes", "expire-codes"},
                 {"tokopedia", "expire-tokopedia"},
                 {"consent", "revoke"}};
    struct str word = cli_operand(cli, 0);
    const char *trigger = NULL;
    struct control control;
    enum aisle_status status;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i].word))
            trigger = words[i].trigger;
    if (!trigger)
        return cli_misuse(cli, err,
                          "'%.*s' cannot expire; access, refresh, codes, tokopedia and "
                          "consent can",
                          STR_ARG(word));
    status = find_sandbox(cli, &control, err);
    if (status == AISLE_OK)
        status = control_trigger(&control, str_of(trigger), &cli->out.buf, err);
    if (status == AISLE_OK)
        buf_addc(&cli->out.buf, '\n');
    return status;
}

static const struct example expire_examples[] = {
    {"aisle sandbox expire access",
     "every access token is over; refresh tokens are good"},
    {"aisle sandbox expire consent", "sellers took their consent back"},
    END_OF_EXAMPLES,
};

const struct command command_sandbox_expire = {
    .noun = "sandbox",
    .verb = "expire",
    .operands = "WHAT",
    .summary = "end tokens or consent before their time",
    .about = "WHAT is access, refresh, codes, tokopedia or consent.",
    .examples = expire_examples,
    .options = env_options,
    .run = run_expire,
};
