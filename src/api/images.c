/* images.c - pictures: uploaded, looked at and kept; and shown */
#include "api/call.h"
#include "flows/products.h"
#include "flows/sync.h"
#include "listing/check.h"
#include "listing/image_use.h"

enum { IMAGE_MOST = 12 * 1024 * 1024 };

/* The shop of a target that was named; else none. */
static enum aisle_status said_shop(struct api_call *c, struct shop *out,
                                   struct aisle_err *err)
{
    struct target target;

    *out = (struct shop){0};
    return api_given(c, "target")
               ? api_target(c, api_text(c, "target"), &target, out, err)
               : AISLE_OK;
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
        status = api_owner(c, shop.seller_id, &seller, err);
    if (status == AISLE_OK && !c->app.objects)
        status = api_fail(c, 503, "", err, "this service keeps no images");
    if (status == AISLE_OK)
        status = api_file(c, "image", &bytes, &name, err);
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
    enum aisle_status status = api_owner(c, (struct str){0}, &seller, err);

    if (status == AISLE_OK)
        status = flow_image_find(&c->app, seller, api_text(c, "id"), c->request->arena,
                                 &location, err);
    return status == AISLE_OK ? send_image(c, seller, location, err) : status;
}

static enum aisle_status get_product_image(struct api_call *c, struct aisle_err *err)
{
    struct product p;
    struct str path;
    enum aisle_status status = api_find_product(c, &p, err);

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

const struct api_route api_image_routes[] = {
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
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"GET", PRODUCT_PATH "/image", {PARAM_PRODUCT}},
     .run = get_product_image,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
