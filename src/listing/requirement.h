/* requirement.h - what a leaf demands of a listing, and what a shop has to offer
 *
 * A leaf's requirement is what Get Category Rules and Get Attributes tell, in words that
 * belong to no channel; it is synced, kept and compared like the tree. What the shop has
 * (brands, warehouses, delivery options, products to combine) stands beside it: both
 * together are what a draft is held against. A list that was never asked for is not
 * `known`, and then nothing is concluded from its absence. All text lives in the arena it
 * was read into.
 */
#ifndef LISTING_REQUIREMENT_H
#define LISTING_REQUIREMENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "image/look.h"

/* Holds when the draft's attribute has that value (VALUE_ID_MATCH, the only kind there
 * is). */
struct requirement_condition {
    struct str attribute_id, value_id;
    struct str region; /* of a global leaf: counts in that market; else empty */
};

struct requirement_conditions {
    const struct requirement_condition *rows; /* any one of them makes it so */
    size_t count;
};

struct required_certificate {
    struct str id, name;
    bool required;          /* false with conditions: required when one holds */
    struct str required_in; /* of a global leaf: markets, "MY,TH" sorted; else empty */
    bool expiration_required;
    struct str details;    /* what the document must show; may be empty */
    struct str sample_url; /* may be empty */
    struct requirement_conditions when;
};

struct required_value {
    struct str id, name;
};

struct required_attribute {
    struct str id, name;
    bool sales;    /* tells SKUs apart; else it describes the product */
    bool required; /* false with conditions: required when one holds, else left out */
    struct str required_in; /* as a certificate's */
    bool customizable;      /* takes values of one's own */
    bool multiple;          /* takes several */
    bool number;            /* positive whole or decimal (POSITIVE_INT_OR_DECIMAL) */
    struct requirement_conditions when;
    const struct required_value *values;
    size_t value_count;
};

struct required_fee {
    struct str type; /* "PFAND" */
    bool required;
};

/* Of one leaf. Certificates and attributes sorted by id, no id twice; values in the order
 * sent, no id twice. */
struct requirement {
    struct str category_id, version, locale;
    bool rules_known, attributes_known; /* which of the two calls were made */
    const struct required_certificate *certificates;
    size_t certificate_count;
    bool size_chart_supported, size_chart_required;
    bool cod_supported;
    bool package_dimension_required;
    bool epr_required, manufacturer_required, responsible_person_required;
    struct str manufacturer_in, responsible_person_in; /* as required_in */
    struct str special_types; /* "CUSTOM,PRE_ORDER": sorted; "" for none */
    const struct required_fee *fees;
    size_t fee_count;
    const struct required_attribute *attributes;
    size_t attribute_count;
};

/* ---- what the shop has ---- */

struct shop_brand {
    struct str id, name;
    bool authorized, available, t1;
};

struct shop_warehouse {
    struct str id, name;
    struct str type;   /* "SALES_WAREHOUSE", "RETURN_WAREHOUSE" */
    struct str status; /* "ENABLED", "DISABLED", "RESTRICTED" */
    bool is_default;
};

struct shop_delivery_option {
    struct str id, name, warehouse_id;
    int64_t max_weight_g;                               /* 0 unknown */
    int64_t max_length_mm, max_width_mm, max_height_mm; /* 0 unknown */
};

/* A product of the shop that another may be combined with. */
struct shop_product_sku {
    struct str id;
    int64_t price_minor; /* -1 unknown */
    bool deactivated;
};
struct shop_product {
    struct str id, category_id, top_category_id, brand_id, status; /* "ACTIVATE" */
    const struct shop_product_sku *skus;
    size_t sku_count;
};

/* An image that was uploaded, with what is known of it. */
struct shop_image {
    struct str uri;
    struct image_facts facts;
    bool white_known, white; /* whether its background is */
};

/* And a video. */
struct shop_video {
    struct str id;
    uint32_t width, height, seconds; /* 0 unknown */
};

/* What the category is to this shop, from its tree. */
struct shop_category {
    bool known;           /* the tree was looked into */
    bool exists, is_leaf; /* exists: in a tree of that version */
    unsigned permissions; /* enum category_permission */
    struct str version;   /* of the tree it is in; empty: the draft's own */
    struct str path;      /* for people; may be empty */
};

struct listing_shop {
    struct str market; /* region code, "ID"; empty unknown */
    bool cross_border; /* must go through global products */
    bool inactive;
    struct shop_category category;
    bool brands_known; /* the list is all the shop may name for this category */
    const struct shop_brand *brands;
    size_t brand_count;
    bool warehouses_known;
    bool warehouses_later; /* nobody asked: whoever sends it asks, and takes the shop's
                              own */
    const struct shop_warehouse *warehouses;
    size_t warehouse_count;
    bool delivery_options_known;
    const struct shop_delivery_option *delivery_options;
    size_t delivery_option_count;
    bool manufacturers_known, responsible_persons_known, size_charts_known,
        products_known;
    bool images_known; /* a uri that is not among them was never uploaded */
    const struct str *manufacturer_ids, *responsible_person_ids, *size_chart_ids;
    size_t manufacturer_count, responsible_person_count, size_chart_count;
    const struct shop_product *products;
    size_t product_count;
    const struct shop_image *images;
    size_t image_count;
    const struct shop_video *videos; /* those that are known */
    size_t video_count;
    /* Hosts of images in descriptions beside the marketplace's own: a stand-in's. */
    const struct str *image_hosts;
    size_t image_host_count;
    /* Platforms the shop sells on, "TIKTOK_SHOP", "TOKOPEDIA"; none: not known. */
    const struct str *platforms;
    size_t platform_count;
};

/* ---- text, digest ---- */

/* A requirement as one JSON object in our own words, equal ones byte for byte the same;
 * what a store keeps and `--requirements` reads. */
void requirement_format(const struct requirement *r, struct buf *out);
/* And back. AISLE_GARBLED when it is no such text. Unsorted lists are sorted, of two with
 * one id the first is kept. */
enum aisle_status requirement_parse(struct str text, struct arena *arena,
                                    struct requirement *out, struct aisle_err *err);
/* The shop's side in the same way. */
void listing_shop_format(const struct listing_shop *shop, struct buf *out);
enum aisle_status listing_shop_parse(struct str text, struct arena *arena,
                                     struct listing_shop *out, struct aisle_err *err);

/* Digest of what requirement_format writes, locale and names included. */
enum aisle_status requirement_hash(const struct requirement *r, struct sha256 *out,
                                   struct aisle_err *err);

/* Sorts by id and drops doubles, as the struct promises; for whoever builds one. */
size_t required_certificates_settle(struct required_certificate *rows, size_t count);
size_t required_attributes_settle(struct required_attribute *rows, size_t count);
/* Drops values whose id came before, and keeps the order. False: no memory, as it was. */
bool required_values_settle(struct required_value *rows, size_t *count,
                            struct arena *arena);

/* What a global leaf demands of a product for these markets: required is what one of them
 * requires. *out borrows from r, its lists are in the arena. */
enum aisle_status requirement_in_markets(const struct requirement *r,
                                         const struct str *markets, size_t count,
                                         struct arena *arena, struct requirement *out,
                                         struct aisle_err *err);

/* Borrowed from r; NULL when there is none. O(log n). */
const struct required_attribute *requirement_attribute(const struct requirement *r,
                                                       struct str id);
const struct required_certificate *requirement_certificate(const struct requirement *r,
                                                           struct str id);
const struct required_value *required_attribute_value(const struct required_attribute *a,
                                                      struct str id);

#endif
