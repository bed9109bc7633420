#include "flows/people.h"

#include <stdio.h>

enum { KEPT_S = 86400 };

static const struct store_people *people_of(const struct app *app)
{
    return app->store->ops->people;
}

/* ---- users ---- */

static enum aisle_status check_request(const struct user_request *r,
                                       struct aisle_err *err)
{
    enum aisle_status status = user_check_name(r->name, err);

    if (status == AISLE_OK && !str_empty(r->seller_id) && !short_word_valid(r->seller_id))
        status = aisle_fail(err, AISLE_INVALID, "there is no seller \"%.*s\"",
                            STR_ARG(str_head(r->seller_id, 40)));
    if (status == AISLE_OK && !str_empty(r->password))
        status = password_check(r->password, r->name, err);
    return status;
}

enum aisle_status flow_user_add(const struct app *app, const struct user_request *r,
                                struct aisle_err *err)
{
    char hash[PASSWORD_HASH_LEN] = "";
    struct user user = {.name = r->name,
                        .seller_id = r->seller_id,
                        .role = r->role,
                        .created_at = clock_now_s(app->clock)};
    enum aisle_status status = check_request(r, err);

    if (status == AISLE_OK && !str_empty(r->password))
        status = password_hash(r->password, hash, err);
    user.password = str_of(hash);
    return status == AISLE_OK ? people_of(app)->put_user(app->store, &user, err) : status;
}

static enum aisle_status stop_at_first(void *ctx, const struct user *user,
                                       struct aisle_err *err)
{
    (void)user;
    (void)err;
    *(bool *)ctx = true;
    return AISLE_STOPPED;
}

enum aisle_status flow_user_any(const struct app *app, bool *any, struct aisle_err *err)
{
    bool found = false;
    enum aisle_status status =
        people_of(app)->each_user(app->store, stop_at_first, &found, err);

    if (status != AISLE_OK && status != AISLE_STOPPED)
        return status;
    *any = found;
    return AISLE_OK;
}

enum aisle_status flow_user_add_first(const struct app *app, struct str name,
                                      struct str password, struct aisle_err *err)
{
    struct user_request request = {
        .name = name, .role = ROLE_ADMIN, .password = password};
    bool any = false;
    enum aisle_status status = flow_user_any(app, &any, err);

    if (status == AISLE_OK && any)
        status = aisle_fail(err, AISLE_CONFLICT, "there are users already: sign in");
    if (status == AISLE_OK && str_empty(password))
        status = aisle_fail(err, AISLE_INVALID, "the first admin needs a password");
    return status == AISLE_OK ? flow_user_add(app, &request, err) : status;
}

struct admins {
    struct str but; /* not counting this one */
    size_t count;
};

static enum aisle_status count_admin(void *ctx, const struct user *user,
                                     struct aisle_err *err)
{
    struct admins *a = ctx;

    (void)err;
    a->count += user->role == ROLE_ADMIN && str_empty(user->seller_id) &&
                !str_eq(user->name, a->but);
    return AISLE_OK;
}

static enum aisle_status check_admin_left(const struct app *app, const struct user *user,
                                          struct aisle_err *err)
{
    struct admins admins = {.but = user->name};
    enum aisle_status status;

    if (user->role != ROLE_ADMIN || !str_empty(user->seller_id))
        return AISLE_OK;
    status = people_of(app)->each_user(app->store, count_admin, &admins, err);
    if (status == AISLE_OK && admins.count == 0)
        status = aisle_fail(err, AISLE_INVALID, "%.*s is the only admin of all sellers",
                            STR_ARG(user->name));
    return status;
}

static bool changes_user(const struct user_change *change, const struct user *user)
{
    return change->password || (change->role && *change->role != user->role) ||
           (change->seller_id && !str_eq(*change->seller_id, user->seller_id));
}

