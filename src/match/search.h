/* search.h - finds categories for what a person types, at every key
 *
 * Words are found in the category's own name or above it: exactly, as the beginning of a
 * word, with a letter or two wrong, written together or apart, or through the lexicon.
 * Parts between ">" are a path and must follow each other downwards. Categories that have
 * all the words come first; where there are none, or only by a slip, those follow that
 * have the most, rare words counting most ("Samsung Galaxy phone cases").
 */
#ifndef MATCH_SEARCH_H
#define MATCH_SEARCH_H

#include "match/names.h"
#include "match/typed.h"

struct search_scratch {
    float *found; /* of each row, TYPED_MAX_WORDS: how well its own name has the word */
    float *slot_found;
    uint32_t *rows, *slots; /* those found, none twice */
    bool *row_seen;
    size_t row_count, slot_count, row_cap, slot_cap;
    struct buf text;
};

void search_scratch_clear(struct search_scratch *s); /* twice is fine */

/* As match_search in match.h promises. */
enum aisle_status search_names(const struct names *n, struct search_scratch *s,
                               struct word_splitter *splitter, struct str text,
                               const struct category **out, size_t cap, size_t *count,
                               struct aisle_err *err);

#endif
