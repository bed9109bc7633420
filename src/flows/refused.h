/* refused.h - the leaves a person said no to, for a product or a seller category
 *
 * The newest word counts, leaf by leaf: one that was approved since is refused no more,
 * and a refusal that was undone is none. */
#ifndef FLOWS_REFUSED_H
#define FLOWS_REFUSED_H

#include "flows/app.h"

enum { REFUSED_LOOK_BACK = 200 }; /* decisions of one key that are looked through */

struct refusals {
    const struct str *leaves;
    size_t count;
};

/* What the log has of a key, in the arena. */
enum aisle_status refusals_of(const struct app *app, struct str seller_id,
                              struct str target_id, enum decision_scope scope,
                              struct str key, struct arena *arena, struct refusals *out,
                              struct aisle_err *err);

/* False for NULL. */
bool refusals_have(const struct refusals *r, struct str leaf);

#endif
