/* cost.h - what the calls of a mapping cost, and whose failure it is when one fails
 */
#ifndef FLOWS_MAP_COST_H
#define FLOWS_MAP_COST_H

#include "flows/map/engine.h"

struct cost {
    int calls, uploads, recommends, saved;
};
/* For engine_keep. */
void cost_count(struct run_counts *c, const void *ctx);

/* Before a call: so many attempts it may take, budget_take's share of them. */
enum aisle_status cost_begin(struct worker *w, int *got, struct aisle_err *err);
/* After it: what was not used goes back, and the answer's words stay with the run. */
void cost_end(struct worker *w, int got, const struct channel_meta *meta);

/* A failure of this one product's, not of the run. */
bool cost_is_the_products(enum aisle_status status, const struct aisle_err *why);
enum aisle_status cost_product_failed(struct worker *w, enum asked_kind kind,
                                      const struct aisle_err *why, struct asked *out,
                                      struct aisle_err *err);
/* AISLE_LIMIT is the budget's here; an answer over its ceiling is one we cannot read. */
enum aisle_status cost_not_the_budget(enum aisle_status status, struct aisle_err *why);

#endif
