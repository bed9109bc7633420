#include "cli/help.h"

#include "base/text.h"
#include "cli/settings.h"

#include <stdio.h>

enum { INDENT = 2 };

/* ---- shaping ---- */

static void add_blanks(struct buf *b, size_t n)
{
    while (n-- > 0)
        buf_addc(b, ' ');
}

void buf_hanging(struct buf *out, struct str text, size_t column, size_t indent,
                 size_t width)
{
    bool first = true;

    while (!str_empty(text)) {
        struct str word = str_cut(&text, ' ');
        size_t columns = text_columns(word);

        if (str_empty(word))
            continue;
        if (!first && column + 1 + columns > width) {
            buf_addc(out, '\n');
            add_blanks(out, indent);
            column = indent;
        } else if (!first) {
            buf_addc(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += columns;
        first = false;
    }
    buf_addc(out, '\n');
}

void buf_wrapped(struct buf *out, const char *text, size_t indent, size_t width)
{
    struct str rest = str_of(text);

    while (!str_empty(rest)) {
        struct str line = str_cut(&rest, '\n');

        if (!str_empty(line))
            add_blanks(out, indent);
        buf_hanging(out, line, indent, indent, width);
    }
}

void buf_pair(struct buf *out, const char *left, size_t columns, const char *right,
              size_t width)
{
    size_t used = text_columns(str_of(left)), column = INDENT + columns + 2;

    add_blanks(out, INDENT);
    buf_addz(out, left);
    if (used > columns) { /* too wide: the rest goes below it */
        buf_addc(out, '\n');
        add_blanks(out, column);
    } else {
        add_blanks(out, columns - used + 2);
    }
    buf_hanging(out, str_of(right), column, column, width);
}

void option_text(const struct option *o, char out[OPTION_TEXT_MAX])
{
    char letter[8] = "    ";

    if (o->letter)
        snprintf(letter, sizeof(letter), "-%c, ", o->letter);
    snprintf(out, OPTION_TEXT_MAX, "%s--%s%s%s", letter, o->name, o->argument ? " " : "",
             o->argument ? o->argument : "");
}

/* A list in the table's form, blanks between, with commas. */
static void add_listed(struct buf *out, const char *words)
{
    struct str rest = str_of(words);

    while (!str_empty(rest)) {
        buf_add(out, str_cut(&rest, ' '));
        if (!str_empty(rest))
            buf_addz(out, ", ");
    }
}

void option_help(const struct option *o, struct buf *out)
{
    const struct option *setting = setting_option(o->name);
    const char *env = o->env ? o->env : setting ? setting->env : NULL;
    const char *fallback = o->fallback ? o->fallback : setting ? setting->fallback : NULL;

    buf_addz(out, o->help);
    if (o->choices) {
        buf_addz(out, ": ");
        add_listed(out, o->choices);
    }
    if (o->repeats)
        buf_addz(out, o->commas ? "; may be repeated, or parted by commas"
                                : "; may be repeated");
    if (env) {
        struct str first = str_of(env);

        buf_addz(out, " [$");
        buf_add(out, str_cut(&first, ' '));
        buf_addz(out, "]");
    }
    if (fallback)
        buf_addf(out, " (default %s)", fallback);
}

bool command_is_shown(const struct command *c)
{
    return !c->hidden;
}

const struct command *noun_alone(const char *noun)
{
    return command_find(str_of(noun), STR_LIT(""));
}

/* ---- a command ---- */

static void add_options(struct buf *out, const char *title, const struct option *options,
                        size_t width)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);

    if (!options || !options->name)
        return;
    buf_addf(out, "\n%s\n", title);
    for (const struct option *o = options; o->name; o++) {
        char left[OPTION_TEXT_MAX];

        option_text(o, left);
        buf_reset(&text);
        option_help(o, &text);
        buf_pair(out, left, 24, buf_str(&text).p, width);
    }
    buf_clear(&text);
}

