/* doubts.h - what an import reads and no shop would take as it is, told once a file
 *
 * Weights of which nothing says whether they are grams or kilograms, and prices in a
 * currency that none of the seller's shops sells in. Neither is a reason to leave a
 * product out, and the check of a listing refuses both: but a file is mended easiest
 * while one has it at hand. Reads which shops a seller has; changes nothing.
 */
#ifndef FLOWS_DOUBTS_H
#define FLOWS_DOUBTS_H

#include "feeds/products.h"
#include "store/store.h"

struct doubt {
    size_t count, line; /* how many, and where the first is */
    struct str column;
    struct str word; /* of the first: its currency */
};

struct doubts {
    struct arena arena;
    struct doubt weights, prices;
    bool looked, weighs;  /* at a table's columns; one is a weight without a unit */
    struct str seller_id; /* whose shops are known */
    struct str taken;     /* the currencies these sell in, "IDR, MYR"; "" unknown */
};
#define DOUBTS_INIT                                                                      \
    {                                                                                    \
        .arena = ARENA_INIT(16 * 1024 * 1024)                                            \
    }

/* Looks at one product. AISLE_NOMEM, and as the store fails. */
enum aisle_status doubts_note(struct doubts *d, struct store *store,
                              const struct feed_item *item, struct aisle_err *err);
/* What there is to tell; what is borrowed until doubts_clear. AISLE_NOMEM. */
enum { DOUBTS = 2 };
enum aisle_status doubts_list(struct doubts *d, struct feed_problem out[DOUBTS],
                              size_t *count, struct aisle_err *err);
void doubts_clear(struct doubts *d); /* twice is fine */

#endif
