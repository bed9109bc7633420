/* secrets.h - where secrets come from: files of mode 0600 or 0400, the environment, a
 * systemd credential, stdin. Never a flag, never a settings file.
 */
#ifndef CLI_SECRETS_H
#define CLI_SECRETS_H

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/vault.h"
#include "flows/app.h"

struct secret_variable {
    const char *name; /* NULL ends a table */
    const char *help;
};
extern const struct secret_variable secret_variables[];

enum { SECRET_MAX_FILE = 64 * 1024 };

/* A file only its owner may read, appended to out. AISLE_NOT_FOUND when it is not there,
 * AISLE_CONFIG when others may read it or it is someone else's. */
enum aisle_status secret_read_file(struct str path, struct buf *out,
                                   struct aisle_err *err);

/* The vault's keys: AISLE_KEY, else $CREDENTIALS_DIRECTORY/aisle.key, else key_file. None
 * of them there: an empty vault, which is no failure. from (may be NULL) tells where they
 * came from, "" for nowhere; in the arena. */
enum aisle_status secret_vault(struct str key_file, struct arena *arena,
                               struct vault *out, struct str *from,
                               struct aisle_err *err);

/* The key of an object store into out: AISLE_S3_KEY_ID and AISLE_S3_SECRET, else
 * $CREDENTIALS_DIRECTORY/aisle.s3, else key_file: id, secret and, of a temporary key, its
 * session, a line each. None there: empty, which is no failure. In the arena. */
enum aisle_status secret_objects(struct str key_file, struct arena *arena,
                                 struct objects_settings *out, struct aisle_err *err);

#endif
