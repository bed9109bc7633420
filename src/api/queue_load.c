/* queue_load.c - reading what stands in a queue: seller categories whole, products as
 * they come
 */
#include "api/queue.h"

#include "flows/decide.h"

/* ---- by seller category ---- */

static enum aisle_status note_category(void *ctx, const struct category_progress *p,
                                       struct aisle_err *err)
{
    struct queue_work *w = ctx;
    struct arena *arena = w->c->request->arena;
    struct queue_item *item;

    if (str_empty(p->category.id))
        return AISLE_OK;
    item = queue_add_item(w);
    if (!item)
        return aisle_nomem(err);
    item->seller_id = arena_str(arena, p->category.seller_id);
    item->key = arena_str(arena, p->category.id);
    item->title =
        arena_str(arena, p->category.path.n ? p->category.path : p->category.id);
    item->category = item->title;
    item->products = p->category.products;
    item->open = p->category.products - p->settled;
    /* each product has a word of its own: nothing waits for the category */
    item->queue = p->settled == p->category.products ? DONE : NEEDS;
    return item->title.p ? AISLE_OK : aisle_nomem(err);
}

/* Items come by (seller, id). */
static struct queue_item *find_item(struct queue_work *w, struct str seller_id,
                                    struct str id)
{
    size_t low = 0, high = w->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct queue_item *item = &w->items[middle];
        int order = str_cmp(item->seller_id, seller_id);

        if (order == 0)
            order = str_cmp(item->key, id);
        if (order == 0)
            return item;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum aisle_status note_decision(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct queue_work *w = ctx;
    struct queue_item *item = find_item(w, d->seller_id, d->key);
    enum queue queue;

    if (!item)
        return AISLE_OK;
    if (!queue_keep_decision(w->c->request->arena, d, &item->now))
        return aisle_nomem(err);
    queue = queue_of_decision(w->h, d);
    if (!(item->queue == DONE && (queue == NEEDS || queue == AGREED)))
        item->queue = queue;
    if (decision_is_settled(d->state) && item->queue != BROKEN)
        item->open = 0;
    return AISLE_OK;
}

enum aisle_status queue_load_categories(struct queue_work *w, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct queue_filter queue = {.seller_id = w->seller_id, .target_id = w->h->target_id};
    struct mapping_filter mappings = {.seller_id = w->seller_id,
                                      .target_id = w->h->target_id,
                                      .has_scope = true,
                                      .scope = SCOPE_SELLER_CATEGORY};
    enum aisle_status status =
        store->ops->queues->each_category(store, &queue, note_category, w, err);

    if (status == AISLE_OK)
        status =
            store->ops->decisions->each_mapping(store, &mappings, note_decision, w, err);
    return status;
}

/* ---- by product ---- */

static enum aisle_status keep_product(struct queue_work *w, const struct product *p,
                                      struct queue_item *item, struct aisle_err *err)
{
    struct arena *arena = w->c->request->arena;

    item->product = *p;
    item->product.seller_id = item->seller_id = arena_str(arena, p->seller_id);
    item->product.id = item->key = arena_str(arena, p->id);
    item->product.title = item->title = arena_str(arena, p->title);
    item->product.description = arena_str(arena, str_head(p->description, 2000));
    item->product.brand = arena_str(arena, p->brand);
    item->product.seller_category_id = item->category =
        arena_str(arena, p->seller_category_id);
    item->product.image_id = arena_str(arena, p->image_id);
    item->product.image_location = arena_str(arena, p->image_location);
    item->product.attributes = arena_str(arena, p->attributes);
    item->product.currency = arena_str(arena, p->currency);
    item->products = 1;
    item->open = w->queue == NEEDS || w->queue == AGREED;
    return item->product.currency.p ? AISLE_OK : aisle_nomem(err);
}

/* What stands for the product; seq 0: nothing. */
static enum aisle_status fill_decision(struct queue_work *w, struct queue_item *item,
                                       struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct aisle_err mine = {0};
    enum aisle_status status =
        store->ops->decisions->get(store, item->seller_id, w->h->target_id, SCOPE_PRODUCT,
                                   item->key, w->c->request->arena, &item->now, &mine);

    if (status == AISLE_NOT_FOUND) {
        item->now = (struct decision){0};
        return AISLE_OK;
    }
    aisle_pass(err, &mine);
    return status;
}

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct queue_work *w = ctx;
    struct queue_item *item = queue_add_item(w);
    enum aisle_status status = item ? keep_product(w, p, item, err) : aisle_nomem(err);

