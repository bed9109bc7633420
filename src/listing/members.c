/* members.c - Create Product 202309's body, member by member
 *
 * Edit and Partial Edit 202309, Check Product Listing and Create Global Product have
 * their own columns in `in`. Objects without a flag of their own lie flat in the struct
 * they are in (price.amount of a SKU is sku.price).
 */
#include "listing/members.h"

#include <stddef.h>

#define ROWS(table) (table), sizeof(table) / sizeof *(table)

/* clang-format off */
/* NOLINTBEGIN(bugprone-macro-parentheses): fields' names take none */
#define TEXT(of, name, field, in) {name, sizeof(name) - 1, MEMBER_TEXT, (in), offsetof(struct of, field), 0, 0, NULL}
#define DECIMAL(of, name, field) {name, sizeof(name) - 1, MEMBER_DECIMAL, IN_ALL, offsetof(struct of, field), 0, 0, NULL}
#define INT(of, name, field, in) {name, sizeof(name) - 1, MEMBER_INT, (in), offsetof(struct of, field), 0, 0, NULL}
#define FLAG(of, name, field, in) {name, sizeof(name) - 1, MEMBER_FLAG, (in), offsetof(struct of, field), 0, 0, NULL}
#define MONEY(of, name, field, in) {name, sizeof(name) - 1, MEMBER_MONEY, (in), offsetof(struct of, field), 0, 0, NULL}
#define CURRENCY {"currency", sizeof("currency") - 1, MEMBER_CURRENCY, IN_ALL, 0, 0, 0, NULL}
#define TEXTS(of, name, field, in) {name, sizeof(name) - 1, MEMBER_TEXTS, (in), offsetof(struct of, field.rows), offsetof(struct of, field.count), 0, NULL}
#define LIST(of, name, list, n, in, table) {name, sizeof(name) - 1, MEMBER_LIST, (in), offsetof(struct of, list), offsetof(struct of, n), 0, &(table)}
#define OBJECT(of, name, field, flag, in, table) {name, sizeof(name) - 1, MEMBER_OBJECT, (in), offsetof(struct of, field), 0, offsetof(struct of, flag), &(table)}

/* ---- images ---- */

static const struct member image_rows[] = {
    TEXT(listing_image, "uri", uri, IN_ALL),
};
static const struct members image = {ROWS(image_rows), sizeof(struct listing_image)};

/* ---- SKUs ---- */

static const struct member sales_attribute_rows[] = {
    TEXT(listing_sales_attribute, "id", id, IN_ALL),
    TEXT(listing_sales_attribute, "name", name, IN_ALL),
    TEXT(listing_sales_attribute, "value_id", value_id, IN_ALL),
    TEXT(listing_sales_attribute, "value_name", value_name, IN_ALL),
    OBJECT(listing_sales_attribute, "sku_img", image, image_said, IN_ALL, image),
    LIST(listing_sales_attribute, "supplementary_sku_images", supplementary.rows, supplementary.count, IN_LOCAL, image),
};
static const struct members sales_attribute = {ROWS(sales_attribute_rows), sizeof(struct listing_sales_attribute)};

static const struct member stock_rows[] = {
    TEXT(listing_stock, "warehouse_id", warehouse_id, IN_LOCAL),
    TEXT(listing_stock, "global_warehouse_id", warehouse_id, IN_GLOBAL),
    INT(listing_stock, "quantity", quantity, IN_ALL),
    INT(listing_stock, "backorder_quantity", backorder_quantity, IN_LOCAL),
    INT(listing_stock, "handling_time", handling_time, IN_LOCAL),
};
static const struct members stock = {ROWS(stock_rows), sizeof(struct listing_stock)};

static const struct member price_rows[] = {
    MONEY(listing_sku, "amount", price, IN_ALL),
    MONEY(listing_sku, "sale_price", sale_price, IN_ALL),
    CURRENCY,
};
static const struct members price = {ROWS(price_rows), sizeof(struct listing_sku)};

static const struct member list_price_rows[] = {
    MONEY(listing_sku, "amount", list_price, IN_ALL),
    CURRENCY,
};
static const struct members list_price = {ROWS(list_price_rows), sizeof(struct listing_sku)};

