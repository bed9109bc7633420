#include "listing/judge.h"

/* What each use refuses, and under which code; NULL where none is documented. */
static const struct use {
    const char *bad_uri, *format, *sides, *bytes, *aspect;
} uses[] = {
    [USE_MAIN] = {"12052300", "12052304", "12052301", "12052302", "12052305"},
    [USE_SALES] = {"12052520", "12052523", "12052521", "12052521", "12052524"},
    [USE_DESCRIPTION] = {"12052340", "12052343", "12052341", "12052342", NULL},
    [USE_CERTIFICATE] = {"12052650", "12052650", "12052650", "12052657", NULL},
    [USE_SIZE_CHART] = {"12052670", "12052670", "12052671", "12052671", NULL},
};

/* Upload Product Image: sides of other uses than MAIN_IMAGE. */
enum { SIDE_MIN = 100, SIDE_MAX = 20000 };

static const struct shop_image *find_upload(const struct judge *j, struct str uri)
{
    for (size_t i = 0; j->shop && i < j->shop->image_count; i++)
        if (str_eq(j->shop->images[i].uri, uri))
            return &j->shop->images[i];
    return NULL;
}

const struct image_facts *judge_facts(const struct judge *j,
                                      const struct listing_image *image)
{
    const struct shop_image *upload;

    if (image->looked)
        return &image->facts;
    upload = image->uri.n ? find_upload(j, image->uri) : NULL;
    return upload ? &upload->facts : NULL;
}

static struct str sides_text(struct judge *j, const struct image_facts *f)
{
    return findings_fmt(j->out, "%u x %u", f->width, f->height);
}

static void judge_sides(struct judge *j, const struct place *at,
                        const struct image_facts *f, enum image_use use)
{
    uint32_t low = f->width < f->height ? f->width : f->height;
    uint32_t high = f->width < f->height ? f->height : f->width;
    unsigned least = use == USE_MAIN ? j->limits->image_side_min : SIDE_MIN;
    unsigned most = use == USE_MAIN ? j->limits->image_side_max : SIDE_MAX;

    if (use == USE_SIZE_CHART)
        least = j->limits->size_chart_side_min;
    if (use == USE_DESCRIPTION)
        most = j->limits->description_image_side_max;
    if (low < least)
        judge_error(
            j, at, "image-small", uses[use].sides,
            SAID(.what = STR_LIT("image is too small"), .found = sides_text(j, f),
                 .allowed = findings_fmt(j->out, "sides of %u to %u", least, most),
                 .fix = STR_LIT("take a larger one")));
    if (high > most)
        judge_error(
            j, at, "image-large", use == USE_MAIN ? uses[use].bytes : uses[use].sides,
            SAID(.what = STR_LIT("image is too large"), .found = sides_text(j, f),
                 .allowed = findings_fmt(j->out, "sides of %u to %u", least, most),
                 .fix = STR_LIT("scale it down"), .mend = MEND_IMAGE));
}

static void judge_known(struct judge *j, const struct place *at,
                        const struct image_facts *f, enum image_use use)
{
    uint64_t w = f->width, h = f->height;

    if (f->kind == IMAGE_UNKNOWN || f->kind == IMAGE_GIF)
        judge_error(j, at, "image-format", uses[use].format,
                    SAID(.what = STR_LIT("image is of a format that is not taken"),
                         .found = str_of(image_kind_name(f->kind)),
                         .allowed = STR_LIT("JPEG, PNG, WEBP, HEIC, BMP"),
                         .fix = STR_LIT("convert it"), .mend = MEND_IMAGE));
    judge_sides(j, at, f, use);
    if (f->bytes > j->limits->image_bytes_max)
        judge_error(j, at, "image-heavy", uses[use].bytes,
                    SAID(.what = STR_LIT("image file is too large"),
                         .found = judge_number(j, (int64_t)f->bytes),
                         .allowed = findings_fmt(j->out, "%lld bytes",
                                                 (long long)j->limits->image_bytes_max),
                         .fix = STR_LIT("compress it"), .mend = MEND_IMAGE));
    if (uses[use].aspect && (w * 4 < h * 3 || w * 3 > h * 4))
        judge_warning(j, at, "image-aspect", uses[use].aspect,
                      SAID(.what = STR_LIT("image is made square by the marketplace"),
                           .found = sides_text(j, f), .allowed = STR_LIT("3:4 to 4:3"),
                           .fix = STR_LIT("bring it into that shape yourself"),
                           .mend = MEND_IMAGE));
}

void judge_image(struct judge *j, const struct place *at,
                 const struct listing_image *image, enum image_use use)
{
    const struct image_facts *facts = judge_facts(j, image);

    if (use != USE_DESCRIPTION && !is_image_uri(image->uri) &&
        !(image->location.n && !image->uri.n)) /* not pushed yet */
        judge_error(j, FIELD(at, "uri"), "image-uri", uses[use].bad_uri,
                    SAID(.what = STR_LIT("image is named by something that is no uri of "
                                         "an upload"),
                         .found = judge_quote(j, image->uri),
                         .allowed = STR_LIT("the uri that Upload Product Image gave"),
                         .fix = STR_LIT("upload it first")));
    else if (j->shop && j->shop->images_known && !facts && image->uri.n)
        judge_error(j, FIELD(at, "uri"), "image-unknown", "12052722",
                    SAID(.what = STR_LIT("image was never uploaded from here"),
                         .found = judge_quote(j, image->uri),
                         .fix = STR_LIT("upload it")));
    if (facts)
        judge_known(j, at, facts, use);
}

static bool is_white(const struct judge *j, const struct listing_image *image,
                     bool *known)
{
    const struct shop_image *upload = find_upload(j, image->uri);

    if (image->white != LISTING_UNSAID) {
        *known = true;
        return image->white == LISTING_YES;
    }
    *known = upload && upload->white_known;
    return upload && upload->white;
}

static void give_tips(struct judge *j, const struct place *at)
{
    const struct listing_images *images = &j->draft->main_images;
    bool known, white = is_white(j, &images->rows[0], &known);

    if (images->count < j->limits->main_images_tip)
        judge_tip(j, at, "few-images",
                  SAID(.what = STR_LIT("more images sell better"),
                       .found = judge_number(j, (int64_t)images->count),
                       .allowed = findings_fmt(j->out, "at least %u",
                                               j->limits->main_images_tip)));
    if (known && !white)
        judge_tip(j, ITEM(at, 0), "first-image-not-white",
                  SAID(.what = STR_LIT("the first image should have a white background, "
                                       "without text, logo or border")));
}

void judge_main_images(struct judge *j)
{
    const struct place *at = FIELD(NULL, "main_images");
    const struct listing_images *images = &j->draft->main_images;

    if (!images->rows && j->partial)
        return;
    if (images->count == 0) {
        judge_error(j, at, "images-missing", images->rows ? "12052028" : "36009004",
                    SAID(.what = STR_LIT("a main image is missing"),
                         .allowed = judge_range(j, 1, j->limits->main_images_max)));
        return;
    }
    if (images->count > j->limits->main_images_max)
        judge_error(j, at, "images-many", "12052306",
                    SAID(.what = STR_LIT("there are too many main images"),
                         .found = judge_number(j, (int64_t)images->count),
                         .allowed = judge_range(j, 1, j->limits->main_images_max),
                         .fix = STR_LIT("leave the last ones out")));
    for (size_t i = 0; i < images->count; i++)
        judge_image(j, ITEM(at, i), &images->rows[i], USE_MAIN);
    give_tips(j, at);
}
