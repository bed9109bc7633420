/* Everybody's word into one list: who raises whom, and what is never offered. */
#include "tree.h"

enum { ALL = 64 };

struct world {
    struct arena arena;
    struct taxonomy tree, also;
    struct matcher *matcher;
    struct match_scratch *scratch;
    struct approvals *approvals;
    struct suggestion list[ALL];
    size_t found;
};

static void world_match(struct world *w)
{
    match_free(w->matcher);
    assert_ok(match_new(&w->tree, &w->matcher, NULL), NULL);
}

static struct world *world_new(void)
{
    struct world *w = test_calloc(1, sizeof *w);

    w->arena = (struct arena)ARENA_INIT(64 << 20);
    w->tree = small_tree(&w->arena, LOCALES_BOTH);
    w->also = small_tree(&w->arena, LOCALE_EN);
    world_match(w);
    assert_ok(match_scratch_new(&w->scratch, NULL), NULL);
    assert_ok(approvals_new(&w->approvals, NULL), NULL);
    return w;
}

static void world_free(struct world *w)
{
    match_free(w->matcher);
    match_scratch_free(w->scratch);
    approvals_free(w->approvals);
    arena_clear(&w->arena);
    test_free(w);
}

static double ask(struct world *w, struct str title, const struct match_advice *advice,
                  struct str leaf)
{
    struct match_query query = {.title = title};
    struct aisle_err err = {0};

    assert_ok(match_decide(w->matcher, w->scratch, &query, advice, &w->arena, w->list,
                           ALL, &w->found, &err),
              &err);
    for (size_t i = 0; i < w->found; i++)
        if (str_eq(w->list[i].category_id, leaf))
            return w->list[i].confidence;
    return 0;
}

static void a_second_voice_raises_its_leaf_and_lowers_its_rivals(void **state)
{
    static const struct {
        const char *says;
        struct match_advice same, other;
    } cases[] = {
        {"marketplace",
         {.marketplace = STR_INIT("111")},
         {.marketplace = STR_INIT("211")}},
        {"with image",
         {.marketplace = STR_INIT("111"), .with_image = true},
         {.marketplace = STR_INIT("211"), .with_image = true}},
        {"rule",
         {.rule = STR_INIT("111"), .rule_precision = 0.9},
         {.rule = STR_INIT("211"), .rule_precision = 0.9}},
        {"seller category",
         {.seller_category = STR_INIT("111")},
         {.seller_category = STR_INIT("211")}},
    };
    struct world *w = world_new();
    struct str title = STR_LIT("Kaos pria polos"), leaf = STR_LIT("111");
    double alone = ask(w, title, NULL, leaf);
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        double agreed = ask(w, title, &cases[i].same, leaf);
        double contested = ask(w, title, &cases[i].other, leaf);
        double rival = ask(w, title, &cases[i].other, STR_LIT("211"));

        if (!(agreed > alone && contested < alone && rival > 0))
            fail_msg("%s: alone %.3f, agreed %.3f, contested %.3f, rival %.3f",
                     cases[i].says, alone, agreed, contested, rival);
    }
    world_free(w);
}

static void the_marketplace_counts_for_more_when_it_saw_the_image(void **state)
{
    struct world *w = world_new();
    struct match_advice blind = {.marketplace = STR_LIT("622")},
                        seen = {.marketplace = STR_LIT("622"), .with_image = true};
    (void)state;

    assert_true(ask(w, STR_LIT("Kaos pria"), &seen, STR_LIT("622")) >
                ask(w, STR_LIT("Kaos pria"), &blind, STR_LIT("622")));
    assert_true(ask(w, STR_LIT("Quansi"), &blind, STR_LIT("622")) > 0.5);
    assert_int_equal(w->list[0].advisor, ADVISOR_MARKETPLACE);
    world_free(w);
}

static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void roll_permissions(struct taxonomy *tree, uint32_t *seed)
{
    static const unsigned words[] = {
        0,
        PERMISSION_AVAILABLE,
        PERMISSION_AVAILABLE,
        PERMISSION_INVITE_ONLY,
        PERMISSION_PROHIBITED,
        PERMISSION_UNKNOWN,
        PERMISSION_AVAILABLE | PERMISSION_UNKNOWN,
        PERMISSION_AVAILABLE | PERMISSION_NON_MAIN_CATEGORY,
    };
    struct category *rows = (struct category *)tree->rows; /* ours, built above */

    for (size_t i = 0; i < tree->count; i++)
        rows[i].permissions = words[roll(seed) % COUNT(words)];
}

static struct str any_id(const struct world *w, uint32_t *seed)
{
    return w->tree.rows[roll(seed) % w->tree.count].id;
}

static bool is_open(const struct taxonomy *tree, struct str id)
{
    const struct category *c = taxonomy_get(tree, id);

    return c && category_takes_products(c);
}

