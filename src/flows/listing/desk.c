#include "flows/listing/desk.h"

#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "flows/keys.h"
#include "flows/leaf.h"
#include "flows/listing/leaf_requirement.h"
#include "flows/sync.h"
#include "listing/body.h"

#include <stdio.h>

enum { DEMANDS_KEEP_S = 24 * 3600, DEFAULTS_MAX = 4 * 1024 * 1024 };

/* ---- defaults ---- */

/* An object, where there is one at all. */
static enum aisle_status check_object(const struct desk *d, const json_t *value,
                                      const char *place, struct aisle_err *err)
{
    return !value || json_is_object(value)
               ? AISLE_OK
               : aisle_fail(err, AISLE_INVALID, "%s: %s is no object", d->defaults_name,
                            place);
}

/* A body as it would be sent, with whatever it leaves out left out. */
static enum aisle_status read_default(struct desk *d, const json_t *body,
                                      const char *whose, struct listing_draft *out,
                                      struct aisle_err *err)
{
    struct findings odd = {.arena = &d->arena};
    enum aisle_status status = check_object(d, body, whose, err);
    char *text = NULL;

    if (status == AISLE_OK) {
        text = json_dumps(body, JSON_COMPACT);
        status = text ? AISLE_OK : aisle_nomem(err);
    }
    if (status == AISLE_OK)
        status = listing_read_body(str_of(text), &d->arena, out, &odd, err);
    if (status == AISLE_OK && odd.count)
        status = aisle_fail(err, AISLE_INVALID, "%s: %s: %.*s: %.*s", d->defaults_name,
                            whose, STR_ARG(odd.rows[0].path), STR_ARG(odd.rows[0].what));
    mem_free(text);
    return status;
}

static enum aisle_status read_category_defaults(struct desk *d, json_t *categories,
                                                struct aisle_err *err)
{
    const char *path;
    json_t *body;
    size_t n = 0;
    enum aisle_status status = AISLE_OK;

    d->category_defaults = arena_zalloc(&d->arena, json_object_size(categories),
                                        sizeof *d->category_defaults);
    if (!d->category_defaults)
        return aisle_nomem(err);
    json_object_foreach(categories, path, body)
    {
        struct category_default *row = &d->category_defaults[n];

        if (status != AISLE_OK)
            break;
        row->path = arena_str(&d->arena, str_of(path));
        status = row->path.p ? read_default(d, body, path, &row->draft, err)
                             : aisle_nomem(err);
        n++;
    }
    d->category_default_count = n;
    return status;
}

/* {"USD": 1, "THB": 36.5}: so many of each are worth the same. */
static enum aisle_status read_rates(struct desk *d, json_t *rates, struct aisle_err *err)
{
    struct listing_rate *rows =
        arena_zalloc(&d->arena, json_object_size(rates), sizeof *rows);
    const char *currency;
    json_t *units;

    if (!rows)
        return aisle_nomem(err);
    json_object_foreach(rates, currency, units)
    {
        struct listing_rate *row = &rows[d->rates.count++];

        *row = (struct listing_rate){arena_str(&d->arena, str_of(currency)),
                                     json_number_value(units)};
        if (!row->currency.p)
            return aisle_nomem(err);
        if (!(row->units > 0))
            return aisle_fail(err, AISLE_INVALID,
                              "%s: the rate of %s is no number above zero",
                              d->defaults_name, currency);
    }
    d->rates.rows = rows;
    return AISLE_OK;
}

/* A member misspelled would be a default that nobody gets. */
static enum aisle_status check_members(const struct desk *d, json_t *whole,
                                       struct aisle_err *err)
{
    static const char *const known[] = {"shop", "categories", "rates"};
    enum aisle_status status = AISLE_OK;
    const char *name;
    json_t *value;

    json_object_foreach(whole, name, value)
    {
        size_t i = 0;

        while (i < 3 && strcmp(name, known[i]) != 0)
            i++;
        if (i == 3)
            return aisle_fail(err, AISLE_INVALID,
                              "%s: \"%.*s\" is no member of it: there are \"shop\", "
                              "\"categories\" and \"rates\"",
                              d->defaults_name, STR_ARG(utf8_head(str_of(name), 60)));
        status = check_object(d, value, known[i], err);
        if (status != AISLE_OK)
            return status;
    }
    return AISLE_OK;
}

