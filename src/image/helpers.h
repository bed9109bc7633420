/* helpers.h - the programs that mend, kept at hand; inside the room only
 *
 * Starts aisle-image, hands over an image, waits for what becomes of it, and takes the
 * outcome as it comes. Judges neither image nor outcome.
 */
#ifndef IMAGE_HELPERS_H
#define IMAGE_HELPERS_H

#include "image/mend.h"

enum helper_task { HELPER_MEND, HELPER_GROUND /* the outcome is "1" or "0" */ };

struct helper_order {
    enum helper_task task;
    enum image_kind kind;
    const struct image_need *need;
    struct str bytes;
    size_t memory_max;
    unsigned seconds;
    const atomic_bool *over; /* or NULL */
};

struct helper_cost {
    uint64_t peak_bytes, cpu_ms;
};

/* Waits for a helper that is free. AISLE_CONFIG: it is not to be had, or not fit;
 * AISLE_INVALID and AISLE_LIMIT are about the image; AISLE_STOPPED, AISLE_IO,
 * AISLE_NOMEM. *cost is filled after a failure too, where it is known. */
enum aisle_status helpers_do(struct image_helpers *h, const struct helper_order *order,
                             struct buf *out, struct helper_cost *cost,
                             struct aisle_err *err);

#endif
