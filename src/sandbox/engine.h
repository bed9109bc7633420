/* engine.h - what a running sandbox is made of; the room's own */
#ifndef SANDBOX_ENGINE_H
#define SANDBOX_ENGINE_H

#include "base/arena.h"
#include "http/server.h"
#include "sandbox/call.h"
#include "sandbox/forest.h"
#include "sandbox/gauge.h"
#include "sandbox/images.h"
#include "sandbox/journal.h"
#include "sandbox/keys.h"
#include "sandbox/sandbox.h"
#include "sandbox/temper.h"
#include "sandbox/truth.h"

#include <stdatomic.h>

struct market;

struct engine {
    struct sandbox_settings set; /* zeroes filled in; text in the arena */
    struct arena arena;
    struct sandbox_identity identity;
    const struct clock *clock;
    struct http_server *http;
    struct keys *keys;
    struct images *images;
    struct temper *temper;
    struct journal *journal;
    struct truth *truth; /* NULL: none */
    struct market *market;
    struct gauge *gauge; /* TikTok's, per app and shop */
    struct gauge *tokopedia_gauge;
    atomic_uint_fast64_t calls; /* for request ids */
    int64_t started_ms;

    pthread_mutex_t evolving; /* one evolution after another */
    pthread_mutex_t lock;     /* over what follows */
    struct forest *forest, *first_forest;
    char tokopedia_token[40];
    int64_t tokopedia_until_s;
    uint64_t tokopedia_made;
};

/* The forest as it is now, held. */
struct forest *engine_forest(struct engine *e);
void engine_set_forest(struct engine *e, struct forest *f); /* takes it */

/* The server's callbacks: any request, by its path. */
void engine_handle(void *ctx, const struct http_request *r, struct http_reply *reply);
size_t engine_max_body(void *ctx, const struct http_request *r);
void engine_refuse(void *ctx, const struct http_request *r, int status, const char *why,
                   struct http_reply *reply);

/* The rooms within the room, by path. */
bool panel_is_for(struct str path); /* /_sandbox/ */
void panel_handle(struct engine *e, const struct http_request *r,
                  struct http_reply *reply);
bool consent_is_for(struct str path); /* /open/authorize, /oauth/authorize */
void consent_handle(struct call *c);
bool token_is_for(struct str path); /* /api/v2/token/ */
void token_handle(struct call *c);
bool tokopedia_is_for(struct str path); /* /token, /inventory/v1/fs/ */
void tokopedia_handle(struct call *c);

/* The faults that take the place of an answer, in the form the path's side has. */
void tokopedia_too_many(struct call *c);
void tokopedia_unauthorized(struct call *c);
void tokopedia_broken(struct call *c, int status);

#endif
