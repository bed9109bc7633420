/* open.c - what a person should look at: seller categories by how much they cover, then
 * products */
#include "flows/decide.h"

#include "flows/adviser.h"
#include "flows/newest.h"
#include "flows/refused.h"
#include "flows/sync.h"
#include "match/match.h"

#include <stdlib.h>

enum { PAGE = 200 };

struct open_walk {
    const struct app *app;
    const struct open_filter *filter;
    open_item_fn *fn;
    void *ctx;
    struct target target;
    struct arena arena, page; /* the walk's, and one item's or page's */
    struct taxonomy tree;
    struct adviser *adviser;
    struct match_scratch *scratch;
    struct successors successors;
    size_t told;
    bool enough; /* as many as were asked for */
};

/* ---- candidates ---- */

static bool is_candidate(const struct open_item *item, struct str id)
{
    for (size_t i = 0; i < item->candidate_count; i++)
        if (str_eq(item->candidates[i].category_id, id))
            return true;
    return false;
}

static enum aisle_status add_candidate(struct open_walk *w, struct open_item *item,
                                       const struct suggestion *s, struct aisle_err *err)
{
    const struct category *c = taxonomy_get(&w->tree, s->category_id);
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    size_t i = item->candidate_count;

    if (!c || i == DECIDE_MAX_CANDIDATES || is_candidate(item, s->category_id))
        return AISLE_OK;
    category_path(&w->tree, c, TAXONOMY_NONE, &path);
    item->paths[i] = arena_str(&w->page, buf_str(&path));
    buf_clear(&path);
    item->candidates[i] = *s;
    item->candidates[i].category_id = c->id;
    item->takes_products[i] = category_takes_products(c);
    if (!item->paths[i].p)
        return aisle_nomem(err);
    item->candidate_count++;
    return AISLE_OK;
}

static bool leaf_is_gone(const struct open_walk *w, const struct decision *d)
{
    return decision_lost_leaf(d, taxonomy_get(&w->tree, d->category_id));
}

/* What stands in for a leaf that was taken and takes no more products. */
static enum aisle_status add_successor(struct open_walk *w, struct open_item *item,
                                       struct aisle_err *err)
{
    struct successor to;
    enum aisle_status status =
        successor_find(&w->successors, item->now->category_id, &to, err);
    struct suggestion stand_in = {.category_id = to.id, .advisor = ADVISOR_LOCAL};

    if (status != AISLE_OK || str_empty(to.id))
        return status;
    stand_in.confidence = to.confidence;
    stand_in.reasons =
        arena_fmt(&w->page, "instead of %.*s (%s)", STR_ARG(to.was_path), to.by);
    return stand_in.reasons.p ? add_candidate(w, item, &stand_in, err) : aisle_nomem(err);
}

/* What is proposed already goes first, with what the matcher and all others make of it;
 * then what they think else. A leaf that was taken and takes no more products is none to
 * offer, nor is one a person refused. */
static enum aisle_status add_proposed(struct open_walk *w, struct open_item *item,
                                      const struct suggestion *list, size_t n,
                                      struct aisle_err *err)
{
    struct suggestion proposed;

    if (!item->now || item->now->state == DECISION_REJECTED ||
        str_empty(item->now->category_id))
        return AISLE_OK;
    if (item->now->state == DECISION_ACCEPTED && leaf_is_gone(w, item->now))
        return add_successor(w, item, err);
    proposed = (struct suggestion){.category_id = item->now->category_id,
                                   .confidence = item->now->confidence,
                                   .advisor = item->now->advisor,
                                   .reasons = item->now->reasons};
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].category_id, proposed.category_id) &&
            item->now->state == DECISION_PROPOSED) {
            proposed.confidence = list[i].confidence;
            if (str_empty(proposed.reasons))
                proposed.reasons = list[i].reasons;
        }
    return add_candidate(w, item, &proposed, err);
}

static enum aisle_status find_refused(struct open_walk *w, const struct open_item *item,
                                      struct refusals *out, struct aisle_err *err)
{
    *out = (struct refusals){0};
    return item->now ? refusals_of(w->app, item->seller_id, w->target.id, item->scope,
                                   item->key, &w->page, out, err)
                     : AISLE_OK;
}