static enum aisle_status read_parts(struct desk *d, json_t *whole, struct aisle_err *err)
{
    const json_t *shop = json_object_get(whole, "shop");
    enum aisle_status status = check_members(d, whole, err);

    d->has_shop_defaults = shop != NULL;
    if (status == AISLE_OK && shop)
        status = read_default(d, shop, "shop", &d->shop_defaults, err);
    if (status == AISLE_OK)
        status = read_category_defaults(d, json_object_get(whole, "categories"), err);
    return status == AISLE_OK ? read_rates(d, json_object_get(whole, "rates"), err)
                              : status;
}

static enum aisle_status read_defaults(struct desk *d, struct aisle_err *err)
{
    struct str name = d->request->defaults_name;
    json_t *whole = NULL;
    enum aisle_status status;

    if (d->request->defaults.n == 0)
        return AISLE_OK;
    d->defaults_name =
        name.n ? arena_fmt(&d->arena, "%.*s", STR_ARG(name)).p : "the defaults";
    if (!d->defaults_name)
        return aisle_nomem(err);
    status = json_read(d->request->defaults, DEFAULTS_MAX, d->defaults_name, &whole, err);
    if (status == AISLE_OK && !json_is_object(whole))
        status = aisle_fail(err, AISLE_INVALID,
                            "%s: no object of \"shop\", \"categories\" and \"rates\"",
                            d->defaults_name);
    if (status == AISLE_OK)
        status = read_parts(d, whole, err);
    json_decref(whole);
    return status;
}

/* ---- categories that no product has ---- */

static enum aisle_status note_shelf(void *ctx, const struct seller_category *c,
                                    struct aisle_err *err)
{
    struct desk *d = ctx;

    (void)err;
    for (size_t i = 0; i < d->category_default_count && c->products; i++)
        if (str_eq(d->category_defaults[i].path, c->id))
            d->category_defaults[i].is_used = true;
    return AISLE_OK;
}

enum aisle_status desk_strangers(struct desk *d, struct arena *arena,
                                 const struct str **out, size_t *count,
                                 struct aisle_err *err)
{
    struct str asked = d->request->seller_id;
    struct str *rows = arena_zalloc(arena, d->category_default_count, sizeof *rows);
    size_t n = 0;
    enum aisle_status status = AISLE_OK;

    if (!rows)
        return aisle_nomem(err);
    if (d->category_default_count)
        status = d->app->store->ops->catalogue->each_seller_category(
            d->app->store, asked.n ? asked : d->shop.seller_id, note_shelf, d, err);
    for (size_t i = 0; status == AISLE_OK && i < d->category_default_count; i++) {
        if (d->category_defaults[i].is_used)
            continue;
        rows[n] = arena_str(arena, d->category_defaults[i].path);
        if (!rows[n++].p)
            return aisle_nomem(err);
    }
    if (status == AISLE_OK) {
        *out = rows;
        *count = n;
    }
    return status;
}

const struct listing_draft *desk_category_defaults(const struct desk *d, struct str path)
{
    for (size_t i = 0; i < d->category_default_count; i++)
        if (str_eq(d->category_defaults[i].path, path))
            return &d->category_defaults[i].draft;
    return NULL;
}

/* ---- what was taught ---- */

const struct sellers_lessons *desk_lessons(const struct desk *d, struct str seller_id)
{
    for (size_t i = 0; i < d->lesson_seller_count; i++)
        if (str_eq(d->lessons[i].seller_id, seller_id))
            return &d->lessons[i];
    return NULL;
}

/* Lessons come by seller: his are the last. */
static struct sellers_lessons *lessons_of(struct desk *d, struct str seller_id)
{
    size_t n = d->lesson_seller_count;
    struct sellers_lessons *wider;

    if (n && str_eq(d->lessons[n - 1].seller_id, seller_id))
        return &d->lessons[n - 1];
    if ((n & (n - 1)) == 0) { /* a power of two: full */
        wider = arena_zalloc(&d->arena, n ? 2 * n : 1, sizeof *wider);
        if (!wider)
            return NULL;
        if (n)
            memcpy(wider, d->lessons, n * sizeof *wider);
        d->lessons = wider;
    }
    d->lessons[n].seller_id = arena_str(&d->arena, seller_id);
    if (!d->lessons[n].seller_id.p)
        return NULL;
    d->lesson_seller_count++;
    return &d->lessons[n];
}

