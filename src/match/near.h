/* near.h - how many slips of the finger lie between what was typed and a word
 *
 * A letter wrong, missing, too many, or two swapped count one each. What was typed is
 * prepared once and then held against word after word, all its letters at a time.
 */
#ifndef MATCH_NEAR_H
#define MATCH_NEAR_H

#include "base/str.h"

enum { NEAR_MAX_LETTERS = 48, NEAR_PLAIN = 128 };

struct near {
    uint64_t plain[NEAR_PLAIN]; /* where in the text an ASCII letter stands, bit by bit */
    uint32_t others[NEAR_MAX_LETTERS]; /* letters beyond ASCII, */
    uint64_t places[NEAR_MAX_LETTERS]; /* and where they stand */
    uint32_t other_count, letters;
};

/* Of a text longer than NEAR_MAX_LETTERS the beginning counts. */
void near_prepare(struct near *n, struct str text);

/* Slips between the text and the word, or with `beginning` any beginning of the word;
 * most + 1 when there are more. */
unsigned near_distance(const struct near *n, struct str word, bool beginning,
                       unsigned most);

#endif
