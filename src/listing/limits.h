/* limits.h - what is documented as allowed, as data: one row a market, two profiles
 *
 * The numbers of Create Product: "current" is the newest page, "202309" the older one
 * that some documents still quote. Where they differ both are here and neither is in
 * code.
 */
#ifndef LISTING_LIMITS_H
#define LISTING_LIMITS_H

#include "base/str.h"

enum listing_profile { LISTING_CURRENT, LISTING_202309 };
const char *listing_profile_name(enum listing_profile profile); /* "current" */
bool listing_profile_parse(struct str name, enum listing_profile *out);

enum listing_units {
    UNIT_KILOGRAM = 1 << 0,
    UNIT_GRAM = 1 << 1,
    UNIT_POUND = 1 << 2,
    UNIT_CENTIMETER = 1 << 3,
    UNIT_INCH = 1 << 4,
};
unsigned listing_unit_parse(struct str name); /* 0 for none of them */
const char *listing_unit_name(unsigned unit); /* "KILOGRAM" */

/* How strict descriptions are taken. */
enum listing_html {
    HTML_REWRITTEN, /* any tag; what is not among the known is rewritten: a warning */
    HTML_STRICT,    /* the short list and its nesting, all else refused */
};

struct listing_limits {
    const char *market;   /* "ID"; "" for one we do not know */
    const char *name;     /* "Indonesia" */
    const char *currency; /* "" unknown */
    const char *locale;   /* of its buyers, "id-ID" */
    enum listing_profile profile;
    unsigned title_min, title_max; /* characters */
    bool han_allowed;              /* its buyers write with Chinese characters (Japan) */
    unsigned sku_max;
    bool sku_max_advised;                     /* more is allowed, and not recommended */
    unsigned weight_units, dimension_units;   /* enum listing_units */
    int64_t price_min_minor, price_max_minor; /* 0 unknown */
    int64_t weight_max_g;                     /* 0 unknown */
    bool cod,
        cod_cross_border;  /* cash on delivery exists: for local, for global sellers */
    bool delivery_options; /* delivery_option_ids is taken */
    bool
        eu; /* manufacturer and responsible person, extra identifier codes, unit counts */
    bool pfand, list_price, supplementary_images, tokopedia;
    bool dimension_decimals;    /* two; else whole numbers */
    const char *pre_sale_types; /* "PRE_ORDER MADE_TO_ORDER CUSTOM" */
    unsigned min_order_max;     /* minimum_order_quantity; 0 not taken */

    bool v2_only; /* categories of the v1 tree are refused */

    /* Alike in all markets. */
    unsigned description_max, description_images_max, description_tip_min;
    enum listing_html html;
    unsigned html_depth_max; /* elements within elements */
    bool chinese_warned;     /* in descriptions; else a tip */
    unsigned main_images_max, main_images_tip;
    uint64_t image_bytes_max;
    unsigned image_side_min, image_side_max; /* of main images */
    unsigned description_image_side_max;
    unsigned size_chart_side_min; /* the shorter side */
    unsigned seller_sku_max, external_id_max, url_max;
    unsigned attribute_name_max, sales_value_name_max, value_name_max;
    unsigned sales_attributes_max, supplementary_images_max;
    int64_t stock_min, stock_max;
    unsigned certificates_max, extra_codes_max, idempotency_key_max;
    unsigned features_max, features_chars_max, search_terms_max, search_terms_chars_max;
    unsigned schedule_days_max;
};

/* The row of a market (an unknown one gets the mildest of all), static. */
const struct listing_limits *listing_limits_get(struct str market,
                                                enum listing_profile profile);
/* The nth market's code of those we know, or NULL. */
const char *listing_market(size_t n);

#endif
