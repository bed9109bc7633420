/* Answers held against what was right: the figures, and the picture of them. */
#include "check.h"

#include "match/judge.h"

static void add(struct judge *j, double confidence, size_t place)
{
    struct aisle_err err = {0};

    assert_ok(judge_add(j, confidence, place, &err), &err);
}

static void the_first_three_and_ten_are_counted_over_all_rows(void **state)
{
    static const size_t places[] = {0, 0, 1, 2, 3, 9, 10, SIZE_MAX};
    struct judge j = {0};
    (void)state;

    for (size_t i = 0; i < COUNT(places); i++)
        add(&j, 0.5, places[i]);
    judge_add_abstention(&j);
    assert_int_equal(j.rows, 9);
    assert_int_equal(j.answered, 8);
    assert_int_equal(j.in_1, 2);
    assert_int_equal(j.in_3, 4);
    assert_int_equal(j.in_10, 6);
    judge_clear(&j);
}

static void confidence_that_is_met_lies_nowhere_apart(void **state)
{
    struct judge j = {0};
    (void)state;

    assert_true(judge_ece(&j) == 0);
    for (int i = 0; i < 10; i++)
        add(&j, 0.8, i < 8 ? 0 : 1);
    assert_true(judge_ece(&j) < 1e-9);
    for (int i = 0; i < 10; i++)
        add(&j, 1.0, i < 5 ? 0 : 1); /* half of ten rows of twenty too sure */
    assert_true(judge_ece(&j) > 0.2499 && judge_ece(&j) < 0.2501);
    judge_clear(&j);
}

static void coverage_is_the_longest_run_that_keeps_the_precision(void **state)
{
    /* right, by falling confidence */
    static const bool right[] = {true, false, true, true, true, false, false, false};
    struct judge j = {0};
    double least;
    (void)state;

    assert_true(judge_coverage(&j, 0.9, NULL) == 0);
    for (size_t i = 0; i < COUNT(right); i++)
        add(&j, 0.9 - 0.1 * (double)i, right[i] ? 0 : 1);
    assert_true(judge_coverage(&j, 0.8, &least) == 5.0 / 8);
    assert_true(least > 0.49 && least < 0.51);
    assert_true(judge_coverage(&j, 1, &least) == 1.0 / 8);
    add(&j, 0.05, 0); /* added later, looked at again */
    assert_true(judge_coverage(&j, 0.5, NULL) == 1);
    judge_clear(&j);
}

static void the_picture_is_well_formed_with_and_without_answers(void **state)
{
    struct judge j = {0};
    struct buf out = BUF_INIT(1 << 20);
    (void)state;

    judge_draw(&j, &out);
    assert_true(str_starts(buf_str(&out), "<svg"));
    for (size_t i = 0; i < 1000; i++)
        add(&j, (double)i / 1000, i % 3);
    buf_reset(&out);
    judge_draw(&j, &out);
    assert_true(str_ends(buf_str(&out), "</svg>\n"));
    assert_true(str_find(buf_str(&out), STR_LIT("nan")) == out.n);
    assert_true(str_find(buf_str(&out), STR_LIT("<circle")) < out.n);
    buf_clear(&out);
    judge_clear(&j);
}

static enum aisle_status judge_some(void *ctx, struct aisle_err *err)
{
    struct judge j = {0};
    enum aisle_status status = AISLE_OK;
    (void)ctx;

    for (int i = 0; status == AISLE_OK && i < 3000; i++)
        status = judge_add(&j, 0.5, 0, err);
    judge_clear(&j);
    return status;
}

static void failing_memory_is_reported_and_nothing_leaks(void **state)
{
    (void)state;
    assert_true(each_allocation_failing(judge_some, NULL) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_three_and_ten_are_counted_over_all_rows),
        cmocka_unit_test(confidence_that_is_met_lies_nowhere_apart),
        cmocka_unit_test(coverage_is_the_longest_run_that_keeps_the_precision),
        cmocka_unit_test(the_picture_is_well_formed_with_and_without_answers),
        cmocka_unit_test(failing_memory_is_reported_and_nothing_leaks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
