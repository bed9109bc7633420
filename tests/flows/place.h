/* place.h - a world with somewhere to keep models, and trainings in it */
#ifndef TESTS_FLOWS_PLACE_H
#define TESTS_FLOWS_PLACE_H

#include "world.h"

#include "flows/models.h"

struct place {
    char folder[64];
    struct objects *objects;
};

/* The tree is synced too. */
void place_open(struct world *w, struct place *p);
void place_close(struct world *w, struct place *p);
size_t place_kept(const struct place *p); /* models */
struct train_result place_train(struct world *w, enum train_outcome want);

#endif
