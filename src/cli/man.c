#include "cli/help.h"

#include "cli/exits.h"
#include "cli/secrets.h"
#include "cli/settings.h"

#include <stdio.h>

/* ---- roff ---- */

/* Text that roff shall not obey: backslashes, a point or quote at the start, dashes that
 * must stay dashes. */
static void add_roff(struct buf *out, const char *text)
{
    bool starts = true;

    for (; *text; text++) {
        if (starts && (*text == '.' || *text == '\''))
            buf_addz(out, "\\&");
        starts = *text == '\n';
        if (*text == '\\')
            buf_addz(out, "\\e");
        else if (*text == '-')
            buf_addz(out, "\\-");
        else
            buf_addc(out, *text);
    }
}

static void add_line(struct buf *out, const char *macro, const char *text)
{
    buf_addf(out, "%s ", macro);
    add_roff(out, text);
    buf_addc(out, '\n');
}

static void add_heading(struct buf *out, const char *title)
{
    buf_addf(out, ".SH %s\n", title);
}

/* A tagged paragraph: the tag in bold, the text beside it. */
static void add_tagged(struct buf *out, const char *tag, const char *text)
{
    buf_addz(out, ".TP\n");
    add_line(out, ".B", tag);
    add_roff(out, text);
    buf_addc(out, '\n');
}

static void add_paragraphs(struct buf *out, const char *text)
{
    struct str rest = str_of(text);

    while (!str_empty(rest)) {
        struct str line = str_cut(&rest, '\n');
        char piece[2048];

        if (str_empty(line)) {
            buf_addz(out, ".PP\n");
            continue;
        }
        snprintf(piece, sizeof(piece), "%.*s", STR_ARG(line));
        add_roff(out, piece);
        buf_addc(out, '\n');
    }
}

static void add_title(struct buf *out, const char *page, const char *summary)
{
    char upper[64];
    size_t i = 0;

    for (; page[i] && i + 1 < sizeof(upper); i++)
        upper[i] =
            (char)(page[i] >= 'a' && page[i] <= 'z' ? page[i] - 'a' + 'A' : page[i]);
    upper[i] = '\0';
    buf_addf(out, ".TH %s 1 \"\" \"aisle " AISLE_VERSION "\"\n", upper);
    add_heading(out, "NAME");
    add_roff(out, page);
    buf_addz(out, " \\- ");
    add_roff(out, summary);
    buf_addc(out, '\n');
}

/* ---- a command ---- */

static void add_option(void *ctx, const struct option *o)
{
    struct buf *out = ctx, help = BUF_INIT(BUF_MAX_LINE);
    char tag[OPTION_TEXT_MAX];
    struct str trimmed;

    option_text(o, tag);
    trimmed = str_trim(str_of(tag));
    option_help(o, &help);
    add_tagged(out, trimmed.p, buf_str(&help).p);
    buf_clear(&help);
}

static void add_examples(struct buf *out, const struct example *examples)
{
    for (const struct example *e = examples; e && e->line; e++) {
        buf_addz(out, ".TP\n");
        add_line(out, ".B", e->line);
        add_roff(out, e->says);
        buf_addc(out, '\n');
    }
}

static void add_usage(struct buf *out, const struct command *c)
{
    char name[64];

    snprintf(name, sizeof(name), "aisle %s%s%s", c->noun, c->verb ? " " : "",
             c->verb ? c->verb : "");
    add_line(out, ".B", name);
    if (c->operands) {
        add_roff(out, c->operands);
        buf_addc(out, '\n');
    }
    buf_addz(out, "[OPTION]...\n");
}

/* Of the rows that come with `option`, or of those that come without. */
static void add_columns(struct buf *out, const char *option, const struct column *columns)
{
    if (!columns)
        return;
    buf_addz(out, ".PP\nFields");
    if (option)
        buf_addf(out, " with \\-\\-%s", option);
    buf_addz(out, ":\n");
    for (; columns->name; columns++)
        add_tagged(out, columns->name, columns->help);
}

/* As a section of its noun's page, or of aisle(1). */
static void add_command(struct buf *out, const struct command *c)
{
    char name[64];

    snprintf(name, sizeof(name), "%s%s%s", c->noun, c->verb ? " " : "",
             c->verb ? c->verb : "");
    add_line(out, ".SS", name);
    add_usage(out, c);
    buf_addz(out, ".PP\n");
    add_roff(out, c->summary);
    buf_addz(out, ".\n");
    if (c->about) {
        buf_addz(out, ".PP\n");
        add_paragraphs(out, c->about);
    }
    add_examples(out, c->examples);
    if (c->options && c->options->name) {
        buf_addz(out, ".PP\nOptions:\n");
        for (const struct option *o = c->options; o->name; o++)
            add_option(out, o);
    }
    add_columns(out, NULL, c->columns);
    add_columns(out, c->other_option, c->other_columns);
}

