/* leaf.h - one leaf asked about afresh: permissions change more often than trees are
 * synced
 */
#ifndef FLOWS_LEAF_H
#define FLOWS_LEAF_H

#include "flows/session.h"

struct leaf_now {
    struct str id, name, path; /* as the stored tree has it, in the arena */
    bool told;                 /* the marketplace spoke of it; else as it is stored */
    bool is_leaf, provisional;
    unsigned permissions; /* enum category_permission */
};

/* What the marketplace says now of a category of the stored tree, asked for by its name.
 * A channel that reports no permissions, and an answer without it, leave *out as it is
 * stored. */
enum aisle_status leaf_look(struct session *s, const struct target *target,
                            const struct taxonomy *tree, const struct category *stored,
                            struct arena *arena, struct leaf_now *out,
                            struct aisle_err *err);

struct leaf_request {
    struct str target; /* as flow_target reads it */
    struct str category_id;
};

/* The same with a session and a tree of its own. AISLE_NOT_FOUND: the stored tree has no
 * such category. */
enum aisle_status flow_leaf_ask(const struct app *app, const struct leaf_request *request,
                                struct arena *arena, struct leaf_now *out,
                                struct aisle_err *err);

#endif
