#include "cli/schedule.h"

#include "base/mem.h"

#include <pthread.h>
#include <time.h>

enum { LOOK_S = 15 };

struct schedule {
    struct app app; /* who decides nothing is "aisle" */
    struct rounds rounds;
    struct rounds_state state;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool ended;
};

/* By the clock that is never set: a clock set back delays nothing. */
static bool wait_a_while(struct schedule *s)
{
    struct timespec until;
    bool ended;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&s->lock);
    if (!s->ended)
        pthread_cond_timedwait(&s->wake, &s->lock, &until);
    ended = s->ended;
    pthread_mutex_unlock(&s->lock);
    return !ended;
}

static void *run(void *ctx)
{
    struct schedule *s = ctx;

    do {
        struct aisle_err why = {0};
        size_t done = 0;
        enum aisle_status status =
            flow_rounds(&s->app, &s->rounds, &s->state, &done, &why);

        if (status != AISLE_OK && status != AISLE_STOPPED)
            log_error(s->app.log, &why, "looking at what is due");
    } while (wait_a_while(s));
    return NULL;
}

enum aisle_status schedule_start(const struct app *app, const struct rounds *rounds,
                                 struct schedule **out, struct aisle_err *err)
{
    struct schedule *s = mem_zalloc(1, sizeof *s);
    pthread_condattr_t monotonic;

    if (!s || pthread_condattr_init(&monotonic)) {
        mem_free(s);
        return aisle_nomem(err);
    }
    s->app = *app;
    s->app.who = STR_LIT("aisle");
    s->app.progress = NULL;
    s->rounds = *rounds;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&s->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&s->thread, NULL, run, s)) {
        pthread_cond_destroy(&s->wake);
        pthread_mutex_destroy(&s->lock);
        mem_free(s);
        return aisle_fail(err, AISLE_CONFIG, "cannot start a thread");
    }
    *out = s;
    return AISLE_OK;
}

void schedule_stop(struct schedule *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}
