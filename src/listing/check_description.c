/* check_description.c - the description: length, tags and what they hold, images, words
 *
 * Two readings of the rules. 202309: p img ul ol li br strong b i em u and no others, the
 * inline ones within p or li, nothing else nested. Current: all tags are taken and some
 * rewritten, so that what 202309 refuses is a warning.
 */
#include "base/text.h"
#include "listing/html.h"
#include "listing/judge.h"

enum { OPEN_MAX = 64, POINT_MAX = 250, POINTS_LEAST = 3, POINTS_MOST = 5 };

/* The marketplace's own hosts, as its samples and clients show them: a guess that there
 * are no others. */
static const char *const hosts[] = {"ibyteimg.com",     "ibytemg.com",
                                    "tiktokcdn.com",    "tiktokcdn-us.com",
                                    "tiktokcdn-eu.com", "byteoversea.com"};

struct open_tag {
    struct str name;
    enum html_tag tag;
};

struct reading {
    struct judge *j;
    const struct place *at;
    bool strict;
    struct open_tag open[OPEN_MAX];
    size_t depth;
    size_t images;
    size_t words; /* characters that are no markup */
    bool has_word;
    bool emoji, han, control, escape, garbage;
    uint32_t run;
    size_t point; /* characters of the paragraph or item under way */
    size_t points, points_too_long;
    bool told_depth;
};

/* What the strict profile refuses is rewritten by the other. */
static void against_profile(struct reading *r, const char *rule, const char *code,
                            struct said said)
{
    if (r->strict)
        judge_error(r->j, r->at, rule, code, said);
    else
        judge_warning(r->j, r->at, rule, code, said);
}

static struct str tag_text(struct reading *r, struct str name)
{
    struct str head = utf8_head(name, 20);

    return findings_fmt(r->j->out, "<%.*s>", STR_ARG(head));
}

static void broken(struct reading *r, const char *what, struct str found)
{
    judge_error(r->j, r->at, "html-syntax", "12052344",
                SAID(.what = str_of(what), .found = judge_quote(r->j, found),
                     .fix = STR_LIT("close what is open, in order"),
                     .mend = MEND_DESCRIPTION_CLEAN));
}

/* ---- images ---- */

static bool is_host_of(struct str host, struct str domain)
{
    if (host.n == domain.n)
        return str_eq_nocase(host, domain);
    return host.n > domain.n && host.p[host.n - domain.n - 1] == '.' &&
           str_eq_nocase(str_skip(host, host.n - domain.n), domain);
}

/* "p16-oec-va.ibyteimg.com" of "https://p16-oec-va.ibyteimg.com/tos-…"; empty for none.
 */
static struct str host_of(struct str address)
{
    struct str rest = address;
    size_t n = 0;

    if (str_starts(rest, "https://"))
        rest = str_skip(rest, 8);
    else if (str_starts(rest, "http://"))
        rest = str_skip(rest, 7);
    else if (str_starts(rest, "//"))
        rest = str_skip(rest, 2);
    else
        return STR_LIT("");
    while (n < rest.n && !strchr("/?#", rest.p[n]))
        n++;
    rest = str_head(rest, n);
    if (str_find_char(rest, '@') < rest.n) /* a name in front of another host */
        return STR_LIT("");
    return rest;
}

static bool is_our_host(const struct judge *j, struct str host)
{
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (is_host_of(host, str_of(hosts[i])))
            return true;
    for (size_t i = 0; j->shop && i < j->shop->image_host_count; i++)
        if (is_host_of(host, j->shop->image_hosts[i]))
            return true;
    return false;
}

