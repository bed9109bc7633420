#include "flows/successor.h"

#include "base/mem.h"
#include "taxonomy/diff.h"

/* ---- what it was ---- */

static enum aisle_status note_snapshot(void *ctx, const struct snapshot *snapshot,
                                       struct aisle_err *err)
{
    struct successors *s = ctx;

    (void)err;
    if (s->former_count == SUCCESSOR_MAX_TREES)
        return AISLE_STOPPED;
    s->former[s->former_count++].snapshot_id = snapshot->id;
    return AISLE_OK;
}

static enum aisle_status list_snapshots(struct successors *s, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (!s->listed)
        status = s->app->store->ops->trees->each_snapshot(s->app->store, s->target_id,
                                                          note_snapshot, s, err);
    if (status == AISLE_STOPPED)
        status = AISLE_OK;
    s->listed = status == AISLE_OK;
    return status;
}

static enum aisle_status load_former(struct successors *s, size_t i,
                                     struct aisle_err *err)
{
    struct former_tree *former = &s->former[i];
    enum aisle_status status = AISLE_OK;

    if (!former->loaded)
        status = s->app->store->ops->trees->load(s->app->store, s->target_id,
                                                 former->snapshot_id, &s->arena, NULL,
                                                 &former->tree, err);
    former->loaded = status == AISLE_OK;
    return status;
}

static const struct category *leaf_in(const struct taxonomy *tree, struct str id)
{
    const struct category *c = tree ? taxonomy_get(tree, id) : NULL;

    return c && c->leaf && !c->child_count && !c->provisional ? c : NULL;
}

/* *was is NULL when no snapshot we look at has it as a leaf. */
static enum aisle_status find_former(struct successors *s, struct str id,
                                     const struct taxonomy **tree,
                                     const struct category **was, struct aisle_err *err)
{
    enum aisle_status status;

    *tree = s->then;
    *was = leaf_in(s->then, id);
    if (*was)
        return AISLE_OK;
    status = list_snapshots(s, err);
    for (size_t i = 0; status == AISLE_OK && !*was && i < s->former_count; i++) {
        status = load_former(s, i, err);
        *tree = &s->former[i].tree;
        if (status == AISLE_OK)
            *was = leaf_in(*tree, id);
    }
    return status;
}

/* ---- where to ---- */

static const double MATCHER_LEAST = 0.1; /* less sure, and it is a neighbour at most */
enum { MATCHER_ASKED = 32 };

/* Whose tree it is: what the marketplace says of a leaf, it says to a whole market. */
static enum aisle_status learn_market(struct successors *s, struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    enum aisle_status status = target_parse(s->target_id, &target, err);

    if (status == AISLE_OK)
        status = s->app->store->ops->shops->get_shop(s->app->store, target.shop_id,
                                                     &s->arena, &shop, err);
    if (status == AISLE_OK) {
        s->channel = shop.channel;
        s->region = shop.region;
    }
    return status;
}

/* The marketplace told where it moved what lay there. */
static enum aisle_status by_move(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err)
{
    struct category_move move;
    struct aisle_err none = {0};
    const struct category *to;
    enum aisle_status status = s->channel.p ? AISLE_OK : learn_market(s, err);

    if (status != AISLE_OK)
        return status;
    status = s->app->store->ops->listings->get_move(s->app->store, s->channel, s->region,
                                                    leaf_id, &s->arena, &move, &none);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    to = taxonomy_get(s->now, move.to_id);
    if (to && category_takes_products(to)) {
        out->id = to->id;
        out->by = "marketplace";
        out->confidence = 1;
    }
    return AISLE_OK;
}

/* The leaves that words suggest for what used to be at that path, best first. */
static enum aisle_status ask_matcher(struct successors *s, struct str name,
                                     struct str path, struct suggestion *out, size_t cap,
                                     size_t *n, struct aisle_err *err)
{
    struct match_query query = {.title = name, .seller_category = path};
    enum aisle_status status = AISLE_OK;

    if (!s->matcher)
        status = match_new(s->now, &s->matcher, err);
    if (status == AISLE_OK && !s->scratch)
        status = match_scratch_new(&s->scratch, err);
    if (status == AISLE_OK)
        status = match_rank(s->matcher, s->scratch, &query, &s->arena, out, cap, n, err);
    return status;
}

static enum aisle_status by_matcher(struct successors *s, struct str name,
                                    struct successor *out, struct aisle_err *err)
{
    struct suggestion best;
    size_t n = 0;
    enum aisle_status status = ask_matcher(s, name, out->was_path, &best, 1, &n, err);

