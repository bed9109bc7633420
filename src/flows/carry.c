/* carry.c - the mappings of one target proposed for another: version, platform or market
 */
#include "flows/decide.h"

#include "flows/newest.h"
#include "flows/sync.h"
#include "match/match.h"
#include "taxonomy/diff.h"

#include <stdio.h>

enum { PIECE = 256 };

struct carry {
    const struct app *app;
    bool dry_run;
    open_item_fn *fn;
    void *ctx;
    struct target from, to;
    struct arena arena, item; /* the whole, and one mapping */
    struct taxonomy then, now;
    struct snapshot now_snapshot;
    struct matcher *matcher;
    struct match_scratch *scratch;
    struct carried {
        struct decision d;
        struct carried *next;
    } * first, **last;
    struct decision_write writes[PIECE];
    size_t write_count;
    struct carry_result result;
};

static enum aisle_status note_mapping(void *ctx, const struct decision *d,
                                      struct aisle_err *err)
{
    struct carry *c = ctx;
    struct carried *e;

    if (d->scope == SCOPE_RULE) /* nobody could accept it: rules travel as a file */
        return AISLE_OK;
    e = arena_zalloc(&c->arena, 1, sizeof(*e));
    if (!e)
        return aisle_nomem(err);
    e->d = *d;
    e->d.seller_id = arena_str(&c->arena, d->seller_id);
    e->d.key = arena_str(&c->arena, d->key);
    e->d.category_id = arena_str(&c->arena, d->category_id);
    *c->last = e;
    c->last = &e->next;
    return e->d.seller_id.p && e->d.key.p && e->d.category_id.p ? AISLE_OK
                                                                : aisle_nomem(err);
}

/* ---- where it could go ---- */

/* The one leaf that takes products and bears the name in the same locale, or NULL. */
static const struct category *only_leaf_named(const struct taxonomy *tree,
                                              struct str name, uint32_t locale)
{
    const struct category *found = NULL;

    for (size_t i = 0; i < tree->count; i++) {
        const struct category *c = &tree->rows[i];

        if (!str_eq(c->names[locale], name) || !category_takes_products(c))
            continue;
        if (found)
            return NULL;
        found = c;
    }
    return found;
}

static const struct category *by_name(const struct carry *c, const struct category *was)
{
    for (uint32_t l = 0; l < c->then.locale_count; l++) {
        uint32_t there = taxonomy_locale(&c->now, c->then.locales[l]);
        const struct category *found;

        if (there == TAXONOMY_NONE || str_empty(was->names[l]))
            continue;
        found = only_leaf_named(&c->now, was->names[l], there);
        if (found)
            return found;
    }
    return NULL;
}

static enum aisle_status by_matcher(struct carry *c, struct str title, struct str path,
                                    struct suggestion *out, size_t *count,
                                    struct aisle_err *err)
{
    return match_rank(c->matcher, c->scratch,
                      &(struct match_query){.title = title, .seller_category = path},
                      &c->item, out, DECIDE_MAX_CANDIDATES, count, err);
}

/* An id means something within its tree alone: those of one marketplace share theirs,
 * with the names, and others come to the same number by chance. */
static const struct category *by_id(const struct carry *c, const struct category *was)
{
    const struct category *is = taxonomy_get(&c->now, was->id);

    return is && !is->provisional && category_takes_products(is) &&
                   category_same_name(&c->then, was, &c->now, is)
               ? is
               : NULL;
}

/* By id, by path, by name, by words: how it was found is counted and said. */
static enum aisle_status find_place(struct carry *c, const struct category *was,
                                    struct str path, struct open_item *item,
                                    struct aisle_err *err)
{
    const struct category *is = by_id(c, was);

    item->candidate_count = 1;
    item->candidates[0] = (struct suggestion){.confidence = 1, .advisor = ADVISOR_LOCAL};
    if (is) {
        c->result.same_id++;
        item->why = "same id";
    } else if ((is = taxonomy_at_path(&c->now, path)) && category_takes_products(is)) {
        c->result.same_path++;
        item->why = "same path";
    } else if ((is = by_name(c, was))) {
        c->result.same_name++;
        item->why = "same name";
    } else {
        enum aisle_status status =
            by_matcher(c, category_name(&c->then, was, TAXONOMY_NONE), path,
                       item->candidates, &item->candidate_count, err);

        c->result.by_matcher += item->candidate_count > 0;
        c->result.without += item->candidate_count == 0;
        item->why = item->candidate_count ? "matcher" : "nothing alike";
        return status;
    }
    item->candidates[0].category_id = is->id;
    return AISLE_OK;
}

/* ---- keeping ---- */

static enum aisle_status flush(struct carry *c, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    if (c->write_count && !c->dry_run)
        status = c->app->store->ops->decisions->append(c->app->store, c->writes,
                                                       c->write_count, NULL, err);
    c->write_count = 0;
    arena_clear(&c->item);
    return status;
}

