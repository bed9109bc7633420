/* label_look.c - a label set beside the tree as it is now, and out of the store */
#include "flows/label_leaf.h"
#include "flows/labels.h"
#include "flows/sync.h"

struct looking {
    const struct app *app;
    struct label_place place;
    struct label_look look;
};

static enum aisle_status look_at_row(void *ctx, const struct set_row *row,
                                     struct aisle_err *err)
{
    struct looking *l = ctx;
    const struct label_leaf *leaf;
    enum aisle_status status = app_check_stop(l->app, err);

    if (status == AISLE_OK)
        status = label_leaf_find(&l->place.leaves, row->category, &leaf, err);
    if (status != AISLE_OK)
        return status;
    l->look.unknown += str_empty(leaf->id);
    l->look.open += !str_empty(leaf->id) && leaf->open;
    l->look.closed += !str_empty(leaf->id) && !leaf->open;
    return AISLE_OK;
}

static enum aisle_status look_at_rows(struct looking *l, struct aisle_err *err)
{
    const struct label_set *set = &l->look.set;
    enum aisle_status status = l->app->store->ops->labels->each_row(
        l->app->store, set->seller_id, set->target_id, set->name, look_at_row, l, err);

    return status == AISLE_OK ? label_leaf_count(&l->place.leaves, &l->look.leaves, err)
                              : status;
}

static enum aisle_status look_at_model(struct looking *l, struct arena *arena,
                                       struct aisle_err *err)
{
    const struct label_set *set = &l->look.set;
    struct trained_model m;
    struct aisle_err why = {0};
    enum aisle_status status = l->app->store->ops->models->get(
        l->app->store, set->seller_id, set->target_id, arena, &m, &why);

    l->look.learnt = status == AISLE_OK && m.labels >= set->seq;
    if (status == AISLE_OK || status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &why);
    return status;
}

enum aisle_status flow_label_look(const struct app *app, struct str target,
                                  struct str name, struct arena *arena,
                                  struct label_look *out, struct aisle_err *err)
{
    struct looking l = {.app = app};
    struct arena trees = ARENA_INIT(ARENA_MAX_WORK);
    enum aisle_status status = label_place_open(app, target, &trees, &l.place, err);

    if (status == AISLE_OK)
        status = app->store->ops->labels->get(app->store, l.place.shop.seller_id,
                                              l.place.target.id, name, arena, &l.look.set,
                                              err);
    l.look.has_tree = l.place.has_tree;
    if (status == AISLE_OK)
        status = look_at_model(&l, arena, err);
    if (status == AISLE_OK && l.place.has_tree)
        status = look_at_rows(&l, err);
    if (status == AISLE_OK)
        *out = l.look;
    label_place_clear(&l.place);
    arena_clear(&trees);
    return status;
}

enum aisle_status flow_label_remove(const struct app *app, struct str target,
                                    struct str name, bool dry, struct arena *arena,
                                    struct label_set *out, struct aisle_err *err)
{
    const struct store_labels *labels = app->store->ops->labels;
    struct target of;
    struct shop shop;
    enum aisle_status status = flow_target(app, target, arena, &of, &shop, err);

    if (status == AISLE_OK)
        status = labels->get(app->store, shop.seller_id, of.id, name, arena, out, err);
    if (status == AISLE_OK && !dry)
        status = labels->drop(app->store, shop.seller_id, of.id, name, err);
    return status;
}
