/* shops.c - sellers, their shops with sealed keys, and where they list */
#include "store/sql/rows.h"

static const struct column seller_columns[] = {
    COLUMN(struct seller, id, "id", MEMBER_TEXT),
    COLUMN(struct seller, name, "name", MEMBER_TEXT),
};
static const struct noun seller_noun = NOUN("seller", struct seller, seller_columns, 1);

static const struct column shop_columns[] = {
    COLUMN(struct shop, id, "id", MEMBER_TEXT),
    COLUMN(struct shop, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct shop, channel, "channel", MEMBER_TEXT),
    COLUMN(struct shop, name, "name", MEMBER_TEXT),
    COLUMN(struct shop, remote_id, "remote_id", MEMBER_TEXT),
    COLUMN(struct shop, region, "region", MEMBER_TEXT),
    COLUMN(struct shop, app_key, "app_key", MEMBER_TEXT),
    COLUMN(struct shop, api_url, "api_url", MEMBER_TEXT),
    COLUMN(struct shop, auth_url, "auth_url", MEMBER_TEXT),
    COLUMN(struct shop, sealed, "sealed", MEMBER_TEXT),
    COLUMN(struct shop, keys_version, "keys_version", MEMBER_INT),
    COLUMN(struct shop, created_at, "created_at", MEMBER_INT),
    COLUMN(struct shop, seller_type, "seller_type", MEMBER_TEXT),
};
static const struct noun shop_noun = NOUN("shop", struct shop, shop_columns, 1);

static const struct column target_columns[] = {
    COLUMN(struct target, id, "id", MEMBER_TEXT),
    COLUMN(struct target, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct target, version, "version", MEMBER_TEXT),
    COLUMN(struct target, platform, "platform", MEMBER_TEXT),
};
static const struct noun target_noun = NOUN("target", struct target, target_columns, 1);

/* ---- sellers ---- */

static enum aisle_status write_seller(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    return noun_put(c, &seller_noun, work, err);
}

static enum aisle_status put_seller(struct store *s, const struct seller *seller,
                                    struct aisle_err *err)
{
    return sql_write(s, write_seller, seller, err);
}

enum aisle_status sql_add_seller(struct conn *c, struct str id, struct aisle_err *err)
{
    return sql_run(c,
                   "INSERT INTO seller (id, name) VALUES (?, '') "
                   "ON CONFLICT (id) DO NOTHING",
                   SQL_VALUES(sql_text(id)), err);
}

static enum aisle_status
each_seller(struct store *s,
            enum aisle_status (*fn)(void *ctx, const struct seller *, struct aisle_err *),
            void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct seller seller;
    struct walk w;

    query_select(&q, &seller_noun);
    query_add(&q, " ORDER BY id");
    w = walk_begin(s, &seller_noun, &q, err);
    while (walk_next(&w, &seller))
        w.status = fn(ctx, &seller, err);
    return walk_end(&w);
}

/* ---- shops ---- */

static enum aisle_status no_shop(struct str id, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no shop %.*s", STR_ARG(id));
}

static enum aisle_status change_shop(struct conn *c, const struct shop *shop,
                                     struct aisle_err *err)
{
    return sql_run(c,
                   "UPDATE shop SET name = ?, remote_id = ?, region = ?, app_key = ?, "
                   "api_url = ?, auth_url = ?, seller_type = ? WHERE id = ?",
                   SQL_VALUES(sql_text(shop->name), sql_text(shop->remote_id),
                              sql_text(shop->region), sql_text(shop->app_key),
                              sql_text(shop->api_url), sql_text(shop->auth_url),
                              sql_text(shop->seller_type), sql_text(shop->id)),
                   err);
}

static enum aisle_status add_shop(struct conn *c, const struct shop *shop,
                                  struct aisle_err *err)
{
    struct shop without_keys = *shop;
    enum aisle_status status = sql_add_seller(c, shop->seller_id, err);

    without_keys.sealed = str_of("");
    without_keys.keys_version = 0;
    return status == AISLE_OK ? noun_add(c, &shop_noun, &without_keys, err) : status;
}

static enum aisle_status check_same_shop(const struct shop *then, const struct shop *now,
                                         struct aisle_err *err)
{
    if (str_eq(then->seller_id, now->seller_id) && str_eq(then->channel, now->channel))
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFLICT, "shop %.*s is a %.*s shop of seller %.*s",
                      STR_ARG(now->id), STR_ARG(then->channel), STR_ARG(then->seller_id));
}

static enum aisle_status write_shop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct shop *shop = work;
    struct query q = {0};
    struct shop then;
    struct stmt *st = NULL;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &shop_noun);
    query_where(&q, "id = ?", sql_text(shop->id));
    status = sql_peek(c, &shop_noun, &q, &st, &then, &found, err);
    if (status == AISLE_OK && found)
        status = check_same_shop(&then, shop, err);
    sql_finish(st);
    if (status != AISLE_OK)
        return status;
    return found ? change_shop(c, shop, err) : add_shop(c, shop, err);
}

