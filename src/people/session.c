#include "people/session.h"

#include <sodium.h>
#include <stdio.h>

void secret_new(const struct rng *rng, char out[SECRET_LEN + 1])
{
    unsigned char bytes[32];

    rng->fill(rng->ctx, bytes, sizeof bytes);
    sodium_bin2base64(out, SECRET_LEN + 1, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    secret_wipe(bytes, sizeof bytes);
}

enum aisle_status secret_digest(struct str secret, struct sha256 *out,
                                struct aisle_err *err)
{
    return sha256_of(secret, out, err);
}

static const struct {
    const char *name;
    unsigned scope;
} scope_words[] = {
    {"read", RIGHT_READ},
    {"decide", RIGHT_DECIDE},
    {"edit", RIGHT_EDIT},
    {"admin", RIGHT_ADMIN},
};
enum { SCOPE_WORDS = sizeof scope_words / sizeof *scope_words };

static unsigned scope_of(struct str word)
{
    for (size_t i = 0; i < SCOPE_WORDS; i++)
        if (str_is(word, scope_words[i].name))
            return scope_words[i].scope;
    return 0;
}

enum aisle_status scopes_parse(struct str text, unsigned *out, struct aisle_err *err)
{
    unsigned scopes = 0;

    while (text.n) {
        struct str word = str_cut(&text, ',');
        unsigned scope = scope_of(word);

        if (!scope)
            return aisle_fail(
                err, AISLE_INVALID,
                "there is no scope \"%.*s\": read, decide, edit and admin are there",
                STR_ARG(str_head(word, 30)));
        scopes |= scope;
    }
    if (!scopes)
        return aisle_fail(err, AISLE_INVALID, "a token needs a scope, such as read");
    *out = scopes;
    return AISLE_OK;
}

void scopes_format(unsigned scopes, char out[SCOPES_TEXT])
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < SCOPE_WORDS; i++)
        if (scopes & scope_words[i].scope)
            n += (size_t)snprintf(out + n, SCOPES_TEXT - n, "%s%s", n ? "," : "",
                                  scope_words[i].name);
}

unsigned role_rights(enum role role)
{
    switch (role) {
    case ROLE_VIEWER:
        return RIGHT_READ;
    case ROLE_MAPPER:
        return RIGHT_READ | RIGHT_DECIDE | RIGHT_EDIT;
    case ROLE_ADMIN:
        return RIGHT_ALL;
    }
    return 0;
}

bool api_token_is_good(const struct api_token *t, int64_t now)
{
    return t->expires_at == 0 || now < t->expires_at;
}