static const struct member external_price_rows[] = {
    MONEY(listing_external_price, "amount", price, IN_ALL),
    CURRENCY,
    TEXT(listing_external_price, "source", source, IN_ALL),
};
static const struct members external_price = {ROWS(external_price_rows), sizeof(struct listing_external_price)};

static const struct member identifier_rows[] = {
    TEXT(listing_sku, "code", identifier_code, IN_ALL),
    TEXT(listing_sku, "type", identifier_type, IN_ALL),
};
static const struct members identifier = {ROWS(identifier_rows), sizeof(struct listing_sku)};

static const struct member combined_rows[] = {
    TEXT(listing_combined_sku, "product_id", product_id, IN_ALL),
    TEXT(listing_combined_sku, "sku_id", sku_id, IN_ALL),
    INT(listing_combined_sku, "sku_count", sku_count, IN_ALL),
};
static const struct members combined = {ROWS(combined_rows), sizeof(struct listing_combined_sku)};

static const struct member fee_rows[] = {
    TEXT(listing_fee, "type", type, IN_ALL),
    MONEY(listing_fee, "amount", amount, IN_ALL),
    TEXT(listing_fee, "additional_attribute", additional_attribute, IN_ALL),
};
static const struct members fee = {ROWS(fee_rows), sizeof(struct listing_fee)};

static const struct member fulfillment_rows[] = {
    INT(listing_pre_sale, "handling_duration_days", handling_duration_days, IN_ALL),
    INT(listing_pre_sale, "release_date", release_date, IN_ALL),
};
static const struct members fulfillment = {ROWS(fulfillment_rows), sizeof(struct listing_pre_sale)};

static const struct member pre_sale_rows[] = {
    TEXT(listing_pre_sale, "type", type, IN_ALL),
    {"fulfillment_type", sizeof("fulfillment_type") - 1, MEMBER_OBJECT, IN_ALL, 0, 0, offsetof(struct listing_pre_sale, fulfillment_said), &fulfillment},
};
static const struct members pre_sale = {ROWS(pre_sale_rows), sizeof(struct listing_pre_sale)};

static const struct member sku_rows[] = {
    TEXT(listing_sku, "id", id, IN_EDIT | IN_GLOBAL_EDIT),
    TEXT(listing_sku, "seller_sku", seller_sku, IN_ALL),
    TEXT(listing_sku, "external_sku_id", external_sku_id, IN_LOCAL),
    TEXT(listing_sku, "external_global_sku_id", external_sku_id, IN_GLOBAL),
    {"price", sizeof("price") - 1, MEMBER_OBJECT, IN_ALL, 0, 0, offsetof(struct listing_sku, price_said), &price},
    LIST(listing_sku, "inventory", stock, stock_count, IN_ALL, stock),
    INT(listing_sku, "global_quantity", global_quantity, IN_GLOBAL),
    LIST(listing_sku, "sales_attributes", attributes, attribute_count, IN_ALL, sales_attribute),
    {"identifier_code", sizeof("identifier_code") - 1, MEMBER_OBJECT, IN_ALL, 0, 0, offsetof(struct listing_sku, identifier_said), &identifier},
    TEXTS(listing_sku, "extra_identifier_codes", extra_identifier_codes, IN_ALL),
    TEXTS(listing_sku, "external_urls", external_urls, IN_LOCAL),
    LIST(listing_sku, "combined_skus", combined, combined_count, IN_LOCAL, combined),
    {"list_price", sizeof("list_price") - 1, MEMBER_OBJECT, IN_LOCAL, 0, 0, offsetof(struct listing_sku, list_price_said), &list_price},
    LIST(listing_sku, "external_list_prices", external_list_prices, external_list_price_count, IN_LOCAL, external_price),
    DECIMAL(listing_sku, "sku_unit_count", unit_count),
    OBJECT(listing_sku, "pre_sale", pre_sale, pre_sale.said, IN_LOCAL, pre_sale),
    LIST(listing_sku, "fees", fees, fee_count, IN_LOCAL, fee),
};
static const struct members sku = {ROWS(sku_rows), sizeof(struct listing_sku)};

