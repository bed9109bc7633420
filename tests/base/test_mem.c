#include "check.h"

#include "base/arena.h"

#include <pthread.h>

static void the_nth_allocation_and_all_later_ones_fail(void **state)
{
    void *first, *second;

    (void)state;
    mem_fail_at(3);
    first = mem_alloc(8);
    second = mem_zalloc(2, 4);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(mem_alloc(1));
    assert_null(mem_realloc(first, 100));
    assert_null(mem_dup("x", 1));
    assert_int_equal(mem_count(), 5);
    mem_fail_at(0);
    assert_int_equal(mem_count(), 0);
    first = mem_realloc(first, 100);
    assert_non_null(first);
    mem_free(first);
    mem_free(second);
}

static void *allocate_once(void *ctx)
{
    void *p = mem_alloc(1);

    *(bool *)ctx = p != NULL;
    mem_free(p);
    return NULL;
}

static void other_threads_do_not_notice(void **state)
{
    pthread_t thread;
    bool worked = false;

    (void)state;
    mem_fail_at(1);
    assert_int_equal(pthread_create(&thread, NULL, allocate_once, &worked), 0);
    pthread_join(thread, NULL);
    mem_fail_at(0);
    assert_true(worked);
}

static void sizes_at_the_edges(void **state)
{
    void *nothing = mem_alloc(0), *none = mem_zalloc(0, 8);
    char *copy = mem_dup(NULL, 0);

    (void)state;
    assert_non_null(nothing);
    assert_non_null(none);
    assert_string_equal(copy, "");
    assert_null(mem_zalloc(SIZE_MAX / 2, 3));
    assert_null(mem_dup("x", SIZE_MAX));
    mem_free(nothing);
    mem_free(none);
    mem_free(copy);
    mem_free(NULL);
}

static void what_an_arena_hands_out_is_aligned_and_apart(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    unsigned char *given[500];

    (void)state;
    for (size_t i = 0; i < COUNT(given); i++) {
        arena_str(&arena, STR_LIT("odd")); /* leaves the block at an odd place */
        given[i] = arena_alloc(&arena, i * 7);
        assert_non_null(given[i]);
        assert_int_equal((uintptr_t)given[i] % _Alignof(max_align_t), 0);
        memset(given[i], (int)(i & 255), i * 7);
    }
    for (size_t i = 0; i < COUNT(given); i++)
        for (size_t k = 0; k < i * 7; k++)
            assert_int_equal(given[i][k], i & 255);
    arena_clear(&arena);
    arena_clear(&arena);
    assert_int_equal(arena.used, 0);
}

static void an_arena_keeps_to_its_ceiling(void **state)
{
    struct arena arena = ARENA_INIT(100);

    (void)state;
    assert_null(arena_alloc(&arena, 101));
    assert_non_null(arena_alloc(&arena, 60));
    assert_null(arena_alloc(&arena, 41));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_zalloc(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_str(&arena, STR_LIT("0123456789012345678901234567890123456789")).p);
    assert_non_null(arena_alloc(&arena, 40));
    assert_null(arena_alloc(&arena, 1));
    arena_clear(&arena);
    assert_non_null(arena_alloc(&arena, 100));
    arena_clear(&arena);
}

static void arena_texts_end_with_a_nul(void **state)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct str copy = arena_str(&arena, str_n("kaos pria", 4));
    struct str made = arena_fmt(&arena, "%s-%02d", "K", 1);
    unsigned char *zeroes = arena_zalloc(&arena, 10, 10);

    (void)state;
    assert_string_equal(copy.p, "kaos");
    assert_int_equal(copy.n, 4);
    assert_string_equal(made.p, "K-01");
    assert_int_equal(made.n, 4);
    assert_non_null(arena_str(&arena, (struct str){0}).p);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(zeroes[i], 0);
    arena_clear(&arena);
}

static void rewinding_gives_back_what_came_after_the_mark(void **state)
{
    struct arena arena = ARENA_INIT(20000);
    struct arena_mark empty = arena_mark(&arena), mark;
    struct str kept;
    char *there;

    (void)state;
    kept = arena_str(&arena, STR_LIT("kept"));
    mark = arena_mark(&arena);
    there = arena_alloc(&arena, 8);
    for (int round = 0; round < 10; round++) {
        assert_non_null(arena_alloc(&arena, 9000)); /* a block of its own */
        arena_rewind(&arena, mark);
        assert_ptr_equal(arena_alloc(&arena, 8), there);
    }
    assert_string_equal(kept.p, "kept");
    arena_rewind(&arena, empty);
    assert_int_equal(arena.used, 0);
    assert_null(arena.first);
}

static enum aisle_status fill_arena(void *ctx, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    enum aisle_status status = AISLE_OK;

    (void)ctx;
    for (int i = 0; i < 100 && status == AISLE_OK; i++)
        if (!arena_alloc(&arena, 1000) || !arena_fmt(&arena, "%d", i).p)
            status = aisle_nomem(err);
    arena_clear(&arena);
    return status;
}

static void an_arena_without_memory_says_so(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(fill_arena, NULL) > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_allocation_and_all_later_ones_fail),
        cmocka_unit_test(other_threads_do_not_notice),
        cmocka_unit_test(sizes_at_the_edges),
        cmocka_unit_test(what_an_arena_hands_out_is_aligned_and_apart),
        cmocka_unit_test(an_arena_keeps_to_its_ceiling),
        cmocka_unit_test(arena_texts_end_with_a_nul),
        cmocka_unit_test(rewinding_gives_back_what_came_after_the_mark),
        cmocka_unit_test(an_arena_without_memory_says_so),
    };

    return cmocka_run_group_tests_name("base: memory and arenas", tests, NULL, NULL);
}
