/* products.c - the catalogue: a page of it, one product, adding, changing, removing */
#include "flows/products.h"
#include "api/call.h"
#include "api/jobs.h"
#include "base/mem.h"
#include "flows/catalogue.h"
#include "flows/decide.h"
#include "flows/sync.h"
#include "http/multipart.h"
#include "listing/check.h"
#include "listing/image_use.h"

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
    f->words = api_text(c, "q");
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
    struct product_listing l = {.c = c};
    struct str seller, id;
    enum aisle_status status = said_filter(c, &filter, err);

    if (status == AISLE_OK)
        status = end_of_look(c, &filter, err);
    if (status != AISLE_OK)
        return status;
    l.left = filter.limit;
    api_open_items(c);
    status = store->ops->catalogue->each_product(store, &filter, put_row, &l, err);
    seller = l.last_id.n ? l.last_seller : filter.until_seller;
    id = l.last_id.n ? l.last_id : filter.until_id;
    api_close_items(c, id.n ? api_cursor(c, seller, id) : (struct str){0});
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

    if (!value)
        return before;
    return json_is_string(value) ? json_value_str(value) : (struct str){0};
}

/* Over HTTP no file of this machine is named: a link, or an image uploaded before for the
 * same seller. */
static enum aisle_status said_image(struct api_call *c, struct product *p,
                                    struct aisle_err *err)
{
    struct str image = json_str(c->body, "image"), id = json_str(c->body, "image_id");

    if (!str_empty(id))
        return flow_image_find(&c->app, p->seller_id, id, c->request->arena,
                               &p->image_location, err);
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
    const json_t *given = json_at(c->body, "attributes");
    struct str before = p->attributes;
    enum aisle_status status;
    char *text;

    if (!given)
        return AISLE_OK;
    if (!json_is_object(given))
        return api_fail(c, 400, "attributes", err, "attributes is an object");
    text = json_dumps(given, JSON_COMPACT);
    if (!text)
        return aisle_nomem(err);
    p->attributes = arena_str(c->request->arena, str_of(text));
    mem_free(text); /* jansson allocates where we do */
    if (!p->attributes.p)
        return aisle_nomem(err);
    status = flow_product_places(p, before, false, c->request->arena, err);
    if (status == AISLE_INVALID)
        c->field = STR_LIT("attributes");
    return status;
}

static enum aisle_status said_product(struct api_call *c, struct product *p,
                                      struct aisle_err *err)
{
    const json_t *price = json_object_get(c->body, "price_minor");
    enum aisle_status status;

    p->title = said_or(c->body, "title", p->title);
    p->description = said_or(c->body, "description", p->description);
    p->brand = said_or(c->body, "brand", p->brand);
    p->seller_category_id = said_or(c->body, "category", p->seller_category_id);
    p->currency = said_or(c->body, "currency", p->currency);
    if (price && !json_is_null(price) && !json_is_integer(price))
        return api_fail(c, 400, "price_minor", err, "price_minor is a whole number");
    if (price)
        p->price_minor = json_is_integer(price) ? json_integer_value(price) : -1;
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

static enum aisle_status drop_product(struct api_call *c, struct aisle_err *err)
{
    struct str seller;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &seller, err);

    if (status == AISLE_OK)
        status = flow_product_drop(&c->app, seller, api_text(c, "id"), err);
    api_note(c, seller, api_text(c, "id"));
    c->status = status == AISLE_OK ? 204 : 200;
    return status;
}

/* The marketplace's leaf for it: two calls, so a job. */
static enum aisle_status ask(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct str target;
    enum aisle_status status = find_product(c, &p, err);

    if (status == AISLE_OK)
        status = api_need(c, "target", &target, err);
    return status == AISLE_OK ? api_start_ask(c, target, &p, err) : status;
}

