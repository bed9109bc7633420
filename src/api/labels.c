/* labels.c - sets of labelled products that sellers' models learn from: which there are,
 * and out they go; in they come by the command */
#include "flows/labels.h"
#include "api/call.h"

static enum aisle_status put_set(void *ctx, const struct label_set *set,
                                 struct aisle_err *err)
{
    struct api_call *c = ctx;
    struct json_out *o = &c->json;

    (void)err;
    json_open(o);
    json_add_str(o, "name", set->name);
    json_add_str(o, "seller", set->seller_id);
    json_add_str(o, "target", set->target_id);
    json_add_int(o, "rows", set->rows);
    api_time(c, "added_at", set->at);
    json_add_str(o, "by", set->who);
    json_close(o);
    return AISLE_OK;
}

static enum aisle_status list_labels(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str seller;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->labels->each(store, seller, STR_LIT(""), put_set, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

static enum aisle_status drop_labels(struct api_call *c, struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    struct label_set set;
    enum aisle_status status = api_target(c, api_text(c, "target"), &target, &shop, err);

    if (status == AISLE_OK)
        status = flow_label_remove(&c->app, target.id, api_text(c, "id"), false,
                                   c->request->arena, &set, err);
    if (status == AISLE_OK)
        api_note(c, set.seller_id, set.name);
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

const struct api_route api_label_routes[] = {
    {.at = {"GET", "/api/v1/labels", {PARAM_SELLER}},
     .run = list_labels,
     .right = RIGHT_READ},
    {.at = {"DELETE",
            "/api/v1/labels/{target}/{id}",
            {PARAM_TARGET, {.name = "id", .max = 40}}},
     .run = drop_labels,
     .right = RIGHT_EDIT,
     .what = "label.remove"},
    END_OF_ROUTES,
};