static void judge_source(struct reading *r, struct str src)
{
    struct str path = str_head(src, str_find_char(src, '?'));
    struct listing_image image = {.uri = src};
    const struct image_facts *facts;

    if (!is_our_host(r->j, host_of(src)))
        judge_error(r->j, r->at, "description-image-host", "12052340",
                    SAID(.what = STR_LIT("an image is not on the marketplace's host"),
                         .found = judge_quote(r->j, src),
                         .fix = STR_LIT("upload it and use the url that comes back")));
    if (str_ends(path, ".gif") || str_ends(path, ".svg") || str_ends(path, ".tiff"))
        judge_error(r->j, r->at, "description-image-ending", "12052324",
                    SAID(.what = STR_LIT("an image's format is not taken"),
                         .found = judge_quote(r->j, src),
                         .allowed = STR_LIT("JPEG, PNG, WEBP, HEIC, BMP"),
                         .mend = MEND_IMAGE));
    facts = judge_facts(r->j, &image);
    if (facts)
        judge_image(r->j, r->at, &image, USE_DESCRIPTION);
}

static void judge_side(struct reading *r, const char *name, struct str value)
{
    int64_t side;
    struct str number = str_ends(value, "px") ? str_head(value, value.n - 2) : value;

    if (!value.p || !parse_i64(number, 1, INT64_MAX, &side)) {
        judge_error(r->j, r->at, "description-image-attribute", "12052348",
                    SAID(.what = findings_fmt(r->j->out, "an image has no %s", name),
                         .found = value.p ? judge_quote(r->j, value) : STR_LIT(""),
                         .allowed = STR_LIT("src, width and height in each img"),
                         .fix = STR_LIT("say the sides in pixels")));
        return;
    }
    if (side > r->j->limits->description_image_side_max)
        judge_error(
            r->j, r->at, "description-image-large", "12052341",
            SAID(.what = findings_fmt(r->j->out, "an image's %s is too large", name),
                 .found = judge_quote(r->j, value),
                 .allowed =
                     judge_range(r->j, 1, r->j->limits->description_image_side_max)));
}

static void judge_img(struct reading *r, struct str attributes)
{
    struct html_attribute a;
    struct str src = {0}, width = {0}, height = {0};

    r->images++;
    while (html_next_attribute(&attributes, &a))
        if (str_eq_nocase(a.name, STR_LIT("src")))
            src = a.value;
        else if (str_eq_nocase(a.name, STR_LIT("width")))
            width = a.value;
        else if (str_eq_nocase(a.name, STR_LIT("height")))
            height = a.value;
    if (str_empty(src))
        judge_error(r->j, r->at, "description-image-attribute", "12052348",
                    SAID(.what = STR_LIT("an image has no src"),
                         .allowed = STR_LIT("src, width and height in each img")));
    else
        judge_source(r, src);
    judge_side(r, "width", width);
    judge_side(r, "height", height);
}

/* ---- tags ---- */

static bool is_known_attribute(enum html_tag tag, struct str name)
{
    return tag == TAG_IMG && (str_eq_nocase(name, STR_LIT("src")) ||
                              str_eq_nocase(name, STR_LIT("width")) ||
                              str_eq_nocase(name, STR_LIT("height")) ||
                              str_eq_nocase(name, STR_LIT("alt")));
}

static void judge_tag_attributes(struct reading *r, enum html_tag tag,
                                 const struct html_token *t)
{
    struct str rest = t->attributes;
    struct html_attribute a;

    while (html_next_attribute(&rest, &a))
        if (!is_known_attribute(tag, a.name)) {
            against_profile(
                r, "html-attribute", "12052350",
                SAID(.what = STR_LIT("a tag has an attribute it may not have"),
                     .found = judge_quote(r->j, t->whole),
                     .allowed = STR_LIT("src, width and height of img"),
                     .fix = STR_LIT("leave it out"), .mend = MEND_DESCRIPTION_CLEAN));
            return;
        }
}

