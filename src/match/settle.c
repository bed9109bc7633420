/* settle.c - Wald's sequential probability ratio test over the answers of one category
 *
 * An answer names the leading leaf with probability trust * share + a stray hit, where
 * share is the leaf's share of the category's products. The log of that probability under
 * "pure" less that under "mixed" is summed over the answers and held against Wald's two
 * bounds. That the leading leaf is chosen by the same answers makes the test a little
 * bold; with shares this far apart two leaves cannot both lead, and the simulation in the
 * tests shows both error rates under their promise.
 */
#include "match/settle.h"

#include <math.h>

/* A wrong answer lands on the leading leaf this often: neighbours attract each other. */
static const double STRAY_HIT = 0.05;

const struct settle_rule settle_rule_default = {
    .pure = 0.97,
    .mixed = 0.70,
    .wrongly_settled = 0.05,
    .wrongly_mixed = 0.10,
    .most = 30,
};

const char *settle_state_name(enum settle_state state)
{
    switch (state) {
    case SETTLE_SETTLED:
        return "settled";
    case SETTLE_MIXED:
        return "mixed";
    case SETTLE_SAMPLE_MORE:
        break;
    }
    return "sample-more";
}

static size_t votes_for(const struct settle_answer *answers, size_t count,
                        struct str leaf)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        n += str_eq(answers[i].category_id, leaf);
    return n;
}

/* Most votes; of equals the smaller id, so that the order of answers does not matter. */
static void find_leader(const struct settle_answer *answers, size_t count,
                        struct settle_verdict *v)
{
    for (size_t i = 0; i < count; i++) {
        struct str leaf = answers[i].category_id;
        size_t votes;

        if (str_empty(leaf))
            continue;
        v->answers++;
        if (str_eq(leaf, v->category_id))
            continue;
        votes = votes_for(answers, count, leaf);
        if (votes > v->agree ||
            (votes == v->agree && str_cmp(leaf, v->category_id) < 0)) {
            v->category_id = leaf;
            v->agree = votes;
        }
    }
}

static double agreement(double trust, double share)
{
    return trust * share + (1 - trust) * STRAY_HIT;
}

static double evidence_of(const struct settle_answer *a, struct str leader,
                          const struct settle_rule *rule)
{
    double trust = a->trust < 0.05 ? 0.05 : a->trust > 0.999 ? 0.999 : a->trust;
    double pure = agreement(trust, rule->pure), mixed = agreement(trust, rule->mixed);

    if (str_eq(a->category_id, leader))
        return log(pure / mixed);
    return log((1 - pure) / (1 - mixed));
}

/* Everything was asked, or as much as the rule allows: more than half way is enough only
 * when nothing is left to ask. */
static enum settle_state last_word(const struct settle_verdict *v, bool all_asked,
                                   const struct settle_rule *rule)
{
    double share = (double)v->agree / (double)v->answers;
    double halfway = (rule->pure + rule->mixed) / 2;

    return all_asked && share >= halfway ? SETTLE_SETTLED : SETTLE_MIXED;
}

struct settle_verdict settle_judge(const struct settle_answer *answers, size_t count,
                                   size_t products, const struct settle_rule *rule)
{
    struct settle_verdict v = {.state = SETTLE_SAMPLE_MORE};

    if (!rule)
        rule = &settle_rule_default;
    find_leader(answers, count, &v);
    if (v.answers == 0)
        return v;
    for (size_t i = 0; i < count; i++)
        if (!str_empty(answers[i].category_id))
            v.evidence += evidence_of(&answers[i], v.category_id, rule);

    if (v.evidence >= log((1 - rule->wrongly_mixed) / rule->wrongly_settled))
        v.state = SETTLE_SETTLED;
    else if (v.evidence <= log(rule->wrongly_mixed / (1 - rule->wrongly_settled)))
        v.state = SETTLE_MIXED;
    else if (products > 0 && count >= products)
        v.state = last_word(&v, true, rule);
    else if (v.answers >= rule->most)
        v.state = last_word(&v, false, rule);
    return v;
}
