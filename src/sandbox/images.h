/* images.h - uploaded images, by their content: equal bytes have one uri; thread-safe */
#ifndef SANDBOX_IMAGES_H
#define SANDBOX_IMAGES_H

#include "base/buf.h"
#include "http/reply.h"
#include "image/look.h"

struct images;

enum aisle_status images_new(size_t memory, struct images **out, struct aisle_err *err);
void images_free(struct images *i); /* NULL is fine */

/* Remember an image under its uri; its bytes too as long as there is room for them, the
 * oldest making way. Twice is once. */
enum aisle_status images_put(struct images *i, struct str uri,
                             const struct image_facts *facts, struct str bytes,
                             struct aisle_err *err);
bool images_know(struct images *i, struct str uri);
/* What was said of it when it was uploaded; false: unknown. */
bool images_facts(struct images *i, struct str uri, struct image_facts *out);
/* Its bytes, a reference for the caller; NULL: unknown, or no longer kept. */
struct http_shared *images_bytes(struct images *i, struct str uri, enum image_kind *kind);
size_t images_count(struct images *i);
void images_forget(struct images *i);

struct call;
/* GET /_cdn/{uri}: the bytes as they were uploaded. */
bool images_cdn_is_for(struct str path);
void images_cdn_handle(struct call *c);

#endif
