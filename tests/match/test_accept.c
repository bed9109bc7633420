/* From which confidence on answers may be taken unseen. */
#include "check.h"

#include "match/accept.h"

#include <math.h>

enum { ROWS = 200 };

static void the_cut_follows_what_was_measured(void **state)
{
    static const struct {
        const char *says;
        size_t count;
        size_t wrong_from; /* rows from here on, falling in confidence, are wrong */
        double accept_at, least, most;
    } cases[] = {
        {"nothing measured", 0, 0, 0.9, 2, 2},
        {"too little measured", 19, 19, 0.5, 2, 2},
        {"22 right ones do for 9 of 10", 22, 22, 0.9, 0.88, 0.9},
        {"21 do not", 21, 21, 0.9, 2, 2},
        {"113 do not for 98 of 100", 113, 113, 0.98, 2, 2},
        {"114 do", 114, 114, 0.98, 0.42, 0.44},
        {"all right", 200, 200, 0.98, 0.0, 0.05},
        {"two in three right", 200, 140, 0.9, 0.25, 0.35},
        {"all wrong", 200, 0, 0.5, 2, 2},
        {"nothing is certain", 200, 200, 1, 2, 2},
    };
    (void)state;

    for (size_t c = 0; c < COUNT(cases); c++) {
        struct accept_row rows[ROWS];
        double cut;

        for (size_t i = 0; i < cases[c].count; i++) /* out of order */
            rows[(i * 7) % cases[c].count] =
                (struct accept_row){.confidence = 1 - ((double)i + 1) / ROWS,
                                    .right = i < cases[c].wrong_from};
        cut = accept_cut(rows, cases[c].count, cases[c].accept_at);
        if (cut < cases[c].least - 1e-9 || cut > cases[c].most + 1e-9)
            fail_msg("%s: %.3f", cases[c].says, cut);
    }
}

static void equals_stand_or_fall_together(void **state)
{
    struct accept_row rows[100];
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = (struct accept_row){.confidence = 0.9, .right = i < 97};
    assert_true(accept_cut(rows, COUNT(rows), 0.98) > 1);
    assert_true(accept_cut(rows, COUNT(rows), 0.9) == 0.9);
}

static void each_kind_has_to_prove_itself(void **state)
{
    struct accept_row rows[200];
    struct accept_cuts cuts;
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = (struct accept_row){.confidence = 0.9,
                                      .right = i % 2 == 0 || i % 10 > 3,
                                      .kind = i % 2 ? ACCEPT_ALONE : ACCEPT_BESIDE};
    cuts = accept_cuts(rows, COUNT(rows), 0.95);
    assert_true(cuts.of[ACCEPT_BESIDE] == 0.9 && cuts.of[ACCEPT_ALONE] > 1);
    cuts = accept_cuts(rows, 0, 0.95);
    assert_true(cuts.of[ACCEPT_BESIDE] > 1 && cuts.of[ACCEPT_ALONE] > 1);
}

/* A sequence without a pattern, the same everywhere. */
static double any_number(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / (double)(UINT64_C(1) << 53);
}

/* Matchers of many kinds: how right an answer is falls with its confidence, in bends of
 * any shape. So the true share above a cut can be reckoned, and held against the promise.
 */
static void what_was_promised_holds_nine_times_in_ten(void **state)
{
    enum { ROUNDS = 600, MEASURED = 600 };
    static const double shares[] = {0.9, 0.95, 0.98};
    static struct accept_row rows[MEASURED];
    uint64_t seed = 7;
    (void)state;

    for (size_t s = 0; s < COUNT(shares); s++) {
        int cuts = 0, short_of = 0;
        double all = 0;

        for (int round = 0; round < ROUNDS; round++) {
            double bend = 0.2 + 6 * any_number(&seed), worst = any_number(&seed), cut;

            for (size_t i = 0; i < MEASURED; i++) {
                double c = any_number(&seed);
                double right = 1 - (1 - worst) * pow(1 - c, bend);

                rows[i] = (struct accept_row){.confidence = c,
                                              .right = any_number(&seed) < right};
            }
            cut = accept_cut(rows, MEASURED, shares[s]);
            if (cut >= 1)
                continue;
            /* the mean of right over [cut, 1] */
            double true_share = 1 - (1 - worst) * pow(1 - cut, bend) / (bend + 1);

            cuts++;
            short_of += true_share < shares[s];
            all += 1 - cut;
        }
        print_message("# %.2f: %d of %d cuts fell short, %.2f accepted on average\n",
                      shares[s], short_of, cuts, all / ROUNDS);
        assert_true(cuts > ROUNDS / 4);
        assert_true(short_of * 10 <= cuts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cut_follows_what_was_measured),
        cmocka_unit_test(equals_stand_or_fall_together),
        cmocka_unit_test(each_kind_has_to_prove_itself),
        cmocka_unit_test(what_was_promised_holds_nine_times_in_ten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
