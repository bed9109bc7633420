#include "flows/listing/rounds.h"

#include "flows/keys.h"
#include "flows/listing.h"
#include "flows/requirements.h"
#include "flows/round.h"
#include "flows/sync.h"

/* ---- the two ---- */

static enum aisle_status ask_status(const struct app *app, const struct round *round,
                                    struct str target_id, bool *did,
                                    struct aisle_err *err)
{
    struct follow_request request = {.target = target_id};
    struct follow_result r = {0};
    enum aisle_status status = flow_listing_follow(app, &request, NULL, NULL, &r, err);

    (void)round;
    if (status == AISLE_OK && r.seen)
        log_line(app->log, LOG_INFO, "status of %.*s: %zu asked, %zu changed, %zu failed",
                 STR_ARG(target_id), r.seen, r.changed, r.failed);
    *did = r.seen > 0;
    return status;
}

struct heard {
    const struct app *app;
    size_t breaking;
};

static void note_difference(void *ctx, struct str category_id,
                            const struct requirement_diff *d)
{
    struct heard *h = ctx;

    h->breaking += d->breaks;
    log_line(h->app->log, d->breaks ? LOG_WARN : LOG_INFO, "leaf %.*s: %s %.*s %.*s",
             STR_ARG(category_id), requirement_change_name(d->change), STR_ARG(d->id),
             STR_ARG(d->name));
}

static enum aisle_status ask_requirements(const struct app *app,
                                          const struct round *round, struct str target_id,
                                          bool *did, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct heard heard = {.app = app};
    struct requirements_listener listener = {.ctx = &heard, .differs = note_difference};
    struct requirements_request request = {.target = target_id,
                                           .due_after_s = round->every_s / 2};
    struct requirements_result r = {0};
    enum aisle_status status =
        flow_requirements(app, &request, &listener, &arena, &r, err);

    if (status == AISLE_OK && r.fetched)
        log_line(app->log, LOG_INFO,
                 "requirements of %.*s: %zu fetched, %zu changed, %zu of the changes may "
                 "break listings",
                 STR_ARG(target_id), r.fetched, r.changed, heard.breaking);
    *did = r.fetched > 0;
    arena_clear(&arena);
    return status;
}

/* ---- whose turn it is ---- */

/* Whether its channel has listings at all, and its shop keys; what is wrong with a target
 * is no reason to leave the others. */
static enum aisle_status can_list(const struct app *app, struct str target_id, bool *can,
                                  struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    const struct channel_ops *channel = NULL;
    struct target target;
    struct shop shop;
    struct aisle_err why = {0};
    enum aisle_status status = flow_target(app, target_id, &arena, &target, &shop, &why);

    if (status == AISLE_OK)
        status = app_channel(app, shop.channel, &channel, &why);
    if (status == AISLE_OK)
        *can = channel->listing && shop.keys_version > 0;
    if (status == AISLE_INVALID || status == AISLE_NOT_FOUND)
        status = AISLE_OK;
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    arena_clear(&arena);
    return status;
}

enum aisle_status listing_rounds(const struct app *app, const struct rounds *rounds,
                                 struct str target_id, bool first_of_shop, size_t *done,
                                 struct aisle_err *err)
{
    const struct round status_round = {.name = "status-round",
                                       .every_s =
                                           first_of_shop ? rounds->status_every_s : 0,
                                       .run = rounds->leave ? round_leave : ask_status,
                                       .kind = TASK_STATUS};
    const struct round requirements_round = {.name = "requirements-round",
                                             .every_s = rounds->requirements_every_s,
                                             .run = rounds->leave ? round_leave
                                                                  : ask_requirements,
                                             .kind = TASK_REQUIREMENTS};
    bool can = false;
    enum aisle_status status;

    if (status_round.every_s <= 0 && requirements_round.every_s <= 0)
        return AISLE_OK;
    status = can_list(app, target_id, &can, err);
    if (status != AISLE_OK || !can)
        return status;
    status = round_come(app, &requirements_round, target_id, done, err);
    return status == AISLE_OK ? round_come(app, &status_round, target_id, done, err)
                              : status;
}