enum aisle_status flow_user_change(const struct app *app, struct str name,
                                   const struct user_change *change,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    char hash[PASSWORD_HASH_LEN];
    struct user user;
    struct user_request now;
    enum aisle_status status =
        people_of(app)->get_user(app->store, name, &arena, &user, err);

    if (status == AISLE_OK && !changes_user(change, &user)) {
        arena_clear(&arena);
        return AISLE_OK;
    }
    if (status == AISLE_OK && ((change->role && *change->role != ROLE_ADMIN) ||
                               (change->seller_id && !str_empty(*change->seller_id))))
        status = check_admin_left(app, &user, err);
    if (status == AISLE_OK) {
        user.role = change->role ? *change->role : user.role;
        user.seller_id = change->seller_id ? *change->seller_id : user.seller_id;
        now = (struct user_request){.name = name,
                                    .seller_id = user.seller_id,
                                    .password = change->password ? *change->password
                                                                 : (struct str){0}};
        status = check_request(&now, err);
    }
    if (status == AISLE_OK && change->password) {
        status = password_hash(*change->password, hash, err);
        user.password = str_of(hash);
    }
    if (status == AISLE_OK)
        status = people_of(app)->put_user(app->store, &user, err);
    arena_clear(&arena);
    return status;
}

enum aisle_status flow_user_remove(const struct app *app, struct str name,
                                   struct aisle_err *err)
{
    struct arena arena = ARENA_INIT(BUF_MAX_LINE);
    struct user user;
    enum aisle_status status =
        people_of(app)->get_user(app->store, name, &arena, &user, err);

    if (status == AISLE_OK)
        status = check_admin_left(app, &user, err);
    if (status == AISLE_OK)
        status = people_of(app)->drop_user(app->store, name, err);
    arena_clear(&arena);
    return status;
}

/* ---- signing in and out ---- */

/* What is counted for a try, and how often each may fail before it is slowed. */
enum { GAUGES = 3, GAUGE_KEY = USER_MAX_NAME + 80 };
static const int64_t gauge_free[GAUGES] = {THROTTLE_FREE_USER, THROTTLE_FREE_PEER,
                                           THROTTLE_FREE_NAME};

struct gauges {
    char keys[GAUGES][GAUGE_KEY];
    struct attempts list[GAUGES]; /* of the name there, the address, the name */
};

static enum aisle_status read_gauges(const struct app *app, const struct sign_in *in,
                                     struct gauges *g, struct aisle_err *err)
{
    struct str name = str_head(in->name, USER_MAX_NAME), peer = str_head(in->peer, 64);
    enum aisle_status status = AISLE_OK;

    snprintf(g->keys[0], GAUGE_KEY, "user/%.*s@%.*s", STR_ARG(name), STR_ARG(peer));
    snprintf(g->keys[1], GAUGE_KEY, "peer/%.*s", STR_ARG(peer));
    snprintf(g->keys[2], GAUGE_KEY, "name/%.*s", STR_ARG(name));
    for (size_t i = 0; status == AISLE_OK && i < GAUGES; i++)
        status = people_of(app)->get_attempts(app->store, str_of(g->keys[i]), &g->list[i],
                                              err);
    return status;
}

static enum aisle_status keep_gauges(const struct app *app, const struct gauges *g,
                                     struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    for (size_t i = 0; status == AISLE_OK && i < GAUGES; i++)
        status = people_of(app)->put_attempts(app->store, &g->list[i], err);
    return status;
}

static enum aisle_status check_gauges(const struct gauges *g, int64_t now,
                                      struct aisle_err *err)
{
    int64_t wait = 0;

    for (size_t i = 0; i < GAUGES; i++) {
        int64_t of_one = throttle_wait_s(&g->list[i], gauge_free[i], now);

        wait = of_one > wait ? of_one : wait;
    }
    if (wait == 0)
        return AISLE_OK;
    if (err)
        err->retry_after_s = (int)wait;
    return aisle_fail(err, AISLE_BUSY, "too many failed sign-ins: again in %lld s",
                      (long long)wait);
}

/* Counted before the password is looked at, so that many tries at once are many. */
static enum aisle_status count_try(const struct app *app, struct gauges *g, int64_t now,
                                   struct aisle_err *err)
{
    for (size_t i = 0; i < GAUGES; i++)
        throttle_fail(&g->list[i], now);
    return keep_gauges(app, g, err);
}

