/* diff.h - what happened to a category tree between two readings of it
 *
 * A channel sends its whole tree every time, and the store keeps the last one. Comparing
 * the two is done here, and acting on it elsewhere (flows/sync), so that a dry run, a web
 * page and a real sync all tell the same story. Needs no network and no database.
 */
#ifndef TAXONOMY_DIFF_H
#define TAXONOMY_DIFF_H

#include "taxonomy/taxonomy.h"

enum category_change {
    CATEGORY_ADDED = 1 << 0,
    CATEGORY_REMOVED = 1 << 1,
    CATEGORY_RENAMED = 1 << 2, /* in a locale both trees have */
    CATEGORY_MOVED = 1 << 3,   /* hangs under another parent */
    CATEGORY_LEAFING = 1 << 4, /* began or ceased to accept products */
    CATEGORY_PERMISSION_CHANGED = 1 << 5,
};

/* "added", "renamed", … for one bit; "leaf-to-parent" or "parent-to-leaf" need the rows.
 */
const char *category_change_name(enum category_change change);

struct category_diff {
    unsigned changes; /* enum category_change */
    const struct category
        *was; /* NULL for an added one; borrowed until the call returns */
    const struct category *is; /* NULL for a removed one */
    uint32_t renamed_in;       /* bit l: renamed in locale l of the tree that is now */
};

/* Anything but AISLE_OK ends the walk. */
typedef enum aisle_status taxonomy_diff_fn(void *ctx, const struct category_diff *diff,
                                           struct aisle_err *err);

/* Walk two trees in step, by id, and call fn once for each category that differs. Locales
 * only one of the trees has are no difference. Provisional rows of `then` count as
 * absent. An empty `now` reports every category as removed; whether to believe that is
 * the caller's question.
 *
 * Returns AISLE_OK at the end of both trees, or whatever fn returned. */
enum aisle_status taxonomy_diff(const struct taxonomy *then, const struct taxonomy *now,
                                taxonomy_diff_fn *fn, void *ctx, struct aisle_err *err);

struct taxonomy_diff_counts {
    size_t added, removed, renamed, moved, leaf_to_parent, parent_to_leaf, permission;
    size_t leaves_then, leaves_now;
    size_t leaves_lost; /* leaves of then that are gone, or are no leaf any more */
    size_t open_then;   /* leaves of then that took products */
    size_t closed;      /* of them those that are leaves still, and take none */
};

struct taxonomy_diff_counts taxonomy_diff_count(const struct taxonomy *then,
                                                const struct taxonomy *now);

/* Of the leaves that `then` has in a locale of `now`, how many `now` lacks in it, or has
 * as no leaf any more: one locale's answer cut short hides behind the others'. *of is 0
 * where `then` lacks the locale. */
size_t taxonomy_lost_in(const struct taxonomy *then, const struct taxonomy *now,
                        uint32_t locale, size_t *of);

/* Whether they have one name in any locale both trees have; capitals and blanks at the
 * ends aside. */
bool category_same_name(const struct taxonomy *then, const struct category *was,
                        const struct taxonomy *now, const struct category *is);

/* Where products of a leaf that is gone, moved or no longer a leaf could go, most likely
 * first: leaves of its name that were not there before, those nearest to its place first
 * (of a name that several had, only where its parent is), else its own children. Only
 * leaves of `now` that take products. Returns how many of at most cap were written; 0
 * leaves it to the matcher. *equal is how many are as likely as the first, and may be
 * more than cap. */
size_t taxonomy_successors(const struct taxonomy *then, const struct taxonomy *now,
                           const struct category *was, const struct category **out,
                           size_t cap, size_t *equal);

#endif
