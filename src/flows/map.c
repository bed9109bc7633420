#include "flows/map.h"

#include "base/json.h"
#include "base/mem.h"
#include "flows/keys.h"
#include "flows/map/engine.h"
#include "flows/map/once.h"
#include "flows/map/source.h"
#include "flows/map/turn.h"
#include "flows/rules.h"
#include "flows/sync.h"

#include <stdio.h>

enum { DEFAULT_JOBS = 8 };

const char *map_policy_name(enum map_policy policy)
{
    return policy == MAP_GUIDE ? "guide" : "thrifty";
}

bool map_policy_parse(struct str name, enum map_policy *out)
{
    if (str_is(name, "guide"))
        *out = MAP_GUIDE;
    else if (str_is(name, "thrifty"))
        *out = MAP_THRIFTY;
    else
        return false;
    return true;
}

/* ---- which run ---- */

/* What a run is about: the same text is the same question. */
static enum aisle_status describe(struct map *m, struct aisle_err *err)
{
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    struct json_out json = {.buf = &text};
    enum aisle_status status;

    json_open(&json);
    json_add_bool(&json, "all_sellers", m->request->all_sellers);
    json_add_int(&json, "limit", (int64_t)m->request->limit);
    if (m->request->accept_at > 0)
        json_add_num(&json, "accept_at", m->request->accept_at);
    if (!str_empty(m->request->model))
        json_add_str(&json, "model", m->request->model);
    if (!str_empty(m->request->also))
        json_add_str(&json, "also", m->request->also);
    if (m->request->share) {
        json_add_str(&json, "from", m->request->share->from);
        json_add_str(&json, "to", m->request->share->to);
        json_add_bool(&json, "open_end", m->request->share->open_end);
        if (!str_empty(m->request->share->after_id))
            json_add_str(&json, "after", m->request->share->after_id);
        if (!str_empty(m->request->share->until_id))
            json_add_str(&json, "until", m->request->share->until_id);
    }
    json_close(&json);
    status = buf_check(&text, "parameters", err);
    m->run.parameters = arena_str(&m->arena, buf_str(&text));
    buf_clear(&text);
    if (status == AISLE_OK && !m->run.parameters.p)
        status = aisle_nomem(err);
    return status;
}

static enum aisle_status recall(const struct run *run, const json_t *parameters,
                                struct arena *arena, struct map_request *out,
                                struct aisle_err *err)
{
    struct map_request r = {.target = arena_str(arena, run->target_id),
                            .seller_id = arena_str(arena, run->seller_id),
                            .resume = arena_str(arena, run->id),
                            .budget = -1,
                            .all_sellers = json_flag(parameters, "all_sellers", false),
                            .limit = (size_t)json_int(parameters, "limit", 0),
                            .accept_at = json_num(parameters, "accept_at", 0),
                            .model = json_text(parameters, "model", arena),
                            .also = json_text(parameters, "also", arena)};

    map_policy_parse(run->policy, &r.policy);
    if (!r.target.p || !r.seller_id.p || !r.resume.p)
        return aisle_nomem(err);
    *out = r;
    return AISLE_OK;
}

enum aisle_status map_request_of(const struct run *run, struct arena *arena,
                                 struct map_request *out, struct aisle_err *err)
{
    json_t *parameters = NULL;
    enum aisle_status status =
        str_is(run->kind, "map")
            ? json_read(run->parameters, BUF_MAX_LINE, "parameters of the run",
                        &parameters, err)
            : aisle_fail(err, AISLE_INVALID, "%.*s is no map run", STR_ARG(run->id));

    if (status == AISLE_OK)
        status = recall(run, parameters, arena, out, err);
    json_decref(parameters);
    return status;
}

struct unfinished {
    struct map *m;
    struct run found; /* id empty: none */
};

static bool same_question(const struct run *a, const struct run *b)
{
    return str_eq(a->target_id, b->target_id) && str_eq(a->seller_id, b->seller_id) &&
           str_eq(a->policy, b->policy) && str_eq(a->parameters, b->parameters);
}