/* p is the product the item is about, NULL for a seller category. */
static enum aisle_status add_candidates(struct open_walk *w, struct open_item *item,
                                        const struct product *p,
                                        const struct match_query *query,
                                        struct aisle_err *err)
{
    struct suggestion list[DECIDE_MAX_CANDIDATES];
    struct match_advice known = {0};
    struct refusals refused = {0};
    struct seller_advice *advice;
    size_t n = 0;
    enum aisle_status status = adviser_of(w->adviser, item->seller_id, &advice, err);

    if (status == AISLE_OK)
        status = seller_advice_look(advice, true, err);
    if (status == AISLE_OK && p)
        status = seller_advice_known(advice, p, item->now, &w->page, &known, err);
    if (status == AISLE_OK)
        status = match_decide(advice->matcher, w->scratch, query, &known, &w->page, list,
                              DECIDE_MAX_CANDIDATES, &n, err);
    if (status == AISLE_OK)
        status = add_proposed(w, item, list, n, err);
    if (status == AISLE_OK)
        status = find_refused(w, item, &refused, err);
    for (size_t i = 0; status == AISLE_OK && i < n; i++)
        if (!refusals_have(&refused, list[i].category_id))
            status = add_candidate(w, item, &list[i], err);
    return status;
}

static enum aisle_status tell(struct open_walk *w, struct open_item *item,
                              const struct product *p, const struct match_query *query,
                              struct aisle_err *err)
{
    enum aisle_status status;

    if (w->filter->limit && w->told == w->filter->limit) {
        w->enough = true;
        return AISLE_STOPPED;
    }
    status = app_check_stop(w->app, err);
    if (status == AISLE_OK)
        status = add_candidates(w, item, p, query, err);
    if (status != AISLE_OK)
        return status;
    w->told++;
    return w->fn(w->ctx, item, err);
}

/* ---- why it is open ---- */

/* NULL: nothing to look at. */
static const char *why_open(const struct open_walk *w, const struct decision *d)
{
    if (!d)
        return "no decision";
    switch (d->state) {
    case DECISION_PROPOSED:
        return "proposed";
    case DECISION_REJECTED:
        return "refused";
    case DECISION_CLEARED:
        return "no decision";
    case DECISION_NONE:
        return NULL;
    case DECISION_ACCEPTED:
        break;
    }
    if (leaf_is_gone(w, d))
        return "leaf is gone";
    return d->conflict ? "conflict" : NULL;
}

/* ---- seller categories ---- */

struct category_list {
    struct open_walk *w;
    struct seller_category *items;
    size_t count, cap;
};

static enum aisle_status note_category(void *ctx, const struct seller_category *c,
                                       struct aisle_err *err)
{
    struct category_list *list = ctx;
    struct arena *arena = &list->w->arena;
    struct seller_category *at;

    if (c->products == 0 || str_empty(c->id))
        return AISLE_OK;
    if (list->count == list->cap) {
        size_t cap = list->cap ? 2 * list->cap : 256;
        struct seller_category *wider = arena_alloc(arena, cap * sizeof(*wider));

        if (!wider)
            return aisle_nomem(err);
        if (list->count)
            memcpy(wider, list->items, list->count * sizeof(*wider));
        list->items = wider;
        list->cap = cap;
    }
    at = &list->items[list->count++];
    *at = *c;
    at->seller_id = arena_str(arena, c->seller_id);
    at->id = arena_str(arena, c->id);
    at->path = arena_str(arena, c->path);
    return at->seller_id.p && at->id.p && at->path.p ? AISLE_OK : aisle_nomem(err);
}

static int most_products_first(const void *a, const void *b)
{
    const struct seller_category *x = a, *y = b;
    int order = (y->products > x->products) - (y->products < x->products);

    return order ? order : str_cmp(x->id, y->id);
}

static enum aisle_status categories_of(struct category_list *list, struct str seller_id,
                                       struct aisle_err *err)
{
    return list->w->app->store->ops->catalogue->each_seller_category(
        list->w->app->store, seller_id, note_category, list, err);
}

