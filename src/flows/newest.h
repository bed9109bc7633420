/* newest.h - what stands for a key, and what of that counts for a product */
#ifndef FLOWS_NEWEST_H
#define FLOWS_NEWEST_H

#include "flows/app.h"

/* The newest decision of a key, in the arena; *found false when there is none. */
enum aisle_status newest_decision(const struct app *app, struct str seller_id,
                                  struct str target_id, enum decision_scope scope,
                                  struct str key, struct arena *arena,
                                  struct decision *out, bool *found,
                                  struct aisle_err *err);

/* Which decision counts for a product: its own, else its rule's, else its seller
 * category's. AISLE_NOT_FOUND when none does. */
enum aisle_status flow_mapping_of(const struct app *app, const struct product *product,
                                  struct str target_id, struct arena *arena,
                                  struct decision *out, struct aisle_err *err);

#endif
