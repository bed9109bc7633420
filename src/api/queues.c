/* queues.c - the pages of a queue: by seller category, where one decision covers many
 * products, and by product; and how much is in each
 */
#include "api/queue.h"

#include <stdlib.h>

/* More that lost their leaf are not counted. */
enum { COUNT_MOST = 10000 };

/* ---- by seller category ---- */

static int most_products_first(const void *a, const void *b)
{
    const struct queue_item *x = a, *y = b;
    int order = (y->open > x->open) - (y->open < x->open);

    if (order == 0)
        order = (y->products > x->products) - (y->products < x->products);
    if (order == 0)
        order = str_cmp(x->seller_id, y->seller_id);
    return order ? order : str_cmp(x->key, y->key);
}

/* The place of a page: "310 312 acme" and the key. */
static enum aisle_status said_place(struct queue_work *w, struct queue_item *out,
                                    struct aisle_err *err)
{
    struct str head, key, open, count;
    int64_t n = 0, m = 0;
    enum aisle_status status = api_cursor_read(w->c, &head, &key, err);

    open = str_cut(&head, ' ');
    count = str_cut(&head, ' ');
    if (status == AISLE_OK && !str_empty(open) &&
        (!parse_i64(open, 0, INT64_MAX, &m) || !parse_i64(count, 0, INT64_MAX, &n)))
        return api_fail(w->c, 400, "after", err, "after is the next of a former page");
    *out = (struct queue_item){.open = str_empty(open) ? SIZE_MAX : (size_t)m,
                               .products = (size_t)n,
                               .seller_id = head,
                               .key = key};
    return status;
}

static enum aisle_status page_of_categories(struct queue_work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct queue_item after = {0};
    const struct queue_item *last = NULL;
    size_t told = 0;
    struct str next = {0};
    enum aisle_status status = said_place(w, &after, err);

    if (status == AISLE_OK)
        status = queue_load_categories(w, err);
    if (status != AISLE_OK)
        return status;
    if (w->count)
        qsort(w->items, w->count, sizeof *w->items, most_products_first);
    api_open_items(c);
    for (size_t at = 0; status == AISLE_OK && at < w->count && told < w->limit; at++) {
        const struct queue_item *item = &w->items[at];

        if (item->queue != w->queue || most_products_first(&after, item) >= 0)
            continue;
        if (++told == w->limit)
            break;
        status = queue_put_item(w, item, err);
        last = item;
    }
    if (told == w->limit && last)
        next = api_cursor(c,
                          arena_fmt(c->request->arena, "%zu %zu %.*s", last->open,
                                    last->products, STR_ARG(last->seller_id)),
                          last->key);
    api_close_items(c, next);
    return status;
}

/* ---- by product ---- */

/* Whether there is a next page: then its first is not told here. */
static bool leave_the_last(struct queue_work *w)
{
    bool more = w->count == w->limit;

    w->count -= more;
    return more;
}

static enum aisle_status page_of_waiting(struct queue_work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct str next = {0}, category, id;
    bool more;
    enum aisle_status status = api_cursor_read(c, &category, &id, err);

    if (status == AISLE_OK)
        status = queue_load_waiting(w, category, id, err);
    if (status != AISLE_OK)
        return status;
    more = leave_the_last(w);
    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++)
        status = queue_put_item(w, &w->items[i], err);
    if (more)
        next = api_cursor(c, w->items[w->count - 1].category, w->items[w->count - 1].key);
    api_close_items(c, next);
    return status;
}

static unsigned standings_of(enum queue queue)
{
    switch (queue) {
    case CONFLICTING:
        return 1u << STANDS_CONTESTED | 1u << STANDS_CONFLICT;
    case NO_LEAF:
        return 1u << STANDS_NONE;
    case BROKEN:
        return 1u << STANDS_CONFLICT | 1u << STANDS_DONE;
    default:
        return 1u << STANDS_DONE;
    }
}

static struct mapping_filter standing_filter(const struct queue_work *w)
{
    return (struct mapping_filter){.seller_id = w->seller_id,
                                   .target_id = w->h->target_id,
                                   .has_scope = true,
                                   .scope = SCOPE_PRODUCT,
                                   .standings = standings_of(w->queue)};
}

/* Leaf by leaf of those that take no products any more. */
struct broken {
    struct queue_work *w;
    struct str after_leaf;
    int64_t after_seq;
    size_t counted;
};

