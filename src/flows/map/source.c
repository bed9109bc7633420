#include "flows/map/source.h"

#include "base/mem.h"
#include "flows/map/take.h"
#include "flows/newest.h"

#include <stdlib.h>
#include <xxhash.h>

/* ---- what this run did before ---- */

struct done_set { /* open addressing over digests of (seller, product) */
    uint64_t *slots;
    size_t count, cap;
};

static uint64_t product_key(struct str seller_id, struct str id)
{
    uint64_t h = str_hash(seller_id) * 1099511628211u ^ str_hash(id);

    return h ? h : 1; /* 0 marks an empty slot */
}

static bool done_has(const struct done_set *set, uint64_t key)
{
    if (!set || !set->cap)
        return false;
    for (size_t i = key & (set->cap - 1); set->slots[i]; i = (i + 1) & (set->cap - 1))
        if (set->slots[i] == key)
            return true;
    return false;
}

static void done_place(struct done_set *set, uint64_t key)
{
    size_t i = key & (set->cap - 1);

    while (set->slots[i] && set->slots[i] != key)
        i = (i + 1) & (set->cap - 1);
    set->count += set->slots[i] == 0;
    set->slots[i] = key;
}

static bool done_add(struct done_set *set, uint64_t key)
{
    if (2 * (set->count + 1) > set->cap) {
        struct done_set wider = {.cap = set->cap ? 2 * set->cap : 1024};

        wider.slots = mem_zalloc(wider.cap, sizeof(*wider.slots));
        if (!wider.slots)
            return false;
        for (size_t i = 0; i < set->cap; i++)
            if (set->slots[i])
                done_place(&wider, set->slots[i]);
        mem_free(set->slots);
        *set = wider;
    }
    done_place(set, key);
    return true;
}

/* Counts of a run that was cut off may be a step behind: items are the truth. */
static enum aisle_status note_item(void *ctx, const struct run_item *item,
                                   struct aisle_err *err)
{
    struct map *m = ctx;

    run_counts_add(&m->run.counts, item);
    if (!done_add(m->done, product_key(item->seller_id, item->product_id)))
        return aisle_nomem(err);
    return AISLE_OK;
}

enum aisle_status done_load(struct map *m, struct aisle_err *err)
{
    struct run_counts *c = &m->run.counts;
    struct run_counts kept = {.total = c->total,
                              .conflicts = c->conflicts,
                              .calls = c->calls,
                              .uploads = c->uploads,
                              .recommends = c->recommends,
                              .saved = c->saved};
    enum aisle_status status;

    m->done = arena_zalloc(&m->arena, 1, sizeof(*m->done));
    if (!m->done)
        return aisle_nomem(err);
    run_counts_add_ruled(&kept, c->by_rule);
    *c = kept;
    status = m->app->store->ops->work->each_item(
        m->app->store, &(struct item_filter){.run_id = m->run.id}, note_item, m, err);
    m->loaded =
        (size_t)(c->done - c->by_rule); /* which take none of the limit's places */
    return status;
}

/* ---- the categories to do ---- */

/* A seller whose products are still to do, and who advises on them. */
struct seller_entry {
    struct str id;
    size_t left; /* categories that are not over */
    struct seller_advice *advice;
    struct accept_cuts cuts;
    struct seller_entry *next;
};

struct category_entry {
    struct seller_entry *seller;
    struct str id, path;
    struct str after_id; /* the last product of the piece before */
    bool out;            /* a piece of it is under way */
    bool over;
    struct category_entry *next;
};

struct category_queue {
    struct category_entry *first, **last;
    struct category_entry *waiting; /* those before it are over */
    size_t left;                    /* not over */
};

static enum aisle_status add_category(struct map *m, struct seller_entry *seller,
                                      struct str id, struct str path,
                                      struct aisle_err *err)
{
    struct category_entry *e = arena_zalloc(&m->arena, 1, sizeof(*e));