/* A run left "under way" is taken up too: whoever had it gave up its lease, or we would
 * not. */
static enum aisle_status find_unfinished(void *ctx, const struct run *run,
                                         struct aisle_err *err)
{
    struct unfinished *u = ctx;

    if (!same_question(run, &u->m->run))
        return AISLE_OK;
    if (run->state == RUN_DONE || run_is_undone(run))
        return AISLE_STOPPED; /* the newest of this question is over */
    u->found = *run;
    u->found.id = arena_str(&u->m->arena, run->id);
    return u->found.id.p ? AISLE_STOPPED : aisle_nomem(err);
}

static void take_up(struct map *m, const struct run *old)
{
    m->run.id = old->id;
    m->run.counts = old->counts;
    m->run.started_at = old->started_at;
}

static enum aisle_status resume_named(struct map *m, struct aisle_err *err)
{
    struct run old;
    enum aisle_status status = m->app->store->ops->work->get_run(
        m->app->store, m->request->resume, &m->arena, &old, err);

    if (status != AISLE_OK)
        return status;
    if (!str_is(old.kind, "map") || !str_eq(old.target_id, m->target.id) ||
        !str_eq(old.seller_id, m->run.seller_id))
        return aisle_fail(err, AISLE_INVALID, "run %.*s is about something else",
                          STR_ARG(old.id));
    if (old.state == RUN_DONE)
        return aisle_fail(err, AISLE_INVALID, "run %.*s is done: nothing to take up",
                          STR_ARG(old.id));
    if (run_is_undone(&old))
        return aisle_fail(err, AISLE_INVALID,
                          "run %.*s was undone: begin a new one instead",
                          STR_ARG(old.id));
    if (!str_eq(old.policy, m->run.policy))
        return aisle_fail(err, AISLE_INVALID, "run %.*s has the policy %.*s: name it too",
                          STR_ARG(old.id), STR_ARG(old.policy));
    take_up(m, &old);
    return AISLE_OK;
}

static enum aisle_status begin_named(struct map *m, struct str id, struct aisle_err *err)
{
    m->run.id = arena_str(&m->arena, id);
    m->run.started_at = clock_now_s(m->app->clock);
    return m->run.id.p ? AISLE_OK : aisle_nomem(err);
}

/* A task's run: another worker may have begun it. */
static enum aisle_status share_run(struct map *m, bool *resumed, struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct run old;
    enum aisle_status status = m->app->store->ops->work->get_run(
        m->app->store, m->request->share->run_id, &m->arena, &old, &none);

    *resumed = status == AISLE_OK;
    if (status == AISLE_NOT_FOUND)
        return begin_named(m, m->request->share->run_id, err);
    if (status != AISLE_OK)
        aisle_pass(err, &none);
    else
        take_up(m, &old);
    return status;
}

/* Take one up, or begin one. */
static enum aisle_status choose_run(struct map *m, bool *resumed, struct aisle_err *err)
{
    struct unfinished u = {.m = m};
    char id[RUN_ID_LEN];
    enum aisle_status status = AISLE_OK;

    if (m->request->share)
        return share_run(m, resumed, err);
    *resumed = true;
    if (!str_empty(m->request->resume))
        return resume_named(m, err);
    if (!m->request->fresh)
        status = m->app->store->ops->work->each_run(m->app->store, STR_LIT("map"), 0,
                                                    find_unfinished, &u, err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    if (!str_empty(u.found.id)) {
        take_up(m, &u.found);
        return AISLE_OK;
    }
    *resumed = false;
    run_id_new(m->app, id);
    return begin_named(m, str_of(id), err);
}

static enum aisle_status count_total(struct map *m, struct aisle_err *err)
{
    struct product_filter filter = {
        .seller_id = m->request->all_sellers ? (struct str){0} : m->run.seller_id,
        .undecided_for = m->target.id,
        .for_run = true};
    size_t count;
    enum aisle_status status;

