/* queues.c - what waits for people, by what it waits for: by seller category, where one
 * decision covers many products, and by product
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
#include "api/call.h"
#include "flows/decide.h"

#include <stdlib.h>

enum queue { NEEDS, AGREED, CONFLICTING, BROKEN, NO_LEAF, DONE, QUEUES };

static const char *const queue_names[QUEUES] = {"needs",  "agreed", "conflict",
                                                "broken", "none",   "done"};

/* Of advice shown as this sure, four of five are taken. */
static const double sure_at = 0.8;
enum { CANDIDATES = 8, FILL_MOST = 2000 };

static bool leaf_is_gone(const struct held *h, struct str category_id, bool provisional)
{
    const struct category *c = taxonomy_get(&h->tree, category_id);

    return !provisional && (!c || c->provisional || !category_takes_products(c));
}

static enum queue queue_of(const struct held *h, const struct mapping_count *m)
{
    switch (m->state) {
    case DECISION_PROPOSED:
        return m->conflict ? CONFLICTING : m->sure ? AGREED : NEEDS;
    case DECISION_ACCEPTED:
        if (leaf_is_gone(h, m->category_id, m->provisional))
            return BROKEN;
        return m->conflict ? CONFLICTING : DONE;
    case DECISION_NONE:
        return NO_LEAF;
    case DECISION_REJECTED:
    case DECISION_CLEARED:
        break;
    }
    return NEEDS;
}

static enum queue queue_of_decision(const struct held *h, const struct decision *d)
{
    const struct mapping_count m = {.state = d->state,
                                    .conflict = d->conflict,
                                    .provisional = d->provisional,
                                    .sure = d->confidence >= sure_at,
                                    .category_id = d->category_id};

