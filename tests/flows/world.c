#include "world.h"

#include "store/private_postgres.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the marketplace ---- */

static struct market *market_of(struct channel_session *s)
{
    return (struct market *)(uintptr_t)s->ops;
}

static void read_row(struct str line, struct category_row *row)
{
    *row = (struct category_row){.id = str_cut(&line, '<')};
    row->parent_id = str_cut(&line, ' ');
    row->permissions = PERMISSION_AVAILABLE;
    if (str_ends(line, "!")) {
        row->permissions = PERMISSION_INVITE_ONLY;
        line.n--;
    }
    row->leaf = str_ends(line, "*");
    line.n -= row->leaf;
    row->name = line;
}

static enum aisle_status fetch_categories(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err)
{
    struct market *m = market_of(s);
    struct category_row *rows = arena_alloc(arena, 1000 * sizeof(*rows));
    size_t l = m->locale[1] && str_is(request->locale, m->locale[1]), n = 0;
    struct str text = arena_str(arena, str_of(m->tree[l]));

    meta->calls++;
    snprintf(meta->request_id, sizeof(meta->request_id), "req-%zu", l);
    if (m->fetch_fails[l])
        return aisle_fail(err, m->fetch_fails[l], "told to fail");
    while (!str_empty(text))
        read_row(str_cut(&text, '\n'), &rows[n++]);
    *out = (struct category_rows){.locale = request->locale, .rows = rows, .count = n};
    return AISLE_OK;
}

/* The leaf the table names for a title; empty when none. */
static struct str answer_of(const struct market *m, struct str title)
{
    struct str text = str_of(m->answers);

    while (!str_empty(text)) {
        struct str leaf = str_cut(&text, '\n'), words = str_cut(&leaf, '=');

        if (str_find(title, words) < title.n)
            return leaf;
    }
    return (struct str){0};
}

static void remember(struct market *m, const struct channel_question *q)
{
    if (m->asked_count < WORLD_MAX_ASKED)
        snprintf(m->asked[m->asked_count], sizeof(m->asked[0]), "%.*s%s%.*s",
                 STR_ARG(q->title), q->image_count ? "|" : "",
                 STR_ARG(q->image_count ? q->image_uris[0] : q->title));
    if (!q->image_count && m->asked_count < WORLD_MAX_ASKED)
        m->asked[m->asked_count][q->title.n] = '\0';
    m->asked_count++;
    if (m->stop_after && (int)m->asked_count >= m->stop_after)
        atomic_store(m->stop, true);
}

static size_t count_asked(struct market *m)
{
    size_t n;

    pthread_mutex_lock(&m->lock);
    n = m->asked_count;
    pthread_mutex_unlock(&m->lock);
    return n;
}

/* As a repeat is waited for: whether the end of the run was heard within a minute. */
static bool wait_for(const atomic_bool *over)
{
    for (int i = 0; i < 6000; i++) {
        if (over && atomic_load(over))
            return true;
        clock_sleep_ms(clock_system(), 10);
    }
    return false;
}

static enum aisle_status recommend(struct channel_session *s,
                                   const struct channel_question *q, struct arena *arena,
                                   struct channel_advice *out, struct channel_meta *meta,
                                   struct aisle_err *err)
{
    struct market *m = market_of(s);
    struct str leaf;
    bool busy = false, expired = false, gone;

    pthread_mutex_lock(&m->lock);
    gone = q->image_count && m->pushed_count < m->knows_after;
    remember(m, q);
    leaf = answer_of(m, q->title);
    if (str_is(leaf, "busy") && m->busy_left != 0) {
        m->busy_left -= m->busy_left > 0;
        busy = true;
    }
    if (str_is(leaf, "expired") && m->expired_left != 0) {
        m->expired_left -= m->expired_left > 0;
        expired = true;
    }
    pthread_mutex_unlock(&m->lock);

