/* people.c - users, sessions, tokens, failed sign-ins, the audit trail, kept answers */
#include "store/sql/rows.h"

static const struct column user_columns[] = {
    COLUMN(struct user, name, "name", MEMBER_TEXT),
    COLUMN(struct user, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN_WORD(struct user, role, "role", &sql_role_words),
    COLUMN(struct user, password, "password", MEMBER_TEXT),
    COLUMN(struct user, created_at, "created_at", MEMBER_INT),
    COLUMN(struct user, version, "version", MEMBER_INT),
};
static const struct noun user_noun = NOUN("users", struct user, user_columns, 1);

static const struct column session_columns[] = {
    COLUMN(struct user_session, digest, "digest", MEMBER_DIGEST),
    COLUMN(struct user_session, user, "user_name", MEMBER_TEXT),
    COLUMN(struct user_session, user_version, "user_version", MEMBER_INT),
    COLUMN(struct user_session, csrf, "csrf", MEMBER_TEXT),
    COLUMN(struct user_session, created_at, "created_at", MEMBER_INT),
    COLUMN(struct user_session, expires_at, "expires_at", MEMBER_INT),
};
static const struct noun session_noun =
    NOUN("session", struct user_session, session_columns, 1);

static const struct column login_columns[] = {
    COLUMN(struct shop_login, state, "state", MEMBER_DIGEST),
    COLUMN(struct shop_login, shop_id, "shop_id", MEMBER_TEXT),
    COLUMN(struct shop_login, user, "user_name", MEMBER_TEXT),
    COLUMN(struct shop_login, proof, "proof", MEMBER_DIGEST),
    COLUMN(struct shop_login, browser, "browser", MEMBER_DIGEST),
    COLUMN(struct shop_login, created_at, "created_at", MEMBER_INT),
    COLUMN(struct shop_login, expires_at, "expires_at", MEMBER_INT),
};
static const struct noun login_noun =
    NOUN("shop_login", struct shop_login, login_columns, 1);

static const struct column token_columns[] = {
    COLUMN(struct api_token, id, "id", MEMBER_TEXT),
    COLUMN(struct api_token, user, "user_name", MEMBER_TEXT),
    COLUMN(struct api_token, name, "name", MEMBER_TEXT),
    COLUMN(struct api_token, scopes, "scopes", MEMBER_U32),
    COLUMN(struct api_token, digest, "digest", MEMBER_DIGEST),
    COLUMN(struct api_token, created_at, "created_at", MEMBER_INT),
    COLUMN(struct api_token, expires_at, "expires_at", MEMBER_INT),
    COLUMN(struct api_token, used_at, "used_at", MEMBER_INT),
};
static const struct noun token_noun =
    NOUN("api_token", struct api_token, token_columns, 1);

static const struct column attempts_columns[] = {
    COLUMN(struct attempts, key, "key", MEMBER_TEXT),
    COLUMN(struct attempts, failures, "failures", MEMBER_INT),
    COLUMN(struct attempts, last_at, "last_at", MEMBER_INT),
};
static const struct noun attempts_noun =
    NOUN("attempts", struct attempts, attempts_columns, 1);

static const struct column audit_columns[] = {
    COLUMN(struct audit_entry, seq, "seq", MEMBER_INT),
    COLUMN(struct audit_entry, at, "at", MEMBER_INT),
    COLUMN(struct audit_entry, who, "who", MEMBER_TEXT),
    COLUMN(struct audit_entry, by, "by", MEMBER_TEXT),
    COLUMN(struct audit_entry, what, "what", MEMBER_TEXT),
    COLUMN(struct audit_entry, seller_id, "seller_id", MEMBER_TEXT),
    COLUMN(struct audit_entry, about, "about", MEMBER_TEXT),
    COLUMN(struct audit_entry, detail, "detail", MEMBER_TEXT),
    COLUMN(struct audit_entry, peer, "peer", MEMBER_TEXT),
    COLUMN(struct audit_entry, request_id, "request_id", MEMBER_TEXT),
    COLUMN(struct audit_entry, outcome, "outcome", MEMBER_INT),
};
static const struct noun audit_noun = NOUN("audit", struct audit_entry, audit_columns, 1);

static const struct column answer_columns[] = {
    COLUMN(struct kept_answer, who, "who", MEMBER_TEXT),
    COLUMN(struct kept_answer, key, "key", MEMBER_TEXT),
    COLUMN(struct kept_answer, question, "question", MEMBER_DIGEST),
    COLUMN(struct kept_answer, outcome, "outcome", MEMBER_INT),
    COLUMN(struct kept_answer, type, "type", MEMBER_TEXT),
    COLUMN(struct kept_answer, body, "body", MEMBER_TEXT),
    COLUMN(struct kept_answer, at, "at", MEMBER_INT),
    COLUMN(struct kept_answer, etag, "etag", MEMBER_TEXT),
    COLUMN(struct kept_answer, location, "location", MEMBER_TEXT),
};
static const struct noun answer_noun =
    NOUN("kept_answer", struct kept_answer, answer_columns, 2);

/* ---- users ---- */

static enum aisle_status no_user(struct str name, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no user %.*s", STR_ARG(name));
}

static enum aisle_status write_user(struct conn *c, const void *work,
                                    struct aisle_err *err)
{
    struct user user = *(const struct user *)work;
    int64_t version = 0;
    enum aisle_status status = sql_hold(c, "users", "name", user.name, err);

    if (status == AISLE_OK)
        status = sql_ask(c, "SELECT version FROM users WHERE name = ?",
                         SQL_VALUES(sql_text(user.name)), 0, &version, err);
    if (status == AISLE_OK && version != user.version)
        return aisle_fail(err, AISLE_CONFLICT, "user %.*s %s", STR_ARG(user.name),
                          user.version ? "was changed meanwhile" : "is there already");
    user.version++;
    return status == AISLE_OK ? noun_put(c, &user_noun, &user, err) : status;
}

static enum aisle_status put_user(struct store *s, const struct user *user,
                                  struct aisle_err *err)
{
    return sql_write(s, write_user, user, err);
}

static enum aisle_status get_user(struct store *s, struct str name, struct arena *arena,
                                  struct user *out, struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &user_noun);
    query_where(&q, "name = ?", sql_text(name));
    status = sql_get(s, &user_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_user(name, err) : status;
}

static enum aisle_status each_user(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct user *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct user user;
    struct walk w;

    query_select(&q, &user_noun);
    query_add(&q, " ORDER BY name");
    w = walk_begin(s, &user_noun, &q, err);
    while (walk_next(&w, &user))
        w.status = fn(ctx, &user, err);
    return walk_end(&w);
}

static enum aisle_status write_drop_user(struct conn *c, const void *work,
                                         struct aisle_err *err)
{
    const struct str *name = work;
    const struct values values = SQL_VALUES(sql_text(*name));
    int64_t rows = 0;
    enum aisle_status status =
        sql_run(c, "DELETE FROM session WHERE user_name = ?", values, err);

    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM api_token WHERE user_name = ?", values, err);
    if (status == AISLE_OK)
        status = sql_change(c, "DELETE FROM users WHERE name = ?", values, &rows, err);
    return status == AISLE_OK && rows == 0 ? no_user(*name, err) : status;
}

static enum aisle_status drop_user(struct store *s, struct str name,
                                   struct aisle_err *err)
{
    return sql_write(s, write_drop_user, &name, err);
}

/* ---- sessions ---- */

struct hex {
    char text[SHA256_HEX_LEN + 1];
};

static struct value digest_value(const struct sha256 *digest, struct hex *hex)
{
    sha256_hex(digest, hex->text);
    return sql_text(str_n(hex->text, SHA256_HEX_LEN));
}

static enum aisle_status write_session(struct conn *c, const void *work,
                                       struct aisle_err *err)
{
    return noun_put(c, &session_noun, work, err);
}

static enum aisle_status put_session(struct store *s, const struct user_session *session,
                                     struct aisle_err *err)
{
    return sql_write(s, write_session, session, err);
}

static enum aisle_status get_session(struct store *s, const struct sha256 *digest,
                                     struct arena *arena, struct user_session *out,
                                     struct aisle_err *err)
{
    struct query q = {0};
    struct hex hex;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &session_noun);
    query_where(&q, "digest = ?", digest_value(digest, &hex));
    status = sql_get(s, &session_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such session");
    return status;
}

/* A proof that goes on in use: changed where it is, never made. */
struct in_use {
    const struct sha256 *digest;
    int64_t at;
};

static enum aisle_status write_renew_session(struct conn *c, const void *work,
                                             struct aisle_err *err)
{
    const struct in_use *use = work;
    struct hex hex;

    return sql_run(c, "UPDATE session SET expires_at = ? WHERE digest = ?",
                   SQL_VALUES(sql_int(use->at), digest_value(use->digest, &hex)), err);
}

static enum aisle_status renew_session(struct store *s, const struct sha256 *digest,
                                       int64_t expires_at, struct aisle_err *err)
{
    const struct in_use use = {digest, expires_at};

    return sql_write(s, write_renew_session, &use, err);
}

static enum aisle_status write_drop_session(struct conn *c, const void *work,
                                            struct aisle_err *err)
{
    struct hex hex;

    return sql_run(c, "DELETE FROM session WHERE digest = ?",
                   SQL_VALUES(digest_value(work, &hex)), err);
}

static enum aisle_status drop_session(struct store *s, const struct sha256 *digest,
                                      struct aisle_err *err)
{
    return sql_write(s, write_drop_session, digest, err);
}

/* ---- shops being connected ---- */

static enum aisle_status write_login(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    return noun_put(c, &login_noun, work, err);
}

static enum aisle_status put_login(struct store *s, const struct shop_login *login,
                                   struct aisle_err *err)
{
    return sql_write(s, write_login, login, err);
}

static enum aisle_status no_login(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "no shop is being connected with this state");
}

