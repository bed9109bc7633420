/* scrub.h - takes secrets out of anything that can be shown, logged or kept
 *
 * Knows the shapes secrets travel in: query parameters and JSON members named
 * access_token, refresh_token, app_secret, client_secret, auth_code, code (in a return
 * address), sign, shop_cipher, password, token; the headers Authorization,
 * x-tts-access-token, Cookie, Set-Cookie; user:password@ in a URL. What is between is
 * replaced by "***". Matching is by name, whatever the case, whether the value is quoted,
 * escaped or percent-encoded.
 */
#ifndef BASE_SCRUB_H
#define BASE_SCRUB_H

#include "base/buf.h"

/* Appends text to out with every secret replaced. Linear in text. */
void scrub_text(struct str text, struct buf *out);

#endif