static void a_closed_leaf_is_never_offered_whoever_names_it(void **state)
{
    struct world *w = world_new();
    uint32_t seed = 5;
    (void)state;

    for (int i = 0; i < 200; i++) {
        char key[16];
        struct labelled row = {
            .text = {.title = w->tree.rows[roll(&seed) % w->tree.count].names[0]},
            .category_id = any_id(w, &seed)};

        snprintf(key, sizeof key, "%d", i);
        assert_ok(approvals_add(w->approvals, str_of(key), &row, NULL), NULL);
    }
    for (int round = 0; round < 40; round++) {
        struct match_sources sources = {.approvals = w->approvals,
                                        .also = round % 2 ? &w->also : NULL};

        roll_permissions(&w->tree, &seed);
        roll_permissions(&w->also, &seed);
        world_match(w);
        match_use(w->matcher, &sources);
        for (size_t i = 0; i < w->tree.count; i++) {
            struct match_advice advice = {.marketplace = any_id(w, &seed),
                                          .rule = any_id(w, &seed),
                                          .seller_category = any_id(w, &seed)};
            double sum = 0;

            ask(w, w->tree.rows[i].names[roll(&seed) % 2], &advice, STR_LIT(""));
            for (size_t k = 0; k < w->found; k++) {
                assert_true(is_open(&w->tree, w->list[k].category_id));
                assert_true(!sources.also || is_open(&w->also, w->list[k].category_id));
                assert_true(k == 0 || w->list[k].confidence <= w->list[k - 1].confidence);
                sum += w->list[k].confidence;
            }
            assert_true(sum <= 1.0 + 1e-9);
        }
    }
    world_free(w);
}

static void nobody_s_word_on_nothing_known_is_an_abstention(void **state)
{
    struct world *w = world_new();
    (void)state;

    ask(w, STR_LIT("Quansi teplo"), NULL, STR_LIT(""));
    assert_int_equal(w->found, 0);
    ask(w, STR_LIT(""), &(struct match_advice){0}, STR_LIT(""));
    assert_int_equal(w->found, 0);
    world_free(w);
}

/* The title without the words that are told as reasons. */
static struct str without(struct world *w, struct str title, struct str reasons)
{
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct str words = str_head(reasons, str_find(reasons, STR_LIT("; as "))), kept;

    while (!str_empty(title)) {
        struct str word = str_cut(&title, ' '), rest = words;
        bool told = false;

        while (!str_empty(rest)) {
            struct str one = text_trim(str_cut(&rest, ','));
            char folded[64];
            size_t n = word.n < sizeof folded ? word.n : 0;

            for (size_t i = 0; i < n; i++)
                folded[i] = (char)(word.p[i] >= 'A' && word.p[i] <= 'Z' ? word.p[i] + 32
                                                                        : word.p[i]);
            told |= str_find(str_n(folded, n), one) < n || str_eq(str_n(folded, n), one);
        }
        if (told)
            continue;
        buf_add(&out, word);
        buf_addc(&out, ' ');
    }
    kept = arena_str(&w->arena, buf_str(&out));
    buf_clear(&out);
    return kept;
}

/* Taught with half of the titles or not at all, nearly every answer leans on the words it
 * tells. */
static void without_the_words_that_decided_confidence_falls(void **state)
{
    struct world *w = world_new();
    size_t asked = 0, fallen = 0;
    (void)state;

    for (int taught = 0; taught < 2; taught++) {
        struct buf file = match_file("preferences.tsv");
        struct str rest = buf_str(&file), f[3];

        for (size_t i = 0; table_row(&rest, f, 3); i++) {
            struct labelled row = {.text = {.title = f[0]}, .category_id = f[1]};
            double with;
            struct str best, reasons;

            if (taught && i % 2 == 0) {
                assert_ok(approvals_add(w->approvals, f[0], &row, NULL), NULL);
                match_use(w->matcher, &(struct match_sources){.approvals = w->approvals});
                continue;
            }
            ask(w, f[0], NULL, STR_LIT(""));
            if (w->found == 0)
                continue;
            best = w->list[0].category_id;
            with = w->list[0].confidence;
            reasons = w->list[0].reasons;
            asked++;
            if (ask(w, without(w, f[0], reasons), NULL, best) < with)
                fallen++;
            else
                print_message("# %.*s: no less without %.*s\n", STR_ARG(f[0]),
                              STR_ARG(reasons));
        }
        buf_clear(&file);
    }
    assert_true(asked > 40);
    if (fallen * 100 < asked * 95)
        fail_msg("%zu of %zu fell", fallen, asked);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_voice_raises_its_leaf_and_lowers_its_rivals),
        cmocka_unit_test(the_marketplace_counts_for_more_when_it_saw_the_image),
        cmocka_unit_test(a_closed_leaf_is_never_offered_whoever_names_it),
        cmocka_unit_test(nobody_s_word_on_nothing_known_is_an_abstention),
        cmocka_unit_test(without_the_words_that_decided_confidence_falls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