/* Checked, saved as a draft, or listed: the marketplace is asked, so a job. */
static enum aisle_status list(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct str target, act = {0};
    enum aisle_status status = find_product(c, &p, err);

    if (status == AISLE_OK)
        status = api_need(c, "target", &target, err);
    if (status == AISLE_OK)
        status = api_need(c, "act", &act, err);
    return status == AISLE_OK
               ? api_start_list(c, target, act, &p, json_flag(c->body, "fix", false), err)
               : status;
}

/* ---- images ---- */

enum { IMAGE_MOST = 12 * 1024 * 1024, IMPORT_MOST = 64 * 1024 * 1024 };

/* The file of a form, or the body itself. */
static enum aisle_status said_file(struct api_call *c, const char *field, struct str *out,
                                   struct str *name, struct aisle_err *err)
{
    struct str type = http_header(c->request, "Content-Type");
    const struct http_part *parts, *part;
    size_t count;
    enum aisle_status status;

    *name = (struct str){0};
    *out = c->request->body;
    if (!str_eq_nocase(http_media_type(type), STR_LIT("multipart/form-data")))
        return AISLE_OK;
    status = http_multipart_read(type, c->request->body, c->request->arena, &parts,
                                 &count, err);
    if (status != AISLE_OK) {
        c->status = 400;
        return status;
    }
    part = http_part_named(parts, count, field);
    if (!part)
        return api_fail(c, 400, field, err, "the form has no %s", field);
    *out = part->data;
    *name = part->file_name;
    return AISLE_OK;
}

/* The shop of a target that was named; else none. */
static enum aisle_status said_shop(struct api_call *c, struct shop *out,
                                   struct aisle_err *err)
{
    struct target target;
    struct shop shop = {0};
    enum aisle_status status = AISLE_OK;

    if (api_given(c, "target"))
        status = flow_target(&c->app, api_text(c, "target"), c->request->arena, &target,
                             &shop, err);
    if (status == AISLE_OK && shop.id.n && !api_may_see(c, shop.seller_id))
        status = aisle_fail(err, AISLE_NOT_FOUND, "there is no such target");
    if (status == AISLE_OK)
        *out = shop;
    return status;
}

/* What a shop would say to it; no shop: any marketplace. */
static enum aisle_status add_findings(struct api_call *c, const struct shop *shop,
                                      const struct image_facts *facts,
                                      struct aisle_err *err)
{
    struct findings findings = {.arena = c->request->arena};
    struct buf text = BUF_INIT(BUF_MAX_LINE);
    enum aisle_status status;

    listing_judge_image(listing_limits_get(shop->region, LISTING_CURRENT), facts,
                        USE_MAIN, LISTING_UNSAID, &findings);
    status = findings_check(&findings, err);
    findings_format(&findings, &text);
    json_key(&c->json, "findings");
    json_put_raw(&c->json, findings.count ? buf_str(&text) : STR_LIT("[]"));
    buf_clear(&text);
    return status;
}

/* Whose image it is: an image serves its own seller's products only. */
static enum aisle_status said_image_seller(struct api_call *c, struct str absent,
                                           struct str *out, struct aisle_err *err)
{
    struct str asked = api_given(c, "seller") ? api_text(c, "seller") : absent;
    enum aisle_status status = api_seller(c, asked, out, err);

    if (status == AISLE_OK && str_empty(*out))
        *out = STR_LIT("default");
    return status;
}

/* As it came, or with ?fix mended for the first place of a listing. */
static enum aisle_status keep_image(struct api_call *c, struct str seller,
                                    const struct shop *shop, struct str bytes,
                                    struct kept_image *out, struct kept_mended *mended,
                                    struct aisle_err *err)
{
    struct image_need need =
        listing_image_need(listing_limits_get(shop->region, LISTING_CURRENT), USE_MAIN);

    if (!api_flag(c, "fix"))
        return flow_image_keep(&c->app, seller, bytes, c->request->arena, out, err);
    return flow_image_keep_mended(&c->app, seller, bytes, &need, c->request->arena, out,
                                  mended, err);
}

