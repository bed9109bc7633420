/* abroad.c - a global product into its markets, each of which takes it once */
#include "flows/listing/abroad.h"
#include "base/json.h"
#include "flows/listing/desk.h"
#include "flows/listing/look.h"

enum { MOST_TRIES = 3 };

/* ---- what is kept ---- */

struct abroad {
    struct listing_abroad rows[ABROAD_MAX];
    size_t count;
};

static struct listing_abroad *row_of(struct abroad *a, struct str region)
{
    for (size_t i = 0; i < a->count; i++)
        if (str_eq(a->rows[i].region, region))
            return &a->rows[i];
    if (a->count == ABROAD_MAX)
        return NULL;
    a->rows[a->count] = (struct listing_abroad){.region = region};
    return &a->rows[a->count++];
}

static enum aisle_status put_back(const struct abroad *a, struct arena *arena,
                                  struct listing *l, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    enum aisle_status status;

    listing_abroad_format(a->rows, a->count, &text);
    status = buf_check(&text, "the markets", err);
    if (status == AISLE_OK) {
        l->markets = arena_str(arena, buf_str(&text));
        l->state = listing_abroad_state(a->rows, a->count);
        status = l->markets.p ? AISLE_OK : aisle_nomem(err);
    }
    buf_clear(&text);
    return status;
}

/* What the marketplace says of markets, into what is kept of them. */
static enum aisle_status merge(struct abroad *a, const struct channel_market *rows,
                               size_t count, struct arena *arena, struct aisle_err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct listing_abroad *row = row_of(a, rows[i].region);

        if (!row)
            return aisle_fail(err, AISLE_LIMIT, "a product in over %d markets",
                              ABROAD_MAX);
        row->reason = rows[i].failed ? rows[i].reason : STR_LIT("");
        if (rows[i].for_now) /* the same may be asked again */
            row->refused_hash = STR_LIT("");
        if (!rows[i].product_id.n)
            continue;
        if (!str_eq(row->id, rows[i].product_id))
            row->state = LISTING_PENDING;
        row->id = rows[i].product_id;
        row->refused_hash = STR_LIT("");
        if (rows[i].shop_id.n)
            row->shop_id = rows[i].shop_id;
        if (rows[i].sku_count)
            row->skus = skus_format(rows[i].skus, rows[i].sku_count, arena);
        if (rows[i].sku_count && !row->skus.p)
            return aisle_nomem(err);
    }
    return AISLE_OK;
}

enum aisle_status abroad_take(struct listing *l, const struct channel_market *rows,
                              size_t count, struct arena *arena, struct aisle_err *err)
{
    struct abroad a;
    enum aisle_status status =
        listing_abroad_parse(l->markets, arena, a.rows, &a.count, err);

    if (status == AISLE_OK)
        status = merge(&a, rows, count, arena, err);
    return status == AISLE_OK ? put_back(&a, arena, l, err) : status;
}

/* ---- what becomes of it there ---- */

struct there {
    const struct channel_ops *local;
    struct str product_id, region;
    struct arena *arena;
    struct channel_product product;
};

/* The cipher of the seller's shop in that market; its token is the same. */
static enum aisle_status look_there(void *ctx, struct channel_session *to,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct there *t = ctx;
    struct channel_session shop = *to;
    const struct channel_shop *shops;
    size_t count = 0;
    enum aisle_status status =
        to->ops->fetch_shops(to, t->arena, &shops, &count, meta, err);

    if (status != AISLE_OK)
        return status;
    shop.ops = t->local;
    for (size_t i = 0; i < count; i++)
        if (str_eq(shops[i].region, t->region)) {
            shop.keys.cipher = shops[i].cipher;
            return t->local->listing->get(&shop, t->product_id, t->arena, &t->product,
                                          meta, err);
        }
    return aisle_fail(err, AISLE_REFUSED, "the token is good for no shop in %.*s",
                      STR_ARG(t->region));
}

enum aisle_status abroad_follow(struct session *s, const struct channel_ops *local,
                                struct listing *l, struct arena *arena,
                                struct aisle_err *err)
{
    struct abroad a;
    enum aisle_status status =
        listing_abroad_parse(l->markets, arena, a.rows, &a.count, err);

    for (size_t i = 0; status == AISLE_OK && i < a.count; i++) {
        struct there there = {.local = local,
                              .product_id = a.rows[i].id,
                              .region = a.rows[i].region,
                              .arena = arena};
        struct aisle_err why = {0};

        if (!a.rows[i].id.n)
            continue;
        status = session_call(s, look_there, &there, NULL, &why);
        if (status == AISLE_OK) {
            a.rows[i].state = there.product.state;
            a.rows[i].reason = there.product.reason;
        } else if (status == AISLE_NOT_FOUND) {
            a.rows[i].state = LISTING_DELETED;
            status = AISLE_OK;
        } else {
            aisle_pass(err, &why);
        }
    }
    return status == AISLE_OK ? put_back(&a, arena, l, err) : status;
}

/* ---- prices ---- */

