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

/* What the first operand may be. */
static void add_operand_words(struct buf *out, const struct command *c)
{
    struct str rest = str_of(c->words);

    buf_add(out, str_cut(&rest, '|'));
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
    add_operand_words(out, c);
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

/* One of an option's two spellings; the first bars the second where it may not repeat. */
static void zsh_spelling(struct buf *out, const struct option *o, const char *spelling)
{
    buf_addz(out, " \\\n            '");
    if (o->repeats)
        buf_addc(out, '*');
    else if (o->letter)
        buf_addf(out, "(-%c --%s)", o->letter, o->name);
    buf_addf(out, "%s[", spelling);
    zsh_text(out, o->help);
    buf_addc(out, ']');
    if (o->argument) {
        buf_addc(out, ':');
        zsh_text(out, o->argument);
        buf_addc(out, ':');
    }
    if (o->choices)
        buf_addf(out, "(%s)", o->choices);
    else if (o->kind == OPTION_FILE)
        buf_addz(out, "_files");
    buf_addc(out, '\'');
}

static void zsh_option(void *ctx, const struct option *o)
{
    char name[80], letter[3] = {'-', o->letter, '\0'};

    snprintf(name, sizeof name, "--%s%s", o->name, o->argument ? "=" : "");
    zsh_spelling(ctx, o, name);
    if (o->letter)
        zsh_spelling(ctx, o, letter);
}

/* What the second operand may be: of help it hangs on the first, which stands where other
 * commands have their verb. */
static void zsh_help_words(struct buf *out)
{
    buf_addz(out, "        list=()\n        case $verb in\n");
    for (const struct noun *n = nouns; n->name; n++) {
        if (noun_alone(n->name))
            continue;
        buf_addf(out, "        %s) list=(", n->name);
        add_verbs(out, n->name);
        buf_addz(out, ") ;;\n");
    }
    buf_addz(out, "        esac\n");
}

static void zsh_operands(struct buf *out, const struct command *c)
{
    struct buf first = BUF_INIT(BUF_MAX_LINE);
    struct str rest = str_of(c->words);

    str_cut(&rest, '|');
    add_operand_words(&first, c);
    if (first.n)
        buf_addf(out, " \\\n            '1: :(%s)'", buf_str(&first).p);
    if (is_help(c))
        buf_addz(out, " \\\n            \"2: :($list)\"");
    else if (!str_empty(rest))
        buf_addf(out, " \\\n            '2: :(%.*s)'", STR_ARG(rest));
    buf_addz(out, " \\\n            '*: :_files' ;;\n");
    buf_clear(&first);
}

static void zsh_command(struct buf *out, const struct command *c)
{
    buf_addf(out, "    '%s %s'%s)\n", c->noun, c->verb ? c->verb : "",
             c->verb ? "" : "*");
    if (is_help(c))
        zsh_help_words(out);
    buf_addz(out, "        _arguments -s");
    command_each_option(c, zsh_option, out);
    zsh_operands(out, c);
}

static void zsh_lists(struct buf *out)
{
    buf_addz(out, "    ' ')\n        list=(");
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
}

/* The nouns that are a command without a verb, parted by bars. */
static void add_alone(struct buf *out)
{
    bool first = true;

    for (const struct noun *n = nouns; n->name; n++) {
        if (!noun_alone(n->name))
            continue;
        buf_addf(out, "%s%s", first ? "" : "|", n->name);
        first = false;
    }
}

void completion_zsh(struct buf *out)
{
    buf_addz(out, "#compdef aisle\n"
                  "# zsh completion of aisle; put it as _aisle into a folder of $fpath\n"
                  "_aisle() {\n"
                  "    local noun= verb= word=\n"
                  "    local -i i at=0\n"
                  "    local -a list kept=(\"$words[1]\")\n"
                  "    # noun and verb are taken out, so that operands count from one\n"
                  "    for ((i = 2; i < CURRENT; i++)); do\n"
                  "        word=$words[i]\n"
                  "        case $word in\n"
                  "        (");
    add_takers(out);
    buf_addz(out, ") # its value comes too\n"
                  "            kept+=(\"$word\")\n"
                  "            ((++i < CURRENT)) && kept+=(\"$words[i]\") ;;\n"
                  "        (-*) kept+=(\"$word\") ;;\n"
                  "        (*)\n"
                  "            if [[ -z $noun ]]; then noun=$word; continue; fi\n"
                  "            kept+=(\"$word\")\n"
                  "            [[ -n $verb ]] || { verb=$word; at=$#kept } ;;\n"
                  "        esac\n"
                  "    done\n"
                  "    [[ $noun == (");
    add_alone(out);
    buf_addz(out, ") ]] || ((at == 0)) || kept[at]=()\n"
                  "    words=(\"${(@)kept}\" \"${(@)words[CURRENT,-1]}\")\n"
                  "    CURRENT=$(($#kept + 1))\n"
                  "    case \"$noun $verb\" in\n");
    zsh_lists(out);
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

/* The condition that noun and verb stand there, with so many operands or more, or with
 * exactly as many. */
static void fish_when(struct buf *out, const struct command *c, const char *how)
{
    buf_addf(out, "complete -c aisle -n '%s %s%s%s'", how, c->noun, c->verb ? " " : "",
             c->verb ? c->verb : "");
}

struct fish_option {
    struct buf *out;
    const struct command *command;
};

static void fish_option(void *ctx, const struct option *o)
{
    const struct fish_option *f = ctx;

    fish_when(f->out, f->command, "__aisle_in");
    buf_addf(f->out, " -l %s", o->name);
    if (o->letter)
        buf_addf(f->out, " -s %c", o->letter);
    if (o->choices)
        buf_addf(f->out, " -xa '%s'", o->choices);
    else if (o->argument)
        buf_addz(f->out, o->kind == OPTION_FILE ? " -rF" : " -x");
    fish_text(f->out, o->help);
}

static void fish_operands(struct buf *out, const struct command *c)
{
    struct buf first = BUF_INIT(BUF_MAX_LINE);
    struct str rest = str_of(c->words);

    str_cut(&rest, '|');
    add_operand_words(&first, c);
    if (first.n) {
        fish_when(out, c, "__aisle_at 0");
        buf_addf(out, " -fa '%s'\n", buf_str(&first).p);
    }
    if (!str_empty(rest)) {
        fish_when(out, c, "__aisle_at 1");
        buf_addf(out, " -fa '%.*s'\n", STR_ARG(rest));
    }
    buf_clear(&first);
}

static void fish_help_words(struct buf *out)
{
    for (const struct noun *n = nouns; n->name; n++) {
        if (noun_alone(n->name))
            continue;
        buf_addf(out, "complete -c aisle -n '__aisle_at 0 help %s' -fa '", n->name);
        add_verbs(out, n->name);
        buf_addz(out, "'\n");
    }
}

static void fish_command(struct buf *out, const struct command *c)
{
    struct fish_option each = {out, c};

    if (c->verb) {
        buf_addf(out, "complete -c aisle -n '__aisle_at 0 %s' -fa %s", c->noun, c->verb);
        fish_text(out, c->summary);
    }
    fish_operands(out, c);
    if (is_help(c))
        fish_help_words(out);
    command_each_option(c, fish_option, &each);
}

static void add_spaced(struct buf *out, struct str barred)
{
    while (!str_empty(barred)) {
        buf_addc(out, ' ');
        buf_add(out, str_cut(&barred, '|'));
    }
}

static void fish_functions(struct buf *out)
{
    struct buf takers = BUF_INIT(BUF_MAX_REQUEST);

    add_takers(&takers);
    buf_addz(out,
             "function __aisle_plain -d 'words that are no options or their values'\n"
             "    set -l value 0\n"
             "    for word in (commandline -opc)[2..-1]\n"
             "        if test $value = 1\n"
             "            set value 0\n"
             "            continue\n"
             "        end\n"
             "        switch $word\n"
             "            case");
    add_spaced(out, buf_str(&takers));
    buf_addz(out, "\n"
                  "                set value 1\n"
                  "            case '-*'\n"
                  "            case '*'\n"
                  "                printf '%s\\n' $word\n"
                  "        end\n"
                  "    end\n"
                  "end\n"
                  "function __aisle_in -d 'these are the first words'\n"
                  "    string match -q -- (string join ' ' $argv '*') \\\n"
                  "        (string join ' ' (__aisle_plain) '')\n"
                  "end\n"
                  "function __aisle_at -d 'so many words come after these'\n"
                  "    set -l plain (__aisle_plain)\n"
                  "    test (count $plain) -eq (math $argv[1] + (count $argv[2..-1]))\n"
                  "    and __aisle_in $argv[2..-1]\n"
                  "end\n");
    buf_clear(&takers);
}

void completion_fish(struct buf *out)
{
    buf_addz(out,
             "# fish completion of aisle; as ~/.config/fish/completions/aisle.fish\n");
    fish_functions(out);
    for (const struct noun *n = nouns; n->name; n++) {
        buf_addf(out, "complete -c aisle -n '__aisle_at 0' -fa %s", n->name);
        fish_text(out, n->summary);
    }
    for (size_t i = 0; commands[i]; i++)
        if (command_is_shown(commands[i]))
            fish_command(out, commands[i]);
}
