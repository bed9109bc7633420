/* leaf_requirement.h - one leaf's requirement, from the store or the marketplace */
#ifndef FLOWS_LISTING_LEAF_REQUIREMENT_H
#define FLOWS_LISTING_LEAF_REQUIREMENT_H

#include "flows/session.h"
#include "listing/requirement.h"

/* Where a target's requirements are kept under. */
struct requirement_key leaf_requirement_key(const struct session *s,
                                            const struct target *target,
                                            struct str category_id, struct str locale);
/* What is kept, in the arena; *found false when nothing is. *checked_at may be NULL. */
enum aisle_status leaf_requirement_load(const struct app *app,
                                        const struct requirement_key *key,
                                        struct arena *arena, struct requirement *out,
                                        bool *found, int64_t *checked_at,
                                        struct aisle_err *err);
/* Ask the marketplace. */
enum aisle_status leaf_requirement_fetch(struct session *s,
                                         const struct requirement_key *key,
                                         struct arena *arena, struct requirement *out,
                                         struct aisle_err *err);
/* Keep it. *changed may be NULL. */
enum aisle_status leaf_requirement_keep(const struct app *app,
                                        const struct requirement_key *key,
                                        const struct requirement *r, bool *changed,
                                        struct aisle_err *err);

#endif
