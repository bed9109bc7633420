/* assemble.h - from the seller's product to a draft, with everything it could not fill
 *
 * Product first, then what its seller category says, then what its shop says: the first
 * that has a field wins. Attributes are filled by what people taught (lessons), by id, by
 * name, by synonym and by value; where none of these has one, by a lesson without a
 * column. What is left is listed once a leaf for a person. Fetches
 * and uploads nothing: images come with their uris or are pushed later.
 */
#ifndef LISTING_ASSEMBLE_H
#define LISTING_ASSEMBLE_H

#include "catalog/product.h"
#include "listing/draft.h"
#include "listing/lesson.h"
#include "listing/limits.h"
#include "listing/papers.h"
#include "listing/requirement.h"

struct listing_field { /* a column of the seller's, whatever its name */
    struct str name, value;
};

/* What a cell says something costs; empty where it says nothing. */
struct listing_price {
    struct str text;
    bool point; /* a number: its "." is before decimals */
};

/* One way to buy the product. A product without variants is one SKU. */
struct listing_variant {
    struct str seller_sku;
    struct listing_price price, list_price; /* empty: the product's, none */
    struct str quantity;                    /* empty: the default's */
    struct str identifier_code;             /* as the seller has it */
    struct str combined; /* "PRODUCT/SKU x 2; PRODUCT/SKU": what it is a bundle of */
    struct listing_image image;
    const struct listing_field *options; /* "Color" "Red": in order */
    size_t option_count;
    const struct listing_field *stocks; /* "Stock Gudang Timur" "12": where it lies */
    size_t stock_count;
};

struct assemble_request {
    const struct product *product;
    const struct listing_field *fields; /* further columns; see listing_fields */
    size_t field_count;
    const struct listing_variant *variants;
    size_t variant_count;
    const struct listing_image *images; /* main first */
    size_t image_count;
    const struct listing_paper *papers; /* as listing_papers found them */
    size_t paper_count;
    struct str category_id, category_version;
    const struct requirement *requirement; /* may be NULL: no attributes then */
    const struct listing_shop *shop;       /* may be NULL: no brand, no warehouse */
    const struct listing_limits *limits;
    /* Drafts read from bodies (listing/body.h); NULL for none. Of their first SKU comes
     * what every SKU is given: warehouse and quantity, pre-sale. */
    const struct listing_draft *category_defaults, *shop_defaults;
    const struct attribute_lesson *lessons; /* those of another leaf are passed over */
    size_t lesson_count;
    struct str idempotency_key; /* a UUID, from outside */
    struct str save_mode;
};

enum unfilled_why {
    UNFILLED_NO_FIELD, /* no column of the product is it */
    UNFILLED_NO_VALUE, /* the column is there, its value is none of those allowed */
};

struct unfilled_attribute {
    struct str attribute_id, name;
    bool required;
    enum unfilled_why why;
    struct str seller_name, seller_value; /* with UNFILLED_NO_VALUE */
};

struct assembled {
    struct listing_draft draft;
    const struct unfilled_attribute *unfilled; /* as the requirement has them, those that
                                                * depend on another last */
    size_t unfilled_count;
};

/* The draft lives in the arena and borrows from the request. AISLE_NOMEM. It does not
 * judge: an incomplete product makes an incomplete draft. */
enum aisle_status listing_assemble(const struct assemble_request *request,
                                   struct arena *arena, struct assembled *out,
                                   struct aisle_err *err);

/* The columns and variants kept in product.attributes (a JSON object; Shopify's
 * "variants" and "images" lists too) as fields and variants, in the arena. Nothing there
 * gives none. AISLE_GARBLED, AISLE_NOMEM. */
enum aisle_status listing_fields(const struct product *product, struct arena *arena,
                                 struct assemble_request *out, struct aisle_err *err);

#endif