/* A seller category is open while some of its products are; and when its leaf is gone. */
static enum aisle_status look_at_category(struct open_walk *w,
                                          const struct seller_category *c,
                                          struct aisle_err *err)
{
    struct product_filter filter = {.seller_id = c->seller_id,
                                    .seller_category_id = c->id,
                                    .has_seller_category = true,
                                    .undecided_for = w->target.id};
    struct open_item item = {.seller_id = c->seller_id,
                             .target_id = w->target.id,
                             .scope = SCOPE_SELLER_CATEGORY,
                             .key = c->id,
                             .title = c->path,
                             .seller_category = c->path,
                             .products = c->products};
    struct match_query query = {.title = c->path, .seller_category = c->path};
    struct decision now;
    size_t undecided;
    bool found;
    enum aisle_status status =
        newest_decision(w->app, c->seller_id, w->target.id, SCOPE_SELLER_CATEGORY, c->id,
                        &w->page, &now, &found, err);

    if (status != AISLE_OK)
        return status;
    item.now = found ? &now : NULL;
    item.why = why_open(w, item.now);
    if (!item.why)
        return AISLE_OK;
    status = w->app->store->ops->catalogue->count_products(w->app->store, &filter,
                                                           &undecided, err);
    if (status == AISLE_OK && (undecided || strcmp(item.why, "leaf is gone") == 0))
        status = tell(w, &item, NULL, &query, err);
    return status;
}

static enum aisle_status each_category(struct open_walk *w, struct aisle_err *err)
{
    struct category_list list = {.w = w};
    enum aisle_status status = categories_of(&list, w->filter->seller_id, err);

    if (list.count)
        qsort(list.items, list.count, sizeof(*list.items), most_products_first);
    for (size_t i = 0; status == AISLE_OK && i < list.count; i++) {
        status = look_at_category(w, &list.items[i], err);
        arena_clear(&w->page);
    }
    return status;
}

/* ---- products ---- */

struct product_page {
    struct open_walk *w;
    struct product items[PAGE];
    size_t count;
};

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct product_page *page = ctx;
    struct arena *arena = &page->w->page;
    struct product *at = &page->items[page->count++];

    *at = (struct product){
        .seller_id = arena_str(arena, p->seller_id),
        .id = arena_str(arena, p->id),
        .title = arena_str(arena, p->title),
        .brand = arena_str(arena, p->brand),
        .seller_category_id = arena_str(arena, p->seller_category_id),
    };
    if (!at->seller_id.p || !at->id.p || !at->title.p || !at->brand.p ||
        !at->seller_category_id.p)
        return aisle_nomem(err);
    return AISLE_OK;
}

static enum aisle_status look_at_product(struct open_walk *w, const struct product *p,
                                         struct aisle_err *err)
{
    struct open_item item = {.seller_id = p->seller_id,
                             .target_id = w->target.id,
                             .scope = SCOPE_PRODUCT,
                             .key = p->id,
                             .title = p->title,
                             .seller_category = p->seller_category_id,
                             .products = 1};
    struct match_query query = {
        .title = p->title, .brand = p->brand, .seller_category = p->seller_category_id};
    struct seller_advice *advice = NULL;
    struct decision now;
    bool found;
    enum aisle_status status =
        newest_decision(w->app, p->seller_id, w->target.id, SCOPE_PRODUCT, p->id,
                        &w->page, &now, &found, err);

    if (status == AISLE_OK)
        status = adviser_of(w->adviser, p->seller_id, &advice, err);
    if (status == AISLE_OK)
        query.seller_category = learnt_path(&advice->learnt, p->seller_category_id);

    if (status != AISLE_OK)
        return status;
    item.now = found ? &now : NULL;
    item.why = why_open(w, item.now);
    /* without word of its own it waits for its category, unless products are what was
     * asked for */
    if (!item.why ||
        (!w->filter->by_product && !found && !str_empty(p->seller_category_id)))
        return AISLE_OK;
    return tell(w, &item, p, &query, err);
}

static enum aisle_status each_product(struct open_walk *w, struct aisle_err *err)
{
    struct product_page page = {.w = w};
    struct arena keys = ARENA_INIT(BUF_MAX_REQUEST);
    struct product_filter filter = {.seller_id = w->filter->seller_id,
                                    .after_seller = w->filter->after_seller,
                                    .after_id = w->filter->after_key,
                                    .limit = PAGE,
                                    .undecided_for = w->target.id};
    enum aisle_status status = AISLE_OK;

