#include "flows/requirements.h"

#include "base/mem.h"
#include "flows/keys.h"
#include "flows/listing/leaf_requirement.h"
#include "flows/sync.h"

#include <stdlib.h>

struct leaf_in_use {
    struct str id;
    size_t mappings, listings;
};

struct walk {
    const struct app *app;
    const struct requirements_request *request;
    const struct requirements_listener *listener;
    struct target target;
    struct session session;
    struct arena arena;         /* the list of leaves */
    struct arena scratch;       /* one leaf */
    struct leaf_in_use *leaves; /* in the order they were met */
    size_t count, room;
    uint32_t *places; /* 2 * room, a power of two: 1 + where in leaves; 0 empty */
    struct requirements_result result;
};

/* ---- which leaves ---- */

static uint32_t *place_of(const struct walk *w, struct str id)
{
    size_t mask = 2 * w->room - 1, i = str_hash(id) & mask;

    while (w->places[i] && !str_eq(w->leaves[w->places[i] - 1].id, id))
        i = (i + 1) & mask;
    return &w->places[i];
}

static bool make_room(struct walk *w)
{
    size_t room = w->room ? 2 * w->room : 64;
    struct leaf_in_use *leaves = mem_realloc(w->leaves, room * sizeof *leaves);

    if (!leaves)
        return false;
    w->leaves = leaves;
    mem_free(w->places);
    w->places = mem_zalloc(2 * room, sizeof *w->places);
    w->room = room;
    for (size_t i = 0; w->places && i < w->count; i++)
        *place_of(w, w->leaves[i].id) = (uint32_t)i + 1;
    return w->places != NULL;
}

static struct leaf_in_use *leaf_of(struct walk *w, struct str id)
{
    uint32_t *place;

    if (w->count == w->room && !make_room(w))
        return NULL;
    place = place_of(w, id);
    if (*place)
        return &w->leaves[*place - 1];
    w->leaves[w->count] = (struct leaf_in_use){.id = arena_str(&w->arena, id)};
    if (!w->leaves[w->count].id.p)
        return NULL;
    *place = (uint32_t)++w->count;
    return &w->leaves[w->count - 1];
}

static bool asked_for(const struct walk *w, struct str id)
{
    for (size_t i = 0; i < w->request->category_count; i++)
        if (str_eq(w->request->categories[i], id))
            return true;
    return w->request->category_count == 0;
}

static enum aisle_status note_mapping(void *ctx, const struct decision *d,
                                      struct aisle_err *err)
{
    struct walk *w = ctx;
    struct leaf_in_use *leaf;

    if (d->category_id.n == 0 || !asked_for(w, d->category_id))
        return AISLE_OK;
    leaf = leaf_of(w, d->category_id);
    if (!leaf)
        return aisle_nomem(err);
    leaf->mappings++;
    return AISLE_OK;
}

static enum aisle_status note_listing(void *ctx, const struct listing *l,
                                      struct aisle_err *err)
{
    struct walk *w = ctx;
    struct leaf_in_use *leaf;

    if (l->category_id.n == 0 || !str_eq(l->version, w->target.version) ||
        !asked_for(w, l->category_id))
        return AISLE_OK;
    leaf = leaf_of(w, l->category_id);
    if (!leaf)
        return aisle_nomem(err);
    leaf->listings++;
    return AISLE_OK;
}

static enum aisle_status list_leaves(struct walk *w, struct aisle_err *err)
{
    const struct store *s = w->app->store;
    struct mapping_filter mapped = {.target_id = w->target.id,
                                    .states = 1u << DECISION_ACCEPTED};
    struct listing_filter listed = {.shop_id = w->target.shop_id};
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; i < w->request->category_count; i++)
        if (!leaf_of(w, w->request->categories[i]))
            return aisle_nomem(err);
    status =
        s->ops->decisions->each_mapping(w->app->store, &mapped, note_mapping, w, err);
    if (status == AISLE_OK)
        status = s->ops->listings->each(w->app->store, &listed, note_listing, w, err);
    return status;
}

/* ---- one leaf ---- */

struct told {
    struct walk *w;
    struct requirement_news *news;
};

static enum aisle_status tell_difference(void *ctx, const struct requirement_diff *d,
                                         struct aisle_err *err)
{
    struct told *t = ctx;

    (void)err;
    t->news->changes++;
    t->news->breaking += d->breaks;
    if (t->w->listener->differs)
        t->w->listener->differs(t->w->listener->ctx, t->news->category_id, d);
    return AISLE_OK;
}

