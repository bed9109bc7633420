#include "sandbox/call.h"

#include "http/route.h"
#include "sandbox/engine.h"
#include "sandbox/gate.h"
#include "sandbox/market/codes.h"

static const struct {
    int status; /* 0: a business error's, which is a switch */
    int64_t code;
    const char *text;
} refusals[REFUSALS] = {
    [REFUSE_PATH] = {404, 36009009,
                     "Invalid path. The specified path does not match any available "
                     "endpoint."},
    [REFUSE_METHOD] = {405, 36009010,
                       "Invalid method. The HTTP method used is not supported by this "
                       "endpoint."},
    [REFUSE_VERSION] = {400, 36009014,
                        "Invalid API version. The `version` value is invalid or "
                        "unsupported."},
    [REFUSE_APP_KEY] = {400, 36009004,
                        "Invalid credentials. Invalid `app_key` query parameter."},
    [REFUSE_IP] = {403, 36009033,
                   "Access denied. Your IP address is not in the IP allow list "
                   "configured for this app."},
    [REFUSE_STAMP_NEGATIVE] = {400, 36009004,
                               "Invalid timestamp. The value of the `timestamp` query "
                               "parameter must not be lesser than 0."},
    [REFUSE_STAMP_EARLY] = {400, 36009004,
                            "Invalid timestamp. The value of the `timestamp` query "
                            "parameter must not be earlier than 5 minutes before the "
                            "current time."},
    [REFUSE_STAMP_LATE] = {400, 36009004,
                           "Invalid timestamp. The value of the `timestamp` query "
                           "parameter must not exceed the current time by more than 30 "
                           "seconds."},
    [REFUSE_NO_SIGN] = {400, 36009004,
                        "Missing credentials. The request does not include a required "
                        "signature in the query."},
    [REFUSE_SIGN] = {401, 106001,
                     "Invalid credentials. The `sign` query parameter is invalid."},
    [REFUSE_TOKEN] = {401, 36009004,
                      "Invalid credentials. The `x-tts-access-token` header is "
                      "invalid."},
    [REFUSE_TOKEN_EXPIRED] = {401, 105002,
                              "Expired credentials. The `access_token` or "
                              "`x-tts-access-token` header has expired."},
    [REFUSE_SCOPE] = {401, 105005,
                      "Access denied. The app is not authorized to access the endpoint "
                      "because the access scopes granted for the app or the access "
                      "token do not contain the required access scope for the "
                      "endpoint."},
    [REFUSE_NO_CIPHER] = {400, 106013,
                          "Missing identifier. The `shop_cipher` query parameter is "
                          "required to identify the target shop."},
    /* a guess, after the same of shop_id */
    [REFUSE_CIPHER] = {400, 36009004,
                       "Invalid identifier. The `shop_cipher` query parameter is "
                       "invalid."},
    [REFUSE_CIPHER_UNEXPECTED] = {400, 36009004,
                                  "Unexpected identifier. The `shop_cipher` query "
                                  "parameter is not required for this request."},
    [REFUSE_ASSET_CIPHER_UNEXPECTED] = {400, 36009004,
                                        "Unexpected identifier. The "
                                        "`category_asset_cipher` query parameter is not "
                                        "required for this request."},
    [REFUSE_TOO_MANY] = {429, 36009002,
                         "Too many requests. You've made too many requests in a short "
                         "period of time."},
    [REFUSE_FORMAT] = {400, 36009022,
                       "Invalid request format. The request body format must be "
                       "`application/json` for structured data or "
                       "`multipart/form-data` for binary files."},
    [REFUSE_NOT_MULTIPART] = {400, 36009023,
                              "Invalid request format. The value of the `content-type` "
                              "header must be `multipart/form-data`."},
    [REFUSE_BODY_SIZE] = {400, 36009021,
                          "Invalid file size. The uploaded file size exceeds the "
                          "maximum limit."},
    [REFUSE_INTERNAL] = {500, 36009003,
                         "Internal error. Please try again. If the issue persists "
                         "after multiple attempts, please contact platform support."},
    [REFUSE_REQUIRED] = {400, 36009004,
                         "{} is a required field and has not been provided."},
    [REFUSE_TYPE] = {400, 36009004,
                     "param {} type invalid. actual type:{}, expected type:{}"},
    [REFUSE_PARAMETER] = {400, 98001004,
                          "Parameter {} is invalid. Reason: {}. Expected: {}"},
    [REFUSE_PARAM_ERROR] = {400, 36009004, "invalid param error"},
    /* a guess, after the same of app_key */
    [REFUSE_SECRET] = {400, 36009004,
                       "Invalid credentials. Invalid `app_secret` query parameter."},
    [REFUSE_CODE] = {0, 36004004, "Invalid auth code."},
    [REFUSE_REFRESH] = {0, 36004005, "can not find related auth record"},
    [REFUSE_REFRESH_EXPIRED] = {0, 36004001, "rt has expired"},
    [REFUSE_PUBLISH_PARAM] = {0, 12019210, "publish param invalid"},
    [REFUSE_V2_ONLY] = {0, 12052217,
                        "All region shops must use V2 categories. Check the "
                        "documentation for further details."},
    [REFUSE_VERSION_MISMATCH] = {0, 12052230,
                                 "Category version and categoryID are not matched."},
    [REFUSE_NO_MATCH] = {0, 12019064,
                         "No matching categories. Provide the full name of your "
                         "product, edit its product properties, and try again."},
    [REFUSE_NOT_MAIN_CATEGORY] = {0, 12052912,
                                  "No matching category found within your account's "
                                  "main category. Check your main category in the "
                                  "seller profile on Seller Center and ensure your "
                                  "product falls within its scope."},
    [REFUSE_IMAGE_LIST] = {0, 12019009, "product image list is invalid"},
    [REFUSE_IMAGE_URI] = {0, 12052300, "product main image uri illegal"},
    [REFUSE_IMAGE_UNKNOWN] = {0, 12052722,
                              "The image URI does not exist in TikTok Shop."},
    [REFUSE_IMAGE_COUNT] = {0, 12052306, "main product images count exceed limit"},
    [REFUSE_TITLE_EMPTY] = {0, 12052261, "product name is empty"},
    [REFUSE_TITLE_LONG] = {0, 12052051, "The product name exceed max limit characters"},
    [REFUSE_TITLE_CHINESE] = {0, 12052262,
                              "Chinese characters are not supported in product name"},
    [REFUSE_TEXT_LONG] = {0, 12052013,
                          "The product description cannot exceed maximum characters"},
    [REFUSE_TEXT_IMAGES] = {0, 12052056,
                            "The num of image in description cannot exceed max limit"},
    [REFUSE_TEXT_CHINESE] = {0, 12052346,
                             "The product description has Chinese characters"},
    [REFUSE_UPLOAD_PARAM] = {0, 11050001, "invalid param"},
    [REFUSE_UPLOAD_FILE] = {0, 12038002,
                            "Invalid upload file. Please ensure you are passing the "
                            "correct file data."},
    [REFUSE_UPLOAD_CONTENT] = {0, 12038004,
                               "Failed to process the image. The format or content is "
                               "not supported."},
    [REFUSE_UPLOAD_SIZE] = {0, 12038005,
                            "The file size exceeds the maximum allowed size."},
    [REFUSE_UPLOAD_SIDES] = {0, 12038014,
                             "The image dimensions exceed the allowed limits. Allowed "
                             "dimensions (width x height in pixels): {} x {} to {} x "
                             "{}"},
    [REFUSE_UPLOAD_FORMATS] = {0, 12038015,
                               "Failed to process the image. The format or content is "
                               "not supported. Supported formats: {}"},
};