static enum aisle_status get_login(struct store *s, const struct sha256 *state,
                                   struct arena *arena, struct shop_login *out,
                                   struct aisle_err *err)
{
    struct query q = {0};
    struct hex hex;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &login_noun);
    query_where(&q, "state = ?", digest_value(state, &hex));
    status = sql_get(s, &login_noun, &q, arena, out, &found, err);
    return status == AISLE_OK && !found ? no_login(err) : status;
}

static enum aisle_status write_drop_login(struct conn *c, const void *work,
                                          struct aisle_err *err)
{
    struct hex hex;
    int64_t rows = 0;
    enum aisle_status status =
        sql_change(c, "DELETE FROM shop_login WHERE state = ?",
                   SQL_VALUES(digest_value(work, &hex)), &rows, err);

    return status == AISLE_OK && rows == 0 ? no_login(err) : status;
}

static enum aisle_status drop_login(struct store *s, const struct sha256 *state,
                                    struct aisle_err *err)
{
    return sql_write(s, write_drop_login, state, err);
}

/* ---- tokens ---- */

static enum aisle_status write_token(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct api_token *token = work;
    struct hex hex;
    int64_t others = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT count(*) FROM api_token WHERE id = ? AND digest <> ?",
                SQL_VALUES(sql_text(token->id), digest_value(&token->digest, &hex)), 0,
                &others, err);

    if (status == AISLE_OK && others)
        return aisle_fail(err, AISLE_CONFLICT, "token %.*s is there already",
                          STR_ARG(token->id));
    return status == AISLE_OK ? noun_put(c, &token_noun, token, err) : status;
}

