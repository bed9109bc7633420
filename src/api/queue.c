/* queue.c - what waits for people, by what it waits for
 *
 * Which queue something stands in follows from what stands for it and from the tree:
 *
 *   needs     nothing decided, refused, or proposed without being sure
 *   agreed    proposed, and sure
 *   conflict  differs from what stands for its seller category
 *   broken    accepted, and the leaf takes no products any more
 *   none      looked at: no legal leaf
 *   done      accepted
 */
#include "api/queue.h"

#include "flows/decide.h"
#include "flows/refused.h"

enum { CANDIDATES = 8 };

const char *const queue_names[QUEUES] = {"needs",  "agreed", "conflict",
                                         "broken", "none",   "done"};

enum aisle_status queue_begin(struct queue_work *w, struct str seller, struct str target,
                              struct aisle_err *err)
{
    enum aisle_status status = api_seller(w->c, seller, &w->seller_id, err);

    if (status == AISLE_OK)
        status = api_tree(w->c, target, &w->h, err);
    if (status == AISLE_OK && str_empty(w->seller_id))
        w->seller_id = w->h->shop.seller_id;
    return status;
}

bool queue_lost_leaf(const struct held *h, struct str category_id, bool *in_tree_only)
{
    const struct category *c = taxonomy_get(&h->tree, category_id);

    *in_tree_only = c && c->provisional;
    return !c || c->provisional || !category_takes_products(c);
}

/* A tree that is held lacks a leaf that was named since it was loaded. */
static bool is_newer(const struct held *h, const struct decision *d)
{
    return d->provisional && d->snapshot_id >= h->snapshot.id &&
           d->at >= h->snapshot.checked_at;
}

static bool has_lost_leaf(const struct held *h, const struct decision *d)
{
    const struct category *c = taxonomy_get(&h->tree, d->category_id);

    return decision_lost_leaf(d, c) && (c || !is_newer(h, d));
}

enum queue queue_of_decision(const struct held *h, const struct decision *d)
{
    static const enum queue queues[STANDINGS] = {
        [STANDS_OPEN] = NEEDS,
        [STANDS_REFUSED] = NEEDS,
        [STANDS_CLEARED] = NEEDS,
        [STANDS_AGREED] = AGREED,
        [STANDS_CONTESTED] = CONFLICTING,
        [STANDS_CONFLICT] = CONFLICTING,
        [STANDS_NONE] = NO_LEAF,
        [STANDS_DONE] = DONE,
    };

    if (!d->seq)
        return NEEDS;
    if (d->state == DECISION_ACCEPTED && has_lost_leaf(h, d))
        return BROKEN;
    return queues[decision_standing(d)];
}

static const char *why_open(enum queue queue, const struct decision *d)
{
    if (queue == NEEDS)
        return !d->seq || d->state == DECISION_CLEARED ? "no decision"
               : d->state == DECISION_REJECTED         ? "refused"
                                                       : "proposed";
    return queue == BROKEN ? "leaf is gone" : queue_names[queue];
}

/* ---- an item ---- */

bool queue_keep_decision(struct arena *arena, const struct decision *d,
                         struct decision *out)
{
    struct str *texts[] = {&out->seller_id,   &out->target_id, &out->key,
                           &out->category_id, &out->who,       &out->reasons,
                           &out->batch_id,    &out->run_id};

    *out = *d;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = arena_str(arena, *texts[i]);
        if (!texts[i]->p)
            return false;
    }
    return true;
}

struct queue_item *queue_add_item(struct queue_work *w)
{
    struct arena *arena = w->c->request->arena;

    if (w->count == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 128;
        struct queue_item *wider = arena_alloc(arena, cap * sizeof *wider);

        if (!wider)
            return NULL;
        if (w->count)
            memcpy(wider, w->items, w->count * sizeof *wider);
        w->items = wider;
        w->cap = cap;
    }
    w->items[w->count] = (struct queue_item){0};
    return &w->items[w->count++];
}

static bool has_proposal(const struct queue_item *item)
{
    return item->now.seq && !str_empty(item->now.category_id) &&
           item->now.state != DECISION_REJECTED && item->queue != BROKEN;
}

