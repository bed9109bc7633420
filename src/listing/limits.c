/* limits.c - the table of markets
 *
 * Sources: Create Product 202309 as it reads now ("current"), and the page's older text
 * ("202309"). Price and package ceilings are a third party's (the Adobe Commerce
 * connector of M2E); where nobody states one it is 0 and not judged.
 */
#include "listing/limits.h"

const char *listing_profile_name(enum listing_profile profile)
{
    return profile == LISTING_202309 ? "202309" : "current";
}

bool listing_profile_parse(struct str name, enum listing_profile *out)
{
    if (!str_is(name, "current") && !str_is(name, "202309"))
        return false;
    *out = str_is(name, "202309") ? LISTING_202309 : LISTING_CURRENT;
    return true;
}

static const struct {
    const char *name;
    unsigned unit;
} units[] = {
    {"KILOGRAM", UNIT_KILOGRAM},     {"GRAM", UNIT_GRAM}, {"POUND", UNIT_POUND},
    {"CENTIMETER", UNIT_CENTIMETER}, {"INCH", UNIT_INCH},
};

unsigned listing_unit_parse(struct str name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_is(name, units[i].name))
            return units[i].unit;
    return 0;
}

const char *listing_unit_name(unsigned unit)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == unit)
            return units[i].name;
    return "";
}

/* clang-format off */
#define PRE_ORDER "PRE_ORDER"
#define PRE_SALE_US "PRE_ORDER MADE_TO_ORDER CUSTOM"
#define KG UNIT_KILOGRAM
#define CM UNIT_CENTIMETER

/* What all markets have alike. */
#define ALIKE \
    .description_max = 10000, .description_images_max = 30, .description_tip_min = 300, \
    .html_depth_max = 32, .main_images_max = 9, .main_images_tip = 5, \
    .image_side_min = 300, .image_side_max = 4000, .description_image_side_max = 4000, \
    .size_chart_side_min = 1024, .seller_sku_max = 50, .external_id_max = 999, \
    .attribute_name_max = 20, .sales_value_name_max = 50, .value_name_max = 2000, \
    .sales_attributes_max = 3, .supplementary_images_max = 8, \
    .stock_min = 1, .stock_max = 99999, .certificates_max = 10, .extra_codes_max = 10, \
    .idempotency_key_max = 128, .features_max = 5, .features_chars_max = 1500, \
    .search_terms_max = 15, .search_terms_chars_max = 250, .schedule_days_max = 90, \
    .profile = OLDER ? LISTING_202309 : LISTING_CURRENT, .html = OLDER ? HTML_STRICT : HTML_REWRITTEN, \
    .chinese_warned = OLDER, .dimension_decimals = !OLDER, .url_max = OLDER ? 200 : 500, \
    .image_bytes_max = (OLDER ? 5 : 10) * 1024 * 1024
#define EU_MARKET .currency = "EUR", .title_min = 1, .title_max = 255, .weight_units = KG, \
    .dimension_units = CM, .price_min_minor = 1, .price_max_minor = 630000, \
    .weight_max_g = 30000, .eu = true, .pre_sale_types = PRE_ORDER
#define SEA_MARKET .title_min = 25, .title_max = 255, .weight_units = KG, \
    .dimension_units = CM, .delivery_options = true, .pre_sale_types = PRE_ORDER, \
    .min_order_max = 20
/* clang-format on */

/* Every market twice: as its rules read now, and as they did. */
#define OLDER false
static const struct listing_limits now_table[] = {
#include "listing/limits_rows.h"
};
#undef OLDER
#define OLDER true
static const struct listing_limits then_table[] = {
#include "listing/limits_rows.h"
};
#undef OLDER
enum { MARKETS = sizeof now_table / sizeof *now_table - 1 };

const struct listing_limits *listing_limits_get(struct str market,
                                                enum listing_profile profile)
{
    const struct listing_limits *table =
        profile == LISTING_202309 ? then_table : now_table;

    for (size_t i = 0; i < MARKETS; i++)
        if (str_is(market, table[i].market))
            return &table[i];
    return &table[MARKETS];
}

const char *listing_market(size_t n)
{
    return n < MARKETS ? now_table[n].market : NULL;
}
