/* past.c - what became of one category, sync by sync */
#include "flows/past.h"
#include "api/call.h"

static void put_side(struct api_call *c, const struct held *h, const char *key,
                     const struct category_reading *r)
{
    struct json_out *o = &c->json;
    const struct category *parent;
    struct buf path = BUF_INIT(BUF_MAX_LINE);
    char permissions[80];

    json_key(o, key);
    if (!r) {
        json_put_null(o);
        return;
    }
    permission_format(r->permissions, permissions);
    parent = taxonomy_get(&h->tree, r->parent_id);
    if (parent)
        category_path(&h->tree, parent, taxonomy_locale(&h->tree, api_text(c, "locale")),
                      &path);
    json_open(o);
    json_add_str(o, "name", r->name);
    json_add_str(o, "locale", r->locale);
    api_add_or_null(c, "parent", str_is(r->parent_id, "0") ? STR_LIT("") : r->parent_id);
    api_add_or_null(c, "parent_path", buf_str(&path));
    json_add_bool(o, "leaf", r->leaf);
    api_add_or_null(c, "permissions", str_of(permissions));
    json_close(o);
    buf_clear(&path);
}

static void put_event(struct api_call *c, const struct held *h,
                      const struct category_event *e)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_key(o, "changes");
    json_open_list(o);
    for (unsigned bit = CATEGORY_ADDED; bit <= CATEGORY_PERMISSION_CHANGED; bit <<= 1)
        if (e->changes & bit)
            json_put_str(o, str_of(category_change_name((enum category_change)bit)));
    json_close_list(o);
    json_add_bool(o, "first", e->first);
    json_add_int(o, "snapshot", e->snapshot_id);
    api_time(c, "at", e->at);
    api_add_or_null(c, "run", e->run_id);
    put_side(c, h, "was", e->was);
    put_side(c, h, "is", e->is);
    json_close(o);
}

static enum aisle_status get_past(struct api_call *c, struct aisle_err *err)
{
    struct category_event *events;
    size_t count;
    struct held *h;
    enum aisle_status status = api_tree(c, api_text(c, "target"), &h, err);

    if (status != AISLE_OK)
        return status;
    status = flow_category_past(&c->app, h->target_id, api_text(c, "id"),
                                api_text(c, "locale"), c->request->arena, &events, &count,
                                err);
    if (status == AISLE_OK && !count)
        status = aisle_fail(err, AISLE_NOT_FOUND, "no snapshot has a category %.*s",
                            STR_ARG(str_head(api_text(c, "id"), 80)));
    if (status == AISLE_OK) {
        api_open_items(c);
        for (size_t i = 0; i < count; i++)
            put_event(c, h, &events[i]);
        api_close_items(c, (struct str){0});
    }
    held_give(h);
    return status;
}

const struct api_route api_past_routes[] = {
    {.at = {"GET",
            "/api/v1/trees/{target}/categories/{id}/history",
            {PARAM_TARGET, {.name = "id"}, PARAM_LOCALE}},
     .run = get_past,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