    return d->seq ? queue_of(h, &m) : NEEDS;
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

struct item {
    struct str seller_id, key, title, category; /* of a seller category: its path */
    size_t products, open; /* it covers; of them those nothing settles */
    struct decision now;   /* seq 0: none */
    enum queue queue;
    struct product product; /* of an item by product */
};

struct work {
    struct api_call *c;
    struct held *h;
    struct str seller_id;
    uint32_t locale;
    enum queue queue;
    size_t limit;
    struct item *items; /* by seller category: all there are */
    size_t count, cap;
};

static bool keep_decision(struct arena *arena, const struct decision *d,
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

static struct item *add_item(struct work *w)
{
    struct arena *arena = w->c->request->arena;

    if (w->count == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 128;
        struct item *wider = arena_alloc(arena, cap * sizeof *wider);

        if (!wider)
            return NULL;
        if (w->count)
            memcpy(wider, w->items, w->count * sizeof *wider);
        w->items = wider;
        w->cap = cap;
    }
    w->items[w->count] = (struct item){0};
    return &w->items[w->count++];
}

/* What is proposed goes first, then what the matcher says. */
static enum aisle_status candidates(struct work *w, const struct item *item,
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
    size_t n = 0, ranks = 0;
    enum aisle_status status =
        api_rank(w->c, w->h, &about, ranked, CANDIDATES, &ranks, err);

    if (status != AISLE_OK)
        return status;
    if (item->now.seq && !str_empty(item->now.category_id) &&
        item->now.state != DECISION_REJECTED && item->queue != BROKEN)
        list[n++] = (struct suggestion){.category_id = item->now.category_id,
                                        .confidence = item->now.confidence,
                                        .advisor = item->now.advisor,
                                        .reasons = item->now.reasons};
    for (size_t i = 0; i < ranks && n < CANDIDATES; i++)
        if (n == 0 || !str_eq(ranked[i].category_id, list[0].category_id))
            list[n++] = ranked[i];
    *count = n;
    return AISLE_OK;
}

static enum aisle_status put_item(struct work *w, const struct item *item,
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

/* ---- by seller category ---- */

static enum aisle_status note_category(void *ctx, const struct category_progress *p,
                                       struct aisle_err *err)
{
    struct work *w = ctx;
    struct arena *arena = w->c->request->arena;
    struct item *item;

    if (str_empty(p->category.id))
        return AISLE_OK;
    item = add_item(w);
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
static struct item *find_item(struct work *w, struct str seller_id, struct str id)
{
    size_t low = 0, high = w->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct item *item = &w->items[middle];
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
    struct work *w = ctx;
    struct item *item = find_item(w, d->seller_id, d->key);
    enum queue queue;

    if (!item)
        return AISLE_OK;
    if (!keep_decision(w->c->request->arena, d, &item->now))
        return aisle_nomem(err);
    queue = queue_of_decision(w->h, d);
    if (!(item->queue == DONE && (queue == NEEDS || queue == AGREED)))
        item->queue = queue;
    if (decision_is_settled(d->state))
        item->open = 0;
    return AISLE_OK;
}

static enum aisle_status load_categories(struct work *w, struct aisle_err *err)
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

static int most_products_first(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int order = (y->open > x->open) - (y->open < x->open);

    if (order == 0)
        order = (y->products > x->products) - (y->products < x->products);
    if (order == 0)
        order = str_cmp(x->seller_id, y->seller_id);
    return order ? order : str_cmp(x->key, y->key);
}

/* The place of a page: "310 312 acme" and the key. */
static enum aisle_status said_place(struct work *w, struct item *out,
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
    *out = (struct item){.open = str_empty(open) ? SIZE_MAX : (size_t)m,
                         .products = (size_t)n,
                         .seller_id = head,
                         .key = key};
    return status;
}

static enum aisle_status page_of_categories(struct work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct item after = {0};
    size_t told = 0, at;
    struct str next = {0};
    enum aisle_status status = said_place(w, &after, err);

    if (status == AISLE_OK)
        status = load_categories(w, err);
    if (status != AISLE_OK)
        return status;
    if (w->count)
        qsort(w->items, w->count, sizeof *w->items, most_products_first);
    api_open_items(c);
    for (at = 0; status == AISLE_OK && at < w->count && told < w->limit; at++) {
        const struct item *item = &w->items[at];

        if (item->queue != w->queue || most_products_first(&after, item) >= 0)
            continue;
        status = put_item(w, item, err);
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

static enum aisle_status keep_product(struct work *w, const struct product *p,
                                      struct item *item, struct aisle_err *err)
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

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct item *item = add_item(ctx);

    return item ? keep_product(ctx, p, item, err) : aisle_nomem(err);
}

static enum aisle_status fill_decision(struct work *w, struct item *item,
                                       enum decision_scope scope, struct str key,
                                       struct decision *out, struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct aisle_err mine = {0};
    enum aisle_status status =
        store->ops->decisions->get(store, item->seller_id, w->h->target_id, scope, key,
                                   w->c->request->arena, out, &mine);

    if (status == AISLE_NOT_FOUND) {
        *out = (struct decision){0};
        return AISLE_OK;
    }
    aisle_pass(err, &mine);
    return status;
}

/* Those nothing settles; looked through in pieces until the page is full. */
static enum aisle_status page_of_undecided(struct work *w, struct aisle_err *err)
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
        status = store->ops->catalogue->each_product(store, &f, note_product, w, err);
        more = w->count == f.limit;
        for (size_t i = 0; status == AISLE_OK && i < w->count && told < w->limit; i++) {
            struct item *item = &w->items[i];

            looked++;
            f.after_seller = item->seller_id;
            f.after_id = item->key;
            status = fill_decision(w, item, SCOPE_PRODUCT, item->key, &item->now, err);
            item->queue = queue_of_decision(w->h, &item->now);
            if (status == AISLE_OK && item->queue == w->queue) {
                status = put_item(w, item, err);
                told++;
                more = more || i + 1 < w->count;
            }
        }
    }
    api_close_items(c, more && f.after_id.n ? api_cursor(c, f.after_seller, f.after_id)
                                            : (struct str){0});
    return status;
}

static enum aisle_status note_standing(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct work *w = ctx;
    struct item *item;

    if (queue_of_decision(w->h, d) != w->queue)
        return AISLE_OK;
    item = add_item(w);
    if (!item || !keep_decision(w->c->request->arena, d, &item->now))
        return aisle_nomem(err);
    item->queue = w->queue;
    return w->count >= w->limit ? AISLE_STOPPED : AISLE_OK;
}

/* Whether the product is there still, and its category has not settled it. */
static enum aisle_status fill_product(struct work *w, struct item *item, bool *show,
                                      struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct aisle_err mine = {0};
    struct decision of_category = {0};
    struct product p;
    enum aisle_status status = store->ops->catalogue->get_product(
        store, item->now.seller_id, item->now.key, w->c->request->arena, &p, &mine);

    *show = false;
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    status = keep_product(w, &p, item, err);
    if (status == AISLE_OK && item->now.state == DECISION_PROPOSED &&
        !str_empty(p.seller_category_id))
        status = fill_decision(w, item, SCOPE_SELLER_CATEGORY, p.seller_category_id,
                               &of_category, err);
    *show = status == AISLE_OK && !decision_is_settled(of_category.state);
    if (!of_category.seq)
        *show = status == AISLE_OK;
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

static enum aisle_status page_of_standing(struct work *w, struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct store *store = c->app.store;
    struct mapping_filter f = {.seller_id = w->seller_id,
                               .target_id = w->h->target_id,
                               .has_scope = true,
                               .scope = SCOPE_PRODUCT,
                               .states = states_of(w->queue),
                               .only_conflicts = w->queue == CONFLICTING,
                               .least_confidence = w->queue == AGREED ? sure_at : 0};
    struct str after, rest;
    struct str next = {0};
    enum aisle_status status = api_cursor_read(c, &after, &rest, err);

    if (status == AISLE_OK && !str_empty(after) &&
        !parse_i64(after, 0, INT64_MAX, &f.after_seq))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    if (status == AISLE_OK)
        status = store->ops->decisions->each_mapping(store, &f, note_standing, w, err);
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

        status = fill_product(w, &w->items[i], &show, err);
        if (status == AISLE_OK && show)
            status = put_item(w, &w->items[i], err);
    }
    api_close_items(c, next);
    return status;
}

/* ---- the routes ---- */

static enum aisle_status begin(struct api_call *c, struct work *w, struct aisle_err *err)
{
    enum aisle_status status;

    *w = (struct work){.c = c};
    status = api_seller(c, api_text(c, "seller"), &w->seller_id, err);
    if (status == AISLE_OK)
        status = api_tree(c, api_text(c, "target"), &w->h, err);
    return status;
}

static enum aisle_status get_queue(struct api_call *c, struct aisle_err *err)
{
    struct str by = api_text(c, "by");
    struct work w;
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
        t->products[queue_of(t->h, m)] += m->count;
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
static enum aisle_status count_products(const struct work *w, size_t *all, size_t *open,
                                        struct aisle_err *err)
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
    struct work w;
    enum aisle_status status = begin(c, &w, err);

    if (status != AISLE_OK)
        return status;
    tally.h = w.h;
    f = (struct queue_filter){
        .seller_id = w.seller_id, .target_id = w.h->target_id, .sure_at = sure_at};
    status = load_categories(&w, err);
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

/* ---- approving what is agreed ---- */

enum { APPROVE_MOST = 1000, REFUSED_MOST = 50 };

struct approving {
    struct work *w;
    char batch[BATCH_ID_LEN];
    size_t accepted, refused;
};

static void put_refused(struct approving *a, const struct item *item,
                        const struct aisle_err *why)
{
    struct json_out *o = &a->w->c->json;

    if (a->refused++ >= REFUSED_MOST)
        return;
    json_open(o);
    json_add_str(o, "seller", item->seller_id);
    json_add_str(o, "key", item->key);
    json_add_str(o, "code", str_of(aisle_status_name(why->status)));
    json_add_str(o, "detail", str_of(why->text));
    json_close(o);
}

/* What changed since it was looked at, or may not be, is left as it is and named. */
static enum aisle_status approve_one(struct approving *a, struct decider *d,
                                     const struct item *item, enum decision_scope scope,
                                     struct aisle_err *err)
{
    struct decide_request r = {.seller_id = item->seller_id,
                               .scope = scope,
                               .key = item->key,
                               .state = DECISION_ACCEPTED,
                               .category = item->now.category_id,
                               .expected = item->now.seq,
                               .batch_id = str_of(a->batch),
                               .reasons = item->now.reasons};
    struct aisle_err mine = {0};
    char batch[BATCH_ID_LEN];
    enum aisle_status status = decider_decide(d, &r, false, batch, &mine);

    if (status == AISLE_CONFLICT || status == AISLE_INVALID ||
        status == AISLE_NOT_FOUND) {
        put_refused(a, item, &mine);
        return AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    a->accepted++;
    memcpy(a->batch, batch, sizeof batch);
    return AISLE_OK;
}

static enum aisle_status load_agreed(struct work *w, bool by_product,
                                     struct aisle_err *err)
{
    struct store *store = w->c->app.store;
    struct mapping_filter f = {.seller_id = w->seller_id,
                               .target_id = w->h->target_id,
                               .has_scope = true,
                               .scope = SCOPE_PRODUCT,
                               .states = 1u << DECISION_PROPOSED,
                               .least_confidence = sure_at};
    size_t kept = 0;
    enum aisle_status status;

    if (by_product) {
        status = store->ops->decisions->each_mapping(store, &f, note_standing, w, err);
        if (status == AISLE_STOPPED)
            status = AISLE_OK;
    } else {
        status = load_categories(w, err);
    }
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++) {
        struct item *item = &w->items[i];
        bool show = item->queue == AGREED;

        if (by_product)
            status = fill_product(w, item, &show, err);
        if (show && kept < w->limit)
            w->items[kept++] = *item;
    }
    w->count = kept;
    return status;
}

static enum aisle_status approve_all(struct work *w, bool by_product,
                                     struct aisle_err *err)
{
    struct api_call *c = w->c;
    struct decider d = {.app = &c->app,
                        .target = w->h->target,
                        .shop = w->h->shop,
                        .snapshot = w->h->snapshot,
                        .tree = w->h->tree};
    struct approving a = {.w = w};
    enum aisle_status status = AISLE_OK;

    json_open(&c->json);
    json_key(&c->json, "refused");
    json_open_list(&c->json);
    for (size_t i = 0; status == AISLE_OK && i < w->count; i++)
        status = approve_one(&a, &d, &w->items[i],
                             by_product ? SCOPE_PRODUCT : SCOPE_SELLER_CATEGORY, err);
    json_close_list(&c->json);
    json_add_int(&c->json, "accepted", (int64_t)a.accepted);
    json_add_int(&c->json, "refused_count", (int64_t)a.refused);
    api_add_or_null(c, "batch", str_of(a.batch));
    json_close(&c->json);
    api_note(c, w->seller_id,
             arena_fmt(c->request->arena, "%.*s %zu keys %s", STR_ARG(w->h->target_id),
                       a.accepted, a.batch));
    return status;
}

/* Exactly what was shown: the number is said, and must still be right. */
static enum aisle_status post_approvals(struct api_call *c, struct aisle_err *err)
{
    struct work w = {.c = c, .queue = AGREED, .limit = APPROVE_MOST};
    bool by_product = str_is(json_str(c->body, "by"), "product");
    int64_t count = json_int(c->body, "count", -1);
    struct str target;
    enum aisle_status status = api_need(c, "target", &target, err);

    if (status == AISLE_OK)
        status = api_seller(c, json_str(c->body, "seller"), &w.seller_id, err);
    if (status == AISLE_OK)
        status = api_tree(c, target, &w.h, err);
    if (status != AISLE_OK)
        return status;
    status = load_agreed(&w, by_product, err);
    if (status == AISLE_OK && count >= 0 && (size_t)count != w.count)
        status = api_fail(c, 409, "count", err, "%zu are agreed by now, not %lld",
                          w.count, (long long)count);
    if (status == AISLE_OK)
        status = approve_all(&w, by_product, err);
    held_give(w.h);
    return status;
}

const struct api_route api_queue_routes[] = {
    {.at = {"POST", "/api/v1/approvals", {{0}}},
     .run = post_approvals,
     .right = RIGHT_DECIDE,
     .what = "decision.add"},
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
