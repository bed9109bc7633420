#include "flows/impact.h"

#include "flows/successor.h"
#include "taxonomy/diff.h"

struct hurt { /* a mapping that is touched, kept until the store's walk is over */
    struct decision mapping;
    const char *why;
    struct hurt *next;
};

struct look {
    const struct app *app;
    const struct taxonomy *then, *now;
    int64_t now_id; /* of now's snapshot; 0: not kept yet */
    const struct sync_listener *listener;
    struct arena arena;
    struct hurt *first, **last;
    struct successors successors;
    size_t count;
};

/* Whether another category stands anywhere above it now. */
static bool hangs_elsewhere(const struct taxonomy *then, const struct category *was,
                            const struct taxonomy *now, const struct category *is)
{
    const struct category *old[TAXONOMY_MAX_DEPTH], *new[TAXONOMY_MAX_DEPTH];
    size_t n = category_chain(then, was, old);

    if (category_chain(now, is, new) != n)
        return true;
    while (n > 0 && str_eq(old[n - 1]->id, new[n - 1]->id))
        n--;
    return n > 0;
}

/* Why a mapping that was decided in `then` (NULL: in `now`) needs a look, or NULL. */
static const char *trouble(const struct taxonomy *then, const struct taxonomy *now,
                           const struct decision *d)
{
    const struct category *is = taxonomy_get(now, d->category_id);
    const struct category *was = then ? taxonomy_get(then, d->category_id) : NULL;

    if (!is || is->provisional)
        return decision_lost_leaf(d, is) ? "removed" : NULL;
    if (!is->leaf || is->child_count)
        return "no longer a leaf";
    if (!permission_is_open(is->permissions))
        return "closed to this shop";
    if (!was || was->provisional)
        return NULL;
    if (hangs_elsewhere(then, was, now, is))
        return "moved";
    return category_same_name(then, was, now, is) ? NULL : "renamed";
}

static bool decision_keep(struct arena *arena, const struct decision *d,
                          struct decision *out)
{
    *out = *d;
    out->seller_id = arena_str(arena, d->seller_id);
    out->target_id = arena_str(arena, d->target_id);
    out->key = arena_str(arena, d->key);
    out->category_id = arena_str(arena, d->category_id);
    out->who = arena_str(arena, d->who);
    out->batch_id = arena_str(arena, d->batch_id);
    out->reasons = out->run_id = (struct str){"", 0};
    return out->seller_id.p && out->target_id.p && out->key.p && out->category_id.p &&
           out->who.p && out->batch_id.p;
}

static enum aisle_status collect(void *ctx, const struct decision *d,
                                 struct aisle_err *err)
{
    struct look *look = ctx;
    bool seen = look->now_id && d->snapshot_id >= look->now_id;
    const char *why = trouble(seen ? NULL : look->then, look->now, d);
    struct hurt *h;

    if (!why)
        return AISLE_OK;
    h = arena_alloc(&look->arena, sizeof(*h));
    if (!h || !decision_keep(&look->arena, d, &h->mapping))
        return aisle_nomem(err);
    h->why = why;
    h->next = NULL;
    *look->last = h;
    look->last = &h->next;
    return AISLE_OK;
}

static enum aisle_status find_successor(struct look *look, struct impact *impact,
                                        struct aisle_err *err)
{
    struct successor to;
    enum aisle_status status =
        successor_find(&look->successors, impact->mapping->category_id, &to, err);

    if (status != AISLE_OK)
        return status;
    impact->was_path = to.was_path;
    impact->successor_id = to.id;
    impact->successor_by = to.by;
    impact->confidence = to.confidence;
    return AISLE_OK;
}

static enum aisle_status products_of(const struct app *app, const struct decision *d,
                                     size_t *count, struct aisle_err *err)
{
    struct product_filter filter = {.seller_id = d->seller_id,
                                    .seller_category_id = d->key,
                                    .has_seller_category = true};

    if (d->scope != SCOPE_SELLER_CATEGORY) {
        *count = 1;
        return AISLE_OK;
    }
    return app->store->ops->catalogue->count_products(app->store, &filter, count, err);
}

static enum aisle_status tell(struct look *look, const struct hurt *h,
                              struct aisle_err *err)
{
    struct buf to = BUF_INIT(BUF_MAX_LINE);
    struct impact impact = {.mapping = &h->mapping, .why = h->why, .successor_by = ""};
    const struct category *c;
    enum aisle_status status = products_of(look->app, &h->mapping, &impact.products, err);

    if (status == AISLE_OK)
        status = find_successor(look, &impact, err);
    if (status != AISLE_OK)
        return status;

    c = taxonomy_get(look->now, impact.successor_id);
    if (c)
        category_path(look->now, c, taxonomy_locale(look->now, look->successors.locale),
                      &to);
    impact.successor_path = buf_str(&to);
    look->count++;
    if (look->listener && look->listener->impact)
        look->listener->impact(look->listener->ctx, &impact);
    buf_clear(&to);
    return AISLE_OK;
}

enum aisle_status impact_each(const struct app *app, struct str target_id,
                              const struct taxonomy *then, const struct taxonomy *now,
                              int64_t now_id, const struct sync_listener *listener,
                              size_t *count, struct aisle_err *err)
{
    struct look look = {
        .app = app,
        .then = then,
        .now = now,
        .now_id = now_id,
        .listener = listener,
        .successors = {.app = app,
                       .target_id = target_id,
                       .now = now,
                       .then = then,
                       .locale = listener ? listener->locale : STR_LIT("")},
        .arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct mapping_filter filter = {.target_id = target_id,
                                    .states = 1u << DECISION_ACCEPTED};
    enum aisle_status status;

    look.last = &look.first;
    status = app->store->ops->decisions->each_mapping(app->store, &filter, collect, &look,
                                                      err);
    for (const struct hurt *h = look.first; status == AISLE_OK && h; h = h->next) {
        status = app_check_stop(app, err);
        if (status == AISLE_OK)
            status = tell(&look, h, err);
    }
    *count = look.count;
    successors_clear(&look.successors);
    arena_clear(&look.arena);
    return status;
}

static enum aisle_status count_broken(void *ctx, const struct decision *d,
                                      struct aisle_err *err)
{
    struct look *look = ctx;

    (void)err;
    look->count += trouble(NULL, look->now, d) != NULL;
    return AISLE_OK;
}

enum aisle_status flow_tree_broken(const struct app *app, struct str target_id,
                                   struct str seller_id, size_t *count,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct mapping_filter filter = {.seller_id = seller_id,
                                    .target_id = target_id,
                                    .states = 1u << DECISION_ACCEPTED};
    struct taxonomy now;
    struct look look = {.now = &now};
    struct aisle_err none = {0};
    enum aisle_status status =
        app->store->ops->trees->load(app->store, target_id, 0, &arena, NULL, &now, &none);

    if (status == AISLE_OK)
        status = app->store->ops->decisions->each_mapping(app->store, &filter,
                                                          count_broken, &look, &none);
    arena_clear(&arena);
    if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    *count = look.count;
    return AISLE_OK;
}
