#include "flows/due.h"

#include "flows/hooks.h"
#include "flows/lease.h"
#include "flows/listing/rounds.h"
#include "flows/models.h"
#include "flows/people.h"
#include "flows/round.h"
#include "flows/session.h"
#include "flows/sync.h"
#include "flows/tasks.h"

#include <stdio.h>

/* Up to a tenth of the interval is added. */
static int64_t jitter_of(const struct due *d)
{
    int64_t most = d->interval_s / 10;

    return most > 0 ? (int64_t)(str_hash(d->name) % (uint64_t)(most + 1)) : 0;
}

int64_t due_in_s(const struct due *d, int64_t now)
{
    int64_t last = d->last_at < now ? d->last_at : now, at;
    bool astray = d->last_at - now > LEASE_CLOCKS_APART_S;

    if (d->interval_s <= 0)
        return INT64_MAX;
    if (d->last_at == 0 || astray)
        return 0;
    at = last + d->interval_s + jitter_of(d);
    return at > now ? at - now : 0;
}

/* ---- tokens ---- */

/* Before those who are at something would do it themselves (session.c). */
enum { TOKEN_AHEAD_S = 600 };

static enum aisle_status say_nothing(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    (void)ctx;
    (void)to;
    (void)meta;
    (void)err;
    return AISLE_OK;
}

enum aisle_status flow_shop_freshen(const struct app *app, struct str shop_id,
                                    struct aisle_err *err)
{
    struct session session = {0};
    struct channel_meta meta = {0};
    enum aisle_status status = session_open(app, shop_id, &session, err);

    if (status == AISLE_OK && session_ends_within(&session, TOKEN_AHEAD_S))
        session.refresh_at = clock_now_s(app->clock);
    if (status == AISLE_OK) /* what is due is refreshed before any call */
        status = session_call(&session, say_nothing, NULL, &meta, err);
    session_close(&session);
    return status;
}

/* ---- names gathered before anything is done with them ---- */

enum { NAMES_MOST = 2000, WORKERS_SEEN_S = 30, GIVEN_UP_S = 3600 };

struct names {
    struct str behind; /* those up to it had their turn */
    struct arena arena;
    struct str list[NAMES_MOST];
    size_t count;
};

static enum aisle_status keep_name(struct names *n, struct str name,
                                   struct aisle_err *err)
{
    if (n->behind.n && str_cmp(name, n->behind) <= 0)
        return AISLE_OK;
    if (n->count == NAMES_MOST)
        return AISLE_STOPPED; /* the rest has its turn at the next look */
    n->list[n->count] = arena_str(&n->arena, name);
    return n->list[n->count++].p ? AISLE_OK : aisle_nomem(err);
}

static void names_begin(struct names *n, const char *behind)
{
    n->count = 0;
    n->behind = str_of(behind);
}

/* Where the next look begins. */
static void names_end(const struct names *n, char behind[ROUNDS_NAME])
{
    struct str last = n->count == NAMES_MOST ? n->list[NAMES_MOST - 1] : STR_LIT("");

    snprintf(behind, ROUNDS_NAME, "%.*s", STR_ARG(last));
}

/* Whether it begins at once. */
static bool goes_on(const struct rounds *r, struct names *n, const char *behind)
{
    bool more = r->whole && behind[0];

    if (more)
        arena_clear(&n->arena);
    return more;
}

static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    return keep_name(ctx, t->id, err);
}

static enum aisle_status note_shop(void *ctx, const struct shop *s, struct aisle_err *err)
{
    return s->keys_version > 0 ? keep_name(ctx, s->id, err) : AISLE_OK;
}

static enum aisle_status stopped_is_fine(enum aisle_status status)
{
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

/* ---- trees ---- */

static enum aisle_status note_checked(void *ctx, const struct snapshot *s,
                                      struct aisle_err *err)
{
    (void)err;
    *(int64_t *)ctx = s->checked_at;
    return AISLE_STOPPED;
}

/* When it was last tried here; 0 never. Full, it forgets all. */
static struct round_tried *tried(struct rounds_state *state, struct str name)
{
    uint64_t hash = str_hash(name);

