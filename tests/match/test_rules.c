/* Rules: written, kept as a key, found, filed, proposed. */
#include "check.h"

#include "match/rules.h"

#include <stdio.h>

struct world {
    struct arena arena;
    struct word_splitter splitter;
};

static int setup(void **state)
{
    struct world *w = test_calloc(1, sizeof *w);

    w->arena = (struct arena)ARENA_INIT(8 << 20);
    assert_ok(word_splitter_init(&w->splitter, NULL), NULL);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    word_splitter_clear(&w->splitter);
    arena_clear(&w->arena);
    test_free(w);
    return 0;
}

static struct rule said(const char *words, const char *brand, const char *in,
                        const char *leaf)
{
    return (struct rule){str_of(words), str_of(brand), str_of(in), str_of(leaf)};
}

static struct rule made(struct world *w, struct rule what)
{
    struct rule out;
    struct aisle_err err = {0};

    assert_ok(rule_make(&w->splitter, &what, &w->arena, &out, &err), &err);
    return out;
}

static void a_rule_has_one_spelling_and_its_key_leads_back(void **state)
{
    static const struct {
        struct rule said;
        const char *key;
    } cases[] = {
        {{STR_INIT("Polos  KAOS polos"), {0}, {0}, STR_INIT("1")}, "words=kaos polos"},
        {{{0}, STR_INIT(" Ronara "), {0}, STR_INIT("1")}, "brand=Ronara"},
        {{{0}, {0}, STR_INIT("Fashion>Kaos"), STR_INIT("1")}, "in=Fashion > Kaos"},
        {{STR_INIT("Kaos"), STR_INIT("Ronara"), STR_INIT("A; B > C"), STR_INIT("1")},
         "words=kaos; brand=Ronara; in=A; B > C"},
    };
    struct world *w = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rule rule = made(w, cases[i].said), back;
        struct buf key = BUF_INIT(BUF_MAX_LINE);

        rule_key(&rule, &key);
        assert_str(buf_str(&key), cases[i].key);
        assert_ok(rule_parse_key(buf_str(&key), &back, NULL), NULL);
        assert_true(str_eq(back.words, rule.words) && str_eq(back.brand, rule.brand) &&
                    str_eq(back.seller_category, rule.seller_category));
        buf_clear(&key);
    }
}

static void what_is_no_rule_is_refused(void **state)
{
    static const struct rule cases[] = {
        {{0}, {0}, {0}, STR_INIT("1")},
        {STR_INIT("!!"), {0}, {0}, STR_INIT("1")},
        {STR_INIT("a b c d e f g h i"), {0}, {0}, STR_INIT("1")},
        {{0}, STR_INIT("semi;colon"), {0}, STR_INIT("1")},
        {{0}, STR_INIT("tab\there"), {0}, STR_INIT("1")},
    };
    static const char *const keys[] = {"", "words=", "kaos", "words=kaos; and more"};
    struct world *w = *state;
    struct rule out;

    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(rule_make(&w->splitter, &cases[i], &w->arena, &out, NULL),
                         AISLE_INVALID);
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_int_equal(rule_parse_key(str_of(keys[i]), &out, NULL), AISLE_GARBLED);
}

static void the_rule_with_more_conditions_goes_first(void **state)
{
    static const struct {
        const char *title, *brand, *in, *leaf;
    } cases[] = {
        {"Kaos Pria", "", "", "1"},
        {"Kaos polos pria", "", "", "2"},
        {"Polos saja", "", "", "-"},
        {"Kaos anak", "ronara", "", "3"},
        {"Topi", "Ronara", "", "-"},
        {"Topi", "", "Fashion > Topi", "4"},
        {"Topi", "", "Fashion > Topi > Rajut", "4"},
        {"Topi", "", "Fashion > Topinya", "-"},
        {"Kaoskaki", "", "", "-"},
    };
    struct world *w = *state;
    struct rule rules[] = {
        made(w, said("kaos", "", "", "1")),
        made(w, said("kaos polos", "", "", "2")),
        made(w, said("kaos", "Ronara", "", "3")),
        made(w, said("", "", "Fashion > Topi", "4")),
    };

    rules_sort(rules, COUNT(rules));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct product_text text = {.title = str_of(cases[i].title),
                                    .brand = str_of(cases[i].brand),
                                    .seller_category = str_of(cases[i].in)};
        struct word_list words;
        const struct rule *found;

        assert_ok(words_split(&w->splitter, text.title, &words, NULL), NULL);
        found = rules_find(rules, COUNT(rules), &words, &text);
        assert_text(cases[i].title, found ? found->category_id : STR_LIT("-"),
                    cases[i].leaf);
    }
}

