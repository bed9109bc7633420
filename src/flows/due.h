/* due.h - which of the things that come round is due: a pure question over when it was
 * last done and the time
 *
 * Each has an interval and, so that many of them and many nodes do not go off together, a
 * share of it by chance that is always the same for the same name.
 */
#ifndef FLOWS_DUE_H
#define FLOWS_DUE_H

#include "flows/prune.h"

struct due {
    struct str name;    /* "sync/toko-a:v2": its jitter follows from it */
    int64_t interval_s; /* 0: never */
    int64_t last_at;    /* when it was last done, UTC; 0 never */
};

/* Seconds until it is due, 0 when it is; INT64_MAX never. A time of doing that lies ahead
 * a little counts as now; one further ahead was told by a clock that was wrong, and says
 * nothing: it is due. */
int64_t due_in_s(const struct due *d, int64_t now);

/* What comes round, and how often; 0: not at all. Notifications that wait are applied in
 * every round, by workers where there are any. */
struct rounds {
    int64_t sync_every_s;         /* the trees of every target */
    int64_t requirements_every_s; /* what leaves in use demand */
    int64_t status_every_s;       /* of listings under way */
    int64_t train_every_s;        /* a look whether to train a model; only with `leave` */
    int64_t fresh_every_s;        /* a look at every shop's tokens */
    int64_t sweep_every_s;        /* what is over is dropped */
    bool leave; /* trees, demands, listings and tokens: as tasks to the workers of this
                   store, once an interval whoever adds them, rather than done here */
    bool whole; /* look at all there is: nobody looks again. Else at the first NAMES_MOST
                   targets and shops, and at those behind them the next time */
    int64_t prune_every_s; /* what was kept long enough is dropped: */
    struct keeping keep;
};

/* When each was last tried here, so that what fails is not tried without end. */
enum { ROUNDS_MOST = 512, ROUNDS_NAME = 200 };
struct rounds_state {
    struct round_tried {
        uint64_t name;
        int64_t mono_ms;
    } tried[ROUNDS_MOST];
    size_t count;
    int64_t fresh_ms, swept_ms; /* monotonic; 0 not yet */
    /* Of very many not all are looked at at once: the last one that was; "" from the
     * first. */
    char token_behind[ROUNDS_NAME], sync_behind[ROUNDS_NAME], listing_behind[ROUNDS_NAME],
        train_behind[ROUNDS_NAME];
};

/* Do all that is due. Each is done by one node: a sync holds its target's lease, and is
 * left out when another has just done it. What fails is logged and the rest goes on;
 * AISLE_STOPPED when asked to stop, AISLE_IO and the like when the store cannot be read.
 * Fills *done with how many were. */
enum aisle_status flow_rounds(const struct app *app, const struct rounds *rounds,
                              struct rounds_state *state, size_t *done,
                              struct aisle_err *err);

/* Refresh a shop's token where it ends soon. */
enum aisle_status flow_shop_freshen(const struct app *app, struct str shop_id,
                                    struct aisle_err *err);

#endif
