#include "flows/decide.h"

#include "flows/newest.h"
#include "flows/sync.h"
#include "match/rules.h"

#include <stdio.h>

void batch_new(const struct app *app, char out[BATCH_ID_LEN])
{
    char uuid[UUID_LEN + 1];

    uuid_v4(app->rng, uuid);
    snprintf(out, BATCH_ID_LEN, "b-%.36s", uuid);
}

/* The one that is named, or a new one. */
static enum aisle_status batch_begin(const struct app *app, struct str named,
                                     char out[BATCH_ID_LEN], struct aisle_err *err)
{
    if (named.n >= BATCH_ID_LEN)
        return aisle_fail(err, AISLE_INVALID, "the name of a batch has at most %d bytes",
                          BATCH_ID_LEN - 1);
    if (str_empty(named))
        batch_new(app, out);
    else
        snprintf(out, BATCH_ID_LEN, "%.*s", STR_ARG(named));
    return AISLE_OK;
}

/* ---- may it go there? ---- */

static enum aisle_status refuse_closed(const struct taxonomy *tree,
                                       const struct category *c, struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    char words[80];
    enum aisle_status status;

    category_path(tree, c, TAXONOMY_NONE, &path);
    permission_format(c->permissions, words);
    if (c->permissions & PERMISSION_INVITE_ONLY)
        status = aisle_fail(
            err, AISLE_INVALID,
            "%.*s is invite-only: ask your account manager at the marketplace for "
            "access, then decide again",
            STR_ARG(buf_str(&path)));
    else
        status = aisle_fail(err, AISLE_INVALID, "this shop may not list in %.*s (%s)",
                            STR_ARG(buf_str(&path)), words);
    buf_clear(&path);
    return status;
}

static enum aisle_status no_such_category(struct str named, struct aisle_err *err)
{
    return aisle_fail(
        err, AISLE_INVALID,
        "there is no one category \"%.*s\" in the tree: give its id, or its "
        "whole path",
        STR_ARG(named));
}

/* The leaf a person named, by id or by path. */
static enum aisle_status choose_leaf(const struct taxonomy *tree, struct str named,
                                     bool allow_closed, const struct category **out,
                                     struct aisle_err *err)
{
    const struct category *c = taxonomy_get(tree, named);

    if (!c)
        c = taxonomy_at_path(tree, named);
    if (!c)
        return no_such_category(named, err);
    if (!c->provisional && (c->child_count || !c->leaf))
        return aisle_fail(
            err, AISLE_INVALID,
            "%.*s is not a leaf: products go into one of the %u categories under it",
            STR_ARG(category_name(tree, c, TAXONOMY_NONE)), c->child_count);
    if (!c->provisional && !allow_closed && !permission_is_open(c->permissions))
        return refuse_closed(tree, c, err);
    *out = c;
    return AISLE_OK;
}

/* ---- one decision ---- */

static enum aisle_status check_key(const struct app *app, const struct decide_request *r,
                                   struct arena *arena, struct product *product,
                                   struct aisle_err *err)
{
    const struct store_catalogue *catalogue = app->store->ops->catalogue;
    struct product_filter filter = {.seller_id = r->seller_id,
                                    .seller_category_id = r->key,
                                    .has_seller_category = true};
    size_t count;
    enum aisle_status status;

    if (r->scope == SCOPE_RULE) {
        struct rule rule;

        return rule_parse_key(r->key, &rule, NULL) == AISLE_OK
                   ? AISLE_OK
                   : aisle_fail(err, AISLE_INVALID, "\"%.*s\" is no rule",
                                STR_ARG(str_head(r->key, 100)));
    }
    if (r->scope == SCOPE_PRODUCT)
        return catalogue->get_product(app->store, r->seller_id, r->key, arena, product,
                                      err);
    status = catalogue->count_products(app->store, &filter, &count, err);
    if (status == AISLE_OK && count == 0)
        status = aisle_fail(err, AISLE_NOT_FOUND, "seller %.*s has no category \"%.*s\"",
                            STR_ARG(r->seller_id), STR_ARG(r->key));
    return status;
}

enum aisle_status decider_open(const struct app *app, struct str target,
                               struct decider *out, struct aisle_err *err)
{
    enum aisle_status status;

