/* pull.c - what a shop lists already, taken in: its leaves are mappings people made */
#include "flows/decide.h"
#include "flows/keys.h"
#include "flows/listing.h"
#include "flows/listing/abroad.h"
#include "flows/listing/look.h"
#include "flows/newest.h"
#include "flows/runs.h"
#include "flows/sync.h"

struct pull {
    const struct app *app;
    struct target target;
    struct session session;
    struct str seller_id;
    bool dry_run;
    pull_fn *fn;
    void *ctx;
    struct pull_result result;
};

/* ---- whose product it is ---- */

static enum aisle_status our_product(struct pull *p, struct str id, struct arena *arena,
                                     struct product *out, bool *found,
                                     struct aisle_err *err)
{
    struct aisle_err none = {0};
    enum aisle_status status = AISLE_NOT_FOUND;

    if (id.n)
        status = p->app->store->ops->catalogue->get_product(p->app->store, p->seller_id,
                                                            id, arena, out, &none);
    *found = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

/* By the external id it was listed with, else by seller SKU. */
static enum aisle_status join(struct pull *p, const struct channel_product *remote,
                              struct arena *arena, struct product *out, bool *found,
                              struct aisle_err *err)
{
    enum aisle_status status =
        our_product(p, remote->external_id, arena, out, found, err);

    for (size_t i = 0; status == AISLE_OK && !*found && i < remote->sku_count; i++)
        status = our_product(p, remote->skus[i].seller_sku, arena, out, found, err);
    return status;
}

/* ---- what is kept of it ---- */

static enum aisle_status keep_listing(struct pull *p, const struct product *product,
                                      const struct channel_product *remote,
                                      struct arena *arena, struct aisle_err *err)
{
    const struct store_listings *listings = p->app->store->ops->listings;
    int64_t now = clock_now_s(p->app->clock);
    struct listing l = {.seller_id = product->seller_id,
                        .shop_id = p->target.shop_id,
                        .product_id = product->id,
                        .version = p->target.version,
                        .created_at = now};
    struct aisle_err none = {0};
    enum aisle_status status = listings->get(p->app->store, l.seller_id, l.shop_id,
                                             l.product_id, arena, &l, &none);

    if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    if (l.doing == LISTING_CREATING)
        return AISLE_OK; /* whoever creates it will look it up */
    if (status == AISLE_OK && l.remote_id.n &&
        listing_is_global(&l) != target_is_global(&p->target))
        return AISLE_OK;           /* its global product is what is kept of it */
    l.version = p->target.version; /* the search was of that tree alone */
    status = look_into(remote, now, arena, &l, err);
    if (status == AISLE_OK && target_is_global(&p->target)) {
        l.platforms = STR_LIT(CHANNEL_GLOBAL);
        status = abroad_take(&l, remote->markets, remote->market_count, arena, err);
    }
    return status == AISLE_OK ? listings->put(p->app->store, &l, NULL, err) : status;
}

/* What stands for the product; *found false when nothing does. */
static enum aisle_status standing(struct pull *p, const struct product *product,
                                  struct arena *arena, struct decision *out, bool *found,
                                  struct aisle_err *err)
{
    struct aisle_err none = {0};
    enum aisle_status status =
        flow_mapping_of(p->app, product, p->target.id, arena, out, &none);

    *found = status == AISLE_OK;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &none);
    return status;
}

/* A leaf somebody listed in stands as that person's choice, unless one was made here for
 * this product, or its seller category says the same. */
static enum aisle_status keep_mapping(struct pull *p, const struct product *product,
                                      const struct channel_product *remote,
                                      struct arena *arena, bool *mapped,
                                      struct aisle_err *err)
{
    struct decision now = {0};
    bool found = false;
    enum aisle_status status = standing(p, product, arena, &now, &found, err);
    bool own = found && now.scope == SCOPE_PRODUCT;
    struct decision_write write = {
        .d = {.seller_id = product->seller_id,
              .target_id = p->target.id,
              .scope = SCOPE_PRODUCT,
              .key = product->id,
              .state = DECISION_ACCEPTED,
              .category_id = remote->category_id,
              .advisor = ADVISOR_PERSON,
              .confidence = 1,
              .who = p->app->who,
              .reasons = STR_LIT("listed there already"),
              .batch_id = str_of(p->result.batch_id),
              .at = clock_now_s(p->app->clock)},
        .expected = own ? now.seq : EXPECT_ANY,
    };

