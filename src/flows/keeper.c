#include "flows/keeper.h"

#include <signal.h>
#include <time.h>

/* By the machine's clock: it is a thread that waits, whatever time the app goes by. */
static struct timespec in_a_third(int64_t seconds)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(seconds / 3);
    at.tv_nsec += (long)(seconds % 3) * 333333333L;
    at.tv_sec += at.tv_nsec / 1000000000L;
    at.tv_nsec %= 1000000000L;
    return at;
}

/* False: it is over. */
static bool wait_a_third(struct keeper *k)
{
    const struct timespec until = in_a_third(k->seconds);
    int waited = 0;
    bool over;

    pthread_mutex_lock(&k->lock);
    while (!k->over && waited == 0)
        waited = pthread_cond_timedwait(&k->changed, &k->lock, &until);
    over = k->over;
    pthread_mutex_unlock(&k->lock);
    return !over;
}

/* A store that is out is asked again after the next third. */
static void *renew(void *ctx)
{
    struct keeper *k = ctx;

    while (wait_a_third(k)) {
        struct aisle_err why = {0};
        enum aisle_status status = lease_renew(k->app, k->lease, k->seconds, &why);

        if (status == AISLE_OK)
            continue;
        log_error(k->app->log, &why, "renewing a lease");
        if (status != AISLE_CONFLICT)
            continue;
        atomic_store(&k->lost, true);
        break;
    }
    return NULL;
}

/* Signals are for the program's own threads. */
static int start(struct keeper *k)
{
    sigset_t all, before;
    int failed;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(&k->thread, NULL, renew, k);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void clear(struct keeper *k)
{
    pthread_cond_destroy(&k->changed);
    pthread_mutex_destroy(&k->lock);
}

enum aisle_status keeper_begin(struct keeper *k, const struct app *app,
                               struct lease *lease, int64_t seconds,
                               struct aisle_err *err)
{
    pthread_condattr_t monotonic;

    *k = (struct keeper){.app = app, .lease = lease, .seconds = seconds};
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&k->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (start(k) == 0)
        return AISLE_OK;
    clear(k);
    return aisle_fail(err, AISLE_IO, "cannot start a thread");
}

enum aisle_status keeper_check(const struct keeper *k, struct aisle_err *err)
{
    if (!atomic_load(&k->lost))
        return AISLE_OK;
    return aisle_fail(err, AISLE_CONFLICT, "%s was taken over by another",
                      k->lease->name);
}

void keeper_end(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->over = true;
    pthread_cond_broadcast(&k->changed);
    pthread_mutex_unlock(&k->lock);
    pthread_join(k->thread, NULL);
    clear(k);
}
