/* words.h - a title cut into the words that mean something
 *
 * Folded with NFKC casefold and broken by ICU, so that Thai and Japanese fall apart at
 * their dictionary's words. Accents stay (in Vietnamese they are the word); where others
 * type without them, word_plain gives the bare form. Knows no category and no language,
 * save for the few units of measure that sellers glue to numbers.
 */
#ifndef MATCH_WORDS_H
#define MATCH_WORDS_H

#include "base/text.h"

enum {
    WORDS_MAX = 192,        /* of one text; what follows is not read */
    WORDS_MAX_TEXT = 4096,  /* bytes of one text that are read */
    WORDS_MAX_LETTERS = 48, /* bytes of a word that count */
};

enum word_kind {
    WORD_PLAIN,  /* "kaos" */
    WORD_NUMBER, /* "2024" */
    WORD_AMOUNT, /* "500ml", "2 kg": text is the unit, for how much says little */
    WORD_CODE,   /* "hk095": letters and digits that name one article */
};

struct word {
    struct str text; /* folded; borrowed from the splitter until its next reset */
    enum word_kind kind;
    uint8_t part; /* 0 up to the first comma, bracket or dash, then 1, 2, … */
};

struct word_list {
    struct word at[WORDS_MAX];
    size_t n;
};

/* One a thread. */
struct word_splitter {
    struct text_words breaks;
    struct buf folded;
};

enum aisle_status word_splitter_init(struct word_splitter *s, struct aisle_err *err);
void word_splitter_clear(struct word_splitter *s); /* twice is fine */

/* The words of text, replacing what is in out. Bad UTF-8 is read as far as it goes. */
enum aisle_status words_split(struct word_splitter *s, struct str text,
                              struct word_list *out, struct aisle_err *err);

/* The word without accents and, where it is a plural in -s, without that, in at most
 * WORDS_MAX_LETTERS bytes at out: what two spellings of one word have in common. */
struct str word_plain(struct str word, char out[WORDS_MAX_LETTERS]);

/* How a folded word is written in our vocabularies: as word_plain, but with its accents
 * where it has any, for without them one Vietnamese word is many. */
struct str word_key(struct str word, char out[WORDS_MAX_LETTERS]);

#endif
