/* session.h - proofs of who is asking: a browser's session and a program's token
 *
 * The secret itself is shown once, to its owner; kept is a digest of it, so that whoever
 * reads the store can act as nobody.
 */
#ifndef PEOPLE_SESSION_H
#define PEOPLE_SESSION_H

#include "base/clock.h"
#include "base/hash.h"
#include "people/user.h"

/* 32 random bytes in base64url. */
enum { SECRET_LEN = 43 };
void secret_new(const struct rng *rng, char out[SECRET_LEN + 1]);
/* What is kept of a secret. A digest is enough: it has 256 bits of chance. */
enum aisle_status secret_digest(struct str secret, struct sha256 *out,
                                struct aisle_err *err);

/* How long a session lasts, and how early in its life it is prolonged by being used. */
enum { SESSION_S = 12 * 3600, SESSION_RENEW_S = 3600 };

struct user_session {
    struct sha256 digest; /* of its secret */
    struct str user;
    int64_t user_version; /* as it was at sign-in */
    struct str csrf;      /* to be said in a header with every write */
    int64_t created_at, expires_at;
};

/* A shop that is being connected in a browser: the marketplace sends that browser back to
 * us with the state, once. */
struct shop_login {
    struct sha256 state; /* of the word the address carries */
    struct str shop_id;
    struct str user;       /* who began it */
    struct sha256 proof;   /* of the session or token it was begun with */
    struct sha256 browser; /* of the secret in the cookie of the browser it was begun in;
                              all zero: by a program, and any browser may end it */
    int64_t created_at, expires_at;
};

/* What a token may be used for; whatever its user's role allows, and no more. */
enum right {
    RIGHT_READ = 1 << 0,
    RIGHT_DECIDE = 1 << 1, /* decisions, undo */
    RIGHT_EDIT = 1 << 2,   /* products, images, imports, runs */
    RIGHT_ADMIN = 1 << 3,
    RIGHT_ALL = 15,
};

/* "read,decide" and back; AISLE_INVALID names the word. A list has no blank and no word
 * twice. */
enum aisle_status scopes_parse(struct str text, unsigned *out, struct aisle_err *err);
enum { SCOPES_TEXT = 32 };
void scopes_format(unsigned scopes, char out[SCOPES_TEXT]);
/* The most a role's token may have. */
unsigned role_rights(enum role role);

#define TOKEN_PREFIX "aisle_"

struct api_token {
    struct str id;   /* a short word, to name it by */
    struct str user; /* whose rights it has */
    struct str name; /* what it is for: "erp" */
    unsigned scopes; /* enum right */
    struct sha256 digest;
    int64_t created_at;
    int64_t expires_at; /* 0: never */
    int64_t used_at;    /* to the hour; 0 never */
};

bool api_token_is_good(const struct api_token *t, int64_t now);

#endif
