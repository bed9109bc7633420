/* paths.h - a tree made of paths, for label sets that come without one
 *
 * "Fashion > Men > T-Shirts" becomes three categories whose ids are their paths; what
 * ends a label is a leaf, even when other labels go on below it.
 */
#ifndef MATCH_PATHS_H
#define MATCH_PATHS_H

#include "taxonomy/taxonomy.h"

/* Paths may repeat. The tree, with one locale "", lives in the arena. A label that is
 * also the beginning of another becomes a leaf of its own, beside its namesake that is a
 * parent: the parent's id then ends in " >". AISLE_NOMEM, AISLE_LIMIT as taxonomy_build.
 */
enum aisle_status paths_build(const struct str *paths, size_t count, struct arena *arena,
                              struct taxonomy *out, struct aisle_err *err);

#endif
