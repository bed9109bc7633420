#include "flows/hooks.h"

#include "flows/decide.h"
#include "flows/keys.h"
#include "flows/lease.h"
#include "flows/listing/look.h"
#include "flows/listing/moved.h"

/* ---- whose it is ---- */

/* A notification while it is found out whose it is. */
struct hunt {
    const struct app *app;
    const struct channel_ops *ops;
    struct str channel, remote_id, body, signature;
    struct arena *arena;
    bool alike;           /* a shop is said to be the one it is for */
    struct aisle_err why; /* the first such is not */
    struct str shop_id, seller_id;
};

/* Where sellers give consent, whoever never did may have written any shop's number down:
 * its name is told at sign-in alone. */
static bool is_signed_in(const struct channel_ops *channel, const struct shop *shop,
                         const struct shop_keys *keys)
{
    return !channel->consent_url || !str_empty(keys->access_token) ||
           !str_empty(shop->name);
}

/* Whether the app of a shop has signed it, and the shop is one that signed in. */
static enum aisle_status check_shop(const struct hunt *h, const struct shop *shop,
                                    struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status = keys_open(h->app, shop, h->arena, &keys, err);

    if (status == AISLE_OK && !is_signed_in(h->ops, shop, &keys))
        status = aisle_fail(err, AISLE_NOT_FOUND, "shop %.*s was never signed in",
                            STR_ARG(shop->id));
    if (status == AISLE_OK)
        status = h->ops->check_event(shop->app_key, keys.app_secret, h->body,
                                     h->signature, err);
    shop_keys_wipe(&keys);
    return status;
}

static enum aisle_status try_shop(void *ctx, const struct shop *shop,
                                  struct aisle_err *err)
{
    struct hunt *h = ctx;
    struct aisle_err none = {0};
    bool is_first = !h->alike;

    if (!str_eq(shop->channel, h->channel) || !str_eq(shop->remote_id, h->remote_id))
        return AISLE_OK;
    h->alike = true;
    if (check_shop(h, shop, is_first ? &h->why : &none) != AISLE_OK)
        return AISLE_OK;
    h->shop_id = arena_str(h->arena, shop->id);
    h->seller_id = arena_str(h->arena, shop->seller_id);
    return h->shop_id.p && h->seller_id.p ? AISLE_STOPPED : aisle_nomem(err);
}

/* The first shop of that number whose app has signed the notification. */
static enum aisle_status find_shop(struct hunt *h, struct aisle_err *err)
{
    struct store *store = h->app->store;
    enum aisle_status status = AISLE_OK;

    if (h->remote_id.n)
        status = store->ops->shops->each_shop(store, try_shop, h, err);
    if (status == AISLE_STOPPED)
        return AISLE_OK;
    if (status == AISLE_OK && !h->alike)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "a notification for a shop that is none of ours");
    if (status != AISLE_OK)
        return status;
    aisle_pass(err, &h->why);
    return h->why.status;
}

/* ---- receiving ---- */

enum aisle_status flow_hook_receive(const struct app *app, struct str channel,
                                    struct str body, struct str signature, bool *added,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct hunt hunt = {.app = app,
                        .channel = channel,
                        .body = body,
                        .signature = signature,
                        .arena = &arena};
    const struct channel_ops *ops = NULL;
    struct channel_event event;
    enum aisle_status status = app_channel(app, channel, &ops, err);

    if (status == AISLE_OK)
        status = ops->read_event ? ops->read_event(body, &arena, &event, err)
                                 : aisle_fail(err, AISLE_NOT_FOUND,
                                              "channel %.*s sends no notifications",
                                              STR_ARG(channel));
    if (status == AISLE_OK) {
        hunt.ops = ops;
        hunt.remote_id = event.shop_id;
        status = find_shop(&hunt, err);
    }
    if (status == AISLE_OK) {
        struct hook hook = {.seller_id = hunt.seller_id,
                            .shop_id = hunt.shop_id,
                            .id = event.id,
                            .body = body,
                            .state = HOOK_WAITING,
                            .received_at = clock_now_s(app->clock)};

        status = app->store->ops->hooks->put(app->store, &hook, added, err);
    }
    arena_clear(&arena);
    return status;
}

/* ---- applying ---- */

struct applying {
    const struct app *app;
    struct shop shop;
    const struct hook *hook;
    struct channel_event event;
    struct arena *arena;
    struct str text; /* what was done */
};

static enum aisle_status say(struct applying *a, struct str text, struct aisle_err *err)
{
    a->text = text;
    return text.p ? AISLE_OK : aisle_nomem(err);
}

