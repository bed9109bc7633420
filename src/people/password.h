/* password.h - passwords kept as argon2id, over libsodium
 *
 * A hash costs 64 MiB and about a tenth of a second on purpose, so callers bound how many
 * are made at once.
 */
#ifndef PEOPLE_PASSWORD_H
#define PEOPLE_PASSWORD_H

#include "base/status.h"
#include "base/str.h"

enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 1024, PASSWORD_HASH_LEN = 128 };

/* AISLE_INVALID: shorter than PASSWORD_LEAST characters, longer than PASSWORD_MOST bytes,
 * one letter repeated, or the name itself. */
enum aisle_status password_check(struct str password, struct str name,
                                 struct aisle_err *err);

/* "$argon2id$v=19$…", NUL-terminated. AISLE_NOMEM. */
enum aisle_status password_hash(struct str password, char out[PASSWORD_HASH_LEN],
                                struct aisle_err *err);

/* Whether it is the one. An empty hash takes as long and is never right, so that a name
 * nobody has is not told from a wrong password by the time it takes. */
bool password_is(struct str hash, struct str password);

#endif
