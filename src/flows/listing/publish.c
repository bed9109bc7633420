#include "base/mem.h"
#include "flows/listing/desk.h"

#include <signal.h>

enum { DEFAULT_JOBS = 4, MOST_JOBS = 64, MOST_BUSY_IN_A_ROW = 8 };

const char *publish_outcome_name(enum publish_outcome outcome)
{
    static const char *const names[] = {
        [PUBLISH_CREATED] = "created", [PUBLISH_EDITED] = "edited",
        [PUBLISH_FOUND] = "found",     [PUBLISH_SAME] = "same",
        [PUBLISH_READY] = "ready",     [PUBLISH_UNMAPPED] = "unmapped",
        [PUBLISH_WRONG] = "wrong",     [PUBLISH_REFUSED] = "refused",
        [PUBLISH_LATER] = "later",
    };

    return (size_t)outcome < sizeof names / sizeof *names ? names[outcome] : "unknown";
}

/* ---- which products ---- */

struct listed {
    struct arena *arena;
    struct product_key *rows;
    size_t count, room;
};

static enum aisle_status add_key(struct listed *l, struct str seller_id, struct str id,
                                 struct aisle_err *err)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 256;
        struct product_key *wider = mem_realloc(l->rows, room * sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        l->rows = wider;
        l->room = room;
    }
    l->rows[l->count] = (struct product_key){.seller_id = arena_str(l->arena, seller_id),
                                             .id = arena_str(l->arena, id)};
    if (!l->rows[l->count].seller_id.p || !l->rows[l->count].id.p)
        return aisle_nomem(err);
    l->count++;
    return AISLE_OK;
}

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    return add_key(ctx, p->seller_id, p->id, err);
}

static enum aisle_status note_listing(void *ctx, const struct listing *l,
                                      struct aisle_err *err)
{
    return add_key(ctx, l->seller_id, l->product_id, err);
}

static bool is_listed(const struct listed *l, struct str seller_id, struct str id)
{
    for (size_t i = 0; i < l->count; i++)
        if (str_eq(l->rows[i].id, id) && str_eq(l->rows[i].seller_id, seller_id))
            return true;
    return false;
}

/* What is not there to be edited would be made. */
static enum aisle_status check_was_sent(const struct desk *d, struct str seller_id,
                                        struct str id, struct arena *arena,
                                        struct aisle_err *err)
{
    struct aisle_err none = {0};
    struct listing listing;
    enum aisle_status status = d->app->store->ops->listings->get(
        d->app->store, seller_id, d->shop.id, id, arena, &listing, &none);

    if (status == AISLE_NOT_FOUND)
        return aisle_fail(err, AISLE_NOT_FOUND,
                          "product %.*s is not listed in %.*s yet: publish it first "
                          "(aisle listing publish)",
                          STR_ARG(str_head(id, 60)), STR_ARG(d->shop.id));
    if (status != AISLE_OK)
        aisle_pass(err, &none);
    return status;
}

/* One asked for by name, once. It is looked up here: a name nobody has is found out
 * before anything is sent. */
static enum aisle_status add_named(const struct desk *d, struct listed *l,
                                   struct str seller_id, size_t nth,
                                   struct aisle_err *err)
{
    struct str id = d->request->product_ids[nth];
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct product product;
    enum aisle_status status;

    if (is_listed(l, seller_id, id))
        return AISLE_OK;
    status = d->app->store->ops->catalogue->get_product(d->app->store, seller_id, id,
                                                        &arena, &product, err);
    if (status == AISLE_OK && d->request->only_listed)
        status = check_was_sent(d, seller_id, id, &arena, err);
    arena_clear(&arena);
    if (status == AISLE_OK)
        status = add_key(l, seller_id, id, err);
    if (status == AISLE_OK && d->request->seen)
        l->rows[l->count - 1].seen = d->request->seen[nth];
    return status;
}

static enum aisle_status list_products(struct desk *d, struct listed *out,
                                       struct aisle_err *err)
{
    const struct publish_request *r = d->request;
    struct product_filter filter = {.seller_id = r->seller_id,
                                    .limit = r->limit,
                                    .seller_category_id = r->seller_category,
                                    .has_seller_category = r->has_seller_category};
    struct str seller_id = r->seller_id.n ? r->seller_id : d->shop.seller_id;
    enum aisle_status status = AISLE_OK;

    if (r->product_count == 0 && r->only_listed) {
        struct listing_filter listed = {
            .seller_id = seller_id, .shop_id = d->shop.id, .limit = r->limit};

        return d->app->store->ops->listings->each(d->app->store, &listed, note_listing,
                                                  out, err);
    }
    if (r->product_count == 0) {
        filter.seller_id = seller_id;
        return d->app->store->ops->catalogue->each_product(d->app->store, &filter,
                                                           note_product, out, err);
    }
    for (size_t i = 0; status == AISLE_OK && i < r->product_count; i++)
        status = add_named(d, out, seller_id, i, err);
    return status;
}

