#include "flows/keys.h"

#include <stdio.h>

/* What a sealed text is bound to. */
static void place_of(const struct shop *shop, char place[128])
{
    snprintf(place, 128, "shop/%.*s/keys", STR_ARG(shop->id));
}

static void buf_wipe(struct buf *b)
{
    if (b->p)
        secret_wipe(b->p, b->cap);
    buf_clear(b);
}

enum aisle_status keys_open(const struct app *app, const struct shop *shop,
                            struct arena *arena, struct shop_keys *out,
                            struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;
    char place[128];

    if (str_empty(shop->sealed))
        return aisle_fail(err, AISLE_CONFIG, "shop %.*s has no keys yet",
                          STR_ARG(shop->id));
    place_of(shop, place);
    status = vault_open(app->vault, str_of(place), shop->sealed, &text, err);
    if (status == AISLE_OK)
        status = shop_keys_parse(buf_str(&text), arena, out, err);
    buf_wipe(&text);
    return status;
}

struct tried {
    const struct app *app;
    struct aisle_err *err; /* the first one's */
    bool failed, opened;
};

static enum aisle_status try_shop(void *ctx, const struct shop *shop,
                                  struct aisle_err *err)
{
    struct tried *t = ctx;
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct shop_keys keys = {0};

    (void)err;
    if (!str_empty(shop->sealed)) {
        t->opened = keys_open(t->app, shop, &arena, &keys, t->err) == AISLE_OK;
        t->failed = true;
        shop_keys_wipe(&keys);
    }
    arena_clear(&arena);
    return t->opened ? AISLE_STOPPED : AISLE_OK;
}

enum aisle_status keys_open_any(const struct app *app, struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct tried t = {.app = app, .err = &why};
    enum aisle_status status =
        app->store->ops->shops->each_shop(app->store, try_shop, &t, err);

    if (status != AISLE_OK || !t.failed)
        return status == AISLE_STOPPED ? AISLE_OK : status;
    aisle_note(&why, "so that no shop could be worked for here");
    aisle_pass(err, &why);
    return why.status;
}

enum aisle_status keys_seal(const struct app *app, const struct shop *shop,
                            const struct shop_keys *keys, struct buf *out,
                            struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;
    char place[128];

    place_of(shop, place);
    shop_keys_format(keys, &text);
    status = buf_check(&text, "keys", err);
    if (status == AISLE_OK)
        status =
            vault_seal(app->vault, app->rng, str_of(place), buf_str(&text), out, err);
    buf_wipe(&text);
    return status;
}

enum aisle_status keys_store(const struct app *app, const struct shop *shop,
                             const struct shop_keys *keys, struct aisle_err *err)
{
    struct buf sealed = BUF_INIT(KEYS_MAX_SEALED);
    enum aisle_status status = keys_seal(app, shop, keys, &sealed, err);
    int64_t version;

    if (status == AISLE_OK)
        status = app->store->ops->shops->put_keys(
            app->store, shop->id, shop->keys_version, buf_str(&sealed), &version, err);
    buf_clear(&sealed);
    return status;
}

enum aisle_status app_channel(const struct app *app, struct str name,
                              const struct channel_ops **out, struct aisle_err *err)
{
    for (size_t i = 0; app->channels[i]; i++)
        if (str_is(name, app->channels[i]->name)) {
            *out = app->channels[i];
            return AISLE_OK;
        }
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no channel \"%.*s\"",
                      STR_ARG(name));
}

bool target_is_global(const struct target *target)
{
    return str_is(target->platform, CHANNEL_GLOBAL);
}

enum aisle_status app_channel_for(const struct app *app, struct str name,
                                  const struct target *target,
                                  const struct channel_ops **out, struct aisle_err *err)
{
    const struct channel_ops *ops = NULL;
    enum aisle_status status = app_channel(app, name, &ops, err);

    if (status == AISLE_OK && target_is_global(target)) {
        if (!ops->global)
            return aisle_fail(err, AISLE_INVALID, "channel %s has no global products",
                              ops->name);
        ops = ops->global;
    }
    if (status == AISLE_OK)
        *out = ops;
    return status;
}