static enum aisle_status post_image(struct api_call *c, struct aisle_err *err)
{
    struct kept_image kept;
    struct kept_mended mended = {0};
    struct str bytes, name, seller;
    struct shop shop;
    struct json_out *o = &c->json;
    enum aisle_status status = said_shop(c, &shop, err);

    if (status == AISLE_OK)
        status = said_image_seller(c, shop.seller_id, &seller, err);
    if (status == AISLE_OK && !c->app.objects)
        status = api_fail(c, 503, "", err, "this service keeps no images");
    if (status == AISLE_OK)
        status = said_file(c, "image", &bytes, &name, err);
    if (status == AISLE_OK)
        status = keep_image(c, seller, &shop, bytes, &kept, &mended, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller, str_of(kept.id));
    json_open(o);
    json_add_str(o, "id", str_of(kept.id));
    json_add_str(o, "seller", seller);
    api_add_or_null(c, "file_name", name);
    json_add_str(o, "kind", str_of(image_kind_name(kept.facts.kind)));
    json_add_int(o, "width", kept.facts.width);
    json_add_int(o, "height", kept.facts.height);
    json_add_int(o, "bytes", (int64_t)kept.facts.bytes);
    api_add_or_null(c, "mended", mended.told);
    api_add_or_null(c, "unmended", mended.unmended);
    status = add_findings(c, &shop, &kept.facts, err);
    json_close(o);
    c->status = status == AISLE_OK ? 201 : 200;
    return status;
}

/* Never as anything but an image, whatever the bytes may look like to a browser. */
static enum aisle_status send_image(struct api_call *c, struct str seller,
                                    struct str location, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    struct image_facts facts;
    enum aisle_status status = flow_image_read(
        &c->app, seller, location, c->api->set.image_root, &bytes, &facts, err);

    if (status == AISLE_OK) {
        http_reply_text(c->reply, 200, image_kind_mime(facts.kind), buf_str(&bytes));
        http_reply_header(c->reply, "Cache-Control", STR_LIT("private, max-age=300"));
        http_reply_header(c->reply, "Content-Security-Policy",
                          STR_LIT("default-src 'none'; sandbox"));
    } else if (status == AISLE_INVALID) {
        status = api_fail(c, 404, "", err, "the image is no image");
    }
    buf_clear(&bytes);
    return status;
}

static enum aisle_status get_image(struct api_call *c, struct aisle_err *err)
{
    struct str seller, location;
    enum aisle_status status = said_image_seller(c, (struct str){0}, &seller, err);

    if (status == AISLE_OK)
        status = flow_image_find(&c->app, seller, api_text(c, "id"), c->request->arena,
                                 &location, err);
    return status == AISLE_OK ? send_image(c, seller, location, err) : status;
}

static enum aisle_status get_product_image(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct str path;
    enum aisle_status status = find_product(c, &p, err);

    if (status != AISLE_OK)
        return status;
    path = p.image_location;
    if (str_empty(path) || str_find(path, STR_LIT("://")) < path.n)
        return aisle_fail(err, AISLE_NOT_FOUND, "the image is not kept here");
    if (!str_starts(path, OBJECT_SCHEME) && path.p[0] != '/' &&
        !str_empty(c->api->set.image_root))
        path = arena_fmt(c->request->arena, "%.*s/%.*s", STR_ARG(c->api->set.image_root),
                         STR_ARG(path));
    return path.p ? send_image(c, p.seller_id, path, err) : aisle_nomem(err);
}

/* ---- imports ---- */

enum { PROBLEMS_MOST = 200 };

struct importing {
    struct api_call *c;
    size_t told;
};

static void put_problem(void *ctx, size_t line, struct str column, bool left_out,
                        const char *what)
{
    struct importing *in = ctx;
    struct json_out *o = &in->c->json;

    if (in->told++ >= PROBLEMS_MOST)
        return;
    json_open(o);
    json_add_int(o, "line", (int64_t)line);
    api_add_or_null(in->c, "column", column);
    json_add_bool(o, "left_out", left_out);
    json_add_str(o, "what", str_of(what));
    json_close(o);
}

