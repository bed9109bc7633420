#include "sandbox/market/market.h"

#include "base/mem.h"
#include "sandbox/lexicon.h"
#include "sandbox/market/globals.h"
#include "sandbox/market/hooks.h"

#include <stdio.h>

enum aisle_status market_new(const struct engine *e, struct market **out,
                             struct aisle_err *err)
{
    struct market *m = mem_zalloc(1, sizeof *m);
    enum aisle_status status;

    if (!m)
        return aisle_nomem(err);
    pthread_mutex_init(&m->lock, NULL);
    m->engine = e;
    status = str_empty(e->set.market.rules)
                 ? AISLE_OK
                 : demands_load(e->set.market.rules, &m->demands, err);
    if (status == AISLE_OK)
        status = hooks_new(m, &m->hooks, err);
    if (status == AISLE_OK)
        *out = m;
    else
        market_free(m);
    return status;
}

/* Our own data is read when it is first needed: most sandboxes never list anything.
 * Without memory for it there are no demands and no brands, until the next time. */
static void make_ready(struct market *m)
{
    if (!m->demands)
        demands_load(m->engine->set.market.rules, &m->demands, NULL);
    if (!m->brands && brands_load(m, NULL))
        brands_free(m);
}

void market_free(struct market *m)
{
    if (!m)
        return;
    hooks_free(m->hooks);
    globals_free(m);
    products_free(m);
    mem_free(m->files);
    brands_free(m);
    demands_free(m->demands);
    pthread_mutex_destroy(&m->lock);
    mem_free(m);
}

struct market *market_enter(const struct call *c)
{
    struct market *m = c->engine->market;

    pthread_mutex_lock(&m->lock);
    make_ready(m);
    return m;
}

void market_leave(struct market *m)
{
    pthread_mutex_unlock(&m->lock);
}

enum aisle_status market_evolve(struct market *m, struct str edits, struct aisle_err *err)
{
    struct demands *next = NULL;
    enum aisle_status status;

    pthread_mutex_lock(&m->lock);
    make_ready(m);
    status =
        m->demands ? demands_evolve(m->demands, edits, &next, err) : aisle_nomem(err);
    if (status == AISLE_OK) {
        demands_free(m->demands);
        m->demands = next;
    }
    pthread_mutex_unlock(&m->lock);
    return status;
}

void market_forget_products(struct market *m)
{
    pthread_mutex_lock(&m->lock);
    hooks_forget(m->hooks);
    globals_free(m);
    products_free(m);
    mem_free(m->files);
    m->files = NULL;
    m->file_count = 0;
    pthread_mutex_unlock(&m->lock);
}

void market_forget_demands(struct market *m)
{
    struct demands *again = NULL;

    pthread_mutex_lock(&m->lock);
    if (demands_load(m->engine->set.market.rules, &again, NULL) == AISLE_OK) {
        demands_free(m->demands);
        m->demands = again;
    }
    pthread_mutex_unlock(&m->lock);
}

/* As real ones begin: "1729592969712207008". */
void market_id(struct market *m, char out[MARKET_ID])
{
    uint64_t of_seed = chance_of(m->engine->set.seed, STR_LIT("ids")) % 1000000;

    snprintf(out, MARKET_ID, "1729%06llu%09llu", (unsigned long long)of_seed,
             (unsigned long long)(++m->made % 1000000000));
}
