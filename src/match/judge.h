/* judge.h - answers held against what was right: how often, and how sure
 *
 * The figures of the bench and of `model eval`: right among the first 1, 3 and 10; how
 * far confidence and being right lie apart (ECE: the mean over equally wide bins, by
 * rows); how much can be accepted unseen at a precision. Keeps five bytes or so a row.
 */
#ifndef MATCH_JUDGE_H
#define MATCH_JUDGE_H

#include "base/buf.h"

enum { JUDGE_BINS = 15 };

struct judge_bin {
    uint64_t rows, right;
    double confidence; /* summed */
};

struct judge_answer {
    float confidence;
    bool right;
    uint32_t at; /* in the order of adding */
};

struct judge {
    uint64_t rows, answered, in_1, in_3, in_10;
    struct judge_bin bins[JUDGE_BINS];
    struct judge_answer *answers; /* those answered */
    size_t cap;
    bool sorted;
};

void judge_clear(struct judge *j); /* twice is fine; begins as {0} */

/* A row without an answer. */
void judge_add_abstention(struct judge *j);
/* A row with one: the confidence of the first leaf, and the place of the right leaf in
 * the list (0 the first; SIZE_MAX not in it). AISLE_NOMEM. */
enum aisle_status judge_add(struct judge *j, double confidence, size_t place,
                            struct aisle_err *err);

/* Of the answered rows; 0 when there are none. */
double judge_ece(const struct judge *j);
/* The share of all rows in the longest run, by falling confidence, of which that share is
 * right; *at, unless NULL, is the lowest confidence in it. */
double judge_coverage(struct judge *j, double precision, double *at);

/* A page with two curves: confidence beside being right, and what is wrong beside what is
 * accepted. SVG 1.1, in light and dark, without script. */
void judge_draw(struct judge *j, struct buf *out);

#endif
