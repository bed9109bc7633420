/* products.h - one product of the catalogue by hand, and the images uploaded for it */
#ifndef FLOWS_PRODUCTS_H
#define FLOWS_PRODUCTS_H

#include "flows/app.h"
#include "image/look.h"

/* Add or change one: its seller category is evened out, its image is given its ids.
 * Whatever the caller leaves empty is empty. AISLE_INVALID names the field. *out is the
 * product as it stands then, in the arena. */
enum aisle_status flow_product_put(const struct app *app, const struct product *product,
                                   struct arena *arena, struct product *out,
                                   struct aisle_err *err);
enum aisle_status flow_product_drop(const struct app *app, struct str seller_id,
                                    struct str id, struct aisle_err *err);

/* An image kept in our folder, under a UUID of its own. */
struct kept_image {
    char id[UUID_LEN + 1];
    struct str path; /* absolute: a product's image location; in the arena */
    struct image_facts facts;
};
/* Look at it and keep it, durably and whole or not at all. The folder is made when it is
 * not there. AISLE_INVALID says what is wrong with the image. */
enum aisle_status flow_image_keep(const struct app *app, struct str folder,
                                  struct str bytes, struct arena *arena,
                                  struct kept_image *out, struct aisle_err *err);
/* The path of one kept before; AISLE_NOT_FOUND. */
enum aisle_status flow_image_path(struct str folder, struct str id, struct arena *arena,
                                  struct str *path, struct aisle_err *err);
/* The bytes of an image file that lies under one of two folders (empty: none), whatever
 * links and dots its path has. AISLE_NOT_FOUND: elsewhere, or not there. Appends. */
enum aisle_status flow_image_read(struct str path, struct str folder, struct str other,
                                  struct buf *out, struct image_facts *facts,
                                  struct aisle_err *err);

#endif