struct str call_keep(struct call *c, struct str text)
{
    struct str kept = arena_str(c->request->arena, text);

    return kept.p ? kept : STR_LIT("");
}

static void set_type(struct call *c)
{
    http_reply_header(c->reply, "Content-Type",
                      STR_LIT("application/json; charset=utf-8"));
}

struct json_out call_data(struct call *c)
{
    c->reply->status = 200;
    set_type(c);
    buf_reset(&c->reply->body);
    buf_addz(&c->reply->body, "{\"code\":0,\"data\":");
    c->note.status = 200;
    c->note.code = STR_LIT("0");
    return (struct json_out){.buf = &c->reply->body};
}

void call_done(struct call *c, const char *message)
{
    struct buf *end = c->reply->middle ? &c->reply->tail : &c->reply->body;

    buf_addf(end, ",\"message\":\"%s\",\"request_id\":\"%s\"}", message, c->request_id);
}

/* The live gateway quotes with ' where the documents print `, and adds where to read on
 * (recorded answers of 2026-08). */
static void add_text(struct buf *out, struct str text, bool live)
{
    static const char more[] = ". For more details: https://m.tiktok.shop/s/AIu6dbFhs2XW";

    if (live && str_ends(text, "."))
        text.n--;
    for (size_t i = 0; i < text.n; i++)
        buf_addc(out, live && text.p[i] == '`' ? '\'' : text.p[i]);
    buf_addz(out, live ? more : "");
}

