/* lesson.h - what a person taught about a seller's columns: which attribute one is, which
 * of its values stands for which of the attribute's
 *
 * Lessons are a log: the newest of a key stands, and what was taught by mistake is taken
 * back by a later one. A lesson without a column says what an attribute is where the
 * seller's data says nothing.
 */
#ifndef LISTING_LESSON_H
#define LISTING_LESSON_H

#include "base/str.h"

struct attribute_lesson {
    struct str category_id; /* a leaf's; empty: of every leaf */
    struct str attribute_id;
    struct str seller_name, seller_value; /* as words_key leaves them. Without a name: no
                                           * column at all; without a value: any value */
    struct str value_id, value_name;      /* the attribute's, or one of one's own; both
                                           * empty: the seller's value goes as it is */
};

/* One as it is kept. Its key is all of `says` up to the values, with whose it is. */
struct kept_lesson {
    struct str seller_id, channel, region; /* ids mean something within a market */
    struct attribute_lesson says;
    int64_t seq; /* grows by one a lesson, over all sellers */
    bool taught; /* false: taken back */
    struct str who, batch_id;
    int64_t undoes; /* seq of the lesson it takes back; 0 none */
    int64_t at;     /* UTC seconds */
};

#endif
