#include "cli/help.h"

#include <stdio.h>

/* ---- lists, in table order ---- */

static void add_nouns(struct buf *out)
{
    for (const struct noun *n = nouns; n->name; n++)
        buf_addf(out, "%s%s", n == nouns ? "" : " ", n->name);
}

static bool is_verb_of(const struct command *c, const char *noun)
{
    return c->verb && command_is_shown(c) && strcmp(c->noun, noun) == 0;
}

static void add_verbs(struct buf *out, const char *noun)
{
    bool first = true;

    for (size_t i = 0; commands[i]; i++) {
        if (!is_verb_of(commands[i], noun))
            continue;
        buf_addf(out, "%s%s", first ? "" : " ", commands[i]->verb);
        first = false;
    }
}

static bool is_help(const struct command *c)
{
    return strcmp(c->noun, "help") == 0;
}

/* What operands may be: those of the first, or of any. */
static void add_operand_words(struct buf *out, const struct command *c, bool any)
{
    struct str rest = str_of(c->words), first = str_cut(&rest, '|');

    buf_add(out, first);
    if (any && !str_empty(rest)) {
        buf_addz(out, str_empty(first) ? "" : " ");
        buf_add(out, rest);
    }
    if (!is_help(c))
        return;
    add_nouns(out);
    for (const struct topic *t = topics; t->name; t++)
        buf_addf(out, " %s", t->name);
}

/* Those of the second, as branches of a case over the word before it. */
static void bash_second_words(struct buf *out, const struct command *c)
{
    struct str rest = str_of(c->words);

    str_cut(&rest, '|');
    if (!str_empty(rest))
        buf_addf(out, "        *) words='%.*s' ;;\n", STR_ARG(rest));
    for (const struct noun *n = nouns; is_help(c) && n->name; n++) {
        if (noun_alone(n->name))
            continue;
        buf_addf(out, "        %s) words='", n->name);
        add_verbs(out, n->name);
        buf_addz(out, "' ;;\n");
    }
}

/* ---- options that take the next word ---- */

struct takers {
    struct buf names; /* "--store|--seller|-t" */
};

static bool has_taker(const struct takers *t, const char *name)
{
    struct str rest = buf_str(&t->names);

    while (!str_empty(rest))
        if (str_is(str_cut(&rest, '|'), name))
            return true;
    return false;
}

static void add_taker(void *ctx, const struct option *o)
{
    struct takers *t = ctx;
    char name[80], letter[3] = {'-', o->letter, '\0'};

    snprintf(name, sizeof name, "--%s", o->name);
    if (o->argument && !has_taker(t, name))
        buf_addf(&t->names, "%s%s", t->names.n ? "|" : "", name);
    if (o->argument && o->letter && !has_taker(t, letter))
        buf_addf(&t->names, "|%s", letter);
}

static void add_takers(struct buf *out)
{
    struct takers t = {BUF_INIT(BUF_MAX_REQUEST)};

    for (size_t i = 0; commands[i]; i++)
        if (command_is_shown(commands[i]))
            command_each_option(commands[i], add_taker, &t);
    buf_add(out, buf_str(&t.names));
    buf_clear(&t.names);
}

/* ---- bash ---- */

static void bash_name(void *ctx, const struct option *o)
{
    buf_addf(ctx, " --%s", o->name);
}

static void bash_value(void *ctx, const struct option *o)
{
    struct buf *out = ctx;

    if (!o->argument)
        return;
    buf_addf(out, "        --%s", o->name);
    if (o->letter)
        buf_addf(out, " | -%c", o->letter);
    if (o->choices)
        buf_addf(out, ") words='%s' ;;\n", o->choices);
    else
        buf_addf(out, ") %s ;;\n", o->kind == OPTION_FILE ? "files=yes" : "return");
}

