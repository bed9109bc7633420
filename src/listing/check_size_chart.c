/* check_size_chart.c - size chart and video */
#include "listing/judge.h"

static void judge_template(struct judge *j, const struct place *at, struct str id)
{
    if (!j->shop || !j->shop->size_charts_known || !id.n)
        return;
    if (!strs_have(j->shop->size_chart_ids, j->shop->size_chart_count, id))
        judge_error(j, at, "size-chart-unknown", "12052128",
                    SAID(.what = STR_LIT("the shop has no such size chart"),
                         .found = judge_quote(j, id)));
}

static bool is_empty(const struct listing_size_chart *c)
{
    return !c->template_id.n && !c->image.uri.n && !c->image.location.n;
}

void judge_size_chart(struct judge *j)
{
    const struct place *at = FIELD(NULL, "size_chart");
    const struct listing_size_chart *c = &j->draft->size_chart;
    bool rules = j->need && j->need->rules_known;

    if (!c->said || is_empty(c)) {
        if (rules && j->need->size_chart_required && j->to_list &&
            !(j->partial && !c->said))
            judge_error(j, at, "size-chart-missing", "12052673",
                        SAID(.what = STR_LIT("the category asks for a size chart"),
                             .fix = STR_LIT("add an image or a template")));
        if (c->said && !c->image_said)
            judge_error(j, at, "size-chart-empty", "12052487",
                        SAID(.what = STR_LIT("size_chart is there and empty"),
                             .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
        else if (c->said)
            judge_error(j, FIELD(FIELD(at, "image"), "uri"), "size-chart-image",
                        "12052670",
                        SAID(.what = STR_LIT("the size chart's image has no uri")));
        return;
    }
    if (rules && !j->need->size_chart_supported && !j->need->size_chart_required)
        judge_warning(j, at, "size-chart-not-taken", "",
                      SAID(.what = STR_LIT("the category shows no size chart"),
                           .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    if (c->template_id.n && c->image_said) {
        judge_warning(j, FIELD(at, "image"), "size-chart-both", "",
                      SAID(.what = STR_LIT("the template is shown and the image is not"),
                           .fix = STR_LIT("leave one of them out"),
                           .mend = MEND_SIZE_CHART_IMAGE_OFF));
    } else if (c->image_said) {
        judge_image(j, FIELD(at, "image"), &c->image, USE_SIZE_CHART);
    }
    judge_template(j, FIELD(FIELD(at, "template"), "id"), c->template_id);
}

/* ---- video ---- */

enum { VIDEO_SIDE = 720, VIDEO_BEST_S = 20, VIDEO_MOST_S = 60 };

struct video_facts {
    uint32_t width, height, seconds;
};

static bool find_video(const struct judge *j, struct video_facts *out)
{
    const struct listing_video *v = &j->draft->video;

    *out = (struct video_facts){v->file.width, v->file.height, v->file.seconds};
    if (v->looked)
        return true;
    for (size_t i = 0; j->shop && i < j->shop->video_count; i++) {
        const struct shop_video *known = &j->shop->videos[i];

        if (!str_eq(known->id, v->id))
            continue;
        *out = (struct video_facts){known->width, known->height, known->seconds};
        return true;
    }
    return false;
}

static void give_tips(struct judge *j, const struct place *at,
                      const struct video_facts *v)
{
    uint32_t low = v->width < v->height ? v->width : v->height;

    if (low && v->width != v->height)
        judge_tip(j, at, "video-shape",
                  SAID(.what = STR_LIT("a square video is shown best"),
                       .found = findings_fmt(j->out, "%u x %u", v->width, v->height),
                       .allowed = STR_LIT("1:1")));
    if (low && low < VIDEO_SIDE)
        judge_tip(j, at, "video-small",
                  SAID(.what = STR_LIT("a sharper video is shown best"),
                       .found = findings_fmt(j->out, "%u x %u", v->width, v->height),
                       .allowed = STR_LIT("720p or more")));
    if (v->seconds > VIDEO_MOST_S)
        judge_tip(j, at, "video-long",
                  SAID(.what = STR_LIT("the video should not be over 60 seconds"),
                       .found = findings_fmt(j->out, "%u s", v->seconds),
                       .allowed = STR_LIT("20 s is best")));
    else if (v->seconds > VIDEO_BEST_S)
        judge_tip(j, at, "video-longish",
                  SAID(.what = STR_LIT("a video within 20 seconds is watched to its end"),
                       .found = findings_fmt(j->out, "%u s", v->seconds)));
}

/* Upload Product File 202309: what it takes of videos. */
enum { VIDEO_BYTES_MAX = 100 * 1024 * 1024, WIDE = 16, HIGH = 9 };

static void judge_shape(struct judge *j, const struct place *at,
                        const struct file_facts *f)
{
    uint64_t w = f->width, h = f->height;

    if (w * HIGH > h * WIDE || h * HIGH > w * WIDE)
        judge_error(j, at, "video-aspect", "",
                    SAID(.what = STR_LIT("the video is too wide or too tall"),
                         .found = findings_fmt(j->out, "%u x %u", f->width, f->height),
                         .allowed = STR_LIT("9:16 to 16:9"), .fix = STR_LIT("crop it")));
}

static void judge_video_file(struct judge *j, const struct place *at,
                             const struct file_facts *f)
{
    if (f->kind == FILE_UNKNOWN || f->kind == FILE_PDF)
        judge_error(
            j, at, "video-format", "12038004",
            SAID(.what = STR_LIT("the video is of a format that is not taken"),
                 .found = str_of(file_kind_name(f->kind)),
                 .allowed = STR_LIT("MP4, MOV, MKV, WMV, WEBM, AVI, 3GP, FLV, MPEG"),
                 .fix = STR_LIT("convert it to MP4")));
    else if (f->cut_short)
        judge_error(j, at, "video-damaged", "12038004",
                    SAID(.what = STR_LIT("the video is cut short"),
                         .found = judge_number(j, (int64_t)f->bytes),
                         .fix = STR_LIT("put a whole one in its place")));
    if (f->bytes > VIDEO_BYTES_MAX)
        judge_error(j, at, "video-heavy", "12038005",
                    SAID(.what = STR_LIT("the video's file is too large"),
                         .found = judge_number(j, (int64_t)f->bytes),
                         .allowed = findings_fmt(j->out, "%d bytes", VIDEO_BYTES_MAX),
                         .fix = STR_LIT("compress it")));
    judge_shape(j, at, f);
}

void judge_video(struct judge *j)
{
    const struct place *at = FIELD(NULL, "video");
    struct video_facts facts;

    if (!j->draft->video.said)
        return;
    if (!j->draft->video.id.n && !j->draft->video.location.n)
        judge_error(j, at, "video-empty", "12052487",
                    SAID(.what = STR_LIT("video is there and empty"),
                         .fix = STR_LIT("leave it out"), .mend = MEND_DROP));
    if (j->draft->video.looked)
        judge_video_file(j, at, &j->draft->video.file);
    if (find_video(j, &facts))
        give_tips(j, at, &facts);
}