static void add_examples(struct buf *out, const struct example *examples, size_t width)
{
    if (!examples)
        return;
    buf_addz(out, "\nEXAMPLES\n");
    for (const struct example *e = examples; e->line; e++) {
        buf_addf(out, "  %s\n", e->line);
        buf_wrapped(out, e->says, 6, width);
    }
}

/* Of the rows that come with `option`, or of those that come without. */
static void add_columns(struct buf *out, const char *option, const struct column *columns,
                        size_t width)
{
    if (!columns)
        return;
    buf_addf(out, "\nFIELDS%s%s\n", option ? " WITH --" : "", option ? option : "");
    for (const struct column *c = columns; c->name; c++)
        buf_pair(out, c->name, 18, c->help, width);
}

static void add_usage(struct buf *out, const struct command *c)
{
    buf_addf(out, "aisle %s", c->noun);
    if (c->verb)
        buf_addf(out, " %s", c->verb);
    if (c->operands)
        buf_addf(out, " %s", c->operands);
    buf_addz(out, " [OPTION]...\n");
}

void help_command(const struct command *c, size_t width, struct buf *out)
{
    buf_addf(out, "aisle %s%s%s - %s\n", c->noun, c->verb ? " " : "",
             c->verb ? c->verb : "", c->summary);
    add_examples(out, c->examples, width);
    buf_addz(out, "\nUSAGE\n  ");
    add_usage(out, c);
    if (c->about) {
        buf_addz(out, "\n");
        buf_wrapped(out, c->about, INDENT, width);
    }
    add_options(out, "OPTIONS", c->options, width);
    for (const struct option_group *g = option_groups; g->options; g++)
        if (!g->uses || (c->uses & g->uses))
            add_options(out, g->title, g->options, width);
    add_columns(out, NULL, c->columns, width);
    add_columns(out, c->other_option, c->other_columns, width);
}

/* ---- a noun ---- */

void help_noun(const struct noun *noun, size_t width, struct buf *out)
{
    const struct command *alone = noun_alone(noun->name);

    if (alone) {
        help_command(alone, width, out);
        return;
    }
    buf_addf(out, "aisle %s - %s\n\nEXAMPLES\n", noun->name, noun->summary);
    for (size_t i = 0; commands[i]; i++)
        if (str_is(str_of(noun->name), commands[i]->noun) &&
            command_is_shown(commands[i]) && commands[i]->examples)
            buf_addf(out, "  %s\n", commands[i]->examples->line);
    buf_addz(out, "\nVERBS\n");
    for (size_t i = 0; commands[i]; i++)
        if (str_is(str_of(noun->name), commands[i]->noun) &&
            command_is_shown(commands[i]))
            buf_pair(out, commands[i]->verb, 10, commands[i]->summary, width);
    buf_addf(out, "\nMore of one: aisle help %s VERB\n", noun->name);
}

/* ---- the front ---- */

static const struct example front_examples[] = {
    {"aisle init", "settings, store and key in this folder"},
    {"aisle shop login toko-a", "or shop add with a token; or try sandbox start"},
    {"aisle tree sync toko-a", "fetch the category tree"},
    {"aisle product import products.csv", "the catalogue"},
    {"aisle map run", "find the leaf for every product"},
    {"aisle map review", "decide what is doubtful"},
    {NULL, NULL},
};

void help_front(size_t width, struct buf *out)
{
    buf_addz(out, "aisle - finds the marketplace category for every product\n\n"
                  "A FIRST SESSION\n");
    for (const struct example *e = front_examples; e->line; e++)
        buf_pair(out, e->line, 38, e->says, width);
    buf_addz(out, "\nCOMMANDS\n");
    for (const struct noun *n = nouns; n->name; n++)
        buf_pair(out, n->name, 12, n->summary, width);
    buf_addz(out, "\nTOPICS\n");
    for (const struct topic *t = topics; t->name; t++)
        buf_pair(out, t->name, 12, t->summary, width);
    buf_addz(out, "\nMore: aisle help COMMAND, aisle help TOPIC, man aisle\n");
}