static void bash_command(struct buf *out, const struct command *c)
{
    buf_addf(out, "    '%s %s'%s)\n", c->noun, c->verb ? c->verb : "",
             c->verb ? "" : "*");
    buf_addf(out, "        case $((plain - %d)) in\n        0) words='", c->verb ? 2 : 1);
    add_operand_words(out, c, false);
    buf_addz(out, "' ;;\n        1) case $before in\n");
    bash_second_words(out, c);
    buf_addz(out, "        esac ;;\n        esac\n        options='");
    command_each_option(c, bash_name, out);
    buf_addz(out, "'\n        case $prev in\n");
    command_each_option(c, bash_value, out);
    buf_addz(out, "        *) [ -n \"$words\" ] || files=yes ;;\n"
                  "        esac\n        ;;\n");
}

void completion_bash(struct buf *out)
{
    buf_addz(
        out,
        "# bash completion of aisle; in ~/.bashrc: source <(aisle completion bash)\n"
        "_aisle()\n{\n"
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
        "    local noun= verb= words= options= files= before= word i plain=0\n"
        "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
        "        word=${COMP_WORDS[i]}\n"
        "        case $word in\n        ");
    add_takers(out);
    buf_addz(out,
             ") # its value comes too, which bash takes apart at = and :\n"
             "            [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))\n"
             "            ((i++))\n"
             "            while [[ ${COMP_WORDS[i + 1]} == : ]]; do ((i += 2)); done\n"
             "            continue ;;\n"
             "        -*) continue ;;\n"
             "        esac\n"
             "        if [ -z \"$noun\" ]; then noun=$word\n"
             "        elif [ -z \"$verb\" ]; then verb=$word; fi\n"
             "        before=$word\n"
             "        ((plain++))\n"
             "    done\n"
             "    case \"$noun $verb\" in\n"
             "    ' ') words='");
    add_nouns(out);
    buf_addz(out, "' ;;\n");
    for (const struct noun *n = nouns; n->name; n++) {
        if (noun_alone(n->name))
            continue;
        buf_addf(out, "    '%s ') words='", n->name);
        add_verbs(out, n->name);
        buf_addz(out, "' ;;\n");
    }
    for (size_t i = 0; commands[i]; i++)
        if (command_is_shown(commands[i]))
            bash_command(out, commands[i]);
    buf_addz(out, "    esac\n"
                  "    [[ $cur == -* ]] && words=$options files=\n"
                  "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                  "    [ -n \"$files\" ] && COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
                  "}\n"
                  "complete -F _aisle aisle\n");
}

/* ---- zsh ---- */

/* Text inside single quotes, where zsh's own signs must not count. */
static void zsh_text(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            buf_addz(out, "'\\'");
        else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *text);
    }
}

static void zsh_described(struct buf *out, const char *name, const char *summary)
{
    buf_addf(out, " '%s:", name);
    zsh_text(out, summary);
    buf_addc(out, '\'');
}

static void zsh_option(void *ctx, const struct option *o)
{
    struct buf *out = ctx;

    buf_addf(out, " \\\n            '%s--%s[", o->repeats ? "*" : "", o->name);
    zsh_text(out, o->help);
    buf_addc(out, ']');
    if (o->argument)
        buf_addf(out, ":%s:", o->argument);
    if (o->choices)
        buf_addf(out, "(%s)", o->choices);
    else if (o->kind == OPTION_FILE)
        buf_addz(out, "_files");
    buf_addc(out, '\'');
}

static void zsh_command(struct buf *out, const struct command *c)
{
    struct buf words = BUF_INIT(BUF_MAX_LINE);

    add_operand_words(&words, c, true);
    buf_addf(out, "    '%s %s'%s)\n        _arguments -s", c->noun,
             c->verb ? c->verb : "", c->verb ? "" : "*");
    command_each_option(c, zsh_option, out);
    if (words.n)
        buf_addf(out, " \\\n            '*: :(%s)' ;;\n", buf_str(&words).p);
    else
        buf_addz(out, " \\\n            '*: :_files' ;;\n");
    buf_clear(&words);
}

