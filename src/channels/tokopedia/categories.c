/* Get All Categories, /inventory/v1/fs/:fs_id/product/category: the whole tree nested, or
 * what a keyword finds, flat with breadcrumbs. */
#include "channels/tokopedia/wire.h"

enum aisle_status tokopedia_categories_build(struct str fs_id, struct str keyword,
                                             struct buf *out, struct aisle_err *err)
{
    uint64_t id;

    if (!parse_u64(fs_id, INT64_MAX, &id) || id == 0)
        return aisle_fail(err, AISLE_CONFIG,
                          "fs_id is a positive whole number, not \"%.*s\"",
                          STR_ARG(str_head(fs_id, 40)));
    buf_addf(out, "/inventory/v1/fs/%llu/product/category", (unsigned long long)id);
    if (keyword.n) {
        buf_addz(out, "?keyword=");
        buf_url(out, keyword);
    }
    return buf_check(out, "the address of a request", err);
}

/* ---- nodes ---- */

static enum aisle_status categories_of(const json_t *document, const json_t **out,
                                       struct aisle_err *err)
{
    const json_t *data = json_at(document, "data");
    const json_t *list = json_at_nocase(data, "categories");

    if (!json_is_object(data))
        return aisle_fail(err, AISLE_GARBLED,
                          "Get All Categories: the answer has no data");
    if (list && !json_is_array(list))
        return aisle_fail(err, AISLE_GARBLED,
                          "Get All Categories: categories is no list");
    *out = list; /* absent or null: nothing was found */
    return AISLE_OK;
}

/* "Name" in the documents, "name" by those who read live answers. */
static struct str name_of(const json_t *node)
{
    return json_value_str(json_at_nocase(node, "name"));
}

/* Absent, null and empty all mean a leaf. */
static const json_t *children_of(const json_t *node)
{
    const json_t *child = json_at_nocase(node, "child");

    return json_is_array(child) && json_array_size(child) ? child : NULL;
}

static enum aisle_status check_node(const json_t *node, struct aisle_err *err)
{
    if (!json_is_object(node))
        return aisle_fail(err, AISLE_GARBLED,
                          "Get All Categories: an entry is no category");
    return AISLE_OK;
}

/* ---- the tree, unrolled ---- */

/* The way down without recursion: how deep an answer nests is not ours to choose. */
struct level {
    const json_t *list;
    size_t next;
    struct str parent; /* id of the node the list hangs under */
};

struct walk {
    struct level levels[TOKOPEDIA_MAX_DEPTH];
    size_t depth;
};

static void walk_begin(struct walk *w, const json_t *list)
{
    w->depth = 1;
    w->levels[0] = (struct level){.list = list, .parent = STR_LIT("")};
}

/* The next node and its parent's id; NULL at the end. */
static const json_t *walk_next(struct walk *w, struct str *parent)
{
    while (w->depth) {
        struct level *top = &w->levels[w->depth - 1];

        if (top->next < json_array_size(top->list)) {
            *parent = top->parent;
            return json_array_get(top->list, top->next++);
        }
        w->depth--;
    }
    return NULL;
}

static enum aisle_status walk_into(struct walk *w, const json_t *list, struct str parent,
                                   struct aisle_err *err)
{
    if (!list)
        return AISLE_OK;
    if (w->depth == TOKOPEDIA_MAX_DEPTH)
        return aisle_fail(err, AISLE_LIMIT,
                          "Get All Categories: more than %d levels of categories",
                          TOKOPEDIA_MAX_DEPTH);
    w->levels[w->depth++] = (struct level){.list = list, .parent = parent};
    return AISLE_OK;
}

static enum aisle_status count_nodes(const json_t *list, size_t *count,
                                     struct aisle_err *err)
{
    struct walk w;
    struct str parent;
    const json_t *node;
    enum aisle_status status = AISLE_OK;

    *count = 0;
    walk_begin(&w, list);
    while (status == AISLE_OK && (node = walk_next(&w, &parent))) {
        if (++*count > TAXONOMY_MAX_CATEGORIES)
            return aisle_fail(err, AISLE_LIMIT,
                              "Get All Categories: more than %d categories",
                              TAXONOMY_MAX_CATEGORIES);
        status = check_node(node, err);
        if (status == AISLE_OK)
            status = walk_into(&w, children_of(node), STR_LIT(""), err);
    }
    return status;
}