/* Where what stands belongs among the ranked: first, but for what nobody was sure of,
 * which what was learnt since may have overtaken. */
static size_t place_of(const struct queue_item *item, const struct suggestion *stands,
                       const struct suggestion *list, size_t count)
{
    size_t at = 0;

    while (item->queue == NEEDS && at < count && list[at].confidence > stands->confidence)
        at++;
    return at;
}

/* What stands, with what the matcher makes of an unsure one by now, put in its place. */
static void add_standing(const struct queue_item *item, struct suggestion *list,
                         size_t *count)
{
    struct suggestion stands = {.category_id = item->now.category_id,
                                .confidence = item->now.confidence,
                                .advisor = item->now.advisor,
                                .reasons = item->now.reasons};
    size_t kept = 0, at;

    for (size_t i = 0; i < *count; i++) {
        if (!str_eq(list[i].category_id, stands.category_id))
            list[kept++] = list[i];
        else if (item->queue == NEEDS)
            stands.confidence = list[i].confidence;
    }
    if (kept == CANDIDATES)
        kept--;
    at = place_of(item, &stands, list, kept);
    memmove(&list[at + 1], &list[at], (kept - at) * sizeof *list);
    list[at] = stands;
    *count = kept + 1;
}

/* What the matcher says, and what stands; never what a person refused. */
static enum aisle_status candidates(struct queue_work *w, const struct queue_item *item,
                                    struct suggestion *list, size_t *count,
                                    struct aisle_err *err)
{
    const struct product *p = &item->product;
    const struct api_about about = {
        .seller_id = item->seller_id,
        .query = {.title = p->title.n ? p->title : item->title,
                  .description = p->description,
                  .brand = p->brand,
                  .seller_category = item->category},
        .product = p->id.n ? p : NULL,
        .own = item->now.seq ? &item->now : NULL,
    };
    struct suggestion ranked[CANDIDATES];
    struct refusals refused = {0};
    size_t n = 0, ranks = 0;
    enum aisle_status status =
        api_rank(w->c, w->h, &about, ranked, CANDIDATES, &ranks, err);

    if (status == AISLE_OK && item->now.seq)
        status =
            refusals_of(&w->c->app, item->seller_id, w->h->target_id, item->now.scope,
                        item->now.key, w->c->request->arena, &refused, err);
    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < ranks; i++)
        if (!refusals_have(&refused, ranked[i].category_id))
            list[n++] = ranked[i];
    if (has_proposal(item))
        add_standing(item, list, &n);
    *count = n;
    return AISLE_OK;
}

enum aisle_status queue_put_item(struct queue_work *w, const struct queue_item *item,
                                 struct aisle_err *err)
{
    struct suggestion list[CANDIDATES];
    struct json_out *o = &w->c->json;
    size_t n = 0;
    enum aisle_status status = candidates(w, item, list, &n, err);

    if (status != AISLE_OK)
        return status;
    json_open(o);
    json_add_str(o, "seller", item->seller_id);
    json_add_str(o, "target", w->h->target_id);
    json_add_str(o, "scope",
                 item->product.id.n ? STR_LIT("product") : STR_LIT("seller-category"));
    json_add_str(o, "key", item->key);
    json_add_str(o, "title", item->title);
    api_add_or_null(w->c, "category", item->category);
    json_add_int(o, "products", (int64_t)item->products);
    json_add_int(o, "open", (int64_t)item->open);
    json_add_str(o, "queue", str_of(queue_names[item->queue]));
    json_add_str(o, "why", str_of(why_open(item->queue, &item->now)));
    json_add_int(o, "version", item->now.seq);
    json_key(o, "now");
    if (item->now.seq)
        api_put_decision(w->c, &item->now);
    else
        json_put_null(o);
    if (item->product.id.n) {
        json_key(o, "product");
        api_put_product(w->c, &item->product);
    }
    json_key(o, "candidates");
    api_put_suggestions(w->c, w->h, w->locale, list, n);
    json_close(o);
    return AISLE_OK;
}
