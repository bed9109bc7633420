#include "api/jobs.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>

struct job {
    struct job *next; /* the one before it in time */
    struct jobs *jobs;
    struct arena arena; /* the request's text */
    struct job_request request;
    struct app app;
    atomic_bool stop;
    pthread_t thread;
    bool joined;
    /* below: with the lock */
    char id[JOB_ID_LEN], run_id[40], doing[80], text[256];
    struct run_counts counts;
    double per_second;
    int64_t seconds_left, began_at, ended_at, version;
    enum aisle_status status;
    struct buf result;
};

struct jobs {
    const struct app *app;
    struct held_set *held;
    pthread_mutex_t lock;
    struct job *newest;
    size_t count, under_way;
    int64_t given; /* ids */
    bool ending;
};

const char *job_kind_name(enum job_kind kind)
{
    static const char *const names[] = {"sync", "map",  "ask",  "leaf",
                                        "list", "shop", "tree", "brand"};

    return names[kind];
}

enum aisle_status jobs_new(const struct app *app, struct held_set *held,
                           struct jobs **out, struct aisle_err *err)
{
    struct jobs *jobs = mem_zalloc(1, sizeof *jobs);

    if (!jobs)
        return aisle_nomem(err);
    jobs->app = app;
    jobs->held = held;
    pthread_mutex_init(&jobs->lock, NULL);
    *out = jobs;
    return AISLE_OK;
}

static void job_free(struct job *job)
{
    if (!job->joined)
        pthread_join(job->thread, NULL);
    buf_clear(&job->result);
    arena_clear(&job->arena);
    mem_free(job);
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    pthread_mutex_lock(&jobs->lock);
    jobs->ending = true;
    for (struct job *job = jobs->newest; job; job = job->next)
        atomic_store(&job->stop, true);
    pthread_mutex_unlock(&jobs->lock);
    while (jobs->newest) {
        struct job *job = jobs->newest;

        jobs->newest = job->next;
        job_free(job);
    }
    pthread_mutex_destroy(&jobs->lock);
    mem_free(jobs);
}

/* ---- in the job's thread ---- */

static void note_progress(void *ctx, const struct progress *p)
{
    struct job *job = ctx;

    pthread_mutex_lock(&job->jobs->lock);
    snprintf(job->doing, sizeof job->doing, "%s", p->doing);
    if (p->counts)
        job->counts = *p->counts;
    job->per_second = p->per_second;
    job->seconds_left = p->seconds_left;
    job->version++;
    pthread_mutex_unlock(&job->jobs->lock);
}

static void note_item(void *ctx, const struct product *product,
                      const struct run_item *item)
{
    struct job *job = ctx;

    (void)product;
    pthread_mutex_lock(&job->jobs->lock);
    if (!*job->run_id)
        snprintf(job->run_id, sizeof job->run_id, "%.*s", STR_ARG(item->run_id));
    pthread_mutex_unlock(&job->jobs->lock);
}

static enum aisle_status run_sync(struct job *job, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct sync_result result = {0};
    enum aisle_status status =
        flow_sync(&job->app, &job->request.sync, NULL, &arena, &result, err);

    pthread_mutex_lock(&job->jobs->lock);
    snprintf(job->run_id, sizeof job->run_id, "%s", result.run_id);
    if (status == AISLE_OK)
        snprintf(job->text, sizeof job->text, "%s", sync_outcome_name(result.outcome));
    pthread_mutex_unlock(&job->jobs->lock);
    arena_clear(&arena);
    return status;
}

static enum aisle_status run_map(struct job *job, struct aisle_err *err)
{
    struct map_result result = {0};
    enum aisle_status status =
        flow_map(&job->app, &job->request.map, note_item, job, &result, err);

    pthread_mutex_lock(&job->jobs->lock);
    snprintf(job->run_id, sizeof job->run_id, "%s", result.run_id);
    job->counts = result.counts;
    if (status == AISLE_OK)
        snprintf(job->text, sizeof job->text, "%s", run_state_name(result.state));
    pthread_mutex_unlock(&job->jobs->lock);
    return status;
}

