/* files.c - what goes along with a product: a certificate's PDF, a size chart, a video */
#include "api/call.h"
#include "flows/products.h"

/* Upload Product File 202309: of a PDF. A video may have more there: such a one is named
 * by its address. */
enum { FILE_MOST = 20 * 1024 * 1024 };

static enum aisle_status post_file(struct api_call *c, struct aisle_err *err)
{
    struct json_out *o = &c->json;
    struct kept_image kept;
    struct str seller;
    const char *kind;
    enum aisle_status status = api_owner(c, (struct str){0}, &seller, err);

    if (status == AISLE_OK && !c->app.objects)
        status = api_fail(c, 503, "", err, "this service keeps no files");
    if (status == AISLE_OK)
        status = flow_file_keep(&c->app, seller, c->request->body, c->request->arena,
                                &kept, &kind, err);
    if (status != AISLE_OK)
        return status;
    api_note(c, seller, str_of(kept.id));
    json_open(o);
    json_add_str(o, "id", str_of(kept.id));
    json_add_str(o, "seller", seller);
    json_add_str(o, "location", kept.location);
    json_add_str(o, "kind", str_of(kind));
    json_add_int(o, "width", kept.facts.width);
    json_add_int(o, "height", kept.facts.height);
    json_add_int(o, "bytes", (int64_t)c->request->body.n);
    json_close(o);
    c->status = 201;
    return AISLE_OK;
}

/* Saved by a browser and not shown in our name, whatever its bytes may be to it. */
static enum aisle_status get_file(struct api_call *c, struct aisle_err *err)
{
    struct buf bytes = BUF_INIT(BUF_MAX_IMAGE);
    const char *mime;
    struct str seller;
    enum aisle_status status = api_owner(c, (struct str){0}, &seller, err);

    if (status == AISLE_OK)
        status = flow_file_read(&c->app, seller, api_text(c, "id"), &bytes, &mime, err);
    if (status == AISLE_OK) {
        http_reply_text(c->reply, 200, mime, buf_str(&bytes));
        http_reply_header(c->reply, "Cache-Control", STR_LIT("private, max-age=300"));
        http_reply_header(c->reply, "Content-Disposition", STR_LIT("attachment"));
        http_reply_header(c->reply, "Content-Security-Policy",
                          STR_LIT("default-src 'none'; sandbox"));
    }
    buf_clear(&bytes);
    return status;
}

const struct api_route api_file_routes[] = {
    {.at = {"POST", "/api/v1/files", {PARAM_SELLER}},
     .run = post_file,
     .right = RIGHT_EDIT,
     .max_body = FILE_MOST,
     .raw = true,
     .what = "file.add"},
    {.at = {"GET", "/api/v1/files/{id}", {{.name = "id", .max = 64}, PARAM_SELLER}},
     .run = get_file,
     .slow = "",
     .right = RIGHT_READ},
    END_OF_ROUTES,
};
