#include "api/renewals.h"

#include "base/mem.h"

#include <pthread.h>

enum { RENEWALS_MOST = 256 };

/* A digest and its times; one of both has a digest at all. */
struct renewal {
    bool is_token;
    struct user_session session;
    struct api_token token;
};

struct renewals {
    const struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct renewal list[RENEWALS_MOST]; /* a ring */
    size_t first, count;
    bool ended;
};

static bool take(struct renewals *r, struct renewal *out)
{
    bool found;

    pthread_mutex_lock(&r->lock);
    while (!r->count && !r->ended)
        pthread_cond_wait(&r->wake, &r->lock);
    found = r->count > 0;
    if (found) {
        *out = r->list[r->first];
        r->first = (r->first + 1) % RENEWALS_MOST;
        r->count--;
    }
    pthread_mutex_unlock(&r->lock);
    return found;
}

static void *run(void *ctx)
{
    struct renewals *r = ctx;
    struct renewal one;

    while (take(r, &one)) {
        if (one.is_token)
            flow_token_used(r->app, &one.token, NULL);
        else
            flow_session_renew(r->app, &one.session, NULL);
    }
    return NULL;
}

static void note(struct renewals *r, const struct renewal *one)
{
    pthread_mutex_lock(&r->lock);
    if (r->count < RENEWALS_MOST) {
        r->list[(r->first + r->count++) % RENEWALS_MOST] = *one;
        pthread_cond_signal(&r->wake);
    }
    pthread_mutex_unlock(&r->lock);
}

void renewals_session(struct renewals *r, const struct user_session *used)
{
    struct renewal one = {.session = {.digest = used->digest,
                                      .created_at = used->created_at,
                                      .expires_at = used->expires_at}};

    note(r, &one);
}

void renewals_token(struct renewals *r, const struct api_token *used)
{
    struct renewal one = {.is_token = true,
                          .token = {.digest = used->digest, .used_at = used->used_at}};

    note(r, &one);
}

enum aisle_status renewals_new(const struct app *app, struct renewals **out,
                               struct aisle_err *err)
{
    struct renewals *r = mem_zalloc(1, sizeof *r);

    if (!r)
        return aisle_nomem(err);
    r->app = app;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    if (pthread_create(&r->thread, NULL, run, r)) {
        pthread_cond_destroy(&r->wake);
        pthread_mutex_destroy(&r->lock);
        mem_free(r);
        return aisle_fail(err, AISLE_CONFIG, "cannot start a thread");
    }
    *out = r;
    return AISLE_OK;
}

void renewals_free(struct renewals *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&r->lock);
    r->ended = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    mem_free(r);
}