static bool make_room(struct desk *d, struct sellers_lessons *s)
{
    size_t room = s->room ? 2 * s->room : 16;
    struct attribute_lesson *wider;

    if (s->count < s->room)
        return true;
    wider = arena_zalloc(&d->arena, room, sizeof *wider);
    if (!wider)
        return false;
    if (s->count)
        memcpy(wider, s->rows, s->count * sizeof *wider);
    s->rows = wider;
    s->room = room;
    return true;
}

static enum aisle_status note_lesson(void *ctx, const struct kept_lesson *l,
                                     struct aisle_err *err)
{
    struct desk *d = ctx;
    struct sellers_lessons *s = lessons_of(d, l->seller_id);
    struct attribute_lesson *row;

    if (!s || !make_room(d, s))
        return aisle_nomem(err);
    row = &s->rows[s->count];
    *row = (struct attribute_lesson){
        .category_id = arena_str(&d->arena, l->says.category_id),
        .attribute_id = arena_str(&d->arena, l->says.attribute_id),
        .seller_name = arena_str(&d->arena, l->says.seller_name),
        .seller_value = arena_str(&d->arena, l->says.seller_value),
        .value_id = arena_str(&d->arena, l->says.value_id),
        .value_name = arena_str(&d->arena, l->says.value_name),
    };
    if (!row->category_id.p || !row->attribute_id.p || !row->seller_name.p ||
        !row->seller_value.p || !row->value_id.p || !row->value_name.p)
        return aisle_nomem(err);
    s->count++;
    return AISLE_OK;
}

static enum aisle_status load_lessons(struct desk *d, struct aisle_err *err)
{
    struct str asked = d->request->seller_id;
    struct lesson_filter filter = {.seller_id = asked.n ? asked : d->shop.seller_id,
                                   .channel = d->shop.channel,
                                   .region = d->shop.region,
                                   .standing = true};

    return d->app->store->ops->lessons->each(d->app->store, &filter, note_lesson, d, err);
}

/* ---- what the shop has ---- */

struct warehouses {
    struct arena *arena;
    const struct shop_warehouse **rows;
    size_t *count;
};

static enum aisle_status ask_warehouses(void *ctx, struct channel_session *to,
                                        struct channel_meta *meta, struct aisle_err *err)
{
    struct warehouses *w = ctx;

    return to->ops->listing->fetch_warehouses(to, w->arena, w->rows, w->count, meta, err);
}

static enum aisle_status learn_warehouses(struct desk *d, struct aisle_err *err)
{
    struct warehouses ask = {&d->arena, &d->warehouses, &d->warehouse_count};
    struct session session = {0};
    enum aisle_status status;

    if (d->request->offline)
        return AISLE_OK;
    status = session_open_for(d->app, &d->target, &session, err);
    if (status == AISLE_OK)
        status = session_call(&session, ask_warehouses, &ask, NULL, err);
    d->warehouses_known = status == AISLE_OK;
    session_close(&session);
    return status;
}

/* ---- markets ---- */

static bool is_market(struct str region)
{
    const char *known;

    for (size_t i = 0; (known = listing_market(i)); i++)
        if (str_is(region, known))
            return true;
    return false;
}

/* Those asked for, else the shop's own. */
static enum aisle_status choose_markets(struct desk *d, struct aisle_err *err)
{
    const struct publish_request *r = d->request;
    const struct str *from = r->market_count ? r->markets : &d->shop.region;
    size_t count = r->market_count ? r->market_count : 1;

    d->global = target_is_global(&d->target);
    if (!d->global)
        return r->market_count
                   ? aisle_fail(err, AISLE_INVALID,
                                "%.*s is no global target: only global products are "
                                "published to markets",
                                STR_ARG(d->target.id))
                   : AISLE_OK;
    if (count > ABROAD_MAX)
        return aisle_fail(err, AISLE_INVALID, "over %d markets", ABROAD_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!is_market(from[i]))
            return aisle_fail(err, AISLE_INVALID, "\"%.*s\" is no market we know",
                              STR_ARG(from[i]));
        d->markets[d->market_count++] = from[i];
    }
    d->abroad = listing_limits_abroad(d->markets, d->market_count, r->profile);
    d->limits = &d->abroad;
    return AISLE_OK;
}

/* ---- open and close ---- */

enum aisle_status desk_open(const struct app *app, const struct publish_request *request,
                            struct desk *out, struct aisle_err *err)
{
    unsigned jobs = request->jobs ? request->jobs : 4;
    enum aisle_status status;