enum aisle_status clerk_prices(struct clerk *c, const struct listing_money *own,
                               size_t count, struct listing_publication out[ABROAD_MAX],
                               struct str *region_without, struct aisle_err *err)
{
    const struct desk *d = c->desk;

    *region_without = (struct str){0};
    for (size_t i = 0; i < d->market_count; i++) {
        struct str currency =
            str_of(listing_limits_get(d->markets[i], d->request->profile)->currency);
        struct listing_money *prices = arena_zalloc(&c->arena, count, sizeof *prices);

        if (!prices)
            return aisle_nomem(err);
        for (size_t k = 0; k < count; k++)
            if (!listing_convert(&d->rates, &own[k], currency, &prices[k]) &&
                !region_without->p)
                *region_without = d->markets[i];
        out[i] = (struct listing_publication){
            .region = d->markets[i], .prices = prices, .sku_count = count};
    }
    return AISLE_OK;
}

/* Ids of the global SKUs, as the create answered them. */
static enum aisle_status name_skus(struct clerk *c, const struct sending *s,
                                   struct listing_publication *all, struct aisle_err *err)
{
    size_t count = s->draft->sku_count;
    struct str *ids = arena_zalloc(&c->arena, count, sizeof *ids);
    enum aisle_status status;

    if (!ids)
        return aisle_nomem(err);
    status = skus_match(s->listing->skus, s->draft->skus, count, &c->arena, ids, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        if (!ids[i].n)
            status = aisle_fail(err, AISLE_CONFLICT,
                                "SKU %.*s has no id there: it was made another way",
                                STR_ARG(s->draft->skus[i].seller_sku));
    for (size_t i = 0; i < c->desk->market_count; i++)
        all[i].sku_ids = ids;
    return status;
}

/* ---- publishing ---- */

struct spreading {
    struct clerk *c;
    struct sending *s;
    struct abroad a;
    struct listing_publication all[ABROAD_MAX], wanted[ABROAD_MAX];
    size_t wanted_count;
};

struct ask {
    struct str product_id, body;
    struct arena *arena;
    const struct channel_market *rows;
    size_t count;
};

static enum aisle_status ask_once(void *ctx, struct channel_session *to,
                                  struct channel_meta *meta, struct aisle_err *err)
{
    struct ask *a = ctx;

    return to->ops->listing->publish(to, a->product_id, a->body, a->arena, &a->rows,
                                     &a->count, meta, err);
}

/* Where it is, by the marketplace. */
static enum aisle_status look_where(struct spreading *w, struct aisle_err *err)
{
    struct arena *arena = &w->c->arena;
    struct channel_product p;
    enum aisle_status status =
        look_product(&w->c->session, w->s->listing->remote_id, arena, &p, err);

    return status == AISLE_OK ? merge(&w->a, p.markets, p.market_count, arena, err)
                              : status;
}

static enum aisle_status digest_of(struct clerk *c, const struct listing_publication *one,
                                   struct str product_hash, struct str *out,
                                   struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_REQUEST);
    char hex[SHA256_HEX_LEN + 1];
    struct sha256 digest;
    enum aisle_status status;

    buf_add(&text, product_hash);
    listing_write_publication(one, 1, &text);
    status = buf_check(&text, "a market", err);
    if (status == AISLE_OK)
        status = sha256_of(buf_str(&text), &digest, err);
    buf_clear(&text);
    if (status != AISLE_OK)
        return status;
    sha256_hex(&digest, hex);
    *out = arena_str(&c->arena, str_of(hex));
    return out->p ? AISLE_OK : aisle_nomem(err);
}

/* The markets asked for where it is not, but those that refused it as it is now. */
static enum aisle_status choose(struct spreading *w, struct aisle_err *err)
{
    struct desk *d = w->c->desk;
    enum aisle_status status = AISLE_OK;

    w->wanted_count = 0;
    for (size_t i = 0; status == AISLE_OK && i < d->market_count; i++) {
        struct listing_abroad *row = row_of(&w->a, d->markets[i]);
        struct str hash;

        if (!row)
            return aisle_fail(err, AISLE_LIMIT, "a product in over %d markets",
                              ABROAD_MAX);
        status = digest_of(w->c, &w->all[i], w->s->listing->sent_hash, &hash, err);
        if (status != AISLE_OK || row->id.n ||
            (!d->request->again && str_eq(hash, row->refused_hash)))
            continue;
        row->refused_hash = hash; /* unless it is taken */
        w->wanted[w->wanted_count++] = w->all[i];
    }
    return status;
}

static enum aisle_status send(struct spreading *w, struct ask *ask, struct aisle_err *err)
{
    struct listing *l = w->s->listing;
    struct buf body = BUF_INIT(BUF_MAX_REQUEST);
    struct channel_meta meta = {0};
    enum aisle_status status;

