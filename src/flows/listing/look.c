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

/* ---- what Get Product does not give ---- */

/* What the marketplace froze or took off is found by a search alone. Of what it says else
 * nothing is believed: it may still show what was deleted. */
static const enum listing_state hidden[] = {LISTING_FROZEN, LISTING_PLATFORM_OFF};

enum { PAGES_MAX = 100 }; /* of 100: further a search does not go */

struct hunt {
    struct channel_product_query query;
    struct arena *arena;
    struct channel_product_page page;
};

static enum aisle_status hunt_once(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct hunt *h = ctx;

    return to->ops->listing->search(to, &h->query, h->arena, &h->page, meta, err);
}

static const struct channel_product *find_hunted(const struct hunt *h, struct str id)
{
    for (size_t i = 0; i < h->page.count; i++)
        if (str_eq(h->page.rows[i].id, id) && h->page.rows[i].state == h->query.state)
            return &h->page.rows[i];
    return NULL;
}

static enum aisle_status hunt_page_by_page(struct session *s, struct hunt *h,
                                           struct str id,
                                           const struct channel_product **out,
                                           struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    *out = NULL;
    h->query.page_token = STR_LIT("");
    for (int i = 0; status == AISLE_OK && !*out && i < PAGES_MAX; i++) {
        status = session_call(s, hunt_once, h, NULL, err);
        if (status == AISLE_OK)
            *out = find_hunted(h, id);
        h->query.page_token = h->page.next_token;
        if (status == AISLE_OK && (h->page.count == 0 || h->page.next_token.n == 0))
            break;
    }
    return status;
}

/* By its SKUs, where they are kept. *out NULL: it is gone. */
static enum aisle_status find_hidden(struct session *s, const struct listing *listing,
                                     struct arena *arena,
                                     const struct channel_product **out,
                                     struct aisle_err *err)
{
    struct str skus[CHANNEL_MAX_SKUS_ASKED];
    struct hunt hunt = {.query = {.seller_skus = skus, .page_size = 100}, .arena = arena};
    enum aisle_status status =
        skus_kept(listing->skus, arena, skus, &hunt.query.seller_sku_count, err);

    *out = NULL;
    for (size_t i = 0; status == AISLE_OK && !*out && i < sizeof hidden / sizeof *hidden;
         i++) {
        hunt.query.state = hidden[i];
        status = hunt_page_by_page(s, &hunt, listing->remote_id, out, err);
    }
    return status;
}

static enum aisle_status take_hidden(struct session *s, struct listing *listing,
                                     int64_t now, struct arena *arena,
                                     struct aisle_err *err)
{
    const struct channel_product *found = NULL;
    enum aisle_status status = listing_is_global(listing)
                                   ? AISLE_OK /* the marketplace freezes none */
                                   : find_hidden(s, listing, arena, &found, err);

    if (status != AISLE_OK)
        return status;
    if (found) {
        struct channel_product known = *found;

        known.sku_count = 0; /* those kept have their options, too */
        return look_into(&known, now, arena, listing, err);
    }
    listing->state = LISTING_DELETED;
    listing->status_at = listing->updated_at = now;
    return AISLE_OK;
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
    if (status == AISLE_NOT_FOUND) {
        why = (struct aisle_err){0};
        status = take_hidden(s, listing, now, arena, &why);
    }
    s->to.ops = before;
    if (status != AISLE_OK)
        aisle_pass(err, &why);
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
