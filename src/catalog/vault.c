/* vault.c - a sealed text is "1.FINGERPRINT.BASE64", the last part nonce and ciphertext
 *
 * What stands before the last point, and the place, are authenticated with it.
 */
#include "catalog/vault.h"

#include "base/hash.h"

#include <sodium.h>

#include <stdio.h>

enum {
    NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD_LEN = 2 + VAULT_FINGERPRINT_LEN + 1, /* "1.", fingerprint, "." */
    BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

_Static_assert(VAULT_KEY_LEN == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
               "a key of the ring is a key of the cipher");

/* ---- the ring ---- */

static bool parse_hex_key(struct str hex, unsigned char key[VAULT_KEY_LEN])
{
    size_t n;

    return hex.n == 2 * VAULT_KEY_LEN &&
           sodium_hex2bin(key, VAULT_KEY_LEN, hex.p, hex.n, NULL, &n, NULL) == 0 &&
           n == VAULT_KEY_LEN;
}

enum aisle_status vault_parse(struct str text, struct vault *out, struct aisle_err *err)
{
    struct vault v = {.count = 0};
    enum aisle_status status = AISLE_OK;

    for (size_t line = 1; text.n > 0 && status == AISLE_OK; line++) {
        struct str rest = str_cut(&text, '\n');
        struct str key = str_trim(str_cut(&rest, '#'));

        if (str_empty(key))
            continue;
        if (v.count == VAULT_MAX_KEYS)
            status =
                aisle_fail(err, AISLE_CONFIG, "key file: line %zu is one over %d keys",
                           line, VAULT_MAX_KEYS);
        else if (!parse_hex_key(key, v.keys[v.count]))
            status = aisle_fail(err, AISLE_CONFIG,
                                "key file: line %zu is not 64 hexadecimal digits", line);
        else
            v.count++;
    }
    if (status == AISLE_OK)
        *out = v;
    vault_wipe(&v);
    return status;
}

void vault_new_key(const struct rng *rng, char out[2 * VAULT_KEY_LEN + 1])
{
    unsigned char key[VAULT_KEY_LEN];

    rng->fill(rng->ctx, key, sizeof key);
    sodium_bin2hex(out, 2 * VAULT_KEY_LEN + 1, key, sizeof key);
    secret_wipe(key, sizeof key);
}

void vault_wipe(struct vault *v)
{
    secret_wipe(v, sizeof *v);
}

/* A keyed digest of a fixed text: tells keys apart and nothing about them. */
static void fingerprint(const unsigned char key[VAULT_KEY_LEN],
                        char out[VAULT_FINGERPRINT_LEN + 1])
{
    static const unsigned char text[] = "aisle vault key fingerprint";
    unsigned char digest[crypto_generichash_BYTES];

    crypto_generichash(digest, sizeof digest, text, sizeof text - 1, key, VAULT_KEY_LEN);
    sodium_bin2hex(out, VAULT_FINGERPRINT_LEN + 1, digest, VAULT_FINGERPRINT_LEN / 2);
}

/* ---- seal and open ---- */

/* libsodium looks for the fastest code for this processor once; later calls do nothing.
 */
static enum aisle_status start_sodium(struct aisle_err *err)
{
    if (sodium_init() < 0)
        return aisle_fail(err, AISLE_CONFIG, "libsodium does not start");
    return AISLE_OK;
}

/* What is authenticated beside the secret: the head of the sealed text, and its place. */
static enum aisle_status bind(struct str head, struct str place, struct buf *out,
                              struct aisle_err *err)
{
    buf_add(out, head);
    buf_add(out, place);
    return buf_check(out, "place of a secret", err);
}

/* Nonce and ciphertext, appended to `out`. */
static enum aisle_status encrypt(const unsigned char *key, const struct rng *rng,
                                 struct str bound, struct str secret, struct buf *out,
                                 struct aisle_err *err)
{
    unsigned char *nonce;
    unsigned long long n;

    if (!buf_room(out, NONCE_LEN + secret.n + TAG_LEN))
        return buf_check(out, "secret", err);
    nonce = (unsigned char *)out->p;
    rng->fill(rng->ctx, nonce, NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        nonce + NONCE_LEN, &n, (const unsigned char *)secret.p, secret.n,
        (const unsigned char *)bound.p, bound.n, NULL, nonce, key);
    out->n = NONCE_LEN + (size_t)n;
    return AISLE_OK;
}

static enum aisle_status add_base64(struct buf *out, struct str head, struct str bytes,
                                    struct aisle_err *err)
{
    size_t n = sodium_base64_encoded_len(bytes.n, BASE64); /* counts a NUL */

