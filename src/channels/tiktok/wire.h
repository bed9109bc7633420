/* wire.h - TikTok Shop's calls: what is sent, what is read, and the calls made of both
 *
 * The build and read functions are pure. Readers take a whole envelope (call.h), put text
 * into the arena and read tolerantly: where pages, samples and live answers disagree,
 * docs/wire/tiktok.md says what is taken for what.
 */
#ifndef CHANNELS_TIKTOK_WIRE_H
#define CHANNELS_TIKTOK_WIRE_H

#include "channels/tiktok/call.h"

/* ---- Get Categories 202309 ---- */

void tiktok_categories_build(const struct channel_tree_request *request,
                             struct tiktok_request *out);
/* The same about global leaves, which are no platform's and no shop's. */
void tiktok_global_categories_build(const struct channel_tree_request *request,
                                    struct tiktok_request *out);
/* Reads an answer as it goes by. Starts as {.arena = …}. */
struct tiktok_categories {
    struct arena *arena;
    struct arena_mark mark; /* before the answer */
    struct category_row *rows;
    bool *leaf_told; /* by row: is_leaf was there */
    size_t count, room;
    bool untold; /* is_leaf was not there, somewhere */
    enum aisle_status status;
    struct aisle_err err;
};
struct tiktok_reader tiktok_categories_reader(struct tiktok_categories *c);
/* What was read. AISLE_GARBLED when it is no list of categories, AISLE_LIMIT over
 * TAXONOMY_MAX_CATEGORIES. */
enum aisle_status tiktok_categories_take(struct tiktok_categories *c, struct str locale,
                                         struct category_rows *out,
                                         struct aisle_err *err);
enum aisle_status tiktok_fetch_categories(struct channel_session *s,
                                          const struct channel_tree_request *request,
                                          struct arena *arena, struct category_rows *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err);
enum aisle_status
tiktok_fetch_global_categories(struct channel_session *s,
                               const struct channel_tree_request *request,
                               struct arena *arena, struct category_rows *out,
                               struct channel_meta *meta, struct aisle_err *err);
/* "permission_statuses" of a category in a tree of JSON, as permission bits. */
unsigned tiktok_permissions_read(const json_t *category);

/* ---- Recommend Category 202309 ---- */

/* The body is appended to `body`, which out then points at. */
enum aisle_status tiktok_recommend_build(const struct channel_question *question,
                                         struct buf *body, struct tiktok_request *out,
                                         struct aisle_err *err);
enum aisle_status tiktok_recommend_read(const json_t *envelope, struct arena *arena,
                                        struct channel_advice *out,
                                        struct aisle_err *err);
enum aisle_status tiktok_recommend(struct channel_session *s,
                                   const struct channel_question *question,
                                   struct arena *arena, struct channel_advice *out,
                                   struct channel_meta *meta, struct aisle_err *err);

enum aisle_status tiktok_recommend_global(struct channel_session *s,
                                          const struct channel_question *question,
                                          struct arena *arena, struct channel_advice *out,
                                          struct channel_meta *meta,
                                          struct aisle_err *err);

/* ---- Upload Product Image 202309 ---- */

enum { TIKTOK_IMAGE_PARTS = 2 };
void tiktok_image_build(const struct channel_image *image,
                        struct net_part parts[TIKTOK_IMAGE_PARTS],
                        struct tiktok_request *out);
enum aisle_status tiktok_image_read(const json_t *envelope, struct arena *arena,
                                    struct pushed_image *out, struct aisle_err *err);
enum aisle_status tiktok_push_image(struct channel_session *s,
                                    const struct channel_image *image,
                                    struct arena *arena, struct pushed_image *out,
                                    struct channel_meta *meta, struct aisle_err *err);

/* ---- tokens, and Get Authorized Shops 202309 ---- */

enum tiktok_grant { TIKTOK_BY_CODE, TIKTOK_BY_REFRESH_TOKEN };
/* Path and query for the token host: secret, appended. */
enum aisle_status tiktok_token_build(enum tiktok_grant grant, struct str app_key,
                                     struct str app_secret, struct str code_or_token,
                                     struct buf *out, struct aisle_err *err);
/* Tokens, their expiry and scopes; the rest of *out is left alone. */
enum aisle_status tiktok_token_read(const json_t *envelope, struct arena *arena,
                                    struct shop_keys *out, struct aisle_err *err);
enum aisle_status tiktok_refresh(struct channel_session *s, struct arena *arena,
                                 struct shop_keys *out, struct channel_meta *meta,
                                 struct aisle_err *err);
enum aisle_status tiktok_exchange_code(struct channel_session *s, struct str code,
                                       struct arena *arena, struct shop_keys *out,
                                       struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_consent_url(struct str service_id, struct str region,
                                     struct str state, struct buf *out,
                                     struct aisle_err *err);

void tiktok_shops_build(struct tiktok_request *out);
enum aisle_status tiktok_shops_read(const json_t *envelope, struct arena *arena,
                                    const struct channel_shop **out, size_t *count,
                                    struct aisle_err *err);
enum aisle_status tiktok_fetch_shops(struct channel_session *s, struct arena *arena,
                                     const struct channel_shop **out, size_t *count,
                                     struct channel_meta *meta, struct aisle_err *err);

#endif
