#include "listing/judge.h"

/* What each use refuses, and under which code; NULL where none is documented. */
static const struct use {
    const char *name, *word;
    const char *bad_uri, *format, *sides, *bytes, *aspect;
} uses[IMAGE_USES] = {
    [USE_MAIN] = {"MAIN_IMAGE", "main", "12052300", "12052304", "12052301", "12052302",
                  "12052305"},
    [USE_SALES] = {"ATTRIBUTE_IMAGE", "variant", "12052520", "12052523", "12052521",
                   "12052521", "12052524"},
    [USE_DESCRIPTION] = {"DESCRIPTION_IMAGE", "description", "12052340", "12052343",
                         "12052341", "12052342", NULL},
    [USE_CERTIFICATE] = {"CERTIFICATION_IMAGE", "certificate", "12052650", "12052650",
                         "12052650", "12052657", NULL},
    [USE_SIZE_CHART] = {"SIZE_CHART_IMAGE", "size-chart", "12052670", "12052670",
                        "12052671", "12052671", NULL},
};

/* Upload Product Image: what it takes, and sides of other uses than MAIN_IMAGE. */
enum {
    SIDE_MIN = 100,
    SIDE_MAX = 20000,
    KINDS = 1 << IMAGE_JPEG | 1 << IMAGE_PNG | 1 << IMAGE_WEBP | 1 << IMAGE_HEIC |
            1 << IMAGE_BMP,
};

const char *image_use_name(enum image_use use)
{
    return uses[use].name;
}

const char *image_use_word(enum image_use use)
{
    return uses[use].word;
}

bool image_use_parse(struct str word, enum image_use *out)
{
    for (size_t i = 0; i < IMAGE_USES; i++)
        if (str_is(word, uses[i].word) || str_is(word, uses[i].name)) {
            *out = (enum image_use)i;
            return true;
        }
    return false;
}

struct image_need listing_image_need(const struct listing_limits *limits,
                                     enum image_use use)
{
    struct image_need need = {KINDS, SIDE_MIN, SIDE_MAX, limits->image_bytes_max,
                              uses[use].aspect ? 4 : 0};

    if (use == USE_MAIN) {
        need.side_min = limits->image_side_min;
        need.side_max = limits->image_side_max;
    }
    if (use == USE_SIZE_CHART)
        need.side_min = limits->size_chart_side_min;
    if (use == USE_DESCRIPTION)
        need.side_max = limits->description_image_side_max;
    return need;
}

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

static enum finding_mend mend_of(const struct image_facts *f,
                                 const struct image_need *need)
{
    return image_can_mend(f, need) ? MEND_IMAGE : MEND_NONE;
}

static void judge_sides(struct judge *j, const struct place *at,
                        const struct image_facts *f, const struct image_need *need,
                        enum image_use use)
{
    unsigned flaws = image_flaws(f, need);
    struct str allowed = STR_LIT("");

    if (flaws & (IMAGE_SMALL | IMAGE_LARGE))
        allowed =
            findings_fmt(j->out, "sides of %u to %u", need->side_min, need->side_max);
    if (flaws & IMAGE_SMALL)
        judge_error(j, at, "image-small", uses[use].sides,
                    SAID(.what = STR_LIT("image is too small"), .found = sides_text(j, f),
                         .allowed = allowed, .fix = STR_LIT("take a larger one"),
                         .mend = mend_of(f, need)));
    if (flaws & IMAGE_LARGE)
        judge_error(j, at, "image-large",
                    use == USE_MAIN ? uses[use].bytes : uses[use].sides,
                    SAID(.what = STR_LIT("image is too large"), .found = sides_text(j, f),
                         .allowed = allowed, .fix = STR_LIT("scale it down"),
                         .mend = mend_of(f, need)));
}

static void judge_looks(struct judge *j, const struct place *at,
                        const struct image_facts *f, const struct image_need *need,
                        enum image_use use)
{
    unsigned flaws = image_flaws(f, need);