static enum aisle_status read_nodes(const json_t *list, struct arena *arena,
                                    struct category_row *rows, struct aisle_err *err)
{
    struct walk w;
    struct str parent;
    const json_t *node;
    enum aisle_status status = AISLE_OK;

    walk_begin(&w, list);
    while (status == AISLE_OK && (node = walk_next(&w, &parent))) {
        *rows = (struct category_row){
            .id = json_text(node, "id", arena),
            .parent_id = parent,
            .name = arena_str(arena, name_of(node)),
            .leaf = !children_of(node),
        };
        if (!rows->id.p || !rows->name.p)
            return aisle_nomem(err);
        status = walk_into(&w, children_of(node), rows->id, err);
        rows++;
    }
    return status;
}

enum aisle_status tokopedia_tree_read(const json_t *document, struct arena *arena,
                                      struct category_rows *out, struct aisle_err *err)
{
    struct category_row *rows = NULL;
    const json_t *list = NULL;
    size_t count = 0;
    enum aisle_status status = categories_of(document, &list, err);

    if (status == AISLE_OK)
        status = count_nodes(list, &count, err);
    if (status == AISLE_OK && !(rows = arena_zalloc(arena, count, sizeof *rows)))
        status = aisle_nomem(err);
    if (status == AISLE_OK)
        status = read_nodes(list, arena, rows, err);
    if (status == AISLE_OK)
        *out = (struct category_rows){STR_LIT(""), rows, count};
    return status;
}

/* ---- what a keyword finds ---- */

/* "fashion-anak / Tas Anak / Tas Backpack Anak" to "Tas Backpack Anak": the first part is
 * a slug, those between have no id here. */
static struct str last_part(struct str breadcrumb)
{
    const struct str sep = STR_LIT(" / ");
    size_t at;

    while ((at = str_find(breadcrumb, sep)) < breadcrumb.n)
        breadcrumb = str_skip(breadcrumb, at + sep.n);
    return str_trim(breadcrumb);
}

enum aisle_status tokopedia_hits_read(const json_t *document, struct arena *arena,
                                      struct category_rows *out, struct aisle_err *err)
{
    struct category_row *rows;
    const json_t *list = NULL;
    size_t count;
    enum aisle_status status = categories_of(document, &list, err);

    if (status != AISLE_OK)
        return status;
    count = json_array_size(list);
    rows = arena_zalloc(arena, count, sizeof *rows);
    if (!rows)
        return aisle_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const json_t *node = json_array_get(list, i);

        status = check_node(node, err);
        if (status != AISLE_OK)
            return status;
        rows[i].id = json_text(node, "id", arena);
        rows[i].name = arena_str(arena, last_part(name_of(node)));
        rows[i].parent_id = STR_LIT("");
        rows[i].leaf = true;
        if (!rows[i].id.p || !rows[i].name.p)
            return aisle_nomem(err);
    }
    *out = (struct category_rows){STR_LIT(""), rows, count};
    return AISLE_OK;
}

enum aisle_status tokopedia_fetch_categories(struct channel_session *s,
                                             const struct channel_tree_request *request,
                                             struct arena *arena,
                                             struct category_rows *out,
                                             struct channel_meta *meta,
                                             struct aisle_err *err)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    struct channel_meta spare = {0};
    json_t *document = NULL;
    enum aisle_status status;

    meta = meta ? meta : &spare;
    status = tokopedia_categories_build(s->shop->remote_id, request->keyword, &path, err);
    if (status == AISLE_OK)
        status =
            tokopedia_send(s, "Get All Categories", buf_str(&path), &document, meta, err);
    if (status == AISLE_OK) {
        status = request->keyword.n ? tokopedia_hits_read(document, arena, out, err)
                                    : tokopedia_tree_read(document, arena, out, err);
        channel_named(status, meta, err);
    }
    json_decref(document);
    buf_clear(&path);
    return status;
}
