/* From scores to confidence: what it is fitted to is what it says. */
#include "check.h"

#include "match/calibrate.h"

#include <math.h>

enum { ROWS = 4000, LEAVES = 8 };

static uint32_t roll(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Two leaves by score each; the first is right in `often` of 100 rows of its leaf. */
static struct calibration_row *make_rows(const uint32_t often[LEAVES])
{
    struct calibration_row *rows = test_calloc(ROWS, sizeof *rows);
    uint32_t seed = 7;

    for (uint32_t i = 0; i < ROWS; i++) {
        rows[i].count = 2;
        rows[i].scores[0] = 3 + (float)(roll(&seed) % 100) / 100;
        rows[i].scores[1] = 2;
        rows[i].first = i % LEAVES;
        rows[i].fold = i / LEAVES % 5;
        rows[i].weight = 1;
        rows[i].right = roll(&seed) % 100 < often[i % LEAVES] ? 0 : 1;
    }
    return rows;
}

static void fit(struct calibration_row *rows, size_t count, struct model_calibration *c,
                float trust[LEAVES])
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct aisle_err err = {0};

    assert_ok(calibrate_fit(rows, count, LEAVES, &arena, c, trust, &err), &err);
    arena_clear(&arena);
}

static double first_of(const struct model_calibration *c, float lead,
                       struct calibration_hints hints)
{
    const float scores[] = {2 + lead, 2};
    double confidence[CALIBRATE_TOP];

    calibrate_apply(c, scores, 2, &hints, confidence);
    assert_true(confidence[1] <= confidence[0]);
    assert_true(confidence[0] + confidence[1] <= 1 + 1e-9);
    return confidence[0];
}

static void confidence_is_how_often_it_was_right(void **state)
{
    static const uint32_t often[LEAVES] = {70, 70, 70, 70, 70, 70, 70, 70};
    struct calibration_row *rows = make_rows(often);
    struct model_calibration c;
    struct model_measure measure;
    float trust[LEAVES];
    double said;
    (void)state;

    fit(rows, ROWS, &c, trust);
    said = first_of(&c, 1.5F, (struct calibration_hints){0});
    assert_true(said > 0.67 && said < 0.73);
    calibrate_measure(&c, rows, ROWS, &measure);
    assert_int_equal(measure.titles, ROWS);
    assert_true(measure.ece < 0.03F);
    test_free(rows);
}

/* Of ten rows seven are right; the other three count a quarter each. */
static void a_row_counts_by_its_weight(void **state)
{
    static const uint32_t often[LEAVES] = {70, 70, 70, 70, 70, 70, 70, 70};
    struct calibration_row *rows = make_rows(often);
    struct model_calibration c;
    struct model_measure measure;
    float trust[LEAVES];
    double said;
    (void)state;

    for (size_t i = 0; i < ROWS; i++)
        rows[i].weight = rows[i].right == 0 ? 1 : 0.25F;
    fit(rows, ROWS, &c, trust);
    said = first_of(&c, 1.5F, (struct calibration_hints){0});
    assert_true(said > 0.88 && said < 0.92);
    calibrate_measure(&c, rows, ROWS, &measure);
    assert_true(measure.titles > 0.75 * ROWS && measure.titles < 0.8 * ROWS);
    assert_true(measure.right > 0.88 * measure.titles);
    assert_true(measure.ece < 0.03F);
    test_free(rows);
}

static void a_leaf_that_is_often_wrong_is_trusted_less(void **state)
{
    static const uint32_t often[LEAVES] = {20, 95, 70, 70, 70, 70, 70, 70};
    struct calibration_row *rows = make_rows(often);
    struct model_calibration c;
    float trust[LEAVES];
    double low, high;
    (void)state;

    fit(rows, ROWS, &c, trust);
    assert_true(trust[0] < 0 && trust[1] > 0);
    low = first_of(&c, 1.5F, (struct calibration_hints){.trust = trust[0]});
    high = first_of(&c, 1.5F, (struct calibration_hints){.trust = trust[1]});
    assert_true(low < 0.3 && high > 0.85);
    test_free(rows);
}

/* What a leaf is trusted with in a row comes from the other folds. */
static void a_row_does_not_hear_of_itself(void **state)
{
    static const uint32_t often[LEAVES] = {50, 50, 50, 50, 50, 50, 50, 50};
    struct calibration_row *rows = make_rows(often);
    struct model_calibration c;
    float trust[LEAVES], before;
    (void)state;

    fit(rows, ROWS, &c, trust);
    before = rows[0].hints.trust;
    for (uint32_t i = 0; i < ROWS; i += LEAVES)
        if (rows[i].fold == rows[0].fold)
            rows[i].right = 0;
    fit(rows, ROWS, &c, trust);
    assert_true(trust[0] > 0.2F);
    assert_true(rows[0].hints.trust < trust[0] - 0.1F);
    assert_true(before > -0.5F && before < 0.5F);
    test_free(rows);
}

static float share_of(uint32_t *seed)
{
    return (float)(roll(seed) % 10000) / 10000;
}

