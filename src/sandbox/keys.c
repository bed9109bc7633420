#include "sandbox/keys.h"

#include "base/hash.h"
#include "base/mem.h"
#include "sandbox/identity.h"

#include <pthread.h>

enum { CODE_TTL_S = 30 * 60, MAX_KEYS = 4096, KEY_TEXT = 72 };

struct key {
    enum key_kind kind;
    char text[KEY_TEXT];
    size_t seller;
    int64_t until_s;
};

struct keys {
    pthread_mutex_t lock;
    struct keys_settings set;
    struct seller *sellers;
    size_t seller_count;
    struct key *list; /* the oldest goes when there are too many */
    size_t count, cap;
    uint64_t made; /* beyond those every seller started with */
};

static bool group_sellers(struct keys *k)
{
    const struct keys_settings *set = &k->set;

    k->sellers = arena_zalloc(set->arena, set->shop_count + 1, sizeof *k->sellers);
    if (!k->sellers)
        return false;
    for (size_t i = 0; i < set->shop_count; i++) {
        const struct sandbox_shop *shop = &set->shops[i];
        struct seller *s = &k->sellers[k->seller_count];

        if (i > 0 && str_eq(shop->seller, shop[-1].seller)) {
            s[-1].shop_count++;
            continue;
        }
        *s = (struct seller){
            .name = shop->seller, .scopes = shop->scopes, .shops = shop, .shop_count = 1};
        s->open_id =
            made_text(set->arena, set->seed, "open_id", k->seller_count, MADE_WORD, 31);
        if (!s->open_id.p)
            return false;
        k->seller_count++;
    }
    return true;
}

static void forget_oldest(struct keys *k)
{
    memmove(k->list, k->list + 1, (k->count - 1) * sizeof *k->list);
    k->count--;
}

static bool add_key(struct keys *k, enum key_kind kind, struct str text, size_t seller,
                    int64_t until_s)
{
    struct key *key;

    if (text.n == 0 || text.n >= KEY_TEXT)
        return false;
    if (k->count == MAX_KEYS)
        forget_oldest(k);
    if (k->count == k->cap) {
        size_t cap = k->cap ? k->cap * 2 : 16;
        struct key *list = mem_realloc(k->list, cap * sizeof *list);

        if (!list)
            return false;
        k->list = list;
        k->cap = cap;
    }
    key = &k->list[k->count++];
    *key = (struct key){.kind = kind, .seller = seller, .until_s = until_s};
    memcpy(key->text, text.p, text.n);
    return true;
}

/* The tokens the shops came with. */
static bool add_first(struct keys *k)
{
    for (size_t i = 0; i < k->seller_count; i++) {
        const struct sandbox_shop *shop = k->sellers[i].shops;

        if (!add_key(k, KEY_ACCESS, shop->access_token, i,
                     k->set.now_s + k->set.access_ttl_s) ||
            !add_key(k, KEY_REFRESH, shop->refresh_token, i,
                     k->set.now_s + k->set.refresh_ttl_s))
            return false;
    }
    return true;
}

enum aisle_status keys_new(const struct keys_settings *settings, struct keys **out,
                           struct aisle_err *err)
{
    struct keys *k = mem_zalloc(1, sizeof *k);

    if (!k)
        return aisle_nomem(err);
    k->set = *settings;
    pthread_mutex_init(&k->lock, NULL);
    if (!group_sellers(k) || !add_first(k)) {
        keys_free(k);
        return aisle_nomem(err);
    }
    *out = k;
    return AISLE_OK;
}

void keys_free(struct keys *k)
{
    if (!k)
        return;
    pthread_mutex_destroy(&k->lock);
    mem_free(k->list);
    mem_free(k);
}

size_t keys_seller_count(const struct keys *k)
{
    return k->seller_count;
}

const struct seller *keys_seller(const struct keys *k, size_t which)
{
    return &k->sellers[which];
}

static struct key *find_key(struct keys *k, enum key_kind kind, struct str text)
{
    for (size_t i = k->count; i-- > 0;)
        if (k->list[i].kind == kind && secret_eq(str_of(k->list[i].text), text))
            return &k->list[i];
    return NULL;
}

static enum key_state state_of(const struct key *key, int64_t now_s)
{
    return !key ? KEY_UNKNOWN : now_s >= key->until_s ? KEY_EXPIRED : KEY_GOOD;
}

enum key_state keys_check(struct keys *k, enum key_kind kind, struct str text,
                          int64_t now_s, const struct seller **seller)
{
    const struct key *key;
    enum key_state state;

    pthread_mutex_lock(&k->lock);
    key = find_key(k, kind, text);
    state = state_of(key, now_s);
    if (state == KEY_GOOD)
        *seller = &k->sellers[key->seller];
    pthread_mutex_unlock(&k->lock);
    return state;
}

enum aisle_status keys_make_code(struct keys *k, size_t seller, int64_t now_s,
                                 struct arena *arena, struct str *code,
                                 struct aisle_err *err)
{
    bool done;

    pthread_mutex_lock(&k->lock);
    *code = made_text(arena, k->set.seed, "code", k->made++, MADE_TOKEN, 44);
    done = code->p && add_key(k, KEY_CODE, *code, seller, now_s + CODE_TTL_S);
    pthread_mutex_unlock(&k->lock);
    return done ? AISLE_OK : aisle_nomem(err);
}

/* Called with the lock. */
static bool make_grant(struct keys *k, size_t seller, int64_t now_s, struct arena *arena,
                       struct grant *grant)
{
    struct grant g = {.seller = &k->sellers[seller],
                      .access_until_s = now_s + k->set.access_ttl_s,
                      .refresh_until_s = now_s + k->set.refresh_ttl_s};

    g.access = made_token(arena, k->set.seed, "access", k->made);
    g.refresh = made_token(arena, k->set.seed, "refresh", k->made);
    k->made++;
    if (!g.access.p || !g.refresh.p ||
        !add_key(k, KEY_ACCESS, g.access, seller, g.access_until_s) ||
        !add_key(k, KEY_REFRESH, g.refresh, seller, g.refresh_until_s))
        return false;
    *grant = g;
    return true;
}

enum key_state keys_redeem(struct keys *k, enum key_kind kind, struct str text, bool keep,
                           int64_t now_s, struct arena *arena, struct grant *grant)
{
    struct key *key;
    enum key_state state;

    *grant = (struct grant){0};
    pthread_mutex_lock(&k->lock);
    key = find_key(k, kind, text);
    state = state_of(key, now_s);
    if (state == KEY_GOOD) {
        size_t seller = key->seller;

        if (!keep) {
            *key = k->list[k->count - 1];
            k->count--;
        }
        make_grant(k, seller, now_s, arena, grant);
    }
    pthread_mutex_unlock(&k->lock);
    return state;
}

size_t keys_expire(struct keys *k, enum key_kind kind)
{
    size_t n = 0;

    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < k->count; i++) {
        if (k->list[i].kind != kind)
            continue;
        k->list[i].until_s = 0;
        n++;
    }
    pthread_mutex_unlock(&k->lock);
    return n;
}

size_t keys_revoke(struct keys *k)
{
    size_t n;

    pthread_mutex_lock(&k->lock);
    n = k->count;
    k->count = 0;
    pthread_mutex_unlock(&k->lock);
    return n;
}
