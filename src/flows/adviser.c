#include "flows/adviser.h"

#include "base/mem.h"
#include "flows/models.h"
#include "flows/newest.h"
#include "flows/sync.h"
#include "match/model.h"

#include <stdlib.h>

struct adviser {
    const struct app *app;
    struct adviser_request request;
    struct arena arena;
    struct matcher *matcher; /* whose names the sellers' share */
    struct taught named;     /* by request.model */
    struct taxonomy also;
    bool has_also;
    pthread_mutex_t lock; /* guards the list */
    struct seller_advice *sellers;
};

/* ---- the model ---- */

static int by_from(const void *x, const void *y)
{
    const struct match_move *a = x, *b = y;

    return str_cmp(a->from, b->from);
}

/* Where leaves went that the model knows and the tree does not, as far as somebody told.
 */
static enum aisle_status follow_leaves(struct adviser *a, struct taught *t,
                                       struct arena *arena, struct aisle_err *err)
{
    const struct model_header *h = model_header(t->model);
    struct successors successors = {.app = a->app,
                                    .target_id = a->request.target_id,
                                    .now = a->request.tree,
                                    .told_only = true};
    enum aisle_status status = AISLE_OK;

    t->moves = arena_alloc(arena, (h->leaves + 1) * sizeof *t->moves);
    if (!t->moves)
        return aisle_nomem(err);
    for (uint32_t leaf = 0; status == AISLE_OK && leaf < h->leaves; leaf++) {
        struct str id = model_node_id(t->model, leaf);
        struct successor to = {0};

        if (taxonomy_get(a->request.tree, id))
            continue;
        status = successor_find(&successors, id, &to, err);
        if (status != AISLE_OK || str_empty(to.id))
            continue;
        t->moves[t->move_count] =
            (struct match_move){.from = id, .to = arena_str(arena, to.id)};
        if (!t->moves[t->move_count++].to.p)
            status = aisle_nomem(err);
    }
    successors_clear(&successors);
    if (t->move_count)
        qsort(t->moves, t->move_count, sizeof *t->moves, by_from);
    return status;
}

/* A model that cannot be used loses nothing but itself. */
static enum aisle_status open_model(struct adviser *a, struct aisle_err *err)
{
    struct aisle_err why = {0};
    struct str path;
    enum aisle_status status;

    if (str_empty(a->request.model) || str_is(a->request.model, "none"))
        return AISLE_OK;
    path = arena_str(&a->arena, a->request.model);
    if (!path.p)
        return aisle_nomem(err);
    status = model_open_whole(path.p, &a->named.model, &why);
    if (status == AISLE_OK && model_header(a->named.model)->paths) {
        status = aisle_fail(&why, AISLE_INVALID,
                            "%s knows paths and not a tree's ids: train it with --target",
                            path.p);
        model_close(a->named.model);
        a->named.model = NULL;
    }
    if (status == AISLE_NOMEM) {
        aisle_pass(err, &why);
        return status;
    }
    if (status != AISLE_OK)
        log_line(a->app->log, LOG_WARN,
                 "%s; going on without a model, with names and approvals alone",
                 why.text);
    return a->named.model ? follow_leaves(a, &a->named, &a->arena, err) : AISLE_OK;
}

/* Unless a model was named, or none is wanted. */
static enum aisle_status open_trained(struct seller_advice *s, struct str seller_id,
                                      struct aisle_err *err)
{
    struct adviser *a = s->adviser;
    enum aisle_status status;

    if (!str_empty(a->request.model) || a->request.measured)
        return AISLE_OK;
    status = flow_model_open(a->app, seller_id, a->request.target_id, &s->taught_arena,
                             &s->taught.model, &s->taught.key, err);
    if (status == AISLE_OK && s->taught.model)
        status = follow_leaves(a, &s->taught, &s->taught_arena, err);
    return status;
}

/* ---- the other tree ---- */

static enum aisle_status note_snapshot(void *ctx, const struct snapshot *s,
                                       struct aisle_err *err)
{
    (void)s;
    (void)err;
    *(bool *)ctx = true;
    return AISLE_STOPPED;
}

