/* uploads.h - what a shop is sent beside its products: images and files, mended where
 * that is wanted, and brought there once for equal bytes
 *
 * Internal to the room: publishing and `image push` stand on it.
 */
#ifndef FLOWS_UPLOADS_H
#define FLOWS_UPLOADS_H

#include "flows/map/once.h"
#include "flows/session.h"
#include "image/file.h"
#include "image/mend.h"
#include "listing/draft.h"

/* To whom, and who is asking. */
struct uploads {
    const struct app *app;
    struct session *session;
    struct once *once; /* equal bytes are sent one at a time */
    struct str seller_id, shop_id;
    struct arena *arena; /* of what comes back */
};

struct upload {
    struct str location; /* whose end it is named by */
    struct str bytes;
    const struct image_facts *facts;
    const char *use_case;
    struct str gone; /* a uri the marketplace knows no more; "" none */
};

/* One that was sent before and is not gone, else a new one, which is kept. *is_new may be
 * NULL. */
enum aisle_status uploads_image(const struct uploads *u, const struct upload *what,
                                struct pushed_image *out, bool *is_new,
                                struct aisle_err *err);

struct upload_file {
    struct str location;
    struct str bytes;
    enum file_kind kind;
};

/* The same for a video or PDF: out->uri is its id. *name (in the arena) is what it is
 * called there. AISLE_INVALID: the channel takes none. */
enum aisle_status uploads_file(const struct uploads *u, const struct upload_file *what,
                               struct pushed_image *out, struct str *name,
                               struct aisle_err *err);

/* A name as the marketplace takes it: one dot, letters and digits; the end of a location
 * with the ending that fits its kind. .p NULL without memory. */
struct str upload_name(struct str location, const char *ending, struct arena *arena);

/* Whether an image stands on white, as far as that can be found out here: unsaid where it
 * cannot. AISLE_STOPPED, AISLE_NOMEM. */
enum aisle_status uploads_ground(const struct app *app, struct str bytes,
                                 const struct image_facts *facts, enum listing_flag *out,
                                 struct aisle_err *err);

/* In place of bytes and *facts those of an image that has no flaw for that use, mended
 * now or kept from before; *told (in the arena) says what became of it. Bytes and facts
 * stay what they are after a failure, which is image_mend's. */
enum aisle_status uploads_mend(const struct app *app, const struct image_need *need,
                               struct buf *bytes, struct image_facts *facts,
                               struct arena *arena, struct str *told,
                               struct aisle_err *err);

#endif
