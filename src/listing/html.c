#include "listing/html.h"

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Whether a tag, a comment or the like begins at s.p[at], which is "<". */
static bool begins_markup(struct str s, size_t at)
{
    char next = at + 1 < s.n ? s.p[at + 1] : '\0';

    if (next == '/')
        return at + 2 < s.n && is_letter(s.p[at + 2]);
    return is_letter(next) || next == '!' || next == '?';
}

static size_t text_length(struct str s)
{
    size_t at = 0;

    for (;;) {
        const char *found = memchr(s.p + at, '<', s.n - at);

        if (!found)
            return s.n;
        at = (size_t)(found - s.p);
        if (begins_markup(s, at))
            return at;
        if (++at == s.n)
            return s.n;
    }
}

/* Past the ">" of a tag; 0 when it has none. A ">" in quotes is none, and quotes begin
 * only behind a "=". */
static size_t tag_length(struct str s)
{
    char quote = '\0', before = '\0';

    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];

        if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '>')
            return i + 1;
        else if ((c == '"' || c == '\'') && before == '=')
            quote = c;
        if (!is_blank(c))
            before = c;
    }
    return 0;
}

static size_t comment_length(struct str s)
{
    bool dashes = str_starts(s, "<!--");
    struct str end = dashes ? STR_LIT("-->") : STR_LIT(">");
    size_t skip = dashes ? 4 : 2;
    size_t at = str_find(str_skip(s, skip), end);

    return skip + at + end.n <= s.n ? skip + at + end.n : 0;
}

static void read_tag(struct html_token *t)
{
    bool close = t->whole.p[1] == '/';
    struct str inside = str_n(t->whole.p + 1 + close, t->whole.n - 2 - close);
    size_t n = 0;

    while (n < inside.n && !is_blank(inside.p[n]) && inside.p[n] != '/')
        n++;
    t->kind = close ? HTML_CLOSE : HTML_OPEN;
    t->name = str_head(inside, n);
    t->attributes = str_skip(inside, n);
    t->closes_itself = inside.n > n && inside.p[inside.n - 1] == '/';
    if (t->closes_itself)
        t->attributes.n--;
}

bool html_next(struct html *h, struct html_token *out)
{
    struct html_token t = {.kind = HTML_TEXT};
    size_t n;

    if (h->rest.n == 0)
        return false;
    n = text_length(h->rest);
    if (n == 0) {
        char next = h->rest.p[1];
        bool comment = next == '!' || next == '?';

        n = comment ? comment_length(h->rest) : tag_length(h->rest);
        t.kind = n == 0 ? HTML_BROKEN : comment ? HTML_COMMENT : HTML_OPEN;
        n = n ? n : h->rest.n;
    }
    t.whole = str_head(h->rest, n);
    h->rest = str_skip(h->rest, n);
    if (t.kind == HTML_OPEN)
        read_tag(&t);
    *out = t;
    return true;
}

static struct str skip_blanks(struct str s)
{
    size_t n = 0;

    while (n < s.n && is_blank(s.p[n]))
        n++;
    return str_skip(s, n);
}

/* A value in quotes, or up to a blank. */
static struct str take_value(struct str *rest)
{
    struct str s = *rest;
    size_t n = 0;

    if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
        struct str inside = str_skip(s, 1);
        size_t end = str_find_char(inside, s.p[0]);

        *rest = str_skip(inside, end + 1);
        return str_head(inside, end);
    }
    while (n < s.n && !is_blank(s.p[n]))
        n++;
    *rest = str_skip(s, n);
    return str_head(s, n);
}

bool html_next_attribute(struct str *rest, struct html_attribute *out)
{
    struct str s = skip_blanks(*rest);
    size_t n = 0;

    while (s.n && s.p[0] == '/')
        s = skip_blanks(str_skip(s, 1));
    if (s.n == 0)
        return false;
    while (n < s.n && !is_blank(s.p[n]) && (s.p[n] != '=' || n == 0) && s.p[n] != '/')
        n++;
    *out = (struct html_attribute){.name = str_head(s, n)};
    s = str_skip(s, n);
    if (skip_blanks(s).n && skip_blanks(s).p[0] == '=') {
        s = skip_blanks(str_skip(skip_blanks(s), 1));
        out->value = take_value(&s);
        if (!out->value.p)
            out->value = STR_LIT("");
    }
    *rest = s;
    return true;
}

#define NAME(z)                                                                          \
    {                                                                                    \
        "" z, sizeof(z) - 1                                                              \
    }

static const struct {
    struct str name;
    enum html_tag tag;
} tags[] = {
    {NAME("p"), TAG_P},           {NAME("img"), TAG_IMG}, {NAME("ul"), TAG_UL},
    {NAME("ol"), TAG_OL},         {NAME("li"), TAG_LI},   {NAME("br"), TAG_BR},
    {NAME("strong"), TAG_STRONG}, {NAME("b"), TAG_B},     {NAME("i"), TAG_I},
    {NAME("em"), TAG_EM},         {NAME("u"), TAG_U},
};

