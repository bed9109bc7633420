/* gate.h - the gateway's checks before an endpoint is reached, in their order
 *
 * path, method, version, app_key, address, timestamp, sign, token, scope, cipher, rate,
 * form of the body; then the endpoint's own. The order is partly a guess: a made-up path
 * was answered 404, and a good one with a made-up app_key 400 (recorded answers).
 */
#ifndef SANDBOX_GATE_H
#define SANDBOX_GATE_H

#include "sandbox/call.h"

enum cipher_rule { CIPHER_REQUIRED, CIPHER_FORBIDDEN };

struct endpoint {
    const char *method, *path; /* "/product/{version}/categories" */
    const char *version;       /* those there are: "202309,202509" */
    const char *scope;
    enum cipher_rule cipher;
    bool upload; /* multipart/form-data, else a JSON body where there is one */
    void (*run)(struct call *c);
};

/* The endpoint a path and method lead to, whatever its version; NULL: no such path. */
const struct endpoint *gate_find(const struct http_request *r, bool *wrong_method);
/* Does the path begin as an Open API path does, /domain/202309/? */
bool gate_is_api(struct str path);
/* All checks, then the endpoint. */
void gate_pass(struct call *c);

/* The handlers, a file each. */
void shops_authorized(struct call *c);
void shops_of_seller(struct call *c);
void categories_get(struct call *c);
void recommend_category(struct call *c);
void recommend_global_category(struct call *c);
void images_upload(struct call *c);

#endif
