#include "api/held.h"

#include "base/mem.h"
#include "flows/sync.h"

struct held_set {
    const struct app *app;
    struct str model;
    pthread_mutex_t lock;
    struct held *list[HELD_MAX]; /* one reference of the set's each */
    size_t count;
};

enum aisle_status held_set_new(const struct app *app, struct str model,
                               struct held_set **out, struct aisle_err *err)
{
    struct held_set *s = mem_zalloc(1, sizeof *s);

    if (!s)
        return aisle_nomem(err);
    s->app = app;
    s->model = model;
    pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return AISLE_OK;
}

static void held_free(struct held *h)
{
    for (size_t i = 0; i < h->scratch_count; i++)
        match_scratch_free(h->scratch[i]);
    adviser_close(h->adviser);
    arena_clear(&h->arena);
    mem_free(h);
}

void held_set_free(struct held_set *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++)
        held_give(s->list[i]);
    pthread_mutex_destroy(&s->lock);
    mem_free(s);
}

void held_give(struct held *h)
{
    bool last;

    if (!h)
        return;
    pthread_mutex_lock(&h->set->lock);
    last = --h->holders == 0;
    pthread_mutex_unlock(&h->set->lock);
    if (last)
        held_free(h);
}

static int64_t now_ms(const struct held_set *s)
{
    return clock_mono_ms(s->app->clock);
}

/* Which target it is; its tree comes later. */
static enum aisle_status resolve(struct held_set *s, struct str asked, struct str also,
                                 struct held **out, struct aisle_err *err)
{
    struct held *h = mem_zalloc(1, sizeof *h);
    struct target other = {.id = STR_LIT("")};
    enum aisle_status status;

    if (!h)
        return aisle_nomem(err);
    h->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    h->set = s;
    h->holders = 1;
    h->loaded_ms = h->looked_ms = now_ms(s);
    status = flow_target(s->app, asked, &h->arena, &h->target, &h->shop, err);
    if (status == AISLE_OK && !str_empty(also))
        status = flow_also(s->app, also, &h->arena, &other, NULL, err);
    h->target_id = h->target.id;
    h->also_id = other.id;
    if (status == AISLE_OK)
        *out = h;
    else
        held_free(h);
    return status;
}

static enum aisle_status note_newest(void *ctx, const struct snapshot *snapshot,
                                     struct aisle_err *err)
{
    (void)err;
    *(int64_t *)ctx = snapshot->id;
    return AISLE_STOPPED;
}

static int64_t newest_snapshot(const struct held_set *s, struct str target_id)
{
    int64_t newest = 0;

    if (!str_empty(target_id))
        s->app->store->ops->trees->each_snapshot(s->app->store, target_id, note_newest,
                                                 &newest, NULL);
    return newest;
}

static enum aisle_status load_tree(struct held *h, struct aisle_err *err)
{
    const struct app *app = h->set->app;
    struct adviser_request from = {.target_id = h->target.id,
                                   .tree = &h->tree,
                                   .model = h->set->model,
                                   .also = h->also_id};
    enum aisle_status status = app->store->ops->trees->load(
        app->store, h->target.id, 0, &h->arena, &h->snapshot, &h->tree, err);

    h->also_snapshot = newest_snapshot(h->set, h->also_id);
    if (status == AISLE_OK)
        status = adviser_open(app, &from, &h->adviser, err);
    if (status == AISLE_OK)
        h->matcher = adviser_plain(h->adviser);
    return status;
}

static enum aisle_status load(struct held_set *s, const struct held *old,
                              struct held **out, struct aisle_err *err)
{
    struct held *h;
    enum aisle_status status = resolve(s, old->target_id, old->also_id, &h, err);

    if (status != AISLE_OK)
        return status;
    status = load_tree(h, err);
    if (status == AISLE_OK)
        *out = h;
    else
        held_free(h);
    return status;
}

/* With the lock. */
static size_t place_of(const struct held_set *s, struct str target_id, struct str also_id)
{
    size_t i = 0;

    while (i < s->count && !(str_eq(s->list[i]->target_id, target_id) &&
                             str_eq(s->list[i]->also_id, also_id)))
        i++;
    return i;
}

/* Puts a freshly loaded one in the place of what is there. The oldest goes when there is
 * no more room. */
static void keep(struct held_set *s, struct held *h)
{
    struct held *gone = NULL;
    size_t at;

    pthread_mutex_lock(&s->lock);
    h->holders++;
    at = place_of(s, h->target_id, h->also_id);
    if (at == s->count && s->count == HELD_MAX) {
        at = 0;
        for (size_t i = 1; i < s->count; i++)
            if (s->list[i]->looked_ms < s->list[at]->looked_ms)
                at = i;
    }
    if (at < s->count)
        gone = s->list[at];
    else
        s->count++;
    s->list[at] = h;
    pthread_mutex_unlock(&s->lock);
    held_give(gone);
}