/* Whether a tag may stand where it does, by the strict reading. */
static bool may_stand(const struct reading *r, enum html_tag tag)
{
    enum html_tag within = r->depth ? r->open[r->depth - 1].tag : TAG_OTHER;

    if (tag == TAG_BR)
        return true;
    if (tag == TAG_IMG)
        return r->depth == 0 || within == TAG_P || within == TAG_LI;
    if (tag == TAG_LI)
        return within == TAG_UL || within == TAG_OL;
    if (html_tag_is_inline(tag))
        return r->depth > 0 && (within == TAG_P || within == TAG_LI);
    return r->depth == 0;
}

static void end_point(struct reading *r)
{
    r->points += r->point > 0;
    r->points_too_long += r->point > POINT_MAX;
    r->point = 0;
}

static void push(struct reading *r, enum html_tag tag, const struct html_token *t)
{
    if (r->depth == r->j->limits->html_depth_max || r->depth == OPEN_MAX) {
        if (!r->told_depth)
            judge_error(r->j, r->at, "html-too-deep", "12052352",
                        SAID(.what = STR_LIT("tags are nested too deep"),
                             .found = tag_text(r, t->name),
                             .allowed = judge_number(r->j, r->j->limits->html_depth_max),
                             .mend = MEND_DESCRIPTION_CLEAN));
        r->told_depth = true;
        if (r->depth == OPEN_MAX)
            return;
    }
    r->open[r->depth++] = (struct open_tag){t->name, tag};
}

static void judge_open(struct reading *r, const struct html_token *t)
{
    enum html_tag tag = html_tag_of(t->name);

    if (tag == TAG_OTHER)
        against_profile(r, "html-tag", "12052345",
                        SAID(.what = STR_LIT("this tag is not shown as it is written"),
                             .found = tag_text(r, t->name),
                             .allowed = STR_LIT("p img ul ol li br strong b i em u"),
                             .fix = STR_LIT("use one of those"),
                             .mend = MEND_DESCRIPTION_CLEAN));
    else if (!may_stand(r, tag))
        against_profile(r, "html-nesting", "12052349",
                        SAID(.what = STR_LIT("this tag may not stand here"),
                             .found = tag_text(r, t->name),
                             .allowed = STR_LIT("inline tags in p or li, li in ul or ol, "
                                                "else none in another"),
                             .mend = MEND_DESCRIPTION_CLEAN));
    judge_tag_attributes(r, tag, t);
    if (tag == TAG_IMG)
        judge_img(r, t->attributes);
    if (!html_tag_is_inline(tag))
        end_point(r);
    if (!html_is_void(t->name) && !t->closes_itself)
        push(r, tag, t);
}

static void judge_close(struct reading *r, const struct html_token *t)
{
    if (html_is_void(t->name))
        return;
    if (r->depth == 0 || !str_eq_nocase(r->open[r->depth - 1].name, t->name)) {
        if (r->depth < OPEN_MAX)
            broken(r, "an end tag has no beginning, or another is open", t->whole);
        return;
    }
    if (!html_tag_is_inline(r->open[r->depth - 1].tag))
        end_point(r);
    r->depth--;
}

/* ---- words ---- */

static void read_words(struct reading *r, struct str text)
{
    struct text_faults f = text_faults_of(text);

    if (str_empty(str_trim(text)))
        return;
    r->words += f.length;
    r->point += f.length;
    r->has_word = r->has_word || (f.length > 0 && !f.no_word);
    r->emoji = r->emoji || f.emoji;
    r->han = r->han || f.han;
    r->escape = r->escape || f.escape;
    r->garbage = r->garbage || f.garbage;
    if (f.run && f.run != ' ' && f.run != '\n' && f.run != '\t')
        r->run = f.run;
    if (f.control) /* line ends and tabs are blanks in HTML */
        for (size_t i = 0; i < text.n; i++)
            r->control =
                r->control ||
                ((unsigned char)text.p[i] < 0x20 && !strchr("\n\r\t", text.p[i])) ||
                text.p[i] == 0x7F;
}

