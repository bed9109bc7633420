/* trees.c - a target's categories: one, its children, those found for what is typed, what
 * a leaf demands */
#include "api/call.h"
#include "flows/sync.h"

static uint32_t locale_of(const struct api_call *c, const struct held *h)
{
    return taxonomy_locale(&h->tree, api_text(c, "locale"));
}

static void put_path(struct json_out *o, const struct taxonomy *tree,
                     const struct category *c, uint32_t locale)
{
    struct buf path = BUF_INIT(BUF_MAX_LINE);

    category_path(tree, c, locale, &path);
    json_put_str(o, buf_str(&path));
    buf_clear(&path);
}

static void add_names(struct json_out *o, const struct taxonomy *tree,
                      const struct category *c)
{
    char locale[32];

    json_key(o, "names");
    json_open(o);
    for (size_t l = 0; l < tree->locale_count; l++) {
        if (str_empty(c->names[l]) || tree->locales[l].n >= sizeof locale)
            continue;
        memcpy(locale, tree->locales[l].p, tree->locales[l].n);
        locale[tree->locales[l].n] = '\0';
        json_add_str(o, locale, c->names[l]);
    }
    json_close(o);
}

void api_put_category(struct api_call *call, const struct taxonomy *tree,
                      const struct category *c, uint32_t locale)
{
    struct json_out *o = &call->json;
    char permissions[80];

    permission_format(c->permissions, permissions);
    json_open(o);
    json_add_str(o, "id", c->id);
    json_add_str(o, "name", category_name(tree, c, locale));
    json_key(o, "path");
    put_path(o, tree, c, locale);
    api_add_or_null(call, "parent", c->parent_id);
    json_add_int(o, "children", c->child_count);
    json_add_bool(o, "leaf", c->leaf);
    json_add_bool(o, "open", category_takes_products(c));
    api_add_or_null(call, "permissions", str_of(permissions));
    json_add_bool(o, "provisional", c->provisional);
    add_names(o, tree, c);
    json_close(o);
}

static void tag_tree(struct api_call *c, const struct held *h)
{
    c->etag = arena_fmt(c->request->arena, "%lld.%zu.%.*s", (long long)h->snapshot.id,
                        h->tree.count, STR_ARG(api_text(c, "locale")));
}

/* ---- the tree as a whole ---- */

void api_put_snapshot(struct api_call *c, const struct snapshot *s)
{
    struct json_out *o = &c->json;
    struct str locales = s->locales;

    json_add_int(o, "id", s->id);
    json_add_str(o, "target", s->target_id);
    api_time(c, "taken_at", s->taken_at);
    api_time(c, "checked_at", s->checked_at);
    json_key(o, "locales");
    json_open_list(o);
    while (locales.n)
        json_put_str(o, str_cut(&locales, ','));
    json_close_list(o);
    json_add_int(o, "categories", (int64_t)s->categories);
    json_add_int(o, "leaves", (int64_t)s->leaves);
    api_add_or_null(c, "run", s->run_id);
}

static enum aisle_status get_tree(struct api_call *c, struct aisle_err *err)
{
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    json_open(&c->json);
    api_put_snapshot(c, &h->snapshot);
    json_add_str(&c->json, "shop", h->shop.id);
    json_add_str(&c->json, "seller", h->shop.seller_id);
    json_close(&c->json);
    held_give(h);
    return AISLE_OK;
}

/* ---- one category and those around it ---- */

static enum aisle_status no_category(struct str asked, struct aisle_err *err)
{
    return aisle_fail(err, AISLE_NOT_FOUND, "there is no category %.*s",
                      STR_ARG(str_head(asked, 80)));
}

static void add_chain(struct api_call *c, const struct held *h,
                      const struct category *category, uint32_t locale)
{
    const struct category *chain[TAXONOMY_MAX_DEPTH];
    size_t n = category_chain(&h->tree, category, chain);

    json_key(&c->json, "chain");
    json_open_list(&c->json);
    for (size_t i = 0; i < n; i++) {
        json_open(&c->json);
        json_add_str(&c->json, "id", chain[i]->id);
        json_add_str(&c->json, "name", category_name(&h->tree, chain[i], locale));
        json_close(&c->json);
    }
    json_close_list(&c->json);
}

