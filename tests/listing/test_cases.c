/* Every code that can be known offline, failing and passing: the folder cases/. */
#include "check.h"

#include "case.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static void show(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].level != FINDING_TIP)
            print_error("    %s %s %s %.*s: %.*s (%.*s; %.*s)\n",
                        finding_level_name(f->rows[i].level), f->rows[i].code,
                        f->rows[i].rule, STR_ARG(f->rows[i].path),
                        STR_ARG(f->rows[i].what), STR_ARG(f->rows[i].found),
                        STR_ARG(f->rows[i].allowed));
}

static bool is_allowed(const json_t *row, const char *code, const char *found)
{
    const json_t *also = json_list(row, "also");

    if (strcmp(found, code) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(also); i++)
        if (str_is(json_value_str(json_array_get(also, i)), found))
            return true;
    return false;
}

/* What the row does not speak of may be anything. */
static bool reads(const json_t *row, const char *key, struct str is)
{
    return !json_at(row, key) || str_eq(json_str(row, key), is);
}

/* A file bears the marketplace's code, or our name of the rule where it has none. */
static bool is_of(const struct finding *f, const char *name)
{
    return strcmp(f->code[0] ? f->code : f->rule, name) == 0;
}

static bool has_expected(const json_t *row, const char *code, const struct findings *f)
{
    struct str level = json_str(row, "level");

    for (size_t i = 0; i < f->count; i++)
        if (is_of(&f->rows[i], code) &&
            str_is(str_empty(level) ? STR_LIT("error") : level,
                   finding_level_name(f->rows[i].level)) &&
            reads(row, "path", f->rows[i].path) &&
            reads(row, "found", f->rows[i].found) &&
            reads(row, "allowed", f->rows[i].allowed) &&
            reads(row, "fix", f->rows[i].fix))
            return true;
    return false;
}

static bool have_any_of(const struct findings *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (is_of(&f->rows[i], name))
            return true;
    return false;
}

/* What is kept of them and read again says the same. */
static bool comes_back(const struct findings *f)
{
    struct arena arena = ARENA_INIT(1 << 24);
    struct findings again = {.arena = &arena};
    struct buf one = BUF_INIT(1 << 20), two = BUF_INIT(1 << 20);
    bool same;

    findings_format(f, &one);
    same = findings_parse(buf_str(&one), &again, NULL) == AISLE_OK;
    findings_format(&again, &two);
    same = same && str_eq(buf_str(&one), buf_str(&two));
    buf_clear(&one);
    buf_clear(&two);
    arena_clear(&arena);
    return same;
}

/* Who names an attribute or a certificate in words says which one, too. */
static bool names_what_it_means(const struct finding *f)
{
    return !str_starts(f->fix, "fill in ") ||
           (!str_empty(f->about.id) && str_find(f->fix, f->about.id) < f->fix.n);
}

static size_t judge_bad(const json_t *row, const char *code)
{
    struct arena arena = ARENA_INIT(1 << 26);
    struct findings f;
    struct test_case c;
    size_t wrong = 0;

    case_make(row, true, &c);
    case_check(&c, &arena, &f);
    if (!has_expected(row, code, &f)) {
        print_error("%s, %s: not found\n", code, json_string_value(json_at(row, "what")));
        wrong++;
    }
    if (!comes_back(&f)) {
        print_error("%s: does not come back as it was kept\n", code);
        wrong++;
    }
    for (size_t i = 0; i < f.count; i++)
        if (!names_what_it_means(&f.rows[i])) {
            print_error("%s: what is it about?\n", code);
            wrong++;
        }
    for (size_t i = 0; i < f.count; i++)
        if (f.rows[i].level == FINDING_ERROR && !is_allowed(row, code, f.rows[i].code)) {
            print_error("%s, %s: %s as well\n", code,
                        json_string_value(json_at(row, "what")), f.rows[i].code);
            wrong++;
        }
    if (wrong)
        show(&f);
    case_clear(&c);
    arena_clear(&arena);
    return wrong;
}

static size_t judge_good(const json_t *row, const char *code)
{
    struct arena arena = ARENA_INIT(1 << 26);
    struct findings f;
    struct test_case c;
    size_t wrong;

    case_make(row, false, &c);
    case_check(&c, &arena, &f);
    wrong = f.errors != 0 || have_any_of(&f, code);
    if (wrong) {
        print_error("%s, the good one of %s:\n", code,
                    json_string_value(json_at(row, "what")));
        show(&f);
    }
    case_clear(&c);
    arena_clear(&arena);
    return wrong;
}

static int is_case(const struct dirent *entry)
{
    return strstr(entry->d_name, ".json") != NULL;
}

static void each_code_is_found_where_it_is_broken_and_nowhere_else(void **state)
{
    const char *root = getenv("SOURCE_ROOT");
    struct dirent **entries;
    char folder[4096];
    size_t wrong = 0, rows = 0;
    int count;

    (void)state;
    snprintf(folder, sizeof folder, "%s/tests/listing/cases", root ? root : ".");
    count = scandir(folder, &entries, is_case, alphasort);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char name[300], code[64];
        const json_t *row;
        json_t *list;
        size_t k;

        snprintf(name, sizeof name, "cases/%s", entries[i]->d_name);
        snprintf(code, sizeof code, "%.*s", (int)strcspn(entries[i]->d_name, "."),
                 entries[i]->d_name);
        list = case_load(name);
        json_array_foreach(list, k, row)
        {
            wrong += judge_bad(row, code) + judge_good(row, code);
            rows++;
        }
        json_decref(list);
        free(entries[i]);
    }
    free(entries);
    if (wrong)
        fail_msg("%zu wrong of %zu rows", wrong, rows);
}

static void the_base_has_nothing_to_say(void **state)
{
    struct arena arena = ARENA_INIT(1 << 26);
    json_t *row = json_object();
    struct findings f;
    struct test_case c;

    (void)state;
    case_make(row, false, &c);
    case_check(&c, &arena, &f);
    show(&f);
    assert_int_equal(f.count, 0);
    case_clear(&c);
    json_decref(row);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_base_has_nothing_to_say),
        cmocka_unit_test(each_code_is_found_where_it_is_broken_and_nowhere_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