struct reading {
    struct world *w;
    struct buf again;
    size_t rows;
};

static enum aisle_status read_row(void *ctx, size_t line, const struct rule *row,
                                  struct aisle_err *err)
{
    struct reading *r = ctx;
    struct rule rule;
    enum aisle_status status = rule_make(&r->w->splitter, row, &r->w->arena, &rule, err);

    assert_true(line > 1);
    r->rows++;
    if (status == AISLE_OK)
        rules_file_add(&r->again, &rule, STR_LIT("a note"));
    return status;
}

static void a_file_of_rules_comes_back_as_it_went(void **state)
{
    struct world *w = *state;
    struct reading r = {.w = w, .again = BUF_INIT(BUF_MAX_LINE)};
    struct buf file = BUF_INIT(BUF_MAX_LINE);
    struct rule rule = made(w, said("kaos polos", "Ronara", "Fashion > Kaos", "744161"));

    rules_file_begin(&file);
    rules_file_add(&file, &rule, STR_LIT("a note"));
    rule = made(w, said("topi", "", "", "7"));
    rules_file_add(&file, &rule, STR_LIT("a note"));
    rules_file_begin(&r.again);
    assert_ok(rules_file_each(buf_str(&file), read_row, &r, NULL), NULL);
    assert_int_equal(r.rows, 2);
    assert_true(str_eq(buf_str(&r.again), buf_str(&file)));
    buf_clear(&r.again);
    buf_clear(&file);
}

static void a_file_that_is_none_says_where(void **state)
{
    static const struct {
        const char *file, *words;
    } cases[] = {
        {"", "line 1"},
        {"# aisle rules 2\n", "line 1"},
        {"# aisle rules 1\n\tkaos\n", "line 2 names no leaf"},
        {"# aisle rules 1\r\n7\tkaos\r\n\n8\t\t\t\n", "needs words"},
    };
    struct world *w = *state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct reading r = {.w = w, .again = BUF_INIT(BUF_MAX_LINE)};
        struct aisle_err err = {0};

        assert_int_equal(rules_file_each(str_of(cases[i].file), read_row, &r, &err),
                         AISLE_INVALID);
        if (!strstr(err.text, cases[i].words))
            fail_msg("%s: %s", cases[i].file, err.text);
        buf_clear(&r.again);
    }
}

static void what_repeated_approvals_share_is_proposed_with_its_figures(void **state)
{
    struct world *w = *state;
    struct labelled rows[60];
    struct rule_proposal found[10];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *kind = i < 20 ? "Zarvina" : i < 40 ? "Quansi" : "Teplo";
        char *title = arena_alloc(&w->arena, 64);

        snprintf(title, 64, "%s barang seri %zu", kind, i);
        rows[i] =
            (struct labelled){.text = {.title = str_of(title)},
                              /* one Quansi in ten lies, Teplo is mixed */
                              .category_id = str_of(i < 20   ? "1"
                                                    : i < 40 ? (i % 10 == 0 ? "3" : "2")
                                                             : (i % 2 ? "1" : "2"))};
    }
    assert_ok(
        rules_propose(rows, COUNT(rows), 5, 0.85, &w->arena, found, 10, &count, NULL),
        NULL);
    assert_int_equal(count, 2);
    assert_str(found[0].rule.words, "zarvina");
    assert_str(found[0].rule.category_id, "1");
    assert_int_equal(found[0].products, 20);
    assert_int_equal(found[0].right, 20);
    assert_str(found[1].rule.words, "quansi");
    assert_int_equal(found[1].right, 18);
    assert_ok(
        rules_propose(rows, COUNT(rows), 5, 0.98, &w->arena, found, 10, &count, NULL),
        NULL);
    assert_int_equal(count, 1);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_rule_has_one_spelling_and_its_key_leads_back),
        IN_A_WORLD(what_is_no_rule_is_refused),
        IN_A_WORLD(the_rule_with_more_conditions_goes_first),
        IN_A_WORLD(a_file_of_rules_comes_back_as_it_went),
        IN_A_WORLD(a_file_that_is_none_says_where),
        IN_A_WORLD(what_repeated_approvals_share_is_proposed_with_its_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
