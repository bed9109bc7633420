/* hooks.c - the inbox */
#include "store/sql/rows.h"

static const struct column hook_columns[] = {
    COLUMN(struct hook, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct hook, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct hook, id, "id", MEMBER_TEXT),
    COLUMN(struct hook, body, "body", MEMBER_TEXT),
    COLUMN_WORD(struct hook, state, "state", &sql_hook_words),
    COLUMN(struct hook, text, "text", MEMBER_TEXT),
    COLUMN(struct hook, received_at, "received_at", MEMBER_INT),
    COLUMN(struct hook, settled_at, "settled_at", MEMBER_INT),
};
static const struct noun hook_noun = NOUN("hook", struct hook, hook_columns, 3);

struct put_work {
    const struct hook *hook;
    bool *added;
};

static void query_hook(struct query *q, const struct hook *hook)
{
    query_where(q, "seller_id = ?", sql_text(hook->seller_id));
    query_where(q, "shop_id = ?", sql_text(hook->shop_id));
    query_where(q, "id = ?", sql_text(hook->id));
}

static enum aisle_status write_hook(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    const struct put_work *w = work;
    struct query q = {0};
    int64_t there = 0;
    enum aisle_status status;

    query_add(&q, "SELECT count(*) FROM hook");
    query_hook(&q, w->hook);
    status = sql_ask(c, q.text, query_values(&q), 0, &there, err);
    if (status == AISLE_OK && !there)
        status = noun_add(c, &hook_noun, w->hook, err);
    if (status == AISLE_OK && w->added)
        *w->added = !there;
    return status;
}

static enum aisle_status put(struct store *s, const struct hook *hook, bool *added,
                             struct aisle_err *err)
{
    struct put_work work = {hook, added};

    return sql_write(s, write_hook, &work, err);
}

static enum aisle_status no_hook(struct str id, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no notification %.*s", STR_ARG(id));
}

static enum aisle_status get(struct store *s, struct str seller_id, struct str shop_id,
                             struct str id, struct arena *arena, struct hook *out,
                             struct aisle_err *err)
{
    struct hook key = {.seller_id = seller_id, .shop_id = shop_id, .id = id};
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &hook_noun);
    query_hook(&q, &key);
    status = sql_get(s, &hook_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_hook(id, err) : status;
}

static enum aisle_status each(struct store *s, const struct hook_filter *filter,
                              enum aisle_status (*fn)(void *ctx, const struct hook *,
                                                      struct aisle_err *),
                              void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct hook hook;
    struct walk w;

    query_select(&q, &hook_noun);
    query_where_text(&q, "seller_id = ?", filter->seller_id);
    query_where_text(&q, "shop_id = ?", filter->shop_id);
    query_where_words(&q, "state", &sql_hook_words, filter->states);
    if (filter->after_id.n) {
        query_where(&q,
                    filter->newest_first ? "(received_at, id, shop_id) < (?,"
                                         : "(received_at, id, shop_id) > (?,",
                    sql_int(filter->after_at));
        query_add(&q, " ?, ?)");
        query_value(&q, sql_text(filter->after_id));
        query_value(&q, sql_text(filter->after_shop));
    }
    query_add(&q, filter->newest_first
                      ? " ORDER BY received_at DESC, id DESC, shop_id DESC"
                      : " ORDER BY received_at, id, shop_id");
    query_limit(&q, filter->limit);
    w = walk_begin(s, &hook_noun, &q, err);
    while (walk_next(&w, &hook))
        w.status = fn(ctx, &hook, err);
    return walk_end(&w);
}

static enum aisle_status write_settled(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    const struct hook *hook = work;
    int64_t changed = 0;
    enum aisle_status status = sql_change(
        c,
        "UPDATE hook SET state = ?, text = ?, settled_at = ? "
        "WHERE seller_id = ? AND shop_id = ? AND id = ?",
        SQL_VALUES(sql_text(str_of(hook_state_name(hook->state))), sql_text(hook->text),
                   sql_int(hook->settled_at), sql_text(hook->seller_id),
                   sql_text(hook->shop_id), sql_text(hook->id)),
        &changed, err);

    return status == AISLE_OK && !changed ? no_hook(hook->id, err) : status;
}

static enum aisle_status settle(struct store *s, const struct hook *hook,
                                struct aisle_err *err)
{
    return sql_write(s, write_settled, hook, err);
}

const struct store_hooks sql_hooks = {
    .put = put, .get = get, .each = each, .settle = settle};
