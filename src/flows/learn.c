#include "flows/learn.h"

#include "base/mem.h"
#include "match/accept.h"

#include <stdlib.h>

/* ---- the seller's own categories ---- */

static enum aisle_status note_category(void *ctx, const struct seller_category *c,
                                       struct aisle_err *err)
{
    struct learnt *l = ctx;
    struct seller_category *at;

    if (l->category_count == l->category_cap) {
        size_t cap = l->category_cap ? 2 * l->category_cap : 256;
        struct seller_category *wider = arena_alloc(&l->arena, cap * sizeof(*wider));

        if (!wider)
            return aisle_nomem(err);
        if (l->category_count)
            memcpy(wider, l->categories, l->category_count * sizeof(*wider));
        l->categories = wider;
        l->category_cap = cap;
    }
    at = &l->categories[l->category_count++];
    *at = (struct seller_category){.id = arena_str(&l->arena, c->id),
                                   .path = arena_str(&l->arena, c->path)};
    return at->id.p && at->path.p ? AISLE_OK : aisle_nomem(err);
}

static int by_id(const void *a, const void *b)
{
    const struct seller_category *x = a, *y = b;

    return str_cmp(x->id, y->id);
}

struct str learnt_path(const struct learnt *l, struct str seller_category_id)
{
    const struct seller_category key = {.id = seller_category_id}, *found = NULL;

    if (l->category_count)
        found = bsearch(&key, l->categories, l->category_count, sizeof(*l->categories),
                        by_id);
    return found ? found->path : seller_category_id;
}

/* ---- one decision ---- */

static bool is_own(const struct learnt *l, const struct decision *d)
{
    return str_eq(d->seller_id, l->from.seller_id);
}

static struct str key_of(struct learnt *l, const struct decision *d)
{
    if (is_own(l, d))
        return arena_fmt(&l->item, "%s/%.*s", decision_scope_name(d->scope),
                         STR_ARG(d->key));
    return arena_fmt(&l->item, "@%.*s/%.*s/%.*s", STR_ARG(d->seller_id),
                     STR_ARG(d->target_id), STR_ARG(d->key));
}

/* Where the decided leaf is now; empty when it is gone, and neither the marketplace nor
 * its name says whereto. A guess of ours would teach us what we think already. */
static enum aisle_status leaf_now(struct learnt *l, const struct decision *d,
                                  struct str *out, struct aisle_err *err)
{
    struct str id = d->category_id;
    const struct category *c = taxonomy_get(l->from.tree, id);
    struct successor to;
    enum aisle_status status;

    if (c && c->leaf && !c->child_count) {
        *out = id;
        return AISLE_OK;
    }
    if (!is_own(l, d)) { /* its tree is not this one: nothing is known of the leaf */
        *out = (struct str){"", 0};
        return AISLE_OK;
    }
    status = successor_find(&l->successors, id, &to, err);
    if (status == AISLE_OK)
        *out = to.id;
    return status;
}

/* What the decision is about; *found false when it is there no more. */
static enum aisle_status read_row(struct learnt *l, const struct decision *d,
                                  struct labelled *row, bool *found,
                                  struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct product p;
    enum aisle_status status;

    *found = true;
    if (d->scope == SCOPE_SELLER_CATEGORY) {
        row->text = (struct product_text){.seller_category = learnt_path(l, d->key)};
        return AISLE_OK;
    }
    status = l->app->store->ops->catalogue->get_product(l->app->store, d->seller_id,
                                                        d->key, &l->item, &p, &why);
    *found = status == AISLE_OK;
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    else
        row->text = (struct product_text){
            .title = p.title,
            .description = p.description,
            .brand = p.brand,
            .seller_category = is_own(l, d) ? learnt_path(l, p.seller_category_id)
                                            : (struct str){"", 0}};
    return status;
}

static void unlearn(struct learnt *l, struct str key)
{
    if (!l->row)
        approvals_remove(l->approvals, key);
}

static enum aisle_status learn_one(struct learnt *l, const struct decision *d,
                                   struct str key, struct aisle_err *err)
{
    struct labelled row = {0};
    bool found = false;
    enum aisle_status status = leaf_now(l, d, &row.category_id, err);

    if (status == AISLE_OK && !str_empty(row.category_id))
        status = read_row(l, d, &row, &found, err);
    if (status == AISLE_OK && found && l->row)
        status = l->row(l->row_ctx, d, &row, err);
    else if (status == AISLE_OK && found && is_own(l, d))
        status = approvals_add(l->approvals, key, &row, err);
    else if (status == AISLE_OK && found)
        status = approvals_add_discreet(l->approvals, key, &row, err);
    if (status == AISLE_OK && !found)
        unlearn(l, key);
    return status;
}

