/* The description's HTML: whole tags, closed in order, images with a source of the
 * platform's and both sides given. Which tags there may be is the older rule's question
 * (switch strict_html); today others are rewritten, and a warning says so. */
#include "base/text.h"
#include "sandbox/market/judge.h"

enum { MAX_LENGTH = 10000, MAX_IMAGES = 30, MAX_SIDE = 4000, MAX_OPEN = 64 };

struct tag {
    struct str name, attributes;
    bool closing, alone; /* </x>, <x/> */
};

struct reading {
    struct judge *judge;
    struct str open[MAX_OPEN];
    size_t depth, images;
    bool strict;
    struct buf text; /* what is between the tags */
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The place of the '>' that ends a tag, past quoted values; n where there is none. */
static size_t tag_end(struct str html)
{
    char quote = 0;

    for (size_t i = 1; i < html.n; i++) {
        if (quote)
            quote = html.p[i] == quote ? 0 : quote;
        else if (html.p[i] == '"' || html.p[i] == '\'')
            quote = html.p[i];
        else if (html.p[i] == '>')
            return i;
        else if (html.p[i] == '<')
            return html.n;
    }
    return html.n;
}

/* Takes "<p class='x'>" off the front of html. */
static bool take_tag(struct str *html, struct tag *out)
{
    size_t end = tag_end(*html), n = 0;
    struct str inside;

    if (end == html->n)
        return false;
    inside = str_n(html->p + 1, end - 1);
    *html = str_skip(*html, end + 1);
    *out = (struct tag){.closing = str_starts(inside, "/")};
    if (out->closing)
        inside = str_skip(inside, 1);
    if (str_ends(inside, "/")) {
        out->alone = true;
        inside.n--;
    }
    while (n < inside.n && is_name_char(inside.p[n]))
        n++;
    out->name = str_head(inside, n);
    out->attributes = str_skip(inside, n);
    return n > 0 && (out->attributes.n == 0 || is_blank(out->attributes.p[0]));
}

/* Takes one name="value" off the front; false at the end. Without '=' the value's p is
 * NULL. */
static bool take_attribute(struct str *rest, struct str *name, struct str *value)
{
    size_t n = 0;

    *rest = str_trim(*rest);
    while (n < rest->n && rest->p[n] != '=' && !is_blank(rest->p[n]))
        n++;
    *name = str_head(*rest, n);
    *value = (struct str){0};
    *rest = str_trim(str_skip(*rest, n));
    if (name->n == 0)
        return false;
    if (!str_starts(*rest, "="))
        return true;
    *rest = str_trim(str_skip(*rest, 1));
    n = 0;
    if (rest->n && (rest->p[0] == '"' || rest->p[0] == '\'')) {
        struct str inside = str_skip(*rest, 1);

        n = str_find_char(inside, rest->p[0]);
        *value = str_head(inside, n);
        *rest = str_skip(inside, n + 1);
        return true;
    }
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    *value = str_head(*rest, n);
    *rest = str_skip(*rest, n);
    return true;
}

static bool is_one_of(struct str name, const char *words)
{
    for (struct str list = str_of(words); list.n;)
        if (str_eq_nocase(str_cut(&list, ' '), name))
            return true;
    return false;
}

/* ---- images ---- */

/* Its own, or where the marketplace keeps images. */
static bool is_our_host(const struct judge *j, struct str src)
{
    static const char *const ends[] = {"ibyteimg.com", "tiktokcdn.com",
                                       "tiktokcdn-us.com", "ttcdn-us.com"};
    struct str own = j->market->engine->identity.url, host;

    if (str_eq(str_head(src, own.n), own))
        return true;
    if (!str_starts(src, "https://"))
        return false;
    host = str_skip(src, 8);
    host = str_head(host, str_find_char(host, '/'));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);

        if (str_ends(host, ends[i]) && (host.n == n || host.p[host.n - n - 1] == '.'))
            return true;
    }
    return false;
}

static bool check_side(struct judge *j, struct str side)
{
    int64_t pixels;

    if (str_empty(side))
        return judge_fail(j, 12052348);
    if (str_ends(side, "px"))
        side.n -= 2;
    return parse_i64(side, 1, MAX_SIDE, &pixels) ? true : judge_fail(j, 12052341);
}

/* By the ending of its address; by its bytes where they were uploaded here. */
static bool check_source(struct judge *j, struct str src)
{
    struct str path = str_head(src, str_find_char(src, '?')), own;
    struct image_facts facts;
    size_t cdn = str_find(path, STR_LIT("/_cdn/"));

    if (str_ends(path, ".gif") || str_ends(path, ".svg") || str_ends(path, ".tiff"))
        return judge_fail(j, 12052324);
    own = str_skip(path, cdn + strlen("/_cdn/"));
    if (cdn == path.n || !images_facts(j->market->engine->images, own, &facts))
        return true;
    if (!judge_image_kind(&facts))
        return judge_fail(j, 12052343);
    if (facts.width > MAX_SIDE || facts.height > MAX_SIDE)
        return judge_fail(j, 12052341);
    return facts.bytes > judge_image_bytes(j) ? judge_fail(j, 12052342) : true;
}

