/* newest.h - what stands for a key, where nothing standing is no failure */
#ifndef FLOWS_NEWEST_H
#define FLOWS_NEWEST_H

#include "flows/app.h"

/* The newest decision of a key, in the arena; *found false when there is none. */
enum aisle_status newest_decision(const struct app *app, struct str seller_id,
                                  struct str target_id, enum decision_scope scope,
                                  struct str key, struct arena *arena,
                                  struct decision *out, bool *found,
                                  struct aisle_err *err);

#endif