/* Of those that find it was not looked at for a while, one looks; the others take what is
 * there. */
static struct held *find(struct held_set *s, struct str asked, struct str also,
                         bool *look)
{
    struct held *h = NULL;
    size_t at;

    pthread_mutex_lock(&s->lock);
    at = place_of(s, asked, also);
    if (at < s->count) {
        h = s->list[at];
        h->holders++;
        *look = !h->looking && now_ms(s) - h->looked_ms >= HELD_LOOK_MS;
        h->looking = h->looking || *look;
    }
    pthread_mutex_unlock(&s->lock);
    return h;
}

bool held_is_ready(struct held_set *s, struct str asked)
{
    bool ready;
    size_t at;

    pthread_mutex_lock(&s->lock);
    at = place_of(s, asked, STR_LIT(""));
    ready = at < s->count &&
            (s->list[at]->looking || now_ms(s) - s->list[at]->looked_ms < HELD_LOOK_MS);
    pthread_mutex_unlock(&s->lock);
    return ready;
}

static void looked(struct held *h)
{
    pthread_mutex_lock(&h->set->lock);
    h->looking = false;
    h->looked_ms = now_ms(h->set);
    pthread_mutex_unlock(&h->set->lock);
}

/* A leaf a marketplace named that the tree lacks adds no snapshot; so also a tree that
 * did not change is loaded again after a while. */
static bool is_old(struct held_set *s, const struct held *h)
{
    return now_ms(s) - h->loaded_ms >= HELD_RELOAD_MS ||
           newest_snapshot(s, h->target_id) != h->snapshot.id ||
           newest_snapshot(s, h->also_id) != h->also_snapshot ||
           adviser_is_old(h->adviser);
}

/* One that is not held under the name asked for: perhaps under its whole one. */
static enum aisle_status take_new(struct held_set *s, struct str asked, struct str also,
                                  struct held **out, bool *look, struct aisle_err *err)
{
    struct held *h, *there;
    enum aisle_status status = resolve(s, asked, also, &h, err);

    if (status != AISLE_OK)
        return status;
    there = find(s, h->target_id, h->also_id, look);
    if (there) {
        held_free(h);
        *out = there;
        return AISLE_OK;
    }
    status = load_tree(h, err);
    if (status != AISLE_OK) {
        held_free(h);
        return status;
    }
    keep(s, h);
    *out = h;
    return AISLE_OK;
}

enum aisle_status held_take(struct held_set *s, struct str asked, struct str also,
                            struct held **out, struct aisle_err *err)
{
    bool look = false;
    struct held *h = find(s, asked, also, &look), *newer = NULL;
    enum aisle_status status = h ? AISLE_OK : take_new(s, asked, also, &h, &look, err);

    if (status != AISLE_OK)
        return status;
    if (look && is_old(s, h) && load(s, h, &newer, NULL) == AISLE_OK) {
        keep(s, newer);
        looked(h);
        held_give(h);
        h = newer;
    } else if (look) {
        looked(h);
    }
    *out = h;
    return AISLE_OK;
}

void held_look_again(struct held_set *s, struct str target_id)
{
    pthread_mutex_lock(&s->lock);
    for (struct held **h = s->list; h < s->list + s->count; h++)
        if (str_eq((*h)->target_id, target_id) || str_eq((*h)->also_id, target_id)) {
            (*h)->loaded_ms = now_ms(s) - HELD_RELOAD_MS;
            (*h)->looked_ms = now_ms(s) - HELD_LOOK_MS;
        }
    pthread_mutex_unlock(&s->lock);
}

enum aisle_status held_advice(struct held *h, struct str seller_id,
                              struct seller_advice **out, struct aisle_err *err)
{
    struct seller_advice *advice;
    enum aisle_status status = adviser_of(h->adviser, seller_id, &advice, err);

    if (status == AISLE_OK)
        status = seller_advice_look(advice, true, err);
    if (status == AISLE_OK)
        *out = advice;
    return status;
}

enum aisle_status held_scratch_take(struct held *h, struct match_scratch **out,
                                    struct aisle_err *err)
{
    struct match_scratch *kept = NULL;

    pthread_mutex_lock(&h->set->lock);
    if (h->scratch_count)
        kept = h->scratch[--h->scratch_count];
    pthread_mutex_unlock(&h->set->lock);
    if (!kept)
        return match_scratch_new(out, err);
    *out = kept;
    return AISLE_OK;
}

void held_scratch_give(struct held *h, struct match_scratch *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&h->set->lock);
    if (h->scratch_count < sizeof h->scratch / sizeof *h->scratch) {
        h->scratch[h->scratch_count++] = s;
        s = NULL;
    }
    pthread_mutex_unlock(&h->set->lock);
    match_scratch_free(s);
}
