/* fix_text.c - titles and descriptions brought into form */
#include "base/text.h"
#include "listing/body.h"
#include "listing/escapes.h"
#include "listing/fixing.h"
#include "listing/html.h"
#include "listing/judge.h"

/* ---- characters ---- */

static bool stays(uint32_t c, unsigned traits, bool keep_lines)
{
    enum { JOINER = 0x200D };

    if (c == JOINER || (traits & TRAIT_EMOJI))
        return false;
    if (traits & TRAIT_CONTROL)
        return keep_lines && (c == '\n' || c == '\t' || c == '\r');
    return true;
}

/* Before these a "<" that was written as an escape would begin a tag. */
static bool begins_tag(struct str rest)
{
    char c = rest.n ? rest.p[0] : ' ';

    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '/' || c == '!' || c == '?';
}

void clean_text(struct str s, bool keep_lines, struct buf *out)
{
    uint32_t before = 0;
    unsigned run = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t c = 0;
        size_t escape = s.p[at] == '&' ? escape_read(str_skip(s, at), &c) : 0;

        if (escape) {
            at += escape;
            c = c == 0xA0 ? ' ' : c;
        } else {
            c = utf8_next(s, &at);
        }
        if (!stays(c, text_traits(c), keep_lines))
            continue;
        run = c == before ? run + 1 : 1;
        before = c;
        if (run <= LONGEST_RUN)
            buf_utf8(out, c);
        if (escape && c == '<' && keep_lines && begins_tag(str_skip(s, at)))
            buf_addc(out, ' ');
    }
}

/* ---- title ---- */

/* Up to a word's end, without what dangles there. */
static struct str trim_at_word(struct str s, size_t most)
{
    struct str head = utf8_head(s, most);
    size_t end = head.n;

    if (head.n == s.n)
        return s;
    if (s.p[head.n] != ' ')
        while (end > 0 && head.p[end - 1] != ' ')
            end--;
    if (end < head.n / 2) /* one long word: cut it */
        end = head.n;
    head = str_trim(str_head(head, end));
    while (head.n && strchr("-,/|&(+;:", head.p[head.n - 1]))
        head = str_trim(str_head(head, head.n - 1));
    return head;
}

static void add_single_spaced(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' || (i > 0 && s.p[i - 1] != ' '))
            buf_addc(out, s.p[i]);
}

void fix_title(struct fixing *f)
{
    struct str was = f->draft->title, clean, short_one;
    struct buf a = BUF_INIT(LISTING_BODY_MAX), b = BUF_INIT(LISTING_BODY_MAX);

    if (f->title_done)
        return;
    f->title_done = true;
    clean_text(was, false, &a);
    add_single_spaced(&b, buf_str(&a));
    clean = str_trim(fixing_keep(f, &b));
    buf_clear(&a);
    buf_clear(&b);
    short_one = trim_at_word(clean, f->q->limits->title_max);
    f->draft->title = short_one;
    if (short_one.n < clean.n)
        fixing_tell(f, STR_LIT("title"), "shortened at a word", was, short_one);
    else if (!str_eq(was, short_one))
        fixing_tell(f, STR_LIT("title"), "characters left out", was, short_one);
}

/* ---- description ---- */

enum { OPEN_MAX = 32 };

struct writing {
    struct buf out;
    struct str open[OPEN_MAX];
    enum html_tag tags[OPEN_MAX];
    size_t depth, depth_max;
    bool strict;
    struct str skipping; /* name of an element whose inside goes: script, style */
};

static void close_one(struct writing *w)
{
    struct str name = w->open[--w->depth];

    buf_addz(&w->out, "</");
    buf_add(&w->out, name);
    buf_addc(&w->out, '>');
}

static enum html_tag within(const struct writing *w)
{
    return w->depth ? w->tags[w->depth - 1] : TAG_OTHER;
}

static void open_one(struct writing *w, struct str name, enum html_tag tag,
                     const struct html_token *t)
{
    if (w->depth == w->depth_max)
        return;
    buf_addc(&w->out, '<');
    buf_add(&w->out, name);
    if (!w->strict)
        buf_add(&w->out, t->attributes);
    buf_addc(&w->out, '>');
    w->open[w->depth] = name;
    w->tags[w->depth++] = tag;
}

static void put_img(struct writing *w, const struct html_token *t)
{
    struct str rest = t->attributes;
    struct html_attribute a;

    if (!w->strict) {
        buf_add(&w->out, t->whole);
        return;
    }
    buf_addz(&w->out, "<img");
    while (html_next_attribute(&rest, &a))
        if (str_eq_nocase(a.name, STR_LIT("src")) ||
            str_eq_nocase(a.name, STR_LIT("width")) ||
            str_eq_nocase(a.name, STR_LIT("height"))) {
            buf_addc(&w->out, ' ');
            buf_add(&w->out, a.name);
            buf_addz(&w->out, "=\"");
            buf_add(&w->out, a.value);
            buf_addc(&w->out, '"');
        }
    buf_addz(&w->out, "/>");
}

