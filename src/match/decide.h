/* decide.h - everybody's word on a product, weighed into one probability a leaf
 *
 * Belief from names or a model comes first; each further word (approved look-alikes, the
 * seller category's other products, a rule, the marketplace) makes its leaf so much
 * likelier, and "none of these" takes part. So two that disagree take belief from each
 * other. Plain numbers in and out; which leaves may be offered is not asked here.
 */
#ifndef MATCH_DECIDE_H
#define MATCH_DECIDE_H

#include "base/str.h"

/* What else is known of a product; all may be empty. */
struct match_advice {
    struct str marketplace;     /* the leaf it recommends */
    bool with_image;            /* … having seen the image */
    struct str rule;            /* the leaf a rule of the seller's names */
    double rule_precision;      /* of that rule on history; 0 unknown */
    struct str seller_category; /* the leaf the seller's category is mapped to */
};

struct decide_candidate {
    struct str category_id;
    double base;     /* belief from names or a model alone, 0 to 1; together at most 1 */
    double likeness; /* of the most alike approval that went there, 0 to 1 */
    double same;     /* words of an approval that went there which are the same, 0 to 1 */
    double votes;    /* share of the look-alikes that went there; less if unlike */
    double told;     /* what share of the title its name tells */
    double shelf;    /* share of the seller category's approvals that went there */
    double confidence; /* set by decide_weigh; together less than 1 */
    size_t place;      /* decide_weigh's own */
};

/* approvals: how many there are in all, copies counted once. taught: belief is a model's,
 * which has look-alikes of its own and was measured with them; approvals then speak by
 * nearly the same products, and by the seller's category. Sorts, most probable first,
 * equal ones as they stood. */
void decide_weigh(struct decide_candidate *list, size_t count, size_t approvals,
                  bool taught, const struct match_advice *advice);

#endif