    *out = (struct decider){.app = app, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    status = flow_target(app, target, &out->arena, &out->target, &out->shop, err);
    if (status == AISLE_OK)
        status = app->store->ops->trees->load(app->store, out->target.id, 0, &out->arena,
                                              &out->snapshot, &out->tree, err);
    return status;
}

void decider_close(struct decider *d)
{
    arena_clear(&d->arena);
}

/* What is refused, where no leaf is named: the one that counts now. */
static enum aisle_status what_counts(const struct decider *d,
                                     const struct product *product,
                                     const struct decide_request *r, struct arena *arena,
                                     struct str *leaf, struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct decision now = {0};
    bool found = false;
    enum aisle_status status;

    if (r->scope != SCOPE_PRODUCT) {
        status = newest_decision(d->app, r->seller_id, d->target.id, r->scope, r->key,
                                 arena, &now, &found, &none);
    } else {
        status = flow_mapping_of(d->app, product, d->target.id, arena, &now, &none);
        found = status == AISLE_OK;
        if (status == AISLE_NOT_FOUND)
            status = AISLE_OK;
    }
    if (status != AISLE_OK) {
        aisle_pass(err, &none);
        return status;
    }
    *leaf = found ? now.category_id : (struct str){0};
    return str_empty(*leaf)
               ? aisle_fail(err, AISLE_INVALID,
                            "%.*s has no leaf, and none is proposed for it: there is "
                            "nothing to refuse",
                            STR_ARG(r->key))
               : AISLE_OK;
}

/* By id or path, and kept as its id. What counts now may well be gone from the tree. */
static enum aisle_status choose_refused(struct decider *d, const struct product *product,
                                        struct decide_request *r, struct arena *arena,
                                        struct aisle_err *err)
{
    const struct category *c = taxonomy_get(&d->tree, r->category);
    struct str counts = {0};
    enum aisle_status status;

