/* accept.h - from which confidence on answers may be taken unseen
 *
 * "98 of 100 so taken are right" is measured, not believed: on questions whose right
 * answer is known, asked as if it were not. And it is held with some certainty, for the
 * lowest confidence that would just have done on what was measured would not do on what
 * comes: it was picked for its luck. docs/design/deciding.md has the figures.
 */
#ifndef MATCH_ACCEPT_H
#define MATCH_ACCEPT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    ACCEPT_LEAST = 20,      /* answers that must have been measured above the cut */
    ACCEPT_MEASURED = 1500, /* as many as are worth measuring */
    ACCEPT_KIN =
        3 /* others approved in its seller category, for one to be taken unseen */
};

/* A product with others of its seller category approved beside it, or without any
 * category: the matcher knows more of the first, and neither says how right it is of the
 * other. */
enum accept_kind { ACCEPT_BESIDE, ACCEPT_ALONE, ACCEPT_KINDS };

static const double ACCEPT_NEVER = 2; /* a cut no confidence reaches */

struct accept_row {
    double confidence;
    bool right;
    enum accept_kind kind;
};

/* The lowest confidence from which on, nine times in ten, accept_at of the answers are
 * right or more: so few wrong among the measured ones would come one time in ten at most
 * if fewer were. Over 1 when there is none; for 0.98 that takes 114 right ones without a
 * wrong one. Sorts the rows. */
double accept_cut(struct accept_row *rows, size_t count, double accept_at);

/* The cut of each kind, by the rows of that kind alone. Sorts the rows. */
struct accept_cuts {
    double of[ACCEPT_KINDS];
};
struct accept_cuts accept_cuts(struct accept_row *rows, size_t count, double accept_at);

#endif
