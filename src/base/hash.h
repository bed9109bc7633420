/* hash.h - digests and keyed digests, over OpenSSL's EVP */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/status.h"
#include "base/str.h"

enum { SHA256_LEN = 32, SHA256_HEX_LEN = 64 };

struct sha256 {
    unsigned char b[SHA256_LEN];
};

/* One call. AISLE_NOMEM or AISLE_IO (OpenSSL refused) are the failures to expect. */
enum aisle_status sha256_of(struct str data, struct sha256 *out, struct aisle_err *err);
enum aisle_status hmac_sha256(struct str key, struct str data, struct sha256 *out,
                              struct aisle_err *err);

/* Piece by piece: init, add any number of times, finish (which also clears). */
struct sha256_ctx {
    void *md; /* EVP_MD_CTX */
};
enum aisle_status sha256_init(struct sha256_ctx *c, struct aisle_err *err);
enum aisle_status sha256_add(struct sha256_ctx *c, struct str data,
                             struct aisle_err *err);
enum aisle_status sha256_finish(struct sha256_ctx *c, struct sha256 *out,
                                struct aisle_err *err);
void sha256_clear(struct sha256_ctx *c); /* after a failure; twice is fine */

void sha256_hex(const struct sha256 *d, char out[SHA256_HEX_LEN + 1]); /* lower case */

/* Equal in constant time; for signatures and tokens. */
bool secret_eq(struct str a, struct str b);
/* Overwrites a secret so that the compiler may not leave it out. */
void secret_wipe(void *p, size_t n);

#endif
