/* truth.h - titles whose right leaf is known, from a file of title TAB leaf id */
#ifndef SANDBOX_TRUTH_H
#define SANDBOX_TRUTH_H

#include "base/buf.h"

struct truth;

/* A first line "title TAB leaf_id" is a header. Titles are compared folded, the first of
 * two equal ones counts. AISLE_GARBLED names a line without a tab. */
enum aisle_status truth_read(struct str tsv, struct truth **out, struct aisle_err *err);
void truth_free(struct truth *t); /* NULL is fine */
/* Borrowed; empty when the title is unknown. */
struct str truth_leaf(const struct truth *t, struct str title);

#endif
