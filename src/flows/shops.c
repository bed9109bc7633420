#include "flows/shops.h"

#include "flows/keys.h"
#include "flows/session.h"
#include "flows/tasks.h"

#include <stdio.h>

/* ---- a session before there is a shop ---- */

static enum aisle_status visit_open(const struct app *app, const struct shop_request *r,
                                    struct session *out, struct aisle_err *err)
{
    return session_open_new(app, &r->shop, &r->keys, out, err);
}

static void visit_close(struct session *s)
{
    s->to.keys = (struct shop_keys){0}; /* not ours to wipe */
    session_close(s);
}

/* ---- what the marketplace knows of it ---- */

static enum aisle_status no_such_shop(const struct shop_request *r,
                                      const struct channel_shop *list, size_t count,
                                      struct aisle_err *err)
{
    struct buf names = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    for (size_t i = 0; i < count; i++)
        buf_addf(&names, "%s%.*s (%.*s)", i ? ", " : "", STR_ARG(list[i].id),
                 STR_ARG(list[i].name));
    if (count == 0)
        status =
            aisle_fail(err, AISLE_AUTH, "the token is good for no shop: sign in again");
    else
        status = aisle_fail(err, AISLE_NOT_FOUND,
                            "the token is not for shop %.*s, but for %.*s",
                            STR_ARG(r->shop.remote_id), STR_ARG(buf_str(&names)));
    buf_clear(&names);
    return status;
}

static void fill_from(const struct channel_shop *from, struct shop *shop,
                      struct shop_keys *keys)
{
    shop->remote_id = from->id;
    shop->name = from->name;
    shop->region = from->region;
    shop->seller_type = from->seller_type;
    if (str_empty(keys->cipher))
        keys->cipher = from->cipher;
}

/* The first authorised shop, or the one that was named. */
static enum aisle_status ask_for_shop(struct session *s, const struct shop_request *r,
                                      struct shop *shop, struct shop_keys *keys,
                                      struct aisle_err *err)
{
    const struct channel_shop *list;
    struct channel_meta meta = {0};
    size_t count;
    enum aisle_status status;

    if (!s->to.ops->fetch_shops)
        return AISLE_OK;
    status = s->to.ops->fetch_shops(&s->to, &s->arena, &list, &count, &meta, err);
    if (status != AISLE_OK)
        return status;
    for (size_t i = 0; i < count; i++)
        if (str_empty(r->shop.remote_id) || str_eq(list[i].id, r->shop.remote_id)) {
            fill_from(&list[i], shop, keys);
            return AISLE_OK;
        }
    return no_such_shop(r, list, count, err);
}

/* ---- keeping ---- */

/* Nothing is kept of a shop whose keys cannot be. */
static enum aisle_status keep(const struct app *app, const struct shop *shop,
                              const struct shop_keys *keys, struct aisle_err *err)
{
    const struct store_shops *shops = app->store->ops->shops;
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct buf sealed = BUF_INIT(KEYS_MAX_SEALED);
    struct shop stored;
    int64_t version;
    enum aisle_status status = keys_seal(app, shop, keys, &sealed, err);

    if (status == AISLE_OK)
        status = shops->put_shop(app->store, shop, err);
    if (status == AISLE_OK)
        status = shops->get_shop(app->store, shop->id, &arena, &stored, err);
    if (status == AISLE_OK)
        status = shops->put_keys(app->store, shop->id, stored.keys_version,
                                 buf_str(&sealed), &version, err);
    buf_clear(&sealed);
    arena_clear(&arena);
    return status;
}

enum { MOST_TEXT = 2000 };

