/* Get Authorized Shops 202309 and Get Active Shops 202309. */
#include "sandbox/gate.h"
#include "sandbox/keys.h"

void shops_authorized(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "shops");
    json_open_list(&json);
    for (size_t i = 0; i < c->seller->shop_count; i++) {
        const struct sandbox_shop *shop = &c->seller->shops[i];

        json_open(&json);
        json_add_str(&json, "cipher", shop->cipher);
        json_add_str(&json, "code", shop->code);
        json_add_str(&json, "id", shop->id);
        json_add_str(&json, "name", shop->name);
        json_add_str(&json, "region", shop->region);
        json_add_str(&json, "seller_type",
                     shop->cross_border ? STR_LIT("CROSS_BORDER") : STR_LIT("LOCAL"));
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}

void shops_of_seller(struct call *c)
{
    struct json_out json = call_data(c);

    json_open(&json);
    json_key(&json, "shops");
    json_open_list(&json);
    for (size_t i = 0; i < c->seller->shop_count; i++) {
        json_open(&json);
        json_add_str(&json, "id", c->seller->shops[i].id);
        json_add_str(&json, "region", c->seller->shops[i].region);
        json_close(&json);
    }
    json_close_list(&json);
    json_close(&json);
    call_done(c, "Success");
}
