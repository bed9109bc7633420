#include "flows/session.h"

#include "channels/call.h"
#include "flows/keeper.h"
#include "flows/keys.h"

enum {
    AHEAD_S = 300, /* refresh so long before the end */
    POLL_MS = 200,
    SLACK_S = 30,      /* for the pause before a repeat, the turn, and the store */
    FRESH_MS = 60000,  /* an expiry within it is none */
    EXPIRED_TRIES = 6, /* of one call, with tokens called expired, */
    UNFIT_TRIES = 2,   /* and otherwise no good */
};

/* ---- keys ---- */

/* A short-lived token is refreshed in the last quarter of what is left of it. */
static int64_t refresh_time(int64_t expires_at, int64_t now)
{
    int64_t left = expires_at - now, ahead = left / 4 < AHEAD_S ? left / 4 : AHEAD_S;

    if (expires_at == 0)
        return 0;
    return left <= 0 ? now : expires_at - ahead;
}

static enum aisle_status shop_load(struct session *s, struct str shop_id,
                                   struct aisle_err *err)
{
    struct store *store = s->app->store;
    int64_t before = s->shop.keys_version;
    struct shop shop;
    enum aisle_status status;

    status = store->ops->shops->get_shop(store, shop_id, &s->arena, &shop, err);
    if (status != AISLE_OK)
        return status;
    status = keys_open(s->app, &shop, &s->arena, &s->to.keys, err);
    if (status != AISLE_OK)
        return status;
    s->shop = shop;
    if (before && shop.keys_version != before)
        s->fresh_until_ms = clock_mono_ms(s->app->clock) + FRESH_MS;
    s->refresh_at =
        refresh_time(s->to.keys.access_expires_at, clock_now_s(s->app->clock));
    return AISLE_OK;
}

static enum aisle_status refresh_as_holder(struct session *s, int64_t seen,
                                           struct aisle_err *err)
{
    struct channel_meta meta = {0};
    struct shop_keys fresh = {0};
    enum aisle_status status = shop_load(s, s->shop.id, err);

    if (status != AISLE_OK || s->shop.keys_version != seen)
        return status; /* someone was faster: theirs is loaded */

    status = s->to.ops->refresh(&s->to, &s->arena, &fresh, &meta, err);
    if (meta.lost && status != AISLE_OK && status != AISLE_BUSY) /* it was used up */
        aisle_note(err, "after an answer was lost that may have had the new tokens: sign "
                        "in again");
    if (status != AISLE_OK)
        return status;
    status = keys_store(s->app, &s->shop, &fresh, err);
    if (status != AISLE_OK)
        return status;
    log_line(s->app->log, LOG_INFO, "token of shop %.*s refreshed", STR_ARG(s->shop.id));
    return shop_load(s, s->shop.id, err);
}

/* Another refreshes: look in a moment whether it has. AISLE_BUSY: not yet. Looked at is
 * what is thrown away again, as that may be often. */
static enum aisle_status refresh_wait(struct session *s, int64_t seen,
                                      struct aisle_err *err)
{
    struct store *store = s->app->store;
    struct arena once = ARENA_INIT(BUF_MAX_REQUEST);
    struct shop shop = {0};
    enum aisle_status status = pace_sleep(s->app->pace, POLL_MS, s->to.over, err);

    if (status == AISLE_OK)
        status = store->ops->shops->get_shop(store, s->shop.id, &once, &shop, err);
    arena_clear(&once);
    if (status != AISLE_OK)
        return status;
    return shop.keys_version == seen ? AISLE_BUSY : shop_load(s, s->shop.id, err);
}

static int64_t timeout_ms(const struct app *app)
{
    return app->net.timeout_ms > 0 ? app->net.timeout_ms : NET_TIMEOUT_MS;
}

/* As long as a host takes that hears but never answers: asked once, and a last time just
 * before its silence is enough. Two with one refresh token might end both. */
static int64_t refresh_lease_s(const struct app *app)
{
    return (2 * timeout_ms(app) + CHANNEL_MAX_SILENCE_MS) / 1000 + SLACK_S;
}

/* As long as whoever refreshes can be at it, its lease renewed: every try waits for what
 * the host asks for, and then for its answer. */
static int64_t refresh_most_s(const struct app *app)
{
    return CHANNEL_MAX_ATTEMPTS * (CHANNEL_MAX_WAIT_S + timeout_ms(app) / 1000) + SLACK_S;
}

/* What takes longer, as a host that says when to ask again, is waited for with a lease
 * that is renewed. */