/* A success forgets the name's failures there; the others keep those of other names and
 * places. */
static enum aisle_status forget_try(const struct app *app, struct gauges *g,
                                    struct aisle_err *err)
{
    g->list[0].failures = 0;
    for (size_t i = 1; i < GAUGES; i++)
        g->list[i].failures--;
    return keep_gauges(app, g, err);
}

static enum aisle_status check_password(const struct app *app, const struct sign_in *in,
                                        struct arena *arena, struct user *user,
                                        struct aisle_err *err)
{
    struct aisle_err mine = {0};
    enum aisle_status status =
        people_of(app)->get_user(app->store, in->name, arena, user, &mine);

    if (status == AISLE_NOT_FOUND)
        user->password = (struct str){0};
    else if (status != AISLE_OK) {
        aisle_pass(err, &mine);
        return status;
    }
    if (password_is(user->password, in->password))
        return AISLE_OK;
    return aisle_fail(err, AISLE_AUTH, "no user of that name with that password");
}

static enum aisle_status new_session(const struct app *app, const struct user *user,
                                     struct arena *arena, struct user_session *out,
                                     char secret[SECRET_LEN + 1], struct aisle_err *err)
{
    char csrf[SECRET_LEN + 1];
    int64_t now = clock_now_s(app->clock);
    struct user_session s = {.user = user->name,
                             .user_version = user->version,
                             .created_at = now,
                             .expires_at = now + SESSION_S};
    enum aisle_status status;

    secret_new(app->rng, secret);
    secret_new(app->rng, csrf);
    s.csrf = arena_str(arena, str_of(csrf));
    if (!s.csrf.p)
        return aisle_nomem(err);
    status = secret_digest(str_of(secret), &s.digest, err);
    if (status == AISLE_OK)
        status = people_of(app)->put_session(app->store, &s, err);
    if (status == AISLE_OK)
        *out = s;
    return status;
}

enum aisle_status flow_sign_in(const struct app *app, const struct sign_in *in,
                               struct arena *arena, struct user_session *out,
                               char secret[SECRET_LEN + 1], struct aisle_err *err)
{
    struct gauges gauges;
    struct user user;
    int64_t now = clock_now_s(app->clock);
    enum aisle_status status = read_gauges(app, in, &gauges, err);

    if (status == AISLE_OK)
        status = check_gauges(&gauges, now, err);
    if (status == AISLE_OK)
        status = count_try(app, &gauges, now, err);
    if (status == AISLE_OK)
        status = check_password(app, in, arena, &user, err);
    if (status == AISLE_OK)
        status = forget_try(app, &gauges, err);
    return status == AISLE_OK ? new_session(app, &user, arena, out, secret, err) : status;
}

enum aisle_status flow_sign_out(const struct app *app, const struct sha256 *digest,
                                struct aisle_err *err)
{
    return people_of(app)->drop_session(app->store, digest, err);
}

enum aisle_status flow_session_renew(const struct app *app, struct user_session *session,
                                     struct aisle_err *err)
{
    int64_t now = clock_now_s(app->clock), last = session->created_at + SESSION_MOST_S;
    int64_t longer = now + SESSION_S < last ? now + SESSION_S : last;
    enum aisle_status status;

    if (longer - session->expires_at < SESSION_RENEW_S)
        return AISLE_OK;
    status = people_of(app)->renew_session(app->store, &session->digest, longer, err);
    if (status == AISLE_OK)
        session->expires_at = longer;
    return status;
}

/* ---- tokens ---- */

static enum aisle_status check_token(const struct app *app, const struct token_request *r,
                                     struct arena *arena, struct aisle_err *err)
{
    char most[SCOPES_TEXT];
    struct user user;
    enum aisle_status status =
        people_of(app)->get_user(app->store, r->user, arena, &user, err);

