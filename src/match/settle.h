/* settle.h - have we asked often enough about this seller category?
 *
 * Wald's sequential test, after every answer: is the leading leaf right for nearly all
 * products of the category, or is the category mixed? Nothing is fixed in advance: a
 * clear category is settled after a handful of answers, and there the marketplace's calls
 * are saved. A pure function of the answers so far, whatever their order.
 */
#ifndef MATCH_SETTLE_H
#define MATCH_SETTLE_H

#include "base/str.h"

enum settle_state {
    SETTLE_SAMPLE_MORE, /* ask about another product */
    SETTLE_SETTLED,     /* map the category to the leaf, treat the rest by exception */
    SETTLE_MIXED,       /* no one leaf: every product needs its own answer */
};

const char *settle_state_name(enum settle_state state); /* "sample-more", "settled", … */

/* What is tested. A category is pure when `pure` of its products or more belong in one
 * leaf, mixed when `mixed` or fewer do; between the two either verdict is fine. */
struct settle_rule {
    double pure, mixed;     /* shares, mixed < pure < 1 */
    double wrongly_settled; /* how often a mixed category may be called settled */
    double wrongly_mixed;   /* how often a pure one may be called mixed */
    size_t most; /* answers after which an undecided category counts as mixed */
};

/* Nine answers of one voice settle a category; one other voice costs three to six more.
 */
extern const struct settle_rule settle_rule_default;

struct settle_answer {
    struct str category_id; /* empty (refused, none) says nothing */
    double trust;           /* how probable it is right for its own product, 0 to 1 */
};

struct settle_verdict {
    enum settle_state state;
    struct str category_id; /* the leading leaf; empty without answers. Borrowed */
    size_t answers, agree;  /* that said something; that said the leading leaf */
    double evidence;        /* log likelihood ratio, pure over mixed, for the curious */
};

/* `products` is how many the category has, 0 unknown: when all of them have answered
 * there is nothing to sample, and the verdict is final. `rule` NULL is the default. */
struct settle_verdict settle_judge(const struct settle_answer *answers, size_t count,
                                   size_t products, const struct settle_rule *rule);

#endif