    for (size_t i = 0; i < state->count; i++)
        if (state->tried[i].name == hash)
            return &state->tried[i];
    if (state->count == ROUNDS_MOST)
        state->count = 0;
    state->tried[state->count] = (struct round_tried){.name = hash};
    return &state->tried[state->count++];
}

/* A failure is tried again after an eighth of the interval. */
static bool rests(const struct app *app, const struct round_tried *t, int64_t interval_s)
{
    return t->mono_ms && clock_mono_ms(app->clock) - t->mono_ms < interval_s * 1000 / 8;
}

static void log_failure(const struct app *app, enum aisle_status status,
                        const struct aisle_err *why, const char *doing, struct str name)
{
    if (status != AISLE_OK && status != AISLE_STOPPED)
        log_line(app->log, LOG_WARN, "%s %.*s: %s", doing, STR_ARG(name), why->text);
}

static bool sync_one(const struct app *app, const struct rounds *r, struct str target)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct sync_request request = {.target = target, .due_after_s = r->sync_every_s / 2};
    struct sync_result result = {0};
    struct aisle_err why = {0};
    enum aisle_status status = flow_sync(app, &request, NULL, &arena, &result, &why);

    if (status == AISLE_OK)
        log_line(app->log, LOG_INFO, "synced %.*s: %s", STR_ARG(target),
                 sync_outcome_name(result.outcome));
    else if (status == AISLE_CONFLICT)
        log_line(app->log, LOG_DEBUG, "%.*s is being synced elsewhere", STR_ARG(target));
    else
        log_failure(app, status, &why, "sync", target);
    arena_clear(&arena);
    return status == AISLE_OK && result.outcome != SYNC_NOT_DUE;
}

/* When a tree was last looked at says whether it is due; the claim, that nobody adds what
 * was added just now, or failed just now. */
static enum aisle_status leave_sync(const struct app *app, const struct rounds *r,
                                    struct str target, size_t *done,
                                    struct aisle_err *err)
{
    const struct round round = {.name = "sync-round",
                                .every_s = r->sync_every_s / 8 + 1,
                                .run = round_leave,
                                .kind = TASK_SYNC};

    return round_come(app, &round, target, done, err);
}

static enum aisle_status look_at_target(const struct app *app, const struct rounds *r,
                                        struct rounds_state *state, struct str target,
                                        size_t *done, struct aisle_err *err)
{
    struct due due = {.name = target, .interval_s = r->sync_every_s};
    struct round_tried *t = tried(state, target);
    enum aisle_status status = stopped_is_fine(app->store->ops->trees->each_snapshot(
        app->store, target, note_checked, &due.last_at, err));

    if (status != AISLE_OK || due_in_s(&due, clock_now_s(app->clock)) > 0)
        return status;
    if (r->leave)
        return leave_sync(app, r, target, done, err);
    if (rests(app, t, r->sync_every_s))
        return AISLE_OK;
    t->mono_ms = clock_mono_ms(app->clock);
    *done += sync_one(app, r, target);
    return AISLE_OK;
}

/* ---- every target ---- */

typedef enum aisle_status look_fn(const struct app *app, const struct rounds *r,
                                  struct rounds_state *state, struct str target,
                                  size_t *done, struct aisle_err *err);

static enum aisle_status look_at_some(const struct app *app, const struct rounds *r,
                                      struct rounds_state *state, struct names *names,
                                      look_fn *fn, size_t *done, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < names->count; i++) {
        status = app_check_stop(app, err);
        if (status == AISLE_OK)
            status = fn(app, r, state, names->list[i], done, err);
    }
    return status;
}