    if (!e)
        return aisle_nomem(err);
    e->seller = seller;
    e->id = arena_str(&m->arena, id);
    e->path = arena_str(&m->arena, path);
    if (!e->id.p || !e->path.p)
        return aisle_nomem(err);
    if (m->request->share)
        e->after_id = m->request->share->after_id;
    *m->categories->last = e;
    m->categories->last = &e->next;
    m->categories->left++;
    seller->left++;
    return AISLE_OK;
}

struct adding {
    struct map *m;
    struct seller_entry *seller;
};

static bool is_ours(const struct map_share *share, struct str category_id)
{
    if (!share)
        return true;
    return str_cmp(category_id, share->from) >= 0 &&
           (share->open_end || str_cmp(category_id, share->to) <= 0);
}

static enum aisle_status note_category(void *ctx, const struct seller_category *c,
                                       struct aisle_err *err)
{
    struct adding *a = ctx;

    if (c->products == 0 || !is_ours(a->m->request->share, c->id))
        return AISLE_OK;
    return add_category(a->m, a->seller, c->id, c->path, err);
}

struct seller_list {
    struct arena *arena;
    struct seller_entry *first, **last;
};

static enum aisle_status note_seller(void *ctx, const struct seller *s,
                                     struct aisle_err *err)
{
    struct seller_list *list = ctx;
    struct seller_entry *e = arena_zalloc(list->arena, 1, sizeof(*e));

    if (!e || !(e->id = arena_str(list->arena, s->id)).p)
        return aisle_nomem(err);
    *list->last = e;
    list->last = &e->next;
    return AISLE_OK;
}

/* Products without a category of their own come first, then category by category. */
static enum aisle_status add_seller(struct map *m, struct seller_entry *seller,
                                    struct aisle_err *err)
{
    struct adding adding = {m, seller};
    enum aisle_status status = AISLE_OK;

    if (is_ours(m->request->share, STR_LIT("")))
        status = add_category(m, seller, (struct str){"", 0}, (struct str){"", 0}, err);
    if (status != AISLE_OK)
        return status;
    return m->app->store->ops->catalogue->each_seller_category(
        m->app->store, seller->id, note_category, &adding, err);
}

enum aisle_status source_open(struct map *m, struct aisle_err *err)
{
    struct seller_list sellers = {.arena = &m->arena};
    enum aisle_status status = AISLE_OK;

    m->categories = arena_zalloc(&m->arena, 1, sizeof(*m->categories));
    if (!m->categories)
        return aisle_nomem(err);
    m->categories->last = &m->categories->first;
    sellers.last = &sellers.first;
    if (m->request->all_sellers)
        status = m->app->store->ops->shops->each_seller(m->app->store, note_seller,
                                                        &sellers, err);
    else
        status = note_seller(&sellers, &(struct seller){.id = m->run.seller_id}, err);
    for (struct seller_entry *s = sellers.first; status == AISLE_OK && s; s = s->next)
        status = add_seller(m, s, err);
    m->categories->waiting = m->categories->first;
    return status;
}

void source_close(struct map *m)
{
    if (m->done)
        mem_free(m->done->slots);
    m->done = NULL;
}

/* ---- who advises ---- */

/* Called by one thread at a time: with a seller's first products comes what it decided.
 */
static enum aisle_status learn(struct map *m, struct seller_entry *s,
                               struct aisle_err *err)
{
    enum aisle_status status;

    s->cuts = (struct accept_cuts){{ACCEPT_NEVER, ACCEPT_NEVER}};
    status = adviser_of(m->adviser, s->id, &s->advice, err);
    if (status == AISLE_OK && m->request->accept_at > 0)
        status = learnt_accept_cuts(&s->advice->learnt, s->advice->matcher,
                                    m->request->accept_at, &s->cuts, err);
    return status;
}