/* Our own word, taken unseen, would only teach us what we think already. */
static bool teaches(const struct learnt *l, const struct decision *d)
{
    return d->advisor != ADVISOR_LOCAL &&
           (str_empty(d->run_id) || !str_eq(d->run_id, l->from.except_run));
}

static enum aisle_status note_decision(void *ctx, const struct decision *d,
                                       struct aisle_err *err)
{
    struct learnt *l = ctx;
    struct str key;
    enum aisle_status status = AISLE_OK;

    if (d->seq > l->at->last_seq)
        l->at->last_seq = d->seq;
    if (d->scope == SCOPE_RULE)
        l->rules_seen += is_own(l, d);
    if (d->scope == SCOPE_RULE || (d->scope != SCOPE_PRODUCT && !is_own(l, d)))
        return AISLE_OK;
    key = key_of(l, d);
    if (!key.p)
        return aisle_nomem(err);
    if (d->state == DECISION_ACCEPTED && teaches(l, d))
        status = learn_one(l, d, key, err);
    else
        unlearn(l, key);
    arena_clear(&l->item);
    return status;
}

/* ---- opening ---- */

static enum aisle_status note_last(void *ctx, const struct decision *d,
                                   struct aisle_err *err)
{
    struct learnt *l = ctx;

    (void)err;
    l->at->last_seq = d->seq;
    return AISLE_STOPPED;
}

static enum aisle_status note_oldest(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    int64_t *oldest = ctx;

    (void)err;
    *oldest = d->seq;
    return AISLE_OK;
}

static enum aisle_status read_last(struct learnt *l, struct learn_source *from,
                                   struct aisle_err *err)
{
    struct log_filter last = {.seller_id = from->seller_id,
                              .target_id = from->target_id,
                              .limit = 1,
                              .newest_first = true};
    enum aisle_status status;

    l->at = from;
    status = l->app->store->ops->decisions->each(l->app->store, &last, note_last, l, err);
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

/* What stands of a source, the newest LEARN_MOST in their order. */
static enum aisle_status learn_source(struct learnt *l, struct learn_source *from,
                                      struct aisle_err *err)
{
    const struct store_decisions *decisions = l->app->store->ops->decisions;
    struct mapping_filter filter = {.seller_id = from->seller_id,
                                    .target_id = from->target_id,
                                    .states = 1u << DECISION_ACCEPTED,
                                    .after_seq =
                                        from == l->sources ? l->from.after_seq : 0};
    struct mapping_filter newest = filter;
    int64_t oldest = 0;
    enum aisle_status status = read_last(l, from, err);

    newest.after_seq = 0;
    newest.newest_first = true;
    newest.limit = LEARN_MOST;
    if (status == AISLE_OK)
        status =
            decisions->each_mapping(l->app->store, &newest, note_oldest, &oldest, err);
    if (oldest > filter.after_seq)
        filter.after_seq = oldest - 1;
    if (status == AISLE_OK)
        status = decisions->each_mapping(l->app->store, &filter, note_decision, l, err);
    return status;
}

/* ---- who shares ---- */

static enum aisle_status add_source(struct learnt *l, struct str seller_id,
                                    struct str target_id, struct aisle_err *err)
{
    struct learn_source *from = arena_zalloc(&l->arena, 1, sizeof *from), **end;

    if (!from)
        return aisle_nomem(err);
    from->seller_id = arena_str(&l->arena, seller_id);
    from->target_id = arena_str(&l->arena, target_id);
    if (!from->seller_id.p || !from->target_id.p)
        return aisle_nomem(err);
    end = &l->sources;
    while (*end)
        end = &(*end)->next;
    *end = from;
    return learn_source(l, from, err);
}

static enum aisle_status unlearn_mapping(void *ctx, const struct decision *d,
                                         struct aisle_err *err)
{
    struct learnt *l = ctx;
    struct str key = key_of(l, d);

    if (!key.p)
        return aisle_nomem(err);
    approvals_remove(l->approvals, key);
    arena_clear(&l->item);
    return AISLE_OK;
}

/* As if it had never been shared. */
static enum aisle_status drop_source(struct learnt *l, struct learn_source **at,
                                     struct aisle_err *err)
{
    struct mapping_filter filter = {.seller_id = (*at)->seller_id,
                                    .target_id = (*at)->target_id,
                                    .has_scope = true,
                                    .scope = SCOPE_PRODUCT};
    enum aisle_status status = l->app->store->ops->decisions->each_mapping(
        l->app->store, &filter, unlearn_mapping, l, err);