    do {
        page.count = 0;
        arena_clear(&w->page);
        status = w->app->store->ops->catalogue->each_product(w->app->store, &filter,
                                                             note_product, &page, err);
        for (size_t i = 0; status == AISLE_OK && i < page.count; i++)
            status = look_at_product(w, &page.items[i], err);
        if (page.count == PAGE) {
            arena_clear(&keys);
            filter.after_seller = arena_str(&keys, page.items[PAGE - 1].seller_id);
            filter.after_id = arena_str(&keys, page.items[PAGE - 1].id);
            if (!filter.after_seller.p || !filter.after_id.p)
                status = status == AISLE_OK ? aisle_nomem(err) : status;
        }
    } while (status == AISLE_OK && page.count == PAGE);
    arena_clear(&keys);
    return status;
}

/* Accepted ones that differ from their category, or whose leaf is gone. */
struct contested {
    struct open_walk *w;
    struct key_entry {
        struct str seller_id, id;
        struct key_entry *next;
    } * first, **last;
};

static enum aisle_status note_contested(void *ctx, const struct decision *d,
                                        struct aisle_err *err)
{
    struct contested *c = ctx;
    struct key_entry *e;

    if (!why_open(c->w, d))
        return AISLE_OK;
    e = arena_zalloc(&c->w->arena, 1, sizeof(*e));
    if (!e)
        return aisle_nomem(err);
    e->seller_id = arena_str(&c->w->arena, d->seller_id);
    e->id = arena_str(&c->w->arena, d->key);
    *c->last = e;
    c->last = &e->next;
    return e->seller_id.p && e->id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status each_contested(struct open_walk *w, struct aisle_err *err)
{
    struct contested contested = {.w = w};
    struct mapping_filter filter = {.seller_id = w->filter->seller_id,
                                    .target_id = w->target.id,
                                    .has_scope = true,
                                    .scope = SCOPE_PRODUCT,
                                    .states = 1u << DECISION_ACCEPTED};
    enum aisle_status status;

    contested.last = &contested.first;
    status = w->app->store->ops->decisions->each_mapping(w->app->store, &filter,
                                                         note_contested, &contested, err);
    for (const struct key_entry *e = contested.first; status == AISLE_OK && e;
         e = e->next) {
        struct aisle_err none = {0};
        struct product p;

        arena_clear(&w->page);
        status = w->app->store->ops->catalogue->get_product(w->app->store, e->seller_id,
                                                            e->id, &w->page, &p, &none);
        if (status == AISLE_NOT_FOUND) /* the product is gone, its decision is not */
            status = AISLE_OK;
        else if (status == AISLE_OK)
            status = look_at_product(w, &p, err);
        else
            aisle_pass(err, &none);
    }
    return status;
}

/* ---- the whole ---- */

static enum aisle_status walk_open(struct open_walk *w, struct aisle_err *err)
{
    struct shop shop;
    struct adviser_request from = {
        .tree = &w->tree, .model = w->filter->model, .also = w->filter->also};
    enum aisle_status status =
        flow_target(w->app, w->filter->target, &w->arena, &w->target, &shop, err);

    if (status == AISLE_OK)
        status = w->app->store->ops->trees->load(w->app->store, w->target.id, 0,
                                                 &w->arena, NULL, &w->tree, err);
    from.target_id = w->target.id;
    if (status == AISLE_OK)
        status = adviser_open(w->app, &from, &w->adviser, err);
    if (status == AISLE_OK)
        status = match_scratch_new(&w->scratch, err);
    w->successors =
        (struct successors){.app = w->app, .target_id = w->target.id, .now = &w->tree};
    return status;
}

enum aisle_status flow_each_open(const struct app *app, const struct open_filter *filter,
                                 open_item_fn *fn, void *ctx, struct aisle_err *err)
{
    struct open_walk w = {.app = app,
                          .filter = filter,
                          .fn = fn,
                          .ctx = ctx,
                          .arena = ARENA_INIT(ARENA_MAX_WORK),
                          .page = ARENA_INIT(ARENA_MAX_WORK)};
    enum aisle_status status = walk_open(&w, err);

    if (status == AISLE_OK && !filter->by_product)
        status = each_category(&w, err);
    if (status == AISLE_OK)
        status = each_product(&w, err);
    if (status == AISLE_OK && str_empty(filter->after_key))
        status = each_contested(&w, err);
    if (status == AISLE_STOPPED && w.enough)
        status = AISLE_OK;
    successors_clear(&w.successors);
    match_scratch_free(w.scratch);
    adviser_close(w.adviser);
    arena_clear(&w.page);
    arena_clear(&w.arena);
    return status;
}