    meta->calls++;
    snprintf(meta->request_id, sizeof meta->request_id, "request-%d", meta->calls);
    if (gone) {
        meta->image_gone = true;
        snprintf(err->remote_code, sizeof err->remote_code, "12052722");
        return aisle_fail(err, AISLE_INVALID, "The image URI does not exist");
    }
    meta->image_gone = false;
    if (busy)
        return aisle_fail(err, AISLE_BUSY, "told to be busy");
    if (str_is(leaf, "busy"))
        leaf = STR_LIT("10");
    if (str_is(leaf, "auth") && m->refreshed == 0)
        return aisle_fail(err, AISLE_AUTH, "told to know the token no more");
    if (expired || str_is(leaf, "consent")) {
        meta->token = expired ? TOKEN_EXPIRED : TOKEN_NEEDS_CONSENT;
        return aisle_fail(err, AISLE_AUTH, "told to call it %.*s", STR_ARG(leaf));
    }
    if (str_is(leaf, "expired"))
        leaf = STR_LIT("10");
    if (str_is(leaf, "auth"))
        leaf = STR_LIT("10");
    while (str_is(leaf, "config") && count_asked(m) < 2)
        clock_sleep_ms(clock_system(), 10);
    if (str_is(leaf, "config"))
        return aisle_fail(err, AISLE_CONFIG, "told to find a setting wrong");
    if (str_is(leaf, "wait")) {
        m->woken = wait_for(s->over);
        return aisle_fail(err, AISLE_STOPPED, "stopped while waiting");
    }
    if (str_empty(leaf) || str_is(leaf, "refuse")) {
        if (err)
            snprintf(err->remote_code, sizeof(err->remote_code), "12019064");
        return aisle_fail(err, AISLE_REFUSED, "No matching categories");
    }
    *out = (struct channel_advice){.category_id = arena_str(arena, leaf)};
    return AISLE_OK;
}

static enum aisle_status push_image(struct channel_session *s,
                                    const struct channel_image *image,
                                    struct arena *arena, struct pushed_image *out,
                                    struct channel_meta *meta, struct aisle_err *err)
{
    struct market *m = market_of(s);
    struct sha256 digest;
    char hex[SHA256_HEX_LEN + 1];

    bool refused;

    pthread_mutex_lock(&m->lock);
    m->pushed_count++;
    refused = m->refuse_images != 0;
    m->refuse_images -= m->refuse_images > 0;
    pthread_mutex_unlock(&m->lock);
    meta->calls++;
    if (refused) {
        snprintf(err->remote_code, sizeof err->remote_code, "12038004");
        return aisle_fail(err, AISLE_INVALID, "what is this?");
    }
    assert_int_equal(sha256_of(image->bytes, &digest, NULL), AISLE_OK);
    sha256_hex(&digest, hex);
    *out = (struct pushed_image){.uri = arena_fmt(arena, "uri-%.8s", hex),
                                 .url = STR_LIT("https://cdn.example/x"),
                                 .use_case = image->use_case};
    return AISLE_OK;
}

static enum aisle_status refresh(struct channel_session *s, struct arena *arena,
                                 struct shop_keys *out, struct channel_meta *meta,
                                 struct aisle_err *err)
{
    struct market *m = market_of(s);

    (void)meta;
    (void)err;
    pthread_mutex_lock(&m->lock);
    m->refreshed++;
    pthread_mutex_unlock(&m->lock);
    *out = s->keys;
    out->access_token = arena_fmt(arena, "token-%zu", m->refreshed);
    out->access_expires_at = clock_now_s(s->clock) + 7 * 86400;
    return AISLE_OK;
}

static const char *const no_hosts[] = {NULL};

static void market_init(struct market *m, atomic_bool *stop)
{
    *m = (struct market){
        .ops =
            {
                .name = "market",
                .hosts = no_hosts,
                .has_locales = true,
                .reports_permissions = true,
                .fetch_categories = fetch_categories,
                .recommend = recommend,
                .push_image = push_image,
                .refresh = refresh,
            },
        .tree = {"1< Fashion\n10<1 Kaos*\n11<1 Kemeja*\n12<1 Emas*!\n2< Rumah\n20<2 "
                 "Gelas*\n"},
        .locale = {"id-ID"},
        .answers = "kaos=10\nkemeja=11\nemas=12\ngelas=20\nbaru=99\n",
        .stop = stop,
    };
    pthread_mutex_init(&m->lock, NULL);
}