    *out = (struct desk){.app = app,
                         .request = request,
                         .arena = ARENA_INIT(ARENA_MAX_WORK),
                         .papers_arena = ARENA_INIT(ARENA_MAX_WORK)};
    pthread_mutex_init(&out->asking, NULL);
    pthread_mutex_init(&out->papers_lock, NULL);
    pthread_mutex_init(&out->lock, NULL);
    status =
        flow_target(app, request->target, &out->arena, &out->target, &out->shop, err);
    if (status == AISLE_OK)
        status =
            app_channel_for(app, out->shop.channel, &out->target, &out->channel, err);
    if (status == AISLE_OK && !out->channel->listing)
        status = aisle_fail(err, AISLE_INVALID, "channel %.*s has no listings",
                            STR_ARG(out->shop.channel));
    if (status == AISLE_OK)
        status = app->store->ops->trees->load(app->store, out->target.id, 0, &out->arena,
                                              &out->snapshot, &out->tree, err);
    if (status == AISLE_OK)
        status = once_new(jobs, &out->once, err);
    out->limits = listing_limits_get(out->shop.region, request->profile);
    if (status == AISLE_OK)
        status = read_defaults(out, err);
    if (status == AISLE_OK)
        status = load_lessons(out, err);
    if (status == AISLE_OK)
        status = learn_warehouses(out, err);
    if (status == AISLE_OK)
        status = choose_markets(out, err);
    return status;
}

void desk_close(struct desk *d)
{
    once_free(d->once);
    pthread_mutex_destroy(&d->asking);
    pthread_mutex_destroy(&d->papers_lock);
    pthread_mutex_destroy(&d->lock);
    arena_clear(&d->papers_arena);
    arena_clear(&d->arena);
}

enum aisle_status clerk_open(struct desk *d, struct clerk *out, struct aisle_err *err)
{
    *out = (struct clerk){
        .desk = d, .online = !d->request->offline, .arena = ARENA_INIT(ARENA_MAX_WORK)};
    return out->online ? session_open_for(d->app, &d->target, &out->session, err)
                       : AISLE_OK;
}

void clerk_close(struct clerk *c)
{
    session_close(&c->session);
    arena_clear(&c->arena);
}

/* ---- leaves ---- */

static enum aisle_status fetch_requirement(struct clerk *c, struct leaf *leaf,
                                           const struct requirement_key *key,
                                           struct aisle_err *err)
{
    struct desk *d = c->desk;
    enum aisle_status status =
        leaf_requirement_fetch(&c->session, key, &d->arena, &leaf->requirement, err);

    leaf->has_requirement = status == AISLE_OK;
    return status == AISLE_OK
               ? leaf_requirement_keep(d->app, key, &leaf->requirement, NULL, err)
               : status;
}

static enum aisle_status learn_requirement(struct clerk *c, struct leaf *leaf,
                                           struct aisle_err *err)
{
    struct desk *d = c->desk;
    struct session with_shop = {.shop = d->shop};
    struct requirement_key key =
        leaf_requirement_key(&with_shop, &d->target, leaf->id, STR_LIT(""));
    int64_t checked_at = 0;
    enum aisle_status status =
        leaf_requirement_load(d->app, &key, &d->arena, &leaf->requirement,
                              &leaf->has_requirement, &checked_at, err);
    bool fresh =
        leaf->has_requirement && clock_now_s(d->app->clock) - checked_at < DEMANDS_KEEP_S;

    if (status == AISLE_OK && c->online && !fresh)
        status = fetch_requirement(c, leaf, &key, err);
    if (status == AISLE_OK && leaf->has_requirement && d->global)
        status = requirement_in_markets(&leaf->requirement, d->markets, d->market_count,
                                        &d->arena, &leaf->requirement, err);
    return status;
}

/* As the stored tree has it. */
static enum aisle_status category_of(struct desk *d, struct leaf *leaf,
                                     struct aisle_err *err)
{
    const struct category *c = taxonomy_get(&d->tree, leaf->id);
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    leaf->category = (struct shop_category){.known = true, .exists = c != NULL};
    if (!c)
        return AISLE_OK;
    leaf->category.is_leaf = c->leaf && c->child_count == 0;
    leaf->category.permissions = c->permissions;
    category_path(&d->tree, c, TAXONOMY_NONE, &path);
    leaf->category.path = arena_str(&d->arena, buf_str(&path));
    buf_clear(&path);
    return leaf->category.path.p ? AISLE_OK : aisle_nomem(err);
}

