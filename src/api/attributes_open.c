/* attributes_open.c - attributes that no column of the seller's fills: shown by page, as
 * a sheet, and the sheet back
 *
 * Each answer assembles the whole catalogue, on several threads: one at a time does, the
 * next is asked to come again.
 */
#include "api/attributes.h"
#include "flows/attributes.h"

enum {
    VALUES_MOST = 200,
    ALLOWED_SHOWN = 20,
    PROBLEMS_MOST = 200,
    SHEET_MOST = 16 * 1024 * 1024,
    COME_AGAIN_S = 2,
};

static enum aisle_status said_request(struct api_call *c, struct gaps_request *out,
                                      struct aisle_err *err)
{
    struct target target;
    struct shop shop;
    struct str seller = {0};
    enum aisle_status status = api_target(c, api_text(c, "target"), &target, &shop, err);

    if (status == AISLE_OK)
        status = api_seller(c, api_text(c, "seller"), &seller, err);
    if (status != AISLE_OK)
        return status;
    *out = (struct gaps_request){.target = target.id,
                                 .seller_id = str_empty(seller) ? shop.seller_id : seller,
                                 .category = api_text(c, "category"),
                                 .required_only = !api_flag(c, "all"),
                                 .values_most = (size_t)api_number(c, "values", 0)};
    return AISLE_OK;
}

static enum aisle_status begin_counting(struct api_call *c, struct aisle_err *err)
{
    enum aisle_status status;

    if (pthread_mutex_trylock(&c->api->counting) == 0)
        return AISLE_OK;
    status = aisle_fail(err, AISLE_BUSY, "another catalogue is being gone through");
    err->retry_after_s = COME_AGAIN_S;
    return status;
}

static void end_counting(struct api_call *c)
{
    pthread_mutex_unlock(&c->api->counting);
}

/* ---- by page ---- */

/* Where a page ends, in the order gaps are told in: a catalogue that changes between two
 * pages moves some, and the place stays. */
struct place {
    bool required;
    int64_t products;
    struct str category_id, attribute_id;
};

struct gap_listing {
    struct api_call *c;
    struct place after, last;
    bool has_after;
    size_t left;
    bool more;
};

static bool is_behind(const struct gap *gap, const struct place *p)
{
    int leaf = str_cmp(gap->category_id, p->category_id);

    if (gap->required != p->required)
        return p->required;
    if ((int64_t)gap->products != p->products)
        return (int64_t)gap->products < p->products;
    return leaf ? leaf > 0 : str_cmp(gap->attribute->id, p->attribute_id) > 0;
}

/* "1 312 600001 100392" */
static enum aisle_status said_after(struct api_call *c, struct gap_listing *l,
                                    struct aisle_err *err)
{
    struct str rest = api_text(c, "after"), required = str_cut(&rest, ' '),
               products = str_cut(&rest, ' ');

    l->has_after = api_given(c, "after") && !str_empty(api_text(c, "after"));
    l->after.required = str_is(required, "1");
    l->after.category_id = str_cut(&rest, ' ');
    l->after.attribute_id = rest;
    if (l->has_after &&
        (str_empty(rest) || !parse_i64(products, 0, INT64_MAX, &l->after.products)))
        return api_fail(c, 400, "after", err, "after is the next of a former page");
    return AISLE_OK;
}

static void put_value(struct json_out *o, const struct required_value *v)
{
    json_open(o);
    json_add_str(o, "id", v->id);
    json_add_str(o, "name", v->name);
    json_close(o);
}

static void put_takes(struct json_out *o, const struct required_attribute *a)
{
    size_t shown = a->value_count < ALLOWED_SHOWN ? a->value_count : ALLOWED_SHOWN;

    json_key(o, "takes");
    json_open_list(o);
    for (size_t i = 0; i < shown; i++)
        put_value(o, &a->values[i]);
    json_close_list(o);
    json_add_int(o, "takes_more", (int64_t)(a->value_count - shown));
    json_add_bool(o, "takes_text", !a->number && (a->customizable || !a->value_count));
    json_add_bool(o, "takes_number", a->number);
}

