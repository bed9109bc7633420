#include "words.h"

#include "base/arena.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "data.h"

static bool has(struct str text, const char *part)
{
    return str_find(text, str_of(part)) < text.n;
}

/* A line of documentation must be a command line we take. */
static void check_line(const char *where, const char *line)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};
    struct words words = {0};
    struct args args;
    const char *at = ours(line);

    assert_non_null(at);
    words_of(at + strlen("aisle "), &words);
    if (args_parse(&arena, words.count, words.list, &args, &err) != AISLE_OK)
        fail_msg("%s: %s: %s", where, line, err.text);
    arena_clear(&arena);
}

static void every_command_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        const struct command *c = commands[i];

        assert_non_null(c->run);
        assert_non_null(c->summary);
        if (!c->hidden && !noun_find(str_of(c->noun)))
            fail_msg("noun %s is not in the table of nouns", c->noun);
        if (!c->hidden && strcmp(c->noun, "version") != 0 && !c->examples)
            fail_msg("%s %s has no example", c->noun, c->verb ? c->verb : "");
        if (!(c->uses & USES_ROWS) != !c->columns)
            fail_msg("%s %s: columns go with USES_ROWS", c->noun, c->verb ? c->verb : "");
        if (str_ends(str_of(c->summary), "."))
            fail_msg("%s %s: a summary has no full stop", c->noun,
                     c->verb ? c->verb : "");
        for (const struct column *column = c->columns; column && column->name; column++)
            assert_non_null(column->help);
    }
}

static void every_noun_has_a_command(void **state)
{
    (void)state;
    for (const struct noun *n = nouns; n->name; n++) {
        bool found = false;

        for (size_t i = 0; commands[i]; i++)
            found = found || strcmp(commands[i]->noun, n->name) == 0;
        if (!found)
            fail_msg("noun %s has no command", n->name);
    }
}

struct seen {
    const struct command *command;
    const struct option *list[128];
    size_t count;
};

/* The same name twice is fine where both mean the same kind; a letter twice is not. */
static void see_option(void *ctx, const struct option *o)
{
    struct seen *seen = ctx;
    const struct option *setting = setting_option(o->name);

    for (size_t i = 0; i < seen->count; i++) {
        const struct option *other = seen->list[i];

        if (strcmp(other->name, o->name) == 0)
            assert_int_equal(other->kind, o->kind);
        else if (o->letter && other->letter == o->letter)
            fail_msg("%s %s: -%c is %s and %s", seen->command->noun,
                     seen->command->verb ? seen->command->verb : "", o->letter, o->name,
                     other->name);
    }
    if (setting && (setting->kind != o->kind ||
                    (o->choices && strcmp(o->choices, setting->choices) != 0)))
        fail_msg("%s %s: --%s is another kind than the setting", seen->command->noun,
                 seen->command->verb ? seen->command->verb : "", o->name);
    if (!o->argument != (o->kind == OPTION_SWITCH))
        fail_msg("--%s: a switch and only a switch has no argument", o->name);
    seen->list[seen->count++] = o;
}

static void options_do_not_contradict_each_other(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        struct seen seen = {.command = commands[i]};

        command_each_option(commands[i], see_option, &seen);
    }
}

static void every_example_is_a_line_we_take(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++)
        for (const struct example *e = commands[i]->examples; e && e->line; e++)
            check_line(commands[i]->noun, e->line);
}

struct told {
    struct str text;
    const char *where, *dashes;
    bool roff;
};

static void is_told(void *ctx, const struct option *o)
{
    const struct told *told = ctx;
    struct buf name = BUF_INIT(BUF_MAX_LINE);

    buf_addz(&name, told->dashes);
    for (const char *p = o->name; *p; p++)
        buf_addf(&name, "%s%c", told->roff && *p == '-' ? "\\" : "", *p);
    if (!has(told->text, buf_str(&name).p))
        fail_msg("%s does not tell of %s", told->where, buf_str(&name).p);
    buf_clear(&name);
}

static void help_tells_of_every_option_and_field(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        struct buf out = BUF_INIT(BUF_MAX_REQUEST);
        struct told told = {.where = commands[i]->summary, .dashes = "--"};

        help_command(commands[i], HELP_WIDTH, &out);
        told.text = buf_str(&out);
        command_each_option(commands[i], is_told, &told);
        for (const struct column *c = commands[i]->columns; c && c->name; c++)
            assert_true(has(told.text, c->name));
        buf_clear(&out);
    }
}

static void the_front_tells_of_every_noun_and_topic(void **state)
{
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);

    (void)state;
    help_front(HELP_WIDTH, &out);
    for (const struct noun *n = nouns; n->name; n++)
        assert_true(has(buf_str(&out), n->summary));
    for (const struct topic *t = topics; t->name; t++)
        assert_true(has(buf_str(&out), t->name));
    buf_clear(&out);
}

/* Which page tells of a command: that of its noun, or aisle(1) of those that stand
 * alone. */