    listing_write_publication(w->wanted, w->wanted_count, &body);
    status = buf_check(&body, "a list of markets", err);
    l->doing = LISTING_PUBLISHING;
    l->attempted_at = clock_now_s(w->c->desk->app->clock);
    if (status == AISLE_OK)
        status = clerk_keep(w->c, l, err);
    ask->product_id = l->remote_id;
    ask->body = buf_str(&body);
    ask->arena = &w->c->arena;
    if (status == AISLE_OK)
        status = session_call(&w->c->session, ask_once, ask, &meta, err);
    buf_clear(&body);
    return status;
}

static bool is_lost(enum aisle_status status)
{
    return status == AISLE_BUSY || status == AISLE_GARBLED;
}

static enum aisle_status settle(struct spreading *w, struct aisle_err *err)
{
    struct listing *l = w->s->listing;
    enum aisle_status status = put_back(&w->a, &w->c->arena, l, err);

    l->doing = LISTING_IDLE;
    l->attempted_at = 0;
    return status == AISLE_OK ? clerk_keep(w->c, l, err) : status;
}

static bool lacks_market(struct spreading *w)
{
    for (size_t i = 0; i < w->c->desk->market_count; i++) {
        const struct listing_abroad *row = row_of(&w->a, w->c->desk->markets[i]);

        if (row && !row->id.n)
            return true;
    }
    return false;
}

/* Which of the markets asked for lack it, and why; later, where all of it passes. */
static void tell_missing(struct spreading *w, struct outcome *out)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    bool refused = false;

    for (size_t i = 0; i < w->c->desk->market_count; i++) {
        const struct listing_abroad *row = row_of(&w->a, w->c->desk->markets[i]);

        if (!row || row->id.n)
            continue;
        refused = refused || row->refused_hash.n;
        buf_addf(&text, "%snot published in %.*s: %.*s", text.n ? "; " : "",
                 STR_ARG(row->region), STR_ARG(row->reason));
    }
    if (text.n) {
        out->item.outcome = refused ? PUBLISH_REFUSED : PUBLISH_LATER;
        out->item.text = arena_str(&w->c->arena, buf_str(&text));
    }
    buf_clear(&text);
}

static enum aisle_status stay_unknown(struct spreading *w, const struct aisle_err *why,
                                      struct outcome *out)
{
    out->item.outcome = PUBLISH_LATER;
    out->item.code = arena_str(&w->c->arena, str_of(why->remote_code));
    out->item.text = arena_str(&w->c->arena, str_of(why->text));
    return AISLE_OK;
}

/* It was turned down as a whole: it goes for every market wanted. The day's limit will be
 * over tomorrow. */
static enum aisle_status take_refusal(struct spreading *w, const struct aisle_err *why,
                                      struct outcome *out, struct aisle_err *err)
{
    struct str text = arena_str(&w->c->arena, str_of(why->text));
    enum aisle_status status;

    for (size_t i = 0; i < w->wanted_count; i++) {
        struct listing_abroad *row = row_of(&w->a, w->wanted[i].region);

        row->reason = text;
        if (why->status == AISLE_LIMIT)
            row->refused_hash = STR_LIT("");
    }
    status = settle(w, err);
    out->item.code = arena_str(&w->c->arena, str_of(why->remote_code));
    tell_missing(w, out);
    return status;
}

static enum aisle_status publish(struct spreading *w, bool look, struct outcome *out,
                                 struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = AISLE_OK;

    for (int n = 0; n < MOST_TRIES; n++) {
        struct ask ask = {0};

        why = (struct aisle_err){0};
        if (look)
            status = look_where(w, &why);
        if (status == AISLE_OK)
            status = choose(w, &why);
        if (status == AISLE_OK && w->wanted_count == 0)
            break;
        if (status == AISLE_OK)
            status = send(w, &ask, &why);
        if (status == AISLE_OK)
            status = merge(&w->a, ask.rows, ask.count, &w->c->arena, &why);
        if (status == AISLE_OK && lacks_market(w))
            look_where(w, NULL); /* one that has it already refuses it, too */
        if (!is_lost(status))
            break;
        look = true; /* it may have been taken */
        status = AISLE_OK;
    }
    if (status == AISLE_OK && why.status != AISLE_OK)
        return stay_unknown(w, &why, out);
    if (status == AISLE_REFUSED || status == AISLE_INVALID || status == AISLE_LIMIT)
        return take_refusal(w, &why, out, err);
    if (status != AISLE_OK) {
        aisle_pass(err, &why);
        return status;
    }
    status = settle(w, err);
    tell_missing(w, out);
    return status;
}

enum aisle_status clerk_spread(struct clerk *c, struct sending *s, bool look,
                               struct outcome *out, struct aisle_err *err)
{
    struct spreading w = {.c = c, .s = s};
    struct str without;
    enum aisle_status status =
        listing_abroad_parse(s->listing->markets, &c->arena, w.a.rows, &w.a.count, err);

    if (status == AISLE_OK)
        status = clerk_prices(c, s->prices, s->draft->sku_count, w.all, &without, err);
    if (status == AISLE_OK)
        status = name_skus(c, s, w.all, err);
    return status == AISLE_OK ? publish(&w, look, out, err) : status;
}
