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
    .search_terms_max = 15, .search_terms_chars_max = 250, .schedule_days_max = 90
#define NOW ALIKE, .profile = LISTING_CURRENT, .html = HTML_REWRITTEN, \
    .image_bytes_max = 10 * 1024 * 1024, .url_max = 500, .dimension_decimals = true
#define THEN ALIKE, .profile = LISTING_202309, .html = HTML_STRICT, .chinese_warned = true, \
    .image_bytes_max = 5 * 1024 * 1024, .url_max = 200

#define EU_MARKET .currency = "EUR", .title_min = 1, .title_max = 255, .weight_units = KG, \
    .dimension_units = CM, .price_min_minor = 1, .price_max_minor = 630000, \
    .weight_max_g = 30000, .eu = true, .pre_sale_types = PRE_ORDER
#define SEA_MARKET .title_min = 25, .title_max = 255, .weight_units = KG, \
    .dimension_units = CM, .delivery_options = true, .pre_sale_types = PRE_ORDER, \
    .min_order_max = 20

/* Every market twice: as its rules read now, and as they did. */
#define MARKET(NOW_OR_THEN, sku, advised, v2) \
    {.market = "BR", .name = "Brazil", .currency = "BRL", .locale = "pt-BR", .title_min = 1, .title_max = 300, \
     .weight_units = KG | UNIT_GRAM, .dimension_units = CM, .price_min_minor = 5, .price_max_minor = 1000000, \
     .weight_max_g = 30000, .pre_sale_types = PRE_ORDER, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "DE", .name = "Germany", .locale = "de-DE", EU_MARKET, .pfand = true, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "ES", .name = "Spain", .locale = "es-ES", EU_MARKET, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "FR", .name = "France", .locale = "fr-FR", EU_MARKET, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "GB", .name = "United Kingdom", .currency = "GBP", .locale = "en-GB", .title_min = 1, .title_max = 255, \
     .weight_units = KG, .dimension_units = CM, .price_min_minor = 1, .price_max_minor = 560000, .weight_max_g = 30000, \
     .pre_sale_types = PRE_ORDER, .sku_max = advised ? 100 : 300, NOW_OR_THEN}, \
    {.market = "ID", .name = "Indonesia", .currency = "IDR", .locale = "id-ID", SEA_MARKET, .cod = true, .tokopedia = true, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "IE", .name = "Ireland", .locale = "en-IE", EU_MARKET, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "IT", .name = "Italy", .locale = "it-IT", EU_MARKET, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "JP", .name = "Japan", .currency = "JPY", .locale = "ja-JP", .han_allowed = true, .title_min = 1, .title_max = 255, \
     .weight_units = KG | UNIT_GRAM, .dimension_units = CM, .pre_sale_types = PRE_ORDER, .sku_max = 300, \
     .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "MX", .name = "Mexico", .currency = "MXN", .locale = "es-MX", .title_min = 1, .title_max = 300, \
     .weight_units = KG | UNIT_GRAM, .dimension_units = CM, .price_min_minor = 10, .price_max_minor = 5000000, \
     .weight_max_g = 30000, .pre_sale_types = PRE_ORDER, .sku_max = 300, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "MY", .name = "Malaysia", .currency = "MYR", .locale = "ms-MY", SEA_MARKET, .cod = true, .cod_cross_border = true, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "PH", .name = "Philippines", .currency = "PHP", .locale = "en-US", SEA_MARKET, .cod = true, .cod_cross_border = true, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "SA", .name = "Saudi Arabia", .currency = "", .locale = "", .title_min = 25, .title_max = 255, \
     .weight_units = KG, .dimension_units = CM, .cod = true, .cod_cross_border = true, .pre_sale_types = PRE_ORDER, \
     .sku_max = sku, .sku_max_advised = advised, NOW_OR_THEN}, \
    {.market = "SG", .name = "Singapore", .currency = "SGD", .locale = "en-US", SEA_MARKET, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "TH", .name = "Thailand", .currency = "THB", .locale = "th-TH", SEA_MARKET, .cod = true, .cod_cross_border = true, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "US", .name = "United States", .currency = "USD", .locale = "en-US", .title_min = 1, .title_max = 255, \
     .weight_units = KG | UNIT_POUND, .dimension_units = CM | UNIT_INCH, .price_min_minor = 1, .price_max_minor = 760000, \
     .weight_max_g = 68039, .list_price = true, .supplementary_images = true, .pre_sale_types = PRE_SALE_US, \
     .sku_max = advised ? 100 : 300, .v2_only = v2, NOW_OR_THEN}, \
    {.market = "VN", .name = "Vietnam", .currency = "VND", .locale = "vi-VN", SEA_MARKET, .cod = true, .cod_cross_border = true, \
     .sku_max = sku, .sku_max_advised = advised, .v2_only = v2, NOW_OR_THEN}, \
    /* a market we do not know: the mildest of all, so that nothing is refused wrongly */ \
    {.market = "", .name = "", .currency = "", .locale = "", .title_min = 1, .title_max = 300, \
     .weight_units = KG | UNIT_GRAM | UNIT_POUND, .dimension_units = CM | UNIT_INCH, .cod = true, .cod_cross_border = true, \
     .delivery_options = true, .eu = true, .pfand = true, .list_price = true, .supplementary_images = true, .tokopedia = true, \
     .pre_sale_types = PRE_SALE_US, .min_order_max = 20, .sku_max = 300, .sku_max_advised = true, NOW_OR_THEN}

/* Sorted by market within a profile; the unknown one last. */
static const struct listing_limits now_table[] = {MARKET(NOW, 100, false, true)};
static const struct listing_limits then_table[] = {MARKET(THEN, 300, true, false)};
/* clang-format on */
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
