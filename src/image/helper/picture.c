/* picture.c - decode, colours, size, which way up, shape, weight: in that order
 *
 * What libvips allocates is not given back: the process ends after one picture.
 */
#include "image/helper/helper.h"

#include "image/mend.h"

#include <math.h>

static const int qualities[] = {92, 88, 84, 80, 75, 70};
enum { QUALITIES = sizeof qualities / sizeof *qualities };

static const double white[] = {255};
#define LIGHTER 0.85 /* a step smaller, once quality is no more to be lowered */

struct sides {
    int w, h;
};

/* As large as it may be times `scale`, as it lies in the file. */
static struct sides fit(const struct order *o, VipsImage *in, double scale)
{
    int w = vips_image_get_width(in), h = vips_image_get_height(in);
    int high = w > h ? w : h;

    if (high > o->side_max)
        scale *= (double)o->side_max / high;
    if (scale > 1)
        scale = 1;
    w = (int)floor(w * scale);
    h = (int)floor(h * scale);
    return (struct sides){w > 0 ? w : 1, h > 0 ? h : 1};
}

static bool is_out_of_shape(const struct order *o, struct sides s)
{
    int64_t low = s.w < s.h ? s.w : s.h, high = s.w < s.h ? s.h : s.w;

    return o->shape && high * 3 > low * o->shape;
}

static bool is_too_small(const struct order *o, struct sides s)
{
    if (is_out_of_shape(o, s))
        return (s.w > s.h ? s.w : s.h) < o->side_min;
    return (s.w < s.h ? s.w : s.h) < o->side_min;
}

/* sRGB of 8 bits: by its profile where it has one that can be read, inks by a general
 * one. */
static VipsImage *colours(VipsImage *in)
{
    bool inks = vips_image_get_interpretation(in) == VIPS_INTERPRETATION_CMYK;
    VipsImage *out = NULL;

    if (inks || vips_image_get_typeof(in, VIPS_META_ICC_NAME)) {
        if (!vips_icc_transform(in, &out, "srgb", "embedded", TRUE, "input_profile",
                                inks ? "cmyk" : "srgb", "depth", 8, NULL))
            return out;
        vips_error_clear();
    }
    return vips_colourspace(in, &out, VIPS_INTERPRETATION_sRGB, NULL) ? NULL : out;
}

static VipsImage *flatten(VipsImage *in)
{
    VipsImage *out = NULL;
    VipsArrayDouble *background = vips_array_double_new(white, 1);

    if (!vips_image_hasalpha(in))
        return in;
    return vips_flatten(in, &out, "background", background, NULL) ? NULL : out;
}

static VipsImage *resize(VipsImage *in, struct sides to)
{
    bool alpha = vips_image_hasalpha(in);
    VipsImage *out = in, *next = NULL;

    if (vips_image_get_width(in) == to.w && vips_image_get_height(in) == to.h)
        return in;
    if (alpha && vips_premultiply(out, &next, NULL))
        return NULL;
    out = alpha ? next : out;
    if (vips_resize(out, &next, (double)to.w / vips_image_get_width(in), "vscale",
                    (double)to.h / vips_image_get_height(in), NULL))
        return NULL;
    out = next;
    if (alpha && vips_unpremultiply(out, &next, NULL))
        return NULL;
    return vips_cast_uchar(alpha ? next : out, &out, NULL) ? NULL : out;
}

static VipsImage *turn(VipsImage *in)
{
    VipsImage *out = NULL;

    if (vips_image_get_orientation(in) <= 1)
        return in;
    in = vips_image_copy_memory(in); /* rows no longer come in their order */
    return !in || vips_autorot(in, &out, NULL) ? NULL : out;
}

static VipsImage *square(VipsImage *in)
{
    int w = vips_image_get_width(in), h = vips_image_get_height(in);
    int side = w > h ? w : h;
    VipsImage *out = NULL;
    VipsArrayDouble *background = vips_array_double_new(white, 1);

    return vips_gravity(in, &out, VIPS_COMPASS_DIRECTION_CENTRE, side, side, "extend",
                        VIPS_EXTEND_BACKGROUND, "background", background, NULL)
               ? NULL
               : out;
}

/* The picture of those sides in memory. */
static VipsImage *make(const struct order *o, VipsImage *in, struct sides to, bool opaque)
{
    VipsImage *out = colours(in);

    out = out && opaque ? flatten(out) : out;
    out = out ? resize(out, to) : NULL;
    out = out ? turn(out) : NULL;
    out = out && is_out_of_shape(o, to) ? square(out) : out;
    return out ? vips_image_copy_memory(out) : NULL;
}