static enum aisle_status check_words(const struct shop_request *r, struct aisle_err *err)
{
    const struct {
        const char *name;
        struct str text;
    } texts[] = {
        {"id at the marketplace", r->shop.remote_id},
        {"region", r->shop.region},
        {"app key", r->shop.app_key},
        {"address of its API", r->shop.api_url},
        {"address of its sign-in", r->shop.auth_url},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text.n > MOST_TEXT)
            return aisle_fail(err, AISLE_INVALID, "a shop's %s has at most %d bytes",
                              texts[i].name, MOST_TEXT);
    if (!short_word_valid(r->shop.id))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a shop: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(r->shop.id));
    if (!str_empty(r->shop.seller_id) && !short_word_valid(r->shop.seller_id))
        return aisle_fail(err, AISLE_INVALID,
                          "\"%.*s\" is no name for a seller: 1 to 40 of a-z 0-9 - _",
                          STR_ARG(r->shop.seller_id));
    return AISLE_OK;
}

static struct shop shop_begun(const struct app *app, const struct shop_request *r)
{
    struct shop shop = r->shop;

    if (str_empty(shop.seller_id))
        shop.seller_id = STR_LIT("default");
    shop.created_at = clock_now_s(app->clock);
    return shop;
}

/* A channel of client credentials has no token yet: its refresh is the sign-in. */
static enum aisle_status first_token(struct session *s, struct shop_keys *keys,
                                     struct aisle_err *err)
{
    struct channel_meta meta = {0};
    enum aisle_status status;

    if (!str_empty(keys->access_token))
        return AISLE_OK;
    if (s->to.ops->exchange_code)
        return aisle_fail(err, AISLE_CONFIG, "no access token given");
    status = s->to.ops->refresh(&s->to, &s->arena, keys, &meta, err);
    if (status == AISLE_OK)
        s->to.keys = *keys;
    return status;
}

enum aisle_status flow_shop_add(const struct app *app, const struct shop_request *request,
                                struct aisle_err *err)
{
    struct shop shop = shop_begun(app, request);
    struct shop_keys keys = request->keys;
    struct session s;
    enum aisle_status status = check_words(request, err);

    if (status == AISLE_OK)
        status = visit_open(app, request, &s, err);
    if (status != AISLE_OK)
        return status;
    if (!request->offline) {
        status = first_token(&s, &keys, err);
        if (status == AISLE_OK)
            status = ask_for_shop(&s, request, &shop, &keys, err);
    }
    if (status == AISLE_OK)
        status = keep(app, &shop, &keys, err);
    visit_close(&s);
    return status;
}

/* ---- signing in ---- */

/* A stand-in serves its own consent page. */
static enum aisle_status consent_link(const struct shop_request *r,
                                      const struct channel_ops *ops, struct str state,
                                      struct buf *out, struct aisle_err *err)
{
    if (str_empty(r->shop.auth_url))
        return ops->consent_url(r->service_id, r->shop.region, state, out, err);
    buf_add(out, r->shop.auth_url);
    buf_addz(out, "/oauth/authorize?app_key=");
    buf_url(out, r->shop.app_key);
    buf_addz(out, "&state=");
    buf_url(out, state);
    return buf_check(out, "consent link", err);
}

enum aisle_status flow_login_begin(const struct app *app,
                                   const struct shop_request *request, struct login *out,
                                   struct aisle_err *err)
{
    struct buf link = BUF_INIT(sizeof(out->link) - 1);
    const struct channel_ops *ops;
    unsigned char chance[LOGIN_STATE_LEN / 2];
    enum aisle_status status = check_words(request, err);

    if (status == AISLE_OK)
        status = app_channel(app, request->shop.channel, &ops, err);
    if (status == AISLE_OK)
        status = channel_check_url(ops, request->shop.auth_url, err);
    if (status == AISLE_OK && !ops->consent_url)
        status = aisle_fail(
            err, AISLE_INVALID,
            "channel %s has no sign-in page: add the shop with its secret", ops->name);
    if (status != AISLE_OK)
        return status;

    app->rng->fill(app->rng->ctx, chance, sizeof(chance));
    for (size_t i = 0; i < sizeof(chance); i++)
        snprintf(out->state + 2 * i, 3, "%02x", chance[i]);
    status = consent_link(request, ops, str_of(out->state), &link, err);
    if (status == AISLE_OK)
        memcpy(out->link, link.p, link.n + 1);
    buf_clear(&link);
    return status;
}

