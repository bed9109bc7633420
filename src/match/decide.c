/* decide.c - a conditional logit: odds add up, shares come of them */
#include "match/decide.h"

#include "match/weights.h"

#include <math.h>
#include <stdlib.h>

/* What approvals are heard by. */
struct hearing {
    bool taught;   /* beside a model */
    double mature; /* how much they are worth as they grow in number */
    double surest; /* the belief that names have in one leaf */
};

/* 0 for none and 1 for a thousand. */
static double maturity(size_t approvals)
{
    return fmin(DECIDE_MATURE, log1p((double)approvals) / log(1001));
}

static double base_odds(double base, const struct hearing *h)
{
    return (1 + DECIDE_BASE_MATURE * h->mature) *
           log(fmax(0, base) + DECIDE_LEAST + DECIDE_LEAST_MATURE * h->mature);
}

/* Beside a model. */
static double twin_odds(const struct decide_candidate *c)
{
    double same = fmax(0, (c->likeness - DECIDE_ALIKE) / (1 - DECIDE_ALIKE));

    return DECIDE_SAME_TAUGHT * same + DECIDE_SHELF * c->shelf;
}

/* A leaf whose name tells much of the title is worth more than was believed where there
 * are approvals to compare with, and no more where they are thousands. */
static double told_odds(const struct decide_candidate *c, const struct hearing *h)
{
    return (DECIDE_TOLD + DECIDE_TOLD_MATURE * h->mature) * h->mature * c->told;
}

/* However few approvals there are; as they grow likeness knows which words tell. */
static double copy_odds(const struct decide_candidate *c, const struct hearing *h)
{
    double same = fmax(0, (c->same - DECIDE_COPIED) / (1 - DECIDE_COPIED));

    return DECIDE_COPY * same * fmax(0, 1 - h->mature / DECIDE_COPIES_MATURE);
}

/* Votes count for less where a name is sure: the products of its leaf may not have had
 * their turn yet. */
static double likeness_odds(const struct decide_candidate *c, const struct hearing *h)
{
    double alike = fmin(c->likeness, DECIDE_ALIKE);
    double same = fmax(0, (c->likeness - DECIDE_ALIKE) / (1 - DECIDE_ALIKE));
    double votes = DECIDE_VOTES * (1 + DECIDE_VOTES_NAMED * h->surest) *
                   (h->mature + DECIDE_VOTES_YOUNG);

    if (h->taught)
        return twin_odds(c);
    return DECIDE_LIKENESS * alike + DECIDE_SAME * same + votes * c->votes +
           DECIDE_VOTES_ALIKE * c->votes * alike + DECIDE_SHELF * c->shelf +
           copy_odds(c, h);
}

static double none_odds(double rest, double alike, const struct hearing *h)
{
    return base_odds(rest, h) + DECIDE_NONE_ALIKE * alike +
           DECIDE_NONE_MATURE * h->mature;
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
    struct hearing h = {.taught = taught, .mature = taught ? 0 : maturity(approvals)};
    double rest = 1, alike = 0, none, most, sum;

    for (size_t i = 0; i < count; i++)
        h.surest = fmax(h.surest, list[i].base);
    if (advice)
        believe_named(list, count, advice);
    for (size_t i = 0; i < count; i++) {
        list[i].place = i;
        rest -= list[i].base;
        alike = taught ? 0 : fmax(alike, fmin(list[i].likeness, DECIDE_ALIKE));
        list[i].confidence = base_odds(list[i].base, &h) + told_odds(&list[i], &h) +
                             likeness_odds(&list[i], &h);
        if (advice)
            list[i].confidence += advice_odds(&list[i], advice);
    }
    none = most = none_odds(rest, alike, &h);
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
