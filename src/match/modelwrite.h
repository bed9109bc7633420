/* modelwrite.h - a finished training laid out as a file (layout.h) */
#ifndef MATCH_MODELWRITE_H
#define MATCH_MODELWRITE_H

#include "match/problem.h"

/* Appends the model's bytes to out. trust is of each leaf (calibrate.h). Of the header,
 * stamp, calibration and measure are the caller's; the rest is filled here. Weights too
 * slight to matter are left out. */
enum aisle_status model_write(const struct taxonomy *tree, const struct problem *problem,
                              const struct linear_weights *weights, const float *trust,
                              struct model_header *header, struct buf *out,
                              struct aisle_err *err);

#endif