static enum aisle_status put_shop(struct store *s, const struct shop *shop,
                                  struct aisle_err *err)
{
    return sql_write(s, write_shop, shop, err);
}

static enum aisle_status get_shop(struct store *s, struct str shop_id,
                                  struct arena *arena, struct shop *out,
                                  struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &shop_noun);
    query_where(&q, "id = ?", sql_text(shop_id));
    status = sql_get(s, &shop_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_shop(shop_id, err) : status;
}

static enum aisle_status each_shop(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct shop *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct shop shop;
    struct walk w;

    query_select(&q, &shop_noun);
    query_add(&q, " ORDER BY id");
    w = walk_begin(s, &shop_noun, &q, err);
    while (walk_next(&w, &shop))
        w.status = fn(ctx, &shop, err);
    return walk_end(&w);
}

/* Those that refer go before those referred to. What was pushed goes along: its uris are
 * of no use to another account. */
static enum aisle_status write_drop(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    static const char *const pieces[] = {
        "DELETE FROM image_link WHERE shop_id = ?1 "
        "AND seller_id = (SELECT seller_id FROM shop WHERE id = ?1)",
        "DELETE FROM channel_image WHERE shop_id = ?1 "
        "AND seller_id = (SELECT seller_id FROM shop WHERE id = ?1)",
        "DELETE FROM refused_image WHERE shop_id = ?1 "
        "AND seller_id = (SELECT seller_id FROM shop WHERE id = ?1)",
        "DELETE FROM target WHERE shop_id = ?",
    };
    const struct str *shop_id = work;
    const struct values id = SQL_VALUES(sql_text(*shop_id));
    enum aisle_status status = AISLE_OK;
    int64_t dropped = 0;

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces && status == AISLE_OK; i++)
        status = sql_run(c, pieces[i], id, err);
    if (status == AISLE_OK)
        status = sql_change(c, "DELETE FROM shop WHERE id = ?", id, &dropped, err);
    return status == AISLE_OK && !dropped ? no_shop(*shop_id, err) : status;
}

static enum aisle_status drop_shop(struct store *s, struct str shop_id,
                                   struct aisle_err *err)
{
    return sql_write(s, write_drop, &shop_id, err);
}

/* ---- keys ---- */

struct keys_write {
    struct str shop_id, sealed;
    int64_t expected;
};

static enum aisle_status write_keys(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct keys_write *w = work;
    int64_t known = 0, changed = 0;
    enum aisle_status status = sql_change(
        c,
        "UPDATE shop SET sealed = ?, keys_version = keys_version + 1 "
        "WHERE id = ? AND keys_version = ?",
        SQL_VALUES(sql_text(w->sealed), sql_text(w->shop_id), sql_int(w->expected)),
        &changed, err);

    if (status != AISLE_OK || changed)
        return status;
    status = sql_ask(c, "SELECT 1 FROM shop WHERE id = ?",
                     SQL_VALUES(sql_text(w->shop_id)), 0, &known, err);
    if (status == AISLE_OK && !known)
        return no_shop(w->shop_id, err);
    if (status != AISLE_OK)
        return status;
    return aisle_fail(err, AISLE_CONFLICT, "the keys of shop %.*s were changed meanwhile",
                      STR_ARG(w->shop_id));
}

static enum aisle_status put_keys(struct store *s, struct str shop_id, int64_t expected,
                                  struct str sealed, int64_t *version,
                                  struct aisle_err *err)
{
    const struct keys_write w = {shop_id, sealed, expected};
    enum aisle_status status = sql_write(s, write_keys, &w, err);

    if (status == AISLE_OK)
        *version = expected + 1;
    return status;
}

/* ---- targets ---- */

static enum aisle_status write_target(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct target *target = work;
    int64_t known = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT 1 FROM shop WHERE id = ?",
                SQL_VALUES(sql_text(target->shop_id)), 0, &known, err);

    if (status == AISLE_OK && !known)
        return no_shop(target->shop_id, err);
    return status == AISLE_OK ? noun_put(c, &target_noun, target, err) : status;
}

static enum aisle_status put_target(struct store *s, const struct target *target,
                                    struct aisle_err *err)
{
    return sql_write(s, write_target, target, err);
}

static enum aisle_status
each_target(struct store *s, struct str shop_id,
            enum aisle_status (*fn)(void *ctx, const struct target *, struct aisle_err *),
            void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct target target;
    struct walk w;

    query_select(&q, &target_noun);
    query_where_text(&q, "shop_id = ?", shop_id);
    query_add(&q, " ORDER BY id");
    w = walk_begin(s, &target_noun, &q, err);
    while (walk_next(&w, &target))
        w.status = fn(ctx, &target, err);
    return walk_end(&w);
}

const struct store_shops sql_shops = {
    .put_seller = put_seller,
    .each_seller = each_seller,
    .put_shop = put_shop,
    .get_shop = get_shop,
    .each_shop = each_shop,
    .drop_shop = drop_shop,
    .put_keys = put_keys,
    .put_target = put_target,
    .each_target = each_target,
};
