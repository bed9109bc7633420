/* tree_rows.h - categories as rows, wherever they were looked up */
#ifndef CLI_COMMANDS_TREE_ROWS_H
#define CLI_COMMANDS_TREE_ROWS_H

#include "cli/commands/shared.h"

extern const struct column tree_columns[];

/* One row of tree_columns; depth is 1 for a root. */
enum aisle_status tree_row(struct cli *cli, const struct open_tree *t,
                           const struct category *c, size_t depth, struct aisle_err *err);

/* `tree search --remote`: through the shop of the store --shop names, else with the keys
 * in the environment and no store at all. An empty keyword asks for the whole tree. */
enum aisle_status tree_search_remote(struct cli *cli, struct str keyword,
                                     struct aisle_err *err);

#endif
