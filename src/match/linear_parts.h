/* linear_parts.h - what scoring and learning share: linear.c has it for linear_train.c,
 * and nobody else
 */
#ifndef MATCH_LINEAR_PARTS_H
#define MATCH_LINEAR_PARTS_H

#include "match/linear.h"

enum { LINEAR_LINE = 64 }; /* bytes that memory hands over at once */

/* to += x * from, over a multiple of LINEAR_LANES. */
void linear_add(float *to, const float *from, float x, uint32_t width);

/* Sorts out one value: whether its feature has weights of its own. Nobody could foretell
 * which, so both lists are written to, and one grows at most. */
static inline void linear_part(const struct linear_weights *w, struct linear_scratch *s,
                               struct linear_value v, bool heard)
{
    bool own = v.feature < w->own_count;

    s->own[s->own_count] = s->rare[s->rare_count] = v;
    s->own_count += heard & own;
    s->rare_count += heard & !own;
}

/* The score of every leaf for the values that were sorted out, as linear_score. */
void linear_score_parted(const struct linear_problem *p, const struct linear_weights *w,
                         struct linear_scratch *s);

#endif