/* Whether the shop may list there is asked afresh. What the answer does not speak of
 * stays as it was. */
static enum aisle_status ask_permission(struct clerk *c, struct leaf *leaf,
                                        struct aisle_err *err)
{
    struct desk *d = c->desk;
    const struct category *stored = taxonomy_get(&d->tree, leaf->id);
    struct leaf_now now;
    enum aisle_status status;

    if (!stored)
        return AISLE_OK;
    status = leaf_look(&c->session, &d->target, &d->tree, stored, &d->arena, &now, err);
    if (status == AISLE_OK && now.told) {
        leaf->category.is_leaf = now.is_leaf;
        leaf->category.permissions = now.permissions;
    }
    return status;
}

static void learn_leaf(struct clerk *c, struct leaf *leaf)
{
    leaf->status = category_of(c->desk, leaf, &leaf->why);
    if (leaf->status == AISLE_OK && c->online && leaf->category.exists)
        leaf->status = ask_permission(c, leaf, &leaf->why);
    if (leaf->status == AISLE_OK && leaf->category.exists && leaf->category.is_leaf)
        leaf->status = learn_requirement(c, leaf, &leaf->why);
}

enum aisle_status desk_leaf(struct clerk *c, struct str category_id,
                            const struct leaf **out, struct aisle_err *err)
{
    struct desk *d = c->desk;
    struct leaf *leaf;

    pthread_mutex_lock(&d->asking);
    for (leaf = d->leaves; leaf && !str_eq(leaf->id, category_id);)
        leaf = leaf->next;
    if (!leaf) {
        leaf = arena_zalloc(&d->arena, 1, sizeof *leaf);
        if (leaf)
            leaf->id = arena_str(&d->arena, category_id);
        if (leaf && leaf->id.p) {
            learn_leaf(c, leaf);
            if (leaf->status != AISLE_BUSY && leaf->status != AISLE_STOPPED) {
                leaf->next = d->leaves; /* what can pass is asked again */
                d->leaves = leaf;
            }
        }
    }
    pthread_mutex_unlock(&d->asking);
    if (!leaf || !leaf->id.p)
        return aisle_nomem(err);
    *out = leaf;
    return AISLE_OK;
}

/* ---- brands ---- */

struct brand_ask {
    struct channel_brand_query query;
    struct arena *arena;
    struct channel_brand_page page;
};

static enum aisle_status ask_brands(void *ctx, struct channel_session *to,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct brand_ask *a = ctx;

    return to->ops->listing->fetch_brands(to, &a->query, a->arena, &a->page, meta, err);
}

static enum aisle_status learn_brands(struct clerk *c, struct brand_search *b,
                                      struct aisle_err *err)
{
    struct brand_ask ask = {.query = {.category_id = b->leaf_id,
                                      .version = c->desk->target.version,
                                      .name = b->name,
                                      .page_size = 100},
                            .arena = &c->desk->arena};
    enum aisle_status status = session_call(&c->session, ask_brands, &ask, NULL, err);

    if (status == AISLE_OK) {
        b->rows = ask.page.rows;
        b->count = ask.page.count;
    }
    return status;
}

enum aisle_status desk_brands(struct clerk *c, struct str category_id, struct str name,
                              const struct shop_brand **out, size_t *count,
                              struct aisle_err *err)
{
    struct desk *d = c->desk;
    struct brand_search *b;
    enum aisle_status status = AISLE_OK;

    *out = NULL;
    *count = 0;
    if (!c->online || name.n == 0)
        return AISLE_OK;
    pthread_mutex_lock(&d->asking);
    for (b = d->brands; b && !(str_eq(b->leaf_id, category_id) && str_eq(b->name, name));)
        b = b->next;
    if (!b) {
        b = arena_zalloc(&d->arena, 1, sizeof *b);
        if (b) {
            b->leaf_id = arena_str(&d->arena, category_id);
            b->name = arena_str(&d->arena, name);
        }
        if (!b || !b->leaf_id.p || !b->name.p)
            status = aisle_nomem(err);
        if (status == AISLE_OK)
            status = learn_brands(c, b, err);
        if (status == AISLE_OK) {
            b->next = d->brands;
            d->brands = b;
        }
    }
    pthread_mutex_unlock(&d->asking);
    if (status == AISLE_OK) {
        *out = b->rows;
        *count = b->count;
    }
    return status;
}
