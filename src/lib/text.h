/* text.h - how text and categories cross from our side to the caller's: NUL-terminated
 * copies in an arena, "" where there is nothing */
#ifndef LIB_TEXT_H
#define LIB_TEXT_H

#include "aisle/client.h"
#include "taxonomy/taxonomy.h"

/* "" for an empty text, and *ok false, without memory; *ok is never set to true. */
const char *text_out(struct arena *arena, struct str s, bool *ok);
/* Into a field of the caller's struct, cut where it is too long. */
void text_put(char *field, size_t size, struct str s);

/* A category of an answer, which is no tree: without a path. */
struct aisle_category row_out(const struct category_row *row, struct arena *arena,
                              bool *ok);
/* A category of a tree, named in that locale (TAXONOMY_NONE: any). */
struct aisle_category category_out(const struct taxonomy *tree, const struct category *c,
                                   uint32_t locale, struct arena *arena, bool *ok);

#endif