void completion_zsh(struct buf *out)
{
    buf_addz(out, "#compdef aisle\n"
                  "# zsh completion of aisle; put it as _aisle into a folder of $fpath\n"
                  "_aisle() {\n"
                  "    local noun verb word\n"
                  "    local -a list\n"
                  "    for word in ${words[2,CURRENT-1]}; do\n"
                  "        [[ $word == -* ]] && continue\n"
                  "        if [[ -z $noun ]]; then noun=$word\n"
                  "        elif [[ -z $verb ]]; then verb=$word; fi\n"
                  "    done\n"
                  "    case \"$noun $verb\" in\n"
                  "    ' ')\n        list=(");
    for (const struct noun *n = nouns; n->name; n++)
        zsh_described(out, n->name, n->summary);
    buf_addz(out, ")\n        _describe command list ;;\n");
    for (const struct noun *n = nouns; n->name; n++) {
        if (noun_alone(n->name))
            continue;
        buf_addf(out, "    '%s ')\n        list=(", n->name);
        for (size_t i = 0; commands[i]; i++)
            if (is_verb_of(commands[i], n->name))
                zsh_described(out, commands[i]->verb, commands[i]->summary);
        buf_addz(out, ")\n        _describe verb list ;;\n");
    }
    for (size_t i = 0; commands[i]; i++)
        if (command_is_shown(commands[i]))
            zsh_command(out, commands[i]);
    buf_addz(out, "    esac\n"
                  "}\n"
                  "if [[ $funcstack[1] == _aisle ]]; then _aisle \"$@\"; "
                  "else compdef _aisle aisle; fi\n");
}

/* ---- fish ---- */

static void fish_text(struct buf *out, const char *text)
{
    buf_addz(out, " -d '");
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *text);
    }
    buf_addz(out, "'\n");
}

struct fish_option {
    struct buf *out;
    const struct command *command;
};

static void fish_option(void *ctx, const struct option *o)
{
    const struct fish_option *f = ctx;
    const struct command *c = f->command;

    buf_addf(f->out, "complete -c aisle -n '__fish_seen_subcommand_from %s%s%s' -l %s",
             c->noun, c->verb ? "; and __fish_seen_subcommand_from " : "",
             c->verb ? c->verb : "", o->name);
    if (o->letter)
        buf_addf(f->out, " -s %c", o->letter);
    if (o->choices)
        buf_addf(f->out, " -xa '%s'", o->choices);
    else if (o->argument)
        buf_addz(f->out, o->kind == OPTION_FILE ? " -rF" : " -x");
    fish_text(f->out, o->help);
}

static void fish_verb(struct buf *out, const struct command *c)
{
    buf_addf(out,
             "complete -c aisle -n '__fish_seen_subcommand_from %s; and not "
             "__fish_seen_subcommand_from ",
             c->noun);
    add_verbs(out, c->noun);
    buf_addf(out, "' -fa %s", c->verb);
    fish_text(out, c->summary);
}

static void fish_command(struct buf *out, const struct command *c)
{
    struct buf words = BUF_INIT(BUF_MAX_LINE);
    struct fish_option each = {out, c};

    if (c->verb)
        fish_verb(out, c);
    add_operand_words(&words, c, true);
    if (words.n)
        buf_addf(out,
                 "complete -c aisle -n '__fish_seen_subcommand_from %s%s%s' -fa '%s'\n",
                 c->noun, c->verb ? "; and __fish_seen_subcommand_from " : "",
                 c->verb ? c->verb : "", buf_str(&words).p);
    buf_clear(&words);
    command_each_option(c, fish_option, &each);
}

void completion_fish(struct buf *out)
{
    buf_addz(out,
             "# fish completion of aisle; as ~/.config/fish/completions/aisle.fish\n");
    for (const struct noun *n = nouns; n->name; n++) {
        buf_addf(out, "complete -c aisle -n __fish_use_subcommand -fa %s", n->name);
        fish_text(out, n->summary);
    }
    for (size_t i = 0; commands[i]; i++)
        if (command_is_shown(commands[i]))
            fish_command(out, commands[i]);
}
