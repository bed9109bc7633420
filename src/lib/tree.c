/* tree.c - a kept tree as the caller reads it: every category ready to be shown */
#include "lib/lib.h"

#include "base/mem.h"
#include "flows/sync.h"
#include "match/match.h"

#include <pthread.h>

struct aisle_tree {
    struct arena arena;
    struct taxonomy tree;
    struct aisle_category *list; /* one a row, in the rows' order */
    uint32_t *top_down;          /* rows, a parent before its children */
    pthread_mutex_t lock;        /* of matcher, made at the first search */
    struct matcher *matcher;
};

/* ---- loading ---- */

static enum aisle_status choose_locale(const struct taxonomy *tree, const char *asked,
                                       uint32_t *out, struct aisle_err *err)
{
    *out = 0;
    if (!asked || !asked[0])
        return AISLE_OK;
    *out = taxonomy_locale(tree, str_of(asked));
    if (*out == TAXONOMY_NONE)
        return aisle_fail(err, AISLE_NOT_FOUND, "the tree was not synced in %s", asked);
    return AISLE_OK;
}

static enum aisle_status list_fill(struct aisle_tree *t, uint32_t locale,
                                   struct aisle_err *err)
{
    bool ok = true;

    t->list = arena_alloc(&t->arena, (t->tree.count + 1) * sizeof *t->list);
    if (!t->list)
        return aisle_nomem(err);
    for (size_t i = 0; ok && i < t->tree.count; i++)
        t->list[i] = category_out(&t->tree, &t->tree.rows[i], locale, &t->arena, &ok);
    return ok ? AISLE_OK : aisle_nomem(err);
}

/* The rows still to be visited stand behind those that were, the next one last: each is
 * there once, so that one list has room for both. */
static enum aisle_status order_fill(struct aisle_tree *t, struct aisle_err *err)
{
    const struct taxonomy *tree = &t->tree;
    uint32_t *waiting = arena_alloc(&t->arena, (tree->count + 1) * sizeof *waiting);
    size_t n = 0, done = 0;

    t->top_down = arena_alloc(&t->arena, (tree->count + 1) * sizeof *t->top_down);
    if (!waiting || !t->top_down)
        return aisle_nomem(err);
    for (size_t i = tree->root_count; i-- > 0;)
        waiting[n++] = tree->roots[i];
    while (n > 0) {
        uint32_t row = waiting[--n];
        const struct category *c = &tree->rows[row];

        t->top_down[done++] = row;
        for (uint32_t i = c->child_count; i-- > 0;)
            waiting[n++] = tree->children[c->first_child + i];
    }
    return AISLE_OK;
}

static enum aisle_status load(struct aisle *a, const char *target, const char *locale,
                              struct aisle_tree *t, struct aisle_err *err)
{
    struct store *store = a->app.store;
    struct target found;
    uint32_t in = 0;
    enum aisle_status status =
        flow_target(&a->app, str_of(target), &t->arena, &found, NULL, err);

    if (status == AISLE_OK)
        status =
            store->ops->trees->load(store, found.id, 0, &t->arena, NULL, &t->tree, err);
    if (status == AISLE_OK)
        status = choose_locale(&t->tree, locale, &in, err);
    if (status == AISLE_OK)
        status = list_fill(t, in, err);
    if (status == AISLE_OK)
        status = order_fill(t, err);
    return status;
}

enum aisle_status aisle_tree_load(struct aisle *a, const char *target, const char *locale,
                                  struct aisle_tree **out, struct aisle_err *err)
{
    struct aisle_tree *t = mem_zalloc(1, sizeof *t);
    enum aisle_status status;

    if (!t)
        return aisle_nomem(err);
    t->arena.max = ARENA_MAX_WORK;
    pthread_mutex_init(&t->lock, NULL);
    status = load(a, target, locale, t, err);
    if (status != AISLE_OK) {
        aisle_tree_free(t);
        return status;
    }
    *out = t;
    return AISLE_OK;
}

void aisle_tree_free(struct aisle_tree *t)
{
    if (!t)
        return;
    match_free(t->matcher);
    pthread_mutex_destroy(&t->lock);
    arena_clear(&t->arena);
    mem_free(t);
}

/* ---- reading ---- */

enum aisle_status aisle_category_each(const struct aisle_tree *t, aisle_category_fn *fn,
                                      void *ctx, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < t->tree.count; i++)
        status = fn(ctx, &t->list[t->top_down[i]], err);
    return status;
}

const struct aisle_category *aisle_category_get(const struct aisle_tree *t,
                                                const char *id)
{
    const struct category *c = taxonomy_get(&t->tree, str_of(id));

    return c ? &t->list[c - t->tree.rows] : NULL;
}

static enum aisle_status matcher_of(struct aisle_tree *t, const struct matcher **out,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    pthread_mutex_lock(&t->lock);
    if (!t->matcher)
        status = match_new(&t->tree, &t->matcher, err);
    *out = t->matcher;
    pthread_mutex_unlock(&t->lock);
    return status;
}

enum aisle_status aisle_category_search(struct aisle_tree *t, const char *typed,
                                        const struct aisle_category **out, size_t cap,
                                        size_t *count, struct aisle_err *err)
{
    const struct category **found;
    struct match_scratch *scratch = NULL;
    const struct matcher *matcher = NULL;
    size_t n = 0;
    enum aisle_status status;

    if (cap > t->tree.count) /* no more can be found */
        cap = t->tree.count;
    found = mem_zalloc(cap + 1, sizeof(const struct category *));
    status = found ? matcher_of(t, &matcher, err) : aisle_nomem(err);

    if (status == AISLE_OK)
        status = match_scratch_new(&scratch, err);
    if (status == AISLE_OK)
        status = match_search(matcher, scratch, str_of(typed), found, cap, &n, err);
    if (status == AISLE_OK) {
        for (size_t i = 0; i < n; i++)
            out[i] = &t->list[found[i] - t->tree.rows];
        *count = n;
    }
    match_scratch_free(scratch);
    mem_free(found);
    return status;
}
