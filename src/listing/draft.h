/* draft.h - a listing before it is one: everything Create Product takes, as plain data
 *
 * Assembled from a seller's product (listing/assemble.h) or read from a body
 * (listing/body.h), held against what is allowed (listing/check.h), written as a body
 * again. Plain data in whatever arena it was made in; {0} is an empty draft. Words are
 * Create Product 202309's own, in its spelling.
 *
 * Absent and empty differ, because a partial edit keeps what is absent: a text that is
 * not there has .p NULL, a list that is not there is NULL with count 0, and numbers and
 * flags say whether they were said.
 */
#ifndef LISTING_DRAFT_H
#define LISTING_DRAFT_H

#include "base/str.h"
#include "image/file.h"
#include "image/look.h"

enum listing_flag { LISTING_UNSAID, LISTING_NO, LISTING_YES };

struct listing_int {
    bool said;
    int64_t n;
};

/* An amount of money. `minor` counts the currency's minor units by ISO 4217 (IDR has two
 * decimals, JPY and VND none), and is -1 when `written` is no amount in it. */
struct listing_money {
    bool said;
    int64_t minor;
    struct str currency; /* "IDR"; may be empty */
    struct str written;  /* as a body had it, "59000"; empty where we made it ourselves */
};

/* A number with its decimals as they were written, "0.25". */
struct listing_decimal {
    struct str text; /* .p NULL when absent */
};

struct listing_image {
    struct str uri;      /* of Upload Product Image; empty until it is pushed */
    struct str location; /* where the seller has it; empty in a draft read from a body */
    bool looked;         /* facts are known */
    struct image_facts facts;
    enum listing_flag white; /* the background is */
};

struct listing_images {
    const struct listing_image *rows;
    size_t count;
};

struct listing_strs {
    const struct str *rows;
    size_t count;
};

/* A cell of a column that bears a member's name, and says nothing that it could be. */
struct listing_cell {
    const char *member;
    bool is_flag; /* else a whole number was wanted */
    struct str text;
};

/* ---- SKUs ---- */

struct listing_sales_attribute {
    struct str id, name;             /* the id wins over the name */
    struct str value_id, value_name; /* the same */
    bool image_said;                 /* sku_img is there */
    struct listing_image image;
    struct listing_images supplementary;
};

struct listing_stock {
    struct str warehouse_id;
    struct listing_int quantity, backorder_quantity, handling_time;
    struct str unread; /* a quantity as a cell has it, when it is none; else empty */
};

struct listing_external_price {
    struct listing_money price;
    struct str source; /* "SHOPIFY_COMPARE_AT_PRICE" */
};

struct listing_combined_sku {
    struct str product_id, sku_id;
    struct listing_int sku_count;
};

struct listing_fee {
    struct str type; /* "PFAND" */
    struct listing_money amount;
    struct str additional_attribute; /* "SINGLE_USE" */
};

struct listing_pre_sale {
    bool said;
    struct str type; /* "PRE_ORDER", "MADE_TO_ORDER", "CUSTOM", "NONE" */
    bool fulfillment_said;
    struct listing_int handling_duration_days;
    struct listing_int release_date; /* UTC seconds */
};

struct listing_sku {
    struct str id; /* the marketplace's, in an edit; else absent */
    struct str seller_sku, external_sku_id;
    bool price_said, list_price_said; /* the objects around the amounts are there */
    struct listing_money price, sale_price, list_price;
    const struct listing_external_price *external_list_prices;
    size_t external_list_price_count;
    const struct listing_stock *stock; /* inventory, one a warehouse */
    size_t stock_count;
    struct listing_int global_quantity;               /* of a global product, instead */
    const struct listing_sales_attribute *attributes; /* up to three */
    size_t attribute_count;
    bool identifier_said;
    struct str identifier_type, identifier_code; /* "GTIN", "08712345678906" */
    struct str identifier_unread; /* the seller's barcode, where it is none: not sent */
    struct listing_strs extra_identifier_codes, external_urls;
    const struct listing_combined_sku *combined;
    size_t combined_count;
    struct listing_decimal unit_count; /* sku_unit_count */
    struct listing_pre_sale pre_sale;
    const struct listing_fee *fees;
    size_t fee_count;
};

