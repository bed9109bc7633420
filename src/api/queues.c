/* queues.c - the pages of a queue: by seller category, where one decision covers many
 * products, and by product; and how much is in each
 */
#include "api/queue.h"

#include <stdlib.h>

enum { FILL_MOST = 2000 };

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
    size_t told = 0, at;
    struct str next = {0};
    enum aisle_status status = said_place(w, &after, err);

    if (status == AISLE_OK)
        status = queue_load_categories(w, err);
    if (status != AISLE_OK)
        return status;
    if (w->count)
        qsort(w->items, w->count, sizeof *w->items, most_products_first);
    api_open_items(c);
    for (at = 0; status == AISLE_OK && at < w->count && told < w->limit; at++) {
        const struct queue_item *item = &w->items[at];

        if (item->queue != w->queue || most_products_first(&after, item) >= 0)
            continue;
        status = queue_put_item(w, item, err);
        if (++told == w->limit)
            next = api_cursor(c,
                              arena_fmt(c->request->arena, "%zu %zu %.*s", item->open,
                                        item->products, STR_ARG(item->seller_id)),
                              item->key);
    }
    api_close_items(c, next);
    return status;
}

/* ---- by product ---- */

/* Those nothing settles; looked through in pieces until the page is full. */
static enum aisle_status page_of_undecided(struct queue_work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct store *store = c->app.store;
    struct product_filter f = {
        .seller_id = w->seller_id, .undecided_for = w->h->target_id, .limit = w->limit};
    size_t told = 0, looked = 0;
    bool more = true;
    enum aisle_status status = api_cursor_read(c, &f.after_seller, &f.after_id, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    while (status == AISLE_OK && more && told < w->limit && looked < FILL_MOST) {
        w->count = 0;
        status =
            store->ops->catalogue->each_product(store, &f, queue_note_product, w, err);
        more = w->count == f.limit;
        for (size_t i = 0; status == AISLE_OK && i < w->count && told < w->limit; i++) {
            struct queue_item *item = &w->items[i];

            looked++;
            f.after_seller = item->seller_id;
            f.after_id = item->key;
            status =
                queue_fill_decision(w, item, SCOPE_PRODUCT, item->key, &item->now, err);
            item->queue = queue_of_decision(w->h, &item->now);
            if (status == AISLE_OK && item->queue == w->queue) {
                status = queue_put_item(w, item, err);
                told++;
                more = more || i + 1 < w->count;
            }
        }
    }
    api_close_items(c, more && f.after_id.n ? api_cursor(c, f.after_seller, f.after_id)
                                            : (struct str){0});
    return status;
}

static unsigned states_of(enum queue queue)
{
    switch (queue) {
    case AGREED:
        return 1u << DECISION_PROPOSED;
    case CONFLICTING:
        return 1u << DECISION_PROPOSED | 1u << DECISION_ACCEPTED;
    case NO_LEAF:
        return 1u << DECISION_NONE;
    default:
        return 1u << DECISION_ACCEPTED;
    }
}

static enum aisle_status page_of_standing(struct queue_work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct store *store = c->app.store;
    struct mapping_filter f = {.seller_id = w->seller_id,
                               .target_id = w->h->target_id,
                               .has_scope = true,
                               .scope = SCOPE_PRODUCT,
                               .states = states_of(w->queue),
                               .only_conflicts = w->queue == CONFLICTING,
                               .least_confidence =
                                   w->queue == AGREED ? queue_sure_at : 0};
    struct str after, rest;
    struct str next = {0};
    enum aisle_status status = api_cursor_read(c, &after, &rest, err);

    if (status == AISLE_OK && !str_empty(after) &&
        !parse_i64(after, 0, INT64_MAX, &f.after_seq))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    if (status == AISLE_OK)
        status =
            store->ops->decisions->each_mapping(store, &f, queue_note_standing, w, err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    if (status == AISLE_STOPPED)
        next = api_cursor(c,
                          arena_fmt(c->request->arena, "%lld",
                                    (long long)w->items[w->count - 1].now.seq),
                          (struct str){0});
    status = AISLE_OK;
    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++) {
        bool show;

        status = queue_fill_product(w, &w->items[i], &show, err);
        if (status == AISLE_OK && show)
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
    w.limit = api_limit(c);
    w.queue = (enum queue)queue;
    w.locale = taxonomy_locale(&w.h->tree, api_text(c, "locale"));
    if (!str_is(by, "product"))
        status = page_of_categories(&w, err);
    else if (w.queue == NEEDS)
        status = page_of_undecided(&w, err);
    else
        status = page_of_standing(&w, err);
    held_give(w.h);
    return status;
}

struct tally {
    const struct held *h;
    size_t products[QUEUES];
};

static enum aisle_status count_standing(void *ctx, const struct mapping_count *m,
                                        struct aisle_err *err)
{
    struct tally *t = ctx;

    (void)err;
    if (m->scope == SCOPE_PRODUCT && m->state != DECISION_CLEARED)
        t->products[queue_of_count(t->h, m)] += m->count;
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

/* How many products nothing settles, and how many there are. */
static enum aisle_status count_products(const struct queue_work *w, size_t *all,
                                        size_t *open, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct product_filter f = {.seller_id = w->seller_id};
    enum aisle_status status = store->ops->catalogue->count_products(store, &f, all, err);

    f.undecided_for = w->h->target_id;
    return status == AISLE_OK
               ? store->ops->catalogue->count_products(store, &f, open, err)
               : status;
}

static enum aisle_status count_queues(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    size_t categories[QUEUES] = {0}, all = 0, open = 0;
    struct tally tally = {0};
    struct queue_filter f;
    struct queue_work w;
    enum aisle_status status = begin(c, &w, err);

    if (status != AISLE_OK)
        return status;
    tally.h = w.h;
    f = (struct queue_filter){
        .seller_id = w.seller_id, .target_id = w.h->target_id, .sure_at = queue_sure_at};
    status = queue_load_categories(&w, err);
    for (size_t i = 0; i < w.count; i++)
        categories[w.items[i].queue]++;
    if (status == AISLE_OK)
        status = store->ops->queues->each_count(store, &f, count_standing, &tally, err);
    if (status == AISLE_OK)
        status = count_products(&w, &all, &open, err);
    tally.products[NEEDS] =
        open > tally.products[AGREED] ? open - tally.products[AGREED] : 0;
    json_open(&c->json);
    add_tally(c, "by_category", categories);
    add_tally(c, "by_product", tally.products);
    json_add_int(&c->json, "products", (int64_t)all);
    json_add_int(&c->json, "settled", (int64_t)(all - open));
    json_close(&c->json);
    held_give(w.h);
    return status;
}

const struct api_route api_queue_routes[] = {
    {.at = {"GET", "/api/v1/queues", {PARAM_NEED_TARGET, PARAM_SELLER}},
     .run = count_queues,
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
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
