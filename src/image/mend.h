/* mend.h - what keeps an image from being taken, and an image like it that is
 *
 * Judging is done here, from headers. Pixels are touched by a program of its own
 * (image/helper/), in one process an image, with limits on memory, time and files: what
 * it reads comes from strangers, and what it writes is looked at again before it is
 * believed. Originals are left as they are; keeping the outcome is somebody else's
 * affair.
 */
#ifndef IMAGE_MEND_H
#define IMAGE_MEND_H

#include "base/buf.h"
#include "image/look.h"

#include <stdatomic.h>

/* What a use of images takes. */
struct image_need {
    unsigned kinds;              /* bits 1 << enum image_kind */
    uint32_t side_min, side_max; /* of either side, pixels */
    uint64_t bytes_max;
    uint32_t shape; /* the longer side is at most shape thirds of the shorter: 4; 0 any */
};

enum image_flaw {
    IMAGE_CUT_SHORT = 1 << 0,
    IMAGE_BAD_KIND = 1 << 1,
    IMAGE_SMALL = 1 << 2,
    IMAGE_LARGE = 1 << 3, /* a side is */
    IMAGE_HEAVY = 1 << 4, /* the file is */
    IMAGE_BAD_SHAPE = 1 << 5,
    IMAGE_INKS = 1 << 6,
    IMAGE_TURNED = 1 << 7,
};

/* Bits of what is wrong with it for that use. */
unsigned image_flaws(const struct image_facts *facts, const struct image_need *need);
/* Whether image_mend is worth trying. It never enlarges a picture: one that is too small
 * can only be helped by the white that makes it square, where its shape asks for that. */
bool image_can_mend(const struct image_facts *facts, const struct image_need *need);

/* More than this is not decoded, whatever its header says it takes. */
enum { IMAGE_PIXELS_MAX = 100 * 1000 * 1000 };

/* Programs that mend, each at one image at a time: begun when they are first needed, kept
 * for the next image, begun anew where one is lost. Any number of threads may share them;
 * who finds all at work waits. */
struct image_helpers;

/* `path` says where aisle-image is, and is borrowed; most: how many at once; 0: as many
 * as there are processors. NULL without memory. */
struct image_helpers *image_helpers_new(const char *path, unsigned most);
/* Ends them; none may be at work. NULL is fine. */
void image_helpers_free(struct image_helpers *h);
/* How many images can be under way at once. */
unsigned image_helpers_count(const struct image_helpers *h);

struct image_mender {
    struct image_helpers *helpers; /* NULL: there is no aisle-image */
    size_t memory_max;             /* address space of the process; 0: 1.5 GiB */
    unsigned seconds;              /* of processor; twice that by the clock; 0: 20 */
    const atomic_bool *over;       /* or NULL; set: given up at once */
};

struct image_mended {
    struct image_facts facts;
    unsigned flaws;              /* that were mended */
    uint64_t peak_bytes, cpu_ms; /* what the process took; 0 unknown */
};

/* Bytes with no flaw for that use, and as much of the picture as can be: turned upright,
 * sRGB of 8 bits, without metadata, shrunk to fit, on white where it has to be square or
 * was transparent; a lighter JPEG where it has to be. Replaces what `out` held, whose
 * ceiling is kept. *facts is what image_look says of bytes.
 *
 * AISLE_CONFIG: there is no helper. AISLE_INVALID says what cannot be mended.
 * AISLE_LIMIT: it took more than it may. AISLE_STOPPED, AISLE_IO, AISLE_NOMEM.
 * *told may be NULL; flaws and cost are filled after a failure too. */
enum aisle_status image_mend(const struct image_mender *mender, struct str bytes,
                             const struct image_facts *facts,
                             const struct image_need *need, struct buf *out,
                             struct image_mended *told, struct aisle_err *err);

/* Whether the picture stands on white: at three of its sides the edge is nearly white.
 * The same failures. */
enum aisle_status image_find_ground(const struct image_mender *mender, struct str bytes,
                                    const struct image_facts *facts, bool *white,
                                    struct aisle_err *err);

/* "GIF to JPEG, 6000 x 4000 to 4000 x 2667": appends what became of it. */
void image_tell_mended(const struct image_facts *was, const struct image_mended *is,
                       struct buf *out);

/* The need as one word, to remember an outcome by: "v1-2e-300-4000-10485760-4". */
enum { IMAGE_NEED_TEXT = 64 };
void image_need_text(const struct image_need *need, char out[IMAGE_NEED_TEXT]);

#endif