    if (m->request->share) {
        m->run.counts.total = m->request->share->products;
        return AISLE_OK;
    }
    status = m->app->store->ops->catalogue->count_products(m->app->store, &filter, &count,
                                                           err);
    if (status != AISLE_OK)
        return status;
    if (m->request->limit && count > m->request->limit)
        count = m->request->limit;
    m->run.counts.total = (int64_t)count + m->run.counts.by_rule;
    return AISLE_OK;
}

static enum aisle_status put_run(struct map *m, enum run_state state, const char *text,
                                 struct aisle_err *err)
{
    m->run.state = state;
    m->run.text = str_of(text);
    m->run.finished_at = state == RUN_UNDER_WAY ? 0 : clock_now_s(m->app->clock);
    if (m->request->share)
        return m->app->store->ops->work->put_step(
            m->app->store,
            &(struct run_step){.run = &m->run, .hold = m->request->share->hold}, err);
    return m->app->store->ops->work->put_run(m->app->store, &m->run, err);
}

/* ---- before and after ---- */

static enum aisle_status check_scope(struct map *m, struct aisle_err *err)
{
    const struct map_request *r = m->request;

    if (r->jobs > MAP_MAX_JOBS)
        return aisle_fail(err, AISLE_INVALID, "%u jobs are too many: at most %d", r->jobs,
                          MAP_MAX_JOBS);
    if (r->budget > MAP_MAX_BUDGET)
        return aisle_fail(err, AISLE_INVALID,
                          "a budget of %lld calls is too much: at most %d, or none for "
                          "no limit",
                          (long long)r->budget, MAP_MAX_BUDGET);
    if (!r->all_sellers && !str_empty(r->seller_id) &&
        !str_eq(r->seller_id, m->shop.seller_id))
        return aisle_fail(
            err, AISLE_INVALID,
            "shop %.*s belongs to seller %.*s: map %.*s's products through a shop "
            "of its own, or every seller's through one",
            STR_ARG(m->shop.id), STR_ARG(m->shop.seller_id), STR_ARG(r->seller_id));
    return AISLE_OK;
}

static enum aisle_status load_tree(struct map *m, struct aisle_err *err)
{
    struct aisle_err why = {0};
    enum aisle_status status = m->app->store->ops->trees->load(
        m->app->store, m->target.id, 0, &m->arena, &m->snapshot, &m->tree, &why);

    if (status == AISLE_NOT_FOUND)
        return aisle_fail(err, AISLE_CONFIG,
                          "the tree of %.*s is not here yet: sync it first",
                          STR_ARG(m->target.id));
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    return status;
}

static enum aisle_status prepare(struct map *m, struct aisle_err *err)
{
    const struct map_request *r = m->request;
    enum aisle_status status =
        flow_target(m->app, r->target, &m->arena, &m->target, &m->shop, err);

    if (status == AISLE_OK)
        status = check_scope(m, err);
    if (status == AISLE_OK)
        status = app_channel_for(m->app, m->shop.channel, &m->target, &m->channel, err);
    if (status != AISLE_OK)
        return status;
    m->jobs = r->jobs ? r->jobs : DEFAULT_JOBS;
    m->run.kind = STR_LIT("map");
    m->run.seller_id = r->all_sellers ? STR_LIT("") : m->shop.seller_id;
    m->run.target_id = m->target.id;
    m->run.policy = str_of(m->policy->name);
    m->run.owner = m->app->owner;
    status = describe(m, err);
    if (status == AISLE_OK)
        status = load_tree(m, err);
    return status;
}

/* What they settle counts as mapped by this run, though it has no items of it. */
static enum aisle_status put_rules_of(struct map *m, struct str seller_id,
                                      struct aisle_err *err)
{
    struct rules_request request = {.seller_id = seller_id,
                                    .target_id = m->target.id,
                                    .batch_id = m->run.id,
                                    .snapshot_id = m->snapshot.id,
                                    .tree = &m->tree};
    struct rules_applied done = {0};
    bool any = false;
    enum aisle_status status = flow_rules_any(m->app, seller_id, m->target.id, &any, err);

