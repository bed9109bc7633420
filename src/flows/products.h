/* products.h - one product of the catalogue by hand, and the images uploaded for it */
#ifndef FLOWS_PRODUCTS_H
#define FLOWS_PRODUCTS_H

#include "flows/app.h"
#include "image/mend.h"

/* Add or change one: its seller category is evened out, its image is given its ids.
 * Whatever the caller leaves empty is empty. product->version is what was seen, 0 that
 * it was not there: AISLE_CONFLICT when somebody was faster. AISLE_INVALID names the
 * field. *out is the product as it stands then, in the arena. */
enum aisle_status flow_product_put(const struct app *app, const struct product *product,
                                   struct arena *arena, struct product *out,
                                   struct aisle_err *err);
/* version as for store->drop_product. AISLE_NOT_FOUND, AISLE_CONFLICT. */
enum aisle_status flow_product_drop(const struct app *app, struct str seller_id,
                                    struct str id, int64_t version,
                                    struct aisle_err *err);

/* For what comes over the network: its columns name no file of this machine, as further
 * images, a variant's image, a size chart, a certificate or a video. A link or an upload
 * may stand there, what such a column of `before` (the product as it was, or NULL) named
 * too, and with `relative` a path within the folder of images. AISLE_INVALID names what
 * is meant. */
enum aisle_status flow_product_places(const struct product *p,
                                      const struct product *before, bool relative,
                                      struct arena *arena, struct aisle_err *err);

/* An image uploaded for a seller's products, under a UUID of its own. */
struct kept_image {
    char id[UUID_LEN + 1];
    struct str location; /* "object:SELLER/UUID": a product's image; in the arena */
    struct image_facts facts;
};
/* Look at it and keep it in app->objects. AISLE_INVALID says what is wrong with the image
 * or the seller's name; AISLE_CONFIG when none are kept here. */
enum aisle_status flow_image_keep(const struct app *app, struct str seller_id,
                                  struct str bytes, struct arena *arena,
                                  struct kept_image *out, struct aisle_err *err);
/* A document that goes along with a product, kept in the same way: a PDF, or an image
 * (facts then). AISLE_INVALID for anything else, and what is cut short. */
enum aisle_status flow_file_keep(const struct app *app, struct str seller_id,
                                 struct str bytes, struct arena *arena,
                                 struct kept_image *out, const char **kind,
                                 struct aisle_err *err);
/* The bytes of one of either, and what they are to a browser. AISLE_NOT_FOUND. Appends.
 */
enum aisle_status flow_file_read(const struct app *app, struct str seller_id,
                                 struct str id, struct buf *out, const char **mime,
                                 struct aisle_err *err);
/* What mending it for a use came to: `told` what was done, or `unmended` why nothing was;
 * both empty where it was right as it came. */
struct kept_mended {
    struct str told, unmended; /* in the arena */
};
/* The same, mended first where it has a flaw for that use; what cannot be mended is kept
 * as it is. Nothing of one as it came is kept beside the mended one. */
enum aisle_status flow_image_keep_mended(const struct app *app, struct str seller_id,
                                         struct str bytes, const struct image_need *need,
                                         struct arena *arena, struct kept_image *out,
                                         struct kept_mended *mended,
                                         struct aisle_err *err);
/* The location of one kept for that seller before; AISLE_NOT_FOUND. */
enum aisle_status flow_image_find(const struct app *app, struct str seller_id,
                                  struct str id, struct arena *arena,
                                  struct str *location, struct aisle_err *err);
/* The bytes of a seller's image: one kept, or a file under a folder (empty: none),
 * whatever links and dots its path has. AISLE_NOT_FOUND: elsewhere, another's, or not
 * there. Appends. */
enum aisle_status flow_image_read(const struct app *app, struct str seller_id,
                                  struct str location, struct str folder, struct buf *out,
                                  struct image_facts *facts, struct aisle_err *err);

/* Drops the kept images that no product of their seller names any more and that were
 * uploaded before `before`; so those of a seller without products all go. *count says how
 * many went, or with `dry` would go. */
enum aisle_status flow_images_prune(const struct app *app, int64_t before, bool dry,
                                    size_t *count, struct aisle_err *err);

#endif