void call_fill(struct buf *out, struct str text, const struct str *fill, size_t count)
{
    for (size_t used = 0; text.n; text = str_skip(text, 2)) {
        size_t at = str_find(text, STR_LIT("{}"));

        buf_add(out, str_head(text, at));
        text = str_skip(text, at);
        if (text.n && used < count)
            buf_add(out, fill[used++]);
    }
}

static int business_status(const struct call *c)
{
    if (c->engine->set.business_status)
        return c->engine->set.business_status;
    return c->engine->set.switches.business_400 ? 400 : 200;
}

/* What is refused, and in which words; status 0 is a business error's. */
struct saying {
    int status;
    int64_t code;
    struct str text;
};

static void refuse(struct call *c, const struct saying *s, const struct str *fill,
                   size_t count)
{
    bool live = s->status != 0 && c->engine->set.switches.live_wording;
    struct buf plain = BUF_INIT(BUF_MAX_LINE), text = BUF_INIT(BUF_MAX_LINE);
    struct json_out json = {.buf = &c->reply->body};

    call_fill(&plain, s->text, fill, count);
    add_text(&text, buf_str(&plain), live);

    c->reply->status = s->status ? s->status : business_status(c);
    set_type(c);
    buf_reset(&c->reply->body);
    json_open(&json);
    json_add_int(&json, "code", s->code);
    json_key(&json, "data");
    json_put_null(&json);
    json_add_str(&json, "message", buf_str(&text));
    json_add_str(&json, "request_id", str_of(c->request_id));
    json_close(&json);

    c->note.status = c->reply->status;
    c->note.code = arena_fmt(c->request->arena, "%lld", (long long)s->code);
    buf_clear(&plain);
    buf_clear(&text);
}

void call_refuse_with(struct call *c, enum refusal why, const struct str *fill,
                      size_t count)
{
    struct saying s = {refusals[why].status, refusals[why].code,
                       str_of(refusals[why].text)};

    refuse(c, &s, fill, count);
}

void call_fail(struct call *c, int64_t code, const struct str *fill, size_t count)
{
    struct saying s = {0, code, code_text(code)};

    refuse(c, &s, fill, count);
}

void call_refuse_text(struct call *c, bool gateway, int64_t code, struct str text)
{
    struct saying s = {gateway ? 400 : 0, code, text};

    refuse(c, &s, NULL, 0);
}

void call_refuse_value(struct call *c, const char *name, const char *reason,
                       const char *expected)
{
    struct str fill[] = {str_of(name), str_of(reason), str_of(expected)};

    call_refuse_with(c, REFUSE_PARAMETER, fill, 3);
}

json_t *call_body(struct call *c)
{
    struct str text = str_trim(c->request->body);
    json_t *body = NULL;

    if (str_empty(text))
        text = STR_LIT("{}");
    if (json_read(text, BUF_MAX_REQUEST, "body", &body, NULL) || !json_is_object(body)) {
        json_decref(body);
        call_refuse(c, REFUSE_FORMAT);
        return NULL;
    }
    return body;
}

struct str call_segment(const struct call *c, size_t nth)
{
    struct str taken[HTTP_MAX_PARAMS] = {{0}};

    http_path_fits(c->endpoint->path, c->request->path, taken);
    return nth < HTTP_MAX_PARAMS ? taken[nth] : (struct str){0};
}

void call_refuse(struct call *c, enum refusal why)
{
    call_refuse_with(c, why, NULL, 0);
}

void call_broken(struct call *c)
{
    call_refuse(c, REFUSE_INTERNAL);
}
