/* nearest.h - of a list of names the one that was probably meant */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/status.h"
#include "base/str.h"

/* Starts with what was typed; remembers nothing near as a name of "". */
struct nearest {
    struct str typed;
    struct str name; /* the nearest so far, borrowed */
    unsigned distance;
};
void nearest_try(struct nearest *n, struct str name);
/* Appends ", did you mean 'x'?" to a failure already recorded, where there is an x. */
void nearest_note(const struct nearest *n, struct aisle_err *err);

#endif