    if (status != AISLE_OK || remote->category_id.n == 0)
        return status;
    if (found && decision_is_settled(now.state) &&
        (own || str_eq(now.category_id, remote->category_id)))
        return AISLE_OK;
    *mapped = true;
    return p->dry_run ? AISLE_OK
                      : p->app->store->ops->decisions->append(p->app->store, &write, 1,
                                                              NULL, err);
}

static enum aisle_status take_one(struct pull *p, const struct channel_product *remote,
                                  struct arena *arena, struct aisle_err *err)
{
    struct channel_product whole;
    struct product product = {0};
    bool found = false, mapped = false;
    enum aisle_status status = look_product(&p->session, remote->id, arena, &whole, err);

    if (status == AISLE_OK)
        status = join(p, &whole, arena, &product, &found, err);
    if (status == AISLE_OK && found && !p->dry_run)
        status = keep_listing(p, &product, &whole, arena, err);
    if (status == AISLE_OK && found)
        status = keep_mapping(p, &product, &whole, arena, &mapped, err);
    if (status != AISLE_OK)
        return status;
    p->result.seen++;
    p->result.joined += found;
    p->result.unknown += !found;
    p->result.mapped += mapped;
    if (p->fn)
        p->fn(p->ctx, &whole, found ? product.id : STR_LIT(""), mapped);
    return AISLE_OK;
}

/* ---- page by page ---- */

struct page_ask {
    struct channel_product_query query;
    struct arena *arena;
    struct channel_product_page page;
};

static enum aisle_status page_once(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct page_ask *a = ctx;

    return to->ops->listing->search(to, &a->query, a->arena, &a->page, meta, err);
}

static bool is_gone(const struct channel_product *p)
{
    return p->state == LISTING_DELETED || p->state == LISTING_FROZEN ||
           p->state == LISTING_DRAFT;
}

static enum aisle_status take_page(struct pull *p, struct str *token, bool *last,
                                   struct arena *keep, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK), scratch = ARENA_INIT(ARENA_MAX_WORK);
    struct page_ask ask = {
        .query = {.version = p->target.version, .page_token = *token, .page_size = 100},
        .arena = &arena};
    enum aisle_status status = session_call(&p->session, page_once, &ask, NULL, err);

    for (size_t i = 0; status == AISLE_OK && i < ask.page.count; i++) {
        status = app_check_stop(p->app, err);
        if (status == AISLE_OK && !is_gone(&ask.page.rows[i]))
            status = take_one(p, &ask.page.rows[i], &scratch, err);
        arena_clear(&scratch);
    }
    if (status == AISLE_OK) {
        *last = ask.page.next_token.n == 0 || ask.page.count == 0;
        *token = arena_str(keep, ask.page.next_token);
        if (!token->p)
            status = aisle_nomem(err);
    }
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_listing_pull(const struct app *app, struct str target,
                                    struct str seller_id, bool dry_run, pull_fn *fn,
                                    void *ctx, struct pull_result *out,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct pull p = {.app = app, .dry_run = dry_run, .fn = fn, .ctx = ctx};
    struct str token = STR_LIT("");
    struct shop shop;
    bool last = false;
    enum aisle_status status = flow_target(app, target, &arena, &p.target, &shop, err);

    if (status == AISLE_OK)
        status = session_open_for(app, &p.target, &p.session, err);
    if (status == AISLE_OK && !p.session.to.ops->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %.*s has no listings",
                            STR_ARG(shop.channel));
    if (status == AISLE_OK) {
        p.seller_id = seller_id.n ? seller_id : shop.seller_id;
        run_id_new(app, p.result.batch_id);
        p.result.batch_id[0] = 'b';
    }
    while (status == AISLE_OK && !last)
        status = take_page(&p, &token, &last, &arena, err);
    *out = p.result;
    session_close(&p.session);
    arena_clear(&arena);
    return status;
}