static enum aisle_status compare(struct walk *w, const struct requirement *was,
                                 const struct requirement *now,
                                 struct requirement_news *news, struct aisle_err *err)
{
    struct told told = {w, news};

    return news->first ? AISLE_OK
                       : requirement_diff(was, now, tell_difference, &told, err);
}

static bool is_due(const struct walk *w, bool kept, int64_t checked_at)
{
    const struct requirements_request *r = w->request;

    if (!kept || checked_at > clock_now_s(w->app->clock)) /* by a clock that was ahead */
        return true;
    if (r->begun_at && checked_at >= r->begun_at)
        return false;
    return r->due_after_s == 0 ||
           clock_now_s(w->app->clock) - checked_at >= r->due_after_s;
}

static enum aisle_status do_leaf(struct walk *w, const struct leaf_in_use *leaf,
                                 struct aisle_err *err)
{
    struct requirement_key key =
        leaf_requirement_key(&w->session, &w->target, leaf->id, w->request->locale);
    struct requirement was = {0}, now = {0};
    struct requirement_news news = {.category_id = leaf->id,
                                    .now = &now,
                                    .mappings = leaf->mappings,
                                    .listings = leaf->listings};
    int64_t checked_at = 0;
    bool kept = false, changed = false;
    enum aisle_status status =
        leaf_requirement_load(w->app, &key, &w->scratch, &was, &kept, &checked_at, err);

    if (status == AISLE_OK && !is_due(w, kept, checked_at)) {
        w->result.not_due++;
        return AISLE_OK;
    }
    if (status == AISLE_OK)
        status = leaf_requirement_fetch(&w->session, &key, &w->scratch, &now, err);
    if (status != AISLE_OK)
        return status;
    news.first = !kept;
    w->result.fetched++;
    status = compare(w, &was, &now, &news, err);
    if (status == AISLE_OK && !w->request->dry_run)
        status = leaf_requirement_keep(w->app, &key, &now, &changed, err);
    if (status != AISLE_OK)
        return status;
    w->result.first += news.first;
    w->result.changed += !news.first && news.changes > 0;
    w->result.same += !news.first && news.changes == 0;
    if (w->listener->leaf)
        w->listener->leaf(w->listener->ctx, &news);
    return AISLE_OK;
}

/* What concerns this leaf alone; others can be asked about. */
static bool is_the_leafs(enum aisle_status status)
{
    return status == AISLE_REFUSED || status == AISLE_INVALID ||
           status == AISLE_NOT_FOUND || status == AISLE_GARBLED;
}

static enum aisle_status do_leaves(struct walk *w, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < w->count; i++) {
        struct aisle_err why = {0};

        status = app_check_stop(w->app, err);
        if (status != AISLE_OK)
            return status;
        status = do_leaf(w, &w->leaves[i], &why);
        arena_clear(&w->scratch);
        if (is_the_leafs(status)) {
            w->result.failed++;
            if (w->listener->failed)
                w->listener->failed(w->listener->ctx, w->leaves[i].id, &why);
            status = AISLE_OK;
        } else if (status != AISLE_OK) {
            aisle_pass(err, &why);
        }
    }
    return status;
}

enum aisle_status flow_requirements(const struct app *app,
                                    const struct requirements_request *request,
                                    const struct requirements_listener *listener,
                                    struct arena *arena, struct requirements_result *out,
                                    struct aisle_err *err)
{
    static const struct requirements_listener deaf = {0};
    struct walk w = {.app = app,
                     .request = request,
                     .listener = listener ? listener : &deaf,
                     .arena = ARENA_INIT(ARENA_MAX_WORK),
                     .scratch = ARENA_INIT(ARENA_MAX_WORK)};
    struct shop shop;
    enum aisle_status status =
        flow_target(app, request->target, arena, &w.target, &shop, err);

    if (status == AISLE_OK)
        status = session_open_for(app, &w.target, &w.session, err);
    if (status == AISLE_OK && !w.session.to.ops->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %.*s has no listings",
                            STR_ARG(shop.channel));
    if (status == AISLE_OK)
        status = list_leaves(&w, err);
    w.result.leaves = w.count;
    w.result.target_id = w.target.id;
    if (status == AISLE_OK)
        status = do_leaves(&w, err);
    if (status == AISLE_OK)
        *out = w.result;
    session_close(&w.session);
    mem_free(w.places);
    mem_free(w.leaves);
    arena_clear(&w.scratch);
    arena_clear(&w.arena);
    return status;
}
