/* Get Categories 202309: one flat list, the whole tree, no paging. */
#include "channels/tiktok/wire.h"

#include <stdlib.h>

void tiktok_categories_build(const struct channel_tree_request *request,
                             struct tiktok_request *out)
{
    *out = (struct tiktok_request){.what = "Get Categories",
                                   .method = "GET",
                                   .path = "/product/202309/categories",
                                   .with_cipher = true};
    tiktok_param_add(out, "locale", request->locale);
    tiktok_param_add(out, "keyword", request->keyword);
    tiktok_param_add(out, "category_version", request->version);
    tiktok_param_add(out, "listing_platform", request->platform);
    if (request->include_prohibited)
        tiktok_param_add(out, "include_prohibited_categories", STR_LIT("true"));
}

/* A list of words; null or absent where a market has none; one word instead of a list is
 * a guess, as other fields of theirs do that. */
unsigned tiktok_permissions_read(const json_t *category)
{
    const json_t *value = json_at(category, "permission_statuses"), *word;
    unsigned permissions = 0;
    size_t i;

    if (json_is_string(value))
        return permission_parse(json_value_str(value));
    json_array_foreach(value, i, word) permissions |=
        permission_parse(json_value_str(word));
    return permissions;
}

/* A root has "0"; ours has none. */
static struct str parent_of(const json_t *category, struct arena *arena)
{
    struct str parent = json_text(category, "parent_id", arena);

    return str_is(parent, "0") ? str_n(parent.p, 0) : parent;
}

/* The reply's name is local_name; the page's older sample, and Recommend Category, write
 * name. */
static struct str name_of(const json_t *category, struct arena *arena)
{
    struct str name = json_str(category, "local_name");

    return arena_str(arena, name.n ? name : json_str(category, "name"));
}

static enum aisle_status read_row(const json_t *category, size_t at, struct arena *arena,
                                  struct category_row *row, struct aisle_err *err)
{
    if (!json_is_object(category))
        return aisle_fail(err, AISLE_GARBLED, "Get Categories: entry %zu is no category",
                          at);
    *row = (struct category_row){
        .id = json_text(category, "id", arena),
        .parent_id = parent_of(category, arena),
        .name = name_of(category, arena),
        .leaf = json_flag(category, "is_leaf", false),
        .permissions = tiktok_permissions_read(category),
    };
    return row->id.p && row->parent_id.p && row->name.p ? AISLE_OK : aisle_nomem(err);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Where the flag is absent, a category is a leaf when no other names it as its parent. */
static enum aisle_status guess_leaves(const json_t *list, struct arena *arena,
                                      struct category_row *rows, size_t count,
                                      struct aisle_err *err)
{
    struct str *parents = NULL;

    for (size_t i = 0; i < count; i++) {
        if (json_at(json_array_get(list, i), "is_leaf"))
            continue;
        if (!parents) {
            parents = arena_zalloc(arena, count, sizeof *parents);
            if (!parents)
                return aisle_nomem(err);
            for (size_t k = 0; k < count; k++)
                parents[k] = rows[k].parent_id;
            qsort(parents, count, sizeof *parents, by_text);
        }
        rows[i].leaf = !bsearch(&rows[i].id, parents, count, sizeof *parents, by_text);
    }
    return AISLE_OK;
}

enum aisle_status tiktok_categories_read(const json_t *envelope, struct str locale,
                                         struct arena *arena, struct category_rows *out,
                                         struct aisle_err *err)
{
    struct category_row *rows;
    const json_t *data, *list;
    size_t count;
    enum aisle_status status = tiktok_data(envelope, "Get Categories", &data, err);

    if (status != AISLE_OK)
        return status;
    list = json_at(data, "categories");
    if (list && !json_is_array(list))
        return aisle_fail(err, AISLE_GARBLED, "Get Categories: categories is no list");
    count = json_array_size(list); /* 0 too where nothing was found and it is absent */
    if (count > TAXONOMY_MAX_CATEGORIES)
        return aisle_fail(err, AISLE_LIMIT,
                          "Get Categories: %zu categories, more than %d", count,
                          TAXONOMY_MAX_CATEGORIES);

    rows = arena_zalloc(arena, count, sizeof *rows);
    locale = arena_str(arena, locale);
    if (!rows || !locale.p)
        return aisle_nomem(err);
    for (size_t i = 0; status == AISLE_OK && i < count; i++)
        status = read_row(json_array_get(list, i), i, arena, &rows[i], err);
    if (status == AISLE_OK)
        status = guess_leaves(list, arena, rows, count, err);
    if (status == AISLE_OK)
        *out = (struct category_rows){locale, rows, count};
    return status;
}

enum aisle_status tiktok_fetch_categories(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err)
{
    struct channel_meta spare = {0};
    struct tiktok_request r;
    json_t *envelope = NULL;
    enum aisle_status status;

    meta = meta ? meta : &spare;
    tiktok_categories_build(request, &r);
    status = tiktok_send(s, &r, &envelope, meta, err);
    if (status == AISLE_OK)
        status = channel_named(
            tiktok_categories_read(envelope, request->locale, arena, out, err), meta,
            err);
    json_decref(envelope);
    return status;
}
