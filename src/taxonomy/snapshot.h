/* snapshot.h - which tree, and as it was when: the keys a tree is kept under
 *
 * A category id means something only inside its target's tree.
 */
#ifndef TAXONOMY_SNAPSHOT_H
#define TAXONOMY_SNAPSHOT_H

#include "base/hash.h"
#include "taxonomy/taxonomy.h"

/* Where a product may be listed. Written "shop:version:platform", "toko-a:v2:TOKOPEDIA";
 * a channel without versions or platforms leaves them empty: "tokped". */
struct target {
    struct str id;       /* the written form; what everything else refers to */
    struct str shop_id;  /* ours */
    struct str version;  /* "v1", "v2" or "" */
    struct str platform; /* "TIKTOK_SHOP", "TOKOPEDIA" or "" */
};

/* "toko-a", "toko-a:v2", "toko-a:v2:TOKOPEDIA" to its parts (borrowed from text), absent
 * ones empty; AISLE_INVALID says what a target looks like. `id` is text itself. */
enum aisle_status target_parse(struct str text, struct target *out,
                               struct aisle_err *err);
/* The written form in the arena; .p NULL without memory. */
struct str target_format(struct arena *arena, struct str shop_id, struct str version,
                         struct str platform);

/* The tree as it was at one time. What a marketplace tells all alike (names, parents,
 * leaf flags) is kept once a locale under its content's digest, whoever asked;
 * permissions belong to the target. */
struct snapshot {
    int64_t id; /* 0 before it is stored; grows with time within a target */
    struct str target_id;
    int64_t taken_at;
    int64_t checked_at;        /* when a sync last found it still so */
    struct str locales;        /* "en-US,id-ID", in the tree's order */
    struct sha256 content;     /* of all locales together: taxonomy_hash_all */
    struct sha256 permissions; /* taxonomy_hash_permissions of the first locale's rows */
    size_t categories, leaves;
    struct str run_id; /* the run that brought it */
};

/* Digest of one locale's answer: locale, and of each row id, parent, leaf flag and name,
 * in the order of ids. Rows sent in another order have the same digest; "0" and "" are
 * the same parent. */
enum aisle_status taxonomy_hash_rows(const struct category_rows *rows, struct sha256 *out,
                                     struct aisle_err *err);
/* Digest of the locales' digests, in their order. */
enum aisle_status taxonomy_hash_all(const struct category_rows *per_locale,
                                    size_t locale_count, struct sha256 *out,
                                    struct aisle_err *err);
/* Digest of (id, permissions), in the order of ids. */
enum aisle_status taxonomy_hash_permissions(const struct category_rows *rows,
                                            struct sha256 *out, struct aisle_err *err);

#endif
