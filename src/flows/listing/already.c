/* already.c - whether the shop has a product that is about to be created
 *
 * By its seller SKUs alone: nothing else that a search takes tells one product from
 * another.
 */
#include "flows/listing/desk.h"
#include "flows/listing/look.h"

enum { NAP_MS = 200 };

struct search {
    struct channel_product_query query;
    struct arena *arena;
    struct channel_product_page page;
};

static enum aisle_status search_once(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct search *a = ctx;

    return to->ops->listing->search(to, &a->query, a->arena, &a->page, meta, err);
}

/* Those of one page that have one of the SKUs kept of a lost attempt, or of the draft. */
static enum aisle_status search(struct clerk *c, const struct sending *s, struct str kept,
                                struct channel_product_page *out, struct aisle_err *err)
{
    struct str skus[CHANNEL_MAX_SKUS_ASKED];
    struct search ask = {.query = {.seller_skus = skus,
                                   .version = c->desk->target.version,
                                   .page_size = 100},
                         .arena = &c->arena};
    enum aisle_status status =
        skus_sought(kept, s->draft, &c->arena, skus, &ask.query.seller_sku_count, err);

    if (status == AISLE_OK && ask.query.seller_sku_count) /* without any, all are meant */
        status = session_call(&c->session, search_once, &ask, NULL, err);
    if (status == AISLE_OK)
        *out = ask.page;
    return status;
}

/* The whole of what a search found; *found false: it is gone meanwhile. */
static enum aisle_status look(struct clerk *c, const struct channel_product *candidate,
                              struct channel_product *out, bool *found,
                              struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = AISLE_NOT_FOUND;

    if (candidate->state != LISTING_DELETED)
        status = look_product(&c->session, candidate->id, &c->arena, out, &why);
    *found = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &why);
    return status;
}

/* ---- one whose answer was lost ---- */

/* Seller SKUs can be anybody's: the external id says that it is this product. */
static bool is_this(const struct sending *s, const struct channel_product *whole)
{
    return str_eq(whole->external_id, s->draft->external_product_id);
}

static enum aisle_status search_lost(struct clerk *c, const struct sending *s,
                                     struct channel_product *out, bool *found,
                                     struct aisle_err *err)
{
    struct channel_product_page page = {0};
    struct channel_product whole;
    bool there = false;
    enum aisle_status status = search(c, s, s->listing->skus, &page, err);

    for (size_t i = 0; status == AISLE_OK && !*found && i < page.count; i++) {
        status = look(c, &page.rows[i], &whole, &there, err);
        *found = status == AISLE_OK && there && is_this(s, &whole);
        if (*found)
            *out = whole;
    }
    return status;
}

static enum aisle_status wait_until(struct clerk *c, int64_t at_s, struct aisle_err *err)
{
    const struct clock *clock = c->desk->app->clock;
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && clock_now_s(clock) < at_s) {
        status = app_check_stop(c->desk->app, err);
        if (status == AISLE_OK)
            clock_sleep_ms(clock, NAP_MS);
    }
    return status;
}

enum aisle_status clerk_find_lost(struct clerk *c, const struct sending *s,
                                  struct channel_product *out, bool *found,
                                  struct aisle_err *err)
{
    int lag = c->desk->request->search_lag_s >= 0
                  ? c->desk->request->search_lag_s
                  : c->desk->channel->listing->search_lag_s;
    int64_t since = s->listing->attempted_at;
    enum aisle_status status;

    *found = false;
    status = search_lost(c, s, out, found, err);
    if (status != AISLE_OK || *found)
        return status;
    if (since > clock_now_s(c->desk->app->clock))
        since = clock_now_s(c->desk->app->clock); /* of a clock that was ahead */
    /* a second more, as clocks are cut to seconds */
    status = wait_until(c, since + lag + 1, err);
    return status == AISLE_OK ? search_lost(c, s, out, found, err) : status;
}

/* ---- one that somebody else made ---- */

/* *own: the product of ours that it is a listing of already, .n 0 for none. */
static enum aisle_status whose(struct clerk *c, const struct sending *s,
                               const struct channel_product *there, struct str *own,
                               struct aisle_err *err)
{
    struct store *store = c->desk->app->store;
    struct str seller = s->product->seller_id;
    struct listing listing = {0};
    struct product product = {0};
    struct aisle_err none = {0};
    enum aisle_status status = store->ops->listings->find(
        store, seller, c->desk->target.shop_id, there->id, &c->arena, &listing, &none);