static enum aisle_status find_advice(struct map *m, struct group *g,
                                     struct seller_entry *s, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!m->policy->wants_matcher)
        return AISLE_OK;
    if (!s->advice)
        status = learn(m, s, err);
    g->advice = s->advice;
    g->accept_cut = ACCEPT_NEVER;
    if (s->advice)
        g->accept_cut = learnt_accept_cut(&s->advice->learnt, &s->cuts, g->category_path);
    return status;
}

/* Lock held. */
static void category_over(struct map *m, struct category_entry *e)
{
    m->categories->left--;
    if (--e->seller->left == 0 && e->seller->advice) {
        adviser_drop(m->adviser, e->seller->advice);
        e->seller->advice = NULL;
    }
}

/* ---- one piece ---- */

struct filling {
    struct map *m;
    struct group *g;
};

static bool keep_str(struct arena *a, struct str from, struct str *to)
{
    *to = arena_str(a, from);
    return to->p != NULL;
}

static bool is_behind(const struct map_share *share, struct str product_id)
{
    return share && !str_empty(share->until_id) &&
           str_cmp(product_id, share->until_id) > 0;
}

/* What a policy needs of a product; descriptions would fill the memory. */
static enum aisle_status fill_slot(void *ctx, const struct product *p,
                                   struct aisle_err *err)
{
    struct filling *f = ctx;
    struct arena *a = &f->g->arena;
    struct slot *slot = &f->g->slots[f->g->count];
    struct product *kept = &slot->product;

    if (is_behind(f->m->request->share, p->id))
        return AISLE_STOPPED;
    *slot = (struct slot){.state = SLOT_IDLE};
    if (!keep_str(a, p->seller_id, &kept->seller_id) || !keep_str(a, p->id, &kept->id) ||
        !keep_str(a, p->title, &kept->title) || !keep_str(a, p->brand, &kept->brand) ||
        !keep_str(a, p->seller_category_id, &kept->seller_category_id) ||
        !keep_str(a, p->image_id, &kept->image_id) ||
        !keep_str(a, p->image_location, &kept->image_location))
        return aisle_nomem(err);
    if (done_has(f->m->done, product_key(p->seller_id, p->id)))
        slot->state = SLOT_SETTLED;
    f->g->count++;
    return AISLE_OK;
}

/* Settled, and not by this very run (which goes on as if undisturbed). */
static bool settled_before(const struct map *m, const struct decision *d)
{
    return decision_is_settled(d->state) && !str_eq(d->run_id, m->run.id);
}

/* All parts of a category are one run in this: "r-…-7", "r-…-7.1" and so on. */
static bool is_of(struct str run_id, struct str of)
{
    return !str_empty(of) && str_eq(str_head(run_id, of.n), of) &&
           (run_id.n == of.n || run_id.p[of.n] == '.');
}

/* Products of a group are in the order of their ids. */
static struct slot *slot_of(struct group *g, struct str id)
{
    size_t from = 0, to = g->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(g->slots[middle].product.id, id);

