/* sign.h - the signature of a request, as "Sign your API request" (2026-05-21) builds it
 */
#ifndef SANDBOX_SIGN_H
#define SANDBOX_SIGN_H

#include "base/hash.h"
#include "http/request.h"

/* secret + path + each parameter's name and value, by name, but sign and access_token,
 * + the body as it was sent unless it is multipart/form-data + secret; HMAC-SHA256 of it
 * under the secret. `with_body` false leaves the body out whatever it is. */
enum aisle_status sign_request(struct str secret, const struct http_request *r,
                               bool with_body, char out[SHA256_HEX_LEN + 1],
                               struct aisle_err *err);

#endif
