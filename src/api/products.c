/* products.c - the catalogue: a page of it, one product, adding, changing, removing */
#include "flows/products.h"
#include "api/call.h"
#include "base/mem.h"
#include "flows/catalogue.h"

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
    struct api_page page;
    struct str last_seller, last_id;
};

static enum aisle_status put_row(void *ctx, const struct product *p,
                                 struct aisle_err *err)
{
    struct product_listing *l = ctx;
    struct arena *arena = l->c->request->arena;

    if (!api_page_takes(&l->page))
        return AISLE_OK;
    api_put_product(l->c, p);
    if (l->page.left)
        return AISLE_OK;
    l->last_seller = arena_str(arena, p->seller_id);
    l->last_id = arena_str(arena, p->id);
    return l->last_id.p ? AISLE_OK : aisle_nomem(err);
}

static enum aisle_status said_filter(struct api_call *c, struct product_filter *f,
                                     struct aisle_err *err)
{
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &f->seller_id, err);

    f->limit = api_limit(c) + 1;
    f->has_seller_category = api_given(c, "category");
    f->seller_category_id = api_text(c, "category");
    f->words = api_text(c, "q");
    if (status == AISLE_OK)
        status = api_filter_target(c, "undecided", &f->undecided_for, err);
    return status == AISLE_OK ? api_cursor_read(c, &f->after_seller, &f->after_id, err)
                              : status;
}

/* Words are looked for in so many products at a time: who asks is answered, and may go on
 * behind them. */
enum { WORDS_LOOK = 20000 };

static enum aisle_status end_of_look(struct api_call *c, struct product_filter *f,
                                     struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct product_filter all = *f;
    struct aisle_err mine = {0};
    enum aisle_status status;

    if (str_empty(f->words))
        return AISLE_OK;
    all.words = all.undecided_for = (struct str){0};
    status =
        store->ops->catalogue->nth_product(store, &all, WORDS_LOOK, c->request->arena,
                                           &f->until_seller, &f->until_id, &mine);
    if (status == AISLE_NOT_FOUND)
        return AISLE_OK;
    aisle_pass(err, &mine);
    return status;
}