    if (status != AISLE_OK)
        return status;
    item->queue = w->queue;
    return fill_decision(w, item, err);
}

/* ---- those that wait ---- */

/* Of a category that is settled only those wait that were refused its leaf. */
size_t queue_waiting_of(const struct category_progress *p, enum queue queue)
{
    size_t taken = p->settled + p->stands[STANDS_CONTESTED] + p->stands[STANDS_AGREED];

    if (p->is_settled)
        return queue == NEEDS ? p->stands[STANDS_REFUSED] : 0;
    if (queue == AGREED)
        return p->stands[STANDS_AGREED];
    return p->category.products > taken ? p->category.products - taken : 0;
}

struct waiting {
    struct queue_work *w;
    struct str after_category, after_id;
};

static enum aisle_status load_from_category(void *ctx, const struct category_progress *p,
                                            struct aisle_err *err)
{
    struct waiting *t = ctx;
    struct queue_work *w = t->w;
    struct store *store = w->c->app.store;
    const struct product_filter f = {
        .seller_id = p->category.seller_id,
        .has_seller_category = true,
        .seller_category_id = p->category.id,
        .after_id =
            str_eq(p->category.id, t->after_category) ? t->after_id : (struct str){0},
        .undecided_for = w->h->target_id,
        .part = w->queue == AGREED ? UNDECIDED_AGREED : UNDECIDED_REST,
        .limit = w->limit - w->count,
    };
    enum aisle_status status;

    if (queue_waiting_of(p, w->queue) == 0)
        return AISLE_OK;
    status = store->ops->catalogue->each_product(store, &f, note_product, w, err);
    return status == AISLE_OK && w->count == w->limit ? AISLE_STOPPED : status;
}

enum aisle_status queue_load_waiting(struct queue_work *w, struct str after_category,
                                     struct str after_id, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct waiting t = {w, after_category, after_id};
    const struct queue_filter f = {.seller_id = w->seller_id,
                                   .target_id = w->h->target_id,
                                   .from_category = after_category};
    enum aisle_status status =
        store->ops->queues->each_category(store, &f, load_from_category, &t, err);

    return status == AISLE_STOPPED ? AISLE_OK : status;
}

/* ---- those with a word of their own ---- */

enum aisle_status queue_note_standing(void *ctx, const struct decision *d,
                                      struct aisle_err *err)
{
    struct queue_work *w = ctx;
    struct queue_item *item;

    if (queue_of_decision(w->h, d) != w->queue)
        return AISLE_OK;
    item = queue_add_item(w);
    if (!item || !queue_keep_decision(w->c->request->arena, d, &item->now))
        return aisle_nomem(err);
    item->queue = w->queue;
    return w->count >= w->limit ? AISLE_STOPPED : AISLE_OK;
}

enum aisle_status queue_fill_product(struct queue_work *w, struct queue_item *item,
                                     bool *there, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct aisle_err mine = {0};
    struct product p;
    enum aisle_status status = store->ops->catalogue->get_product(
        store, item->now.seller_id, item->now.key, w->c->request->arena, &p, &mine);

    *there = status == AISLE_OK;
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status == AISLE_OK)
        return keep_product(w, &p, item, err);
    aisle_pass(err, &mine);
    return status;
}
