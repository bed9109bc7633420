/* imports.c - a file of products, read while its sender waits */
#include "api/call.h"
#include "flows/catalogue.h"

enum { IMPORT_MOST = 64 * 1024 * 1024, PROBLEMS_MOST = 200 };

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

static void put_kept(struct json_out *o, unsigned kept)
{
    json_key(o, "kept");
    json_open_list(o);
    for (size_t f = 0; f < FEED_FIELDS; f++)
        if (kept & 1u << f)
            json_put_str(o, str_of(feed_field_name((enum feed_field)f)));
    json_close_list(o);
}

static enum aisle_status post_import(struct api_call *c, struct aisle_err *err)
{
    struct import_request r = {.map = api_text(c, "map"),
                               .currency = api_text(c, "currency"),
                               .image_root = c->api->set.image_root,
                               .links_only = true,
                               .replace = api_flag(c, "replace"),
                               .dry_run = api_flag(c, "dry_run")};
    struct importing in = {.c = c};
    struct import_result result = {0};
    struct json_out *o = &c->json;
    struct str file, name;
    enum aisle_status status = api_seller(c, api_text(c, "seller"), &r.seller_id, err);

    if (status == AISLE_OK)
        status = api_file(c, "file", &file, &name, err);
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
    json_add_int(o, "dropped", (int64_t)result.dropped);
    json_add_int(o, "added", (int64_t)result.counts.added);
    json_add_int(o, "changed", (int64_t)result.counts.changed);
    json_add_int(o, "same", (int64_t)result.counts.same);
    put_kept(o, result.kept);
    json_close(o);
    api_note(c, r.seller_id,
             arena_fmt(c->request->arena, "%zu products of %.*s", result.products,
                       STR_ARG(str_head(name, 100))));
    return status;
}

const struct api_route api_import_routes[] = {
    {.at = {"POST",
            "/api/v1/imports",
            {PARAM_SELLER,
             {.name = "map", .max = 4000},
             {.name = "currency", .max = 3},
             {.name = "replace", .type = HTTP_BOOL},
             {.name = "dry_run", .type = HTTP_BOOL}}},
     .run = post_import,
     .right = RIGHT_EDIT,
     .max_body = IMPORT_MOST,
     .raw = true,
     .what = "product.import"},
    END_OF_ROUTES,
};
