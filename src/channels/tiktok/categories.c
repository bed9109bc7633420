/* Get Categories and Get Global Categories 202309: one flat list, the whole tree, no
 * paging: megabytes, so that it is read as it goes by. */
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

void tiktok_global_categories_build(const struct channel_tree_request *request,
                                    struct tiktok_request *out)
{
    *out = (struct tiktok_request){.what = "Get Global Categories",
                                   .method = "GET",
                                   .path = "/product/202309/global_categories"};
    tiktok_param_add(out, "locale", request->locale);
    tiktok_param_add(out, "keyword", request->keyword);
    tiktok_param_add(out, "category_version", request->version);
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

/* ---- rows ---- */

enum { USUAL_ROW = 128 };

/* Where the arrays move on to larger ones, the smaller stay behind in the arena: so room
 * is made at first for as many as `bytes` of an answer hold, at their usual length. */
static enum aisle_status more_room(struct tiktok_categories *r, size_t bytes,
                                   struct aisle_err *err)
{
    size_t room = r->room ? r->room * 2 : bytes / USUAL_ROW + 16;
    struct category_row *rows = arena_alloc(r->arena, room * sizeof *rows);
    bool *leaf_told = arena_alloc(r->arena, room * sizeof *leaf_told);

    if (!rows || !leaf_told)
        return aisle_nomem(err);
    if (r->count) {
        memcpy(rows, r->rows, r->count * sizeof *rows);
        memcpy(leaf_told, r->leaf_told, r->count * sizeof *leaf_told);
    }
    r->rows = rows;
    r->leaf_told = leaf_told;
    r->room = room;
    return AISLE_OK;
}

/* The same as tiktok_permissions_read. */
static unsigned take_permissions(struct json_walk *w)
{
    unsigned permissions = 0;

    if (json_walk_kind(w) == JSON_WALK_TEXT)
        return permission_parse(json_walk_str(w));
    if (json_walk_kind(w) != JSON_WALK_LIST) {
        json_walk_skip(w);
        return 0;
    }
    json_walk_open(w);
    while (json_walk_item(w))
        permissions |= permission_parse(json_walk_str(w));
    return permissions;
}

/* A root has "0"; ours has none. */
static struct str take_parent(struct json_walk *w, struct arena *arena)
{
    struct str parent = json_walk_word(w);

    return arena_str(arena, str_is(parent, "0") ? STR_LIT("") : parent);
}

/* The reply's name is local_name; the page's older sample, and Recommend Category, write
 * name. */
static enum aisle_status read_row(struct tiktok_categories *r, struct json_walk *w,
                                  struct aisle_err *err)
{
    struct category_row row = {.id = STR_LIT(""), .parent_id = STR_LIT("")};
    struct str key, local_name = STR_LIT(""), name = STR_LIT("");
    bool told = false;

    json_walk_open(w);
    while (json_walk_member(w, &key)) {
        if (str_is(key, "id"))
            row.id = arena_str(r->arena, json_walk_word(w));
        else if (str_is(key, "parent_id"))
            row.parent_id = take_parent(w, r->arena);
        else if (str_is(key, "local_name"))
            local_name = arena_str(r->arena, json_walk_str(w));
        else if (str_is(key, "name"))
            name = arena_str(r->arena, json_walk_str(w));
        else if (str_is(key, "is_leaf")) {
            told = json_walk_kind(w) != JSON_WALK_NULL;
            row.leaf = json_walk_flag(w, false);
        } else if (str_is(key, "permission_statuses"))
            row.permissions = take_permissions(w);
        else
            json_walk_skip(w);
    }
    row.name = local_name.n || !local_name.p ? local_name : name;
    if (!row.id.p || !row.parent_id.p || !row.name.p)
        return aisle_nomem(err);
    r->untold = r->untold || !told;
    r->leaf_told[r->count] = told;
    r->rows[r->count++] = row;
    return AISLE_OK;
}

static enum aisle_status no_data(struct aisle_err *err)
{
    return aisle_fail(err, AISLE_GARBLED, "Get Categories: the answer has no data");
}

static enum aisle_status read_list(struct tiktok_categories *r, struct json_walk *w,
                                   struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;

    r->count = 0;
    r->untold = false;
    if (json_walk_kind(w) == JSON_WALK_NULL) { /* nothing was found */
        json_walk_skip(w);
        return AISLE_OK;
    }
    if (json_walk_kind(w) != JSON_WALK_LIST)
        return aisle_fail(err, AISLE_GARBLED, "Get Categories: categories is no list");
    json_walk_open(w);
    while (status == AISLE_OK && json_walk_item(w)) {
        if (json_walk_kind(w) != JSON_WALK_OBJECT)
            return aisle_fail(err, AISLE_GARBLED,
                              "Get Categories: entry %zu is no category", r->count);
        if (r->count == TAXONOMY_MAX_CATEGORIES)
            return aisle_fail(err, AISLE_LIMIT, "Get Categories: more than %d categories",
                              TAXONOMY_MAX_CATEGORIES);
        if (r->count == r->room)
            status = more_room(r, w->text.n - w->at, err);
        if (status == AISLE_OK)
            status = read_row(r, w, err);
    }
    return status;
}

static enum aisle_status read_members(struct tiktok_categories *r, struct json_walk *w,
                                      struct aisle_err *err)
{
    enum aisle_status status = AISLE_OK;
    struct str key;