        if (order == 0)
            return &g->slots[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

static enum aisle_status keep_proposed(struct arena *a, const struct decision *own,
                                       struct slot *slot, struct aisle_err *err)
{
    struct decision *kept = arena_alloc(a, sizeof *kept);

    if (!kept)
        return aisle_nomem(err);
    *kept = (struct decision){.state = own->state,
                              .advisor = own->advisor,
                              .confidence = own->confidence,
                              .conflict = own->conflict,
                              .provisional = own->provisional};
    slot->proposed = kept;
    return keep_str(a, own->category_id, &kept->category_id) &&
                   keep_str(a, own->reasons, &kept->reasons)
               ? AISLE_OK
               : aisle_nomem(err);
}

static enum aisle_status note_own(void *ctx, const struct decision *own,
                                  struct aisle_err *err)
{
    const struct filling *f = ctx;
    struct slot *slot = slot_of(f->g, own->key);

    if (!slot || slot->state != SLOT_IDLE)
        return AISLE_OK;
    if (settled_before(f->m, own))
        slot->state = SLOT_SETTLED;
    else
        slot->open_before = true;
    return own->state == DECISION_PROPOSED ? keep_proposed(&f->g->arena, own, slot, err)
                                           : AISLE_OK;
}

/* What is open with a word of its own: a refusal may be behind it. */
static enum aisle_status load_refusals(const struct map *m, struct group *g,
                                       struct slot *slot, struct aisle_err *err)
{
    struct refusals *r = arena_zalloc(&g->arena, 1, sizeof *r);

    if (!r)
        return aisle_nomem(err);
    slot->refused = r;
    return refusals_of(m->app, g->seller_id, m->target.id, SCOPE_PRODUCT,
                       slot->product.id, &g->arena, r, err);
}

static enum aisle_status mark_settled(struct map *m, struct group *g,
                                      struct aisle_err *err)
{
    struct filling f = {m, g};
    struct str *ids = mem_alloc((g->count + 1) * sizeof *ids);
    enum aisle_status status;
    size_t count = 0;

    if (!ids)
        return aisle_nomem(err);
    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state == SLOT_IDLE)
            ids[count++] = g->slots[i].product.id;
    status = m->app->store->ops->decisions->each_of(m->app->store, g->seller_id,
                                                    m->target.id, SCOPE_PRODUCT, ids,
                                                    count, note_own, &f, err);
    mem_free(ids);
    for (size_t i = 0; status == AISLE_OK && i < g->count; i++)
        if (g->slots[i].open_before)
            status = load_refusals(m, g, &g->slots[i], err);
    return status;
}

/* The category's mapping; *over when it was settled before the run. */
static enum aisle_status load_mapping(struct map *m, struct group *g, bool *over,
                                      struct aisle_err *err)
{
    enum aisle_status status;

    *over = false;
    if (str_empty(g->category_id))
        return AISLE_OK;
    status = group_load_mapping(m, g, &g->arena, err);
    if (status == AISLE_OK && g->has_mapping)
        *over = settled_before(m, &g->mapping) &&
                !(m->request->share && is_of(g->mapping.run_id, m->request->share->of));
    return status;
}

/* What counts against the limit: a product settled before takes no place. */
static size_t not_settled(const struct group *g)
{
    size_t n = 0;

    for (size_t i = 0; i < g->count; i++)
        n += g->slots[i].state != SLOT_SETTLED;
    return n;
}

/* How many products may still have their turn. */
static size_t room_left(const struct map *m)
{
    size_t limit = m->request->limit;

    if (limit == 0)
        return SIZE_MAX;
    return limit > m->loaded ? limit - m->loaded : 0;
}

/* What is behind the last that has its turn waits for another run. */
static void keep_to_limit(const struct map *m, struct group *g)
{
    size_t left = room_left(m);

    for (size_t i = 0; i < g->count; i++)
        if (g->slots[i].state != SLOT_SETTLED && left-- == 0) {
            g->count = i;
            g->more = true;
        }
}

static enum aisle_status load_products(struct map *m, struct group *g,
                                       const struct category_entry *e,
                                       struct aisle_err *err)
{
    struct product_filter filter = {
        .seller_id = g->seller_id,
        .after_seller = str_empty(e->after_id) ? (struct str){0} : g->seller_id,
        .after_id = e->after_id,
        .limit = GROUP_MAX,
        .seller_category_id = g->category_id,
        .has_seller_category = true,
    };
    const struct map_share *share = m->request->share;
    struct filling filling = {m, g};
    enum aisle_status status;

    g->slots = arena_alloc(&g->arena, filter.limit * sizeof(*g->slots));
    if (!g->slots)
        return aisle_nomem(err);
    status = m->app->store->ops->catalogue->each_product(m->app->store, &filter,
                                                         fill_slot, &filling, err);
    g->more = g->count == filter.limit || (share && share->rest);
    g->of_rest = share && !str_empty(share->of);
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

struct drawn {
    uint64_t lot;
    size_t slot;
};

static int by_lot(const void *a, const void *b)
{
    const struct drawn *x = a, *y = b;

    return x->lot != y->lot ? (x->lot > y->lot) - (x->lot < y->lot)
                            : (x->slot > y->slot) - (x->slot < y->slot);
}

/* The same order in every run, and also when a run is taken up. */
static enum aisle_status draw_order(struct group *g, struct aisle_err *err)
{
    struct drawn *lots = mem_alloc((g->count + 1) * sizeof *lots);

