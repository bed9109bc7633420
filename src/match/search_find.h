/* search_find.h - the search's own: where a typed word is found, noted in the scratch */
#ifndef MATCH_SEARCH_FIND_H
#define MATCH_SEARCH_FIND_H

#include "match/search.h"

/* Words of the names from first to before end, in the order of bytes. */
struct search_run {
    uint32_t first, end;
};

/* Everywhere, in every way; sets q->words[i].exact when no slip was needed. */
void search_find_word(const struct names *n, struct search_scratch *s, struct typed *q,
                      size_t i);
/* Words a slip or two away that begin with the same letter; whether there are any. */
bool search_find_near(const struct names *n, struct search_scratch *s,
                      const struct typed_word *typed, size_t word);

/* The words that a typed one asks for: itself, or all that begin so; and in how many
 * places they stand. */
struct search_run search_run_of(const struct names *n, const struct typed_word *w);
uint32_t search_run_slots(const struct names *n, struct search_run run);
/* Such words in the names of one row; in names that begin with them. */
void search_find_in_row(const struct names *n, struct search_scratch *s,
                        const struct typed_word *w, struct search_run run, uint32_t row,
                        size_t word);
void search_find_at_front(const struct names *n, struct search_scratch *s,
                          const struct typed_word *w, struct search_run run, size_t word);

#endif
