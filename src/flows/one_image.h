/* one_image.h - images one by one: looked at, mended, brought to a shop
 *
 * For whoever has images and no products yet. Without a target nothing is called but what
 * an image's own address says, and no store is needed.
 */
#ifndef FLOWS_ONE_IMAGE_H
#define FLOWS_ONE_IMAGE_H

#include "flows/app.h"
#include "listing/image_use.h"

struct images_terms {
    struct str target;    /* as flow_target reads it; with `push` */
    struct str seller_id; /* "" the shop's */
    bool push;            /* there is a store, and images will be pushed */
    struct str market;    /* "" what is alike in all, or the shop's with `push` */
    enum listing_profile profile;
    enum image_use use;
    bool fix; /* mend what can be mended */
    struct str root;
    bool allow_private;
};

struct images; /* not for sharing between threads */

/* AISLE_INVALID: a market we do not know. images_close(*out) when done. */
enum aisle_status images_open(const struct app *app, const struct images_terms *terms,
                              struct images **out, struct aisle_err *err);
void images_close(struct images *s); /* NULL is fine */

/* Borrowed until the next image is taken. */
struct image_taken {
    struct str location;
    struct image_facts was, facts; /* as it came, and as it is now */
    bool mended;
    struct str told;          /* what became of it */
    struct findings findings; /* of what it is now */
    bool mendable;            /* it was not, and could be */
    struct str unmended;      /* why it could not be; "" */
    struct str bytes;         /* mended where it was */
};

/* Fetch one, look, and mend it. AISLE_OK also for one with findings, of which being no
 * image is one; a failure is that it is not to be had. */
enum aisle_status images_take(struct images *s, struct str location,
                              struct image_taken *out, struct aisle_err *err);

/* Hears of each, in their order and on the caller's thread. taken is NULL for one that is
 * not to be had, and why says so; else it is borrowed until the function returns, and can
 * be brought to a shop by `of`. A failure ends the row. */
typedef enum aisle_status images_each_fn(void *ctx, struct images *of,
                                         struct str location,
                                         const struct image_taken *taken,
                                         const struct aisle_err *why,
                                         struct aisle_err *err);

/* All of them, as many at once as can be mended at once. The failures of images_open, and
 * AISLE_STOPPED. */
enum aisle_status images_each(const struct app *app, const struct images_terms *terms,
                              const struct str *locations, size_t count,
                              images_each_fn *fn, void *ctx, struct aisle_err *err);

/* The one taken to the shop. *is_new false: equal bytes were there. */
enum aisle_status images_push(struct images *s, const struct image_taken *image,
                              struct pushed_image *out, bool *is_new,
                              struct aisle_err *err);

#endif