    if (status == AISLE_OK && any)
        status = flow_rules_apply(m->app, &request, &done, err);
    run_counts_add_ruled(&m->run.counts, (int64_t)(done.mapped + done.changed));
    return status;
}

/* Whoever walks the store must not write to it: the sellers are listed first. */
struct sellers_ruled {
    struct arena *arena;
    struct seller_ruled {
        struct str id;
        struct seller_ruled *next;
    } * first, **last;
};

static enum aisle_status note_ruled(void *ctx, const struct seller *seller,
                                    struct aisle_err *err)
{
    struct sellers_ruled *list = ctx;
    struct seller_ruled *s = arena_zalloc(list->arena, 1, sizeof(*s));

    if (!s || !(s->id = arena_str(list->arena, seller->id)).p)
        return aisle_nomem(err);
    *list->last = s;
    list->last = &s->next;
    return AISLE_OK;
}

/* Rules go before everything that is not decided yet. The guide knows none. */
static enum aisle_status apply_rules(struct map *m, struct aisle_err *err)
{
    struct sellers_ruled list = {.arena = &m->arena};
    enum aisle_status status;

    if (!m->policy->wants_matcher || m->request->share) /* put when shares were made */
        return AISLE_OK;
    if (!m->request->all_sellers)
        return put_rules_of(m, m->run.seller_id, err);
    list.last = &list.first;
    status =
        m->app->store->ops->shops->each_seller(m->app->store, note_ruled, &list, err);
    for (const struct seller_ruled *s = list.first; status == AISLE_OK && s; s = s->next)
        status = put_rules_of(m, s->id, err);
    return status;
}

/* What the matcher may use; what each seller decided before comes with its products. */
static enum aisle_status open_adviser(struct map *m, struct aisle_err *err)
{
    struct adviser_request from = {.target_id = m->target.id,
                                   .tree = &m->tree,
                                   .model = m->request->model,
                                   .also = m->request->also,
                                   .except_run = m->run.id,
                                   .measured = m->request->accept_at > 0};
    enum aisle_status status = AISLE_OK;

    if (m->policy->wants_matcher || !str_empty(m->request->also))
        status = adviser_open(m->app, &from, &m->adviser, err);
    m->also = m->adviser ? adviser_also(m->adviser) : NULL;
    return status;
}

/* How the run ended, for its record and for the caller. */
static enum aisle_status finish(struct map *m, struct aisle_err *err)
{
    enum aisle_status status = m->status, kept;
    enum run_state state = RUN_DONE;
    char text[sizeof(m->err.text)] = "";

    if (status == AISLE_OK && m->stuck) {
        status = m->err.status = AISLE_BUSY;
        snprintf(m->err.text, sizeof(m->err.text),
                 "%zu %s left: the marketplace had no answer for %s just now", m->stuck,
                 m->stuck == 1 ? "product is" : "products are",
                 m->stuck == 1 ? "it" : "them");
    }
    if (status != AISLE_OK) {
        snprintf(text, sizeof(text), "%s", m->err.text);
        state = status == AISLE_LIMIT                             ? RUN_BUDGET
                : status == AISLE_STOPPED || status == AISLE_BUSY ? RUN_STOPPED
                                                                  : RUN_FAILED;
        aisle_pass(err, &m->err);
    }
    m->run.owner = (struct str){"", 0};
    m->run.request_ids = str_of(m->request_ids.text);
    run_note_answer(&m->run, &m->last_answer);
    kept = put_run(m, state, text, status == AISLE_OK ? err : NULL);
    return status == AISLE_OK ? kept : status;
}

/* What a dry run tells: every product that would have its turn. */
static enum aisle_status tell_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct map *m = ctx;
    bool lacks_image =
        m->policy->wants_images && m->channel->push_image && str_empty(p->image_id);
    struct run_item item = {.seller_id = p->seller_id,
                            .product_id = p->id,
                            .state = lacks_image ? ITEM_NO_IMAGE : ITEM_SKIPPED};

