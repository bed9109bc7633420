#include "cli/commands/tree_rows.h"

const struct column tree_columns[] = {
    {.name = "id", .kind = COLUMN_ID, .help = "the marketplace's id"},
    {.name = "path", .kind = COLUMN_PATH, .help = "names from the top, in one language"},
    {.name = "leaf", .kind = COLUMN_FLAG, .help = "whether it takes products at all"},
    {.name = "open",
     .kind = COLUMN_FLAG,
     .help = "whether this shop may list there; of leaves"},
    {.name = "name", .kind = COLUMN_TEXT, .detail = true, .help = "its own name"},
    {.name = "parent_id", .kind = COLUMN_ID, .detail = true, .help = "null for a root"},
    {.name = "depth", .kind = COLUMN_COUNT, .detail = true, .help = "1 for a root"},
    {.name = "children", .kind = COLUMN_COUNT, .detail = true, .help = "how many"},
    {.name = "permissions",
     .kind = COLUMN_TEXT,
     .detail = true,
     .help = "what the marketplace says of this shop's right to list there"},
    {.name = "provisional",
     .kind = COLUMN_FLAG,
     .detail = true,
     .help = "recommended, but not in the tree as it was synced"},
    END_OF_COLUMNS,
};

enum aisle_status tree_row(struct cli *cli, const struct open_tree *t,
                           const struct category *c, size_t depth, struct aisle_err *err)
{
    struct arena_mark mark = arena_mark(&cli->arena);
    struct str path = open_tree_path(t, c, &cli->arena);
    char permissions[80];
    enum aisle_status status;

    if (!path.p)
        return aisle_nomem(err);
    permission_format(c->permissions, permissions);
    out_str(&cli->out, c->id);
    out_str(&cli->out, path);
    out_flag(&cli->out, c->leaf);
    if (c->leaf)
        out_flag(&cli->out, category_takes_products(c));
    else
        out_absent(&cli->out);
    out_str(&cli->out, category_name(&t->tree, c, t->locale));
    out_opt(&cli->out, c->parent_id);
    out_int(&cli->out, (int64_t)depth);
    out_int(&cli->out, (int64_t)c->child_count);
    out_opt(&cli->out, str_of(permissions));
    out_flag(&cli->out, c->provisional);
    status = out_row(&cli->out, err);
    arena_rewind(&cli->arena, mark);
    return status;
}
