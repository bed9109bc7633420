/* guard.c - who is asking, and may they: cookie or token to a person, their rights, and
 * whether a write was meant by whoever sits at the browser */
#include "api/call.h"

#include "base/mem.h"

enum { KNOWN_SLOTS = 1024, KNOWN_MS = 2000 };

/* A person without an arena. */
struct known_person {
    struct sha256 digest;
    int64_t until_ms; /* monotonic; 0: free */
    char name[USER_MAX_NAME + 1], seller_id[64], by[64], csrf[SECRET_LEN + 1];
    enum role role;
    unsigned rights;
    int64_t expires_at;
};

struct known {
    pthread_mutex_t lock;
    struct known_person slots[KNOWN_SLOTS];
};

enum aisle_status known_new(struct known **out, struct aisle_err *err)
{
    struct known *k = mem_zalloc(1, sizeof *k);

    if (!k)
        return aisle_nomem(err);
    pthread_mutex_init(&k->lock, NULL);
    *out = k;
    return AISLE_OK;
}

void known_free(struct known *k)
{
    if (!k)
        return;
    pthread_mutex_destroy(&k->lock);
    mem_free(k);
}

void known_forget(struct known *k)
{
    pthread_mutex_lock(&k->lock);
    for (size_t i = 0; i < KNOWN_SLOTS; i++)
        k->slots[i].until_ms = 0;
    pthread_mutex_unlock(&k->lock);
}

static struct known_person *slot_of(struct known *k, const struct sha256 *digest)
{
    size_t at = (size_t)digest->b[0] << 8 | digest->b[1];

    return &k->slots[at % KNOWN_SLOTS];
}

static bool known_get(struct known *k, const struct sha256 *digest, int64_t now_ms,
                      struct known_person *out)
{
    const struct known_person *slot = slot_of(k, digest);
    bool found;

    pthread_mutex_lock(&k->lock);
    found = slot->until_ms > now_ms && memcmp(&slot->digest, digest, sizeof *digest) == 0;
    if (found)
        *out = *slot;
    pthread_mutex_unlock(&k->lock);
    return found;
}

static void known_put(struct known *k, const struct known_person *p)
{
    pthread_mutex_lock(&k->lock);
    *slot_of(k, &p->digest) = *p;
    pthread_mutex_unlock(&k->lock);
}

/* ---- from a secret to a person ---- */

static void copy(char *out, size_t room, struct str s)
{
    size_t n = s.n < room ? s.n : room - 1;

    if (n)
        memcpy(out, s.p, n);
    out[n] = '\0';
}

static enum aisle_status not_in(struct api_call *c, struct aisle_err *err)
{
    return api_fail(c, 401, "", err, "sign in first");
}

static void fill_user(struct known_person *p, const struct user *user)
{
    copy(p->name, sizeof p->name, user->name);
    copy(p->seller_id, sizeof p->seller_id, user->seller_id);
    p->role = user->role;
}

/* AISLE_NOT_FOUND when there is no such session, or it is over. */
static enum aisle_status look_up_session(struct api_call *c, struct known_person *p,
                                         bool used, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct arena *arena = c->request->arena;
    struct user_session s;
    struct user user;
    enum aisle_status status =
        store->ops->people->get_session(store, &p->digest, arena, &s, err);

    if (status == AISLE_OK)
        status = store->ops->people->get_user(store, s.user, arena, &user, err);
    if (status != AISLE_OK)
        return status;
    if (s.expires_at <= clock_now_s(c->app.clock) || s.user_version != user.version)
        return aisle_fail(err, AISLE_NOT_FOUND, "the session is over");
    if (used)
        renewals_session(c->api->renewals, &s);
    fill_user(p, &user);
    copy(p->by, sizeof p->by, STR_LIT("session"));
    copy(p->csrf, sizeof p->csrf, s.csrf);
    p->rights = role_rights(user.role);
    p->expires_at = s.expires_at;
    return AISLE_OK;
}

static enum aisle_status look_up_token(struct api_call *c, struct known_person *p,
                                       bool used, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct arena *arena = c->request->arena;
    struct api_token t;
    struct user user;
    enum aisle_status status =
        store->ops->people->get_token(store, &p->digest, arena, &t, err);

    if (status == AISLE_OK)
        status = store->ops->people->get_user(store, t.user, arena, &user, err);
    if (status != AISLE_OK)
        return status;
    if (!api_token_is_good(&t, clock_now_s(c->app.clock)))
        return aisle_fail(err, AISLE_NOT_FOUND, "the token is over");
    if (used)
        renewals_token(c->api->renewals, &t);
    fill_user(p, &user);
    copy(p->by, sizeof p->by, arena_fmt(arena, "token %.*s", STR_ARG(t.id)));
    p->rights = t.scopes & role_rights(user.role);
    p->expires_at = t.expires_at;
    return AISLE_OK;
}

static enum aisle_status look_up(struct api_call *c, struct str secret, bool token,
                                 struct known_person *out, struct aisle_err *err)
{
    struct known_person p = {0};
    struct aisle_err mine = {0};
    int64_t now_ms = clock_mono_ms(c->app.clock);
    enum aisle_status status = secret_digest(secret, &p.digest, err);

    if (status != AISLE_OK)
        return status;
    if (known_get(c->api->known, &p.digest, now_ms, out))
        return AISLE_OK;
    status =
        token ? look_up_token(c, &p, true, &mine) : look_up_session(c, &p, true, &mine);
    if (status == AISLE_NOT_FOUND)
        return not_in(c, err);
    if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    p.until_ms = now_ms + KNOWN_MS;
    known_put(c->api->known, &p);
    *out = p;
    return AISLE_OK;
}

