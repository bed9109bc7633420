/* decide.c - a conditional logit: odds add up, shares come of them */
#include "match/decide.h"

#include "match/weights.h"

#include <math.h>
#include <stdlib.h>

/* How much approvals are worth as they grow in number: 0 for none, 1 at a thousand. */
static double maturity(size_t approvals)
{
    return fmin(DECIDE_MATURE, log(1 + (double)approvals) / log(1001));
}

static double likeness_odds(const struct decide_candidate *c, double mature)
{
    double alike = fmin(c->likeness, DECIDE_ALIKE);
    double same = fmax(0, (c->likeness - DECIDE_ALIKE) / (1 - DECIDE_ALIKE));

    return DECIDE_LIKENESS * alike + DECIDE_SAME * same +
           DECIDE_VOTES * c->votes * mature + DECIDE_VOTES_ALIKE * c->votes * alike +
           DECIDE_SHELF * c->shelf;
}

/* Beside a model. */
static double twin_odds(const struct decide_candidate *c)
{
    double same = fmax(0, (c->likeness - DECIDE_ALIKE) / (1 - DECIDE_ALIKE));

    return DECIDE_SAME_TAUGHT * same + DECIDE_SHELF * c->shelf;
}

static double rule_odds(double precision)
{
    double p = precision > 0 ? fmin(precision, DECIDE_RULE_MOST) : DECIDE_RULE_UNKNOWN;

    return log(p / (1 - p)) + DECIDE_RIVALS;
}

/* Of the belief that names and models leave to others, a part goes to a leaf somebody
 * names. */
static void believe_named(struct decide_candidate *list, size_t count,
                          const struct match_advice *a)
{
    double rest = 1;

    for (size_t i = 0; i < count; i++)
        rest -= list[i].base;
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].category_id, a->marketplace) ||
            str_eq(list[i].category_id, a->rule) ||
            str_eq(list[i].category_id, a->seller_category))
            list[i].base += fmax(0, rest) * DECIDE_NAMED;
}

static double advice_odds(const struct decide_candidate *c, const struct match_advice *a)
{
    double odds = 0;

    if (str_eq(c->category_id, a->marketplace))
        odds += a->with_image ? DECIDE_MARKETPLACE_IMAGE : DECIDE_MARKETPLACE;
    if (str_eq(c->category_id, a->rule))
        odds += rule_odds(a->rule_precision);
    if (str_eq(c->category_id, a->seller_category))
        odds += DECIDE_SELLER_CATEGORY;
    return odds;
}

static double base_odds(double base, double mature)
{
    return (1 + DECIDE_BASE_MATURE * mature) *
           log(fmax(0, base) + DECIDE_LEAST + DECIDE_LEAST_MATURE * mature);
}

static int by_confidence(const void *a, const void *b)
{
    const struct decide_candidate *x = a, *y = b;

    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

void decide_weigh(struct decide_candidate *list, size_t count, size_t approvals,
                  bool taught, const struct match_advice *advice)
{
    double mature = taught ? 0 : maturity(approvals), rest = 1, alike = 0, none, most,
           sum;

    if (advice)
        believe_named(list, count, advice);
    for (size_t i = 0; i < count; i++) {
        list[i].place = i;
        rest -= list[i].base;
        alike = taught ? 0 : fmax(alike, fmin(list[i].likeness, DECIDE_ALIKE));
        list[i].confidence =
            base_odds(list[i].base, mature) +
            (taught ? twin_odds(&list[i]) : likeness_odds(&list[i], mature));
        if (advice)
            list[i].confidence += advice_odds(&list[i], advice);
    }
    none = most =
        base_odds(rest, mature) + DECIDE_NONE_ALIKE * alike + DECIDE_NONE_MATURE * mature;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, list[i].confidence);
    sum = exp(none - most);
    for (size_t i = 0; i < count; i++)
        sum += list[i].confidence = exp(list[i].confidence - most);
    for (size_t i = 0; i < count; i++)
        list[i].confidence /= sum;
    if (count)
        qsort(list, count, sizeof *list, by_confidence);
}