static void read_tokens(struct reading *r, struct str description)
{
    struct html html = {description};
    struct html_token t;

    while (html_next(&html, &t)) {
        switch (t.kind) {
        case HTML_TEXT:
            read_words(r, t.whole);
            break;
        case HTML_OPEN:
            judge_open(r, &t);
            break;
        case HTML_CLOSE:
            judge_close(r, &t);
            break;
        case HTML_COMMENT:
            against_profile(r, "html-tag", "12052345",
                            SAID(.what = STR_LIT("a comment is not shown"),
                                 .found = judge_quote(r->j, t.whole),
                                 .mend = MEND_DESCRIPTION_CLEAN));
            break;
        case HTML_BROKEN:
            broken(r, "a tag has no end", t.whole);
            break;
        }
    }
    if (r->depth && r->depth < OPEN_MAX)
        broken(r, "a tag is never closed", tag_text(r, r->open[r->depth - 1].name));
    end_point(r);
}

static void judge_words(struct reading *r, struct str description)
{
    struct judge *j = r->j;
    struct text_faults faults = {.escape = r->escape,
                                 .emoji = r->emoji,
                                 .control = r->control,
                                 .no_word = r->words > 0 && !r->has_word && !r->images,
                                 .run = r->run};

    judge_format(j, r->at, description, &faults, "12052932", MEND_DESCRIPTION_CLEAN);
    if (r->words == 0 && r->images == 0)
        judge_error(j, r->at, "description-without-words", "12019006",
                    SAID(.what = STR_LIT("description has neither words nor images")));
    if (r->han && !j->limits->han_allowed) {
        struct said said = {.what = STR_LIT("description has Chinese characters, which "
                                            "its buyers may not read"),
                            .fix = STR_LIT("translate it")};

        judge_warning(j, r->at, "description-chinese", "12052346", said);
    }
}

static void give_tips(struct reading *r)
{
    struct judge *j = r->j;

    if (!j->tips)
        return;
    if (r->words < j->limits->description_tip_min)
        judge_tip(j, r->at, "description-short",
                  SAID(.what = STR_LIT("a longer description sells better"),
                       .found = judge_number(j, (int64_t)r->words),
                       .allowed = findings_fmt(j->out, "at least %u characters",
                                               j->limits->description_tip_min)));
    if (r->images == 0)
        judge_tip(j, r->at, "description-without-image",
                  SAID(.what = STR_LIT("images in the description help buyers decide")));
    if (r->points < POINTS_LEAST || r->points > POINTS_MOST)
        judge_tip(j, r->at, "selling-points",
                  SAID(.what = STR_LIT("name selling points in paragraphs of their own"),
                       .found = judge_number(j, (int64_t)r->points),
                       .allowed = judge_range(j, POINTS_LEAST, POINTS_MOST)));
    if (r->points_too_long)
        judge_tip(j, r->at, "selling-point-long",
                  SAID(.what = STR_LIT("a paragraph is longer than is read easily"),
                       .allowed = findings_fmt(j->out, "%d characters", POINT_MAX)));
}

void judge_description(struct judge *j)
{
    const struct place *at = FIELD(NULL, "description");
    struct str description = j->draft->description;
    struct reading r = {.j = j, .at = at, .strict = j->limits->html == HTML_STRICT};

    if (!description.p && j->partial)
        return;
    if (str_empty(str_trim(description))) {
        judge_error(j, at, "description-missing", "12052015",
                    SAID(.what = STR_LIT("description is missing"),
                         .fix = STR_LIT("describe the product")));
        return;
    }
    judge_length(j, at, description, j->limits->description_max, "description-too-long",
                 "12052013");
    read_tokens(&r, description);
    if (r.images > j->limits->description_images_max)
        judge_error(
            j, at, "description-images", "12052056",
            SAID(.what = STR_LIT("description has too many images"),
                 .found = judge_number(j, (int64_t)r.images),
                 .allowed = judge_range(j, 0, j->limits->description_images_max)));
    judge_words(&r, description);
    give_tips(&r);
}
