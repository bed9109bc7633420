#include "flows/label_leaf.h"

#include "base/mem.h"
#include "flows/sync.h"

static bool is_leaf(const struct category *c)
{
    return c && c->leaf && !c->child_count;
}

static enum aisle_status look_up(struct label_leaves *l, struct str label,
                                 struct label_leaf *out, struct aisle_err *err)
{
    const struct taxonomy *tree = l->successors.now;
    const struct category *c = taxonomy_get(tree, label);
    struct successor to = {0};
    enum aisle_status status = AISLE_OK;

    if (!c)
        c = taxonomy_at_path(tree, label);
    if (!is_leaf(c))
        status = successor_find(&l->successors, c ? c->id : label, &to, err);
    if (status == AISLE_OK && !str_empty(to.id))
        c = taxonomy_get(tree, to.id);
    if (status == AISLE_OK && is_leaf(c))
        *out = (struct label_leaf){c->id, category_takes_products(c)};
    return status;
}

enum aisle_status label_leaf_find(struct label_leaves *l, struct str label,
                                  const struct label_leaf **out, struct aisle_err *err)
{
    uint64_t key = str_hash(label);
    uint32_t at = numbered_find(&l->known, key);
    struct label_leaf leaf = {0};
    void *list = l->list;
    enum aisle_status status;

    if (at != NUMBERED_NONE) {
        *out = &l->list[at];
        return AISLE_OK;
    }
    status = look_up(l, label, &leaf, err);
    if (status != AISLE_OK)
        return status;
    if (!list_grow(&list, l->count, &l->cap, sizeof leaf))
        return aisle_nomem(err);
    l->list = list;
    if (!numbered_set(&l->known, key, l->count))
        return aisle_nomem(err);
    l->list[l->count] = leaf;
    *out = &l->list[l->count++];
    return AISLE_OK;
}

enum aisle_status label_leaf_count(const struct label_leaves *l, size_t *out,
                                   struct aisle_err *err)
{
    struct numbered seen = {0};
    bool kept = true;

    for (uint32_t i = 0; kept && i < l->count; i++)
        if (!str_empty(l->list[i].id))
            kept = numbered_set(&seen, str_hash(l->list[i].id), i);
    if (kept)
        *out = seen.used;
    numbered_clear(&seen);
    return kept ? AISLE_OK : aisle_nomem(err);
}

void label_leaves_clear(struct label_leaves *l)
{
    successors_clear(&l->successors);
    numbered_clear(&l->known);
    mem_free(l->list);
    l->list = NULL;
    l->count = l->cap = 0;
}

/* ---- a target and its tree ---- */

enum aisle_status label_place_open(const struct app *app, struct str asked,
                                   struct arena *arena, struct label_place *out,
                                   struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status =
        flow_target(app, asked, arena, &out->target, &out->shop, err);

    if (status != AISLE_OK)
        return status;
    status = app->store->ops->trees->load(app->store, out->target.id, 0, arena, NULL,
                                          &out->tree, &why);
    out->has_tree = status == AISLE_OK;
    out->leaves.successors = (struct successors){
        .app = app, .target_id = out->target.id, .now = &out->tree, .told_only = true};
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &why);
    return status;
}

void label_place_clear(struct label_place *p)
{
    label_leaves_clear(&p->leaves);
}
