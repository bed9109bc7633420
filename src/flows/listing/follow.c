/* follow.c - what became of listings, and changes of several at once */
#include "base/mem.h"
#include "flows/keys.h"
#include "flows/listing.h"
#include "flows/listing/look.h"
#include "flows/listing/moved.h"
#include "flows/sync.h"

struct shelf { /* listings read before anything is asked: a visitor may not write */
    struct arena arena;
    struct listing *rows;
    size_t count, room;
};

static bool keep_text(struct arena *a, struct str *s)
{
    *s = arena_str(a, *s);
    return s->p != NULL;
}

static bool keep_texts(struct arena *a, struct listing *l)
{
    struct str *const texts[] = {
        &l->seller_id,  &l->shop_id,     &l->product_id,   &l->remote_id, &l->audit,
        &l->reason,     &l->category_id, &l->version,      &l->platforms, &l->skus,
        &l->warnings,   &l->sent_hash,   &l->refused_hash, &l->attempt,   &l->code,
        &l->request_id, &l->markets,
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!keep_text(a, texts[i]))
            return false;
    return true;
}

static enum aisle_status note_listing(void *ctx, const struct listing *l,
                                      struct aisle_err *err)
{
    struct shelf *s = ctx;

    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        struct listing *wider = mem_realloc(s->rows, room * sizeof *wider);

        if (!wider)
            return aisle_nomem(err);
        s->rows = wider;
        s->room = room;
    }
    s->rows[s->count] = *l;
    if (!keep_texts(&s->arena, &s->rows[s->count]))
        return aisle_nomem(err);
    s->count++;
    return AISLE_OK;
}

static enum aisle_status note_by_id(const struct app *app, struct str seller_id,
                                    struct str shop_id, const struct str *ids,
                                    size_t count, struct shelf *out,
                                    struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < count; i++) {
        struct listing l;

        status = app->store->ops->listings->get(app->store, seller_id, shop_id, ids[i],
                                                &out->arena, &l, err);
        if (status == AISLE_OK)
            status = note_listing(out, &l, err);
    }
    return status;
}

static void shelf_clear(struct shelf *s)
{
    mem_free(s->rows);
    arena_clear(&s->arena);
}

static enum aisle_status open_shop(const struct app *app, struct str target,
                                   struct arena *arena, struct target *out,
                                   struct session *session, struct aisle_err *err)
{
    struct shop shop;
    enum aisle_status status = flow_target(app, target, arena, out, &shop, err);

    if (status == AISLE_OK)
        status = session_open_for(app, out, session, err);
    if (status == AISLE_OK && !session->to.ops->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %.*s has no listings",
                            STR_ARG(shop.channel));
    return status;
}

/* ---- following ---- */

/* Another leaf than it was listed in: moved by the marketplace, whose notification may
 * have been missed. */
static enum aisle_status follow_move(struct session *s, struct listing *l,
                                     struct arena *arena, struct aisle_err *err)
{
    struct listing_move move = {
        .shop_id = l->shop_id,
        .seller_id = l->seller_id,
        .to = l->category_id,
        .batch_id = arena_fmt(arena, "moved-%.*s-%.*s-%lld", STR_ARG(l->shop_id),
                              STR_ARG(l->product_id), (long long)l->status_at),
    };
    int64_t version_no = 0;
    size_t decisions;
    enum aisle_status status =
        move.batch_id.p ? listing_moved(s->app, &move, arena, l, &decisions, err)
                        : aisle_nomem(err);

    if (status == AISLE_OK)
        status = s->app->store->ops->listings->put(s->app->store, l, &version_no, err);
    if (status == AISLE_OK)
        l->version_no = version_no;
    return status;
}

static enum aisle_status follow_one(struct session *s, struct listing *l, follow_fn *fn,
                                    void *ctx, struct follow_result *out,
                                    struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    enum listing_state was = l->state;
    struct str leaf = l->category_id;
    struct aisle_err why = {0};
    enum aisle_status status = listing_refresh(s, l, &arena, &why);

    if (status == AISLE_OK && leaf.n && !str_eq(leaf, l->category_id) &&
        !listing_is_global(l))
        status = follow_move(s, l, &arena, &why);
    bool failed = status == AISLE_BUSY || status == AISLE_GARBLED ||
                  status == AISLE_REFUSED || status == AISLE_INVALID ||
                  status == AISLE_CONFLICT;

    if (status == AISLE_OK || failed) {
        out->seen++;
        out->failed += failed;
        out->changed += !failed && was != l->state;
        if (fn)
            fn(ctx, l, was, failed ? &why : NULL);
        status = AISLE_OK;
    } else {
        aisle_pass(err, &why);
    }
    arena_clear(&arena);
    return status;
}