static void add_commands_of(struct buf *out, const char *noun)
{
    for (size_t i = 0; commands[i]; i++)
        if (str_is(str_of(noun), commands[i]->noun) && command_is_shown(commands[i]))
            add_command(out, commands[i]);
}

/* ---- pages ---- */

static void add_groups(struct buf *out)
{
    static const struct {
        unsigned uses;
        const char *who;
    } whose[] = {{USES_ROWS, "Of commands that print data:"},
                 {USES_STORE, "Of commands that use the store:"},
                 {USES_CALLS, "Of commands that call a marketplace:"},
                 {0, "Of every command:"}};

    add_heading(out, "COMMON OPTIONS");
    for (const struct option_group *g = option_groups; g->options; g++) {
        for (size_t i = 0; i < sizeof whose / sizeof *whose; i++)
            if (whose[i].uses == g->uses)
                buf_addf(out, "%s%s\n", g == option_groups ? "" : ".PP\n", whose[i].who);
        for (const struct option *o = g->options; o->name; o++)
            add_option(out, o);
    }
}

static void add_topics(struct buf *out)
{
    for (const struct topic *t = topics; t->name; t++) {
        struct buf text = BUF_INIT(BUF_MAX_REQUEST);
        char upper[64];
        size_t i = 0;

        for (; t->name[i] && i + 1 < sizeof(upper); i++)
            upper[i] = (char)(t->name[i] == '-' ? ' ' : t->name[i] - 'a' + 'A');
        upper[i] = '\0';
        add_heading(out, upper);
        t->format(HELP_WIDTH, &text);
        buf_addz(out, ".nf\n");
        add_roff(out, buf_str(&text).p);
        buf_addz(out, ".fi\n");
        buf_clear(&text);
    }
}

static void add_see_also(struct buf *out, const char *but)
{
    bool first = true;

    add_heading(out, "SEE ALSO");
    for (const struct noun *n = nouns; n->name; n++) {
        if (noun_alone(n->name) || (but && strcmp(but, n->name) == 0))
            continue;
        buf_addf(out, "%s.BR aisle\\-%s (1)", first ? "" : ",\n", n->name);
        first = false;
    }
    if (but)
        buf_addf(out, "%s.BR aisle (1)", first ? "" : ",\n");
    buf_addc(out, '\n');
}

static void main_page(struct buf *out)
{
    add_title(out, "aisle", "finds the marketplace category for every product");
    add_heading(out, "SYNOPSIS");
    buf_addz(out, ".B aisle\n.I NOUN VERB\n[OPTION]...\n");
    add_heading(out, "DESCRIPTION");
    add_paragraphs(
        out, "Keeps the category trees of TikTok Shop and Tokopedia at hand, maps a "
             "seller's catalogue onto them, lets a person decide what is doubtful, "
             "and brings a local sandbox of the marketplaces.");
    add_heading(out, "COMMANDS");
    for (const struct noun *n = nouns; n->name; n++)
        add_tagged(out, n->name, n->summary);
    add_heading(out, "COMMANDS THAT STAND ALONE");
    for (const struct noun *n = nouns; n->name; n++)
        if (noun_alone(n->name))
            add_commands_of(out, n->name);
    add_groups(out);
    add_topics(out);
    add_see_also(out, NULL);
}

static void noun_page(const struct noun *noun, struct buf *out)
{
    char page[64];

    snprintf(page, sizeof(page), "aisle-%s", noun->name);
    add_title(out, page, noun->summary);
    add_heading(out, "SYNOPSIS");
    buf_addf(out, ".B aisle %s\n.I VERB\n[OPTION]...\n", noun->name);
    add_heading(out, "VERBS");
    add_commands_of(out, noun->name);
    add_groups(out);
    add_see_also(out, noun->name);
}

enum aisle_status man_format(struct str page, struct buf *out, struct aisle_err *err)
{
    const struct noun *noun;

    if (str_is(page, "aisle")) {
        main_page(out);
        return AISLE_OK;
    }
    noun = str_starts(page, "aisle-") ? noun_find(str_skip(page, 6)) : NULL;
    if (!noun || noun_alone(noun->name))
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no page '%.*s'", STR_ARG(page));
    noun_page(noun, out);
    return AISLE_OK;
}
