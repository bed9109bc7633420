/* wire.h - Tokopedia's calls: what is sent, what is read, and the calls made of both
 *
 * The build and read functions are pure. Readers put text into the arena and read
 * tolerantly; docs/wire/tokopedia.md says what is taken for what.
 */
#ifndef CHANNELS_TOKOPEDIA_WIRE_H
#define CHANNELS_TOKOPEDIA_WIRE_H

#include "base/json.h"
#include "channels/call.h"

#define TOKOPEDIA_API_HOST "fs.tokopedia.net"
#define TOKOPEDIA_TOKEN_HOST "accounts.tokopedia.com"

/* ---- what all calls share ---- */

/* The three forms of an answer: {"header", "data"}, {"data", "status", "error_message"},
 * and an HTML page. Fills meta and verdict; with verdict->status AISLE_OK *out is the
 * whole document, yours (json_decref). Fails with AISLE_NOMEM only. */
enum aisle_status tokopedia_envelope_read(struct str body, int http_status,
                                          struct channel_meta *meta,
                                          struct channel_verdict *verdict, json_t **out,
                                          struct aisle_err *err);

/* What an answer's headers say of its limit ("X-Ratelimit-Limit: 5 req/s (burst 5)"). */
struct tokopedia_rate {
    double per_second; /* 0: it does not say */
    int wait_s;        /* until there is room again, rounded up */
};
void tokopedia_rate_read(const struct net_reply *reply, struct tokopedia_rate *out);

/* GET path with the bearer token, repeated as documented; *out is the document, yours.
 * AISLE_AUTH without an access token. */
enum aisle_status tokopedia_send(struct channel_session *s, const char *what,
                                 struct str path, json_t **out, struct channel_meta *meta,
                                 struct aisle_err *err);

/* ---- Get All Categories ---- */

/* Path and query, appended. keyword "" asks for the whole tree. AISLE_CONFIG: fs_id is no
 * positive integer. */
enum aisle_status tokopedia_categories_build(struct str fs_id, struct str keyword,
                                             struct buf *out, struct aisle_err *err);
/* Without keyword: the tree, unrolled, a parent before its children, in their order.
 * AISLE_LIMIT over TOKOPEDIA_MAX_DEPTH levels or TAXONOMY_MAX_CATEGORIES. */
enum { TOKOPEDIA_MAX_DEPTH = 64 };
enum aisle_status tokopedia_tree_read(const json_t *document, struct arena *arena,
                                      struct category_rows *out, struct aisle_err *err);
/* With keyword: what was found, best first; each a leaf, named by the last part of its
 * breadcrumb, without a parent: the way to it is found by its id in a stored tree. */
enum aisle_status tokopedia_hits_read(const json_t *document, struct arena *arena,
                                      struct category_rows *out, struct aisle_err *err);
enum aisle_status tokopedia_fetch_categories(struct channel_session *s,
                                             const struct channel_tree_request *request,
                                             struct arena *arena,
                                             struct category_rows *out,
                                             struct channel_meta *meta,
                                             struct aisle_err *err);

/* ---- the keyword call as a recommendation ---- */

enum aisle_status tokopedia_recommend(struct channel_session *s,
                                      const struct channel_question *question,
                                      struct arena *arena, struct channel_advice *out,
                                      struct channel_meta *meta, struct aisle_err *err);

/* ---- token by client credentials ---- */

/* "Basic …" for the header, secret, appended. AISLE_CONFIG: id or secret is missing. */
enum aisle_status tokopedia_token_build(struct str client_id, struct str client_secret,
                                        struct buf *out, struct aisle_err *err);
/* The token itself, an error in words of OAuth, or a page. As tokopedia_envelope_read. */
enum aisle_status tokopedia_token_envelope_read(struct str body, int http_status,
                                                struct channel_meta *meta,
                                                struct channel_verdict *verdict,
                                                json_t **out, struct aisle_err *err);
enum aisle_status tokopedia_token_read(const json_t *document, int64_t now_s,
                                       struct arena *arena, struct shop_keys *out,
                                       struct aisle_err *err);
enum aisle_status tokopedia_refresh(struct channel_session *s, struct arena *arena,
                                    struct shop_keys *out, struct channel_meta *meta,
                                    struct aisle_err *err);

#endif