static enum aisle_status propose(struct carry *c, const struct decision *d,
                                 const struct open_item *item, struct aisle_err *err)
{
    struct decision_write *w = &c->writes[c->write_count++];

    *w = (struct decision_write){
        .d =
            {
                .seller_id = d->seller_id,
                .target_id = c->to.id,
                .scope = d->scope,
                .key = d->key,
                .state = DECISION_PROPOSED,
                .category_id = item->candidates[0].category_id,
                .advisor = ADVISOR_LOCAL,
                .confidence = item->candidates[0].confidence,
                .who = c->app->who,
                .reasons = str_of(item->why),
                .batch_id = str_of(c->result.batch_id),
                .snapshot_id = c->now_snapshot.id,
                .at = clock_now_s(c->app->clock),
            },
        .expected = EXPECT_ANY,
        .skip_if_settled = true,
    };
    return c->write_count == PIECE ? flush(c, err) : AISLE_OK;
}

/* A key the other target has a say on already is left alone. */
static enum aisle_status is_decided(struct carry *c, const struct decision *d,
                                    bool *decided, struct aisle_err *err)
{
    struct decision there;
    enum aisle_status status = newest_decision(c->app, d->seller_id, c->to.id, d->scope,
                                               d->key, &c->item, &there, decided, err);

    *decided = *decided && there.state != DECISION_CLEARED;
    return status;
}

static enum aisle_status carry_one(struct carry *c, const struct decision *d,
                                   struct aisle_err *err)
{
    const struct category *was = taxonomy_get(&c->then, d->category_id);
    struct open_item item = {.seller_id = d->seller_id,
                             .target_id = c->to.id,
                             .scope = d->scope,
                             .key = d->key,
                             .title = d->key,
                             .products = 1,
                             .now = d};
    struct buf path = BUF_INIT(BUF_MAX_LINE), to_path = BUF_INIT(BUF_MAX_LINE);
    const struct category *is;
    bool decided = false;
    enum aisle_status status = is_decided(c, d, &decided, err);

    if (status != AISLE_OK)
        return status;
    if (decided || !was) {
        c->result.already += decided;
        c->result.without += !decided;
        return AISLE_OK;
    }
    category_path(&c->then, was, TAXONOMY_NONE, &path);
    status = find_place(c, was, buf_str(&path), &item, err);
    if (status == AISLE_OK && item.candidate_count) {
        is = taxonomy_get(&c->now, item.candidates[0].category_id);
        category_path(&c->now, is, TAXONOMY_NONE, &to_path);
        item.paths[0] = buf_str(&to_path);
        item.candidate_count = 1;
    }
    if (status == AISLE_OK && c->fn)
        status = c->fn(c->ctx, &item, err);
    if (status == AISLE_OK && item.candidate_count)
        status = propose(c, d, &item, err);
    buf_clear(&path);
    buf_clear(&to_path);
    return status;
}

/* ---- the whole ---- */

static enum aisle_status begin(struct carry *c, struct str from, struct str to,
                               struct aisle_err *err)
{
    const struct store_trees *trees = c->app->store->ops->trees;
    enum aisle_status status = flow_target(c->app, from, &c->arena, &c->from, NULL, err);

    if (status == AISLE_OK)
        status = flow_target(c->app, to, &c->arena, &c->to, NULL, err);
    if (status == AISLE_OK && str_eq(c->from.id, c->to.id))
        status = aisle_fail(err, AISLE_INVALID, "%.*s onto itself: nothing to carry",
                            STR_ARG(c->to.id));
    if (status == AISLE_OK)
        status =
            trees->load(c->app->store, c->from.id, 0, &c->arena, NULL, &c->then, err);
    if (status == AISLE_OK)
        status = trees->load(c->app->store, c->to.id, 0, &c->arena, &c->now_snapshot,
                             &c->now, err);
    if (status == AISLE_OK)
        status = match_new(&c->now, &c->matcher, err);
    if (status == AISLE_OK)
        status = match_scratch_new(&c->scratch, err);
    return status;
}

enum aisle_status flow_carry(const struct app *app, struct str from, struct str to,
                             bool dry_run, open_item_fn *fn, void *ctx,
                             struct carry_result *out, struct aisle_err *err)
{
    struct carry c = {.app = app,
                      .dry_run = dry_run,
                      .fn = fn,
                      .ctx = ctx,
                      .arena = ARENA_INIT(ARENA_MAX_WORK),
                      .item = ARENA_INIT(ARENA_MAX_WORK)};
    struct mapping_filter filter = {.states = 1u << DECISION_ACCEPTED};
    char uuid[UUID_LEN + 1];
    enum aisle_status status = begin(&c, from, to, err);

    uuid_v4(app->rng, uuid);
    snprintf(c.result.batch_id, sizeof(c.result.batch_id), "b-%.36s", uuid);
    c.last = &c.first;
    filter.target_id = c.from.id;
    if (status == AISLE_OK)
        status = app->store->ops->decisions->each_mapping(app->store, &filter,
                                                          note_mapping, &c, err);
    for (const struct carried *e = c.first; status == AISLE_OK && e; e = e->next)
        status = carry_one(&c, &e->d, err);
    if (status == AISLE_OK)
        status = flush(&c, err);
    if (status == AISLE_OK)
        *out = c.result;
    match_scratch_free(c.scratch);
    match_free(c.matcher);
    arena_clear(&c.item);
    arena_clear(&c.arena);
    return status;
}