static enum aisle_status load_lost_leaf(void *ctx, struct str id, struct aisle_err *err)
{
    struct broken *b = ctx;
    struct queue_work *w = b->w;
    struct store *store = w->c->app.store;
    struct mapping_filter f = standing_filter(w);

    if (str_cmp(id, b->after_leaf) < 0 || !queue_lost_leaf(w->h, id, &f.in_tree_only))
        return AISLE_OK;
    f.category_id = id;
    f.after_seq = str_eq(id, b->after_leaf) ? b->after_seq : 0;
    f.limit = w->limit - w->count;
    return store->ops->decisions->each_mapping(store, &f, queue_note_standing, w, err);
}

/* after: of a page of what is broken "leaf" and the number, of others the number. */
static enum aisle_status load_standing(struct queue_work *w, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct mapping_filter f = standing_filter(w);
    struct broken broken = {.w = w};
    struct str seq;
    enum aisle_status status = api_cursor_read(w->c, &broken.after_leaf, &seq, err);

    if (status == AISLE_OK && !str_empty(seq) &&
        !parse_i64(seq, 0, INT64_MAX, &broken.after_seq))
        return api_fail(w->c, 400, "after", err, "after is the next of a former page");
    f.after_seq = broken.after_seq;
    if (status == AISLE_OK)
        status = w->queue == BROKEN
                     ? store->ops->queues->each_leaf(store, w->h->target_id,
                                                     load_lost_leaf, &broken, err)
                     : store->ops->decisions->each_mapping(store, &f, queue_note_standing,
                                                           w, err);
    return status;
}

static enum aisle_status page_of_standing(struct queue_work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    const struct decision *last;
    struct str next = {0};
    enum aisle_status status = load_standing(w, err);

    if (status == AISLE_STOPPED && leave_the_last(w)) {
        last = &w->items[w->count - 1].now;
        next = api_cursor(c, w->queue == BROKEN ? last->category_id : (struct str){0},
                          arena_fmt(c->request->arena, "%lld", (long long)last->seq));
        status = AISLE_OK;
    }
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++) {
        bool there;

        status = queue_fill_product(w, &w->items[i], &there, err);
        if (status == AISLE_OK && there)
            status = queue_put_item(w, &w->items[i], err);
    }
    api_close_items(c, next);
    return status;
}

/* ---- the routes ---- */

static enum aisle_status begin(struct api_call *c, struct queue_work *w,
                               struct aisle_err *err)
{
    *w = (struct queue_work){.c = c};
    return queue_begin(w, api_text(c, "seller"), api_text(c, "target"), err);
}

static enum aisle_status get_queue(struct api_call *c, struct aisle_err *err)
{
    struct str by = api_text(c, "by");
    struct queue_work w;
    int queue = 0;
    enum aisle_status status;

    while (queue < QUEUES && !str_is(api_text(c, "queue"), queue_names[queue]))
        queue++;
    if (queue == QUEUES)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "queues are needs, agreed, conflict, broken, none and done");
    if (!str_empty(by) && !str_is(by, "category") && !str_is(by, "product"))
        return api_fail(c, 400, "by", err, "by is category or product");
    status = begin(c, &w, err);
    if (status != AISLE_OK)
        return status;
    w.limit = api_limit(c) + 1;
    w.queue = (enum queue)queue;
    w.locale = taxonomy_locale(&w.h->tree, api_text(c, "locale"));
    if (!str_is(by, "product"))
        status = page_of_categories(&w, err);
    else if (w.queue == NEEDS || w.queue == AGREED)
        status = page_of_waiting(&w, err);
    else
        status = page_of_standing(&w, err);
    held_give(w.h);
    return status;
}

struct tally {
    size_t products[QUEUES], all, open;
};

static enum aisle_status count_category(void *ctx, const struct category_progress *p,
                                        struct aisle_err *err)
{
    struct tally *t = ctx;

    (void)err;
    t->all += p->category.products;
    t->products[AGREED] += queue_waiting_of(p, AGREED);
    t->products[CONFLICTING] += p->stands[STANDS_CONTESTED] + p->stands[STANDS_CONFLICT];
    t->products[NO_LEAF] += p->stands[STANDS_NONE];
    t->products[DONE] += p->stands[STANDS_DONE];
    if (p->is_settled)
        return AISLE_OK;
    t->products[NEEDS] += queue_waiting_of(p, NEEDS);
    t->open += p->category.products - p->settled;
    return AISLE_OK;
}