static enum aisle_status list_products(struct api_call *c, struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct product_filter filter = {0};
    struct product_listing l = {.c = c, .page = api_page(c)};
    struct str seller, id;
    enum aisle_status status = said_filter(c, &filter, err);

    if (status == AISLE_OK)
        status = end_of_look(c, &filter, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = store->ops->catalogue->each_product(store, &filter, put_row, &l, err);
    seller = l.page.more ? l.last_seller : filter.until_seller;
    id = l.page.more ? l.last_id : filter.until_id;
    api_close_items(c, id.n ? api_cursor(c, seller, id) : (struct str){0});
    return status;
}

enum aisle_status api_find_product(struct api_call *c, struct product *out,
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
    enum aisle_status status = api_find_product(c, &p, err);

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

/* ---- one product by hand ---- */

/* "\"3\"": the version that was seen; "*": whichever there is. */
static enum aisle_status check_match(struct api_call *c, const struct product *now,
                                     bool there, struct aisle_err *err)
{
    struct str match = http_header(c->request, "If-Match");
    int64_t seen = 0;

    if (str_is(http_header(c->request, "If-None-Match"), "*") && there)
        return api_fail(c, 412, "If-None-Match", err, "product %.*s is there already",
                        STR_ARG(now->id));
    if (str_empty(match) || (str_is(match, "*") && there))
        return AISLE_OK;
    if (match.n < 3 || !parse_i64(str_n(match.p + 1, match.n - 2), 0, INT64_MAX, &seen) ||
        !there || seen != now->version)
        return api_fail(c, 412, "If-Match", err,
                        "the product was changed meanwhile; get it again");
    return AISLE_OK;
}

static struct str said_or(const json_t *body, const char *key, struct str before)
{
    const json_t *value = json_object_get(body, key);

    return value ? json_value_str(value) : before;
}

/* Over HTTP no file of this machine is named: a link, or an image uploaded before for the
 * same seller. */
static enum aisle_status said_image(struct api_call *c, struct product *p,
                                    struct aisle_err *err)
{
    struct str image = json_str(c->body, "image"), id = json_str(c->body, "image_id");

    if (!str_empty(id)) {
        enum aisle_status status = flow_image_find(
            &c->app, p->seller_id, id, c->request->arena, &p->image_location, err);

        if (status == AISLE_NOT_FOUND)
            c->field = STR_LIT("image_id"); /* it is not the product that is missing */
        return status;
    }
    if (!json_object_get(c->body, "image") || str_eq(image, p->image_location))
        return AISLE_OK;
    if (!str_empty(image) && !str_starts(image, "https://") &&
        !str_starts(image, "http://"))
        return api_fail(c, 400, "image", err,
                        "image is a link; upload a file to /api/v1/images and say its "
                        "image_id");
    p->image_location = image;
    return AISLE_OK;
}

static enum aisle_status said_attributes(struct api_call *c, struct product *p,
                                         struct aisle_err *err)
{
    const json_t *given = json_object_get(c->body, "attributes");
    const struct product before = *p;
    enum aisle_status status;
    char *text;

    if (json_is_null(given)) /* none, as it is shown */
        p->attributes = STR_LIT("");
    if (!given || json_is_null(given))
        return AISLE_OK;
    text = json_dumps(given, JSON_COMPACT);
    if (!text)
        return aisle_nomem(err);
    p->attributes = arena_str(c->request->arena, str_of(text));
    mem_free(text); /* jansson allocates where we do */
    if (!p->attributes.p)
        return aisle_nomem(err);
    status = flow_product_places(p, &before, false, c->request->arena, err);
    if (status == AISLE_INVALID)
        c->field = STR_LIT("attributes");
    return status;
}

static enum aisle_status said_product(struct api_call *c, struct product *p,
                                      struct aisle_err *err)
{
    enum aisle_status status;

    p->title = said_or(c->body, "title", p->title);
    p->description = said_or(c->body, "description", p->description);
    p->brand = said_or(c->body, "brand", p->brand);
    p->seller_category_id = said_or(c->body, "category", p->seller_category_id);
    p->currency = said_or(c->body, "currency", p->currency);
    if (json_object_get(c->body, "price_minor"))
        p->price_minor = json_int(c->body, "price_minor", -1);
    status = said_image(c, p, err);
    return status == AISLE_OK ? said_attributes(c, p, err) : status;
}

static enum aisle_status load_before(struct api_call *c, struct str seller,
                                     struct product *p, bool *there,
                                     struct aisle_err *err)
{
    struct store *store = c->app.store;
    struct aisle_err mine = {0};
    enum aisle_status status = store->ops->catalogue->get_product(
        store, seller, api_text(c, "id"), c->request->arena, p, &mine);

    *there = status == AISLE_OK;
    if (status == AISLE_NOT_FOUND) {
        *p = (struct product){
            .seller_id = seller, .id = api_text(c, "id"), .price_minor = -1};
        return AISLE_OK;
    }
    aisle_pass(err, &mine);
    return status;
}

/* Who said which version they saw is told that it is another; who did not has the others'
 * change kept and theirs laid over it, so it is read again. */
static bool said_condition(const struct api_call *c)
{
    return !str_empty(http_header(c->request, "If-Match")) ||
           !str_empty(http_header(c->request, "If-None-Match"));
}

/* What is left out stays as it was. */
static enum aisle_status change_product(struct api_call *c, struct str seller,
                                        struct product *after, bool *there,
                                        struct aisle_err *err)
{
    struct product before;
    enum aisle_status status = load_before(c, seller, &before, there, err);

    if (status == AISLE_OK)
        status = check_match(c, &before, *there, err);
    if (status == AISLE_OK)
        status = said_product(c, &before, err);
    return status == AISLE_OK
               ? flow_product_put(&c->app, &before, c->request->arena, after, err)
               : status;
}

enum { CHANGE_TRIES = 5 };

static enum aisle_status put_product(struct api_call *c, struct aisle_err *err)
{
    struct aisle_err mine = {0};
    struct product after;
    struct str seller;
    bool there;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status == AISLE_OK && !c->body)
        status = api_fail(c, 400, "title", err, "title is missing");
    if (status != AISLE_OK)
        return status;
    for (int i = 0; i < CHANGE_TRIES; i++) {
        mine = (struct aisle_err){0};
        status = change_product(c, seller, &after, &there, &mine);
        if (status != AISLE_CONFLICT || said_condition(c))
            break;
    }
    if (status == AISLE_CONFLICT && said_condition(c))
        c->status = 412;
    aisle_pass(err, &mine);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller, after.id);
    api_etag_number(c, after.version);
    api_put_product(c, &after);
    c->status = there ? 200 : 201;
    return AISLE_OK;
}