/* 1 written, 0 too heavy, -1 failed. */
static int write_jpeg(const struct order *o, VipsImage *picture, void **made,
                      size_t *made_n)
{
    for (int i = 0; i < QUALITIES; i++) {
        if (vips_jpegsave_buffer(picture, made, made_n, "Q", qualities[i], "strip", TRUE,
                                 "optimize_coding", TRUE, NULL))
            return -1;
        if (*made_n <= o->bytes_max)
            return 1;
        g_free(*made);
    }
    return 0;
}

static int write_png(const struct order *o, VipsImage *picture, void **made,
                     size_t *made_n)
{
    if (vips_pngsave_buffer(picture, made, made_n, "strip", TRUE, NULL))
        return -1;
    if (*made_n <= o->bytes_max)
        return 1;
    g_free(*made);
    return 0;
}

struct source {
    const struct order *o;
    const void *bytes;
    size_t n;
};

/* One try: 1 written, 0 too heavy, -1 failed. */
static int write_at(const struct source *s, struct sides to, double shrink, bool png,
                    void **made, size_t *made_n)
{
    VipsImage *in = picture_load(s->o->kind, s->bytes, s->n, shrink);
    VipsImage *picture = in ? make(s->o, in, to, !png) : NULL;
    int done = -1;

    if (picture)
        done = png ? write_png(s->o, picture, made, made_n)
                   : write_jpeg(s->o, picture, made, made_n);
    if (picture)
        g_object_unref(picture); /* the only thing here that is large */
    return done;
}

static bool may_stay_png(const struct order *o)
{
    return o->kind == IMAGE_PNG && o->kinds & 1U << IMAGE_PNG;
}

/* Its header; NULL, with *why where it is not libvips that says so. */
static VipsImage *load_head(const struct order *o, const void *bytes, size_t n,
                            const char **why)
{
    VipsImage *head = picture_load(o->kind, bytes, n, 1);

    *why = NULL;
    if (!head || (int64_t)vips_image_get_width(head) * vips_image_get_height(head) <=
                     IMAGE_PIXELS_MAX)
        return head;
    *why = "it has more pixels than are decoded";
    return NULL;
}

bool picture_mend(const struct order *o, const void *bytes, size_t n, void **made,
                  size_t *made_n, const char **why)
{
    const struct source s = {o, bytes, n};
    VipsImage *head = load_head(o, bytes, n, why);
    bool png = may_stay_png(o);

    if (!head)
        return false;
    for (double scale = 1;; scale *= png ? 1 : LIGHTER, png = false) {
        struct sides to = fit(o, head, scale);
        double shrink = (double)vips_image_get_width(head) / to.w;
        int done;

        if (is_too_small(o, to)) {
            *why = scale < 1
                       ? "it cannot be made light enough without making it too small"
                       : "it is too small, and pictures are not enlarged";
            return false;
        }
        done = write_at(&s, to, shrink, png, made, made_n);
        if (done)
            return done > 0;
    }
}

/* ---- its ground ---- */

enum { GROUND_SIDE = 200, NEAR_WHITE = 240, MOSTLY = 90 /* hundredths */, SIDES = 3 };

/* Of a stretch of a picture in memory. */
static bool is_white(VipsImage *picture, int left, int top, int w, int h)
{
    int across = vips_image_get_width(picture), bands = vips_image_get_bands(picture);
    const unsigned char *pixels = vips_image_get_data(picture);
    int64_t whites = 0;

    for (int y = top; pixels && y < top + h; y++)
        for (int x = left; x < left + w; x++) {
            const unsigned char *at = pixels + ((ptrdiff_t)y * across + x) * bands;
            bool near = true;

            for (int band = 0; band < bands; band++)
                near = near && at[band] >= NEAR_WHITE;
            whites += near;
        }
    return whites * 100 >= (int64_t)w * h * MOSTLY;
}

/* Of the four sides, each a fiftieth deep, three are: at one, what is shown may be cut
 * off by the edge, as a person is below. */
static bool has_white_edge(VipsImage *picture)
{
    int w = vips_image_get_width(picture), h = vips_image_get_height(picture);
    int across = w / 50 + 1, down = h / 50 + 1;

    return is_white(picture, 0, 0, w, down) + is_white(picture, 0, h - down, w, down) +
               is_white(picture, 0, 0, across, h) +
               is_white(picture, w - across, 0, across, h) >=
           SIDES;
}

bool picture_ground(const struct order *o, const void *bytes, size_t n, void **made,
                    size_t *made_n, const char **why)
{
    static char answers[] = "01";
    struct order small = *o;
    VipsImage *head = load_head(o, bytes, n, why), *in, *picture;
    struct sides to;

    if (!head)
        return false;
    small.side_max = GROUND_SIDE;
    small.shape = 0;
    to = fit(&small, head, 1);
    in = picture_load(o->kind, bytes, n, (double)vips_image_get_width(head) / to.w);
    picture = in ? make(&small, in, to, true) : NULL;
    if (!picture)
        return false;
    *made = &answers[has_white_edge(picture)];
    *made_n = 1;
    return true;
}
