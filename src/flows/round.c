#include "flows/round.h"

#include "flows/due.h"
#include "flows/lease.h"
#include "flows/tasks.h"

#include <stdio.h>

/* While it is done. What takes longer may be begun by another as well: of what was just
 * asked about nothing is lost by asking again. */
enum { WORKING_S = 15 * 60 };

/* No claim stands longer: one that does was made by a clock that was ahead. */
static int64_t longest_s(const struct round *round)
{
    int64_t whole = round->every_s + round->every_s / 10;

    return (whole > WORKING_S ? whole : WORKING_S) + LEASE_CLOCKS_APART_S;
}

enum aisle_status round_leave(const struct app *app, const struct round *round,
                              struct str target_id, bool *did, struct aisle_err *err)
{
    struct tasks_request request = {
        .kind = round->kind, .target = target_id, .due_after_s = round->every_s / 2};
    struct tasks_result result = {0};
    enum aisle_status status = flow_tasks_add(app, &request, &result, err);

    *did = result.added > 0;
    return status;
}

static enum aisle_status claim(const struct app *app, const struct round *round,
                               const char *name, const char *owner, int64_t seconds,
                               struct aisle_err *err)
{
    int64_t now = clock_now_s(app->clock);
    const struct lease_claim claim = {.name = str_of(name),
                                      .owner = str_of(owner),
                                      .now = now,
                                      .until = now + seconds,
                                      .latest = now + longest_s(round)};

    return app->store->ops->leases->claim(app->store, &claim, NULL, NULL, err);
}

/* The claim is not given back: it stands until the next round, for every node. After a
 * failure an eighth of the interval is waited. */
enum aisle_status round_come(const struct app *app, const struct round *round,
                             struct str target_id, size_t *done, struct aisle_err *err)
{
    char name[320], owner[UUID_LEN + 1];
    struct due due = {.interval_s = round->every_s, .last_at = 1};
    struct aisle_err why = {0};
    bool did = false;
    int64_t rest;
    enum aisle_status status;

    if (round->every_s <= 0)
        return AISLE_OK;
    snprintf(name, sizeof name, "%s/%.*s", round->name, STR_ARG(target_id));
    uuid_v4(app->rng, owner);
    status = claim(app, round, name, owner, WORKING_S, &why);
    if (status == AISLE_CONFLICT)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    due.name = str_of(name);
    status = round->run(app, round, target_id, &did, &why);
    rest = status == AISLE_OK ? due_in_s(&due, due.last_at) : round->every_s / 8 + 1;
    if (status != AISLE_OK && status != AISLE_STOPPED)
        log_line(app->log, LOG_WARN, "%s: %s", name, why.text);
    if (status == AISLE_STOPPED) /* the next to come does it */
        return app->store->ops->leases->release(app->store, str_of(name), str_of(owner),
                                                err);
    *done += did;
    why = (struct aisle_err){0};
    status = claim(app, round, name, owner, rest, &why);
    if (status != AISLE_OK && status != AISLE_CONFLICT) { /* taken over meanwhile */
        aisle_pass(err, &why);
        return status;
    }
    return AISLE_OK;
}
