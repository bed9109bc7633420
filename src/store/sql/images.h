/* images.h - the rows behind a product's image, for catalogue.c */
#ifndef STORE_SQL_IMAGES_H
#define STORE_SQL_IMAGES_H

#include "store/sql/rows.h"

/* "kaos.jpg" of "https://cdn.example/a/kaos.jpg?v=2" */
struct str sql_image_file_name(struct str location);
/* A product's imageId: its own, else that of its location, else "". */
enum aisle_status sql_image_id(const struct product *p, char out[PRODUCT_MAX_FIELD + 1],
                               struct aisle_err *err);
/* The rows of image_id are as p says; `gained`: p did not have it before. An image that
 * is somewhere else now is linked to nothing that was pushed before. */
enum aisle_status sql_put_image(struct conn *c, const struct product *p,
                                struct str image_id, bool gained, struct aisle_err *err);
/* A product less has it: the last one takes its rows and links along. */
enum aisle_status sql_let_go_image(struct conn *c, struct str seller_id,
                                   struct str image_id, struct aisle_err *err);

enum aisle_status sql_get_image(struct store *s, struct str seller_id,
                                struct str image_id, struct str shop_id,
                                struct arena *arena, struct product_image *out,
                                struct aisle_err *err);
enum aisle_status sql_get_pushed(struct store *s, struct str seller_id,
                                 struct str shop_id, struct str channel_image_id,
                                 struct arena *arena, struct pushed_image *out,
                                 struct aisle_err *err);
enum aisle_status sql_find_pushed(struct store *s, struct str seller_id,
                                  struct str shop_id, const struct sha256 *bytes_hash,
                                  struct str use_case, struct arena *arena,
                                  struct pushed_image *out, struct aisle_err *err);
enum aisle_status sql_find_refused(struct store *s, struct str seller_id,
                                   struct str shop_id, const struct sha256 *bytes_hash,
                                   struct str use_case, struct arena *arena,
                                   struct refused_image *out, struct aisle_err *err);

#endif
