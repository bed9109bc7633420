/* successor.h - where products of a leaf could go that takes them no more, or is another
 *
 * What was under the leaf's id is looked up in the newest stored snapshot in which it was
 * a leaf, however long ago: its name and place there say what it was for. Proposes, and
 * decides nothing.
 */
#ifndef FLOWS_SUCCESSOR_H
#define FLOWS_SUCCESSOR_H

#include "flows/app.h"
#include "match/match.h"
#include "match/numbered.h"

enum { SUCCESSOR_MAX_TREES = 16 }; /* so many snapshots are looked back */

struct successor {
    struct str id;       /* in `now`; empty: none is known, or none is likely */
    const char *by;      /* "marketplace", "same id", "same name", "new child", "matcher";
                          * "" none */
    double confidence;   /* the matcher's; else 1, shared by those that are as likely */
    struct str was_path; /* of the leaf; empty when no snapshot has it */
};

/* Fill app, target_id, now and, where it is at hand, then; the rest is its own. */
struct successors {
    const struct app *app;
    struct str target_id;
    const struct taxonomy *now;
    const struct taxonomy *then; /* looked into first; or NULL */
    struct str locale;           /* of was_path; "": the tree's first */
    bool told_only; /* what the marketplace or a name says; no guess among several, and
                     * the matcher is not asked */
    struct arena arena;
    struct former_tree {
        int64_t snapshot_id;
        bool loaded;
        struct taxonomy tree;
    } former[SUCCESSOR_MAX_TREES]; /* newest first */
    size_t former_count;
    bool listed;
    struct str channel, region; /* of the target's shop, once they are needed */
    struct matcher *matcher;    /* made when first needed */
    struct match_scratch *scratch;
    struct numbered known; /* a leaf's hash to its place in the list */
    struct successor *list;
    uint32_t count, cap;
};

/* A leaf is looked up once: what the marketplace tells later is not heard. Text of *out
 * is borrowed from s. */
enum aisle_status successor_find(struct successors *s, struct str leaf_id,
                                 struct successor *out, struct aisle_err *err);
void successors_clear(struct successors *s); /* twice is fine */

#endif
