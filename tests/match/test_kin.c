/* What leaves have in common by their names, and titles that stand under several. */
#include "check.h"

#include "match/ask.h"
#include "match/kin.h"
#include "match/paths.h"
#include "match/train.h"

enum { LEAVES = 20 };

/* "shoes" is in three names, "bag" in two, "fan" in five: a quarter of all. */
static const char *const names[LEAVES] = {
    "Running Shoes", "Golf Shoe", "Shoes for Babies",
    "Bag",           "Paper Bag", "Club Fan",
    "Fan Gloves",    "Fan Hats",  "Fans",
    "Ceiling Fan",   "Apples",    "Pears",
    "Plums",         "Grapes",    "Figs",
    "Lamps",         "Candles",   "Chairs",
    "Desks",         "Shelves",
};

struct world {
    struct arena arena;
    struct taxonomy tree;
    uint32_t rows[LEAVES]; /* of the tree, as named above */
    struct word_splitter splitter;
    const struct linear_link *links;
    uint32_t count, nodes;
};

static void world_open(struct world *w)
{
    struct str paths[LEAVES];

    *w = (struct world){.arena = ARENA_INIT(16 << 20), .nodes = LEAVES};
    for (size_t i = 0; i < LEAVES; i++)
        paths[i] = str_of(names[i]);
    assert_ok(paths_build(paths, LEAVES, &w->arena, &w->tree, NULL), NULL);
    assert_ok(word_splitter_init(&w->splitter, NULL), NULL);
    for (size_t i = 0; i < LEAVES; i++)
        w->rows[i] = (uint32_t)(taxonomy_get(&w->tree, paths[i]) - w->tree.rows);
}

static void world_close(struct world *w)
{
    word_splitter_clear(&w->splitter);
    arena_clear(&w->arena);
}

static void a_word_is_a_node_when_some_leaves_share_it_and_not_too_many(void **state)
{
    struct world w;
    (void)state;

    world_open(&w);
    assert_ok(kin_find(&w.tree, w.rows, LEAVES, &w.splitter, &w.arena, &w.links, &w.count,
                       &w.nodes, NULL),
              NULL);
    assert_int_equal(w.nodes, LEAVES + 1);
    assert_int_equal(w.count, 3);
    for (uint32_t i = 0; i < w.count; i++) {
        assert_int_equal(w.links[i].leaf, i);
        assert_int_equal(w.links[i].node, LEAVES);
    }
    world_close(&w);
}

static enum aisle_status find(void *ctx, struct aisle_err *err)
{
    struct world *w = ctx;

    w->nodes = LEAVES;
    return kin_find(&w->tree, w->rows, LEAVES, &w->splitter, &w->arena, &w->links,
                    &w->count, &w->nodes, err);
}

static void without_memory_kin_is_not_found_and_nothing_leaks(void **state)
{
    struct world w;
    (void)state;

    world_open(&w);
    assert_true(each_allocation_failing(find, &w) > 1);
    world_close(&w);
}

static struct str best_of(const struct model *m, struct str title, size_t place)
{
    struct product_text text = {.title = title};
    struct model_hit hits[CALIBRATE_TOP];
    struct asker *asker;
    size_t count = 0;

    assert_ok(asker_new(m, &asker, NULL), NULL);
    assert_ok(asker_rank(asker, &text, hits, CALIBRATE_TOP, &count, NULL), NULL);
    asker_free(asker);
    assert_true(count > place);
    return model_node_id(m, hits[place].leaf);
}

static void what_is_said_of_two_shoes_helps_the_third(void **state)
{
    static const struct labelled rows[] = {
        {{.title = STR_INIT("zapato rapido")}, STR_INIT("Running Shoes")},
        {{.title = STR_INIT("zapato ligero")}, STR_INIT("Running Shoes")},
        {{.title = STR_INIT("zapato verde")}, STR_INIT("Golf Shoe")},
        {{.title = STR_INIT("zapato blanco")}, STR_INIT("Golf Shoe")},
        {{.title = STR_INIT("lampara verde")}, STR_INIT("Lamps")},
        {{.title = STR_INIT("silla blanca")}, STR_INIT("Chairs")},
    };
    struct buf bytes = BUF_INIT(MODEL_MAX_BYTES);
    struct model *m;
    struct world w;
    (void)state;

    world_open(&w);
    assert_ok(model_train(&w.tree, rows, COUNT(rows), NULL, &bytes, NULL), NULL);
    assert_ok(model_open_bytes(buf_str(&bytes), &m, NULL), NULL);
    assert_str(best_of(m, STR_LIT("zapato"), 2), "Shoes for Babies");
    model_close(m);
    buf_clear(&bytes);
    world_close(&w);
}

/* ---- twins ---- */

static void a_title_under_several_leaves_knows_them_all(void **state)
{
    /* 7 stands under 1 and 4, 9 twice under 2 alone, 0 takes no part. */
    static const uint64_t titles[] = {7, 9, 7, 0, 9, 7, 8, 0};
    static const uint32_t labels[] = {4, 2, 1, 1, 2, 1, 5, 3};
    static const bool several[] = {1, 0, 1, 0, 0, 1, 0, 0};
    struct arena arena = ARENA_INIT(1 << 20);
    struct twins twins;
    (void)state;

    assert_ok(twins_find(titles, labels, COUNT(titles), &arena, &twins, NULL), NULL);
    for (size_t r = 0; r < COUNT(titles); r++)
        assert_int_equal(twins.of[r], several[r] ? 0 : UINT32_MAX);
    assert_int_equal(twins.firsts[1] - twins.firsts[0], 2);
    assert_int_equal(twins.leaves[twins.firsts[0]], 1);
    assert_int_equal(twins.leaves[twins.firsts[0] + 1], 4);
    arena_clear(&arena);
}

static void no_rows_have_no_twins(void **state)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct twins twins;
    (void)state;

    assert_ok(twins_find(NULL, NULL, 0, &arena, &twins, NULL), NULL);
    assert_int_equal(twins.firsts[0], 0);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_a_node_when_some_leaves_share_it_and_not_too_many),
        cmocka_unit_test(without_memory_kin_is_not_found_and_nothing_leaks),
        cmocka_unit_test(what_is_said_of_two_shoes_helps_the_third),
        cmocka_unit_test(a_title_under_several_leaves_knows_them_all),
        cmocka_unit_test(no_rows_have_no_twins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
