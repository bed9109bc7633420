#include "cli/args.h"

#include "base/buf.h"
#include "base/nearest.h"

#include <stdio.h>

struct parser {
    struct arena *arena;
    struct args *args;
    struct given *given;
    struct str *operands;
    char *const *argv;
    int argc, at;
};

/* ---- values ---- */

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_of(choices);

    while (!str_empty(rest))
        if (str_eq(str_cut(&rest, ' '), value))
            return true;
    return false;
}

static enum aisle_status check_one(const struct option *o, struct str value,
                                   const char *from, struct aisle_err *err)
{
    int64_t number;

    switch (o->kind) {
    case OPTION_COUNT:
        if (!parse_i64(value, 0, INT64_MAX, &number))
            return aisle_fail(err, AISLE_INVALID, "%s wants a whole number, not '%.*s'",
                              from, STR_ARG(value));
        break;
    case OPTION_DURATION:
        if (!parse_duration_s(value, &number))
            return aisle_fail(err, AISLE_INVALID,
                              "%s wants a time such as 90s, 15m, 12h or 7d, not '%.*s'",
                              from, STR_ARG(value));
        break;
    case OPTION_CHOICE:
        if (!is_choice(o->choices, value))
            return aisle_fail(err, AISLE_INVALID, "%s is one of: %s; not '%.*s'", from,
                              o->choices, STR_ARG(value));
        break;
    case OPTION_SWITCH:
        if (!parse_bool(value, &(bool){false}))
            return aisle_fail(err, AISLE_INVALID, "%s is yes or no, not '%.*s'", from,
                              STR_ARG(value));
        break;
    case OPTION_TEXT:
    case OPTION_FILE:
        break;
    }
    return AISLE_OK;
}

enum aisle_status option_check(const struct option *o, struct str value, const char *from,
                               struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!o->commas)
        return check_one(o, value, from, err);
    while (status == AISLE_OK && !str_empty(value))
        status = check_one(o, str_cut(&value, ','), from, err);
    return status;
}

/* ---- noun and verb ---- */

static enum aisle_status unknown_noun(struct str word, struct aisle_err *err)
{
    struct nearest near = {.typed = word};

    aisle_fail(err, AISLE_INVALID, "there is no command '%.*s'", STR_ARG(word));
    for (const struct noun *n = nouns; n->name; n++)
        nearest_try(&near, str_of(n->name));
    nearest_note(&near, err);
    return AISLE_INVALID;
}

static enum aisle_status unknown_verb(struct str noun, struct str word,
                                      struct aisle_err *err)
{
    struct nearest near = {.typed = word};

    if (str_empty(word))
        return aisle_fail(err, AISLE_INVALID, "'%.*s' wants a verb", STR_ARG(noun));
    aisle_fail(err, AISLE_INVALID, "'%.*s' has no verb '%.*s'", STR_ARG(noun),
               STR_ARG(word));
    for (size_t i = 0; commands[i]; i++)
        if (str_is(noun, commands[i]->noun) && commands[i]->verb && !commands[i]->hidden)
            nearest_try(&near, str_of(commands[i]->verb));
    nearest_note(&near, err);
    return AISLE_INVALID;
}

/* An option before the noun must be one that some command has; which one tells whether
 * the word after it is its value. */
static const struct option *option_anywhere(struct str name)
{
    for (size_t i = 0; commands[i]; i++) {
        const struct option *o = command_option(commands[i], name);

        if (o)
            return o;
    }
    return NULL;
}

static const struct option *option_anywhere_letter(char letter)
{
    for (size_t i = 0; commands[i]; i++) {
        const struct option *o = command_option_letter(commands[i], letter);

        if (o)
            return o;
    }
    return NULL;
}

/* How many words the option at argv[i] takes: 1, or 2 with its value. */
static int option_words(char *const argv[], int i)
{
    struct str word = str_of(argv[i]);
    const struct option *o;

    if (str_starts(word, "--"))
        o = str_find_char(word, '=') < word.n ? NULL : option_anywhere(str_skip(word, 2));
    else
        o = word.n == 2 ? option_anywhere_letter(word.p[1]) : NULL;
    return o && o->argument ? 2 : 1;
}

