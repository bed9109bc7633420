/* search.h - finds categories for what a person types, at every key
 *
 * Every word must be found, in the category's own name or above it: exactly, as the
 * beginning of a word, with a letter or two wrong, written together or apart, or through
 * the lexicon. Parts between ">" are a path and must follow each other downwards.
 */
#ifndef MATCH_SEARCH_H
#define MATCH_SEARCH_H

#include "match/names.h"

enum { SEARCH_MAX_WORDS = 8 }; /* what a person types beyond them is not read */

struct search_scratch {
    float *found; /* of each row, SEARCH_MAX_WORDS: how well its own name has the word */
    float *total; /* the same with what its ancestors have */
    float *slot_found;
    struct search_touch *touched;
    size_t touched_count, row_cap, slot_cap;
    struct buf text;
};

void search_scratch_clear(struct search_scratch *s); /* twice is fine */

/* As match_search in match.h promises. */
enum aisle_status search_names(const struct names *n, struct search_scratch *s,
                               struct word_splitter *splitter, struct str typed,
                               const struct category **out, size_t cap, size_t *count,
                               struct aisle_err *err);

#endif
