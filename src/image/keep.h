/* keep.h - mended images in a folder, so that each is mended once
 *
 * An outcome is named by the digest of its bytes and stands there once; what became of an
 * original for a use is a small file that names one. Any of it may be deleted at any
 * time: it is made again. Several processes may share a folder.
 */
#ifndef IMAGE_KEEP_H
#define IMAGE_KEEP_H

#include "base/hash.h"
#include "image/mend.h"

/* What was kept for an original, in `out`, which is replaced, whole and unchanged by its
 * digest. AISLE_NOT_FOUND also for what cannot be read. */
enum aisle_status image_keep_find(struct str folder, const struct sha256 *original,
                                  const struct image_need *need, struct buf *out,
                                  struct aisle_err *err);
/* Makes the folder where it is missing. AISLE_IO. */
enum aisle_status image_keep_put(struct str folder, const struct sha256 *original,
                                 const struct image_need *need, struct str bytes,
                                 struct aisle_err *err);

#endif