static bool is_seen(const struct follow_request *request, const struct listing *l)
{
    return request->begun_at && l->status_at >= request->begun_at;
}

enum aisle_status flow_listing_follow(const struct app *app,
                                      const struct follow_request *request, follow_fn *fn,
                                      void *ctx, struct follow_result *out,
                                      struct aisle_err *err)
{
    struct shelf shelf = {.arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct session session = {0};
    struct target target;
    struct follow_result result = {0};
    enum aisle_status status =
        open_shop(app, request->target, &shelf.arena, &target, &session, err);
    struct listing_filter filter = {
        .seller_id = request->seller_id.n ? request->seller_id : session.shop.seller_id,
        .shop_id = session.shop.id,
        .states = request->all ? 0
                               : 1u << LISTING_PENDING | 1u << LISTING_DRAFT |
                                     1u << LISTING_SCHEDULED,
    };

    if (status == AISLE_OK && request->product_count)
        status = note_by_id(app, filter.seller_id, filter.shop_id, request->product_ids,
                            request->product_count, &shelf, err);
    else if (status == AISLE_OK)
        status = app->store->ops->listings->each(app->store, &filter, note_listing,
                                                 &shelf, err);
    for (size_t i = 0; status == AISLE_OK && i < shelf.count; i++) {
        status = app_check_stop(app, err);
        if (status != AISLE_OK || !shelf.rows[i].remote_id.n)
            continue;
        if (is_seen(request, &shelf.rows[i]))
            result.seen++;
        else
            status = follow_one(&session, &shelf.rows[i], fn, ctx, &result, err);
    }
    *out = result;
    session_close(&session);
    shelf_clear(&shelf);
    return status;
}

/* ---- changing ---- */

struct change {
    enum channel_change change;
    struct str ids[CHANNEL_MAX_CHANGED];
    size_t count;
    struct arena *arena;
    const struct channel_unchanged *unchanged;
    size_t unchanged_count;
    struct channel_meta meta;
    struct aisle_err why; /* no answer came that could be read */
    bool blind;           /* nor to the question what became of one */
};

static enum aisle_status change_once(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct change *c = ctx;

    return to->ops->listing->change(to, c->change, c->ids, c->count, c->arena,
                                    &c->unchanged, &c->unchanged_count, meta, err);
}

static const struct channel_unchanged *unchanged_of(const struct change *c, struct str id)
{
    for (size_t i = 0; i < c->unchanged_count; i++)
        if (str_eq(c->unchanged[i].product_id, id))
            return &c->unchanged[i];
    return NULL;
}

/* Active again goes through audit once more. */
static enum listing_state state_after(enum channel_change change)
{
    switch (change) {
    case CHANGE_ACTIVATE:
        return LISTING_PENDING;
    case CHANGE_DELETE:
        return LISTING_DELETED;
    case CHANGE_DEACTIVATE:
    case CHANGE_RECOVER:
        break;
    }
    return LISTING_OFF;
}

/* What the marketplace shows of one that was changed so. */
static bool is_done(enum channel_change change, enum listing_state state)
{
    switch (change) {
    case CHANGE_ACTIVATE:
        return state == LISTING_PENDING || state == LISTING_LIVE ||
               state == LISTING_FAILED || state == LISTING_SCHEDULED;
    case CHANGE_DEACTIVATE:
        return state == LISTING_OFF;
    case CHANGE_DELETE:
        return state == LISTING_DELETED;
    case CHANGE_RECOVER:
        break;
    }
    return state != LISTING_DELETED;
}

/* An answer was lost: what it said of this one, the listing itself tells. *why is empty
 * where it was done. */
static enum aisle_status look_after(struct session *s, struct change *c,
                                    struct listing *l, struct aisle_err *why,
                                    struct aisle_err *err)
{
    struct aisle_err blind = {0};
    enum aisle_status status =
        c->blind ? AISLE_BUSY : listing_refresh(s, l, c->arena, &blind);