/* ---- the rest ---- */

static const struct member weight_rows[] = {
    DECIMAL(listing_weight, "value", value),
    TEXT(listing_weight, "unit", unit, IN_ALL),
};
static const struct members weight = {ROWS(weight_rows), sizeof(struct listing_weight)};

static const struct member dimension_rows[] = {
    DECIMAL(listing_dimensions, "length", length),
    DECIMAL(listing_dimensions, "width", width),
    DECIMAL(listing_dimensions, "height", height),
    TEXT(listing_dimensions, "unit", unit, IN_ALL),
};
static const struct members dimensions = {ROWS(dimension_rows), sizeof(struct listing_dimensions)};

static const struct member value_rows[] = {
    TEXT(listing_value, "id", id, IN_ALL),
    TEXT(listing_value, "name", name, IN_ALL),
};
static const struct members value = {ROWS(value_rows), sizeof(struct listing_value)};

static const struct member attribute_rows[] = {
    TEXT(listing_attribute, "id", id, IN_ALL),
    LIST(listing_attribute, "values", values, value_count, IN_ALL, value),
};
static const struct members attribute = {ROWS(attribute_rows), sizeof(struct listing_attribute)};

static const struct member file_rows[] = {
    TEXT(listing_file, "id", id, IN_ALL),
    TEXT(listing_file, "name", name, IN_ALL),
    TEXT(listing_file, "format", format, IN_ALL),
};
static const struct members file = {ROWS(file_rows), sizeof(struct listing_file)};

static const struct member certificate_rows[] = {
    TEXT(listing_certificate, "id", id, IN_ALL),
    LIST(listing_certificate, "images", images.rows, images.count, IN_ALL, image),
    LIST(listing_certificate, "files", files, file_count, IN_ALL, file),
    INT(listing_certificate, "expiration_date", expiration_date, IN_LOCAL),
};
static const struct members certificate = {ROWS(certificate_rows), sizeof(struct listing_certificate)};

static const struct member template_rows[] = {
    TEXT(listing_size_chart, "id", template_id, IN_ALL),
};
static const struct members chart_template = {ROWS(template_rows), sizeof(struct listing_size_chart)};

static const struct member size_chart_rows[] = {
    OBJECT(listing_size_chart, "image", image, image_said, IN_ALL, image),
    {"template", sizeof("template") - 1, MEMBER_OBJECT, IN_ALL, 0, 0, offsetof(struct listing_size_chart, template_said), &chart_template},
};
static const struct members size_chart = {ROWS(size_chart_rows), sizeof(struct listing_size_chart)};

static const struct member manufacturer_rows[] = {
    TEXT(listing_manufacturer, "name", name, IN_ALL),
    TEXT(listing_manufacturer, "address", address, IN_ALL),
    TEXT(listing_manufacturer, "phone_number", phone_number, IN_ALL),
    TEXT(listing_manufacturer, "email", email, IN_ALL),
};
static const struct members manufacturer = {ROWS(manufacturer_rows), sizeof(struct listing_manufacturer)};

static const struct member video_rows[] = {
    TEXT(listing_video, "id", id, IN_ALL),
};
static const struct members video = {ROWS(video_rows), sizeof(struct listing_video)};

static const struct member scheduled_rows[] = {
    FLAG(listing_draft, "is_enabled_scheduled_sale", scheduled_enabled, IN_ALL),
    INT(listing_draft, "schedule_sale_time", schedule_sale_time, IN_ALL),
};
static const struct members scheduled = {ROWS(scheduled_rows), sizeof(struct listing_draft)};

