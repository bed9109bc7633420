#include "flows/brands.h"

#include "flows/session.h"
#include "flows/sync.h"

struct adding {
    struct str name;
    struct arena *arena;
    struct channel_brand_page page;
    struct str page_token, id;
};

static enum aisle_status search_once(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct adding *a = ctx;
    const struct channel_brand_query query = {
        .name = a->name, .page_token = a->page_token, .page_size = 100};

    return to->ops->listing->fetch_brands(to, &query, a->arena, &a->page, meta, err);
}

static enum aisle_status create_once(void *ctx, struct channel_session *to,
                                     struct channel_meta *meta, struct aisle_err *err)
{
    struct adding *a = ctx;

    return to->ops->listing->create_brand(to, a->name, a->arena, &a->id, meta, err);
}

/* Names that begin so come in pages; one that is the same but for letter case is it. */
static enum aisle_status look(struct session *s, struct adding *a, bool *found,
                              struct aisle_err *err)
{
    enum aisle_status status;

    *found = false;
    a->page_token = STR_LIT("");
    do {
        status = app_check_stop(s->app, err);
        if (status == AISLE_OK)
            status = session_call(s, search_once, a, NULL, err);
        for (size_t i = 0; status == AISLE_OK && !*found && i < a->page.count; i++)
            if (str_eq_nocase(a->page.rows[i].name, a->name)) {
                a->id = a->page.rows[i].id;
                *found = true;
            }
        a->page_token = a->page.next_token;
    } while (status == AISLE_OK && !*found && a->page.count && a->page_token.n);
    return status;
}

static enum aisle_status add(struct session *s, struct adding *a, bool *created,
                             struct aisle_err *err)
{
    struct aisle_err why = {0}, blind = {0};
    bool found = false;
    enum aisle_status status = look(s, a, &found, err);

    if (status != AISLE_OK || found)
        return status;
    status = session_call(s, create_once, a, NULL, &why);
    *created = status == AISLE_OK;
    if ((status == AISLE_BUSY || status == AISLE_GARBLED) &&
        look(s, a, &found, &blind) == AISLE_OK && found) {
        *created = true; /* its answer was lost */
        return AISLE_OK;
    }
    if (status != AISLE_OK)
        aisle_pass(err, &why);
    return status;
}

static enum aisle_status open_shop(const struct app *app, struct str asked,
                                   struct arena *arena, struct target *target,
                                   struct session *out, struct aisle_err *err)
{
    enum aisle_status status = flow_target(app, asked, arena, target, NULL, err);

    if (status == AISLE_OK)
        status = session_open_for(app, target, out, err);
    if (status == AISLE_OK && !out->to.ops->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %s has no listings",
                            out->to.ops->name);
    return status;
}

enum aisle_status flow_brand_add(const struct app *app, struct str target,
                                 struct str name, struct arena *arena,
                                 struct brand_added *out, struct aisle_err *err)
{
    struct adding adding = {.name = str_trim(name), .arena = arena};
    struct session session = {0};
    struct target where;
    bool created = false;
    enum aisle_status status = AISLE_OK;

    if (adding.name.n == 0)
        return aisle_fail(err, AISLE_INVALID, "a brand without a name");
    status = open_shop(app, target, arena, &where, &session, err);
    if (status == AISLE_OK)
        status = add(&session, &adding, &created, err);
    session_close(&session);
    if (status == AISLE_OK)
        *out = (struct brand_added){adding.name, adding.id, created};
    return status;
}

/* ---- those there are ---- */

struct listing_brands {
    struct channel_brand_query query;
    struct arena *arena;
    struct channel_brand_page page;
};

static enum aisle_status list_once(void *ctx, struct channel_session *to,
                                   struct channel_meta *meta, struct aisle_err *err)
{
    struct listing_brands *l = ctx;

    return to->ops->listing->fetch_brands(to, &l->query, l->arena, &l->page, meta, err);
}

static enum aisle_status tell(const struct channel_brand_page *page, size_t most,
                              brand_fn *fn, void *ctx, struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < page->count && i < most; i++)
        status = fn(ctx, &page->rows[i], err);
    return status;
}

static enum aisle_status each_page(struct session *s, struct listing_brands *l,
                                   size_t limit, brand_fn *fn, void *ctx,
                                   struct aisle_err *err)
{
    size_t left = limit ? limit : SIZE_MAX;
    enum aisle_status status;

    do {
        status = app_check_stop(s->app, err);
        if (status == AISLE_OK)
            status = session_call(s, list_once, l, NULL, err);
        if (status == AISLE_OK)
            status = tell(&l->page, left, fn, ctx, err);
        left -= l->page.count < left ? l->page.count : left;
        l->query.page_token = l->page.next_token;
    } while (status == AISLE_OK && l->page.count && l->page.next_token.n && left);
    return status;
}

enum aisle_status flow_each_brand(const struct app *app,
                                  const struct brands_request *request,
                                  struct arena *arena, brand_fn *fn, void *ctx,
                                  struct str *next, struct aisle_err *err)
{
    bool few = request->limit && request->limit < BRANDS_A_PAGE;
    struct listing_brands l = {
        .query = {.category_id = request->category,
                  .name = request->name,
                  .authorized_only = request->authorized_only,
                  .page_token = request->page,
                  .page_size = few ? request->limit : BRANDS_A_PAGE},
        .arena = arena};
    struct session session = {0};
    struct target where;
    enum aisle_status status =
        open_shop(app, request->target, arena, &where, &session, err);

    if (status == AISLE_OK) {
        l.query.version = request->category.n ? where.version : STR_LIT("");
        status = each_page(&session, &l, request->limit, fn, ctx, err);
    }
    session_close(&session);
    if (status == AISLE_OK && next)
        *next = l.page.count ? l.page.next_token : STR_LIT("");
    return status;
}

/* ---- the newer tree ---- */

static enum aisle_status upgrade_once(void *ctx, struct channel_session *to,
                                      struct channel_meta *meta, struct aisle_err *err)
{
    (void)ctx;
    return to->ops->listing->upgrade_categories(to, meta, err);
}

enum aisle_status flow_listing_upgrade(const struct app *app, struct str target,
                                       struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct session session = {0};
    struct channel_meta meta = {0};
    struct target where;
    enum aisle_status status = open_shop(app, target, &arena, &where, &session, err);

    if (status == AISLE_OK && !session.to.ops->listing->upgrade_categories)
        status = aisle_fail(err, AISLE_INVALID, "%.*s: there is no newer tree to move to",
                            STR_ARG(where.id));
    if (status == AISLE_OK)
        status = session_call(&session, upgrade_once, NULL, &meta, err);
    if (meta.lost && (status == AISLE_BUSY || status == AISLE_GARBLED))
        aisle_note(err, "it may have been begun all the same");
    session_close(&session);
    arena_clear(&arena);
    return status;
}