    json_walk_open(w);
    while (status == AISLE_OK && json_walk_member(w, &key))
        if (str_is(key, "categories"))
            status = read_list(r, w, err);
        else
            json_walk_skip(w);
    return status;
}

static void read_data(void *ctx, struct json_walk *w)
{
    struct tiktok_categories *r = ctx;
    size_t depth = w->depth;

    r->count = 0; /* of two the later counts */
    r->untold = false;
    r->err = (struct aisle_err){0};
    if (json_walk_kind(w) == JSON_WALK_OBJECT) {
        r->status = read_members(r, w, &r->err);
        json_walk_leave(w, depth);
    } else {
        r->status = no_data(&r->err);
        json_walk_skip(w);
    }
}

static void begin_answer(void *ctx)
{
    struct tiktok_categories *r = ctx;

    if (r->rows)
        arena_rewind(r->arena, r->mark);
    *r = (struct tiktok_categories){.arena = r->arena, .mark = arena_mark(r->arena)};
    r->status = no_data(&r->err);
}

struct tiktok_reader tiktok_categories_reader(struct tiktok_categories *r)
{
    return (struct tiktok_reader){begin_answer, read_data, r};
}

/* ---- leaves ---- */

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Where the flag is absent, a category is a leaf when no other names it as its parent. */
static enum aisle_status guess_leaves(struct tiktok_categories *r, struct aisle_err *err)
{
    struct str *parents;

    if (!r->untold)
        return AISLE_OK;
    parents = arena_alloc(r->arena, r->count * sizeof *parents);
    if (!parents)
        return aisle_nomem(err);
    for (size_t i = 0; i < r->count; i++)
        parents[i] = r->rows[i].parent_id;
    qsort(parents, r->count, sizeof *parents, by_text);
    for (size_t i = 0; i < r->count; i++)
        if (!r->leaf_told[i])
            r->rows[i].leaf =
                !bsearch(&r->rows[i].id, parents, r->count, sizeof *parents, by_text);
    return AISLE_OK;
}

/* ---- the call ---- */

enum aisle_status tiktok_categories_take(struct tiktok_categories *r, struct str locale,
                                         struct category_rows *out, struct aisle_err *err)
{
    enum aisle_status status = r->status;

    if (status != AISLE_OK) {
        if (err && err->status == AISLE_OK)
            *err = r->err;
        return status;
    }
    locale = arena_str(r->arena, locale);
    if (!locale.p)
        return aisle_nomem(err);
    status = guess_leaves(r, err);
    if (status == AISLE_OK)
        *out = (struct category_rows){locale, r->rows, r->count};
    return status;
}

static enum aisle_status fetch(struct channel_session *s, const struct tiktok_request *r,
                               struct str locale, struct arena *arena,
                               struct category_rows *out, struct channel_meta *meta,
                               struct aisle_err *err)
{
    struct tiktok_categories reading = {.arena = arena};
    const struct tiktok_reader reader = tiktok_categories_reader(&reading);
    struct channel_meta spare = {0};
    enum aisle_status status;

    meta = meta ? meta : &spare;
    status = tiktok_send_for(s, r, &reader, meta, err);
    if (status == AISLE_OK)
        status =
            channel_named(tiktok_categories_take(&reading, locale, out, err), meta, err);
    return status;
}

enum aisle_status tiktok_fetch_categories(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err)
{
    struct tiktok_request r;

    tiktok_categories_build(request, &r);
    return fetch(s, &r, request->locale, arena, out, meta, err);
}

enum aisle_status
tiktok_fetch_global_categories(struct channel_session *s,
                               const struct channel_tree_request *request,
                               struct arena *arena, struct category_rows *out,
                               struct channel_meta *meta, struct aisle_err *err)
{
    struct tiktok_request r;

    tiktok_global_categories_build(request, &r);
    return fetch(s, &r, request->locale, arena, out, meta, err);
}
