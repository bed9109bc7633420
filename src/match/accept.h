/* accept.h - from which confidence on answers may be taken unseen
 *
 * "98 of 100 so taken are right" is measured, not believed: on questions whose right
 * answer is known, asked as if it were not.
 */
#ifndef MATCH_ACCEPT_H
#define MATCH_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

enum { ACCEPT_LEAST = 20 }; /* answers that must have been measured above the cut */

struct accept_row {
    double confidence;
    bool right;
};

/* The lowest confidence from which on the share that was right reaches accept_at, half a
 * wrong answer added for caution; over 1 when there is none. Sorts the rows. */
double accept_cut(struct accept_row *rows, size_t count, double accept_at);

#endif
