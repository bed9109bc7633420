/* user.h - who may do what: people with a name, a role and, where they work for one
 * seller only, that seller
 *
 * Nouns and their rules. Knows no store, no HTTP and no clock.
 */
#ifndef PEOPLE_USER_H
#define PEOPLE_USER_H

#include "base/status.h"
#include "base/str.h"

/* Each may do what those before it may. */
enum role {
    ROLE_VIEWER, /* looks */
    ROLE_MAPPER, /* decides, edits the catalogue, starts runs */
    ROLE_ADMIN,  /* people, tokens, the audit trail */
};

const char *role_name(enum role role); /* "viewer", "mapper", "admin" */
bool role_parse(struct str name, enum role *out);

struct user {
    struct str name;      /* as typed at sign-in, and in the log of decisions */
    struct str seller_id; /* whose affairs; "" every seller's */
    enum role role;
    struct str password; /* as password_hash made it; "" nobody can sign in so */
    int64_t created_at;
    int64_t version; /* grows when role, seller or password change: sessions made
                        before count no more */
};

enum { USER_MAX_NAME = 64 };

/* AISLE_INVALID: 1 to 64 of letters, digits and . _ - @ + of ASCII, beginning with a
 * letter or digit. */
enum aisle_status user_check_name(struct str name, struct aisle_err *err);

#endif
