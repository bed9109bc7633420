#include "flows/listing/look.h"

#include "base/json.h"
#include "flows/keys.h"
#include "flows/listing/abroad.h"

struct ask {
    struct str remote_id;
    struct arena *arena;
    struct channel_product *out;
};

static enum aisle_status ask_once(void *ctx, struct channel_session *to,
                                  struct channel_meta *meta, struct aisle_err *err)
{
    struct ask *a = ctx;

    return to->ops->listing->get(to, a->remote_id, a->arena, a->out, meta, err);
}

enum aisle_status look_product(struct session *s, struct str remote_id,
                               struct arena *arena, struct channel_product *out,
                               struct aisle_err *err)
{
    struct ask ask = {remote_id, arena, out};

    return session_call(s, ask_once, &ask, NULL, err);
}

struct str skus_format(const struct channel_listed_sku *rows, size_t count,
                       struct arena *arena)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    struct json_out o = {.buf = &text};
    struct str out;

    json_open_list(&o);
    for (size_t i = 0; i < count; i++) {
        json_open(&o);
        json_add_str(&o, "seller_sku", rows[i].seller_sku);
        json_add_str(&o, "id", rows[i].id);
        if (rows[i].values.n)
            json_add_str(&o, "values", rows[i].values);
        json_close(&o);
    }
    json_close_list(&o);
    out = buf_check(&text, "the SKUs", NULL) == AISLE_OK
              ? arena_str(arena, buf_str(&text))
              : (struct str){0};
    buf_clear(&text);
    return out;
}

enum aisle_status look_into(const struct channel_product *p, int64_t now,
                            struct arena *arena, struct listing *listing,
                            struct aisle_err *err)
{
    struct listing next = *listing;

    next.remote_id = p->id;
    next.state = p->state;
    next.audit = p->audit;
    next.reason = p->reason;
    if (p->category_id.n)
        next.category_id = p->category_id;
    if (p->sku_count) {
        next.skus = skus_format(p->skus, p->sku_count, arena);
        if (!next.skus.p)
            return aisle_nomem(err);
    }
    next.status_at = now;
    next.updated_at = now;
    *listing = next;
    return AISLE_OK;
}

bool listing_is_global(const struct listing *listing)
{
    return str_is(listing->platforms, CHANNEL_GLOBAL);
}

/* What a listing is about decides which side is asked, not what was asked for. */
static enum aisle_status take_side(struct session *s, const struct listing *listing,
                                   const struct channel_ops **local,
                                   struct aisle_err *err)
{
    struct target there = {.platform = listing->platforms};
    enum aisle_status status = app_channel(s->app, s->shop.channel, local, err);

    return status == AISLE_OK
               ? app_channel_for(s->app, s->shop.channel, &there, &s->to.ops, err)
               : status;
}

static enum aisle_status take_product(struct session *s, const struct channel_ops *local,
                                      const struct channel_product *p, int64_t now,
                                      struct listing *listing, struct arena *arena,
                                      struct aisle_err *err)
{
    enum aisle_status status = look_into(p, now, arena, listing, err);

    if (status != AISLE_OK || !listing_is_global(listing))
        return status;
    status = abroad_take(listing, p->markets, p->market_count, arena, err);
    return status == AISLE_OK ? abroad_follow(s, local, listing, arena, err) : status;
}

enum aisle_status listing_refresh(struct session *s, struct listing *listing,
                                  struct arena *arena, struct aisle_err *err)
{
    const struct channel_ops *before = s->to.ops, *local;
    struct channel_product product;
    struct aisle_err why = {0};
    int64_t now = clock_now_s(s->app->clock), version_no = 0;
    enum aisle_status status = take_side(s, listing, &local, &why);

    if (status == AISLE_OK)
        status = look_product(s, listing->remote_id, arena, &product, &why);
    if (status == AISLE_OK)
        status = take_product(s, local, &product, now, listing, arena, &why);
    s->to.ops = before;
    if (status == AISLE_NOT_FOUND) {
        listing->state = LISTING_DELETED;
        listing->status_at = listing->updated_at = now;
        status = AISLE_OK;
    } else if (status != AISLE_OK) {
        aisle_pass(err, &why);
    }
    if (status == AISLE_OK)
        status =
            s->app->store->ops->listings->put(s->app->store, listing, &version_no, err);
    if (status == AISLE_OK)
        listing->version_no = version_no;
    return status;
}

enum aisle_status listing_look(const struct app *app, struct listing *listing,
                               struct arena *arena, struct aisle_err *err)
{
    struct session session = {0};
    enum aisle_status status = session_open(app, listing->shop_id, &session, err);

    if (status == AISLE_OK && !session.to.ops->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %.*s has no listings",
                            STR_ARG(session.shop.channel));
    if (status == AISLE_OK)
        status = listing_refresh(&session, listing, arena, err);
    session_close(&session);
    return status;
}