    if (status == AISLE_OK && is_done(c->change, l->state)) {
        *why = (struct aisle_err){0};
        return AISLE_OK;
    }
    if (status == AISLE_OK) {
        aisle_note(why, "and the listing is %s", listing_state_name(l->state));
        return AISLE_OK;
    }
    if (status == AISLE_STOPPED || status == AISLE_NOMEM || status == AISLE_IO) {
        aisle_pass(err, &blind);
        return status;
    }
    c->blind = true;
    *why = (struct aisle_err){0};
    aisle_fail(why, AISLE_BUSY,
               "it is not known whether that was done, as the answer was lost%s%s: ask "
               "again what became of it (aisle listing status %.*s)",
               c->why.text[0] ? ": " : "", c->why.text, STR_ARG(l->product_id));
    return AISLE_OK;
}

static enum aisle_status put_changed(const struct app *app, const struct change *c,
                                     struct listing *l, struct aisle_err *err)
{
    l->state = state_after(c->change);
    l->status_at = l->updated_at = clock_now_s(app->clock);
    return app->store->ops->listings->put(app->store, l, NULL, err);
}

static enum aisle_status keep_changed(struct session *s, struct change *c,
                                      struct listing *l, follow_fn *fn, void *ctx,
                                      struct follow_result *out, struct aisle_err *err)
{
    const struct channel_unchanged *no = unchanged_of(c, l->remote_id);
    enum listing_state was = l->state;
    struct aisle_err why = c->why;
    enum aisle_status status = AISLE_OK;

    if (no)
        aisle_fail(&why, AISLE_REFUSED, "%.*s (code %.*s)", STR_ARG(no->message),
                   STR_ARG(no->code));
    if (why.status == AISLE_OK)
        status = put_changed(s->app, c, l, err);
    else if (c->meta.lost)
        status = look_after(s, c, l, &why, err);
    if (status != AISLE_OK)
        return status;
    out->seen++;
    out->failed += why.status != AISLE_OK;
    out->changed += was != l->state;
    if (fn)
        fn(ctx, l, was, why.status != AISLE_OK ? &why : NULL);
    return AISLE_OK;
}

static enum aisle_status change_some(struct session *s, enum channel_change what,
                                     struct listing *rows, size_t count, follow_fn *fn,
                                     void *ctx, struct follow_result *out,
                                     struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    struct change change = {.change = what, .arena = &arena};
    enum aisle_status status;

    for (size_t i = 0; i < count; i++)
        change.ids[change.count++] = rows[i].remote_id;
    status = session_call(s, change_once, &change, &change.meta, &change.why);
    if (change.meta.lost && (status == AISLE_BUSY || status == AISLE_GARBLED))
        status = AISLE_OK;
    else if (status != AISLE_OK)
        aisle_pass(err, &change.why);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = keep_changed(s, &change, &rows[i], fn, ctx, out, err);
    arena_clear(&arena);
    return status;
}

static enum aisle_status check_listed(const struct shelf *shelf,
                                      const struct target *where, struct aisle_err *err)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct listing *l = &shelf->rows[i];

        if (l->remote_id.n == 0)
            return aisle_fail(err, AISLE_NOT_FOUND, "product %.*s is not listed",
                              STR_ARG(l->product_id));
        if (listing_is_global(l) != target_is_global(where))
            return aisle_fail(err, AISLE_INVALID,
                              "product %.*s is %s product: %.*s is about the others",
                              STR_ARG(l->product_id),
                              listing_is_global(l) ? "a global" : "a local",
                              STR_ARG(where->id));
    }
    return AISLE_OK;
}

enum aisle_status flow_listing_change(const struct app *app, struct str target,
                                      struct str seller_id, enum channel_change change,
                                      const struct str *product_ids, size_t product_count,
                                      follow_fn *fn, void *ctx, struct follow_result *out,
                                      struct aisle_err *err)
{
    struct shelf shelf = {.arena = ARENA_INIT(ARENA_MAX_WORK)};
    struct session session = {0};
    struct target where;
    struct follow_result result = {0};
    enum aisle_status status =
        open_shop(app, target, &shelf.arena, &where, &session, err);

    if (status == AISLE_OK)
        status = note_by_id(app, seller_id.n ? seller_id : session.shop.seller_id,
                            session.shop.id, product_ids, product_count, &shelf, err);
    if (status == AISLE_OK)
        status = check_listed(&shelf, &where, err);
    for (size_t i = 0; status == AISLE_OK && i < shelf.count; i += CHANNEL_MAX_CHANGED) {
        size_t left = shelf.count - i;

        status = change_some(&session, change, &shelf.rows[i],
                             left < CHANNEL_MAX_CHANGED ? left : CHANNEL_MAX_CHANGED, fn,
                             ctx, &result, err);
    }
    *out = result;
    session_close(&session);
    shelf_clear(&shelf);
    return status;
}
