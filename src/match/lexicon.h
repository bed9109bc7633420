/* lexicon.h - what shoppers call the same thing in another language or another way
 *
 * A concept is a row of words that may stand for each other ("t-shirt", "kaos"). Written
 * by hand (lexicon/) from what goods are called: English, Indonesian, Vietnamese, Thai,
 * Malay, Filipino. It is how an Indonesian title finds an English leaf when the tree was
 * synced in one locale.
 */
#ifndef MATCH_LEXICON_H
#define MATCH_LEXICON_H

#include "match/phrases.h"

enum { LEXICON_MOST = PHRASE_MEANINGS }; /* concepts one phrase can belong to */

/* The concepts of a phrase, its words written one behind the other, each as word_key has
 * it; how many. */
size_t lexicon_find(struct str key, uint16_t out[LEXICON_MOST]);

/* A phrase of two words and more found in a text. */
struct lexicon_phrase {
    size_t first, words; /* where it stands */
    size_t count;
    uint16_t concepts[LEXICON_MOST];
};

/* The phrases of a text that lie within no longer one, from left to right: "anak laki
 * laki" is a boy, and its "laki laki" no man. How many, at most keys->n. */
size_t lexicon_read(const struct phrase_keys *keys, struct lexicon_phrase out[WORDS_MAX]);

/* Concepts are numbered below lexicon_total; the numbers are this build's, their hashes
 * stay as long as a row's first word does. */
size_t lexicon_total(void);
uint64_t lexicon_hash(uint16_t concept);

#endif
