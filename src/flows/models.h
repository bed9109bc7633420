/* models.h - models trained from what was decided and labelled, kept where all who share
 * the store reach them
 *
 * One for each seller and target, from its decisions that stand: products decided by a
 * person, a rule or the marketplace, and products that a decided seller category speaks
 * for; and from its label sets (flows/labels.h). What the matcher decided itself teaches
 * nothing. The bytes lie among the objects, under a key that says which decisions and
 * which change of the sets are in them; the store says which are the newest. They are a
 * cache: without them, everything goes on with names and approvals.
 */
#ifndef FLOWS_MODELS_H
#define FLOWS_MODELS_H

#include "flows/app.h"
#include "match/model.h"

enum {
    TRAIN_LEAST = 50,    /* products to learn from; below, there is no use in it */
    TRAIN_FIRST = 200,   /* decisions since the last model that make another due, */
    TRAIN_TENTH = 10,    /* or this part of what the last one was taught, if more */
    TRAIN_CATEGORY = 10, /* decisions that one on a seller category counts as */
    TRAIN_MOST = 200000, /* products, the last decided ones, then rows of sets */
    TRAIN_COVERED = 100, /* of a seller category, that its decision speaks for */
};

struct train_request {
    struct str target;            /* as flow_target reads it */
    const struct task_hold *hold; /* whose work it is; or NULL. Lost, nothing is kept */
};

struct train_result {
    enum train_outcome {
        TRAIN_DONE,
        TRAIN_NOTHING_NEW, /* the newest model has every decision and set, and is there */
        TRAIN_TOO_FEW,     /* products to learn from */
        TRAIN_GONE,    /* too few since a set went, or it is outdated: the model went */
        TRAIN_OUTDONE, /* another's, with later decisions, is there by now */
    } outcome;
    struct trained_model model; /* trained, or the one there is; text in the arena */
    size_t rows;                /* products and rows there were to learn from */
};

/* Train from all that is decided and labelled by now, keep it, and make it the newest;
 * those before the former newest go. AISLE_CONFIG where there is nowhere to keep it, or
 * no tree; AISLE_STOPPED, also in the middle of a training; AISLE_CONFLICT when hold is
 * over. */
enum aisle_status flow_train(const struct app *app, const struct train_request *request,
                             struct arena *arena, struct train_result *out,
                             struct aisle_err *err);

/* Whether enough was decided since the last model for another, or the sets changed, or it
 * is an older program's, which is not read any more. */
enum aisle_status flow_train_due(const struct app *app, struct str seller_id,
                                 struct str target_id, bool *due, struct aisle_err *err);

/* What is not in a model. */
struct model_news {
    size_t decisions; /* that could teach it something */
    bool labels;      /* the sets were changed */
};
enum aisle_status flow_model_newer(const struct app *app,
                                   const struct trained_model *model,
                                   struct model_news *out, struct aisle_err *err);

/* Whether a model's bytes are kept as they were: AISLE_NOT_FOUND, AISLE_GARBLED. Needs
 * app->objects. */
enum aisle_status flow_model_check(const struct app *app, const struct trained_model *m,
                                   struct aisle_err *err);

/* The newest model of a seller and target, mapped; NULL where there is none, or where it
 * cannot be had, which is logged. *key (in the arena, "" none) says which it is; the same
 * again is the same model. */
enum aisle_status flow_model_open(const struct app *app, struct str seller_id,
                                  struct str target_id, struct arena *arena,
                                  struct model **out, struct str *key,
                                  struct aisle_err *err);

/* Whether an object is such a model, and no image. */
bool model_key_is(struct str key);

#endif