/* ---- the rest ---- */

struct listing_weight {
    bool said;
    struct listing_decimal value;
    struct str unit; /* "KILOGRAM" */
};

struct listing_dimensions {
    bool said;
    struct listing_decimal length, width, height;
    struct str unit; /* "CENTIMETER" */
};

struct listing_value {
    struct str id, name; /* the id wins over the name */
};

struct listing_attribute { /* a product attribute */
    struct str id, name;   /* name: for people; not sent */
    const struct listing_value *values;
    size_t value_count;
};

struct listing_file {
    struct str id, name, format; /* of Upload Product File; "PDF" */
    struct str location;
    bool looked; /* facts are known */
    struct file_facts facts;
};

struct listing_certificate {
    struct str id;
    struct listing_images images;
    const struct listing_file *files;
    size_t file_count;
    struct listing_int expiration_date; /* UTC seconds */
};

/* The object of older bodies (202309) and of global products; newer ones take ids. */
struct listing_manufacturer {
    bool said;
    struct str name, address, phone_number, email;
};

struct listing_video {
    bool said;
    struct str id;
    struct str location;
    bool looked; /* what follows is known */
    struct file_facts file;
};

struct listing_size_chart {
    bool said, image_said, template_said;
    struct listing_image image;
    struct str template_id;
};

struct listing_draft {
    struct str product_id; /* of a listing that is edited; never in a body */
    struct str title, description;
    struct str category_id, category_version;
    struct str brand_id;
    struct str brand_name; /* for people, and where no id is known yet; not sent */
    struct listing_images main_images;
    const struct listing_sku *skus;
    size_t sku_count;
    struct listing_weight weight;
    struct listing_dimensions dimensions;
    const struct listing_attribute *attributes;
    size_t attribute_count;
    const struct listing_certificate *certificates;
    size_t certificate_count;
    struct listing_size_chart size_chart;
    struct listing_manufacturer manufacturer;
    struct listing_strs manufacturer_ids, responsible_person_ids;
    struct listing_video video;
    struct listing_strs delivery_option_ids;
    struct str external_product_id, primary_combined_product_id;
    enum listing_flag is_cod_allowed, is_not_for_sale, is_pre_owned;
    enum listing_flag auto_translate_enabled;
    struct str save_mode; /* "AS_DRAFT" or "LISTING"; absent means LISTING */
    struct listing_strs listing_platforms;
    struct str shipping_insurance_requirement, shipping_template_id;
    struct listing_int minimum_order_quantity;
    struct str idempotency_key, locale;
    struct listing_strs key_product_features, search_terms;
    bool scheduled_said;
    enum listing_flag scheduled_enabled;
    struct listing_int schedule_sale_time; /* UTC milliseconds, as the body has it */
    struct str inventory_mode;             /* in an edit: "SHARED" or "EXCLUSIVE" */
    struct listing_cell *unread;           /* of the catalogue, and never in a body */
    size_t unread_count;
};

/* Digits behind the point of a currency (ISO 4217); 2 for one we do not know. */
unsigned money_decimals(struct str currency);
/* "59000", "12.5" to minor units; false when it is no plain decimal number, has more
 * decimals than the currency, three that could be thousands, or does not fit. */
bool money_parse(struct str written, struct str currency, int64_t *minor);
/* As a body has it: "59000", "12.50", "1000" for JPY; at most MONEY_TEXT with the NUL.
 * Decimals that are all zero are left out. */
enum { MONEY_TEXT = 32 };
size_t money_format(int64_t minor, struct str currency, char out[MONEY_TEXT]);

#endif
