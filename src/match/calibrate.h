/* calibrate.h - from scores to a confidence that means what it says
 *
 * Scores become shares of one by a softmax, in which "none of these" takes part and is
 * the likelier the more words of the title are unknown. How sharp it is, and how likely
 * none is, was fitted on titles that the training had not seen. The first is then
 * straightened on the log odds, by its share, its lead over the second, what of the title
 * is unknown, and how often its leaf was right when it was named before.
 */
#ifndef MATCH_CALIBRATE_H
#define MATCH_CALIBRATE_H

#include "base/arena.h"
#include "match/layout.h"

enum { CALIBRATE_TOP = 24 }; /* scores that take part; the others are too far off */

/* What is known of an answer beside its scores. */
struct calibration_hints {
    float unknown; /* share of the title's words and pairs that training never saw */
    float start;   /* 1 when its first word, a brand most often, is among these */
    float trust;   /* of the first leaf: model_node's */
};

/* One title held out: its best scores, falling, and which of them is the right one. */
struct calibration_row {
    float scores[CALIBRATE_TOP];
    uint32_t count;
    uint32_t right; /* index into scores; count when the right leaf is none of them */
    uint32_t first; /* the leaf with the best score */
    uint32_t fold;  /* the part it was held out with, below CALIBRATE_FOLDS */
    float weight;   /* how much it counts: a third, when its title has three leaves */
    bool alone;     /* its leaf had no other product: it could not be answered */
    float heard;    /* calibrate_fit's own: what it counts for there */
    struct calibration_hints hints; /* trust is set by calibrate_fit, from other folds */
};

enum { CALIBRATE_FOLDS = 8 };

/* What is used where nothing was measured. */
extern const struct model_calibration calibration_default;

/* Fits to the rows, drawn to the default the more the fewer they are. Where most are
 * alone they say how the rows were chosen (one of each leaf) and little of the titles to
 * come: they count for less, and for nothing where all are. trust: of each leaf, filled.
 */
enum aisle_status calibrate_fit(struct calibration_row *rows, size_t count,
                                uint32_t leaves, struct arena *arena,
                                struct model_calibration *out, float *trust,
                                struct aisle_err *err);

/* The best leaves by score, falling, equal ones in their order; how many. */
size_t calibrate_top(const float *scores, uint32_t leaves, uint32_t out[CALIBRATE_TOP]);

/* confidence[i] of scores[i], best first; the sum is at most one. */
void calibrate_apply(const struct model_calibration *c, const float *scores, size_t count,
                     const struct calibration_hints *hints, double *confidence);

/* How right and how sure it would have been on the rows. */
void calibrate_measure(const struct model_calibration *c,
                       const struct calibration_row *rows, size_t count,
                       struct model_measure *out);

#endif
