/* rounds.h - what comes round about listings: their status, and what leaves demand */
#ifndef FLOWS_LISTING_ROUNDS_H
#define FLOWS_LISTING_ROUNDS_H

#include "flows/due.h"

/* Both for one target, where they are due; a round is done by one node, and noted in the
 * store so that the next one comes an interval later, whoever does it. What fails is
 * logged. *first_of_shop: the status of a shop's listings is asked through its first
 * target. */
enum aisle_status listing_rounds(const struct app *app, const struct rounds *rounds,
                                 struct str target_id, bool first_of_shop, size_t *done,
                                 struct aisle_err *err);

#endif