enum aisle_status flow_also(const struct app *app, struct str asked, struct arena *arena,
                            struct target *out, struct shop *shop, struct aisle_err *err)
{
    struct store *store = app->store;
    bool is_here = false;
    enum aisle_status status = flow_target(app, asked, arena, out, shop, err);

    if (status == AISLE_OK)
        status = store->ops->trees->each_snapshot(store, out->id, note_snapshot, &is_here,
                                                  err);
    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    return is_here
               ? AISLE_OK
               : aisle_fail(err, AISLE_CONFIG,
                            "%.*s: there is no such tree here: sync it", STR_ARG(asked));
}

static enum aisle_status load_also(struct adviser *a, struct aisle_err *err)
{
    struct target target;
    enum aisle_status status;

    if (str_empty(a->request.also))
        return AISLE_OK;
    status = flow_also(a->app, a->request.also, &a->arena, &target, NULL, err);
    if (status == AISLE_OK)
        status = a->app->store->ops->trees->load(a->app->store, target.id, 0, &a->arena,
                                                 NULL, &a->also, err);
    a->has_also = status == AISLE_OK;
    return status;
}

/* ---- opening ---- */

static struct match_sources sources_of(const struct adviser *a, const struct taught *t,
                                       const struct approvals *approvals)
{
    return (struct match_sources){.model = t->model,
                                  .approvals = approvals,
                                  .also = adviser_also(a),
                                  .moves = t->moves,
                                  .move_count = t->move_count};
}

enum aisle_status adviser_open(const struct app *app,
                               const struct adviser_request *request,
                               struct adviser **out, struct aisle_err *err)
{
    struct adviser *a = mem_zalloc(1, sizeof *a);
    struct match_sources sources;
    enum aisle_status status;

    if (!a)
        return aisle_nomem(err);
    a->app = app;
    a->request = *request;
    a->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    pthread_mutex_init(&a->lock, NULL);
    status = match_new(request->tree, &a->matcher, err);
    if (status == AISLE_OK)
        status = load_also(a, err);
    if (status == AISLE_OK)
        status = open_model(a, err);
    if (status != AISLE_OK) {
        adviser_close(a);
        return status;
    }
    sources = sources_of(a, &a->named, NULL);
    match_use(a->matcher, &sources);
    *out = a;
    return AISLE_OK;
}

static void seller_free(struct seller_advice *s)
{
    match_free(s->own);
    learnt_close(&s->learnt);
    model_close(s->taught.model);
    arena_clear(&s->taught_arena);
    arena_clear(&s->rules_arena);
    pthread_mutex_destroy(&s->learning);
    mem_free(s);
}

void adviser_close(struct adviser *a)
{
    if (!a)
        return;
    while (a->sellers) {
        struct seller_advice *s = a->sellers;

        a->sellers = s->next;
        seller_free(s);
    }
    match_free(a->matcher);
    model_close(a->named.model);
    pthread_mutex_destroy(&a->lock);
    arena_clear(&a->arena);
    mem_free(a);
}

/* ---- a seller ---- */

static enum aisle_status seller_open(struct adviser *a, struct str seller_id,
                                     struct seller_advice **out, struct aisle_err *err)
{
    struct seller_advice *s = mem_zalloc(1, sizeof *s);
    struct learn_request from = {.seller_id = seller_id,
                                 .target_id = a->request.target_id,
                                 .tree = a->request.tree,
                                 .except_run = a->request.except_run};
    struct match_sources sources;
    enum aisle_status status;