enum aisle_status flow_channel_has_consent(const struct app *app, struct str channel,
                                           bool *has, struct aisle_err *err)
{
    const struct channel_ops *ops;
    enum aisle_status status = app_channel(app, channel, &ops, err);

    if (status == AISLE_OK)
        *has = ops->consent_url != NULL;
    return status;
}

enum aisle_status flow_shop_known(const struct app *app, struct str shop_id,
                                  struct arena *arena, struct shop_request *out,
                                  struct aisle_err *err)
{
    struct shop shop;
    struct shop_keys keys = {0};
    enum aisle_status status =
        app->store->ops->shops->get_shop(app->store, shop_id, arena, &shop, err);

    if (status == AISLE_OK && shop.keys_version)
        status = keys_open(app, &shop, arena, &keys, err);
    if (status != AISLE_OK)
        return status;
    out->shop = shop;
    out->keys = (struct shop_keys){.app_secret = keys.app_secret};
    keys.app_secret = (struct str){0}; /* the caller's now */
    shop_keys_wipe(&keys);
    return AISLE_OK;
}

/* %XX and + undone; appends. */
static void buf_unescape(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned byte;
        char hex[3] = {0};

        if (s.p[i] == '%' && i + 2 < s.n) {
            memcpy(hex, s.p + i + 1, 2);
            if (strspn(hex, "0123456789abcdefABCDEF") == 2 &&
                sscanf(hex, "%x", &byte) == 1) {
                buf_addc(out, (char)byte);
                i += 2;
                continue;
            }
        }
        buf_addc(out, s.p[i] == '+' ? ' ' : s.p[i]);
    }
}

/* The value of a parameter of a return address; appended unescaped. */
static bool address_parameter(struct str address, const char *name, struct buf *out)
{
    struct str query = str_skip(address, str_find_char(address, '?') + 1);

    query = str_head(query, str_find_char(query, '#'));
    while (!str_empty(query)) {
        struct str pair = str_cut(&query, '&'), key = str_cut(&pair, '=');

        if (str_is(key, name)) {
            buf_unescape(out, pair);
            return true;
        }
    }
    return false;
}

static enum aisle_status check_return(struct str address, const struct login *login,
                                      struct buf *code, struct aisle_err *err)
{
    struct buf state = BUF_INIT(BUF_MAX_LINE), denied = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status = AISLE_OK;

    address_parameter(address, "state", &state);
    address_parameter(address, "code", code);
    if (address_parameter(address, "error", &denied))
        status = aisle_fail(err, AISLE_AUTH, "consent was not given (%.*s)",
                            STR_ARG(buf_str(&denied)));
    else if (code->n == 0 || str_is(buf_str(code), "null"))
        status = aisle_fail(
            err, AISLE_AUTH,
            "that address carries no code: paste the whole address the browser "
            "was sent to");
    else if (!secret_eq(buf_str(&state), str_of(login->state)))
        status = aisle_fail(
            err, AISLE_AUTH,
            "that address belongs to another sign-in (its state differs): begin "
            "again");
    buf_clear(&state);
    buf_clear(&denied);
    return status;
}

static enum aisle_status exchange(struct session *s, const struct shop_request *request,
                                  struct str code, struct shop *shop,
                                  struct shop_keys *keys, struct aisle_err *err)
{
    struct channel_meta meta = {0};
    enum aisle_status status =
        s->to.ops->exchange_code(&s->to, code, &s->arena, keys, &meta, err);

    if (status != AISLE_OK)
        return status;
    s->to.keys = *keys;
    return ask_for_shop(s, request, shop, keys, err);
}

enum aisle_status flow_login_finish(const struct app *app,
                                    const struct shop_request *request,
                                    const struct login *login, struct str return_address,
                                    struct aisle_err *err)
{
    struct buf code = BUF_INIT(BUF_MAX_LINE);
    struct shop shop = shop_begun(app, request);
    struct shop_keys keys = {0};
    struct session s;
    enum aisle_status status = check_return(str_trim(return_address), login, &code, err);