    if (status != AISLE_OK)
        return status;
    if (str_empty(r->name) || r->name.n > USER_MAX_NAME)
        return aisle_fail(err, AISLE_INVALID, "a token has a name of 1 to %d bytes",
                          USER_MAX_NAME);
    scopes_format(role_rights(user.role), most);
    if (!r->scopes || (r->scopes & ~role_rights(user.role)))
        return aisle_fail(err, AISLE_INVALID, "a %s's token may have %s",
                          role_name(user.role), most);
    return AISLE_OK;
}

enum aisle_status flow_token_add(const struct app *app, const struct token_request *r,
                                 struct arena *arena, struct api_token *out,
                                 char token[TOKEN_LEN], struct aisle_err *err)
{
    char secret[SECRET_LEN + 1];
    int64_t now = clock_now_s(app->clock);
    struct api_token t = {.user = r->user,
                          .name = r->name,
                          .scopes = r->scopes,
                          .created_at = now,
                          .expires_at = r->lasts_s ? now + r->lasts_s : 0};
    enum aisle_status status = check_token(app, r, arena, err);

    if (status != AISLE_OK)
        return status;
    t.id =
        arena_fmt(arena, "%08llx", (unsigned long long)(rng_u64(app->rng) & 0xffffffff));
    if (!t.id.p)
        return aisle_nomem(err);
    secret_new(app->rng, secret);
    snprintf(token, TOKEN_LEN, TOKEN_PREFIX "%s", secret);
    status = secret_digest(str_of(token), &t.digest, err);
    if (status == AISLE_OK)
        status = people_of(app)->put_token(app->store, &t, err);
    if (status == AISLE_OK)
        *out = t;
    return status;
}

struct owned_token {
    struct str id;
    bool found;
};

static enum aisle_status find_token(void *ctx, const struct api_token *t,
                                    struct aisle_err *err)
{
    struct owned_token *o = ctx;

    (void)err;
    o->found = o->found || str_eq(t->id, o->id);
    return AISLE_OK;
}

enum aisle_status flow_token_revoke(const struct app *app, struct str id,
                                    struct str owner, struct aisle_err *err)
{
    struct owned_token owned = {.id = id};
    enum aisle_status status = AISLE_OK;

    if (!str_empty(owner)) {
        status = people_of(app)->each_token(app->store, owner, find_token, &owned, err);
        if (status == AISLE_OK && !owned.found)
            status =
                aisle_fail(err, AISLE_NOT_FOUND, "there is no token %.*s", STR_ARG(id));
    }
    return status == AISLE_OK ? people_of(app)->drop_token(app->store, id, err) : status;
}

enum aisle_status flow_token_used(const struct app *app, const struct api_token *token,
                                  struct aisle_err *err)
{
    int64_t now = clock_now_s(app->clock), used_at = now - now % 3600;

    if (used_at <= token->used_at)
        return AISLE_OK;
    return people_of(app)->use_token(app->store, &token->digest, used_at, err);
}

/* ---- writes sent twice ---- */

enum aisle_status flow_answer_claim(const struct app *app, const struct kept_answer *a,
                                    struct aisle_err *err)
{
    struct kept_answer claim = *a;

    claim.outcome = 0;
    claim.at = clock_now_s(app->clock);
    return people_of(app)->claim_answer(app->store, &claim, err);
}

enum aisle_status flow_answer_keep(const struct app *app, const struct kept_answer *a,
                                   struct aisle_err *err)
{
    struct kept_answer kept = *a;

    kept.at = clock_now_s(app->clock);
    return people_of(app)->put_answer(app->store, &kept, err);
}

/* ---- the audit trail ---- */

enum aisle_status flow_audit(const struct app *app, const struct audit_entry *entry,
                             struct aisle_err *err)
{
    struct audit_entry e = *entry;

    e.at = clock_now_s(app->clock);
    return people_of(app)->add_audit(app->store, &e, err);
}

enum aisle_status flow_people_sweep(const struct app *app, struct aisle_err *err)
{
    int64_t now = clock_now_s(app->clock);

    return people_of(app)->sweep(app->store, now, now - KEPT_S, err);
}
