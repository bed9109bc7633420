#include "sandbox/gate.h"

#include "http/multipart.h"
#include "http/route.h"
#include "sandbox/engine.h"
#include "sandbox/market/globals.h"
#include "sandbox/market/hooks.h"
#include "sandbox/sign.h"

#include <math.h>

/* Scopes: seller.authorization.info and seller.product.basic are seen in the wild; that
 * an upload needs seller.product.write and Get Active Shops seller.shop.info is a guess.
 */
static const struct endpoint endpoints[] = {
    {"GET", "/authorization/{version}/shops", "202309", "seller.authorization.info",
     CIPHER_FORBIDDEN, false, shops_authorized},
    {"GET", "/seller/{version}/shops", "202309", "seller.shop.info", CIPHER_FORBIDDEN,
     false, shops_of_seller},
    {"GET", "/product/{version}/categories", "202309", "seller.product.basic",
     CIPHER_REQUIRED, false, categories_get},
    {"POST", "/product/{version}/categories/recommend", "202309", "seller.product.basic",
     CIPHER_REQUIRED, false, recommend_category},
    {"POST", "/product/{version}/images/upload", "202309", "seller.product.write",
     CIPHER_FORBIDDEN, true, images_upload},
    {"GET", "/product/{version}/categories/{category_id}/rules", "202309",
     "seller.product.basic", CIPHER_REQUIRED, false, requirements_rules},
    {"GET", "/product/{version}/categories/{category_id}/attributes", "202309",
     "seller.product.basic", CIPHER_REQUIRED, false, requirements_attributes},
    {"POST", "/product/{version}/files/upload", "202309", "seller.product.write",
     CIPHER_FORBIDDEN, true, files_upload},
    {"POST", "/product/{version}/products/listing_check", "202309",
     "seller.product.write", CIPHER_REQUIRED, false, products_check},
    {"POST", "/product/{version}/products", "202309", "seller.product.write",
     CIPHER_REQUIRED, false, products_create},
    {"POST", "/product/{version}/products/search", "202309,202312,202502",
     "seller.product.basic", CIPHER_REQUIRED, false, products_search},
    {"POST", "/product/{version}/products/activate", "202309", "seller.product.write",
     CIPHER_REQUIRED, false, products_activate},
    {"POST", "/product/{version}/products/deactivate", "202309", "seller.product.write",
     CIPHER_REQUIRED, false, products_deactivate},
    {"POST", "/product/{version}/products/recover", "202309", "seller.product.write",
     CIPHER_REQUIRED, false, products_recover},
    {"DELETE", "/product/{version}/products", "202309", "seller.product.delete",
     CIPHER_REQUIRED, false, products_delete},
    {"POST", "/product/{version}/products/category_upgrade_task", "202407",
     "seller.product.write", CIPHER_REQUIRED, false, products_upgrade},
    {"GET", "/product/{version}/products/{product_id}", "202309", "seller.product.basic",
     CIPHER_REQUIRED, false, products_get},
    {"PUT", "/product/{version}/products/{product_id}", "202309,202509",
     "seller.product.write", CIPHER_REQUIRED, false, products_edit},
    {"POST", "/product/{version}/products/{product_id}/partial_edit", "202309,202509",
     "seller.product.write", CIPHER_REQUIRED, false, products_edit_part},
    {"POST", "/product/{version}/products/{product_id}/prices/update", "202309",
     "seller.product.write", CIPHER_REQUIRED, false, products_prices},
    {"POST", "/product/{version}/products/{product_id}/inventory/update", "202309",
     "seller.product.write", CIPHER_REQUIRED, false, products_inventory},
    {"POST", "/product/{version}/inventory/search", "202309", "seller.product.basic",
     CIPHER_REQUIRED, false, products_inventory_search},
    {"GET", "/product/{version}/global_categories", "202309", "seller.product.basic",
     CIPHER_FORBIDDEN, false, globals_categories},
    {"POST", "/product/{version}/global_categories/recommend", "202309",
     "seller.product.basic", CIPHER_FORBIDDEN, false, recommend_global_category},
    {"GET", "/product/{version}/categories/{category_id}/global_attributes", "202309",
     "seller.product.basic", CIPHER_FORBIDDEN, false, globals_attributes},
    {"GET", "/product/{version}/categories/{category_id}/global_rules", "202309",
     "seller.product.basic", CIPHER_FORBIDDEN, false, globals_rules},
    {"GET", "/logistics/{version}/global_warehouses", "202309", "seller.logistics",
     CIPHER_FORBIDDEN, false, globals_warehouses},
    {"POST", "/product/{version}/global_products", "202309", "seller.product.write",
     CIPHER_FORBIDDEN, false, globals_create},
    {"POST", "/product/{version}/global_products/search", "202312",
     "seller.product.basic", CIPHER_FORBIDDEN, false, globals_search},
    {"DELETE", "/product/{version}/global_products", "202309", "seller.product.delete",
     CIPHER_FORBIDDEN, false, globals_delete},
    {"GET", "/product/{version}/global_products/{global_product_id}", "202309",
     "seller.product.basic", CIPHER_FORBIDDEN, false, globals_get},
    {"PUT", "/product/{version}/global_products/{global_product_id}", "202309",
     "seller.product.write", CIPHER_FORBIDDEN, false, globals_edit},
    {"POST", "/product/{version}/global_products/{global_product_id}/publish", "202309",
     "seller.product.write", CIPHER_FORBIDDEN, false, globals_publish},
    {"POST", "/product/{version}/global_products/{global_product_id}/inventory/update",
     "202309", "seller.product.write", CIPHER_FORBIDDEN, false, globals_inventory},
    {"PUT", "/event/{version}/webhooks", "202309", "seller.authorization.info",
     CIPHER_REQUIRED, false, hooks_subscribe},
    {"GET", "/event/{version}/webhooks", "202309", "seller.authorization.info",
     CIPHER_REQUIRED, false, hooks_list},
    {"DELETE", "/event/{version}/webhooks", "202309", "seller.authorization.info",
     CIPHER_REQUIRED, false, hooks_unsubscribe},
    {"GET", "/product/{version}/brands", "202309", "seller.product.basic",
     CIPHER_REQUIRED, false, brands_search},
    {"POST", "/product/{version}/brands", "202309", "seller.product.write",
     CIPHER_FORBIDDEN, false, brands_create},
    {"GET", "/product/{version}/prerequisites", "202309,202312", "seller.product.basic",
     CIPHER_REQUIRED, false, shop_prerequisites},
    {"POST", "/product/{version}/sizecharts/search", "202407", "seller.product.basic",
     CIPHER_FORBIDDEN, false, shop_size_charts},
    {"GET", "/logistics/{version}/warehouses", "202309", "seller.logistics",
     CIPHER_REQUIRED, false, shop_warehouses},
    {"GET", "/logistics/{version}/warehouses/{warehouse_id}/delivery_options", "202309",
     "seller.logistics", CIPHER_REQUIRED, false, shop_delivery_options},
    {"GET", "/seller/{version}/permissions", "202309", "seller.authorization.info",
     CIPHER_FORBIDDEN, false, shop_permissions},
};

