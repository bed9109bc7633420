/* models.h - which trained model of a seller and target is the newest; part of store.h */
#ifndef STORE_MODELS_H
#define STORE_MODELS_H

#include "base/arena.h"
#include "base/status.h"
#include "match/trained.h"

struct store;

struct store_models {
    /* This is the newest from now on. AISLE_CONFLICT when one is there already that knows
     * a later change of the label sets or, of the same, has a later stamp; then nothing
     * has changed. */
    enum aisle_status (*put)(struct store *s, const struct trained_model *model,
                             struct aisle_err *err);
    enum aisle_status (*get)(struct store *s, struct str seller_id, struct str target_id,
                             struct arena *arena, struct trained_model *out,
                             struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Of a seller (empty: of all), by (seller_id, target_id). */
    enum aisle_status (*each)(struct store *s, struct str seller_id,
                              enum aisle_status (*fn)(void *ctx,
                                                      const struct trained_model *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err);
    /* There is none any more; that there was none is no failure. */
    enum aisle_status (*drop)(struct store *s, struct str seller_id, struct str target_id,
                              struct aisle_err *err);
};

#endif
