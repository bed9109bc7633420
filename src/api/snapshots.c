/* snapshots.c - the snapshots a target has, what differs between two, whom a change hurts
 */
#include "api/call.h"
#include "flows/sync.h"

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
    api_put_snapshot(l->c, s);
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

#define TREE "/api/v1/trees/{target}"

const struct api_route api_snapshot_routes[] = {
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
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"GET",
            TREE "/impact",
            {PARAM_TARGET,
             {.name = "limit", .type = HTTP_INT, .min = 1, .max = 20000},
             PARAM_LOCALE}},
     .run = get_impact,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