    if (flaws & IMAGE_BAD_SHAPE)
        judge_warning(j, at, "image-aspect", uses[use].aspect,
                      SAID(.what = STR_LIT("image is made square by the marketplace"),
                           .found = sides_text(j, f), .allowed = STR_LIT("3:4 to 4:3"),
                           .fix = STR_LIT("bring it into that shape yourself"),
                           .mend = mend_of(f, need)));
    if (flaws & IMAGE_INKS)
        judge_warning(j, at, "image-inks", "",
                      SAID(.what = STR_LIT("image is made for print, and shown in other "
                                           "colours or not at all"),
                           .found = STR_LIT("CMYK"), .allowed = STR_LIT("sRGB"),
                           .fix = STR_LIT("convert it"), .mend = mend_of(f, need)));
    if (flaws & IMAGE_TURNED)
        judge_warning(j, at, "image-turned", "",
                      SAID(.what = STR_LIT("image lies on its side where its metadata is "
                                           "not read"),
                           .fix = STR_LIT("turn it upright"), .mend = mend_of(f, need)));
}

static void judge_known(struct judge *j, const struct place *at,
                        const struct image_facts *f, enum image_use use)
{
    struct image_need need = listing_image_need(j->limits, use);
    unsigned flaws = image_flaws(f, &need);

    if (flaws & IMAGE_BAD_KIND)
        judge_error(j, at, "image-format", uses[use].format,
                    SAID(.what = STR_LIT("image is of a format that is not taken"),
                         .found = str_of(image_kind_name(f->kind)),
                         .allowed = STR_LIT("JPEG, PNG, WEBP, HEIC, BMP"),
                         .fix = STR_LIT("convert it"), .mend = mend_of(f, &need)));
    judge_sides(j, at, f, &need, use);
    if (flaws & IMAGE_HEAVY)
        judge_error(j, at, "image-heavy", uses[use].bytes,
                    SAID(.what = STR_LIT("image file is too large"),
                         .found = judge_number(j, (int64_t)f->bytes),
                         .allowed = findings_fmt(j->out, "%lld bytes",
                                                 (long long)j->limits->image_bytes_max),
                         .fix = STR_LIT("compress it"), .mend = mend_of(f, &need)));
    judge_looks(j, at, f, &need, use);
}

/* Only of bytes that were looked at: what is known of uploads does not tell. */
static void judge_whole(struct judge *j, const struct place *at,
                        const struct image_facts *f)
{
    if (!f->whole)
        judge_error(j, at, "image-damaged", "12038004",
                    SAID(.what = STR_LIT("image is cut short or damaged"),
                         .found = findings_fmt(j->out, "%s of %zu bytes",
                                               image_kind_name(f->kind), f->bytes),
                         .fix = STR_LIT("put a whole one in its place")));
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
    if (image->looked)
        judge_whole(j, at, facts);
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

static void tip_white(struct judge *j, const struct place *at)
{
    judge_tip(j, at, "first-image-not-white",
              SAID(.what = STR_LIT("the first image should have a white background, "
                                   "without text, logo or border")));
}

void listing_judge_image(const struct listing_limits *limits,
                         const struct image_facts *facts, enum image_use use,
                         enum listing_flag white, struct findings *out)
{
    struct judge j = {.limits = limits, .tips = true, .out = out};

    judge_whole(&j, NULL, facts);
    judge_known(&j, NULL, facts, use);
    if (use == USE_MAIN && white == LISTING_NO)
        tip_white(&j, NULL);
}

static void give_tips(struct judge *j, const struct place *at)
{
    const struct listing_images *images = &j->draft->main_images;
    bool known, white = is_white(j, &images->rows[0], &known);

    if (!j->tips)
        return;
    if (images->count < j->limits->main_images_tip)
        judge_tip(j, at, "few-images",
                  SAID(.what = STR_LIT("more images sell better"),
                       .found = judge_number(j, (int64_t)images->count),
                       .allowed = findings_fmt(j->out, "at least %u",
                                               j->limits->main_images_tip)));
    if (known && !white)
        tip_white(j, ITEM(at, 0));
}

void judge_main_images(struct judge *j)
{
    const struct place *at = FIELD(NULL, "main_images");
    const struct listing_images *images = &j->draft->main_images;

    if (!images->rows && j->partial)
        return;
    if (!images->rows || images->count == 0) {
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