static enum aisle_status run_ask(struct job *job, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct ask_result result = {.run_id = ""};
    enum aisle_status status =
        flow_ask_one(&job->app, &job->request.ask, &arena, &result, err);

    pthread_mutex_lock(&job->jobs->lock);
    snprintf(job->run_id, sizeof job->run_id, "%s", result.run_id);
    if (status == AISLE_OK)
        snprintf(
            job->text, sizeof job->text, "%.*s",
            STR_ARG(str_empty(result.category_id) ? result.refusal : result.category_id));
    pthread_mutex_unlock(&job->jobs->lock);
    if (status == AISLE_OK && result.provisional)
        held_look_again(job->jobs->held, result.target_id);
    arena_clear(&arena);
    return status;
}

/* Those that end with a result: it is shown once it is whole. */
static enum aisle_status run_for_result(struct job *job, struct aisle_err *err)
{
    const struct job_request *r = &job->request;
    struct buf result = BUF_INIT(BUF_MAX_REQUEST);
    const char *text = "";
    enum aisle_status status =
        r->kind == JOB_LEAF    ? leaf_job_run(&job->app, &r->leaf, &result, &text, err)
        : r->kind == JOB_SHOP  ? shop_job_run(&job->app, &r->shop, &result, &text, err)
        : r->kind == JOB_TREE  ? tree_job_run(&job->app, &r->tree, &result, &text, err)
        : r->kind == JOB_BRAND ? brand_job_run(&job->app, &r->brand, &result, &text, err)
                               : list_job_run(&job->app, &r->list, &result, &text, err);

    if (status != AISLE_OK) {
        buf_clear(&result);
        return status;
    }
    pthread_mutex_lock(&job->jobs->lock);
    job->result = result;
    snprintf(job->text, sizeof job->text, "%s", text);
    pthread_mutex_unlock(&job->jobs->lock);
    return AISLE_OK;
}

static enum aisle_status run_kind(struct job *job, struct aisle_err *err)
{
    switch (job->request.kind) {
    case JOB_SYNC:
        return run_sync(job, err);
    case JOB_MAP:
        return run_map(job, err);
    case JOB_ASK:
        return run_ask(job, err);
    case JOB_LEAF:
    case JOB_LIST:
    case JOB_SHOP:
    case JOB_TREE:
    case JOB_BRAND:
        break;
    }
    return run_for_result(job, err);
}

/* In words that may be shown. */
static void keep_failure(struct job *job, const struct aisle_err *err)
{
    struct aisle_err shown = *err;

    store_hide_place(job->jobs->app->store, &shown);
    snprintf(job->text, sizeof job->text, "%s", shown.text);
}

static void *run(void *ctx)
{
    struct job *job = ctx;
    struct jobs *jobs = job->jobs;
    struct aisle_err err = {0};
    enum aisle_status status = run_kind(job, &err);

    pthread_mutex_lock(&jobs->lock);
    job->status = status;
    if (status != AISLE_OK)
        keep_failure(job, &err);
    job->ended_at = clock_now_s(jobs->app->clock);
    job->version++;
    jobs->under_way--;
    pthread_mutex_unlock(&jobs->lock);
    log_line(jobs->app->log, status == AISLE_OK ? LOG_INFO : LOG_WARN,
             "job %s (%s) ended: %s", job->id, job_kind_name(job->request.kind),
             status == AISLE_OK ? job->text : err.text);
    return NULL;
}

/* ---- starting ---- */

static bool keep_text(struct arena *arena, struct str *s)
{
    *s = arena_str(arena, *s);
    return s->p != NULL;
}