static enum aisle_status look_at_targets(const struct app *app, const struct rounds *r,
                                         struct rounds_state *state, struct names *names,
                                         char behind[ROUNDS_NAME], look_fn *fn,
                                         size_t *done, struct aisle_err *err)
{
    enum aisle_status status;

    do {
        names_begin(names, behind);
        status = stopped_is_fine(app->store->ops->shops->each_target(
            app->store, (struct str){0}, note_target, names, err));
        names_end(names, behind);
        if (status == AISLE_OK)
            status = look_at_some(app, r, state, names, fn, done, err);
    } while (status == AISLE_OK && goes_on(r, names, behind));
    return status;
}

static enum aisle_status sync_round(const struct app *app, const struct rounds *r,
                                    struct rounds_state *state, struct names *names,
                                    size_t *done, struct aisle_err *err)
{
    if (r->sync_every_s <= 0)
        return AISLE_OK;
    return look_at_targets(app, r, state, names, state->sync_behind, look_at_target, done,
                           err);
}

/* ---- models ---- */

static enum aisle_status leave_training(const struct app *app, const struct round *round,
                                        struct str target_id, bool *did,
                                        struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct target target;
    struct shop shop;
    bool due = false;
    enum aisle_status status = flow_target(app, target_id, &arena, &target, &shop, err);

    if (status == AISLE_OK)
        status = flow_train_due(app, shop.seller_id, target.id, &due, err);
    if (status == AISLE_OK && due)
        status = round_leave(app, round, target_id, did, err);
    arena_clear(&arena);
    return status;
}

static enum aisle_status look_at_model(const struct app *app, const struct rounds *r,
                                       struct rounds_state *state, struct str target,
                                       size_t *done, struct aisle_err *err)
{
    const struct round round = {.name = "train-round",
                                .every_s = r->train_every_s,
                                .run = leave_training,
                                .kind = TASK_TRAIN};

    (void)state;
    return round_come(app, &round, target, done, err);
}

static enum aisle_status train_round(const struct app *app, const struct rounds *r,
                                     struct rounds_state *state, struct names *names,
                                     size_t *done, struct aisle_err *err)
{
    if (r->train_every_s <= 0 || !r->leave)
        return AISLE_OK;
    return look_at_targets(app, r, state, names, state->train_behind, look_at_model, done,
                           err);
}

/* ---- listings ---- */

static struct str shop_of(struct str target)
{
    return str_head(target, str_find_char(target, ':'));
}

static enum aisle_status listing_some(const struct app *app, const struct rounds *r,
                                      struct rounds_state *state, struct names *names,
                                      size_t *done, struct aisle_err *err)
{
    char before[ROUNDS_NAME];
    enum aisle_status status;

    snprintf(before, sizeof before, "%s", state->listing_behind);
    names_begin(names, state->listing_behind);
    status = stopped_is_fine(app->store->ops->shops->each_target(
        app->store, (struct str){0}, note_target, names, err));
    names_end(names, state->listing_behind);
    for (size_t i = 0; status == AISLE_OK && i < names->count; i++) {
        bool first = !str_eq(shop_of(names->list[i]),
                             shop_of(i ? names->list[i - 1] : str_of(before)));

        status = app_check_stop(app, err);
        if (status == AISLE_OK)
            status = listing_rounds(app, r, names->list[i], first, done, err);
    }
    return status;
}

static enum aisle_status listing_round(const struct app *app, const struct rounds *r,
                                       struct rounds_state *state, struct names *names,
                                       size_t *done, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (r->status_every_s <= 0 && r->requirements_every_s <= 0)
        return AISLE_OK;
    do
        status = listing_some(app, r, state, names, done, err);
    while (status == AISLE_OK && goes_on(r, names, state->listing_behind));
    return status;
}

/* ---- the other rounds, by the clock that is never set ---- */

static bool comes_round(const struct app *app, int64_t *last_ms, int64_t every_s)
{
    int64_t now = clock_mono_ms(app->clock);

    if (every_s <= 0 || (*last_ms && now - *last_ms < every_s * 1000))
        return false;
    *last_ms = now ? now : 1;
    return true;
}