/* Nine in ten lead far and are right but for four of a thousand; the others are guesses.
 */
static struct calibration_row *make_sure_rows(uint32_t seed)
{
    struct calibration_row *rows = test_calloc(ROWS, sizeof *rows);

    for (uint32_t i = 0; i < ROWS; i++) {
        bool sure = share_of(&seed) < 0.9F;
        float far = share_of(&seed), chance = share_of(&seed);
        float lead = sure ? 8 + far * 20 : far * 8;
        double often = sure ? 0.996 : 1 / (1 + exp(3 - (double)lead));

        rows[i].count = 2;
        rows[i].scores[0] = 5 + lead;
        rows[i].scores[1] = 5;
        rows[i].right = (double)chance < often ? 0 : roll(&seed) % 3 ? 1 : 2;
        rows[i].first = i % LEAVES;
        rows[i].fold = i / LEAVES % 5;
        rows[i].weight = 1;
        rows[i].hints.unknown = sure ? 0.1F : 0.5F;
        rows[i].hints.start = !sure && far < 0.3F;
    }
    return rows;
}

/* Whole steps of Newton's method swung off on the rows of seed 41 and never came back. */
static void rows_that_are_nearly_all_sure_do_not_throw_it_off(void **state)
{
    (void)state;

    for (uint32_t seed = 39; seed < 43; seed++) {
        struct calibration_row *rows = make_sure_rows(seed);
        struct model_calibration c;
        struct model_measure measure;
        float trust[LEAVES];

        fit(rows, ROWS, &c, trust);
        calibrate_measure(&c, rows, ROWS, &measure);
        assert_true(measure.ece < 0.03F);
        test_free(rows);
    }
}

/* Every leaf has one title: that none could be answered is no news of the next. */
static void rows_that_could_not_be_answered_leave_the_usual(void **state)
{
    static const uint32_t never[LEAVES] = {0};
    struct calibration_row *rows = make_rows(never);
    struct model_calibration c;
    float trust[LEAVES];
    (void)state;

    for (size_t i = 0; i < ROWS; i++)
        rows[i].alone = true;
    fit(rows, ROWS, &c, trust);
    assert_memory_equal(&c, &calibration_default, sizeof c);
    for (int leaf = 0; leaf < LEAVES; leaf++)
        assert_true(trust[leaf] == 0);
    test_free(rows);
}

/* Where some could, those that could not are leaves to come. */
static void rows_that_could_not_be_answered_count_beside_others(void **state)
{
    static const uint32_t never[LEAVES] = {0};
    struct calibration_row *rows = make_rows(never);
    struct model_calibration c;
    float trust[LEAVES];
    (void)state;

    for (size_t i = 0; i < ROWS; i++) {
        rows[i].alone = i % 2 != 0;
        rows[i].right = rows[i].alone ? 2 : 0;
    }
    fit(rows, ROWS, &c, trust);
    assert_true(fabs(first_of(&c, 1.5F, (struct calibration_hints){0}) - 0.5) < 0.05);
    test_free(rows);
}

static void few_rows_move_the_usual_a_little_and_many_wholly(void **state)
{
    static const uint32_t never[LEAVES] = {0};
    static const size_t counts[] = {0, 10, 100, ROWS};
    struct calibration_row *rows = make_rows(never);
    double said[COUNT(counts)];
    (void)state;

    for (size_t i = 0; i < ROWS; i++)
        rows[i].right = 2; /* none of those it knew */
    for (size_t i = 0; i < COUNT(counts); i++) {
        struct model_calibration c;
        float trust[LEAVES];

        fit(rows, counts[i], &c, trust);
        said[i] = first_of(&c, 1.5F, (struct calibration_hints){0});
        assert_true(i == 0 || said[i] < said[i - 1]);
    }
    assert_true(said[1] > said[0] / 20 && said[COUNT(counts) - 1] < said[0] / 100);
    test_free(rows);
}

static void odd_numbers_give_a_probability_still(void **state)
{
    static const float odd[] = {-1e30F, 1e30F, 0, 1};
    (void)state;

    for (size_t i = 0; i < COUNT(odd); i++)
        for (size_t k = 0; k < COUNT(odd); k++) {
            struct calibration_hints hints = {.unknown = 1, .start = 1, .trust = odd[k]};
            double said = first_of(&calibration_default, odd[i] < 0 ? 0 : odd[i], hints);

            assert_true(said >= 0 && said <= 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(confidence_is_how_often_it_was_right),
        cmocka_unit_test(a_row_counts_by_its_weight),
        cmocka_unit_test(a_leaf_that_is_often_wrong_is_trusted_less),
        cmocka_unit_test(a_row_does_not_hear_of_itself),
        cmocka_unit_test(rows_that_are_nearly_all_sure_do_not_throw_it_off),
        cmocka_unit_test(rows_that_could_not_be_answered_leave_the_usual),
        cmocka_unit_test(rows_that_could_not_be_answered_count_beside_others),
        cmocka_unit_test(few_rows_move_the_usual_a_little_and_many_wholly),
        cmocka_unit_test(odd_numbers_give_a_probability_still),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
