/* shop.h - sellers, and their accounts on a channel with the keys to them
 *
 * A seller is one business, the tenant. A shop is its account on a channel. Keys are
 * sealed (catalog/vault.h) before they come near a store, and never printed.
 */
#ifndef CATALOG_SHOP_H
#define CATALOG_SHOP_H

#include "base/arena.h"
#include "base/buf.h"

struct seller {
    struct str id; /* ours, a short word: "acme"; "default" until there is another */
    struct str name;
};

/* One seller's word that what it approves may inform another's matcher, and the other's
 * its own. Nothing is shared until both have given it. */
struct consent {
    struct str seller_id, with_id;
    struct str who; /* gave it */
    int64_t at;
};

/* What a store keeps of a shop. All text borrowed. */
struct shop {
    struct str id; /* ours, a short word: "toko-a" */
    struct str seller_id;
    struct str channel;     /* "tiktok", "tokopedia", "memory" */
    struct str name;        /* as the marketplace has it; may be empty */
    struct str remote_id;   /* the marketplace's id; for tokopedia the fs_id */
    struct str region;      /* "ID"; may be empty until known */
    struct str seller_type; /* "LOCAL", "CROSS_BORDER"; empty: not told */
    struct str app_key;     /* which app it is connected through (tokopedia: client_id) */
    struct str api_url;     /* empty for the real host; else a stand-in on loopback */
    struct str auth_url;    /* the same for the token host */
    struct str sealed;      /* struct shop_keys, sealed; opaque here */
    int64_t keys_version;   /* grows with each change of the keys; 0 without keys */
    int64_t created_at;
};

/* The keys of a shop, open. Wipe with shop_keys_wipe. */
struct shop_keys {
    struct str app_secret; /* tokopedia: client_secret */
    struct str access_token;
    struct str refresh_token;
    struct str cipher;         /* shop_cipher */
    int64_t access_expires_at; /* UTC seconds; 0 unknown */
    int64_t refresh_expires_at;
    struct str scopes; /* comma-separated; may be empty */
};

/* As one JSON text, and back into an arena. The text is secret: seal it, wipe it. Growth
 * of `out` happens before the first secret is in it, so that no copy is left behind.
 * AISLE_GARBLED when it is no such text. */
void shop_keys_format(const struct shop_keys *keys, struct buf *out);
enum aisle_status shop_keys_parse(struct str text, struct arena *arena,
                                  struct shop_keys *out, struct aisle_err *err);

/* Overwrites the secrets where they lie (memory that may be written: an arena, not a
 * literal) and empties the struct; twice is fine. */
void shop_keys_wipe(struct shop_keys *keys);

/* 1 to 40 of a-z 0-9 - _ and beginning with a letter or digit: fit for ids of sellers and
 * shops. */
bool short_word_valid(struct str s);

#endif