/* ---- threads ---- */

/* Lock held. */
static void end_with(struct desk *d, enum aisle_status status,
                     const struct aisle_err *err)
{
    if (d->status == AISLE_OK) {
        d->status = status;
        d->err = *err;
    }
    d->end = true;
}

static const struct product_key *next_product(struct desk *d)
{
    const struct product_key *key = NULL;
    struct aisle_err err = {0};

    pthread_mutex_lock(&d->lock);
    if (!d->end && app_check_stop(d->app, &err) != AISLE_OK)
        end_with(d, AISLE_STOPPED, &err);
    if (!d->end && d->next < d->product_count)
        key = &d->products[d->next++];
    pthread_mutex_unlock(&d->lock);
    return key;
}

/* One product after another that nobody answers: the marketplace is not there. */
static void note_busy(struct desk *d, const struct publish_item *item)
{
    struct aisle_err err = {0};

    if (item->outcome != PUBLISH_LATER || item->code.n || d->result.capped) {
        d->busy_in_a_row = 0;
        return;
    }
    if (++d->busy_in_a_row < MOST_BUSY_IN_A_ROW)
        return;
    aisle_fail(&err, AISLE_BUSY, "%.*s", STR_ARG(item->text));
    end_with(d, AISLE_BUSY, &err);
}

static void take_outcome(struct desk *d, enum aisle_status status,
                         const struct outcome *out, const struct aisle_err *err)
{
    pthread_mutex_lock(&d->lock);
    if (status != AISLE_OK) {
        end_with(d, status, err);
    } else {
        d->result.total++;
        d->result.counts[out->item.outcome]++;
        note_busy(d, &out->item);
        if (d->fn)
            d->fn(d->fn_ctx, &out->item);
    }
    pthread_mutex_unlock(&d->lock);
}

static void *work(void *ctx)
{
    struct clerk *c = ctx;
    const struct product_key *key;

    while ((key = next_product(c->desk))) {
        struct outcome outcome;
        struct aisle_err err = {0};
        enum aisle_status status = clerk_publish(c, key, &outcome, &err);

        take_outcome(c->desk, status, &outcome, &err);
        arena_clear(&c->arena);
    }
    return NULL;
}

static size_t start_threads(struct clerk *clerks, pthread_t *threads, size_t count)
{
    sigset_t kept_away, before;
    size_t started = 0;

    sigfillset(&kept_away);
    sigdelset(&kept_away, SIGSEGV);
    sigdelset(&kept_away, SIGBUS);
    sigdelset(&kept_away, SIGFPE);
    sigdelset(&kept_away, SIGILL);
    sigdelset(&kept_away, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &kept_away, &before);
    while (started < count &&
           pthread_create(&threads[started], NULL, work, &clerks[started]) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void run(struct desk *d, size_t jobs)
{
    struct clerk *clerks = mem_zalloc(jobs, sizeof *clerks);
    pthread_t *threads = mem_zalloc(jobs, sizeof *threads);
    size_t opened = 0, started = 0;

    if (!clerks || !threads)
        d->status = aisle_nomem(&d->err);
    while (d->status == AISLE_OK && opened < jobs)
        d->status = clerk_open(d, &clerks[opened++], &d->err);
    if (d->status == AISLE_OK) {
        started = start_threads(clerks, threads, jobs);
        if (started == 0)
            d->status = aisle_fail(&d->err, AISLE_IO, "cannot start a thread");
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < opened; i++)
        clerk_close(&clerks[i]);
    mem_free(threads);
    mem_free(clerks);
}

enum aisle_status flow_publish(const struct app *app,
                               const struct publish_request *request, publish_item_fn *fn,
                               void *ctx, struct arena *arena, struct publish_result *out,
                               struct aisle_err *err)
{
    size_t jobs = request->jobs ? request->jobs : DEFAULT_JOBS;
    struct desk desk;
    struct listed listed = {0};
    enum aisle_status status = desk_open(app, request, &desk, err);

    listed.arena = &desk.arena;
    if (status == AISLE_OK)
        status = desk_strangers(&desk, arena, &desk.result.strangers,
                                &desk.result.stranger_count, err);
    if (status == AISLE_OK)
        status = list_products(&desk, &listed, err);
    if (status == AISLE_OK) {
        desk.products = listed.rows;
        desk.product_count = listed.count;
        desk.fn = fn;
        desk.fn_ctx = ctx;
        jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
        if (listed.count)
            run(&desk, jobs < listed.count ? jobs : listed.count);
        status = desk.status;
        if (status != AISLE_OK)
            aisle_pass(err, &desk.err);
    }
    *out = desk.result;
    out->target_id = arena_str(arena, desk.target.id);
    mem_free(listed.rows);
    desk_close(&desk);
    return status;
}
