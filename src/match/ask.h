/* ask.h - a model, and what one thread needs to ask it about products */
#ifndef MATCH_ASK_H
#define MATCH_ASK_H

#include "match/model.h"

struct asker {
    const struct model *model; /* borrowed */
    struct feature_maker maker;
    struct feature_list features; /* of the product last asked about */
    struct model_scratch scratch;
};

/* On the heap, for it is large. AISLE_NOMEM, AISLE_IO (no ICU). */
enum aisle_status asker_new(const struct model *model, struct asker **out,
                            struct aisle_err *err);
void asker_free(struct asker *a); /* NULL is fine */

/* The best leaves for a product, at most cap and CALIBRATE_TOP, best first. A product of
 * which training knew nothing gets none: an abstention. */
enum aisle_status asker_rank(struct asker *a, const struct product_text *text,
                             struct model_hit *out, size_t cap, size_t *count,
                             struct aisle_err *err);

#endif
