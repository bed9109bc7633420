/* products.c - the catalogue: a page of it, one product, adding, changing, removing */
#include "api/call.h"
#include "flows/catalogue.h"
#include "flows/decide.h"

static void add_attributes(struct json_out *o, const struct product *p)
{
    json_key(o, "attributes");
    if (str_empty(p->attributes))
        json_put_null(o);
    else
        json_put_raw(o, p->attributes);
}

void api_put_product(struct api_call *c, const struct product *p)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "seller", p->seller_id);
    json_add_str(o, "id", p->id);
    json_add_str(o, "title", p->title);
    api_add_or_null(c, "description", p->description);
    api_add_or_null(c, "brand", p->brand);
    api_add_or_null(c, "category", p->seller_category_id);
    api_add_or_null(c, "image", p->image_location);
    json_key(o, "price_minor");
    if (p->price_minor >= 0)
        json_put_int(o, p->price_minor);
    else
        json_put_null(o);
    api_add_or_null(c, "currency", p->currency);
    add_attributes(o, p);
    api_time(c, "created_at", p->created_at);
    api_time(c, "updated_at", p->updated_at);
    json_add_int(o, "version", p->version);
    json_close(o);
}

/* ---- looking ---- */

struct product_listing {
    struct api_call *c;
    size_t left;
    struct str last_seller, last_id;
};

static enum aisle_status put_row(void *ctx, const struct product *p,
                                 struct aisle_err *err)
{
    struct product_listing *l = ctx;
    struct arena *arena = l->c->request->arena;

    api_put_product(l->c, p);
    if (--l->left)
        return AISLE_OK;
    l->last_seller = arena_str(arena, p->seller_id);
    l->last_id = arena_str(arena, p->id);
    return l->last_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status said_filter(struct api_call *c, struct product_filter *f,
                                     struct aisle_err *err)
{
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f->seller_id, err);

    f->limit = api_limit(c);
    f->has_seller_category = api_given(c, "category");
    f->seller_category_id = api_text(c, "category");
    f->undecided_for = api_text(c, "undecided");
    return status == AISLE_OK ? api_cursor_read(c, &f->after_seller, &f->after_id, err)
                              : status;
}

static enum aisle_status list_products(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct product_filter filter = {0};
    struct product_listing l = {.c = c};
    enum aisle_status status = said_filter(c, &filter, err);

    if (status != AISLE_OK)
        return status;
    l.left = filter.limit;
    api_open_items(c);
    status = store->ops->catalogue->each_product(store, &filter, put_row, &l, err);
    api_close_items(c, l.last_id.n ? api_cursor(c, l.last_seller, l.last_id)
                                   : (struct str){0});
    return status;
}

static enum aisle_status find_product(struct api_call *c, struct product *out,
                                      struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str seller;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status == AISLE_OK)
        status = store->ops->catalogue->get_product(store, seller, api_text(c, "id"),
                                                    c->request->arena, out, err);
    return status;
}

static enum aisle_status get_product(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    enum aisle_status status = find_product(c, &p, err);

    if (status != AISLE_OK)
        return status;
    api_etag_number(c, p.version);
    api_put_product(c, &p);
    return AISLE_OK;
}

static enum aisle_status put_category(void *ctx, const struct seller_category *k,
                                      struct aisle_err *err)
{
    struct api_call *c = ctx;

    (void)err;
    json_open(&c->json);
    json_add_str(&c->json, "seller", k->seller_id);
    json_add_str(&c->json, "id", k->id);
    json_add_str(&c->json, "path", k->path);
    json_add_int(&c->json, "products", (int64_t)k->products);
    json_close(&c->json);
    return AISLE_OK;
}

static enum aisle_status list_seller_categories(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct str seller;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status =
        store->ops->catalogue->each_seller_category(store, seller, put_category, c, err);
    api_close_items(c, (struct str){0});
    return status;
}

const struct api_route api_product_routes[] = {
    {.at = {"GET",
            "/api/v1/products",
            {PARAM_SELLER,
             {.name = "category"},
             {.name = "undecided", .max = 200},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_products,
     .right = RIGHT_READ},
    {.at = {"GET",
            "/api/v1/products/{seller}/{id}",
            {PARAM_SELLER, {.name = "id", .max = PRODUCT_MAX_ID}}},
     .run = get_product,
     .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/seller-categories", {PARAM_SELLER}},
     .run = list_seller_categories,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
