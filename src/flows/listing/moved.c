#include "flows/listing/moved.h"

#include "flows/keys.h"
#include "flows/newest.h"

struct moving {
    const struct app *app;
    const struct listing_move *move;
    const struct listing *listing;
    struct arena *arena;
    size_t decisions;
};

enum { MOST_TARGETS = 32 };

struct target_list {
    struct arena *arena;
    struct target rows[MOST_TARGETS];
    size_t count;
};

/* A visitor may not write to the store it visits: targets are listed first. */
static enum aisle_status note_target(void *ctx, const struct target *t,
                                     struct aisle_err *err)
{
    struct target_list *list = ctx;
    struct target *row = &list->rows[list->count];

    if (list->count == MOST_TARGETS)
        return AISLE_OK;
    *row = (struct target){.id = arena_str(list->arena, t->id),
                           .shop_id = arena_str(list->arena, t->shop_id),
                           .version = arena_str(list->arena, t->version),
                           .platform = arena_str(list->arena, t->platform)};
    list->count++;
    return row->id.p && row->version.p ? AISLE_OK : aisle_nomem(err);
}

/* ---- in which tree it is now ---- */

static enum aisle_status knows_leaf(const struct moving *m, const struct target *target,
                                    bool *knows, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct taxonomy tree;
    struct aisle_err none = {0};
    const struct category *leaf;
    enum aisle_status status = m->app->store->ops->trees->load(
        m->app->store, target->id, 0, &arena, NULL, &tree, &none);

    *knows = false;
    if (status == AISLE_OK) {
        leaf = taxonomy_get(&tree, m->move->to);
        *knows = leaf && leaf->leaf;
    } else if (status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
    }
    arena_clear(&arena);
    return status == AISLE_NOT_FOUND ? AISLE_OK : status;
}

/* The version of the tree the leaf is in: the listing's own where that has it or nobody
 * does, else another of the shop's. */
static enum aisle_status find_version(const struct moving *m,
                                      const struct target_list *targets,
                                      struct str *version, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    struct str other = {0};
    bool knows = false;

    for (size_t i = 0; i < targets->count && status == AISLE_OK; i++) {
        status = knows_leaf(m, &targets->rows[i], &knows, err);
        if (!knows)
            continue;
        if (str_eq(targets->rows[i].version, m->listing->version)) {
            other = (struct str){0};
            break;
        }
        other = targets->rows[i].version;
    }
    *version = other.n ? other : m->listing->version;
    return status;
}

/* ---- its mappings ---- */

/* Whether this move's decision is in the log already. */
static enum aisle_status note_any(void *ctx, const struct decision *d,
                                  struct aisle_err *err)
{
    (void)d;
    (void)err;
    *(bool *)ctx = true;
    return AISLE_OK;
}

static enum aisle_status decide(struct moving *m, const struct target *target,
                                const struct decision *now, struct aisle_err *err)
{
    struct decision_write write = {
        .d = {.seller_id = m->move->seller_id,
              .target_id = target->id,
              .scope = SCOPE_PRODUCT,
              .key = m->listing->product_id,
              .state = DECISION_ACCEPTED,
              .category_id = m->move->to,
              .advisor = ADVISOR_MARKETPLACE,
              .confidence = 1,
              .who = STR_LIT("aisle"),
              .reasons = STR_LIT("the marketplace moved the product"),
              .batch_id = m->move->batch_id,
              .at = clock_now_s(m->app->clock)},
        .expected = now && now->scope == SCOPE_PRODUCT ? now->seq : EXPECT_ANY,
    };
    enum aisle_status status =
        m->app->store->ops->decisions->append(m->app->store, &write, 1, NULL, err);

    m->decisions += status == AISLE_OK;
    return status;
}

/* In the tree it lay in, what is accepted follows. Into a tree that is new to it it
 * comes as it is there, unless somebody settled it there before. */
static bool follows(const struct moving *m, const struct target *target,
                    const struct decision *now, bool found)
{
    if (found && now->state == DECISION_ACCEPTED && str_eq(now->category_id, m->move->to))
        return false;
    if (str_eq(target->version, m->listing->version))
        return found && now->state == DECISION_ACCEPTED;
    return !found || now->scope != SCOPE_PRODUCT || !decision_is_settled(now->state);
}

static enum aisle_status move_in_target(struct moving *m, const struct target *target,
                                        struct aisle_err *err)
{
    struct log_filter same = {.seller_id = m->move->seller_id,
                              .target_id = target->id,
                              .batch_id = m->move->batch_id,
                              .limit = 1};
    struct product product = {0};
    struct decision now = {0};
    struct aisle_err none = {0};
    bool done = false, found;
    enum aisle_status status =
        m->app->store->ops->decisions->each(m->app->store, &same, note_any, &done, err);

    if (status != AISLE_OK || done)
        return status;
    status = m->app->store->ops->catalogue->get_product(m->app->store, m->move->seller_id,
                                                        m->listing->product_id, m->arena,
                                                        &product, &none);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK; /* not ours any more */
    if (status == AISLE_OK)
        status = flow_mapping_of(m->app, &product, target->id, m->arena, &now, &none);
    found = status == AISLE_OK;
    if (status != AISLE_OK && status != AISLE_NOT_FOUND) {
        aisle_pass(err, &none);
        return status;
    }
    return follows(m, target, &now, found) ? decide(m, target, found ? &now : NULL, err)
                                           : AISLE_OK;
}

enum aisle_status listing_moved(const struct app *app, const struct listing_move *move,
                                struct arena *arena, struct listing *listing,
                                size_t *decisions, struct aisle_err *err)
{
    struct target_list targets = {.arena = arena};
    struct moving m = {app, move, listing, arena, 0};
    struct str version = {0};
    enum aisle_status status = app->store->ops->shops->each_target(
        app->store, move->shop_id, note_target, &targets, err);

    if (status == AISLE_OK)
        status = find_version(&m, &targets, &version, err);
    for (size_t i = 0; status == AISLE_OK && i < targets.count; i++)
        if (str_eq(targets.rows[i].version, version))
            status = move_in_target(&m, &targets.rows[i], err);
    *decisions = m.decisions;
    if (status == AISLE_OK) {
        listing->category_id = move->to;
        listing->version = version;
    }
    return status;
}
