/* The platforms a product is sold on. It is audited, edited and deleted as a whole; its
 * seller may take it off one of them and go on selling it on the other. */
#include "sandbox/market/products.h"

static const struct {
    enum platform platform;
    const char *name;
} platforms[] = {{ON_TIKTOK_SHOP, "TIKTOK_SHOP"}, {ON_TOKOPEDIA, "TOKOPEDIA"}};

bool platforms_read(const json_t *list, unsigned *out)
{
    unsigned found = 0, known = 0;

    for (size_t i = 0; i < sizeof platforms / sizeof *platforms; i++) {
        size_t times = texts_like(list, str_of(platforms[i].name));

        found |= times ? platforms[i].platform : 0U;
        known += (unsigned)times;
    }
    if (known != json_array_size(list))
        return false;
    *out = found;
    return true;
}

unsigned product_platforms(const struct product *p)
{
    unsigned on = 0;

    platforms_read(json_list(p->doc, "listing_platforms"), &on);
    return on ? on : ON_TIKTOK_SHOP;
}

enum product_status product_status_on(const struct product *p, enum platform platform)
{
    bool sold = p->status == PRODUCT_ACTIVATE || p->status == PRODUCT_PENDING ||
                p->status == PRODUCT_SCHEDULED;

    return sold && (p->off & platform) ? PRODUCT_SELLER_DEACTIVATED : p->status;
}

enum product_status product_status_shown(const struct product *p)
{
    return product_status_on(p, product_platforms(p) & ON_TIKTOK_SHOP ? ON_TIKTOK_SHOP
                                                                      : ON_TOKOPEDIA);
}

void product_put_platforms(struct json_out *json, const struct product *p)
{
    enum product_status status = product_status_on(p, ON_TOKOPEDIA);

    json_key(json, "integrated_platform_statuses");
    json_open_list(json);
    if (product_platforms(p) & ON_TOKOPEDIA) {
        json_open(json);
        json_add_str(json, "platform", STR_LIT("TOKOPEDIA"));
        json_add_str(json, "status", str_of(product_status_name(status)));
        json_close(json);
    }
    json_close_list(json);
}