/* Whether a shop's token ends soon; its keys are opened for it, and nobody is called. */
static enum aisle_status leave_token(const struct app *app, struct str shop_id,
                                     struct aisle_err *err)
{
    struct tasks_request request = {.kind = TASK_TOKEN, .target = shop_id};
    struct tasks_result result = {0};
    struct session session = {0};
    enum aisle_status status = session_open(app, shop_id, &session, err);

    if (status == AISLE_OK && session_ends_within(&session, TOKEN_AHEAD_S))
        status = flow_tasks_add(app, &request, &result, err);
    session_close(&session);
    return status;
}

static enum aisle_status fresh_some(const struct app *app, const struct rounds *r,
                                    struct rounds_state *state, struct names *names,
                                    size_t *done, struct aisle_err *err)
{
    enum aisle_status status;

    names_begin(names, state->token_behind);
    status = stopped_is_fine(
        app->store->ops->shops->each_shop(app->store, note_shop, names, err));
    names_end(names, state->token_behind);
    for (size_t i = 0; status == AISLE_OK && i < names->count; i++) {
        struct aisle_err why = {0};
        enum aisle_status one = r->leave ? leave_token(app, names->list[i], &why)
                                         : flow_shop_freshen(app, names->list[i], &why);

        log_failure(app, one, &why, "token of", names->list[i]);
        *done += one == AISLE_OK;
        status = app_check_stop(app, err);
    }
    return status;
}

static enum aisle_status fresh_round(const struct app *app, const struct rounds *r,
                                     struct rounds_state *state, struct names *names,
                                     size_t *done, struct aisle_err *err)
{
    enum aisle_status status;

    do
        status = fresh_some(app, r, state, names, done, err);
    while (status == AISLE_OK && goes_on(r, names, state->token_behind));
    return status;
}

/* ---- what marketplaces told ---- */

/* Within so many seconds; by a clock that was ahead it was some time or other. */
static bool is_of_late(const struct app *app, int64_t at, int64_t within_s)
{
    int64_t age = clock_now_s(app->clock) - at;

    return age < within_s && age > -LEASE_CLOCKS_APART_S;
}

static enum aisle_status note_worker(void *ctx, const struct worker_report *w,
                                     struct aisle_err *err)
{
    struct worker_report *last = ctx;

    (void)err;
    if (w->seen_at > last->seen_at)
        last->seen_at = w->seen_at;
    return AISLE_OK;
}

/* Whether somebody takes tasks of this store, here or elsewhere. */
static enum aisle_status workers_are_there(const struct app *app, bool *there,
                                           struct aisle_err *err)
{
    struct worker_report last = {.seen_at = 0};
    enum aisle_status status =
        app->store->ops->tasks->each_worker(app->store, note_worker, &last, err);

    *there = is_of_late(app, last.seen_at, WORKERS_SEEN_S);
    return status;
}

/* Given up not long ago, and nothing came since: a person may have a look (work retry).
 */