static enum aisle_status put_token(struct store *s, const struct api_token *token,
                                   struct aisle_err *err)
{
    return sql_write(s, write_token, token, err);
}

static enum aisle_status get_token(struct store *s, const struct sha256 *digest,
                                   struct arena *arena, struct api_token *out,
                                   struct aisle_err *err)
{
    struct query q = {0};
    struct hex hex;
    bool found = false;
    enum aisle_status status;

    query_select(&q, &token_noun);
    query_where(&q, "digest = ?", digest_value(digest, &hex));
    status = sql_get(s, &token_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no such token");
    return status;
}

static enum aisle_status each_token(struct store *s, struct str user,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct api_token *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct api_token token;
    struct walk w;

    query_select(&q, &token_noun);
    query_where_text(&q, "user_name = ?", user);
    query_add(&q, " ORDER BY id");
    w = walk_begin(s, &token_noun, &q, err);
    while (walk_next(&w, &token))
        w.status = fn(ctx, &token, err);
    return walk_end(&w);
}

static enum aisle_status write_use_token(struct conn *c, const void *work,
                                         struct aisle_err *err)
{
    const struct in_use *use = work;
    struct hex hex;

    return sql_run(c, "UPDATE api_token SET used_at = ? WHERE digest = ?",
                   SQL_VALUES(sql_int(use->at), digest_value(use->digest, &hex)), err);
}

static enum aisle_status use_token(struct store *s, const struct sha256 *digest,
                                   int64_t used_at, struct aisle_err *err)
{
    const struct in_use use = {digest, used_at};

    return sql_write(s, write_use_token, &use, err);
}

static enum aisle_status write_drop_token(struct conn *c, const void *work,
                                          struct aisle_err *err)
{
    const struct str *id = work;
    int64_t rows = 0;
    enum aisle_status status = sql_change(c, "DELETE FROM api_token WHERE id = ?",
                                          SQL_VALUES(sql_text(*id)), &rows, err);

