#include "cli/hands.h"

#include "base/mem.h"

#include <pthread.h>

struct hands {
    struct app app; /* who decides nothing is "aisle" */
    struct worker_settings set;
    atomic_bool over;
    pthread_t thread;
};

static void *run(void *ctx)
{
    struct hands *h = ctx;
    struct worker_result done = {0};
    struct aisle_err why = {0};

    if (flow_worker(&h->app, &h->set, &done, &why) != AISLE_OK)
        log_error(h->app.log, &why, "working");
    return NULL;
}

enum aisle_status hands_start(const struct app *app, unsigned slots, struct hands **out,
                              struct aisle_err *err)
{
    struct hands *h;

    *out = NULL;
    if (slots == 0)
        return AISLE_OK;
    h = mem_zalloc(1, sizeof *h);
    if (!h)
        return aisle_nomem(err);
    h->app = *app;
    h->app.who = STR_LIT("aisle");
    h->app.progress = NULL;
    h->app.stop = &h->over;
    h->set.slots = slots;
    if (pthread_create(&h->thread, NULL, run, h)) {
        mem_free(h);
        return aisle_fail(err, AISLE_IO, "cannot start a thread");
    }
    *out = h;
    return AISLE_OK;
}

void hands_stop(struct hands *h)
{
    if (!h)
        return;
    atomic_store(&h->over, true);
    pthread_join(h->thread, NULL);
    mem_free(h);
}
