/* api.h - our JSON interface under /api/v1, and the few addresses beside it that programs
 * ask: /healthz, /readyz, /metrics
 *
 * Serves one struct app. Handlers read the store; whatever changes something is a flow.
 * Nothing is answered without a session or a token but health, signing in, signed
 * webhooks, the return of a seller's consent, and the description of the interface. Does
 * not listen (http/server.h) and does not serve pages.
 */
#ifndef API_API_H
#define API_API_H

#include "flows/app.h"
#include "http/route.h"
#include "http/server.h"

struct api;

/* An app that shops may be connected through. Its secret is never sent in or out. */
struct api_app {
    struct str channel, app_key, app_secret;
    struct str service_id;        /* for the consent page, or "" */
    struct str api_url, auth_url; /* a stand-in for the marketplace; "" none */
};

struct api_settings {
    const struct app *app; /* outlives the api */
    const struct api_app *apps;
    size_t app_count;
    const atomic_size_t *log_dropped; /* lines of the log nobody took; or NULL */
    struct str image_root; /* folder relative image locations are under; "" none */
    struct str model;      /* file of a model suggestions come from too; "" none */
    bool secure;           /* reached over TLS: cookies are for it only */
    struct str origin;     /* "https://aisle.example": writes from elsewhere are refused;
                              "" whatever Host says */
    struct str welcome;    /* the one-time code that makes the first admin; "" none */
    bool open_metrics;     /* /metrics without signing in */
    bool proxied;          /* a proxy before us says who asks, in X-Forwarded-For */
    bool allow_private;    /* images from private addresses are fetched */
};

/* Text of the settings is borrowed for as long as the api lives. */
enum aisle_status api_new(const struct api_settings *settings, struct api **out,
                          struct aisle_err *err);
/* Asks jobs under way to stop and waits for them. NULL is fine. */
void api_free(struct api *api);

/* Whether a path is ours. */
bool api_is_for(struct str path);

/* For struct http_settings; ctx is the api. */
void api_handle(void *ctx, const struct http_request *request, struct http_reply *reply);
/* HTTP_UNREAD for who may not do it, and where nothing is. */
size_t api_max_body(void *ctx, const struct http_request *request);
enum http_lane api_lane(void *ctx, const struct http_request *request);
void api_refuse(void *ctx, const struct http_request *request, int status,
                const char *why, struct http_reply *reply);

/* Every route, for the test that holds them against openapi.yaml: one after the other
 * until NULL. */
const struct http_route *api_route_at(size_t i);
/* What its JSON body takes: "target lessons[column value]"; "" none. */
const char *api_route_takes(size_t i);

#endif
