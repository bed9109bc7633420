/* vault.h - seals secrets for the store, over libsodium (XChaCha20-Poly1305)
 *
 * A ring holds one or more 32-byte keys; the first seals, all open, so that a key is
 * rotated by putting a new one in front and sealing everything again. A sealed text names
 * its key by a fingerprint, and is bound to a place ("shop/toko-a/keys"): copied
 * elsewhere it does not open. Reads no file and no environment: the ring's text is handed
 * in.
 */
#ifndef CATALOG_VAULT_H
#define CATALOG_VAULT_H

#include "base/buf.h"
#include "base/clock.h"

enum { VAULT_KEY_LEN = 32, VAULT_MAX_KEYS = 8, VAULT_FINGERPRINT_LEN = 16 };

struct vault {
    unsigned char keys[VAULT_MAX_KEYS][VAULT_KEY_LEN];
    size_t count; /* 0: nothing can be sealed or opened, AISLE_CONFIG says so */
};

/* One key a line, 64 hexadecimal digits; # begins a comment. AISLE_CONFIG names the line.
 */
enum aisle_status vault_parse(struct str text, struct vault *out, struct aisle_err *err);
/* A line for such a file: a new key from rng. Secret. */
void vault_new_key(const struct rng *rng, char out[2 * VAULT_KEY_LEN + 1]);
void vault_wipe(struct vault *v); /* twice is fine */

/* Appends printable text. */
enum aisle_status vault_seal(const struct vault *v, const struct rng *rng,
                             struct str place, struct str secret, struct buf *out,
                             struct aisle_err *err);
/* AISLE_CONFIG: sealed with a key that is not in the ring (its fingerprint is named), or
 * altered, or for another place. Appends the secret. */
enum aisle_status vault_open(const struct vault *v, struct str place, struct str sealed,
                             struct buf *out, struct aisle_err *err);
/* Whether the first key sealed it (false: seal again to finish a rotation). */
bool vault_is_current(const struct vault *v, struct str sealed);

#endif
