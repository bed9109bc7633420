/* calibrate.h - from scores to a confidence that means what it says
 *
 * Scores become shares of one by a softmax, in which "none of these" takes part and is
 * the likelier the more words of the title are unknown. How sharp it is, and how likely
 * none is, was fitted on titles that the training had not seen; what is then still
 * crooked is straightened on the log odds.
 */
#ifndef MATCH_CALIBRATE_H
#define MATCH_CALIBRATE_H

#include "match/layout.h"

enum { CALIBRATE_TOP = 24 }; /* scores that take part; the others are too far off */

/* One title held out: its best scores, falling, and which of them is the right one. */
struct calibration_row {
    float scores[CALIBRATE_TOP];
    uint32_t count;
    uint32_t right; /* index into scores; count when the right leaf is none of them */
    float unknown;  /* share of the title's words that training never saw */
};

/* What is used where nothing was measured. */
extern const struct model_calibration calibration_default;

/* Fits to the rows; too few of them give the default. */
void calibrate_fit(const struct calibration_row *rows, size_t count,
                   struct model_calibration *out);

/* The best leaves by score, falling, equal ones in their order; how many. */
size_t calibrate_top(const float *scores, uint32_t leaves, uint32_t out[CALIBRATE_TOP]);

/* confidence[i] of scores[i], best first; the sum is at most one. */
void calibrate_apply(const struct model_calibration *c, const float *scores, size_t count,
                     float unknown, double *confidence);

/* How right and how sure it would have been on the rows. */
void calibrate_measure(const struct model_calibration *c,
                       const struct calibration_row *rows, size_t count,
                       struct model_measure *out);

#endif