    if (status == AISLE_OK)
        *at = (*at)->next;
    return status;
}

static bool is_among(const struct learn_source *from, const struct shared_source *list,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(list[i].seller_id, from->seller_id) &&
            str_eq(list[i].target_id, from->target_id))
            return true;
    return false;
}

static bool is_read(const struct learnt *l, const struct shared_source *one)
{
    const struct learn_source *from = l->sources;

    while (from && !is_among(from, one, 1))
        from = from->next;
    return from != NULL;
}

static enum aisle_status look_who_shares(struct learnt *l, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct shared_source *list = NULL;
    struct learn_source **at = &l->sources->next;
    size_t count = 0;
    enum aisle_status status = flow_shared_sources(
        l->app, l->from.seller_id, l->from.target_id, &arena, &list, &count, err);

    while (status == AISLE_OK && *at)
        if (is_among(*at, list, count))
            at = &(*at)->next;
        else
            status = drop_source(l, at, err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        if (!is_read(l, &list[i]))
            status = add_source(l, list[i].seller_id, list[i].target_id, err);
    l->shared_looked_ms = clock_mono_ms(l->app->clock);
    arena_clear(&arena);
    return status;
}

/* ---- the whole ---- */

/* With the seller's categories, and nothing learnt yet. */
static enum aisle_status begin(const struct app *app, const struct learn_request *request,
                               struct learnt *out, struct aisle_err *err)
{
    enum aisle_status status;

    *out = (struct learnt){
        .app = app,
        .from = *request,
        .arena = ARENA_INIT(ARENA_MAX_WORK),
        .item = ARENA_INIT(ARENA_MAX_WORK),
        .successors = {.app = app, .now = request->tree, .told_only = true}};
    out->from.seller_id = arena_str(&out->arena, request->seller_id);
    out->from.target_id = arena_str(&out->arena, request->target_id);
    out->from.except_run = arena_str(&out->arena, request->except_run);
    out->successors.target_id = out->from.target_id;
    if (!out->from.seller_id.p || !out->from.target_id.p || !out->from.except_run.p)
        return aisle_nomem(err);
    status = app->store->ops->catalogue->each_seller_category(
        app->store, request->seller_id, note_category, out, err);
    if (status == AISLE_OK && out->category_count)
        qsort(out->categories, out->category_count, sizeof(*out->categories), by_id);
    return status;
}

enum aisle_status learnt_each(const struct app *app, const struct learn_request *request,
                              learn_row_fn *fn, void *ctx, int64_t *last_seq,
                              struct aisle_err *err)
{
    struct mapping_filter filter = {.seller_id = request->seller_id,
                                    .target_id = request->target_id,
                                    .states = 1u << DECISION_ACCEPTED};
    struct learn_source own = {0};
    struct learnt l;
    enum aisle_status status = begin(app, request, &l, err);

    l.row = fn;
    l.row_ctx = ctx;
    own.seller_id = l.from.seller_id;
    own.target_id = l.from.target_id;
    if (status == AISLE_OK)
        status = read_last(&l, &own, err);
    if (status == AISLE_OK)
        status = app->store->ops->decisions->each_mapping(app->store, &filter,
                                                          note_decision, &l, err);
    if (status == AISLE_OK)
        *last_seq = own.last_seq;
    learnt_close(&l);
    return status;
}

enum aisle_status learnt_open(const struct app *app, const struct learn_request *request,
                              struct learnt *out, struct aisle_err *err)
{
    enum aisle_status status = begin(app, request, out, err);

    if (status == AISLE_OK)
        status = approvals_new(&out->approvals, err);
    if (status == AISLE_OK)
        status = add_source(out, out->from.seller_id, out->from.target_id, err);
    return status == AISLE_OK ? look_who_shares(out, err) : status;
}

enum aisle_status learnt_catch_up(struct learnt *l, struct aisle_err *err)
{
    int64_t waited = clock_mono_ms(l->app->clock) - l->shared_looked_ms;
    enum aisle_status status =
        waited >= LEARN_SHARED_MS ? look_who_shares(l, err) : AISLE_OK;

    for (struct learn_source *from = l->sources; status == AISLE_OK && from;
         from = from->next) {
        struct log_filter filter = {.seller_id = from->seller_id,
                                    .target_id = from->target_id,
                                    .after_seq = from->last_seq};

        l->at = from;
        status = l->app->store->ops->decisions->each(l->app->store, &filter,
                                                     note_decision, l, err);
    }
    return status;
}

void learnt_close(struct learnt *l)
{
    approvals_free(l->approvals);
    l->approvals = NULL;
    successors_clear(&l->successors);
    arena_clear(&l->item);
    arena_clear(&l->arena);
}

/* ---- how far to trust it ---- */

struct measuring {
    struct learnt *l;
    const struct matcher *matcher;
    struct match_scratch *scratch;
    struct accept_row *rows;
    size_t count;
    size_t there, seen; /* decisions that could be measured by */
};

/* Our own word proves nothing. */
static bool proves(const struct decision *d)
{
    return d->advisor == ADVISOR_PERSON || d->advisor == ADVISOR_MARKETPLACE;
}

static enum aisle_status count_proof(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    struct measuring *m = ctx;

    (void)err;
    m->there += proves(d);
    return AISLE_OK;
}

/* Spread evenly over all there are, early and late. */
static bool is_measured(struct measuring *m, const struct decision *d)
{
    size_t i = m->seen;

    if (!proves(d))
        return false;
    m->seen++;
    return m->there <= ACCEPT_MEASURED ||
           i * ACCEPT_MEASURED / m->there != (i + 1) * ACCEPT_MEASURED / m->there;
}

/* Its kind, or none where a category has too few: the cut was measured where others had
 * been decided, and says nothing of where none was. */
static enum accept_kind kind_of(const struct learnt *l, struct str seller_category)
{
    if (str_empty(seller_category))
        return ACCEPT_ALONE;
    return approvals_in(l->approvals, seller_category) >= ACCEPT_KIN ? ACCEPT_BESIDE
                                                                     : ACCEPT_KINDS;
}

double learnt_accept_cut(const struct learnt *l, const struct accept_cuts *cuts,
                         struct str seller_category)
{
    enum accept_kind kind = kind_of(l, seller_category);

    return kind == ACCEPT_KINDS ? ACCEPT_NEVER : cuts->of[kind];
}

/* Asked about as if it had not been decided. */
static enum aisle_status measure_one(void *ctx, const struct decision *d,
                                     struct aisle_err *err)
{
    struct measuring *m = ctx;
    struct learnt *l = m->l;
    struct labelled row = {0};
    struct str key = key_of(l, d);
    struct suggestion best;
    size_t count = 0;
    bool found = false;
    enum aisle_status status;

    if (!is_measured(m, d) || m->count == ACCEPT_MEASURED)
        return AISLE_OK;
    if (!key.p)
        return aisle_nomem(err);
    status = leaf_now(l, d, &row.category_id, err);
    if (status == AISLE_OK)
        status = read_row(l, d, &row, &found, err);
    if (status == AISLE_OK && found && approvals_remove(l->approvals, key)) {
        struct match_query query = {.title = row.text.title,
                                    .brand = row.text.brand,
                                    .seller_category = row.text.seller_category};
        enum accept_kind kind = kind_of(l, row.text.seller_category);

        if (kind != ACCEPT_KINDS)
            status = match_rank(m->matcher, m->scratch, &query, &l->item, &best, 1,
                                &count, err);
        if (status == AISLE_OK && count)
            m->rows[m->count++] =
                (struct accept_row){.confidence = best.confidence,
                                    .right = str_eq(best.category_id, row.category_id),
                                    .kind = kind};
        if (status == AISLE_OK)
            status = approvals_add(l->approvals, key, &row, err);
    }
    arena_clear(&l->item);
    return status;
}

enum aisle_status learnt_accept_cuts(struct learnt *l, const struct matcher *matcher,
                                     double accept_at, struct accept_cuts *out,
                                     struct aisle_err *err)
{
    struct mapping_filter filter = {.seller_id = l->from.seller_id,
                                    .target_id = l->from.target_id,
                                    .has_scope = true,
                                    .scope = SCOPE_PRODUCT,
                                    .states = 1u << DECISION_ACCEPTED};
    struct measuring m = {.l = l,
                          .matcher = matcher,
                          .rows =
                              arena_alloc(&l->arena, ACCEPT_MEASURED * sizeof(*m.rows))};
    enum aisle_status status =
        m.rows ? match_scratch_new(&m.scratch, err) : aisle_nomem(err);

    if (status == AISLE_OK)
        status = l->app->store->ops->decisions->each_mapping(l->app->store, &filter,
                                                             count_proof, &m, err);
    if (status == AISLE_OK)
        status = l->app->store->ops->decisions->each_mapping(l->app->store, &filter,
                                                             measure_one, &m, err);
    if (status == AISLE_OK)
        *out = accept_cuts(m.rows, m.count, accept_at);
    match_scratch_free(m.scratch);
    return status;
}
