/* sign.h - TikTok Shop's signature of a request ("Sign your API request", 2026-05-21)
 *
 * HMAC-SHA256 over path, sorted query and body as they are sent, between two app secrets.
 * Pure: sends nothing, reads no clock.
 */
#ifndef CHANNELS_TIKTOK_SIGN_H
#define CHANNELS_TIKTOK_SIGN_H

#include "base/hash.h"

struct tiktok_param {
    struct str name, value; /* as they are meant, not yet encoded for an address */
};

struct tiktok_signed {
    struct str path; /* "/product/202309/categories" */
    const struct tiktok_param *params;
    size_t param_count; /* `sign` and `access_token` among them are left out */
    struct str body;    /* the bytes sent; left out for multipart/form-data */
    struct str content_type;
};

enum { TIKTOK_MAX_PARAMS = 16 }; /* over it AISLE_LIMIT */

/* 64 lower-case hexadecimal digits. */
enum aisle_status tiktok_sign(struct str secret, const struct tiktok_signed *what,
                              char out[SHA256_HEX_LEN + 1], struct aisle_err *err);

#endif