#define D listing_draft
static const struct member draft_rows[] = {
    TEXT(D, "save_mode", save_mode, IN_CREATE | IN_EDIT),
    TEXT(D, "title", title, IN_ALL),
    TEXT(D, "description", description, IN_ALL),
    TEXT(D, "category_id", category_id, IN_ALL),
    TEXT(D, "category_version", category_version, IN_CREATE | IN_EDIT | IN_GLOBAL),
    TEXT(D, "brand_id", brand_id, IN_ALL),
    LIST(D, "main_images", main_images.rows, main_images.count, IN_ALL, image),
    LIST(D, "skus", skus, sku_count, IN_ALL, sku),
    OBJECT(D, "package_weight", weight, weight.said, IN_ALL, weight),
    OBJECT(D, "package_dimensions", dimensions, dimensions.said, IN_ALL, dimensions),
    LIST(D, "product_attributes", attributes, attribute_count, IN_ALL, attribute),
    LIST(D, "certifications", certificates, certificate_count, IN_ALL, certificate),
    OBJECT(D, "size_chart", size_chart, size_chart.said, IN_ALL, size_chart),
    OBJECT(D, "manufacturer", manufacturer, manufacturer.said, IN_CREATE | IN_EDIT | IN_GLOBAL, manufacturer),
    TEXTS(D, "manufacturer_ids", manufacturer_ids, IN_ALL),
    TEXTS(D, "responsible_person_ids", responsible_person_ids, IN_ALL),
    OBJECT(D, "video", video, video.said, IN_ALL, video),
    TEXTS(D, "delivery_option_ids", delivery_option_ids, IN_LOCAL),
    {"delivery_options_ids", sizeof("delivery_options_ids") - 1, MEMBER_TEXTS, IN_LOCAL | READ_ONLY, offsetof(struct D, delivery_option_ids.rows),
     offsetof(struct D, delivery_option_ids.count), 0, NULL},
    TEXT(D, "external_product_id", external_product_id, IN_LOCAL),
    TEXT(D, "external_global_product_id", external_product_id, IN_GLOBAL),
    TEXT(D, "primary_combined_product_id", primary_combined_product_id, IN_CREATE | IN_CHECK),
    TEXT(D, "primary_combined_duct_id", primary_combined_product_id, IN_CREATE | READ_ONLY),
    FLAG(D, "is_cod_allowed", is_cod_allowed, IN_LOCAL),
    FLAG(D, "is_not_for_sale", is_not_for_sale, IN_CREATE),
    FLAG(D, "is_pre_owned", is_pre_owned, IN_LOCAL),
    FLAG(D, "auto_translate_enabled", auto_translate_enabled, IN_CREATE | IN_EDIT),
    TEXTS(D, "listing_platforms", listing_platforms, IN_LOCAL),
    TEXT(D, "shipping_insurance_requirement", shipping_insurance_requirement, IN_LOCAL),
    TEXT(D, "shipping_template_id", shipping_template_id, IN_LOCAL),
    INT(D, "minimum_order_quantity", minimum_order_quantity, IN_LOCAL),
    TEXT(D, "idempotency_key", idempotency_key, IN_CREATE),
    TEXT(D, "locale", locale, IN_CREATE | IN_EDIT),
    TEXT(D, "source_locale", locale, IN_GLOBAL),
    TEXTS(D, "key_product_features", key_product_features, IN_LOCAL),
    TEXTS(D, "search_terms", search_terms, IN_LOCAL),
    {"scheduled_sale", sizeof("scheduled_sale") - 1, MEMBER_OBJECT, IN_LOCAL, 0, 0, offsetof(struct D, scheduled_said), &scheduled},
    TEXT(D, "inventory_mode", inventory_mode, IN_EDIT),
};
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */

const struct members body_members = {ROWS(draft_rows), sizeof(struct listing_draft)};

bool member_is_there(const struct member *m, const void *row)
{
    const void *at = member_of(row, m->at);

    switch (m->kind) {
    case MEMBER_TEXT:
    case MEMBER_DECIMAL:
        return ((const struct str *)at)->p != NULL;
    case MEMBER_INT:
        return ((const struct listing_int *)at)->said;
    case MEMBER_FLAG:
        return *(const enum listing_flag *)at != LISTING_UNSAID;
    case MEMBER_MONEY:
        return ((const struct listing_money *)at)->said;
    case MEMBER_TEXTS:
    case MEMBER_LIST:
        return *(const void *const *)at != NULL;
    case MEMBER_OBJECT:
        return *(const bool *)member_of(row, m->said);
    case MEMBER_CURRENCY:
        break;
    }
    return false;
}
