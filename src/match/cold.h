/* cold.h - ranks leaves by their names alone: what the matcher knows before it was taught
 *
 * A leaf is good when the telling words of its name stand in the title, and better when
 * words of its ancestors do too. Words are found through accents, plurals, compounds
 * written apart, and the lexicon's other languages. Words that speak of the same kind of
 * goods as a name (kinds.h) decide where nothing else does.
 */
#ifndef MATCH_COLD_H
#define MATCH_COLD_H

#include "match/names.h"

struct cold {
    const struct names *names;
    const float *slot_mass; /* how telling the word is: rare ones weigh more */
    const float *doc_mass;  /* of all its slots */
};

struct cold_touch {
    uint32_t slot, doc, row;
};

/* What one ranking leaves behind; sized by the first ranking it serves. */
struct cold_scratch {
    float *slot_found;   /* how well each slot's word was found, 0 to 1 */
    uint16_t *slot_word; /* by which word: of the first text 0 and up, of the second
                          * WORDS_MAX and up, … */
    uint16_t *slot_also; /* another word that found it too, or the same */
    uint8_t *slot_whole; /* enum cold_whole: how a phrase of a text meant it */
    struct cold_touch *touched; /* slots found, in the order of finding */
    float *doc_found, *row_own, *row_total;
    size_t touched_count, slot_cap, doc_cap, row_cap;
};

/* What is known of a product, the title first; later ones count for less. */
struct cold_text {
    const struct word_list *words;
    float weight; /* 0 to 1, of its words */
};
enum {
    COLD_MAX_TEXTS = 3,
    COLD_OPEN = 64,
    COLD_SHUT = 16,
    COLD_HITS = COLD_OPEN + COLD_SHUT
};

struct cold_hit {
    uint32_t row;
    float score; /* comparable within one ranking */
};

/* names is borrowed; the masses live in its arena. AISLE_NOMEM. */
enum aisle_status cold_build(struct cold *c, struct names *names, struct aisle_err *err);

void cold_scratch_clear(struct cold_scratch *s); /* twice is fine */

/* Up to COLD_OPEN leaves that take products and COLD_SHUT that are closed, together best
 * first; equal ones in the order of ids. A closed one is not to be offered, but it may be
 * the one that is meant. Leaves of which nothing is found are not among them. */
enum aisle_status cold_rank(const struct cold *c, struct cold_scratch *s,
                            const struct cold_text *texts, size_t text_count,
                            struct cold_hit out[COLD_HITS], size_t *count,
                            struct aisle_err *err);

/* Of the ranking just made: how probable each of its hits is right; falling, at most 1
 * together. `words` is how many the first text has. */
void cold_confidence(const struct cold *c, const struct cold_scratch *s,
                     const struct cold_hit *hits, size_t count, size_t words,
                     double *confidence);

/* Of the ranking just made: what share of the first text's `words` stands in a row's name
 * or above. */
double cold_told(const struct cold *c, const struct cold_scratch *s, uint32_t row,
                 size_t words);

/* Of the ranking just made: how much each word of the first text did for a row and its
 * ancestors, added to credit[word]. */
void cold_explain(const struct cold *c, const struct cold_scratch *s, uint32_t row,
                  float credit[WORDS_MAX]);

#endif