    if (status == AISLE_OK && rows == 0)
        return aisle_fail(err, AISLE_NOT_FOUND, "there is no token %.*s", STR_ARG(*id));
    return status;
}

static enum aisle_status drop_token(struct store *s, struct str id, struct aisle_err *err)
{
    return sql_write(s, write_drop_token, &id, err);
}

/* ---- failed sign-ins ---- */

static enum aisle_status get_attempts(struct store *s, struct str key,
                                      struct attempts *out, struct aisle_err *err)
{
    struct query q = {0};
    struct attempts row;
    struct walk w;

    query_select(&q, &attempts_noun);
    query_where(&q, "key = ?", sql_text(key));
    w = walk_begin(s, &attempts_noun, &q, err);
    if (!walk_next(&w, &row))
        row = (struct attempts){0};
    row.key = key;
    if (w.status == AISLE_OK)
        *out = row;
    return walk_end(&w);
}

static enum aisle_status write_attempts(struct conn *c, const void *work,
                                        struct aisle_err *err)
{
    const struct attempts *a = work;

    if (a->failures == 0)
        return sql_run(c, "DELETE FROM attempts WHERE key = ?",
                       SQL_VALUES(sql_text(a->key)), err);
    return noun_put(c, &attempts_noun, a, err);
}

static enum aisle_status put_attempts(struct store *s, const struct attempts *a,
                                      struct aisle_err *err)
{
    return sql_write(s, write_attempts, a, err);
}

/* ---- the audit trail ---- */

static enum aisle_status write_audit(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    struct audit_entry entry = *(const struct audit_entry *)work;
    enum aisle_status status = sql_take_numbers(c, "audit", 1, &entry.seq, err);

    return status == AISLE_OK ? noun_add(c, &audit_noun, &entry, err) : status;
}

static enum aisle_status add_audit(struct store *s, const struct audit_entry *entry,
                                   struct aisle_err *err)
{
    return sql_write(s, write_audit, entry, err);
}

static enum aisle_status each_audit(struct store *s, const struct audit_filter *f,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct audit_entry *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err)
{
    struct query q = {0};
    struct audit_entry entry;
    struct walk w;

