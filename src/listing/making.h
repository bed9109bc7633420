/* making.h - what the parts of listing_assemble share; internal to the room */
#ifndef LISTING_MAKING_H
#define LISTING_MAKING_H

#include "listing/assemble.h"

struct making {
    const struct assemble_request *q;
    struct arena *arena;
    struct listing_draft draft;
    bool no_memory;
};

/* Rows of zeroes, of none too; NULL without memory, which is noted. */
static inline void *making_rows(struct making *m, size_t count, size_t size)
{
    void *rows = arena_zalloc(m->arena, count ? count : 1, size);

    if (!rows)
        m->no_memory = true;
    return rows;
}

/* making_texts.c: HTML as it is, plain text with a paragraph a line. */
struct str making_description(struct making *m, struct str text);

/* making_options.c: what a variant differs by, as its leaf's sales attributes. */
void making_options(struct making *m, const struct listing_variant *v,
                    struct listing_sku *sku);
/* Pictures of variants, as those of the values of one attribute, which becomes the first.
 * The SKUs are those of the request's variants. */
void making_pictures(struct making *m, struct listing_sku *skus);

#endif
