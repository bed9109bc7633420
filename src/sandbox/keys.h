/* keys.h - who may call: sellers, their tokens, and the codes consent gives out
 *
 * Tokens follow from the seed and from how many were given out before, so that a run
 * repeats. Thread-safe. (Authorization pages; access tokens live 7 days, codes 30 minutes
 * and once.)
 */
#ifndef SANDBOX_KEYS_H
#define SANDBOX_KEYS_H

#include "base/arena.h"
#include "sandbox/sandbox.h"

struct keys;

/* A seller and its shops, which stand next to each other; fixed from the start. */
struct seller {
    struct str name, open_id;
    struct str scopes; /* comma list */
    const struct sandbox_shop *shops;
    size_t shop_count;
};

struct keys_settings {
    uint64_t seed;
    const struct sandbox_shop *shops; /* complete, a seller's side by side */
    size_t shop_count;
    int64_t access_ttl_s, refresh_ttl_s;
    int64_t now_s;
    struct arena *arena; /* the sellers' */
};

enum aisle_status keys_new(const struct keys_settings *settings, struct keys **out,
                           struct aisle_err *err);
void keys_free(struct keys *k); /* NULL is fine */

size_t keys_seller_count(const struct keys *k);
const struct seller *keys_seller(const struct keys *k, size_t which);

enum key_kind { KEY_ACCESS, KEY_REFRESH, KEY_CODE, KEY_KINDS };
enum key_state { KEY_GOOD, KEY_UNKNOWN, KEY_EXPIRED };

/* Whose it is, when it is good. */
enum key_state keys_check(struct keys *k, enum key_kind kind, struct str text,
                          int64_t now_s, const struct seller **seller);

/* A pair of tokens; times are absolute, as the marketplace says them. */
struct grant {
    struct str access, refresh; /* in the arena */
    int64_t access_until_s, refresh_until_s;
    const struct seller *seller;
};

enum aisle_status keys_make_code(struct keys *k, size_t seller, int64_t now_s,
                                 struct arena *arena, struct str *code,
                                 struct aisle_err *err);
/* A code is good once: KEY_UNKNOWN the second time. The old refresh token is gone unless
 * `keep`; old access tokens live on until they expire. KEY_GOOD without memory leaves
 * grant->access.p NULL. */
enum key_state keys_redeem(struct keys *k, enum key_kind kind, struct str text, bool keep,
                           int64_t now_s, struct arena *arena, struct grant *grant);

/* Everything of a kind given out so far has expired; how many. */
size_t keys_expire(struct keys *k, enum key_kind kind);
/* All sellers withdrew their consent: nothing is good any more; how many tokens. */
size_t keys_revoke(struct keys *k);

#endif
