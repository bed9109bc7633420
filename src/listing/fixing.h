/* fixing.h - what the parts of listing_fix share; internal to the room */
#ifndef LISTING_FIXING_H
#define LISTING_FIXING_H

#include "listing/fix.h"

struct fixing {
    const struct listing_question *q;
    struct arena *arena;
    struct listing_draft *draft; /* the copy; its lists are still the original's */
    struct listing_repair *rows;
    size_t count, cap;
    bool title_done, description_done;
    bool no_memory;
};

void fixing_tell(struct fixing *f, struct str path, const char *what, struct str was,
                 struct str is);
/* A buffer's text in the arena; empty without memory. */
struct str fixing_keep(struct fixing *f, const struct buf *b);

void fix_title(struct fixing *f);       /* once is enough */
void fix_description(struct fixing *f); /* the same */

/* s without what the formatting rules forbid: escapes as what they mean (names nobody
 * knows stay as they are), no emoji, no control characters, runs cut to nine. With
 * keep_lines, as in HTML, line ends and tabs stay, and no escape begins a tag. */
void clean_text(struct str s, bool keep_lines, struct buf *out);

#endif
