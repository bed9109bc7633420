/* twins.h - titles that stand under several leaves
 *
 * Sellers put one product here and there, and trees overlap ("All Appliances" beside "Air
 * Conditioners"). Such rows contradict each other; a learner that may not know it swings
 * from one to the other.
 */
#ifndef MATCH_TWINS_H
#define MATCH_TWINS_H

#include "base/arena.h"
#include "base/str.h"

/* The leaves of titles that have several: leaves[firsts[t]] .. leaves[firsts[t + 1]],
 * rising. */
struct twins {
    const uint32_t *of; /* of each row: its title's number t, UINT32_MAX when it has one
                           leaf alone */
    const uint32_t *firsts, *leaves;
};

/* titles: of each row, of equal hash where they are equal; 0 for a row that takes no
 * part. labels: of each row its leaf. In the arena. AISLE_NOMEM. */
enum aisle_status twins_find(const uint64_t *titles, const uint32_t *labels,
                             uint32_t rows, struct arena *arena, struct twins *out,
                             struct aisle_err *err);

#endif
