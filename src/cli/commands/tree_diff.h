/* tree_diff.h - differences between two trees, and whom they hurt, in words, rows and
 * markdown
 */
#ifndef CLI_COMMANDS_TREE_DIFF_H
#define CLI_COMMANDS_TREE_DIFF_H

#include "cli/commands/shared.h"
#include "flows/sync.h"

/* "renamed, moved" of one difference; at most so many bytes. */
enum { CHANGES_TEXT_MAX = 96 };
void changes_text(const struct category_diff *diff, char out[CHANGES_TEXT_MAX]);

/* The way to a category in words, then as it was and as it is; "" where there is none. */
void diff_paths(const struct taxonomy *then, const struct taxonomy *now,
                const struct category_diff *diff, struct buf *was, struct buf *is);

/* "12 added, 3 renamed"; "no difference". */
void diff_counts_text(const struct taxonomy_diff_counts *d, struct buf *out);
bool diff_is_empty(const struct taxonomy_diff_counts *d);

/* One line a person reads: "product K-01 was in Fashion > Kaos (removed); could go to …".
 */
void impact_text(const struct impact *impact, struct buf *out);

#endif
