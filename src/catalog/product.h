/* product.h - what the seller has: products, own categories, where images are
 *
 * The guide's tables under our words: product(productId, name, localCategoryId, imageId),
 * product image mapping(imageId, fileName, localImageId, TikTokShopImageId) and local
 * image(localImageId, localImageUrl). The third, TikTok Shop image, is image/pushed.h.
 */
#ifndef CATALOG_PRODUCT_H
#define CATALOG_PRODUCT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"

enum {
    PRODUCT_MAX_ID = 255, /* a Shopify handle may have as many */
    PRODUCT_MAX_TITLE =
        2000, /* bytes; the marketplace's own limits are judged elsewhere */
    PRODUCT_MAX_DESCRIPTION = 262144,
    PRODUCT_MAX_FIELD = 4096,
    PRODUCT_MAX_ATTRIBUTES = 65536,
};

struct product {
    struct str seller_id;
    struct str id;    /* the seller's own: sku or handle; the guide's productId */
    struct str title; /* the guide's name */
    struct str description;
    struct str brand;
    struct str seller_category_id; /* the guide's localCategoryId; empty for none */
    struct str image_id; /* the guide's imageId: product_image_id; empty for none */
    struct str
        image_location; /* where its main image is: https://…, http://…, or a file path */
    struct str
        attributes; /* JSON object of the columns we know no other place for; may be "" */
    int64_t price_minor; /* -1 unknown; in hundredths where no currency is known */
    struct str currency; /* ISO 4217, "" unknown */
    int64_t created_at, updated_at;
    int64_t version; /* grows with each change; 0 before it is stored */
};

/* The seller's own category. Its id is its path as the seller writes it, blanks and ">"
 * evened out ("Fashion > Kaos"), unless a file gave it one. */
struct seller_category {
    struct str seller_id, id, path;
    size_t products; /* filled where a query counts them */
};

/* The guide's product image mapping and local image, one of each an image location. */
struct product_image {
    struct str seller_id;
    struct str id; /* imageId */
    struct str file_name;
    struct str local_image_id;
    struct str location; /* of the local image: localImageUrl */
    struct str
        channel_image_id; /* TikTokShopImageId of one shop; empty (null) until pushed */
};

/* "a>b  > c " to "a > b > c": parts trimmed, runs of blanks one blank, empty parts
 * dropped, joined by " > ". Splits at ">"; where there is none at "|"; where there is
 * neither at "/" (so "Fashion > Tops / Shirts" has two parts). Appends. */
void seller_category_path(struct str raw, struct buf *out);

/* AISLE_INVALID with the field for a person: no id, no title, not UTF-8 or a NUL in it,
 * over a limit, a currency that is none of ISO 4217. */
enum aisle_status product_check(const struct product *p, struct aisle_err *err);
/* Whether two have the same content (ids, versions and times aside). */
bool product_same(const struct product *a, const struct product *b);

/* Stable ids for an image location of a seller: the same location gives the same ids, at
 * most IMAGE_ID_LEN characters. The end of its folder's name, the beginning of its file's
 * and a digest ("images-1001-jpg-5a473b39…"): what lies together in a seller's file lies
 * together in an index, over all of which digests alone would be strewn. kind: "image"
 * (imageId) or "local" (localImageId). */
enum { IMAGE_ID_LEN = 54 };
enum aisle_status image_id_of(const char *kind, struct str seller_id, struct str location,
                              char out[IMAGE_ID_LEN + 1], struct aisle_err *err);

#endif
