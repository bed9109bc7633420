/* load.c - bytes of a known kind to a picture; each kind has its one reader */
#include "image/helper/helper.h"

#include <dlfcn.h>

/* libheif is reached through a module, the only one we load. It is opened before limits
 * are taken and stays open. */
bool picture_prepare(enum image_kind kind)
{
    typedef const char *check_init_fn(void *module);
    check_init_fn *check_init = NULL;
    void *module;

    vips_block_untrusted_set(TRUE);
    if (kind != IMAGE_HEIC)
        return true;
    module = dlopen(AISLE_VIPS_HEIF, RTLD_NOW);
    if (module)
        *(void **)&check_init = dlsym(module, "g_module_check_init");
    return check_init && !check_init(NULL);
}

/* A JPEG is cheaply read at a half, a quarter, an eighth; twice what is wanted is left
 * for a resize that looks better. */
static int jpeg_shrink(double shrink)
{
    return shrink >= 16 ? 8 : shrink >= 8 ? 4 : shrink >= 4 ? 2 : 1;
}

VipsImage *picture_load(enum image_kind kind, const void *bytes, size_t n, double shrink)
{
    const VipsAccess access = VIPS_ACCESS_SEQUENTIAL;
    const VipsFailOn strict = VIPS_FAIL_ON_ERROR;
    void *p = (void *)(uintptr_t)bytes; /* only read, though its type does not say so */
    VipsImage *out = NULL;
    int failed = -1;

    switch (kind) {
    case IMAGE_JPEG:
        failed = vips_jpegload_buffer(p, n, &out, "access", access, "fail_on", strict,
                                      "shrink", jpeg_shrink(shrink), NULL);
        break;
    case IMAGE_PNG:
        failed =
            vips_pngload_buffer(p, n, &out, "access", access, "fail_on", strict, NULL);
        break;
    case IMAGE_WEBP:
        failed =
            vips_webpload_buffer(p, n, &out, "access", access, "fail_on", strict, NULL);
        break;
    case IMAGE_GIF:
        failed =
            vips_gifload_buffer(p, n, &out, "access", access, "fail_on", strict, NULL);
        break;
    case IMAGE_TIFF:
        failed =
            vips_tiffload_buffer(p, n, &out, "access", access, "fail_on", strict, NULL);
        break;
    case IMAGE_HEIC:
        failed =
            vips_heifload_buffer(p, n, &out, "access", access, "fail_on", strict, NULL);
        break;
    case IMAGE_BMP:
        return bitmap_load(bytes, n);
    case IMAGE_UNKNOWN:
        break;
    }
    return failed ? NULL : out;
}
