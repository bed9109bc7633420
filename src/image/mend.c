#include "image/mend.h"

#include "image/helpers.h"

#include <stdio.h>
#include <string.h>

enum { SECONDS = 20 };
#define MEMORY_MAX ((size_t)3 << 29)

/* ---- judging ---- */

static uint32_t low_side(const struct image_facts *f)
{
    return f->width < f->height ? f->width : f->height;
}

static uint32_t high_side(const struct image_facts *f)
{
    return f->width < f->height ? f->height : f->width;
}

unsigned image_flaws(const struct image_facts *facts, const struct image_need *need)
{
    unsigned flaws = 0;
    uint64_t low = low_side(facts), high = high_side(facts);

    if (!facts->whole)
        flaws |= IMAGE_CUT_SHORT;
    if (!(need->kinds & 1U << facts->kind))
        flaws |= IMAGE_BAD_KIND;
    if (low < need->side_min)
        flaws |= IMAGE_SMALL;
    if (high > need->side_max)
        flaws |= IMAGE_LARGE;
    if (facts->bytes > need->bytes_max)
        flaws |= IMAGE_HEAVY;
    if (need->shape && high * 3 > low * need->shape)
        flaws |= IMAGE_BAD_SHAPE;
    if (facts->cmyk)
        flaws |= IMAGE_INKS;
    if (facts->turned)
        flaws |= IMAGE_TURNED;
    return flaws;
}

bool image_can_mend(const struct image_facts *facts, const struct image_need *need)
{
    unsigned flaws = image_flaws(facts, need);
    uint64_t low = low_side(facts), high = high_side(facts);

    if (flaws & IMAGE_CUT_SHORT || low * high > IMAGE_PIXELS_MAX)
        return false;
    if (flaws & IMAGE_BAD_SHAPE)
        return high >= need->side_min; /* made square it has that side twice */
    if (flaws & IMAGE_LARGE)           /* shrunk until the longer one fits */
        low = low * need->side_max / high;
    return low >= need->side_min;
}

static enum aisle_status why_not(const struct image_facts *f,
                                 const struct image_need *need, struct aisle_err *err)
{
    if (!f->whole)
        return aisle_fail(err, AISLE_INVALID, "the %s is cut short or damaged",
                          image_kind_name(f->kind));
    if ((uint64_t)f->width * f->height > IMAGE_PIXELS_MAX)
        return aisle_fail(err, AISLE_INVALID,
                          "%u x %u are over %d million pixels: not decoded", f->width,
                          f->height, IMAGE_PIXELS_MAX / 1000000);
    return aisle_fail(err, AISLE_INVALID,
                      "%u x %u is too small (sides of %u at least), and pictures are "
                      "not enlarged: take a larger one",
                      f->width, f->height, need->side_min);
}

void image_need_text(const struct image_need *need, char out[IMAGE_NEED_TEXT])
{
    /* v1: what we make of it; another number when that changes */
    snprintf(out, IMAGE_NEED_TEXT, "v1-%x-%u-%u-%llu-%u", need->kinds, need->side_min,
             need->side_max, (unsigned long long)need->bytes_max, need->shape);
}

/* ---- mending ---- */

/* What comes back is from a process that read a stranger's bytes. */
static enum aisle_status check_output(const struct buf *out,
                                      const struct image_need *need,
                                      struct image_mended *told, struct aisle_err *err)
{
    struct aisle_err why = {0};

    if (image_look(buf_str(out), &told->facts, &why) != AISLE_OK)
        return aisle_fail(err, AISLE_GARBLED, "the mended image is none: %s", why.text);
    if (image_flaws(&told->facts, need))
        return aisle_fail(err, AISLE_GARBLED,
                          "the mended image is %s of %u x %u and %zu bytes: still wrong",
                          image_kind_name(told->facts.kind), told->facts.width,
                          told->facts.height, told->facts.bytes);
    return AISLE_OK;
}

static enum aisle_status order(const struct image_mender *m, enum helper_task task,
                               struct str bytes, const struct image_facts *facts,
                               const struct image_need *need, struct buf *out,
                               struct helper_cost *cost, struct aisle_err *err)
{
    const struct helper_order order = {
        .task = task,
        .kind = facts->kind,
        .need = need,
        .bytes = bytes,
        .memory_max = m->memory_max ? m->memory_max : MEMORY_MAX,
        .seconds = m->seconds ? m->seconds : SECONDS,
        .over = m->over,
    };

    if (m->helpers)
        return helpers_do(m->helpers, &order, out, cost, err);
    return aisle_fail(err, AISLE_CONFIG,
                      "images cannot be mended: aisle-image is missing (was Aisle built "
                      "without libvips?)");
}

enum aisle_status image_mend(const struct image_mender *mender, struct str bytes,
                             const struct image_facts *facts,
                             const struct image_need *need, struct buf *out,
                             struct image_mended *told, struct aisle_err *err)
{
    struct image_mended is = {.flaws = image_flaws(facts, need)};
    struct helper_cost cost = {0};
    enum aisle_status status =
        image_can_mend(facts, need)
            ? order(mender, HELPER_MEND, bytes, facts, need, out, &cost, err)
            : why_not(facts, need, err);

    if (status == AISLE_OK)
        status = check_output(out, need, &is, err);
    is.peak_bytes = cost.peak_bytes;
    is.cpu_ms = cost.cpu_ms;
    if (told)
        *told = is;
    return status;
}

enum aisle_status image_find_ground(const struct image_mender *mender, struct str bytes,
                                    const struct image_facts *facts, bool *white,
                                    struct aisle_err *err)
{
    static const struct image_need any = {.side_max = UINT16_MAX};
    struct buf out = BUF_INIT(BUF_MAX_LINE);
    struct helper_cost cost;
    enum aisle_status status;

    if (!facts->whole || (uint64_t)facts->width * facts->height > IMAGE_PIXELS_MAX)
        return why_not(facts, &any, err);
    status = order(mender, HELPER_GROUND, bytes, facts, &any, &out, &cost, err);
    if (status == AISLE_OK && !str_is(buf_str(&out), "0") && !str_is(buf_str(&out), "1"))
        status = aisle_fail(err, AISLE_GARBLED, "aisle-image answers what it should not");
    if (status == AISLE_OK)
        *white = str_is(buf_str(&out), "1");
    buf_clear(&out);
    return status;
}

void image_tell_mended(const struct image_facts *was, const struct image_mended *is,
                       struct buf *out)
{
    const struct image_facts *now = &is->facts;
    size_t start = out->n;

    if (was->kind != now->kind)
        buf_addf(out, "%s to %s, ", image_kind_name(was->kind),
                 image_kind_name(now->kind));
    if (is->flaws & IMAGE_TURNED)
        buf_addz(out, "turned upright, ");
    if (is->flaws & IMAGE_INKS)
        buf_addz(out, "CMYK to sRGB, ");
    if (was->width != now->width || was->height != now->height)
        buf_addf(out, "%u x %u to %u x %u, ", was->width, was->height, now->width,
                 now->height);
    if (is->flaws & IMAGE_BAD_SHAPE)
        buf_addz(out, "made square on white, ");
    if (is->flaws & IMAGE_HEAVY)
        buf_addf(out, "%zu to %zu bytes, ", was->bytes, now->bytes);
    if (out->n == start)
        buf_addz(out, "written anew, ");
    if (!out->failed)
        out->p[out->n -= 2] = '\0';
}
