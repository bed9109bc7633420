/* From which confidence on answers may be taken unseen. */
#include "check.h"

#include "match/accept.h"

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
        {"twenty right ones do for 95 of 100", 20, 20, 0.95, 0.9, 0.91},
        {"but not for 98", 20, 20, 0.98, 2, 2},
        {"all right", 200, 200, 0.98, 0.0, 0.01},
        {"the upper half right", 200, 100, 0.98, 0.49, 0.51},
        {"all wrong", 200, 0, 0.5, 2, 2},
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
    struct accept_row rows[40];
    (void)state;

    for (size_t i = 0; i < COUNT(rows); i++)
        rows[i] = (struct accept_row){.confidence = 0.9, .right = i < 38};
    assert_true(accept_cut(rows, COUNT(rows), 0.98) > 1);
    assert_true(accept_cut(rows, COUNT(rows), 0.9) == 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cut_follows_what_was_measured),
        cmocka_unit_test(equals_stand_or_fall_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