enum { EARLIEST_S = 5 * 60, LATEST_S = 30 };

static bool is_version(struct str text)
{
    int64_t number;

    return text.n == 6 && parse_i64(text, 200001, 999912, &number);
}

bool gate_is_api(struct str path)
{
    str_cut(&path, '/');
    str_cut(&path, '/');
    return is_version(str_cut(&path, '/'));
}

const struct endpoint *gate_find(const struct http_request *r, bool *wrong_method)
{
    struct str taken[HTTP_MAX_PARAMS];
    const struct endpoint *found = NULL;

    *wrong_method = false;
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        if (!http_path_fits(endpoints[i].path, r->path, taken) || !is_version(taken[0]))
            continue;
        found = &endpoints[i];
        *wrong_method = !str_is(r->method, found->method);
        if (!*wrong_method)
            return found;
    }
    return found;
}

/* Each check refuses and says false, or lets pass. */
typedef bool check_fn(struct call *c);

static bool refuse(struct call *c, enum refusal why)
{
    call_refuse(c, why);
    return false;
}

static bool check_path(struct call *c)
{
    bool wrong_method;

    c->endpoint = gate_find(c->request, &wrong_method);
    if (!c->endpoint) {
        c->note.group = STR_LIT("(no such path)");
        return refuse(c, REFUSE_PATH);
    }
    return wrong_method ? refuse(c, REFUSE_METHOD) : true;
}

static bool check_version(struct call *c)
{
    struct str taken[HTTP_MAX_PARAMS];

    http_path_fits(c->endpoint->path, c->request->path, taken);
    for (struct str list = str_of(c->endpoint->version); list.n;)
        if (str_eq(str_cut(&list, ','), taken[0]))
            return true;
    return refuse(c, REFUSE_VERSION);
}

static bool check_app_key(struct call *c)
{
    struct str key = http_arg_str(c->request, "app_key");

    return str_eq(key, c->engine->identity.app_key) ? true : refuse(c, REFUSE_APP_KEY);
}

static bool check_address(struct call *c)
{
    struct str list = c->engine->set.allow_ips;

    if (str_empty(list))
        return true;
    while (list.n)
        if (str_eq(str_trim(str_cut(&list, ',')), c->request->peer))
            return true;
    return refuse(c, REFUSE_IP);
}

