#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

static enum aisle_status refused(struct aisle_err *err)
{
    unsigned long code = ERR_get_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;

    ERR_clear_error();
    return aisle_fail(err, AISLE_IO, "OpenSSL cannot hash: %s",
                      reason ? reason : "no reason given");
}

/* OpenSSL takes a NULL for "none given", also where the length says empty. */
static const char *bytes(struct str s)
{
    return s.p ? s.p : "";
}

enum aisle_status sha256_of(struct str data, struct sha256 *out, struct aisle_err *err)
{
    struct sha256 d;

    if (!EVP_Digest(bytes(data), data.n, d.b, NULL, EVP_sha256(), NULL))
        return refused(err);
    *out = d;
    return AISLE_OK;
}

enum aisle_status hmac_sha256(struct str key, struct str data, struct sha256 *out,
                              struct aisle_err *err)
{
    struct sha256 d;
    size_t n = 0;

    if (!EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, bytes(key), key.n,
                   (const unsigned char *)bytes(data), data.n, d.b, sizeof d.b, &n) ||
        n != sizeof d.b)
        return refused(err);
    *out = d;
    return AISLE_OK;
}

enum aisle_status sha256_init(struct sha256_ctx *c, struct aisle_err *err)
{
    c->md = EVP_MD_CTX_new();
    if (!c->md)
        return aisle_nomem(err);
    if (EVP_DigestInit_ex2(c->md, EVP_sha256(), NULL))
        return AISLE_OK;
    sha256_clear(c);
    return refused(err);
}

enum aisle_status sha256_add(struct sha256_ctx *c, struct str data, struct aisle_err *err)
{
    return EVP_DigestUpdate(c->md, bytes(data), data.n) ? AISLE_OK : refused(err);
}

enum aisle_status sha256_finish(struct sha256_ctx *c, struct sha256 *out,
                                struct aisle_err *err)
{
    struct sha256 d;
    int done = EVP_DigestFinal_ex(c->md, d.b, NULL);

    sha256_clear(c);
    if (!done)
        return refused(err);
    *out = d;
    return AISLE_OK;
}

void sha256_clear(struct sha256_ctx *c)
{
    EVP_MD_CTX_free(c->md);
    c->md = NULL;
}

void sha256_hex(const struct sha256 *d, char out[SHA256_HEX_LEN + 1])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < SHA256_LEN; i++) {
        out[2 * i] = digits[d->b[i] >> 4];
        out[2 * i + 1] = digits[d->b[i] & 15];
    }
    out[SHA256_HEX_LEN] = '\0';
}

bool secret_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

void secret_wipe(void *p, size_t n)
{
    if (n)
        OPENSSL_cleanse(p, n);
}