/* The first words that are no options: which of argv are noun and verb. -1 for none. */
static void find_words(const struct parser *p, int *noun, int *verb)
{
    *noun = *verb = -1;
    for (int i = 0; i < p->argc && *verb < 0;) {
        if (p->argv[i][0] == '-' && p->argv[i][1]) {
            i += option_words(p->argv, i);
            continue;
        }
        if (*noun < 0)
            *noun = i;
        else
            *verb = i;
        i++;
    }
}

static bool asks_help(const struct parser *p)
{
    for (int i = 0; i < p->argc && strcmp(p->argv[i], "--") != 0; i++)
        if (strcmp(p->argv[i], "--help") == 0 || strcmp(p->argv[i], "-h") == 0)
            return true;
    return false;
}

/* ---- options and operands ---- */

static enum aisle_status add_given(struct parser *p, const struct option *o,
                                   struct str value, const char *from,
                                   struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (o->argument)
        status = option_check(o, value, from, err);
    if (status == AISLE_OK)
        p->given[p->args->given_count++] = (struct given){o, value};
    return status;
}

static void try_option(void *ctx, const struct option *o)
{
    nearest_try(ctx, str_of(o->name));
}

static enum aisle_status unknown_option(const struct parser *p, const char *dashes,
                                        struct str name, struct aisle_err *err)
{
    const struct command *c = p->args->command;
    struct nearest near = {.typed = name};

    aisle_fail(err, AISLE_INVALID, "'%s%s%s' has no option %s%.*s", c->noun,
               c->verb ? " " : "", c->verb ? c->verb : "", dashes, STR_ARG(name));
    if (name.n > 1)
        command_each_option(c, try_option, &near);
    nearest_note(&near, err);
    return AISLE_INVALID;
}

/* The value of an option that has none in its own word: the next word. */
static bool next_value(struct parser *p, struct str *value)
{
    if (p->at + 1 >= p->argc)
        return false;
    *value = str_of(p->argv[++p->at]);
    return true;
}

static enum aisle_status take_long(struct parser *p, struct str word,
                                   struct aisle_err *err)
{
    bool has_value = str_find_char(word, '=') < word.n;
    struct str value = word, name = str_cut(&value, '=');
    const struct option *o = command_option(p->args->command, name);
    char from[80];

    if (!o)
        return unknown_option(p, "--", name, err);
    if (!o->argument && has_value)
        return aisle_fail(err, AISLE_INVALID, "--%s takes no value", o->name);
    if (o->argument && !has_value && !next_value(p, &value))
        return aisle_fail(err, AISLE_INVALID, "--%s wants a value: %s", o->name,
                          o->argument);
    snprintf(from, sizeof(from), "--%s", o->name);
    return add_given(p, o, o->argument ? value : STR_LIT(""), from, err);
}

static enum aisle_status take_letters(struct parser *p, struct str letters,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && !str_empty(letters)) {
        const struct option *o = command_option_letter(p->args->command, letters.p[0]);
        char from[3] = {'-', letters.p[0], '\0'};
        struct str value = STR_LIT("");

        if (!o)
            return unknown_option(p, "-", str_head(letters, 1), err);
        letters = str_skip(letters, 1);
        if (o->argument) {
            value = letters;
            letters = STR_LIT("");
            if (str_empty(value) && !next_value(p, &value))
                return aisle_fail(err, AISLE_INVALID, "%s wants a value: %s", from,
                                  o->argument);
        }
        status = add_given(p, o, value, from, err);
    }
    return status;
}

static enum aisle_status check_operands(const struct args *args, struct aisle_err *err)
{
    const struct command *c = args->command;
    size_t least, most;

