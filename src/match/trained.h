/* trained.h - a model that was trained from a seller's decisions and label sets on one
 * target: what it is worth, and under which key its bytes are kept
 *
 * The newest of each seller and target counts; its bytes are a cache (model.h).
 */
#ifndef MATCH_TRAINED_H
#define MATCH_TRAINED_H

#include "base/str.h"

struct trained_model {
    struct str seller_id, target_id;
    struct str key;                      /* of its bytes, among the objects */
    int64_t stamp;                       /* seq of the last decision that is in it */
    int64_t labels;                      /* and of the last change of the label sets */
    int64_t rows;                        /* products it was taught */
    int64_t labelled;                    /* of them, rows of label sets */
    int64_t left_out;                    /* of a category that the tree lacked */
    int64_t leaves, bytes, version;      /* version: of the file's layout */
    int64_t held_out, right, right_in_3; /* measured on titles kept back; 0: on none */
    double ece;
    int64_t trained_at;
    struct str owner; /* who trained it: "host/pid/start" */
};

#endif
