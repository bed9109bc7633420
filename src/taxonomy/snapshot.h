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
    struct str platform; /* "TIKTOK_SHOP", "TOKOPEDIA", "GLOBAL" or "" */
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
    int64_t checked_at;                 /* when a sync last found it still so */
    struct str locales;                 /* "en-US,id-ID", in the tree's order */
    struct sha256 content, permissions; /* as taxonomy_digest gives them */
    size_t categories, leaves;
    struct str run_id; /* the run that brought it */
};

/* A locale of a tree that was fetched by a sync that has not got them all. */
struct tree_part {
    struct str target_id, locale;
    int64_t fetched_at;
    struct str body;
};

/* A locale's rows as a part's body, and back, in the arena: in their order, all but
 * `provisional`. AISLE_GARBLED when it is none. */
void tree_part_format(const struct category_rows *rows, struct buf *out);
enum aisle_status tree_part_parse(const struct tree_part *part, struct arena *arena,
                                  struct category_rows *out, struct aisle_err *err);

/* What one snapshot has of a category in one of its locales. */
struct category_reading {
    int64_t snapshot_id, taken_at;
    struct str run_id;
    struct str locale;
    bool there; /* false: none of that id, and nothing below is said */
    struct str parent_id, name;
    bool leaf;
    unsigned permissions; /* enum category_permission */
};

/* What a reading of a tree is known by. */
struct tree_digests {
    /* One a locale: of its name, and of each row id, parent, leaf flag and name, in the
     * order of ids. Rows sent in another order have the same; "0" and "" are one parent.
     */
    struct sha256 locales[TAXONOMY_MAX_LOCALES];
    struct sha256 content;     /* of the locales' digests, in their order */
    struct sha256 permissions; /* of (id, permissions) of the first locale, by id */
};

/* AISLE_LIMIT for no locale, or more than TAXONOMY_MAX_LOCALES. */
enum aisle_status taxonomy_digest(const struct category_rows *per_locale,
                                  size_t locale_count, struct tree_digests *out,
                                  struct aisle_err *err);

#endif