static enum aisle_status was_given_up(const struct app *app, const struct hook_shop *shop,
                                      bool *given_up, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct str id =
        arena_fmt(&arena, "%s/%.*s", task_kind_name(TASK_WEBHOOKS), STR_ARG(shop->id));
    struct aisle_err none = {0};
    struct task task = {.state = TASK_WAITING};
    enum aisle_status status =
        id.p ? app->store->ops->tasks->get(app->store, shop->seller_id, shop->id, id,
                                           &arena, &task, &none)
             : aisle_nomem(&none);

    *given_up = status == AISLE_OK && task.state == TASK_DEAD &&
                shop->newest_at <= task.finished_at &&
                is_of_late(app, task.finished_at, GIVEN_UP_S);
    arena_clear(&arena);
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

static enum aisle_status leave_hooks_of(const struct app *app,
                                        const struct hook_shop *shop, size_t *done,
                                        struct aisle_err *err)
{
    struct tasks_request request = {.kind = TASK_WEBHOOKS, .target = shop->id};
    struct tasks_result result = {0};
    bool given_up = false;
    enum aisle_status status = was_given_up(app, shop, &given_up, err);

    if (status == AISLE_OK && !given_up)
        status = flow_tasks_add(app, &request, &result, err);
    *done += result.added;
    return status;
}

/* A task for each shop that was told something. */
static enum aisle_status leave_hooks(const struct app *app, size_t *done,
                                     struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct hook_shops shops = {.arena = &arena};
    enum aisle_status status = flow_hooks_waiting(app, false, &shops, err);

    for (struct hook_shop *s = shops.first; status == AISLE_OK && s; s = s->next) {
        struct aisle_err why = {0};

        log_failure(app, leave_hooks_of(app, s, done, &why), &why, "notifications of",
                    s->id);
        status = app_check_stop(app, err);
    }
    arena_clear(&arena);
    return status;
}

static enum aisle_status apply_hooks(const struct app *app, size_t *done,
                                     struct aisle_err *err)
{
    struct hooks_result result = {0};
    struct aisle_err why = {0};
    enum aisle_status status =
        flow_hooks_apply(app, STR_LIT(""), false, NULL, NULL, &result, &why);

    *done += result.applied;
    if (status == AISLE_STOPPED) {
        aisle_pass(err, &why);
        return status;
    }
    if (status == AISLE_CONFLICT) /* another is at it */
        status = AISLE_OK;
    log_failure(app, status, &why, "applying", STR_LIT("notifications"));
    return AISLE_OK;
}

/* Left to the workers where there are any; else done here. */
static enum aisle_status hook_round(const struct app *app, const struct rounds *r,
                                    size_t *done, struct aisle_err *err)
{
    bool leave = r->leave;
    enum aisle_status status = leave ? AISLE_OK : workers_are_there(app, &leave, err);

    if (status != AISLE_OK)
        return status;
    return leave ? leave_hooks(app, done, err) : apply_hooks(app, done, err);
}

/* A failure is in its record and the log; the other rounds go on. */
static enum aisle_status prune_round(const struct app *app, const struct rounds *r,
                                     size_t *done, struct aisle_err *err)
{
    struct aisle_err why = {0};
    bool pruned = false;
    enum aisle_status status =
        flow_prune_due(app, &r->keep, r->prune_every_s, &pruned, &why);

    *done += pruned;
    if (status == AISLE_STOPPED) {
        aisle_pass(err, &why);
        return status;
    }
    log_failure(app, status, &why, "dropping", STR_LIT("what was kept long enough"));
    return AISLE_OK;
}

enum aisle_status flow_rounds(const struct app *app, const struct rounds *rounds,
                              struct rounds_state *state, size_t *done,
                              struct aisle_err *err)
{
    struct names *names;
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    size_t count = 0;
    enum aisle_status status = AISLE_OK;

    names = arena_zalloc(&arena, 1, sizeof *names);
    if (!names)
        return aisle_nomem(err);
    names->arena = (struct arena)ARENA_INIT(BUF_MAX_REQUEST);
    if (comes_round(app, &state->fresh_ms, rounds->fresh_every_s))
        status = fresh_round(app, rounds, state, names, &count, err);
    if (status == AISLE_OK && comes_round(app, &state->swept_ms, rounds->sweep_every_s))
        status = flow_people_sweep(app, err);
    if (status == AISLE_OK)
        status = prune_round(app, rounds, &count, err);
    if (status == AISLE_OK)
        status = hook_round(app, rounds, &count, err);
    if (status == AISLE_OK)
        status = sync_round(app, rounds, state, names, &count, err);
    if (status == AISLE_OK)
        status = listing_round(app, rounds, state, names, &count, err);
    if (status == AISLE_OK)
        status = train_round(app, rounds, state, names, &count, err);
    *done = count;
    arena_clear(&names->arena);
    arena_clear(&arena);
    return status;
}