/* ---- the world ---- */

static void add_shop(struct world *w)
{
    struct shop_request request = {
        .shop = {.id = STR_LIT("toko"),
                 .seller_id = STR_LIT("acme"),
                 .channel = STR_LIT("market"),
                 .region = STR_LIT("ID"),
                 .app_key = STR_LIT("key")},
        .keys = {.app_secret = STR_LIT("secret"), .access_token = STR_LIT("token-0")},
        .offline = true,
    };
    struct aisle_err err = {0};

    if (flow_shop_add(&w->app, &request, &err) != AISLE_OK)
        fail_msg("%s", err.text);
}

int world_setup(void **state)
{
    struct world *w = mem_zalloc(1, sizeof(*w));
    const char *root = getenv("SOURCE_ROOT");
    char key[2 * VAULT_KEY_LEN + 1];
    struct aisle_err err = {0};

    clock_still_init(&w->clock, INT64_C(1795000000000));
    rng_seeded_init(&w->rng, 7);
    vault_new_key(&w->rng.rng, key);
    assert_int_equal(vault_parse(str_of(key), &w->vault, &err), AISLE_OK);
    market_init(&w->market, &w->stop);
    w->arena = (struct arena)ARENA_INIT(ARENA_MAX_WORK);
    w->channels[0] = &w->market.ops;
    snprintf(w->image_root, sizeof(w->image_root), "%s/src/sandbox/data",
             root ? root : ".");
    w->app = (struct app){
        .channels = w->channels,
        .clock = &w->clock.clock,
        .rng = &w->rng.rng,
        .vault = &w->vault,
        .stop = &w->stop,
        .owner = STR_LIT("test/1/1"),
        .who = STR_LIT("ann"),
        .net = {.clock = &w->clock.clock},
    };
    assert_int_equal(
        pace_new(&(struct pace_settings){.clock = w->app.clock, .rng = w->app.rng},
                 &w->app.pace, &err),
        AISLE_OK);
    if (getenv("AISLE_TEST_POSTGRES"))
        private_postgres_location(w->location, sizeof w->location);
    else
        snprintf(w->location, sizeof w->location, "memory:");
    assert_int_equal(store_open(str_of(w->location), NULL, &w->app.store, &err),
                     AISLE_OK);
    add_shop(w);
    *state = w;
    return 0;
}

int world_teardown(void **state)
{
    struct world *w = *state;

    store_close(w->app.store);
    if (getenv("AISLE_TEST_POSTGRES"))
        private_postgres_drop(w->location);
    pace_free(w->app.pace);
    pthread_mutex_destroy(&w->market.lock);
    arena_clear(&w->arena);
    mem_free(w);
    return 0;
}

enum aisle_status world_sync(struct world *w, struct sync_result *out,
                             struct aisle_err *err)
{
    struct str locales[2] = {str_of(w->market.locale[0]), str_of(w->market.locale[1])};
    struct sync_request request = {
        .target = STR_LIT(WORLD_TARGET), .locales = locales, .locale_count = 1};
    struct sync_result result;

    request.locale_count += w->market.locale[1] != NULL;
    return flow_sync(&w->app, &request, NULL, &w->arena, out ? out : &result, err);
}

void world_product(struct world *w, const char *id, const char *title,
                   const char *category, const char *image)
{
    struct product p = {
        .seller_id = STR_LIT("acme"),
        .id = str_of(id),
        .title = str_of(title),
        .seller_category_id = str_of(category),
        .image_location = str_of(image),
        .price_minor = -1,
    };
    char image_id[IMAGE_ID_LEN + 1] = "";
    struct aisle_err err = {0};

    if (image) {
        assert_int_equal(
            image_id_of("image", p.seller_id, p.image_location, image_id, &err),
            AISLE_OK);
        p.image_id = str_of(image_id);
    }
    if (w->app.store->ops->catalogue->put_products(w->app.store, &p, 1, 1, NULL, &err) !=
        AISLE_OK)
        fail_msg("%s", err.text);
}