    *own = listing.product_id;
    if (status == AISLE_NOT_FOUND && there->external_id.n) {
        none = (struct aisle_err){0};
        status = store->ops->catalogue->get_product(store, seller, there->external_id,
                                                    &c->arena, &product, &none);
        *own = product.id;
    }
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

/* The first of its SKUs that is none of the draft's, or NULL. */
static const struct channel_listed_sku *sku_beside(const struct listing_draft *draft,
                                                   const struct channel_product *there)
{
    for (size_t i = 0; i < there->sku_count; i++) {
        bool known = false;

        for (size_t k = 0; !known && k < draft->sku_count; k++)
            known = draft->skus[k].seller_sku.n &&
                    str_eq(draft->skus[k].seller_sku, there->skus[i].seller_sku);
        if (!known)
            return &there->skus[i];
    }
    return NULL;
}

/* A search may be kinder than we are: what has none of the SKUs is no match. */
static bool shares_sku(const struct listing_draft *draft,
                       const struct channel_product *there)
{
    for (size_t i = 0; i < there->sku_count; i++)
        for (size_t k = 0; there->skus[i].seller_sku.n && k < draft->sku_count; k++)
            if (str_eq(draft->skus[k].seller_sku, there->skus[i].seller_sku))
                return true;
    return false;
}

static struct str text_of(struct clerk *c, const struct already *a,
                          const struct channel_listed_sku *beside)
{
    struct str id = a->product.id;

    if (a->is == ALREADY_BY_HAND)
        return arena_fmt(
            &c->arena,
            "the shop had it already by its SKUs, as %.*s: taken over as it is "
            "there; the next publish or edit makes it what the catalogue says",
            STR_ARG(id));
    if (!beside)
        return arena_fmt(
            &c->arena,
            "the shop has more than one product with its SKUs, %.*s among them: "
            "delete all but one there, or give it SKUs of its own",
            STR_ARG(id));
    return arena_fmt(
        &c->arena,
        "the shop has its SKUs already in %.*s, beside %s%.*s, which an edit "
        "would delete: make that a variant of this one in the catalogue, or "
        "give this one SKUs of its own",
        STR_ARG(id), beside->seller_sku.n ? "SKU " : "one without a SKU",
        STR_ARG(beside->seller_sku));
}

/* One more that was found. What is another product's of ours is no match: several may
 * share a SKU. */
static enum aisle_status weigh(struct clerk *c, const struct sending *s,
                               const struct channel_product *there, struct already *out,
                               struct aisle_err *err)
{
    struct str own = {0};
    const struct channel_listed_sku *beside = NULL;
    enum aisle_status status;

    if (is_this(s, there)) {
        *out = (struct already){.is = ALREADY_OURS, .product = *there};
        return AISLE_OK;
    }
    status = shares_sku(s->draft, there) ? whose(c, s, there, &own, err) : AISLE_OK;
    if (status != AISLE_OK || !shares_sku(s->draft, there) ||
        (own.n && !str_eq(own, s->product->id)))
        return status;
    beside = sku_beside(s->draft, there);
    if (out->is == ALREADY_NOT && !beside)
        out->is = ALREADY_BY_HAND;
    else
        out->is = ALREADY_UNLIKE;
    out->product = *there;
    out->text = text_of(c, out, beside);
    return out->text.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status clerk_find_already(struct clerk *c, const struct sending *s,
                                     struct already *out, struct aisle_err *err)
{
    struct channel_product_page page = {0};
    struct already found = {0};
    enum aisle_status status = search(c, s, STR_LIT(""), &page, err);

    for (size_t i = 0; status == AISLE_OK && found.is != ALREADY_OURS && i < page.count;
         i++) {
        struct channel_product whole;
        bool there = false;

        status = look(c, &page.rows[i], &whole, &there, err);
        if (status == AISLE_OK && there)
            status = weigh(c, s, &whole, &found, err);
    }
    if (status == AISLE_OK)
        *out = found;
    return status;
}
