/* Where a run's groups come from, and what its threads may believe of it. */
#include "world.h"

#include "flows/map/source.h"

static void open_map(struct world *w, struct map *m, const struct map_request *request)
{
    *m = (struct map){.app = &w->app,
                      .request = request,
                      .policy = &map_guide,
                      .target = {.id = STR_LIT(WORLD_TARGET)},
                      .arena = ARENA_INIT(ARENA_MAX_WORK),
                      .run = {.seller_id = STR_LIT("acme")}};
    pthread_mutex_init(&m->lock, NULL);
    assert_int_equal(source_open(m, NULL), AISLE_OK);
}

static void close_map(struct map *m)
{
    source_close(m);
    pthread_mutex_destroy(&m->lock);
    arena_clear(&m->arena);
}

/* A thread that is told there is nothing just now takes the lock again a moment later.
 * Were it then to write down what it was told, it would undo what the end of the last
 * group said meanwhile, and everyone would wait for good. */
static void that_nothing_is_to_be_had_is_noted_before_a_group_can_end(void **state)
{
    struct world *w = *state;
    const struct map_request request = {.target = STR_LIT(WORLD_TARGET)};
    struct group *g = NULL, *none = NULL;
    bool over = true;
    struct map m;

    world_product(w, "a", "kaos hitam", "Baju", NULL);
    open_map(w, &m, &request);
    assert_int_equal(source_next(&m, &g, &over, NULL), AISLE_OK);
    assert_non_null(g);
    assert_false(over || m.starved);

    assert_int_equal(source_next(&m, &none, &over, NULL), AISLE_OK);
    assert_null(none);
    assert_false(over);
    assert_true(m.starved);

    pthread_mutex_lock(&m.lock);
    source_group_done(&m, g);
    pthread_mutex_unlock(&m.lock);
    source_free(g);
    assert_int_equal(source_next(&m, &none, &over, NULL), AISLE_OK);
    assert_null(none);
    assert_true(over);
    assert_false(m.starved);
    close_map(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            that_nothing_is_to_be_had_is_noted_before_a_group_can_end, world_setup,
            world_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
