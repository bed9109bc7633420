/* trees.c - a target's categories: one, its children, those found for what is typed; the
 * snapshots there are, what differs between two, whom a change hurts */
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

static void add_snapshot(struct api_call *c, const struct snapshot *s)
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
    add_snapshot(c, &h->snapshot);
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
    size_t left = api_limit(c);
    struct str after = api_text(c, "after"), next = {0};
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
        if (left-- == 0)
            break;
        api_put_category(c, &h->tree, category, locale_of(c, h));
        next = left == 0 && i + 1 < h->tree.count
                   ? arena_str(c->request->arena, category->id)
                   : (struct str){0};
    }
    api_close_items(c, next);
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

/* ---- snapshots and what differs ---- */

struct snapshot_listing {
    struct api_call *c;
    size_t left;
    struct str next;
};

static enum aisle_status put_snapshot(void *ctx, const struct snapshot *s,
                                      struct aisle_err *err)
{
    struct snapshot_listing *l = ctx;

    (void)err;
    if (l->left-- == 0)
        return AISLE_STOPPED;
    json_open(&l->c->json);
    add_snapshot(l->c, s);
    json_close(&l->c->json);
    return AISLE_OK;
}

static enum aisle_status stopped_is_fine(enum aisle_status status)
{
    return status == AISLE_STOPPED ? AISLE_OK : status;
}

static enum aisle_status list_snapshots(struct api_call *c, struct aisle_err *err)
{
    struct snapshot_listing l = {.c = c, .left = api_limit(c)};
    struct store *store = c->app.store;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = stopped_is_fine(
        store->ops->trees->each_snapshot(store, h->target_id, put_snapshot, &l, err));
    api_close_items(c, (struct str){0});
    held_give(h);
    return status;
}

struct differing {
    struct api_call *c;
    size_t left, more;
};

static void add_side(struct differing *d, const char *key, const struct taxonomy *tree,
                     const struct category *category)
{
    json_key(&d->c->json, key);
    if (category)
        api_put_category(d->c, tree, category,
                         taxonomy_locale(tree, api_text(d->c, "locale")));
    else
        json_put_null(&d->c->json);
}

static void put_difference(void *ctx, const struct taxonomy *then,
                           const struct taxonomy *now, const struct category_diff *diff)
{
    struct differing *d = ctx;
    struct json_out *o = &d->c->json;

    if (d->left == 0) {
        d->more++;
        return;
    }
    d->left--;
    json_open(o);
    json_key(o, "changes");
    json_open_list(o);
    for (unsigned bit = 1; bit <= CATEGORY_PERMISSION_CHANGED; bit <<= 1)
        if (diff->changes & bit)
            json_put_str(o, str_of(category_change_name((enum category_change)bit)));
    json_close_list(o);
    add_side(d, "was", then, diff->was);
    add_side(d, "is", now, diff->is);
    json_close(o);
}

static void put_impact(struct api_call *c, const struct impact *i)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_key(o, "mapping");
    api_put_decision(c, i->mapping);
    json_add_str(o, "was_path", i->was_path);
    json_add_str(o, "why", str_of(i->why));
    json_key(o, "successor");
    if (str_empty(i->successor_id)) {
        json_put_null(o);
    } else {
        json_open(o);
        json_add_str(o, "id", i->successor_id);
        json_add_str(o, "path", i->successor_path);
        json_add_str(o, "by", str_of(i->successor_by));
        json_add_num(o, "confidence", i->confidence);
        json_close(o);
    }
    json_add_int(o, "products", (int64_t)i->products);
    json_close(o);
}

static void put_each_impact(void *ctx, const struct impact *i)
{
    struct differing *d = ctx;

    if (!api_may_see(d->c, i->mapping->seller_id))
        return;
    if (d->left == 0) {
        d->more++;
        return;
    }
    d->left--;
    put_impact(d->c, i);
}

static void add_counts(struct api_call *c, const struct taxonomy_diff_counts *n)
{
    struct json_out *o = &c->json;

    json_key(o, "counts");
    json_open(o);
    json_add_int(o, "added", (int64_t)n->added);
    json_add_int(o, "removed", (int64_t)n->removed);
    json_add_int(o, "renamed", (int64_t)n->renamed);
    json_add_int(o, "moved", (int64_t)n->moved);
    json_add_int(o, "leaf_to_parent", (int64_t)n->leaf_to_parent);
    json_add_int(o, "parent_to_leaf", (int64_t)n->parent_to_leaf);
    json_add_int(o, "permission", (int64_t)n->permission);
    json_add_int(o, "leaves_lost", (int64_t)n->leaves_lost);
    json_close(o);
}

static enum aisle_status get_diff(struct api_call *c, struct aisle_err *err)
{
    struct differing d = {.c = c, .left = (size_t)api_number(c, "limit", API_MOST)};
    struct sync_listener listener = {.ctx = &d, .differs = put_difference};
    struct taxonomy_diff_counts counts = {0};
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = flow_tree_diff(&c->app, h->target_id, api_number(c, "from", 0),
                            api_number(c, "to", 0), &listener, &counts, err);
    json_close_list(&c->json);
    add_counts(c, &counts);
    json_add_int(&c->json, "left_out", (int64_t)d.more);
    json_close(&c->json);
    held_give(h);
    return status;
}

static enum aisle_status get_impact(struct api_call *c, struct aisle_err *err)
{
    struct differing d = {.c = c, .left = (size_t)api_number(c, "limit", API_MOST)};
    struct sync_listener listener = {
        .ctx = &d, .impact = put_each_impact, .locale = api_text(c, "locale")};
    size_t count = 0;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = flow_tree_impact(&c->app, h->target_id, &listener, &count, err);
    json_close_list(&c->json);
    json_add_int(&c->json, "left_out", (int64_t)d.more);
    json_close(&c->json);
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
    {.at = {"GET", TREE "/snapshots", {PARAM_TARGET, PARAM_LIMIT}},
     .run = list_snapshots,
     .right = RIGHT_READ},
    {.at = {"GET",
            TREE "/diff",
            {PARAM_TARGET,
             {.name = "from", .type = HTTP_INT, .max = INT64_MAX},
             {.name = "to", .type = HTTP_INT, .max = INT64_MAX},
             {.name = "limit", .type = HTTP_INT, .min = 1, .max = 20000},
             PARAM_LOCALE}},
     .run = get_diff,
     .right = RIGHT_READ},
    {.at = {"GET",
            TREE "/impact",
            {PARAM_TARGET,
             {.name = "limit", .type = HTTP_INT, .min = 1, .max = 20000},
             PARAM_LOCALE}},
     .run = get_impact,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