    operands_range(c->operands, &least, &most);
    if (args->operand_count < least)
        return aisle_fail(err, AISLE_INVALID, "'%s%s%s' wants %s", c->noun,
                          c->verb ? " " : "", c->verb ? c->verb : "", c->operands);
    if (args->operand_count > most)
        return aisle_fail(err, AISLE_INVALID, "'%s%s%s' does not take '%.*s'", c->noun,
                          c->verb ? " " : "", c->verb ? c->verb : "",
                          STR_ARG(args->operands[most]));
    return AISLE_OK;
}

/* Everything but the words at noun and verb. */
static enum aisle_status take_rest(struct parser *p, int noun, int verb,
                                   struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    bool no_more_options = false;

    for (p->at = 0; status == AISLE_OK && p->at < p->argc; p->at++) {
        struct str word = str_of(p->argv[p->at]);

        if (p->at == noun || p->at == verb)
            continue;
        if (!no_more_options && str_is(word, "--"))
            no_more_options = true;
        else if (!no_more_options && str_starts(word, "--"))
            status = take_long(p, str_skip(word, 2), err);
        else if (!no_more_options && word.n > 1 && word.p[0] == '-')
            status = take_letters(p, str_skip(word, 1), err);
        else
            p->operands[p->args->operand_count++] = word;
    }
    return status;
}

/* A line of options alone: --version stands for the command, anything else lacks one. */
static enum aisle_status no_words(const struct parser *p, struct aisle_err *err)
{
    for (int i = 0; i < p->argc; i++)
        if (strcmp(p->argv[i], "--version") == 0 || strcmp(p->argv[i], "-V") == 0)
            p->args->command = command_find(STR_LIT("version"), STR_LIT(""));
    if (p->argc && !p->args->command && !p->args->help)
        return aisle_fail(err, AISLE_INVALID, "%s wants a command to go with",
                          p->argv[0]);
    return AISLE_OK;
}

/* Which command is meant; *verb becomes -1 when that word is an operand. */
static enum aisle_status find_command(const struct parser *p, int noun, int *verb,
                                      struct aisle_err *err)
{
    struct args *args = p->args;

    args->noun = str_of(noun < 0 ? NULL : p->argv[noun]);
    args->verb = str_of(*verb < 0 ? NULL : p->argv[*verb]);
    if (noun < 0)
        return no_words(p, err);
    args->command = command_find(args->noun, STR_LIT(""));
    if (args->command) { /* stands alone: the next word is its operand */
        *verb = -1;
        args->verb = STR_LIT("");
        return AISLE_OK;
    }
    if (!noun_find(args->noun))
        return unknown_noun(args->noun, err);
    args->command = command_find(args->noun, args->verb);
    if (!args->command && !args->help)
        return unknown_verb(args->noun, args->verb, err);
    return AISLE_OK;
}

enum aisle_status args_parse(struct arena *arena, int argc, char *const argv[],
                             struct args *out, struct aisle_err *err)
{
    struct parser p = {.arena = arena, .args = out, .argv = argv, .argc = argc};
    size_t words = 0;
    int noun, verb;
    enum aisle_status status;

    *out = (struct args){.help = asks_help(&p)};
    for (int i = 0; i < argc; i++) /* no word holds more options than it has letters */
        words += strlen(argv[i]) + 1;
    p.given = arena_zalloc(arena, words + 1, sizeof(*p.given));
    p.operands = arena_zalloc(arena, (size_t)argc + 1, sizeof(*p.operands));
    if (!p.given || !p.operands)
        return aisle_nomem(err);
    out->given = p.given;
    out->operands = p.operands;

    find_words(&p, &noun, &verb);
    status = find_command(&p, noun, &verb, err);
    if (status != AISLE_OK || out->help || !out->command)
        return status;
    status = take_rest(&p, noun, verb, err);
    if (status == AISLE_OK)
        status = check_operands(out, err);
    return status;
}

bool args_value(const struct args *args, const char *name, struct str *value)
{
    for (size_t i = args->given_count; i-- > 0;)
        if (strcmp(args->given[i].option->name, name) == 0) {
            *value = args->given[i].value;
            return true;
        }
    return false;
}