/* The version a condition is about; 0: none was said, or the product is not there. */
static enum aisle_status check_seen(struct api_call *c, struct str seller, int64_t *out,
                                    struct aisle_err *err)
{
    struct product now;
    bool there = false;
    enum aisle_status status =
        said_condition(c) ? load_before(c, seller, &now, &there, err) : AISLE_OK;

    if (there)
        status = check_match(c, &now, there, err);
    if (status == AISLE_OK)
        *out =
            there && !str_is(http_header(c->request, "If-Match"), "*") ? now.version : 0;
    return status;
}

static enum aisle_status drop_product(struct api_call *c, struct aisle_err *err)
{
    struct str seller;
    int64_t seen = 0;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status != AISLE_OK)
        return status;
    api_note(c, seller, api_text(c, "id"));
    status = check_seen(c, seller, &seen, err);
    if (status != AISLE_OK)
        return status;
    status = flow_product_drop(&c->app, seller, api_text(c, "id"), seen, err);
    c->status = status == AISLE_OK ? 204 : status == AISLE_CONFLICT ? 412 : 200;
    return status;
}

/* The marketplace's leaf for it: two calls, so a job. */
static enum aisle_status ask(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct str target;
    enum aisle_status status = api_find_product(c, &p, err);

    if (status == AISLE_OK)
        status = api_need(c, "target", &target, err);
    return status == AISLE_OK ? api_start_ask(c, target, &p, err) : status;
}

/* Checked, saved as a draft, or listed: the marketplace is asked, so a job. */
static enum aisle_status list(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    enum aisle_status status = api_find_product(c, &p, err);

    return status == AISLE_OK ? api_start_list(c, &p, err) : status;
}

const struct api_route api_product_routes[] = {
    {.at = {"GET",
            "/api/v1/products",
            {PARAM_SELLER,
             {.name = "category"},
             {.name = "undecided", .max = 200},
             {.name = "q", .max = 200},
             {.name = "after", .max = 600},
             PARAM_LIMIT}},
     .run = list_products,
     .slow = "q",
     .right = RIGHT_READ},
    {.at = {"GET", PRODUCT_PATH, {PARAM_PRODUCT}},
     .run = get_product,
     .right = RIGHT_READ},
    {.at = {"PUT", PRODUCT_PATH, {PARAM_PRODUCT}},
     .run = put_product,
     .takes = "title description brand category image image_id price_minor currency "
              "attributes",
     .right = RIGHT_EDIT,
     .what = "product.put"},
    {.at = {"DELETE", PRODUCT_PATH, {PARAM_PRODUCT}},
     .run = drop_product,
     .right = RIGHT_EDIT,
     .what = "product.remove"},
    {.at = {"POST", PRODUCT_PATH "/ask", {PARAM_PRODUCT}},
     .run = ask,
     .takes = "target",
     .right = RIGHT_EDIT,
     .what = "product.ask"},
    {.at = {"POST", PRODUCT_PATH "/list", {PARAM_PRODUCT}},
     .run = list,
     .takes = "target act fix expected category",
     .right = RIGHT_EDIT,
     .what = "product.list"},
    {.at = {"GET", "/api/v1/seller-categories", {PARAM_SELLER}},
     .run = list_seller_categories,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