static void man_pages_tell_of_every_command_and_option(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i]; i++) {
        struct buf out = BUF_INIT(BUF_MAX_REQUEST);
        struct told told = {.dashes = "\\-\\-", .roff = true};
        char page[64] = "aisle", section[64];

        if (commands[i]->hidden)
            continue;
        if (commands[i]->verb)
            snprintf(page, sizeof(page), "aisle-%s", commands[i]->noun);
        snprintf(section, sizeof(section), ".SS %s%s%s\n", commands[i]->noun,
                 commands[i]->verb ? " " : "",
                 commands[i]->verb ? commands[i]->verb : "");
        assert_ok(man_format(str_of(page), &out, NULL), NULL);
        told.text = buf_str(&out);
        told.where = page;
        if (!has(told.text, section))
            fail_msg("%s has no section %s", page, section);
        command_each_option(commands[i], is_told, &told);
        buf_clear(&out);
    }
}

static void no_page_for_what_has_none(void **state)
{
    struct buf out = BUF_INIT(BUF_MAX_REQUEST);
    struct aisle_err err = {0};

    (void)state;
    assert_status(man_format(str_of("aisle-zebra"), &out, &err), AISLE_NOT_FOUND, &err);
    assert_status(man_format(str_of("aisle-init"), &out, NULL), AISLE_NOT_FOUND, &err);
    buf_clear(&out);
}

static void every_page_is_installed(void **state)
{
    char path[PATH_ROOM];
    const char *root = getenv("SOURCE_ROOT");
    struct buf build;

    (void)state;
    snprintf(path, sizeof(path), "%s/docs/man/meson.build", root ? root : ".");
    build = file_read(path);
    for (const struct noun *n = nouns; n->name; n++) {
        char page[64];

        snprintf(page, sizeof(page), "'aisle-%s'", n->name);
        if (has(buf_str(&build), page) == (noun_alone(n->name) != NULL))
            fail_msg("docs/man/meson.build and the table disagree about %s", page);
    }
    buf_clear(&build);
}

static void completions_tell_of_every_command_and_option(void **state)
{
    static const struct {
        const char *shell, *dashes;
        void (*format)(struct buf *out);
    } shells[] = {{"bash", "--", completion_bash},
                  {"zsh", "--", completion_zsh},
                  {"fish", "-l ", completion_fish}};

    (void)state;
    for (size_t s = 0; s < COUNT(shells); s++) {
        struct buf out = BUF_INIT(BUF_MAX_REQUEST);
        struct told told = {.where = shells[s].shell, .dashes = shells[s].dashes};

        shells[s].format(&out);
        told.text = buf_str(&out);
        for (size_t i = 0; commands[i]; i++) {
            if (commands[i]->hidden)
                continue;
            assert_true(has(told.text, commands[i]->noun));
            assert_true(!commands[i]->verb || has(told.text, commands[i]->verb));
            command_each_option(commands[i], is_told, &told);
        }
        buf_clear(&out);
    }
}

/* Lines that begin with "aisle ", or with "run aisle " as the demo shows them. */
static size_t check_file(const char *name)
{
    const char *root = getenv("SOURCE_ROOT");
    char path[PATH_ROOM];
    struct buf text;
    struct str rest;
    size_t lines = 0;

    snprintf(path, sizeof(path), "%s/%s", root ? root : ".", name);
    text = file_read(path);
    rest = buf_str(&text);
    while (!str_empty(rest)) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        char zline[512];

        if (!str_starts(line, "aisle ") && !str_starts(line, "run aisle "))
            continue;
        snprintf(zline, sizeof(zline), "%.*s", STR_ARG(line));
        check_line(name, zline);
        lines++;
    }
    buf_clear(&text);
    return lines;
}

static void every_command_in_the_readme_and_the_demo_is_one(void **state)
{
    (void)state;
    assert_true(check_file("README.md") >= 10);
    assert_true(check_file("script/demo") >= 10);
}

static void text_is_wrapped_and_indented(void **state)
{
    static const struct {
        const char *text, *want;
        size_t indent, width;
    } rows[] = {
        {"one two three", "one two\nthree\n", 0, 8},
        {"one two three", "  one\n  two\n  three\n", 2, 6},
        {"a\n\nb", "  a\n\n  b\n", 2, 20},
        {"unbreakable word", "unbreakable\nword\n", 0, 5},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT(BUF_MAX_LINE);

        buf_wrapped(&out, rows[i].text, rows[i].indent, rows[i].width);
        assert_text(rows[i].text, buf_str(&out), rows[i].want);
        buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_whole),
        cmocka_unit_test(every_noun_has_a_command),
        cmocka_unit_test(options_do_not_contradict_each_other),
        cmocka_unit_test(every_example_is_a_line_we_take),
        cmocka_unit_test(help_tells_of_every_option_and_field),
        cmocka_unit_test(the_front_tells_of_every_noun_and_topic),
        cmocka_unit_test(man_pages_tell_of_every_command_and_option),
        cmocka_unit_test(no_page_for_what_has_none),
        cmocka_unit_test(every_page_is_installed),
        cmocka_unit_test(completions_tell_of_every_command_and_option),
        cmocka_unit_test(every_command_in_the_readme_and_the_demo_is_one),
        cmocka_unit_test(text_is_wrapped_and_indented),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