/* Not kept as known: that would hide the uses that prolong it. */
bool guard_still_in(struct api *api, const struct sha256 *digest, bool token,
                    struct str seller_id)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct http_request request = {.arena = &arena};
    struct api_call c = {.api = api, .request = &request, .app = *api->set.app};
    struct known_person p = {.digest = *digest};
    enum aisle_status status = AISLE_OK;

    if (!known_get(api->known, digest, clock_mono_ms(c.app.clock), &p))
        status = token ? look_up_token(&c, &p, false, NULL)
                       : look_up_session(&c, &p, false, NULL);
    arena_clear(&arena);
    if (status != AISLE_OK)
        return status != AISLE_NOT_FOUND;
    return (p.rights & RIGHT_READ) && (!*p.seller_id || str_is(seller_id, p.seller_id));
}

struct str guard_cookie(const struct api_call *c, const char *name)
{
    struct str rest = http_header(c->request, "Cookie"), found = {0};
    size_t times = 0;

    if (http_header_times(c->request, "Cookie") > 1)
        return (struct str){0};
    while (rest.n) {
        struct str value = str_trim(str_cut(&rest, ';')), key = str_cut(&value, '=');

        if (!str_is(key, name))
            continue;
        found = value;
        times++;
    }
    return times == 1 && found.n == SECRET_LEN ? found : (struct str){0};
}

static struct str bearer_token(const struct api_call *c)
{
    struct str value = http_header(c->request, "Authorization");
    struct str kind = str_cut(&value, ' ');

    value = str_trim(value);
    return str_eq_nocase(kind, STR_LIT("Bearer")) && str_starts(value, TOKEN_PREFIX)
               ? value
               : (struct str){0};
}

static enum aisle_status be(struct api_call *c, const struct known_person *p,
                            struct aisle_err *err)
{
    struct known_person *kept = arena_alloc(c->request->arena, sizeof *kept);

    if (!kept)
        return aisle_nomem(err);
    *kept = *p;
    c->who = (struct person){.name = str_of(kept->name),
                             .seller_id = str_of(kept->seller_id),
                             .role = kept->role,
                             .rights = kept->rights,
                             .by = str_of(kept->by),
                             .csrf = str_of(kept->csrf),
                             .digest = kept->digest,
                             .expires_at = kept->expires_at};
    c->app.who = c->who.name;
    return AISLE_OK;
}

static enum aisle_status find_person(struct api_call *c, struct aisle_err *err)
{
    struct str token = bearer_token(c),
               cookie = guard_cookie(c, guard_cookie_name(c->api));
    struct known_person p;
    enum aisle_status status;

    if (str_empty(token) && !str_empty(http_header(c->request, "Authorization")))
        return not_in(c, err);
    if (str_empty(token) && str_empty(cookie))
        return c->route->right ? not_in(c, err) : AISLE_OK;
    status = look_up(c, str_empty(token) ? cookie : token, !str_empty(token), &p, err);
    if (status != AISLE_OK && !c->route->right && c->status == 401) {
        *err = (struct aisle_err){0};
        c->status = 200;
        return AISLE_OK; /* nobody is needed */
    }
    return status == AISLE_OK ? be(c, &p, err) : status;
}

/* ---- was it meant? ---- */

/* A browser says where a write comes from; a program says nothing. */
static bool from_elsewhere(const struct api_call *c)
{
    struct str origin = http_header(c->request, "Origin");
    struct str site = http_header(c->request, "Sec-Fetch-Site");
    struct str host = http_header(c->request, "Host");

    if (str_is(site, "cross-site") || str_is(site, "same-site"))
        return true;
    if (str_empty(origin))
        return false;
    if (!str_empty(c->api->set.origin))
        return !str_eq(origin, c->api->set.origin);
    if (str_starts(origin, "http://"))
        return !str_eq(str_skip(origin, 7), host);
    return !str_starts(origin, "https://") || !str_eq(str_skip(origin, 8), host);
}

static enum aisle_status check_meant(struct api_call *c, struct aisle_err *err)
{
    if (!api_is_write(c))
        return AISLE_OK;
    if (from_elsewhere(c))
        return api_fail(c, 403, "", err, "this was sent from a page of another site");
    if (str_empty(c->who.csrf) || !c->route->right)
        return AISLE_OK;
    if (!secret_eq(http_header(c->request, "X-CSRF-Token"), c->who.csrf))
        return api_fail(c, 403, "", err,
                        "X-CSRF-Token is missing or old: GET /api/v1/me has it");
    return AISLE_OK;
}

static enum aisle_status check_right(struct api_call *c, struct aisle_err *err)
{
    enum role role = ROLE_VIEWER;
    char scopes[SCOPES_TEXT];

    if ((c->route->right & ~c->who.rights) == 0)
        return AISLE_OK;
    while (role < ROLE_ADMIN && (c->route->right & ~role_rights(role)))
        role++;
    if (str_is(c->who.by, "session"))
        return api_fail(c, 403, "", err,
                        "your role does not allow this: it takes role %s",
                        role_name(role));
    scopes_format(c->route->right & ~c->who.rights, scopes);
    return api_fail(c, 403, "", err,
                    "this token does not allow this: it takes scope %s, of a user with "
                    "role %s",
                    scopes, role_name(role));
}

const char *guard_cookie_name(const struct api *api)
{
    return api->set.secure ? "__Host-aisle" : "aisle_session";
}

enum aisle_status guard_check(struct api_call *c, struct aisle_err *err)
{
    enum aisle_status status;

    if (c->route->is_signed)
        return AISLE_OK; /* the handler looks at the signature */
    status = find_person(c, err);
    if (status == AISLE_OK)
        status = check_meant(c, err);
    return status == AISLE_OK ? check_right(c, err) : status;
}
