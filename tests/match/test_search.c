/* The search box: what a person types against the small tree. */
#include "tree.h"

enum { MOST = 20 };

static size_t place_of(const struct category **found, size_t count, struct str id)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(found[i]->id, id))
            return i;
    return SIZE_MAX;
}

static void typed_text_prefers_the_better_category(void **state)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct taxonomy tree = small_tree(&arena, LOCALES_BOTH);
    struct buf file = match_file("search.tsv");
    struct str rest = buf_str(&file), f[3];
    struct matcher *m;
    struct match_scratch *s;
    size_t broken = 0;
    (void)state;

    assert_ok(match_new(&tree, &m, NULL), NULL);
    assert_ok(match_scratch_new(&s, NULL), NULL);
    while (table_row(&rest, f, 3)) {
        const struct category *found[MOST];
        size_t count, better;

        assert_ok(match_search(m, s, f[0], found, MOST, &count, NULL), NULL);
        better = place_of(found, count, f[1]);
        if (str_empty(f[2]) ? better == 0 : better < place_of(found, count, f[2]))
            continue;
        print_error("%.*s: not %.*s before %.*s, but %.*s\n", STR_ARG(f[0]),
                    STR_ARG(f[1]), STR_ARG(f[2]),
                    STR_ARG(count ? found[0]->id : STR_LIT("nothing")));
        broken++;
    }
    assert_int_equal(broken, 0);
    match_scratch_free(s);
    match_free(m);
    buf_clear(&file);
    arena_clear(&arena);
}

/* At every key on the way to a name its category is in sight once three letters stand. */
static void every_name_is_found_while_it_is_typed(void **state)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct taxonomy tree = small_tree(&arena, LOCALES_BOTH);
    struct matcher *m;
    struct match_scratch *s;
    (void)state;

    assert_ok(match_new(&tree, &m, NULL), NULL);
    assert_ok(match_scratch_new(&s, NULL), NULL);
    for (size_t i = 0; i < tree.count; i++)
        for (size_t l = 0; l < tree.locale_count; l++)
            for (size_t n = 3; n <= tree.rows[i].names[l].n; n++) {
                const struct category *found[MOST];
                size_t count;

                assert_ok(match_search(m, s, str_head(tree.rows[i].names[l], n), found,
                                       MOST, &count, NULL),
                          NULL);
                if (place_of(found, count, tree.rows[i].id) == SIZE_MAX)
                    print_error("%.*s\n", STR_ARG(str_head(tree.rows[i].names[l], n)));
                assert_true(place_of(found, count, tree.rows[i].id) != SIZE_MAX);
            }
    match_scratch_free(s);
    match_free(m);
    arena_clear(&arena);
}

/* A word of three syllables, another for each number. */
static struct str word_of(struct arena *arena, size_t number)
{
    static const char *const syllables[] = {"ba", "ce", "di", "fo", "gu", "ha",
                                            "je", "ki", "lo", "mu", "na", "pe",
                                            "ri", "so", "tu", "wa"};
    char text[16] = "";

    for (size_t i = 0; i < 3; i++, number /= COUNT(syllables))
        memcpy(text + 2 * i, syllables[number % COUNT(syllables)], 2);
    return arena_str(arena, str_of(text));
}

enum { MANY = 4000 };

/* MANY leaves "Kotak untuk …" below "Rumah". */
static struct taxonomy many_boxes(struct arena *arena)
{
    struct category_row *rows = arena_zalloc(arena, MANY + 1, sizeof *rows);
    struct category_rows per_locale = {STR_LIT("id-ID"), rows, MANY + 1};
    struct taxonomy tree;

    rows[MANY] = (struct category_row){.id = STR_LIT("r"), .name = STR_LIT("Rumah")};
    for (size_t i = 0; i < MANY; i++) {
        char text[64];
        int n =
            snprintf(text, sizeof text, "Kotak untuk %.*s", STR_ARG(word_of(arena, i)));

        rows[i] = (struct category_row){.id = word_of(arena, i),
                                        .parent_id = STR_LIT("r"),
                                        .name = arena_str(arena, str_n(text, (size_t)n)),
                                        .leaf = true};
    }
    assert_ok(taxonomy_build(arena, &per_locale, 1, NULL, NULL, &tree, NULL), NULL);
    return tree;
}

static void words_that_every_name_has_do_not_hide_those_that_tell(void **state)
{
    static const char *const typed[] = {"kotak untuk %.*s", "rumah > kotak untuk %.*s",
                                        "%.*s untuk k", "rumah kotak %.*s",
                                        "kotak untuk z%.*s"};
    struct arena arena = ARENA_INIT(64 << 20);
    struct taxonomy tree = many_boxes(&arena);
    struct matcher *m;
    struct match_scratch *s;
    const struct category *found[MOST];
    size_t count;
    (void)state;

    assert_ok(match_new(&tree, &m, NULL), NULL);
    assert_ok(match_scratch_new(&s, NULL), NULL);
    for (size_t i = 0; i < MANY; i += 97)
        for (size_t t = 0; t < COUNT(typed); t++) {
            struct str id = word_of(&arena, i);
            char text[80];
            int n = snprintf(text, sizeof text, typed[t], STR_ARG(id));

            assert_ok(
                match_search(m, s, str_n(text, (size_t)n), found, MOST, &count, NULL),
                NULL);
            if (place_of(found, count, id) != 0)
                fail_msg("%s", text);
        }
    assert_ok(match_search(m, s, STR_LIT("kotak un"), found, MOST, &count, NULL), NULL);
    assert_int_equal(count, MOST);
    match_scratch_free(s);
    match_free(m);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_every_name_has_do_not_hide_those_that_tell),
        cmocka_unit_test(typed_text_prefers_the_better_category),
        cmocka_unit_test(every_name_is_found_while_it_is_typed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