    if (status == AISLE_OK)
        status = visit_open(app, request, &s, err);
    if (status != AISLE_OK)
        goto done;
    status = exchange(&s, request, buf_str(&code), &shop, &keys, err);
    if (status == AISLE_OK)
        status = keep(app, &shop, &keys, err);
    shop_keys_wipe(&keys);
    visit_close(&s);
done:
    if (code.p)
        secret_wipe(code.p, code.cap);
    buf_clear(&code);
    return status;
}

/* ---- afterwards ---- */

enum aisle_status flow_shop_test(const struct app *app, struct str shop_id,
                                 struct arena *arena, const struct channel_shop **out,
                                 size_t *count, struct channel_meta *meta,
                                 struct aisle_err *err)
{
    struct channel_tree_request request = {.keyword = STR_LIT("a")};
    struct category_rows rows;
    struct session s;
    enum aisle_status status = session_open(app, shop_id, &s, err);

    if (status != AISLE_OK)
        return status;
    if (s.to.ops->fetch_shops) {
        status = session_fetch_shops(&s, arena, out, count, meta, err);
    } else { /* no such call there: a small question does as well */
        *out = NULL;
        *count = 0;
        status = session_fetch_categories(&s, &request, arena, &rows, meta, err);
    }
    session_close(&s);
    return status;
}

struct shop_names {
    struct arena arena;
    struct shop_entry {
        struct str id;
        struct shop_entry *next;
    } * first;
};

static enum aisle_status note_stale(void *ctx, const struct shop *shop,
                                    struct aisle_err *err)
{
    struct shop_names *names = ctx;
    struct shop_entry *e = arena_zalloc(&names->arena, 1, sizeof(*e));

    if (!e || !(e->id = arena_str(&names->arena, shop->id)).p)
        return aisle_nomem(err);
    e->next = names->first;
    names->first = e;
    return AISLE_OK;
}

static enum aisle_status reseal_one(const struct app *app, struct str id,
                                    size_t *resealed, struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_REQUEST);
    struct shop_keys keys = {0};
    struct shop shop;
    enum aisle_status status =
        app->store->ops->shops->get_shop(app->store, id, &arena, &shop, err);

    if (status == AISLE_OK && !str_empty(shop.sealed) &&
        !vault_is_current(app->vault, shop.sealed)) {
        status = keys_open(app, &shop, &arena, &keys, err);
        if (status == AISLE_OK)
            status = keys_store(app, &shop, &keys, err);
        if (status == AISLE_OK)
            ++*resealed;
        shop_keys_wipe(&keys);
    }
    arena_clear(&arena);
    return status;
}

/* What was left for workers to do there would only be given up. */
static enum aisle_status drop_tasks(const struct app *app, struct str shop_id,
                                    struct aisle_err *err)
{
    const struct tasks_choice choice = {.shop_id = shop_id};
    struct arena arena = ARENA_INIT(ARENA_MAX_WORK);
    const struct task *list;
    size_t count, dropped;
    enum aisle_status status =
        flow_tasks_choose(app, &choice, &arena, &list, &count, err);

    if (status == AISLE_OK)
        status = flow_tasks_drop(app, list, count, &dropped, err);
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_shop_drop(const struct app *app, struct str shop_id,
                                 struct aisle_err *err)
{
    enum aisle_status status =
        app->store->ops->shops->drop_shop(app->store, shop_id, err);

    return status == AISLE_OK ? drop_tasks(app, shop_id, err) : status;
}

enum aisle_status flow_shops_reseal(const struct app *app, size_t *resealed,
                                    size_t *total, struct aisle_err *err)
{
    struct shop_names names = {.arena = ARENA_INIT(BUF_MAX_REQUEST)};
    enum aisle_status status =
        app->store->ops->shops->each_shop(app->store, note_stale, &names, err);

    *resealed = *total = 0;
    for (const struct shop_entry *e = names.first; status == AISLE_OK && e; e = e->next) {
        ++*total;
        status = reseal_one(app, e->id, resealed, err);
    }
    arena_clear(&names.arena);
    return status;
}
