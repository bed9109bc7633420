#include "flows/leaf.h"

#include "flows/sync.h"

static enum aisle_status as_stored(const struct taxonomy *tree, const struct category *c,
                                   struct arena *arena, struct leaf_now *out,
                                   struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    category_path(tree, c, TAXONOMY_NONE, &path);
    *out = (struct leaf_now){
        .id = arena_str(arena, c->id),
        .name = arena_str(arena, category_name(tree, c, 0)),
        .path = arena_str(arena, buf_str(&path)),
        .is_leaf = c->leaf && c->child_count == 0,
        .provisional = c->provisional,
        .permissions = c->permissions,
    };
    buf_clear(&path);
    return out->id.p && out->name.p && out->path.p ? AISLE_OK : aisle_nomem(err);
}

enum aisle_status leaf_look(struct session *s, const struct target *target,
                            const struct taxonomy *tree, const struct category *stored,
                            struct arena *arena, struct leaf_now *out,
                            struct aisle_err *err)
{
    struct channel_tree_request request = {.version = target->version,
                                           .platform = target->platform,
                                           .locale = tree->locale_count ? tree->locales[0]
                                                                        : STR_LIT(""),
                                           /* else a leaf that was closed is left out of
                                            * the answer, and seems as it was */
                                           .include_prohibited = true};
    struct category_rows rows = {0};
    struct leaf_now now;
    enum aisle_status status = as_stored(tree, stored, arena, &now, err);

    request.keyword = now.name;
    if (status == AISLE_OK && s->to.ops->reports_permissions)
        status = session_fetch_categories(s, &request, arena, &rows, NULL, err);
    for (size_t i = 0; status == AISLE_OK && i < rows.count; i++)
        if (str_eq(rows.rows[i].id, now.id)) {
            now.told = true;
            now.is_leaf = rows.rows[i].leaf;
            now.permissions = rows.rows[i].permissions;
        }
    if (status == AISLE_OK)
        *out = now;
    return status;
}

enum aisle_status flow_leaf_ask(const struct app *app, const struct leaf_request *request,
                                struct arena *arena, struct leaf_now *out,
                                struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    struct taxonomy tree;
    const struct category *stored = NULL;
    struct session session = {0};
    enum aisle_status status =
        flow_target(app, request->target, arena, &target, &shop, err);

    if (status == AISLE_OK)
        status = app->store->ops->trees->load(app->store, target.id, 0, arena, NULL,
                                              &tree, err);
    if (status == AISLE_OK) {
        stored = taxonomy_get(&tree, request->category_id);
        if (!stored)
            status = aisle_fail(err, AISLE_NOT_FOUND, "the tree of %.*s has no %.*s",
                                STR_ARG(target.id),
                                STR_ARG(str_head(request->category_id, 60)));
    }
    if (status == AISLE_OK)
        status = session_open(app, shop.id, &session, err);
    if (status == AISLE_OK)
        status = leaf_look(&session, &target, &tree, stored, arena, out, err);
    session_close(&session);
    return status;
}
