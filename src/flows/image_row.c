/* image_row.c - many images, several under way at once, told in their order
 *
 * Hand k of n takes every nth image, from the kth on, and waits until what it has was
 * told before it takes its next one.
 */
#include "base/mem.h"
#include "flows/one_image.h"
#include "image/mend.h"

#include <pthread.h>
#include <signal.h>

enum { HANDS_MAX = 8 };

struct row;

struct hand {
    struct row *row;
    size_t first;
    struct images *images;
    bool ready; /* what follows waits to be told */
    enum aisle_status status;
    struct image_taken taken;
    struct aisle_err err;
};

struct row {
    const struct str *locations;
    size_t count;
    struct hand hands[HANDS_MAX];
    pthread_t threads[HANDS_MAX];
    size_t hand_count, begun;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
};

/* ---- a hand ---- */

/* False: nobody wants more. */
static bool await_told(struct hand *h)
{
    bool over;

    pthread_mutex_lock(&h->row->lock);
    while (h->ready && !h->row->over)
        pthread_cond_wait(&h->row->changed, &h->row->lock);
    over = h->row->over;
    pthread_mutex_unlock(&h->row->lock);
    return !over;
}

static void set_ready(struct hand *h, bool ready)
{
    pthread_mutex_lock(&h->row->lock);
    h->ready = ready;
    pthread_cond_broadcast(&h->row->changed);
    pthread_mutex_unlock(&h->row->lock);
}

static void take(struct hand *h, size_t i)
{
    h->err = (struct aisle_err){0};
    h->status = images_take(h->images, h->row->locations[i], &h->taken, &h->err);
}

static void *work(void *ctx)
{
    struct hand *h = ctx;

    for (size_t i = h->first; i < h->row->count && await_told(h);
         i += h->row->hand_count) {
        take(h, i);
        set_ready(h, true);
    }
    return NULL;
}

/* ---- all of them ---- */

static enum aisle_status open_hands(struct row *r, const struct app *app,
                                    const struct images_terms *terms,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t k = 0; status == AISLE_OK && k < r->hand_count; k++) {
        r->hands[k] = (struct hand){.row = r, .first = k};
        status = images_open(app, terms, &r->hands[k].images, err);
    }
    return status;
}

/* Signals are for the thread that tells. One hand works without a thread of its own. */
static enum aisle_status begin_threads(struct row *r, struct aisle_err *err)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (r->hand_count > 1 && r->begun < r->hand_count &&
           pthread_create(&r->threads[r->begun], NULL, work, &r->hands[r->begun]) == 0)
        r->begun++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r->hand_count > 1 && r->begun < r->hand_count)
        return aisle_fail(err, AISLE_IO, "cannot begin another thread");
    return AISLE_OK;
}

static void await_ready(struct hand *h)
{
    pthread_mutex_lock(&h->row->lock);
    while (!h->ready)
        pthread_cond_wait(&h->row->changed, &h->row->lock);
    pthread_mutex_unlock(&h->row->lock);
}

static enum aisle_status tell_all(struct row *r, const struct app *app,
                                  images_each_fn *fn, void *ctx, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < r->count; i++) {
        struct hand *h = &r->hands[i % r->hand_count];

        status = app_check_stop(app, err);
        if (status != AISLE_OK)
            return status;
        if (r->begun)
            await_ready(h);
        else
            take(h, i);
        status = fn(ctx, h->images, r->locations[i],
                    h->status == AISLE_OK ? &h->taken : NULL, &h->err, err);
        if (r->begun)
            set_ready(h, false);
    }
    return status;
}

static void end(struct row *r)
{
    pthread_mutex_lock(&r->lock);
    r->over = true;
    pthread_cond_broadcast(&r->changed);
    pthread_mutex_unlock(&r->lock);
    for (size_t k = 0; k < r->begun; k++)
        pthread_join(r->threads[k], NULL);
    for (size_t k = 0; k < r->hand_count; k++)
        images_close(r->hands[k].images);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->lock);
    mem_free(r);
}

/* As many as can be mended at once; a shop is spoken to by one. */
static size_t count_hands(const struct app *app, const struct images_terms *terms,
                          size_t count)
{
    size_t n = app->image_helpers ? image_helpers_count(app->image_helpers) : 1;

    n = terms->push ? 1 : n;
    n = n < count ? n : count;
    n = n < HANDS_MAX ? n : HANDS_MAX;
    return n ? n : 1;
}

enum aisle_status images_each(const struct app *app, const struct images_terms *terms,
                              const struct str *locations, size_t count,
                              images_each_fn *fn, void *ctx, struct aisle_err *err)
{
    struct row *r = mem_zalloc(1, sizeof *r);
    enum aisle_status status;

    if (!r)
        return aisle_nomem(err);
    r->locations = locations;
    r->count = count;
    r->hand_count = count_hands(app, terms, count);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->changed, NULL);
    status = open_hands(r, app, terms, err);
    if (status == AISLE_OK)
        status = begin_threads(r, err);
    if (status == AISLE_OK)
        status = tell_all(r, app, fn, ctx, err);
    end(r);
    return status;
}