struct telling {
    struct world *w;
    struct buf text;
    struct product products[256];
    size_t count;
};

static enum aisle_status note_product(void *ctx, const struct product *p,
                                      struct aisle_err *err)
{
    struct telling *t = ctx;
    struct product *at = &t->products[t->count++];

    (void)err;
    at->seller_id = arena_str(&t->w->arena, p->seller_id);
    at->id = arena_str(&t->w->arena, p->id);
    at->seller_category_id = arena_str(&t->w->arena, p->seller_category_id);
    return AISLE_OK;
}

static void tell_mapping(struct telling *t, const struct product *p)
{
    struct decision d;
    enum aisle_status status =
        flow_mapping_of(&t->w->app, p, STR_LIT(WORLD_TARGET), &t->w->arena, &d, NULL);

    buf_addf(&t->text, "%s%.*s=", t->text.n ? " " : "", STR_ARG(p->id));
    if (status == AISLE_NOT_FOUND)
        buf_addc(&t->text, '-');
    else if (d.state == DECISION_NONE)
        buf_addc(&t->text, '#');
    else
        buf_addf(&t->text, "%.*s%s%s", STR_ARG(d.category_id), d.conflict ? "!" : "",
                 d.state == DECISION_ACCEPTED   ? ""
                 : d.state == DECISION_REJECTED ? "~"
                                                : "?");
}

const char *world_mappings(struct world *w)
{
    static const struct product_filter all;
    struct telling t = {.w = w, .text = BUF_INIT(BUF_MAX_LINE)};
    struct str kept;

    assert_int_equal(w->app.store->ops->catalogue->each_product(w->app.store, &all,
                                                                note_product, &t, NULL),
                     AISLE_OK);
    for (size_t i = 0; i < t.count; i++)
        tell_mapping(&t, &t.products[i]);
    kept = arena_str(&w->arena, buf_str(&t.text));
    buf_clear(&t.text);
    return kept.p;
}

size_t world_asked(const struct world *w, const char *question)
{
    size_t n = 0;

    for (size_t i = 0; i < w->market.asked_count; i++)
        n += strcmp(w->market.asked[i], question) == 0;
    return n;
}

/* ---- somebody else ---- */

static struct world *racing;

static enum aisle_status append_after(struct store *s, const struct decision_write *list,
                                      size_t count, int64_t *last_seq,
                                      struct aisle_err *err)
{
    if (racing->races) {
        racing->races -= racing->races > 0;
        assert_int_equal(racing->decisions->append(s, &racing->race, 1, NULL, NULL),
                         AISLE_OK);
    }
    return racing->decisions->append(s, list, count, last_seq, err);
}

void world_race(struct world *w, const char *product, enum decision_state state,
                const char *leaf, int times)
{
    struct store *s = w->app.store;

    if (!w->decisions) {
        w->decisions = s->ops->decisions;
        w->racing_decisions = *w->decisions;
        w->racing_decisions.append = append_after;
        w->racing_ops = *s->ops;
        w->racing_ops.decisions = &w->racing_decisions;
        s->ops = &w->racing_ops;
    }
    racing = w;
    w->races = times;
    w->race = (struct decision_write){.d = {.seller_id = STR_LIT("acme"),
                                            .target_id = STR_LIT(WORLD_TARGET),
                                            .scope = SCOPE_PRODUCT,
                                            .key = str_of(product),
                                            .state = state,
                                            .category_id = str_of(leaf),
                                            .advisor = ADVISOR_PERSON,
                                            .who = STR_LIT("bob"),
                                            .batch_id = STR_LIT("b-race"),
                                            .at = 1},
                                      .expected = EXPECT_ANY};
}
