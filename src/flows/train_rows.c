#include "flows/train_rows.h"

#include "flows/label_leaf.h"
#include "flows/learn.h"
#include "flows/models.h"
#include "flows/newest.h"

/* ---- decisions ---- */

static enum aisle_status keep_row(struct train_rows *t, size_t at,
                                  const struct labelled *row, struct aisle_err *err)
{
    struct labelled kept = {
        .text = {.title = arena_str(&t->arena, row->text.title),
                 .description = arena_str(
                     &t->arena, str_head(row->text.description, FEATURES_MAX_TEXT)),
                 .brand = arena_str(&t->arena, row->text.brand),
                 .seller_category = arena_str(&t->arena, row->text.seller_category)},
        .category_id = arena_str(&t->arena, row->category_id)};

    if (!kept.text.title.p || !kept.text.description.p || !kept.text.brand.p ||
        !kept.text.seller_category.p || !kept.category_id.p)
        return aisle_nomem(err);
    t->list[at] = kept;
    return AISLE_OK;
}

static enum aisle_status keep_decided(struct train_rows *t, const struct labelled *row,
                                      struct aisle_err *err)
{
    return keep_row(t, t->decided++ % TRAIN_MOST, row, err);
}

/* Products that a seller category's decision speaks for. */
struct covering {
    struct train_rows *t;
    const struct labelled *row; /* of the category */
};

static enum aisle_status keep_covered(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct covering *c = ctx;
    struct train_rows *t = c->t;
    struct labelled row = {.text = {.title = p->title,
                                    .description = p->description,
                                    .brand = p->brand,
                                    .seller_category = c->row->text.seller_category},
                           .category_id = c->row->category_id};
    struct decision own;
    bool found = false;
    enum aisle_status status =
        newest_decision(t->app, p->seller_id, t->target_id, SCOPE_PRODUCT, p->id,
                        &t->item, &own, &found, err);

    if (status == AISLE_OK && (!found || own.state == DECISION_CLEARED))
        status = keep_decided(t, &row, err);
    arena_clear(&t->item);
    return status;
}

static enum aisle_status take_row(void *ctx, const struct decision *d,
                                  const struct labelled *row, struct aisle_err *err)
{
    struct train_rows *t = ctx;
    struct product_filter of = {.seller_id = t->seller_id,
                                .seller_category_id = d->key,
                                .has_seller_category = true,
                                .limit = TRAIN_COVERED};
    struct covering c = {t, row};
    enum aisle_status status = app_check_stop(t->app, err);

    if (status != AISLE_OK)
        return status;
    if (d->scope == SCOPE_PRODUCT)
        return keep_decided(t, row, err);
    return t->app->store->ops->catalogue->each_product(t->app->store, &of, keep_covered,
                                                       &c, err);
}

static enum aisle_status gather_decided(struct train_rows *t, struct aisle_err *err)
{
    struct learn_request from = {
        .seller_id = t->seller_id, .target_id = t->target_id, .tree = t->tree};

    return learnt_each(t->app, &from, take_row, t, &t->stamp, err);
}

/* ---- label sets ---- */

struct reading_sets {
    struct train_rows *t;
    struct label_leaves leaves;
    struct numbered decided; /* hashes of their titles */
};

static size_t decided_count(const struct train_rows *t)
{
    return t->decided < TRAIN_MOST ? t->decided : TRAIN_MOST;
}

static enum aisle_status note_titles(struct reading_sets *r, struct aisle_err *err)
{
    for (size_t i = 0; i < decided_count(r->t); i++)
        if (!numbered_set(&r->decided, str_hash(r->t->list[i].text.title), 0))
            return aisle_nomem(err);
    return AISLE_OK;
}

static enum aisle_status take_label(void *ctx, const struct set_row *from,
                                    struct aisle_err *err)
{
    struct reading_sets *r = ctx;
    struct train_rows *t = r->t;
    struct labelled row = {.text = {.title = from->title,
                                    .description = from->description,
                                    .brand = from->brand,
                                    .seller_category = from->seller_category}};
    const struct label_leaf *leaf;
    enum aisle_status status = app_check_stop(t->app, err);

    if (status != AISLE_OK || train_rows_count(t) == TRAIN_MOST ||
        numbered_find(&r->decided, str_hash(from->title)) != NUMBERED_NONE)
        return status;
    status = label_leaf_find(&r->leaves, from->category, &leaf, err);
    if (status != AISLE_OK)
        return status;
    row.category_id = leaf->id;
    if (str_empty(leaf->id))
        t->left_out++;
    else
        status = keep_row(t, train_rows_count(t), &row, err);
    t->labelled += !str_empty(leaf->id) && status == AISLE_OK;
    return status;
}

static enum aisle_status take_set(void *ctx, const struct label_set *set,
                                  struct aisle_err *err)
{
    const struct reading_sets *r = ctx;
    struct store *store = r->t->app->store;

    return store->ops->labels->each_row(store, set->seller_id, set->target_id, set->name,
                                        take_label, ctx, err);
}

static enum aisle_status gather_labels(struct train_rows *t, struct aisle_err *err)
{
    struct reading_sets r = {.t = t,
                             .leaves = {.successors = {.app = t->app,
                                                       .target_id = t->target_id,
                                                       .now = t->tree,
                                                       .told_only = true}}};
    enum aisle_status status = note_titles(&r, err);

    if (status == AISLE_OK)
        status = t->app->store->ops->labels->each(t->app->store, t->seller_id,
                                                  t->target_id, take_set, &r, err);
    numbered_clear(&r.decided);
    label_leaves_clear(&r.leaves);
    return status;
}

/* ---- both ---- */

size_t train_rows_count(const struct train_rows *t)
{
    return decided_count(t) + t->labelled;
}

/* The number of the last change is asked first: a set that changes while we read makes
 * the model an old one, not a wrong one. */
enum aisle_status train_rows_gather(struct train_rows *t, struct aisle_err *err)
{
    enum aisle_status status = t->app->store->ops->labels->changed(
        t->app->store, t->seller_id, t->target_id, &t->labels, err);

    t->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    t->item = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    t->list = arena_alloc(&t->arena, TRAIN_MOST * sizeof *t->list);
    if (status == AISLE_OK && !t->list)
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = gather_decided(t, err);
    return status == AISLE_OK ? gather_labels(t, err) : status;
}

void train_rows_clear(struct train_rows *t)
{
    arena_clear(&t->item);
    arena_clear(&t->arena);
}