static enum aisle_status refresh_kept(struct session *s, struct lease *lease,
                                      int64_t lease_s, int64_t seen,
                                      struct aisle_err *err)
{
    struct keeper keeper;
    enum aisle_status status = keeper_begin(&keeper, s->app, lease, lease_s, err);

    if (status != AISLE_OK)
        return status;
    status = refresh_as_holder(s, seen, err);
    keeper_end(&keeper);
    return status;
}

/* Where another is at it, it is waited for so long. One whose lease ends is lost, and its
 * work taken over. */
static enum aisle_status refresh(struct session *s, int64_t wait_s, struct aisle_err *err)
{
    int64_t seen = s->shop.keys_version, lease_s = refresh_lease_s(s->app);
    int64_t until = clock_mono_ms(s->app->clock) + wait_s * 1000;
    struct lease lease = {0};
    enum aisle_status status;

    for (;;) {
        struct aisle_err taken = {0};

        status = lease_take(s->app, &lease, "keys", s->shop.id, lease_s, &taken);
        if (status == AISLE_OK)
            break;
        if (status != AISLE_CONFLICT)
            return aisle_fail(err, status, "%s", taken.text);
        status = refresh_wait(s, seen, err);
        if (status != AISLE_BUSY)
            return status;
        if (clock_mono_ms(s->app->clock) > until)
            return aisle_fail(err, AISLE_BUSY,
                              "another process is refreshing the token of shop "
                              "%.*s and does not end",
                              STR_ARG(s->shop.id));
    }
    status = refresh_kept(s, &lease, lease_s, seen, err);
    lease_give_back(s->app, &lease);
    return status;
}

/* ---- opening ---- */

/* All but the shop, which is there, and its keys. */
static enum aisle_status equip(struct session *s, struct aisle_err *err)
{
    enum aisle_status status = app_channel(s->app, s->shop.channel, &s->to.ops, err);

    if (status == AISLE_OK)
        status = net_new(&s->app->net, &s->to.net, err);
    s->to.pace = s->app->pace;
    s->to.over = s->app->stop;
    s->to.clock = s->app->clock;
    s->to.rng = s->app->rng;
    s->to.log = s->app->log;
    s->to.shop = &s->shop;
    return status;
}

enum aisle_status session_open(const struct app *app, struct str shop_id,
                               struct session *out, struct aisle_err *err)
{
    enum aisle_status status;

    *out = (struct session){.arena = ARENA_INIT(BUF_MAX_REQUEST), .app = app};
    status = shop_load(out, shop_id, err);
    if (status == AISLE_OK)
        status = equip(out, err);
    if (status != AISLE_OK)
        session_close(out);
    return status;
}

enum aisle_status session_open_for(const struct app *app, const struct target *target,
                                   struct session *out, struct aisle_err *err)
{
    enum aisle_status status = session_open(app, target->shop_id, out, err);

    if (status == AISLE_OK)
        status = app_channel_for(app, out->shop.channel, target, &out->to.ops, err);
    if (status != AISLE_OK)
        session_close(out);
    return status;
}

enum aisle_status session_open_new(const struct app *app, const struct shop *shop,
                                   const struct shop_keys *keys, struct session *out,
                                   struct aisle_err *err)
{
    enum aisle_status status;

    *out =
        (struct session){.arena = ARENA_INIT(BUF_MAX_REQUEST), .app = app, .shop = *shop};
    status = equip(out, err);
    if (status == AISLE_OK)
        status = channel_check_url(out->to.ops, shop->api_url, err);
    if (status == AISLE_OK)
        status = channel_check_url(out->to.ops, shop->auth_url, err);
    if (status != AISLE_OK)
        session_close(out);
    else
        out->to.keys = *keys;
    return status;
}

void session_close(struct session *s)
{
    net_free(s->to.net);
    s->to.net = NULL;
    shop_keys_wipe(&s->to.keys);
    arena_clear(&s->arena);
}

bool session_ends_within(const struct session *s, int64_t seconds)
{
    int64_t at = s->to.keys.access_expires_at;

    return at && at - clock_now_s(s->app->clock) <= seconds;
}

/* ---- calls ---- */

/* A failed refresh ahead of time is no failure while the token still holds; nor is it
 * waited for so long then. */
static enum aisle_status refresh_ahead(struct session *s, struct aisle_err *err)
{
    int64_t now = clock_now_s(s->app->clock);
    bool holds = now < s->to.keys.access_expires_at;
    struct aisle_err why = {0};
    enum aisle_status status;