/* No number, or none at all, counts as 0: the documents have no text for it. */
static bool check_timestamp(struct call *c)
{
    int64_t stamp = 0, now = c->now_ms / 1000;

    parse_i64(http_arg_str(c->request, "timestamp"), INT64_MIN / 2, INT64_MAX / 2,
              &stamp);
    if (stamp < 0)
        return refuse(c, REFUSE_STAMP_NEGATIVE);
    if (stamp < now - EARLIEST_S)
        return refuse(c, REFUSE_STAMP_EARLY);
    return stamp > now + LATEST_S ? refuse(c, REFUSE_STAMP_LATE) : true;
}

static bool is_signed(struct call *c, struct str sign, bool with_body)
{
    char want[SHA256_HEX_LEN + 1];

    return sign_request(c->engine->identity.app_secret, c->request, with_body, want,
                        NULL) == AISLE_OK &&
           secret_eq(sign, str_of(want));
}

/* SDKs differ on a body of {}, and on a body with GET; the documents sign what is sent.
 */
static bool may_leave_body_out(const struct call *c)
{
    return str_is(c->request->method, "GET") ||
           (c->engine->set.switches.empty_body_loose &&
            str_is(str_trim(c->request->body), "{}"));
}

static bool check_sign(struct call *c)
{
    struct str sign = http_arg_str(c->request, "sign");

    if (str_empty(sign))
        return refuse(c, REFUSE_NO_SIGN);
    if (is_signed(c, sign, true) || (may_leave_body_out(c) && is_signed(c, sign, false)))
        return true;
    return refuse(c, REFUSE_SIGN);
}

static bool check_token(struct call *c)
{
    struct str token = http_header(c->request, "x-tts-access-token");

    switch (
        keys_check(c->engine->keys, KEY_ACCESS, token, c->now_ms / 1000, &c->seller)) {
    case KEY_EXPIRED:
        return refuse(c, REFUSE_TOKEN_EXPIRED);
    case KEY_UNKNOWN:
        return refuse(c, REFUSE_TOKEN);
    case KEY_GOOD:
        break;
    }
    c->shop = c->seller->shops;
    return true;
}

static bool check_scope(struct call *c)
{
    struct str granted = c->seller->scopes;

    while (granted.n)
        if (str_is(str_trim(str_cut(&granted, ',')), c->endpoint->scope))
            return true;
    return refuse(c, REFUSE_SCOPE);
}

static bool check_cipher(struct call *c)
{
    struct str cipher, asset;
    bool given = http_arg(c->request, "shop_cipher", &cipher);

    if (http_arg(c->request, "category_asset_cipher", &asset))
        return refuse(c, REFUSE_ASSET_CIPHER_UNEXPECTED);
    if (c->endpoint->cipher == CIPHER_FORBIDDEN)
        return given && !c->engine->set.switches.loose_cipher
                   ? refuse(c, REFUSE_CIPHER_UNEXPECTED)
                   : true;
    if (!given || str_empty(cipher))
        return refuse(c, REFUSE_NO_CIPHER);
    for (size_t i = 0; i < c->seller->shop_count; i++) {
        if (str_eq(c->seller->shops[i].cipher, cipher)) {
            c->shop = &c->seller->shops[i];
            return true;
        }
    }
    return refuse(c, REFUSE_CIPHER);
}

static bool check_rate(struct call *c)
{
    struct gauge_reading reading = gauge_take(c->engine->gauge, c->shop->id, c->now_ms);
    struct str wait;

    c->note.shop = c->shop->id;
    if (!reading.over)
        return true;
    wait = arena_fmt(c->request->arena, "%d", (int)ceil(reading.next_s));
    http_reply_header(c->reply, "Retry-After", wait);
    return refuse(c, REFUSE_TOO_MANY);
}

/* A content-type sent twice is refused (recorded); some clients join the two. */
static bool check_form(struct call *c)
{
    struct str header = http_header(c->request, "Content-Type");
    struct str type = http_media_type(header);

    if (http_header_times(c->request, "Content-Type") > 1 ||
        str_find_char(type, ',') < type.n)
        return refuse(c, REFUSE_FORMAT);
    if (c->endpoint->upload && !str_eq_nocase(type, STR_LIT("multipart/form-data")))
        return refuse(c, REFUSE_NOT_MULTIPART);
    if (!c->endpoint->upload && c->request->body.n &&
        !str_is(c->request->method, "GET") &&
        !str_eq_nocase(type, STR_LIT("application/json")))
        return refuse(c, REFUSE_FORMAT);
    return true;
}

static check_fn *const checks[] = {
    check_path,  check_version, check_app_key, check_address, check_timestamp, check_sign,
    check_token, check_scope,   check_cipher,  check_rate,    check_form,
};

void gate_pass(struct call *c)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!checks[i](c))
            return;
    c->endpoint->run(c);
}