/* The request's text is the caller's; ours lives as long as the job. */
static bool keep_request(struct job *job, const struct job_request *request)
{
    struct job_request *r = &job->request;
    struct str *locales;

    *r = *request;
    locales = arena_zalloc(&job->arena, r->sync.locale_count + 1, sizeof *locales);
    if (!locales)
        return false;
    for (size_t i = 0; i < r->sync.locale_count; i++) {
        locales[i] = r->sync.locales[i];
        if (!keep_text(&job->arena, &locales[i]))
            return false;
    }
    r->sync.locales = locales;
    return keep_text(&job->arena, &r->who) && keep_text(&job->arena, &r->seller_id) &&
           keep_text(&job->arena, &r->sync.target) &&
           keep_text(&job->arena, &r->ask.target) &&
           keep_text(&job->arena, &r->ask.seller_id) &&
           keep_text(&job->arena, &r->ask.product_id) &&
           keep_text(&job->arena, &r->ask.image_root) &&
           keep_text(&job->arena, &r->leaf.target) &&
           keep_text(&job->arena, &r->leaf.category_id) &&
           keep_text(&job->arena, &r->list.target) &&
           keep_text(&job->arena, &r->list.seller_id) &&
           keep_text(&job->arena, &r->list.product_id) &&
           keep_text(&job->arena, &r->list.seen.category_id) &&
           keep_text(&job->arena, &r->list.image_root) &&
           keep_text(&job->arena, &r->tree.target) &&
           keep_text(&job->arena, &r->tree.from) &&
           shop_job_keep(&r->shop, &job->arena) &&
           brand_job_keep(&r->brand, &job->arena) &&
           keep_text(&job->arena, &r->map.target) &&
           keep_text(&job->arena, &r->map.seller_id) &&
           keep_text(&job->arena, &r->map.resume) &&
           keep_text(&job->arena, &r->map.model) &&
           keep_text(&job->arena, &r->map.also) &&
           keep_text(&job->arena, &r->map.image_root);
}

/* The oldest that ended, taken out of the list; with the lock. */
static struct job *take_oldest_ended(struct jobs *jobs)
{
    struct job **at = &jobs->newest, **found = NULL, *job;

    if (jobs->count < JOBS_KEPT)
        return NULL;
    for (; *at; at = &(*at)->next)
        if ((*at)->ended_at)
            found = at;
    if (!found)
        return NULL;
    job = *found;
    *found = job->next;
    jobs->count--;
    return job;
}

/* With the lock. */
static bool is_full(const struct jobs *jobs, struct str seller_id)
{
    size_t n = 0;

    for (const struct job *j = jobs->newest; j; j = j->next)
        n += !j->ended_at && str_eq(j->request.seller_id, seller_id);
    return n >= JOBS_OF_SELLER || jobs->under_way >= JOBS_AT_ONCE;
}

static enum aisle_status enter(struct jobs *jobs, struct job *job, struct aisle_err *err)
{
    struct job *gone = NULL;
    enum aisle_status status = AISLE_OK;

    pthread_mutex_lock(&jobs->lock);
    if (jobs->ending || is_full(jobs, job->request.seller_id)) {
        status = aisle_fail(err, AISLE_BUSY, "%s",
                            jobs->ending ? "the service is ending"
                                         : "as many runs as may be are under way");
    } else if (pthread_create(&job->thread, NULL, run, job) != 0) {
        status = aisle_fail(err, AISLE_BUSY, "cannot start a thread");
    } else {
        job->joined = false;
        jobs->under_way++;
        gone = take_oldest_ended(jobs);
        job->next = jobs->newest;
        jobs->newest = job;
        jobs->count++;
    }
    pthread_mutex_unlock(&jobs->lock);
    if (gone)
        job_free(gone);
    return status;
}

