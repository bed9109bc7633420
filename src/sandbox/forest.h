/* forest.h - every category tree the sandbox serves, as it is between two evolutions
 *
 * One structure per slot: TikTok's v1 and v2 on its two platforms, and the old Tokopedia
 * API's own. Immutable once built and shared by counting: a request holds the one it
 * began with. What is derived from a tree (the answers in which it is sent whole, the
 * words of its leaves) is kept beside it and made when first asked for.
 */
#ifndef SANDBOX_FOREST_H
#define SANDBOX_FOREST_H

#include "base/json.h"
#include "sandbox/sandbox.h"

#include <pthread.h>

enum forest_slot {
    SLOT_V1_TIKTOK,
    SLOT_V1_TOKOPEDIA,
    SLOT_V2_TIKTOK,
    SLOT_V2_TOKOPEDIA,
    SLOT_OLD_TOKOPEDIA, /* fs.tokopedia.net */
    SLOT_COUNT
};

enum {
    SLOTS_V1 = 1 << SLOT_V1_TIKTOK | 1 << SLOT_V1_TOKOPEDIA,
    SLOTS_V2 = 1 << SLOT_V2_TIKTOK | 1 << SLOT_V2_TOKOPEDIA,
    SLOTS_TIKTOK = 1 << SLOT_V1_TIKTOK | 1 << SLOT_V2_TIKTOK,
    SLOTS_TOKOPEDIA = 1 << SLOT_V1_TOKOPEDIA | 1 << SLOT_V2_TOKOPEDIA,
};

enum {
    FOREST_MAX_LOCALES = 16,
    FOREST_MAX_ROWS = 1000000,
    FOREST_MAX_DEPTH = 32, /* deeper is cut there, cycles too */
};

/* A category as the file or the TSV has it, with the slots it grows in. */
struct row {
    struct str id, parent_id; /* "0" for a root */
    struct str permissions;   /* "AVAILABLE", "AVAILABLE,INVITE_ONLY" */
    struct str slug;          /* old Tokopedia's roots */
    struct str *names;        /* FOREST_MAX_LOCALES, in the forest's order */
    unsigned slots;
    int closeness; /* of the file to those slots: the closest one's structure counts */
    enum { LEAF_COMPUTED, LEAF_YES, LEAF_NO } leaf; /* as a real answer says */
};

struct rows {
    struct row *p;
    size_t n, cap;
    struct str locales[FOREST_MAX_LOCALES]; /* "" stands for any */
    size_t locale_count;
};

#define TREE_NONE UINT32_MAX

struct node {
    const struct row *row;
    uint32_t parent, first_child, next_sibling; /* places among nodes, or TREE_NONE */
    uint32_t last_child;
    bool leaf, prohibited; /* it or what is above it */
};

struct lexicon;
struct answers;

struct tree {
    const struct rows *rows;
    struct node *nodes; /* in the order sent */
    size_t count;
    uint32_t *by_id; /* open addressing */
    size_t by_id_size;
    pthread_mutex_t lock; /* over what is made when first asked for */
    struct lexicon *lexicon;
    struct answers *answers;
};

struct forest;

/* Our own trees, or those of the files. AISLE_CONFIG: a file that cannot be read, AISLE
 * _GARBLED: one that is no tree; both name it. */
enum aisle_status forest_load(const struct sandbox_settings *settings,
                              struct forest **out, struct aisle_err *err);
struct forest *forest_ref(struct forest *f);
void forest_drop(struct forest *f); /* NULL is fine */

/* Borrowed as long as the forest is held. */
struct tree *forest_tree(struct forest *f, enum forest_slot slot);

/* A new forest with these edits done, all or none: AISLE_GARBLED for what is no array of
 * edits, AISLE_INVALID for an edit that cannot be done, by its number. Appends how many
 * of each kind there were, as JSON. */
enum aisle_status forest_evolve(const struct forest *f, struct str edits,
                                struct forest **out, struct buf *done,
                                struct aisle_err *err);

/* Places of nodes, or TREE_NONE. */
uint32_t tree_find(const struct tree *t, struct str id);
/* In that locale, else in the file without one, en-US, or any there is. */
struct str tree_name(const struct tree *t, const struct node *n, struct str locale);
/* From the top down to the node; how many. */
size_t tree_chain(const struct tree *t, uint32_t at, uint32_t chain[FOREST_MAX_DEPTH]);

#endif
