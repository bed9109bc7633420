/* phrases.h - hand-written phrases in a text, found by their hash
 *
 * Our vocabularies, kinds/ and lexicon/, become tables when we are built (tools/
 * vocabulary). A phrase is its hash: 16 bits say where to look, 32 others are compared.
 * Of 2,000 million phrases that are not there one is taken for one that is.
 */
#ifndef MATCH_PHRASES_H
#define MATCH_PHRASES_H

#include "match/words.h"

enum {
    PHRASE_WORDS = 4,    /* of one phrase */
    PHRASE_MEANINGS = 3, /* of one phrase */
    PHRASE_PLACES = 1 << 16,
};

/* What a phrase stands for, by numbers of its table's. */
struct phrase_set {
    uint16_t count;
    uint16_t of[PHRASE_MEANINGS];
};

struct phrase_table {
    const uint32_t *firsts; /* PHRASE_PLACES + 1 */
    const uint32_t *marks;  /* sorted within a place */
    const uint16_t *set_of; /* of each mark, a place in sets */
    const struct phrase_set *sets;
};

/* NULL when it is not there. */
const struct phrase_set *phrases_find(const struct phrase_table *t, struct str key);

/* All words of a text as word_key has them, one behind the other: a phrase is a piece. */
struct phrase_keys {
    char text[WORDS_MAX * WORDS_MAX_LETTERS];
    size_t starts[WORDS_MAX + 1];
    size_t n;
};

void phrase_keys_write(struct phrase_keys *k, const struct word_list *words);

/* The key of `count` words from the first-th on. */
struct str phrase_key(const struct phrase_keys *k, size_t first, size_t count);

#endif
