/* progress.h - the counts of table `progress`, kept as what is counted moves
 *
 * A product's own word is counted with its seller category while both are there.
 * Appending holds the row of `counter` that numbers decisions; whoever moves a product
 * that was decided on holds it too, before it looks, so that neither misses the other.
 */
#ifndef STORE_SQL_PROGRESS_H
#define STORE_SQL_PROGRESS_H

#include "store/sql/rows.h"

enum { WORD_TENTHS = 10 };

/* What is counted of a decision on a product. */
struct word {
    enum standing stands;
    enum advisor advisor;
    int64_t tenth; /* of its confidence: 0 to 9 */
    bool provisional;
};
struct word sql_word_of(const struct decision *d);

/* A product is decided on: what stood (NULL: nothing) is no more, what stands is. Not
 * counted while there is no such product. Within sql_append. */
enum aisle_status sql_progress_decided(struct conn *c, const struct decision *d,
                                       const struct word *before, const struct word *now,
                                       struct aisle_err *err);

/* A product with all its words leaves a seller category, or comes into one. Either may be
 * NULL; "" is that of products without. */
enum aisle_status sql_progress_moved(struct conn *c, struct str seller_id,
                                     struct str product_id, const struct str *from,
                                     const struct str *to, struct aisle_err *err);

#endif