    if (s->refresh_at == 0 || now < s->refresh_at)
        return AISLE_OK;
    status = refresh(s, holds ? refresh_lease_s(s->app) : refresh_most_s(s->app), &why);
    if (status == AISLE_OK || (status == AISLE_BUSY && holds))
        return AISLE_OK;
    aisle_pass(err, &why);
    return status;
}

static bool is_their_slip(const struct session *s, const struct channel_meta *meta)
{
    return meta->token == TOKEN_EXPIRED &&
           clock_mono_ms(s->app->clock) < s->fresh_until_ms;
}

static void call_it_a_slip(struct aisle_err *why)
{
    why->status = AISLE_BUSY;
    aisle_note(why, "with a token that was given just now");
}

/* After try n of a call failed: ready to make it again, or *why to be passed on. A slip
 * is waited for first, and only then answered with another token. */
static bool ready_again(struct session *s, int n, const struct channel_meta *meta,
                        struct aisle_err *why)
{
    struct aisle_err not_ready = {0};
    bool slip = is_their_slip(s, meta);
    int most = meta->token == TOKEN_EXPIRED ? EXPIRED_TRIES : UNFIT_TRIES;
    enum aisle_status status;

    if (why->status != AISLE_AUTH || meta->token == TOKEN_NEEDS_CONSENT)
        return false;
    if (n >= most) {
        if (slip)
            call_it_a_slip(why);
        return false;
    }
    if (slip && n % 2)
        status = pace_sleep(s->app->pace, pace_backoff_ms(s->app->rng, (n + 1) / 2, 0),
                            s->to.over, &not_ready);
    else
        status = refresh(s, refresh_most_s(s->app), &not_ready);
    if (status != AISLE_OK)
        *why = not_ready;
    return status == AISLE_OK;
}

/* Every call alike: fresh keys, the call, and again when the keys were no good. */
#define WITH_FRESH_KEYS(call)                                                            \
    do {                                                                                 \
        struct channel_meta spare = {0};                                                 \
        struct aisle_err why = {0};                                                      \
        enum aisle_status status = refresh_ahead(s, err);                                \
                                                                                         \
        if (status != AISLE_OK)                                                          \
            return status;                                                               \
        meta = meta ? meta : &spare;                                                     \
        for (int n = 1;; n++) {                                                          \
            status = call;                                                               \
            if (status == AISLE_OK)                                                      \
                return status;                                                           \
            if (!ready_again(s, n, meta, &why))                                          \
                break;                                                                   \
            why = (struct aisle_err){0};                                                 \
        }                                                                                \
        status = why.status;                                                             \
        aisle_pass(err, &why);                                                           \
        return status;                                                                   \
    } while (0)

enum aisle_status session_fetch_categories(struct session *s,
                                           const struct channel_tree_request *request,
                                           struct arena *arena, struct category_rows *out,
                                           struct channel_meta *meta,
                                           struct aisle_err *err)
{
    WITH_FRESH_KEYS(s->to.ops->fetch_categories(&s->to, request, arena, out, meta, &why));
}

enum aisle_status session_recommend(struct session *s,
                                    const struct channel_question *question,
                                    struct arena *arena, struct channel_advice *out,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    WITH_FRESH_KEYS(s->to.ops->recommend(&s->to, question, arena, out, meta, &why));
}

enum aisle_status session_push_image(struct session *s, const struct channel_image *image,
                                     struct arena *arena, struct pushed_image *out,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    if (!s->to.ops->push_image)
        return aisle_fail(err, AISLE_INVALID, "channel %s takes no images",
                          s->to.ops->name);
    WITH_FRESH_KEYS(s->to.ops->push_image(&s->to, image, arena, out, meta, &why));
}

enum aisle_status session_fetch_shops(struct session *s, struct arena *arena,
                                      const struct channel_shop **out, size_t *count,
                                      struct channel_meta *meta, struct aisle_err *err)
{
    if (!s->to.ops->fetch_shops)
        return aisle_fail(err, AISLE_INVALID, "channel %s does not list shops",
                          s->to.ops->name);
    WITH_FRESH_KEYS(s->to.ops->fetch_shops(&s->to, arena, out, count, meta, &why));
}

enum aisle_status session_call(struct session *s, session_call_fn *call, void *ctx,
                               struct channel_meta *meta, struct aisle_err *err)
{
    WITH_FRESH_KEYS(call(ctx, &s->to, meta, &why));
}
