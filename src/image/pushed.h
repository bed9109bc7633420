/* pushed.h - an image already at the marketplace, and its uri: the guide's TikTok Shop
 * image; and a file (video, PDF), whose uri is its id and whose use case PRODUCT_FILE */
#ifndef IMAGE_PUSHED_H
#define IMAGE_PUSHED_H

#include "base/hash.h"

struct pushed_image {
    struct str seller_id, shop_id;
    struct str id;            /* a UUID of ours: TikTokShopImageId */
    struct str uri;           /* what calls refer to it by */
    struct str url;           /* where it can be seen; may be empty */
    struct sha256 bytes_hash; /* equal bytes are pushed once a shop */
    uint32_t width, height;
    struct str use_case; /* "MAIN_IMAGE" */
    struct str request_id;
    int64_t pushed_at;
};

/* Bytes a marketplace would not take. */
struct refused_image {
    struct str seller_id, shop_id;
    struct sha256 bytes_hash;
    struct str use_case;
    struct str code, text; /* the marketplace's */
    int64_t at;
};

#endif
