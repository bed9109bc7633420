/* people.h - who may come in: users, signing in and out, tokens, the audit trail
 *
 * Passwords and secrets are handed in and out as they are and kept only as hashes.
 */
#ifndef FLOWS_PEOPLE_H
#define FLOWS_PEOPLE_H

#include "flows/app.h"
#include "people/password.h"

struct user_request {
    struct str name;
    struct str seller_id; /* "" every seller's */
    enum role role;
    struct str password; /* "" none: only tokens */
};

/* AISLE_CONFLICT when the name is taken, AISLE_INVALID for name or password. */
enum aisle_status flow_user_add(const struct app *app, const struct user_request *request,
                                struct aisle_err *err);
/* The same, only as long as there is nobody: the first admin. AISLE_CONFLICT. */
enum aisle_status flow_user_add_first(const struct app *app, struct str name,
                                      struct str password, struct aisle_err *err);
/* What to change; NULL leaves as it is. Every session made before is over, unless all
 * stays as it was. */
struct user_change {
    const enum role *role;
    const struct str *seller_id, *password;
};
/* AISLE_NOT_FOUND; AISLE_INVALID too when it would leave no admin. */
enum aisle_status flow_user_change(const struct app *app, struct str name,
                                   const struct user_change *change,
                                   struct aisle_err *err);
enum aisle_status flow_user_remove(const struct app *app, struct str name,
                                   struct aisle_err *err);
/* Whether there is any user yet. */
enum aisle_status flow_user_any(const struct app *app, bool *any, struct aisle_err *err);

/* AISLE_AUTH: no such pair of name and password. AISLE_BUSY, with retry_after_s: too many
 * failed before. The session's text lives in the arena; `secret` goes to the browser and
 * nowhere else. */
struct sign_in {
    struct str name, password, peer;
};
enum aisle_status flow_sign_in(const struct app *app, const struct sign_in *in,
                               struct arena *arena, struct user_session *out,
                               char secret[SECRET_LEN + 1], struct aisle_err *err);
enum aisle_status flow_sign_out(const struct app *app, const struct sha256 *digest,
                                struct aisle_err *err);

/* Prolong one that is used; at most a week after it began. Digest and times are enough,
 * and one that was signed out meanwhile stays away. */
enum { SESSION_MOST_S = 7 * 86400 };
enum aisle_status flow_session_renew(const struct app *app, struct user_session *session,
                                     struct aisle_err *err);

struct token_request {
    struct str user, name;
    unsigned scopes;
    int64_t lasts_s; /* 0: for ever */
};
enum { TOKEN_LEN = sizeof(TOKEN_PREFIX) + SECRET_LEN };
/* `token` is shown once. AISLE_INVALID when the user's role allows less. */
enum aisle_status flow_token_add(const struct app *app,
                                 const struct token_request *request, struct arena *arena,
                                 struct api_token *out, char token[TOKEN_LEN],
                                 struct aisle_err *err);
/* `owner` not empty: only if it is that user's, else AISLE_NOT_FOUND. */
enum aisle_status flow_token_revoke(const struct app *app, struct str id,
                                    struct str owner, struct aisle_err *err);

/* That a token was used, to the hour. Digest and used_at are enough; one that was revoked
 * meanwhile stays away. */
enum aisle_status flow_token_used(const struct app *app, const struct api_token *token,
                                  struct aisle_err *err);

/* A client's key for a write: before it is begun (AISLE_CONFLICT: known already), and
 * with what came of it (outcome 0: nothing, it may be tried again). */
enum aisle_status flow_answer_claim(const struct app *app, const struct kept_answer *a,
                                    struct aisle_err *err);
enum aisle_status flow_answer_keep(const struct app *app, const struct kept_answer *a,
                                   struct aisle_err *err);

/* Add an entry; `at` is filled in. */
enum aisle_status flow_audit(const struct app *app, const struct audit_entry *entry,
                             struct aisle_err *err);
/* What is over is dropped: sessions, failed sign-ins and kept answers of a day ago. */
enum aisle_status flow_people_sweep(const struct app *app, struct aisle_err *err);

#endif
