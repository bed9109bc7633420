/* The rest: cash on delivery, delivery options, video, external id, order quantities,
 * second hand, a day to be listed on; and what the shop itself must have. */
#include "base/text.h"
#include "sandbox/market/judge.h"

enum { MAX_EXTERNAL = 999, MAX_ORDER = 20 };
#define DAY_MS ((int64_t)24 * 3600 * 1000)

static bool check_cod(struct judge *j)
{
    bool market =
        j->call->shop->cross_border ? j->region->cod_cross_border : j->region->cod;
    bool leaf = json_flag(json_at(j->rules, "cod"), "is_supported", true);

    return json_flag(j->body, "is_cod_allowed", false) && !(market && leaf)
               ? judge_fail(j, 12052222)
               : true;
}

/* The seed's spelling, delivery_options_ids, is read as well. */
static bool check_delivery(struct judge *j)
{
    const json_t *list = json_list(j->body, "delivery_option_ids");

    if (!list)
        list = json_list(j->body, "delivery_options_ids");
    for (size_t i = 0; i < json_array_size(list) && j->region->delivery_options; i++)
        if (!delivery_option_find(json_value_str(json_array_get(list, i))))
            return judge_fail(j, 12052910);
    return true;
}

static bool check_quantity(struct judge *j)
{
    int64_t least = json_int(j->body, "minimum_order_quantity", 0);

    if (!json_at(j->body, "minimum_order_quantity"))
        return true;
    if (!j->region->min_order)
        return judge_fail(j, 12052707);
    return least >= 1 && least <= MAX_ORDER ? true : judge_fail(j, 12052706);
}

/* The day that a listing was given in time may be past when it is edited. */
static bool is_known_day(const struct judge *j, const json_t *plan)
{
    const json_t *before = json_at(j->before, "scheduled_sale");

    return j->listed && before && json_equal(plan, before);
}

static bool check_schedule(struct judge *j)
{
    const json_t *plan = json_at(j->body, "scheduled_sale");
    int64_t ahead = json_int(plan, "schedule_sale_time", 0) - j->call->now_ms;

    if (!json_flag(plan, "is_enabled_scheduled_sale", false) || is_known_day(j, plan))
        return true;
    return ahead > 0 && ahead <= 90 * DAY_MS ? true : judge_fail(j, 12052604);
}

static bool check_pre_owned(struct judge *j)
{
    const json_t *list = json_list(j->body, "listing_platforms");

    if (!json_flag(j->body, "is_pre_owned", false))
        return true;
    return json_array_size(list) == 1 && texts_like(list, STR_LIT("TOKOPEDIA"))
               ? true
               : judge_fail(j, 12052316);
}

bool step_extras(struct judge *j)
{
    struct str video = json_str(json_at(j->body, "video"), "id");

    if (!check_cod(j) || !check_delivery(j) || !check_quantity(j) || !check_schedule(j) ||
        !check_pre_owned(j))
        return false;
    if (json_at(j->body, "video") && !files_know(j->market, video, "video"))
        return judge_fail(j, 12052360);
    return utf8_length(json_str(j->body, "external_product_id")) > MAX_EXTERNAL
               ? judge_fail(j, 12052369)
               : true;
}

/* A cross-border shop creates global products instead. What the shop lacks stands in the
 * way of selling, not of drafts. */
bool step_shop(struct judge *j)
{
    if (j->call->shop->cross_border)
        return judge_fail(j, 12052701);
    if (j->draft)
        return true;
    if (shop_lacks(j->market, "SHOP_STATUS"))
        return judge_fail(j, 12052700);
    if (shop_lacks(j->market, "PICKUP_WAREHOUSE"))
        return judge_fail(j, 12052115);
    if (shop_lacks(j->market, "RETURN_WAREHOUSE"))
        return judge_fail(j, 12052535);
    if (shop_lacks(j->market, "SHIPPING_TEMPLATE"))
        return judge_fail(j, 12052402);
    if (shop_lacks(j->market, "SHOP_TAX"))
        return judge_fail(j, 12052703);
    return shop_lacks(j->market, "CONTACT_INFO") ? judge_fail(j, 12052923) : true;
}