    query_select(&q, &audit_noun);
    query_where_text(&q, "who = ?", f->who);
    query_where_text(&q, "seller_id = ?", f->seller_id);
    if (!str_empty(f->what)) {
        query_where(&q, "substr(what, 1, length(?)) = ", sql_text(f->what));
        query_add(&q, "?");
        query_value(&q, sql_text(f->what));
    }
    if (f->before_seq)
        query_where(&q, "seq < ?", sql_int(f->before_seq));
    query_add(&q, " ORDER BY seq DESC");
    query_limit(&q, f->limit);
    w = walk_begin(s, &audit_noun, &q, err);
    while (walk_next(&w, &entry))
        w.status = fn(ctx, &entry, err);
    return walk_end(&w);
}

/* ---- kept answers ---- */

static enum aisle_status write_claim(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct kept_answer *a = work;
    int64_t there = 0;
    enum aisle_status status =
        sql_ask(c, "SELECT 1 FROM kept_answer WHERE who = ? AND key = ?",
                SQL_VALUES(sql_text(a->who), sql_text(a->key)), 0, &there, err);

    if (status == AISLE_OK && there)
        return aisle_fail(err, AISLE_CONFLICT, "this key was used already");
    return status == AISLE_OK ? noun_add(c, &answer_noun, a, err) : status;
}

static enum aisle_status claim_answer(struct store *s, const struct kept_answer *a,
                                      struct aisle_err *err)
{
    return sql_write(s, write_claim, a, err);
}

static enum aisle_status write_answer(struct conn *c, const void *work,
                                      struct aisle_err *err)
{
    const struct kept_answer *a = work;

    if (a->outcome == 0)
        return sql_run(c, "DELETE FROM kept_answer WHERE who = ? AND key = ?",
                       SQL_VALUES(sql_text(a->who), sql_text(a->key)), err);
    return noun_put(c, &answer_noun, a, err);
}

static enum aisle_status put_answer(struct store *s, const struct kept_answer *a,
                                    struct aisle_err *err)
{
    return sql_write(s, write_answer, a, err);
}

static enum aisle_status get_answer(struct store *s, struct str who, struct str key,
                                    struct arena *arena, struct kept_answer *out,
                                    struct aisle_err *err)
{
    struct query q = {0};
    bool found = false;
    enum aisle_status status;

    query_select(&q, &answer_noun);
    query_where(&q, "who = ?", sql_text(who));
    query_where(&q, "key = ?", sql_text(key));
    status = sql_get(s, &answer_noun, &q, arena, out, &found, err);
    if (status == AISLE_OK && !found)
        return aisle_fail(err, AISLE_NOT_FOUND, "this key was not used yet");
    return status;
}

/* ---- what is over ---- */

struct sweep_write {
    int64_t now, before;
};

static enum aisle_status write_sweep(struct conn *c, const void *work,
                                     struct aisle_err *err)
{
    const struct sweep_write *w = work;
    enum aisle_status status = sql_run(c, "DELETE FROM session WHERE expires_at <= ?",
                                       SQL_VALUES(sql_int(w->now)), err);

    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM shop_login WHERE expires_at <= ?",
                         SQL_VALUES(sql_int(w->now)), err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM attempts WHERE last_at < ?",
                         SQL_VALUES(sql_int(w->before)), err);
    if (status == AISLE_OK)
        status = sql_run(c, "DELETE FROM kept_answer WHERE at < ?",
                         SQL_VALUES(sql_int(w->before)), err);
    return status;
}

static enum aisle_status sweep(struct store *s, int64_t now, int64_t before,
                               struct aisle_err *err)
{
    const struct sweep_write w = {now, before};

    return sql_write(s, write_sweep, &w, err);
}

const struct store_people sql_people = {
    .put_user = put_user,
    .get_user = get_user,
    .each_user = each_user,
    .drop_user = drop_user,
    .put_session = put_session,
    .get_session = get_session,
    .renew_session = renew_session,
    .drop_session = drop_session,
    .put_login = put_login,
    .get_login = get_login,
    .drop_login = drop_login,
    .put_token = put_token,
    .get_token = get_token,
    .each_token = each_token,
    .use_token = use_token,
    .drop_token = drop_token,
    .get_attempts = get_attempts,
    .put_attempts = put_attempts,
    .add_audit = add_audit,
    .each_audit = each_audit,
    .claim_answer = claim_answer,
    .put_answer = put_answer,
    .get_answer = get_answer,
    .sweep = sweep,
};
