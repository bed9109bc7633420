/* about.c - help, man, completion, version: they touch neither store nor network nor
 * settings
 */
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/commands/list.h"
#include "cli/help.h"

/* ---- help ---- */

static enum aisle_status unknown_topic(struct str word, struct aisle_err *err)
{
    struct nearest near = {.typed = word};

    aisle_fail(err, AISLE_NOT_FOUND, "there is no help about '%.*s'", STR_ARG(word));
    for (const struct noun *n = nouns; n->name; n++)
        nearest_try(&near, str_of(n->name));
    for (const struct topic *t = topics; t->name; t++)
        nearest_try(&near, str_of(t->name));
    nearest_note(&near, err);
    return AISLE_NOT_FOUND;
}

static enum aisle_status unknown_verb(struct str noun, struct str verb,
                                      struct aisle_err *err)
{
    struct nearest near = {.typed = verb};

    aisle_fail(err, AISLE_NOT_FOUND, "'%.*s' has no verb '%.*s'", STR_ARG(noun),
               STR_ARG(verb));
    for (size_t i = 0; commands[i]; i++)
        if (str_is(noun, commands[i]->noun) && commands[i]->verb)
            nearest_try(&near, str_of(commands[i]->verb));
    nearest_note(&near, err);
    return AISLE_NOT_FOUND;
}

static enum aisle_status help_about(struct str word, struct str verb, size_t width,
                                    struct buf *out, struct aisle_err *err)
{
    const struct command *c = command_find(word, verb);
    const struct noun *noun = noun_find(word);

    if (str_empty(word)) {
        help_front(width, out);
    } else if (c) {
        help_command(c, width, out);
    } else if (noun && str_empty(verb)) {
        help_noun(noun, width, out);
    } else if (noun) {
        return unknown_verb(word, verb, err);
    } else {
        for (const struct topic *t = topics; t->name; t++)
            if (str_is(word, t->name)) {
                t->format(width, out);
                return AISLE_OK;
            }
        return unknown_topic(word, err);
    }
    return AISLE_OK;
}

static enum aisle_status run_help(struct cli *cli, struct aisle_err *err)
{
    return help_about(cli_operand(cli, 0), cli_operand(cli, 1), cli_help_width(cli),
                      &cli->out.buf, err);
}

static const struct example help_examples[] = {
    {"aisle help tree sync", "about one command"},
    {"aisle help exit-codes",
     "about a topic: exit-codes, environment, formats, settings"},
    {NULL, NULL},
};

const struct command command_help = {
    .noun = "help",
    .operands = "[COMMAND] [VERB]",
    .summary = "about commands and topics",
    .examples = help_examples,
    .run = run_help,
};

/* ---- man: for the build, which installs the pages ---- */

static enum aisle_status run_man(struct cli *cli, struct aisle_err *err)
{
    return man_format(cli_operand(cli, 0), &cli->out.buf, err);
}

const struct command command_man = {
    .noun = "man",
    .operands = "PAGE",
    .summary = "a manual page in roff: aisle, aisle-tree, …",
    .hidden = true,
    .run = run_man,
};

/* ---- completion ---- */

static enum aisle_status run_completion(struct cli *cli, struct aisle_err *err)
{
    struct str shell = cli_operand(cli, 0);

    if (str_is(shell, "bash"))
        completion_bash(&cli->out.buf);
    else if (str_is(shell, "zsh"))
        completion_zsh(&cli->out.buf);
    else if (str_is(shell, "fish"))
        completion_fish(&cli->out.buf);
    else
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "no completions for '%.*s'; there are bash, zsh and fish",
                          STR_ARG(shell));
    return AISLE_OK;
}

static const struct example completion_examples[] = {
    {"source <(aisle completion bash)", "for this shell; put it into ~/.bashrc for all"},
    {"aisle completion fish > ~/.config/fish/completions/aisle.fish", "for fish"},
    {NULL, NULL},
};

const struct command command_completion = {
    .noun = "completion",
    .operands = "SHELL",
    .words = "bash zsh fish",
    .summary = "a shell's completions: bash, zsh or fish",
    .examples = completion_examples,
    .run = run_completion,
};

/* ---- version ---- */

static enum aisle_status run_version(struct cli *cli, struct aisle_err *err)
{
    (void)err;
    buf_addz(&cli->out.buf, "aisle " AISLE_VERSION "\n");
    return AISLE_OK;
}

static const struct option version_options[] = {
    {.name = "version",
     .letter = 'V',
     .kind = OPTION_SWITCH,
     .help = "the same without the command's name: aisle --version"},
    {.name = NULL},
};

const struct command command_version = {
    .noun = "version",
    .summary = "which version this is",
    .options = version_options,
    .run = run_version,
};