/* The listing it is about; *found false when it is none of ours. */
static enum aisle_status find_listing(struct applying *a, struct listing *out,
                                      bool *found, struct aisle_err *err)
{
    struct aisle_err none = {0};
    enum aisle_status status =
        a->app->store->ops->listings->find(a->app->store, a->shop.seller_id, a->shop.id,
                                           a->event.product_id, a->arena, out, &none);

    *found = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

/* The notification says that something changed; what it is now the marketplace is asked,
 * so that one that comes late or twice changes nothing. */
static enum aisle_status look_again(struct applying *a, struct listing *listing,
                                    enum hook_state *state, struct aisle_err *err)
{
    enum listing_state was = listing->state;
    enum aisle_status status = AISLE_OK;

    if (a->event.at && a->event.at < listing->status_at) {
        *state = HOOK_PASSED;
        return say(a, STR_LIT("older than what is known"), err);
    }
    status = listing_look(a->app, listing, a->arena, err);
    if (status != AISLE_OK)
        return status;
    *state = HOOK_APPLIED;
    return say(a,
               arena_fmt(a->arena, "product %.*s is %s%s%s", STR_ARG(listing->product_id),
                         listing_state_name(listing->state),
                         was == listing->state ? "" : ", was ",
                         was == listing->state ? "" : listing_state_name(was)),
               err);
}

/* ---- a product was moved to another leaf ---- */

static enum aisle_status keep_move(struct applying *a, struct aisle_err *err)
{
    struct category_move move = {.channel = a->shop.channel,
                                 .region = a->shop.region,
                                 .from_id = a->event.from_category,
                                 .to_id = a->event.to_category,
                                 .at = a->event.at};

    return move.from_id.n
               ? a->app->store->ops->listings->put_move(a->app->store, &move, err)
               : AISLE_OK;
}

static enum aisle_status move_listing(struct applying *a, struct listing *listing,
                                      enum hook_state *state, struct aisle_err *err)
{
    struct listing_move move = {
        .shop_id = a->shop.id,
        .seller_id = a->shop.seller_id,
        .to = a->event.to_category,
        .batch_id = arena_fmt(a->arena, "hook-%.*s-%.*s", STR_ARG(a->shop.id),
                              STR_ARG(a->event.id)),
    };
    size_t decisions = 0;
    enum aisle_status status =
        move.batch_id.p ? listing_moved(a->app, &move, a->arena, listing, &decisions, err)
                        : aisle_nomem(err);

    if (status == AISLE_OK) {
        listing->updated_at = clock_now_s(a->app->clock);
        status = a->app->store->ops->listings->put(a->app->store, listing, NULL, err);
    }
    *state = HOOK_APPLIED;
    return status == AISLE_OK
               ? say(a,
                     arena_fmt(a->arena,
                               "product %.*s moved to %.*s, %zu mappings follow",
                               STR_ARG(listing->product_id),
                               STR_ARG(a->event.to_category), decisions),
                     err)
               : status;
}

/* ---- consent was withdrawn ---- */

static enum aisle_status forget_tokens(struct applying *a, enum hook_state *state,
                                       struct aisle_err *err)
{
    struct shop_keys keys = {0};
    enum aisle_status status = keys_open(a->app, &a->shop, a->arena, &keys, err);

    if (status == AISLE_OK) {
        struct shop_keys left = {.app_secret = keys.app_secret, .cipher = keys.cipher};

        status = keys_store(a->app, &a->shop, &left, err);
    }
    shop_keys_wipe(&keys);
    *state = HOOK_APPLIED;
    return status == AISLE_OK
               ? say(a, STR_LIT("the seller withdrew consent: tokens erased"), err)
               : status;
}

/* ---- one of them ---- */

static enum aisle_status apply_to_listing(struct applying *a, enum hook_state *state,
                                          struct aisle_err *err)
{
    struct listing listing;
    bool found = false;
    enum aisle_status status = find_listing(a, &listing, &found, err);

    if (status != AISLE_OK)
        return status;
    if (!found) {
        *state = HOOK_PASSED;
        return say(a,
                   arena_fmt(a->arena, "product %.*s is none we listed",
                             STR_ARG(a->event.product_id)),
                   err);
    }
    if (a->event.kind == EVENT_CATEGORY_CHANGED)
        return move_listing(a, &listing, state, err);
    return look_again(a, &listing, state, err);
}

static enum aisle_status apply(struct applying *a, enum hook_state *state,
                               struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    switch (a->event.kind) {
    case EVENT_CATEGORY_CHANGED:
        status = keep_move(a, err);
        return status == AISLE_OK ? apply_to_listing(a, state, err) : status;
    case EVENT_PRODUCT_STATUS:
    case EVENT_PRODUCT_CHANGED:
    case EVENT_PRODUCT_CREATED:
    case EVENT_AUDIT_CHANGED:
        return apply_to_listing(a, state, err);
    case EVENT_SHOP_LOST:
        return forget_tokens(a, state, err);
    case EVENT_CONSENT_ENDING:
        *state = HOOK_PASSED;
        return say(a, STR_LIT("the seller's consent ends soon: sign in again"), err);
    case EVENT_OTHER:
        break;
    }
    *state = HOOK_PASSED;
    return say(a,
               arena_fmt(a->arena, "type %lld concerns nothing of ours",
                         (long long)a->event.type),
               err);
}

static enum aisle_status read_one(struct applying *a, struct aisle_err *err)
{
    const struct channel_ops *ops = NULL;
    enum aisle_status status = a->app->store->ops->shops->get_shop(
        a->app->store, a->hook->shop_id, a->arena, &a->shop, err);

    if (status == AISLE_OK)
        status = app_channel(a->app, a->shop.channel, &ops, err);
    if (status == AISLE_OK)
        status = ops->read_event(a->hook->body, a->arena, &a->event, err);
    return status;
}

/* What can pass by itself: it stays waiting. */
static bool is_for_now(enum aisle_status status)
{
    return status == AISLE_BUSY || status == AISLE_CONFLICT || status == AISLE_AUTH;
}

/* hook->text lives in `keep`. */
static enum aisle_status apply_one(const struct app *app, struct hook *hook,
                                   struct arena *keep, struct hooks_result *result,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct applying a = {.app = app, .hook = hook, .arena = &arena};
    struct aisle_err why = {0};
    enum hook_state state = HOOK_FAILED;
    enum aisle_status status = read_one(&a, &why);

    if (status == AISLE_OK)
        status = apply(&a, &state, &why);
    if (status == AISLE_STOPPED || status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        arena_clear(&arena);
        return status;
    }
    hook->state = status == AISLE_OK   ? state
                  : is_for_now(status) ? HOOK_WAITING
                                       : HOOK_FAILED;
    hook->text = arena_str(keep, status == AISLE_OK ? a.text : str_of(why.text));
    hook->settled_at = hook->state == HOOK_WAITING ? 0 : clock_now_s(app->clock);
    result->seen++;
    result->applied += hook->state == HOOK_APPLIED;
    result->passed += hook->state == HOOK_PASSED;
    result->failed += hook->state == HOOK_FAILED;
    result->waiting += hook->state == HOOK_WAITING;
    status = hook->text.p ? app->store->ops->hooks->settle(app->store, hook, err)
                          : aisle_nomem(err);
    arena_clear(&arena);
    return status;
}

/* ---- all of them ---- */

struct hook_list {
    struct arena *arena;
    struct hook *rows;
    size_t count;
};

static enum aisle_status note_hook(void *ctx, const struct hook *hook,
                                   struct aisle_err *err)
{
    struct hook_list *list = ctx;
    struct hook *row = &list->rows[list->count++];

    *row = *hook;
    row->seller_id = arena_str(list->arena, hook->seller_id);
    row->shop_id = arena_str(list->arena, hook->shop_id);
    row->id = arena_str(list->arena, hook->id);
    row->body = arena_str(list->arena, hook->body);
    row->text = (struct str){0};
    return row->seller_id.p && row->shop_id.p && row->id.p && row->body.p
               ? AISLE_OK
               : aisle_nomem(err);
}

enum {
    AT_A_TIME = 200,
    LEASE_S = 90, /* longer than a notification takes; a lost one's stay for so long */
    RENEW_MS = 20000,
};

struct applying_lease {
    const struct app *app;
    struct lease lease;
    int64_t renewed_ms;
};

/* Before each: whoever lost it leaves the rest to the one who has it. */
static enum aisle_status still_ours(struct applying_lease *l, struct aisle_err *err)
{
    int64_t now = clock_mono_ms(l->app->clock);
    enum aisle_status status = app_check_stop(l->app, err);

    if (status != AISLE_OK || now - l->renewed_ms < RENEW_MS)
        return status;
    l->renewed_ms = now;
    return lease_renew(l->app, &l->lease, LEASE_S, err);
}

/* The next few; the filter begins behind the last of them afterwards. */
static enum aisle_status apply_some(struct applying_lease *held,
                                    struct hook_filter *filter, struct arena *last,
                                    hook_fn *fn, void *ctx, struct hooks_result *out,
                                    size_t *count, struct aisle_err *err)
{
    const struct app *app = held->app;
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct hook_list list = {.arena = &arena};
    enum aisle_status status = AISLE_OK;

    list.rows = arena_zalloc(&arena, AT_A_TIME, sizeof *list.rows);
    if (!list.rows)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = app->store->ops->hooks->each(app->store, filter, note_hook, &list, err);
    for (size_t i = 0; status == AISLE_OK && i < list.count; i++) {
        status = still_ours(held, err);
        if (status == AISLE_OK)
            status = apply_one(app, &list.rows[i], &arena, out, err);
        if (status == AISLE_OK && fn)
            fn(ctx, &list.rows[i]);
    }
    *count = list.count;
    if (status == AISLE_OK && list.count) {
        const struct hook *end = &list.rows[list.count - 1];

        arena_clear(last);
        filter->after_at = end->received_at;
        filter->after_id = arena_str(last, end->id);
        filter->after_shop = arena_str(last, end->shop_id);
        if (!filter->after_id.p || !filter->after_shop.p)
            status = aisle_nomem(err);
    }
    arena_clear(&arena);
    return status;
}

/* A shop's, one after the other, by one process at a time. */
static enum aisle_status apply_shop(const struct app *app, struct str shop_id, bool again,
                                    hook_fn *fn, void *ctx, struct hooks_result *out,
                                    struct aisle_err *err)
{
    struct arena last = ARENA_INIT(1 << 20);
    struct hook_filter filter = {.shop_id = shop_id,
                                 .states = 1u << HOOK_WAITING |
                                           (again ? 1u << HOOK_FAILED : 0u),
                                 .limit = AT_A_TIME};
    struct applying_lease held = {.app = app};
    size_t count = AT_A_TIME;
    enum aisle_status status =
        lease_take(app, &held.lease, "hooks", shop_id, LEASE_S, err);

    held.renewed_ms = clock_mono_ms(app->clock);
    while (status == AISLE_OK && count == AT_A_TIME)
        status = apply_some(&held, &filter, &last, fn, ctx, out, &count, err);
    lease_give_back(app, &held.lease);
    arena_clear(&last);
    return status;
}

/* ---- which shops ---- */

static enum aisle_status note_waiting(void *ctx, const struct hook *hook,
                                      struct aisle_err *err)
{
    struct hook_shops *shops = ctx;
    struct hook_shop *at = shops->first;

    while (at && !str_eq(at->id, hook->shop_id))
        at = at->next;
    if (!at) {
        at = arena_zalloc(shops->arena, 1, sizeof *at);
        if (!at || !(at->id = arena_str(shops->arena, hook->shop_id)).p ||
            !(at->seller_id = arena_str(shops->arena, hook->seller_id)).p)
            return aisle_nomem(err);
        at->next = shops->first;
        shops->first = at;
    }
    at->newest_at = hook->received_at;
    return AISLE_OK;
}

enum aisle_status flow_hooks_waiting(const struct app *app, bool again,
                                     struct hook_shops *out, struct aisle_err *err)
{
    struct hook_filter filter = {.states = 1u << HOOK_WAITING |
                                           (again ? 1u << HOOK_FAILED : 0u)};

    return app->store->ops->hooks->each(app->store, &filter, note_waiting, out, err);
}

/* Where another is at a shop's, the others have their turn all the same. */
static enum aisle_status apply_all(const struct app *app, bool again, hook_fn *fn,
                                   void *ctx, struct hooks_result *out,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct hook_shops shops = {.arena = &arena};
    struct aisle_err busy = {0};
    enum aisle_status status = flow_hooks_waiting(app, again, &shops, err);

    for (struct hook_shop *s = shops.first; status == AISLE_OK && s; s = s->next) {
        struct aisle_err why = {0};

        status = apply_shop(app, s->id, again, fn, ctx, out, &why);
        if (status == AISLE_CONFLICT) {
            busy = why;
            status = AISLE_OK;
        } else if (status != AISLE_OK) {
            aisle_pass(err, &why);
        }
    }
    if (status == AISLE_OK && busy.status != AISLE_OK) {
        aisle_pass(err, &busy);
        status = busy.status;
    }
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_hooks_apply(const struct app *app, struct str shop_id, bool again,
                                   hook_fn *fn, void *ctx, struct hooks_result *out,
                                   struct aisle_err *err)
{
    struct hooks_result result = {0};
    enum aisle_status status =
        str_empty(shop_id) ? apply_all(app, again, fn, ctx, &result, err)
                           : apply_shop(app, shop_id, again, fn, ctx, &result, err);

    *out = result;
    return status;
}
