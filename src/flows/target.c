/* target.c - from what a person wrote to one target: "toko-a" is "toko-a:v2:TIKTOK_SHOP"
 */
#include "flows/keys.h"
#include "flows/sync.h"

struct targets {
    struct target only;
    struct arena *arena;
    struct buf names;
    size_t count;
};

static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    struct targets *seen = ctx;

    (void)err;
    if (seen->count++ == 0) {
        seen->only.id = arena_str(seen->arena, t->id);
        if (!seen->only.id.p)
            return aisle_nomem(err);
    }
    buf_addf(&seen->names, "%s%.*s", seen->count > 1 ? ", " : "", STR_ARG(t->id));
    return AISLE_OK;
}

/* Nobody said which: the only one there is. */
static enum aisle_status the_only_target(const struct app *app, struct arena *arena,
                                         struct str *asked, struct aisle_err *err)
{
    struct targets seen = {.arena = arena, .names = BUF_INIT(BUF_MAX_LINE)};
    enum aisle_status status = app->store->ops->shops->each_target(
        app->store, (struct str){0}, note_target, &seen, err);

    if (status == AISLE_OK && seen.count == 0)
        status = aisle_fail(err, AISLE_NOT_FOUND,
                            "no target yet: add a shop and sync its tree");
    else if (status == AISLE_OK && seen.count > 1)
        status = aisle_fail(err, AISLE_INVALID, "which target? there are %.*s",
                            STR_ARG(buf_str(&seen.names)));
    *asked = seen.only.id;
    buf_clear(&seen.names);
    return status;
}

/* A cross-border seller lists global products, everybody else in the shop itself. */
static struct str usual_platform(const struct channel_ops *channel,
                                 const struct shop *shop)
{
    return channel->global && str_is(shop->seller_type, CHANNEL_CROSS_BORDER)
               ? STR_LIT(CHANNEL_GLOBAL)
               : STR_LIT("TIKTOK_SHOP");
}

/* Of a shop that does not know what its seller is, the marketplace decides. */
static enum aisle_status check_global(const struct channel_ops *channel,
                                      const struct shop *shop, struct aisle_err *err)
{
    if (!channel->global)
        return aisle_fail(err, AISLE_INVALID, "channel %s has no global products",
                          channel->name);
    if (shop->seller_type.n && !str_is(shop->seller_type, CHANNEL_CROSS_BORDER))
        return aisle_fail(err, AISLE_INVALID,
                          "shop %.*s is a local seller's: global products are "
                          "cross-border sellers'",
                          STR_ARG(shop->id));
    return AISLE_OK;
}

enum aisle_status flow_target(const struct app *app, struct str asked,
                              struct arena *arena, struct target *out, struct shop *shop,
                              struct aisle_err *err)
{
    const struct channel_ops *channel;
    struct target t;
    struct shop found;
    enum aisle_status status = AISLE_OK;

    if (str_empty(asked))
        status = the_only_target(app, arena, &asked, err);
    if (status == AISLE_OK)
        status = target_parse(asked, &t, err);
    if (status == AISLE_OK)
        status =
            app->store->ops->shops->get_shop(app->store, t.shop_id, arena, &found, err);
    if (status == AISLE_OK)
        status = app_channel(app, found.channel, &channel, err);
    if (status != AISLE_OK)
        return status;

    if (!channel->has_versions && !str_empty(t.version))
        return aisle_fail(err, AISLE_INVALID,
                          "channel %s has no category versions: write %.*s",
                          channel->name, STR_ARG(t.shop_id));
    if (channel->has_versions && str_empty(t.version))
        t.version = STR_LIT("v2");
    if (channel->has_platforms && str_empty(t.platform))
        t.platform = usual_platform(channel, &found);
    if (target_is_global(&t))
        status = check_global(channel, &found, err);
    if (status != AISLE_OK)
        return status;

    t.id = target_format(arena, t.shop_id, t.version, t.platform);
    t.shop_id = arena_str(arena, t.shop_id);
    t.version = arena_str(arena, t.version);
    t.platform = arena_str(arena, t.platform);
    if (!t.id.p || !t.shop_id.p || !t.version.p || !t.platform.p)
        return aisle_nomem(err);
    *out = t;
    if (shop)
        *shop = found;
    return AISLE_OK;
}
