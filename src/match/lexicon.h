/* lexicon.h - what shoppers call the same thing in another language or another way
 *
 * A concept is a row of words that may stand for each other ("t-shirt", "kaos"). Written
 * by hand from what goods are called, English and Indonesian first, some Vietnamese. It
 * is how an Indonesian title finds an English leaf when the tree was synced in one
 * locale.
 */
#ifndef MATCH_LEXICON_H
#define MATCH_LEXICON_H

#include "match/words.h"

enum { LEXICON_MOST = 3 }; /* concepts one word can belong to */

struct lexicon {
    struct lexicon_entry *entries; /* a hash table, in the arena */
    uint32_t mask;
    uint32_t concepts; /* numbered below this */
};

/* Lives as long as the arena. AISLE_NOMEM. */
enum aisle_status lexicon_build(struct lexicon *l, struct arena *arena,
                                struct aisle_err *err);

/* The concepts of a word as lexicon_key writes it; how many, at most LEXICON_MOST. */
size_t lexicon_find(const struct lexicon *l, struct str key, uint16_t out[LEXICON_MOST]);

/* How a folded word is written in the table: as word_plain, but with its accents where it
 * has any, for without them one Vietnamese word is many. Two words of a phrase are
 * written as one: "power bank" is "powerbank". */
struct str lexicon_key(struct str word, char out[WORDS_MAX_LETTERS]);

#endif
