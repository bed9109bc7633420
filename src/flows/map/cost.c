#include "flows/map/cost.h"

enum { MOST_ATTEMPTS = 6, FEW_ATTEMPTS = 2 };

void cost_count(struct run_counts *c, const void *ctx)
{
    const struct cost *cost = ctx;

    c->calls += cost->calls;
    c->uploads += cost->uploads;
    c->recommends += cost->recommends;
    c->saved += cost->saved;
}

/* While call after call finds nobody there, the next is not repeated long. */
static int attempts_now(struct map *m)
{
    bool down;

    pthread_mutex_lock(&m->lock);
    down = m->busy_in_a_row > 0;
    pthread_mutex_unlock(&m->lock);
    return down ? FEW_ATTEMPTS : MOST_ATTEMPTS;
}

enum aisle_status cost_begin(struct worker *w, int *got, struct aisle_err *err)
{
    enum aisle_status status =
        budget_take(&w->map->budget, attempts_now(w->map), got, err);

    if (status == AISLE_OK)
        w->session.to.max_attempts = *got;
    return status;
}

void cost_end(struct worker *w, int got, const struct channel_meta *meta)
{
    struct map *m = w->map;

    budget_return(&m->budget, got, meta->calls);
    if (!meta->calls)
        return;
    pthread_mutex_lock(&m->lock);
    run_note_request(&m->request_ids, meta);
    m->last_answer = *meta;
    pthread_mutex_unlock(&m->lock);
}

bool cost_is_the_products(enum aisle_status status, const struct aisle_err *why)
{
    return why->remote_code[0] && (status == AISLE_REFUSED || status == AISLE_INVALID ||
                                   status == AISLE_LIMIT || status == AISLE_NOT_FOUND);
}

enum aisle_status cost_product_failed(struct worker *w, enum asked_kind kind,
                                      const struct aisle_err *why, struct asked *out,
                                      struct aisle_err *err)
{
    out->kind = kind;
    out->code = arena_str(&w->arena, str_of(why->remote_code));
    out->text = arena_str(&w->arena, str_of(why->text));
    return out->code.p && out->text.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status cost_not_the_budget(enum aisle_status status, struct aisle_err *why)
{
    if (status != AISLE_LIMIT)
        return status;
    return why->status = AISLE_GARBLED;
}