    if (!buf_room(out, head.n + n))
        return buf_check(out, "sealed secret", err);
    buf_add(out, head);
    sodium_bin2base64(out->p + out->n, n, (const unsigned char *)bytes.p, bytes.n,
                      BASE64);
    out->n += n - 1;
    return AISLE_OK;
}

enum aisle_status vault_seal(const struct vault *v, const struct rng *rng,
                             struct str place, struct str secret, struct buf *out,
                             struct aisle_err *err)
{
    struct buf bound = BUF_INIT(BUF_MAX_LINE), bytes = BUF_INIT(BUF_MAX_LINE);
    char print[VAULT_FINGERPRINT_LEN + 1], head[HEAD_LEN + 1];
    enum aisle_status status;

    if (v->count == 0)
        return aisle_fail(err, AISLE_CONFIG, "there is no key to seal secrets with");
    status = start_sodium(err);
    if (status != AISLE_OK)
        return status;
    fingerprint(v->keys[0], print);
    snprintf(head, sizeof head, "1.%s.", print);

    status = bind(str_of(head), place, &bound, err);
    if (status == AISLE_OK)
        status = encrypt(v->keys[0], rng, buf_str(&bound), secret, &bytes, err);
    if (status == AISLE_OK)
        status = add_base64(out, str_of(head), buf_str(&bytes), err);
    buf_clear(&bound);
    buf_clear(&bytes);
    return status;
}

/* The fingerprint in "1.FINGERPRINT.…"; empty when the text has no such head. */
static struct str sealed_with(struct str sealed)
{
    if (sealed.n <= HEAD_LEN || !str_starts(sealed, "1.") ||
        sealed.p[HEAD_LEN - 1] != '.')
        return str_of(NULL);
    return str_head(str_skip(sealed, 2), VAULT_FINGERPRINT_LEN);
}

static const unsigned char *find_key(const struct vault *v, struct str print)
{
    for (size_t i = 0; i < v->count; i++) {
        char own[VAULT_FINGERPRINT_LEN + 1];

        fingerprint(v->keys[i], own);
        if (str_is(print, own))
            return v->keys[i];
    }
    return NULL;
}

static bool from_base64(struct str text, struct buf *out)
{
    if (!buf_room(out, text.n))
        return false;
    return sodium_base642bin((unsigned char *)out->p, text.n, text.p, text.n, NULL,
                             &out->n, NULL, BASE64) == 0 &&
           out->n >= NONCE_LEN + TAG_LEN;
}

/* The secret goes straight to where the caller wants it; no copy is made on the way. */
static enum aisle_status decrypt(const unsigned char *key, struct str bound,
                                 struct str bytes, struct buf *out, struct aisle_err *err)
{
    const unsigned char *nonce = (const unsigned char *)bytes.p;
    unsigned long long n;

    if (!buf_room(out, bytes.n - NONCE_LEN - TAG_LEN))
        return buf_check(out, "secret", err);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            (unsigned char *)out->p + out->n, &n, NULL, nonce + NONCE_LEN,
            bytes.n - NONCE_LEN, (const unsigned char *)bound.p, bound.n, nonce, key))
        return aisle_fail(err, AISLE_CONFIG,
                          "sealed secret was altered, or sealed for another place");
    out->n += (size_t)n;
    out->p[out->n] = '\0';
    return AISLE_OK;
}

enum aisle_status vault_open(const struct vault *v, struct str place, struct str sealed,
                             struct buf *out, struct aisle_err *err)
{
    struct buf bound = BUF_INIT(BUF_MAX_LINE), bytes = BUF_INIT(2 * BUF_MAX_LINE);
    struct str print = sealed_with(sealed);
    const unsigned char *key;
    enum aisle_status status;

    if (v->count == 0)
        return aisle_fail(err, AISLE_CONFIG, "there is no key to open secrets with");
    if (str_empty(print))
        return aisle_fail(err, AISLE_CONFIG, "sealed secret is not of a form we know");
    status = start_sodium(err);
    if (status != AISLE_OK)
        return status;
    key = find_key(v, print);
    if (!key)
        return aisle_fail(err, AISLE_CONFIG,
                          "sealed with key %.*s, which is not in the key file",
                          STR_ARG(print));

    status = bind(str_head(sealed, HEAD_LEN), place, &bound, err);
    if (status == AISLE_OK && !from_base64(str_skip(sealed, HEAD_LEN), &bytes))
        status = bytes.failed ? buf_check(&bytes, "sealed secret", err)
                              : aisle_fail(err, AISLE_CONFIG,
                                           "sealed secret was altered: no base64");
    if (status == AISLE_OK)
        status = decrypt(key, buf_str(&bound), buf_str(&bytes), out, err);
    buf_clear(&bound);
    buf_clear(&bytes);
    return status;
}

bool vault_is_current(const struct vault *v, struct str sealed)
{
    char own[VAULT_FINGERPRINT_LEN + 1];

    if (v->count == 0)
        return false;
    fingerprint(v->keys[0], own);
    return str_is(sealed_with(sealed), own);
}