static void put_seller_value(struct api_call *c, const struct gap_value *v)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "column", v->column);
    json_add_str(o, "value", v->value);
    json_add_int(o, "products", (int64_t)v->products);
    json_key(o, "proposed");
    if (v->proposed)
        put_value(o, v->proposed);
    else
        json_put_null(o);
    json_close(o);
}

static void put_gap(struct api_call *c, const struct gap *gap)
{
    struct json_out *o = &c->json;

    json_open(o);
    json_add_str(o, "category", gap->category_id);
    api_add_or_null(c, "path", gap->path);
    json_add_str(o, "attribute", gap->attribute->id);
    json_add_str(o, "name", gap->attribute->name);
    json_add_bool(o, "required", gap->required);
    json_add_int(o, "products", (int64_t)gap->products);
    json_add_int(o, "without_column", (int64_t)gap->without_column);
    api_add_or_null(c, "column", gap->column);
    json_key(o, "values");
    json_open_list(o);
    for (size_t i = 0; i < gap->value_count; i++)
        put_seller_value(c, &gap->values[i]);
    json_close_list(o);
    json_add_int(o, "values_more", (int64_t)gap->values_more);
    put_takes(o, gap->attribute);
    json_close(o);
}

static enum aisle_status take_gap(void *ctx, const struct gap *gap, struct aisle_err *err)
{
    struct gap_listing *l = ctx;
    struct arena *arena = l->c->request->arena;

    if (l->has_after && !is_behind(gap, &l->after))
        return AISLE_OK;
    if (!l->left) {
        l->more = true;
        return AISLE_OK;
    }
    put_gap(l->c, gap);
    if (--l->left)
        return AISLE_OK;
    l->last = (struct place){gap->required, (int64_t)gap->products,
                             arena_str(arena, gap->category_id),
                             arena_str(arena, gap->attribute->id)};
    return l->last.category_id.p && l->last.attribute_id.p ? AISLE_OK : aisle_nomem(err);
}

static void put_end(struct api_call *c, const struct gap_listing *l,
                    const struct gaps_result *r)
{
    struct json_out *o = &c->json;

    json_close_list(o);
    if (l->more)
        json_add_str(o, "next",
                     arena_fmt(c->request->arena, "%d %lld %.*s %.*s", l->last.required,
                               (long long)l->last.products, STR_ARG(l->last.category_id),
                               STR_ARG(l->last.attribute_id)));
    json_add_int(o, "gaps", (int64_t)r->gaps);
    json_add_int(o, "products", (int64_t)r->products);
    json_add_int(o, "filled", (int64_t)r->filled);
    json_add_int(o, "unmapped", (int64_t)r->unmapped);
    json_add_int(o, "unknown", (int64_t)r->unknown);
    json_close(o);
}

static enum aisle_status list_open(struct api_call *c, struct aisle_err *err)
{
    struct gap_listing l = {.c = c, .left = api_limit(c)};
    struct gaps_request request;
    struct gaps_result result;
    enum aisle_status status = said_request(c, &request, err);

    if (status == AISLE_OK)
        status = said_after(c, &l, err);
    if (status == AISLE_OK)
        status = begin_counting(c, err);
    if (status != AISLE_OK)
        return status;
    api_open_items(c);
    status = flow_each_gap(&c->app, &request, take_gap, &l, &result, err);
    end_counting(c);
    if (status == AISLE_OK)
        put_end(c, &l, &result);
    return status;
}

/* ---- as a sheet ---- */

static enum aisle_status get_sheet(struct api_call *c, struct aisle_err *err)
{
    struct gaps_request request;
    enum aisle_status status = said_request(c, &request, err);

