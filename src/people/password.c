#include "people/password.h"

#include <sodium.h>

/* libsodium's own choice for signing in while somebody waits: 2 passes over 64 MiB. */
static const unsigned long long passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
static const size_t memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

static bool one_letter(struct str s)
{
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0])
            return false;
    return true;
}

static size_t characters(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}

enum aisle_status password_check(struct str password, struct str name,
                                 struct aisle_err *err)
{
    if (characters(password) < PASSWORD_LEAST)
        return aisle_fail(err, AISLE_INVALID, "a password has at least %d characters",
                          PASSWORD_LEAST);
    if (password.n > PASSWORD_MOST)
        return aisle_fail(err, AISLE_INVALID, "a password has at most %d bytes",
                          PASSWORD_MOST);
    if (one_letter(password) || str_eq_nocase(password, name))
        return aisle_fail(err, AISLE_INVALID, "this password is too easy to guess");
    return AISLE_OK;
}

enum aisle_status password_hash(struct str password, char out[PASSWORD_HASH_LEN],
                                struct aisle_err *err)
{
    _Static_assert(PASSWORD_HASH_LEN >= crypto_pwhash_STRBYTES, "libsodium grew");
    if (sodium_init() < 0 || crypto_pwhash_str_alg(out, password.p, password.n, passes,
                                                   memory, crypto_pwhash_ALG_ARGON2ID13))
        return aisle_nomem(err);
    return AISLE_OK;
}

bool password_is(struct str hash, struct str password)
{
    /* of a password nobody knows */
    static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    char text[PASSWORD_HASH_LEN] = {0};
    bool known = hash.n > 0 && hash.n < sizeof text;

    if (sodium_init() < 0 || password.n > PASSWORD_MOST)
        return false;
    memcpy(text, known ? hash.p : nobody, known ? hash.n : sizeof nobody);
    return crypto_pwhash_str_verify(text, password.p ? password.p : "", password.n) ==
               0 &&
           known;
}