static bool check_image(struct reading *r, struct str attributes)
{
    struct str src = {0}, width = {0}, height = {0}, name, value;

    while (take_attribute(&attributes, &name, &value)) {
        if (str_eq_nocase(name, STR_LIT("src")))
            src = value;
        else if (str_eq_nocase(name, STR_LIT("width")))
            width = value;
        else if (str_eq_nocase(name, STR_LIT("height")))
            height = value;
    }
    if (str_empty(src))
        return judge_fail(r->judge, 12052348);
    if (++r->images > MAX_IMAGES)
        return judge_fail(r->judge, 12052056);
    return check_side(r->judge, width) && check_side(r->judge, height) &&
           (is_our_host(r->judge, src) || judge_fail(r->judge, 12052340)) &&
           check_source(r->judge, src);
}

/* ---- tags ---- */

/* Refused by the older rule, rewritten with a warning today. */
static bool complain(struct reading *r, int64_t code)
{
    if (r->strict)
        return judge_fail(r->judge, code);
    judge_warn_code(r->judge, code);
    return true;
}

/* What the page shows is src, width and height of an image; alt does no harm. */
static bool check_attributes(struct reading *r, const struct tag *tag)
{
    struct str rest = tag->attributes, name, value;

    while (take_attribute(&rest, &name, &value))
        if (!is_one_of(tag->name, "img") || !is_one_of(name, "src width height alt"))
            return complain(r, 12052350);
    return true;
}

/* The older rule: few tags, the small ones only inside of p or li, and not in each other.
 */
static bool check_place(struct reading *r, const struct tag *tag)
{
    bool small = is_one_of(tag->name, "strong b i em u");
    struct str above = r->depth ? r->open[r->depth - 1] : (struct str){0};

    if (!small && !is_one_of(tag->name, "p img ul ol li br"))
        return complain(r, 12052345);
    if (small && !is_one_of(above, "p li"))
        return complain(r, 12052349);
    if (is_one_of(tag->name, "p ul ol") && r->depth)
        return complain(r, 12052349);
    if (is_one_of(tag->name, "img") && r->depth && !is_one_of(above, "p li"))
        return complain(r, 12052349);
    if (is_one_of(tag->name, "li") && !is_one_of(above, "ul ol"))
        return complain(r, 12052349);
    return true;
}

static bool open_tag(struct reading *r, const struct tag *tag)
{
    if (!check_attributes(r, tag) || !check_place(r, tag))
        return false;
    if (is_one_of(tag->name, "img") && !check_image(r, tag->attributes))
        return false;
    if (tag->alone || is_one_of(tag->name, "img br hr wbr col input"))
        return true;
    if (r->depth == MAX_OPEN)
        return judge_fail(r->judge, 12052352);
    r->open[r->depth++] = tag->name;
    return true;
}

static bool close_tag(struct reading *r, const struct tag *tag)
{
    if (is_one_of(tag->name, "img br hr wbr col input"))
        return true;
    if (r->depth == 0 || !str_eq_nocase(r->open[r->depth - 1], tag->name))
        return judge_fail(r->judge, 12052344);
    r->depth--;
    return true;
}

static bool read_html(struct reading *r, struct str html)
{
    while (html.n) {
        size_t at = str_find_char(html, '<');
        struct tag tag;

        buf_add(&r->text, str_head(html, at));
        html = str_skip(html, at);
        if (html.n == 0)
            break;
        if (!take_tag(&html, &tag))
            return judge_fail(r->judge, 12052344);
        if (!(tag.closing ? close_tag(r, &tag) : open_tag(r, &tag)))
            return false;
        buf_addc(&r->text, ' ');
    }
    return r->depth ? judge_fail(r->judge, 12052344) : true;
}

bool step_description(struct judge *j)
{
    struct str html = json_str(j->body, "description");
    struct reading r = {.judge = j, .text = BUF_INIT(BUF_MAX_REQUEST)};
    bool fine, words;

    r.strict = j->market->engine->set.switches.strict_html;

    if (str_empty(text_trim(html)))
        return judge_fail(j, 12052015);
    if (utf8_length(html) > MAX_LENGTH)
        return judge_fail(j, 12052013);
    if (judge_is_chinese(j, html) && j->market->engine->set.switches.chinese_refused)
        return judge_fail(j, 12052346);
    if (judge_is_chinese(j, html))
        judge_warn_code(j, 12052346);
    fine = read_html(&r, html);
    words = !str_empty(text_trim(buf_str(&r.text)));
    if (fine && words && !text_is_plain(buf_str(&r.text), true))
        fine = judge_fail(j, 12052932);
    if (fine && !words && !r.images)
        fine = judge_fail(j, 12019006);
    buf_clear(&r.text);
    return fine;
}