    if (!c)
        c = taxonomy_at_path(&d->tree, r->category);
    if (c) {
        r->category = c->id;
        return AISLE_OK;
    }
    status = what_counts(d, product, r, arena, &counts, err);
    if (status == AISLE_OK && !str_empty(r->category) && !str_eq(r->category, counts))
        return no_such_category(r->category, err);
    r->category = counts;
    return status;
}

static struct decision decision_of(const struct decider *d,
                                   const struct decide_request *r,
                                   const struct category *leaf, const char *batch)
{
    return (struct decision){
        .seller_id = r->seller_id,
        .target_id = d->target.id,
        .scope = r->scope,
        .key = r->key,
        .state = r->state,
        .category_id =
            leaf ? leaf->id
            : r->state == DECISION_REJECTED /* may well be gone from the tree */
                ? r->category
                : (struct str){0},
        .advisor = ADVISOR_PERSON,
        .confidence = 1,
        .who = d->app->who,
        .reasons = r->reasons,
        .batch_id = str_of(batch),
        .snapshot_id = d->snapshot.id,
        .provisional = leaf && leaf->provisional,
        .at = clock_now_s(d->app->clock),
    };
}

/* Whether it may be, and what would be kept of it, with text in the arena. */
static enum aisle_status judge(struct decider *d, const struct decide_request *request,
                               const char *batch, struct arena *kept,
                               struct decision_write *out, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct decide_request r = *request;
    const struct category *leaf = NULL;
    struct product product;
    enum aisle_status status;

    if (str_empty(r.seller_id))
        r.seller_id = d->shop.seller_id;
    status = check_key(d->app, &r, &arena, &product, err);
    if (status == AISLE_OK && r.state == DECISION_ACCEPTED)
        status = choose_leaf(&d->tree, r.category, r.allow_closed, &leaf, err);
    if (status == AISLE_OK && r.state == DECISION_REJECTED)
        status = choose_refused(d, &product, &r, kept, err);
    if (status == AISLE_OK)
        *out = (struct decision_write){.d = decision_of(d, &r, leaf, batch),
                                       .expected = r.expected};
    arena_clear(&arena);
    return status;
}

static enum aisle_status append(struct decider *d, const struct decision_write *list,
                                size_t count, struct aisle_err *err)
{
    return d->app->store->ops->decisions->append(d->app->store, list, count, NULL, err);
}

/* As the store would answer, for who only asks. */
static enum aisle_status check_expected(const struct decider *d,
                                        const struct decision_write *w,
                                        struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct decision now = {0};
    bool found = false;
    enum aisle_status status;

    if (w->expected == EXPECT_ANY)
        return AISLE_OK;
    status = newest_decision(d->app, w->d.seller_id, w->d.target_id, w->d.scope, w->d.key,
                             &arena, &now, &found, err);
    if (status == AISLE_OK && w->expected != now.seq)
        status = decision_fail_meanwhile(&w->d, now.who, now.seq, err);
    arena_clear(&arena);
    return status;
}

enum aisle_status decider_decide(struct decider *d, const struct decide_request *request,
                                 bool dry_run, char batch_id[BATCH_ID_LEN],
                                 struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct decision_write write;
    char batch[BATCH_ID_LEN];
    enum aisle_status status = batch_begin(d->app, request->batch_id, batch, err);

    if (status == AISLE_OK)
        status = judge(d, request, batch, &arena, &write, err);
    if (status == AISLE_OK)
        status = dry_run ? check_expected(d, &write, err) : append(d, &write, 1, err);
    if (status == AISLE_OK && batch_id)
        memcpy(batch_id, batch, sizeof(batch));
    arena_clear(&arena);
    return status;
}

/* ---- many ---- */

/* What is wrong with one of many, not with the work as a whole. */
static bool is_its_own(enum aisle_status status)
{
    return status == AISLE_CONFLICT || status == AISLE_INVALID ||
           status == AISLE_NOT_FOUND;
}

/* Decisions that may be, and which of the requests each was. */
struct judged {
    struct decision_write *writes;
    size_t *of, count;
};

static enum aisle_status judge_all(struct decider *d, const struct decide_request *list,
                                   size_t count, const char *batch, struct arena *arena,
                                   struct judged *out, struct aisle_err *whys,
                                   struct aisle_err *err)
{
    for (size_t i = 0; i < count; i++) {
        enum aisle_status status;

        whys[i] = (struct aisle_err){0};
        status = judge(d, &list[i], batch, arena, &out->writes[out->count], &whys[i]);
        if (status == AISLE_OK) {
            out->of[out->count++] = i;
        } else if (!is_its_own(status)) {
            aisle_pass(err, &whys[i]);
            return status;
        }
    }
    return AISLE_OK;
}

/* In one go; where one of them is in conflict, each half by itself, so that the few that
 * are cost the many little. As deep as halves go: ten for a thousand. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static enum aisle_status append_all(struct decider *d, const struct judged *j,
                                    size_t first, size_t count, struct aisle_err *whys,
                                    struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status =
        count ? append(d, &j->writes[first], count, &why) : AISLE_OK;

    if (count == 1 && is_its_own(status)) {
        whys[j->of[first]] = why;
        return AISLE_OK;
    }
    if (status != AISLE_CONFLICT) {
        aisle_pass(err, &why);
        return status;
    }
    status = append_all(d, j, first, count / 2, whys, err);
    return status == AISLE_OK
               ? append_all(d, j, first + count / 2, count - count / 2, whys, err)
               : status;
}

static bool any_kept(const struct aisle_err *whys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (whys[i].status == AISLE_OK)
            return true;
    return false;
}

enum aisle_status decider_decide_all(struct decider *d, const struct decide_request *list,
                                     size_t count, char batch_id[BATCH_ID_LEN],
                                     struct aisle_err *whys, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct judged judged = {arena_zalloc(&arena, count + 1, sizeof(*judged.writes)),
                            arena_zalloc(&arena, count + 1, sizeof(*judged.of)), 0};
    char batch[BATCH_ID_LEN];
    enum aisle_status status = batch_begin(d->app, str_of(batch_id), batch, err);

    if (status == AISLE_OK && (!judged.writes || !judged.of))
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = judge_all(d, list, count, batch, &arena, &judged, whys, err);
    if (status == AISLE_OK)
        status = append_all(d, &judged, 0, judged.count, whys, err);
    if (status == AISLE_OK && any_kept(whys, count))
        memcpy(batch_id, batch, sizeof(batch));
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_decide(const struct app *app, const struct decide_request *request,
                              char batch_id[BATCH_ID_LEN], struct aisle_err *err)
{
    struct decider d;
    enum aisle_status status = decider_open(app, request->target, &d, err);

    if (status == AISLE_OK)
        status = decider_decide(&d, request, false, batch_id, err);
    decider_close(&d);
    return status;
}
