/* html.h - the HTML of descriptions cut into tags and text, front to back
 *
 * Linear in the bytes, keeps nothing and builds no tree: what belongs where is judged by
 * whoever reads (check_description.c, fix_description.c). Tags as HTML5 writes them;
 * a "<" that begins none is text.
 */
#ifndef LISTING_HTML_H
#define LISTING_HTML_H

#include "base/buf.h"

enum html_kind {
    HTML_TEXT,
    HTML_OPEN,    /* <p class="a"> */
    HTML_CLOSE,   /* </p> */
    HTML_COMMENT, /* <!-- … -->, <!doctype …>, <?…> */
    HTML_BROKEN,  /* a tag or comment without its end: the rest of the text */
};

struct html_token {
    enum html_kind kind;
    struct str whole;      /* with its brackets */
    struct str name;       /* of a tag, as it is written */
    struct str attributes; /* of HTML_OPEN: what stands behind the name */
    bool closes_itself;    /* <br/> */
};

struct html {
    struct str rest;
};

/* The next token; false at the end. All borrowed from the text. */
bool html_next(struct html *h, struct html_token *out);

struct html_attribute {
    struct str name, value; /* value without its quotes; .p NULL when there is none */
};

/* Takes the next attribute off *rest; false when there is none. */
bool html_next_attribute(struct str *rest, struct html_attribute *out);

/* The text with a blank behind each "<" that begins no tag HTML knows ("<M atau L>"), so
 * that nobody reads it as one; all else byte for byte. Escapes are not taken there. */
void html_loosen(struct str text, struct buf *out);

enum html_tag {
    TAG_OTHER,
    TAG_P,
    TAG_IMG,
    TAG_UL,
    TAG_OL,
    TAG_LI,
    TAG_BR,
    TAG_STRONG,
    TAG_B,
    TAG_I,
    TAG_EM,
    TAG_U,
};
enum html_tag html_tag_of(struct str name); /* any case */
bool html_tag_is_inline(enum html_tag tag); /* strong b i em u */
/* Has no end tag: br and img, and those of HTML5 that are none of ours (hr, input, …). */
bool html_is_void(struct str name);

#endif