    if (!s)
        return aisle_nomem(err);
    s->adviser = a;
    s->taught_arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    s->rules_arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    s->rules_seen = SIZE_MAX; /* never loaded */
    pthread_mutex_init(&s->learning, NULL);
    atomic_store(&s->looked_ms, clock_mono_ms(a->app->clock));
    status = match_share(a->matcher, &s->own, err);
    if (status == AISLE_OK)
        status = open_trained(s, seller_id, err);
    if (status == AISLE_OK && s->taught.model)
        from.after_seq = model_header(s->taught.model)->stamp;
    if (status == AISLE_OK)
        status = learnt_open(a->app, &from, &s->learnt, err);
    if (status != AISLE_OK) {
        seller_free(s);
        return status;
    }
    s->seller_id = s->learnt.from.seller_id;
    s->matcher = s->own;
    sources =
        sources_of(a, s->taught.model ? &s->taught : &a->named, s->learnt.approvals);
    match_use(s->own, &sources);
    *out = s;
    return AISLE_OK;
}

/* With the lock. */
static struct seller_advice *find(const struct adviser *a, struct str seller_id)
{
    struct seller_advice *s = a->sellers;

    while (s && !str_eq(s->seller_id, seller_id))
        s = s->next;
    return s;
}

/* Whoever was first counts; *mine is NULL once it is in the list. */
static struct seller_advice *keep(struct adviser *a, struct seller_advice **mine)
{
    struct seller_advice *s;

    pthread_mutex_lock(&a->lock);
    s = find(a, (*mine)->seller_id);
    if (!s) {
        s = *mine;
        s->next = a->sellers;
        a->sellers = s;
        *mine = NULL;
    }
    pthread_mutex_unlock(&a->lock);
    return s;
}

enum aisle_status adviser_of(struct adviser *a, struct str seller_id,
                             struct seller_advice **out, struct aisle_err *err)
{
    struct seller_advice *s, *mine = NULL;
    enum aisle_status status = AISLE_OK;

    pthread_mutex_lock(&a->lock);
    s = find(a, seller_id);
    pthread_mutex_unlock(&a->lock);
    if (!s) {
        status = seller_open(a, seller_id, &mine, err);
        if (status != AISLE_OK)
            return status;
        s = keep(a, &mine);
        if (mine)
            seller_free(mine);
    }
    *out = s;
    return AISLE_OK;
}

void adviser_drop(struct adviser *a, struct seller_advice *s)
{
    struct seller_advice **at = &a->sellers;

    pthread_mutex_lock(&a->lock);
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    pthread_mutex_unlock(&a->lock);
    seller_free(s);
}

enum aisle_status seller_advice_look(struct seller_advice *s, bool now,
                                     struct aisle_err *err)
{
    int64_t ms = clock_mono_ms(s->adviser->app->clock);
    enum aisle_status status = AISLE_OK;

    if (!now && ms - atomic_load(&s->looked_ms) < ADVISER_LOOK_MS)
        return AISLE_OK;
    pthread_mutex_lock(&s->learning);
    if (now || ms - atomic_load(&s->looked_ms) >= ADVISER_LOOK_MS) {
        status = learnt_catch_up(&s->learnt, err);
        atomic_store(&s->looked_ms, ms);
    }
    pthread_mutex_unlock(&s->learning);
    return status;
}

/* ---- what others say ---- */

/* With the lock. */
static enum aisle_status load_rules(struct seller_advice *s, struct aisle_err *err)
{
    struct adviser *a = s->adviser;
    enum aisle_status status;

    if (s->rules_seen == s->learnt.rules_seen)
        return AISLE_OK;
    arena_clear(&s->rules_arena);
    s->rules_seen = SIZE_MAX;
    status = flow_rules(a->app, s->seller_id, s->learnt.from.target_id, &s->rules_arena,
                        &s->rules, &s->rule_count, err);
    if (status == AISLE_OK)
        s->rules_seen = s->learnt.rules_seen;
    return status;
}

static enum aisle_status ask_rules(struct seller_advice *s, const struct product *p,
                                   struct arena *arena, struct str *leaf,
                                   struct aisle_err *err)
{
    struct product_text text = {
        .title = p->title, .brand = p->brand, .seller_category = p->seller_category_id};
    struct word_splitter splitter = {0};
    struct word_list words;
    const struct rule *rule = NULL;
    enum aisle_status status;

