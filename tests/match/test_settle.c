/* Is a seller category settled? Single verdicts, then both error rates by simulation. */
#include "check.h"

#include "match/settle.h"

static struct settle_answer say(const char *leaf, double trust)
{
    return (struct settle_answer){.category_id = str_of(leaf), .trust = trust};
}

/* "aaab": one answer a letter, "-" for a refusal. */
static struct settle_verdict judge(const char *answers, double trust, size_t products)
{
    static const char *const leaves[] = {"a", "b", "c", "d"};
    struct settle_answer list[64];
    size_t n = strlen(answers);

    for (size_t i = 0; i < n; i++)
        list[i] = say(answers[i] == '-' ? "" : leaves[answers[i] - 'a'], trust);
    return settle_judge(list, n, products, NULL);
}

static void verdicts_follow_the_answers(void **state)
{
    static const struct {
        const char *answers;
        double trust;
        size_t products;
        enum settle_state want;
    } cases[] = {
        {"", 0.9, 0, SETTLE_SAMPLE_MORE},
        {"---", 0.9, 0, SETTLE_SAMPLE_MORE},
        {"aaaa", 0.9, 0, SETTLE_SAMPLE_MORE},
        {"aaaaaaaaa", 0.9, 0, SETTLE_SETTLED},
        {"a-a-a-a-a-a-a-a-a", 0.9, 0, SETTLE_SETTLED},
        {"aaaaaaaab", 0.9, 0, SETTLE_SAMPLE_MORE},
        {"aaaaaaaabaaaaa", 0.9, 0, SETTLE_SETTLED},
        {"abcabc", 0.9, 0, SETTLE_MIXED},
        {"abab", 0.99, 0, SETTLE_MIXED},
        {"aaa", 0.9, 3, SETTLE_SETTLED}, /* all there is */
        {"ab", 0.9, 2, SETTLE_MIXED},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct settle_verdict v =
            judge(cases[i].answers, cases[i].trust, cases[i].products);

        if (v.state != cases[i].want)
            print_error("%s: %s\n", cases[i].answers, settle_state_name(v.state));
        assert_int_equal(v.state, cases[i].want);
    }
}

static void the_order_of_answers_does_not_matter(void **state)
{
    struct settle_verdict one = judge("aabb", 0.9, 0), other = judge("bbaa", 0.9, 0);
    (void)state;

    assert_str(one.category_id, "a");
    assert_str(other.category_id, "a");
    assert_true(one.evidence == other.evidence);
}

static double roll(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

/* Share of categories called settled, when `share` of the products belong in leaf a and
 * one answer in ten is wrong. */
static double settled_share(double share, double *answers_needed)
{
    enum { CATEGORIES = 4000, MOST = 60 };
    uint64_t seed = 88172645463325252u;
    size_t settled = 0, answers = 0;

    for (size_t c = 0; c < CATEGORIES; c++) {
        struct settle_answer list[MOST];
        struct settle_verdict v = {0};

        for (size_t n = 0; n < MOST && v.state == SETTLE_SAMPLE_MORE; n++) {
            const char *leaf = roll(&seed) < share ? "a" : roll(&seed) < 0.5 ? "b" : "c";

            list[n] = say(roll(&seed) < 0.9 ? leaf : "x", 0.9);
            v = settle_judge(list, n + 1, 0, NULL);
            answers++;
        }
        settled += v.state == SETTLE_SETTLED;
    }
    *answers_needed = (double)answers / CATEGORIES;
    return (double)settled / CATEGORIES;
}

static void error_rates_keep_their_promise(void **state)
{
    double few, some;
    (void)state;

    assert_true(settled_share(settle_rule_default.mixed, &some) <=
                settle_rule_default.wrongly_settled);
    assert_true(settled_share(1.0, &few) >= 1 - settle_rule_default.wrongly_mixed);
    assert_true(few < 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_follow_the_answers),
        cmocka_unit_test(the_order_of_answers_does_not_matter),
        cmocka_unit_test(error_rates_keep_their_promise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