enum aisle_status jobs_start(struct jobs *jobs, const struct job_request *request,
                             char id[JOB_ID_LEN], struct aisle_err *err)
{
    struct job *job = mem_zalloc(1, sizeof *job);
    enum aisle_status status;

    if (!job)
        return aisle_nomem(err);
    job->arena = (struct arena)ARENA_INIT(BUF_MAX_REQUEST);
    job->jobs = jobs;
    job->joined = true;
    job->began_at = clock_now_s(jobs->app->clock);
    job->seconds_left = -1;
    snprintf(job->id, sizeof job->id, "j-%016llx",
             (unsigned long long)rng_u64(jobs->app->rng));
    if (!keep_request(job, request)) {
        job_free(job);
        return aisle_nomem(err);
    }
    job->app = *jobs->app;
    job->app.who = job->request.who;
    job->app.stop = &job->stop;
    job->app.progress = note_progress;
    job->app.progress_ctx = job;
    memcpy(id, job->id, JOB_ID_LEN);
    status = enter(jobs, job, err);
    if (status != AISLE_OK)
        job_free(job);
    return status;
}

/* ---- looking and stopping ---- */

static struct job *find(struct jobs *jobs, struct str id) /* with the lock */
{
    struct job *job = jobs->newest;

    while (job && !str_is(id, job->id))
        job = job->next;
    return job;
}

static enum aisle_status no_job(struct str id, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no job %.*s",
                      STR_ARG(str_head(id, 40)));
}

enum aisle_status jobs_stop(struct jobs *jobs, struct str id, struct aisle_err *err)
{
    struct job *job;

    pthread_mutex_lock(&jobs->lock);
    job = find(jobs, id);
    if (job)
        atomic_store(&job->stop, true);
    pthread_mutex_unlock(&jobs->lock);
    return job ? AISLE_OK : no_job(id, err);
}

static enum aisle_status view(const struct job *job, struct arena *arena,
                              struct job_view *out, struct aisle_err *err)
{
    const struct job_request *r = &job->request;

    *out = (struct job_view){
        .kind = r->kind,
        .who = arena_str(arena, r->who),
        .seller_id = arena_str(arena, r->seller_id),
        .target = arena_str(arena, job_subject(r)),
        .run_id = arena_str(arena, str_of(job->run_id)),
        .doing = arena_str(arena, str_of(job->doing)),
        .text = arena_str(arena, str_of(job->text)),
        .result = arena_str(arena, buf_str(&job->result)),
        .counts = job->counts,
        .per_second = job->per_second,
        .seconds_left = job->seconds_left,
        .began_at = job->began_at,
        .ended_at = job->ended_at,
        .status = job->status,
        .version = job->version,
    };
    memcpy(out->id, job->id, JOB_ID_LEN);
    return out->text.p && out->result.p && out->doing.p && out->run_id.p && out->target.p
               ? AISLE_OK
               : aisle_nomem(err);
}

enum aisle_status jobs_get(struct jobs *jobs, struct str id, struct arena *arena,
                           struct job_view *out, struct aisle_err *err)
{
    struct job *job;
    enum aisle_status status;

    pthread_mutex_lock(&jobs->lock);
    job = find(jobs, id);
    status = job ? view(job, arena, out, err) : no_job(id, err);
    pthread_mutex_unlock(&jobs->lock);
    return status;
}

enum aisle_status jobs_each(struct jobs *jobs, struct arena *arena,
                            enum aisle_status (*fn)(void *ctx, const struct job_view *,
                                                    struct aisle_err *),
                            void *ctx, struct aisle_err *err)
{
    struct job_view *list = arena_zalloc(arena, JOBS_KEPT + JOBS_AT_ONCE, sizeof *list);
    size_t count = 0;
    enum aisle_status status = list ? AISLE_OK : aisle_nomem(err);

    pthread_mutex_lock(&jobs->lock);
    for (struct job *job = jobs->newest;
         status == AISLE_OK && job && count < JOBS_KEPT + JOBS_AT_ONCE; job = job->next)
        status = view(job, arena, &list[count++], err);
    pthread_mutex_unlock(&jobs->lock);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = fn(ctx, &list[i], err);
    return status;
}

size_t jobs_under_way(struct jobs *jobs)
{
    size_t n;

    pthread_mutex_lock(&jobs->lock);
    n = jobs->under_way;
    pthread_mutex_unlock(&jobs->lock);
    return n;
}