enum html_tag html_tag_of(struct str name)
{
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (name.n == tags[i].name.n && str_eq_nocase(name, tags[i].name))
            return tags[i].tag;
    return TAG_OTHER;
}

bool html_tag_is_inline(enum html_tag tag)
{
    return tag >= TAG_STRONG;
}

bool html_is_void(struct str name)
{
    static const struct str voids[] = {
        NAME("br"),    NAME("img"),   NAME("hr"),    NAME("input"),  NAME("area"),
        NAME("base"),  NAME("col"),   NAME("wbr"),   NAME("link"),   NAME("meta"),
        NAME("param"), NAME("embed"), NAME("track"), NAME("source"),
    };

    for (size_t i = 0; i < sizeof voids / sizeof *voids; i++)
        if (name.n == voids[i].n && str_eq_nocase(name, voids[i]))
            return true;
    return false;
}

/* HTML's own, those of its past too. */
static bool is_element(struct str name)
{
    static const struct str known[] = {
        NAME("a"),          NAME("abbr"),     NAME("acronym"),    NAME("address"),
        NAME("article"),    NAME("aside"),    NAME("audio"),      NAME("b"),
        NAME("basefont"),   NAME("bdi"),      NAME("bdo"),        NAME("big"),
        NAME("blockquote"), NAME("body"),     NAME("button"),     NAME("canvas"),
        NAME("caption"),    NAME("center"),   NAME("cite"),       NAME("code"),
        NAME("colgroup"),   NAME("data"),     NAME("datalist"),   NAME("dd"),
        NAME("del"),        NAME("details"),  NAME("dfn"),        NAME("dialog"),
        NAME("dir"),        NAME("div"),      NAME("dl"),         NAME("dt"),
        NAME("em"),         NAME("fieldset"), NAME("figcaption"), NAME("figure"),
        NAME("font"),       NAME("footer"),   NAME("form"),       NAME("frame"),
        NAME("frameset"),   NAME("h1"),       NAME("h2"),         NAME("h3"),
        NAME("h4"),         NAME("h5"),       NAME("h6"),         NAME("head"),
        NAME("header"),     NAME("hgroup"),   NAME("html"),       NAME("i"),
        NAME("iframe"),     NAME("ins"),      NAME("kbd"),        NAME("label"),
        NAME("legend"),     NAME("li"),       NAME("main"),       NAME("map"),
        NAME("mark"),       NAME("marquee"),  NAME("math"),       NAME("menu"),
        NAME("meter"),      NAME("nav"),      NAME("nobr"),       NAME("noscript"),
        NAME("object"),     NAME("ol"),       NAME("optgroup"),   NAME("option"),
        NAME("output"),     NAME("p"),        NAME("path"),       NAME("picture"),
        NAME("pre"),        NAME("progress"), NAME("q"),          NAME("rp"),
        NAME("rt"),         NAME("ruby"),     NAME("s"),          NAME("samp"),
        NAME("script"),     NAME("section"),  NAME("select"),     NAME("slot"),
        NAME("small"),      NAME("span"),     NAME("strike"),     NAME("strong"),
        NAME("style"),      NAME("sub"),      NAME("summary"),    NAME("sup"),
        NAME("svg"),        NAME("table"),    NAME("tbody"),      NAME("td"),
        NAME("template"),   NAME("textarea"), NAME("tfoot"),      NAME("th"),
        NAME("thead"),      NAME("time"),     NAME("title"),      NAME("tr"),
        NAME("tt"),         NAME("u"),        NAME("ul"),         NAME("var"),
        NAME("video"),
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (name.n == known[i].n && str_eq_nocase(name, known[i]))
            return true;
    return html_is_void(name);
}

/* Of "<name …": with a ":" or "-" in it, it is an office's or a page's own tag. */
static bool names_no_tag(struct str s)
{
    size_t from = s.n > 1 && s.p[1] == '/' ? 2 : 1, n = from;

    if (n >= s.n || s.p[0] != '<' || !is_letter(s.p[n]))
        return false;
    while (n < s.n && !is_blank(s.p[n]) && !strchr("/<>", s.p[n])) {
        if (s.p[n] == ':' || s.p[n] == '-')
            return false;
        n++;
    }
    return !is_element(str_n(s.p + from, n - from));
}

void html_loosen(struct str text, struct buf *out)
{
    struct html html = {text};
    struct html_token t;

    while (html.rest.n) {
        if (names_no_tag(html.rest)) {
            buf_addz(out, "< ");
            html.rest = str_skip(html.rest, 1);
        } else if (html_next(&html, &t)) {
            buf_add(out, t.whole);
        }
    }
}