static enum aisle_status answer_category(struct api_call *c, struct held *h,
                                         const struct category *category)
{
    uint32_t locale = locale_of(c, h);

    tag_tree(c, h);
    json_open(&c->json);
    json_key(&c->json, "category");
    api_put_category(c, &h->tree, category, locale);
    add_chain(c, h, category, locale);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status get_category(struct api_call *c, struct aisle_err *err)
{
    const struct category *category;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    category = taxonomy_get(&h->tree, api_text(c, "id"));
    status =
        category ? answer_category(c, h, category) : no_category(api_text(c, "id"), err);
    held_give(h);
    return status;
}

static enum aisle_status get_at_path(struct api_call *c, struct aisle_err *err)
{
    const struct category *category;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    category = taxonomy_at_path(&h->tree, api_text(c, "path"));
    status = category ? answer_category(c, h, category)
                      : no_category(api_text(c, "path"), err);
    held_give(h);
    return status;
}

/* Of a category, or of the top; all of them: the widest known parent has a few hundred.
 */
static enum aisle_status get_children(struct api_call *c, struct aisle_err *err)
{
    const struct category *parent = NULL;
    struct str of = api_text(c, "of");
    const uint32_t *rows;
    size_t count;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    if (!str_empty(of) && !(parent = taxonomy_get(&h->tree, of))) {
        held_give(h);
        return no_category(of, err);
    }
    rows = parent ? h->tree.children + parent->first_child : h->tree.roots;
    count = parent ? parent->child_count : h->tree.root_count;
    tag_tree(c, h);
    api_open_items(c);
    for (size_t i = 0; i < count; i++)
        api_put_category(c, &h->tree, &h->tree.rows[rows[i]], locale_of(c, h));
    api_close_items(c, (struct str){0});
    held_give(h);
    return AISLE_OK;
}

/* The first row behind an id: rows are sorted by id. */
static size_t first_after(const struct taxonomy *tree, struct str id)
{
    size_t low = 0, high = tree->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (str_cmp(tree->rows[middle].id, id) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static enum aisle_status list_categories(struct api_call *c, struct aisle_err *err)
{
    struct api_page page = api_page(c);
    struct str after = api_text(c, "after"), last = {0};
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    tag_tree(c, h);
    api_open_items(c);
    for (size_t i = str_empty(after) ? 0 : first_after(&h->tree, after);
         i < h->tree.count; i++) {
        const struct category *category = &h->tree.rows[i];

        if (api_given(c, "leaf") && category->leaf != api_flag(c, "leaf"))
            continue;
        if (!api_page_takes(&page))
            break;
        api_put_category(c, &h->tree, category, locale_of(c, h));
        last = category->id;
    }
    api_close_items(c, page.more ? last : (struct str){0});
    held_give(h);
    return AISLE_OK;
}

enum { SEARCH_MOST = 50 };

static enum aisle_status search(struct api_call *c, struct aisle_err *err)
{
    const struct category *found[SEARCH_MOST];
    struct match_scratch *scratch = NULL;
    size_t n = 0, limit = (size_t)api_number(c, "limit", 10);
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = held_scratch_take(h, &scratch, err);
    if (status == AISLE_OK)
        status =
            match_search(h->matcher, scratch, api_text(c, "q"), found, limit, &n, err);
    api_open_items(c);
    for (size_t i = 0; status == AISLE_OK && i < n; i++)
        api_put_category(c, &h->tree, found[i], locale_of(c, h));
    api_close_items(c, (struct str){0});
    held_scratch_give(h, scratch);
    held_give(h);
    return status;
}

/* ---- a leaf's demands ---- */

/* As they were last fetched; nobody is asked. */
static enum aisle_status put_requirement(struct api_call *c, const struct held *h,
                                         struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct requirement_key key = {.channel = h->shop.channel,
                                  .region = h->shop.region,
                                  .version = h->target.version,
                                  .category_id = api_text(c, "id"),
                                  .locale = STR_LIT("")};
    struct requirement_snapshot kept;
    enum aisle_status status =
        store->ops->listings->get_requirement(store, &key, c->request->arena, &kept, err);

    if (status != AISLE_OK)
        return status;
    json_open(&c->json);
    api_time(c, "first_at", kept.first_at);
    api_time(c, "checked_at", kept.checked_at);
    json_key(&c->json, "requirement");
    json_put_raw(&c->json, kept.body);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status get_requirement(struct api_call *c, struct aisle_err *err)
{
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = put_requirement(c, h, err);
    held_give(h);
    return status;
}

/* Permissions change more often than trees are synced: the marketplace is asked. */
static enum aisle_status ask_leaf(struct api_call *c, struct aisle_err *err)
{
    return api_start_leaf(c, api_text(c, "target"), api_text(c, "id"), err);
}

#define TREE "/api/v1/trees/{target}"

const struct api_route api_tree_routes[] = {
    {.at = {"GET", TREE "/categories/{id}", {PARAM_TARGET, {.name = "id"}, PARAM_LOCALE}},
     .run = get_category,
     .right = RIGHT_READ},
    {.at = {"GET", TREE "/categories/{id}/requirement", {PARAM_TARGET, {.name = "id"}}},
     .run = get_requirement,
     .right = RIGHT_READ},
    {.at = {"POST", TREE "/categories/{id}/ask", {PARAM_TARGET, {.name = "id"}}},
     .run = ask_leaf,
     .right = RIGHT_DECIDE,
     .what = "category.ask"},
    {.at = {"GET",
            TREE "/search",
            {PARAM_TARGET,
             {.name = "q", .required = true, .max = 400},
             PARAM_LOCALE,
             {.name = "limit", .type = HTTP_INT, .min = 1, .max = SEARCH_MOST}}},
     .run = search,
     .right = RIGHT_READ},
    {.at = {"GET", TREE, {PARAM_TARGET}}, .run = get_tree, .right = RIGHT_READ},
    {.at = {"GET",
            TREE "/categories",
            {PARAM_TARGET,
             {.name = "leaf", .type = HTTP_BOOL},
             {.name = "after"},
             PARAM_LIMIT,
             PARAM_LOCALE}},
     .run = list_categories,
     .right = RIGHT_READ},
    {.at = {"GET", TREE "/children", {PARAM_TARGET, {.name = "of"}, PARAM_LOCALE}},
     .run = get_children,
     .right = RIGHT_READ},
    {.at = {"GET",
            TREE "/path",
            {PARAM_TARGET,
             {.name = "path", .required = true, .max = 4096},
             PARAM_LOCALE}},
     .run = get_at_path,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
