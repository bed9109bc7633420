/* brands.c - brands of a shop, asked for at the marketplace by a job */
#include "api/runs.h"

enum { NAME_MOST = 200 };

static enum aisle_status said_text(struct api_call *c, const char *key, struct str *out,
                                   struct aisle_err *err)
{
    *out = json_str(c->body, key);
    if (out->n > NAME_MOST)
        return api_fail(c, 400, key, err, "%s has at most %d bytes", key, NAME_MOST);
    return AISLE_OK;
}

static enum aisle_status start(struct api_call *c, struct job_request *r,
                               struct aisle_err *err)
{
    struct str asked;
    struct target target;
    struct shop shop;
    enum aisle_status status = api_need(c, "target", &asked, err);

    if (status == AISLE_OK)
        status = api_target(c, asked, &target, &shop, err);
    if (status == AISLE_OK)
        status = said_text(c, "name", &r->brand.request.name, err);
    if (status != AISLE_OK)
        return status;
    r->kind = JOB_BRAND;
    r->seller_id = shop.seller_id;
    r->sync.target = r->brand.request.target = target.id;
    api_note(c, shop.seller_id,
             arena_fmt(c->request->arena, "%.*s %.*s", STR_ARG(target.id),
                       STR_ARG(r->brand.request.name)));
    return api_start(c, r, err);
}

static enum aisle_status search_brands(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {0};
    struct brands_request *q = &r.brand.request;
    int64_t limit = json_int(c->body, "limit", API_PAGE);
    enum aisle_status status = said_text(c, "category", &q->category, err);

    if (status == AISLE_OK)
        status = said_text(c, "after", &q->page, err);
    if (status == AISLE_OK && (limit < 1 || limit > BRANDS_A_PAGE))
        status = api_fail(c, 400, "limit", err, "limit is 1 to %d", BRANDS_A_PAGE);
    if (status != AISLE_OK)
        return status;
    q->limit = (size_t)limit;
    q->authorized_only = json_flag(c->body, "authorized", false);
    return start(c, &r, err);
}

static enum aisle_status add_brand(struct api_call *c, struct aisle_err *err)
{
    struct job_request r = {.brand = {.add = true}};
    struct str name;
    enum aisle_status status = api_need(c, "name", &name, err);

    if (status == AISLE_OK && str_empty(str_trim(name)))
        status = api_fail(c, 400, "name", err, "a brand without a name");
    return status == AISLE_OK ? start(c, &r, err) : status;
}

const struct api_route api_brand_routes[] = {
    {.at = {"POST", "/api/v1/brands/search", {{0}}},
     .run = search_brands,
     .takes = "target name category authorized after limit",
     .right = RIGHT_EDIT,
     .what = "brand.search"},
    {.at = {"POST", "/api/v1/brands", {{0}}},
     .run = add_brand,
     .takes = "target name",
     .right = RIGHT_EDIT,
     .what = "brand.add"},
    END_OF_ROUTES,
};
