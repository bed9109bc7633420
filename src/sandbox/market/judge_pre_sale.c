/* Sold before it is there: which kinds, and how long one may wait. In the US
 * MADE_TO_ORDER takes 3 to 14 days, CUSTOM 3 to 30, PRE_ORDER a date 3 to 60 days ahead
 * (seconds, 12052269); all others know PRE_ORDER only, 3 to 30 days. */
#include "sandbox/market/judge.h"

enum { DAY_S = 24 * 3600 };

static bool is_us(const struct judge *j)
{
    return str_is(str_of(j->region->code), "US");
}

static bool check_kind(struct judge *j, struct str type)
{
    const json_t *allowed = json_list(j->rules, "allowed_special_product_types");
    bool pre = str_is(type, "PRE_ORDER");

    if (!pre && !(is_us(j) && (str_is(type, "MADE_TO_ORDER") || str_is(type, "CUSTOM"))))
        return judge_fail(j, 12019099);
    if (allowed && !texts_like(allowed, type))
        return judge_fail(j, 12019099);
    return true;
}

static bool check_time(struct judge *j, struct str type, const json_t *how)
{
    int64_t days = json_int(how, "handling_duration_days", 0);
    int64_t date = json_int(how, "release_date", 0);
    int64_t ahead_s = date - j->call->now_ms / 1000;

    if (is_us(j) && str_is(type, "PRE_ORDER")) {
        if (date == 0)
            return judge_fail(j, 12019097);
        return ahead_s >= 3 * DAY_S && ahead_s <= 60 * DAY_S ? true
                                                             : judge_fail(j, 12052269);
    }
    if (days == 0)
        return judge_fail(j, 12019098);
    if (str_is(type, "PRE_ORDER"))
        return days >= 3 && days <= 30 ? true : judge_fail(j, 12052712);
    return days >= 3 && days <= (str_is(type, "CUSTOM") ? 30 : 14)
               ? true
               : judge_fail(j, 12052275);
}

static bool check_sku(struct judge *j, const json_t *pre_sale, struct str first)
{
    struct str type = json_str(pre_sale, "type");
    const json_t *how = json_at(pre_sale, "fulfillment_type");

    if (!pre_sale)
        return str_empty(first) ? true : judge_fail(j, 12019100);
    if (str_is(type, "NONE") && how)
        return judge_fail(j, 12019094);
    if (str_is(type, "NONE"))
        return str_eq(type, first) ? true : judge_fail(j, 12019100);
    if (str_empty(type))
        return judge_fail(j, 12019096);
    if (!check_kind(j, type))
        return false;
    if (!str_eq(type, first))
        return judge_fail(j, 12019100);
    if (!how || json_object_size(how) == 0)
        return judge_fail(j, 12019095);
    if (json_flag(j->body, "is_not_for_sale", false))
        return judge_fail(j, 12052229);
    return check_time(j, type, how);
}

bool step_pre_sale(struct judge *j)
{
    const json_t *skus = judge_skus(j);
    struct str first = {0};

    for (size_t i = 0; i < json_array_size(skus) && str_empty(first); i++)
        first = json_str(json_at(json_array_get(skus, i), "pre_sale"), "type");
    for (size_t i = 0; i < json_array_size(skus); i++)
        if (!check_sku(j, json_at(json_array_get(skus, i), "pre_sale"), first))
            return false;
    return true;
}
