/* making_texts.c - the description of a listing */
#include "base/text.h"
#include "listing/html.h"
#include "listing/making.h"

static bool has_tags(struct str s)
{
    struct html html = {s};
    struct html_token t;

    while (html_next(&html, &t))
        if (t.kind != HTML_TEXT)
            return true;
    return false;
}

/* Plain text with a paragraph for every line that has something in it. */
static struct str as_paragraphs(struct making *m, struct str text)
{
    struct buf b = BUF_INIT(4 * PRODUCT_MAX_DESCRIPTION);
    struct str made;

    while (text.n) {
        struct str line = text_trim(str_cut(&text, '\n'));

        if (str_empty(line))
            continue;
        buf_addz(&b, "<p>");
        buf_add(&b, line);
        buf_addz(&b, "</p>");
    }
    made = b.failed ? (struct str){0} : arena_str(m->arena, buf_str(&b));
    buf_clear(&b);
    if (!made.p)
        m->no_memory = true;
    return made;
}

struct str making_description(struct making *m, struct str text)
{
    struct buf loose = BUF_INIT(4 * PRODUCT_MAX_DESCRIPTION);
    struct str made = {0};

    html_loosen(text, &loose);
    if (!loose.failed)
        made = has_tags(buf_str(&loose)) ? arena_str(m->arena, buf_str(&loose))
                                         : as_paragraphs(m, buf_str(&loose));
    buf_clear(&loose);
    if (!made.p)
        m->no_memory = true;
    return made;
}