static void add_tally(struct api_call *c, const char *key, const size_t counts[QUEUES])
{
    json_key(&c->json, key);
    json_open(&c->json);
    for (int q = 0; q < QUEUES; q++)
        json_add_int(&c->json, queue_names[q], (int64_t)counts[q]);
    json_close(&c->json);
}

struct lost {
    const struct queue_work *w;
    struct tally *tally;
};

static enum aisle_status count_lost(void *ctx, const struct decision *d,
                                    struct aisle_err *err)
{
    const struct lost *l = ctx;
    struct tally *t = l->tally;
    size_t *from = &t->products[d->conflict ? CONFLICTING : DONE];

    (void)err;
    if (queue_of_decision(l->w->h, d) != BROKEN)
        return AISLE_OK;
    t->products[BROKEN]++;
    if (*from > 0)
        --*from;
    return AISLE_OK;
}

static enum aisle_status count_lost_leaf(void *ctx, struct str id, struct aisle_err *err)
{
    struct lost *l = ctx;
    struct store *store = l->w->c->app.store;
    struct mapping_filter f = standing_filter(l->w);

    if (l->tally->products[BROKEN] >= COUNT_MOST ||
        !queue_lost_leaf(l->w->h, id, &f.in_tree_only))
        return AISLE_OK;
    f.category_id = id;
    f.limit = COUNT_MOST - l->tally->products[BROKEN];
    return store->ops->decisions->each_mapping(store, &f, count_lost, l, err);
}

static enum aisle_status count_products(struct queue_work *w, struct tally *t,
                                        struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    const struct queue_filter f = {.seller_id = w->seller_id,
                                   .target_id = w->h->target_id};
    struct lost lost = {w, t};
    size_t refused = 0;
    enum aisle_status status =
        store->ops->queues->each_category(store, &f, count_category, t, err);

    if (status == AISLE_OK)
        status = store->ops->queues->count_refused(store, &f, &refused, err);
    t->products[NEEDS] += refused;
    t->open += refused;
    w->queue = BROKEN;
    return status == AISLE_OK ? store->ops->queues->each_leaf(store, w->h->target_id,
                                                              count_lost_leaf, &lost, err)
                              : status;
}

/* What lost its leaf waits again, whether it was decided on itself or with its category.
 */
static int64_t settled_of(const struct tally *t, size_t lost)
{
    size_t waits = t->open + t->products[BROKEN] + lost;

    return waits < t->all ? (int64_t)(t->all - waits) : 0;
}

static enum aisle_status count_queues(struct api_call *c, struct aisle_err *err)
{
    size_t categories[QUEUES] = {0}, lost = 0; /* products, with their seller category */
    struct tally tally = {.all = 0};
    struct queue_work w;
    enum aisle_status status = begin(c, &w, err);

    if (status == AISLE_OK)
        status = queue_load_categories(&w, err);
    for (size_t i = 0; i < w.count; i++) {
        categories[w.items[i].queue]++;
        lost += w.items[i].queue == BROKEN ? w.items[i].open : 0;
    }
    if (status == AISLE_OK)
        status = count_products(&w, &tally, err);
    if (status == AISLE_OK) {
        json_open(&c->json);
        add_tally(c, "by_category", categories);
        add_tally(c, "by_product", tally.products);
        json_add_int(&c->json, "products", (int64_t)tally.all);
        json_add_int(&c->json, "settled", settled_of(&tally, lost));
        json_add_int(&c->json, "broken_by_category", (int64_t)lost);
        json_add_bool(&c->json, "broken_are_more", tally.products[BROKEN] >= COUNT_MOST);
        json_close(&c->json);
    }
    held_give(w.h);
    return status;
}

const struct api_route api_queue_routes[] = {
    {.at = {"GET", "/api/v1/queues", {PARAM_NEED_TARGET, PARAM_SELLER}},
     .run = count_queues,
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/queues/{queue}",
            {{.name = "queue", .max = 20},
             PARAM_NEED_TARGET,
             PARAM_SELLER,
             {.name = "by", .max = 20},
             {.name = "after", .max = 5000},
             PARAM_LIMIT,
             PARAM_LOCALE}},
     .run = get_queue,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
