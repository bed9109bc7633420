/* listing_wire.h - TikTok Shop's calls about requirements and products, as wire.h has the
 * others
 *
 * Read functions are pure and take a whole envelope. Where pages and live answers
 * disagree, docs/wire/tiktok.md says what is taken for what.
 */
#ifndef CHANNELS_TIKTOK_LISTING_WIRE_H
#define CHANNELS_TIKTOK_LISTING_WIRE_H

#include "channels/listing.h"
#include "channels/tiktok/wire.h"

/* A path with an id in it is
 * made in the arena; an id that is not of letters, digits, - and _ is AISLE_INVALID. */
enum aisle_status tiktok_path(struct arena *arena, const char *before, struct str id,
                              const char *after, const char **out, struct aisle_err *err);

/* The most of any list that is read; more is AISLE_LIMIT. */
enum { TIKTOK_LIST_MAX = 20000 };
/* Entries of data's list `key`; none when it is absent or null. */
enum aisle_status tiktok_list(const json_t *data, const char *key, const char *what,
                              const json_t **out, size_t *count, struct aisle_err *err);

/* ---- Get Category Rules, Get Attributes 202309 ---- */

/* Fill the parts of *out that the call tells of. */
enum aisle_status tiktok_rules_read(const json_t *envelope, struct arena *arena,
                                    struct requirement *out, struct aisle_err *err);
enum aisle_status tiktok_attributes_read(const json_t *envelope, struct arena *arena,
                                         struct requirement *out, struct aisle_err *err);
enum aisle_status tiktok_fetch_requirement(struct channel_session *s,
                                           const struct channel_leaf *leaf,
                                           struct arena *arena, struct requirement *out,
                                           struct channel_meta *meta,
                                           struct aisle_err *err);

enum aisle_status tiktok_fetch_global_requirement(
    struct channel_session *s, const struct channel_leaf *leaf, struct arena *arena,
    struct requirement *out, struct channel_meta *meta, struct aisle_err *err);

/* ---- Get Brands, Create Custom Brand 202309; Get Warehouses 202309; Check Listing
 * Prerequisites 202312; Upload Product File 202309 ---- */

enum aisle_status tiktok_brands_read(const json_t *envelope, struct arena *arena,
                                     struct channel_brand_page *out,
                                     struct aisle_err *err);
enum aisle_status tiktok_fetch_brands(struct channel_session *s,
                                      const struct channel_brand_query *query,
                                      struct arena *arena, struct channel_brand_page *out,
                                      struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_create_brand(struct channel_session *s, struct str name,
                                      struct arena *arena, struct str *id,
                                      struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_warehouses_read(const json_t *envelope, struct arena *arena,
                                         const struct shop_warehouse **out, size_t *count,
                                         struct aisle_err *err);
enum aisle_status tiktok_fetch_warehouses(struct channel_session *s, struct arena *arena,
                                          const struct shop_warehouse **out,
                                          size_t *count, struct channel_meta *meta,
                                          struct aisle_err *err);
enum aisle_status tiktok_prerequisites_read(const json_t *envelope, struct arena *arena,
                                            const struct channel_prerequisite **out,
                                            size_t *count, struct aisle_err *err);
enum aisle_status tiktok_fetch_prerequisites(struct channel_session *s,
                                             struct arena *arena,
                                             const struct channel_prerequisite **out,
                                             size_t *count, struct channel_meta *meta,
                                             struct aisle_err *err);
enum aisle_status tiktok_file_read(const json_t *envelope, struct arena *arena,
                                   struct channel_pushed_file *out,
                                   struct aisle_err *err);
enum aisle_status tiktok_push_file(struct channel_session *s,
                                   const struct channel_file *file, struct arena *arena,
                                   struct channel_pushed_file *out,
                                   struct channel_meta *meta, struct aisle_err *err);

/* ---- products ---- */

enum aisle_status tiktok_check_read(const json_t *envelope, struct arena *arena,
                                    struct channel_listing_check *out,
                                    struct aisle_err *err);
enum aisle_status tiktok_listed_read(const json_t *envelope, struct arena *arena,
                                     struct channel_listed *out, struct aisle_err *err);
/* {"id", "seller_sku"} of data's list `key`, and the names of option values. */
enum aisle_status tiktok_skus_read(const json_t *data, const char *key, const char *what,
                                   struct arena *arena,
                                   const struct channel_listed_sku **out, size_t *count,
                                   struct aisle_err *err);
/* Get Product's data, and one entry of Search Products'. */
enum aisle_status tiktok_product_read(const json_t *envelope, struct arena *arena,
                                      struct channel_product *out, struct aisle_err *err);
enum aisle_status tiktok_products_read(const json_t *envelope, struct arena *arena,
                                       struct channel_product_page *out,
                                       struct aisle_err *err);
enum aisle_status tiktok_unchanged_read(const json_t *envelope, struct arena *arena,
                                        const struct channel_unchanged **out,
                                        size_t *count, struct aisle_err *err);

enum aisle_status tiktok_check(struct channel_session *s, struct str body,
                               struct arena *arena, struct channel_listing_check *out,
                               struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_create(struct channel_session *s, struct str body,
                                struct arena *arena, struct channel_listed *out,
                                struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_edit(struct channel_session *s, struct str product_id,
                              enum channel_edit how, struct str body, struct arena *arena,
                              struct channel_listed *out, struct channel_meta *meta,
                              struct aisle_err *err);
enum aisle_status tiktok_get(struct channel_session *s, struct str product_id,
                             struct arena *arena, struct channel_product *out,
                             struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_search(struct channel_session *s,
                                const struct channel_product_query *query,
                                struct arena *arena, struct channel_product_page *out,
                                struct channel_meta *meta, struct aisle_err *err);
enum aisle_status tiktok_change(struct channel_session *s, enum channel_change change,
                                const struct str *product_ids, size_t count,
                                struct arena *arena, const struct channel_unchanged **out,
                                size_t *unchanged_count, struct channel_meta *meta,
                                struct aisle_err *err);
enum aisle_status tiktok_upgrade_categories(struct channel_session *s,
                                            struct channel_meta *meta,
                                            struct aisle_err *err);

extern const struct channel_listing_ops tiktok_listing_ops;

/* ---- global products 202309, their search 202312; Get Global Warehouses 202309 ---- */

enum aisle_status tiktok_global_warehouses_read(const json_t *envelope,
                                                struct arena *arena,
                                                const struct shop_warehouse **out,
                                                size_t *count, struct aisle_err *err);
/* What Create and Edit Global Product answer. */
enum aisle_status tiktok_global_listed_read(const json_t *envelope, struct arena *arena,
                                            struct channel_listed *out,
                                            struct aisle_err *err);
enum aisle_status tiktok_global_product_read(const json_t *envelope, struct arena *arena,
                                             struct channel_product *out,
                                             struct aisle_err *err);
/* What Publish Global Product answers. */
enum aisle_status tiktok_published_read(const json_t *envelope, struct arena *arena,
                                        const struct channel_market **out, size_t *count,
                                        struct aisle_err *err);
enum aisle_status tiktok_search_global(struct channel_session *s,
                                       const struct channel_product_query *query,
                                       struct arena *arena,
                                       struct channel_product_page *out,
                                       struct channel_meta *meta, struct aisle_err *err);
enum aisle_status
tiktok_change_global(struct channel_session *s, enum channel_change change,
                     const struct str *product_ids, size_t count, struct arena *arena,
                     const struct channel_unchanged **out, size_t *unchanged_count,
                     struct channel_meta *meta, struct aisle_err *err);

extern const struct channel_listing_ops tiktok_global_listing_ops;

#endif