/* Block elements the strict reading does not know: what is in them is a paragraph. */
static bool is_block(struct str name)
{
    static const char *const blocks[] = {
        "div", "section", "article", "h1",    "h2",     "h3",     "h4",        "h5",
        "h6",  "tr",      "td",      "table", "header", "footer", "blockquote"};

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (str_eq_nocase(name, str_of(blocks[i])))
            return true;
    return false;
}

static void close_all(struct writing *w)
{
    while (w->depth)
        close_one(w);
}

static void put_open_strictly(struct writing *w, const struct html_token *t)
{
    enum html_tag tag = html_tag_of(t->name);

    if (tag == TAG_IMG) {
        put_img(w, t);
    } else if (tag == TAG_BR) {
        buf_addz(&w->out, "<br/>");
    } else if (html_tag_is_inline(tag)) {
        if (within(w) == TAG_P || within(w) == TAG_LI)
            open_one(w, t->name, tag, t);
    } else if (tag == TAG_LI) {
        while (w->depth && within(w) != TAG_UL && within(w) != TAG_OL)
            close_one(w);
        if (!w->depth)
            open_one(w, STR_LIT("ul"), TAG_UL, t);
        open_one(w, t->name, tag, t);
    } else if (tag != TAG_OTHER || is_block(t->name)) {
        if ((tag == TAG_OTHER || tag == TAG_P) && within(w) == TAG_LI)
            return; /* its text belongs to the item */
        close_all(w);
        open_one(w, tag == TAG_OTHER ? STR_LIT("p") : t->name,
                 tag == TAG_OTHER ? TAG_P : tag, t);
    }
}

static void put_open(struct writing *w, const struct html_token *t)
{
    if (str_eq_nocase(t->name, STR_LIT("script")) ||
        str_eq_nocase(t->name, STR_LIT("style"))) {
        w->skipping = t->closes_itself ? STR_LIT("") : t->name;
        return;
    }
    if (w->strict)
        put_open_strictly(w, t);
    else if (html_is_void(t->name) || t->closes_itself)
        buf_add(&w->out, t->whole);
    else
        open_one(w, t->name, html_tag_of(t->name), t);
}

/* Closes what is open down to it; an end without a beginning goes. */
static void put_close(struct writing *w, struct str name)
{
    size_t at = w->depth;

    if (w->strict && html_tag_of(name) == TAG_OTHER && is_block(name))
        name = STR_LIT("p");
    while (at > 0 && !str_eq_nocase(w->open[at - 1], name))
        at--;
    while (at > 0 && w->depth >= at)
        close_one(w);
}

static void put_token(struct writing *w, const struct html_token *t)
{
    if (w->skipping.n) {
        if (t->kind == HTML_CLOSE && str_eq_nocase(t->name, w->skipping))
            w->skipping = STR_LIT("");
        return;
    }
    switch (t->kind) {
    case HTML_TEXT:
        clean_text(t->whole, true, &w->out);
        break;
    case HTML_OPEN:
        put_open(w, t);
        break;
    case HTML_CLOSE:
        put_close(w, t->name);
        break;
    case HTML_COMMENT:
    case HTML_BROKEN:
        break;
    }
}

void fix_description(struct fixing *f)
{
    struct str was = f->draft->description;
    struct writing w = {.out = BUF_INIT(2 * LISTING_BODY_MAX),
                        .strict = f->q->limits->html == HTML_STRICT,
                        .depth_max = f->q->limits->html_depth_max < OPEN_MAX
                                         ? f->q->limits->html_depth_max
                                         : OPEN_MAX};
    struct buf loose = BUF_INIT(2 * LISTING_BODY_MAX);
    struct html html;
    struct html_token t;

    if (f->description_done)
        return;
    f->description_done = true;
    html_loosen(was, &loose);
    html = (struct html){buf_str(&loose)};
    while (html_next(&html, &t))
        put_token(&w, &t);
    close_all(&w);
    if (loose.failed)
        w.out.failed = loose.failed;
    f->draft->description = fixing_keep(f, &w.out);
    buf_clear(&w.out);
    buf_clear(&loose);
    if (!str_eq(was, f->draft->description))
        fixing_tell(f, STR_LIT("description"), "tags and characters put right",
                    utf8_head(was, 60), utf8_head(f->draft->description, 60));
}
