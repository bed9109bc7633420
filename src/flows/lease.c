#include "flows/lease.h"

#include <stdio.h>

static enum aisle_status claim(const struct app *app, const struct lease *lease,
                               int64_t seconds, struct arena *arena, struct str *holder,
                               struct aisle_err *err)
{
    int64_t now = clock_now_s(app->clock);
    const struct lease_claim claim = {.name = str_of(lease->name),
                                      .owner = str_of(lease->owner),
                                      .now = now,
                                      .until = now + seconds,
                                      .latest = now + seconds + LEASE_CLOCKS_APART_S};

    return app->store->ops->leases->claim(app->store, &claim, arena, holder, err);
}

/* AISLE_CONFLICT also of one that is over: as if no time had gone by. */
static enum aisle_status claim_free(const struct app *app, const struct lease *lease,
                                    int64_t seconds, struct aisle_err *err)
{
    const struct lease_claim claim = {.name = str_of(lease->name),
                                      .owner = str_of(lease->owner),
                                      .until = clock_now_s(app->clock) + seconds};

    return app->store->ops->leases->claim(app->store, &claim, NULL, NULL, err);
}

/* What is being done under a lease of this kind: words before what it is about, and
 * behind it. */
static const struct doing {
    const char *kind, *before, *behind;
} doings[] = {
    {"map", "mapping onto", "is under way"},
    {"sync", "a sync of", "is under way"},
    {"hooks", "notifications of", "are being applied"},
    {"keys", "the token of", "is being refreshed"},
    {NULL, "work on", "is under way"},
};

/* Which work is in the way, and whose process does it: "host/pid/…". */
static void fail_busy(const struct lease *lease, struct str holder, int over_in_s,
                      struct aisle_err *err)
{
    struct str what = str_of(lease->name), kind = str_cut(&what, '/');
    struct str host = str_cut(&holder, '/'), pid = str_cut(&holder, '/');
    const struct doing *doing = &doings[0];

    while (doing->kind && !str_is(kind, doing->kind))
        doing++;
    if (!err || err->status != AISLE_OK)
        return;
    aisle_fail(err, AISLE_CONFLICT,
               "%s %.*s %s in process %.*s on %.*s: let it end, or stop it (aisle job "
               "list)",
               doing->before, STR_ARG(what), doing->behind, STR_ARG(pid), STR_ARG(host));
    err->retry_after_s = over_in_s;
}

enum aisle_status lease_take(const struct app *app, struct lease *lease, const char *kind,
                             struct str what, int64_t seconds, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct aisle_err taken = {0};
    struct str holder = {0};
    enum aisle_status status;

    lease->held = lease->was_left = false;
    snprintf(lease->name, sizeof(lease->name), "%s/%.*s", kind, STR_ARG(what));
    snprintf(lease->owner, sizeof(lease->owner), "%.*s/%08x", STR_ARG(app->owner),
             (unsigned)(rng_u64(app->rng) & 0xffffffffu));

    status = claim_free(app, lease, seconds, &taken);
    if (status == AISLE_CONFLICT) {
        taken = (struct aisle_err){0};
        status = claim(app, lease, seconds, &arena, &holder, &taken);
        lease->was_left = status == AISLE_OK;
    }
    if (status == AISLE_CONFLICT && owner_is_gone(holder)) {
        taken = (struct aisle_err){0};
        status = app->store->ops->leases->release(app->store, str_of(lease->name), holder,
                                                  &taken);
        if (status == AISLE_OK)
            status = claim(app, lease, seconds, &arena, &holder, &taken);
        lease->was_left = status == AISLE_OK;
    }
    if (status == AISLE_CONFLICT)
        fail_busy(lease, holder, taken.retry_after_s, err);
    else if (status != AISLE_OK)
        aisle_pass(err, &taken);
    lease->held = status == AISLE_OK;
    arena_clear(&arena);
    return status;
}

enum aisle_status lease_renew(const struct app *app, struct lease *lease, int64_t seconds,
                              struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct aisle_err lost = {0};
    struct str holder = {0};
    enum aisle_status status = claim(app, lease, seconds, &arena, &holder, &lost);

    if (status == AISLE_CONFLICT) {
        lease->held = false;
        fail_busy(lease, holder, lost.retry_after_s, err);
    } else if (status != AISLE_OK) {
        aisle_pass(err, &lost);
    }
    arena_clear(&arena);
    return status;
}

void lease_give_back(const struct app *app, struct lease *lease)
{
    if (!lease->held)
        return;
    app->store->ops->leases->release(app->store, str_of(lease->name),
                                     str_of(lease->owner), NULL);
    lease->held = false;
}