    (void)err;
    if (m->fn)
        m->fn(m->fn_ctx, p, &item);
    m->run.counts.without_image += lacks_image;
    return AISLE_OK;
}

static enum aisle_status dry_run(struct map *m, struct aisle_err *err)
{
    struct product_filter filter = {
        .seller_id = m->request->all_sellers ? (struct str){0} : m->run.seller_id,
        .undecided_for = m->target.id,
        .for_run = true,
        .limit = m->request->limit};
    enum aisle_status status = count_total(m, err);

    if (status != AISLE_OK)
        return status;
    return m->app->store->ops->catalogue->each_product(m->app->store, &filter,
                                                       tell_product, m, err);
}

static enum aisle_status run_held(struct map *m, struct map_result *out,
                                  struct aisle_err *err)
{
    enum aisle_status status = choose_run(m, &out->resumed, err);

    if (status == AISLE_OK && !out->resumed)
        status = apply_rules(m, err);
    if (status == AISLE_OK && !out->resumed)
        status = count_total(m, err);
    if (status == AISLE_OK) /* from here on, whoever had it before writes no more */
        status = put_run(m, RUN_UNDER_WAY, "", err);
    if (status == AISLE_OK || out->resumed) /* what was not kept cannot be taken up */
        snprintf(out->run_id, sizeof(out->run_id), "%.*s", STR_ARG(m->run.id));
    if (status == AISLE_OK && out->resumed)
        status = done_load(m, err);
    if (status == AISLE_OK)
        status = open_adviser(m, err);
    if (status == AISLE_OK)
        status = source_open(m, err);
    if (status == AISLE_OK)
        status = once_new(m->jobs, &m->once, err);
    if (status != AISLE_OK)
        return status;

    m->done_at_start = m->run.counts.done;
    m->calls_at_start = out->calls_before = m->run.counts.calls;
    m->renew_at = clock_mono_ms(m->app->clock);
    budget_init(&m->budget, m->request->budget);
    engine_run(m);
    budget_clear(&m->budget);
    return finish(m, err);
}

static enum aisle_status run_it(struct map *m, struct map_result *out,
                                struct aisle_err *err)
{
    enum aisle_status status;

    if (m->request->dry_run)
        return dry_run(m, err);
    if (m->request->share)
        return run_held(m, out, err);
    status = map_turn_take(m->app, &m->lease, m->target.id, err);
    if (status == AISLE_OK)
        status = map_turn_check(m->app, &m->shop, m->target.id, err);
    if (status == AISLE_OK)
        status = run_held(m, out, err);
    lease_give_back(m->app, &m->lease);
    return status;
}

enum aisle_status flow_map(const struct app *app, const struct map_request *request,
                           map_item_fn *fn, void *ctx, struct map_result *out,
                           struct aisle_err *err)
{
    struct map m = {
        .app = app,
        .request = request,
        .policy = request->policy == MAP_GUIDE ? &map_guide : &map_thrifty,
        .arena = ARENA_INIT(ARENA_MAX_WORK),
        .fn = fn,
        .fn_ctx = ctx,
        .began_at = clock_mono_ms(app->clock),
    };
    enum aisle_status status;

    *out = (struct map_result){0};
    pthread_mutex_init(&m.lock, NULL);
    pthread_cond_init(&m.changed, NULL);
    status = prepare(&m, err);
    if (status == AISLE_OK)
        status = run_it(&m, out, err);
    out->counts = m.run.counts;
    out->state = m.run.state;
    out->elapsed_ms = clock_mono_ms(app->clock) - m.began_at;
    source_close(&m);
    once_free(m.once);
    adviser_close(m.adviser);
    pthread_cond_destroy(&m.changed);
    pthread_mutex_destroy(&m.lock);
    arena_clear(&m.arena);
    return status;
}
