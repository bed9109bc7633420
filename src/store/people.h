/* people.h - who may come in, and what they changed; part of store.h */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "base/arena.h"
#include "people/audit.h"
#include "people/session.h"
#include "people/throttle.h"

struct store;

/* What a client's key for a write stands for: the answer it got the first time. */
struct kept_answer {
    struct str who, key;    /* whose, and the client's own word */
    struct sha256 question; /* of method, path and body */
    int64_t outcome;        /* HTTP's status; 0: the write is under way */
    struct str type, body;
    struct str etag, location; /* its headers of these names; "" none */
    int64_t at;
};

struct audit_filter {
    struct str who, seller_id, what; /* empty: any; what: also as a beginning, "user." */
    int64_t before_seq;              /* 0: from the newest */
    size_t limit;
};

struct store_people {
    /* Add or change. AISLE_CONFLICT when the stored version is not user->version (0: not
     * there), which becomes one more. */
    enum aisle_status (*put_user)(struct store *s, const struct user *user,
                                  struct aisle_err *err);
    enum aisle_status (*get_user)(struct store *s, struct str name, struct arena *arena,
                                  struct user *out,
                                  struct aisle_err *err); /* AISLE_NOT_FOUND */
    enum aisle_status (*each_user)(struct store *s,
                                   enum aisle_status (*fn)(void *ctx, const struct user *,
                                                           struct aisle_err *),
                                   void *ctx, struct aisle_err *err); /* by name */
    /* With sessions and tokens. AISLE_NOT_FOUND. */
    enum aisle_status (*drop_user)(struct store *s, struct str name,
                                   struct aisle_err *err);
    enum aisle_status (*put_session)(struct store *s, const struct user_session *session,
                                     struct aisle_err *err);
    enum aisle_status (*get_session)(struct store *s, const struct sha256 *digest,
                                     struct arena *arena, struct user_session *out,
                                     struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* One that is not there, as it was signed out meanwhile, stays away; that is no
     * failure, here and below. */
    enum aisle_status (*renew_session)(struct store *s, const struct sha256 *digest,
                                       int64_t expires_at, struct aisle_err *err);
    enum aisle_status (*drop_session)(struct store *s, const struct sha256 *digest,
                                      struct aisle_err *err);
    /* A shop being connected: kept, found by its state, and taken out by exactly one
     * (AISLE_NOT_FOUND: it was taken before, or never was). */
    enum aisle_status (*put_login)(struct store *s, const struct shop_login *login,
                                   struct aisle_err *err);
    enum aisle_status (*get_login)(struct store *s, const struct sha256 *state,
                                   struct arena *arena, struct shop_login *out,
                                   struct aisle_err *err); /* AISLE_NOT_FOUND */
    enum aisle_status (*drop_login)(struct store *s, const struct sha256 *state,
                                    struct aisle_err *err);
    /* AISLE_CONFLICT when a token of that id is there with another digest. */
    enum aisle_status (*put_token)(struct store *s, const struct api_token *token,
                                   struct aisle_err *err);
    enum aisle_status (*get_token)(struct store *s, const struct sha256 *digest,
                                   struct arena *arena, struct api_token *out,
                                   struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Of a user (empty: of all), by id. */
    enum aisle_status (*each_token)(struct store *s, struct str user,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct api_token *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err);
    /* Used at; one that is not there stays away, and that is no failure. */
    enum aisle_status (*use_token)(struct store *s, const struct sha256 *digest,
                                   int64_t used_at, struct aisle_err *err);
    enum aisle_status (*drop_token)(struct store *s, struct str id,
                                    struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Failures to sign in; get_attempts of a key without any is all zero. */
    enum aisle_status (*get_attempts)(struct store *s, struct str key,
                                      struct attempts *out, struct aisle_err *err);
    /* failures 0 forgets the key. */
    enum aisle_status (*put_attempts)(struct store *s, const struct attempts *a,
                                      struct aisle_err *err);
    /* Write the next entry; its seq is given here. */
    enum aisle_status (*add_audit)(struct store *s, const struct audit_entry *entry,
                                   struct aisle_err *err);
    /* Newest first. */
    enum aisle_status (*each_audit)(struct store *s, const struct audit_filter *filter,
                                    enum aisle_status (*fn)(void *ctx,
                                                            const struct audit_entry *,
                                                            struct aisle_err *),
                                    void *ctx, struct aisle_err *err);
    /* Keep a client's key before its write is begun (outcome 0); AISLE_CONFLICT when it
     * is there already. */
    enum aisle_status (*claim_answer)(struct store *s, const struct kept_answer *a,
                                      struct aisle_err *err);
    /* What came of it; outcome 0 forgets the key, so that it may be tried again. */
    enum aisle_status (*put_answer)(struct store *s, const struct kept_answer *a,
                                    struct aisle_err *err);
    enum aisle_status (*get_answer)(struct store *s, struct str who, struct str key,
                                    struct arena *arena, struct kept_answer *out,
                                    struct aisle_err *err); /* AISLE_NOT_FOUND */
    /* Drop sessions and logins over by `now`, and attempts and kept answers from before
     * `before`. */
    enum aisle_status (*sweep)(struct store *s, int64_t now, int64_t before,
                               struct aisle_err *err);
};

#endif