    g->order = arena_alloc(&g->arena, (g->count + 1) * sizeof *g->order);
    if (!lots || !g->order) {
        mem_free(lots);
        return aisle_nomem(err);
    }
    for (size_t i = 0; i < g->count; i++) {
        struct str id = g->slots[i].product.id;

        lots[i] = (struct drawn){XXH3_64bits(id.p, id.n), i};
    }
    qsort(lots, g->count, sizeof *lots, by_lot);
    for (size_t i = 0; i < g->count; i++)
        g->order[i] = lots[i].slot;
    mem_free(lots);
    return AISLE_OK;
}

static enum aisle_status load_piece(struct map *m, struct category_entry *e,
                                    struct group **out, struct aisle_err *err)
{
    struct group *g = mem_zalloc(1, sizeof(*g));
    enum aisle_status status;

    if (!g)
        return aisle_nomem(err);
    g->arena.max = g->decisions.max = ARENA_MAX_WORK;
    g->seller_id = e->seller->id;
    g->category_id = e->id;
    g->category_path = e->path;
    status = load_mapping(m, g, &e->over, err);
    if (status == AISLE_OK && !e->over)
        status = load_products(m, g, e, err);
    if (status == AISLE_OK && !e->over)
        status = mark_settled(m, g, err);
    if (status == AISLE_OK && !e->over)
        keep_to_limit(m, g);
    if (status == AISLE_OK && !e->over && g->count) {
        e->after_id = arena_str(&m->arena, g->slots[g->count - 1].product.id);
        if (!e->after_id.p)
            status = aisle_nomem(err);
    }
    if (status != AISLE_OK || e->over || g->count == 0) {
        e->over = true;
        source_free(g);
        return status;
    }
    status = find_advice(m, g, e->seller, err);
    if (status == AISLE_OK)
        status = draw_order(g, err);
    if (status != AISLE_OK) {
        source_free(g);
        return status;
    }
    g->entry = e;
    e->out = true;
    m->loaded += not_settled(g);
    *out = g;
    return AISLE_OK;
}

/* Lock held. */
static struct category_entry *next_entry(struct category_queue *q)
{
    while (q->waiting && q->waiting->over)
        q->waiting = q->waiting->next;
    for (struct category_entry *e = q->waiting; e; e = e->next)
        if (!e->over && !e->out)
            return e;
    return NULL;
}

enum aisle_status source_next(struct map *m, struct group **out, bool *over,
                              struct aisle_err *err)
{
    struct group *g = NULL;
    enum aisle_status status = AISLE_OK;

    while (status == AISLE_OK && !g) {
        struct category_entry *e;

        pthread_mutex_lock(&m->lock);
        *over = m->categories->left == 0 || room_left(m) == 0;
        e = *over ? NULL : next_entry(m->categories);
        m->starved = !*over && !e;
        pthread_mutex_unlock(&m->lock);
        if (!e)
            break;
        status = load_piece(m, e, &g, err);
        if (e->over) {
            pthread_mutex_lock(&m->lock);
            category_over(m, e);
            pthread_mutex_unlock(&m->lock);
        }
    }
    if (status == AISLE_OK)
        *out = g;
    return status;
}

void source_group_done(struct map *m, const struct group *g)
{
    struct category_entry *e = g->entry;

    e->out = false;
    e->over =
        !g->more || g->stuck; /* what is behind a stuck product waits for another time */
    if (e->over)
        category_over(m, e);
}

void source_free(struct group *g)
{
    if (!g)
        return;
    arena_clear(&g->arena);
    arena_clear(&g->decisions);
    mem_free(g);
}
