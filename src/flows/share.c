#include "flows/share.h"

enum { SHARE_MOST = 1024 }; /* sellers, and targets of theirs */

/* ---- giving it and taking it back ---- */

struct looking_for {
    struct str seller_id;
    bool found;
};

static enum aisle_status note_seller(void *ctx, const struct seller *s,
                                     struct aisle_err *err)
{
    struct looking_for *l = ctx;

    (void)err;
    l->found = l->found || str_eq(s->id, l->seller_id);
    return AISLE_OK;
}

static enum aisle_status check_seller(const struct app *app, struct str seller_id,
                                      struct aisle_err *err)
{
    struct looking_for l = {.seller_id = seller_id};
    enum aisle_status status =
        app->store->ops->shops->each_seller(app->store, note_seller, &l, err);

    if (status == AISLE_OK && !l.found)
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no seller %.*s",
                            STR_ARG(seller_id));
    return status;
}

enum aisle_status flow_share(const struct app *app, struct str seller_id,
                             struct str with_id, bool on, struct aisle_err *err)
{
    struct consent consent = {.seller_id = seller_id,
                              .with_id = with_id,
                              .who = app->who,
                              .at = clock_now_s(app->clock)};
    enum aisle_status status = check_seller(app, seller_id, err);

    if (status == AISLE_OK && str_eq(seller_id, with_id))
        status = aisle_fail(err, AISLE_INVALID, "seller %.*s shares with itself as it is",
                            STR_ARG(seller_id));
    if (status == AISLE_OK && !on) /* also of one that is there no more */
        return app->store->ops->sharing->drop(app->store, seller_id, with_id, err);
    if (status == AISLE_OK)
        status = check_seller(app, with_id, err);
    return status == AISLE_OK ? app->store->ops->sharing->put(app->store, &consent, err)
                              : status;
}

/* ---- how it stands ---- */

struct listing_sharing {
    struct str seller_id;
    struct arena *arena;
    struct sharing *list;
    size_t count;
};

static enum aisle_status note_consent(void *ctx, const struct consent *c,
                                      struct aisle_err *err)
{
    struct listing_sharing *l = ctx;
    bool mine = str_eq(c->seller_id, l->seller_id);
    struct str other = mine ? c->with_id : c->seller_id;
    struct sharing *at = l->list;

    while (at < l->list + l->count && !str_eq(at->with_id, other))
        at++;
    if (at == l->list + l->count) {
        if (l->count == SHARE_MOST)
            return aisle_fail(err, AISLE_LIMIT, "seller %.*s shares with over %d others",
                              STR_ARG(l->seller_id), SHARE_MOST);
        *at = (struct sharing){.with_id = arena_str(l->arena, other)};
        if (!at->with_id.p)
            return aisle_nomem(err);
        l->count++;
    }
    at->given = at->given || mine;
    at->granted = at->granted || !mine;
    return AISLE_OK;
}

enum aisle_status flow_sharing(const struct app *app, struct str seller_id,
                               struct arena *arena, struct sharing **out, size_t *count,
                               struct aisle_err *err)
{
    struct listing_sharing l = {.seller_id = seller_id,
                                .arena = arena,
                                .list = arena_alloc(arena, SHARE_MOST * sizeof(*l.list))};
    enum aisle_status status =
        l.list
            ? app->store->ops->sharing->each(app->store, seller_id, note_consent, &l, err)
            : aisle_nomem(err);

    if (status == AISLE_OK) {
        *out = l.list;
        *count = l.count;
    }
    return status;
}

/* ---- whose decisions count ---- */

struct listing_sources {
    struct arena *arena;
    const struct sharing *partners;
    size_t partner_count;
    struct target target;
    struct shop shop;   /* of the target */
    struct shop *alike; /* the partners' shops of its channel and region */
    size_t alike_count;
    struct shared_source *list;
    size_t count;
};

static bool is_partner(const struct listing_sources *l, struct str seller_id)
{
    for (size_t i = 0; i < l->partner_count; i++)
        if (l->partners[i].given && l->partners[i].granted &&
            str_eq(l->partners[i].with_id, seller_id))
            return true;
    return false;
}

static enum aisle_status add_source(struct listing_sources *l, struct str seller_id,
                                    struct str target_id, struct aisle_err *err)
{
    struct shared_source *at = &l->list[l->count];

    if (l->count == SHARE_MOST)
        return aisle_fail(err, AISLE_LIMIT, "approvals of over %d targets are shared",
                          SHARE_MOST);
    at->seller_id = arena_str(l->arena, seller_id);
    at->target_id = arena_str(l->arena, target_id);
    l->count++;
    return at->seller_id.p && at->target_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status note_shop(void *ctx, const struct shop *s, struct aisle_err *err)
{
    struct listing_sources *l = ctx;
    struct shop *at = &l->alike[l->alike_count];

    if (l->alike_count == SHARE_MOST || !is_partner(l, s->seller_id) ||
        !str_eq(s->channel, l->shop.channel) || !str_eq(s->region, l->shop.region))
        return AISLE_OK;
    *at = (struct shop){.id = arena_str(l->arena, s->id),
                        .seller_id = arena_str(l->arena, s->seller_id)};
    l->alike_count++;
    return at->id.p && at->seller_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    struct listing_sources *l = ctx;

    if (!str_eq(t->version, l->target.version) ||
        !str_eq(t->platform, l->target.platform))
        return AISLE_OK;
    for (size_t i = 0; i < l->alike_count; i++)
        if (str_eq(l->alike[i].id, t->shop_id) && !str_eq(t->id, l->target.id))
            return add_source(l, l->alike[i].seller_id, t->id, err);
    return AISLE_OK;
}

static enum aisle_status list_sources(const struct app *app, struct listing_sources *l,
                                      struct aisle_err *err)
{
    const struct store_shops *shops = app->store->ops->shops;
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < l->partner_count; i++)
        if (l->partners[i].given && l->partners[i].granted)
            status = add_source(l, l->partners[i].with_id, l->target.id, err);
    if (status != AISLE_OK || l->count == 0)
        return status;
    status = shops->get_shop(app->store, l->target.shop_id, l->arena, &l->shop, err);
    if (status == AISLE_OK)
        status = shops->each_shop(app->store, note_shop, l, err);
    if (status == AISLE_OK)
        status = shops->each_target(app->store, (struct str){"", 0}, note_target, l, err);
    return status;
}

enum aisle_status flow_shared_sources(const struct app *app, struct str seller_id,
                                      struct str target_id, struct arena *arena,
                                      struct shared_source **out, size_t *count,
                                      struct aisle_err *err)
{
    struct listing_sources l = {.arena = arena};
    struct sharing *partners;
    enum aisle_status status =
        flow_sharing(app, seller_id, arena, &partners, &l.partner_count, err);

    if (status == AISLE_OK)
        status = target_parse(target_id, &l.target, err);
    if (status != AISLE_OK)
        return status;
    l.partners = partners;
    l.alike = arena_alloc(arena, SHARE_MOST * sizeof(*l.alike));
    l.list = arena_alloc(arena, SHARE_MOST * sizeof(*l.list));
    status = l.alike && l.list ? list_sources(app, &l, err) : aisle_nomem(err);
    if (status == AISLE_OK) {
        *out = l.list;
        *count = l.count;
    }
    return status;
}
