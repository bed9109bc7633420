/* scrub.h - takes secrets out of anything that can be shown, logged or kept
 *
 * Knows the shapes secrets travel in: query parameters and JSON members whose names end
 * in access_token, refresh_token, security_token, access_key, secret_key, api_key,
 * app_secret, client_secret, auth_code, amz_signature, shop_cipher, password or passwd,
 * or are token, secret, sign, cipher, or, in an address, code; the headers Authorization,
 * x-tts-access-token, Cookie, Set-Cookie, to the end of their line; user:password@ in a
 * URL. What is between is replaced by "***". Matching is by name, whatever the case and
 * with or without - and _, whether the value is quoted, escaped or percent-encoded.
 */
#ifndef BASE_SCRUB_H
#define BASE_SCRUB_H

#include "base/buf.h"

/* Appends text to out with every secret replaced. Linear in text. */
void scrub_text(struct str text, struct buf *out);

#endif
