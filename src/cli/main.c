/* main.c - one command: taken apart, given what it needs, run, and its end told */
#include "cli/cli.h"
#include "cli/help.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* ---- before ---- */

static size_t terminal_width(int fd)
{
    struct winsize size;
    int64_t columns;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return parse_i64(str_of(getenv("COLUMNS")), 20, 1000, &columns) ? (size_t)columns
                                                                    : 80;
}

static bool is_terminal(int fd)
{
    const char *term = getenv("TERM");

    return isatty(fd) && !(term && strcmp(term, "dumb") == 0);
}

static int times_given(const struct args *args, const char *name)
{
    int times = 0;

    for (size_t i = 0; i < args->given_count; i++)
        times += strcmp(args->given[i].option->name, name) == 0;
    return times;
}

/* How words are spoken is decided before there are settings, so that also what is wrong
 * with those can be said. */
static void open_voice(struct cli *cli)
{
    struct str format = str_of(getenv("AISLE_LOG_FORMAT"));

    args_value(&cli->args, "log-format", &format);
    voice_init(&cli->voice, STDERR_FILENO, times_given(&cli->args, "quiet") > 0,
               times_given(&cli->args, "verbose"), str_is(format, "json"),
               clock_system());
    cli->voice.width = terminal_width(STDERR_FILENO);
}

static void open_out(struct cli *cli)
{
    const char *no_color = getenv("NO_COLOR");
    bool terminal = is_terminal(STDOUT_FILENO);
    enum out_form form = terminal ? OUT_TABLE : OUT_TSV;

    if (times_given(&cli->args, "json"))
        form = OUT_JSON;
    if (times_given(&cli->args, "jsonl"))
        form = OUT_JSONL;
    out_init(&cli->out, STDOUT_FILENO, form);
    cli->out.width = terminal_width(STDOUT_FILENO);
    cli->out.color = terminal && !(no_color && *no_color);
    args_value(&cli->args, "fields", &cli->out.fields);
}

/* ---- the end ---- */

static enum exit_code end_usage(struct cli *cli, const struct aisle_err *err)
{
    const struct args *args = &cli->args;

    if (args->command)
        cli_try(cli, "aisle help %s%s%s", args->command->noun,
                args->command->verb ? " " : "",
                args->command->verb ? args->command->verb : "");
    else if (noun_find(args->noun))
        cli_try(cli, "aisle help %.*s", STR_ARG(args->noun));
    else
        cli_try(cli, "aisle help");
    say_error(&cli->voice, err, buf_str(&cli->remedy));
    return EXIT_USAGE;
}

/* What usually mends a failure, where the command knew nothing better. */
static void usual_remedy(struct cli *cli, const struct aisle_err *err)
{
    if (cli->remedy.n)
        return;
    if (err->status == AISLE_AUTH)
        cli_try(cli, "aisle shop list, then aisle shop login SHOP");
    else if (err->status == AISLE_NOT_FOUND && cli->app_open &&
             command_option(cli->command, STR_LIT("target")))
        cli_try_lacking(cli, cli_text(cli, "target"));
    else if (err->status == AISLE_CONFIG && cli->settings.count == 0)
        cli_try(cli, "aisle config path, aisle help settings");
    else if (err->status == AISLE_CONFIG)
        cli_try(cli, "aisle doctor");
    else if (err->status == AISLE_BUSY && err->retry_after_s > 0)
        cli_try(cli, "again in %d s", err->retry_after_s);
    else if (err->status == AISLE_BUSY)
        cli_try(cli, "again later");
}

static enum exit_code end_run(struct cli *cli, enum aisle_status status,
                              struct aisle_err *err)
{
    say_progress_end(&cli->voice);
    if (status == AISLE_STOPPED && cli->out.unread)
        return cli->exit_code; /* whoever read has read enough */
    if (status == AISLE_OK)
        status = out_end(&cli->out, err);
    if (status == AISLE_OK || cli->out.unread)
        return cli->exit_code;
    if (err->status == AISLE_OK)
        err->status = status;
    if (status == AISLE_INVALID && cli->exit_code == EXIT_USAGE)
        return end_usage(cli, err);
    out_break_off(&cli->out, NULL); /* what was found before it went wrong */
    usual_remedy(cli, err);
    say_error(&cli->voice, err, buf_str(&cli->remedy));
    return exit_of(status);
}

static enum exit_code run_command(struct cli *cli)
{
    struct aisle_err err = {0};
    enum aisle_status status = AISLE_OK;

    cli->command = cli->args.command;
    if (times_given(&cli->args, "json") && times_given(&cli->args, "jsonl")) {
        aisle_fail(&err, AISLE_INVALID, "--json and --jsonl exclude each other");
        return end_usage(cli, &err);
    }
    if (cli->command->columns &&
        out_check_fields(cli->out.fields, cli_columns(cli), &err) != AISLE_OK)
        return end_usage(cli, &err);
    if (cli->command->uses)
        status = cli_load_settings(cli, &err);
    if (status == AISLE_OK)
        status = cli->command->run(cli, &err);
    return end_run(cli, status, &err);
}

/* Help that was asked for with --help, or with nothing at all. */
static enum exit_code run_help(struct cli *cli)
{
    const struct command *c = cli->args.command;
    const struct noun *noun = noun_find(cli->args.noun);
    struct aisle_err err = {0};

    if (c)
        help_command(c, cli_help_width(cli), &cli->out.buf);
    else if (noun)
        help_noun(noun, cli_help_width(cli), &cli->out.buf);
    else
        help_front(cli_help_width(cli), &cli->out.buf);
    return end_run(cli, AISLE_OK, &err);
}

int main(int argc, char *argv[])
{
    struct cli cli = {.arena = ARENA_INIT(ARENA_MAX_WORK),
                      .remedy = BUF_INIT(BUF_MAX_LINE)};
    struct aisle_err err = {0};
    enum exit_code code;
    enum aisle_status status =
        args_parse(&cli.arena, argc > 0 ? argc - 1 : 0, argv + 1, &cli.args, &err);

    signal(SIGPIPE, SIG_IGN); /* writing to a closed pipe is an error like another */
    open_voice(&cli);
    open_out(&cli);
    if (status != AISLE_OK)
        code = end_usage(&cli, &err);
    else if (cli.args.help || !cli.args.command)
        code = run_help(&cli);
    else
        code = run_command(&cli);
    cli_close(&cli);
    out_clear(&cli.out);
    voice_clear(&cli.voice);
    buf_clear(&cli.remedy);
    arena_clear(&cli.arena);
    return (int)code;
}
