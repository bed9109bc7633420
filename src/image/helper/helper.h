/* helper.h - what the parts of aisle-image share
 *
 * Only this folder sees libvips, and nothing outside it is linked with what is here.
 */
#ifndef IMAGE_HELPER_HELPER_H
#define IMAGE_HELPER_HELPER_H

#include "image/look.h"

#include <sys/resource.h>
#include <vips/vips.h>

enum task { TASK_MEND, TASK_GROUND, TASKS };

/* What is wanted, in the order its line has it; image/mend.h tells what the numbers mean.
 */
struct order {
    enum task task;
    enum image_kind kind;
    unsigned kinds;
    int side_min, side_max;
    size_t bytes_max;
    int shape;
    rlim_t memory_max, seconds;
};

/* Before limits are taken: what must be loaded to read that kind. */
bool picture_prepare(enum image_kind kind);
/* The outcome in *made, never freed. False: *why says it, or where that stays NULL
 * vips_error_buffer does. */
bool picture_mend(const struct order *o, const void *bytes, size_t n, void **made,
                  size_t *made_n, const char **why);

/* Whether its ground is white, as "1" or "0" in *made. The same failures. */
bool picture_ground(const struct order *o, const void *bytes, size_t n, void **made,
                    size_t *made_n, const char **why);

/* load.c: the picture at about `shrink` times less than it is (as near as its format can
 * without effort, never less than asked for). NULL when it cannot be read. */
VipsImage *picture_load(enum image_kind kind, const void *bytes, size_t n, double shrink);
/* bmp.c: libvips reads these only through a library we do not want to meet. */
VipsImage *bitmap_load(const unsigned char *bytes, size_t n);

#endif
