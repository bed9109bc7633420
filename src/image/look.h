/* look.h - what an image is, from its bytes: kind, pixels, whether it is whole
 *
 * Reads headers and walks the container; decodes no pixels. Neither fetches nor uploads.
 */
#ifndef IMAGE_LOOK_H
#define IMAGE_LOOK_H

#include "base/status.h"
#include "base/str.h"

enum image_kind {
    IMAGE_UNKNOWN,
    IMAGE_JPEG,
    IMAGE_PNG,
    IMAGE_WEBP,
    IMAGE_GIF,
    IMAGE_BMP,
    IMAGE_HEIC,
    IMAGE_TIFF,
};

const char *image_kind_name(enum image_kind kind); /* "JPEG"; "unknown" */
const char *
image_kind_mime(enum image_kind kind); /* "image/jpeg"; "application/octet-stream" */

struct image_facts {
    enum image_kind kind;
    uint32_t width, height; /* pixels */
    size_t bytes;
    bool whole;  /* its end is there: JPEG EOI, PNG IEND and checksums, WEBP and BMP sizes
                  */
    bool cmyk;   /* inks instead of lights (JPEG) */
    bool turned; /* shown otherwise than it lies in the file: Exif's orientation */
};

/* AISLE_INVALID in words for a person: empty file, an HTML page, not an image we know, a
 * header without a size. A file that is merely cut short is AISLE_OK with whole = false.
 */
enum aisle_status image_look(struct str bytes, struct image_facts *out,
                             struct aisle_err *err);

#endif