    pthread_mutex_lock(&s->learning);
    status = load_rules(s, err);
    if (status == AISLE_OK && s->rule_count) {
        status = word_splitter_init(&splitter, err);
        if (status == AISLE_OK)
            status = words_split(&splitter, p->title, &words, err);
        if (status == AISLE_OK)
            rule = rules_find(s->rules, s->rule_count, &words, &text);
        word_splitter_clear(&splitter);
    }
    if (rule) {
        *leaf = arena_str(arena, rule->category_id);
        status = leaf->p ? AISLE_OK : aisle_nomem(err);
    }
    pthread_mutex_unlock(&s->learning);
    return status;
}

/* What the marketplace answered about this one product, when it was asked alone. */
struct answered {
    struct arena *arena;
    struct match_advice *out;
};

static enum aisle_status note_answer(void *ctx, const struct suggestion *said,
                                     struct aisle_err *err)
{
    struct answered *a = ctx;

    if (said->advisor != ADVISOR_MARKETPLACE)
        return AISLE_OK;
    a->out->marketplace = arena_str(a->arena, said->category_id);
    return a->out->marketplace.p ? AISLE_STOPPED : aisle_nomem(err);
}

static enum aisle_status ask_marketplace(struct seller_advice *s, const struct product *p,
                                         const struct decision *own, struct arena *arena,
                                         struct match_advice *out, struct aisle_err *err)
{
    const struct app *app = s->adviser->app;
    struct answered answered = {arena, out};
    enum aisle_status status;

    if (own && own->state == DECISION_PROPOSED && own->advisor == ADVISOR_MARKETPLACE) {
        out->marketplace = own->category_id;
        return AISLE_OK;
    }
    status = app->store->ops->work->each_suggestion(app->store, p->seller_id,
                                                    s->learnt.from.target_id, p->id,
                                                    note_answer, &answered, err);
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

static enum aisle_status ask_category(struct seller_advice *s, const struct product *p,
                                      struct arena *arena, struct str *leaf,
                                      struct aisle_err *err)
{
    struct decision d;
    bool found = false;
    enum aisle_status status = AISLE_OK;

    if (!str_empty(p->seller_category_id))
        status = newest_decision(s->adviser->app, p->seller_id, s->learnt.from.target_id,
                                 SCOPE_SELLER_CATEGORY, p->seller_category_id, arena, &d,
                                 &found, err);
    if (status == AISLE_OK && found && d.state == DECISION_ACCEPTED)
        *leaf = d.category_id;
    return status;
}

enum aisle_status seller_advice_known(struct seller_advice *s, const struct product *p,
                                      const struct decision *own, struct arena *arena,
                                      struct match_advice *out, struct aisle_err *err)
{
    struct match_advice known = {0};
    enum aisle_status status = ask_rules(s, p, arena, &known.rule, err);

    if (status == AISLE_OK)
        status = ask_marketplace(s, p, own, arena, &known, err);
    if (status == AISLE_OK)
        status = ask_category(s, p, arena, &known.seller_category, err);
    if (status == AISLE_OK)
        *out = known;
    return status;
}

const struct matcher *adviser_plain(const struct adviser *a)
{
    return a->matcher;
}

const struct taxonomy *adviser_also(const struct adviser *a)
{
    return a->has_also ? &a->also : NULL;
}

bool adviser_has_model(const struct adviser *a)
{
    return a->named.model != NULL;
}

static bool is_old(const struct adviser *a, const struct seller_advice *s)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct trained_model newest;
    enum aisle_status status = a->app->store->ops->models->get(
        a->app->store, s->seller_id, a->request.target_id, &arena, &newest, NULL);
    bool old = status == AISLE_OK ? !str_eq(newest.key, s->taught.key)
                                  : status == AISLE_NOT_FOUND && s->taught.key.n;

    arena_clear(&arena);
    return old;
}

bool adviser_is_old(struct adviser *a)
{
    bool old = false;

    if (!str_empty(a->request.model) || a->request.measured)
        return false;
    pthread_mutex_lock(&a->lock);
    for (struct seller_advice *s = a->sellers; s && !old; s = s->next)
        old = is_old(a, s);
    pthread_mutex_unlock(&a->lock);
    return old;
}