    if (status == AISLE_OK)
        status = begin_counting(c, err);
    if (status != AISLE_OK)
        return status;
    status = flow_gaps_export(&c->app, &request, &c->reply->body, NULL, err);
    end_counting(c);
    http_reply_header(c->reply, "Content-Type", STR_LIT("text/csv; charset=utf-8"));
    http_reply_header(c->reply, "Content-Disposition",
                      STR_LIT("attachment; filename=\"attributes.csv\""));
    return status;
}

struct sheet_reading {
    struct api_call *c;
    size_t told;
};

static void put_problem(void *ctx, size_t line, const struct aisle_err *why)
{
    struct sheet_reading *r = ctx;
    struct json_out *o = &r->c->json;

    if (r->told++ >= PROBLEMS_MOST)
        return;
    json_open(o);
    json_add_int(o, "line", (int64_t)line);
    json_add_str(o, "what", api_told(r->c, why));
    json_close(o);
}

static void put_imported(struct api_call *c, const struct lessons_imported *r, bool kept)
{
    struct json_out *o = &c->json;

    json_add_int(o, "rows", (int64_t)r->rows);
    json_add_int(o, "taught", (int64_t)r->taught);
    json_add_int(o, "empty", (int64_t)r->empty);
    json_add_int(o, "refused", (int64_t)r->refused);
    api_add_or_null(c, "batch", str_of(kept && r->taught ? r->batch_id : ""));
    json_close(o);
}

static enum aisle_status post_sheet(struct api_call *c, struct aisle_err *err)
{
    struct lessons_sheet sheet = {.bytes = c->request->body,
                                  .dry_run = api_flag(c, "dry_run")};
    struct sheet_reading reading = {.c = c};
    struct lessons_imported result;
    struct target target;
    struct shop shop;
    enum aisle_status status;

    if (!api_given(c, "target")) /* asked of who is in, as a body's members are */
        return api_fail(c, 400, "target", err, "parameter target is missing");
    status = api_target(c, api_text(c, "target"), &target, &shop, err);
    if (status == AISLE_OK)
        status = api_seller(c, api_text(c, "seller"), &sheet.only_seller, err);
    if (status != AISLE_OK)
        return status;
    sheet.target = target.id;
    json_open(&c->json);
    json_key(&c->json, "problems");
    json_open_list(&c->json);
    status = flow_lessons_import(&c->app, &sheet, put_problem, &reading, &result, err);
    json_close_list(&c->json);
    if (status != AISLE_OK)
        return status;
    put_imported(c, &result, !sheet.dry_run);
    api_note(c, str_empty(sheet.only_seller) ? shop.seller_id : sheet.only_seller,
             arena_fmt(c->request->arena, "%.*s %zu lessons%s %s", STR_ARG(target.id),
                       result.taught, sheet.dry_run ? " tried" : "",
                       result.taught && !sheet.dry_run ? result.batch_id : ""));
    return AISLE_OK;
}

#define PARAMS_OPEN                                                                      \
    PARAM_NEED_TARGET, PARAM_SELLER, {.name = "category", .max = 100},                   \
        {.name = "all", .type = HTTP_BOOL},                                              \
    {                                                                                    \
        .name = "values", .type = HTTP_INT, .min = 1, .max = VALUES_MOST                 \
    }

const struct api_route api_open_attribute_routes[] = {
    {.at = {"GET",
            "/api/v1/attributes/open",
            {PARAMS_OPEN, {.name = "after", .max = 300}, PARAM_LIMIT}},
     .run = list_open,
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"GET", "/api/v1/attributes/sheet", {PARAMS_OPEN}},
     .run = get_sheet,
     .slow = "",
     .right = RIGHT_READ},
    {.at = {"POST",
            "/api/v1/attributes/sheet",
            {PARAM_TARGET, PARAM_SELLER, {.name = "dry_run", .type = HTTP_BOOL}}},
     .run = post_sheet,
     .right = RIGHT_DECIDE,
     .max_body = SHEET_MOST,
     .raw = true,
     .what = "attribute.import"},
    END_OF_ROUTES,
};