    if (status != AISLE_OK || !n || best.confidence < MATCHER_LEAST)
        return status;
    out->id = best.category_id;
    out->by = "matcher";
    out->confidence = best.confidence;
    return AISLE_OK;
}

/* Of several that are as likely, the one that words speak for most, else the first. */
static enum aisle_status choose(struct successors *s, struct str name, struct str path,
                                const struct category *const *list, size_t count,
                                struct str *out, struct aisle_err *err)
{
    struct suggestion asked[MATCHER_ASKED];
    size_t n = 0;
    enum aisle_status status = ask_matcher(s, name, path, asked, MATCHER_ASKED, &n, err);

    *out = list[0]->id;
    for (size_t i = n; i > 0; i--)
        for (size_t k = 0; k < count; k++)
            if (str_eq(asked[i - 1].category_id, list[k]->id))
                *out = list[k]->id;
    return status;
}

/* It is there still, elsewhere or under another name; only the words can say whether what
 * goes by another name now means the same. */
static enum aisle_status by_itself(struct successors *s, const struct taxonomy *then,
                                   const struct category *was, const struct category *is,
                                   struct successor *out, struct aisle_err *err)
{
    if (!category_same_name(then, was, s->now, is))
        return s->told_only
                   ? AISLE_OK
                   : by_matcher(s, category_name(then, was, TAXONOMY_NONE), out, err);
    out->id = is->id;
    out->by = "same id";
    out->confidence = 1;
    return AISLE_OK;
}

/* What the two trees say of it. Where several are as likely, one of them is a guess. */
static enum aisle_status by_trees(struct successors *s, const struct taxonomy *then,
                                  const struct category *was, struct successor *out,
                                  struct aisle_err *err)
{
    const struct category *to[MATCHER_ASKED];
    struct str name = category_name(then, was, TAXONOMY_NONE);
    size_t equal, n = taxonomy_successors(then, s->now, was, to, MATCHER_ASKED, &equal);
    enum aisle_status status = AISLE_OK;

    if (s->told_only && equal != 1)
        return AISLE_OK;
    if (n == 0)
        return by_matcher(s, name, out, err);
    out->id = to[0]->id;
    out->by = str_eq(to[0]->parent_id, was->id) ? "new child" : "same name";
    out->confidence = 1.0 / (double)equal;
    if (equal > 1)
        status = choose(s, name, out->was_path, to, equal < n ? equal : n, &out->id, err);
    return status;
}

static enum aisle_status look_up(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    const struct taxonomy *then;
    const struct category *was, *is = taxonomy_get(s->now, leaf_id);
    enum aisle_status status = find_former(s, leaf_id, &then, &was, err);

    *out = (struct successor){.by = ""};
    if (status != AISLE_OK || !was)
        return status;
    category_path(then, was, taxonomy_locale(then, s->locale), &path);
    out->was_path = arena_str(&s->arena, buf_str(&path));
    buf_clear(&path);
    if (!out->was_path.p)
        return aisle_nomem(err);
    if (is && category_takes_products(is))
        return by_itself(s, then, was, is, out, err);
    status = by_move(s, leaf_id, out, err);
    if (status == AISLE_OK && str_empty(out->id))
        status = by_trees(s, then, was, out, err);
    return status;
}

enum aisle_status successor_find(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err)
{
    uint64_t key = str_hash(leaf_id);
    uint32_t at = numbered_find(&s->known, key);
    void *list = s->list;
    struct successor found;
    enum aisle_status status;

    if (at != NUMBERED_NONE) {
        *out = s->list[at];
        return AISLE_OK;
    }
    if (!s->arena.max)
        s->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    status = look_up(s, leaf_id, &found, err);
    if (status != AISLE_OK)
        return status;
    if (!list_grow(&list, s->count, &s->cap, sizeof found))
        return aisle_nomem(err);
    s->list = list;
    if (!numbered_set(&s->known, key, s->count))
        return aisle_nomem(err);
    s->list[s->count++] = found;
    *out = found;
    return AISLE_OK;
}

void successors_clear(struct successors *s)
{
    match_scratch_free(s->scratch);
    match_free(s->matcher);
    s->scratch = NULL;
    s->matcher = NULL;
    numbered_clear(&s->known);
    mem_free(s->list);
    s->list = NULL;
    s->count = s->cap = 0;
    arena_clear(&s->arena);
    s->channel = s->region = (struct str){0};
    s->former_count = 0;
    s->listed = false;
}