static enum aisle_status post_import(struct api_call *c, struct aisle_err *err)
{
    struct import_request r = {.map = api_text(c, "map"),
                               .currency = api_text(c, "currency"),
                               .image_root = c->api->set.image_root,
                               .links_only = true,
                               .dry_run = api_flag(c, "dry_run")};
    struct importing in = {.c = c};
    struct import_result result = {0};
    struct json_out *o = &c->json;
    struct str file, name;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &r.seller_id, err);

    if (status == AISLE_OK)
        status = said_file(c, "file", &file, &name, err);
    if (status != AISLE_OK)
        return status;
    json_open(o);
    json_key(o, "problems");
    json_open_list(o);
    status =
        flow_import(&c->app, &r, feed_source_text(&file), put_problem, &in, &result, err);
    json_close_list(o);
    json_add_int(o, "problem_count", (int64_t)in.told);
    json_add_int(o, "rows", (int64_t)result.rows);
    json_add_int(o, "products", (int64_t)result.products);
    json_add_int(o, "left_out", (int64_t)result.left_out);
    json_add_int(o, "added", (int64_t)result.counts.added);
    json_add_int(o, "changed", (int64_t)result.counts.changed);
    json_add_int(o, "same", (int64_t)result.counts.same);
    json_close(o);
    api_note(c, r.seller_id,
             arena_fmt(c->request->arena, "%zu products of %.*s", result.products,
                       STR_ARG(str_head(name, 100))));
    return status;
}

#define PRODUCT "/api/v1/products/{seller}/{id}"
#define PARAM_PRODUCT                                                                    \
    PARAM_SELLER,                                                                        \
    {                                                                                    \
        .name = "id", .max = PRODUCT_MAX_ID                                              \
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
     .right = RIGHT_READ},
    {.at = {"GET", PRODUCT, {PARAM_PRODUCT}}, .run = get_product, .right = RIGHT_READ},
    {.at = {"PUT", PRODUCT, {PARAM_PRODUCT}},
     .run = put_product,
     .right = RIGHT_EDIT,
     .what = "product.put"},
    {.at = {"DELETE", PRODUCT, {PARAM_PRODUCT}},
     .run = drop_product,
     .right = RIGHT_EDIT,
     .what = "product.remove"},
    {.at = {"GET", PRODUCT "/image", {PARAM_PRODUCT}},
     .run = get_product_image,
     .right = RIGHT_READ},
    {.at = {"POST", PRODUCT "/ask", {PARAM_PRODUCT}},
     .run = ask,
     .right = RIGHT_EDIT,
     .what = "product.ask"},
    {.at = {"POST", PRODUCT "/list", {PARAM_PRODUCT}},
     .run = list,
     .right = RIGHT_EDIT,
     .what = "product.list"},
    {.at = {"POST",
            "/api/v1/images",
            {PARAM_SELLER, PARAM_TARGET, {.name = "fix", .type = HTTP_BOOL}}},
     .run = post_image,
     .right = RIGHT_EDIT,
     .max_body = IMAGE_MOST,
     .raw = true,
     .what = "image.add"},
    {.at = {"GET", "/api/v1/images/{id}", {{.name = "id", .max = 64}, PARAM_SELLER}},
     .run = get_image,
     .right = RIGHT_READ},
    {.at = {"POST",
            "/api/v1/imports",
            {PARAM_SELLER,
             {.name = "map", .max = 4000},
             {.name = "currency", .max = 3},
             {.name = "dry_run", .type = HTTP_BOOL}}},
     .run = post_import,
     .right = RIGHT_EDIT,
     .max_body = IMPORT_MOST,
     .raw = true,
     .what = "product.import"},
    {.at = {"GET", "/api/v1/seller-categories", {PARAM_SELLER}},
     .run = list_seller_categories,
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
