#include "words.h"

#include "base/buf.h"
#include "cli/args.h"

/* The line taken apart, written down again: command, options, operands. */
static void written(const struct args *args, struct buf *out)
{
    if (args->help)
        buf_addz(out, "help ");
    if (args->command)
        buf_addf(out, "%s%s%s", args->command->noun, args->command->verb ? " " : "",
                 args->command->verb ? args->command->verb : "");
    for (size_t i = 0; i < args->given_count; i++)
        buf_addf(out, " %s=%.*s", args->given[i].option->name,
                 STR_ARG(args->given[i].value));
    for (size_t i = 0; i < args->operand_count; i++)
        buf_addf(out, " [%.*s]", STR_ARG(args->operands[i]));
}

static const struct {
    const char *line, *want;
} right[] = {
    {"", ""},
    {"tree sync", "tree sync"},
    {"tree sync toko-a toko-b", "tree sync [toko-a] [toko-b]"},
    {"tree sync --locale id-ID", "tree sync locale=id-ID"},
    {"tree sync --locale=id-ID,en-US", "tree sync locale=id-ID,en-US"},
    {"tree sync -l id-ID", "tree sync locale=id-ID"},
    {"tree sync -lid-ID", "tree sync locale=id-ID"},
    {"tree sync -qv", "tree sync quiet= verbose="},
    {"tree sync -qlid-ID", "tree sync quiet= locale=id-ID"},
    {"tree sync -v -v", "tree sync verbose= verbose="},
    {"tree sync toko-a --dry-run toko-b", "tree sync dry-run= [toko-a] [toko-b]"},
    {"tree search -- --dry-run", "tree search [--dry-run]"},
    {"db backup -", "db backup [-]"},
    {"--store x.db tree sync", "tree sync store=x.db"},
    {"--store=x.db tree -q sync", "tree sync store=x.db quiet="},
    {"-q version", "version quiet="},
    {"--version", "version version="},
    {"-V", "version version="},
    {"-q --version", "version quiet= version="},
    {"version", "version"},
    {"help tree sync", "help [tree] [sync]"},
    {"tree --help", "help "},
    {"tree sync --help", "help tree sync"},
    {"tree sync --nonsense -h", "help tree sync"},
    {"--help", "help "},
    {"map run --budget 0", "map run budget=0"},
    {"tree sync --due 12h", "tree sync due=12h"},
    {"map suggest ''", "map suggest []"},
    {"tree sync --locale ''", "tree sync locale="},
};

static void a_line_is_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(right); i++) {
        struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
        struct buf out = BUF_INIT(BUF_MAX_LINE);
        struct aisle_err err = {0};
        struct words words = {0};
        struct args args;

        words_of(right[i].line, &words);
        assert_ok(args_parse(&arena, words.count, words.list, &args, &err), &err);
        written(&args, &out);
        assert_text(right[i].line, buf_str(&out), right[i].want);
        buf_clear(&out);
        arena_clear(&arena);
    }
}

static const struct {
    const char *line, *says;
} wrong[] = {
    {"tre sync", "there is no command 'tre', did you mean 'tree'?"},
    {"prodcut list", "there is no command 'prodcut', did you mean 'product'?"},
    {"zebra", "there is no command 'zebra'"},
    {"--nonsense", "--nonsense wants a command to go with"},
    {"--store", "--store wants a command to go with"},
    {"--store x.db", "--store wants a command to go with"},
    {"-q", "-q wants a command to go with"},
    {"tree", "'tree' wants a verb"},
    {"tree snyc", "'tree' has no verb 'snyc', did you mean 'sync'?"},
    {"tree sync --dryrun", "'tree sync' has no option --dryrun, did you mean 'dry-run'?"},
    {"tree sync --dry", "'tree sync' has no option --dry, did you mean 'dry-run'?"},
    {"tree sync -Z", "'tree sync' has no option -Z"},
    {"tree sync --dry-run=yes", "--dry-run takes no value"},
    {"tree sync --locale", "--locale wants a value: LOCALE"},
    {"tree sync -l", "-l wants a value: LOCALE"},
    {"tree show a b", "'tree show' does not take 'b'"},
    {"map approve", "'map approve' wants KEY..."},
    {"version x", "'version' does not take 'x'"},
    {"map run --budget many", "--budget wants a whole number, not 'many'"},
    {"map run --budget -1", "--budget wants a whole number, not '-1'"},
    {"map run --policy fast", "--policy is one of: thrifty guide; not 'fast'"},
    {"tree sync --due soon",
     "--due wants a time such as 90s, 15m, 12h or 7d, not 'soon'"},
    {"man", "'man' wants PAGE"},
};

static void a_wrong_line_is_told_with_what_was_perhaps_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
        struct aisle_err err = {0};
        struct words words = {0};
        struct args args;

        words_of(wrong[i].line, &words);
        assert_status(args_parse(&arena, words.count, words.list, &args, &err),
                      AISLE_INVALID, &err);
        assert_text(wrong[i].line, str_of(err.text), wrong[i].says);
        arena_clear(&arena);
    }
}

static void the_last_of_several_values_counts(void **state)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct words words = {0};
    struct args args;
    struct str value;

    (void)state;
    words_of("map run --budget 1 --budget 2", &words);
    assert_ok(args_parse(&arena, words.count, words.list, &args, NULL), NULL);
    assert_true(args_value(&args, "budget", &value));
    assert_str(value, "2");
    assert_false(args_value(&args, "limit", &value));
    arena_clear(&arena);
}

static enum aisle_status parse_long(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct words *words = ctx;
    struct args args;
    enum aisle_status status = args_parse(&arena, words->count, words->list, &args, err);

    arena_clear(&arena);
    return status;
}

static void each_allocation_may_fail(void **state)
{
    struct words words = {0};

    (void)state;
    words_of("tree sync a b -qv --locale id-ID,en-US --dry-run", &words);
    assert_true(each_allocation_failing(parse_long, &words) > 0);
}

static void operands_are_counted_from_the_usage(void **state)
{
    static const struct {
        const char *usage;
        size_t least, most;
    } rows[] = {{NULL, 0, 0},
                {"SHOP", 1, 1},
                {"[SHOP]", 0, 1},
                {"SHOP FILE [MORE]", 2, 3},
                {"KEY...", 1, OPERANDS_ANY},
                {"[KEY]...", 0, OPERANDS_ANY}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t least, most;

        operands_range(rows[i].usage, &least, &most);
        assert_int_equal(least, rows[i].least);
        assert_int_equal(most, rows[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_taken_apart),
        cmocka_unit_test(a_wrong_line_is_told_with_what_was_perhaps_meant),
        cmocka_unit_test(the_last_of_several_values_counts),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(operands_are_counted_from_the_usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
