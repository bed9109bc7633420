/* taxonomy.h - a marketplace's category tree: immutable, in compact arrays
 *
 * Built once from the rows a channel or a store hands over, then only read, from any
 * number of threads. A tree holds one structure and any number of locales: names of one
 * id in several locales are one category's synonyms. Needs no network and no database.
 */
#ifndef TAXONOMY_TAXONOMY_H
#define TAXONOMY_TAXONOMY_H

#include "base/arena.h"
#include "base/buf.h"

/* What the marketplace says of a shop's right to list in a category. Several words may
 * come. */
enum category_permission {
    PERMISSION_AVAILABLE = 1 << 0,
    PERMISSION_INVITE_ONLY = 1 << 1,
    PERMISSION_NON_MAIN_CATEGORY = 1 << 2,
    PERMISSION_PROHIBITED = 1 << 3,
    PERMISSION_UNKNOWN = 1 << 4, /* a word we do not know: counts as closed */
};

/* "AVAILABLE" to its bit, an unknown word to PERMISSION_UNKNOWN. */
unsigned permission_parse(struct str word);
/* "INVITE_ONLY,PROHIBITED"; "" for none. In static text of at most 80 bytes at out. */
void permission_format(unsigned permissions, char out[80]);
/* Whether products may be listed there: nothing reported (0) is open, else AVAILABLE
 * alone. */
bool permission_is_open(unsigned permissions);

enum {
    TAXONOMY_MAX_LOCALES = 16,
    TAXONOMY_MAX_DEPTH = 16,
    TAXONOMY_MAX_CATEGORIES = 1000000
};
#define TAXONOMY_NONE UINT32_MAX

struct category {
    struct str id;        /* the channel's own; text even where it looks like a number */
    struct str parent_id; /* empty for a root */
    const struct str
        *names; /* one a locale, in the tree's order; empty where it lacks one */
    uint32_t
        parent; /* index of the parent's row; TAXONOMY_NONE for a root or an orphan */
    uint32_t first_child; /* index into children of the tree */
    uint32_t child_count;
    bool leaf;        /* as the marketplace says: products may be listed here */
    bool provisional; /* recommended, but not in the stored snapshot; until the next sync
                       */
    unsigned permissions; /* enum category_permission */
};

/* Sorted by id, no id twice. The text lives in the arena the tree was built in. */
struct taxonomy {
    const struct category *rows;
    size_t count;
    const uint32_t
        *children; /* runs of row indices, in the order the marketplace sent them */
    const uint32_t *roots; /* in the order sent; orphans stand here too */
    size_t root_count;
    const struct str *locales;
    size_t locale_count;
};

/* One category as one locale's answer has it. A root has an empty parent_id ("0" counts
 * too). */
struct category_row {
    struct str id, parent_id, name;
    bool leaf;
    unsigned permissions;
    bool provisional; /* a store's own addition; no channel sends it */
};

struct category_rows { /* one locale's whole answer, in the order sent */
    struct str locale;
    const struct category_row *rows;
    size_t count;
};

/* What is odd about a tree. It is reported and the usable rest kept. */
enum taxonomy_problem {
    TAXONOMY_CYCLE,     /* its parents lead back to it: cut there, hangs at the top */
    TAXONOMY_ORPHAN,    /* its parent is not in the tree: hangs at the top */
    TAXONOMY_DOUBLE_ID, /* seen twice: the first is kept */
    TAXONOMY_EMPTY_ID,  /* left out */
    TAXONOMY_PARENT_WITHOUT_CHILD, /* says it is no leaf, and has no child */
    TAXONOMY_LEAF_WITH_CHILD, /* says it is a leaf, and has one: no product belongs there
                               */
    TAXONOMY_STRAY_SPACE,     /* blanks at an end, no-break spaces: kept as sent */
    TAXONOMY_EMPTY_NAME,
    TAXONOMY_TOO_DEEP,       /* below TAXONOMY_MAX_DEPTH */
    TAXONOMY_LOCALE_DIFFERS, /* this locale's answer has it elsewhere, as another kind, or
                              * lacks it while another locale has it */
};

const char *taxonomy_problem_name(enum taxonomy_problem problem); /* "double-id" */

/* Borrowed until the call returns. `locale` and `name` are empty where they do not
 * matter. */
typedef void taxonomy_problem_fn(void *ctx, enum taxonomy_problem problem, struct str id,
                                 struct str name, struct str locale);

/* Build a tree of all locales' rows. Structure, leaf flag and permissions come from the
 * first locale that has the id. `fn` may be NULL. AISLE_LIMIT over
 * TAXONOMY_MAX_CATEGORIES or TAXONOMY_MAX_LOCALES, AISLE_NOMEM. No rows give an empty
 * tree, which is no failure here. */
enum aisle_status taxonomy_build(struct arena *arena,
                                 const struct category_rows *per_locale,
                                 size_t locale_count, taxonomy_problem_fn *fn, void *ctx,
                                 struct taxonomy *out, struct aisle_err *err);

/* The row of an id, or NULL. Borrowed as long as the tree. O(log n). */
const struct category *taxonomy_get(const struct taxonomy *tree, struct str id);
/* The place of a locale in the names, or TAXONOMY_NONE. */
uint32_t taxonomy_locale(const struct taxonomy *tree, struct str locale);
/* The name in that locale (an index; TAXONOMY_NONE is any), else in the first locale that
 * has one. */
struct str category_name(const struct taxonomy *tree, const struct category *c,
                         uint32_t locale);
/* Whether a product may go there: a leaf, without children, open to the shop. */
bool category_takes_products(const struct category *c);
/* From the top down to c; at most TAXONOMY_MAX_DEPTH (the lowest, of one too deep),
 * returns how many. */
size_t category_chain(const struct taxonomy *tree, const struct category *c,
                      const struct category *chain[TAXONOMY_MAX_DEPTH]);
/* Appends "Fashion > Men > T-Shirts". */
void category_path(const struct taxonomy *tree, const struct category *c, uint32_t locale,
                   struct buf *out);
/* The category at "Fashion > Men > T-Shirts" in any one locale (compared folded; ">" with
 * or without blanks, "/" too), or NULL when there is none or more than one, or no memory
 * to fold in. */
const struct category *taxonomy_at_path(const struct taxonomy *tree, struct str path);
size_t taxonomy_leaf_count(const struct taxonomy *tree);

#endif
